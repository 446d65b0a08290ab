package youtube

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
	Marks   map[string]mark `json:"marks,omitempty"`   // by part: what is read completely
	Own     map[string]own  `json:"own,omitempty"`     // the brand's channels by handle; without an id: YouTube knows none
	Watched []watched       `json:"watched,omitempty"` // videos whose comments are followed, the newest first
	Walk    *walk           `json:"walk,omitempty"`    // the scan under way; none between scans
}

// mark says from when on, without a gap, and until when a part is read; unix seconds.
type mark struct {
	From int64 `json:"from"`
	At   int64 `json:"at"`
}

type own struct {
	ID string `json:"id"`
}

// watched is a video whose comments are followed.
type watched struct {
	ID        string `json:"id"`
	Published int64  `json:"published"`
	Read      int64  `json:"read,omitempty"`  // comments that it had when they were read
	Count     int64  `json:"count,omitempty"` // comments that it has
	At        int64  `json:"at,omitempty"`    // until when its comments are read
}

// walk is a scan under way. What appears meanwhile is left to the next one.
type walk struct {
	At     int64    `json:"at"`   // until when all is read once it ends
	Part   string   `json:"part"` // what is being read, "" once all parts are
	From   int64    `json:"from"` // from when on the part is read
	Before int64    `json:"before,omitempty"`
	Token  string   `json:"token,omitempty"`
	Oldest int64    `json:"oldest,omitempty"`
	Read   int      `json:"read,omitempty"`
	Pages  int64    `json:"pages,omitempty"`
	Idle   int      `json:"idle,omitempty"`  // pages in a row that brought nothing older
	Lost   int      `json:"lost,omitempty"`  // page tokens that were no longer good
	Found  []string `json:"found,omitempty"` // videos that are to be looked up now
	Again  []string `json:"again,omitempty"` // videos whose figures are to be read once more
	Cut    int64    `json:"cut,omitempty"`   // videos that were too many
}

// Margins, in seconds: YouTube's search finds videos late, comments may be held
// back for a while.
const (
	settled     = 30
	lateVideo   = 24 * 3600
	lateComment = 3600
	maxIdle     = 5
	maxLost     = 3
)

func readCursor(from collectors.Cursor) (cursor, error) {
	c := cursor{}
	if len(from) > 0 && string(from) != "null" {
		if err := json.Unmarshal(from, &c); err != nil {
			return c, &collectors.Error{Kind: collectors.Schema, Message: "youtube: the stored position cannot be read", Fix: "remove the source and add it again", Err: err}
		}
	}
	if c.Marks == nil {
		c.Marks = map[string]mark{}
	}
	if c.Own == nil {
		c.Own = map[string]own{}
	}
	return c, nil
}

func (c *cursor) write() (collectors.Cursor, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("youtube: write the position: %w", err)
	}
	return text, nil
}

// enter begins to read a part from when on the scan before has left it.
func (c *cursor) enter(p part, since int64) {
	w := c.Walk
	*w = walk{At: w.At, Part: p.key, From: since, Again: w.Again, Cut: w.Cut}
	if m, known := c.Marks[p.key]; known {
		w.From = m.At - p.late
	}
	w.From = min(w.From, w.At)
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
func (c *cursor) finish(parts []part, oldest int64) (observed []collectors.Period) {
	from, to := int64(0), c.Walk.At
	for _, p := range parts {
		m := c.Marks[p.key]
		from, to = max(from, m.From), min(to, m.At-p.late)
	}
	if from < to && len(parts) > 0 {
		observed = []collectors.Period{{From: time.Unix(from, 0).UTC(), To: time.Unix(to, 0).UTC()}}
	}
	maps.DeleteFunc(c.Marks, func(key string, _ mark) bool {
		return !slices.ContainsFunc(parts, func(p part) bool { return p.key == key })
	})
	maps.DeleteFunc(c.Own, func(_ string, o own) bool { return o.ID == "" }) // asked for again by the next scan
	c.Watched = slices.DeleteFunc(c.Watched, func(v watched) bool { return v.Published < oldest })
	c.Walk = nil
	return observed
}

// watch takes note of a video's comments; too many make the oldest video go.
func (c *cursor) watch(id string, published, comments, most int64) {
	c.Walk.Again = slices.DeleteFunc(c.Walk.Again, func(v string) bool { return v == id })
	i := slices.IndexFunc(c.Watched, func(v watched) bool { return v.ID == id })
	if i >= 0 {
		c.Watched[i].Count = comments
		return
	}
	c.Watched = append(c.Watched, watched{ID: id, Published: published, Count: comments})
	slices.SortStableFunc(c.Watched, func(a, b watched) int { return int(b.Published/60 - a.Published/60) })
	if n := int64(len(c.Watched)); n > most {
		c.Watched = c.Watched[:most]
		c.Walk.Cut += n - most
	}
}

func (c *cursor) forget(id string) bool {
	n := len(c.Watched)
	c.Watched = slices.DeleteFunc(c.Watched, func(v watched) bool { return v.ID == id })
	c.Walk.Again = slices.DeleteFunc(c.Walk.Again, func(v string) bool { return v == id })
	return len(c.Watched) < n
}
