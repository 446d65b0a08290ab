package youtube

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// answer is a list as every endpoint gives it.
type answer struct {
	Kind  string            `json:"kind"`
	Items []json.RawMessage `json:"items"` // absent where some endpoints found nothing
	Next  string            `json:"nextPageToken"`
	Info  *struct{}         `json:"pageInfo"`
	Error *apiError         `json:"error"`
}

// apiError is a refusal.
type apiError struct {
	Code    int      `json:"code"`
	Status  string   `json:"status"`
	Errors  []reason `json:"errors"`
	Details []reason `json:"details"`
}

type reason struct {
	Reason string `json:"reason"`
}

// found is an item of search.list.
type found struct {
	ID struct {
		Video string `json:"videoId"`
	} `json:"id"`
	Snippet struct {
		PublishedAt string `json:"publishedAt"`
	} `json:"snippet"`
}

// video is an item of videos.list.
type video struct {
	ID      string `json:"id"`
	Snippet *struct {
		PublishedAt string `json:"publishedAt"`
		Channel     string `json:"channelId"`
		Name        string `json:"channelTitle"`
		Title       string `json:"title"`
		Description string `json:"description"`
		Language    string `json:"defaultLanguage"`
		Audio       string `json:"defaultAudioLanguage"`
	} `json:"snippet"`
	Statistics struct {
		Views    *count `json:"viewCount"`
		Likes    *count `json:"likeCount"`
		Comments *count `json:"commentCount"` // absent where comments are disabled
	} `json:"statistics"`
	Placement struct {
		Paid bool `json:"hasPaidProductPlacement"`
	} `json:"paidProductPlacementDetails"`
}

// thread is an item of commentThreads.list.
type thread struct {
	Snippet struct {
		Video   string          `json:"videoId"`
		Channel string          `json:"channelId"`
		Top     json.RawMessage `json:"topLevelComment"`
		Replies *count          `json:"totalReplyCount"`
	} `json:"snippet"`
	Replies struct {
		Comments []json.RawMessage `json:"comments"` // a few of them only
	} `json:"replies"`
}

// comment is an item of comments.list, or a part of a thread.
type comment struct {
	ID      string `json:"id"`
	Snippet *struct {
		Name    string `json:"authorDisplayName"`
		URL     string `json:"authorChannelUrl"`
		Channel struct {
			ID string `json:"value"`
		} `json:"authorChannelId"` // may be missing
		Display     string `json:"textDisplay"`
		Original    string `json:"textOriginal"`
		Parent      string `json:"parentId"`
		Video       string `json:"videoId"`
		Likes       *count `json:"likeCount"`
		PublishedAt string `json:"publishedAt"`
	} `json:"snippet"`
}

// channel is an item of channels.list.
type channel struct {
	ID      string `json:"id"`
	Snippet struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Handle      string `json:"customUrl"`
		PublishedAt string `json:"publishedAt"`
	} `json:"snippet"`
	Statistics struct {
		Subscribers *count `json:"subscriberCount"`
		Hidden      bool   `json:"hiddenSubscriberCount"`
	} `json:"statistics"`
}

// count is a number, which the API writes as a text in most places. One that
// cannot be read is unknown.
type count struct{ n *int64 }

func (c *count) UnmarshalJSON(b []byte) error {
	if n, err := strconv.ParseInt(strings.Trim(string(b), `"`), 10, 64); err == nil && n >= 0 {
		c.n = &n
	}
	return nil
}

func (c *count) value() *int64 {
	if c == nil {
		return nil
	}
	return c.n
}

// moment reads a time in whole seconds.
func moment(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return time.Time{}, false
	}
	return t.UTC().Truncate(time.Second), true
}
