package reddit

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// listing is a page of things.
type listing struct {
	Kind string `json:"kind"`
	Data *struct {
		After    string  `json:"after"`
		Children []thing `json:"children"`
	} `json:"data"`
}

// thing is a post (t3), a comment (t1), a pointer to more of them, or else.
type thing struct {
	Kind string          `json:"kind"`
	Data json.RawMessage `json:"data"`
}

// entry is a post or a comment.
type entry struct {
	Name      string      `json:"name"` // with the kind: t3_48fbm9
	Author    string      `json:"author"`
	AuthorID  string      `json:"author_fullname"`
	Created   json.Number `json:"created_utc"`
	Permalink string      `json:"permalink"`
	Score     *float64    `json:"score"`
	Hidden    bool        `json:"score_hidden"`
	HideScore bool        `json:"hide_score"`

	// Of a post.
	Title      string          `json:"title"`
	Text       string          `json:"selftext"`
	URL        string          `json:"url"`
	Removed    json.RawMessage `json:"removed_by_category"`
	Comments   *int64          `json:"num_comments"`
	Crossposts *int64          `json:"num_crossposts"`
	Promoted   bool            `json:"promoted"`
	FromAds    bool            `json:"is_created_from_ads_ui"`
	Original   []struct {
		Author string `json:"author"`
	} `json:"crosspost_parent_list"`

	// Of a comment.
	Body       string          `json:"body"`
	Parent     string          `json:"parent_id"`
	Link       string          `json:"link_id"`
	LinkAuthor string          `json:"link_author"`
	Replies    json.RawMessage `json:"replies"` // a listing, or "" where there are none
}

// at is when the entry was made, by Reddit's own clock.
func (e *entry) at() (time.Time, bool) {
	n, err := strconv.ParseFloat(string(e.Created), 64)
	if err != nil || math.IsNaN(n) || n <= 0 || n > 7e9 {
		return time.Time{}, false
	}
	return time.Unix(int64(n), 0).UTC(), true
}

// login is the answer to the request for a token.
type login struct {
	Token   string  `json:"access_token"`
	Expires float64 `json:"expires_in"`
	Error   any     `json:"error"`
}
