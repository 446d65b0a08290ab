package youtube

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

// part is one thing that every scan reads: comments on an own channel, or a search.
type part struct {
	key     string // its name in the cursor
	channel string // of comments
	handle  string // of that channel, where it is known
	query   string // of a search
	late    int64  // seconds after which something may still turn up
}

// batch is how many ids one request may name, page how many comments it brings.
const batch, page = 50, 100

// Collect makes one request: it reads the comments on own channels, then the
// searches, looks up the videos they find, and last the videos' comments.
func (c *collector) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	cur, err := readCursor(from)
	if err != nil {
		return collectors.Page{}, err
	}
	var out collectors.Page
	if cur.Walk == nil {
		cur.Walk = &walk{At: c.now().Unix() - settled, Part: "start"}
		for _, v := range cur.Watched {
			cur.Walk.Again = append(cur.Walk.Again, v.ID)
		}
	}
	if err := c.step(ctx, q, &cur, &out); err != nil {
		return collectors.Page{}, err
	}
	out.More = cur.Walk != nil
	out.Next, err = cur.write()
	return out, err
}

// step makes the scan's next request.
func (c *collector) step(ctx context.Context, q collectors.Query, cur *cursor, out *collectors.Page) error {
	if handle := unknown(q, cur); handle != "" {
		return c.resolve(ctx, handle, cur)
	}
	w := cur.Walk
	if len(w.Found) > 0 {
		ids := w.Found[:min(batch, len(w.Found))]
		w.Found = w.Found[len(ids):]
		return c.look(ctx, ids, q, cur, out)
	}
	parts, warnings := plan(q, cur)
	i := slices.IndexFunc(parts, func(p part) bool { return p.key == w.Part })
	if w.Part == "start" || i < 0 && w.Part != "" && !strings.HasPrefix(w.Part, "video ") {
		out.Warnings = append(out.Warnings, warnings...)
		if len(parts) == 0 {
			out.Warnings = append(out.Warnings, "There is nothing to ask YouTube for: the brand's query names no words, and the brand has no channel there.")
			w.Part = ""
		} else {
			cur.enter(parts[0], c.since(q))
			i = 0
		}
	}
	if i >= 0 {
		return c.read(ctx, parts, i, q, cur, out)
	}
	if len(w.Again) > 0 {
		ids := w.Again[:min(batch, len(w.Again))]
		w.Again = w.Again[len(ids):]
		return c.look(ctx, ids, q, cur, out)
	}
	return c.follow(ctx, parts, q, cur, out)
}

func (c *collector) since(q collectors.Query) int64 {
	if !q.Since.IsZero() {
		return q.Since.Unix()
	}
	return c.now().AddDate(0, 0, -int(c.Days)).Unix()
}

// plan lists what a scan reads, and what cannot be asked for.
func plan(q collectors.Query, cur *cursor) (parts []part, warnings []string) {
	for _, o := range q.Brand.Own {
		id := o.Key
		if o.Handle != "" {
			id = cur.Own[o.Handle].ID
		}
		if o.Platform != "" && o.Platform != adalid.YouTube || !channelID.MatchString(id) {
			continue
		}
		p := part{key: "own " + id, channel: id, handle: strings.ToLower(o.Handle), late: lateComment}
		if !slices.ContainsFunc(parts, func(other part) bool { return other.key == p.key }) {
			parts = append(parts, p)
		}
	}
	queries, warnings := queries(q.Terms)
	for _, text := range queries {
		parts = append(parts, part{key: "search " + text, query: text, late: lateVideo})
	}
	return parts, warnings
}

// read asks for the next page of a part and goes on to the next part at its end.
func (c *collector) read(ctx context.Context, parts []part, i int, q collectors.Query, cur *cursor, out *collectors.Page) error {
	p := parts[i]
	ask := c.search
	if p.channel != "" {
		ask = c.comments
	}
	done, err := ask(ctx, p, cur.Walk, out)
	if err != nil || !done {
		return err
	}
	cur.leave()
	w := cur.Walk
	if ids := w.Found; i+1 < len(parts) {
		cur.enter(parts[i+1], c.since(q))
		cur.Walk.Found = ids
		return nil
	}
	*w = walk{At: w.At, Found: w.Found, Again: w.Again, Cut: w.Cut}
	return nil
}

// follow reads the comments of the next video that has others than at the last
// scan; where there is none, the scan is over.
func (c *collector) follow(ctx context.Context, parts []part, q collectors.Query, cur *cursor, out *collectors.Page) error {
	w := cur.Walk
	i := slices.IndexFunc(cur.Watched, func(v watched) bool { return v.Count != v.Read })
	if i < 0 {
		if w.Cut > 0 {
			out.Warnings = append(out.Warnings, fmt.Sprintf("The comments of %d older videos are not followed: there are more than the %d of the settings.", w.Cut, c.Videos))
		}
		out.Observed = cur.finish(parts, c.now().AddDate(0, 0, -int(c.FollowDays)).Unix())
		return nil
	}
	v := &cur.Watched[i]
	if w.Part != "video "+v.ID {
		*w = walk{At: w.At, Part: "video " + v.ID, From: c.since(q), Cut: w.Cut}
		if v.At > 0 {
			w.From = v.At - lateComment
		}
	}
	done, err := c.comments(ctx, part{key: w.Part}, w, out)
	switch {
	case refusedFor(err, "commentsDisabled"): // not a failure: there is nothing to read
		v.Read = v.Count
		return nil
	case refusedFor(err, "videoNotFound"):
		out.Gone = append(out.Gone, collectors.PostID{Platform: adalid.YouTube, ID: v.ID})
		cur.forget(v.ID)
		return nil
	case err != nil:
		return err
	}
	if w.Pages++; !done && w.Pages >= c.CommentPages {
		out.Warnings = append(out.Warnings, fmt.Sprintf("Only the newest comments of a video were read: %d pages, as the settings allow.", w.Pages))
		done = true
	}
	if done {
		v.Read, v.At = v.Count, w.At
	}
	return nil
}

// search reads a page of a search; what it finds is looked up next.
func (c *collector) search(ctx context.Context, p part, w *walk, out *collectors.Page) (done bool, err error) {
	v := url.Values{
		"part": {"snippet"}, "q": {p.query}, "type": {"video"}, "order": {"date"}, "maxResults": {fmt.Sprint(batch)},
		"publishedAfter": {time.Unix(w.From, 0).UTC().Format(time.RFC3339)},
	}
	if w.Before > 0 {
		v.Set("publishedBefore", time.Unix(w.Before, 0).UTC().Format(time.RFC3339))
	}
	a, err := c.next(ctx, searchCall, "search", "searchListResponse", v, w)
	if a == nil {
		return false, err
	}
	older := false
	for i, raw := range a.Items {
		var f found
		at, ok := time.Time{}, false
		if json.Unmarshal(raw, &f) == nil {
			at, ok = moment(f.Snippet.PublishedAt)
		}
		if !videoID.MatchString(f.ID.Video) {
			out.Rejects = append(out.Rejects, reject(i, "post_id", "there is no id of a video", raw))
			continue
		}
		if ok && (w.Oldest == 0 || at.Unix() < w.Oldest) {
			w.Oldest, older = at.Unix(), true
		}
		if (!ok || at.Unix() >= w.From) && !slices.Contains(w.Found, f.ID.Video) {
			w.Found = append(w.Found, f.ID.Video)
		}
	}
	w.Read += len(a.Items)
	out.Rows = int64(len(a.Items))
	switch {
	case w.Oldest > 0 && w.Oldest < w.From:
		return true, nil // YouTube did not keep to the time asked for
	case a.Next == "" && w.Read >= shown && w.Before != w.Oldest+1: // a search shows only so much: go on below
		w.Before, w.Token, w.Read = w.Oldest+1, "", 0
		return false, nil
	}
	return w.turn(a.Next, older)
}

// shown is when a search may have been cut off: YouTube shows about 500 videos.
const shown = 300

// comments reads a page of threads: of a channel, or of the walk's video.
func (c *collector) comments(ctx context.Context, p part, w *walk, out *collectors.Page) (done bool, err error) {
	v := url.Values{"part": {"snippet,replies"}, "order": {"time"}, "textFormat": {"plainText"}, "maxResults": {fmt.Sprint(page)}}
	if p.channel != "" {
		v.Set("allThreadsRelatedToChannelId", p.channel)
	} else {
		v.Set("videoId", strings.TrimPrefix(p.key, "video "))
	}
	a, err := c.next(ctx, quotaUnit, "commentThreads", "commentThreadListResponse", v, w)
	if p.channel != "" && (refusedFor(err, "commentsDisabled") || refusedFor(err, "channelNotFound")) {
		out.Warnings = append(out.Warnings, "YouTube shows no comments on one of the brand's own channels.")
		return true, nil
	}
	if w.Lost >= maxLost {
		out.Warnings = append(out.Warnings, "YouTube forgot several times where it was in a list of comments: only the newest of them were read.")
		return true, nil
	}
	if a == nil {
		return false, err
	}
	older, last := false, int64(0)
	at := c.now().UTC().Truncate(time.Second)
	for i, raw := range a.Items {
		if published := take(out, i, raw, p, at); published > 0 {
			last = published
		}
	}
	if last > 0 && (w.Oldest == 0 || last < w.Oldest) {
		w.Oldest, older = last, true
	}
	if last > 0 && last < w.From {
		return true, nil
	}
	return w.turn(a.Next, older)
}

// next asks for the walk's next page. A page token that is no longer good makes
// it begin again, without an answer.
func (c *collector) next(ctx context.Context, unit, endpoint, kind string, v url.Values, w *walk) (*answer, error) {
	if w.Token != "" {
		v.Set("pageToken", w.Token)
	}
	a, err := c.get(ctx, unit, endpoint, kind, v)
	if err != nil && w.Token != "" && refusedFor(err, "invalidPageToken") {
		if w.Token = ""; endpoint == "search" && w.Oldest > 0 {
			w.Before = w.Oldest + 1
		}
		if w.Lost++; w.Lost >= maxLost && endpoint != "search" {
			w.From = max(w.From, w.Oldest)
		}
		w.Oldest, w.Read = 0, 0
		return nil, nil
	}
	return a, err
}

// turn notes where the next page is; done says that there is none.
func (w *walk) turn(next string, older bool) (done bool, err error) {
	if w.Idle++; older {
		w.Idle = 0
	}
	switch {
	case next == "":
		return true, nil
	case next == w.Token:
		return false, collectors.Errorf(collectors.Schema, "YouTube names the same page as the next one again")
	case w.Idle >= maxIdle:
		return false, collectors.Errorf(collectors.Schema, "YouTube promises more but brings nothing older, %d pages in a row", maxIdle)
	}
	w.Token = next
	return false, nil
}

// look reads videos by id: their words, figures and whether they still exist.
func (c *collector) look(ctx context.Context, ids []string, q collectors.Query, cur *cursor, out *collectors.Page) error {
	a, err := c.get(ctx, quotaUnit, "videos", "videoListResponse", url.Values{
		"part": {"snippet,statistics,paidProductPlacementDetails"}, "id": {strings.Join(ids, ",")}, "maxResults": {fmt.Sprint(batch)},
	})
	if err != nil {
		return err
	}
	parts, _ := plan(q, cur)
	at := c.now().UTC().Truncate(time.Second)
	there := map[string]bool{}
	for i, raw := range a.Items {
		m, v, field, why := videoOf(raw, at)
		there[v.ID] = true
		if why != "" {
			out.Rejects = append(out.Rejects, reject(i, field, why, raw))
			continue
		}
		out.Mentions = append(out.Mentions, m)
		read := slices.ContainsFunc(parts, func(p part) bool { return p.channel == m.Author.Key }) // with its channel
		if comments := v.Statistics.Comments.value(); c.Videos > 0 && comments != nil && !read && m.CreatedAt.After(at.AddDate(0, 0, -int(c.FollowDays))) {
			cur.watch(v.ID, m.CreatedAt.Unix(), *comments, c.Videos)
		}
	}
	out.Rows = int64(len(a.Items))
	for _, id := range ids {
		if !there[id] && cur.forget(id) {
			out.Gone = append(out.Gone, collectors.PostID{Platform: adalid.YouTube, ID: id})
		}
	}
	return nil
}

// unknown gives a handle of the brand whose channel was not looked up yet.
func unknown(q collectors.Query, cur *cursor) string {
	for _, o := range q.Brand.Own {
		if _, asked := cur.Own[o.Handle]; o.Handle != "" && !asked && (o.Platform == "" || o.Platform == adalid.YouTube) {
			return o.Handle
		}
	}
	return ""
}

// resolve finds the channel of a handle.
func (c *collector) resolve(ctx context.Context, handle string, cur *cursor) error {
	a, err := c.get(ctx, quotaUnit, "channels", "channelListResponse", url.Values{"part": {"id"}, "forHandle": {"@" + handle}})
	var e *collectors.Error
	if err != nil && (!errors.As(err, &e) || e.Kind != collectors.Gone) {
		return err
	}
	id := ""
	if a != nil && len(a.Items) == 1 {
		var ch channel
		if err := json.Unmarshal(a.Items[0], &ch); err == nil {
			id = cmp.Or(ch.ID, "")
		}
	}
	cur.Own[handle] = own{ID: id}
	return nil
}
