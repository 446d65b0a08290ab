package account

import (
	"slices"
	"sync"
	"time"
)

// How many passwords are tried for one account before somebody has to wait.
const (
	mostGuesses  = 10
	guessWindow  = 15 * time.Minute
	mostGuessers = 1 << 16 // addresses without an account that are remembered
)

// Guesses bounds how often something is tried per key in a span of time that
// slides. The address that a client comes from plays no part: behind a proxy all
// have the same one, and who guesses has many.
type Guesses struct {
	now    func() time.Time
	most   int
	window time.Duration
	cap    int

	mu    sync.Mutex
	known map[string][]time.Time // of accounts: as many as there are
	other map[string][]time.Time // of whatever else was typed: at most cap
}

func newGuesses(now func() time.Time, most int, window time.Duration) *Guesses {
	return &Guesses{now: now, most: most, window: window, cap: mostGuessers, known: map[string][]time.Time{}, other: map[string][]time.Time{}}
}

// take counts a try and tells whether it may be made; back takes the count back,
// for tries that were right or never made. Keys that nobody has an account by
// are kept apart, so that typing many of them makes no account forgotten.
func (g *Guesses) take(key string, known bool) (back func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	kept, at := g.other, g.now()
	if known {
		kept = g.known
	}
	tries := slices.DeleteFunc(kept[key], func(t time.Time) bool { return at.Sub(t) >= g.window || t.After(at) })
	if len(tries) >= g.most {
		kept[key] = tries
		return nil, false
	}
	if _, there := kept[key]; !there && len(kept) >= g.cap {
		g.sweep(kept, at, known)
	}
	kept[key] = append(tries, at)
	return func() { g.back(kept, key, at) }, true
}

// sweep forgets what no longer counts and, of keys without an account, any where
// all still count.
func (g *Guesses) sweep(kept map[string][]time.Time, at time.Time, known bool) {
	for key, tries := range kept {
		if at.Sub(tries[len(tries)-1]) >= g.window {
			delete(kept, key)
		}
	}
	for key := range kept {
		if known || len(kept) < g.cap {
			return
		}
		delete(kept, key)
	}
}

func (g *Guesses) back(kept map[string][]time.Time, key string, at time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	tries := kept[key]
	if i := slices.Index(tries, at); i >= 0 {
		tries = slices.Delete(tries, i, i+1)
	}
	if kept[key] = tries; len(tries) == 0 {
		delete(kept, key)
	}
}

// forget lets a key start again.
func (g *Guesses) forget(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.known, key)
}
