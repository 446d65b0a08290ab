package instagram

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"adalid/collectors"
)

// cursor says what earlier scans have read and where this one stands.
type cursor struct {
	Name string           `json:"name,omitempty"` // of the own account
	Seen []string         `json:"seen,omitempty"` // posts that tag it, the newest first
	Read map[string]int64 `json:"read,omitempty"` // own posts: how many comments they had when those were read
	From int64            `json:"from,omitempty"` // unix seconds from when on, without a gap,
	At   int64            `json:"at,omitempty"`   // and until when all is read
	Walk *walk            `json:"walk,omitempty"` // the scan under way; none between scans
}

// walk is a scan under way. What appears meanwhile is left to the next one.
type walk struct {
	At    int64    `json:"at"`
	From  int64    `json:"from"`
	Stage string   `json:"stage"`           // tags, media or comments
	Token string   `json:"token,omitempty"` // of the next page
	Pages int64    `json:"pages,omitempty"`
	New   []string `json:"new,omitempty"`  // posts that tag the account, of this scan
	Own   int64    `json:"own,omitempty"`  // own posts read
	Open  []post   `json:"open,omitempty"` // own posts whose comments are to be read
	Lost  int      `json:"lost,omitempty"` // own posts whose comments Instagram does not show
	Got   bool     `json:"got,omitempty"`  // those of another one it does
	Kept  []string `json:"kept,omitempty"` // own posts that are followed
}

// post is an own post.
type post struct {
	ID    string `json:"id"`
	Count int64  `json:"count"`
	Link  string `json:"link,omitempty"`
}

// The stages of a scan.
const (
	tags     = "tags"
	ownMedia = "media"
	comments = "comments"
)

// remembered is how many posts that tag the account are told from new ones.
const remembered = 300

func readCursor(from collectors.Cursor) (cursor, error) {
	c := cursor{}
	if len(from) > 0 && string(from) != "null" {
		if err := json.Unmarshal(from, &c); err != nil {
			return c, &collectors.Error{Kind: collectors.Schema, Message: "instagram: the stored position cannot be read", Fix: "remove the source and add it again", Err: err}
		}
	}
	if c.Read == nil {
		c.Read = map[string]int64{}
	}
	return c, nil
}

func (c *cursor) write() (collectors.Cursor, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("instagram: write the position: %w", err)
	}
	return text, nil
}

// tagsRead goes on from the posts that tag the account.
func (c *cursor) tagsRead() {
	w := c.Walk
	for _, id := range c.Seen {
		if !slices.Contains(w.New, id) {
			w.New = append(w.New, id)
		}
	}
	c.Seen = w.New[:min(len(w.New), remembered)]
	c.Walk = &walk{At: w.At, From: w.From, Stage: ownMedia}
}

// finish ends the scan and says what it has observed.
func (c *cursor) finish() []collectors.Period {
	w := c.Walk
	for id := range c.Read {
		if !slices.Contains(w.Kept, id) {
			delete(c.Read, id)
		}
	}
	if c.From == 0 || w.From > c.At {
		c.From = w.From
	}
	c.At, c.Walk = w.At, nil
	if c.From >= c.At {
		return nil
	}
	return []collectors.Period{{From: time.Unix(c.From, 0).UTC(), To: time.Unix(c.At, 0).UTC()}}
}
