package bench

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"adalid/internal/rank"
	"adalid/scoring"
)

// rollups are the roll-ups of an invented brand over 90 days: a few loud
// authors and many who write once, on two platforms in two languages. Nobody is
// tied to anybody and reactions are not told, so that the score is made of
// affinity, volume and reach: SQL can say all of that.
type rollups struct {
	authors int
	rows    []rank.Row
}

var newest = time.Date(2026, 6, 1, 23, 0, 0, 0, time.UTC)

func platformOf(author int64) string { return []string{"x", "mastodon"}[author%2] }

func newRollups(mentions, authors int) *rollups {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.05, float64(authors)/300, uint64(authors-1))
	type key struct {
		day    int32
		author int64
	}
	b := &rollups{authors: authors}
	at, today := map[key]int{}, int32(newest.Unix()/86400)
	for i := range mentions {
		k := key{today - 89 + int32(i*90/mentions), int64(zipf.Uint64())}
		if i < authors {
			k.author = int64(i) // everybody writes at least once
			k.day = today - int32(r.IntN(90))
		}
		n, ok := at[k]
		if !ok {
			n = len(b.rows)
			at[k] = n
			b.rows = append(b.rows, rank.Row{
				Account: k.author, Day: k.day, Lang: []string{"en", "es"}[k.author/2%2], Profile: -1,
				FollowersMax: new(int64(math.Exp(r.NormFloat64()*2 + 5))), First: int64(k.day) * 86400, Last: int64(k.day)*86400 + 3600,
			})
		}
		row := &b.rows[n]
		row.Posts, row.Own, row.Organic, row.Weight = row.Posts+1, row.Own+1, row.Organic+1, row.Weight+1e9
		row.Scored, row.SentimentWeight = row.Scored+1, row.SentimentWeight+1e9
		row.SentimentSum += int64(r.IntN(15e8)) - 5e8 + (k.author%7)*5e7
	}
	slices.SortFunc(b.rows, func(x, y rank.Row) int { return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Account, y.Account)) })
	return b
}

func (b *rollups) State(context.Context, string) (rank.State, error) {
	return rank.State{DataVersion: 1, Newest: newest}, nil
}

func (b *rollups) Accounts(_ context.Context, _ string, yield func(rank.Account) error) error {
	for i := range b.authors {
		a := rank.Account{ID: int64(i), Person: personOf(int64(i)), Key: fmt.Sprint(i)}
		a.Platform = "x"
		if platformOf(a.ID) != "x" {
			a.Platform = "mastodon"
		}
		if err := yield(a); err != nil {
			return err
		}
	}
	return nil
}

func personOf(author int64) string { return fmt.Sprintf("p%08d", author) }

func (b *rollups) Days(_ context.Context, _ string, yield func(rank.Row) error) error {
	for _, r := range b.rows {
		if err := yield(r); err != nil {
			return err
		}
	}
	return nil
}

func (b *rollups) Edges(context.Context, string, func(rank.Edge) error) error { return nil }

func (b *rollups) DayPart(context.Context, string, time.Time, time.Time, func(rank.Row) error) error {
	return nil
}

func (b *rollups) EdgesPart(context.Context, string, time.Time, time.Time, func(rank.Edge) error) error {
	return nil
}

// duck is the roll-ups as a table of DuckDB, in order of days, on one thread.
func duck(b *testing.B, from *rollups) *sql.DB {
	b.Helper()
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		b.Fatal(err)
	}
	db := sql.OpenDB(connector)
	b.Cleanup(func() { _ = db.Close() })
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	_, err = db.Exec(`SET threads = 1; CREATE TYPE platform AS ENUM ('x', 'mastodon'); CREATE TYPE lang AS ENUM ('en', 'es');
		CREATE TABLE rollup (day INTEGER, author INTEGER, platform platform, lang lang, own INTEGER, organic INTEGER,
			weight DOUBLE, scored_weight DOUBLE, scored_sum DOUBLE, followers BIGINT)`)
	must(err)
	conn, err := connector.Connect(context.Background())
	must(err)
	appender, err := duckdb.NewAppenderFromConn(conn, "", "rollup")
	must(err)
	for _, r := range from.rows {
		must(appender.AppendRow(values(r)...))
	}
	must(appender.Close())
	return db
}

func values(r rank.Row) []driver.Value {
	return []driver.Value{
		r.Day, int32(r.Account), platformOf(r.Account), r.Lang, r.Own, r.Organic,
		float64(r.Weight) / 1e9, float64(r.SentimentWeight) / 1e9, float64(r.SentimentSum) / 1e9, *r.FollowersMax,
	}
}

// people is the product's formula for these data up to where the caller's weights
// enter: the strength of the prior is given, all else of the scale is found.
const people = `
WITH said AS (
	SELECT author, sum(f * least(weight, 1 + ln(1 + organic))) AS v, sum(f * least(1, weight)) AS d,
		sum(scored_weight) AS n, sum(f * scored_sum) / sum(f * scored_weight) AS mean, sum(scored_sum) AS whole, max(followers) AS followers, sum(own) AS own
	FROM (SELECT *, exp((day - $1) * (ln(2) / 30)) AS f FROM rollup WHERE day BETWEEN $1 - 29 AND $1 AND platform = 'x' AND lang = 'en')
	GROUP BY author
), signals AS (
	SELECT author, own, ln(1 + sqrt(v * d)) AS volume, .8 * ln(1 + followers) AS potential,
		(n * mean + $2 * avg(mean) OVER ()) / (n + $2) AS m,
		greatest(n * mean, whole) + $2 * greatest(0, avg(mean) OVER ()) AS benefit
	FROM said
), scale AS (
	SELECT greatest(max(volume), $3 / 4) AS volume, greatest(max(potential), $4 / 4) AS potential,
		greatest(quantile_cont(greatest(0, m), .95), .1) AS affinity
	FROM signals
)
SELECT author, own, ln(least(1, greatest(.02, (.5 + m) / (.5 + scale.affinity)))) AS affinity,
	ln(least(1, greatest(.02, signals.volume / scale.volume))) AS volume,
	ln(least(1, greatest(.1, signals.potential / scale.potential))) AS reach
FROM signals, scale WHERE benefit >= 0`

// first50 weighs people, who are a statement or a table of what it gave.
func first50(people string, affinity, volume, reach string) string {
	return fmt.Sprintf(`SELECT author, 100 * exp(%s * affinity + %s * volume + %s * reach) AS score
		FROM %s ORDER BY score DESC, own DESC, author LIMIT 50`, affinity, volume, reach, people)
}

type placed struct {
	author int64
	score  float64
}

// askDuck runs a statement of first50.
func askDuck(b *testing.B, query *sql.Stmt, with ...any) []placed {
	rows, err := query.Query(with...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var list []placed
	for rows.Next() {
		var p placed
		if err := rows.Scan(&p.author, &p.score); err != nil {
			b.Fatal(err)
		}
		list = append(list, p)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return list
}

// BenchmarkTop50 asks for the first 50 of the last 30 days on one platform in
// one language by weights of the caller: of the product and of DuckDB on one
// thread, both for a window that nobody asked for before and, by ever other
// weights, for one whose people they have. All give the same list.
func BenchmarkTop50(b *testing.B) {
	data := newRollups(1_000_000, 300_000)
	ranker := rank.New(rank.Options{Store: data})
	day := newest.Truncate(24 * time.Hour)
	w := scoring.Weights{.4, .3, .3, 0}
	ask := func(since time.Time, w scoring.Weights) rank.Ranking {
		r, err := ranker.Rank(context.Background(), "brand", rank.Query{Since: since, Platform: "x", Lang: "en", Weights: w, Limit: 50})
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	first := ask(day.AddDate(0, 0, -29), w)
	db := duck(b, data)
	prepared := func(statement string) *sql.Stmt {
		query, err := db.Prepare(statement)
		if err != nil {
			b.Fatal(err)
		}
		return query
	}
	fit := []any{int64(newest.Unix() / 86400), first.Strength, math.Log1p(10), math.Log1p(10_000)}
	fresh := prepared(first50("("+people+")", "$5", "$6", "$7"))
	if _, err := db.Exec("CREATE TEMP TABLE known AS "+people, fit...); err != nil {
		b.Fatal(err)
	}
	known := prepared(first50("known", "$1", "$2", "$3"))
	compare(b, first, askDuck(b, fresh, append(fit, w[0], w[1], w[2])...))
	compare(b, first, askDuck(b, known, w[0], w[1], w[2]))
	b.Logf("%d roll-ups, %d people in the window", len(data.rows), first.People)
	data.rows = nil // both have them

	others := func(i int) scoring.Weights { // other weights each time
		moved := float64(i%200) / 1000
		return scoring.Weights{.4 - moved, .3 + moved, .3, 0}
	}
	b.Run("new/adalid", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			ask(day.AddDate(0, 0, -29).Add(-time.Duration(i+1)*2*time.Second), w) // the same days, another window
		}
	})
	b.Run("new/duckdb", func(b *testing.B) {
		for b.Loop() {
			askDuck(b, fresh, append(fit, w[0], w[1], w[2])...)
		}
	})
	b.Run("known/adalid", func(b *testing.B) {
		ask(day.AddDate(0, 0, -29), w) // the windows before have pushed it out
		for i := 1; b.Loop(); i++ {
			ask(day.AddDate(0, 0, -29), others(i))
		}
	})
	b.Run("known/duckdb", func(b *testing.B) {
		for i := 1; b.Loop(); i++ {
			w := others(i)
			askDuck(b, known, w[0], w[1], w[2])
		}
	})
}

func compare(b *testing.B, r rank.Ranking, list []placed) {
	b.Helper()
	if len(list) != 50 || len(r.Entries) != 50 {
		b.Fatal(len(list), len(r.Entries))
	}
	for i, p := range list {
		e := r.Entries[i]
		if e.Person.ID != personOf(p.author) || math.Abs(e.Score.Total-p.score) > 1e-9*p.score {
			b.Fatalf("place %d: %s with %v, DuckDB says %s with %v", i+1, e.Person.ID, e.Score.Total, personOf(p.author), p.score)
		}
	}
}
