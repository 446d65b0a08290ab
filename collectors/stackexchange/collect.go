package stackexchange

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"adalid/collectors"
)

// round is the cursor: one round reads every feed once.
type round struct {
	Start int64            `json:"start"`           // unix seconds
	Feeds map[string]*walk `json:"feeds"`           // by feed.key
	Wait  int64            `json:"wait,omitempty"`  // nothing is asked before; unix seconds
	Spent bool             `json:"spent,omitempty"` // Wait is the end of the quota's day
}

// walk is where the reading of one feed stands. It goes from old to new by the
// platform's own dates, so that nothing shifts: everything before At is known.
type walk struct {
	At    int64 `json:"at,omitempty"`   // unix seconds
	Page  int   `json:"page,omitempty"` // beyond the first of what was made since At
	From  int64 `json:"from,omitempty"` // the first scan reached back to here; unix seconds
	Began int64 `json:"began,omitempty"`
	Done  bool  `json:"done,omitempty"` // in this round
}

// feed is one search on one site.
type feed struct{ host, text string }

func (f feed) key() string { return f.host + "/" + f.text }

const (
	pageSize = 100
	// late is how long new posts may take to be found: that much is read again.
	late = 2 * time.Hour
	// mostPages is how many pages may hold posts of one second.
	mostPages = 5
	// pageCost is how many requests a page takes: the search and the posts.
	pageCost = 2
)

// feeds gives everything that is read for a query.
func (c *collector) feeds(q collectors.Query) (list []feed) {
	var texts []string
	for _, t := range q.Terms {
		if text := search(t); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	for _, host := range c.hosts {
		for _, text := range texts {
			list = append(list, feed{host, text})
		}
	}
	return list
}

// search writes a term as a search, "" where it is none. What is more than a
// word stands in quotes: a colon, a minus or brackets would be operators.
func search(t collectors.Term) string {
	text := strings.Join(strings.Fields(strings.ReplaceAll(t.Text, `"`, " ")), " ")
	letter := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
	switch {
	case t.Kind == collectors.From || !strings.ContainsFunc(text, letter):
		return ""
	case strings.ContainsFunc(text, func(r rune) bool { return !letter(r) }):
		return `"` + text + `"`
	case t.Kind == collectors.Prefix:
		return text + "*"
	}
	return text
}

// Collect reads one page of one search and the posts found by it.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	now, feeds := c.now(), c.feeds(q)
	r, err := load(from, feeds, now)
	if err == nil {
		err = r.mayAsk(now)
	}
	if err != nil {
		return collectors.Page{}, fmt.Errorf("stackexchange: %w", err)
	}
	if len(feeds) == 0 {
		return finish(collectors.Page{Warnings: []string{"nothing in this query can be searched for: name words or phrases"}}, r)
	}
	f := feeds[slices.IndexFunc(feeds, func(f feed) bool { return !r.Feeds[f.key()].Done })]
	w := *r.Feeds[f.key()]
	c.start(&w, q.Since, now)
	p, err := c.page(ctx, f, &w, r)
	if err != nil {
		return collectors.Page{}, fmt.Errorf("stackexchange: %s: %w", f.host, err)
	}
	*r.Feeds[f.key()] = w
	if p.More = slices.ContainsFunc(feeds, func(f feed) bool { return !r.Feeds[f.key()].Done }); !p.More {
		p.Observed = r.observed()
	}
	return finish(p, r)
}

func finish(p collectors.Page, r *round) (_ collectors.Page, err error) {
	if p.Next, err = json.Marshal(r); err != nil {
		return collectors.Page{}, fmt.Errorf("stackexchange: cursor: %w", err)
	}
	return p, nil
}

// load reads a cursor and begins the next round where the last is over.
func load(from collectors.Cursor, feeds []feed, now time.Time) (*round, error) {
	r := &round{}
	if len(from) > 0 {
		if err := json.Unmarshal(from, r); err != nil {
			return nil, &collectors.Error{Kind: collectors.Schema, Message: "the stored place in the source cannot be read", Err: err}
		}
	}
	all, under := map[string]*walk{}, false
	for _, f := range feeds {
		w := r.Feeds[f.key()]
		under = under || w != nil && !w.Done
		if w == nil {
			w = &walk{}
		}
		w.Page = max(0, w.Page)
		all[f.key()] = w
	}
	if r.Feeds = all; !under {
		r.Start = now.Unix()
		for _, w := range r.Feeds {
			w.Done = false
		}
	}
	return r, nil
}

// mayAsk is an error while the platform wants to be left alone.
func (r *round) mayAsk(now time.Time) error {
	until := time.Unix(r.Wait, 0).UTC()
	switch {
	case !now.Before(until):
		r.Wait, r.Spent = 0, false
		return nil
	case r.Spent:
		return &collectors.Error{Kind: collectors.Quota, Until: until, Message: "the day's quota of Stack Exchange is used up"}
	}
	return &collectors.Error{Kind: collectors.RateLimited, Until: until, Message: "Stack Exchange asks to wait before more is read"}
}

func (c *collector) start(w *walk, since, now time.Time) {
	if w.Began == 0 {
		w.Began = now.Unix()
	}
	if w.From == 0 {
		if since.IsZero() {
			since = now.AddDate(0, 0, -c.days)
		}
		w.From = since.Unix()
		w.At = w.From
	}
}

// page searches, looks the findings up and moves the walk on. It changes the
// walk only where all is well.
func (c *collector) page(ctx context.Context, f feed, to *walk, r *round) (p collectors.Page, err error) {
	booked, err := c.meter.Reserve(ctx, unit, pageCost, pageCost)
	if err != nil {
		return p, err
	}
	asked := int64(0)
	defer func() {
		if settled := booked.Settle(ctx, asked, nil); err == nil {
			err = settled
		}
	}()
	w := *to
	asked++
	found, err := c.ask(ctx, searchPath, f.host, url.Values{
		"q": {f.text}, "sort": {"creation"}, "order": {"asc"}, "fromdate": {strconv.FormatInt(w.At, 10)},
		"page": {strconv.Itoa(w.Page + 1)}, "pagesize": {strconv.Itoa(pageSize)},
	})
	if err != nil {
		return p, err
	}
	items := readItems(*found.Items)
	if err := w.advance(items, *found.HasMore); err != nil {
		return p, err
	}
	r.heed(found, c.now())
	posts := map[string]*post{}
	if ids := wanted(items); len(ids) > 0 {
		if r.Spent {
			return p, r.mayAsk(c.now())
		}
		asked++
		whole, err := c.ask(ctx, postsPath+strings.Join(ids, ";"), f.host, url.Values{"filter": {"withbody"}, "pagesize": {strconv.Itoa(pageSize)}})
		if err != nil {
			return p, err
		}
		if *whole.HasMore {
			return p, collectors.Errorf(collectors.Schema, "the answer holds fewer posts than were asked for")
		}
		posts = readPosts(*whole.Items)
		r.heed(whole, c.now())
	}
	*to = w
	p = pageOf(f, items, posts, c.now())
	if r.Spent {
		p.Warnings = append(p.Warnings, "the day's quota of Stack Exchange is used up")
	}
	return p, nil
}

// heed notes what an answer asks for: to wait, or that too little is left of
// the day's quota for another page.
func (r *round) heed(w *wrapper, now time.Time) {
	if w.Backoff > 0 {
		wait := time.Duration(min(w.Backoff, longestWait.Seconds()) * float64(time.Second))
		r.Wait = max(r.Wait, now.Add(wait+time.Second-1).Unix())
	}
	if w.Remaining != nil && *w.Remaining <= 0 {
		y, m, d := now.UTC().Date()
		r.Wait, r.Spent = time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC).Unix(), true
	}
}

// advance says where the walk goes after a page.
func (w *walk) advance(items []item, more bool) error {
	last := int64(0)
	for _, it := range items {
		if it.excerpt == nil {
			continue
		}
		at := it.excerpt.CreationDate
		if at < w.At || at < last {
			return collectors.Errorf(collectors.Schema, "Stack Exchange gives posts that are older than asked for, or not in the order asked for")
		}
		last = at
	}
	switch {
	case !more:
		*w = walk{At: max(w.From, w.Began-int64(late/time.Second)), From: w.From, Done: true}
	case last > w.At:
		w.At, w.Page = last, 0
	case len(items) == 0 || w.Page+1 >= mostPages:
		return collectors.Errorf(collectors.Schema, "Stack Exchange gives the same page again and again")
	default:
		w.Page++ // more posts of one second than a page holds
	}
	return nil
}

// wanted gives the ids to look up: those of the findings, and as far as there
// is room the questions that they answer, to know whom.
func wanted(items []item) (ids []string) {
	add := func(id string) {
		if id != "" && len(ids) < pageSize && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, it := range items {
		if it.excerpt != nil {
			add(it.excerpt.id())
		}
	}
	for _, it := range items {
		if it.excerpt != nil {
			add(digits(it.excerpt.QuestionID))
		}
	}
	return ids
}

// observed is the time that every feed of a finished round covers.
func (r *round) observed() []collectors.Period {
	p := collectors.Period{To: time.Unix(r.Start, 0).UTC()}
	for _, w := range r.Feeds {
		if from := time.Unix(w.From, 0).UTC(); p.From.IsZero() || from.After(p.From) {
			p.From = from
		}
	}
	if !p.From.Before(p.To) {
		return nil
	}
	return []collectors.Period{p}
}
