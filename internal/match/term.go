package match

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// leaf makes what one unquoted word means.
func (p *parser) leaf(raw string, i, end int) (*node, *fault) {
	first, n := utf8.DecodeRuneInString(raw)
	rest := raw[n:]
	switch {
	case first == '#' || first == '＃':
		return p.hashtag(rest, i, end)
	case first == '@' || first == '＠':
		return p.handle(rest, i, end)
	case first == '!' && rest != "":
		return nil, faultAt(i, i+1, "to leave a word out, write - before it").replace("-")
	case first == '+' && rest != "" && !strings.HasPrefix(rest, "+"):
		return nil, faultAt(i, i+1, "a + before a word is not needed: words side by side must all occur").replace("")
	}
	if k := strings.IndexAny(raw, ":："); k > 0 {
		_, n := utf8.DecodeRuneInString(raw[k:])
		if leaf, f := p.field(raw[:k], raw[k+n:], i, end); leaf != nil || f != nil {
			return leaf, f
		}
	}
	leaf, f := p.makeTerm(raw, wordTerm, i, end)
	if f == nil {
		leaf.term.text = raw
	}
	return leaf, f
}

func (p *parser) hashtag(body string, i, end int) (*node, *fault) {
	if body == "" {
		return nil, faultAt(i, end, "# needs the hashtag directly after it").replace("")
	}
	leaf, f := p.makeTerm(body, tagTerm, i, end)
	if f != nil {
		return nil, f
	}
	whole := strings.Map(func(r rune) rune {
		if r == '*' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || ignorable(r) {
			return r
		}
		return -1
	}, body)
	if whole != body || strings.IndexByte(leaf.term.key.lit, gap) >= 0 {
		return nil, faultAt(i, end, "a hashtag has no punctuation inside").replace("#" + whole)
	}
	leaf.term.text = "#" + body
	return leaf, nil
}

func isHandle(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf || lowerASCII[r] == 0 && !strings.ContainsRune(".-@", r) {
			return false
		}
	}
	return strings.Trim(s, ".-@") != "" && s[0] != '@'
}

func (p *parser) handle(body string, i, end int) (*node, *fault) {
	if body == "" {
		return nil, faultAt(i, end, "@ needs the handle directly after it").replace("")
	}
	if !isHandle(strings.Trim(body, "*")) {
		f := faultAt(i, end, "a handle has only letters a to z, digits, _ . - and @")
		if fixed := handleOnly(body); fixed != "" {
			f = f.replace("@" + fixed)
		}
		return nil, f
	}
	leaf, f := p.makeTerm(body, handleTerm, i, end)
	if f != nil {
		return nil, f
	}
	leaf.term.key.before, leaf.term.key.after = "", ""
	leaf.term.text = "@" + strings.ToLower(body)
	return leaf, nil
}

func handleOnly(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (lowerASCII[r] != 0 || r == '.' || r == '-') {
			return r
		}
		return -1
	}, s), ".-")
}

// signs that are part of a name when they touch its end (C++, C#, Canal+) or
// its start (.NET, $ACM).
const signsAfter, signsBefore = "+#", ".$"

// makeTerm makes a term of a word or of the inside of a phrase.
func (p *parser) makeTerm(body string, kind termKind, i, end int) (*node, *fault) {
	if end-i > MaxTerm {
		return nil, faultAt(i, end, "a word or phrase has at most "+itoa(MaxTerm)+" characters")
	}
	t := &term{key: termKey{kind: kind}}
	inner, f := p.wildcards(t, body, i, end)
	if f != nil {
		return nil, f
	}
	lead := len(inner) - len(strings.TrimLeft(inner, signsBefore))
	tail := len(strings.TrimRight(inner, signsAfter))
	if lead < len(inner) && startsWord(inner[lead:]) {
		t.key.before = inner[:lead]
	}
	if tail > 0 && endsWord(inner[:tail]) {
		t.key.after = inner[tail:]
	}
	fold := &p.fold
	fold.reset()
	fold.text(inner)
	fold.finish()
	t.key.lit = string(fold.buf)
	if f := p.checkLiteral(t, body, i, end); f != nil {
		return nil, f
	}
	if t.key.openStart && (t.key.before != "" || !startsWord(inner)) || t.key.openEnd && (t.key.after != "" || !endsWord(inner)) {
		return nil, faultAt(i, end, "* must touch a letter or digit")
	}
	for g, b := range fold.buf {
		from, to := fold.src[g], fold.src[g+1]
		if b != gap || from > to { // the latter inside a character that stands for several words
			continue
		}
		switch inner[from:to] {
		case "&", "&amp;", "＆":
			t.amps = append(t.amps, g)
			t.key.amps += itoa(g) + " "
		}
	}
	return &node{op: opTerm, term: t, pos: i, end: end}, nil
}

// wildcards takes the * from both ends of body.
func (p *parser) wildcards(t *term, body string, i, end int) (inner string, f *fault) {
	inner = strings.TrimPrefix(body, "*")
	t.key.openStart = inner != body
	cut := strings.TrimSuffix(inner, "*")
	t.key.openEnd = cut != inner
	inner = cut
	stars := strings.Trim(inner, "*") != inner
	if k := strings.IndexByte(inner, '*'); k >= 0 && !stars {
		f := faultAt(i, end, "* can stand only at the start or the end of a word or phrase, not inside")
		if head := inner[:k]; !strings.Contains(body, " ") && utf8.RuneCountInString(head) >= shortestOpen {
			f = f.replace(kindSign[t.key.kind] + head + "*")
		}
		return "", f
	}
	if stars && strings.Trim(body, "*") != "" {
		one := func(open bool) string { return strings.Repeat("*", map[bool]int{true: 1}[open]) }
		return "", faultAt(i, end, "one * on a side is enough").
			replace(kindSign[t.key.kind] + one(t.key.openStart) + strings.Trim(body, "*") + one(t.key.openEnd))
	}
	if k := strings.IndexByte(inner, '?'); k > 0 && k+1 < len(inner) && !strings.Contains(body, " ") && endsWord(inner[:k]) && startsWord(inner[k+1:]) {
		f := faultAt(i, end, "? stands for nothing: * is the only wildcard, at the start or the end of a word")
		if utf8.RuneCountInString(inner[:k]) >= shortestOpen {
			f = f.replace(inner[:k] + "*")
		}
		return "", f
	}
	return inner, nil
}

var kindSign = map[termKind]string{tagTerm: "#", handleTerm: "@"}

// shortestOpen is how many characters a term with * needs, so that it does not
// match most of all words. One of a script without spaces is enough.
const shortestOpen = 2

func (p *parser) checkLiteral(t *term, body string, i, end int) *fault {
	lit := t.key.lit
	switch {
	case lit == "" && strings.Trim(body, "* ") == "" && body != "":
		return faultAt(i, end, "* alone would match everything").replace("")
	case lit == "" && body == "":
		return faultAt(i, end, "there is nothing between the quotation marks").replace("")
	case lit == "":
		return faultAt(i, end, shown(body)+" has no letter, digit or emoji to look for").replace("")
	case len(lit) > maxLiteral:
		return faultAt(i, end, "the word or phrase is too long")
	case (t.key.openStart || t.key.openEnd) && len(lit) < shortestOpen:
		return faultAt(i, end, "with * a word needs at least "+itoa(shortestOpen)+" characters, or it would match too much").
			replace(kindSign[t.key.kind] + lit)
	}
	return nil
}

// startsWord tells whether a unit begins right at the start of s.
func startsWord(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return isWord(s[:n], r)
}

// endsWord tells whether a unit ends right at the end of s.
func endsWord(s string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	if unicode.Is(accents, r) || ignorable(r) {
		return endsWord(s[:len(s)-n])
	}
	return isWord(s[len(s)-n:], r)
}

// isWord tells whether the character r, written s, is part of a unit.
func isWord(s string, r rune) bool {
	if r < utf8.RuneSelf {
		return s != "" && lowerASCII[r] != 0
	}
	var f folder
	f.reset()
	f.text(s)
	return len(f.buf) > 0 && !f.gapped
}
