package match

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

// What a folded byte is, beside its value. unitStart is set wherever a word,
// a character of a script without spaces, or an emoji may begin, and on every
// separating byte; so it is also set right after each of them ends.
const (
	unitStart   uint8 = 1 << iota
	tagStart          // first byte of a hashtag, after the #
	handleStart       // first byte of a handle, after the @
	ampersand         // on a gap: an & stands in it
	inTag             // every byte of a hashtag
	inHandle          // every byte of a handle

	marks = tagStart | handleStart | inTag | inHandle
)

// The two bytes that are not part of a word: gap stands for any run of
// separators, border keeps the text apart from the list of mentioned handles.
const (
	gap    = ' '
	border = 0
)

// folder turns text into the form in which terms are compared: lower case,
// without accents, compatibility forms resolved, words set apart by one gap.
// For every folded byte it remembers where in the original it came from.
type folder struct {
	buf  []byte
	src  []int32 // original offset of each byte of buf, and one more for the end
	meta []uint8

	base    int       // where the current zone of buf starts
	gapped  bool      // separators were met since the last unit
	gapMeta uint8     // what stood in them
	last    unitClass // of the last unit; noUnit at the start of a zone
	lastEnd int32     // original offset after the last unit
	mark    uint8     // tagStart or handleStart for a unit that follows at once
	run     uint8     // inTag or inHandle while one goes on
	marked  int       // index in buf where it started
	beside  rune      // the separator that stands right before, or 0
}

func (f *folder) reset() {
	f.buf, f.src, f.meta = f.buf[:0], f.src[:0], f.meta[:0]
	f.lastEnd = 0
	f.zone()
}

func (f *folder) zone() {
	f.base, f.gapped, f.gapMeta, f.last = len(f.buf), false, 0, noUnit
	f.mark, f.run, f.beside = 0, 0, 0
}

// handle appends one handle that the text itself need not contain, behind a
// border.
func (f *folder) handle(h string) {
	f.put(border, f.lastEnd, unitStart)
	f.zone()
	f.mark = handleStart
	end := f.lastEnd
	f.text(strings.TrimPrefix(h, "@"))
	f.lastEnd = end
}

// finish adds the offset of the end.
func (f *folder) finish() { f.src = append(f.src, f.lastEnd) }

func (f *folder) put(b byte, at int32, meta uint8) {
	f.buf = append(f.buf, b)
	f.src = append(f.src, at)
	f.meta = append(f.meta, meta)
}

// text folds s and appends it. Offsets are those in s.
func (f *folder) text(s string) {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			i = f.wide(s, i)
			continue
		}
		if k := lowerASCII[c]; k != 0 {
			meta := f.enter(letterUnit)
			f.put(k, int32(i), meta)
			i++
			f.lastEnd = int32(i)
			continue
		}
		if c == '&' {
			i = f.entity(s, i)
			continue
		}
		f.separate(rune(c))
		i++
	}
}

// wide folds the character outside ASCII at s[i:] and gives the offset after it.
func (f *folder) wide(s string, i int) int {
	r, n := utf8.DecodeRuneInString(s[i:])
	if r == utf8.RuneError && n == 1 {
		f.separate(r)
		return i + 1
	}
	if unicode.Is(pictures, r) {
		it := words.FromString(s[i:])
		it.Next()
		end := i + it.End()
		f.picture(s[i:end], i)
		return end
	}
	f.letters(r, i, i+n)
	return i + n
}

// picture appends an emoji with all that belongs to it (skin tone, joined
// parts) as one unit; presentation selectors and
// accents do not count.
func (f *folder) picture(s string, at int) {
	if f.last != noUnit {
		f.gapped = true
	}
	f.mark = 0
	meta := f.enter(pictureUnit)
	start := len(f.buf)
	var enc [utf8.UTFMax]byte
	for _, r := range s {
		if r == zeroWidthJoiner || unicode.Is(flagLetters, r) || !ignorable(r) && !unicode.Is(accents, r) {
			for _, b := range enc[:utf8.EncodeRune(enc[:], r)] {
				f.put(b, int32(at), meta)
				meta = 0
			}
		}
	}
	for joiner := string(rune(zeroWidthJoiner)); len(f.buf) > start+len(joiner) && string(f.buf[len(f.buf)-len(joiner):]) == joiner; {
		f.cut(len(f.buf) - len(joiner))
	}
	f.lastEnd = int32(at + len(s))
}

func (f *folder) cut(n int) { f.buf, f.src, f.meta = f.buf[:n], f.src[:n], f.meta[:n] }

// letters folds one character that stands at [i, j) of the original.
func (f *folder) letters(r rune, i, j int) {
	switch {
	case r < utf8.RuneSelf:
		f.one(r, i, j)
	case unicode.Is(accents, r):
		if !f.gapped && f.last != noUnit {
			f.lastEnd = int32(j)
		}
	case ignorable(r):
	case r >= hangulFirst && r <= hangulLast:
		f.hangul(r, i, j)
	case r == '…', !unicode.IsLetter(r) && unicode.Is(unicode.So, r) && !unicode.Is(fancyLetters, r):
		f.separate(r)
	default:
		var enc [utf8.UTFMax]byte
		d := norm.NFKD.Properties(enc[:utf8.EncodeRune(enc[:], r)]).Decomposition()
		if d == nil {
			f.one(r, i, j)
			return
		}
		for len(d) > 0 {
			x, n := utf8.DecodeRune(d)
			if !unicode.Is(accents, x) {
				f.one(x, i, j)
			}
			d = d[n:]
		}
	}
}

// hangul takes a syllable apart as NFKD does, so that both spellings are equal.
func (f *folder) hangul(r rune, i, j int) {
	const vowels, tails = 21, 28
	k := r - hangulFirst
	f.one(0x1100+k/(vowels*tails), i, j)
	f.one(0x1161+k/tails%vowels, i, j)
	if t := k % tails; t != 0 {
		f.one(0x11A7+t, i, j)
	}
}

// one folds a character that has no decomposition.
func (f *folder) one(r rune, i, j int) {
	r = unicode.ToLower(r)
	if s, ok := spelledOut(r); ok {
		for _, x := range s {
			f.one(x, i, j)
		}
		return
	}
	class := classOf(r)
	if class == noUnit {
		f.separate(r)
		return
	}
	meta := f.enter(class)
	if r < utf8.RuneSelf {
		f.put(byte(r), int32(i), meta)
	} else {
		var enc [utf8.UTFMax]byte
		for _, b := range enc[:utf8.EncodeRune(enc[:], r)] {
			f.put(b, int32(i), meta)
			meta = f.run
		}
	}
	f.lastEnd = int32(j)
}

// enter prepares for a character of a unit: it writes the gap that is due and
// says what the character's first byte is.
func (f *folder) enter(class unitClass) uint8 {
	if f.last == letterUnit && class == letterUnit && !f.gapped {
		return f.run
	}
	if f.gapped || f.last == pictureUnit {
		if len(f.buf) > f.base {
			f.put(gap, f.lastEnd, unitStart|f.gapMeta)
		}
		f.gapped, f.gapMeta, f.last, f.run = false, 0, noUnit, 0
	}
	switch {
	case class == attachedUnit && f.last != noUnit:
		return f.run
	case class == attachedUnit:
		class = denseUnit
	}
	switch {
	case f.mark == tagStart:
		f.run, f.marked = inTag, len(f.buf)
	case f.mark == handleStart:
		f.run, f.marked = inHandle, len(f.buf)
	case f.run == inHandle: // a handle is one word, a hashtag goes on
		f.run = 0
	}
	meta := unitStart | f.mark | f.run
	f.mark, f.beside, f.last = 0, 0, class
	return meta
}

// separate notes a separator and what it means for the word after it.
func (f *folder) separate(r rune) {
	afterWord := !f.gapped && f.last == letterUnit
	if r == '…' && !f.gapped && f.run == inHandle { // cut off: the real handle is longer
		for k := f.marked; k < len(f.meta); k++ {
			f.meta[k] &^= marks
		}
		f.run = 0
	}
	if !f.gapped {
		f.gapped, f.beside = true, 0
	}
	f.mark = 0
	switch r {
	case '&':
		f.gapMeta |= ampersand
	case '#':
		if !afterWord && f.beside != '&' && f.beside != '/' {
			f.mark = tagStart
		}
	case '@':
		if !afterWord && !strings.ContainsRune("!#$%&*@/", f.beside) {
			f.mark = handleStart
		}
	}
	f.beside = r
}

// entity folds what an & at s[i] begins: an HTML entity as the character that
// it means, also when it was escaped more than once, or the sign itself.
func (f *folder) entity(s string, i int) int {
	p := i + 1
	for strings.HasPrefix(s[p:], "amp;") {
		p += len("amp;")
	}
	r, n := decodeEntity(s[p:])
	if n == 0 {
		f.separate('&')
		return p
	}
	f.letters(r, i, p+n)
	return p + n
}

const longestEntity = 32

// decodeEntity reads "lt;", "#39;" or "#x27;": what follows the & of an entity.
func decodeEntity(s string) (r rune, n int) {
	end := strings.IndexByte(s[:min(len(s), longestEntity)], ';')
	if end < 2 {
		return 0, 0
	}
	switch s[:end] {
	case "lt", "gt", "quot", "apos", "nbsp", "#39", "#34", "#x27", "#160":
		return ',', end + 1 // all of them separate words
	case "amp", "#38", "#x26":
		return '&', end + 1
	}
	for k := range end {
		if c := s[k]; lowerASCII[c&0x7f] == 0 && c != '#' || c >= utf8.RuneSelf || c == '_' {
			return 0, 0
		}
	}
	text := html.UnescapeString("&" + s[:end+1])
	if r, n = utf8.DecodeRuneInString(text); n != len(text) {
		return 0, 0
	}
	return r, end + 1
}

// endOf gives the offset in the original of the end of what the folded bytes
// before e came from.
func (f *folder) endOf(e int) int32 {
	k := e
	for f.src[k] == f.src[e-1] {
		k++
	}
	return f.src[k]
}
