package file

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"adalid"
	"adalid/collectors"
	"adalid/internal/langtag"
)

// row makes a mention of the current record.
func (t *table) row(p *page, raw []byte) {
	var m adalid.Mention
	var given taken
	texts := t.texts(p)
	for i := range t.binds {
		b := &t.binds[i]
		if why := t.field(p, b, texts[i], &m, &given); why != "" {
			p.reject(t.at, fieldTable[b.field].name, b.column, why, bytes.TrimRight(raw, "\r\n"))
			return
		}
	}
	if field, why := t.finish(&m); why != "" {
		column := ""
		if b := t.bound(field); b != nil {
			column = b.column
		}
		p.reject(t.at, fieldTable[field].name, column, why, bytes.TrimRight(raw, "\r\n"))
		return
	}
	p.add(&m, given, t.at)
}

// texts gives the text of each binding; they share one string.
func (t *table) texts(p *page) []string {
	t.buf, t.ends = t.buf[:0], t.ends[:0]
	for i := range t.binds {
		t.buf = t.value(t.buf, t.r, &t.binds[i])
		t.ends = append(t.ends, len(t.buf))
	}
	all := string(t.buf)
	if cap(t.out) < len(t.ends) {
		t.out = make([]string, len(t.ends))
	}
	out := t.out[:len(t.ends)]
	from := 0
	for i, to := range t.ends {
		out[i] = all[from:to]
		if t.exported {
			out[i] = Unescape(out[i])
		}
		from = to
	}
	if !utf8.ValidString(all) || strings.IndexByte(all, 0) >= 0 {
		for i, s := range out {
			s = clean(s)
			if !utf8.ValidString(s) {
				var assumed string
				s, assumed = repair(s)
				p.note(collectors.Encoding, "row %d: %s", t.at.row, assumed)
			}
			out[i] = s
		}
	}
	return out
}

// field puts one text where it belongs; the answer says what is wrong with it.
func (t *table) field(p *page, b *binding, s string, m *adalid.Mention, given *taken) string {
	switch b.field {
	case fPostID:
		m.ID = s
	case fURL:
		if m.URL = strings.TrimSpace(s); missing(m.URL) {
			m.URL = ""
		}
	case fPlatform:
		m.Platform = platformOf(s)
	case fAuthor:
		return t.author(b, s, m)
	case fHandle:
		m.Author.Handle = cleanHandle(s)
		if b.loose && strings.ContainsAny(m.Author.Handle, " \t") {
			m.Author.Name, m.Author.Handle = s, ""
		}
	case fName:
		if m.Author.Name = present(s); t.exported {
			m.Author.Name = s // what is empty there is unknown
		}
	case fBio:
		m.Author.Bio = present(s)
	case fLang:
		m.Lang = langOf(s)
	case fText:
		m.Text = s
	case fRepostOf:
		m.RepostOf = lower(firstHandle(s, m))
	case fReplyTo:
		m.ReplyTo = lower(firstHandle(s, m))
	case fQuoteOf:
		if m.QuoteOf = statusHandle(s); m.QuoteOf == "" && !strings.Contains(s, "/") {
			m.QuoteOf = lower(firstHandle(s, m))
		}
	case fMentions:
		if s = strings.TrimSpace(s); s != "" && (s == "[]" || !missing(s)) {
			listHandles(s, func(_, h string) { p.addHandle(h) })
			m.Mentions = p.list()
			given.mentions = true
		}
	case fLabel:
		m.Label = labelOf(s)
	case fBrand:
		if m.Brand = strings.TrimSpace(s); m.Brand == "" {
			return "there is no brand"
		}
	case fCreated, fObserved, fAuthorCreated:
		return t.time(b.field, s, m)
	case fVerified, fIsRepost, fBrandAccount, fSponsored:
		return t.flag(b.field, s, m, given)
	default:
		return t.count(p, b.field, s, m)
	}
	return ""
}

// present gives a text unless it only says that there is none.
func present(s string) string {
	if missing(s) {
		return ""
	}
	return s
}

func (t *table) author(b *binding, s string, m *adalid.Mention) string {
	if b.col < 0 {
		m.Author.Key = s
		return ""
	}
	if missing(strings.TrimSpace(s)) {
		return ""
	}
	switch {
	case b.key:
		if id, damaged := cleanID(s); !damaged {
			m.Author.Key = id
		}
	case b.fold:
		m.Author.Key = lower(cleanHandle(s))
	case b.loose || strings.HasPrefix(s, "@"):
		m.Author.Key = cleanHandle(s)
	default:
		m.Author.Key = s
	}
	return ""
}

func (t *table) time(field int, s string, m *adalid.Mention) string {
	if missing(strings.TrimSpace(s)) {
		return ""
	}
	at, err := t.dates.parse(s)
	switch {
	case field == fObserved && err == nil:
		m.ObservedAt = at
	case field == fAuthorCreated && err == nil:
		m.Author.Created = at
	case field == fCreated && err != nil:
		return fmt.Sprintf("%q %v", cutText([]byte(s[:min(len(s), 60)])), err)
	case field == fCreated:
		m.CreatedAt = at
	}
	return ""
}

func (t *table) flag(field int, s string, m *adalid.Mention, given *taken) string {
	v, known, ok := parseBool(s)
	switch {
	case !ok && field == fVerified: // tools write badges in many ways
		return ""
	case !ok:
		return fmt.Sprintf("%q is neither yes nor no", cutText([]byte(s[:min(len(s), 40)])))
	case !known:
		return ""
	}
	switch field {
	case fVerified:
		m.Author.Verified = &v
	case fIsRepost:
		m.Repost = v
		given.repost = v && m.RepostOf != ""
	case fBrandAccount:
		m.OwnAccount = v
	case fSponsored:
		m.Sponsored = v
	}
	return ""
}

func (t *table) count(p *page, field int, s string, m *adalid.Mention) string {
	var to **int64
	zero := true // a blank cell of a counter column means 0
	switch field {
	case fFollowers:
		to, zero = &m.Author.Followers, false
	case fFollowing:
		to, zero = &m.Author.Following, false
	case fLikes:
		to = &m.Likes
	case fReposts:
		to = &m.Reposts
	case fReplies:
		to = &m.Replies
	case fQuotes:
		to = &m.Quotes
	default:
		to, zero = &m.Views, false
	}
	s = strings.TrimSpace(s)
	switch {
	case s == "" && zero && !t.exported:
		*to = p.intp(0)
		return ""
	case missing(s):
		return ""
	}
	n, ok := parseCount(s)
	if !ok {
		return fmt.Sprintf("%q is no count", cutText([]byte(s[:min(len(s), 40)])))
	}
	*to = p.intp(n)
	return ""
}

// finish checks what no single column decides.
func (t *table) finish(m *adalid.Mention) (field int, why string) {
	if m.Author.Key == "" {
		m.Author.Key = lower(m.Author.Handle)
	}
	if m.Author.Key == "" {
		return fAuthor, "there is no author"
	}
	if m.RepostOf != "" {
		m.Repost = true
	}
	if m.ID == "" && m.URL != "" {
		m.ID = statusID(m.URL)
	}
	if t.bound(fPostID) == nil && m.ID == "" && m.CreatedAt.IsZero() {
		return fPostID, "there is neither an id nor a time"
	}
	return 0, ""
}

func platformOf(s string) adalid.Platform {
	if missing(strings.TrimSpace(s)) {
		return ""
	}
	k := headerKey(s)
	if name, ok := platformNames[k]; ok {
		return adalid.Platform(name)
	}
	return adalid.Platform(k)
}

// langOf gives the tag of a language however it is written; what can be none,
// such as "several" or "Twitter Web App", says no language.
func langOf(s string) string {
	tag, known := langtag.Read(present(s))
	if !known && !langtag.Shaped(tag) {
		return ""
	}
	return tag
}

// firstHandle gives the handle in s: the handle itself, or in a list the first
// that is not the author's own.
func firstHandle(s string, m *adalid.Mention) string {
	s = strings.TrimSpace(s)
	if missing(s) || s == "[]" || s == "0" {
		return ""
	}
	if s[0] != '[' && s[0] != '{' {
		return cleanHandle(s)
	}
	found := ""
	me := lower(m.Author.Handle)
	listHandles(s, func(id, h string) {
		if found == "" && lower(h) != me && (id == "" || id != m.Author.Key) {
			found = h
		}
	})
	return found
}
