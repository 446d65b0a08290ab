package x

import (
	"encoding/json"
	"strings"
	"time"

	//lint:ignore SA1019 the library is not developed any more, as v1.1 is not
	"github.com/dghubble/go-twitter/twitter"

	"adalid"
	"adalid/collectors"
)

// statusV1 is a post of v1.1. The fields repeated here replace those of the
// library, where an absent count is 0 and an id must be a number.
type statusV1 struct {
	twitter.Tweet
	ID        id        `json:"id"`
	IDStr     id        `json:"id_str"`
	Likes     *int64    `json:"favorite_count"`
	Reposts   *int64    `json:"retweet_count"`
	Replies   *int64    `json:"reply_count"`
	Quotes    *int64    `json:"quote_count"`
	Retweeted *statusV1 `json:"retweeted_status"`
	Quoted    *statusV1 `json:"quoted_status"`
	User      *userV1   `json:"user"`
}

type userV1 struct {
	twitter.User
	ID        id     `json:"id"`
	IDStr     id     `json:"id_str"`
	Followers *int64 `json:"followers_count"`
	Following *int64 `json:"friends_count"`
	Verified  *bool  `json:"verified"`
}

func statusID(raw json.RawMessage) string {
	var s struct {
		ID    id `json:"id"`
		IDStr id `json:"id_str"`
	}
	_ = json.Unmarshal(raw, &s) // what has no id is a reject later
	if s.IDStr != "" {
		return string(s.IDStr)
	}
	return string(s.ID)
}

// statusOf reads one post; where it cannot be used, field and why say so.
func statusOf(raw json.RawMessage, now time.Time) (m adalid.Mention, field, why string) {
	var t statusV1
	if err := json.Unmarshal(raw, &t); err != nil {
		return m, "", "is no post as v1.1 documents it"
	}
	m = adalid.Mention{
		Platform: adalid.X, ID: statusID(raw), ObservedAt: now, Lang: strings.ToLower(t.Lang),
		Likes: t.Likes, Reposts: t.Reposts, Replies: t.Replies, Quotes: t.Quotes,
		ReplyTo: strings.ToLower(t.InReplyToScreenName),
	}
	if !number.MatchString(m.ID) {
		return m, "post_id", "there is no id"
	}
	if t.User == nil {
		return m, "author", "there is no author"
	}
	if m.Author = t.User.author(); m.Author.Key == "" {
		return m, "author", "there is no author"
	}
	at, err := time.Parse(time.RubyDate, t.CreatedAt)
	if err != nil && t.CreatedAt != "" {
		return m, "created_at", "is no time"
	} else if err == nil {
		m.CreatedAt = at.UTC()
	}
	if q := t.Quoted; q != nil && q.User != nil {
		m.QuoteOf = strings.ToLower(q.User.ScreenName)
	}
	t.words(&m)
	if m.Text == "" && !m.Repost {
		return m, "text", "there is no text"
	}
	m.Sponsored = collectors.Sponsored(m.Text)
	m.URL = link(m.Author.Handle, m.ID)
	return m, "", ""
}

func (u *userV1) author() adalid.Author {
	a := adalid.Author{
		Platform: adalid.X, Key: string(u.IDStr), Handle: u.ScreenName, Name: clean(u.Name), Bio: clean(u.Description), URL: u.URL,
		Followers: u.Followers, Following: u.Following, Verified: u.Verified,
	}
	if a.Key == "" {
		a.Key = string(u.ID)
	}
	if a.Key == "" {
		a.Key = strings.ToLower(a.Handle)
	}
	if at, err := time.Parse(time.RubyDate, u.CreatedAt); err == nil {
		a.Created = at.UTC()
	}
	return a
}

// words sets text and handles. The text of a repost is that of the original,
// which its own text cuts short.
func (t *statusV1) words(m *adalid.Mention) {
	m.Text = t.full()
	source := t
	if o := t.Retweeted; o != nil {
		source, m.Repost = o, true
		if o.User != nil {
			m.RepostOf = strings.ToLower(o.User.ScreenName)
			m.Mentions = add(m.Mentions, o.User.ScreenName)
			if text := o.full(); text != "" {
				m.Text = "RT @" + o.User.ScreenName + ": " + text
			}
		}
	} else if handle, ok := repostPrefix(m.Text); ok {
		m.Repost, m.RepostOf = true, strings.ToLower(handle)
	}
	e := source.Entities
	if x := source.ExtendedTweet; x != nil && x.Entities != nil {
		e = x.Entities
	}
	if e == nil {
		m.Mentions = scan(m.Text)
		return
	}
	for _, u := range e.UserMentions {
		m.Mentions = add(m.Mentions, u.ScreenName)
	}
}

func (t *statusV1) full() string {
	switch {
	case t.ExtendedTweet != nil && t.ExtendedTweet.FullText != "":
		return clean(t.ExtendedTweet.FullText)
	case t.FullText != "":
		return clean(t.FullText)
	}
	return clean(t.Text)
}
