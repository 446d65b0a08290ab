package language

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxFeatures = 512 // about 160 letters: more text says no more
	maxWords    = 64
)

// reading is what counts in a text: letters. URLs, @handles, digits, signs,
// emoji, the marks of hashtags, HTML entities and the "RT" of a repost do not.
type reading struct {
	features  [maxFeatures]uint16 // buckets of n-grams, in the order of the text
	n         int
	words     [maxWords]uint32 // hashes of whole words
	wordCount int
	letters   int          // in Latin script
	strange   int          // of these, not in the alphabets of the model's languages
	scripts   [scripts]int // letters by script
	tagged    bool         // there are hashtags

	// The word being read.
	window uint64 // its last letters, one byte each, a space before the first
	word   uint64 // hash of all of it
	length int    // letters, 0 between words
	first  int    // n before it
	wide   int    // letters before it
}

// Marks among the classes of ASCII characters; letters are their lower case.
const (
	classSpace  = iota // ends a word
	classQuote         // an apostrophe belongs to the word when a letter follows
	classAt            // begins a handle
	classAnd           // may begin an entity
	classEscape        // may begin \u2019
	classTag           // begins a hashtag
	classDot           // within an address?
)

var ascii = func() (t [utf8.RuneSelf]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = uint8(c), uint8(c)
	}
	t['\''], t['@'], t['&'], t['\\'], t['#'] = classQuote, classAt, classAnd, classEscape, classTag
	t['.'] = classDot
	return t
}()

// read gathers the features of text; tags says whether words of hashtags count.
func (r *reading) read(text string, tags bool) {
	tagged := false // within a hashtag
	for pos := 0; pos < len(text) && r.n < maxFeatures-16; {
		c := text[pos]
		if c == 0xc3 && pos+1 < len(text) && text[pos+1] >= 0x80 && text[pos+1] < 0xc0 {
			r.western(rune(text[pos+1]) + 0x40)
			pos += 2
			continue
		}
		if c >= utf8.RuneSelf {
			char, size := utf8.DecodeRuneInString(text[pos:])
			r.wideRune(char, text, pos+size)
			pos += size
			continue
		}
		class := ascii[c]
		if class >= 'a' {
			if tagged && c < 'a' && r.length > 0 && text[pos-1] >= 'a' {
				r.end() // #GoodDay
			}
			pos = r.run(text, pos, tagged)
			continue
		}
		pos++
		if class == classQuote && r.length > 0 && letterAt(text, pos) {
			r.letter('\'', '\'')
			continue
		}
		if class == classEscape {
			if char, size := escaped(text[pos:]); size > 0 {
				pos += size
				r.wideRune(char, text, pos)
				continue
			}
		}
		if class == classDot && r.length > 0 {
			if end := skipAddress(text, pos); end > pos {
				r.drop()
				pos = end
				continue
			}
		}
		if r.length > 0 && r.end() {
			pos = skipBlack(text, pos)
		}
		tagged = tagged && c == '_'
		switch class {
		case classAt:
			pos = skipHandle(text, pos)
		case classAnd:
			pos = skipEntity(text, pos)
		case classTag:
			tagged, r.tagged = true, true
			if !tags {
				pos = skipBlack(text, pos)
			}
		}
	}
	if r.length > 0 {
		r.end()
	}
}

const (
	fnvOffset = 0xcbf29ce484222325
	fnvPrime  = 0x100000001b3
	mixer     = 0x9e3779b97f4a7c15
)

// bucket gives the place of an n-gram: its bytes in x, its length in the top.
func bucket(x uint64) uint16 { return uint16(x * mixer >> (64 - bucketBits)) }

// begin opens a word.
func (r *reading) begin() {
	r.window, r.word, r.first, r.wide = ' ', fnvOffset, r.n, r.letters
}

// run takes the ASCII letters from pos on: most of most texts, so it keeps what
// changes in registers. In a hashtag it ends before a capital after a small
// letter.
func (r *reading) run(text string, pos int, tagged bool) int {
	if r.length == 0 {
		r.begin()
	}
	window, word, length, n, start := r.window, r.word, r.length, r.n, pos
	for ; pos < len(text) && n < maxFeatures-8; pos++ {
		c := text[pos]
		if c >= utf8.RuneSelf || ascii[c] < 'a' || tagged && pos > start && c < 'a' && text[pos-1] >= 'a' {
			break
		}
		code := uint64(ascii[c])
		if window&0xffff == code<<8|code {
			continue // sooo is soo
		}
		word = (word ^ code) * fnvPrime
		window = window<<8 | code
		length++
		n = r.grams(window, length, n)
	}
	r.window, r.word, r.length, r.n = window, word, length, n
	r.letters += pos - start
	return pos
}

// letter adds one letter to the word: char, a byte of n-grams as code.
func (r *reading) letter(char rune, code uint8) {
	if r.length == 0 {
		r.begin()
	}
	if w := uint64(code); r.window&0xffff == w<<8|w {
		return
	}
	r.word = (r.word ^ uint64(char)) * fnvPrime
	r.window = r.window<<8 | uint64(code)
	r.length++
	r.n = r.grams(r.window, r.length, r.n)
}

// grams puts the 3- to 5-grams that end where the window ends at n and gives
// the next n. A window holds length letters and a space before them.
func (r *reading) grams(w uint64, length, n int) int {
	if n > maxFeatures-8 || length < 2 {
		return n
	}
	at := r.features[n : n+3 : n+3]
	at[0] = bucket(w&0xffffff | 3<<56)
	if length == 2 {
		return n + 1
	}
	at[1] = bucket(w&0xffffffff | 4<<56)
	if length == 3 {
		return n + 2
	}
	at[2] = bucket(w&0xffffffffff | 5<<56)
	return n + 3
}

// drop takes the word back.
func (r *reading) drop() { r.n, r.letters, r.length = r.first, r.wide, 0 }

// end closes the word. It tells whether the word began an address, which then
// goes on to the next space; such a word and "RT" are taken back.
func (r *reading) end() (address bool) {
	const (
		rt    = ' '<<16 | 'r'<<8 | 't'
		http  = 'h'<<24 | 't'<<16 | 't'<<8 | 'p'
		https = http<<8 | 's'
		www   = ' '<<24 | 'w'<<16 | 'w'<<8 // w w: three are two
	)
	switch w := r.window; {
	case r.length == 2 && w == rt:
		r.drop()
		return false
	case r.length == 4 && w&0xffffffff == http, r.length == 5 && w&0xffffffffff == https, r.length == 2 && w == www>>8|'w':
		r.drop()
		return true
	}
	r.n = r.grams(r.window<<8|' ', r.length+1, r.n)
	r.length = 0
	if r.n < maxFeatures {
		r.features[r.n] = bucket(r.word&^(0xff<<56) | 9<<56)
		r.n++
	}
	if r.wordCount < maxWords {
		r.words[r.wordCount] = uint32(r.word >> 32)
		r.wordCount++
	}
	return false
}

// wideRune takes a character beyond ASCII; next is where the text goes on.
func (r *reading) wideRune(char rune, text string, next int) {
	if char == '’' && r.length > 0 && letterAt(text, next) {
		r.letter('\'', '\'')
		return
	}
	if char >= 0x300 && char < 0x370 {
		return // a combining mark: e + ´
	}
	script := scriptOf(char)
	if script == none {
		if r.length > 0 {
			r.end()
		}
		return
	}
	if script != latin {
		// Only words count here, and only for the lists.
		if r.length == 0 {
			r.begin()
		}
		r.length++
		if script == cyrillic {
			char = unicode.ToLower(char)
		}
		r.word = (r.word ^ uint64(char)) * fnvPrime
		r.scripts[script]++
		if telling(char) && r.wordCount < maxWords {
			letter := uint64(fnvOffset)
			r.words[r.wordCount] = uint32((letter ^ uint64(char)) * fnvPrime >> 32)
			r.wordCount++
		}
		return
	}
	char = unicode.ToLower(char)
	if char < 0x100 {
		r.western(char)
		return
	}
	if char != 'œ' {
		r.strange++
	}
	r.letter(char, 0x80|uint8(char)&0x3f) // bytes that no small letter below 0x100 has
	r.letters++
}

// western takes a character from 0xc0 to 0xff, which holds the accented letters
// of western Europe, or one that became such a letter in lower case.
func (r *reading) western(char rune) {
	switch char |= 0x20; char { // ß becomes ÿ, which nearly nobody writes
	case '÷': // and ×
		if r.length > 0 {
			r.end()
		}
		return
	case 'å', 'ø', 'ð', 'þ', 'ý':
		r.strange++
	}
	r.letter(char, uint8(char))
	r.letters++
}

// letterAt tells whether a letter of Latin script begins at pos.
func letterAt(text string, pos int) bool {
	if pos >= len(text) {
		return false
	}
	if c := text[pos]; c < utf8.RuneSelf {
		return ascii[c] >= 'a'
	}
	char, _ := utf8.DecodeRuneInString(text[pos:])
	return scriptOf(char) == latin
}

// escaped reads what follows a backslash where sources write \u2019 for ’. It
// gives the bytes that takes, 0 for anything else.
func escaped(text string) (char rune, size int) {
	if len(text) < 5 || text[0] != 'u' {
		return 0, 0
	}
	for _, c := range []byte(text[1:5]) {
		i := strings.IndexByte("0123456789abcdef", c|0x20)
		if i < 0 {
			return 0, 0
		}
		char = char<<4 | rune(i)
	}
	return char, 5
}

// skipBlack gives the next space from pos on.
func skipBlack(text string, pos int) int {
	for pos < len(text) && text[pos] > ' ' {
		pos++
	}
	return pos
}

// skipAddress gives the end of an address without its https://, such as
// "t.example/x", whose first dot is before pos; else pos.
func skipAddress(text string, pos int) int {
	if !letterAt(text, pos) {
		return pos
	}
	for i := pos; i < len(text) && text[i] > ' ' && text[i] < utf8.RuneSelf; i++ {
		if text[i] == '/' {
			return skipBlack(text, i)
		}
	}
	return pos
}

func skipHandle(text string, pos int) int {
	for pos < len(text) {
		c := text[pos]
		joint := (c == '.' || c == '-' || c == '@') && pos+1 < len(text) && (ascii[text[pos+1]&0x7f] >= 'a' && text[pos+1] < utf8.RuneSelf)
		if !joint && c != '_' && (c < '0' || c > '9') && (c >= utf8.RuneSelf || ascii[c] < 'a') {
			break
		}
		pos++
	}
	return pos
}

// skipEntity gives the end of an HTML entity such as &amp; whose name begins at
// pos, else pos.
func skipEntity(text string, pos int) int {
	for i := pos; i < len(text) && i < pos+8; i++ {
		switch c := text[i]; {
		case c == ';':
			return i + 1
		case c >= utf8.RuneSelf || c != '#' && (c < '0' || c > '9') && ascii[c] < 'a':
			return pos
		}
	}
	return pos
}
