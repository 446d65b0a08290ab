package rank_test

import (
	"slices"
	"testing"
	"time"

	"adalid/internal/rank"
)

func TestHeardEqualsSlowReference(t *testing.T) {
	m := invent(13, scope{people: 120, posts: 2500, days: 60, merged: true})
	r := rank.New(rank.Options{Store: m})
	end := m.posts[len(m.posts)-1].at
	q := rank.Query{Since: time.Unix(m.posts[1000].at+3600, 0)}
	got, err := r.Heard(t.Context(), "b", q)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	_, own := bearers(m, end)
	for pair := range heardBy(m, q, end) {
		want[pair[0]]++
	}
	if len(want) < 30 {
		t.Fatalf("only %d people are heard: too few to test", len(want))
	}
	for id, n := range want {
		if got[id] != n && !own[id] {
			t.Errorf("%s is heard by %d, want %d", id, got[id], n)
		}
	}
	for id := range got {
		if want[id] == 0 {
			t.Errorf("%s is heard by %d, want nobody", id, got[id])
		}
	}
}

// TestMiddle: half of the candidates' own posts were written by the end of that
// day, and not by the end of the day before.
func TestMiddle(t *testing.T) {
	m := invent(14, scope{people: 120, posts: 2500, days: 60})
	r := rank.New(rank.Options{Store: m})
	middle, err := r.Middle(t.Context(), "b", rank.Query{})
	if err != nil || middle.Unix()%86400 != 86399 {
		t.Fatalf("the middle is %s, %v", middle, err)
	}
	whole := rankOf(t, m, rank.Query{All: true})
	listed := map[string]bool{}
	for _, e := range whole.Entries {
		listed[e.Person.ID] = true
	}
	var times []int64
	for _, p := range m.posts {
		if listed[p.person] && !p.repost && p.platform != "youtube" {
			times = append(times, p.at)
		}
	}
	slices.Sort(times)
	if half := times[(len(times)-1)/2]; half/86400 != middle.Unix()/86400 {
		t.Errorf("half of %d posts were written by %s, the middle is %s", len(times), time.Unix(half, 0).UTC(), middle)
	}
	if none, err := rank.New(rank.Options{Store: &memory{version: 1}}).Middle(t.Context(), "b", rank.Query{}); err != nil || !none.IsZero() {
		t.Errorf("the middle of nothing is %s, %v", none, err)
	}
}
