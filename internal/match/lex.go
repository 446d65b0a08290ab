package match

import (
	"strconv"
	"strings"
	"unicode"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	openToken
	closeToken
	minusToken
	andToken
	orToken
	notToken
	nearToken
	leafToken
)

// token is a piece of a query with its place in runes.
type token struct {
	kind     tokenKind
	pos, end int
	near     int
	leaf     *node
	raw      string // of a leaf, for hints
}

// operator names those tokens that need something beside them.
func (t token) operator() string {
	switch t.kind {
	case andToken:
		return "AND"
	case orToken:
		return "OR"
	case notToken:
		return "NOT"
	case minusToken:
		return "-"
	case nearToken:
		return "NEAR/" + strconv.Itoa(t.near)
	}
	return ""
}

func isQuote(r rune) bool { return strings.ContainsRune("\"“”„‟«»＂", r) }
func isOpen(r rune) bool  { return r == '(' || r == '（' }
func isClose(r rune) bool { return r == ')' || r == '）' }
func isMinus(r rune) bool { return strings.ContainsRune("-–—−－", r) }

// lex cuts the query into tokens, the last of which is the end.
func (p *parser) lex() *fault {
	for i := 0; ; {
		for i < len(p.in) && unicode.IsSpace(p.in[i]) {
			i++
		}
		if i == len(p.in) {
			p.tokens = append(p.tokens, token{kind: endToken, pos: i, end: i})
			return nil
		}
		t, err := p.next(i)
		if err != nil {
			return err
		}
		p.tokens = append(p.tokens, t)
		i = t.end
	}
}

// next reads the token at i, which is not a space.
func (p *parser) next(i int) (token, *fault) {
	r := p.in[i]
	switch {
	case isOpen(r):
		return token{kind: openToken, pos: i, end: i + 1}, nil
	case isClose(r):
		return token{kind: closeToken, pos: i, end: i + 1}, nil
	case isQuote(r):
		return p.phrase(i)
	case isMinus(r):
		if i+1 == len(p.in) || unicode.IsSpace(p.in[i+1]) || isClose(p.in[i+1]) {
			return token{}, faultAt(i, i+1, shown(string(r))+" stands alone: put it directly before the word to leave out").replace("")
		}
		if isMinus(p.in[i+1]) {
			return token{}, faultAt(i, i+2, "one - is enough").replace("-")
		}
		return token{kind: minusToken, pos: i, end: i + 1}, nil
	}
	end := i
	for end < len(p.in) && !unicode.IsSpace(p.in[end]) && !isOpen(p.in[end]) && !isClose(p.in[end]) && !isQuote(p.in[end]) {
		end++
	}
	if end < len(p.in) && isQuote(p.in[end]) {
		return token{}, p.gluedQuote(i, end)
	}
	return p.word(i, end)
}

// phrase reads what stands in quotation marks from i on.
func (p *parser) phrase(i int) (token, *fault) {
	end := i + 1
	for end < len(p.in) && !isQuote(p.in[end]) {
		end++
	}
	if end == len(p.in) {
		f := faultAt(i, i+1, "the quotation mark is never closed")
		if strings.TrimSpace(string(p.in[i+1:])) == "" {
			return token{}, f.replace("")
		}
		return token{}, f.edit(end, end, `"`)
	}
	end++
	if end < len(p.in) && !unicode.IsSpace(p.in[end]) && !isClose(p.in[end]) && !isOpen(p.in[end]) && !isQuote(p.in[end]) {
		if p.in[end] == '~' || p.in[end] == '^' {
			return token{}, faultAt(end, end+1, shown(string(p.in[end]))+" is not part of this language: for words near each other write: first NEAR/5 second")
		}
		return token{}, faultAt(end, end, "a space is missing after the quotation mark").replace(" ")
	}
	body := strings.Join(strings.Fields(string(p.in[i+1:end-1])), " ")
	leaf, f := p.makeTerm(body, wordTerm, i, end)
	if f != nil {
		return token{}, f
	}
	leaf.term.text = `"` + body + `"`
	return token{kind: leafToken, pos: i, end: end, leaf: leaf}, nil
}

// gluedQuote explains a quotation mark in the middle of a word.
func (p *parser) gluedQuote(i, quote int) *fault {
	before := string(p.in[i:quote])
	rest := strings.IndexFunc(string(p.in[quote+1:]), isQuote)
	inside := ""
	if rest >= 0 {
		inside = string(p.in[quote+1:])[:rest]
	}
	end := quote + 1 + len([]rune(inside)) + 1
	name, isField := strings.CutSuffix(before, ":")
	switch {
	case isField && knownField(name) && inside != "":
		return faultAt(i, end, name+": takes no quotation marks").replace(before + strings.ReplaceAll(inside, " ", ""))
	case (before == "#" || before == "@") && inside != "":
		return faultAt(i, end, "after "+before+" no quotation marks are needed").replace(before + strings.ReplaceAll(inside, " ", ""))
	}
	return faultAt(quote, quote, "a space is missing before the quotation mark").replace(" ")
}

// word reads an operator, a field, a hashtag, a handle or a word.
func (p *parser) word(i, end int) (token, *fault) {
	raw := string(p.in[i:end])
	t := token{pos: i, end: end, raw: raw}
	switch raw {
	case "AND":
		t.kind = andToken
		return t, nil
	case "OR":
		t.kind = orToken
		return t, nil
	case "NOT":
		t.kind = notToken
		return t, nil
	case "&", "&&", "+", "&amp;":
		return t, p.loneSign(raw, i, end)
	case "|", "||", "/", ",", ";":
		return t, faultAt(i, end, shown(raw)+" has no letter, digit or emoji to look for: write OR between alternatives").replace("OR")
	}
	if n, is, f := p.nearOperator(raw, i, end); is || f != nil {
		t.kind, t.near = nearToken, n
		return t, f
	}
	leaf, f := p.leaf(raw, i, end)
	t.kind, t.leaf = leafToken, leaf
	return t, f
}

// loneSign explains an & between spaces: a name as in "Barnes & Noble", or a
// mistaken AND.
func (p *parser) loneSign(raw string, i, end int) *fault {
	f := faultAt(i, end, shown(raw)+" has no letter, digit or emoji to look for: put a name with & in quotation marks, or write AND between words")
	stop := end + 1
	for stop < len(p.in) && (unicode.IsLetter(p.in[stop]) || unicode.IsNumber(p.in[stop])) {
		stop++
	}
	n := len(p.tokens)
	if raw == "&&" || n == 0 || p.tokens[n-1].raw == "" || p.tokens[n-1].leaf == nil || p.tokens[n-1].end+1 != i || stop <= end+1 {
		return f.replace("AND")
	}
	from := p.tokens[n-1].pos
	return f.edit(from, stop, `"`+string(p.in[from:stop])+`"`)
}

// The distances that NEAR takes, in words.
const nearest, farthest = 1, 100

// nearOperator reads NEAR/5 and explains what only resembles it.
func (p *parser) nearOperator(raw string, i, end int) (n int, is bool, f *fault) {
	name, rest := raw, ""
	if k := strings.IndexAny(raw, "/:~0123456789"); k > 0 {
		name, rest = raw[:k], strings.TrimLeft(raw[k:], "/:~")
	}
	if !strings.EqualFold(name, "near") && !strings.EqualFold(name, "onear") {
		return 0, false, nil
	}
	n, err := strconv.Atoi(rest)
	switch {
	case raw == "NEAR/"+strconv.Itoa(n) && n >= nearest && n <= farthest:
		return n, true, nil
	case raw == "NEAR" || err != nil && strings.HasPrefix(raw, "NEAR/"):
		return 0, false, faultAt(i, end, "NEAR needs the distance in words").replace("NEAR/5")
	case err != nil:
		return 0, false, nil // the word "near", or a name that begins with it
	}
	fixed := "NEAR/" + strconv.Itoa(min(max(n, nearest), farthest))
	if n < nearest || n > farthest {
		return 0, false, faultAt(i, end, "NEAR takes a distance from 1 to 100 words").replace(fixed)
	}
	return 0, false, faultAt(i, end, "the operator is written NEAR/n, in capitals and with a slash").replace(fixed)
}
