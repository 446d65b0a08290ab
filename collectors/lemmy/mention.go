package lemmy

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

const maxRaw = 4 << 10

// Reasons why a post is left out without being a fault.
const (
	notPublic = "was not posted publicly"
	byBot     = "its account says that it is a bot"
	vanished  = "no longer exists"
)

// pageOf turns what came into mentions, rejects and counts.
func pageOf(f feed, items []item, now time.Time) collectors.Page {
	p := collectors.Page{Rows: int64(len(items))}
	left := map[string]int{}
	for i, it := range items {
		m, why := mention(f, it)
		switch why {
		case "":
			m.ObservedAt = now.UTC().Truncate(time.Second)
			p.Mentions = append(p.Mentions, m)
		case vanished:
			p.Gone = append(p.Gone, collectors.PostID{Platform: platform, ID: m.ID})
		case notPublic, byBot:
			left[why]++
		default:
			raw := strings.ToValidUTF8(string(it.raw[:min(len(it.raw), maxRaw)]), "")
			p.Rejects = append(p.Rejects, collectors.Reject{Source: f.server.host(), Row: int64(i + 1), Reason: why, Raw: raw})
		}
	}
	if n := left[byBot]; n > 0 {
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s: posts left out because their accounts say that they are bots: %d", f.server.host(), n))
	}
	if n := left[notPublic]; n > 0 {
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s: posts left out because they are not public: %d", f.server.host(), n))
	}
	p.Notices = notices(p.Mentions, now)
	return p
}

// mention reads one entry; why is "" when all is well.
func mention(f feed, it item) (m adalid.Mention, why string) {
	v := it.view
	if v == nil {
		return m, "is no " + strings.TrimSuffix(string(f.kind), "s")
	}
	var gone bool
	if v.Comment == nil {
		gone = v.Post.Deleted || v.Post.Removed
		m = adalid.Mention{ID: v.Post.ApID, Lang: language(v.Post.LanguageID), Text: strings.TrimSpace(clean(v.Post.Name) + "\n\n" + clean(v.Post.Body))}
		m.Sponsored = collectors.Sponsored(m.Text) || collectors.Sponsored(v.Post.URL)
	} else {
		gone = v.Comment.Deleted || v.Comment.Removed
		m = adalid.Mention{ID: v.Comment.ApID, Lang: language(v.Comment.LanguageID)}
		if v.Comment.Content != nil {
			m.Text = clean(*v.Comment.Content)
		}
		m.Sponsored = collectors.Sponsored(m.Text)
	}
	switch {
	case !webAddress(m.ID):
		return m, "has no address of its own (ap_id)"
	case gone:
		return m, vanished
	case it.at.IsZero():
		return m, "has no time of creation that can be read"
	case v.Creator == nil || !webAddress(v.Creator.ActorID) || v.Creator.handle() == "":
		return m, "has no author"
	case v.Comment != nil && v.Comment.Content == nil || m.Text == "":
		return m, "has no text"
	case v.Community != nil && !slices.Contains([]string{"", "Public", "Unlisted"}, v.Community.Visibility):
		return m, notPublic
	case v.Creator.Bot:
		return m, byBot
	}
	m.Platform, m.URL, m.CreatedAt, m.Author = platform, m.ID, it.at.Truncate(time.Second), v.Creator.author()
	m.Mentions = handles(m.Text)
	v.relations(f, &m)
	return m, ""
}

// relations fills in the counters and whom a comment answers, as far as known.
func (v *view) relations(f feed, m *adalid.Mention) {
	if v.Counts != nil {
		m.Likes, m.Replies = v.Counts.Upvotes, v.Counts.Comments
		if v.Comment != nil {
			m.Replies = v.Counts.ChildCount
		}
	}
	if f.kind == replies && v.Recipient != nil {
		m.ReplyTo = strings.ToLower(v.Recipient.handle())
	}
}

// handle gives name@host with the host of the account's own server.
func (p *person) handle() string {
	u, err := url.Parse(p.ActorID)
	if err != nil || u.Host == "" || p.Name == "" || strings.ContainsAny(p.Name, " @\t\n\x00") {
		return ""
	}
	return p.Name + "@" + strings.ToLower(u.Host)
}

func (p *person) author() adalid.Author {
	return adalid.Author{
		Platform: platform, Key: p.ActorID, Handle: p.handle(), Name: clean(p.DisplayName), Bio: clean(p.Bio),
		URL: p.ActorID, Created: p.Published.Truncate(time.Second),
	}
}

var named = regexp.MustCompile(`(?:^|[^\w@./])@([\w-][\w.-]*)@([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)`)

// handles gives the accounts that a text names in full.
func handles(text string) (list []string) {
	for _, found := range named.FindAllStringSubmatch(text, -1) {
		if h := strings.ToLower(found[1] + "@" + found[2]); !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	return list
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
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

func notices(list []adalid.Mention, now time.Time) (out []collectors.Notice) {
	untagged := collectors.Notice{Code: collectors.UnknownLang}
	future := collectors.Notice{Code: collectors.FutureTime}
	for _, m := range list {
		if m.Lang == "" {
			untagged.Count++
		}
		if m.CreatedAt.After(now.Add(24 * time.Hour)) {
			future.Count++
			future.Examples = append(future.Examples, m.ID)[:min(len(future.Examples)+1, 3)]
		}
	}
	for _, n := range []collectors.Notice{untagged, future} {
		if n.Count > 0 {
			out = append(out, n)
		}
	}
	return out
}
