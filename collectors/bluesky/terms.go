package bluesky

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"adalid/collectors"
)

// filter lets through whatever can match the brand's query, and little else:
// case, accents and separators do not count. What it lets through by mistake is
// sorted out by the query itself.
type filter [][]string // one of them, all of its parts

func newFilter(terms []collectors.Term) filter {
	var f filter
	for _, t := range terms {
		if parts := strings.Fields(fold(t.Text)); len(parts) > 0 && t.Kind != collectors.From {
			f = append(f, parts)
		}
	}
	return f
}

func (f filter) passes(text string) bool {
	if len(f) == 0 {
		return false
	}
	folded := fold(text)
	for _, parts := range f {
		if holdsAll(folded, parts) {
			return true
		}
	}
	return false
}

func holdsAll(text string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// fold gives lower case without accents, and spaces for what separates words.
func fold(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		switch r = unicode.ToLower(r); {
		case plain[r] != "":
			b.WriteString(plain[r])
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r):
			b.WriteRune(r)
		case unicode.IsMark(r) || unicode.Is(unicode.Cf, r):
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// plain spells letters that Unicode does not take apart.
var plain = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ς': "σ",
}
