package rank_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"adalid/internal/rank"
	"adalid/scoring"
)

// bulk is a Store of ready-made roll-ups over 90 days.
type bulk struct {
	accounts []rank.Account
	rows     []rank.Row
	edges    []rank.Edge
}

var newest = time.Date(2026, 6, 1, 23, 0, 0, 0, time.UTC)

// newBulk makes n rows: a third as many authors, of whom few write much; a
// tenth as many edges.
func newBulk(n int) *bulk {
	r := rand.New(rand.NewPCG(1, 2))
	authors := max(n/3, 40)
	zipf := rand.NewZipf(r, 1.1, 20, uint64(authors-1))
	b := &bulk{accounts: make([]rank.Account, authors), rows: make([]rank.Row, n)}
	for i := range b.accounts {
		b.accounts[i] = rank.Account{
			ID: int64(i), Person: fmt.Sprintf("p%08d", i*7919%(authors*10)), Platform: "x",
			Key: fmt.Sprint(i), Profiles: []rank.Profile{{Handle: fmt.Sprintf("h%d", i)}},
		}
	}
	today := int32(newest.Unix() / 86400)
	for i := range b.rows {
		row := &b.rows[i]
		day := today - 89 + int32(i*90/n)
		*row = rank.Row{
			Account: int64(zipf.Uint64()), Day: day, Lang: []string{"en", "es"}[i%2], Posts: 1, Own: 1, Organic: 1,
			Likes: rank.Sum{Total: int64(r.IntN(50)), Known: 1}, EngagementKnown: 1, Weight: 1e9, FollowersMax: new(int64(r.IntN(1e5))),
			First: int64(day) * 86400, Last: int64(day)*86400 + 3600,
		}
		if i%2 == 0 {
			row.SentimentWeight, row.SentimentSum, row.Scored = 1e9, int64(r.IntN(15e8))-5e8, 1
		}
		if i%10 == 0 {
			b.edges = append(b.edges, rank.Edge{
				Day: day, Source: row.Account, Target: fmt.Sprintf("h%d", zipf.Uint64()), Weight: 1,
			})
		}
	}
	return b
}

func (b *bulk) State(context.Context, string) (rank.State, error) {
	return rank.State{DataVersion: 1, Newest: newest}, nil
}

func (b *bulk) Accounts(_ context.Context, _ string, yield func(rank.Account) error) error {
	return each(b.accounts, yield)
}

func (b *bulk) Days(_ context.Context, _ string, yield func(rank.Row) error) error {
	return each(b.rows, yield)
}

func (b *bulk) Edges(_ context.Context, _ string, yield func(rank.Edge) error) error {
	return each(b.edges, yield)
}

func (b *bulk) DayPart(context.Context, string, time.Time, time.Time, func(rank.Row) error) error {
	return nil
}

func (b *bulk) EdgesPart(context.Context, string, time.Time, time.Time, func(rank.Edge) error) error {
	return nil
}

func eachSize(b *testing.B, run func(b *testing.B, store *bulk)) {
	sizes := []int{10_000, 100_000, 1_000_000}
	if testing.Short() {
		sizes = sizes[:2]
	}
	for _, n := range sizes {
		store := newBulk(n)
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			run(b, store)
		})
	}
}

func mustRank(b *testing.B, r *rank.Ranker, q rank.Query) {
	if got, err := r.Rank(ctx, "brand", q); err != nil || got.TooFew {
		b.Fatal(got.TooFew, err)
	}
}

// BenchmarkLoad reads everything and answers the first query.
func BenchmarkLoad(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		for b.Loop() {
			mustRank(b, rank.New(rank.Options{Store: store}), rank.Query{Limit: 50})
		}
	})
}

// BenchmarkWindow answers a window that was not asked for before.
func BenchmarkWindow(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		r := rank.New(rank.Options{Store: store})
		mustRank(b, r, rank.Query{Limit: 50})
		day := newest.Truncate(24 * time.Hour)
		i := 0
		for b.Loop() {
			i++
			mustRank(b, r, rank.Query{Since: day.AddDate(0, 0, -30).Add(-time.Duration(i) * time.Nanosecond * 2e9), Limit: 50})
		}
	})
}

// BenchmarkWarm answers a 30-day window, and all history, again with other
// weights: the first 50 by score.
func BenchmarkWarm(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		for name, since := range map[string]time.Time{"days=30": newest.Truncate(24*time.Hour).AddDate(0, 0, -30), "days=90": {}} {
			b.Run(name, func(b *testing.B) {
				r := rank.New(rank.Options{Store: store})
				q := rank.Query{Since: since, Limit: 50}
				mustRank(b, r, q)
				q.Weights = scoring.Weights{.4, .2, .2, .2}
				people := 0
				for b.Loop() {
					got, err := r.Rank(ctx, "brand", q)
					if err != nil || got.TooFew {
						b.Fatal(got.TooFew, err)
					}
					people = got.People
				}
				threads := min(runtime.GOMAXPROCS(0), people>>15+1)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())*float64(threads)/float64(b.N)/float64(people), "ns/author·thread")
				b.ReportMetric(float64(people), "authors")
			})
		}
	})
}

// A warm answer allocates for the people that it lists, not for those that it
// passes by.
func TestWarmAnswerIsLean(t *testing.T) {
	for _, n := range []int{3000, 30_000} {
		r := rank.New(rank.Options{Store: newBulk(n)})
		q := rank.Query{Limit: 50}
		if _, err := r.Rank(ctx, "brand", q); err != nil {
			t.Fatal(err)
		}
		allocs := testing.AllocsPerRun(5, func() {
			if _, err := r.Rank(ctx, "brand", q); err != nil {
				t.Fatal(err)
			}
		})
		if allocs > 1000 {
			t.Errorf("%d rows: %v allocations for 50 people", n, allocs)
		}
	}
}

// page is a bulk store to which every version adds 100 posts.
type page struct {
	*bulk
	version int64
}

func (p *page) State(context.Context, string) (rank.State, error) {
	return rank.State{DataVersion: p.version, Newest: newest}, nil
}

func (p *page) Changes(_ context.Context, _ string, _, to int64) (c rank.Changes, known bool, err error) {
	today := int32(newest.Unix() / 86400)
	for i := range 100 {
		id := int64(i)
		if i%2 == 0 {
			id = int64(len(p.accounts)) + 50*to + int64(i)/2
			c.Accounts = append(c.Accounts, rank.Account{ID: id, Person: fmt.Sprintf("n%d", id), Platform: "x", Key: fmt.Sprint(id)})
		}
		c.Days = append(c.Days, rank.AccountDay{Day: today, Account: id})
		c.Rows = append(c.Rows, rank.Row{Account: id, Day: today, Lang: "en", Posts: 1, Own: 1, Organic: 1, Weight: 1e9, First: newest.Unix(), Last: newest.Unix()})
	}
	return c, true, nil
}
