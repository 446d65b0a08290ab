package hackernews

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const (
	site   = "https://news.ycombinator.com/"
	maxRaw = 4 << 10
)

// number is what ids are.
var number = regexp.MustCompile(`^[0-9]{1,19}$`)

// page turns the answers into mentions and rejects.
func (b *batch) page(f feed, now time.Time) collectors.Page {
	p := collectors.Page{Rows: int64(len(b.raw))}
	writers := map[text]string{} // by post
	for _, h := range b.hits {
		if h != nil && h.Author != nil {
			writers[h.ID] = *h.Author
		}
	}
	for i, h := range b.hits {
		m, why := adalid.Mention{}, "is no post with a time"
		if h != nil {
			if int64(h.At) < b.low {
				continue
			}
			m, why = h.mention()
		}
		if why != "" {
			p.Rejects = append(p.Rejects, collectors.Reject{Source: string(platform), Row: int64(i + 1), Reason: why, Raw: shown(b.raw[i])})
			continue
		}
		m.ReplyTo = strings.ToLower(h.answers(f, writers))
		m.ObservedAt = now.UTC().Truncate(time.Second)
		p.Mentions = append(p.Mentions, m)
	}
	if b.crowded {
		p.Warnings = append(p.Warnings, fmt.Sprintf("more than %d posts lie in one second; the rest of them cannot be read", deepest))
	}
	p.Notices = notices(p.Mentions, now)
	return p
}

func shown(raw []byte) string { return strings.ToValidUTF8(string(raw[:min(len(raw), maxRaw)]), "") }

// mention reads one post; why is "" when all is well.
func (h *hit) mention() (m adalid.Mention, why string) {
	m = adalid.Mention{
		Platform: platform, ID: string(h.ID), URL: site + "item?id=" + string(h.ID), CreatedAt: time.Unix(int64(h.At), 0).UTC(),
		Lang: "en", Text: h.text(), Likes: h.Points.n, Replies: h.Comments.n,
	}
	switch {
	case !number.MatchString(m.ID):
		return m, "has no number"
	case h.Author == nil || *h.Author == "":
		return m, "has no author"
	case m.Text == "":
		return m, "has no text"
	}
	m.Author = adalid.Author{Platform: platform, Key: *h.Author, Handle: *h.Author, URL: site + "user?id=" + url.QueryEscape(*h.Author)}
	m.Sponsored = collectors.Sponsored(m.Text)
	return m, ""
}

// text joins what a post says: of a story its title, its text and its link.
func (h *hit) text() string {
	var parts []string
	add := func(s string) {
		if s = strings.TrimSpace(clean(s)); s != "" {
			parts = append(parts, s)
		}
	}
	if h.Comment != nil {
		add(collectors.HTMLText(*h.Comment))
		return strings.Join(parts, "\n\n")
	}
	if h.Title != nil {
		add(html.UnescapeString(*h.Title))
	}
	if h.Story != nil {
		add(collectors.HTMLText(*h.Story))
	}
	if len(parts) > 0 && h.URL != nil {
		add(*h.URL)
	}
	return strings.Join(parts, "\n\n")
}

// answers gives the account that a comment answers, as far as the page tells:
// the author of the brand's own story, or of another post of the page.
func (h *hit) answers(f feed, writers map[text]string) string {
	switch {
	case h.Comment == nil || h.ParentID == "":
		return ""
	case f.kind == answers && h.ParentID == h.StoryID:
		return f.what
	}
	return writers[h.ParentID]
}

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

func notices(list []adalid.Mention, now time.Time) []collectors.Notice {
	future := collectors.Notice{Code: collectors.FutureTime}
	for _, m := range list {
		if m.CreatedAt.After(now.Add(24 * time.Hour)) {
			if future.Count++; len(future.Examples) < 3 {
				future.Examples = append(future.Examples, m.ID)
			}
		}
	}
	if future.Count == 0 {
		return nil
	}
	return []collectors.Notice{future}
}
