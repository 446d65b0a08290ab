package reddit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"adalid/collectors"
)

// cursor says what earlier scans have read and where this one stands.
type cursor struct {
	Marks   map[string]mark  `json:"marks,omitempty"`   // by part: what is read completely
	Threads map[string]int64 `json:"threads,omitempty"` // own posts: how many comments they had when those were read
	Walk    *walk            `json:"walk,omitempty"`    // the scan under way; none between scans
}

// mark says from when on, without a gap, and until when a part is read; unix seconds.
type mark struct {
	From int64 `json:"from"`
	At   int64 `json:"at"`
}

// walk is a scan under way. What appears meanwhile is left to the next one.
type walk struct {
	At     int64    `json:"at"` // until when all is read once it ends
	Part   string   `json:"part"`
	From   int64    `json:"from"` // from when on the part is read
	Token  string   `json:"token,omitempty"`
	Oldest int64    `json:"oldest,omitempty"`
	Read   int      `json:"read,omitempty"`
	Idle   int      `json:"idle,omitempty"`   // pages in a row that brought nothing older
	Again  bool     `json:"again,omitempty"`  // the part was begun a second time
	Closed int      `json:"closed,omitempty"` // parts that cannot be read
	Shut   string   `json:"shut,omitempty"`   // the subreddit that turned out to be closed
	Listed bool     `json:"listed,omitempty"` // the list is read, only comments are left
	Open   []thread `json:"open,omitempty"`   // own posts whose comments are to be read
}

// thread is an own post with its comments.
type thread struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Margins, in seconds and items: Reddit's search finds most posts within
// minutes, so that a scan vouches for all but the last of them and reads an hour
// again; lists end after about 1,000 items.
const (
	settled = 30
	indexed = 15 * 60
	late    = 3600
	full    = 900
	maxIdle = 5
)

func readCursor(from collectors.Cursor) (cursor, error) {
	c := cursor{}
	if len(from) > 0 && string(from) != "null" {
		if err := json.Unmarshal(from, &c); err != nil {
			return c, &collectors.Error{Kind: collectors.Schema, Message: "reddit: the stored position cannot be read", Fix: "remove the source and add it again", Err: err}
		}
	}
	if c.Marks == nil {
		c.Marks = map[string]mark{}
	}
	if c.Threads == nil {
		c.Threads = map[string]int64{}
	}
	return c, nil
}

func (c *cursor) write() (collectors.Cursor, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("reddit: write the position: %w", err)
	}
	return text, nil
}

// enter begins a part where the scan before has left it.
func (c *cursor) enter(p part, since int64) {
	w := walk{At: c.Walk.At, Closed: c.Walk.Closed, Part: p.key, From: since}
	if m, known := c.Marks[p.key]; known && p.user == "" {
		w.From = m.At - late
	}
	w.From = min(w.From, w.At)
	c.Walk = &w
}

// leave books the part as read.
func (c *cursor) leave() {
	w := c.Walk
	m := mark{From: w.From, At: w.At}
	if before, known := c.Marks[w.Part]; known && w.From <= before.At {
		m.From = min(m.From, before.From)
	}
	c.Marks[w.Part] = m
}

// finish ends the scan and says what it has observed.
func (c *cursor) finish(parts []part) (observed []collectors.Period) {
	from, to := int64(0), c.Walk.At-indexed
	for _, p := range parts {
		m, read := c.Marks[p.key]
		if !read {
			continue // closed: said so in a warning
		}
		from, to = max(from, m.From), min(to, m.At-indexed)
	}
	if from > 0 && from < to {
		observed = []collectors.Period{{From: time.Unix(from, 0).UTC(), To: time.Unix(to, 0).UTC()}}
	}
	maps.DeleteFunc(c.Marks, func(key string, _ mark) bool {
		return !slices.ContainsFunc(parts, func(p part) bool { return p.key == key })
	})
	c.Walk = nil
	return observed
}
