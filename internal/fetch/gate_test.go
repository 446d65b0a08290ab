package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"adalid/collectors"
)

var begin = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func until(err error) time.Time {
	if e := (*collectors.Error)(nil); errors.As(err, &e) {
		return e.Until
	}
	return time.Time{}
}

func newGate() *gate {
	return &gate{buckets: map[collectors.Rate]*bucket{}, closed: map[string]closing{}}
}

// No period of any Rate ever sees more requests than it allows, whatever comes.
func TestNoPeriodSeesTooMany(t *testing.T) {
	l := collectors.Limits{Rates: []collectors.Rate{{Requests: 5, Per: time.Second}, {Requests: 20, Per: 10 * time.Second}, {Path: "/search", Requests: 2, Per: 3 * time.Second}}}
	random := rand.New(rand.NewPCG(1, 2))
	g, now := newGate(), begin
	var all, searches []time.Time
	for range 5000 {
		now = now.Add(time.Duration(random.IntN(400)) * time.Millisecond)
		path := []string{"/users", "/search/x"}[random.IntN(2)]
		at, err := g.reserve(context.Background(), now, l, path, 500*time.Millisecond)
		if err != nil {
			if u := until(err); !u.After(now.Add(500 * time.Millisecond)) {
				t.Fatalf("refused until %v at %v", u, now)
			}
			continue
		}
		if all = append(all, at); path == "/search/x" {
			searches = append(searches, at)
		}
	}
	for _, r := range l.Rates {
		sent := all
		if r.Path != "" {
			sent = searches
		}
		for _, from := range sent {
			n := 0
			for _, at := range sent {
				if !at.Before(from) && at.Before(from.Add(r.Per)) {
					n++
				}
			}
			if n > r.Requests {
				t.Fatalf("%d requests within %v of %v, %d are allowed", n, r.Per, from, r.Requests)
			}
		}
	}
	if len(all) < 1500 || len(searches) < 300 {
		t.Errorf("only %d and %d of 5000 passed", len(all), len(searches))
	}
}

func TestShortWaitsAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := collectors.Limits{Rates: []collectors.Rate{{Requests: 2, Per: 2 * time.Second}}}
		g, start := newGate(), time.Now()
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if err := g.take(t.Context(), time.Now(), l, "/", 3*time.Second); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("after %v", took)
		}
		err := g.take(t.Context(), time.Now(), l, "/", time.Second)
		if e := (*collectors.Error)(nil); !errors.As(err, &e) || e.Kind != collectors.RateLimited || !e.Until.Equal(start.Add(4*time.Second)) {
			t.Errorf("%v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := g.take(ctx, time.Now(), l, "/", 3*time.Second); until(err).IsZero() || time.Since(start) != 2*time.Second {
			t.Errorf("a wait beyond the deadline: %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := g.take(ctx, time.Now(), l, "/", 3*time.Second); !errors.Is(err, context.Canceled) {
			t.Errorf("a wait that is cut short: %v", err)
		}
	})
}

func TestClosings(t *testing.T) {
	l := collectors.Limits{Rates: []collectors.Rate{{Requests: 9, Per: time.Second}, {Path: "/2/", Requests: 9, Per: time.Second}, {Path: "/2/users", Requests: 9, Per: time.Second}}}
	for path, want := range map[string]string{"/": "", "/2/x": "/2/", "/2/users/1": "/2/users", "": ""} {
		if got := scope(l, path); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	g := newGate()
	pass := func(path string, now time.Time) error { return g.take(context.Background(), now, l, path, 0) }
	g.close("/2/users", collectors.RateLimited, begin.Add(time.Hour))
	g.close("/2/users", collectors.RateLimited, begin.Add(time.Minute))
	if err := pass("/2/users/1", begin); !until(err).Equal(begin.Add(time.Hour)) {
		t.Error(err)
	}
	if err := pass("/2/tweets", begin); err != nil {
		t.Error(err)
	}
	if err := pass("/2/users/1", begin.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	g.close("", collectors.Quota, begin.Add(5*time.Hour))
	if err := pass("/2/tweets", begin.Add(4*time.Hour)); !until(err).Equal(begin.Add(5 * time.Hour)) {
		t.Error(err)
	}
}

func TestGatesThatNoLongerMatterAreForgotten(t *testing.T) {
	now := begin
	c, err := New(Options{UserAgent: "test", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	c.gate("closed").close("", collectors.Quota, begin.Add(24*time.Hour))
	for i := range 5000 {
		now = now.Add(5 * time.Second)
		c.gate(fmt.Sprint(i))
	}
	if n := len(c.gates); n > 2000 || c.gates["closed"] == nil {
		t.Errorf("%d gates", n)
	}
}

func BenchmarkGate(b *testing.B) {
	l := collectors.Limits{Rates: []collectors.Rate{{Requests: 5000, Per: time.Hour}}}
	g, now := newGate(), begin
	b.ReportAllocs()
	for b.Loop() {
		now = now.Add(time.Second)
		if err := g.take(context.Background(), now, l, "/", 0); err != nil {
			b.Fatal(err)
		}
	}
}
