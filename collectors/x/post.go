package x

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

// page is what of one answer its posts need to be understood.
type page struct {
	at    time.Time
	users map[string]*user
	names map[string]*user // by handle, lower case
	posts map[string]*post // that others refer to
}

func newPage(a *answer, at time.Time) *page {
	p := &page{at: at, users: map[string]*user{}, names: map[string]*user{}, posts: map[string]*post{}}
	for i := range a.Includes.Users {
		u := &a.Includes.Users[i]
		p.users[string(u.ID)], p.names[strings.ToLower(u.Username)] = u, u
	}
	for _, list := range [][]post{a.Includes.Posts, a.Includes.Tweets} {
		for i := range list {
			p.posts[string(list[i].ID)] = &list[i]
		}
	}
	return p
}

// decode reads one post; where it cannot be used, field and why say so.
func (pg *page) decode(raw json.RawMessage) (p post, m adalid.Mention, field, why string) {
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, m, "", "is no post as X documents it"
	}
	if !number.MatchString(string(p.ID)) {
		return p, m, "post_id", "there is no id"
	}
	m = adalid.Mention{Platform: adalid.X, ID: string(p.ID), ObservedAt: pg.at, Lang: strings.ToLower(p.Lang)}
	if m.Author = pg.author(&p); m.Author.Key == "" {
		return p, m, "author", "X does not say who wrote it"
	}
	if p.CreatedAt != "" {
		at, ok := moment(p.CreatedAt)
		if !ok {
			return p, m, "created_at", "is no time"
		}
		m.CreatedAt = at
	}
	if c := p.Metrics; c != nil {
		m.Likes, m.Reposts, m.Replies, m.Quotes, m.Views = c.Likes, c.Reposts, c.Replies, c.Quotes, c.Impressions
		if m.Reposts == nil {
			m.Reposts = c.Retweets
		}
	}
	m.Text = p.words()
	pg.relations(&p, &m)
	if m.Text == "" && !m.Repost {
		return p, m, "text", "there is no text"
	}
	m.Sponsored = p.PaidPartner || collectors.Sponsored(m.Text)
	m.URL = link(m.Author.Handle, m.ID)
	return p, m, "", ""
}

// link is the address of a post; X finds its author where we do not know it.
func link(handle, id string) string {
	if handle == "" {
		return "https://x.com/i/web/status/" + id
	}
	return "https://x.com/" + handle + "/status/" + id
}

// moment reads a time as X writes it, in whole seconds.
func moment(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return time.Time{}, false
	}
	return t.UTC().Truncate(time.Second), true
}

func (pg *page) author(p *post) adalid.Author {
	u := pg.users[string(p.AuthorID)]
	if u == nil && p.Username != "" {
		if u = pg.names[strings.ToLower(p.Username)]; u == nil {
			u = &user{ID: p.AuthorID, Username: p.Username}
		}
	}
	if u == nil {
		return adalid.Author{Platform: adalid.X, Key: string(p.AuthorID)}
	}
	return u.author()
}

func (u *user) author() adalid.Author {
	a := adalid.Author{
		Platform: adalid.X, Key: string(u.ID), Handle: strings.TrimPrefix(u.Username, "@"),
		Name: clean(u.Name), Bio: clean(u.Bio), URL: u.URL, Verified: u.Verified,
	}
	if a.Key == "" {
		a.Key = strings.ToLower(a.Handle)
	}
	if c := u.Metrics; c != nil {
		a.Followers, a.Following = c.Followers, c.Following
	}
	a.Created, _ = moment(u.CreatedAt)
	return a
}

// words is the text, the long one where there is one.
func (p *post) words() string {
	if n := p.note(); n != nil && n.Text != "" {
		return clean(n.Text)
	}
	return clean(p.Text)
}

// clean undoes the entities that X writes for & < > and removes NUL.
func clean(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// relations sets whom a post answers, quotes, reposts and names.
func (pg *page) relations(p *post, m *adalid.Mention) {
	e := p.Entities
	if n := p.note(); n != nil && n.Entities != nil {
		e = n.Entities
	}
	for _, r := range p.references() {
		handle, text := pg.original(r, e)
		switch r.Type {
		case "retweeted", "reposted":
			m.Repost, m.RepostOf = true, handle
			if handle != "" && text != "" {
				m.Text = "RT @" + handle + ": " + text
			}
		case "quoted":
			m.QuoteOf = handle
		case "replied_to":
			m.ReplyTo = handle
		}
	}
	if handle, ok := repostPrefix(m.Text); ok && m.RepostOf == "" {
		m.Repost, m.RepostOf = true, strings.ToLower(handle)
	}
	m.ReplyTo = pg.answered(p, e, m.ReplyTo)
	if e == nil || len(e.Mentions) == 0 || m.Repost {
		m.Mentions = scan(m.Text)
	}
	if e != nil {
		for _, x := range e.Mentions {
			m.Mentions = add(m.Mentions, x.Username)
		}
	}
}

// original finds the author and the text of a post referred to: among what the
// answer includes, else the author in the link that a quote holds.
func (pg *page) original(r ref, e *entities) (handle, text string) {
	if o := pg.posts[string(r.ID)]; o != nil {
		return strings.ToLower(pg.author(o).Handle), o.words()
	}
	if e == nil || r.ID == "" {
		return "", ""
	}
	for _, l := range e.URLs {
		u, err := url.Parse(l.Expanded)
		if err != nil || !slices.Contains([]string{"x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"}, u.Host) {
			continue
		}
		if part := strings.Split(u.Path, "/"); len(part) >= 4 && part[2] == "status" && part[3] == string(r.ID) && handleOK.MatchString(part[1]) {
			return strings.ToLower(part[1]), ""
		}
	}
	return "", ""
}

// answered says whom a reply answers: by id where the answer has it, else by
// the name with which a post begins that continues somebody's conversation.
func (pg *page) answered(p *post, e *entities, known string) string {
	if p.InReplyTo != "" {
		if u := pg.users[string(p.InReplyTo)]; u != nil {
			return strings.ToLower(u.Username)
		}
		if e != nil {
			for _, x := range e.Mentions {
				if x.ID == p.InReplyTo {
					return strings.ToLower(x.Username)
				}
			}
		}
		return known
	}
	if known != "" || p.Conversation == "" || p.Conversation == p.ID || !strings.HasPrefix(p.Text, "@") {
		return known
	}
	if handles := scan(p.Text); len(handles) > 0 && strings.HasPrefix(strings.ToLower(p.Text[1:]), handles[0]) {
		return handles[0]
	}
	return ""
}

func add(handles []string, handle string) []string {
	handle = strings.ToLower(strings.TrimPrefix(handle, "@"))
	if handle == "" || slices.Contains(handles, handle) {
		return handles
	}
	return append(handles, handle)
}

// scan finds the handles that a text names: @ or ＠ not after a letter, digit
// or one of _!#$%&*@/, then up to 15 letters, digits and _, not cut short.
func scan(text string) (handles []string) {
	text = strings.ReplaceAll(text, "＠", "@")
	for i := 0; i < len(text); i++ {
		if text[i] != '@' {
			continue
		}
		end := i + 1
		for end < len(text) && (text[end] == '_' || letter(text[end])) {
			end++
		}
		before := i > 0 && (letter(text[i-1]) || strings.IndexByte("_!#$%&*@/", text[i-1]) >= 0)
		after := strings.HasPrefix(text[end:], "@") || strings.HasPrefix(text[end:], "…")
		if size := end - i - 1; size >= 1 && size <= 15 && !before && !after {
			handles = add(handles, text[i+1:end])
		}
	}
	return handles
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// repostPrefix gives the handle of a text that begins "RT @handle:".
func repostPrefix(text string) (string, bool) {
	rest, ok := strings.CutPrefix(text, "RT @")
	handle, _, colon := strings.Cut(rest, ":")
	return handle, ok && colon && handleOK.MatchString(handle)
}
