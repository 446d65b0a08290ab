package file

import (
	"encoding/json"
	"fmt"

	"adalid"
)

// tweetV2 is a post of the v2 API in both of its dialects, or a page of them.
type tweetV2 struct {
	ID             idText      `json:"id"`
	Text           string      `json:"text"`
	AuthorID       idText      `json:"author_id"`
	Author         *userV2     `json:"author"` // of files that were flattened
	CreatedAt      string      `json:"created_at"`
	Lang           string      `json:"lang"`
	InReplyTo      idText      `json:"in_reply_to_user_id"`
	PaidPartner    bool        `json:"paid_partnership"`
	NoteTweet      *noteV2     `json:"note_tweet"`
	NotePost       *noteV2     `json:"note_post"`
	PublicMetrics  *metricsV2  `json:"public_metrics"`
	ReferencedOld  []refV2     `json:"referenced_tweets"`
	ReferencedPost []refV2     `json:"referenced_posts"`
	Entities       *entitiesV2 `json:"entities"`
}

type noteV2 struct {
	Text     string      `json:"text"`
	Entities *entitiesV2 `json:"entities"`
}

type metricsV2 struct {
	Retweets    *int64 `json:"retweet_count"`
	Reposts     *int64 `json:"repost_count"`
	Replies     *int64 `json:"reply_count"`
	Likes       *int64 `json:"like_count"`
	Quotes      *int64 `json:"quote_count"`
	Impressions *int64 `json:"impression_count"`
}

type refV2 struct {
	Type   string  `json:"type"`
	ID     idText  `json:"id"`
	Text   string  `json:"text"`   // of files that were flattened
	Author *userV2 `json:"author"` // the same
}

type entitiesV2 struct {
	Mentions []struct {
		Username string `json:"username"`
		ID       idText `json:"id"`
	} `json:"mentions"`
}

type userV2 struct {
	ID            idText `json:"id"`
	Username      string `json:"username"`
	Name          string `json:"name"`
	Description   string `json:"description"`
	URL           string `json:"url"`
	CreatedAt     string `json:"created_at"`
	Verified      *bool  `json:"verified"`
	PublicMetrics *struct {
		Followers *int64 `json:"followers_count"`
		Following *int64 `json:"following_count"`
	} `json:"public_metrics"`
}

// pageV2 is an answer of the v2 API.
type pageV2 struct {
	Data     json.RawMessage `json:"data"`
	Includes *struct {
		Users  []json.RawMessage `json:"users"`
		Tweets []json.RawMessage `json:"tweets"`
		Posts  []json.RawMessage `json:"posts"`
	} `json:"includes"`
	Errors []struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
	} `json:"errors"`
	Meta *struct{} `json:"meta"`
}

// includes are what a page's posts refer to.
type includes struct {
	users map[string]*userV2
	posts map[string]originalV2
	size  int
}

type originalV2 struct{ author, text string }

const maxIncludes = 64 << 20 // bytes of one page's users and originals

func newIncludes() *includes {
	return &includes{users: map[string]*userV2{}, posts: map[string]originalV2{}}
}

func (n *includes) user(raw []byte) error {
	var u userV2
	if unmarshal(raw, &u) != nil || u.ID == "" {
		return nil
	}
	n.users[string(u.ID)] = &u
	return n.grow(raw)
}

func (n *includes) post(raw []byte) error {
	var t tweetV2
	if unmarshal(raw, &t) != nil || t.ID == "" {
		return nil
	}
	n.posts[string(t.ID)] = originalV2{author: string(t.AuthorID), text: t.words()}
	return n.grow(raw)
}

func (n *includes) grow(raw []byte) error {
	if n.size += len(raw); n.size > maxIncludes {
		return adalid.Errorf(adalid.Invalid, "one page has more than %d MB of included users and posts; split it into smaller pages", maxIncludes>>20)
	}
	return nil
}

func (t *tweetV2) note() *noteV2 {
	if t.NotePost != nil {
		return t.NotePost
	}
	return t.NoteTweet
}

// words gives the text, the long one where there is one.
func (t *tweetV2) words() string {
	if n := t.note(); n != nil && n.Text != "" {
		return clean(n.Text)
	}
	return clean(t.Text)
}

type postV2 struct {
	dates dates
	known *includes                    // of the page being read
	open  func(int64) (*stream, error) // for pages too large for memory
}

// begin collects what a large page includes; it stands behind the posts, so
// the page is read twice.
func (d *postV2) begin(offset int64) error {
	s, err := d.open(offset)
	if err != nil {
		return err
	}
	defer s.Close()
	d.known = newIncludes()
	v := values{w: newWindow(s, offset)}
	return v.members(func(key string) error {
		if key != "includes" {
			v.skipValue()
			return nil
		}
		return v.members(func(key string) error {
			switch key {
			case "users":
				return v.each(d.known.user)
			case "tweets", "posts":
				return v.each(d.known.post)
			}
			v.skipValue()
			return nil
		})
	})
}

func (d *postV2) decode(p *page, raw []byte, at *place) {
	var pg pageV2
	if err := unmarshal(raw, &pg); err == nil && (pg.Data != nil || pg.Includes != nil || pg.Meta != nil) {
		d.page(p, &pg, raw, at)
		return
	}
	if len(pg.Errors) > 0 && pg.Data == nil {
		d.reject(p, at, "", "is an error of the API: "+cutText([]byte(pg.Errors[0].Title+" "+pg.Errors[0].Detail)), raw)
		return
	}
	d.single(p, raw, at)
}

func (d *postV2) page(p *page, pg *pageV2, raw []byte, at *place) {
	known := newIncludes()
	if n := pg.Includes; n != nil {
		for _, u := range n.Users {
			_ = known.user(u) // a page in memory is within the limit
		}
		for _, t := range append(n.Tweets, n.Posts...) {
			_ = known.post(t)
		}
	}
	before := d.known
	d.known = known
	defer func() { d.known = before }()
	data := pg.Data
	switch {
	case len(data) == 0 || data[0] == 'n':
		if len(pg.Errors) > 0 {
			d.reject(p, at, "", "is an error of the API: "+cutText([]byte(pg.Errors[0].Title+" "+pg.Errors[0].Detail)), raw)
		}
	case data[0] == '[':
		var list []json.RawMessage
		if unmarshal(data, &list) == nil {
			for _, t := range list {
				d.single(p, t, at)
			}
		}
	default:
		d.single(p, data, at)
	}
}

func (d *postV2) reject(p *page, at *place, field, why string, raw []byte) {
	postV1{}.reject(p, at, field, why, raw)
}

func (d *postV2) single(p *page, raw []byte, at *place) {
	var t tweetV2
	if err := unmarshal(raw, &t); err != nil {
		d.reject(p, at, "", "is no post: "+err.Error(), raw)
		return
	}
	m, field, why := d.mention(p, &t)
	if why != "" {
		d.reject(p, at, field, why, raw)
		return
	}
	at.row++
	p.Rows++
	p.add(&m, taken{mentions: true, repost: m.Repost}, *at)
}

func (d *postV2) mention(p *page, t *tweetV2) (m adalid.Mention, field, why string) {
	u := t.Author
	if u == nil && d.known != nil {
		u = d.known.users[string(t.AuthorID)]
	}
	m.Author.Key = string(t.AuthorID)
	if u != nil {
		d.author(u, &m.Author)
	}
	if m.Author.Key == "" {
		return m, "author", "there is no author; ask the API for author_id or expansions=author_id"
	}
	if t.ID == "" {
		return m, "post_id", "there is no id"
	}
	m.ID = string(t.ID)
	if t.CreatedAt != "" {
		at, err := d.dates.parse(t.CreatedAt)
		if err != nil {
			return m, "created_at", fmt.Sprintf("%q %v", cutText([]byte(t.CreatedAt)), err)
		}
		m.CreatedAt = at
	}
	m.Lang = lower(t.Lang)
	m.Sponsored = t.PaidPartner
	if c := t.PublicMetrics; c != nil {
		m.Likes, m.Reposts, m.Replies, m.Quotes, m.Views = c.Likes, c.Reposts, c.Replies, c.Quotes, c.Impressions
		if m.Reposts == nil {
			m.Reposts = c.Retweets
		}
	}
	m.Text = t.words()
	d.relations(p, t, &m)
	if m.Text == "" && !m.Repost {
		return m, "text", "there is no text"
	}
	if m.Author.Handle != "" {
		m.URL = "https://x.com/" + m.Author.Handle + "/status/" + m.ID
	}
	return m, "", ""
}

func (d *postV2) author(u *userV2, a *adalid.Author) {
	if u.ID != "" {
		a.Key = string(u.ID)
	}
	a.Handle, a.Name, a.Bio, a.URL, a.Verified = cleanHandle(u.Username), u.Name, u.Description, u.URL, u.Verified
	if a.Key == "" {
		a.Key = lower(a.Handle)
	}
	if c := u.PublicMetrics; c != nil {
		a.Followers, a.Following = c.Followers, c.Following
	}
	if at, err := d.dates.parse(u.CreatedAt); err == nil {
		a.Created = at
	}
}

// relations sets whom a post answers, quotes, reposts and names.
func (d *postV2) relations(p *page, t *tweetV2, m *adalid.Mention) {
	for _, r := range append(t.ReferencedPost, t.ReferencedOld...) {
		handle, text := d.original(r)
		switch r.Type {
		case "retweeted", "reposted":
			m.Repost = true
			m.RepostOf = lower(handle)
			if x, ok := repostPrefix(m.Text); ok && handle == "" {
				m.RepostOf = lower(x)
			} else if handle != "" && text != "" {
				m.Text = "RT @" + handle + ": " + text
			}
		case "quoted":
			m.QuoteOf = lower(handle)
		case "replied_to":
			m.ReplyTo = lower(handle)
		}
	}
	if u := d.user(t.InReplyTo); u != nil {
		m.ReplyTo = lower(u.Username)
	}
	e := t.Entities
	if n := t.note(); n != nil && n.Entities != nil {
		e = n.Entities
	}
	if !m.Repost {
		if x, ok := repostPrefix(m.Text); ok {
			m.Repost, m.RepostOf = true, lower(x)
		}
	}
	if m.Repost || e == nil || e.Mentions == nil {
		scanMentions(m.Text, p.addHandle)
	}
	if e != nil {
		for _, x := range e.Mentions {
			p.addHandle(x.Username)
			if m.ReplyTo == "" && t.InReplyTo != "" && x.ID == t.InReplyTo {
				m.ReplyTo = lower(x.Username)
			}
		}
	}
	m.Mentions = p.list()
}

func (d *postV2) user(id idText) *userV2 {
	if d.known == nil || id == "" {
		return nil
	}
	return d.known.users[string(id)]
}

// original finds the handle and the text of a referenced post.
func (d *postV2) original(r refV2) (handle, text string) {
	if r.Author != nil {
		return r.Author.Username, clean(r.Text)
	}
	if d.known == nil {
		return "", ""
	}
	o, ok := d.known.posts[string(r.ID)]
	if !ok {
		return "", ""
	}
	if u := d.known.users[o.author]; u != nil {
		handle = u.Username
	}
	return handle, o.text
}
