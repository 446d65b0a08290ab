package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/scan"
)

// asked is a platform that writes down how far back it is asked to reach.
type asked struct {
	collectors.Collector
	note func(collectors.Query) error
}

func (a asked) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	if err := a.note(q); err != nil {
		return collectors.Page{}, err
	}
	return a.Collector.Collect(ctx, q, from)
}

// orders is what three platforms were asked since the last look.
type orders struct {
	mu    sync.Mutex
	lines []string
}

func (o *orders) take() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	slices.Sort(o.lines)
	defer func() { o.lines = nil }()
	return strings.Join(o.lines, ", ")
}

// scanner opens the database as a new process does, over platforms one, two and
// three; fail is what their answers begin with.
func (o *orders) scanner(t *testing.T, dir string, clock *steppedClock, fail func() error) (*Store, *scan.Live) {
	s := openAt(t, dir, clock)
	var definitions []collectors.Definition
	for _, name := range []string{"one", "two", "three"} {
		p := newPlatform(name, clock, 1, time.Minute)
		d := p.definition(name)
		d.New = func(setup collectors.Setup) (collectors.Collector, error) {
			return asked{&platformReader{p, setup}, func(q collectors.Query) error {
				o.mu.Lock()
				o.lines = append(o.lines, fmt.Sprintf("%s since %s", name, q.Since.Format(time.DateOnly)))
				o.mu.Unlock()
				return fail()
			}}, nil
		}
		definitions = append(definitions, d)
	}
	return s, liveScanner(s, clock, definitions...)
}

// TestScanKeepsToItsOrder: who goes on with a scan whose process was killed, or
// that had to wait, reads the sources that it was asked for, as far back as it
// was asked to, and no others.
func TestScanKeepsToItsOrder(t *testing.T) {
	const september = " since 2026-09-01"
	since := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		order  scan.Order
		killed bool // in the middle of its requests; else every source asks to wait
		want   string
		legs   string
	}{
		{"one platform, killed", scan.Order{Only: []string{"two"}, Since: since}, true, "two" + september, "two stopped, two done"},
		{"two platforms, killed", scan.Order{Only: []string{"one", "two"}}, true, "one since 0001-01-01, two since 0001-01-01", "one stopped, one done, two stopped, two done"},
		{"all, killed", scan.Order{Since: since}, true, "one" + september + ", three" + september + ", two" + september, "one stopped, one done, three stopped, three done, two stopped, two done"},
		{"one platform that waits", scan.Order{Only: []string{"three"}, Since: since}, false, "three" + september, "three paused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
			dir := t.TempDir()
			var o orders
			begun, hang := make(chan struct{}, 3), make(chan struct{})
			wait := func() error {
				return &collectors.Error{Kind: collectors.RateLimited, Message: "wait", Until: clock.now().Add(10 * time.Minute)}
			}
			first, live := o.scanner(t, dir, clock, func() error {
				begun <- struct{}{}
				if c.killed {
					<-hang
				}
				return wait()
			})
			var work sync.WaitGroup
			defer func() {
				work.Wait()
				_ = first.Close() // of one that was killed there is less to close
			}()
			c.order.Brand = "acme"
			id, err := live.Begin(t.Context(), c.order, &work)
			must(t, err)
			for range strings.Count(c.want, "since") {
				<-begun
			}
			if c.killed {
				first.writing <- struct{}{} // what the kernel takes from a process that is killed
				must(t, first.marked.file.Close())
				<-first.writing
			} else {
				work.Wait()
			}
			clock.step(11 * time.Minute)
			o.take()

			s, again := o.scanner(t, dir, clock, func() error { return nil })
			defer s.Close()
			var rest sync.WaitGroup
			must(t, again.Tick(t.Context(), s, &rest))
			rest.Wait()
			if got := o.take(); got != c.want {
				t.Errorf("asked %s, want %s", got, c.want)
			}
			records, err := s.Wholes(t.Context(), "acme", id, 1)
			must(t, err)
			var legs []string
			for _, l := range records[0].Legs {
				legs = append(legs, l.Source+" "+string(l.State))
			}
			if got := strings.Join(legs, ", "); got != c.legs || !slices.Equal(records[0].Only, c.order.Only) || !records[0].Since.Equal(c.order.Since) {
				t.Errorf("recorded %s, of %q since %v; want %s", got, records[0].Only, records[0].Since, c.legs)
			}
			close(hang)
		})
	}
}
