package mastodon

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// status is a post as servers write it.
type status struct {
	ID         id              `json:"id"`
	URI        string          `json:"uri"`
	URL        string          `json:"url"`
	CreatedAt  string          `json:"created_at"`
	Account    *account        `json:"account"`
	Content    *string         `json:"content"`
	Spoiler    string          `json:"spoiler_text"`
	Visibility string          `json:"visibility"`
	Language   string          `json:"language"`
	Favourites count           `json:"favourites_count"`
	Reblogs    count           `json:"reblogs_count"`
	Replies    count           `json:"replies_count"`
	Quotes     count           `json:"quotes_count"`
	InReplyTo  id              `json:"in_reply_to_account_id"`
	Reblog     *status         `json:"reblog"`
	Quote      json.RawMessage `json:"quote"`
	Mentions   []named         `json:"mentions"`
}

// named is an account as a post names it.
type named struct {
	ID       id     `json:"id"`
	Username string `json:"username"`
	Acct     string `json:"acct"`
	URL      string `json:"url"`
}

type account struct {
	named
	URI         string `json:"uri"`
	DisplayName string `json:"display_name"`
	Note        string `json:"note"`
	CreatedAt   string `json:"created_at"`
	Followers   count  `json:"followers_count"`
	Following   count  `json:"following_count"`
	Statuses    count  `json:"statuses_count"`
	Hidden      *bool  `json:"hide_collections"`
	NoIndex     *bool  `json:"noindex"`
	Indexable   *bool  `json:"indexable"`
}

// quoted finds the post quoted, where it is shown.
func (s *status) quoted() *status {
	var q struct {
		Status *status `json:"quoted_status"`
	}
	if len(s.Quote) == 0 || json.Unmarshal(s.Quote, &q) != nil {
		return nil
	}
	return q.Status
}

// heading is what paging needs of an entry: a post, or a notification with one
// inside.
type heading struct {
	ID         json.RawMessage `json:"id"`
	CreatedAt  string          `json:"created_at"`
	Visibility string          `json:"visibility"`
	Type       string          `json:"type"`
	Status     json.RawMessage `json:"status"`
}

// found is the answer of a search.
type found struct {
	Statuses *[]json.RawMessage `json:"statuses"`
}

// instance is what a server says of itself.
type instance struct {
	Domain        string `json:"domain"`
	Configuration struct {
		Access struct {
			Tags struct {
				Local  string `json:"local"`
				Remote string `json:"remote"`
			} `json:"hashtag_feeds"`
		} `json:"timelines_access"`
	} `json:"configuration"`
}

// id keeps what is between the quotes, or every digit of a number.
type id string

// UnmarshalJSON reads both forms.
func (i *id) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(i))
	}
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*i = id(n)
	return nil
}

// count is a counter; nil when unknown. Negative ones mean hidden.
type count struct{ n *int64 }

// UnmarshalJSON never fails: what is no count is not known.
func (c *count) UnmarshalJSON(b []byte) error {
	c.n = nil
	if n, err := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64); err == nil && n >= 0 {
		c.n = &n
	}
	return nil
}

// moment reads a time, zero when it is none.
func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}
