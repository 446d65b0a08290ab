package rank_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/graph"
	"adalid/internal/rank"
	"adalid/scoring"
)

func networkOf(t *testing.T, r *rank.Ranker, q rank.Query) rank.Network {
	t.Helper()
	n, err := r.Network(t.Context(), "b", q)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// slowTie is a pair worked out post by post.
type slowTie struct {
	posts, answers int64
	ways           int
}

// tiedBy counts the ties of a query's window post by post: by pairs of people,
// the smaller id first.
func tiedBy(m *memory, q rank.Query, end int64) map[[2]string]*slowTie {
	bearer, own := bearers(m, end)
	type key struct {
		day          int32
		from         accountKey
		to           string
		platformTo   adalid.Platform
		personFrom   string
		personToward string
	}
	kinds := map[key]map[rank.EdgeKind]int64{}
	for _, p := range m.posts {
		elsewhere := q.Platform != "" && p.platform != q.Platform || q.Platform == "" && p.platform == adalid.YouTube
		if p.at > end || !q.Since.IsZero() && p.at < q.Since.Unix() || own[p.person] || elsewhere {
			continue
		}
		for kind, targets := range p.ties {
			for _, target := range targets {
				to, ok := bearer[accountKey{p.platform, target}]
				if !ok || to.person == p.person || own[to.person] {
					continue
				}
				k := key{p.day(), p.account(), target, p.platform, p.person, to.person}
				if kinds[k] == nil {
					kinds[k] = map[rank.EdgeKind]int64{}
				}
				kinds[k][kind]++
			}
		}
	}
	pairs := map[[2]string]*slowTie{}
	for k, of := range kinds {
		pair, way := [2]string{k.personFrom, k.personToward}, 1
		if pair[0] > pair[1] {
			pair, way = [2]string{pair[1], pair[0]}, 2
		}
		if pairs[pair] == nil {
			pairs[pair] = &slowTie{}
		}
		t := pairs[pair]
		t.posts += max(of[rank.MentionEdge], of[rank.ReplyEdge]) + of[rank.RepostEdge] + of[rank.QuoteEdge]
		t.answers += of[rank.ReplyEdge] + of[rank.QuoteEdge]
		t.ways |= way
	}
	return pairs
}

// TestNetworkEqualsSlowReference: people and pairs are those that reading post by
// post finds, whatever window and platform.
func TestNetworkEqualsSlowReference(t *testing.T) {
	m := invent(11, scope{people: 120, posts: 2500, days: 60, merged: true})
	r := rank.New(rank.Options{Store: m})
	for name, q := range queries() {
		t.Run(name, func(t *testing.T) {
			end := m.posts[len(m.posts)-1].at
			if !q.Until.IsZero() {
				end = q.Until.Unix()
			}
			// Whom the query shows is another test's business.
			q.Offset, q.Limit, q.Lang, q.MinMentions, q.Where, q.All = 0, 0, "", 0, "", false
			q.Include = rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true}
			want, n := tiedBy(m, q, end), networkOf(t, r, q)
			people, posts := map[string]int{}, int64(0)
			for pair, tie := range want {
				people[pair[0]]++
				people[pair[1]]++
				posts += tie.posts
			}
			if n.TiedPeople != len(people) || n.Pairs != len(want) || n.Posts != posts || len(n.People) != len(people) || len(n.Ties) != len(want) {
				t.Fatalf("%d people, %d pairs, %d posts; post by post %d, %d, %d", n.TiedPeople, n.Pairs, n.Posts, len(people), len(want), posts)
			}
			for _, tie := range n.Ties {
				pair := [2]string{n.People[tie.A].ID, n.People[tie.B].ID}
				if pair[0] > pair[1] {
					pair = [2]string{pair[1], pair[0]}
				}
				if w := want[pair]; w == nil || w.posts != tie.Posts || w.answers != tie.Answers || (w.ways == 3) != tie.Mutual || tie.A >= tie.B {
					t.Errorf("%v: %+v, post by post %+v", pair, tie, w)
				}
			}
			share := 0.0
			for i, p := range n.People {
				share += p.Share
				if p.Counterparts != people[p.ID] || p.X < 0 || p.X > 1 || p.Y < 0 || p.Y > 1 || len(p.Platforms) == 0 {
					t.Errorf("%+v is tied to %d", p, people[p.ID])
				}
				if i > 0 && p.Share > n.People[i-1].Share {
					t.Errorf("person %d has more attention than the one before", i)
				}
			}
			if len(n.People) > 0 && math.Abs(share-1) > 1e-5 {
				t.Errorf("all attention is %g", share)
			}
		})
	}
}

// TestNetworkRanksAsTheList: scores, ranks and who is shown are those of the list
// of the same question.
func TestNetworkRanksAsTheList(t *testing.T) {
	m := invent(11, scope{people: 120, posts: 2500, days: 60, merged: true})
	r := rank.New(rank.Options{Store: m})
	for name, q := range map[string]rank.Query{
		"everybody": {}, "spanish": {Lang: "es"}, "regulars": {MinMentions: 12}, "heard": {Where: "score >= 30"}, "one platform": {Platform: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			all := q
			all.All = true
			list, n := rankOf(t, m, all), networkOf(t, r, q)
			place, score, narrowed := map[string]int{}, map[string]float64{}, q.Lang != "" || q.MinMentions > 1 || q.Where != ""
			for _, e := range list.Entries {
				score[e.Person.ID] = e.Score.Total
				if e.Segment == rank.Advocate {
					place[e.Person.ID] = e.Rank
				}
			}
			if len(n.People) < 20 {
				t.Fatal("too few people to prove anything:", len(n.People))
			}
			for _, p := range n.People {
				total, listed := score[p.ID]
				if narrowed && !listed {
					t.Errorf("%s is shown and not listed", p.ID)
				}
				if listed && (p.Score == nil || *p.Score != total || p.Rank != place[p.ID]) {
					t.Errorf("%s: %+v, listed as %d with %g", p.ID, p, place[p.ID], total)
				}
			}
		})
	}
}

// TestNetworkWhereAsksTheScoreAsked: a condition on the score is of the query's
// own weights and blend, whatever was asked with the same words before.
func TestNetworkWhereAsksTheScoreAsked(t *testing.T) {
	m := invent(11, scope{people: 120, posts: 2500, days: 60, merged: true})
	asked, shown := rank.New(rank.Options{Store: m}), map[string]bool{}
	for _, q := range []rank.Query{
		{Weights: scoring.Weights{1, 0, 0, 0}, Blend: scoring.Arithmetic},
		{Weights: scoring.Weights{0, 0, 1, 0}, Blend: scoring.Arithmetic},
		{Weights: scoring.Weights{1, 1, 1, 1}, Blend: scoring.Arithmetic},
		{Weights: scoring.Weights{1, 1, 1, 1}, Blend: scoring.Geometric},
	} {
		q.Where = "score >= 50"
		var people [2][]string
		for i, r := range []*rank.Ranker{asked, rank.New(rank.Options{Store: m})} {
			for _, p := range networkOf(t, r, q).People {
				people[i] = append(people[i], p.ID)
				if p.Score == nil || *p.Score < 50 {
					t.Errorf("%v %s: %+v is shown", q.Weights, q.Blend, p)
				}
			}
		}
		if !slices.Equal(people[0], people[1]) {
			t.Errorf("%v %s: %d people are shown, and %d where nothing else was asked", q.Weights, q.Blend, len(people[0]), len(people[1]))
		}
		shown[fmt.Sprint(people[1])] = true
	}
	if len(shown) < 4 {
		t.Errorf("only %d different pictures prove little", len(shown))
	}
}

func TestNetworkLimitAndCommunities(t *testing.T) {
	m := invent(11, scope{people: 120, posts: 2500, days: 60, merged: true})
	r := rank.New(rank.Options{Store: m})
	whole, some := networkOf(t, r, rank.Query{}), networkOf(t, r, rank.Query{Limit: 30})
	if len(some.People) != 30 || some.TiedPeople != whole.TiedPeople || some.Pairs != whole.Pairs {
		t.Fatalf("%d people of %d", len(some.People), some.TiedPeople)
	}
	for i, p := range some.People {
		q := whole.People[i]
		if p.ID != q.ID || p.Share != q.Share || p.Community != q.Community || p.Bridge != q.Bridge {
			t.Errorf("person %d of a part is measured by the part: %+v, %+v", i, p, q)
		}
	}
	members := map[int]int{}
	for _, p := range whole.People {
		members[p.Community]++
		if whole.Member(p.ID) != p.Community {
			t.Errorf("%s is in community %d and %d", p.ID, p.Community, whole.Member(p.ID))
		}
		if p.Connector && (p.Counterparts < 3 || p.Bridge < 1./3) {
			t.Errorf("a connector is %+v", p)
		}
	}
	if whole.Member("nobody") != -1 {
		t.Error("nobody is in a community")
	}
	shown := 0
	for i, c := range whole.Communities {
		first := slices.IndexFunc(whole.People, func(p rank.Tied) bool { return p.Community == c.Number })
		if c.Shown != members[c.Number] || c.People < rank.LeastCommunity || len(c.Top) != 3 || c.Top[0].ID != whole.People[first].ID || i > 0 && c.People > whole.Communities[i-1].People {
			t.Errorf("community %d: %+v", i, c)
		}
		shown += c.Shown
	}
	if len(whole.Communities) == 0 || shown == 0 {
		t.Fatal("no communities")
	}
	if over := networkOf(t, r, rank.Query{Limit: 1_000_000}); len(over.People) > graph.MostPlaced {
		t.Errorf("%d people are shown", len(over.People))
	}
}

// TestNetworkIsTheSameAgain: on another ranker, with other questions in between,
// every bit is the same; and for the same data nothing is measured twice.
func TestNetworkIsTheSameAgain(t *testing.T) {
	m := invent(5, scope{people: 90, posts: 1500, days: 40, merged: true})
	q := rank.Query{Limit: 60}
	r := rank.New(rank.Options{Store: m})
	first := networkOf(t, r, q)
	networkOf(t, r, rank.Query{Limit: 12, Platform: "x"})
	for _, again := range []rank.Network{networkOf(t, r, q), networkOf(t, rank.New(rank.Options{Store: m}), q)} {
		for _, n := range []*rank.Network{&first, &again} {
			n.Member = nil
		}
		if diff := gocmp.Diff(first, again); diff != "" {
			t.Fatal(diff)
		}
	}
	if got, want := r.Socials("b"), 2; got != want {
		t.Errorf("%d graphs are kept, want %d", got, want)
	}
	order := slices.Clone(first.Ties)
	slices.SortFunc(order, func(a, b rank.Tie) int {
		return cmp.Or(cmp.Compare(b.Posts, a.Posts), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	if !slices.Equal(order, first.Ties) {
		t.Error("ties are not in order")
	}
}

// TestNetworkOfLittle: nobody, too few to rank and too few ties are no errors.
func TestNetworkOfLittle(t *testing.T) {
	empty := networkOf(t, rank.New(rank.Options{Store: &memory{version: 1}}), rank.Query{})
	if len(empty.People)+len(empty.Ties)+len(empty.Communities) != 0 || !empty.TooFewTies {
		t.Errorf("of nothing: %+v", empty)
	}
	few := networkOf(t, rank.New(rank.Options{Store: invent(3, scope{people: 12, posts: 60, days: 10})}), rank.Query{})
	if !few.TooFew || few.TooFewTies != (few.Posts < rank.LeastTies) {
		t.Errorf("of few: %+v", few)
	}
	for _, p := range few.People {
		if p.Score != nil || p.Rank != 0 {
			t.Errorf("%+v has a score", p)
		}
	}
	if _, err := rank.New(rank.Options{Store: &memory{version: 1}}).Network(t.Context(), "b", rank.Query{Where: "score >"}); adalid.CodeOf(err) != adalid.Invalid {
		t.Error(err)
	}
}
