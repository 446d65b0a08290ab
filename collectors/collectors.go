// Package collectors is the contract between Adalid and the sources of
// mentions: one page per call, resumable by a cursor.
package collectors

import (
	"context"

	"adalid"
)

// Collector reads one page per call. It starts no goroutine that outlives the
// call, and a call with the same cursor may be repeated: pages overlap, they
// never skip.
type Collector interface {
	// Collect reads the page after from; a nil cursor starts at the beginning.
	// An error aborts the page; one unreadable row is a Reject instead.
	Collect(ctx context.Context, q Query, from Cursor) (Page, error)
}

// Cursor says where the next page starts: JSON that only the collector that
// made it understands. It is stored in the same transaction as its page.
type Cursor []byte

// Query says what to look for. Sources that cannot search ignore it.
type Query struct {
	Brand adalid.Brand
}

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
	More     bool     // whether another call can bring something
}

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
	Encoding        NoticeCode = "encoding"         // not UTF-8: decoded from what the example names
	BrokenText      NoticeCode = "broken_text"      // text that lost characters before it reached us ("????", U+FFFD)
	DamagedIDs      NoticeCode = "damaged_ids"      // ids like 5.70306E+17: keyed by content
	RoundedIDs      NoticeCode = "rounded_ids"      // 64-bit ids that went through a float (they end in 00): kept as they are
	UnknownLang     NoticeCode = "unknown_lang"     // no language tag on posts in own words: the sentiment of these stays unknown; no examples
	UnknownTime     NoticeCode = "unknown_time"     // no creation time: counted, left out of windows and scores
	DeletedPosts    NoticeCode = "deleted_posts"    // posts of which the source says that they no longer exist: taken out where they are stored
	FutureTime      NoticeCode = "future_time"      // created more than a day ahead of the clock: counted, left out of scores until then
)
