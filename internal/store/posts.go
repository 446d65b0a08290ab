package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"adalid"
	"adalid/internal/rank"
)

// Posts gives a page of a brand's mentions and the cursor of the next one, ""
// after the last. Mentions without a time come last and are left out when
// Since or Until is set. NotFound for an unknown person, Invalid for a cursor
// or limit that makes no sense.
func (s *Store) Posts(ctx context.Context, brand string, q rank.PostQuery) ([]rank.Post, string, error) {
	c := postPicker{query: q, after: postPlace{n: math.MaxInt64}, span: Span{Since: q.Since, Until: q.Until}.parts()}
	if q.Limit < 1 || q.Limit > maxPage {
		return nil, "", adalid.Errorf(adalid.Invalid, "the limit of a page of mentions is 1 to %d, not %d", maxPage, q.Limit)
	}
	if q.Sort != "" && !slices.Contains(postSorts, q.Sort) {
		return nil, "", adalid.Errorf(adalid.Invalid, "mentions are sorted by %q, not by %q", postSorts, q.Sort)
	}
	if q.After != "" {
		var err error
		if c.after, err = parsePlace(q.After); err != nil {
			return nil, "", err
		}
	}
	err := s.read(ctx, "read mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		c.brand = b.Name
		if c.own, err = ownHandles(x, b.id); err != nil {
			return err
		}
		if err := c.pick(x, b); err != nil && !errors.Is(err, errEnough) {
			return err
		}
		return c.markOwn(x, b.id)
	})
	if err != nil {
		return nil, "", err
	}
	posts, next := c.page()
	return posts, next, nil
}

// maxPage bounds what a page of mentions may hold in memory.
const maxPage = 2000

var postSorts = []rank.PostSort{rank.Newest, rank.MostEngaged, rank.MostPositive, rank.MostNegative, rank.MostViewed}

var errEnough = errors.New("enough mentions")

// postPlace orders posts: a greater n comes first, then platform and id.
type postPlace struct {
	n            int64
	platform, id string
}

func (p postPlace) compare(q postPlace) int {
	return cmp.Or(cmp.Compare(q.n, p.n), cmp.Compare(p.platform, q.platform), cmp.Compare(p.id, q.id))
}

func (p postPlace) cursor() string {
	b, err := json.Marshal([]any{p.n, p.platform, p.id})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parsePlace(cursor string) (postPlace, error) {
	var p postPlace
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &[]any{&p.n, &p.platform, &p.id})
	}
	if err != nil {
		return p, adalid.Wrapf(adalid.Invalid, err, "the cursor is not one of ours; start again without it")
	}
	return p, nil
}

// picked is a post of the page, with the author as the store numbers it.
type picked struct {
	place  postPlace
	author int64
	rank.Post
}

// postPicker keeps the first Limit+1 posts after a place.
type postPicker struct {
	brand string
	query rank.PostQuery
	after postPlace
	span  parts
	own   ownRules
	best  []picked
}

func (c *postPicker) pick(x *session, b brandRow) error {
	if c.query.Person != "" {
		accounts, err := accountsOf(x, b.id, c.query.Person)
		if err != nil {
			return err
		}
		if len(accounts) == 0 {
			return nobody(b.Name)
		}
		for _, a := range accounts {
			if err := x.query("mention.PostsByAuthor", func(r row) error { return c.offer(r, false) }, b.id, a.id); err != nil {
				return err
			}
		}
		return nil
	}
	inOrder := c.query.Sort == "" || c.query.Sort == rank.Newest
	last := c.span.span.to
	if inOrder {
		last = min(last, c.after.n)
	}
	each := func(r row) error { return c.offer(r, inOrder) }
	if err := x.query("mention.PostsTimed", each, b.id, c.span.span.from, last); err != nil || c.span.timed {
		return err
	}
	return x.query("mention.PostsUntimed", each, b.id)
}

// offer takes a row that belongs to the page. Where rows come in order, the
// first Limit+1 are enough.
func (c *postPicker) offer(r row, inOrder bool) error {
	f := scanFact(r)
	q := c.query
	if f.out() != q.LeftOut || q.Authored && f.repost || q.Platform != "" && string(q.Platform) != f.platform || !langMatches(q.Lang, f.lang) {
		return nil
	}
	if !c.asked(&f) {
		return nil
	}
	if c.span.timed && (!f.created.ok || f.created.v < c.span.span.from || f.created.v > c.span.span.to) {
		return nil
	}
	p := postPlace{platform: f.platform, id: f.id}
	var known bool
	if p.n, known = c.key(&f); !known {
		return nil
	}
	if p.compare(c.after) <= 0 {
		return nil
	}
	at, _ := slices.BinarySearchFunc(c.best, p, func(b picked, p postPlace) int { return b.place.compare(p) })
	if at > q.Limit {
		return nil
	}
	c.best = slices.Insert(c.best, at, picked{p, f.author, c.shown(r)})
	if len(c.best) > q.Limit+1 {
		c.best = c.best[:q.Limit+1]
	}
	if inOrder && len(c.best) > q.Limit {
		return errEnough
	}
	return nil
}

// asked tells whether a row is one of those that the query's narrower filters
// ask for.
func (c *postPicker) asked(f *fact) bool {
	q := &c.query
	answers := f.replyTo != "" || f.quoteOf != ""
	switch {
	case q.Answering && !answers,
		q.Sponsored && !f.sponsored,
		q.Tied && !answers && f.handles == "",
		q.Conversation && !c.own.handle(f.platform, f.replyTo) && !c.own.handle(f.platform, f.quoteOf):
		return false
	case q.Toward == "":
		return true
	}
	return slices.ContainsFunc(append(strings.Split(f.handles, "\n"), f.replyTo, f.quoteOf, f.repostOf), func(name string) bool {
		return strings.EqualFold(name, q.Toward)
	})
}

// key is what a row is sorted by; false where that is unknown and the order
// leaves it out.
func (c *postPicker) key(f *fact) (int64, bool) {
	switch c.query.Sort {
	case rank.MostEngaged:
		return f.engagement(), true
	case rank.MostPositive, rank.MostNegative:
		net := f.net()
		if c.query.Sort == rank.MostNegative {
			net.v = -net.v
		}
		return net.v, net.ok && !f.sponsored
	case rank.MostViewed:
		return f.counter[views].v, f.counter[views].ok
	}
	if !f.created.ok {
		return math.MinInt64, true
	}
	return f.created.v, true
}

func (f *fact) engagement() int64 {
	c := &f.counter // unknown is 0 here
	return rank.Engagement(c[likes].v, c[reposts].v, c[replies].v, c[quotes].v)
}

func (c *postPicker) shown(r row) rank.Post {
	p := scanPost(r)
	rest := r.after(factColumns + restColumns)
	post := rank.Post{Mention: shownMention(c.brand, p, r), Person: rest.text(1), Copy: int(p.copy), Tone: p.class(), Corrected: p.label.ok}
	post.Own = c.own.key(p.platform, post.Author.Key) || c.own.handle(p.platform, post.Author.Handle)
	post.Conversation = c.own.handle(p.platform, p.replyTo) || c.own.handle(p.platform, p.quoteOf)
	switch {
	case p.out() && p.about.ok:
		post.LeftOut = rank.ByTeam
	case p.out():
		post.LeftOut = rank.ByRule
	}
	if s := p.net(); s.ok {
		net := float64(s.v) / 1e6
		post.Sentiment = &net
	}
	return post
}

// shownColumns counts the columns of mention.shown.
const shownColumns = 8

// shownMention is a row of facts, rest and shown as a mention.
func shownMention(brand string, p *post, r row) adalid.Mention {
	rest := r.after(factColumns + restColumns)
	author := scanIdentity(rest.after(2)).author(p.platform, rest.text(0))
	author.Followers, author.Following = p.followers.pointer(), p.following.pointer()
	m := adalid.Mention{
		Brand: brand, Platform: adalid.Platform(p.platform), ID: p.id, URL: p.url, CreatedAt: p.created.time(),
		ObservedAt: optional{p.observed, p.observed != never}.time(), Author: author, Lang: p.lang, Text: p.text,
		Likes: p.counter[likes].pointer(), Reposts: p.counter[reposts].pointer(), Replies: p.counter[replies].pointer(),
		Quotes: p.counter[quotes].pointer(), Views: p.counter[views].pointer(),
		Repost: p.repost, RepostOf: p.repostOf, ReplyTo: p.replyTo, QuoteOf: p.quoteOf,
		Sponsored: p.sponsored, Label: adalid.Label(p.reference),
	}
	if p.handles != "" {
		m.Mentions = strings.Split(p.handles, "\n")
	}
	return m
}

// markOwn completes Own with the other handles that an author was seen under.
func (c *postPicker) markOwn(x *session, brand int64) error {
	for i := range c.best {
		p := &c.best[i]
		if !p.Own {
			err := x.query("profile.Handles", func(r row) error {
				p.Own = p.Own || c.own.handle(string(p.Platform), r.text(0))
				return nil
			}, brand, p.author)
			if err != nil {
				return err
			}
		}
		p.Conversation = p.Conversation && !p.Own
	}
	return nil
}

func (c *postPicker) page() ([]rank.Post, string) {
	next := ""
	if len(c.best) > c.query.Limit {
		c.best = c.best[:c.query.Limit]
		next = c.best[c.query.Limit-1].place.cursor()
	}
	posts := make([]rank.Post, len(c.best))
	for i, p := range c.best {
		posts[i] = p.Post
	}
	return posts, next
}

// ownHandles gives the brand's own accounts with every handle of those that
// are named by their key.
func ownHandles(x *session, brand int64) (ownRules, error) {
	accounts, err := ownAccounts(x, brand)
	if err != nil {
		return nil, err
	}
	own := newOwnRules(accounts)
	err = x.query("own_account.Handles", func(r row) error {
		own[adalid.OwnAccount{Platform: adalid.Platform(r.text(0)), Handle: strings.ToLower(r.text(1))}] = true
		return nil
	}, brand)
	return own, err
}
