package scan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"adalid"
	"adalid/collectors"
)

// ready is a page on its way from the collector to the store.
type ready struct {
	page      collectors.Page
	batches   []Batch
	rejects   []collectors.Reject
	unmatched int // rows that no query wanted
	err       error
}

// save stores one page with the brands it names for the first time.
func (r *runner) save(ctx context.Context, c ready) error {
	page, batches, rejects := c.page, c.batches, c.rejects
	useless := r.useless(c)
	if r.Brand != "" && !useless { // the cursor needs it even where no row is about it
		if _, err := r.createBrand(ctx, r.Brand); err != nil {
			return err
		}
	}
	for i, b := range batches {
		name, err := r.createBrand(ctx, b.Brand)
		if err != nil {
			return err
		}
		batches[i].Brand = name
	}
	// Rejects go out first: a crash in between repeats them, the other order
	// would lose them.
	if err := r.reject(page.Rejects, rejects); err != nil {
		return err
	}
	// What is gone goes first too: the page is acknowledged when both are done.
	if err := r.forget(ctx, page.Gone); err != nil {
		return err
	}
	before, notices := r.report, r.notices
	r.count(c)
	if !useless {
		if err := r.store(ctx, page, batches); err != nil {
			r.report, r.notices = before, notices // the page is not part of it
			return err
		}
	}
	if r.OnProgress != nil {
		r.OnProgress(r.snapshot())
	}
	return nil
}

// store saves the page together with what the run has done up to it.
func (r *runner) store(ctx context.Context, page collectors.Page, batches []Batch) error {
	told, err := json.Marshal(r.snapshot().Total())
	if err != nil {
		return fmt.Errorf("scan: note what was done: %w", err)
	}
	saved, err := r.saveJudged(ctx, Page{
		Brand: r.Brand, Source: r.Source, Cursor: r.cursor(page), Batches: batches,
		First: !r.begun && !r.report.Resumed, Told: told, Leg: r.leg(page),
		Replayed: r.Finite && r.Source != "" && page.More,
	})
	if err != nil {
		return err
	}
	r.begun = true
	r.report.Saved.Add(saved)
	return nil
}

// leg is what a live source's page brings beside its mentions.
func (r *runner) leg(page collectors.Page) *Leg {
	if r.Live == nil {
		return nil
	}
	return &Leg{
		ID: r.Live.Leg, Platform: r.Live.Platform, Lease: r.Live.Lease, Until: r.Live.Now().Add(r.Live.Hold),
		Pages: r.report.Pages, Rows: r.report.Rows, Rejected: r.report.Rejected, Observed: page.Observed,
	}
}

// saveJudged saves a page. Where a brand has learned something since its rows were
// judged, they are judged again.
func (r *runner) saveJudged(ctx context.Context, p Page) (Saved, error) {
	for {
		saved, err := r.Store.Save(ctx, p)
		if err == nil {
			return saved, nil
		}
		if !errors.Is(err, ErrStale) || r.Learner == nil {
			return saved, fmt.Errorf("scan: %w", err)
		}
		r.preparing.Lock()
		clear(r.lessons)
		r.preparing.Unlock()
		if err := r.prepare(ctx, p.Batches); err != nil {
			return saved, err
		}
	}
}

// useless tells whether no row could be used yet while the brand is still to be
// created: that waits, so that a file of which every row is rejected leaves
// nothing behind. There is no cursor either, such pages are read again.
func (r *runner) useless(c ready) bool {
	rejected := r.report.Rejected + int64(len(c.page.Rejects)+len(c.rejects))
	if r.Brand == "" || len(c.batches) > 0 || !c.page.More && rejected == 0 {
		return false
	}
	name, known := r.brands.canonical(r.Brand)
	return !known && r.created[fold(name)] == ""
}

// withoutGone gives the mentions of a page of which the run does not know that
// they no longer exist: the order of a post and its deletion does not matter.
func (r *runner) withoutGone(page collectors.Page) (left []adalid.Mention, rejects []collectors.Reject) {
	for _, g := range page.Gone {
		r.gone.add(g)
	}
	if r.gone.empty() || r.Remover == nil {
		return page.Mentions, nil
	}
	for _, m := range page.Mentions {
		if r.gone.has(collectors.PostID{Platform: m.Platform, ID: m.ID}) {
			rejects = append(rejects, collectors.Reject{Field: "post_id", Reason: fmt.Sprintf("post %s no longer exists at its source", m.ID)})
			continue
		}
		left = append(left, m)
	}
	return left, rejects
}

// forget takes posts out of the brands that the run is about: all of them where
// rows name their own.
func (r *runner) forget(ctx context.Context, gone []collectors.PostID) error {
	if len(gone) == 0 || r.Remover == nil {
		return nil
	}
	names := slices.Collect(maps.Values(r.created))
	for _, b := range r.brands.brands {
		names = append(names, b.Name)
	}
	slices.Sort(names)
	for _, name := range names {
		if r.Brand != "" && fold(name) != fold(r.Brand) {
			continue
		}
		n, err := r.Remover.Forget(ctx, name, gone)
		if err != nil {
			return fmt.Errorf("scan: take out posts that are gone: %w", err)
		}
		r.report.Gone += n
	}
	return nil
}

func (r *runner) reject(lists ...[]collectors.Reject) error {
	if r.OnReject == nil {
		return nil
	}
	for _, reject := range slices.Concat(lists...) {
		if err := r.OnReject(reject); err != nil {
			return fmt.Errorf("scan: report a rejected row: %w", err)
		}
	}
	return nil
}

// atStart is the cursor of a finite source that was read to its end.
const atStart = "null"

func (r *runner) cursor(page collectors.Page) collectors.Cursor {
	switch {
	case r.Source == "":
		return nil
	case r.Finite && !page.More:
		return collectors.Cursor(atStart)
	}
	return page.Next
}

func (r *runner) count(c ready) {
	p, page := &r.report, c.page
	p.Pages++
	p.Warnings = append(p.Warnings, page.Warnings...)
	p.Warnings = p.Warnings[max(0, len(p.Warnings)-10):]
	p.Rows += page.Rows
	p.Rejected += int64(len(page.Rejects) + len(c.rejects))
	if r.Matching == MatchQuery {
		p.Unmatched += int64(c.unmatched)
	}
	p.Read, p.Size = page.Read, page.Size
	p.Complete = !page.More
	r.notices = addNotices(r.notices, page.Notices)
}
