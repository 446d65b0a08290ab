package x

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"adalid"
	"adalid/collectors"
)

// part is one thing that a scan walks through: the mentions of an account, or
// a search.
type part struct {
	key   string // its name in the cursor
	path  string
	query string // of a search
	unit  string // what a post costs
	floor time.Time
}

// Nothing is older: the first post, and the first that mentions list.
var (
	oldestPost    = time.Date(2006, 3, 21, 0, 0, 0, 0, time.UTC)
	oldestMention = time.Date(2010, 11, 6, 0, 0, 0, 0, time.UTC)
)

// margins: what X needs until a post can be found, how far inside the seven
// days of its search a walk begins, and how long it may then go on.
const (
	settled = 30 * time.Second
	inside  = 5 * time.Minute
	slack   = 3 * time.Minute
)

// Collect reads one page: first of what is said to the brand's own accounts,
// then of the searches.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	cur, err := readCursor(from)
	if err != nil {
		return collectors.Page{}, err
	}
	var out collectors.Page
	if err := c.resolve(ctx, q, &cur); err != nil {
		return out, err
	}
	parts, warnings := c.plan(q, &cur)
	i := slices.IndexFunc(parts, func(p part) bool { return cur.Walk != nil && p.key == cur.Walk.Part })
	if i < 0 {
		if i = 0; len(parts) == 0 {
			out.Warnings = append(warnings, "There is nothing to ask X for: the brand's query names no words, and the brand has no account there.")
			out.Next, err = cur.write()
			return out, err
		}
		out.Warnings = warnings
		cur.begin(parts[0], q.Since, c.base)
	}
	last, err := c.page(ctx, parts[i], &cur, &out)
	if err != nil {
		return collectors.Page{}, err
	}
	if last {
		out.Observed = cur.finish(parts, i == len(parts)-1)
		if i+1 < len(parts) {
			cur.begin(parts[i+1], q.Since, c.base)
		}
	}
	out.More = cur.Walk != nil
	out.Next, err = cur.write()
	return out, err
}

// begin starts the walk through a part where the scan before has ended, or as
// far back as the first scan reaches.
func (c *cursor) begin(p part, since time.Time, b base) {
	now := b.now().UTC()
	if since.IsZero() {
		since = now.AddDate(0, 0, -int(b.Days))
	}
	w := &walk{Part: p.key, At: now.Add(-settled).Unix()}
	m, known := c.Marks[p.key]
	if known {
		since = time.Unix(m.At, 0).UTC()
	}
	if since.Before(p.floor) {
		since = p.floor
	}
	if known && m.ID != "" && idTime(m.ID).After(p.floor) {
		w.Since = m.ID
	}
	w.From = min(since.Unix(), w.At)
	c.Walk = w
}

// plan lists what to walk through, the cheapest first.
func (c *collector) plan(q collectors.Query, cur *cursor) (parts []part, warnings []string) {
	now := c.now().UTC()
	var without []string
	for _, o := range q.Brand.Own {
		handle, id := o.Handle, cur.Accounts[o.Handle]
		if o.Platform != "" && o.Platform != adalid.X {
			continue
		}
		if o.Platform == adalid.X && number.MatchString(o.Key) {
			id = o.Key
		}
		if id == "" {
			continue
		}
		p := part{key: "to " + id, path: "/2/users/" + id + "/mentions", unit: postRead, floor: oldestMention}
		if c.Account != "" && (c.Account == id || c.Account == handle) {
			p.unit = ownedRead
			if handle != "" && !cur.Short {
				without = append(without, handle)
			}
		}
		if !slices.ContainsFunc(parts, func(other part) bool { return other.key == p.key }) {
			parts = append(parts, p)
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return rank(a) - rank(b) })
	search := part{path: "/2/tweets/search/recent", unit: postRead, floor: now.AddDate(0, 0, -recentDays).Add(inside)}
	if c.Archive {
		search.path, search.floor = "/2/tweets/search/all", oldestPost
	}
	names, _ := c.queries(q.Terms, nil)
	queries, warnings := c.queries(q.Terms, without)
	for i, query := range queries {
		search.query, search.key = query, "search "+query
		if len(names) == len(queries) {
			search.key = "search " + names[i] // the same whether the accounts are left out or not
		}
		parts = append(parts, search)
	}
	return parts, warnings
}

func rank(p part) int {
	if p.unit == ownedRead {
		return 0
	}
	return 1
}

// values is the request for the walk's next page.
func (c *collector) values(p part, w *walk, size int64) url.Values {
	v := c.postValues()
	v.Set("max_results", strconv.FormatInt(size, 10))
	if p.query != "" {
		v.Set("query", p.query)
	}
	if w.Token != "" {
		v.Set("pagination_token", w.Token)
	}
	switch {
	case w.Until != "": // ids and times may not be mixed
		v.Set("until_id", w.Until)
		v.Set("since_id", cmp.Or(w.Since, idBefore(time.Unix(w.From, 0))))
	case w.Since != "":
		v.Set("since_id", w.Since)
	default:
		v.Set("start_time", time.Unix(w.From, 0).UTC().Format(time.RFC3339))
	}
	return v
}

// page reads the walk's next page; last says that the walk has reached its end.
func (c *collector) page(ctx context.Context, p part, cur *cursor, out *collectors.Page) (last bool, err error) {
	k, err := c.book(ctx, p.unit, c.paysUsers())
	if err != nil {
		return false, err
	}
	w := cur.Walk
	if edge := p.floor.Add(-slack); w.Since != "" && idTime(w.Since).Before(edge) || w.Since == "" && w.From < edge.Unix() {
		w.clip(p.floor)
	}
	now := c.now().UTC().Truncate(time.Second)
	a, err := c.get(ctx, p.path, c.values(p, w, k.size))
	if err != nil && w.another(err, p) {
		a, err = c.get(ctx, p.path, c.values(p, w, k.size))
	}
	var rows []json.RawMessage
	if err == nil {
		rows, err = c.list(a)
	}
	if err != nil {
		err = k.giveBack(ctx, err)
		if !p.lost(a, err) {
			return false, err
		}
		out.Warnings = append(out.Warnings, "X shows no mentions of one of the brand's own accounts: it is deleted, suspended or protected.")
		cur.Short = cur.Short || p.unit == ownedRead
		return true, nil
	}
	ids, spent := named(a, rows)
	if err := k.settle(ctx, spent); err != nil {
		return false, err
	}
	fresh, reached := w.see(ids)
	pg := newPage(a, now)
	for i, raw := range rows {
		if fresh[i] {
			pg.take(out, int64(i+1), raw)
		}
	}
	out.Rows += int64(len(rows))
	out.Warnings = append(out.Warnings, warnings(a.Errors)...)
	if a.Meta != nil {
		return w.turn(a.Meta.Next, reached, p, cur)
	}
	return w.turn("", reached, p, cur)
}

// turn notes where the next page is; last says that there is none.
func (w *walk) turn(next string, reached bool, p part, cur *cursor) (last bool, err error) {
	switch {
	case next == "" || reached:
		if p.query == "" && w.Read >= fullTimeline && !reached {
			w.From = max(w.From, idTime(w.Oldest).Unix())
			cur.Short = cur.Short || p.unit == ownedRead
		}
		return true, nil
	case next == w.Token && w.Idle > 0:
		return false, collectors.Errorf(collectors.Schema, "X names the same page as the next one again")
	case next == w.Token:
		next, w.Until = "", w.Oldest
	case w.Idle >= maxIdle:
		return false, collectors.Errorf(collectors.Schema, "X promises more posts but brings none that are older, %d pages in a row", maxIdle)
	}
	w.Token = next
	return false, nil
}

// lost says that a part is about an account that X no longer shows, which must
// not keep us from the rest.
func (p part) lost(a *answer, err error) bool {
	var e *collectors.Error
	if p.query != "" || !errors.As(err, &e) || e.Kind == collectors.Schema {
		return false
	}
	return e.Status == http.StatusNotFound || a != nil && !slices.ContainsFunc(a.Errors, func(p problem) bool { return !p.gone() })
}

// fullTimeline is when a timeline may have been cut off: X shows its newest
// 800 posts.
const fullTimeline = 750

// another says that a refusal has another way around it: a page token that is
// no longer good, or a newest post that is older than the search reaches.
func (w *walk) another(err error, p part) bool {
	var e *collectors.Error
	if !errors.As(err, &e) || e.Status != http.StatusBadRequest {
		return false
	}
	switch {
	case w.Token != "" && w.Oldest != "" && w.Oldest != w.Until && bytes.Contains(e.Body, []byte("_token")):
		w.Token, w.Until = "", w.Oldest
		return true
	case w.Since != "" && bytes.Contains(e.Body, []byte("since_id")):
		w.clip(p.floor)
		return true
	}
	return false
}

// clip moves the beginning of a walk to what X still searches. A page token
// goes with the request it came from, so the walk goes on below its oldest post.
func (w *walk) clip(floor time.Time) {
	w.Since, w.From, w.Token, w.Until = "", max(w.From, floor.Unix()), "", w.Oldest
}

// named gives the ids of an answer's posts, in their order, and all that is
// charged for.
func named(a *answer, rows []json.RawMessage) (ids []string, r read) {
	authors := len(a.Includes.Users) == 0
	for _, raw := range rows {
		var p struct {
			ID     id `json:"id"`
			Author id `json:"author_id"`
		}
		_ = json.Unmarshal(raw, &p) // what has no id is a reject later
		ids = append(ids, string(p.ID))
		if p.ID == "" {
			r.unnamed++
		} else {
			r.posts = append(r.posts, string(p.ID))
		}
		if authors && p.Author != "" && !slices.Contains(r.users, string(p.Author)) {
			r.users = append(r.users, string(p.Author))
		}
	}
	for _, list := range [][]post{a.Includes.Posts, a.Includes.Tweets} {
		for _, p := range list {
			if p.ID != "" {
				r.posts = append(r.posts, string(p.ID))
			}
		}
	}
	for _, u := range a.Includes.Users {
		if u.ID != "" {
			r.users = append(r.users, string(u.ID))
		}
	}
	return ids, r
}

// maxRaw is how much of a row that cannot be used is kept.
const maxRaw = 4 << 10

// take adds a post to the page, or the reason why it cannot be used.
func (pg *page) take(out *collectors.Page, row int64, raw json.RawMessage) {
	_, m, field, why := pg.decode(raw)
	if why == "" {
		out.Mentions = append(out.Mentions, m)
		return
	}
	out.Rejects = append(out.Rejects, reject(row, field, why, raw))
}

func reject(row int64, field, why string, raw json.RawMessage) collectors.Reject {
	return collectors.Reject{Source: "x", Row: row, Field: field, Column: field, Reason: why, Raw: string(raw[:min(len(raw), maxRaw)])}
}
