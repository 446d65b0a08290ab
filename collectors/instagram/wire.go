package instagram

import (
	"encoding/json"
	"time"
)

// list is a page of an edge.
type list struct {
	Data   []json.RawMessage `json:"data"`
	Paging struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"` // some edges leave it out
	} `json:"paging"`
	Error *apiError `json:"error"`
}

// apiError is a refusal of the Graph API.
type apiError struct {
	Code      int  `json:"code"`
	Subcode   int  `json:"error_subcode"`
	Transient bool `json:"is_transient"`
}

// media is a post.
type media struct {
	ID        string `json:"id"`
	Caption   string `json:"caption"`
	Username  string `json:"username"`
	Timestamp string `json:"timestamp"`
	Permalink string `json:"permalink"`
	Likes     *int64 `json:"like_count"` // absent where they are hidden
	Comments  *int64 `json:"comments_count"`
}

// comment is a comment on an own post, or an answer to one.
type comment struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	Timestamp string `json:"timestamp"`
	Username  string `json:"username"`
	Likes     *int64 `json:"like_count"`
	From      struct {
		Username string `json:"username"`
	} `json:"from"`
	Replies list `json:"replies"`
}

// account is an account, the own one or that of somebody professional.
type account struct {
	ID        string    `json:"id"`
	Username  string    `json:"username"`
	Name      string    `json:"name"`
	Bio       string    `json:"biography"`
	Followers *int64    `json:"followers_count"`
	Following *int64    `json:"follows_count"`
	Error     *apiError `json:"error"`

	Discovery *account `json:"business_discovery"`
}

// usage is how much of what is allowed is used up, in percent.
type usage struct {
	Calls   float64 `json:"call_count"`
	CPU     float64 `json:"total_cputime"`
	Time    float64 `json:"total_time"`
	Minutes float64 `json:"estimated_time_to_regain_access"`
}

// moment reads a time such as 2026-10-20T09:00:00+0000 in whole seconds.
func moment(s string) (time.Time, bool) {
	t, err := time.Parse("2006-01-02T15:04:05Z0700", s)
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return time.Time{}, false
	}
	return t.UTC().Truncate(time.Second), true
}
