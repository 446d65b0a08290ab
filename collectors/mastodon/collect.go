package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"adalid/collectors"
)

// Collect reads one page of one feed. A server that fails is a warning, and the
// others are read on; the round then ends with the error, so that a scan is
// never taken for a complete one.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	now := c.now()
	feeds := c.feeds(q)
	r, err := load(from, feeds, now)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("mastodon: %w", err)
	}
	if len(feeds) == 0 {
		return finish(collectors.Page{Warnings: []string{"nothing in this query can be asked for as a hashtag: name hashtags or words, or add an access token"}}, r)
	}
	f := r.next(feeds)
	if f == nil {
		return collectors.Page{}, fmt.Errorf("mastodon: %w", r.owed(feeds, now))
	}
	w := r.Feeds[f.key()]
	if w.Began == 0 {
		c.start(w, q.Since, now)
	}
	p, err := c.page(ctx, *f, w)
	var e *collectors.Error
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return collectors.Page{}, fmt.Errorf("mastodon: %s: %w", f.key(), ctx.Err())
	case !errors.As(err, &e) || !r.fail(feeds, *f, e):
		return collectors.Page{}, fmt.Errorf("mastodon: %s: %w", f.key(), err)
	default:
		p = collectors.Page{Warnings: []string{e.Message}}
	}
	switch p.More = true; {
	case r.next(feeds) != nil:
	case len(r.Failed) > 0:
		r.Ended = now.Unix()
	default:
		p.More, p.Observed = false, r.observed()
	}
	return finish(p, r)
}

func finish(p collectors.Page, r *round) (collectors.Page, error) {
	next, err := json.Marshal(r)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("mastodon: cursor: %w", err)
	}
	p.Next = next
	return p, nil
}

// start begins a walk: from the mark upwards, or the first time from the newest
// post down. Search has no parameter for newer posts and always walks down.
func (c *collector) start(w *walk, since, now time.Time) {
	if w.From == 0 {
		if since.IsZero() {
			since = now.AddDate(0, 0, -c.days)
		}
		w.From = since.Unix()
	}
	w.Began, w.At, w.Seen, w.Offset, w.First = now.Unix(), "", w.Mark, 0, ""
}

// page reads the next page of a feed and moves its walk on. It changes the
// walk only when the page is good.
func (c *collector) page(ctx context.Context, f feed, to *walk) (collectors.Page, error) {
	w := *to
	if w.Mark != "" && f.kind != search && w.At == "" && !w.Up {
		w.Up, w.At = true, w.Mark
	}
	l, err := c.list(ctx, f, w)
	if err != nil {
		return collectors.Page{}, err
	}
	if err := c.advance(ctx, f, &w, l); err != nil {
		return collectors.Page{}, err
	}
	if w.Done {
		w = walk{Mark: w.Seen, From: w.From, Done: true}
	}
	p := l.page(f, c.now())
	*to = w
	return p, nil
}

// advance says where the walk goes after a page.
func (c *collector) advance(ctx context.Context, f feed, w *walk, l *list) error {
	if len(l.items) == 0 {
		w.Done = true
		return nil
	}
	w.see(l)
	newest, oldest := l.span()
	if newest == "" {
		return fault(f, "gives posts without ids")
	}
	switch {
	case f.kind == search:
		return w.offset(f, l, newest, oldest)
	case w.Up:
		ignored, err := c.ignores(ctx, f, w, l, oldest)
		switch {
		case err != nil:
			return err
		case !ignored:
			return w.up(f, l, newest)
		}
		w.Up, w.At = false, "" // the page is the newest: from here down to the mark
	}
	return w.down(f, l, newest, oldest)
}

// see moves what becomes the mark up to the newest post written so long ago
// that no other will be sorted in before it. Dates only choose how much is read
// twice: the mark is always an id that was read, and wild dates do not count.
func (w *walk) see(l *list) {
	settled := w.Began - int64(late/time.Second)
	for _, it := range l.items {
		if at := it.created.Unix(); at >= w.From && at <= settled && newer(it.id, w.Seen) {
			w.Seen = it.id
		}
	}
}

// ignores tells whether the server gave its newest page instead of the one
// right after min_id, so that posts lie between. That can be seen only by
// asking: one post more, for pages that may be one of many.
func (c *collector) ignores(ctx context.Context, f feed, w *walk, l *list, oldest string) (bool, error) {
	switch {
	case !newer(oldest, w.At):
		return true, nil
	case l.short():
		return false, nil
	}
	return c.between(ctx, f, w.At, oldest)
}

func (w *walk) up(f feed, l *list, newest string) error {
	at := l.prev
	if at == "" || newer(at, newest) { // beyond what was read posts would be skipped
		at = newest
	}
	if !newer(at, w.At) {
		return fault(f, "gives the same page again and again")
	}
	w.At, w.Done = at, l.short()
	return nil
}

func (w *walk) down(f feed, l *list, newest, oldest string) error {
	if w.At != "" && !newer(w.At, newest) {
		return fault(f, "gives the same page again and again")
	}
	at := l.next
	if at == "" || newer(oldest, at) {
		at = oldest
	}
	if w.At != "" && !newer(w.At, at) {
		return fault(f, "gives the same page again and again")
	}
	w.Done = l.before(w.From) || w.Mark != "" && !newer(oldest, w.Mark)
	w.At = at
	return nil
}

// deepest is how far search engines let offsets go.
const deepest = 10_000

// offset moves on in search results; only where they are in order does an old
// one mean that no newer ones follow.
func (w *walk) offset(f feed, l *list, newest, oldest string) error {
	first := l.items[0].id
	if w.Offset > 0 && first != "" && first == w.First {
		return fault(f, "gives the same page again and again")
	}
	known := w.Mark != "" && (!newer(newest, w.Mark) || l.ordered() && !newer(oldest, w.Mark))
	w.Done = known || l.before(w.From)
	w.Offset, w.First = w.Offset+len(l.items), first
	if !w.Done && w.Offset+statusLimit > deepest {
		w.Done, l.cut = true, true
	}
	return nil
}

func fault(f feed, what string) error {
	return collectors.Errorf(collectors.Schema, "%s %s", f.server.host(), what)
}

// newer compares ids the way servers sort them: longer ones are newer, then
// letter by letter. Every id is newer than "".
func newer(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}
