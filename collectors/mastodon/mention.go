package mastodon

import (
	"encoding/json"
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

// page turns what came into mentions, rejects and counts.
func (l *list) page(f feed, now time.Time) collectors.Page {
	p := collectors.Page{Rows: int64(len(l.items))}
	private, optedOut, empty := 0, 0, 0
	for i, it := range l.items {
		m, why := adalid.Mention{}, notPublic
		switch {
		case it.other:
			continue
		case it.empty:
			empty++
			continue
		case !it.private:
			m, why = mention(f, it.status)
		}
		switch why {
		case "":
			m.ObservedAt = now.UTC().Truncate(time.Second)
			p.Mentions = append(p.Mentions, m)
		case notPublic:
			private++
		case notWanted:
			optedOut++
		default:
			p.Rejects = append(p.Rejects, collectors.Reject{Source: f.server.host(), Row: int64(i + 1), Reason: why, Raw: f.kind.shown(it.raw)})
		}
	}
	warn := func(n int, what string) {
		if n > 0 {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: %s: %d", f.server.host(), what, n))
		}
	}
	warn(optedOut, "posts left out because their authors ask not to be indexed")
	warn(private, "posts left out because they are not public")
	warn(empty, "mentions whose post is no longer shown")
	if l.cut {
		p.Warnings = append(p.Warnings, fmt.Sprintf("%s: the search for %s has more than %d results; older ones were not read", f.server.host(), f.what, deepest))
	}
	if l.foreign {
		p.Warnings = append(p.Warnings, f.server.host()+" links its next page to another host; the link was not followed")
	}
	p.Notices = notices(p.Mentions, now)
	return p
}

// shown is what a reject may show of an entry: nothing of a notification, for
// it may be private.
func (k kind) shown(raw []byte) string {
	if k == mentions {
		return ""
	}
	return strings.ToValidUTF8(string(raw[:min(len(raw), maxRaw)]), "")
}

// Reasons why a post is left out without being a fault.
const (
	notPublic = "was not posted publicly"
	notWanted = "its author asks not to be indexed"
)

// mention reads one post; why is "" when all is well.
func mention(f feed, raw json.RawMessage) (m adalid.Mention, why string) {
	var s *status
	if err := json.Unmarshal(raw, &s); err != nil || s == nil {
		return m, "is no post"
	}
	m = adalid.Mention{Platform: platform, ID: s.URI, CreatedAt: moment(s.CreatedAt)}
	shown := s // whose words and counters they are
	if s.Reblog != nil {
		shown = s.Reblog
	}
	switch {
	case s.URI == "":
		return m, "has no address of its own (uri)"
	case m.CreatedAt.IsZero():
		return m, "has no time of creation that can be read"
	case s.Account == nil || s.Account.handle(f.server) == "" || shown.Account == nil:
		return m, "has no author"
	case shown.Content == nil:
		return m, "has no content"
	case s.Visibility == "":
		return m, "does not say who may see it"
	case !public(s.Visibility) || !public(shown.Visibility):
		return m, notPublic
	case s.Account.optedOut(f.kind) || shown.Account.optedOut(f.kind):
		return m, notWanted
	}
	m.Author = s.Account.author(f.server)
	m.URL = firstLink(shown.URL, shown.URI)
	m.Lang = strings.ToLower(shown.Language)
	m.Text = shown.text()
	m.Likes, m.Reposts, m.Replies, m.Quotes = shown.Favourites.n, shown.Reblogs.n, shown.Replies.n, shown.Quotes.n
	if m.Repost = s.Reblog != nil; m.Repost {
		m.RepostOf = strings.ToLower(shown.Account.handle(f.server))
		m.Mentions = append(m.Mentions, m.RepostOf)
	}
	if !m.Repost {
		s.relations(&m, f.server)
	}
	m.Sponsored = collectors.Sponsored(m.Text)
	return m, ""
}

// relations fills in whom a post answers, quotes and names.
func (s *status) relations(m *adalid.Mention, from server) {
	if s.InReplyTo != "" && s.InReplyTo == s.Account.ID {
		m.ReplyTo = strings.ToLower(s.Account.handle(from))
	}
	for _, n := range s.Mentions {
		h := strings.ToLower(n.handle(from))
		if h == "" {
			continue
		}
		if s.InReplyTo != "" && n.ID == s.InReplyTo {
			m.ReplyTo = h
		}
		if !slices.Contains(m.Mentions, h) {
			m.Mentions = append(m.Mentions, h)
		}
	}
	if q := s.quoted(); q != nil && q.Account != nil {
		m.QuoteOf = strings.ToLower(q.Account.handle(from))
	}
}

func (s *status) text() string {
	text := clean(collectors.HTMLText(*s.Content))
	if s.Spoiler != "" {
		text = strings.TrimSpace(clean(s.Spoiler) + "\n\n" + text)
	}
	return text
}

// handle gives user@host with the host of the account's own address, so that
// it is the same on every server and in an account's own archive.
func (n named) handle(from server) string {
	user, domain, _ := strings.Cut(n.Acct, "@")
	if n.Username != "" {
		user = n.Username
	}
	u, err := url.Parse(n.URL)
	switch {
	case user == "" || strings.ContainsAny(user, " @\t\n\x00"):
		return ""
	case err == nil && u.Hostname() != "":
		domain = u.Hostname()
	case domain == "":
		domain = from.base.Hostname()
	}
	return user + "@" + strings.ToLower(domain)
}

func (a *account) handle(from server) string {
	n := a.named
	n.URL = firstLink(n.URL, a.URI)
	return n.handle(from)
}

func (a *account) author(from server) adalid.Author {
	handle := a.handle(from)
	author := adalid.Author{
		Platform: platform, Key: strings.ToLower(handle), Handle: handle, Name: clean(a.DisplayName),
		Bio: clean(collectors.HTMLText(a.Note)), URL: firstLink(a.URL, a.URI), Created: moment(a.CreatedAt),
	}
	if a.countsKnown() {
		author.Followers, author.Following = a.Followers.n, a.Following.n
	}
	return author
}

// countsKnown is false for people who hide their followers, and for accounts
// of other servers whose figures were never fetched: no posts at all, although
// one lies here.
func (a *account) countsKnown() bool {
	hidden := a.Hidden != nil && *a.Hidden
	zero := func(c count) bool { return c.n != nil && *c.n == 0 }
	return !hidden && !(zero(a.Statuses) && zero(a.Followers) && zero(a.Following))
}

var askedNot = regexp.MustCompile(`(?i)#(nobots?|noindex)\b`)

// optedOut tells whether the author asks to be left out of indexes.
func (a *account) optedOut(k kind) bool {
	not := a.NoIndex != nil && *a.NoIndex || askedNot.MatchString(collectors.HTMLText(a.Note))
	return not || k == search && a.Indexable != nil && !*a.Indexable
}

// firstLink gives the first that is a web address.
func firstLink(addresses ...string) string {
	for _, a := range addresses {
		if u, err := url.Parse(a); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			return a
		}
	}
	return ""
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
	reposts := collectors.Notice{Code: collectors.RepostCounters}
	for _, m := range list {
		if m.Lang == "" && !m.Repost {
			untagged.Count++
		}
		if m.CreatedAt.After(now.Add(24 * time.Hour)) {
			future.Count++
			future.Examples = append(future.Examples, m.ID)[:min(len(future.Examples)+1, 3)]
		}
		if m.Reposts != nil {
			reposts.Naive += *m.Reposts
		}
		if m.Repost {
			reposts.Count++
		} else if m.Reposts != nil {
			reposts.Counted += *m.Reposts
		}
	}
	for _, n := range []collectors.Notice{untagged, future, reposts} {
		if n.Count > 0 {
			out = append(out, n)
		}
	}
	return out
}
