package sentiment

import (
	"unicode"
	"unicode/utf8"
)

// kind says what a token is.
type kind uint8

const (
	word kind = iota
	number
	mention
	link
	tag
	emoji
	emoticon
	punctuation
)

// What is known of a token beside its letters.
const (
	shouted   = 1 << iota // two letters or more, all capitals
	stretched             // a letter three times or more in a row
	inTag                 // a word out of a hashtag
	negated               // within reach of a negator
	turning               // a contrast, like but
)

// token is one unit of a text. letters are its folded form: hash is of them, so
// that equal words have equal hashes wherever they stand.
type token struct {
	start, end int // bytes in the text
	from, to   int // folded letters in reading.letters
	hash       uint64
	kind       kind
	flags      uint8
	valence    float32 // of the lexicon, 0 for words it does not hold
}

// hashStart and hashStep are FNV-1a's 64-bit offset and prime.
const (
	hashStart = 14695981039346656037
	hashStep  = 1099511628211
)

func hashRune(h uint64, r rune) uint64 { return (h ^ uint64(r)) * hashStep }

func hashString(s string) uint64 {
	h := uint64(hashStart)
	for _, r := range s {
		h = hashRune(h, r)
	}
	return h
}

// mix spreads the bits of h: the finaliser of MurmurHash3.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return h
}

// tokenise fills r.tokens with the tokens of r.text.
func (r *reading) tokenise() {
	r.tokens, r.letters = r.tokens[:0], r.letters[:0]
	before := ' '
	for pos := 0; pos < len(r.text); {
		c, size := next(r.text, pos)
		start := pos
		switch {
		case c == '@' || c == '＠':
			pos = r.handle(pos, size, before)
		case c == '#' || c == '＃':
			pos = r.hashtag(pos, size)
		case '0' <= c && c <= '9' || c >= 0x80 && unicode.IsDigit(c):
			pos = r.number(pos)
		case isLetter(c):
			pos = r.wordOrLink(pos)
		case isEmoji(c):
			if !isModifier(c) {
				r.add(emoji, pos, pos+size, c)
			}
			pos += size
		case c <= ' ' || c == 0xa0:
			pos += size
		default:
			pos = r.punctuation(pos, c, size)
		}
		if pos == start {
			pos += max(size, 1) // nothing took it: whatever it is, go on
		}
		before, _ = utf8.DecodeLastRuneInString(r.text[start:pos])
	}
}

// add appends a token whose one letter is c.
func (r *reading) add(k kind, start, end int, c rune) {
	from := len(r.letters)
	r.letters = append(r.letters, c)
	r.tokens = append(r.tokens, token{start: start, end: end, from: from, to: from + 1, hash: hashRune(hashStart^uint64(k), c), kind: k})
}

// handle reads an @handle; its hash is that of the name, so that a brand's
// terms find it.
func (r *reading) handle(pos, size int, before rune) int {
	end := handleEnd(r.text, pos+size)
	if end == pos+size || before < 0x80 && handleByte(before) {
		return r.punctuation(pos, '@', size)
	}
	from := len(r.letters)
	h := uint64(hashStart)
	for i := pos + size; i < end; i++ {
		c := lower(r.text[i])
		r.letters = append(r.letters, rune(c))
		h = hashRune(h, rune(c))
	}
	r.tokens = append(r.tokens, token{start: pos, end: end, from: from, to: len(r.letters), hash: h, kind: mention})
	return end
}

// number reads digits with the marks between them.
func (r *reading) number(pos int) int {
	_, size := next(r.text, pos)
	end := pos + size
	for end < len(r.text) {
		c, size := next(r.text, end)
		if !unicode.IsDigit(c) && (c != '.' && c != ',' && c != ':' || end+1 >= len(r.text) || r.text[end+1] < '0' || r.text[end+1] > '9') {
			break
		}
		end += size
	}
	r.add(number, pos, end, '0')
	return end
}

// hashtag reads a tag as one token and then the words in it, which begin at
// capitals, digits and underscores.
func (r *reading) hashtag(pos, size int) int {
	end := pos + size
	for end < len(r.text) {
		c, n := utf8.DecodeRuneInString(r.text[end:])
		if c != '_' && !isLetter(c) && !unicode.IsDigit(c) {
			break
		}
		end += n
	}
	if end == pos+size {
		return r.punctuation(pos, '#', size)
	}
	r.word(pos+size, end, tag)
	start, lowerBefore := pos+size, false
	for i := start; i < end; {
		c, n := utf8.DecodeRuneInString(r.text[i:])
		upper := unicode.IsUpper(c)
		if c == '_' || unicode.IsDigit(c) || upper && lowerBefore {
			r.tagWord(start, i)
			if start = i; !upper {
				start = i + n
			}
		}
		lowerBefore = unicode.IsLower(c)
		i += n
	}
	r.tagWord(start, end)
	return end
}

func (r *reading) tagWord(start, end int) {
	if end-start < 2 {
		return
	}
	r.word(start, end, word)
	r.tokens[len(r.tokens)-1].flags |= inTag
}

// wordOrLink reads a word, or an address that begins with http or www.
func (r *reading) wordOrLink(pos int) int {
	if end := linkEnd(r.text, pos); end > pos {
		r.add(link, pos, end, '/')
		return end
	}
	end := pos
	for end < len(r.text) && 'a' <= r.text[end]|0x20 && r.text[end]|0x20 <= 'z' {
		end++
	}
	if end == len(r.text) || r.text[end] < utf8.RuneSelf && !mayJoin[r.text[end]] {
		r.plainWord(pos, end)
		return end
	}
	for end < len(r.text) {
		c, size := next(r.text, end)
		if c == '\'' || c == '’' {
			if after, _ := next(r.text, end+size); !isLetter(after) {
				break
			}
			if r.split { // l'aria, qu'on: two words
				end += size
				break
			}
		} else if !isLetter(c) {
			break
		}
		end += size
	}
	r.word(pos, end, word)
	return end
}

// mayJoin holds the marks that may go on with a word.
var mayJoin = [utf8.RuneSelf]bool{'\'': true, '&': true, '\\': true}

// plainWord is word for letters from a to z, most words by far.
func (r *reading) plainWord(start, end int) {
	from := len(r.letters)
	h := uint64(hashStart)
	var flags uint8
	var last byte
	upper, run := 0, 0
	for i := start; i < end; i++ {
		c := r.text[i]
		f := c | 0x20
		if c != f {
			upper++
		}
		if f == last {
			if run++; run > 2 {
				flags |= stretched
				continue
			}
		} else {
			last, run = f, 1
		}
		r.letters = append(r.letters, rune(f))
		h = (h ^ uint64(f)) * hashStep
	}
	if upper > 1 && upper >= 4*(end-start-upper) {
		flags |= shouted
	}
	r.tokens = append(r.tokens, token{start: start, end: end, from: from, to: len(r.letters), hash: h, kind: word, flags: flags})
}

// word adds r.text[start:end] folded: lower case, no accents, no letter more
// than twice in a row.
func (r *reading) word(start, end int, k kind) {
	from := len(r.letters)
	h := uint64(hashStart)
	var flags uint8
	upper, lowers := 0, 0
	var last rune
	run := 0
	for i := start; i < end; {
		c, size := next(r.text, i)
		i += size
		f := fold(c)
		if f == 0 {
			continue
		}
		if c != f && 'A' <= c && c <= 'Z' {
			upper++
		} else {
			lowers++
		}
		if f == last {
			run++
		} else {
			last, run = f, 1
		}
		if run > 2 {
			flags |= stretched
			continue
		}
		r.letters = append(r.letters, f)
		h = hashRune(h, f)
	}
	if upper > 1 && upper >= 4*lowers {
		flags |= shouted
	}
	if len(r.letters) == from {
		return
	}
	r.tokens = append(r.tokens, token{start: start, end: end, from: from, to: len(r.letters), hash: h, kind: k, flags: flags})
}

// punctuation reads an emoticon or a run of one mark, of which three are kept.
func (r *reading) punctuation(pos int, c rune, size int) int {
	if end, mood := readEmoticon(r.text, pos); end > pos {
		r.add(emoticon, pos, end, mood)
		return end
	}
	end, n := pos+size, 1
	for end < len(r.text) {
		d, size := next(r.text, end)
		if d != c {
			break
		}
		end += size
		n++
	}
	from := len(r.letters)
	h := uint64(hashStart ^ uint64(punctuation))
	for range min(n, 3) {
		r.letters = append(r.letters, c)
		h = hashRune(h, c)
	}
	r.tokens = append(r.tokens, token{start: pos, end: end, from: from, to: len(r.letters), hash: h, kind: punctuation})
	return end
}
