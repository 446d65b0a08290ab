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

// TestMiddleLeavesAFuture: where half of the mentions are of the last day there
// would be nothing to compare with after it.
func TestMiddleLeavesAFuture(t *testing.T) {
	m := &memory{version: 1}
	for i := range 40 {
		day := 9 // 30 of the 40
		if i < 10 {
			day = i / 2
		}
		person := "p" + string(rune('a'+i))
		m.posts = append(m.posts, post{platform: "x", person: person, key: person, handle: person, id: person, lang: "en", copy: 1, at: morning.AddDate(0, 0, day).Unix()})
	}
	r := rank.New(rank.Options{Store: m})
	end := func(day int) time.Time { return morning.Truncate(24*time.Hour).AddDate(0, 0, day+1).Add(-time.Second) }
	for _, c := range []struct {
		q    rank.Query
		want time.Time
	}{
		{rank.Query{}, end(4)},
		{rank.Query{Until: end(9)}, end(4)},
		{rank.Query{Until: end(30)}, end(4)},
		{rank.Query{Until: end(4)}, end(2)},
		{rank.Query{Until: end(0)}, time.Time{}},
		{rank.Query{Since: end(4)}, time.Time{}},
	} {
		if at, err := r.Middle(t.Context(), "b", c.q); err != nil || !at.Equal(c.want) {
			t.Errorf("from %s to %s the middle is %s, want %s (%v)", c.q.Since, c.q.Until, at, c.want, err)
		}
	}
}
