package rank_test

import (
	"slices"
	"testing"

	"adalid"
	"adalid/internal/rank"
)

func audienceOf(t *testing.T, m *memory, q rank.Query, least float64) *rank.Audience {
	t.Helper()
	a, err := rank.New(rank.Options{Store: m}).Audience(t.Context(), "b", q, least)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// heardBy is the audience worked out post by post: who listens to whom.
func heardBy(m *memory, q rank.Query, end int64) map[[2]string]bool {
	bearer, own := bearers(m, end)
	pairs := map[[2]string]bool{}
	for _, p := range m.posts {
		elsewhere := q.Platform != "" && p.platform != q.Platform || q.Platform == "" && p.platform == adalid.YouTube
		if p.at > end || !q.Since.IsZero() && p.at < q.Since.Unix() || own[p.person] || elsewhere {
			continue
		}
		for _, targets := range p.ties {
			for _, target := range targets {
				if heard, ok := bearer[accountKey{p.platform, target}]; ok && heard.person != p.person {
					pairs[[2]string{heard.person, p.person}] = true
				}
			}
		}
	}
	return pairs
}

func TestAudienceEqualsSlowReference(t *testing.T) {
	computes(t)
	m := invent(11, scope{people: 120, posts: 2500, days: 60, merged: true})
	for name, q := range queries() {
		t.Run(name, func(t *testing.T) {
			end := m.posts[len(m.posts)-1].at
			q.All, q.Offset, q.Limit = false, 0, 0
			if !q.Until.IsZero() {
				end = q.Until.Unix()
			}
			list := rankOf(t, m, q)
			if list.TooFew {
				t.Skip("too few to rank: TestAudienceOfTooFew")
			}
			a := audienceOf(t, m, q, 0)
			if len(a.Candidates) != len(list.Entries) {
				t.Fatalf("%d candidates of %d people listed", len(a.Candidates), len(list.Entries))
			}
			place := map[string]int{}
			for i, e := range list.Entries {
				place[e.Person.ID] = i
				if got := a.Entry(i); got.Person.ID != e.Person.ID || got.Rank != e.Rank || a.Candidates[i].Score != e.Score.Total {
					t.Fatalf("candidate %d is %+v, listed is %+v", i, got, e)
				}
			}
			want := map[[2]int32]bool{}
			people := map[string]bool{}
			for _, p := range m.posts {
				people[p.person] = true
			}
			ids := sortedKeys(people)
			for pair := range heardBy(m, q, end) {
				if i, listed := place[pair[0]]; listed {
					number, _ := slices.BinarySearch(ids, pair[1])
					want[[2]int32{int32(i), int32(number)}] = true
				}
			}
			undated := map[string]bool{} // number people too
			for _, p := range m.undated {
				undated[p.person] = true
			}
			got := map[[2]int32]bool{}
			all := sortedKeys(union(people, undated))
			for _, l := range a.Listens {
				number, _ := slices.BinarySearch(ids, all[l.Person])
				got[[2]int32{l.Candidate, int32(number)}] = true
			}
			if len(want) < 20 && q.Platform != "lemmy" {
				t.Errorf("only %d pairs: too few to test", len(want))
			}
			for pair := range want {
				if !got[pair] {
					t.Errorf("%s is not heard by %s", list.Entries[pair[0]].Person.ID, ids[pair[1]])
				}
			}
			if len(got) != len(want) || a.People != len(all) {
				t.Errorf("%d pairs among %d people, want %d among %d", len(got), a.People, len(want), len(all))
			}
		})
	}
}

func union(a, b map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, m := range []map[string]bool{a, b} {
		for k := range m {
			all[k] = true
		}
	}
	return all
}

func TestAudienceKnowsWhoMayBeChosen(t *testing.T) {
	m := invent(12, scope{people: 120, posts: 2500, days: 60, merged: true})
	all := audienceOf(t, m, rank.Query{}, 0)
	middle := all.Candidates[len(all.Candidates)/2].Score
	some := audienceOf(t, m, rank.Query{}, middle)
	if n := len(some.Candidates); n == 0 || n >= len(all.Candidates) || some.Candidates[n-1].Score < middle {
		t.Errorf("%d of %d candidates score at least %g", n, len(all.Candidates), middle)
	}
	for i, c := range all.Candidates {
		e := all.Entry(i)
		var platforms []adalid.Platform
		for _, x := range e.Person.Accounts {
			platforms = append(platforms, x.Platform)
		}
		if slices.Sort(platforms); !slices.Equal(slices.Compact(platforms), c.Platforms) {
			t.Errorf("platforms %v, the entry has %v", c.Platforms, platforms)
		}
		if (c.Followers == nil) != (e.Evidence.Followers == nil) || c.Followers != nil && *c.Followers != *e.Evidence.Followers {
			t.Errorf("followers %v, the entry has %v", c.Followers, e.Evidence.Followers)
		}
		if want := mostWritten(m, e.Person.ID); c.Lang != want {
			t.Errorf("%s writes in %q, want %q", e.Person.ID, c.Lang, want)
		}
	}
	for _, least := range []float64{-1, 101} {
		if _, err := rank.New(rank.Options{Store: m}).Audience(t.Context(), "b", rank.Query{}, least); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("a least score of %g gave %v", least, err)
		}
	}
}

// mostWritten is the language of most of a person's own posts, YouTube apart.
func mostWritten(m *memory, person string) string {
	counts := map[string]int{}
	for _, p := range m.posts {
		if p.person == person && !p.repost && p.platform != adalid.YouTube {
			counts[p.lang[:2]]++
		}
	}
	best := ""
	for _, lang := range sortedKeys(counts) {
		if best == "" || counts[lang] > counts[best] {
			best = lang
		}
	}
	return best
}

func TestAudienceOfTooFew(t *testing.T) {
	m := invent(2, scope{people: 10, posts: 60, days: 9, platforms: []adalid.Platform{"x"}})
	if a := audienceOf(t, m, rank.Query{}, 0); !a.TooFew || len(a.Candidates)+len(a.Listens) > 0 {
		t.Errorf("too few: %t, but %d candidates and %d listeners", a.TooFew, len(a.Candidates), len(a.Listens))
	}
}
