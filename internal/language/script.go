package language

// The scripts that are told apart.
const (
	none = iota
	latin
	arabic
	devanagari
	cyrillic
	han
	kana
	hangul
	greek
	hebrew
	thai
	bengali
	gurmukhi
	gujarati
	tamil
	telugu
	kannada
	malayalam
	sinhala
	lao
	burmese
	georgian
	armenian
	ethiopic
	khmer
	scripts
)

// only names the language of the scripts that have one among those in wide use.
var only = [scripts]string{
	hangul: "ko", kana: "ja", han: "zh", greek: "el", hebrew: "he", thai: "th", bengali: "bn",
	gurmukhi: "pa", gujarati: "gu", tamil: "ta", telugu: "te", kannada: "kn", malayalam: "ml", sinhala: "si",
	lao: "lo", burmese: "my", georgian: "ka", armenian: "hy", ethiopic: "am", khmer: "km",
	arabic: "ar", devanagari: "hi", cyrillic: "ru", // unless words or letters say otherwise
}

// ranges are the letters of the scripts (with the vowel signs between them), in
// order.
var ranges = [...]struct {
	first, last rune
	script      uint8
}{
	{0xaa, 0xaa, latin},
	{0xb5, 0xb5, none},
	{0xba, 0xba, latin},
	{0xc0, 0xd6, latin},
	{0xd8, 0xf6, latin},
	{0xf8, 0x24f, latin},
	{0x370, 0x3ff, greek},
	{0x400, 0x52f, cyrillic},
	{0x531, 0x587, armenian},
	{0x5d0, 0x5f2, hebrew},
	{0x620, 0x65f, arabic},
	{0x66e, 0x6d3, arabic},
	{0x6d5, 0x6ef, arabic},
	{0x6fa, 0x6ff, arabic},
	{0x750, 0x77f, arabic},
	{0x8a0, 0x8ff, arabic},
	{0x900, 0x963, devanagari},
	{0x970, 0x97f, devanagari},
	{0x980, 0x9e5, bengali},
	{0x9f0, 0x9f1, bengali},
	{0xa00, 0xa65, gurmukhi},
	{0xa70, 0xa7f, gurmukhi},
	{0xa80, 0xae5, gujarati},
	{0xb80, 0xbe5, tamil},
	{0xc00, 0xc65, telugu},
	{0xc80, 0xce5, kannada},
	{0xd00, 0xd65, malayalam},
	{0xd80, 0xddf, sinhala},
	{0xe01, 0xe3a, thai},
	{0xe40, 0xe4e, thai},
	{0xe80, 0xecd, lao},
	{0xedc, 0xedf, lao},
	{0x1000, 0x103f, burmese},
	{0x1050, 0x109f, burmese},
	{0x10a0, 0x10ff, georgian},
	{0x1100, 0x11ff, hangul},
	{0x1200, 0x135f, ethiopic},
	{0x1780, 0x17d3, khmer},
	{0x1e00, 0x1eff, latin},
	{0x1f00, 0x1fff, greek},
	{0x3041, 0x30fa, kana},
	{0x30fc, 0x30ff, kana},
	{0x3131, 0x318e, hangul},
	{0x31f0, 0x31ff, kana},
	{0x3400, 0x4dbf, han},
	{0x4e00, 0x9fff, han},
	{0xac00, 0xd7a3, hangul},
	{0xf900, 0xfaff, han},
	{0xfb50, 0xfdff, arabic},
	{0xfe70, 0xfefc, arabic},
	{0xff66, 0xff9d, kana},
	{0x20000, 0x3134f, han},
}

// scriptOf gives the script of a character beyond ASCII, none for what is no
// letter.
func scriptOf(char rune) uint8 {
	low, high := 0, len(ranges)
	for low < high {
		mid := (low + high) / 2
		if ranges[mid].last < char {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < len(ranges) && ranges[low].first <= char {
		return ranges[low].script
	}
	return none
}

// script gives the script most of the text is in and its share of the letters.
// A character of Chinese or Korean is worth about three Latin letters.
func (r *reading) script() (script int, share float64) {
	r.scripts[latin] = r.letters
	total, most := 0, 0
	for s := latin; s < scripts; s++ {
		n := r.scripts[s]
		if s == han || s == kana || s == hangul {
			n *= 3
		}
		total += n
		if n > most {
			script, most = s, n
		}
	}
	if total == 0 {
		return latin, 0
	}
	if script == han && r.scripts[kana] > 0 || script == kana {
		return kana, float64(3*(r.scripts[han]+r.scripts[kana])) / float64(total)
	}
	return script, float64(most) / float64(total)
}

// total counts the letters of all scripts.
func (r *reading) total() int {
	n := r.letters
	for _, m := range r.scripts {
		n += m
	}
	return n
}

// byScript names the language of a text that is not in Latin script. Where a
// script is shared, words of the lists decide; without any, its commonest
// language.
func (m *Model) byScript(r *reading, script int, share float64) (string, float64) {
	if script == arabic || script == devanagari || script == cyrillic {
		lang, votes, _, lead := m.lists.vote(r.words[:r.wordCount], script, 0)
		if votes >= 1 && lead > 0 {
			return lang, share * float64(votes) / float64(votes+1)
		}
	}
	return only[script], share
}
