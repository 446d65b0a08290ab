package match

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The bounds of a query. A letter of a term costs two kilobytes in the
// automaton of all terms, so the longest query costs 32 MB.
const (
	MaxQuery   = 16 << 10 // bytes of a query
	MaxTerm    = 200      // characters of one word or phrase
	MaxNesting = 100      // brackets and NOTs inside each other

	maxLiteral = 1 << 10 // bytes of a folded term: some characters stand for many
)

func itoa(n int) string { return strconv.Itoa(n) }

// fault is an error under way, with the edit that may repair it.
type fault struct {
	pos, end int
	message  string

	fix      *string // replaces [from, to)
	from, to int
}

func faultAt(pos, end int, message string) *fault {
	return &fault{pos: pos, end: end, message: message}
}

// replace names what to write in place of the marked runes.
func (f *fault) replace(with string) *fault {
	return f.edit(f.pos, f.end, with)
}

// edit names what to write in place of the runes of [from, to).
func (f *fault) edit(from, to int, with string) *fault {
	f.fix, f.from, f.to = &with, from, to
	return f
}

// Parse reads a query. Errors are *SyntaxError. It takes time linear in the
// length of the query; what exceeds MaxQuery, MaxTerm or MaxNesting is refused.
func Parse(query string) (*Query, error) {
	p, f := parse(query)
	if f == nil {
		return &Query{root: p.root, hints: p.hints()}, nil
	}
	return nil, &SyntaxError{Pos: f.pos, Len: f.end - f.pos, Message: f.message, Suggestion: suggestion(p, f)}
}

// suggestion applies the fix of f, then of what is still wrong, and gives the
// query when it is accepted.
func suggestion(p *parser, f *fault) string {
	for budget := MaxQuery; f.fix != nil; {
		before, after := string(p.in[:f.from]), string(p.in[f.to:])
		switch {
		case *f.fix != "":
		case after == "", after[0] == ')':
			before = strings.TrimRight(before, " ")
		case strings.HasSuffix(before, " "):
			after = strings.TrimPrefix(after, " ")
		}
		fixed := strings.TrimSpace(before + *f.fix + after)
		if budget -= len(fixed) + repairCost; budget < 0 {
			break
		}
		if p, f = parse(fixed); f == nil {
			return fixed
		}
	}
	return ""
}

// repairCost bounds the repairs of short queries; those of long ones are
// bounded by their length, so that a refusal costs about two parses at most.
const repairCost = MaxQuery / 16

type parser struct {
	in     []rune
	tokens []token
	at     int
	depth  int
	fold   folder
	root   *node
}

func parse(query string) (*parser, *fault) {
	if len(query) > MaxQuery {
		n := utf8.RuneCountInString(query[:MaxQuery])
		return nil, faultAt(n, n, fmt.Sprintf("the query has %d bytes, at most %d are allowed", len(query), MaxQuery))
	}
	p := &parser{in: []rune(query)}
	if at := invalidUTF8(query); at >= 0 {
		return p, faultAt(at, at+1, "this is not a character of UTF-8").replace("")
	}
	if f := p.lex(); f != nil {
		return p, f
	}
	if len(p.tokens) == 1 {
		return p, faultAt(0, len(p.in), "the query is empty: write the name of the brand").replace(example)
	}
	var f *fault
	if p.root, f = p.or(); f == nil && p.peek().kind == closeToken {
		f = p.wrongPlace(p.peek())
	}
	if f != nil {
		return p, f
	}
	if bad := p.root.unanchored(false); bad != nil {
		return p, tooWide(p.in, p.root, bad)
	}
	return p, nil
}

// invalidUTF8 gives the place of the first byte that is no character, in
// runes, or -1.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	at := 0
	for k, r := range s {
		if _, n := utf8.DecodeRuneInString(s[k:]); r == utf8.RuneError && n == 1 {
			break
		}
		at++
	}
	return at
}

// example is what suggestions say where a name is missing.
const example = `"brand name"`

// tooWide explains a query that could match almost everything.
func tooWide(in []rune, root, bad *node) *fault {
	part := "the query"
	if bad != root {
		part = "this part"
	}
	message := part + " only says what to leave out: it would match almost everything; say also what to look for"
	if bad.op == opLang || bad.op == opPlatform {
		message = part + " only narrows the search: it would match everything there; say also what to look for"
	}
	return faultAt(bad.pos, bad.end, message).replace(example + " " + string(in[bad.pos:bad.end]))
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	p.at++
	return t
}

// or reads alternatives: the loosest operator.
func (p *parser) or() (*node, *fault) {
	left, f := p.and()
	if f != nil {
		return nil, f
	}
	for p.peek().kind == orToken {
		t := p.take()
		right, f := p.operand(t, (*parser).and)
		if f != nil {
			return nil, f
		}
		left = join(opOr, left, right)
	}
	return left, nil
}

// and reads what must hold together; standing side by side is enough.
func (p *parser) and() (*node, *fault) {
	left, f := p.unary()
	if f != nil {
		return nil, f
	}
	for {
		var right *node
		switch t := p.peek(); t.kind {
		case endToken, closeToken, orToken:
			return left, nil
		case andToken:
			p.take()
			right, f = p.operand(t, (*parser).unary)
		default:
			right, f = p.unary()
		}
		if f != nil {
			return nil, f
		}
		left = join(opAnd, left, right)
	}
}

// unary reads NOT and -, or what NEAR joins.
func (p *parser) unary() (*node, *fault) {
	t := p.peek()
	if t.kind != notToken && t.kind != minusToken {
		return p.nearby()
	}
	p.take()
	if f := p.deeper(t); f != nil {
		return nil, f
	}
	read := (*parser).unary
	if t.kind == minusToken {
		read = (*parser).primary
	}
	kid, f := p.operand(t, read)
	if f != nil {
		return nil, f
	}
	p.depth--
	if n := p.peek(); n.kind == nearToken && t.kind == minusToken {
		return nil, faultAt(t.pos, n.end, "- before "+n.operator()+" is unclear: put brackets round what to leave out, as in -(one "+n.operator()+" two)")
	}
	return &node{op: opNot, kids: []*node{kid}, pos: t.pos, end: p.tokens[p.at-1].end}, nil
}

// nearby reads a NEAR/5 b, or just a.
func (p *parser) nearby() (*node, *fault) {
	start := p.peek().pos
	left, f := p.primary()
	if f != nil || p.peek().kind != nearToken {
		return left, f
	}
	t := p.take()
	right, f := p.operand(t, (*parser).primary)
	if f != nil {
		return nil, f
	}
	for _, side := range []*node{left, right} {
		if bad := notNearable(side); bad != nil {
			return nil, faultAt(bad.pos, bad.end, t.operator()+" joins words, phrases, hashtags, handles and lists of them with OR, nothing else")
		}
	}
	if again := p.peek(); again.kind == nearToken {
		return nil, faultAt(again.pos, again.end, "NEAR joins two things at a time").replace("AND")
	}
	return &node{op: opNear, kids: []*node{left, right}, near: t.near, pos: start, end: p.tokens[p.at-1].end}, nil
}

// notNearable gives the part of n that NEAR cannot join.
func notNearable(n *node) *node {
	switch n.op {
	case opTerm:
		return nil
	case opOr:
		for _, k := range n.kids {
			if bad := notNearable(k); bad != nil {
				return bad
			}
		}
		return nil
	}
	return n
}

// primary reads a leaf or something in brackets.
func (p *parser) primary() (*node, *fault) {
	t := p.peek()
	switch t.kind {
	case leafToken:
		p.take()
		return t.leaf, nil
	case openToken:
		return p.brackets()
	}
	return nil, p.wrongPlace(t)
}

func (p *parser) brackets() (*node, *fault) {
	open := p.take()
	if f := p.deeper(open); f != nil {
		return nil, f
	}
	if t := p.peek(); t.kind == closeToken {
		return nil, faultAt(open.pos, t.end, "there is nothing between the brackets").replace("")
	}
	if p.peek().kind == endToken {
		return nil, faultAt(open.pos, open.end, "the bracket is never closed").replace("")
	}
	n, f := p.or()
	if f != nil {
		return nil, f
	}
	if p.peek().kind != closeToken {
		return nil, faultAt(open.pos, open.end, "the bracket is never closed").edit(len(p.in), len(p.in), ")")
	}
	p.take()
	p.depth--
	return n, nil
}

// deeper counts a bracket or a NOT inside others.
func (p *parser) deeper(t token) *fault {
	if p.depth++; p.depth > MaxNesting {
		return faultAt(t.pos, t.end, "more than "+itoa(MaxNesting)+" brackets and NOTs inside each other")
	}
	return nil
}

// operand reads what operator t needs on its right.
func (p *parser) operand(t token, read func(*parser) (*node, *fault)) (*node, *fault) {
	switch p.peek().kind {
	case endToken, closeToken, orToken, andToken, nearToken:
		return nil, faultAt(t.pos, t.end, t.operator()+" has nothing on its right").replace("")
	}
	if next := p.peek(); t.kind == minusToken && (next.kind == notToken || next.kind == minusToken) || t.kind == nearToken && next.operator() != "" {
		return nil, faultAt(t.pos, next.end, t.operator()+" and "+next.operator()+" cannot follow each other")
	}
	return read(p)
}

// wrongPlace explains a token where a word or a bracket should begin.
func (p *parser) wrongPlace(t token) *fault {
	if t.kind == closeToken {
		return faultAt(t.pos, t.end, "this bracket closes nothing").replace("")
	}
	return faultAt(t.pos, t.end, t.operator()+" has nothing on its left").replace("")
}

// join puts two parts under one AND or OR, flat.
func join(kind op, left, right *node) *node {
	if left.op != kind {
		left = &node{op: kind, kids: []*node{left}, pos: left.pos}
	}
	if right.op == kind {
		left.kids = append(left.kids, right.kids...)
	} else {
		left.kids = append(left.kids, right)
	}
	left.end = right.end
	return left
}

// operatorsMeant are lower-case words that may have been meant as operators,
// in English and Spanish. They are words to look for: "and" occurs in names.
var operatorsMeant = map[string]string{
	"and": "AND", "or": "OR", "not": "NOT", "And": "AND", "Or": "OR", "Not": "NOT",
	"y": "AND", "o": "OR", "no": "NOT", "Y": "AND", "O": "OR",
}

// mostHints keeps advice short.
const mostHints = 5

// hints looks for words that may have been meant as operators or fields.
func (p *parser) hints() []Hint {
	var hints []Hint
	budget := MaxQuery // as for suggestions
	for i, t := range p.tokens {
		if len(hints) == mostHints {
			break
		}
		message, meant := p.advice(i)
		if message == "" {
			continue
		}
		h := Hint{Pos: t.pos, Len: t.end - t.pos, Message: message}
		fixed := string(p.in[:t.pos]) + meant + string(p.in[t.end:])
		if budget -= len(fixed); budget >= 0 {
			if _, f := parse(fixed); f == nil {
				h.Suggestion = fixed
			}
		}
		hints = append(hints, h)
	}
	return hints
}

// advice says what token i may have been meant as, and what to write for it;
// "" when it is well.
func (p *parser) advice(i int) (message, meant string) {
	t := p.tokens[i]
	if meant, ok := operatorsMeant[t.raw]; ok {
		if i == 0 && meant != "NOT" || i+1 >= len(p.tokens)-1 {
			return "", ""
		}
		return shown(t.raw) + " is looked for as a word; as an operator it is written " + meant, meant
	}
	if t.kind != leafToken || t.leaf.op != opTerm {
		return "", ""
	}
	k := strings.IndexAny(t.raw, ":：")
	if k <= 0 {
		return "", ""
	}
	value := strings.TrimLeft(t.raw[k:], ":：")
	if value == "" || value[0] == '/' {
		return "", ""
	}
	if field := resembling(t.raw[:k]); field != "" {
		return shown(t.raw) + " is looked for as words; the field is written " + field + ":", field + ":" + value
	}
	return "", ""
}
