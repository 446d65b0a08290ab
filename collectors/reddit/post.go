package reddit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/collectors"
)

// decode reads a post or a comment; where it cannot be used, field and why say so.
func decode(t thing, at time.Time) (e entry, m adalid.Mention, field, why string) {
	if t.Kind != "t1" && t.Kind != "t3" || json.Unmarshal(t.Data, &e) != nil {
		return e, m, "", "is neither a post nor a comment as Reddit documents them"
	}
	if !fullname.MatchString(e.Name) || !strings.HasPrefix(e.Name, t.Kind) {
		return e, m, "post_id", "there is no id"
	}
	m = adalid.Mention{Platform: platform, ID: e.Name, ObservedAt: at}
	if e.gone() {
		return e, m, "", ""
	}
	var ok bool
	if m.CreatedAt, ok = e.at(); !ok {
		return e, m, "created_at", "is no time"
	}
	if m.Author = e.author(); m.Author.Key == "" {
		return e, m, "author", "Reddit does not say who wrote it"
	}
	if m.Text = strings.TrimSpace(clean(e.Title + "\n\n" + e.Text + e.Body)); m.Text == "" {
		return e, m, "text", "there is no text"
	}
	m.URL = e.link()
	e.figures(&m)
	if len(e.Original) > 0 {
		m.QuoteOf = handle(e.Original[0].Author)
	}
	if e.Parent != "" && e.Parent == e.Link {
		m.ReplyTo = handle(e.LinkAuthor)
	}
	m.Mentions = handles(m.Text)
	m.Sponsored = e.Promoted || e.FromAds || collectors.Sponsored(m.Text+" "+e.URL)
	return e, m, "", ""
}

// figures takes the counters over: a score that is hidden, or below zero, is
// not a number of likes.
func (e *entry) figures(m *adalid.Mention) {
	if e.Score != nil && *e.Score >= 0 && *e.Score < 1e15 && !e.Hidden && !e.HideScore {
		n := int64(*e.Score)
		m.Likes = &n
	}
	m.Replies, m.Reposts = e.Comments, e.Crossposts
}

// gone says that the author or a moderator took it away: what is left of it is
// nobody's.
func (e *entry) gone() bool {
	removed := len(e.Removed) > 0 && string(e.Removed) != "null"
	text := strings.TrimSpace(e.Text + e.Body)
	return e.Author == "[deleted]" || e.Author == "[removed]" || removed || text == "[deleted]" || text == "[removed]"
}

// author is who wrote it. Karma is no number of followers.
func (e *entry) author() adalid.Author {
	a := adalid.Author{Platform: platform, Key: e.AuthorID, Handle: e.Author}
	if !strings.HasPrefix(a.Key, "t2_") {
		a.Key = strings.ToLower(e.Author)
	}
	if user.MatchString(e.Author) {
		a.URL = "https://www.reddit.com/user/" + e.Author
	}
	return a
}

func (e *entry) link() string {
	switch {
	case strings.HasPrefix(e.Permalink, "/"):
		return "https://www.reddit.com" + e.Permalink
	case strings.HasPrefix(e.Link, "t3_"):
		return "https://www.reddit.com/comments/" + e.Link[3:] + "/_/" + e.Name[3:] + "/"
	}
	return "https://www.reddit.com/comments/" + e.Name[3:] + "/"
}

// handle writes an account's name as mentions name it; nobody for what is deleted.
func handle(name string) string {
	if !user.MatchString(name) {
		return ""
	}
	return strings.ToLower(name)
}

// invisible characters say nothing, but keep words from being found.
var invisible = strings.NewReplacer("\x00", "", "\u200b", "", "\u2060", "", "\ufeff", "")

func clean(s string) string { return invisible.Replace(s) }

var mentioned = regexp.MustCompile(`(?:^|[^\pL\pN_/.])/?[uU]/([A-Za-z0-9_-]{3,20})`)

// handles gives the accounts that a text names.
func handles(text string) (list []string) {
	for _, m := range mentioned.FindAllStringSubmatch(text, -1) {
		if h := strings.ToLower(m[1]); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

// maxQuery is how long a search may be.
const maxQuery = 512

var plain = regexp.MustCompile(`^[\pL\pN_]+$`)

// queries gives the searches that together ask for all terms, and what cannot
// be asked for, one sentence each.
func queries(terms []collectors.Term) (list, warnings []string) {
	var asked []string
	for _, t := range terms {
		text := strings.Join(strings.Fields(strings.NewReplacer(`"`, " ", `\`, " ").Replace(t.Text)), " ")
		switch {
		case text == "" || t.Kind == collectors.From:
			continue
		case t.Kind == collectors.Prefix || t.Kind == collectors.Inside:
			warnings = append(warnings, fmt.Sprintf("Reddit searches whole words only: %s was searched for as a word.", text))
		case utf8.RuneCountInString(text) > maxQuery-2:
			warnings = append(warnings, fmt.Sprintf("One term is too long for Reddit, which allows %d characters: it was not searched for.", maxQuery))
			continue
		}
		if !plain.MatchString(text) || slices.Contains([]string{"and", "or", "not"}, text) {
			text = `"` + text + `"`
		}
		if !slices.Contains(asked, text) {
			asked = append(asked, text)
		}
	}
	for len(asked) > 0 {
		n, any := 1, asked[0]
		for n < len(asked) && utf8.RuneCountInString(any+" OR "+asked[n]) <= maxQuery {
			any += " OR " + asked[n]
			n++
		}
		list, asked = append(list, any), asked[n:]
	}
	return list, warnings
}
