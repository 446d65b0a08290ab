package match

import (
	"strings"

	"adalid"
)

// occurrence is a place in the folded text where a term was found.
type occurrence struct {
	start, end int32 // in scratch.buf
	next       int32 // the next one of the same term, or -1
}

// Why a brand is a candidate.
const (
	hasAnchor      uint8 = 1 << iota // a term or an account of its query is there
	inConversation                   // the post answers or quotes it
)

// scratch holds what one text needs while it is looked at.
type scratch struct {
	folder
	m       *Matcher
	doc     Doc
	textEnd int32 // of the text in buf; handles of Doc.Mentions follow
	places  bool  // record where terms stand

	seen       []bool  // by term
	head, tail []int32 // by term: its occurrences, or -1
	touched    []int32 // terms seen
	occ        []occurrence

	brands     []uint8 // by brand: why it is a candidate, or 0
	candidates []int32
	values     []bool // by step, of the brand looked at

	words      []int32 // by byte of buf: how many words begin before or at it, less one
	nWords     int
	prev, next []int32 // by word: the nearest end before and start after it

	work int // steps done that depend on the text; tests hold it against its length
}

func (m *Matcher) newScratch() *scratch {
	s := &scratch{
		m: m, seen: make([]bool, len(m.terms)), head: make([]int32, len(m.terms)), tail: make([]int32, len(m.terms)),
		brands: make([]uint8, len(m.brands)), values: make([]bool, m.nodes),
	}
	for i := range s.head {
		s.head[i], s.tail[i] = -1, -1
	}
	return s
}

// largestKept is how many bytes of folded text a scratch may hold on to.
const largestKept = 1 << 18

// release clears what was written, and only that, and hands the scratch back.
func (m *Matcher) release(s *scratch) {
	for _, t := range s.touched {
		s.seen[t], s.head[t], s.tail[t] = false, -1, -1
	}
	for _, b := range s.candidates {
		s.brands[b] = 0
	}
	s.touched, s.candidates, s.occ, s.words = s.touched[:0], s.candidates[:0], s.occ[:0], s.words[:0]
	s.doc = Doc{}
	if cap(s.buf) <= largestKept {
		m.scratch.Put(s)
	}
}

// scan folds the text, finds all terms of all brands in it and notes which
// brands come into question.
func (s *scratch) scan(d Doc, places bool) {
	m := s.m
	s.doc, s.places, s.work = d, places, 0
	s.reset()
	s.text(d.Text[:min(len(d.Text), longestText)])
	s.textEnd = int32(len(s.buf))
	if m.handles {
		for _, h := range d.Mentions {
			s.handle(h)
		}
	}
	s.finish()
	s.work += len(d.Text) + len(s.buf)
	if m.trie != nil {
		m.trie.Walk(s.buf, func(end, n, pattern int64) bool {
			s.found(int32(end-n+1), int32(end+1), pattern)
			return true
		})
	}
	s.accounts(m.from, d.Author)
	s.accounts(m.to, d.ReplyTo)
	if len(m.own) > 0 {
		s.conversation(d.Platform, d.ReplyTo)
		s.conversation(d.Platform, d.QuoteOf)
	}
}

func (s *scratch) candidate(brand int32, why uint8) {
	if s.brands[brand] == 0 {
		s.candidates = append(s.candidates, brand)
	}
	s.brands[brand] |= why
}

// accounts notes the brands that ask for posts from or to handle.
func (s *scratch) accounts(wanted map[string][]int32, handle string) {
	if len(wanted) == 0 || handle == "" {
		return
	}
	for _, b := range wanted[accountKey(handle)] {
		s.candidate(b, hasAnchor)
	}
}

// conversation notes the brands that own handle on the platform.
func (s *scratch) conversation(platform adalid.Platform, handle string) {
	if handle == "" {
		return
	}
	handle = accountKey(handle)
	var room [96]byte
	key := append(append(append(room[:0], platform...), 0), handle...)
	for _, b := range s.m.own[string(key)] {
		s.candidate(b, inConversation)
	}
	for _, b := range s.m.own[string(key[len(platform):])] {
		s.candidate(b, inConversation)
	}
}

// found takes a place where a pattern stands and notes the terms that accept it.
func (s *scratch) found(start, end int32, pattern int64) {
	for _, u := range s.m.byPattern[pattern] {
		id := u.term
		s.work++
		t := &s.m.terms[id]
		record := s.places || t.placed
		if s.seen[id] && !record {
			continue
		}
		key := &t.term.key
		if (t.single || u.joined) && key.openStart && key.openEnd && s.tail[id] >= 0 && start < s.occ[s.tail[id]].end {
			continue // the same word again
		}
		from, to, ok := s.accept(t.term, u.joined, start, end)
		if !ok {
			continue
		}
		if !s.seen[id] {
			s.seen[id] = true
			s.touched = append(s.touched, id)
			for _, b := range t.brands {
				s.candidate(b, hasAnchor)
			}
		}
		if record && from < s.textEnd {
			s.record(id, from, to)
		}
	}
}

func (s *scratch) record(id, from, to int32) {
	at := int32(len(s.occ))
	s.occ = append(s.occ, occurrence{start: from, end: to, next: -1})
	if s.tail[id] >= 0 {
		s.occ[s.tail[id]].next = at
	} else {
		s.head[id] = at
	}
	s.tail[id] = at
}

// edge tells whether a unit may start or end at i.
func (s *scratch) edge(i int32) bool {
	return i == int32(len(s.buf)) || s.meta[i]&unitStart != 0
}

// apart tells whether a separator, a border or the end stands at i.
func (s *scratch) apart(i int32) bool {
	return i == int32(len(s.buf)) || s.buf[i] == gap || s.buf[i] == border
}

// begins tells whether a term of that kind may start at i.
func (s *scratch) begins(i int32, kind termKind) bool {
	if kind == tagTerm {
		return i == 0 || s.apart(i-1)
	}
	return s.edge(i)
}

// accept decides whether the folded bytes of [start, end) are term t and not
// just a part of another word, and gives the whole of what it covers. It turns
// down what it can before it looks for the ends of the word, so that long words
// are not walked again and again.
func (s *scratch) accept(t *term, joined bool, start, end int32) (from, to int32, ok bool) {
	key, kind, in := &t.key, t.key.kind, s.meta[start]
	if joined {
		kind = tagTerm
		if in&inHandle != 0 {
			kind = handleTerm
		}
	}
	over := s.edge
	if kind == tagTerm { // a hashtag runs on through characters that could end a word
		over = s.apart
	}
	switch {
	case kind == tagTerm && in&inTag == 0, kind == handleTerm && in&inHandle == 0,
		key.kind == wordTerm && start >= s.textEnd,
		!key.openStart && !s.begins(start, kind), !key.openEnd && !over(end):
		return 0, 0, false
	}
	for key.openStart && !s.begins(start, kind) {
		start--
		s.work++
	}
	for key.openEnd && !over(end) {
		end++
		s.work++
	}
	if joined {
		return start, end, true
	}
	for _, g := range t.amps {
		if s.work++; s.meta[start+int32(g)]&ampersand == 0 {
			return 0, 0, false
		}
	}
	return start, end, key.before == "" && key.after == "" || s.signs(key, start, end)
}

// signs tells whether the signs that belong to the name stand around it.
func (s *scratch) signs(key *termKey, start, end int32) bool {
	return strings.HasSuffix(s.doc.Text[:s.src[start]], key.before) &&
		strings.HasPrefix(s.doc.Text[s.endOf(int(end)):], key.after)
}
