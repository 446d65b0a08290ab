package hackernews

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// found is the answer of a search.
type found struct {
	Hits    *[]json.RawMessage `json:"hits"`
	Total   *int64             `json:"nbHits"`
	PerPage int                `json:"hitsPerPage"`
}

// hit is a story or a comment as the search gives it.
type hit struct {
	ID       text     `json:"objectID"`
	At       moment   `json:"created_at_i"`
	Author   *string  `json:"author"`
	Title    *string  `json:"title"`
	URL      *string  `json:"url"`
	Story    *string  `json:"story_text"`
	Comment  *string  `json:"comment_text"`
	Points   count    `json:"points"`
	Comments count    `json:"num_comments"`
	StoryID  text     `json:"story_id"`
	ParentID text     `json:"parent_id"`
	Tags     []string `json:"_tags"`
}

// element is an item of the item server.
type element struct {
	ID      text `json:"id"`
	Deleted bool `json:"deleted"`
	Dead    bool `json:"dead"`
}

// user is an account of the item server.
type user struct {
	ID      string `json:"id"`
	Created moment `json:"created"`
	About   string `json:"about"`
}

// text is what stands between quotes, or every digit of a number.
type text string

// UnmarshalJSON reads both forms.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return err
	}
	*t = text(n)
	return nil
}

// count is a counter; nil when unknown.
type count struct{ n *int64 }

// UnmarshalJSON never fails: what is no count is not known.
func (c *count) UnmarshalJSON(b []byte) error {
	c.n = nil
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil && n >= 0 {
		c.n = &n
	}
	return nil
}

// moment is a time in unix seconds; 0 when there is none that can be.
type moment int64

// lastMoment is the end of the year 2200.
const lastMoment = 7289654399

// UnmarshalJSON never fails: what is no time is not known.
func (m *moment) UnmarshalJSON(b []byte) error {
	*m = 0
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil && n > 0 && n <= lastMoment {
		*m = moment(n)
	}
	return nil
}
