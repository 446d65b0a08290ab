package stackexchange

import (
	"encoding/json"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wrapper is what every answer comes in.
type wrapper struct {
	Items     *[]json.RawMessage `json:"items"`
	HasMore   *bool              `json:"has_more"`
	Remaining *int64             `json:"quota_remaining"`
	Backoff   float64            `json:"backoff"` // seconds
	refusal
}

// refusal is what an answer says that holds nothing, with HTTP 400 or 200.
type refusal struct {
	ErrorID      int    `json:"error_id"`
	ErrorName    string `json:"error_name"`
	ErrorMessage string `json:"error_message"`
}

// excerpt is a finding. It does not say who wrote it.
type excerpt struct {
	ItemType     string      `json:"item_type"`
	QuestionID   json.Number `json:"question_id"`
	AnswerID     json.Number `json:"answer_id"`
	CreationDate int64       `json:"creation_date"`
	AnswerCount  *int64      `json:"answer_count"`
	Title        string      `json:"title"` // of an answer too: that of its question
}

// id is that of the post, "" where there is none.
func (e *excerpt) id() string {
	switch e.ItemType {
	case "question":
		return digits(e.QuestionID)
	case "answer":
		return digits(e.AnswerID)
	}
	return ""
}

// post is the whole of a question or an answer.
type post struct {
	PostID       json.Number `json:"post_id"`
	CreationDate int64       `json:"creation_date"`
	Score        *int64      `json:"score"`
	Body         *string     `json:"body"` // HTML
	Link         string      `json:"link"`
	Owner        *user       `json:"owner"`
}

// user is a user card. Those who left have a name at most.
type user struct {
	AccountID   json.Number `json:"account_id"` // the same on all sites
	UserID      json.Number `json:"user_id"`    // on this site
	DisplayName string      `json:"display_name"`
	Link        string      `json:"link"`
}

// digits gives an id that is one, "" for anything else.
func digits(n json.Number) string {
	s := n.String()
	if s == "" || len(s) > 20 || strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}

// plain undoes the escaping of names and titles: the platform sends them ready
// for HTML.
func plain(s string) string { return strings.TrimSpace(clean(html.UnescapeString(s))) }

// clean removes what no text may hold, NUL, and what nobody sees.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 0, '\u200b', '\u2060', '\ufeff':
			return -1
		}
		return r
	}, s)
}

// item is a finding before it is judged.
type item struct {
	raw     json.RawMessage
	excerpt *excerpt // nil: cannot be read
}

func readItems(list []json.RawMessage) []item {
	items := make([]item, len(list))
	for i, raw := range list {
		var e *excerpt
		if json.Unmarshal(raw, &e) != nil || e != nil && (e.id() == "" || e.CreationDate <= 0) {
			e = nil
		}
		items[i] = item{raw, e}
	}
	return items
}

// readPosts gives posts by their ids.
func readPosts(list []json.RawMessage) map[string]*post {
	found := map[string]*post{}
	for _, raw := range list {
		var p *post
		if json.Unmarshal(raw, &p) == nil && p != nil && digits(p.PostID) != "" {
			found[digits(p.PostID)] = p
		}
	}
	return found
}

// seconds reads "… available in 67194 seconds" out of a message; 0 where
// nothing of that kind is said.
func (r refusal) seconds() time.Duration {
	words := strings.Fields(r.ErrorMessage)
	i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "second") })
	if i < 1 {
		return 0
	}
	n, err := strconv.ParseUint(words[i-1], 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}
