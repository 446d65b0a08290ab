package relevance

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind uint8

const (
	word kind = iota
	number
	tag
	handle
	symbol // an emoji, a sign of currency, a question or exclamation mark
)

// shape is how a word is written.
type shape uint8

const (
	lower shape = iota
	capital
	upper
)

// token is a piece of a text, folded: lower case without accents.
type token struct {
	start, end int // bytes of the text
	folded     string
	kind       kind
	shape      shape
	opens      bool // a sentence or the text begins here
	term       bool // the brand's term stands here
}

// folds maps the accented letters of western Europe to their letters.
var folds = func() (table [0x180 - 0xc0]byte) {
	for _, set := range []string{
		"aàáâãäåāăą", "eèéêëēĕėęě", "iìíîïĩīĭįı", "oòóôõöøōŏő", "uùúûüũūŭůűų", "cçćĉċč", "nñńņň",
		"yýÿ", "szśŝşš", "gĝğġģ", "lĺļľł", "rŕŗř", "tţťŧ", "zźżž", "dďđð",
	} {
		for _, r := range set {
			if r >= 0xc0 && r < 0x180 {
				table[r-0xc0] = set[0]
			}
		}
	}
	return table
}()

func fold(r rune) rune {
	r = unicode.ToLower(r)
	if r >= 0xc0 && r < 0x180 && folds[r-0xc0] != 0 {
		return rune(folds[r-0xc0])
	}
	return r
}

// tokenize appends the tokens of text to dst, whose folded forms live in buf.
// Links and the marks of punctuation that say nothing leave no token.
func tokenize(text string, dst []token, buf []byte) ([]token, []byte) {
	opens := true
	for i := 0; i < len(text); {
		if n := linkLength(text[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || (r == '#' || r == '@') && i+size < len(text) && wordAt(text[i+size:]):
			t := token{start: i, opens: opens}
			from := len(buf)
			t.kind, t.shape, i, buf = readWord(text, i, buf)
			t.end, t.folded = i, view(buf[from:])
			dst = append(dst, t)
			opens = false
			continue
		case unicode.IsSymbol(r) || r == '%' || r == '!' || r == '?' || r == '&':
			if r != 0xfe0f {
				from := len(buf)
				buf = utf8.AppendRune(buf, r)
				dst = append(dst, token{start: i, end: i + size, folded: view(buf[from:]), kind: symbol})
			}
			opens = opens || r == '!' || r == '?' || r > 0x2000
		case r == '.' || r == '¿' || r == '¡' || r == ':' || r == '\n' || r == '"' || r == '“' || r == '…' || r == '•' || r == '«' || r == '—':
			opens = true
		}
		i += size
	}
	return dst, buf
}

func wordAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
}

// readWord reads the word that begins at i.
func readWord(text string, i int, buf []byte) (kind, shape, int, []byte) {
	k, letters, capitals, first := word, 0, 0, false
	switch text[i] {
	case '#':
		k, i = tag, i+1
	case '@':
		k, i = handle, i+1
	}
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || k != word && r == '_'
		if !inside {
			break
		}
		if unicode.IsLetter(r) {
			if unicode.IsUpper(r) {
				capitals++
				first = first || letters == 0
			}
			letters++
		}
		if !unicode.IsMark(r) {
			buf = utf8.AppendRune(buf, fold(r))
		}
		i += size
	}
	if letters == 0 && k == word {
		k = number
	}
	s := lower
	switch {
	case letters > 1 && capitals == letters:
		s = upper
	case first:
		s = capital
	}
	return k, s, i, buf
}

// linkLength gives the bytes of the link that s begins with, or 0.
func linkLength(s string) int {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "www.") {
		return 0
	}
	if n := strings.IndexFunc(s, unicode.IsSpace); n >= 0 {
		return n
	}
	return len(s)
}
