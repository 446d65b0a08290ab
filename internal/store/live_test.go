package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// platform is a source in memory: posts by time, read in pages from the oldest
// not read yet, failing when it is told to.
type platform struct {
	mu    sync.Mutex
	clock *steppedClock
	posts []adalid.Mention // by time
	page  int
	whole bool // what was read is known completely, however late; else only the last hour is
	fail  func(request int) error
	asked int
}

// steppedClock is a clock that a test sets.
type steppedClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *steppedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *steppedClock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func (p *platform) definition(name string, can ...collectors.Capability) collectors.Definition {
	return collectors.Definition{
		Name: name, Platform: adalid.Platform(name), Title: collectors.Label{"en": name, "es": name},
		Can: append(can, collectors.Keyless),
		New: func(s collectors.Setup) (collectors.Collector, error) { return &platformReader{p, s}, nil },
	}
}

type platformReader struct {
	*platform
	setup collectors.Setup
}

func (p *platformReader) Collect(ctx context.Context, _ collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if err := ctx.Err(); err != nil {
		return collectors.Page{}, err
	}
	if p.fail != nil {
		if err := p.fail(p.asked); err != nil {
			return collectors.Page{}, err
		}
	}
	at := 0
	if from != nil {
		if err := json.Unmarshal(from, &at); err != nil {
			return collectors.Page{}, err
		}
	}
	var page collectors.Page
	now := p.clock.now()
	start := at
	for ; at < len(p.posts) && len(page.Mentions) < p.page && !p.posts[at].CreatedAt.After(now); at++ {
		page.Mentions = append(page.Mentions, p.posts[at])
	}
	page.Rows = int64(at - start)
	page.More = at < len(p.posts) && !p.posts[at].CreatedAt.After(now)
	page.Next = collectors.Cursor(fmt.Sprint(at))
	known := collectors.Period{From: now.Add(-time.Hour), To: now}
	if p.whole && start > 0 {
		known.From = p.posts[start-1].CreatedAt
	}
	if p.whole && page.More {
		known.To = p.posts[at-1].CreatedAt
	}
	if p.whole && known.From.Before(known.To) || !page.More {
		page.Observed = []collectors.Period{known}
	}
	return page, nil
}

// newPlatform holds n posts that name the brand, spread over a period.
func newPlatform(name string, clock *steppedClock, n int, period time.Duration) *platform {
	p := &platform{clock: clock, page: 20}
	for i := range n {
		p.posts = append(p.posts, adalid.Mention{
			Platform: adalid.Platform(name), ID: fmt.Sprintf("%s-%06d", name, i), Text: fmt.Sprintf("acme is fine %d", i),
			CreatedAt: clock.now().Add(time.Duration(i) * period / time.Duration(n)),
			Author:    adalid.Author{Key: fmt.Sprint(i % 17), Handle: fmt.Sprint("h", i%17)},
		})
	}
	return p
}

func liveScanner(s *Store, clock *steppedClock, definitions ...collectors.Definition) *scan.Live {
	return scan.NewLive(scan.LiveOptions{
		Store: s, Legs: s, Sources: s, Purse: s, Remover: s, Definitions: definitions,
		HTTP: func(string, collectors.Limits) collectors.Doer { return nil },
		Now:  clock.now, Log: slog.New(slog.DiscardHandler), Owner: "test",
	})
}

func openAt(t *testing.T, dir string, clock *steppedClock) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{Dir: dir, Now: clock.now})
	must(t, err)
	if err := s.CreateBrand(t.Context(), adalid.Brand{Name: "acme"}); err != nil && adalid.CodeOf(err) != adalid.Conflict {
		t.Fatal(err)
	}
	return s
}

func count(t *testing.T, s *Store, where string) (n int) {
	t.Helper()
	must(t, sqlDB(t, s).QueryRowContext(t.Context(), "SELECT count(*) FROM "+where).Scan(&n))
	return n
}

// TestRefusedPlatformStopsNoOther scans three platforms of which one refuses
// and one has to wait.
func TestRefusedPlatformStopsNoOther(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	good, bad, busy := newPlatform("good", clock, 50, time.Hour), newPlatform("bad", clock, 5, time.Hour), newPlatform("busy", clock, 50, time.Hour)
	bad.fail = func(int) error {
		return &collectors.Error{Kind: collectors.Auth, Message: "the key was revoked", Fix: "make a new one"}
	}
	busy.fail = func(n int) error {
		if n == 2 {
			return &collectors.Error{Kind: collectors.RateLimited, Message: "too many requests", Until: clock.now().Add(10 * time.Minute)}
		}
		return nil
	}
	clock.step(2 * time.Hour)
	live := liveScanner(s, clock, good.definition("good"), bad.definition("bad"), busy.definition("busy"))
	r, err := live.Scan(t.Context(), scan.Order{Brand: "ACME"})
	must(t, err)
	var got []string
	for _, x := range r.Standings {
		got = append(got, fmt.Sprintf("%s %s %s %d", x.Source, x.State, x.Kind, x.Report.Saved.New))
	}
	if want := "bad failed auth 0, busy paused rate_limited 20, good done  50"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	records, err := s.Wholes(t.Context(), "acme", 0, 10)
	must(t, err)
	if len(records) != 1 || len(records[0].Legs) != 3 || records[0].Legs[0].Reason != "the key was revoked" || records[0].Legs[0].Fix != "make a new one" ||
		records[0].Legs[1].Pages != 1 || records[0].Legs[2].Saved.New != 50 {
		t.Errorf("recorded %+v", records)
	}

	var work sync.WaitGroup
	must(t, live.Tick(t.Context(), s, &work))
	work.Wait()
	if n := count(t, s, "mention WHERE platform = 'busy'"); n != 20 {
		t.Errorf("%d mentions while it has to wait, want 20", n)
	}
	clock.step(11 * time.Minute)
	must(t, live.Tick(t.Context(), s, &work))
	work.Wait()
	if n := count(t, s, "mention WHERE platform = 'busy'"); n != 50 {
		t.Errorf("%d mentions after the wait, want 50", n)
	}
	if busy.asked != 4 {
		t.Errorf("%d requests, want 4: one page before the refusal, the refusal, two after it", busy.asked)
	}
	seen, err := s.Observed(t.Context(), "acme", "good")
	must(t, err)
	if len(seen) != 1 || !seen[0].To.Equal(time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("observed %v", seen)
	}
}

// hasty is a calendar that was looked at just before another process began what
// was due.
type hasty struct {
	*Store
	plans []scan.Plan
}

func (c hasty) Plans(context.Context, time.Time) ([]scan.Plan, error) { return c.plans, nil }

// TestSchedulesRunOnce has two processes look at a daily 02:30 in Madrid at the
// same moment, over a week with a change of clocks. Every night the clock is set
// back by three hours after the scan, and the schedule is stored once more.
func TestSchedulesRunOnce(t *testing.T) {
	for _, c := range []struct{ from, changed string }{{"2027-03-25", "2027-03-28T01:30"}, {"2027-10-28", "2027-10-31T00:30"}} {
		begin, err := time.Parse(time.DateOnly, c.from)
		must(t, err)
		clock := &steppedClock{t: begin}
		s := openAt(t, t.TempDir(), clock)
		p := newPlatform("one", clock, 1, time.Hour)
		schedule, err := scan.NewSchedule("30 2 * * *", "Europe/Madrid")
		must(t, err)
		set := func() {
			at, run := schedule.Next(clock.now())
			must(t, s.SetSchedule(t.Context(), scan.Plan{Brand: "acme", Spec: schedule.Spec, Zone: schedule.Zone, At: at, Run: run}))
		}
		set()
		processes := []*scan.Live{liveScanner(s, clock, p.definition("one")), liveScanner(s, clock, p.definition("one"))}
		back := ""
		for clock.now().Before(begin.AddDate(0, 0, 7)) {
			clock.step(15 * time.Minute)
			if now := clock.now(); now.Hour() == 3 && back != now.Format(time.DateOnly) {
				back = now.Format(time.DateOnly)
				clock.step(-3 * time.Hour)
				set()
			}
			plans, err := s.Plans(t.Context(), clock.now())
			must(t, err)
			var work sync.WaitGroup
			for _, live := range processes {
				must(t, live.Tick(t.Context(), hasty{s, plans}, &work))
			}
			work.Wait()
		}
		records, err := s.Wholes(t.Context(), "acme", 0, 100)
		must(t, err)
		var starts, days []string
		for _, r := range records {
			starts, days = append(starts, r.Started.Format("2006-01-02T15:04")), append(days, r.Started.Format(time.DateOnly))
		}
		slices.Sort(days)
		if len(slices.Compact(days)) != 7 || len(starts) != 7 || !slices.Contains(starts, c.changed) {
			t.Errorf("from %s: scans at %v, want one a day and one of them at %s", c.from, starts, c.changed)
		}
		t.Logf("from %s: %v", c.from, starts)
		must(t, s.Close())
	}
}

// TestJumpsOfTheClock: runs that were missed are one; a clock that was a year
// ahead for an hour costs the runs of that hour and no others; one that was
// behind repeats none.
func TestJumpsOfTheClock(t *testing.T) {
	for _, spec := range []string{"30 2 * * *", "@every 24h"} {
		clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
		s := openAt(t, t.TempDir(), clock)
		p := newPlatform("one", clock, 1, time.Minute)
		schedule, err := scan.NewSchedule(spec, "Europe/Madrid")
		must(t, err)
		at, run := schedule.Next(clock.now())
		must(t, s.SetSchedule(t.Context(), scan.Plan{Brand: "acme", Spec: schedule.Spec, Zone: schedule.Zone, At: at, Run: run}))
		live := liveScanner(s, clock, p.definition("one"))
		hours := func(n int) int {
			t.Helper()
			before := p.asked
			for range n {
				clock.step(time.Hour)
				var work sync.WaitGroup
				must(t, live.Tick(t.Context(), s, &work))
				work.Wait()
			}
			return p.asked - before
		}
		for _, step := range []struct {
			what       string
			jump       time.Duration
			hours, min int
			max        int
		}{
			{"three days", 0, 72, 3, 3},
			{"nobody was there for ten", 10 * 24 * time.Hour, 1, 1, 1},
			{"three days more", 0, 72, 3, 3},
			{"a year ahead", 365 * 24 * time.Hour, 1, 1, 1},
			{"back again", -365 * 24 * time.Hour, 72, 2, 3}, // by elapsed time they count from then on
			{"back by two days", -48 * time.Hour, 48, 0, 2}, // by elapsed time they are two other runs
			{"three days in the end", 0, 72, 2, 3},
		} {
			clock.step(step.jump)
			if n := hours(step.hours); n < step.min || n > step.max {
				t.Errorf("%s, %s: %d scans, want %d to %d", spec, step.what, n, step.min, step.max)
			}
		}
		must(t, s.Close())
	}
}

// TestGapsOfPlatforms: what a source did not watch is named by the ranking's
// state, by platform.
func TestGapsOfPlatforms(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	p := newPlatform("good", clock, 50, 10*24*time.Hour)
	live := liveScanner(s, clock, p.definition("good"))
	for range 2 {
		clock.step(5 * 24 * time.Hour)
		_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
	}
	state, err := s.State(t.Context(), "acme")
	must(t, err)
	if len(state.Observed) != 2 || state.Observed[0].Platform != "good" || !state.Observed[1].To.Equal(clock.now()) {
		t.Errorf("observed %v", state.Observed)
	}
}

// lagging is a platform of which a day passes until it shows everything.
type lagging struct{ collectors.Collector }

func (l lagging) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	page, err := l.Collector.Collect(ctx, q, from)
	for i := range page.Observed {
		page.Observed[i].From = page.Observed[i].From.Add(-48 * time.Hour)
		page.Observed[i].To = page.Observed[i].To.Add(-24 * time.Hour)
	}
	return page, err
}

// TestLateIsNoGap: where a platform shows late what was posted, the time up to
// the last reading is no gap although it is not known completely yet; once it
// is no longer read, or what is open is more than that, it is one.
func TestLateIsNoGap(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	p, other := newPlatform("late", clock, 500, 20*24*time.Hour), newPlatform("other", clock, 500, 20*24*time.Hour)
	d := p.definition("late")
	d.New = func(setup collectors.Setup) (collectors.Collector, error) {
		return lagging{&platformReader{p, setup}}, nil
	}
	live := liveScanner(s, clock, d, other.definition("other"))
	ranker := rank.New(rank.Options{Store: s, Now: clock.now})
	for _, c := range []struct {
		after time.Duration
		fail  error
		want  string
	}{
		{4 * 24 * time.Hour, nil, ""},
		{time.Hour, nil, ""},
		{5 * time.Hour, errors.New("out of order"), "05 09:00 to 05 14:00"},
		{time.Hour, nil, ""},
		{3 * 24 * time.Hour, nil, "04 15:00 to 06 14:00"}, // known completely before and after, never read again between
	} {
		clock.step(c.after)
		p.fail = func(int) error { return c.fail }
		_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
		must(t, s.Observe(t.Context(), "acme", "other", clock.now().Add(-30*24*time.Hour), clock.now()))
		r, err := ranker.Rank(t.Context(), "acme", rank.Query{})
		must(t, err)
		var got []string
		for _, g := range r.Gaps {
			if g.Platform == "late" {
				got = append(got, g.From.Format("02 15:04")+" to "+g.To.Format("02 15:04"))
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("at %v: gaps %q, want %q", clock.now(), got, c.want)
		}
	}
}

// TestRemovedSourceIsLeftAlone: nobody waits for a source that was removed or
// switched off, it fails nobody any more, and those beside it go on; which
// period it was watched is still known.
func TestRemovedSourceIsLeftAlone(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	left, gone := newPlatform("left", clock, 30, time.Hour), newPlatform("gone", clock, 30, time.Hour)
	off := newPlatform("off", clock, 30, time.Hour)
	var definitions []collectors.Definition
	for name, p := range map[string]*platform{"left": left, "gone": gone, "off": off} {
		must(t, s.SetSource(t.Context(), scan.Source{Name: name, Collector: name, Settings: []byte("{}"), Enabled: true}))
		d := p.definition(name)
		d.Can = nil // needs a stored source
		definitions = append(definitions, d)
	}
	clock.step(2 * time.Hour)
	live := liveScanner(s, clock, definitions...)
	_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	clock.step(time.Hour)
	for _, p := range []*platform{left, gone, off} {
		p.fail = func(n int) error {
			if n < 4 {
				return &collectors.Error{Kind: collectors.RateLimited, Message: "wait", Until: clock.now().Add(10 * time.Minute)}
			}
			return nil
		}
	}
	_, err = live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	must(t, s.RemoveSource(t.Context(), "gone"))
	must(t, s.SetSource(t.Context(), scan.Source{Name: "off", Collector: "off", Settings: []byte("{}")}))
	clock.step(11 * time.Minute)
	var work sync.WaitGroup
	must(t, live.Tick(t.Context(), s, &work))
	work.Wait()
	if left.asked != 4 || gone.asked != 3 || off.asked != 3 {
		t.Errorf("asked %d, %d and %d times", left.asked, gone.asked, off.asked)
	}
	standings, err := s.Standings(t.Context(), "acme")
	must(t, err)
	if len(standings) != 1 || standings[0].Source != "left" || standings[0].State != scan.Done {
		t.Errorf("%+v", standings)
	}
	state, err := s.State(t.Context(), "acme")
	must(t, err)
	watched := map[adalid.Platform]bool{}
	for _, o := range state.Observed {
		watched[o.Platform] = true
	}
	if len(watched) != 3 {
		t.Errorf("watched %v", state.Observed)
	}
}
