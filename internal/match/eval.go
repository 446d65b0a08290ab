package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// eval tells whether the part p holds for the scanned text. With all it looks
// at every part below too and leaves the answers in s.values.
func (s *scratch) eval(p *step, all bool) bool {
	var v bool
	switch n := p.node; n.op {
	case opTerm:
		v = s.seen[p.term]
	case opLang:
		v = langMatches(s.doc.Lang, n.value)
	case opPlatform:
		v = strings.EqualFold(string(s.doc.Platform), n.value)
	case opFrom:
		v = accountKey(s.doc.Author) == n.value
	case opTo:
		v = accountKey(s.doc.ReplyTo) == n.value
	case opNot:
		v = !s.eval(p.kids[0], all)
	case opNear:
		v = s.near(p, 0, nil)
		if all {
			s.eval(p.kids[0], all)
			s.eval(p.kids[1], all)
		}
	default:
		isOr := n.op == opOr
		v = !isOr
		for _, k := range p.kids {
			if s.eval(k, all) == isOr {
				v = isOr
				if !all {
					break
				}
			}
		}
	}
	s.values[p.id] = v
	return v
}

// langMatches tells whether the language tag have is want or a variant of it.
func langMatches(have, want string) bool {
	if len(have) < len(want) {
		return false
	}
	for i := range len(have) {
		h := have[i]
		switch {
		case h == '_':
			h = '-'
		case h >= 'A' && h <= 'Z':
			h += 'a' - 'A'
		}
		if i == len(want) {
			return h == '-'
		}
		if h != want[i] {
			return false
		}
	}
	return true
}

// near tells whether an occurrence of the terms on the given side of p has one
// of the other side in reach, apart from it. With report it looks at all of
// them and reports those that have.
func (s *scratch) near(p *step, side int, report func(leaf *step, o occurrence)) bool {
	these, others := p.sides[side], p.sides[1-side]
	if !s.anyOf(these) || !s.anyOf(others) {
		return false
	}
	s.nearest(others)
	reach, ok := int32(p.node.near), false
	for _, leaf := range these {
		for i := s.head[leaf.term]; i >= 0; i = s.occ[i].next {
			s.work++
			o := s.occ[i]
			first, last := s.words[o.start], s.words[o.end-1]
			before := first > 0 && s.prev[first-1] >= first-reach
			after := int(last)+1 < s.nWords && s.next[last+1] <= last+reach
			if !before && !after {
				continue
			}
			ok = true
			if report == nil {
				return true
			}
			report(leaf, o)
		}
	}
	return ok
}

func (s *scratch) anyOf(leaves []*step) bool {
	for _, leaf := range leaves {
		if s.head[leaf.term] >= 0 {
			return true
		}
	}
	return false
}

// nearest fills prev and next for the occurrences of leaves: for each word the
// last word at or before it that ends one, and the first at or after it that
// starts one.
func (s *scratch) nearest(leaves []*step) {
	s.countWords()
	s.prev = slices.Grow(s.prev[:0], s.nWords)[:s.nWords]
	s.next = slices.Grow(s.next[:0], s.nWords)[:s.nWords]
	for w := range s.prev {
		s.prev[w], s.next[w] = math.MinInt32, math.MaxInt32
	}
	for _, leaf := range leaves {
		for i := s.head[leaf.term]; i >= 0; i = s.occ[i].next {
			first, last := s.words[s.occ[i].start], s.words[s.occ[i].end-1]
			s.next[first], s.prev[last] = first, last
			s.work++
		}
	}
	for w := 1; w < s.nWords; w++ {
		s.prev[w] = max(s.prev[w], s.prev[w-1])
		s.next[s.nWords-1-w] = min(s.next[s.nWords-1-w], s.next[s.nWords-w])
	}
	s.work += s.nWords
}

// countWords numbers the words of the text, once for each text. A character of
// a script without spaces counts as a word, and so does an emoji.
func (s *scratch) countWords() {
	if len(s.words) > 0 {
		return
	}
	n := int32(-1)
	for i := range s.textEnd {
		if s.meta[i]&unitStart != 0 && s.buf[i] != gap {
			n++
		}
		s.words = append(s.words, n)
	}
	s.nWords = int(n) + 1
	s.work += int(s.textEnd)
}

// spans collects the places of the terms that made p true. s.eval(p, true)
// went before.
func (s *scratch) spans(p *step) []Span {
	var out []Span
	s.collect(p, &out)
	return tidy(out)
}

func tidy(spans []Span) []Span {
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Term, b.Term))
	})
	return slices.Compact(spans)
}

func (s *scratch) collect(p *step, out *[]Span) {
	if !s.values[p.id] {
		return
	}
	switch p.node.op {
	case opTerm:
		for i := s.head[p.term]; i >= 0; i = s.occ[i].next {
			*out = append(*out, s.span(p, s.occ[i]))
		}
	case opNear:
		for side := range p.sides {
			s.near(p, side, func(leaf *step, o occurrence) { *out = append(*out, s.span(leaf, o)) })
		}
	case opAnd, opOr:
		for _, k := range p.kids {
			s.collect(k, out)
		}
	}
}

// span gives the place of o in the original text, with the signs that belong
// to the term.
func (s *scratch) span(leaf *step, o occurrence) Span {
	t := leaf.node.term
	start, end := int(s.src[o.start]), int(s.endOf(int(o.end)))
	for _, sign := range kindSigns[t.key.kind] {
		if strings.HasSuffix(s.doc.Text[:start], sign) {
			start -= len(sign)
			break
		}
	}
	return Span{Start: start - len(t.key.before), End: end + len(t.key.after), Term: t.text}
}

// kindSigns are the ways to write the sign before a hashtag and a handle.
var kindSigns = [...][]string{wordTerm: nil, tagTerm: {"#", "＃"}, handleTerm: {"@", "＠"}}
