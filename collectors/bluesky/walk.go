package bluesky

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"adalid/collectors"
)

const (
	pageSize = 100
	// overlap is read again by the next run: servers order posts by the time
	// that their authors claim, and a search index lags behind.
	overlap = time.Hour
	// deep is from how many posts on a server's cursor that ends is not taken
	// for the end of the posts.
	deep = 1000
	// patience is how many pages without posts may follow each other: servers
	// leave out what they hide, and whole pages can be.
	patience = 10
)

// notifications is the name of that walk.
const notifications = "notifications"

// search is one thing that is asked for again and again.
type search struct {
	name  string
	query url.Values // of searchPosts; nil: the notifications of our own account
}

// Collect reads one page of the search; without credentials, what Jetstream
// sent since the last call.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	st, err := decodeCursor(from)
	if err != nil {
		return collectors.Page{}, err
	}
	if c.keyless() {
		return c.replay(ctx, q, st)
	}
	s, err := c.signedIn(ctx)
	if err != nil {
		return collectors.Page{}, err
	}
	plan, warnings := c.plan(q, s)
	page := collectors.Page{Warnings: warnings}
	if len(plan) == 0 {
		page.Warnings = append(page.Warnings, "The brand's query names nothing that Bluesky can be searched for.")
		page.Next, err = st.encode()
		return page, err
	}
	at := 0
	if st.Walk == nil {
		st.Walk = &walk{Began: c.now().UnixMilli()}
	} else {
		page.Warnings = nil // said on the first page of the run
		at = max(0, slices.IndexFunc(plan, func(s search) bool { return s.name == st.Walk.Name }))
	}
	if st.Walk.Name != plan[at].name {
		st.Walk.next(plan[at].name)
	}
	how, err := c.step(ctx, q, plan[at], &st, &page)
	if err != nil {
		return collectors.Page{}, err
	}
	if page.More = true; how != going {
		finish(plan, at, how, &st, &page)
	}
	page.Next, err = st.encode()
	return page, err
}

// finish leaves a walk for the next one, or ends the run. The mark of a walk
// that got stuck stays where it was.
func finish(plan []search, at int, how progress, st *state, page *collectors.Page) {
	w := st.Walk
	w.Holes = w.Holes || how != ended
	if how != stuck {
		st.Marks[w.Name] = max(w.Newest, st.Marks[w.Name], w.Edge+overlap.Milliseconds())
	}
	if at+1 < len(plan) {
		w.next(plan[at+1].name)
		return
	}
	st.Ended = 0
	if began := time.UnixMilli(w.Began).UTC(); !w.Holes {
		page.Observed = []collectors.Period{{From: time.UnixMilli(w.From).UTC(), To: began}}
		st.Ended = began.UnixMicro()
	}
	for name := range st.Marks {
		if !slices.ContainsFunc(plan, func(s search) bool { return s.name == name }) {
			delete(st.Marks, name)
		}
	}
	st.Walk, page.More = nil, false
}

// plan lists what has to be asked for. The server is not asked for several
// terms at once: what its query language understands is not specified.
func (c *collector) plan(q collectors.Query, s *session) (plan []search, warnings []string) {
	add := func(name string, v url.Values) {
		if !slices.ContainsFunc(plan, func(s search) bool { return s.name == name }) {
			plan = append(plan, search{name, v})
		}
	}
	for _, t := range q.Terms {
		if t.Kind == collectors.Prefix || t.Kind == collectors.Inside {
			warnings = append(warnings, "Bluesky searches for whole words only: beginnings and parts of words are found while the stream runs, not by the search.")
		}
		for _, text := range c.variants(t) {
			add("search "+text, url.Values{"q": {text}})
		}
	}
	own := ownAccounts(q.Brand)
	for _, who := range own {
		if who != s.handle && who != s.did {
			add("mentions "+who, url.Values{"q": {who}, "mentions": {who}})
		}
	}
	if slices.Contains(own, s.handle) || slices.Contains(own, s.did) {
		add(notifications, nil)
	}
	return plan, slices.Compact(warnings)
}

// variants gives the queries for one term, in more than one case only for
// servers that need it.
func (c *collector) variants(t collectors.Term) []string {
	text := strings.Map(func(r rune) rune {
		if r == '"' || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.TrimSpace(t.Text))
	switch {
	case text == "":
		return nil
	case t.Kind == collectors.From && handle(text) == "":
		return nil // an account of another network
	case t.Kind == collectors.From:
		return []string{"from:" + handle(text)}
	}
	spelled := []string{text}
	if c.set.CaseVariants {
		r, n := utf8.DecodeRuneInString(text)
		spelled = append(spelled, string(unicode.ToUpper(r))+text[n:], strings.ToUpper(text))
	}
	var out []string
	for _, s := range spelled {
		switch {
		case t.Kind == collectors.Tag:
			s = "#" + s
		case strings.ContainsAny(s, " :") || t.Kind == collectors.Phrase:
			s = `"` + s + `"`
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// progress is how a walk stands after a page.
type progress int

const (
	going progress = iota
	ended          // everything up to the edge was read
	short          // the server never shows what is behind
	stuck          // it may show more another time
)

// step reads one page of a walk.
func (c *collector) step(ctx context.Context, q collectors.Query, s search, st *state, page *collectors.Page) (progress, error) {
	w := st.Walk
	if w.Edge == 0 {
		if gone, err := c.start(ctx, q, s, st); err != nil {
			return going, err
		} else if gone {
			page.Warnings = append(page.Warnings, "One of the brand's own accounts does not exist on Bluesky; who names it was not searched for.")
			return ended, nil
		}
	}
	items, token, err := c.fetch(ctx, s, w)
	if e := refusal(err); e != nil && e.Status == http.StatusBadRequest && e.Kind == collectors.Schema && w.Token != "" && w.Rows > 0 {
		w.deeper() // the server takes its own cursor no further: ask by time
		items, token, err = c.fetch(ctx, s, w)
	}
	if err != nil {
		return going, err
	}
	before := w.Oldest
	fresh, newest := c.take(items, w, page)
	printed := fingerprint(items)
	switch {
	case len(items) == 0:
		if w.Empty++; token != "" && w.Empty >= patience {
			page.Warnings = append(page.Warnings, "Bluesky went on without showing posts; what is behind them was not read.")
			return stuck, nil
		}
	case token != "" && (token == w.Token || printed == w.Printed):
		return going, collectors.Errorf(collectors.Schema, "Bluesky gives the same page again and again")
	case fresh == 0:
		return ended, nil
	case w.Until > 0 && w.Token == "" && w.Oldest == before:
		return w.bottom(newest, page), nil
	default:
		w.Empty = 0
	}
	w.Printed, w.Token, w.Rows = printed, token, w.Rows+int64(len(items))
	switch {
	case token != "":
		return going, nil
	case s.query == nil || w.Rows < deep || w.Oldest <= w.Edge:
		return ended, nil
	}
	w.deeper()
	return going, nil
}

// start sets out on a walk; gone says that the account that it is about does
// not exist.
func (c *collector) start(ctx context.Context, q collectors.Query, s search, st *state) (gone bool, err error) {
	w := st.Walk
	w.Edge = c.edge(q, st.Marks[w.Name])
	w.From = max(w.From, w.Edge)
	if who := s.query.Get("mentions"); strings.HasPrefix(who, "did:") {
		profiles, err := c.profiles(ctx, []string{who})
		if err != nil {
			return false, err
		}
		if len(profiles) == 0 || handle(profiles[0].Handle) == "" {
			return true, nil
		}
		w.Asked = handle(profiles[0].Handle)
	}
	return false, nil
}

// bottom judges a page that was asked for by time and brought nothing older.
func (w *walk) bottom(newest int64, page *collectors.Page) progress {
	if newest <= w.Until {
		return ended
	}
	page.Warnings = append(page.Warnings, "Bluesky's search ends after so many posts and cannot be asked for older ones; what is behind them was not read.")
	return short
}

// deeper begins anew from the oldest post seen, with a second of overlap.
func (w *walk) deeper() {
	w.Token, w.Until, w.Rows, w.Printed = "", w.Oldest+1000, 0, 0
}

// edge is where a walk stops: a little before the newest post of the last one,
// at first as far back as was asked for.
func (c *collector) edge(q collectors.Query, mark int64) int64 {
	switch {
	case mark > 0:
		return mark - overlap.Milliseconds()
	case !q.Since.IsZero():
		return q.Since.UnixMilli()
	}
	return c.now().AddDate(0, 0, -int(c.set.Days)).UnixMilli()
}

// fetch asks for one page.
func (c *collector) fetch(ctx context.Context, s search, w *walk) (items []json.RawMessage, token string, err error) {
	v := url.Values{"limit": {strconv.Itoa(pageSize)}}
	if w.Token != "" {
		v.Set("cursor", w.Token)
	}
	if s.query == nil {
		v["reasons"] = []string{"mention", "reply", "quote"}
		var a notificationsAnswer
		if err := c.ask(ctx, "app.bsky.notification.listNotifications", v, &a); err != nil {
			return nil, "", err
		}
		if a.Notifications == nil {
			return nil, "", collectors.Errorf(collectors.Schema, "%s: there are no notifications in it", wrongForm)
		}
		return *a.Notifications, a.Cursor, nil
	}
	for k, values := range s.query {
		if v[k] = values; w.Asked != "" {
			v.Set(k, w.Asked)
		}
	}
	v.Set("sort", "latest")
	v.Set("since", stamp(w.Edge))
	if w.Until > 0 {
		v.Set("until", stamp(w.Until))
	}
	var a postsAnswer
	if err := c.ask(ctx, "app.bsky.feed.searchPosts", v, &a); err != nil {
		return nil, "", err
	}
	if a.Posts == nil {
		return nil, "", collectors.Errorf(collectors.Schema, "%s: there are no posts in it", wrongForm)
	}
	return *a.Posts, a.Cursor, nil
}

// take puts what is within the walk's edge onto the page. It gives how many
// items are, whether they could be used or not, and when the newest was indexed.
func (c *collector) take(items []json.RawMessage, w *walk, page *collectors.Page) (fresh int, newest int64) {
	known, views := c.ourselves(), make([]postView, len(items))
	posts, faults := make([]post, len(items)), make([]string, len(items))
	for i, raw := range items {
		if views[i], posts[i], faults[i] = decodePost(raw); faults[i] == "" {
			posts[i].tells(known)
		}
	}
	now, reasons := c.now(), []string{"mention", "reply", "quote"}
	for i, v := range views {
		page.Rows++
		if at, err := time.Parse(time.RFC3339, v.IndexedAt); err == nil {
			ms := min(at.UnixMilli(), now.UnixMilli()) // a server's clock may be ahead
			newest = max(newest, ms)
			if w.Oldest == 0 || ms < w.Oldest {
				w.Oldest = ms
			}
			if ms < w.Edge {
				continue
			}
		}
		fresh++
		if w.Name == notifications && !slices.Contains(reasons, v.Reason) {
			continue // a like, a new follower
		}
		if faults[i] != "" {
			page.Rejects = append(page.Rejects, reject(i, faults[i], items[i]))
			continue
		}
		m := posts[i].mention(known, now)
		m.Likes, m.Reposts, m.Replies, m.Quotes = v.Likes, v.Reposts, v.Replies, v.Quotes
		page.Mentions = append(page.Mentions, m)
	}
	if w.Newest == 0 { // what appears from now on is found by the next walk
		w.Newest = newest
	}
	return fresh, newest
}

func reject(i int, why string, raw []byte) collectors.Reject {
	const shown = 4 << 10
	cut := raw[:min(len(raw), shown)]
	return collectors.Reject{Source: string(platform), Row: int64(i + 1), Reason: "Bluesky's answer holds an item that could not be used: " + why, Raw: strings.ToValidUTF8(string(cut), "")}
}

// fingerprint tells pages apart by their posts.
func fingerprint(items []json.RawMessage) uint64 {
	h := fnv.New64a()
	for _, raw := range items {
		var p struct {
			URI string `json:"uri"`
		}
		_ = json.Unmarshal(raw, &p)
		_, _ = h.Write([]byte(p.URI + "\n"))
	}
	return h.Sum64()
}
