package file

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/collectors"
)

// canonical reads JSON Lines, one flat object per (post, brand).
type canonical struct {
	w     *window
	at    place // of the row read last
	dates dates
	brand bool // Mention.Brand comes from the row
	scan  scanner
}

// next reads one line. It returns false at the end of the file.
func (c *canonical) next(p *page) bool {
	line, size, long, ok := c.w.line()
	if !ok {
		return false
	}
	whole := size > len(line)
	c.at.line++
	raw := bytes.TrimSpace(line)
	switch {
	case long:
		c.at.row++
		p.Rows++
		p.reject(c.at, "", "", fmt.Sprintf("the line is longer than %d MB", maxRow>>20), raw)
		c.w.advance(size)
		c.w.skipLine()
		return true
	case len(raw) == 0:
	case !whole && c.w.cut() || !whole && !c.complete(raw):
		p.note(collectors.CutLastLine, "%s: line %d", p.file, c.at.line)
	default:
		c.at.row++
		p.Rows++
		c.row(p, raw)
	}
	c.w.advance(size)
	return true
}

// complete says whether a last line without line feed is not simply cut off.
func (c *canonical) complete(raw []byte) bool {
	s := &c.scan
	s.reset(string(raw))
	s.skip(0)
	return s.err != errEnd
}

func (c *canonical) row(p *page, raw []byte) {
	text := string(raw)
	if !utf8.Valid(raw) {
		var assumed string
		text, assumed = repair(text)
		p.note(collectors.Encoding, "row %d: %s", c.at.row, assumed)
	}
	var m adalid.Mention
	given := taken{id: true}
	c.scan.reset(text)
	field, reason := c.decode(p, &m, &given)
	if reason == "" {
		field, reason = c.check(&m)
	}
	if reason != "" {
		p.reject(c.at, field, field, reason, raw)
		return
	}
	p.add(&m, given, c.at)
}

func (c *canonical) check(m *adalid.Mention) (field, reason string) {
	switch {
	case m.Author.Key == "" && m.Author.Handle == "":
		return "author", "there is no author"
	case c.brand && m.Brand == "":
		return "brand", "there is no brand"
	}
	if m.Author.Key == "" {
		m.Author.Key = lower(m.Author.Handle)
	}
	return "", ""
}

// decode reads the object's members; reason is "" when all is well.
func (c *canonical) decode(p *page, m *adalid.Mention, given *taken) (field, reason string) {
	s := &c.scan
	hasText := false
	if !s.open('{') {
		return "", s.problem("is no JSON object")
	}
	for s.member() {
		key := s.key
		if why := c.member(p, key, m, given); why != "" {
			if s.err != nil {
				return "", s.problem(why)
			}
			return key, why
		}
		hasText = hasText || key == "text"
	}
	if s.err != nil || !s.atEnd() {
		return "", s.problem("is no valid JSON")
	}
	if !hasText {
		return "text", "there is no text"
	}
	return "", ""
}

func (c *canonical) member(p *page, key string, m *adalid.Mention, given *taken) string {
	s := &c.scan
	switch key {
	case "post_id":
		return s.id(&m.ID)
	case "author":
		return s.id(&m.Author.Key)
	case "text":
		return s.text(&m.Text)
	case "handle":
		why := s.text(&m.Author.Handle)
		m.Author.Handle = cleanHandle(m.Author.Handle)
		return why
	case "name":
		return s.text(&m.Author.Name)
	case "lang":
		why := s.text(&m.Lang)
		m.Lang = langOf(m.Lang)
		return why
	case "url":
		return s.text(&m.URL)
	case "repost_of":
		return c.handle(&m.RepostOf)
	case "reply_to":
		return c.handle(&m.ReplyTo)
	case "created_at":
		return c.time(&m.CreatedAt)
	case "observed_at":
		return c.time(&m.ObservedAt)
	case "followers":
		return s.count(p, &m.Author.Followers)
	case "following":
		return s.count(p, &m.Author.Following)
	case "likes":
		return s.count(p, &m.Likes)
	case "reposts":
		return s.count(p, &m.Reposts)
	case "replies":
		return s.count(p, &m.Replies)
	case "quotes":
		return s.count(p, &m.Quotes)
	case "views":
		return s.count(p, &m.Views)
	}
	return c.rareMember(p, key, m, given)
}

func (c *canonical) rareMember(p *page, key string, m *adalid.Mention, given *taken) (why string) {
	s := &c.scan
	var known bool
	switch key {
	case "is_repost":
		m.Repost, known, why = s.boolean()
		given.repost = known
	case "brand_account":
		m.OwnAccount, _, why = s.boolean()
	case "sponsored":
		m.Sponsored, _, why = s.boolean()
	case "verified":
		var v bool
		if v, known, why = s.boolean(); known {
			m.Author.Verified = &v
		}
	case "mentions":
		var known bool
		if known, why = s.strings(p.addHandle); known {
			m.Mentions = p.list()
		}
		p.fill = p.fill[:0]
		given.mentions = known
	case "platform":
		var v string
		why = s.text(&v)
		m.Platform = adalid.Platform(lower(strings.TrimSpace(v)))
	case "brand":
		if !c.brand {
			s.skip(0)
			return s.why()
		}
		why = s.text(&m.Brand)
	case "label":
		var v string
		why = s.text(&v)
		m.Label = labelOf(v)
	default:
		s.skip(0)
		return s.why()
	}
	return why
}

// labelOf reads a reference label; any other word is none.
func labelOf(v string) adalid.Label {
	switch l := adalid.Label(lower(strings.TrimSpace(v))); l {
	case adalid.Positive, adalid.Neutral, adalid.Negative:
		return l
	}
	return ""
}

func (c *canonical) handle(to *string) string {
	var v string
	why := c.scan.text(&v)
	*to = lower(cleanHandle(v))
	return why
}

func (c *canonical) time(to *time.Time) string {
	var v string
	if why := c.scan.id(&v); why != "" {
		return why
	}
	if missing(v) {
		return ""
	}
	t, err := c.dates.parse(v)
	if err != nil {
		return fmt.Sprintf("%q %v", cutText([]byte(v[:min(len(v), 60)])), err)
	}
	*to = t
	return ""
}
