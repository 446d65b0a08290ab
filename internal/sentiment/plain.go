package sentiment

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain gives the words of a text as the lexicon expects them: HTML entities
// decoded, URLs and @handles left out, typographic apostrophes straight (else
// "don’t" negates nothing), single spaces between words.
func plain(text string) string {
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	out := make([]byte, 0, len(text))
	gap := false
	word := false // whether the last rune can end a word: ana@nova.example holds no handle
	for pos := 0; pos < len(text); {
		if end := skipURL(text, pos); end > pos {
			pos, gap, word = end, true, false
			continue
		}
		r, size := utf8.DecodeRuneInString(text[pos:])
		if !word && (r == '@' || r == '＠') {
			if end := handleEnd(text, pos+size); end > pos+size {
				pos, gap, word = end, true, false
				continue
			}
		}
		pos += size
		if unicode.IsSpace(r) {
			gap, word = true, false
			continue
		}
		if gap && len(out) > 0 {
			out = append(out, ' ')
		}
		gap, word = false, handleByte(r)
		if r == '’' {
			r = '\''
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// skipURL gives the end of the http or https URL that begins at pos, else pos.
func skipURL(text string, pos int) int {
	rest := text[pos:]
	if rest[0]|0x20 != 'h' {
		return pos
	}
	n := 0
	switch {
	case len(rest) > len("http://") && strings.EqualFold(rest[:len("http://")], "http://"):
		n = len("http://")
	case len(rest) > len("https://") && strings.EqualFold(rest[:len("https://")], "https://"):
		n = len("https://")
	default:
		return pos
	}
	if i := strings.IndexFunc(rest[n:], unicode.IsSpace); i >= 0 {
		return pos + n + i
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
