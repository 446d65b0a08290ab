package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

// Entry is one line of the audit log. It holds ids, never names, handles or
// texts of people who are ranked.
type Entry struct {
	N       int64     // from 1, without holes
	At      time.Time // whole seconds
	Kind    Kind      // of who acted; "": nobody who signed in
	Actor   string    // id of the user or key
	Action  string    // operation of the API, or command
	BrandID int64     // 0: none, or one that is not stored
	Brand   string    // its name now; not sealed, because it may change
	Object  string    // id of what it was done to; "": none, or nothing that may be kept
	Outcome string    // ok, or why not
	Hash    []byte    // Seal of this entry
}

// Note is what an operation says about itself for the audit log, where neither its
// address nor who asked tells it.
type Note struct {
	Actor  Actor  // who acts, such as who has just signed in
	Brand  string // name
	Object string // id of ours
}

type noteKey struct{}

// WithNote gives a context whose note the caller reads when the work is done.
func WithNote(ctx context.Context, n *Note) context.Context {
	return context.WithValue(ctx, noteKey{}, n)
}

// NoteOf gives the note to write into; where nothing is recorded, one that nobody
// reads.
func NoteOf(ctx context.Context) *Note {
	if n, ok := ctx.Value(noteKey{}).(*Note); ok {
		return n
	}
	return new(Note)
}

// LogQuery asks for entries of the audit log, the newest first.
type LogQuery struct {
	Brand  string // only of this brand; "": of all, and of none
	Before int64  // only those with a smaller N; 0: from the newest
	Limit  int
}

// Seal gives the hash that binds an entry to the one before it: SHA-256 over the
// hash of that one, 32 zero bytes for the first, and the entry with each field
// behind its length, so that no two entries are written alike.
func (e *Entry) Seal(previous []byte) []byte {
	if len(previous) == 0 {
		previous = make([]byte, sha256.Size)
	}
	var b bytes.Buffer
	b.Write(previous)
	number := func(n int64) { _ = binary.Write(&b, binary.BigEndian, n) } // a buffer takes everything
	text := func(s string) {
		number(int64(len(s)))
		b.WriteString(s)
	}
	text("adalid audit log 1")
	number(e.N)
	number(e.At.Unix())
	text(string(e.Kind))
	text(e.Actor)
	text(e.Action)
	number(e.BrandID)
	text(e.Object)
	text(e.Outcome)
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// Chain is what a walk along the audit log found. Only entries up to a state that
// is known from elsewhere are proven: whoever may write the database can cut its
// end off, or make all of it anew.
type Chain struct {
	Entries int64  // read so far, and sound
	Head    []byte // hash of the last of them; nil: none
	Broken  int64  // N of the first entry that is not as it was written; 0: none
	Why     string
}

// Add takes the next entry and tells whether all so far is sound.
func (c *Chain) Add(e *Entry) bool {
	switch {
	case c.Broken != 0:
		return false
	case e.N != c.Entries+1:
		c.Broken, c.Why = c.Entries+1, fmt.Sprintf("entry %d is missing: the next one is %d", c.Entries+1, e.N)
		return false
	case !bytes.Equal(e.Seal(c.Head), e.Hash):
		c.Broken, c.Why = e.N, fmt.Sprintf("entry %d, or what stood before it, is not what was written", e.N)
		return false
	}
	c.Entries, c.Head = e.N, bytes.Clone(e.Hash)
	return true
}
