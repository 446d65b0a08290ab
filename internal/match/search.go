package match

import "strings"

// SearchTerm is something that platforms can be asked for.
type SearchTerm struct {
	Kind SearchKind
	Text string // lower case, words apart by one space, without quotes, *, @ or #
}

// SearchKind says what a SearchTerm is.
type SearchKind string

// The kinds.
const (
	SearchText   SearchKind = "text"   // a word, or several in this order
	SearchPrefix SearchKind = "prefix" // words that begin like this
	SearchInside SearchKind = "inside" // anywhere inside words
	SearchHandle SearchKind = "handle"
	SearchTag    SearchKind = "tag"
	SearchFrom   SearchKind = "from" // posts of this account
)

// SearchTerms gives the fewest terms of which every post that matches the query
// holds at least one: what to ask a platform for before Match decides. Posts
// that answer the brand's own accounts match without any of them.
func (q *Query) SearchTerms() []SearchTerm {
	terms, _ := q.root.cover(false)
	var out []SearchTerm
	seen := map[SearchTerm]bool{}
	for _, t := range terms {
		if !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// cover gives terms of which one stands in every post that n is true of, with
// negated of every post that it is not true of; false where there are none.
func (n *node) cover(negated bool) ([]SearchTerm, bool) {
	switch {
	case n.op == opNot:
		return n.kids[0].cover(!negated)
	case n.op == opNear && !negated:
		return best(n.kids, false)
	case n.op == opAnd || n.op == opOr:
		if (n.op == opOr) != negated {
			return all(n.kids, negated)
		}
		return best(n.kids, negated)
	case negated:
		return nil, false
	case n.op == opTerm:
		return n.term.search(), true
	case n.op == opFrom:
		return []SearchTerm{{SearchFrom, n.value}}, true
	case n.op == opTo:
		return []SearchTerm{{SearchHandle, n.value}}, true
	}
	return nil, false
}

// all needs a cover of every part.
func all(kids []*node, negated bool) (out []SearchTerm, ok bool) {
	for _, k := range kids {
		terms, ok := k.cover(negated)
		if !ok {
			return nil, false
		}
		out = append(out, terms...)
	}
	return out, true
}

// best takes the part that asks for least: the fewest terms, then the longest.
func best(kids []*node, negated bool) (out []SearchTerm, found bool) {
	for _, k := range kids {
		terms, ok := k.cover(negated)
		if ok && (!found || len(terms) < len(out) || len(terms) == len(out) && shortest(terms) > shortest(out)) {
			out, found = terms, true
		}
	}
	return out, found
}

func shortest(terms []SearchTerm) int {
	n := maxLiteral
	for _, t := range terms {
		n = min(n, len(t.Text))
	}
	return n
}

// search gives the term as it was written and, where that differs, without
// accents: platforms do not agree on whether these are the same.
func (t *term) search() []SearchTerm {
	kind := SearchText
	switch {
	case t.key.kind == tagTerm:
		kind = SearchTag
	case t.key.kind == handleTerm:
		kind = SearchHandle
	case t.key.openStart:
		kind = SearchInside
	case t.key.openEnd:
		kind = SearchPrefix
	}
	written := strings.Join(strings.Fields(strings.ToLower(strings.Trim(t.text, `"*@#`))), " ")
	plain := strings.ReplaceAll(t.key.before+t.key.lit+t.key.after, string(rune(gap)), " ")
	if plain == written {
		return []SearchTerm{{kind, written}}
	}
	return []SearchTerm{{kind, written}, {kind, plain}}
}
