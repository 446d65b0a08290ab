package match

import (
	"strconv"
	"strings"
)

// Query is a parsed brand query. It does not change after Parse and may be
// shared.
type Query struct {
	root  *node
	hints []Hint
}

// Hint is advice about a query that is accepted but may not mean what its
// author meant, such as a lower-case "or".
type Hint struct {
	Pos        int    `json:"pos"`        // in runes from 0
	Len        int    `json:"len"`        // in runes
	Message    string `json:"message"`    // one clause
	Suggestion string `json:"suggestion"` // a whole query that is accepted, "" when there is none
}

// Hints gives what the author of the query may want to look at again, in the
// order of the text.
func (q *Query) Hints() []Hint { return append([]Hint(nil), q.hints...) }

type op uint8

const (
	opTerm op = iota
	opLang
	opPlatform
	opFrom
	opTo
	opNot
	opNear
	opAnd
	opOr
)

// node is one part of a query.
type node struct {
	op    op
	term  *term   // of opTerm
	value string  // of a field: folded, as compared
	kids  []*node // of NOT one, of NEAR two, of AND and OR at least two
	near  int     // of NEAR: the largest distance in words

	pos, end int // where it stands in the query, in runes
}

// termKind says where a term is looked for.
type termKind uint8

const (
	wordTerm   termKind = iota // in the running text, hashtags and handles included
	tagTerm                    // as a hashtag
	handleTerm                 // as a handle
)

// term is one thing to look for.
type term struct {
	text string // canonical spelling
	key  termKey
	amps []int // indexes in key.lit of gaps in which an & must stand
}

// termKey is what makes two terms the same.
type termKey struct {
	lit                string // folded, words apart by one gap
	kind               termKind
	openStart, openEnd bool   // * before, after
	before, after      string // signs that must stand there, as in .NET and C++
	amps               string // amps, comparable
}

var fieldNames = map[op]string{opLang: "lang", opPlatform: "platform", opFrom: "from", opTo: "to"}

// print writes n in its canonical form: operators written out, no bracket more
// than needed.
func (n *node) print(b *strings.Builder) {
	switch n.op {
	case opTerm:
		b.WriteString(n.term.text)
	case opNot:
		b.WriteString("NOT ")
		n.kids[0].printIn(b, opNot)
	case opNear:
		n.kids[0].printIn(b, opNear)
		b.WriteString(" NEAR/" + strconv.Itoa(n.near) + " ")
		n.kids[1].printIn(b, opNear)
	case opAnd, opOr:
		word := " AND "
		if n.op == opOr {
			word = " OR "
		}
		for i, k := range n.kids {
			if i > 0 {
				b.WriteString(word)
			}
			k.printIn(b, n.op)
		}
	default:
		b.WriteString(fieldNames[n.op] + ":" + n.value)
	}
}

// printIn prints n as a part of an expression of kind outer.
func (n *node) printIn(b *strings.Builder, outer op) {
	brackets := n.op == opOr || n.op == opAnd && outer != opOr
	if outer == opNot || outer == opNear {
		brackets = n.op >= opNear
	}
	if brackets {
		b.WriteByte('(')
	}
	n.print(b)
	if brackets {
		b.WriteByte(')')
	}
}

// unanchored gives the smallest part of n that could be true of almost any
// post, or nil when being true takes a word, a phrase, a hashtag, a handle or
// an account somewhere. With negated it answers for NOT n.
func (n *node) unanchored(negated bool) *node {
	switch n.op {
	case opTerm, opNear, opFrom, opTo:
		if negated {
			return n
		}
		return nil
	case opLang, opPlatform:
		return n
	case opNot:
		if n.kids[0].unanchored(!negated) == nil {
			return nil
		}
		return n
	}
	if (n.op == opOr) == negated { // one anchored part is enough
		for _, k := range n.kids {
			if k.unanchored(negated) == nil {
				return nil
			}
		}
		return n
	}
	for _, k := range n.kids { // every part needs its anchor
		if bad := k.unanchored(negated); bad != nil {
			return bad
		}
	}
	return nil
}
