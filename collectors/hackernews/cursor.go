package hackernews

import (
	"encoding/json"
	"time"

	"adalid/collectors"
)

// round is the cursor: one round reads every feed once.
type round struct {
	Start int64            `json:"start"` // unix seconds
	Walks map[string]*walk `json:"walks"` // by feed.key
}

// walk is where the reading of one feed stands. Times are unix seconds.
type walk struct {
	From int64 `json:"from"`           // the first scan reaches back to here
	Mark int64 `json:"mark,omitempty"` // everything up to here is known
	Done bool  `json:"done,omitempty"` // in this round

	// Of the walk under way:
	High   int64  `json:"high,omitempty"` // the next page begins with this second; 0 with the newest post
	Page   int    `json:"page,omitempty"` // of a second that fills more than one page
	Newest int64  `json:"newest,omitempty"`
	First  string `json:"first,omitempty"` // post of the page before

	Stories []story `json:"stories,omitempty"` // of kind own: whose comments are read
}

// story is a story of the brand's own account.
type story struct {
	ID string `json:"id"`
	At int64  `json:"at"` // unix seconds
}

const (
	// late is how long a post may take to reach the search: that much is read
	// again each time.
	late = 2 * time.Hour
	// openFor is how long after a story its comments are looked for.
	openFor = 30 * 24 * time.Hour
	// mostStories of one account are watched, the newest ones: their ids are
	// part of one address.
	mostStories = 50
)

// load reads a cursor and begins the next round where the last is over.
func load(at collectors.Cursor, list []feed, oldest, now time.Time) (*round, error) {
	r := &round{}
	if len(at) > 0 {
		if err := json.Unmarshal(at, r); err != nil {
			return nil, &collectors.Error{Kind: collectors.Schema, Message: "the stored place in the source cannot be read", Err: err}
		}
	}
	over := r.Start == 0
	all := map[string]*walk{}
	pending := false
	for _, f := range list {
		w := r.Walks[f.key()]
		if w != nil && !w.Done {
			pending = true
		}
		if w == nil {
			w = &walk{From: oldest.Unix()}
			if f.kind == own {
				w.From = oldest.Add(-openFor).Unix()
			}
		}
		all[f.key()] = w
	}
	r.Walks = all
	if over || !pending {
		r.Start = now.Unix()
		for _, w := range r.Walks {
			w.Done = false
		}
	}
	return r, nil
}

// low is the oldest second that a walk still has to read.
func (w *walk) low() int64 { return max(w.From, w.Mark) }

// next is the first feed that is not read yet in this round. Without stories
// there are no comments to ask for.
func (r *round) next(list []feed) *feed {
	for i, f := range list {
		w := r.Walks[f.key()]
		if f.kind == answers && !w.Done && len(r.stories(f)) == 0 && !r.pending(feed{own, f.what}) {
			w.Done = true
		}
		if !w.Done {
			return &list[i]
		}
	}
	return nil
}

func (r *round) pending(f feed) bool {
	w := r.Walks[f.key()]
	return w != nil && !w.Done
}

// stories gives those whose comments a feed asks for.
func (r *round) stories(f feed) []story {
	if w := r.Walks[(feed{own, f.what}).key()]; w != nil {
		return w.Stories
	}
	return nil
}

// finish ends a walk. The mark is the newest post seen, less what may still be
// on its way into the search; the clock alone never moves it.
func (r *round) finish(w *walk) {
	if w.Newest > 0 {
		w.Mark = max(w.Mark, w.Newest-int64(late/time.Second))
	}
	w.High, w.Page, w.Newest, w.First, w.Done = 0, 0, 0, "", true
}

// observed is the time that every feed of a finished round covers.
func (r *round) observed() []collectors.Period {
	p := collectors.Period{To: time.Unix(r.Start, 0).Add(-late).UTC()}
	for _, w := range r.Walks {
		if at := time.Unix(w.From, 0).UTC(); at.After(p.From) {
			p.From = at
		}
	}
	if !p.From.Before(p.To) {
		return nil
	}
	return []collectors.Period{p}
}
