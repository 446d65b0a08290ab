package sentiment

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// next reads the rune at pos: an HTML entity or an escape like \u2019 counts as
// what it stands for. At the end it gives 0, 0.
func next(text string, pos int) (rune, int) {
	if pos < len(text) && plain[text[pos]] {
		return rune(text[pos]), 1
	}
	return special(text, pos)
}

// plain holds the bytes that stand for themselves.
var plain = func() (is [256]bool) {
	for c := range utf8.RuneSelf {
		is[c] = c != '&' && c != '\\'
	}
	return is
}()

func special(text string, pos int) (rune, int) {
	if pos >= len(text) {
		return 0, 0
	}
	switch text[pos] {
	case '&':
		return entity(text[pos:])
	case '\\':
		return escape(text[pos:])
	}
	return utf8.DecodeRuneInString(text[pos:])
}

// longestEntity bounds how far a semicolon is looked for.
const longestEntity = 10

func entity(s string) (rune, int) {
	end := strings.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 {
		return '&', 1
	}
	switch s[1:end] {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos", "#39", "#x27":
		return '\'', end + 1
	case "nbsp":
		return ' ', end + 1
	}
	plain := html.UnescapeString(s[:end+1]) // rare: allocates
	if c, size := utf8.DecodeRuneInString(plain); size == len(plain) {
		return c, end + 1
	}
	return '&', 1
}

func escape(s string) (rune, int) {
	c, ok := hex4(s)
	switch {
	case !ok:
		return '\\', 1
	case !utf16.IsSurrogate(c):
		return c, 6
	}
	if low, ok := hex4(s[6:]); ok {
		if pair := utf16.DecodeRune(c, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return ' ', 6
}

// hex4 reads \uXXXX.
func hex4(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var c rune
	for _, d := range []byte(s[2:6]) {
		switch {
		case '0' <= d && d <= '9':
			c = c<<4 | rune(d-'0')
		case 'a' <= d|0x20 && d|0x20 <= 'f':
			c = c<<4 | rune(d|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return c, true
}

func isLetter(c rune) bool {
	if c < 0x80 {
		return 'a' <= c|0x20 && c|0x20 <= 'z'
	}
	return isForeignLetter(c)
}

// isForeignLetter takes marks for letters too.
func isForeignLetter(c rune) bool {
	switch {
	case 0xc0 <= c && c < 0x250: // Latin
		return c != '×' && c != '÷'
	case 0x620 <= c && c < 0x660: // Arabic
		return true
	}
	return c != '’' && c != 'ª' && c != 'º' && (unicode.IsLetter(c) || unicode.IsMark(c) && c != 0xfe0f)
}

// isDigit knows that no script before Arabic has digits of its own.
func isDigit(c rune) bool {
	return '0' <= c && c <= '9' || c >= 0x660 && unicode.IsDigit(c)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// latin holds what the letters from U+00C0 to U+017F become.
const latin = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln" +
	"nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// fold gives the letter without case, accent or presentation form; 0 for what
// is no letter of its own, such as an accent.
func fold(c rune) rune {
	switch {
	case c < 0x80:
		return rune(lower(byte(c)))
	case c == '’':
		return '\''
	case 0xc0 <= c && int(c-0xc0) < len(latin):
		return rune(latin[c-0xc0])
	case 0x600 <= c && c <= 0x6ff, 0xfe70 <= c && c <= 0xfefc:
		return foldArabic(c)
	case unicode.IsMark(c) && c < 0x900:
		return 0
	case 0xff21 <= c && c <= 0xff5a: // full width
		return fold(c - 0xfee0)
	}
	return unicode.ToLower(c)
}

// arabicForms lists the letters of the presentation forms from U+FE80 on, each
// with how many forms it has.
var arabicForms = [...]struct {
	letter rune
	forms  uint8
}{
	{0x621, 1},
	{0x622, 2},
	{0x623, 2},
	{0x624, 2},
	{0x625, 2},
	{0x626, 4},
	{0x627, 2},
	{0x628, 4},
	{0x629, 2},
	{0x62a, 4},
	{0x62b, 4},
	{0x62c, 4},
	{0x62d, 4},
	{0x62e, 4},
	{0x62f, 2},
	{0x630, 2},
	{0x631, 2},
	{0x632, 2},
	{0x633, 4},
	{0x634, 4},
	{0x635, 4},
	{0x636, 4},
	{0x637, 4},
	{0x638, 4},
	{0x639, 4},
	{0x63a, 4},
	{0x641, 4},
	{0x642, 4},
	{0x643, 4},
	{0x644, 4},
	{0x645, 4},
	{0x646, 4},
	{0x647, 4},
	{0x648, 2},
	{0x649, 2},
	{0x64a, 4},
	{0x644, 8}, // lam with alef
}

// foldArabic unites the forms of alef, yeh and teh marbuta, as searching in
// Arabic does, and drops vowel marks and the stroke that stretches words.
func foldArabic(c rune) rune {
	if c >= 0xfe80 {
		at := rune(0xfe80)
		for _, f := range arabicForms {
			if at += rune(f.forms); c < at {
				c = f.letter
				break
			}
		}
	}
	switch {
	case c == 0x622 || c == 0x623 || c == 0x625:
		return 0x627
	case c == 0x649:
		return 0x64a
	case c == 0x629:
		return 0x647
	case c == 0x640 || 0x64b <= c && c <= 0x65f || c == 0x670 || 0xfe70 <= c && c < 0xfe80:
		return 0
	}
	return c
}

func isEmoji(c rune) bool {
	return c >= 0x2190 && c < 0x2c00 || c >= 0x1f000 && c <= 0x1faff || c == 0xfe0f || c == 0x200d
}

// isModifier tells what only changes the look of the emoji before it.
func isModifier(c rune) bool {
	return c == 0xfe0f || c == 0x200d || 0x1f3fb <= c && c <= 0x1f3ff || c == 0x2640 || c == 0x2642
}

// linkEnd gives the end of the address at pos, else pos. The bare word http is
// what some research data have in place of addresses.
func linkEnd(text string, pos int) int {
	rest := text[pos:]
	if c := rest[0] | 0x20; c != 'h' && c != 'w' {
		return pos
	}
	bare := len(rest) >= 4 && strings.EqualFold(rest[:4], "http") && (len(rest) == 4 || !handleByte(rune(rest[4])) && rest[4] < 0x80 || rest[4]|0x20 == 's')
	if !bare && (len(rest) < 4 || !strings.EqualFold(rest[:4], "www.")) {
		return pos
	}
	if len(rest) > 4 && rest[4]|0x20 == 's' && !strings.HasPrefix(rest[5:], "://") {
		return pos
	}
	for i := range len(rest) {
		if rest[i] <= ' ' {
			return pos + i
		}
	}
	return len(text)
}

// handleEnd gives the end of the handle whose name begins at start: a word, or
// words joined by single dots, hyphens and @, as in ana.example or
// ana@social.example.
func handleEnd(text string, start int) int {
	end := start // of the last word; pos runs ahead of it over one joint
	for pos := start; pos < len(text); pos++ {
		switch c := text[pos]; {
		case handleByte(rune(c)):
			end = pos + 1
		case (c == '.' || c == '-' || c == '@') && pos == end && end > start:
		default:
			return end
		}
	}
	return end
}

func handleByte(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
}

// The moods of emoticons.
const (
	smile = ')'
	frown = '('
	laugh = 'D'
	kiss  = '*'
	joke  = 'P'
	doubt = '/'
	cry   = 'c'
	heart = '3'
	broke = 'x'
)

// readEmoticon reads a face or a heart at pos and gives its end and mood, or
// pos.
func readEmoticon(text string, pos int) (int, rune) {
	rest := text[pos:]
	switch rest[0] {
	case '<', '&':
		lt := 1
		if rest[0] == '&' {
			if !strings.HasPrefix(rest, "&lt;") {
				return pos, 0
			}
			lt = len("&lt;")
		}
		switch {
		case strings.HasPrefix(rest[lt:], "3"):
			return pos + lt + 1, heart
		case strings.HasPrefix(rest[lt:], "/3"):
			return pos + lt + 2, broke
		}
	case ':', ';', '=':
		return readFace(text, pos)
	case '(', ')', 'D':
		i := 1
		if len(rest) > 1 && rest[1] == '-' {
			i = 2
		}
		if len(rest) > i && (rest[i] == ':' || rest[i] == ';' || rest[i] == '=') && (len(rest) == i+1 || rest[i+1] <= ' ') {
			return pos + i + 1, map[byte]rune{'(': smile, ')': frown, 'D': frown}[rest[0]]
		}
	case '^':
		if strings.HasPrefix(rest, "^^") {
			return pos + 2, smile
		}
		if strings.HasPrefix(rest, "^_^") {
			return pos + 3, smile
		}
	case '-':
		if strings.HasPrefix(rest, "-_-") || strings.HasPrefix(rest, "-.-") {
			return pos + 3, doubt
		}
	}
	return pos, 0
}

// readFace reads eyes, perhaps a nose or a tear, and a mouth.
func readFace(text string, pos int) (int, rune) {
	rest := text[pos+1:]
	i, tears := 0, false
	for i < len(rest) && i < 2 && (rest[i] == '-' || rest[i] == '\'' || rest[i] == '"' || rest[i] == '^') {
		tears = tears || rest[i] == '\''
		i++
	}
	if i >= len(rest) {
		return pos, 0
	}
	mouth := rest[i]
	mood, ok := mouths(mouth)
	if !ok {
		return pos, 0
	}
	end := i + 1
	for end < len(rest) && rest[end] == mouth {
		end++
	}
	if end < len(rest) && handleByte(rune(mouth)) && handleByte(rune(rest[end])) || mouth == '/' && end-i > 1 {
		return pos, 0
	}
	if tears && mood == frown {
		mood = cry
	}
	return pos + 1 + end, mood
}

func mouths(c byte) (rune, bool) {
	switch c {
	case ')', ']', '}', '>':
		return smile, true
	case '(', '[', '{', '<', 'c', 'C':
		return frown, true
	case 'D', 'd':
		return laugh, true
	case 'p', 'P', 'b', 'v', 'V':
		return joke, true
	case '*', 'x', 'X':
		return kiss, true
	case '/', '\\', '|', 's', 'S', '@', '$':
		return doubt, true
	case '3':
		return heart, true
	}
	return 0, false
}
