package file

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	//lint:ignore SA1019 the library is not developed any more, as the format of v1.1 is not
	"github.com/dghubble/go-twitter/twitter"

	"adalid"
	"adalid/collectors"
)

// tweetV1 is a tweet of the v1.1 API. The fields repeated here replace those of
// the library, where an absent count is 0 and an id must be a number.
type tweetV1 struct {
	twitter.Tweet
	ID              idText   `json:"id"`
	IDStr           idText   `json:"id_str"`
	FavoriteCount   *int64   `json:"favorite_count"`
	RetweetCount    *int64   `json:"retweet_count"`
	ReplyCount      *int64   `json:"reply_count"`
	QuoteCount      *int64   `json:"quote_count"`
	RetweetedStatus *tweetV1 `json:"retweeted_status"`
	QuotedStatus    *tweetV1 `json:"quoted_status"`
	User            *userV1  `json:"user"`

	Statuses []json.RawMessage           `json:"statuses"` // of a search page
	Delete   *struct{ Status *tweetRef } `json:"delete"`   // of a stream
}

type tweetRef struct {
	ID    idText `json:"id"`
	IDStr idText `json:"id_str"`
}

type userV1 struct {
	twitter.User
	ID             idText `json:"id"`
	IDStr          idText `json:"id_str"`
	FollowersCount *int64 `json:"followers_count"`
	FriendsCount   *int64 `json:"friends_count"`
	Verified       *bool  `json:"verified"`
}

// idText is an id written as a text or as a number, digit by digit.
type idText string

// UnmarshalJSON keeps the digits as they are.
func (t *idText) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) == 0 || b[0] == 'n':
		return nil
	case b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		*t = idText(s)
		return err
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		*t = idText(b)
		return nil
	}
	return fmt.Errorf("%q is no id", b)
}

func firstID(ids ...idText) string {
	for _, id := range ids {
		if id != "" {
			return string(id)
		}
	}
	return ""
}

// unmarshal decodes what it can: a field of an unexpected kind stays empty.
func unmarshal(raw []byte, to any) error {
	err := json.Unmarshal(raw, to)
	if _, ok := err.(*json.UnmarshalTypeError); ok {
		return nil
	}
	return err
}

type postV1 struct{ dates dates }

func (postV1) begin(int64) error { return nil }

func (d postV1) decode(p *page, raw []byte, at *place) {
	var t tweetV1
	if err := unmarshal(raw, &t); err != nil {
		d.reject(p, at, "", "is no tweet: "+err.Error(), raw)
		return
	}
	switch {
	case t.Statuses != nil:
		for _, s := range t.Statuses {
			d.decode(p, s, at)
		}
		return
	case t.Delete != nil:
		if s := t.Delete.Status; s != nil {
			p.Gone = append(p.Gone, collectors.PostID{Platform: p.source, ID: firstID(s.IDStr, s.ID)})
		}
		return
	case control(raw, &t):
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

func (postV1) reject(p *page, at *place, field, why string, raw []byte) {
	at.row++
	p.Rows++
	p.reject(*at, field, field, why, raw)
}

// control recognises the messages of a stream that are no tweets.
func control(raw []byte, t *tweetV1) bool {
	if t.User != nil || len(raw) > 1000 {
		return false
	}
	for _, key := range []string{`{"limit":`, `{"scrub_geo":`, `{"warning":`, `{"status_withheld":`, `{"user_withheld":`, `{"disconnect":`} {
		if bytes.HasPrefix(raw, []byte(key)) {
			return true
		}
	}
	return false
}

func (d postV1) mention(p *page, t *tweetV1) (m adalid.Mention, field, why string) {
	if t.User == nil {
		return m, "author", "there is no author"
	}
	u := t.User
	m.Author = adalid.Author{
		Key: firstID(u.IDStr, u.ID), Handle: cleanHandle(u.ScreenName), Name: u.Name, Bio: u.Description, URL: u.URL,
		Followers: u.FollowersCount, Following: u.FriendsCount, Verified: u.Verified,
	}
	if m.Author.Key == "" {
		m.Author.Key = lower(m.Author.Handle)
	}
	if m.Author.Key == "" {
		return m, "author", "there is no author"
	}
	if at, err := d.dates.parse(u.CreatedAt); err == nil {
		m.Author.Created = at
	}
	m.ID = firstID(t.IDStr, t.ID)
	if t.CreatedAt != "" {
		at, err := d.dates.parse(t.CreatedAt)
		if err != nil {
			return m, "created_at", fmt.Sprintf("%q %v", cutText([]byte(t.CreatedAt)), err)
		}
		m.CreatedAt = at
	}
	m.Lang = lower(t.Lang)
	m.Likes, m.Reposts, m.Replies, m.Quotes = t.FavoriteCount, t.RetweetCount, t.ReplyCount, t.QuoteCount
	m.ReplyTo = lower(cleanHandle(t.InReplyToScreenName))
	if q := t.QuotedStatus; q != nil && q.User != nil {
		m.QuoteOf = lower(q.User.ScreenName)
	}
	d.words(p, t, &m)
	if m.Text == "" && !m.Repost {
		return m, "text", "there is no text"
	}
	if m.ID == "" && m.CreatedAt.IsZero() {
		return m, "post_id", "there is neither an id nor a time"
	}
	if u.ScreenName != "" && m.ID != "" {
		m.URL = "https://x.com/" + u.ScreenName + "/status/" + m.ID
	}
	return m, "", ""
}

// words sets text and mentions. The text of a repost is that of the original,
// which its own text cuts short.
func (postV1) words(p *page, t *tweetV1, m *adalid.Mention) {
	source := t
	m.Text = fullText(t)
	if o := t.RetweetedStatus; o != nil {
		m.Repost = true
		if o.User != nil {
			m.RepostOf = lower(o.User.ScreenName)
			p.addHandle(o.User.ScreenName)
			if text := fullText(o); text != "" {
				m.Text = "RT @" + o.User.ScreenName + ": " + text
			}
		}
		source = o
	} else if x, ok := repostPrefix(m.Text); ok {
		m.Repost, m.RepostOf = true, lower(x)
	}
	e := source.Entities
	if x := source.ExtendedTweet; x != nil && x.Entities != nil {
		e = x.Entities
	}
	if e == nil {
		scanMentions(m.Text, p.addHandle)
	} else {
		for _, u := range e.UserMentions {
			p.addHandle(strings.TrimPrefix(u.ScreenName, "@"))
		}
	}
	m.Mentions = p.list()
}

func fullText(t *tweetV1) string {
	switch {
	case t.ExtendedTweet != nil && t.ExtendedTweet.FullText != "":
		return clean(t.ExtendedTweet.FullText)
	case t.FullText != "":
		return clean(t.FullText)
	}
	return clean(t.Text)
}
