package bluesky

import (
	"encoding/json"
	"time"

	"adalid/collectors"
)

// state is the cursor. A run goes through all walks, one after the other.
type state struct {
	// Marks holds, for each walk that has come to its end, when the newest post
	// was indexed that its first page showed, in unix milliseconds: the next
	// one stops there.
	Marks map[string]int64 `json:"marks,omitempty"`
	Walk  *walk            `json:"walk,omitempty"` // where the run stands; nil between runs
	// Ended is when the last complete run began and Live how far Jetstream has
	// been read, both in unix microseconds.
	Ended int64 `json:"ended,omitempty"`
	Live  int64 `json:"live,omitempty"`
}

// walk is one search, or the notifications, on its way from the newest post to
// its edge. Times are unix milliseconds at which posts were indexed, never when
// their authors say that they wrote them.
type walk struct {
	Name    string `json:"name"`
	Began   int64  `json:"began"`           // of the run
	From    int64  `json:"from,omitempty"`  // the latest edge of the run: since then all is known
	Holes   bool   `json:"holes,omitempty"` // a walk of the run could not come to its end
	Asked   string `json:"asked,omitempty"` // what an account named by its DID is called
	Edge    int64  `json:"edge,omitempty"`  // this walk stops here
	Token   string `json:"token,omitempty"` // the server's own cursor
	Until   int64  `json:"until,omitempty"` // asked for older posts only, after the server's cursor had come to its end
	Newest  int64  `json:"newest,omitempty"`
	Oldest  int64  `json:"oldest,omitempty"`
	Rows    int64  `json:"rows,omitempty"`    // since Until
	Empty   int    `json:"empty,omitempty"`   // pages without posts in a row
	Printed uint64 `json:"printed,omitempty"` // of the page before, to notice one that comes again
}

// next leaves for the walk with this name, with nothing read of it yet.
func (w *walk) next(name string) {
	*w = walk{Name: name, Began: w.Began, From: w.From, Holes: w.Holes}
}

func decodeCursor(from collectors.Cursor) (state, error) {
	s := state{}
	if len(from) > 0 {
		if err := json.Unmarshal(from, &s); err != nil {
			return s, &collectors.Error{Kind: collectors.Schema, Message: "the place at which reading stopped was not understood", Fix: "Start the source anew.", Err: err}
		}
	}
	if s.Marks == nil {
		s.Marks = map[string]int64{}
	}
	return s, nil
}

func (s state) encode() (collectors.Cursor, error) { return json.Marshal(s) }

func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
