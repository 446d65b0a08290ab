package relevance

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"unsafe"
)

// Span is where a term of the brand stands in a text, in bytes.
type Span struct{ Start, End int }

// Post is what the model looks at. Everything but Text may be empty.
type Post struct {
	Text   string
	Terms  []Span   // where the brand's query matched, by place
	Author string   // the account, unique: platform and id
	Lang   string   // BCP 47
	Links  []string // addresses the post links to, beside those in Text
}

// group is a kind of feature. All features of a group in a text share one
// weight of √(scale²/n), so that long texts do not shout.
type group uint8

const (
	bias      group = iota
	writing         // how the term is written, and what holds it
	meant           // semantic fields of all words
	meantNear       // of the words beside the term
	near            // a word and its place beside the term
	around
	phrase
	anywhere
	stem // beginnings of words
	host
	language
	groups
)

// feature is one property of a text.
type feature struct {
	key   uint32 // hash of group and content
	value float32
}

// scratch is what reading a post needs; it may be used again.
type scratch struct {
	set    *settings
	tokens []token
	buf    []byte
	out    []feature
	groups []group
}

func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

const (
	offset32 = 2166136261
	prime32  = 16777619
)

func hash(g group, place byte, parts ...string) uint32 {
	h := uint32(offset32)
	h = (h ^ uint32(g)) * prime32
	h = (h ^ uint32(place)) * prime32
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint32(p[i])) * prime32
		}
		h = (h ^ 0xff) * prime32
	}
	return h
}

func (s *scratch) put(g group, place byte, parts ...string) {
	s.out = append(s.out, feature{key: hash(g, place, parts...), value: 1})
	s.groups = append(s.groups, g)
}

// features gives the features of a post; the result is valid until the next
// call.
func (s *scratch) features(p *Post, scale *[groups]float64) []feature {
	s.read(p)
	s.out, s.groups = s.out[:0], s.groups[:0]
	s.put(bias, 0)
	s.written()
	s.meaning()
	s.neighbours()
	s.words()
	if p.Lang != "" {
		s.put(language, 0, base(p.Lang))
	}
	for _, l := range p.Links {
		s.put(host, 0, hostOf(l))
	}
	for rest := p.Text; ; {
		i := strings.Index(rest, "http")
		if i < 0 {
			break
		}
		if n := linkLength(rest[i:]); n > 0 {
			s.put(host, 0, hostOf(rest[i:i+n]))
			rest = rest[i+n:]
		} else {
			rest = rest[i+4:]
		}
	}
	s.normalise(scale)
	return s.out
}

func (s *scratch) normalise(scale *[groups]float64) {
	var n [groups]int
	for _, g := range s.groups {
		n[g]++
	}
	for i, g := range s.groups {
		s.out[i].value = float32(scale[g] / math.Sqrt(float64(n[g])))
	}
}

func (s *scratch) read(p *Post) {
	s.tokens, s.buf = s.tokens[:0], s.buf[:0]
	if need := 2 * len(p.Text); cap(s.buf) < need {
		s.buf = make([]byte, 0, need) // views into it must not move
	}
	s.tokens, s.buf = tokenize(p.Text, s.tokens, s.buf)
	for i := range s.tokens {
		t := &s.tokens[i]
		t.term = slices.ContainsFunc(p.Terms, func(sp Span) bool { return t.start < sp.End && sp.Start < t.end })
	}
}

// articles stand before a thing, rarely before a name.
var articles = strings.Fields("un una uno unos unas el la los las al del este esta ese esa mi tu su otro medio cada a an the this that my your his her our some half every")

// places stand before a shop or a firm.
var places = strings.Fields("en de desde con por para a from at in by with via to")

// Names of the features of writing; their order is part of the model.
const (
	termLower byte = iota
	termCapital
	termCapitalInside
	termUpper
	termTag
	termHandle
	termLonger // the word is longer than the term: a plural, a compound
	afterArticleLower
	afterArticleCapital
	afterPlaceCapital
	afterPlaceLower
	opensText
	aloneText
	manyTerms
	possessive
)

// written looks at how the term is written and at what holds it.
func (s *scratch) written() {
	seen := uint32(0)
	set := func(b byte) {
		if seen&(1<<b) == 0 {
			seen |= 1 << b
			s.put(writing, b)
		}
	}
	n, words := 0, 0
	for i, t := range s.tokens {
		if t.kind == word {
			words++
		}
		if !t.term {
			continue
		}
		n++
		if i == 0 {
			set(opensText)
		}
		switch {
		case t.kind == tag:
			set(termTag)
		case t.kind == handle:
			set(termHandle)
		case t.shape == upper:
			set(termUpper)
		case t.shape == capital && t.opens:
			set(termCapital)
		case t.shape == capital:
			set(termCapitalInside)
		default:
			set(termLower)
		}
		if i > 0 && s.tokens[i-1].kind == word && !t.opens {
			before := s.tokens[i-1].folded
			small := t.shape == lower
			switch {
			case slices.Contains(places, before) && small:
				set(afterPlaceLower)
			case slices.Contains(places, before):
				set(afterPlaceCapital)
			case slices.Contains(articles, before) && small:
				set(afterArticleLower)
			case slices.Contains(articles, before):
				set(afterArticleCapital)
			}
		}
		if i+1 < len(s.tokens) && s.tokens[i+1].folded == "s" {
			set(possessive)
		}
	}
	if n > 1 {
		set(manyTerms)
	}
	if words <= n+1 {
		set(aloneText)
	}
}

// meaning looks at the semantic fields of all words.
func (s *scratch) meaning() {
	set := uint64(0)
	for _, t := range s.tokens {
		if !t.term {
			set |= fields.of(t.folded)
		}
	}
	for ; set != 0; set &= set - 1 {
		s.put(meant, byte(bits.TrailingZeros64(set)))
	}
	beside := uint64(0)
	for i, t := range s.tokens {
		if !t.term {
			continue
		}
		for d := max(0, i-3); d < min(len(s.tokens), i+4); d++ {
			if !s.tokens[d].term {
				beside |= fields.of(s.tokens[d].folded)
			}
		}
	}
	for ; beside != 0; beside &= beside - 1 {
		s.put(meantNear, byte(bits.TrailingZeros64(beside)))
	}
}

// neighbours looks at the words beside the term.
func (s *scratch) neighbours() {
	at := func(i int) string {
		if i < 0 || i >= len(s.tokens) {
			return ""
		}
		return s.tokens[i].folded
	}
	for i, t := range s.tokens {
		if !t.term {
			continue
		}
		for d := 1; d <= 2; d++ {
			s.put(near, byte(d), at(i-d))
			s.put(near, byte(16+d), at(i+d))
		}
		s.put(phrase, 1, at(i-2), at(i-1))
		s.put(phrase, 2, at(i-1), at(i+1))
		s.put(phrase, 3, at(i+1), at(i+2))
		for d := max(0, i-4); d < min(len(s.tokens), i+5); d++ {
			if !s.tokens[d].term {
				s.put(around, 0, s.tokens[d].folded)
			}
		}
	}
}

// words looks at all words and at their beginnings.
func (s *scratch) words() {
	for _, t := range s.tokens {
		if t.term && len(t.folded) < 2 {
			continue
		}
		s.put(anywhere, byte(t.kind), t.folded)
		if n := len(t.folded); n > 4 && !t.term {
			s.put(stem, 0, t.folded[:max(4, min(6, n-2))])
		}
	}
}

func base(lang string) string {
	lang, _, _ = strings.Cut(lang, "-")
	return lang
}

// hostOf gives the host of an address without "www.".
func hostOf(link string) string {
	if _, rest, found := strings.Cut(link, "://"); found {
		link = rest
	}
	if i := strings.IndexAny(link, "/?#"); i >= 0 {
		link = link[:i]
	}
	return strings.TrimPrefix(link, "www.")
}
