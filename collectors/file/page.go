package file

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/collectors"
)

// page gathers what one call reads.
type page struct {
	collectors.Page
	opt    *Options
	file   string
	source adalid.Platform // default of this file's rows

	tomorrow time.Time // clocks differ by hours at most: what is later lies ahead

	notices  map[collectors.NoticeCode]*collectors.Notice
	untagged int64 // authored texts without a language
	naive    int64
	counted  int64
	reposts  int64 // repost rows that carry a counter
	bigIDs   int64 // ids that a float cannot hold
	rounded  int64 // of these, the ones that end in 00
	sampled  []string

	lost      int64 // texts with question marks where words begin
	lostAt    []string
	pictorial bool // some text has characters beyond the basic plane

	ints []int64
	strs []string
	fill []string // mentions being gathered
}

// place is where a row stands.
type place struct{ row, line int64 }

// taken says which fields the row itself decided.
type taken struct {
	mentions, repost bool
	id               bool // an intact id stands as written, also in exponent form
}

func (p *page) note(code collectors.NoticeCode, format string, args ...any) {
	n := p.notices[code]
	if n == nil {
		n = &collectors.Notice{Code: code}
		p.notices[code] = n
	}
	n.Count++
	if len(n.Examples) < 3 {
		n.Examples = append(n.Examples, fmt.Sprintf(format, args...))
	}
}

func (p *page) reject(at place, field, column, reason string, raw []byte) {
	p.Rejects = append(p.Rejects, collectors.Reject{
		Source: p.file, Row: at.row, Line: at.line, Field: field, Column: column,
		Reason: reason, Raw: cutText(raw),
	})
}

// cutText makes maxRaw bytes of valid text at most.
func cutText(raw []byte) string {
	if len(raw) > maxRaw {
		raw = raw[:maxRaw]
		for i := 1; i <= utf8.UTFMax && i <= len(raw); i++ {
			if c := raw[len(raw)-i]; utf8.RuneStart(c) {
				if !utf8.FullRune(raw[len(raw)-i:]) {
					raw = raw[:len(raw)-i]
				}
				break
			}
		}
	}
	return clean(strings.ToValidUTF8(string(raw), "\uFFFD"))
}

// intp gives a pointer to v from a block, so that a page costs few allocations.
func (p *page) intp(v int64) *int64 {
	if len(p.ints) == cap(p.ints) {
		p.ints = make([]int64, 0, 1024)
	}
	p.ints = append(p.ints, v)
	return &p.ints[len(p.ints)-1]
}

// list copies the handles gathered in p.fill into a block.
func (p *page) list() []string {
	n := len(p.fill)
	if n == 0 {
		return nil
	}
	if cap(p.strs)-len(p.strs) < n {
		p.strs = make([]string, 0, max(1024, n))
	}
	at := len(p.strs)
	p.strs = append(p.strs, p.fill...)
	p.fill = p.fill[:0]
	return p.strs[at : at+n : at+n]
}

// addHandle gathers one handle, lower case and once.
func (p *page) addHandle(h string) {
	if h = lower(h); h != "" && !slices.Contains(p.fill, h) {
		p.fill = append(p.fill, h)
	}
}

func (p *page) textMentions(text string) []string {
	if !hasAt(text) {
		return nil
	}
	scanMentions(text, p.addHandle)
	return p.list()
}

// add completes a row and keeps it. Author.Key must be set; the id may be
// missing or damaged, then the content is the key.
func (p *page) add(m *adalid.Mention, given taken, at place) {
	if m.Platform == "" {
		m.Platform = p.source
	}
	m.Author.Platform = m.Platform
	if !given.repost {
		if x, ok := repostPrefix(m.Text); ok {
			m.Repost = true
			m.RepostOf = lower(x)
		}
	}
	if !given.mentions {
		m.Mentions = p.textMentions(m.Text)
	}
	m.Sponsored = m.Sponsored || collectors.Sponsored(m.Text)
	switch {
	case m.CreatedAt.IsZero():
		p.note(collectors.UnknownTime, "row %d", at.row)
	case m.CreatedAt.After(p.tomorrow):
		p.note(collectors.FutureTime, "row %d: %s", at.row, m.CreatedAt.UTC().Format(time.DateOnly))
	}
	if m.Lang == "" && !m.Repost && strings.TrimSpace(m.Text) != "" {
		p.untagged++
	}
	p.identify(m, given.id, at)
	p.count(m, at)
	p.inspect(m.Text, at)
	p.Mentions = append(p.Mentions, *m)
}

func (p *page) identify(m *adalid.Mention, asWritten bool, at place) {
	id, damaged := cleanID(m.ID)
	if asWritten && id != "" {
		id = m.ID
	}
	if damaged {
		p.note(collectors.DamagedIDs, "row %d: %s", at.row, m.ID)
		id = ""
	}
	if id == "" {
		id = contentKey(m)
	} else if beyondFloat(id) {
		p.bigIDs++
		if strings.HasSuffix(id, "00") {
			p.rounded++
			if len(p.sampled) < 3 {
				p.sampled = append(p.sampled, fmt.Sprintf("row %d: %s", at.row, id))
			}
		}
	}
	m.ID = id
}

func (p *page) count(m *adalid.Mention, at place) {
	if m.Reposts != nil {
		p.naive += *m.Reposts
		if !m.Repost {
			p.counted += *m.Reposts
		}
	}
	if m.Repost && (positive(m.Reposts) || positive(m.Likes)) {
		p.reposts++
	}
}

func positive(n *int64) bool { return n != nil && *n > 0 }

// inspect looks for text that lost characters: U+FFFD, or question marks where
// words should begin in a page without a single emoji.
func (p *page) inspect(text string, at place) {
	if strings.Contains(text, "\uFFFD") {
		p.note(collectors.BrokenText, "row %d", at.row)
		return
	}
	if p.pictorial {
		return
	}
	for i := 0; i < len(text); i++ {
		if text[i] >= 0xF0 {
			p.pictorial = true
			return
		}
	}
	if i := strings.Index(text, "??"); i == 0 || i > 0 && (text[i-1] == ' ' || text[i-1] == '\n') {
		p.lost++
		if len(p.lostAt) < 3 {
			p.lostAt = append(p.lostAt, fmt.Sprintf("row %d", at.row))
		}
	}
}

// close turns what was counted into the page's notices.
func (p *page) close() collectors.Page {
	if p.rounded >= 5 && p.rounded*10 >= p.bigIDs*9 {
		p.notices[collectors.RoundedIDs] = &collectors.Notice{Code: collectors.RoundedIDs, Count: p.rounded, Examples: p.sampled}
	}
	if p.reposts > 0 {
		p.notices[collectors.RepostCounters] = &collectors.Notice{
			Code: collectors.RepostCounters, Count: p.reposts, Naive: p.naive, Counted: p.counted,
		}
	}
	if n := len(p.Gone); n > 0 {
		p.notices[collectors.DeletedPosts] = &collectors.Notice{Code: collectors.DeletedPosts, Count: int64(n)}
	}
	if p.untagged > 0 {
		p.notices[collectors.UnknownLang] = &collectors.Notice{Code: collectors.UnknownLang, Count: p.untagged}
	}
	if !p.pictorial && p.lost >= 3 && p.lost*50 >= int64(len(p.Mentions)) {
		n := p.notices[collectors.BrokenText]
		if n == nil {
			n = &collectors.Notice{Code: collectors.BrokenText}
			p.notices[collectors.BrokenText] = n
		}
		n.Count += p.lost
		n.Examples = append(n.Examples, p.lostAt...)
		n.Examples = n.Examples[:min(3, len(n.Examples))]
	}
	for _, n := range p.notices {
		p.Notices = append(p.Notices, *n)
	}
	slices.SortFunc(p.Notices, func(a, b collectors.Notice) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return p.Page
}
