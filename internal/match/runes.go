package match

import "unicode"

// unitClass says how a character takes part in words.
type unitClass uint8

const (
	noUnit       unitClass = iota // a separator
	letterUnit                    // joins its neighbours to a word
	denseUnit                     // of a script without spaces: may begin and end a term
	attachedUnit                  // belongs to the character before it
	pictureUnit                   // an emoji
)

const (
	zeroWidthJoiner = 0x200D
	zeroWidthSpace  = 0x200B
	hangulFirst     = 0xAC00
	hangulLast      = 0xD7A3
)

// lowerASCII gives the folded form of each ASCII word character and 0 for
// separators. Digits and the underscore are word characters, as in \b of
// regular expressions; apostrophes, dots and hyphens are not.
var lowerASCII = func() (t [128]byte) {
	for c := range byte(128) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '_':
			t[c] = c
		case c >= 'A' && c <= 'Z':
			t[c] = c + 'a' - 'A'
		}
	}
	return t
}()

// accents are the marks that folding drops: those put on Latin, Greek and
// Cyrillic letters, Arabic and Hebrew vowel points, the Arabic stretching sign.
// Marks of other scripts make another letter (が is not か) and stay.
var accents = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0300, 0x036F, 1},
		{0x0483, 0x0489, 1},
		{0x0591, 0x05BD, 1},
		{0x05BF, 0x05BF, 1},
		{0x05C1, 0x05C2, 1},
		{0x05C4, 0x05C5, 1},
		{0x05C7, 0x05C7, 1},
		{0x0610, 0x061A, 1},
		{0x0640, 0x0640, 1},
		{0x064B, 0x065F, 1},
		{0x0670, 0x0670, 1},
		{0x06D6, 0x06DC, 1},
		{0x06DF, 0x06E4, 1},
		{0x06E7, 0x06E8, 1},
		{0x06EA, 0x06ED, 1},
		{0x1AB0, 0x1AFF, 1},
		{0x1DC0, 0x1DFF, 1},
		{0x20D0, 0x20FF, 1},
		{0xFE20, 0xFE2F, 1},
	},
}

// dense are the scripts written without spaces between words, and Korean,
// whose particles are written onto the noun.
var dense = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0E00, 0x0EFF, 1}, // Thai, Lao
		{0x1000, 0x109F, 1}, // Myanmar
		{0x1100, 0x11FF, 1}, // Hangul letters
		{0x1780, 0x17FF, 1}, // Khmer
		{0x2E80, 0x2FDF, 1}, // Han radicals
		{0x3005, 0x3007, 1},
		{0x3021, 0x3029, 1},
		{0x3031, 0x3035, 1},
		{0x3038, 0x303C, 1},
		{0x3041, 0x318F, 1}, // kana, Bopomofo, Hangul
		{0x31A0, 0x31BF, 1},
		{0x31F0, 0x31FF, 1},
		{0x3400, 0x4DBF, 1},
		{0x4E00, 0x9FFF, 1},
		{0xA960, 0xA97F, 1},
		{0xAC00, 0xD7FF, 1},
		{0xF900, 0xFAFF, 1},
	},
	R32: []unicode.Range32{
		{0x16FE0, 0x18CFF, 1},
		{0x1B000, 0x1B16F, 1},
		{0x20000, 0x3FFFF, 1},
	},
}

// pictures are where emoji and the pictographs used like them live. Signs that
// come with names (™ ® ©) are not among them: they separate.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x203C, 0x203C, 1},
		{0x2049, 0x2049, 1},
		{0x231A, 0x23FF, 1},
		{0x25A0, 0x2767, 1},
		{0x2794, 0x27BF, 1},
		{0x2934, 0x2935, 1},
		{0x2B00, 0x2BFF, 1},
		{0x3030, 0x3030, 1},
		{0x303D, 0x303D, 1},
		{0x3297, 0x3297, 1},
		{0x3299, 0x3299, 1},
	},
	R32: []unicode.Range32{
		{0x1F000, 0x1F0FF, 1},
		{0x1F150, 0x1FAFF, 1},
	},
}

// fancyLetters are symbols that people write words with: ⒶⒸⓂⒺ, 🄰🄲🄼🄴, ㈱.
var fancyLetters = &unicode.RangeTable{
	R16: []unicode.Range16{{0x24B6, 0x24E9, 1}, {0x3200, 0x33FF, 1}},
	R32: []unicode.Range32{{0x1F130, 0x1F149, 1}},
}

// flagLetters spell the flags of regions inside an emoji.
var flagLetters = &unicode.RangeTable{R32: []unicode.Range32{{0xE0020, 0xE007F, 1}}}

// ignorable characters have no form of their own and do not end a word: soft
// hyphens, joiners, direction marks, presentation selectors.
func ignorable(r rune) bool {
	switch {
	case r == zeroWidthSpace:
		return false
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF,
		r == 0x115F, r == 0x1160, r == 0x3164, r >= 0x180B && r <= 0x180F:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// classOf says what a folded character is.
func classOf(r rune) unitClass {
	switch {
	case r < 128:
		if lowerASCII[r] == 0 {
			return noUnit
		}
		return letterUnit
	case r >= 0x02B9 && r <= 0x02BF: // apostrophes that Unicode counts as letters
		return noUnit
	case r == 0x3099, r == 0x309A, r == 'ー', r >= 0x1160 && r <= 0x11FF, r >= 0xD7B0 && r <= 0xD7FF, unicode.IsMark(r):
		return attachedUnit
	case !unicode.IsLetter(r) && !unicode.IsNumber(r):
		return noUnit
	case unicode.Is(dense, r):
		return denseUnit
	}
	return letterUnit
}

// spelledOut gives the plain spelling of lower-case letters that Unicode does
// not take apart but readers treat as accented or joined ones.
func spelledOut(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'þ':
		return "th", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'ħ':
		return "h", true
	case 'ŧ':
		return "t", true
	case 'ı':
		return "i", true
	case 'ς':
		return "σ", true
	}
	return "", false
}
