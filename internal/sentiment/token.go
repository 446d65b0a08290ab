package sentiment

import (
	"slices"
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

const mixStep = 0xff51afd7ed558ccd

// mix spreads the bits of h: the finaliser of MurmurHash3.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= mixStep
	h ^= h >> 33
	return h
}

// tokenise fills r.tokens with the tokens of r.text.
func (r *reading) tokenise() {
	r.tokens, r.letters = r.tokens[:0], r.letters[:0]
	for pos := 0; pos < len(r.text); {
		if r.text[pos] == ' ' {
			pos++
			continue
		}
		if end := r.plainWord(pos); end > pos {
			pos = end
			continue
		}
		c, size := next(r.text, pos)
		start := pos
		switch {
		case c == '@' || c == '＠':
			pos = r.handle(pos, size)
		case c == '#' || c == '＃':
			pos = r.hashtag(pos, size)
		case isDigit(c):
			pos = r.number(pos)
		case isLetter(c):
			pos = r.wordOrLink(pos)
		case isEmoji(c):
			if !isModifier(c) {
				r.addOne(emoji, pos, pos+size, c)
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
	}
}

// add appends a token of the bytes from start to end; its letters are those in
// r.letters from from on. (Field by field: a literal would be copied.)
func (r *reading) add(k kind, start, end, from int, hash uint64, flags uint8) {
	n := len(r.tokens)
	r.tokens = slices.Grow(r.tokens, 1)[:n+1]
	t := &r.tokens[n]
	t.start, t.end, t.from, t.to = start, end, from, len(r.letters)
	t.hash, t.kind, t.flags, t.valence = hash, k, flags, 0
}

// addOne appends a token whose one letter is c.
func (r *reading) addOne(k kind, start, end int, c rune) {
	r.letters = append(r.letters, c)
	r.add(k, start, end, len(r.letters)-1, hashRune(hashStart^uint64(k), c), 0)
}

// handle reads an @handle; its hash is that of the name, so that a brand's
// terms find it.
func (r *reading) handle(pos, size int) int {
	end := handleEnd(r.text, pos+size)
	if end == pos+size || pos > 0 && handleByte(rune(r.text[pos-1])) {
		return r.punctuation(pos, '@', size)
	}
	from := len(r.letters)
	h := uint64(hashStart)
	for i := pos + size; i < end; i++ {
		c := lower(r.text[i])
		r.letters = append(r.letters, rune(c))
		h = hashRune(h, rune(c))
	}
	r.add(mention, pos, end, from, h, 0)
	return end
}

// number reads digits with the marks between them.
func (r *reading) number(pos int) int {
	_, size := next(r.text, pos)
	end := pos + size
	for end < len(r.text) {
		c, size := next(r.text, end)
		if !isDigit(c) && (c != '.' && c != ',' && c != ':' || end+1 >= len(r.text) || r.text[end+1] < '0' || r.text[end+1] > '9') {
			break
		}
		end += size
	}
	r.addOne(number, pos, end, '0')
	return end
}

// hashtag reads a tag as one token and then the words in it, which begin at
// capitals, digits and underscores.
func (r *reading) hashtag(pos, size int) int {
	end := pos + size
	for end < len(r.text) {
		c, n := utf8.DecodeRuneInString(r.text[end:])
		if c != '_' && !isLetter(c) && !isDigit(c) {
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
		if c == '_' || isDigit(c) || upper && lowerBefore {
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
	before := len(r.tokens)
	if r.word(start, end, word); len(r.tokens) > before { // marks alone are no word
		r.tokens[before].flags |= inTag
	}
}

// wordOrLink reads a word, or an address that begins with http or www.
func (r *reading) wordOrLink(pos int) int {
	if end := linkEnd(r.text, pos); end > pos {
		r.addOne(link, pos, end, '/')
		return end
	}
	end := pos
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

// plainWord reads a word of the letters from a to z, as most are. It gives pos
// when there is none, or when it could be an address.
func (r *reading) plainWord(pos int) int {
	text, from := r.text, len(r.letters)+1
	letters := append(r.letters, '^')
	h := uint64(hashStart)
	var flags uint8
	var last byte
	upper, run, end := 0, 0, pos
	for ; end < len(text); end++ {
		c := text[end]
		f := c | 0x20
		if f-'a' > 'z'-'a' {
			break
		}
		upper += int(f-c) >> 5
		if f != last {
			last, run = f, 1
		} else if run++; run > 2 {
			flags |= stretched
			continue
		}
		letters = append(letters, rune(f))
		h = hashRune(h, rune(f))
	}
	if end == pos || end < len(text) && (!plain[text[end]] || text[end] == '\'') {
		return pos
	}
	if first := letters[from]; (first == 'h' || first == 'w') && linkEnd(text, pos) > pos {
		return pos
	}
	if upper > 1 && upper >= 4*(end-pos-upper) {
		flags |= shouted
	}
	r.letters = letters
	r.add(word, pos, end, from, h, flags)
	r.letters = append(r.letters, '$')
	return end
}

// word adds r.text[start:end] folded: lower case, no accents, no letter more
// than twice in a row.
func (r *reading) word(start, end int, k kind) {
	letters, from := append(r.letters, '^'), len(r.letters)+1
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
		letters = append(letters, f)
		h = hashRune(h, f)
	}
	if upper > 1 && upper >= 4*lowers {
		flags |= shouted
	}
	if len(letters) == from {
		return
	}
	r.letters = letters
	r.add(k, start, end, from, h, flags)
	r.letters = append(r.letters, '$')
}

// punctuation reads an emoticon or a run of one mark, of which three are kept.
func (r *reading) punctuation(pos int, c rune, size int) int {
	if end, mood := readEmoticon(r.text, pos); end > pos {
		r.addOne(emoticon, pos, end, mood)
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
	r.add(punctuation, pos, end, from, h, 0)
	return end
}
