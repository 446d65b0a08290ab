package scan

import (
	"context"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
)

// factsAge is for how long what is known of an account is not asked again, and
// factsKept how many accounts are remembered.
const (
	factsAge  = 24 * time.Hour
	factsKept = 50_000
)

// facts remembers accounts that were looked up lately, so that a page of posts
// by the same people asks only once.
type facts struct {
	mu    sync.Mutex
	known map[factKey]fact
}

type factKey struct{ source, key string }

type fact struct {
	author *adalid.Author // nil: the account does not exist
	at     time.Time
}

func newFacts() *facts { return &facts{known: map[factKey]fact{}} }

func (f *facts) get(source, key string, now time.Time) (fact, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x, ok := f.known[factKey{source, key}]
	return x, ok && now.Sub(x.at) < factsAge
}

func (f *facts) put(source, key string, a *adalid.Author, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.known) >= factsKept {
		clear(f.known)
	}
	f.known[factKey{source, key}] = fact{a, now}
}

// hydrator fills in accounts that posts came without.
type hydrator struct {
	collectors.Hydrator
	facts  *facts
	source string
	now    Clock
}

// hydrator gives nil for sources that cannot tell, and for those where each
// account costs money: see profiles.
func (l *Live) hydrator(s Source, c collectors.Collector) *hydrator {
	h, ok := c.(collectors.Hydrator)
	if d := l.definitions[s.Collector]; !ok || paid(d) {
		return nil
	}
	return &hydrator{h, l.facts, s.Name, l.Now}
}

func paid(d collectors.Definition) bool {
	for _, c := range d.Costs {
		if c.Micros > 0 {
			return true
		}
	}
	return false
}

// fill asks for the accounts of a page whose followers nobody has told. A
// source that refuses leaves them unknown: the posts count all the same.
func (h *hydrator) fill(ctx context.Context, page *collectors.Page) {
	now := h.now()
	wanted := map[string]bool{}
	var keys []string
	for _, m := range page.Mentions {
		key := m.Author.Key
		if m.Author.Followers != nil || wanted[key] {
			continue
		}
		if _, ok := h.facts.get(h.source, key, now); !ok {
			wanted[key] = true
			keys = append(keys, key)
		}
	}
	for size := max(1, h.HydrateBatch()); len(keys) > 0; {
		batch := keys[:min(size, len(keys))]
		keys = keys[len(batch):]
		authors, err := h.Hydrate(ctx, batch)
		if err != nil {
			page.Warnings = append(page.Warnings, "the followers of some authors could not be read; they stay unknown")
			break
		}
		h.facts.learn(h.source, batch, authors, now)
	}
	for i := range page.Mentions {
		if a := &page.Mentions[i].Author; a.Followers == nil {
			if known, ok := h.facts.get(h.source, a.Key, now); ok && known.author != nil {
				merge(a, *known.author)
			}
		}
	}
}

// learn remembers what was told of accounts that were asked for.
func (f *facts) learn(source string, asked []string, authors []adalid.Author, now time.Time) {
	for _, key := range asked {
		f.put(source, key, nil, now)
	}
	for _, a := range authors {
		f.put(source, a.Key, &a, now)
	}
}

// merge takes over what a does not say itself.
func merge(a *adalid.Author, known adalid.Author) {
	text := func(have *string, told string) {
		if *have == "" {
			*have = told
		}
	}
	text(&a.Handle, known.Handle)
	text(&a.Name, known.Name)
	text(&a.Bio, known.Bio)
	text(&a.URL, known.URL)
	if a.Followers == nil {
		a.Followers, a.Following = known.Followers, known.Following
	}
	if a.Verified == nil {
		a.Verified = known.Verified
	}
	if a.Created.IsZero() {
		a.Created = known.Created
	}
}
