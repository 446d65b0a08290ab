package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// TestRecall scans for a month, hour by hour, a platform that has 3,000 posts,
// half of them about something else, lists them in pages, is down for two days,
// limits, fails in the middle and is read by processes that come and go: in the
// end each of the posts about the brand is there.
func TestRecall(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	const month = 30 * 24 * time.Hour
	step := 30 * time.Minute
	if raced {
		step = 4 * time.Hour
	}
	p := newPlatform("one", clock, 3000, month)
	want := 0
	for i := range p.posts {
		if i%2 == 0 {
			p.posts[i].Text = fmt.Sprintf("somebody else's news %d", i)
		} else {
			want++
		}
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	begun, waits, failures := clock.now(), 0, 0
	p.fail = func(n int) error {
		since := clock.now().Sub(begun)
		if since > 10*24*time.Hour && since < 12*24*time.Hour {
			failures++
			return &collectors.Error{Kind: collectors.Transient, Message: "it is down"}
		}
		switch rnd.IntN(12) {
		case 0:
			waits++
			return &collectors.Error{Kind: collectors.RateLimited, Message: "too many requests", Until: clock.now().Add(10 * time.Minute)}
		case 1:
			failures++
			return fmt.Errorf("a broken answer %d", n)
		}
		return nil
	}
	schedule, err := scan.NewSchedule("0 * * * *", "UTC")
	must(t, err)
	at, run := schedule.Next(clock.now())
	must(t, s.SetSchedule(t.Context(), scan.Plan{Brand: "acme", Spec: schedule.Spec, Zone: schedule.Zone, At: at, Run: run}))
	live := liveScanner(s, clock, p.definition("one"))
	for i := range int(month/step) + 8 {
		clock.step(step)
		var work sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		if i%50 == 49 { // the process is told to stop, and another one starts
			stop()
			live = liveScanner(s, clock, p.definition("one"))
		}
		if err := live.Tick(ctx, s, &work); ctx.Err() == nil {
			must(t, err)
		}
		work.Wait()
		stop()
	}
	p.fail = nil
	r, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	if r.State != scan.Done {
		t.Errorf("the last scan: %+v", r)
	}
	got := count(t, s, "mention")
	if got != want {
		t.Errorf("%d of %d posts about the brand", got, want)
	}
	if n := count(t, s, "scan WHERE state = 'running'"); n != 0 {
		t.Errorf("%d records say that they run", n)
	}
	t.Logf("%d of %d posts, %d requests, %d limits, %d failures", got, want, p.asked, waits, failures)
}

// TestOneReader lets two processes compete for a due scan, 200 times: one of
// them reads. What a slow one brings that has lost its lease is not stored.
func TestOneReader(t *testing.T) {
	rounds := 200
	if raced {
		rounds = 20
	}
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	dir := t.TempDir()
	stores := []*Store{openAt(t, dir, clock), openAt(t, dir, clock)}
	for _, s := range stores {
		defer s.Close()
	}
	p := newPlatform("one", clock, 10*rounds, time.Duration(rounds)*time.Hour)
	schedule, err := scan.NewSchedule("0 * * * *", "UTC")
	must(t, err)
	at, run := schedule.Next(clock.now())
	must(t, stores[0].SetSchedule(t.Context(), scan.Plan{Brand: "acme", Spec: schedule.Spec, Zone: schedule.Zone, At: at, Run: run}))
	processes := []*scan.Live{liveScanner(stores[0], clock, p.definition("one")), liveScanner(stores[1], clock, p.definition("one"))}
	for round := range rounds {
		clock.step(time.Hour)
		var work sync.WaitGroup
		var together sync.WaitGroup
		for i, live := range processes {
			together.Go(func() {
				if err := live.Tick(t.Context(), stores[i], &work); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		together.Wait()
		work.Wait()
		if n := count(t, stores[0], "scan WHERE source = ''"); n != round+1 {
			t.Fatalf("round %d: %d scans", round, n)
		}
	}
	if asked := p.asked; asked != rounds {
		t.Errorf("%d requests in %d rounds", asked, rounds)
	}

	// The first is held up inside its request until its lease is over.
	clock.step(time.Hour)
	p.posts = append(p.posts, newPlatform("one", clock, 1, time.Minute).posts[0])
	p.posts[len(p.posts)-1].ID = "late"
	clock.step(time.Minute)
	slow, goOn := make(chan struct{}), make(chan struct{})
	calls := atomic.Int32{}
	hung := p.definition("one")
	hung.New = func(setup collectors.Setup) (collectors.Collector, error) {
		return waiting{&platformReader{p, setup}, func() {
			if calls.Add(1) == 1 {
				close(slow)
				<-goOn
			}
		}}, nil
	}
	first, second := liveScanner(stores[0], clock, hung), liveScanner(stores[1], clock, hung)
	var lost scan.Result
	var work sync.WaitGroup
	work.Go(func() { lost, _ = first.Scan(t.Context(), scan.Order{Brand: "acme"}) })
	<-slow
	r, err := second.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	if r.State != scan.Stopped || calls.Load() != 1 {
		t.Errorf("a second reader: %+v, %d calls", r, calls.Load())
	}
	records, err := stores[1].Wholes(t.Context(), "acme", r.ID, 1)
	must(t, err)
	if l := records[0].Legs; len(l) != 1 || l[0].State != scan.Stopped || l[0].Reason != "another process reads this source" || l[0].Finished.IsZero() {
		t.Errorf("recorded of a second reader: %+v", records)
	}
	standings, err := stores[1].Standings(t.Context(), "acme")
	must(t, err)
	if len(standings) != 1 || standings[0].State != scan.Running {
		t.Errorf("how the source stands says the one that reads it, not the other: %+v", standings)
	}
	before := count(t, stores[1], "mention")
	clock.step(3 * time.Minute)
	close(goOn)
	// The lease is over, but nobody took it: the page still counts.
	work.Wait()
	if lost.State != scan.Done || count(t, stores[1], "mention") != before+1 {
		t.Errorf("a slow reader whom nobody replaced: %+v", lost)
	}

	// The same once more, and this time the second takes it over.
	calls.Store(0)
	slow, goOn = make(chan struct{}), make(chan struct{})
	work.Go(func() { lost, _ = first.Scan(t.Context(), scan.Order{Brand: "acme"}) })
	<-slow
	clock.step(3 * time.Minute)
	p.mu.Lock()
	p.posts = append(p.posts, p.posts[len(p.posts)-1])
	p.posts[len(p.posts)-1].ID = "later"
	p.mu.Unlock()
	r, err = second.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	stored, err := stores[1].Cursor(t.Context(), "acme", "one")
	must(t, err)
	version := count(t, stores[1], "mention")
	close(goOn)
	work.Wait()
	after, err := stores[1].Cursor(t.Context(), "acme", "one")
	must(t, err)
	if r.State != scan.Done || lost.State != scan.Stopped || !strings.Contains(lost.Standings[0].Reason, "another process") || string(after.Cursor) != string(stored.Cursor) || count(t, stores[1], "mention") != version {
		t.Errorf("the one that took over: %+v; the one that lost: %+v", r, lost)
	}
	if n := count(t, stores[0], "scan WHERE state = 'running'"); n != 0 {
		t.Errorf("%d records say that they run", n)
	}
	t.Logf("%d rounds, %d requests", rounds, rounds)
}

// waiting is a collector that does something before each page.
type waiting struct {
	collectors.Collector
	before func()
}

func (w waiting) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	w.before()
	return w.Collector.Collect(ctx, q, from)
}

// TestRankedWhileRead asks for the ranking in the middle of a first scan and of
// a later one: it shows what is stored by then.
func TestRankedWhileRead(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	p := newPlatform("one", clock, 200, 48*time.Hour)
	for i := range p.posts {
		p.posts[i].Author = adalid.Author{Key: fmt.Sprint(i % 50), Handle: fmt.Sprint("h", i%50)}
	}
	ranker := rank.New(rank.Options{Store: s, Now: clock.now})
	var seen []int64
	definition := p.definition("one")
	definition.New = func(setup collectors.Setup) (collectors.Collector, error) {
		return waiting{&platformReader{p, setup}, func() {
			r, err := ranker.Rank(t.Context(), "acme", rank.Query{Limit: 10})
			must(t, err)
			seen = append(seen, r.Mentions)
		}}, nil
	}
	live := liveScanner(s, clock, definition)
	for range 2 {
		clock.step(24 * time.Hour)
		_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
	}
	want := []int64{0, 20, 40, 60, 80, 100, 101, 121, 141, 161, 181}
	if !slices.Equal(seen, want) {
		t.Errorf("a ranking in the middle saw %v mentions, want %v", seen, want)
	}
	t.Logf("mentions ranked before each page: %v", seen)
}
