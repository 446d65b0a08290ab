package store

import (
	"os"
	"strconv"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// rollupSQL is the plain way to the same people: what a 30-day top 50 costs
// when the database adds up the roll-ups on every request.
const rollupSQL = `
SELECT author, sum(own) AS mentions, count(DISTINCT day), sum(weight), sum(sentiment_sum), sum(sentiment_weight),
       sum(likes + 2 * reposts + replies + quotes), sum(views), max(followers_max)
FROM rollup WHERE brand = ? AND day BETWEEN ? AND ?
GROUP BY author HAVING mentions > 0
ORDER BY sum(weight) DESC, mentions DESC, author LIMIT 50`

// BenchmarkTop50 compares a warm 30-day ranking with that query over the same
// rows. ADALID_SLOW=1 takes the million mentions of docs/benchmarks.md.
func BenchmarkTop50(b *testing.B) {
	rows, authors := 100_000, 30_000
	if os.Getenv("ADALID_SLOW") != "" {
		rows, authors = 1_000_000, 300_000
	}
	ctx := b.Context()
	s, err := Open(ctx, Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.CreateBrand(ctx, adalid.Brand{Name: "Lumbre"}); err != nil {
		b.Fatal(err)
	}
	people := newCrowd(rows, authors)
	for range rows / 5000 {
		page := scan.Page{Brand: "Lumbre", Source: "bench", Batches: []scan.Batch{{Brand: "Lumbre", Mentions: people.page(5000)}}}
		if _, err := s.Save(ctx, page); err != nil {
			b.Fatal(err)
		}
	}
	state, err := s.State(ctx, "Lumbre")
	if err != nil {
		b.Fatal(err)
	}
	last := int32(state.Newest.Unix() / secondsPerDay)
	until := time.Unix(int64(last)*secondsPerDay+secondsPerDay-1, 0).UTC()
	q := rank.Query{Since: until.AddDate(0, 0, -30).Add(time.Second), Until: until, Limit: 50}

	b.Run("rank", func(b *testing.B) {
		r := rank.New(rank.Options{Store: s})
		if got, err := r.Rank(ctx, "Lumbre", q); err != nil || len(got.Entries) != 50 {
			b.Fatalf("%d people: %v", len(got.Entries), err)
		}
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			q.Weights = [...]float64{.4, .2, .2, float64(n%9+1) / 10} // a caller's own, another each time
			if _, err := r.Rank(ctx, "Lumbre", q); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sql", func(b *testing.B) {
		for b.Loop() {
			if n := countRows(b, s, last-29, last); n != 50 {
				b.Fatalf("%d people", n)
			}
		}
	})
}

func countRows(b *testing.B, s *Store, from, to int32) int {
	b.Helper()
	rows, err := sqlDB(b, s).QueryContext(b.Context(), rollupSQL, 1, from, to)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkRebuild makes the index of a brand from its database and answers one
// day, and reads what it is made of alone: by page, and by queries as a
// comparison. ADALID_SLOW=1 takes the million authors of docs/benchmarks.md.
func BenchmarkRebuild(b *testing.B) {
	rows, authors := 100_000, 50_000
	if os.Getenv("ADALID_SLOW") != "" {
		rows, authors = 1_900_000, 1_000_000
	}
	ctx := b.Context()
	s := open(b, b.TempDir())
	defer s.Close()
	people := newCrowd(rows, authors)
	for n := 0; n < rows; n += 5000 {
		mentions := people.page(5000)
		for i := range mentions {
			of := &mentions[i].Author
			of.Key = strconv.Itoa(700_000_000 + (n+i)*7919%authors)
			of.Handle = "Person" + of.Key
		}
		page := scan.Page{Brand: "acme", Source: "bench", Batches: []scan.Batch{{Brand: "acme", Mentions: mentions}}}
		if _, err := s.Save(ctx, page); err != nil {
			b.Fatal(err)
		}
	}
	state, err := s.State(ctx, "acme")
	must(b, err)
	q := rank.Query{Since: state.Newest.Truncate(24 * time.Hour), Limit: 50}
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			_, err := rank.New(rank.Options{Store: s}).Rank(ctx, "acme", q)
			must(b, err)
		}
	})
	for name, way := range map[string]func(*session, int64) (whole, error){"pages": byPage, "sql": bySQL} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				must(b, s.read(ctx, "read all", func(x *session) error {
					_, err := way(x, 1)
					return err
				}))
			}
		})
	}
}
