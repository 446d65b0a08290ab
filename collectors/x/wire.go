package x

import (
	"encoding/json"
	"errors"
	"slices"
)

// id is a number of up to 64 bits, as a text or a number, digit by digit.
type id string

// UnmarshalJSON keeps the digits as they are.
func (t *id) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		*t = id(s)
		return err
	case number.Match(b):
		*t = id(b)
		return nil
	}
	return errors.New("is no id")
}

// answer is what API v2 answers with, in both dialects.
type answer struct {
	Data     json.RawMessage `json:"data"`
	Includes struct {
		Users  []user `json:"users"`
		Tweets []post `json:"tweets"`
		Posts  []post `json:"posts"`
	} `json:"includes"`
	Errors []problem `json:"errors"`
	Meta   *struct {
		Count  *int64 `json:"result_count"`
		Next   string `json:"next_token"`
		Tweets *int64 `json:"total_tweet_count"`
		Posts  *int64 `json:"total_post_count"`
	} `json:"meta"`
}

// problem is an error inside an answer.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Resource string `json:"resource_type"`
	ID       id     `json:"resource_id"`
	Value    any    `json:"value"`
}

// post is a post of API v2 in both dialects.
type post struct {
	ID             id        `json:"id"`
	Text           string    `json:"text"`
	AuthorID       id        `json:"author_id"`
	Username       string    `json:"username"`
	CreatedAt      string    `json:"created_at"`
	Lang           string    `json:"lang"`
	InReplyTo      id        `json:"in_reply_to_user_id"`
	Conversation   id        `json:"conversation_id"`
	PaidPartner    bool      `json:"paid_partnership"`
	NoteTweet      *note     `json:"note_tweet"`
	NotePost       *note     `json:"note_post"`
	Metrics        *metrics  `json:"public_metrics"`
	ReferencedOld  []ref     `json:"referenced_tweets"`
	ReferencedPost []ref     `json:"referenced_posts"`
	Entities       *entities `json:"entities"`
}

type note struct {
	Text     string    `json:"text"`
	Entities *entities `json:"entities"`
}

type metrics struct {
	Retweets    *int64 `json:"retweet_count"`
	Reposts     *int64 `json:"repost_count"`
	Replies     *int64 `json:"reply_count"`
	Likes       *int64 `json:"like_count"`
	Quotes      *int64 `json:"quote_count"`
	Impressions *int64 `json:"impression_count"`
}

type ref struct {
	Type string `json:"type"`
	ID   id     `json:"id"`
}

type entities struct {
	Mentions []struct {
		Username string `json:"username"`
		ID       id     `json:"id"`
	} `json:"mentions"`
	URLs []struct {
		Expanded string `json:"expanded_url"`
	} `json:"urls"`
}

type user struct {
	ID        id     `json:"id"`
	Username  string `json:"username"`
	Name      string `json:"name"`
	Bio       string `json:"description"`
	URL       string `json:"url"`
	CreatedAt string `json:"created_at"`
	Verified  *bool  `json:"verified"`
	Metrics   *struct {
		Followers *int64 `json:"followers_count"`
		Following *int64 `json:"following_count"`
	} `json:"public_metrics"`
}

func (p *post) note() *note {
	if p.NotePost != nil {
		return p.NotePost
	}
	return p.NoteTweet
}

func (p *post) references() []ref { return slices.Concat(p.ReferencedPost, p.ReferencedOld) }
