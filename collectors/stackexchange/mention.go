package stackexchange

import (
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const maxRaw = 4 << 10

// Reasons why a finding is no mention without being a fault.
const (
	vanished  = "no longer exists"
	ownerless = "its author has left"
)

// pageOf turns findings and posts into mentions, rejects and counts.
func pageOf(f feed, items []item, posts map[string]*post, now time.Time) collectors.Page {
	p := collectors.Page{Rows: int64(len(items))}
	left := 0
	for i, it := range items {
		m, why := mention(f, it.excerpt, posts)
		switch why {
		case "":
			m.ObservedAt = now.UTC().Truncate(time.Second)
			p.Mentions = append(p.Mentions, m)
		case vanished:
			p.Gone = append(p.Gone, collectors.PostID{Platform: platform, ID: m.ID})
		case ownerless:
			left++
		default:
			raw := strings.ToValidUTF8(string(it.raw[:min(len(it.raw), maxRaw)]), "")
			p.Rejects = append(p.Rejects, collectors.Reject{Source: f.host, Row: int64(i + 1), Reason: why, Raw: raw})
		}
	}
	if left > 0 {
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s: posts left out because their authors have left: %d", f.host, left))
	}
	p.Notices = notices(p.Mentions)
	return p
}

// mention joins a finding and its post; why is "" when all is well.
func mention(f feed, e *excerpt, posts map[string]*post) (m adalid.Mention, why string) {
	if e == nil {
		return m, "is no question and no answer"
	}
	id := e.id()
	m = adalid.Mention{Platform: platform, ID: f.host + "/" + id}
	p := posts[id]
	switch {
	case p == nil:
		return m, vanished
	case p.Owner == nil || digits(p.Owner.UserID) == "":
		return m, ownerless
	case p.Body == nil:
		return m, "has no text"
	}
	m.CreatedAt = time.Unix(e.CreationDate, 0).UTC()
	m.Author = p.Owner.author(f.host)
	m.Lang = language(f.host)
	m.Text = strings.TrimSpace(clean(collectors.HTMLText(*p.Body)))
	m.URL = html.UnescapeString(p.Link)
	if !webAddress(m.URL) {
		m.URL = fmt.Sprintf("https://%s/%s/%s", f.host, e.ItemType[:1], id)
	}
	if p.Score != nil && *p.Score >= 0 {
		m.Likes = p.Score
	}
	if e.ItemType == "question" {
		m.Text = strings.TrimSpace(plain(e.Title) + "\n\n" + m.Text)
		m.Replies = e.AnswerCount
	} else if question := posts[digits(e.QuestionID)]; question != nil && question.Owner != nil {
		m.ReplyTo = question.Owner.handle(f.host)
	}
	if m.Text == "" {
		return m, "has no text"
	}
	m.Sponsored = collectors.Sponsored(m.Text) || collectors.Sponsored(*p.Body)
	return m, ""
}

// handle names an account by its place on its site, "" for those who left:
// display names are not unique.
func (u *user) handle(host string) string {
	id := digits(u.UserID)
	if id == "" {
		return ""
	}
	return host + "/users/" + id
}

func (u *user) author(host string) adalid.Author {
	a := adalid.Author{Platform: platform, Key: digits(u.AccountID), Handle: u.handle(host), Name: plain(u.DisplayName), URL: html.UnescapeString(u.Link)}
	if a.Key == "" {
		a.Key = a.Handle
	}
	if !webAddress(a.URL) {
		a.URL = "https://" + a.Handle
	}
	return a
}

// language is that of a site that keeps to one, "" where it is not known.
func language(host string) string {
	code, rest, _ := strings.Cut(host, ".")
	switch {
	case rest == "stackoverflow.com" && len(code) == 2:
		return code
	case slices.Contains([]string{"stackoverflow.com", "serverfault.com", "superuser.com", "askubuntu.com"}, host):
		return "en"
	}
	return ""
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func notices(list []adalid.Mention) []collectors.Notice {
	untagged := collectors.Notice{Code: collectors.UnknownLang}
	for _, m := range list {
		if m.Lang == "" {
			untagged.Count++
		}
	}
	if untagged.Count == 0 {
		return nil
	}
	return []collectors.Notice{untagged}
}
