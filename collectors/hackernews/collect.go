package hackernews

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid/collectors"
)

const (
	perPage = 100
	deepest = 1000 // results that one query gives, whatever the page
)

// Collect reads one page of one feed, newest first. A page begins with the
// second in which the one before ended, so that the limit of a thousand results
// is never met and posts of the same second are not skipped.
func (c *collector) Collect(ctx context.Context, q collectors.Query, at collectors.Cursor) (collectors.Page, error) {
	now := c.now()
	list := feeds(q)
	oldest := q.Since
	if oldest.IsZero() {
		oldest = now.AddDate(0, 0, -c.days)
	}
	r, err := load(at, list, oldest, now)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("hackernews: %w", err)
	}
	f := r.next(list)
	if f == nil {
		return finished(collectors.Page{Warnings: []string{"nothing in this query can be asked for on Hacker News: name words, phrases or accounts"}}, r)
	}
	begun := *f == list[0] && r.Walks[f.key()].High == 0
	w := *r.Walks[f.key()]
	b, err := c.batch(ctx, *f, &w, r)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("hackernews: %w", err)
	}
	done, err := b.advance(&w)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("hackernews: %s: %w", f.kind, err)
	}
	p := b.page(*f, now)
	if f.kind == own {
		w.keep(b, now)
	}
	if done {
		r.finish(&w)
	}
	r.Walks[f.key()] = &w
	if begun {
		p.Warnings = append(p.Warnings, limits(q)...)
	}
	if p.More = r.next(list) != nil; !p.More {
		p.Observed = r.observed()
	}
	return finished(p, r)
}

func finished(p collectors.Page, r *round) (collectors.Page, error) {
	next, err := json.Marshal(r)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("hackernews: cursor: %w", err)
	}
	p.Next = next
	return p, nil
}

// batch is one page of answers.
type batch struct {
	raw     []json.RawMessage
	hits    []*hit // nil where one cannot be read
	start   int64  // of the round
	low     int64
	nth     int // page of the second it begins with
	per     int
	total   int64
	crowded bool // more than can be read lies in one second
}

// batch asks for the next page of a walk.
func (c *collector) batch(ctx context.Context, f feed, w *walk, r *round) (*batch, error) {
	window := "created_at_i>=" + strconv.FormatInt(w.low(), 10)
	if w.High > 0 {
		window += ",created_at_i<=" + strconv.FormatInt(w.High, 10)
	}
	query, tags := f.request(r.stories(f))
	b := &batch{start: r.Start, low: w.low(), nth: w.Page, per: perPage}
	if err := c.found(ctx, url.Values{
		"query": {query}, "tags": {tags}, "numericFilters": {window}, "page": {strconv.Itoa(w.Page)},
		"hitsPerPage": {strconv.Itoa(perPage)}, "advancedSyntax": {"true"}, "typoTolerance": {"false"},
	}, b); err != nil {
		return nil, err
	}
	return b, nil
}

// found sends a search and reads its answer into b.
func (c *collector) found(ctx context.Context, parameters url.Values, b *batch) error {
	answer, err := c.get(ctx, c.search+searchPath+"search_by_date?"+parameters.Encode())
	if err != nil {
		return err
	}
	var in found
	if err := collectors.JSON(answer, &in); err != nil {
		return err
	}
	if in.Hits == nil || in.Total == nil {
		return collectors.Errorf(collectors.Schema, "the search of Hacker News answered without results or their number")
	}
	b.raw, b.total = *in.Hits, *in.Total
	if in.PerPage > 0 && in.PerPage < b.per {
		b.per = in.PerPage
	}
	for _, raw := range b.raw {
		h := &hit{}
		if json.Unmarshal(raw, h) != nil || h.At == 0 {
			h = nil
		}
		b.hits = append(b.hits, h)
	}
	return nil
}

func (c *collector) get(ctx context.Context, address string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	answer, err := c.http.Do(r)
	if e := (*collectors.Error)(nil); errors.As(err, &e) && e.Kind == collectors.Forbidden && e.Status != 0 && strings.HasPrefix(address, c.search) {
		e.Fix = "the search blocks addresses that ask more than 10,000 times an hour: wait an hour, and see whether others share this address"
	}
	return answer, err
}

// advance moves a walk on after a page; done says that nothing older follows.
func (b *batch) advance(w *walk) (done bool, err error) {
	n := len(b.raw)
	switch {
	case n == 0 && b.nth == 0 && b.total > 0:
		return false, collectors.Errorf(collectors.Schema, "the search promises posts and gives none")
	case n == 0:
		return true, nil
	}
	newest, oldest, first := int64(0), int64(0), ""
	for _, h := range b.hits {
		switch {
		case h == nil:
			continue
		case oldest != 0 && int64(h.At) > oldest:
			return false, collectors.Errorf(collectors.Schema, "the search does not give the newest posts first")
		}
		newest, oldest, first = max(newest, int64(h.At)), int64(h.At), cmp.Or(first, string(h.ID))
	}
	switch {
	case oldest == 0:
		return false, collectors.Errorf(collectors.Schema, "the search gives posts without a time")
	case w.High > 0 && newest > w.High, b.nth > 0 && first == w.First:
		return false, collectors.Errorf(collectors.Schema, "the search gives the same page again and again")
	}
	w.First = first
	for _, h := range b.hits {
		if h != nil && int64(h.At) <= b.start { // what lies ahead of the clock marks nothing
			w.Newest = max(w.Newest, int64(h.At))
		}
	}
	seen := int64(b.nth*b.per + n)
	switch {
	case oldest < b.low: // the server ignores the window
		return true, nil
	case n < b.per && b.total <= seen:
		return true, nil
	case w.High == 0 || oldest < w.High:
		w.High, w.Page = oldest, 0
	case (w.Page+1)*b.per < deepest:
		w.Page++
	default:
		b.crowded = true
		w.High, w.Page = w.High-1, 0
	}
	return w.High < b.low, nil
}

// keep remembers the stories of the brand's account, the newest of them. The
// first scan needs all that it can reach, later ones those still talked about.
func (w *walk) keep(b *batch, now time.Time) {
	for _, h := range b.hits {
		if h != nil && number.MatchString(string(h.ID)) && !slices.ContainsFunc(w.Stories, func(s story) bool { return s.ID == string(h.ID) }) {
			w.Stories = append(w.Stories, story{string(h.ID), int64(h.At)})
		}
	}
	if w.Mark > 0 {
		open := now.Add(-openFor).Unix()
		w.Stories = slices.DeleteFunc(w.Stories, func(s story) bool { return s.At < open })
	}
	slices.SortFunc(w.Stories, func(a, b story) int {
		return cmp.Or(cmp.Compare(b.At, a.At), strings.Compare(b.ID, a.ID))
	})
	w.Stories = w.Stories[:min(len(w.Stories), mostStories)]
}
