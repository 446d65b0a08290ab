// Package collectors is the contract between Adalid and the sources of
// mentions: one page per call, resumable by a cursor.
package collectors

import (
	"context"
	"time"

	"adalid"
)

// Collector reads one page per call. It starts no goroutine that outlives the
// call, and a call with the same cursor may be repeated: pages overlap, they
// never skip.
type Collector interface {
	// Collect reads the page after from; a nil cursor starts at the beginning.
	// An error aborts the page; one unreadable row is a Reject instead. A live
	// source that refuses answers with an *Error, never with an empty page.
	Collect(ctx context.Context, q Query, from Cursor) (Page, error)
}

// Checker tells which posts no longer exist at the source, so that they are
// taken out here too. It is called with at most CheckBatch ids of one platform.
type Checker interface {
	Check(ctx context.Context, ids []string) (gone []string, err error)
	CheckBatch() int // how many ids one call may name, 1 to 100
}

// JobChecker is a Checker that many posts can be handed to at once: the source
// looks them up while nobody waits. It is used where JobBatch is above 0.
type JobChecker interface {
	Checker
	// StartJob hands over at most JobBatch ids. What it gives is what EndJob
	// wants; it may be stored and used by another process.
	StartJob(ctx context.Context, ids []string) (job Cursor, err error)
	// EndJob tells which of them no longer exist; done is false while the source
	// is still at it. An *Error of kind Gone says that the job came to nothing.
	EndJob(ctx context.Context, job Cursor) (gone []string, done bool, err error)
	JobBatch() int // how many ids a job may name; 0: jobs are not to be used
}

// Hydrator gives the facts of accounts (followers, age, bio) where posts come
// without them, by Author.Key; accounts that do not exist are left out of the
// answer. It is called with at most HydrateBatch keys.
type Hydrator interface {
	Hydrate(ctx context.Context, keys []string) ([]adalid.Author, error)
	HydrateBatch() int // how many keys one call may name, 1 to 100
}

// Prober finds out with one cheap request whether the credentials are good and
// what they may do. Its error says in one sentence what is wrong and what to do.
type Prober interface {
	Probe(ctx context.Context) error
}

// Streamer reads on as posts appear, after Collect has caught up: each page is
// handed to save before the next is read, and an error of save ends the stream
// with that error. It returns when ctx ends or the source breaks off.
type Streamer interface {
	Stream(ctx context.Context, q Query, from Cursor, save func(Page) error) error
}

// Estimator tells before a scan how many posts it would read at most.
type Estimator interface {
	Estimate(ctx context.Context, q Query, from Cursor) (posts int64, err error)
}

// Cursor says where the next page starts: JSON that only the collector that
// made it understands. It is stored in the same transaction as its page.
type Cursor []byte

// MarshalJSON gives the cursor as the JSON that it is.
func (c Cursor) MarshalJSON() ([]byte, error) {
	if len(c) == 0 {
		return []byte("null"), nil
	}
	return c, nil
}

// UnmarshalJSON keeps the JSON as it is written.
func (c *Cursor) UnmarshalJSON(b []byte) error {
	*c = append((*c)[:0], b...)
	return nil
}

// Query says what to look for. Sources that cannot search ignore it. What
// comes back may hold more than was asked for: the brand's own query is applied
// to every post afterwards.
type Query struct {
	Brand adalid.Brand // with its own accounts: answers to them are mentions too
	Terms []Term       // every post that matches the brand's query holds at least one of them
	Since time.Time    // how far back the first scan reaches; zero leaves it to the source
}

// Term is one thing to search for.
type Term struct {
	Kind TermKind
	Text string // without quotes, @ or #; lower case
}

// TermKind says what a Term is.
type TermKind string

// The kinds.
const (
	Word   TermKind = "word"
	Phrase TermKind = "phrase" // several words, in this order
	Prefix TermKind = "prefix" // words that begin like this
	Inside TermKind = "inside" // anywhere inside words: few sources can search for that
	Handle TermKind = "handle"
	Tag    TermKind = "tag"
	From   TermKind = "from" // posts of this account
)

// Page is what one call brought.
type Page struct {
	Mentions []adalid.Mention
	Rejects  []Reject // rows that could not be used; the rest of the page counts
	Notices  []Notice // known traps met in this page, counts of this page only
	Gone     []PostID // posts that no longer exist at the source: taken out again
	Rows     int64    // rows read for this page, rejected ones included
	Read     int64    // bytes of the source read so far, all pages together
	Size     int64    // bytes of the source in all; 0 when unknown
	Next     Cursor   // where the next page starts; on the last page, the end
	More     bool     // whether another call can bring something now
	Observed []Period // what of the source is known completely by now, through this page
	Warnings []string // what the source said went wrong without stopping the page; one sentence each, no secrets
}

// Period is a span of time: From is included, To is not.
type Period struct{ From, To time.Time }

// PostID names a post.
type PostID struct {
	Platform adalid.Platform
	ID       string
}

// Reject is a row that could not be used and why.
type Reject struct {
	Source string `json:"source"` // file name or platform
	Row    int64  `json:"row"`    // from 1: data row of a table, line of a JSONL file, element of an array
	Line   int64  `json:"line"`   // from 1: line on which the row starts; 0 when unknown
	Field  string `json:"field"`  // canonical field name, "" when the row as a whole is wrong
	Column string `json:"column"` // the source's own name of it
	Reason string `json:"reason"` // one sentence
	Raw    string `json:"raw"`    // the row as found, cut to 4 KiB
}

// Notice is a known trap of real data: what was met, how often, what was done.
type Notice struct {
	Code     NoticeCode `json:"code"`
	Count    int64      `json:"count"`
	Examples []string   `json:"examples,omitempty"` // up to 3 places or values

	// RepostCounters only: the repost counters of all rows of this page summed
	// naively, and what is counted (own posts alone). Both add up over pages.
	Naive   int64 `json:"naive,omitempty"`
	Counted int64 `json:"counted,omitempty"`
}

// NoticeCode names a trap. The sentence shown for it belongs to whoever prints it.
type NoticeCode string

// The traps.
const (
	RepostCounters  NoticeCode = "repost_counters"  // a repost row carries the original's counters: not added to the reposter
	RepeatedPolls   NoticeCode = "repeated_polls"   // the same post was read more than once: merged, never summed
	ConflictMarkers NoticeCode = "conflict_markers" // merge-conflict lines: dropped
	RepeatedHeaders NoticeCode = "repeated_headers" // header lines inside the data: dropped
	CutLastLine     NoticeCode = "cut_last_line"    // the file ends in the middle of a row: dropped
	CutArchive      NoticeCode = "cut_archive"      // the compression ends early: all after the row that the example names is missing
	Encoding        NoticeCode = "encoding"         // not UTF-8: decoded from what the example names
	BrokenText      NoticeCode = "broken_text"      // text that lost characters before it reached us ("????", U+FFFD)
	DamagedIDs      NoticeCode = "damaged_ids"      // ids like 5.70306E+17: keyed by content
	RoundedIDs      NoticeCode = "rounded_ids"      // 64-bit ids that went through a float (they end in 00): kept as they are
	UnknownLang     NoticeCode = "unknown_lang"     // no language tag on posts in own words: it is told from the text where that can be; no examples
	UnknownTime     NoticeCode = "unknown_time"     // no creation time: counted, left out of windows and scores
	DeletedPosts    NoticeCode = "deleted_posts"    // posts of which the source says that they no longer exist: taken out where they are stored
	FutureTime      NoticeCode = "future_time"      // created more than a day ahead of the clock: counted, left out of scores until then
)
