package store

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"adalid"
	"adalid/internal/scan"
)

// The counters of a post, in the order in which they are stored.
const (
	likes = iota
	reposts
	replies
	quotes
	views
	counters
)

// never is the observation time of rows that do not say one: it loses to any.
const never = math.MinInt64

// counter is one number of a post and when it was read.
type counter struct {
	optional
	at int64
}

// fact is what counting needs to know of a stored mention.
type fact struct {
	rowid        int64
	platform, id string
	author       int64
	profile      int64
	handle       string // of the author at the time, lower case
	created      optional
	lang         string
	textHash     int64 // 0 for reposts and texts without words
	copy         int64
	repost       bool
	sponsored    bool
	counter      [counters]counter // times are only set where rest was read
	followers    optional
	following    optional
	sentiment    optional // the model's, in millionths
	tone         optional // the model's likeliest class: 1, 0, -1
	label        optional // the team's: 1, 0, -1
	about        optional // the team's: 1 about the brand, 0 not
	ruled        bool     // a rule leaves it out
	repostOf     string
	replyTo      string
	quoteOf      string
	handles      string // one per line
}

// out tells whether a mention is left out of everything that counts: the
// team's mark wins over the rule.
func (f *fact) out() bool {
	if f.about.ok {
		return f.about.v == 0
	}
	return f.ruled
}

// indexedHash is text_hash as stored: what is left out is nobody's copy.
func (f *fact) indexedHash() int64 {
	if f.out() {
		return 0
	}
	return f.textHash
}

// hiddenHash is what the label row keeps for a mention that is left out.
func (f *fact) hiddenHash() optional {
	if f.out() {
		return optional{f.textHash, true}
	}
	return optional{}
}

// post is a mention as a row of the table.
type post struct {
	fact
	observed  int64 // never when unknown
	rowHash   uint64
	url       string
	reference string
	text      string

	key    string   // of the author, while incoming
	as     identity // how the author presented itself, while incoming
	hashes hashes   // while incoming
	moved  bool     // the incoming row won: author and profile have to be found
}

// identity is everything of a profile row but its number.
type identity struct {
	handle, name, bio, url string
	verified               int8 // -1 unknown, 0 no, 1 yes
	created                optional
}

// set makes p the row of a mention that was just read.
func (p *post) set(m *scan.Mention) {
	*p = post{
		fact: fact{
			platform: clean(string(m.Platform)), id: clean(m.ID), lang: clean(m.Lang),
			created: seconds(m.CreatedAt), textHash: int64(m.TextHash), copy: 1,
			repost: m.Repost, sponsored: m.Sponsored, ruled: m.LeftOut,
			followers: maybe(m.Author.Followers), following: maybe(m.Author.Following),
			repostOf: clean(m.RepostOf), replyTo: clean(m.ReplyTo), quoteOf: clean(m.QuoteOf),
			handles: lines(m.Mentions), handle: strings.ToLower(clean(m.Author.Handle)),
		},
		observed: never, rowHash: m.RowHash, url: clean(m.URL), reference: clean(string(m.Label)), text: clean(m.Text),
		key: clean(m.Author.Key), moved: true,
		as: identity{
			handle: clean(m.Author.Handle), name: clean(m.Author.Name), bio: clean(m.Author.Bio),
			url: clean(m.Author.URL), verified: -1, created: seconds(m.Author.Created),
		},
	}
	if m.Repost {
		p.textHash = 0
	}
	if v := m.Author.Verified; v != nil {
		p.as.verified = int8(bit(*v))
	}
	if at := seconds(m.ObservedAt); at.ok {
		p.observed = at.v
	}
	if m.Sentiment != nil {
		p.sentiment, p.tone = scored(m.Sentiment)
	}
	for i, c := range [counters]*int64{m.Likes, m.Reposts, m.Replies, m.Quotes, m.Views} {
		if c != nil {
			p.counter[i] = counter{optional{*c, true}, p.observed}
		}
	}
}

// merge takes over what q knows better; it does not matter in which order rows
// of the same mention are merged. It says whether anything but observation
// times changed.
func (p *post) merge(q *post) bool {
	changed := false
	for i, c := range q.counter {
		mine := &p.counter[i]
		if !c.ok || mine.ok && (c.at < mine.at || c.at == mine.at && c.v <= mine.v) {
			continue
		}
		changed = changed || c.optional != mine.optional
		*mine = c
	}
	switch {
	case q.observed == p.observed && q.rowHash == p.rowHash:
		// The same row again; only the model may have learned something.
		if q.sentiment.ok && (!p.sentiment.ok || q.sentiment.v > p.sentiment.v) {
			p.sentiment, p.tone, changed = q.sentiment, q.tone, true
		}
		return changed
	case q.observed < p.observed || q.observed == p.observed && q.rowHash < p.rowHash:
		return changed
	}
	won := *q
	won.rowid, won.author, won.profile, won.copy = p.rowid, p.author, p.profile, p.copy
	won.label, won.about = p.label, p.about
	won.counter = p.counter
	changed = changed || !won.same(p)
	*p = won
	return changed
}

// same compares what readers can see, author and profile left out.
func (p *post) same(q *post) bool {
	a, b := p.fact, q.fact
	a.handle, b.handle = "", ""
	for i := range a.counter {
		a.counter[i].at, b.counter[i].at = 0, 0
	}
	return a == b && p.url == q.url && p.reference == q.reference && p.text == q.text
}

// clean makes s valid UTF-8 without NUL, so that every tool can read it back.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func lines(handles []string) string {
	switch len(handles) {
	case 0:
		return ""
	case 1:
		return strings.ReplaceAll(clean(handles[0]), "\n", " ")
	}
	cleaned := make([]string, len(handles))
	for i, h := range handles {
		cleaned[i] = strings.ReplaceAll(clean(h), "\n", " ")
	}
	return strings.Join(cleaned, "\n")
}

// Times outside the years 0 to 9999 are damage and count as unknown.
const (
	minSecond = -62167219200
	maxSecond = 253402300799
)

func seconds(t time.Time) optional {
	if s := t.Unix(); !t.IsZero() && s >= minSecond && s <= maxSecond {
		return optional{s, true}
	}
	return optional{}
}

func (o optional) time() time.Time {
	if !o.ok {
		return time.Time{}
	}
	return time.Unix(o.v, 0).UTC()
}

// bit gives 1 for true.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// factColumns counts the columns of mention.facts, restColumns those of
// mention.rest that follow.
const (
	factColumns = 29
	restColumns = 6
)

func scanFact(r row) fact {
	f := fact{
		rowid: r.int(0), platform: r.text(1), id: r.text(2), author: r.int(3), profile: r.int(4),
		created: r.opt(5), lang: r.text(6), textHash: r.int(7), copy: r.int(8), repost: r.int(9) != 0, sponsored: r.int(10) != 0,
		followers: r.opt(16), following: r.opt(17), sentiment: r.opt(18), label: r.opt(19),
		repostOf: r.text(20), replyTo: r.text(21), quoteOf: r.text(22), handles: r.text(23),
		handle: strings.ToLower(r.text(24)), tone: r.opt(28),
	}
	for i := range f.counter {
		f.counter[i].optional = r.opt(11 + i)
	}
	if ruled := r.opt(25); ruled.ok { // there is a row of label
		f.ruled, f.about = ruled.v != 0, r.opt(26)
		if hidden := r.opt(27); hidden.ok {
			f.textHash = hidden.v
		}
	}
	return f
}

func scanPost(r row) *post {
	p := &post{
		fact: scanFact(r), observed: never, rowHash: uint64(r.int(factColumns + 1)),
		url: r.text(factColumns + 3), reference: r.text(factColumns + 4), text: r.text(factColumns + 5),
	}
	if at := r.opt(factColumns); at.ok {
		p.observed = at.v
	}
	p.setCounterTimes(r.bytes(factColumns + 2))
	return p
}

// counterTimes gives the times at which the counters were read as varints,
// nil when each is the row's own; never is written as the smallest value.
func (p *post) counterTimes() []byte {
	if !slices.ContainsFunc(p.counter[:], func(c counter) bool { return c.ok && c.at != p.observed }) {
		return nil
	}
	var b []byte
	for _, c := range p.counter {
		b = binary.AppendVarint(b, c.at)
	}
	return b
}

func (p *post) setCounterTimes(b []byte) {
	for i := range p.counter {
		c := &p.counter[i]
		at, n := binary.Varint(b)
		if n > 0 {
			b = b[n:]
		} else {
			at = p.observed
		}
		if c.ok {
			c.at = at
		}
	}
}

// scored gives what is stored of a sentiment; nil is unknown.
func scored(s *adalid.Sentiment) (net, tone optional) {
	if s == nil {
		return optional{}, optional{}
	}
	tone, _ = labelValue(s.Label())
	return optional{int64(math.Round(s.Net() * 1e6)), true}, tone
}

// labelOf turns a label's sign back.
func labelOf(sign int64) adalid.Label {
	switch {
	case sign > 0:
		return adalid.Positive
	case sign < 0:
		return adalid.Negative
	}
	return adalid.Neutral
}

// labelValue gives a label's sign.
func labelValue(l adalid.Label) (optional, bool) {
	switch l {
	case adalid.Positive:
		return optional{1, true}, true
	case adalid.Neutral:
		return optional{0, true}, true
	case adalid.Negative:
		return optional{-1, true}, true
	}
	return optional{}, l == ""
}
