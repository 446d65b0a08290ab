package rank_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
)

// two serves brands from memories.
type two map[string]*memory

func (s two) State(c context.Context, b string) (rank.State, error) {
	if s[b] == nil {
		return rank.State{}, adalid.Errorf(adalid.NotFound, "there is no brand %q", b)
	}
	return s[b].State(c, b)
}

func (s two) Accounts(c context.Context, b string, yield func(rank.Account) error) error {
	return s[b].Accounts(c, b, yield)
}

func (s two) Days(c context.Context, b string, yield func(rank.Row) error) error {
	return s[b].Days(c, b, yield)
}

func (s two) Edges(c context.Context, b string, yield func(rank.Edge) error) error {
	return s[b].Edges(c, b, yield)
}

func (s two) DayPart(c context.Context, b string, from, to time.Time, yield func(rank.Row) error) error {
	return s[b].DayPart(c, b, from, to, yield)
}

func (s two) EdgesPart(c context.Context, b string, from, to time.Time, yield func(rank.Edge) error) error {
	return s[b].EdgesPart(c, b, from, to, yield)
}

// TestRivalsFans: fans of the other brand who are silent, rare or angry here are
// found; fans of both and the brand's own people are not.
func TestRivalsFans(t *testing.T) {
	ours, theirs := habits(nil), habits(map[string][]int{
		"silent": every(0, 200, 20), "rare": every(0, 200, 10), "angry": every(0, 200, 20), "both": every(0, 200, 20), "staff": every(0, 200, 20), "once": {3},
	})
	here := func(person string, days []int, mood float64) {
		for _, d := range days {
			ours.posts = append(ours.posts, post{
				platform: "x", person: person, key: "k" + person, handle: person, id: fmt.Sprintf("h%06d", len(ours.posts)),
				at: morning.AddDate(0, 0, d).Unix(), lang: "en", copy: 1, sentiment: &mood,
			})
		}
	}
	here("rare", []int{9}, .5)
	here("angry", every(0, 200, 10), -.8)
	here("both", every(0, 200, 10), .5)
	here("staff", []int{5}, .5)
	ours.own = []adalid.OwnAccount{{Platform: "x", Key: "kstaff"}}
	slices.SortStableFunc(ours.posts, func(a, b post) int { return cmp.Compare(a.at, b.at) })
	r := rank.New(rank.Options{Store: two{"brand": ours, "other": theirs, "small": {version: 3}}})
	v, err := r.View(ctx, "brand", rank.ViewQuery{Name: rank.RivalsFans, Rivals: []string{"other", "small"}})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for i, e := range v.Entries {
		for _, why := range v.Members[i].Reasons {
			said[e.Person.ID] += why.Code + " "
		}
		if v.Members[i].Rival != "other" || (v.Members[i].Here == nil) != (e.Person.ID == "silent") {
			t.Errorf("%s: rival %q, here %v", e.Person.ID, v.Members[i].Rival, v.Members[i].Here)
		}
	}
	want := map[string]string{"silent": "rival_fan rival_never ", "rare": "rival_fan rival_little ", "angry": "rival_fan rival_badly "}
	if diff := gocmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	if len(v.Notes) != 1 || v.Notes[0].Code != "rivals_not_counted" {
		t.Errorf("notes %v", v.Notes)
	}
	for rivals, code := range map[string]adalid.Code{"brand": adalid.Invalid, "nobody": adalid.NotFound} {
		if _, err := r.View(ctx, "brand", rank.ViewQuery{Name: rank.RivalsFans, Rivals: []string{rivals}}); adalid.CodeOf(err) != code {
			t.Errorf("rival %s: %v", rivals, err)
		}
	}
	if v, err = r.View(ctx, "brand", rank.ViewQuery{Name: rank.RivalsFans}); err != nil || v.Empty.Code != "empty_rivals" {
		t.Errorf("no rivals: %v %v", v.Empty, err)
	}
	if _, err := r.View(ctx, "brand", rank.ViewQuery{Name: "best"}); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), "rising") {
		t.Errorf("no such view: %v", err)
	}
}

// TestVoice counts what brands say of themselves in posts.
func TestVoice(t *testing.T) {
	a, b := invent(1, scope{people: 200, posts: 2000, days: 90}), invent(2, scope{people: 100, posts: 700, days: 60})
	a.observed = []rank.Period{{Platform: "x", From: morning, To: morning.AddDate(0, 0, 40)}, {Platform: "x", From: morning.AddDate(0, 0, 45), To: morning.AddDate(0, 0, 99)}}
	r := rank.New(rank.Options{Store: two{"a": a, "b": b, "none": {version: 1}}})
	v, err := r.Voice(ctx, []string{"a", "b", "none"}, rank.Query{})
	if err != nil {
		t.Fatal(err)
	}
	until := time.Unix(b.posts[len(b.posts)-1].at, 0).UTC()
	if !v.Until.Equal(until) || !v.Since.Equal(until.AddDate(0, 0, -28)) {
		t.Errorf("from %s to %s", v.Since, v.Until)
	}
	shares := 0.0
	for i, m := range []*memory{a, b} {
		list, err := r.Rank(ctx, v.Brands[i].Brand, rank.Query{Since: v.Since, Until: v.Until})
		if err != nil {
			t.Fatal(err)
		}
		got := v.Brands[i]
		if got.Mentions != list.Mentions || got.People != list.People || *got.Advocates != list.Total || got.NoTime != int64(len(m.undated)) {
			t.Errorf("%+v, the ranking counts %d, %d, %d", got, list.Mentions, list.People, list.Total)
		}
		shares += *got.MentionShare
	}
	if math.Abs(shares-1) > 1e-12 || v.Brands[2].Advocates != nil || *v.Brands[2].MentionShare != 0 || v.Brands[2].AdvocateShare != nil {
		t.Errorf("shares sum to %v; nothing has %+v", shares, v.Brands[2])
	}
	later := until.AddDate(0, 0, 20)
	if w, err := r.Voice(ctx, []string{"a", "b"}, rank.Query{Since: morning, Until: later}); err != nil || !w.Until.Equal(later) || w.Mentions <= v.Mentions {
		t.Errorf("asked for until %s: %s, %d mentions (%v)", later, w.Until, w.Mentions, err)
	}
	if g := v.Brands[0].Gaps; len(g) != 1 || !g[0].From.Equal(morning.AddDate(0, 0, 40)) {
		t.Errorf("gaps %v", g)
	}
	for _, names := range [][]string{nil, {"a", "A"}} {
		if _, err := r.Voice(ctx, names, rank.Query{}); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%v: %v", names, err)
		}
	}
}
