// Package scan takes mentions from a collector to the store: match, dedupe,
// sentiment, then one transaction per page.
package scan

import (
	"context"
	"errors"
	"time"

	"adalid"
	"adalid/collectors"
)

// Store is what a scan needs of the database.
type Store interface {
	// Save stores the page, its roll-ups, edges and cursor in one transaction:
	// when it returns nil, all of it is on disk. Unknown brands are an Error
	// with code NotFound; ErrStale when a batch was judged with other Lessons
	// than the brand has now.
	Save(ctx context.Context, p Page) (Saved, error)
	// Ready does the part of Save that needs no database: it sets Work. It may
	// run while another page is being saved.
	Ready(b *Batch)
	// Cursor gives where (brand, source) was left, nothing when it was never
	// read.
	Cursor(ctx context.Context, brand, source string) (Position, error)
	// Brands lists the brands with their queries and own accounts, by name.
	Brands(ctx context.Context) ([]adalid.Brand, error)
	// CreateBrand adds a brand; Conflict when the name is taken.
	CreateBrand(ctx context.Context, b adalid.Brand) error
}

// Remover takes mentions out again.
type Remover interface {
	// Forget removes posts of a brand with everything counted from them. Those
	// that are not stored are no error.
	Forget(ctx context.Context, brand string, posts []collectors.PostID) (int64, error)
}

// Page is what Save stores at once.
type Page struct {
	Brand   string            // whose cursor it is: the brand of the import, "" when rows name their own
	Source  string            // which source: "file:…" with the content hash, or a collector's name
	Cursor  collectors.Cursor // nil keeps the stored one
	First   bool              // of a run that began at the start: what was Saved under the cursor counts from here
	Told    []byte            // kept with the cursor for the run that goes on from it
	Batches []Batch           // at most one per brand
	Leg     *Leg              // of a live source; nil for files

	// Replayed says that the run goes on with more pages of a source that can be
	// read again from the cursor before this one: a power cut may take the page
	// back, cursor and all, until a page without the mark is saved. The end of
	// the process alone takes nothing back.
	Replayed bool
}

// Leg is what a page of a live source brings beside its mentions. It is stored
// with them.
type Leg struct {
	ID       int64 // of the scan's record
	Platform adalid.Platform
	Lease    string // who reads the source; ErrLease when another does by now
	Until    time.Time
	Pages    int64 // read so far, this one included
	Rows     int64
	Rejected int64
	Observed []collectors.Period
}

// Position is where a source was left.
type Position struct {
	Cursor collectors.Cursor // nil: nowhere
	Told   []byte            // the last page's
	Saved  Saved             // what Save did from the start of the run to the cursor
}

// Batch is the part of a page that belongs to one brand.
type Batch struct {
	Brand    string
	Mentions []Mention
	Work     any   // the store's own, from Ready; nil: Save does it
	Lessons  int64 // Version of the Lessons that they were judged with
}

// Mention is an adalid.Mention made ready for the store. Platform, ID and
// Author.Key are set, handles are lower case.
type Mention struct {
	adalid.Mention
	Sentiment *adalid.Sentiment // nil: not scored
	LeftOut   bool              // a rule says that it is not about the brand: kept, but not counted
	TextHash  uint64            // dedupe.TextHash: equal for near copies; 0 for a text without words
	RowHash   uint64            // dedupe.RowHash: decides between rows seen at the same time
}

// Saved counts what Save did with the mentions of a page.
type Saved struct {
	New      int64 // mentions not known before
	Changed  int64 // known ones of which something changed
	Repeated int64 // known ones that brought nothing new, repeats inside the page included

	// Suppressed are those of people who were erased: nothing of them is stored.
	Suppressed int64
}

// Add sums two counts.
func (s *Saved) Add(t Saved) {
	s.New += t.New
	s.Changed += t.Changed
	s.Repeated += t.Repeated
	s.Suppressed += t.Suppressed
}

// ErrStale says that a page was judged with other Lessons than its brand has
// by now.
var ErrStale = errors.New("what was learned about the brand has changed")

// ErrLease says that another process has taken over a source: nothing of the
// page was stored.
var ErrLease = errors.New("another process reads this source by now")

// Lessons are what a team's judgements have taught about a brand.
type Lessons struct {
	Version int64                      // of what is in use; 0: nothing ever was
	Scorer  Scorer                     // in place of the Job's; nil: that one
	LeftOut func(*adalid.Mention) bool // whether a mention is not about the brand; nil: all are
}

// Learner gives the Lessons of a brand; a brand that does not exist has none.
type Learner interface {
	Lessons(ctx context.Context, brand string) (Lessons, error)
}

// Clock gives the time; tests inject their own.
type Clock func() time.Time
