// Package match decides which brands a text is about.
package match

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	ahocorasick "github.com/BobuSumisu/aho-corasick"

	"adalid"
)

// Doc is what a query is asked about. Everything but Text may be empty, which
// means unknown.
type Doc struct {
	Text     string
	Lang     string          // BCP 47 tag
	Platform adalid.Platform // where it was posted
	Author   string          // handle, without @
	ReplyTo  string          // handle of the account answered
	QuoteOf  string          // handle of the account quoted
	Mentions []string        // handles named in the post, also such as Text does not show
}

// DocOf gives what of a mention a query can ask about.
func DocOf(m adalid.Mention) Doc {
	return Doc{
		Text: m.Text, Lang: m.Lang, Platform: m.Platform, Author: m.Author.Handle,
		ReplyTo: m.ReplyTo, QuoteOf: m.QuoteOf, Mentions: m.Mentions,
	}
}

// Hit is one brand that a text is about.
type Hit struct {
	Brand        int    // index into the brands given to Compile
	Spans        []Span // what matched, by place; empty for a match without text
	Conversation bool   // the post answers or quotes an account of the brand
}

// Span is a place in a text where a term was found.
type Span struct {
	Start int    `json:"start"` // byte offset in Doc.Text
	End   int    `json:"end"`   // byte offset after the last byte
	Term  string `json:"term"`  // as Query.String prints it
}

// longestText is how many bytes of one text are looked at.
const longestText = 1 << 30

// Matcher finds all brands in a text at once. It does not change after Compile
// and may be used by several goroutines.
type Matcher struct {
	brands []*step // their queries, nil for a brand without one
	nodes  int     // of the largest query

	trie      *ahocorasick.Trie // nil when no brand has a term
	byPattern [][]use           // pattern → terms
	terms     []compiledTerm

	from, to map[string][]int32 // handle → brands that ask for it
	own      map[string][]int32 // platform, a zero byte, handle → brands
	handles  bool               // some term is a handle
	scratch  *sync.Pool
}

// step is a node of a query with its terms numbered.
type step struct {
	node  *node
	id    int   // within the query
	term  int32 // of opTerm
	kids  []*step
	sides [2][]*step // of NEAR: the terms on each side
}

// use is a term that a pattern stands for.
type use struct {
	term   int32
	joined bool // the words of a phrase written together, as hashtags and handles do
}

type compiledTerm struct {
	term   *term
	brands []int32
	placed bool // NEAR asks where it stands, so every occurrence counts
	single bool // one word: with * on both sides, one occurrence per word is enough
}

// Compile makes a Matcher of brands. A brand without a query matches only what
// answers or quotes its own accounts. Errors name the brand and wrap a
// *SyntaxError.
func Compile(brands []adalid.Brand) (*Matcher, error) {
	m := &Matcher{}
	c := compiler{m: m, known: map[termKey]int32{}}
	for _, b := range brands {
		var q *Query
		if strings.TrimSpace(b.Query) != "" {
			var err error
			if q, err = Parse(b.Query); err != nil {
				return nil, fmt.Errorf("match: query of brand %q: %w", b.Name, err)
			}
		}
		c.add(q, b.Own)
	}
	m.build()
	return m, nil
}

// accountKey is the form in which handles of accounts are compared.
func accountKey(handle string) string {
	return strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
}

// add appends v to the list of key unless it is its last already.
func add(lists *map[string][]int32, key string, v int32) {
	if *lists == nil {
		*lists = map[string][]int32{}
	}
	if l := (*lists)[key]; len(l) == 0 || l[len(l)-1] != v {
		(*lists)[key] = append(l, v)
	}
}

type compiler struct {
	m     *Matcher
	known map[termKey]int32
	brand int32 // the one being added
	nodes int   // of its query so far
}

// add takes the next brand; q is nil for one without a query.
func (c *compiler) add(q *Query, own []adalid.OwnAccount) {
	c.brand, c.nodes = int32(len(c.m.brands)), 0
	var root *step
	if q != nil {
		root = c.step(q.root)
	}
	c.m.brands = append(c.m.brands, root)
	c.m.nodes = max(c.m.nodes, c.nodes)
	for _, o := range own {
		if h := accountKey(o.Handle); h != "" {
			add(&c.m.own, string(o.Platform)+"\x00"+h, c.brand)
		}
	}
}

func (c *compiler) step(n *node) *step {
	s := &step{node: n, id: c.nodes}
	c.nodes++
	for _, k := range n.kids {
		s.kids = append(s.kids, c.step(k))
	}
	switch n.op {
	case opTerm:
		s.term = c.term(n.term)
	case opFrom:
		add(&c.m.from, accountKey(n.value), c.brand)
	case opTo:
		add(&c.m.to, accountKey(n.value), c.brand)
	case opNear:
		for i, side := range s.kids {
			s.sides[i] = side.leaves(nil)
			for _, leaf := range s.sides[i] {
				c.m.terms[leaf.term].placed = true
			}
		}
	}
	return s
}

// leaves gives the terms of a NEAR side, each once.
func (s *step) leaves(to []*step) []*step {
	if s.node.op == opTerm {
		return append(to, s)
	}
	for _, k := range s.kids {
		to = k.leaves(to)
	}
	slices.SortStableFunc(to, func(a, b *step) int { return cmp.Compare(a.term, b.term) })
	return slices.CompactFunc(to, func(a, b *step) bool { return a.term == b.term })
}

func (c *compiler) term(t *term) int32 {
	id, ok := c.known[t.key]
	if !ok {
		id = int32(len(c.m.terms))
		c.known[t.key] = id
		c.m.terms = append(c.m.terms, compiledTerm{term: t, single: strings.IndexByte(t.key.lit, gap) < 0})
		c.m.handles = c.m.handles || t.key.kind == handleTerm
	}
	ct := &c.m.terms[id]
	if n := len(ct.brands); n == 0 || ct.brands[n-1] != c.brand {
		ct.brands = append(ct.brands, c.brand)
	}
	return id
}

// build makes the automaton: one pattern for each literal, however many terms
// share it.
func (m *Matcher) build() {
	patterns := map[string]int{}
	trie := ahocorasick.NewTrieBuilder()
	add := func(lit string, u use) {
		p, ok := patterns[lit]
		if !ok {
			p = len(m.byPattern)
			patterns[lit] = p
			m.byPattern = append(m.byPattern, nil)
			trie.AddString(lit)
		}
		m.byPattern[p] = append(m.byPattern[p], u)
	}
	for id, t := range m.terms {
		key := t.term.key
		add(key.lit, use{term: int32(id)})
		if key.kind == wordTerm && !t.single && key.before+key.after == "" {
			add(strings.ReplaceAll(key.lit, string(rune(gap)), ""), use{term: int32(id), joined: true})
		}
	}
	if len(patterns) > 0 {
		m.trie = trie.Build()
	}
	m.scratch = &sync.Pool{New: func() any { return m.newScratch() }}
}

// Match appends a Hit for every brand that d is about, by brand, and gives the
// extended slice. Spans are those of the terms that made the query true, each
// once, by Start, End and Term; what is excluded has none.
func (m *Matcher) Match(d Doc, dst []Hit) []Hit { return m.match(d, dst, true) }

// Brands is Match without spans: faster, and without allocations once dst is
// large enough.
func (m *Matcher) Brands(d Doc, dst []Hit) []Hit { return m.match(d, dst, false) }

func (m *Matcher) match(d Doc, dst []Hit, spans bool) []Hit {
	s := m.scratch.Get().(*scratch)
	s.scan(d, spans)
	slices.Sort(s.candidates)
	for _, b := range s.candidates {
		h := Hit{Brand: int(b), Conversation: s.brands[b]&inConversation != 0}
		root := m.brands[b]
		matched := root != nil && s.brands[b]&hasAnchor != 0 && s.eval(root, spans)
		if matched && spans {
			h.Spans = s.spans(root)
		}
		if matched || h.Conversation {
			dst = append(dst, h)
		}
	}
	m.release(s)
	return dst
}

// AsSyntaxError gives the *SyntaxError in err's chain, or nil.
func AsSyntaxError(err error) *SyntaxError {
	var e *SyntaxError
	errors.As(err, &e)
	return e
}
