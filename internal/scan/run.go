package scan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/sentiment"
)

// Scorer tells how a text speaks of the brand that about names; nil when it
// cannot tell. It is called from several goroutines.
type Scorer interface {
	Score(text, lang string, about *sentiment.Terms) *adalid.Sentiment
	Version() string // another version may answer differently
}

// Matching says which rows belong to a brand.
type Matching string

// The ways of matching.
const (
	MatchAll   Matching = "all"   // every row: an export is about the brand
	MatchQuery Matching = "query" // what the brand's query matches, and what answers its own accounts
)

// Job is one run over one source.
type Job struct {
	Brand      string // every row's brand; "" when the rows name their own
	Matching   Matching
	Source     string // key of the cursor; "" never resumes
	Finite     bool   // a source that ends, like a file: once read to its end it starts anew
	Live       *Watch // of a live source; nil for files
	Collector  collectors.Collector
	Hydrator   *hydrator            // fills in what accounts' posts come without; nil: nothing
	Profiles   *profiles            // looks up accounts afterwards where that costs money; nil: not
	Ahead      collectors.Collector // the same source once more, read first to learn own accounts; nil skips that
	Store      Store
	Remover    Remover // takes out what no longer exists at the source; nil keeps it
	Sentiment  Scorer  // nil: everything stays unscored
	Learner    Learner // nil: no brand has learned anything
	OnProgress func(Report)
	OnStart    func(resumed bool) error // before the first page; nil: nobody asks
	OnReject   func(collectors.Reject) error
}

// Watch is what a run over a live source needs beside the rest.
type Watch struct {
	Leg      int64 // the scan's record
	Platform adalid.Platform
	Lease    string        // who reads
	Hold     time.Duration // how long the lease holds after each page
	Since    time.Time     // how far back the first scan reaches; zero leaves it to the source
	Terms    []collectors.Term
	Now      Clock

	Stream bool // go on with what appears, where the collector can, until the context ends
}

// Report counts what a run did so far.
type Report struct {
	Pages     int64               // pages stored
	Rows      int64               // rows read, rejected ones included
	Rejected  int64               // rows that could not be used
	Unmatched int64               // rows that no query wanted
	Gone      int64               // posts taken out because they no longer exist
	Warnings  []string            // what sources said went wrong without stopping, the last ten
	Saved     Saved               // what became of the rest
	Resumed   bool                // the run continued an interrupted one
	Complete  bool                // the source was read to its end
	Created   []string            // brands not seen before
	Notices   []collectors.Notice // traps met, by code
	Read      int64               // bytes of the source read so far
	Size      int64               // bytes of the source in all; 0 unknown
	Earlier   Counts              // what the interrupted run had done that this one continues
}

// Counts is the part of a Report that adds up over the runs of an import which
// was cut short.
type Counts struct {
	Rows      int64               `json:"rows"`
	Rejected  int64               `json:"rejected"`
	Unmatched int64               `json:"unmatched"`
	Notices   []collectors.Notice `json:"notices"`
	Saved     Saved               `json:"-"` // the store counts it with the cursor
}

// Run reads the source to its end, or until ctx is cancelled. What a page
// brought is stored before the next one is acknowledged, so a run that is cut
// short continues where it was when started again with the same Source.
func Run(ctx context.Context, job Job) (Report, error) {
	r := &runner{Job: job, created: map[string]string{}, gone: newGoneSet(0), lessons: map[string]Lessons{}}
	if job.Live != nil {
		r.gone = newGoneSet(goneKept)
	}
	if err := r.loadBrands(ctx); err != nil {
		return r.report, err
	}
	from, err := r.start(ctx)
	if err == nil && job.OnStart != nil {
		err = job.OnStart(r.report.Resumed)
	}
	if err != nil {
		return r.report, err
	}
	if job.Ahead != nil && job.Matching == MatchQuery {
		if err := r.learnOwn(ctx); err != nil {
			return r.report, err
		}
	}
	err = r.pages(ctx, from)
	if stream, ok := job.Collector.(collectors.Streamer); ok && err == nil && job.Live != nil {
		err = r.follow(ctx, stream)
	}
	if err == nil && job.Profiles != nil {
		err = r.readProfiles(ctx)
	}
	return r.snapshot(), err
}

// catchUp is how long a stream may take to reach the present, and errCaughtUp
// ends it there.
const catchUp = 5 * time.Minute

var errCaughtUp = errors.New("the stream has reached the present")

// follow reads a stream from where Collect was left to the present, or until
// ctx ends where the watch shall go on.
func (r *runner) follow(ctx context.Context, stream collectors.Streamer) error {
	begun := r.Live.Now()
	reading := ctx
	if !r.Live.Stream {
		var stop context.CancelFunc
		reading, stop = context.WithTimeoutCause(ctx, catchUp, errCaughtUp)
		defer stop()
	}
	err := stream.Stream(reading, r.query(), r.at, func(page collectors.Page) error {
		next := r.judge(ctx, page)
		if next.err != nil {
			return next.err
		}
		if err := r.save(ctx, next); err != nil {
			return err
		}
		for _, o := range page.Observed {
			if !r.Live.Stream && !o.To.Before(begun) {
				return errCaughtUp
			}
		}
		return nil
	})
	if errors.Is(err, errCaughtUp) || ctx.Err() == nil && context.Cause(reading) == errCaughtUp {
		return nil // what is still to come is read by the next scan
	}
	return err
}

// start gives the cursor of a run that was cut short, nil for the beginning.
func (r *runner) start(ctx context.Context) (collectors.Cursor, error) {
	if r.Source == "" {
		return nil, nil
	}
	if r.Finite {
		r.Source += r.brands.settings(r.Brand, r.Sentiment)
	}
	if _, known := r.brands.canonical(r.Brand); r.Brand != "" && !known {
		return nil, nil
	}
	at, err := r.Store.Cursor(ctx, r.Brand, r.Source)
	if err != nil {
		return nil, fmt.Errorf("scan: read cursor: %w", err)
	}
	if at.Cursor == nil || string(at.Cursor) == atStart {
		return nil, nil
	}
	r.report.Resumed = true
	if err := json.Unmarshal(at.Told, &r.report.Earlier); at.Told != nil && err != nil {
		return nil, fmt.Errorf("scan: read what the earlier run did: %w", err)
	}
	r.report.Earlier.Saved = at.Saved
	return at.Cursor, nil
}

type runner struct {
	Job
	report  Report
	notices []collectors.Notice // by code
	begun   bool                // a page was saved
	brands  *brandSet
	created map[string]string // brands added by this run: folded name → name
	gone    *goneSet          // of this run so far; only judge uses it
	at      collectors.Cursor // of a live source: where it was left

	preparing sync.Mutex         // guards what follows and the brands' terms
	lessons   map[string]Lessons // of brands met so far: folded name → lessons
}

// oneByOne reads a page when the one before is stored: of a live source nothing
// is asked for, and paid for, that a crash could lose.
func (r *runner) oneByOne(ctx context.Context, cursor collectors.Cursor) error {
	for more := true; more; {
		next := r.collect(ctx, cursor)
		if next.err != nil {
			return fmt.Errorf("scan: collect: %w", next.err)
		}
		if err := r.save(ctx, next); err != nil {
			return err
		}
		cursor, more = next.page.Next, next.page.More
	}
	r.at = cursor
	return nil
}

// pages pulls pages one ahead of the store: reading and preparing happen on
// one core while the other writes.
func (r *runner) pages(ctx context.Context, from collectors.Cursor) error {
	if r.Live != nil {
		return r.oneByOne(ctx, from)
	}
	ctx, cancel := context.WithCancel(ctx)
	incoming := make(chan ready)
	defer func() { // whoever called may close the collector next
		cancel()
		for range incoming {
			continue
		}
	}()
	go func() {
		defer close(incoming)
		for cursor, more := from, true; more; {
			next := r.collect(ctx, cursor)
			select {
			case incoming <- next:
			case <-ctx.Done():
				return
			}
			if next.err != nil {
				return
			}
			cursor, more = next.page.Next, next.page.More
		}
	}()
	for c := range incoming {
		if c.err != nil {
			return fmt.Errorf("scan: collect: %w", c.err)
		}
		if err := r.save(ctx, c); err != nil {
			return err
		}
	}
	if r.report.Complete {
		return nil // a cancellation that came after the end changes nothing
	}
	return context.Cause(ctx)
}

// collect reads one page and judges it.
func (r *runner) collect(ctx context.Context, from collectors.Cursor) ready {
	page, err := r.Collector.Collect(ctx, r.query(), from)
	if err != nil {
		return ready{err: err}
	}
	return r.judge(ctx, page)
}

// query is what the collector is asked for.
func (r *runner) query() collectors.Query {
	q := collectors.Query{Brand: r.brands.brand(r.Brand)}
	if r.Live != nil {
		q.Terms, q.Since = r.Live.Terms, r.Live.Since
	}
	return q
}

// judge takes what was read through matching, hashing and sentiment.
func (r *runner) judge(ctx context.Context, page collectors.Page) ready {
	if r.Hydrator != nil {
		r.Hydrator.fill(ctx, &page)
	}
	mentions, deleted := r.withoutGone(page)
	batches, rejects := r.brands.batches(mentions, r.Brand, r.Matching)
	rejects = append(deleted, rejects...)
	if err := r.prepare(ctx, batches); err != nil {
		return ready{err: err}
	}
	unmatched := len(page.Mentions) - len(rejects)
	for _, b := range batches {
		unmatched -= len(b.Mentions)
	}
	page.Mentions = nil // they are in the batches: nothing large is kept twice
	return ready{page: page, batches: batches, rejects: rejects, unmatched: unmatched}
}

// prepare makes rows ready with what their brands have learned.
func (r *runner) prepare(ctx context.Context, batches []Batch) error {
	r.preparing.Lock()
	defer r.preparing.Unlock()
	for _, b := range batches {
		key := fold(b.Brand)
		if _, ok := r.lessons[key]; ok || r.Learner == nil {
			continue
		}
		l, err := r.Learner.Lessons(ctx, b.Brand)
		if err != nil && adalid.CodeOf(err) != adalid.NotFound {
			return fmt.Errorf("scan: read what brand %q has learned: %w", b.Brand, err)
		}
		r.lessons[key] = l
	}
	prepare(batches, r.Sentiment, r.brands.terms, r.lessons)
	for i := range batches {
		r.Store.Ready(&batches[i])
	}
	return nil
}

// addNotices gives the sums of two lists of notices by code, with the first
// three examples of each.
func addNotices(a, b []collectors.Notice) []collectors.Notice {
	byCode := map[collectors.NoticeCode]collectors.Notice{}
	for _, n := range slices.Concat(a, b) {
		have := byCode[n.Code]
		have.Code = n.Code
		have.Count += n.Count
		have.Naive += n.Naive
		have.Counted += n.Counted
		have.Examples = slices.Concat(have.Examples, n.Examples)
		have.Examples = have.Examples[:min(3, len(have.Examples))]
		byCode[n.Code] = have
	}
	var sums []collectors.Notice
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		sums = append(sums, byCode[code])
	}
	return sums
}

// Total is what the run and the one it continues have done.
func (r Report) Total() Counts {
	e := r.Earlier
	saved := e.Saved
	saved.Add(r.Saved)
	return Counts{
		Rows: e.Rows + r.Rows, Rejected: e.Rejected + r.Rejected, Unmatched: e.Unmatched + r.Unmatched,
		Notices: addNotices(e.Notices, r.Notices), Saved: saved,
	}
}

func (r *runner) snapshot() Report {
	out := r.report
	out.Created, out.Warnings = slices.Clone(out.Created), slices.Clone(out.Warnings)
	out.Notices = addNotices(nil, r.notices) // its own copy
	return out
}
