package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// hanging is a platform of which each request takes a minute of the test's
// clock.
type hanging struct {
	clock *steppedClock
	mu    sync.Mutex
	calls []call
	most  int
}

type call struct {
	until time.Time
	done  chan struct{}
}

func (h *hanging) Collect(ctx context.Context, _ collectors.Query, _ collectors.Cursor) (collectors.Page, error) {
	done := make(chan struct{})
	h.mu.Lock()
	h.calls = append(h.calls, call{h.clock.now().Add(time.Minute), done})
	h.most = max(h.most, len(h.calls))
	h.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return collectors.Page{}, &collectors.Error{Kind: collectors.Transient, Message: "no answer"}
}

// end lets those go whose minute is over.
func (h *hanging) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	var left []call
	for _, c := range h.calls {
		if c.until.After(h.clock.now()) {
			left = append(left, c)
			continue
		}
		close(c.done)
	}
	h.calls = left
}

// TestHangingPlatform scans twenty brands every minute at three platforms, of
// which one takes a minute to fail: none of the other two misses a minute.
func TestHangingPlatform(t *testing.T) {
	brands, minutes := 20, 12
	if raced {
		brands, minutes = 10, 4
	}
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	schedule, err := scan.NewSchedule("* * * * *", "UTC")
	must(t, err)
	for i := range brands {
		name := fmt.Sprint("brand", i)
		must(t, s.CreateBrand(t.Context(), adalid.Brand{Name: name, Query: "acme"}))
		at, run := schedule.Next(clock.now())
		must(t, s.SetSchedule(t.Context(), scan.Plan{Brand: name, Spec: schedule.Spec, Zone: schedule.Zone, At: at, Run: run}))
	}
	period := time.Duration(minutes) * time.Minute
	good, fine := newPlatform("good", clock, minutes, period), newPlatform("fine", clock, minutes, period)
	h := &hanging{clock: clock}
	dead := good.definition("dead")
	dead.New = func(collectors.Setup) (collectors.Collector, error) { return h, nil }
	live := liveScanner(s, clock, dead, good.definition("good"), fine.definition("fine"))
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	ends := func() int { return count(t, s, "scan WHERE source IN ('good', 'fine') AND state = 'done'") }
	late := 0
	for minute := range minutes {
		clock.step(time.Minute)
		h.end()
		want := 2 * brands * (minute + 1)
		must(t, live.Tick(ctx, s, &work))
		for limit := time.Now().Add(time.Minute); ends() < want && time.Now().Before(limit); {
			time.Sleep(5 * time.Millisecond)
		}
		if n := ends(); n != want {
			late += want - n
		}
	}
	if late > 0 {
		t.Errorf("%d of %d scans of the platforms that answer did not happen in their minute", late, 2*brands*minutes)
	}
	stop()
	work.Wait()
	if h.most > 4 {
		t.Errorf("%d requests hung at the same time", h.most)
	}
	if n := count(t, s, "scan WHERE state = 'running'"); n != 0 {
		t.Errorf("%d records say that they run", n)
	}
	if n, untold := count(t, s, "scan WHERE source = 'dead' AND state = 'stopped'"), count(t, s, "scan WHERE state <> 'done' AND reason = ''"); n == 0 || untold > 0 {
		t.Errorf("%d records of those who waited for their turn until the end, %d without a reason", n, untold)
	}
	t.Logf("%d scans at two platforms in %d minutes, %d late, while a third hung", 2*brands*minutes, minutes, late)
}
