package dedupe

import (
	"math"
	"unicode"
	"unicode/utf8"
)

// maxStep is the most that one step of the normaliser appends: a space and a
// rune.
const maxStep = 1 + utf8.UTFMax

// Normalise appends to dst what is left of a text once everything is gone that
// near copies differ in: lower case, URLs, @handles and digits removed, every
// run of anything but letters, numerals and underscores one space, no space at
// either end. Bytes that are not UTF-8 count as punctuation. It allocates only
// when dst has no room.
func Normalise(text string, dst []byte) []byte {
	n := normaliser{text: text}
	return n.fill(dst, math.MaxInt)
}

// normaliser walks a text and gives its normal form in pieces.
type normaliser struct {
	text    string
	pos     int
	gap     bool // a space is due before the next word
	started bool // something was written
}

// fill appends to dst until the text ends or dst is at least limit long, and
// adds nothing only at the end of the text.
func (n *normaliser) fill(dst []byte, limit int) []byte {
	for n.pos < len(n.text) && len(dst) < limit {
		c := n.text[n.pos]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(n.text[n.pos:])
			n.pos += size
			if !wordRune(r) || unicode.IsDigit(r) {
				n.gap = true
				continue
			}
			dst = utf8.AppendRune(n.space(dst), lower(r))
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
			if c|0x20 == 'h' {
				if end := urlEnd(n.text, n.pos); end > 0 {
					n.pos, n.gap = end, true
					continue
				}
			}
			n.pos++
			if c <= 'Z' { // '_' and a–z come after
				c |= 0x20
			}
			dst = append(n.space(dst), c)
		case c == '@':
			n.pos, n.gap = wordEnd(n.text, n.pos+1), true
		default: // digits, punctuation, white space
			n.pos++
			n.gap = true
		}
	}
	return dst
}

// space appends the space that is due before a word, and none before the first.
func (n *normaliser) space(dst []byte) []byte {
	if n.gap && n.started {
		dst = append(dst, ' ')
	}
	n.gap, n.started = false, true
	return dst
}

// lower maps a rune as case folding of a text does: a final sigma is a sigma.
func lower(r rune) rune {
	if r == 'ς' {
		return 'σ'
	}
	return unicode.ToLower(r)
}

// wordRune tells letters and numerals of every script; combining marks separate.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// wordEnd gives the end of the run of word characters that begins at pos.
func wordEnd(text string, pos int) int {
	for pos < len(text) {
		c := text[pos]
		if c < utf8.RuneSelf {
			if ('a' > c || c > 'z') && ('A' > c || c > 'Z') && ('0' > c || c > '9') && c != '_' {
				return pos
			}
			pos++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[pos:])
		if !wordRune(r) {
			return pos
		}
		pos += size
	}
	return pos
}

// urlEnd gives the end of the http or https URL that begins at pos, or 0 when
// none does. A URL reaches up to the next white space.
func urlEnd(text string, pos int) int {
	p := pos
	for i := range len("http") {
		if p >= len(text) || text[p]|0x20 != "http"[i] {
			return 0
		}
		p++
	}
	if p < len(text) && text[p]|0x20 == 's' {
		p++
	}
	if len(text)-p < len("://") || text[p:p+len("://")] != "://" {
		return 0
	}
	p += len("://")
	end := spaceFrom(text, p)
	if end == p {
		return 0
	}
	return end
}

// spaceFrom gives where the first white space from pos on begins, or the end.
func spaceFrom(text string, pos int) int {
	for pos < len(text) {
		c := text[pos]
		if c < utf8.RuneSelf {
			if c == ' ' || '\t' <= c && c <= '\r' || 0x1c <= c && c <= 0x1f {
				return pos
			}
			pos++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[pos:])
		if unicode.IsSpace(r) {
			return pos
		}
		pos += size
	}
	return pos
}
