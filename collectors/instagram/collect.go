package instagram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

// batch is how many items Instagram gives at once.
const batch = 50

// settled is how long, in seconds, what is new may take to be seen; fresh for
// how long an own post's comments are read whether their number changed or not.
const (
	settled = 60
	fresh   = 48 * time.Hour
)

// What is asked for.
const (
	mediaFields   = "id,caption,username,timestamp,permalink,like_count,comments_count"
	commentFields = "id,text,timestamp,username,from,like_count"
)

// Collect makes one request: it reads posts that tag the account, then its own
// posts, then the comments on those.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	cur, err := readCursor(from)
	if err != nil {
		return collectors.Page{}, err
	}
	var out collectors.Page
	if err := ctx.Err(); err != nil {
		return out, err
	}
	if cur.Walk == nil {
		since := q.Since
		if since.IsZero() {
			since = c.now().AddDate(0, 0, -int(c.Days))
		}
		w := &walk{At: c.now().Unix() - settled, From: since.Unix(), Stage: tags}
		if cur.At > 0 {
			w.From = cur.At
		}
		w.From = min(w.From, w.At)
		cur.Walk = w
	}
	switch {
	case cur.Name == "":
		err = c.who(ctx, &cur)
	case cur.Walk.Stage == tags:
		err = c.tagged(ctx, &cur, &out)
	case cur.Walk.Stage == ownMedia:
		err = c.own(ctx, &cur, &out)
	default:
		err = c.comments(ctx, &cur, &out)
	}
	if err != nil {
		return collectors.Page{}, err
	}
	if w := cur.Walk; w.Stage == comments && len(w.Open) == 0 {
		out.Observed = cur.finish()
	}
	out.More = cur.Walk != nil
	out.Next, err = cur.write()
	return out, err
}

// who asks for the own account's name.
func (c *collector) who(ctx context.Context, cur *cursor) error {
	a, err := c.node(ctx, "id,username")
	if err != nil {
		return err
	}
	if cur.Name = strings.ToLower(a.Username); !name.MatchString(cur.Name) {
		return collectors.Errorf(collectors.Schema, "Instagram does not say what the account is called")
	}
	return nil
}

// next gives the address of the page after l, "" where there is none. Some edges
// name only a cursor, and end with an empty page.
func (w *walk) next(l *list) (string, error) {
	after := l.Paging.Cursors.After
	if after == "" && l.Paging.Next != "" {
		if u, err := url.Parse(l.Paging.Next); err == nil {
			after = u.Query().Get("after")
		}
	}
	switch {
	case len(l.Data) == 0 || after == "":
		return "", nil
	case after == w.Token:
		return "", collectors.Errorf(collectors.Schema, "Instagram names the same page as the next one again")
	case w.Pages >= maxPages:
		return "", collectors.Errorf(collectors.Schema, "Instagram promises more without end: %d pages", w.Pages)
	}
	return after, nil
}

// maxPages ends walks that a server would make endless.
const maxPages = 1000

func (w *walk) values(fields string) url.Values {
	v := url.Values{"fields": {fields}, "limit": {fmt.Sprint(batch)}}
	if w.Token != "" {
		v.Set("after", w.Token)
	}
	return v
}

// tagged reads a page of posts that tag the account. An old post may tag it
// today, so the walk ends where all are known, not at a time.
func (c *collector) tagged(ctx context.Context, cur *cursor, out *collectors.Page) error {
	w := cur.Walk
	l, err := c.list(ctx, c.Account+"/tags", w.values(mediaFields))
	if err != nil {
		return err
	}
	w.Pages++
	known := 0
	for i, raw := range l.Data {
		m, p, field, why := postOf(raw, c.at())
		old := why == "" && cur.At == 0 && m.CreatedAt.Unix() < w.From // of the first scan alone
		if old || slices.Contains(cur.Seen, p.ID) || slices.Contains(w.New, p.ID) {
			known++
		}
		if len(w.New) < remembered && p.ID != "" && !slices.Contains(w.New, p.ID) {
			w.New = append(w.New, p.ID)
		}
		if why == "" {
			m.Mentions = with(m.Mentions, cur.Name)
		}
		take(out, i, m, field, why, raw)
	}
	next, err := w.next(l)
	if err != nil {
		return err
	}
	if w.Token = next; next == "" || known == len(l.Data) {
		cur.tagsRead()
	}
	return nil
}

// own reads a page of the account's own posts.
func (c *collector) own(ctx context.Context, cur *cursor, out *collectors.Page) error {
	w := cur.Walk
	if c.Posts == 0 {
		w.Stage = comments
		return nil
	}
	l, err := c.list(ctx, c.Account+"/media", w.values(mediaFields))
	if err != nil {
		return err
	}
	w.Pages++
	for i, raw := range l.Data {
		if w.Own++; w.Own > c.Posts {
			break
		}
		m, p, field, why := postOf(raw, c.at())
		m.OwnAccount = true
		take(out, i, m, field, why, raw)
		if why != "" || p.Comments == nil {
			continue
		}
		w.Kept = append(w.Kept, p.ID)
		if n := *p.Comments; n != cur.Read[p.ID] || n > 0 && c.now().Sub(m.CreatedAt) < fresh {
			w.Open = append(w.Open, post{p.ID, n, m.URL})
		}
	}
	next, err := w.next(l)
	if err != nil {
		return err
	}
	if w.Token = next; next == "" || w.Own >= c.Posts {
		w.Stage, w.Token, w.Pages = comments, "", 0
	}
	return nil
}

// comments reads a page of the comments on an own post.
func (c *collector) comments(ctx context.Context, cur *cursor, out *collectors.Page) error {
	w := cur.Walk
	if len(w.Open) == 0 {
		return nil
	}
	p := w.Open[0]
	l, err := c.list(ctx, p.ID+"/comments", w.values(commentFields+",replies.limit(50){"+commentFields+"}"))
	var e *collectors.Error
	if errors.As(err, &e) && e.Kind == collectors.Gone {
		// Deleted meanwhile, or not for this token: Meta does not tell one from the other.
		if w.Lost++; w.Lost > 1 && !w.Got && len(w.Open) == 1 {
			return &collectors.Error{Kind: collectors.Forbidden, Message: "Instagram shows no comments on any of the account's own posts", Fix: fixes[collectors.Forbidden]}
		}
		out.Warnings = append(out.Warnings, "Instagram does not show the comments on one of the account's own posts: it was deleted, or the token may not read them.")
		w.Open, w.Token, w.Pages = w.Open[1:], "", 0
		return nil
	}
	if err != nil {
		return err
	}
	w.Got = true
	cut := false
	for i, raw := range l.Data {
		cut = c.thread(out, i, raw, p.Link, cur.Name) || cut
	}
	if cut {
		out.Warnings = append(out.Warnings, "Not all answers to a comment were read: there are more than 50.")
	}
	w.Pages++
	next, err := w.next(l)
	if err != nil {
		return err
	}
	if w.Token = next; next != "" && w.Pages >= c.CommentPages {
		out.Warnings = append(out.Warnings, fmt.Sprintf("Only the newest comments on one of the brand's own posts were read: %d pages, as the settings allow.", w.Pages))
		next = ""
	}
	if next == "" {
		cur.Read[p.ID] = p.Count
		w.Open, w.Token, w.Pages = w.Open[1:], "", 0
	}
	return nil
}

// thread takes a comment with its answers; cut says that some are missing.
func (c *collector) thread(out *collectors.Page, i int, raw json.RawMessage, link, own string) (cut bool) {
	m, answers, field, why := commentOf(raw, link, own, c.at())
	take(out, i, m, field, why, raw)
	to := cmp.Or(m.Author.Key, own)
	for _, one := range answers.Data {
		m, _, field, why := commentOf(one, link, to, c.at())
		take(out, i, m, field, why, one)
	}
	return answers.Paging.Next != ""
}

func (c *collector) at() time.Time { return c.now().UTC().Truncate(time.Second) }

// HydrateBatch is how many accounts are looked up at once.
func (c *collector) HydrateBatch() int { return 1 }

// Hydrate looks accounts up by name, where the settings want it. Only
// professional ones can be; others are left out.
func (c *collector) Hydrate(ctx context.Context, keys []string) (authors []adalid.Author, err error) {
	for _, key := range keys {
		if !c.Followers || !name.MatchString(key) {
			continue
		}
		a, err := c.node(ctx, "business_discovery.username("+key+"){username,name,biography,followers_count,follows_count}")
		var e *collectors.Error
		if errors.As(err, &e) && e.Kind == collectors.Gone {
			continue
		}
		if err != nil {
			return authors, err
		}
		if d := a.Discovery; d != nil && strings.EqualFold(d.Username, key) {
			found := authorOf(d.Username)
			found.Name, found.Bio, found.Followers, found.Following = clean(d.Name), clean(d.Bio), d.Followers, d.Following
			authors = append(authors, found)
		}
	}
	return authors, nil
}

// Probe asks for the own account.
func (c *collector) Probe(ctx context.Context) error {
	_, err := c.node(ctx, "id,username")
	return err
}
