package instagram

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

// postOf reads a post; where it cannot be used, field and why say so.
func postOf(raw json.RawMessage, at time.Time) (m adalid.Mention, p media, field, why string) {
	if err := json.Unmarshal(raw, &p); err != nil {
		return m, p, "", "is no post as Instagram documents it"
	}
	if !number.MatchString(p.ID) {
		return m, p, "post_id", "there is no id"
	}
	m = adalid.Mention{Platform: platform, ID: p.ID, ObservedAt: at, Likes: p.Likes, Replies: p.Comments, URL: address(p.Permalink)}
	if !name.MatchString(p.Username) {
		return m, p, "author", "Instagram does not say whose post it is"
	}
	m.Author = authorOf(p.Username)
	var ok bool
	if m.CreatedAt, ok = moment(p.Timestamp); !ok {
		return m, p, "created_at", "is no time"
	}
	m.Text = strings.TrimSpace(clean(p.Caption))
	m.Mentions = handles(m.Text)
	m.Sponsored = collectors.Sponsored(m.Text)
	return m, p, "", ""
}

// commentOf reads a comment that answers an account; where it cannot be used,
// field and why say so.
func commentOf(raw json.RawMessage, link, to string, at time.Time) (m adalid.Mention, answers list, field, why string) {
	var c comment
	if err := json.Unmarshal(raw, &c); err != nil {
		return m, answers, "", "is no comment as Instagram documents it"
	}
	answers = c.Replies
	if !number.MatchString(c.ID) {
		return m, answers, "post_id", "there is no id"
	}
	m = adalid.Mention{Platform: platform, ID: c.ID, ObservedAt: at, Likes: c.Likes, URL: link}
	who := cmp.Or(c.Username, c.From.Username)
	if !name.MatchString(who) {
		return m, answers, "author", "Instagram does not say who wrote it"
	}
	if m.Author = authorOf(who); m.Author.Key != to {
		m.ReplyTo = to
	}
	var ok bool
	if m.CreatedAt, ok = moment(c.Timestamp); !ok {
		return m, answers, "created_at", "is no time"
	}
	if m.Text = strings.TrimSpace(clean(c.Text)); m.Text == "" {
		return m, answers, "text", "there is no text"
	}
	m.Mentions = handles(m.Text)
	m.Sponsored = collectors.Sponsored(m.Text)
	return m, answers, "", ""
}

// authorOf is an account by its name: posts that tag somebody come with no other
// key, and the numbers that come with comments differ from app to app.
func authorOf(username string) adalid.Author {
	return adalid.Author{Platform: platform, Key: strings.ToLower(username), Handle: username, URL: "https://www.instagram.com/" + username + "/"}
}

// address keeps links to Instagram only.
func address(link string) string {
	if strings.HasPrefix(link, "https://www.instagram.com/") {
		return link
	}
	return ""
}

// take adds a mention to the page, or the reason why it cannot be used.
func take(out *collectors.Page, i int, m adalid.Mention, field, why string, raw json.RawMessage) {
	out.Rows++
	if why == "" {
		out.Mentions = append(out.Mentions, m)
		return
	}
	out.Rejects = append(out.Rejects, collectors.Reject{Source: "instagram", Row: int64(i + 1), Field: field, Column: field, Reason: why, Raw: string(raw[:min(len(raw), maxRaw)])})
}

// maxRaw is how much of a row that cannot be used is kept.
const maxRaw = 4 << 10

// invisible characters say nothing, but keep words from being found.
var invisible = strings.NewReplacer("\x00", "", "\u200b", "", "\u2060", "", "\ufeff", "")

func clean(s string) string { return invisible.Replace(s) }

var mentioned = regexp.MustCompile(`(?:^|[^\pL\pN_.@/])@([A-Za-z0-9_.]{0,29}[A-Za-z0-9_])`)

// handles gives the accounts that a text names.
func handles(text string) (list []string) {
	for _, m := range mentioned.FindAllStringSubmatch(text, -1) {
		list = with(list, strings.ToLower(m[1]))
	}
	return list
}

func with(handles []string, handle string) []string {
	if slices.Contains(handles, handle) {
		return handles
	}
	return append(handles, handle)
}
