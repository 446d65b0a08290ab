package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// paidPlatform reads posts that cost half a cent each through the meter, as
// many at once as the budget allows.
type paidPlatform struct {
	*platform
	lost *atomic.Int64 // bookings that a crash left open; nil: none crashes
	rnd  func(n int) int
}

const postMicros = 5000

func (p paidPlatform) definition(name string) collectors.Definition {
	d := p.platform.definition(name, collectors.Search)
	d.Costs = []collectors.Cost{{Unit: "post_read", Micros: postMicros, Title: collectors.Label{"en": "post read", "es": "publicación leída"}}}
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		return paidReader{p, &platformReader{p.platform, s}, s.Meter}, nil
	}
	return d
}

type paidReader struct {
	paidPlatform
	*platformReader
	meter collectors.Meter
}

var errCrash = fmt.Errorf("the power went off")

func (p paidReader) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	booked, err := p.meter.Reserve(ctx, "post_read", 5, 20)
	if err != nil {
		return collectors.Page{}, err
	}
	page, err := p.platformReader.Collect(ctx, q, from)
	if err != nil {
		return page, err
	}
	if n := booked.Granted(); int64(len(page.Mentions)) > n {
		at := 0
		_, _ = fmt.Sscan(string(from), &at)
		page.Mentions, page.Rows, page.More, page.Observed = page.Mentions[:n], n, true, nil
		page.Next = collectors.Cursor(fmt.Sprint(at + int(n)))
	}
	if p.lost != nil && p.rnd(10) == 0 {
		p.lost.Add(booked.Granted())
		return collectors.Page{}, errCrash
	}
	ids := make([]string, len(page.Mentions))
	for i, m := range page.Mentions {
		ids[i] = m.ID
	}
	return page, booked.Settle(ctx, 0, ids)
}

func spent(t *testing.T, s *Store, where string) (micros int64) {
	t.Helper()
	must(t, sqlDB(t, s).QueryRowContext(t.Context(), "SELECT coalesce(sum(micros), 0) FROM spend WHERE "+where).Scan(&micros))
	return micros
}

func setPaid(t *testing.T, s *Store, name string, monthly int64) {
	t.Helper()
	must(t, s.SetSource(t.Context(), scan.Source{Name: name, Collector: name, Settings: []byte("{}"), Enabled: true, Monthly: &monthly}))
}

// TestTwentyDollars reads with 20 dollars a month for five brands that share
// them, six scans a day at the same time from two processes, some of which
// crash between booking and reading: no day leaves less than its share, no
// dollar more is spent, and the last day still reads.
func TestTwentyDollars(t *testing.T) {
	const monthly, brands, days = 20_000_000, 5, 31
	clock := &steppedClock{t: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	dir := t.TempDir()
	stores := []*Store{openAt(t, dir, clock), openAt(t, dir, clock)}
	for _, s := range stores {
		defer s.Close()
	}
	s := stores[0]
	setPaid(t, s, "paid", monthly)
	var lost atomic.Int64
	var mu sync.Mutex
	rnd := rand.New(rand.NewPCG(3, 4))
	p := paidPlatform{newPlatform("paid", clock, 60_000, days*24*time.Hour), &lost, func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return rnd.IntN(n)
	}}
	for i := range p.posts {
		p.posts[i].Text = "acme and more"
	}
	for i := range brands {
		must(t, s.CreateBrand(t.Context(), adalid.Brand{Name: fmt.Sprint("brand", i), Query: "acme"}))
	}
	own := int64(2_000_000) // one of them may have only two of the dollars
	must(t, s.SetSchedule(t.Context(), scan.Plan{Brand: "brand0", Spec: "@monthly", Monthly: &own, At: clock.now().AddDate(1, 0, 0), Run: "x"}))
	live := []*scan.Live{liveScanner(stores[0], clock, p.definition("paid")), liveScanner(stores[1], clock, p.definition("paid"))}
	step := 12 // hours
	if os.Getenv("ADALID_SLOW") == "1" {
		step = 4
	}
	if raced {
		step = 24
	}
	var least int64 = monthly
	for range days {
		before := spent(t, s, "1")
		for range 24 / step {
			clock.step(time.Duration(step) * time.Hour / 2)
			var work sync.WaitGroup
			for i := range brands {
				work.Go(func() {
					if _, err := live[i%2].Scan(t.Context(), scan.Order{Brand: fmt.Sprint("brand", i)}); err != nil {
						t.Error(err)
					}
				})
			}
			work.Wait()
			clock.step(time.Duration(step) * time.Hour / 2)
		}
		now := spent(t, s, "1")
		least = min(least, now-before)
		if now > monthly {
			t.Fatalf("%d millionths by %s", now, clock.now())
		}
		if now == before {
			t.Errorf("nothing was read on the day before %s", clock.now())
		}
	}
	if n := spent(t, s, "brand = (SELECT id FROM brand WHERE name = 'brand0')"); n > own || n == 0 {
		t.Errorf("the brand with a limit of its own spent %d of %d", n, own)
	}
	if open := spent(t, s, "settled = 0"); open != lost.Load()*postMicros || open == 0 {
		t.Errorf("crashes left %d millionths booked, want %d", open, lost.Load()*postMicros)
	}
	// What was paid for is stored, for each of the brands that paid; what several
	// read on one day is paid for once.
	var read, paid int64
	must(t, sqlDB(t, s).QueryRowContext(t.Context(), "SELECT count(*) FROM mention").Scan(&read))
	must(t, sqlDB(t, s).QueryRowContext(t.Context(), "SELECT sum(units) FROM spend WHERE settled = 1").Scan(&paid))
	if read < paid {
		t.Errorf("%d posts paid for, %d stored", paid, read)
	}
	t.Logf("spent %d of %d millionths, at least %d a day (%d booked and lost in crashes), %d posts read, %d paid for", spent(t, s, "1"), monthly, least, lost.Load()*postMicros, read, paid)
}

// TestBudgetEndsInsideAPage stops where the money ends, keeps what was read and
// goes on there the next day.
func TestBudgetEndsInsideAPage(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)} // the month's last day
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	setPaid(t, s, "paid", 33*postMicros)
	p := paidPlatform{platform: newPlatform("paid", clock, 100, time.Hour)}
	clock.step(2 * time.Hour)
	live := liveScanner(s, clock, p.definition("paid"))
	r, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	now := r.Standings[0]
	if now.State != scan.Paused || now.Kind != collectors.Budget || !now.Until.Equal(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)) || count(t, s, "mention") != 33 || spent(t, s, "1") != 33*postMicros {
		t.Fatalf("%+v with %d posts for %d", now, count(t, s, "mention"), spent(t, s, "1"))
	}
	setPaid(t, s, "paid", 31*33*postMicros)
	for _, want := range []int{66, 99, 100} {
		clock.step(24 * time.Hour)
		var work sync.WaitGroup
		must(t, live.Tick(t.Context(), s, &work))
		work.Wait()
		if n := count(t, s, "mention"); n != want {
			t.Errorf("%d posts on %s, want %d", n, clock.now().Format("Jan 2"), want)
		}
	}
	if n := count(t, s, "charged"); n > 100 {
		t.Errorf("%d ids are kept", n)
	}
}

// TestBookedByMany books and settles from many goroutines over two processes at
// once, with the same objects over and over: the limit holds to the last unit,
// and each object is charged once a day.
func TestBookedByMany(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)}
	dir := t.TempDir()
	stores := []*Store{openAt(t, dir, clock), openAt(t, dir, clock)}
	for _, s := range stores {
		defer s.Close()
	}
	const units = 1003
	setPaid(t, stores[0], "paid", units*postMicros)
	var work sync.WaitGroup
	var open atomic.Int64
	for worker := range 16 {
		work.Go(func() {
			s := stores[worker%2]
			for n := 0; ; n++ {
				b := scan.Booking{Brand: "acme", Source: "paid", Unit: "post_read", Price: postMicros, At: clock.now()}
				granted, id, _, err := s.Book(t.Context(), b, 1, 20)
				if err != nil {
					t.Error(err)
				}
				if granted == 0 {
					return
				}
				if n%7 == 6 {
					open.Add(granted)
					continue // it crashed
				}
				ids := make([]string, granted)
				for i := range ids {
					ids[i] = fmt.Sprint((worker%4)*1000 + n*20 + i) // four workers read the same
				}
				if err := s.Settle(t.Context(), id, b, 0, ids); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	total, ids := spent(t, stores[0], "1"), count(t, stores[0], "charged")
	if total != units*postMicros {
		t.Errorf("spent %d of %d", total, units*postMicros)
	}
	if int64(ids)+open.Load() != units {
		t.Errorf("%d objects charged and %d units lost make %d, want %d", ids, open.Load(), int64(ids)+open.Load(), units)
	}
	t.Logf("%d units: %d objects charged once each, %d lost in crashes", units, ids, open.Load())
}

// quotaPlatform counts each request against a hundred a day, as YouTube does its
// searches.
type quotaPlatform struct{ *platform }

func (p quotaPlatform) definition(name string) collectors.Definition {
	d := p.platform.definition(name)
	d.Costs = []collectors.Cost{{Unit: "search", Daily: 100, Title: collectors.Label{"en": "search", "es": "búsqueda"}}}
	d.Limits.DayZone = "America/Los_Angeles"
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		return quotaReader{&platformReader{p.platform, s}, s.Meter}, nil
	}
	return d
}

type quotaReader struct {
	*platformReader
	meter collectors.Meter
}

func (q quotaReader) Collect(ctx context.Context, query collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	booked, err := q.meter.Reserve(ctx, "search", 1, 1)
	if err != nil {
		return collectors.Page{}, err
	}
	page, err := q.platformReader.Collect(ctx, query, from)
	return page, errors.Join(err, booked.Settle(ctx, 1, nil))
}

// TestDailyQuota has three brands, from two processes, share a quota of a hundred
// requests a day that costs nothing: no day of the platform's clocks takes one
// more, also that on which they change, each brand goes on at the platform's
// midnight, and in the end nothing is missing.
func TestDailyQuota(t *testing.T) {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	must(t, err)
	clock := &steppedClock{t: time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC)} // the clocks go back on November 1st
	dir := t.TempDir()
	stores := []*Store{openAt(t, dir, clock), openAt(t, dir, clock)}
	for _, s := range stores {
		defer s.Close()
	}
	s := stores[0]
	names := []string{"acme", "acme two", "acme three"}
	for _, name := range names[1:] {
		must(t, s.CreateBrand(t.Context(), adalid.Brand{Name: name, Query: "acme"}))
	}
	q := quotaPlatform{newPlatform("quota", clock, 2300, time.Minute)}
	clock.step(time.Hour)
	var live []*scan.Live
	for _, s := range stores {
		live = append(live, liveScanner(s, clock, q.definition("quota")))
	}
	var work sync.WaitGroup
	for i, name := range names {
		work.Go(func() {
			r, err := live[i%2].Scan(t.Context(), scan.Order{Brand: name})
			if err != nil {
				t.Error(err)
				return
			}
			if x := r.Standings[0]; x.State != scan.Paused || x.Kind != collectors.Quota || !x.Until.Equal(time.Date(2026, 11, 1, 7, 0, 0, 0, time.UTC)) {
				t.Errorf("%s: %+v, want it to wait for midnight in Los Angeles", name, x)
			}
		})
	}
	work.Wait()
	for range 6 * 24 {
		for i, s := range stores { // each source is read by one of them
			must(t, live[i].Tick(t.Context(), s, &work))
		}
		work.Wait()
		clock.step(time.Hour)
	}
	days := map[string]int{}
	rows, err := sqlDB(t, s).QueryContext(t.Context(), "SELECT day, sum(units) FROM spend GROUP BY day")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var day int64
		var units int
		must(t, rows.Scan(&day, &units))
		days[time.Unix(day*secondsADay, 0).UTC().Format(time.DateOnly)] = units
	}
	must(t, rows.Err())
	if want := map[string]int{"2026-10-31": 100, "2026-11-01": 100, "2026-11-02": 100, "2026-11-03": 45}; fmt.Sprint(days) != fmt.Sprint(want) {
		t.Errorf("requests %v, want %v", days, want)
	}
	if n := count(t, s, "mention"); n != 3*2300 || spent(t, s, "1") != 0 {
		t.Errorf("%d posts for %d, want all for nothing", n, spent(t, s, "1"))
	}
	t.Logf("%d requests by %v: %v", q.asked, clock.now().In(pacific), days)
}
