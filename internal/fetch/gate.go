package fetch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"adalid/collectors"
)

// gate holds what the Doers of one key share.
type gate struct {
	mu      sync.Mutex
	buckets map[collectors.Rate]*bucket
	closed  map[string]closing // by path prefix
	used    time.Time
}

// bucket holds the tokens of a Rate. A token that was taken comes back Per
// later, so that no period ever sees more than Requests: a bucket that fills
// evenly would let twice as many through in its first period.
type bucket struct {
	taken []time.Time // sorted; those that are back are dropped
}

// closing is why and until when nothing is sent.
type closing struct {
	kind  collectors.Kind
	until time.Time
}

// manyGates is when those that no longer matter are looked for.
const manyGates = 1000

// gate gives the gate of a key.
func (c *Client) gate(key string) *gate {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.gates[key]
	if g == nil {
		if n := len(c.gates); n >= manyGates && n&(n-1) == 0 {
			c.forget(now)
		}
		g = &gate{buckets: map[collectors.Rate]*bucket{}, closed: map[string]closing{}}
		c.gates[key] = g
	}
	g.mu.Lock()
	g.used = now
	g.mu.Unlock()
	return g
}

// take waits for a token of every Rate that applies to path. Where that takes
// longer than most, or the deadline of ctx, nothing is taken and the answer is
// an *Error of kind RateLimited.
func (g *gate) take(ctx context.Context, now time.Time, l collectors.Limits, path string, most time.Duration) error {
	at, err := g.reserve(ctx, now, l, path, most)
	if err != nil || !at.After(now) {
		return err
	}
	return sleep(ctx, at.Sub(now))
}

func (g *gate) reserve(ctx context.Context, now time.Time, l collectors.Limits, path string, most time.Duration) (time.Time, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for prefix, c := range g.closed {
		if !c.until.After(now) {
			delete(g.closed, prefix)
		} else if strings.HasPrefix(path, prefix) {
			return now, &collectors.Error{Kind: c.kind, Until: c.until, Message: "the platform asked to wait before more is read"}
		}
	}
	at, slowest := now, collectors.Rate{}
	for _, r := range l.Rates {
		if !applies(r, path) {
			continue
		}
		if free := g.bucket(r).free(r, now); free.After(at) {
			at, slowest = free, r
		}
	}
	deadline, bounded := ctx.Deadline()
	if wait := at.Sub(now); wait > 0 && (wait > most || bounded && time.Until(deadline) < wait) {
		return at, &collectors.Error{
			Kind: collectors.RateLimited, Until: at,
			Message: fmt.Sprintf("the limit of %d requests in %s is reached", slowest.Requests, slowest.Per),
		}
	}
	for _, r := range l.Rates {
		if applies(r, path) {
			g.bucket(r).take(at)
		}
	}
	return at, nil
}

func applies(r collectors.Rate, path string) bool {
	return r.Requests > 0 && r.Per > 0 && strings.HasPrefix(path, r.Path)
}

func (g *gate) bucket(r collectors.Rate) *bucket {
	b := g.buckets[r]
	if b == nil {
		b = new(bucket)
		g.buckets[r] = b
	}
	return b
}

// free is when the next token can be taken.
func (b *bucket) free(r collectors.Rate, now time.Time) time.Time {
	back := 0
	for back < len(b.taken) && !b.taken[back].Add(r.Per).After(now) {
		back++
	}
	b.taken = slices.Delete(b.taken, 0, back)
	if n := len(b.taken); n >= r.Requests {
		return b.taken[n-r.Requests].Add(r.Per)
	}
	return now
}

func (b *bucket) take(at time.Time) {
	i := len(b.taken)
	for i > 0 && b.taken[i-1].After(at) {
		i--
	}
	b.taken = slices.Insert(b.taken, i, at)
}

// close lets nothing pass before until; an earlier time changes nothing.
func (g *gate) close(prefix string, kind collectors.Kind, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.closed[prefix].until) {
		g.closed[prefix] = closing{kind, until}
	}
}

// scope is what a refusal of path closes: the longest Path of the Rates that
// covers it.
func scope(l collectors.Limits, path string) (longest string) {
	for _, r := range l.Rates {
		if applies(r, path) && len(r.Path) > len(longest) {
			longest = r.Path
		}
	}
	return longest
}

// forget drops the gates that would let everything pass.
func (c *Client) forget(now time.Time) {
	for key, g := range c.gates {
		g.mu.Lock()
		idle := now.Sub(g.used) > time.Hour
		for _, shut := range g.closed {
			idle = idle && !shut.until.After(now)
		}
		for r, b := range g.buckets {
			b.free(r, now)
			idle = idle && len(b.taken) == 0
		}
		g.mu.Unlock()
		if idle {
			delete(c.gates, key)
		}
	}
}

// sleep waits unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
