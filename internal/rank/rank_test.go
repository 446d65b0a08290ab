package rank_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

var ctx = context.Background()

func rankOf(t *testing.T, m *memory, q rank.Query) rank.Ranking {
	t.Helper()
	got, err := rank.New(rank.Options{Store: m}).Rank(ctx, "brand", q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func ids(r rank.Ranking) []string {
	list := []string{}
	for _, e := range r.Entries {
		list = append(list, e.Person.ID)
	}
	return list
}

// queries cover the filters, the cut days and both blends.
func queries() map[string]rank.Query {
	noon := morning.Add(20*24*time.Hour + 5*time.Hour + 7*time.Second)
	balanced, _ := scoring.Preset("balanced")
	connectors, _ := scoring.Preset("connectors")
	return map[string]rank.Query{
		"all":      {Weights: balanced},
		"critics":  {Weights: balanced, All: true},
		"window":   {Weights: balanced, Since: noon.Add(-9 * 24 * time.Hour), Until: noon, All: true},
		"one day":  {Weights: balanced, Since: noon.Add(-5 * time.Hour), Until: noon, All: true},
		"x":        {Weights: balanced, Platform: "x", All: true, Until: noon},
		"youtube":  {Weights: balanced, Platform: "youtube", All: true},
		"english":  {Weights: connectors, Lang: "en", All: true},
		"catalan":  {Weights: balanced, Lang: "ca"},
		"repeated": {Weights: balanced, MinMentions: 5},
		"added":    {Weights: scoring.Weights{1, 2, 3, 4}, Blend: scoring.Arithmetic, All: true},
	}
}

func TestEqualsSlowReference(t *testing.T) {
	for seed := range uint64(6) {
		m := invent(seed, scope{people: 40 + 60*int(seed), posts: 700, days: 40, merged: seed%2 == 1})
		if seed == 4 {
			m.scan = time.Unix(m.posts[500].at, 0).UTC()
		}
		for name, q := range queries() {
			t.Run(fmt.Sprintf("%d/%s", seed, name), func(t *testing.T) {
				got := rankOf(t, m, q)
				if n := int64(len(m.undated)); n == 0 || got.NoTime != n {
					t.Errorf("%d mentions without a time are reported, want %d", got.NoTime, n)
				}
				wantIDs, scores, evidence := slowRank(m, q, got.AsOf)
				repeats := slowRepeaters(m, q, got.AsOf)
				wantIDs = slices.DeleteFunc(wantIDs, func(id string) bool { return repeats[id] })
				if diff := cmp.Diff(wantIDs, ids(got)); diff != "" && len(wantIDs)+len(got.Entries) > 0 {
					t.Fatalf("order (-reference +got):\n%s", diff)
				}
				for _, e := range got.Entries {
					compareEntry(t, e, scores, evidence[e.Person.ID])
				}
			})
		}
	}
}

func compareEntry(t *testing.T, e rank.Entry, scores map[string]scoring.Score, want rank.Evidence) {
	t.Helper()
	score, ok := scores[e.Person.ID]
	if ok != (e.Score != nil) {
		t.Fatalf("%s has a score: %v, want %v", e.Person.ID, e.Score != nil, ok)
	}
	if ok && math.Abs(score.Total-e.Score.Total) > 1e-5 {
		t.Errorf("%s has score %v, want %v", e.Person.ID, e.Score.Total, score.Total)
	}
	g := e.Evidence
	got := rank.Evidence{
		Mentions: g.Mentions, Reposts: g.Reposts, Sponsored: g.Sponsored, Conversation: g.Conversation,
		Scored: g.Scored, Last: g.Last, ActiveDays: g.ActiveDays,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-reference +got):\n%s", e.Person.ID, diff)
	}
}

func TestArrivalOrderChangesNothing(t *testing.T) {
	m := invent(2, scope{people: 150, posts: 900, days: 60, merged: true})
	for name, q := range queries() {
		want := rankOf(t, m, q)
		got := rankOf(t, m.shuffled(8), q)
		got.DataVersion = want.DataVersion
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-in order +shuffled):\n%s", name, diff)
		}
	}
}

func TestUntilEqualsTheWorldOfThatMoment(t *testing.T) {
	computes(t)
	m := invent(3, scope{people: 120, posts: 900, days: 45, merged: true})
	for _, i := range []int{5, 300, 301, 555, 800, 899} {
		until := time.Unix(m.posts[i].at, 0).UTC()
		past := m.upTo(until.Unix())
		for name, q := range queries() {
			q.Until = until
			if !q.Since.IsZero() {
				q.Since = until.Add(-200 * time.Hour)
			}
			got, want := rankOf(t, m, q), rankOf(t, past, q)
			want.DataVersion = got.DataVersion
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s until post %d (-past +until):\n%s", name, i, diff)
			}
		}
	}
}

func TestTooFewToRank(t *testing.T) {
	tests := []struct {
		name   string
		people int
		posts  int
		tooFew bool
	}{
		{"five mentions", 5, 5, true},
		{"many mentions of few people", 20, 600, true},
		{"few mentions of many people", 2000, 99, true},
		{"enough", 60, 600, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := invent(1, scope{people: tt.people, posts: tt.posts, days: 30, platforms: []adalid.Platform{"x"}})
			for _, all := range []bool{false, true} {
				got := rankOf(t, m, rank.Query{All: all})
				if got.TooFew != tt.tooFew || len(got.Entries) == 0 {
					t.Fatalf("too few: %v with %d entries, want %v", got.TooFew, len(got.Entries), tt.tooFew)
				}
				for i, e := range got.Entries {
					if (e.Score == nil) != tt.tooFew || (e.Segment == rank.Unranked) != tt.tooFew || e.Evidence.Mentions == 0 || e.Rank != i+1 {
						t.Errorf("entry %d: score %v, segment %s, mentions %d", i, e.Score, e.Segment, e.Evidence.Mentions)
					}
				}
				if tt.tooFew && got.Total != got.People {
					t.Errorf("%d of %d people are listed", got.Total, got.People)
				}
			}
		})
	}
}

func TestYouTubeIsApart(t *testing.T) {
	m := invent(5, scope{people: 200, posts: 2000, days: 30, merged: true})
	rest, apart := rankOf(t, m, rank.Query{All: true}), rankOf(t, m, rank.Query{All: true, Platform: adalid.YouTube})
	if !slices.Equal(rest.Platforms, apart.Platforms) || !slices.IsSorted(rest.Platforms) || !slices.Contains(rest.Platforms, adalid.YouTube) {
		t.Errorf("platforms to choose from: %q and %q", rest.Platforms, apart.Platforms)
	}
	if rest.Apart == 0 || rest.Apart != apart.People {
		t.Errorf("%d people are apart, and their list has %d", rest.Apart, apart.People)
	}
	for list, want := range map[*rank.Ranking]bool{&rest: false, &apart: true} {
		for _, e := range list.Entries {
			for _, a := range e.Person.Accounts {
				if (a.Platform == adalid.YouTube) != want {
					t.Fatalf("an account of %s in the wrong list", a.Platform)
				}
			}
		}
	}
}

func TestOwnAccountsAreNoCandidates(t *testing.T) {
	m := invent(6, scope{people: 60, posts: 1500, days: 60, platforms: []adalid.Platform{"x"}})
	got := rankOf(t, m, rank.Query{All: true})
	if got.Own != 3 { // @Brand, key k7, and H9 who is now h9new
		t.Errorf("%d own accounts left out, want 3", got.Own)
	}
	for _, e := range got.Entries {
		for _, a := range e.Person.Accounts {
			if a.Handle == "Brand" || a.Key == "k7" || a.Key == "k9" {
				t.Errorf("%s (%s) is listed", a.Handle, a.Key)
			}
		}
	}
}

func TestPagesAndSorts(t *testing.T) {
	m := invent(8, scope{people: 150, posts: 1500, days: 30})
	r := rank.New(rank.Options{Store: m})
	for _, by := range []rank.Sort{"", rank.ByAffinity, rank.ByVolume, rank.ByReach, rank.ByNetwork, rank.ByMentions, rank.ByEngagement, rank.ByRecent} {
		whole, err := r.Rank(ctx, "brand", rank.Query{Sort: by, All: true})
		if err != nil {
			t.Fatal(err)
		}
		var pages []rank.Entry
		for at := 0; at < whole.Total+7; at += 7 {
			page, err := r.Rank(ctx, "brand", rank.Query{Sort: by, All: true, Offset: at, Limit: 7})
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page.Entries...)
		}
		if diff := cmp.Diff(whole.Entries, pages); diff != "" {
			t.Errorf("%s: pages differ from the whole (-whole +pages):\n%s", by, diff)
		}
		critics := whole.Entries[whole.Total-whole.Critics:]
		if whole.Critics == 0 || !slices.IsSortedFunc(critics, func(a, b rank.Entry) int {
			return int(math.Copysign(1, b.Score.Total-a.Score.Total))
		}) {
			t.Errorf("%s: %d critics are not at the end by score", by, whole.Critics)
		}
		for i, e := range whole.Entries {
			if (e.Segment == rank.Critic) != (i >= whole.Total-whole.Critics) {
				t.Fatalf("%s: entry %d is a %s", by, i, e.Segment)
			}
		}
	}
}

func TestPerson(t *testing.T) {
	m := invent(9, scope{people: 150, posts: 1500, days: 30, merged: true})
	r := rank.New(rank.Options{Store: m})
	q := rank.Query{All: true, Since: morning.Add(50 * time.Hour)}
	whole, err := r.Rank(ctx, "brand", q)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range whole.Entries {
		d, err := r.Person(ctx, "brand", want.Person.ID, q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Entry); diff != "" {
			t.Fatalf("entry (-list +person):\n%s", diff)
		}
		if d.Receipt.Recompute() != want.Score.Total || d.Receipt.Score != want.Score.Total {
			t.Fatalf("the receipt gives %v, the score is %v", d.Receipt.Recompute(), want.Score.Total)
		}
		mentions, reposts := int64(0), int64(0)
		for i, w := range d.Weeks {
			if w.Start.Weekday() != time.Monday || i > 0 && w.Start.Sub(d.Weeks[i-1].Start) != 7*24*time.Hour {
				t.Fatalf("week %d starts %s", i, w.Start)
			}
			mentions, reposts = mentions+w.Mentions, reposts+w.Reposts
		}
		if mentions != want.Evidence.Mentions || reposts != want.Evidence.Reposts {
			t.Fatalf("weeks add up to %d mentions and %d reposts, evidence %+v", mentions, reposts, want.Evidence)
		}
		for _, p := range d.Platforms {
			mentions -= p.Evidence.Mentions
		}
		if mentions != 0 {
			t.Fatalf("platforms miss %d mentions", mentions)
		}
	}
}

func TestPersonElsewhere(t *testing.T) {
	m := invent(9, scope{people: 150, posts: 1500, days: 30})
	r := rank.New(rank.Options{Store: m})
	tube, err := r.Rank(ctx, "brand", rank.Query{Platform: adalid.YouTube, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	d, err := r.Person(ctx, "brand", tube.Entries[0].Person.ID, rank.Query{})
	if err != nil || d.Platform != adalid.YouTube || d.Entry.Rank != 1 {
		t.Errorf("platform %q, rank %d, error %v", d.Platform, d.Entry.Rank, err)
	}
	if _, err := r.Person(ctx, "brand", "nobody", rank.Query{}); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("an unknown person gives %v", err)
	}
}

func TestWrongQueries(t *testing.T) {
	m := invent(1, scope{people: 10, posts: 10, days: 3})
	r := rank.New(rank.Options{Store: m})
	for name, q := range map[string]rank.Query{
		"sort":    {Sort: "luck"},
		"blend":   {Blend: "harmonic"},
		"weights": {Weights: scoring.Weights{-1, 1}},
		"offset":  {Offset: -1},
		"limit":   {Limit: -1},
		"least":   {MinMentions: -2},
		"window":  {Since: morning, Until: morning.Add(-time.Second)},
	} {
		if _, err := r.Rank(ctx, "brand", q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.Person(ctx, "brand", "p0001", q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("person with wrong %s: %v", name, err)
		}
	}
}

func TestEmptyBrand(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := rank.New(rank.Options{Store: &memory{}, Now: func() time.Time { return now }})
	got, err := r.Rank(ctx, "brand", rank.Query{})
	if err != nil || !got.TooFew || len(got.Entries) != 0 || !got.AsOf.Equal(now) {
		t.Errorf("%+v, %v", got, err)
	}
}

// computes skips a test of figures under -short, which is how make test runs beside
// the race detector: TestEqualsSlowReference and TestFollowsEveryPage show there
// what happens at once.
func computes(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("of figures: make test runs it without the race detector")
	}
}
