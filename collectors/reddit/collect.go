package reddit

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid/collectors"
)

// part is one list that every scan reads from the newest item back.
type part struct {
	key    string // its name in the cursor
	path   string
	query  string // of a search
	within string // the subreddit, "" all
	user   string // an own account, whose posts' comments are read too
}

// page is how many items Reddit gives at once, whole how many comments of a post.
const page, whole = 100, 500

// Collect reads one page: searches, then the subreddits, then what is said to
// the brand's own accounts.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	cur, err := readCursor(from)
	if err != nil {
		return collectors.Page{}, err
	}
	var out collectors.Page
	parts, warnings := c.plan(q)
	i := slices.IndexFunc(parts, func(p part) bool { return cur.Walk != nil && p.key == cur.Walk.Part })
	if i < 0 {
		out.Warnings = warnings
		if i = 0; len(parts) == 0 {
			out.Warnings = append(out.Warnings, "There is nothing to ask Reddit for: the brand's query names no words, no subreddits are named, and the brand has no account there.")
			out.Next, err = cur.write()
			return out, err
		}
		cur.Walk = &walk{At: c.now().Unix() - settled}
		cur.enter(parts[0], c.since(q))
	}
	done, err := c.step(ctx, parts[i], &cur, &out)
	if err != nil {
		return collectors.Page{}, err
	}
	for shut := cur.Walk.Shut; shut != "" && i+1 < len(parts) && parts[i+1].within == shut; i++ {
		cur.Walk.Closed++
	}
	if done && i+1 < len(parts) {
		cur.enter(parts[i+1], c.since(q))
	} else if done {
		if cur.Walk.Closed == len(parts) {
			return collectors.Page{}, &collectors.Error{
				Kind: collectors.Forbidden, Message: "Reddit shows none of what this source reads: all of it is private, banned or gone",
				Fix: "name other subreddits in the source's settings",
			}
		}
		out.Observed = cur.finish(parts)
	}
	out.More = cur.Walk != nil
	out.Next, err = cur.write()
	return out, err
}

func (c *collector) since(q collectors.Query) int64 {
	if !q.Since.IsZero() {
		return q.Since.Unix()
	}
	return c.now().AddDate(0, 0, -int(c.Days)).Unix()
}

// plan lists what a scan reads, and what cannot be asked for.
func (c *collector) plan(q collectors.Query) (parts []part, warnings []string) {
	queries, warnings := queries(q.Terms)
	if c.Everywhere {
		for _, text := range queries {
			parts = append(parts, part{key: "search " + text, path: "/search", query: text})
		}
	}
	for _, r := range c.Subreddits {
		for _, text := range queries {
			parts = append(parts, part{key: "search r/" + r + " " + text, path: "/r/" + r + "/search", query: text, within: r})
		}
		parts = append(parts, part{key: "new r/" + r, path: "/r/" + r + "/new", within: r}, part{key: "comments r/" + r, path: "/r/" + r + "/comments", within: r})
	}
	for _, o := range q.Brand.Own {
		if (o.Platform == "" || o.Platform == platform) && user.MatchString(o.Handle) {
			parts = append(parts, part{key: "own " + o.Handle, path: "/user/" + o.Handle + "/submitted", user: o.Handle})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return len(a.user) - len(b.user) })
	return slices.CompactFunc(parts, func(a, b part) bool { return a.key == b.key }), warnings
}

// values is the request for the page after an item.
func (p part) values(after string) url.Values {
	v := url.Values{"limit": {fmt.Sprint(page)}}
	if p.query != "" {
		v.Set("q", p.query)
		v.Set("type", "link")
	}
	if p.query != "" || p.user != "" {
		v.Set("sort", "new")
	}
	if p.query != "" && p.within != "" {
		v.Set("restrict_sr", "1")
	}
	if after != "" {
		v.Set("after", after)
	}
	return v
}

// step makes one request of a part; done says that the part is read.
func (c *collector) step(ctx context.Context, p part, cur *cursor, out *collectors.Page) (done bool, err error) {
	w := cur.Walk
	if len(w.Open) > 0 {
		return c.comments(ctx, cur, out)
	}
	l, err := c.list(ctx, p.path, p.values(w.Token))
	why := closed(err, p.user != "")
	if err == nil && slices.ContainsFunc(l.Data.Children, func(t thing) bool { return t.Kind == "t5" }) {
		why = "it does not exist" // Reddit offers similar subreddits instead
	}
	if name := p.within + p.user; name != "" && why != "" {
		out.Warnings = append(out.Warnings, fmt.Sprintf("Reddit does not show %s, which is left out: %s.", name, why))
		w.Closed++
		w.Shut = p.within
		return true, nil
	}
	if err != nil {
		return false, err
	}
	at := c.now().UTC().Truncate(time.Second)
	last := int64(0)
	for i, t := range l.Data.Children {
		e := take(out, i, t, "", at)
		if made, ok := e.at(); ok {
			last = made.Unix()
		}
		if p.user != "" && last >= w.From && e.Comments != nil && *e.Comments != cur.Threads[e.Name] && fullname.MatchString(e.Name) {
			w.Open = append(w.Open, thread{e.Name, *e.Comments})
		}
	}
	if done, err = w.turn(l.Data.After, last, len(l.Data.Children), out); err != nil || !done {
		return false, err
	}
	cur.leave()
	w.Listed = true
	return len(w.Open) == 0, nil
}

// turn notes where the next page is; done says that the walk has reached its end.
func (w *walk) turn(next string, last int64, items int, out *collectors.Page) (done bool, err error) {
	w.Read += items
	if w.Idle++; last > 0 && (w.Oldest == 0 || last < w.Oldest) {
		w.Oldest, w.Idle = last, 0
	}
	switch {
	case last > 0 && last < w.From:
		return true, nil
	case next == "" && items == 0 && w.Token != "" && !w.Again: // the item that the page was to follow is gone
		w.Token, w.Read, w.Oldest, w.Idle, w.Again = "", 0, 0, 0, true
		return false, nil
	case next == "" && w.Read >= full && w.Oldest > w.From:
		w.From = w.Oldest
		out.Warnings = append(out.Warnings, fmt.Sprintf("Reddit shows only the newest %d of a list: what was posted before %s is not seen.", w.Read, time.Unix(w.Oldest, 0).UTC().Format(time.RFC3339)))
		return true, nil
	case next == "":
		return true, nil
	case next == w.Token:
		return false, collectors.Errorf(collectors.Schema, "Reddit names the same page as the next one again")
	case w.Idle >= maxIdle:
		return false, collectors.Errorf(collectors.Schema, "Reddit promises more but brings nothing older, %d pages in a row", maxIdle)
	}
	w.Token = next
	return false, nil
}

// comments reads what was said under the next of the own posts.
func (c *collector) comments(ctx context.Context, cur *cursor, out *collectors.Page) (done bool, err error) {
	w := cur.Walk
	t := w.Open[0]
	w.Open = w.Open[1:]
	done = len(w.Open) == 0 && w.Listed
	var both []listing
	err = c.get(ctx, "/comments/"+strings.TrimPrefix(t.Name, "t3_"), url.Values{"sort": {"new"}, "limit": {fmt.Sprint(whole)}}, &both)
	if closed(err, true) != "" {
		return done, nil // deleted meanwhile
	}
	if err != nil {
		return false, err
	}
	if len(both) != 2 || both[0].check() != nil || both[1].check() != nil {
		return false, collectors.Errorf(collectors.Schema, "Reddit answered with something else than a post and its comments")
	}
	to := ""
	at := c.now().UTC().Truncate(time.Second)
	for _, top := range both[0].Data.Children {
		var e entry
		if json.Unmarshal(top.Data, &e) == nil {
			to = e.Author
		}
	}
	if tree(out, both[1].Data.Children, to, at, 0) {
		out.Warnings = append(out.Warnings, "Not all comments on one of the brand's own posts were read: there are too many.")
	}
	cur.Threads[t.Name] = t.Count
	if len(cur.Threads) > maxThreads {
		names := slices.Sorted(maps.Keys(cur.Threads))
		slices.SortStableFunc(names, func(a, b string) int { return len(a) - len(b) }) // ids grow
		delete(cur.Threads, names[0])
	}
	return done, nil
}

// maxThreads is how many own posts are remembered; the oldest are read again.
const maxThreads = 1000

// tree takes comments with those that answer them; cut says that some are missing.
func tree(out *collectors.Page, things []thing, to string, at time.Time, depth int) (cut bool) {
	for i, t := range things {
		if t.Kind == "more" {
			cut = true
			continue
		}
		e := take(out, i, t, to, at)
		var l listing
		if depth < 100 && json.Unmarshal(e.Replies, &l) == nil && l.Data != nil {
			cut = tree(out, l.Data.Children, e.Author, at, depth+1) || cut
		}
	}
	return cut
}

// take adds a thing to the page: a mention, something that is gone, or the
// reason why it cannot be used.
func take(out *collectors.Page, i int, t thing, to string, at time.Time) entry {
	out.Rows++
	e, m, field, why := decode(t, at)
	switch {
	case why != "":
		out.Rejects = append(out.Rejects, collectors.Reject{Source: "reddit", Row: int64(i + 1), Field: field, Column: field, Reason: why, Raw: string(t.Data[:min(len(t.Data), maxRaw)])})
	case e.gone():
		out.Gone = append(out.Gone, collectors.PostID{Platform: platform, ID: m.ID})
	default:
		if to != "" { // known from where it stands
			m.ReplyTo = handle(to)
		}
		if m.ReplyTo == handle(m.Author.Handle) {
			m.ReplyTo = ""
		}
		out.Mentions = append(out.Mentions, m)
	}
	return e
}

// maxRaw is how much of a row that cannot be used is kept.
const maxRaw = 4 << 10

// CheckBatch is how many posts Reddit looks up at once.
func (c *collector) CheckBatch() int { return page }

// Check tells which posts and comments were deleted or removed.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	var asked []string
	for _, id := range ids {
		if fullname.MatchString(id) && !slices.Contains(asked, id) {
			asked = append(asked, id)
		}
	}
	if asked == nil {
		return nil, nil
	}
	l, err := c.list(ctx, "/api/info", url.Values{"id": {strings.Join(asked, ",")}, "limit": {fmt.Sprint(page)}})
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, t := range l.Data.Children {
		var e entry
		if json.Unmarshal(t.Data, &e) == nil {
			there[e.Name] = !e.gone()
		}
	}
	for _, id := range asked {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// Probe gets a token and asks for one thing with it.
func (c *collector) Probe(ctx context.Context) error {
	_, err := c.list(ctx, "/api/info", url.Values{"id": {"t3_1"}})
	return err
}
