package rank_test

import (
	"math"
	"testing"

	"adalid"
	"adalid/internal/rank"
)

// TestPlatformsAloneEqualSlowReference compares what people with accounts on
// several platforms are on each of them.
func TestPlatformsAloneEqualSlowReference(t *testing.T) {
	several := 0
	for seed := range uint64(3) {
		m := invent(seed, scope{people: 100, posts: 900, days: 40, merged: true})
		r := rank.New(rank.Options{Store: m})
		for _, name := range []string{"critics", "window", "added"} {
			q := queries()[name]
			whole, err := r.Rank(ctx, "brand", q)
			if err != nil {
				t.Fatal(err)
			}
			_, scores, evidence := slowRank(m, q, whole.AsOf)
			for _, e := range whole.Entries {
				d, err := r.Person(ctx, "brand", e.Person.ID, q)
				if err != nil {
					t.Fatal(err)
				}
				if len(d.Platforms) > 1 {
					several++
				}
				for _, p := range d.Platforms {
					key := e.Person.ID + "/" + string(p.Platform)
					want := evidence[key]
					if (p.Score != nil) != (want.Mentions > 0) || p.Evidence.Mentions != want.Mentions || p.Evidence.ActiveDays != want.ActiveDays {
						t.Fatalf("%s: %+v, score %v, want %+v", key, p.Evidence, p.Score, want)
					}
					if p.Score != nil && math.Abs(p.Score.Total-scores[key].Total) > 1e-5 {
						t.Errorf("%s has score %v, want %v", key, p.Score.Total, scores[key].Total)
					}
					if p.Score != nil && len(d.Platforms) == 1 && p.Score.Total != e.Score.Total {
						t.Errorf("%s: alone %v, the person %v", key, p.Score.Total, e.Score.Total)
					}
				}
			}
		}
	}
	if several < 20 {
		t.Errorf("only %d people have several platforms", several)
	}
	few := invent(1, scope{people: 10, posts: 60, days: 9, merged: true})
	r := rank.New(rank.Options{Store: few})
	list, err := r.Rank(ctx, "brand", rank.Query{})
	if err != nil || !list.TooFew {
		t.Fatalf("too few: %v, error %v", list.TooFew, err)
	}
	for _, e := range list.Entries {
		d, err := r.Person(ctx, "brand", e.Person.ID, rank.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range d.Platforms {
			if p.Score != nil {
				t.Errorf("%s has a score where there are too few to rank", e.Person.ID)
			}
		}
	}
}

// TestCounterpartsOfJoinedAccountsCountOnce: whom two accounts of one person on
// one platform are both tied to is one counterpart, and they themselves are none.
func TestCounterpartsOfJoinedAccountsCountOnce(t *testing.T) {
	m := invent(2, scope{people: 60, posts: 400, days: 30, platforms: []adalid.Platform{"mastodon", "lemmy"}})
	m.own = nil
	tie := func(platform adalid.Platform, person, from string, to ...string) {
		m.posts = append(m.posts, post{
			platform: platform, person: person, key: from, handle: from, id: "z" + string(platform) + from, lang: "es",
			at: morning.Unix() + 86400, copy: 1, ties: map[rank.EdgeKind][]string{rank.ReplyEdge: to},
		})
	}
	tie("mastodon", "twins", "twina", "nobody", "friend", "twinb")
	tie("mastodon", "twins", "twinb", "nobody", "other")
	tie("lemmy", "twins", "twina", "nobody") // another account of that name
	tie("mastodon", "friend", "friend", "twina", "twinb")
	r := rank.New(rank.Options{Store: m})
	d, err := r.Person(ctx, "brand", "twins", rank.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if n := *d.Entry.Evidence.Counterparts; n != 4 {
		t.Errorf("tied to nobody, friend and other there and to nobody here: %d counterparts, want 4", n)
	}
	for _, p := range d.Platforms {
		want := map[adalid.Platform]int{"mastodon": 3, "lemmy": 1}[p.Platform]
		if n := *p.Evidence.Counterparts; n != want {
			t.Errorf("%s: %d counterparts, want %d", p.Platform, n, want)
		}
	}
}
