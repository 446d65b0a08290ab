package x

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"adalid"
	"adalid/collectors"
)

// resolve finds the ids of the brand's own accounts that are known by handle.
func (c *collector) resolve(ctx context.Context, q collectors.Query, cur *cursor) error {
	var handles []string
	for _, o := range q.Brand.Own {
		_, asked := cur.Accounts[o.Handle]
		byKey := o.Platform == adalid.X && number.MatchString(o.Key)
		ours := o.Platform == "" || o.Platform == adalid.X
		if ours && !asked && !byKey && handleOK.MatchString(o.Handle) && !slices.Contains(handles, o.Handle) && len(handles) < largest {
			handles = append(handles, o.Handle)
		}
	}
	if handles == nil {
		return nil
	}
	slices.Sort(handles)
	found, err := c.users(ctx, "/2/users/by", "usernames", handles)
	if err != nil {
		return err
	}
	for _, h := range handles {
		cur.Accounts[h] = ""
	}
	for _, a := range found {
		if h := strings.ToLower(a.Handle); slices.Contains(handles, h) && number.MatchString(a.Key) {
			cur.Accounts[h] = a.Key
		}
	}
	return nil
}

// users asks for accounts; those that X does not know are left out.
func (c *collector) users(ctx context.Context, path, by string, names []string) ([]adalid.Author, error) {
	n := int64(len(names))
	booked, err := c.meter.Reserve(ctx, userRead, n, n)
	if err != nil {
		return nil, err
	}
	k := booking{posts: booked}
	a, err := c.get(ctx, path, url.Values{by: {strings.Join(names, ",")}, "user.fields": {userMembers}})
	var rows []json.RawMessage
	if err == nil {
		rows, err = c.listOfIDs(a)
	}
	if err != nil {
		return nil, k.giveBack(ctx, err)
	}
	var found []adalid.Author
	var spent read
	for _, raw := range rows {
		var u user
		if json.Unmarshal(raw, &u) != nil || !number.MatchString(string(u.ID)) {
			spent.unnamed++
			continue
		}
		spent.posts = append(spent.posts, string(u.ID))
		found = append(found, u.author())
	}
	return found, k.settle(ctx, spent)
}

// listOfIDs decodes the answer to a request that names what it wants: nothing
// of it may exist, and then there are only problems that say so.
func (c *collector) listOfIDs(a *answer) ([]json.RawMessage, error) {
	if a.Data == nil && len(a.Errors) > 0 && !slices.ContainsFunc(a.Errors, func(p problem) bool { return !p.gone() }) {
		return nil, nil
	}
	return c.list(a)
}

// gone says that a problem is about something that the public can no longer see.
func (p problem) gone() bool {
	name := p.name()
	return name == "resource-not-found" || name == "not-authorized-for-resource"
}

// HydrateBatch is how many accounts X gives at once.
func (c *collector) HydrateBatch() int { return largest }

// Hydrate reads profiles by account number; each is a paid user read.
func (c *collector) Hydrate(ctx context.Context, keys []string) ([]adalid.Author, error) {
	ids := numbers(keys)
	if ids == nil {
		return nil, nil
	}
	return c.users(ctx, "/2/users", "ids", ids)
}

// numbers keeps the distinct ids that X can be asked for: one wrong id would
// refuse them all.
func numbers(names []string) (ids []string) {
	for _, n := range names {
		if number.MatchString(n) && !slices.Contains(ids, n) {
			ids = append(ids, n)
		}
	}
	return ids
}

// CheckBatch is how many posts X looks up at once.
func (c *collector) CheckBatch() int { return largest }

// Check tells which posts are deleted, or can no longer be seen because their
// authors are protected or suspended. Posts that still exist are paid reads.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	asked := numbers(ids)
	if asked == nil {
		return nil, nil
	}
	n := int64(len(asked))
	booked, err := c.meter.Reserve(ctx, postRead, n, n)
	if err != nil {
		return nil, err
	}
	k := booking{posts: booked}
	a, err := c.get(ctx, "/2/tweets", url.Values{"ids": {strings.Join(asked, ",")}})
	var rows []json.RawMessage
	if err == nil {
		rows, err = c.listOfIDs(a)
	}
	if err != nil {
		return nil, k.giveBack(ctx, err)
	}
	there, spent := named(a, rows)
	for _, p := range a.Errors {
		name := string(p.ID)
		if text, ok := p.Value.(string); ok && name == "" {
			name = text
		}
		if p.gone() && slices.Contains(asked, name) && !slices.Contains(there, name) && !slices.Contains(gone, name) {
			gone = append(gone, name)
		}
	}
	return gone, k.settle(ctx, spent)
}

// Probe asks for the use of the app's project, which is free: it shows that the
// token is good.
func (c *collector) Probe(ctx context.Context) error {
	_, err := c.get(ctx, "/2/usage/tweets", url.Values{"days": {"1"}})
	return err
}

// maxCounts is how many pages of counts an estimate reads of one search.
const maxCounts = 12

// wholeTimeline is how many posts the mentions of an account hold at most.
const wholeTimeline = 800

// Estimate counts what the searches would find; each count is paid for. Of the
// accounts without a known name it takes the most that X shows.
func (c *collector) Estimate(ctx context.Context, q collectors.Query, from collectors.Cursor) (int64, error) {
	cur, err := readCursor(from)
	if err != nil {
		return 0, err
	}
	sum := int64(0)
	for _, o := range q.Brand.Own {
		switch {
		case o.Platform != "" && o.Platform != adalid.X:
		case handleOK.MatchString(o.Handle):
			n, err := c.count(ctx, &cur, part{key: "to " + cur.Accounts[o.Handle], query: "@" + o.Handle}, q)
			if err != nil {
				return 0, err
			}
			sum += min(n, wholeTimeline)
		case o.Platform == adalid.X && number.MatchString(o.Key):
			sum += wholeTimeline
		}
	}
	parts, _ := c.plan(q, &cur)
	for _, p := range parts {
		if p.query == "" {
			continue
		}
		n, err := c.count(ctx, &cur, p, q)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// count asks how many posts a search would find from where it stands.
func (c *collector) count(ctx context.Context, cur *cursor, p part, q collectors.Query) (sum int64, err error) {
	path, floor := "/2/tweets/counts/recent", c.now().UTC().AddDate(0, 0, -recentDays).Add(inside)
	if c.Archive {
		path = "/2/tweets/counts/all"
	} else if p.floor.IsZero() {
		p.floor = floor
	}
	look := cursor{Marks: cur.Marks}
	if look.Walk = cur.Walk; look.Walk == nil || look.Walk.Part != p.key {
		look.begin(p, q.Since, c.base)
	}
	v := c.values(p, look.Walk, largest)
	for _, name := range []string{"max_results", "pagination_token", "expansions", "user.fields", postFields[c.Dialect]} {
		v.Del(name)
	}
	v.Set("granularity", "day")
	for range maxCounts {
		booked, err := c.meter.Reserve(ctx, countsRead, 1, 1)
		if err != nil {
			return 0, err
		}
		a, err := c.get(ctx, path, v)
		if err != nil {
			return 0, booking{posts: booked}.giveBack(ctx, err)
		}
		if err := booked.Settle(ctx, 1, nil); err != nil {
			return 0, err
		}
		n, next, err := c.total(a)
		if err != nil {
			return 0, err
		}
		if sum += n; next == "" || next == v.Get("pagination_token") {
			break
		}
		v.Set("pagination_token", next)
	}
	return sum, nil
}

// total is what an answer counts.
func (c *collector) total(a *answer) (n int64, next string, err error) {
	switch {
	case a.Meta != nil && a.Meta.Posts != nil:
		return max(*a.Meta.Posts, 0), a.Meta.Next, nil
	case a.Meta != nil && a.Meta.Tweets != nil:
		return max(*a.Meta.Tweets, 0), a.Meta.Next, nil
	case len(a.Errors) > 0:
		return 0, "", c.refusal(a.Errors)
	}
	return 0, "", collectors.Errorf(collectors.Schema, "X answered without a count")
}
