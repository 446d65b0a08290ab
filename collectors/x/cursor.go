package x

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"time"

	"adalid/collectors"
)

// cursor says what earlier scans have read and where this one stands.
type cursor struct {
	Marks    map[string]mark   `json:"marks,omitempty"`    // by part: what is read completely
	Accounts map[string]string `json:"accounts,omitempty"` // ids of the brand's handles; "" when X knows none
	Short    bool              `json:"short,omitempty"`    // an own timeline ended before it reached the last scan
	Walk     *walk             `json:"walk,omitempty"`     // the part under way; none between scans
}

// mark is what a finished part has seen.
type mark struct {
	ID   string `json:"id,omitempty"` // the newest post when the walk began
	From int64  `json:"from"`         // unix seconds from when on, without a gap,
	At   int64  `json:"at"`           // and until when all is read
}

// walk is a part under way: it reads from the newest post back to where the
// scan before began. What appears meanwhile is left to the next scan.
type walk struct {
	Part   string `json:"part"`
	At     int64  `json:"at"`               // until when it is complete once it ends
	From   int64  `json:"from"`             // unix seconds from when on it reads
	Since  string `json:"since,omitempty"`  // the newest post of the scan before
	Until  string `json:"until,omitempty"`  // posts before this one only, since a page token was refused
	Token  string `json:"token,omitempty"`  // of the next page
	Newest string `json:"newest,omitempty"` // of the first page
	Oldest string `json:"oldest,omitempty"` // of all pages
	Read   int64  `json:"read,omitempty"`
	Idle   int    `json:"idle,omitempty"` // pages in a row that brought nothing older
}

// maxIdle is how many pages in a row may bring nothing while more is promised.
const maxIdle = 5

func readCursor(from collectors.Cursor) (cursor, error) {
	c := cursor{}
	if len(from) > 0 && string(from) != "null" {
		if err := json.Unmarshal(from, &c); err != nil {
			return c, &collectors.Error{Kind: collectors.Schema, Message: "x: the stored position cannot be read", Fix: "remove the source and add it again", Err: err}
		}
	}
	if c.Marks == nil {
		c.Marks = map[string]mark{}
	}
	if c.Accounts == nil {
		c.Accounts = map[string]string{}
	}
	return c, nil
}

func (c *cursor) write() (collectors.Cursor, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("x: write the position: %w", err)
	}
	return text, nil
}

// finish books the walk as read; after the last part, observed is what all
// parts have in common, and what is no longer asked for is forgotten.
func (c *cursor) finish(parts []part, last bool) (observed []collectors.Period) {
	w := c.Walk
	before, known := c.Marks[w.Part]
	m := mark{ID: w.Newest, From: w.From, At: w.At}
	if m.ID == "" {
		m.ID = before.ID
	}
	if known && w.From <= before.At {
		m.From = min(m.From, before.From)
	}
	c.Marks[w.Part] = m
	if c.Walk = nil; !last {
		return nil
	}
	from, to := int64(0), w.At
	for _, p := range parts {
		from, to = max(from, c.Marks[p.key].From), min(to, c.Marks[p.key].At)
	}
	if from < to {
		observed = []collectors.Period{{From: time.Unix(from, 0).UTC(), To: time.Unix(to, 0).UTC()}}
	}
	c.Short = false
	maps.DeleteFunc(c.Marks, func(key string, _ mark) bool {
		return !slices.ContainsFunc(parts, func(p part) bool { return p.key == key })
	})
	for handle, id := range c.Accounts {
		if id == "" {
			delete(c.Accounts, handle) // asked for again by the next scan
		}
	}
	return observed
}

// see takes note of a page's posts. It says which of them are new to this
// scan, and whether the page has reached what the scan before had read.
func (w *walk) see(ids []string) (fresh []bool, reached bool) {
	fresh = make([]bool, len(ids))
	older := false
	oldest := w.Oldest
	for i, id := range ids {
		if !number.MatchString(id) {
			fresh[i] = true // the row is a reject
			continue
		}
		if w.Since != "" && !after(id, w.Since) {
			reached = true
			continue
		}
		fresh[i] = true
		if w.Oldest == "" || after(w.Oldest, id) {
			older = true
		}
		if oldest == "" || after(oldest, id) {
			oldest = id
		}
		if w.Read == 0 && (w.Newest == "" || after(id, w.Newest)) {
			w.Newest = id
		}
	}
	w.Oldest = oldest
	w.Read += int64(len(ids))
	if w.Idle++; older {
		w.Idle = 0
	}
	return fresh, reached
}

// after compares ids, which are numbers of up to 64 bits.
func after(a, b string) bool {
	x, okX := new(big.Int).SetString(a, 10)
	y, okY := new(big.Int).SetString(b, 10)
	return okX && okY && x.Cmp(y) > 0
}

// Ids hold the time at which they were given out, in milliseconds since the
// first of them; those before November 2010 do not.
const firstID = 1288834974657

// idTime is when a post was made; the beginning of time where the id does not say.
func idTime(id string) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1<<32 {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + firstID).UTC()
}

// idBefore is the highest id before a moment.
func idBefore(t time.Time) string {
	return strconv.FormatInt(max(t.UnixMilli()-firstID, 1)<<22-1, 10)
}
