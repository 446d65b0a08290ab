package rss

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"adalid/collectors"
)

// round is the cursor: one round reads every feed once. Times are unix seconds.
type round struct {
	Start int64             `json:"start"`
	Asked string            `json:"asked"` // what was looked for
	Feeds map[string]*state `json:"feeds"` // by source.key
}

// state is what is known of one feed.
type state struct {
	Done   bool  `json:"done,omitempty"`   // in this round
	Failed bool  `json:"failed,omitempty"` // when it was last read
	Until  int64 `json:"until,omitempty"`  // it asked to be left alone before

	// Of the last answer with content:
	ETag     string   `json:"etag,omitempty"`
	Modified string   `json:"modified,omitempty"` // Last-Modified
	Sum      string   `json:"sum,omitempty"`      // of the body
	Newest   []string `json:"newest,omitempty"`   // its first items, shortened
	Since    int64    `json:"since,omitempty"`    // nothing was missed from here on
}

// owedFor is how long a round waits for its last feed where all others failed;
// then every feed is read again.
const owedFor = time.Minute

// load reads a cursor and begins the next round where the last is over. Other
// words than before make every feed count as never read: what did not match
// then may match now.
func load(at collectors.Cursor, sources []source, q collectors.Query, now time.Time) (*round, error) {
	r := &round{}
	if len(at) > 0 {
		if err := json.Unmarshal(at, r); err != nil {
			return nil, &collectors.Error{Kind: collectors.Schema, Message: "the stored place in the source cannot be read", Err: err}
		}
	}
	all := map[string]*state{}
	for _, s := range sources {
		if all[s.key] = r.Feeds[s.key]; all[s.key] == nil {
			all[s.key] = &state{}
		}
	}
	r.Feeds = all
	if asked := fingerprint(q); asked != r.Asked {
		r.Asked = asked
		for _, s := range r.Feeds {
			*s = state{Until: s.Until}
		}
		r.Start = 0
	}
	stuck := r.left(sources) == 1 && r.failed(sources) > 0 && r.failed(sources) == len(sources)-1
	if r.Start == 0 || r.left(sources) == 0 || stuck && now.Unix() >= r.Start+int64(owedFor/time.Second) {
		r.Start = now.Unix()
		for _, s := range r.Feeds {
			s.Done = false
		}
	}
	return r, nil
}

func fingerprint(q collectors.Query) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q %q", q.Brand.Query, q.Brand.Own, q.Terms)
	return fmt.Sprintf("%x", h.Sum64())
}

// next is the first feed that is not read yet in this round.
func (r *round) next(sources []source) *source {
	i := slices.IndexFunc(sources, func(s source) bool { return !r.Feeds[s.key].Done })
	if i < 0 {
		return nil
	}
	return &sources[i]
}

// left counts the feeds that are not read yet in this round.
func (r *round) left(sources []source) (n int) {
	for _, s := range sources {
		if !r.Feeds[s.key].Done {
			n++
		}
	}
	return n
}

// failed counts the feeds that failed in this round.
func (r *round) failed(sources []source) (n int) {
	for _, s := range sources {
		if st := r.Feeds[s.key]; st.Done && st.Failed {
			n++
		}
	}
	return n
}

// observed is the time for which every feed was read without a gap. It goes by
// our own clock: dates inside feeds are what strangers wrote.
func (r *round) observed(sources []source) []collectors.Period {
	p := collectors.Period{To: time.Unix(r.Start, 0).UTC()}
	for _, s := range sources {
		st := r.Feeds[s.key]
		if st.Failed || st.Since == 0 {
			return nil
		}
		if at := time.Unix(st.Since, 0).UTC(); at.After(p.From) {
			p.From = at
		}
	}
	if !p.From.Before(p.To) {
		return nil
	}
	return []collectors.Period{p}
}

// continues notes the newest items and tells whether they join those of the
// time before; where none is left of these, something may have passed unseen.
func (s *state) continues(list []item, now time.Time) {
	const most = 10
	var newest []string
	joined := len(s.Newest) == 0 && s.Since > 0
	for _, it := range list {
		if it.identity() == "" {
			continue
		}
		h := fnv.New32a()
		h.Write([]byte(it.identity()))
		short := fmt.Sprintf("%x", h.Sum32())
		joined = joined || slices.Contains(s.Newest, short)
		if len(newest) < most {
			newest = append(newest, short)
		}
	}
	if s.Since == 0 || !joined {
		s.Since = now.Unix()
	}
	s.Newest = newest
}
