package rank_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid/internal/rank"
)

// growing is a world that tells what became of it since a version.
type growing struct {
	memory
	became  []map[accountDay]bool // by version: what it changed
	forgets bool
}

type accountDay struct {
	day int32
	accountKey
}

func (g *growing) change(do func(), touched ...post) {
	do()
	days := map[accountDay]bool{}
	for _, p := range touched {
		days[accountDay{p.day(), p.account()}] = true
	}
	g.became = append(g.became, days)
	g.version++
}

// Changes answers for the accounts and days of all versions in between.
func (g *growing) Changes(_ context.Context, _ string, from, to int64) (rank.Changes, bool, error) {
	var c rank.Changes
	if g.forgets || to != g.version {
		return c, false, nil
	}
	accounts, ids := g.accounts()
	days := map[accountDay]bool{}
	for _, became := range g.became[from-1 : to-1] {
		for d := range became {
			days[d] = true
		}
	}
	told := map[int64]bool{}
	for d := range days {
		a := accounts[ids[d.accountKey]]
		c.Days = append(c.Days, rank.AccountDay{Day: d.day, Account: a.ID})
		if !told[a.ID] {
			told[a.ID] = true
			c.Accounts = append(c.Accounts, a)
		}
	}
	of := slices.DeleteFunc(slices.Concat(g.posts, g.undated), func(p post) bool { return !days[accountDay{p.day(), p.account()}] })
	c.Rows, c.Edges = g.rows(of), g.edges(of)
	return c, true, nil
}

// An index that followed every page answers as one that was read anew.
func TestFollowsEveryPage(t *testing.T) {
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 9))
		world := invent(seed, scope{people: 120, posts: 700, days: 40, merged: seed%2 == 0}).shuffled(seed)
		g := &growing{memory: memory{own: world.own, version: 1}}
		rest := slices.Concat(world.posts, world.undated)
		add := func(n int) {
			page := rest[:min(n, len(rest))]
			rest = rest[len(page):]
			g.change(func() {
				for _, p := range page {
					if p.undated {
						g.undated = append(g.undated, p)
					} else {
						g.posts = append(g.posts, p)
					}
				}
			}, page...)
		}
		add(300)
		follower := rank.New(rank.Options{Store: g})
		for step := 0; len(rest) > 0; step++ {
			check(t, g, follower, seed, step)
			switch {
			case step%4 == 3: // the counters of a post are read again
				i := r.IntN(len(g.posts))
				g.change(func() { g.posts[i].likes = new(int64(777)) }, g.posts[i])
			default:
				add(1 + r.IntN(60))
			}
			if step%5 == 4 {
				add(1 + r.IntN(20)) // two versions at once
			}
		}
		check(t, g, follower, seed, -1)
	}
}

func check(t *testing.T, g *growing, follower *rank.Ranker, seed uint64, step int) {
	t.Helper()
	before := g.loads.Load()
	for _, q := range []rank.Query{
		{All: true}, {All: true, Platform: "youtube"}, {All: true, Since: morning.Add(20 * 24 * time.Hour), Until: morning.Add(31*24*time.Hour + 5*time.Hour)},
	} {
		got, err := follower.Rank(ctx, "brand", q)
		if err != nil {
			t.Fatal(err)
		}
		if g.loads.Load() > before && step > 0 {
			t.Fatalf("seed %d, step %d: everything was read again", seed, step)
		}
		want, err := rank.New(rank.Options{Store: &g.memory}).Rank(ctx, "brand", q)
		if err != nil {
			t.Fatal(err)
		}
		before = g.loads.Load()
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("seed %d, step %d, %+v:\n%s", seed, step, q, d)
		}
	}
}

// Where the store does not know what changed, everything is read.
func TestReadsAllWhereNobodyKnows(t *testing.T) {
	world := invent(3, scope{people: 150, posts: 900, days: 40})
	g := &growing{memory: memory{own: world.own, version: 1, posts: world.posts[:500], undated: world.undated}, forgets: true}
	r := rank.New(rank.Options{Store: g})
	if _, err := r.Rank(ctx, "brand", rank.Query{}); err != nil {
		t.Fatal(err)
	}
	g.change(func() { g.posts = world.posts })
	got, err := r.Rank(ctx, "brand", rank.Query{})
	if err != nil || g.loads.Load() != 2 || got.Mentions == 0 {
		t.Fatal(g.loads.Load(), err)
	}
	want, err := rank.New(rank.Options{Store: world}).Rank(ctx, "brand", rank.Query{})
	want.DataVersion = got.DataVersion
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
}

// What Close keeps is what the next start has.
func TestCloseKeepsWhatFollowed(t *testing.T) {
	s, dir := saved(t)
	first := rank.New(rank.Options{Store: s, Dir: dir})
	if _, err := first.Rank(ctx, "brand", rank.Query{}); err != nil {
		t.Fatal(err)
	}
	f := &following{counted: s}
	r := rank.New(rank.Options{Store: f, Dir: dir})
	if _, err := r.Rank(ctx, "brand", rank.Query{}); err != nil {
		t.Fatal(err)
	}
	s.state.DataVersion, s.state.Mark = 2, 22
	if _, err := r.Rank(ctx, "brand", rank.Query{}); err != nil || s.loads != 1 || f.asked != 1 {
		t.Fatal(s.loads, f.asked, err)
	}
	r.Close()
	if _, err := rank.New(rank.Options{Store: s, Dir: dir}).Rank(ctx, "brand", rank.Query{}); err != nil || s.loads != 1 {
		t.Fatal("the next start read everything", s.loads, err)
	}
}

// following is a store that says that nothing changed but the version.
type following struct {
	*counted
	asked int
}

func (f *following) Changes(context.Context, string, int64, int64) (rank.Changes, bool, error) {
	f.asked++
	return rank.Changes{}, true, nil
}

// BenchmarkFollow brings an index up to date with a page of 100 posts, half of
// them by new accounts.
func BenchmarkFollow(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		f := &page{bulk: store, version: 1}
		r := rank.New(rank.Options{Store: f})
		q := rank.Query{Limit: 1, Until: newest.AddDate(-1, 0, 0)} // an empty window
		mustAnswer := func() {
			if _, err := r.Rank(ctx, "brand", q); err != nil {
				b.Fatal(err)
			}
		}
		mustAnswer()
		for b.Loop() {
			f.version++
			mustAnswer()
		}
	})
}
