package lemmy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"adalid/collectors"
)

// round is the cursor: one round reads every feed once.
type round struct {
	Start  int64              `json:"start"`            // unix seconds
	Ended  int64              `json:"ended,omitempty"`  // when only failed servers were left of it
	Feeds  map[string]*walk   `json:"feeds"`            // by feed.key
	Failed map[string]failure `json:"failed,omitempty"` // by host
}

// walk is where the reading of one feed stands. Times that strangers wrote only
// say where it may stop; what is known is counted by our own clock.
type walk struct {
	Mark int64 `json:"mark,omitempty"` // when the last complete walk began; unix seconds
	From int64 `json:"from,omitempty"` // everything since then was read; unix seconds
	Done bool  `json:"done,omitempty"` // in this round

	// Of the walk under way:
	Began  int64 `json:"began,omitempty"`  // unix seconds; 0 before it begins
	Offset int   `json:"offset,omitempty"` // entries read
	Last   int64 `json:"last,omitempty"`   // everything down to this time was read; unix microseconds
	Before int64 `json:"before,omitempty"` // time of the last entry of the page before; unix microseconds
	Stale  int   `json:"stale,omitempty"`  // pages in a row that brought nothing older
	Gaps   int   `json:"gaps,omitempty"`   // times that entries had vanished
}

// failure is a refusal that is told when everything else has been read.
type failure struct {
	Kind    collectors.Kind `json:"kind"`
	Status  int             `json:"status,omitempty"`
	Message string          `json:"message"`
	Fix     string          `json:"fix,omitempty"`
	Until   int64           `json:"until,omitempty"` // unix seconds
}

const (
	// late is how long posts take to travel between servers: they are sorted in
	// where they were written, so that much is read again each time.
	late = 24 * time.Hour
	// owedFor is how long the failures of a round are told before the next begins.
	owedFor = time.Minute
	// longestPart is the longest that one server makes the others wait.
	longestPart = 15 * time.Minute
	// mostStale is how many pages in a row may bring nothing older.
	mostStale = 3
	// mostGaps is how often a walk goes back for entries that may have moved up.
	mostGaps = 6
	// deepest is how far a walk goes.
	deepest = 10_000
)

// Collect reads one page of one feed. A server that fails is a warning, and the
// others are read on; the round then ends with the error, so that a scan is
// never taken for a complete one.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	now, feeds := c.now(), c.feeds(q)
	r, err := load(from, feeds, now)
	if err != nil {
		return collectors.Page{}, err
	}
	if len(feeds) == 0 {
		return finish(collectors.Page{Warnings: []string{"nothing in this query can be searched for: name words or phrases, or add an access token"}}, r)
	}
	f := r.next(feeds)
	if f == nil {
		return collectors.Page{}, fmt.Errorf("lemmy: %w", r.owed(feeds))
	}
	p, err := c.page(ctx, *f, r.Feeds[f.key()], q.Since)
	var e *collectors.Error
	switch {
	case err == nil:
	case ctx.Err() != nil || !errors.As(err, &e) || !r.fail(feeds, f.server, e):
		return collectors.Page{}, fmt.Errorf("lemmy: %s: %w", f.key(), err)
	default:
		p = collectors.Page{Warnings: []string{e.Message}}
	}
	switch p.More = true; {
	case r.next(feeds) != nil:
	case len(r.Failed) > 0:
		r.Ended = now.Unix()
	default:
		p.More, p.Observed = false, r.observed()
	}
	return finish(p, r)
}

func finish(p collectors.Page, r *round) (_ collectors.Page, err error) {
	if p.Next, err = json.Marshal(r); err != nil {
		return collectors.Page{}, fmt.Errorf("lemmy: cursor: %w", err)
	}
	return p, nil
}

// load reads a cursor and begins the next round where the last is over.
func load(from collectors.Cursor, feeds []feed, now time.Time) (*round, error) {
	r := &round{}
	if len(from) > 0 {
		if err := json.Unmarshal(from, r); err != nil {
			return nil, fmt.Errorf("lemmy: %w", &collectors.Error{Kind: collectors.Schema, Message: "the stored place in the source cannot be read", Err: err})
		}
	}
	known := slices.DeleteFunc(slices.Clone(feeds), func(f feed) bool { return r.Feeds[f.key()] == nil })
	all, failed := map[string]*walk{}, map[string]failure{}
	for _, f := range feeds {
		w := r.Feeds[f.key()]
		if w == nil {
			w = &walk{}
		}
		w.Offset, w.Gaps = max(0, min(w.Offset, deepest)), max(0, w.Gaps)
		all[f.key()] = w
		if x, ok := r.Failed[f.server.host()]; ok {
			failed[f.server.host()] = x
		}
	}
	r.Feeds, r.Failed = all, failed
	owed := len(failed) > 0 && r.Ended > 0 && now.Before(time.Unix(r.Ended, 0).Add(owedFor))
	if r.next(known) == nil && !owed {
		r.begin(now)
	}
	return r, nil
}

// begin starts a round; servers that asked to wait are left alone until then.
func (r *round) begin(now time.Time) {
	r.Start, r.Ended = now.Unix(), 0
	for _, w := range r.Feeds {
		w.Done = false
	}
	for host, f := range r.Failed {
		if f.Until <= now.Unix() {
			delete(r.Failed, host)
		}
	}
}

// next is the first feed that can still be read in this round.
func (r *round) next(feeds []feed) *feed {
	for i, f := range feeds {
		if _, failed := r.Failed[f.server.host()]; !failed && !r.Feeds[f.key()].Done {
			return &feeds[i]
		}
	}
	return nil
}

// fail notes a failure; false when there is no other server to read.
func (r *round) fail(feeds []feed, s server, e *collectors.Error) bool {
	if !slices.ContainsFunc(feeds, func(f feed) bool { return f.server.host() != s.host() }) {
		return false
	}
	x := failure{Kind: e.Kind, Status: e.Status, Message: e.Message, Fix: e.Fix}
	if !e.Until.IsZero() {
		x.Until = e.Until.Add(time.Second - 1).Unix()
	}
	r.Failed[s.host()] = x
	return true
}

// owed is the error that a round ends with, made of all its failures.
func (r *round) owed(feeds []feed) *collectors.Error {
	e := &collectors.Error{}
	var hosts, messages, fixes []string
	partly := false
	for _, f := range feeds {
		host := f.server.host()
		if slices.Contains(hosts, host) {
			continue
		}
		hosts = append(hosts, host)
		x, failed := r.Failed[host]
		if !failed {
			partly = true
			continue
		}
		if e.Kind == "" {
			e.Kind, e.Status = x.Kind, x.Status
		}
		if until := time.Unix(x.Until, 0).UTC(); x.Until > 0 && (e.Until.IsZero() || until.Before(e.Until)) {
			e.Until = until
		}
		messages = append(messages, x.Message)
		if x.Fix != "" {
			fixes = append(fixes, x.Fix)
		}
	}
	if !e.Until.IsZero() {
		e.Until = r.within(e.Until, partly)
	}
	if partly {
		messages = append(messages, "everything else was read")
	}
	e.Message, e.Fix = strings.Join(messages, "; "), strings.Join(fixes, "; ")
	return e
}

// within keeps a wait from ending before the next round can begin, and one
// server from making the others wait long.
func (r *round) within(until time.Time, partly bool) time.Time {
	ended := time.Unix(r.Ended, 0).UTC()
	if longest := ended.Add(longestPart); partly && until.After(longest) {
		until = longest
	}
	if again := ended.Add(owedFor); until.Before(again) {
		until = again
	}
	return until
}

// observed is the time that every feed of a finished round covers.
func (r *round) observed() []collectors.Period {
	p := collectors.Period{To: time.Unix(r.Start, 0).UTC()}
	for _, w := range r.Feeds {
		if from := time.Unix(w.From, 0).UTC(); p.From.IsZero() || from.After(p.From) {
			p.From = from
		}
	}
	if !p.From.Before(p.To) {
		return nil
	}
	return []collectors.Period{p}
}
