package mastodon

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"adalid/collectors"
)

// round is the cursor: one round reads every feed once.
type round struct {
	Start  int64              `json:"start"`            // unix seconds
	Ended  int64              `json:"ended,omitempty"`  // when only failures were left of it
	Feeds  map[string]*walk   `json:"feeds"`            // by feed.key
	Failed map[string]failure `json:"failed,omitempty"` // by server, or by server and kind
}

// walk is where the reading of one feed stands.
type walk struct {
	Mark string `json:"mark,omitempty"` // everything up to this id is known, for good
	From int64  `json:"from,omitempty"` // the first scan reached back to here; unix seconds
	Done bool   `json:"done,omitempty"` // in this round

	// Of the walk under way:
	Began  int64  `json:"began,omitempty"` // unix seconds; 0 before it begins
	Up     bool   `json:"up,omitempty"`    // towards newer posts, by min_id; else towards older ones
	At     string `json:"at,omitempty"`    // id that the next page starts at; "" at the newest
	Offset int    `json:"offset,omitempty"`
	First  string `json:"first,omitempty"` // first id of the search page before
	Seen   string `json:"seen,omitempty"`  // becomes Mark when the walk is done
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
	late = 2 * time.Hour
	// owedFor is how long the failures of a round are told before the next begins.
	owedFor = time.Minute
	// longestPart is the longest that one server makes the others wait.
	longestPart = 15 * time.Minute
)

// load reads a cursor and begins the next round where the last is over.
func load(from collectors.Cursor, feeds []feed, now time.Time) (*round, error) {
	r := &round{}
	if len(from) > 0 {
		if err := json.Unmarshal(from, r); err != nil {
			return nil, &collectors.Error{Kind: collectors.Schema, Message: "the stored place in the source cannot be read", Err: err}
		}
	}
	maps.DeleteFunc(r.Failed, func(scope string, _ failure) bool {
		return !slices.ContainsFunc(feeds, func(f feed) bool { return covers(scope, f) })
	})
	known := slices.DeleteFunc(slices.Clone(feeds), func(f feed) bool { return r.Feeds[f.key()] == nil })
	all := map[string]*walk{}
	for _, f := range feeds {
		if all[f.key()] = r.Feeds[f.key()]; all[f.key()] == nil {
			all[f.key()] = &walk{}
		}
	}
	r.Feeds = all
	owed := len(r.Failed) > 0 && r.Ended > 0 && now.Before(time.Unix(r.Ended, 0).Add(owedFor))
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
	for scope, f := range r.Failed {
		if f.Until <= now.Unix() {
			delete(r.Failed, scope)
		}
	}
}

// next is the first feed that can still be read in this round.
func (r *round) next(feeds []feed) *feed {
	for i, f := range feeds {
		if !r.Feeds[f.key()].Done && r.failed(f) == nil {
			return &feeds[i]
		}
	}
	return nil
}

func (r *round) failed(f feed) *failure {
	for _, scope := range []string{f.server.host(), f.server.host() + "/" + string(f.kind)} {
		if x, ok := r.Failed[scope]; ok {
			return &x
		}
	}
	return nil
}

// scope says what a failure makes unreadable: the server, or one kind of feed.
func scope(f feed, e *collectors.Error) string {
	switch e.Kind {
	case collectors.RateLimited, collectors.Quota, collectors.Transient:
		return f.server.host()
	case collectors.Auth:
		if f.server.token != "" {
			return f.server.host()
		}
	}
	return f.server.host() + "/" + string(f.kind)
}

func covers(scope string, f feed) bool {
	return scope == f.server.host() || scope == f.server.host()+"/"+string(f.kind)
}

// fail notes a failure; false when nothing at all is left to read besides.
func (r *round) fail(feeds []feed, f feed, e *collectors.Error) bool {
	broken := scope(f, e)
	if !slices.ContainsFunc(feeds, func(f feed) bool { return !covers(broken, f) }) {
		return false
	}
	x := failure{Kind: e.Kind, Status: e.Status, Message: e.Message, Fix: e.Fix}
	if !e.Until.IsZero() {
		x.Until = e.Until.Add(time.Second - 1).Unix()
	}
	if r.Failed == nil {
		r.Failed = map[string]failure{}
	}
	r.Failed[broken] = x
	return true
}

// owed is the error that a round ends with, made of all its failures.
func (r *round) owed(feeds []feed, now time.Time) *collectors.Error {
	var e *collectors.Error
	var messages, fixes []string
	partly := false
	for _, f := range feeds {
		x := r.failed(f)
		if x == nil {
			partly = true
			continue
		}
		if e == nil {
			e = &collectors.Error{Kind: x.Kind, Status: x.Status}
		}
		if until := time.Unix(x.Until, 0).UTC(); x.Until > 0 && (e.Until.IsZero() || until.Before(e.Until)) {
			e.Until = until
		}
		if !slices.Contains(messages, x.Message) {
			messages = append(messages, x.Message)
		}
		if x.Fix != "" && !slices.Contains(fixes, x.Fix) {
			fixes = append(fixes, x.Fix)
		}
	}
	if !e.Until.IsZero() {
		if longest := now.Add(longestPart); partly && e.Until.After(longest) {
			e.Until = longest
		}
		if again := time.Unix(r.Ended, 0).Add(owedFor).UTC(); e.Until.Before(again) {
			e.Until = again
		}
	}
	e.Message = strings.Join(messages, "; ")
	if partly {
		e.Message += "; everything else was read"
	}
	e.Fix = strings.Join(fixes, "; ")
	return e
}

// observed is the time that every feed of a finished round covers.
func (r *round) observed() []collectors.Period {
	p := collectors.Period{To: time.Unix(r.Start, 0).UTC()}
	for _, w := range r.Feeds {
		if from := time.Unix(w.From, 0).UTC(); p.From.IsZero() || from.After(p.From) {
			p.From = from
		}
	}
	return []collectors.Period{p}
}
