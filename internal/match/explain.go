package match

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Explanation says whether a text matches and why, as data.
type Explanation struct {
	Matched      bool   `json:"matched"`         // by the query or as conversation
	Conversation bool   `json:"conversation"`    // the post answers or quotes an account of the brand
	Because      string `json:"because"`         // one sentence
	Spans        []Span `json:"spans,omitempty"` // what made the query true, as in Hit
	Parts        []Part `json:"parts,omitempty"` // the query from the outside in, in reading order; nil without a query
}

// Part is one part of a query and how it fared.
type Part struct {
	Query   string `json:"query"`           // as Query.String prints it
	Kind    string `json:"kind"`            // term, lang, platform, from, to, not, near, and, or
	Depth   int    `json:"depth"`           // 0 for the whole query
	Matched bool   `json:"matched"`         // NOT turns it round: what is excluded matches where it occurs
	Spans   []Span `json:"spans,omitempty"` // of a term: where it occurs; of NEAR: the pairs within reach
	Note    string `json:"note,omitempty"`  // what helps to understand it, or ""
}

var kindNames = [...]string{
	opTerm: "term", opLang: "lang", opPlatform: "platform", opFrom: "from", opTo: "to",
	opNot: "not", opNear: "near", opAnd: "and", opOr: "or",
}

// Explain tells whether and why d matches q. To explain many texts, or with
// the brand's own accounts, Compile once and use Matcher.Explain.
func Explain(q *Query, d Doc) Explanation {
	m := &Matcher{}
	c := compiler{m: m, known: map[termKey]int32{}}
	c.add(q, nil)
	m.build()
	return m.Explain(0, d)
}

// Explain tells whether and why d matches the brand with that index.
func (m *Matcher) Explain(brand int, d Doc) Explanation {
	if brand < 0 || brand >= len(m.brands) {
		return Explanation{Because: "there is no such brand"}
	}
	s := m.scratch.Get().(*scratch)
	defer m.release(s)
	s.scan(d, true)
	var e Explanation
	e.Conversation = s.brands[brand]&inConversation != 0
	root := m.brands[brand]
	switch {
	case root == nil:
		e.Because = "the brand has no query"
	default:
		e.Matched = s.eval(root, true)
		if e.Matched {
			e.Spans = s.spans(root)
		}
		e.Because = s.because(root)
		s.parts(root, 0, &e.Parts)
	}
	if e.Conversation {
		e.Matched = true
		e.Because = "the post answers or quotes an account of the brand, and such posts always match; " + e.Because
	}
	return e
}

func (s *scratch) parts(p *step, depth int, out *[]Part) {
	var text strings.Builder
	p.node.print(&text)
	part := Part{Query: text.String(), Kind: kindNames[p.node.op], Depth: depth, Matched: s.values[p.id]}
	switch p.node.op {
	case opTerm:
		s.collect(p, &part.Spans)
		part.Note = s.note(p)
	case opNear:
		s.collect(p, &part.Spans)
		part.Spans = tidy(part.Spans)
	case opLang, opPlatform, opFrom, opTo:
		part.Note = s.fieldNote(p.node)
	}
	*out = append(*out, part)
	for _, k := range p.kids {
		s.parts(k, depth+1, out)
	}
}

// note explains a term that occurs only where Text does not show it, or only
// inside another word.
func (s *scratch) note(p *step) string {
	t := p.node.term
	if s.seen[p.term] {
		if s.head[p.term] < 0 {
			return "among the accounts named in the post, not in its text"
		}
		return ""
	}
	at := bytes.Index(s.buf[:s.textEnd], []byte(t.key.lit))
	if at < 0 {
		return ""
	}
	from, to := int32(at), int32(at+len(t.key.lit))
	for from > 0 && !s.apart(from-1) {
		from--
	}
	for !s.apart(to) {
		to++
	}
	around := s.doc.Text[s.src[from]:s.endOf(int(to))]
	switch {
	case t.key.kind == tagTerm:
		return "occurs only in " + shown(around) + ", which is not that hashtag"
	case t.key.kind == handleTerm:
		return "occurs only in " + shown(around) + ", which is not that handle"
	case s.meta[at]&unitStart != 0 && classOf(firstRune(t.key.lit)) == noUnit:
		return "occurs only as a part of " + shown(around) + ", which is another emoji"
	case t.key.before+t.key.after+t.key.amps != "":
		return "occurs only in " + shown(around) + ", without its signs"
	}
	return "occurs only inside " + shown(around) + "; with * it would be found there"
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func (s *scratch) fieldNote(n *node) string {
	have, what := "", ""
	switch n.op {
	case opLang:
		have, what = s.doc.Lang, "language"
	case opPlatform:
		have, what = string(s.doc.Platform), "platform"
	case opFrom:
		have, what = s.doc.Author, "author"
	case opTo:
		have, what = s.doc.ReplyTo, "account answered"
	}
	if have == "" {
		return "the " + what + " is not known"
	}
	return "the " + what + " is " + shown(have)
}

// because gives the reason for the value of p as a clause.
func (s *scratch) because(p *step) string {
	n, v := p.node, s.values[p.id]
	var text strings.Builder
	n.print(&text)
	name := shown(text.String())
	switch n.op {
	case opTerm:
		if v {
			return name + " occurs"
		}
		if note := s.note(p); note != "" {
			return name + " " + note
		}
		return name + " does not occur"
	case opNot:
		if v {
			return s.because(p.kids[0])
		}
		return s.because(p.kids[0]) + " and is excluded"
	case opNear:
		if v {
			return name + " occurs"
		}
		for _, k := range p.kids {
			if !s.values[k.id] {
				return s.because(k)
			}
		}
		return fmt.Sprintf("both sides of %s occur, but never within %d words", name, n.near)
	case opAnd, opOr:
		return s.becauseOf(p)
	}
	return s.fieldNote(n)
}

// mostReasons keeps the sentence short.
const mostReasons = 3

// becauseOf names the parts that decided about an AND or OR.
func (s *scratch) becauseOf(p *step) string {
	v := s.values[p.id]
	var deciding []*step
	for _, k := range p.kids {
		if s.values[k.id] == v {
			deciding = append(deciding, k)
		}
	}
	var reasons []string
	for _, k := range deciding[:min(len(deciding), mostReasons)] {
		reasons = append(reasons, s.because(k))
	}
	text := strings.Join(reasons, ", ")
	if more := len(deciding) - mostReasons; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
