package store

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"adalid"
	"adalid/internal/scan"
)

// crowd makes mentions that look like an import: Zipf authors over 90 days, in
// order of time, three platforms and languages, one in twenty a repeat.
type crowd struct {
	rnd   *rand.Rand
	zipf  *rand.Zipf
	total int
	made  int
	last  []scan.Mention
}

var crowdStart = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newCrowd(total, authors int) *crowd {
	rnd := rand.New(rand.NewPCG(1, 2))
	return &crowd{rnd: rnd, total: total, zipf: rand.NewZipf(rnd, 1.07, 8, uint64(authors-1))}
}

func (c *crowd) page(n int) []scan.Mention {
	page := make([]scan.Mention, 0, n)
	for len(page) < n {
		if len(page) > 0 && c.rnd.IntN(20) == 0 {
			page = append(page, page[c.rnd.IntN(len(page))])
			continue
		}
		if len(c.last) > 0 && c.rnd.IntN(40) == 0 {
			page = append(page, c.last[c.rnd.IntN(len(c.last))])
			continue
		}
		page = append(page, c.mention())
	}
	c.last = page
	return page
}

var crowdPlatforms = [...]adalid.Platform{"x", "x", "x", "mastodon", "bluesky"}

func (c *crowd) mention() scan.Mention {
	i := c.made
	c.made++
	a := int(c.zipf.Uint64())
	platform := crowdPlatforms[a%len(crowdPlatforms)]
	at := crowdStart.Add(time.Duration(float64(i) / float64(c.total) * 90 * 24 * float64(time.Hour))).Truncate(time.Second)
	m := scan.Mention{
		Mention: adalid.Mention{
			Platform: platform, ID: strconv.Itoa(1_500_000_000_000_000_000 + i*1_000_003), CreatedAt: at,
			Author: adalid.Author{
				Key: strconv.Itoa(700_000_000 + a*7919%1_000_000_007), Handle: "Person" + strconv.Itoa(a), Name: "Person " + strconv.Itoa(a),
				Followers: pointer(int64(c.rnd.IntN(5000))), Following: pointer(int64(c.rnd.IntN(900))),
			},
			Lang:  [...]string{"en", "es", "other"}[c.rnd.IntN(3)],
			Text:  fmt.Sprintf("I went to the shop again today and the coffee was number %d on my list, what a day", i),
			Likes: pointer(int64(c.rnd.IntN(50))), Reposts: pointer(int64(c.rnd.IntN(9))),
			Replies: pointer(int64(c.rnd.IntN(4))),
		},
	}
	if c.rnd.IntN(10) == 0 {
		m.Repost, m.RepostOf = true, "person"+strconv.Itoa(int(c.zipf.Uint64()))
	} else if c.rnd.IntN(10) < 6 {
		m.Mentions = []string{"person" + strconv.Itoa(int(c.zipf.Uint64()))}
	}
	if m.Lang != "other" {
		m.Sentiment = &adalid.Sentiment{Positive: 0.6, Neutral: 0.3, Negative: 0.1}
	}
	h := fnv.New64a()
	h.Write([]byte(m.Text))
	m.TextHash, m.RowHash = h.Sum64(), h.Sum64()
	if c.rnd.IntN(50) == 0 {
		m.TextHash = 99 // a text that its author posts again and again
	}
	return m
}

func pointer[T any](v T) *T { return &v }

// BenchmarkSave stores a whole generated export per iteration, in pages as an
// import brings them. ADALID_BENCH_ROWS sets its size.
func BenchmarkSave(b *testing.B) {
	rows, err := strconv.Atoi(os.Getenv("ADALID_BENCH_ROWS"))
	if err != nil {
		rows = 100_000
	}
	const pageSize = 10_000
	b.ReportAllocs()
	var saving time.Duration
	var pages []time.Duration
	for b.Loop() {
		s := open(b, b.TempDir())
		c := newCrowd(rows, max(rows*3/10, 10))
		for n := 0; n < rows; n += pageSize {
			page := scan.Page{Brand: "acme", Source: "bench", Cursor: []byte("{}"), Batches: []scan.Batch{{Brand: "acme", Mentions: c.page(pageSize)}}}
			start := time.Now()
			if _, err := s.Save(context.Background(), page); err != nil {
				b.Fatal(err)
			}
			pages = append(pages, time.Since(start))
			saving += pages[len(pages)-1]
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	slices.Sort(pages)
	b.ReportMetric(float64(rows)*float64(b.N)/saving.Seconds(), "rows/s")
	// On a busy machine the undisturbed pages say more than the mean.
	b.ReportMetric(pageSize/pages[len(pages)/10].Seconds(), "p10-rows/s")
}

// open opens a store with the brand "acme".
func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateBrand(context.Background(), adalid.Brand{Name: "acme"}); err != nil && adalid.CodeOf(err) != adalid.Conflict {
		t.Fatal(err)
	}
	return s
}

// sqlDB is the database of a store as any program sees it.
func sqlDB(t testing.TB, s *Store) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(s.path, readerCache, plain))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
