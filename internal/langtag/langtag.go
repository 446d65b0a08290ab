// Package langtag reads the ways to write a language, codes and names, as the tag
// that is kept of it.
package langtag

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Read takes how a source or a person writes a language: a tag of BCP 47
// ("es", "es-MX"), a code of three letters ("spa", "fre" and "fra") or a name in
// English, Spanish or the language itself ("Spanish", "español"), and gives the
// tag as it is kept: lower case, with the code of two letters where there is
// one. What is no language that it knows comes back in lower case, and known is
// false; so do tags that name none, such as "und".
func Read(written string) (tag string, known bool) {
	if len(written) == 2 && lowerLetters(written) {
		return written, languages[written] != ""
	}
	tag = strings.ToLower(strings.TrimSpace(written))
	if code := languages[foldLanguage(tag)]; code != "" {
		return code, true
	}
	if primary, _, found := strings.Cut(tag, "("); found { // "portuguese (brazil)"
		if code := languages[foldLanguage(primary)]; code != "" {
			return code, true
		}
	}
	i := strings.IndexAny(tag, "-_")
	if i < 0 {
		return tag, false
	}
	code := languages[foldLanguage(tag[:i])]
	switch {
	case code == "":
		return tag, false
	case i > longestCode: // a name with something behind it, "english - us": that is no subtag
		return code, true
	}
	return code + tag[i:], true
}

// longestCode is how many letters a code has at most; names are longer.
const longestCode = 3

// Shaped tells whether a tag could be that of a language which Read does not
// know: codes have two or three letters.
func Shaped(tag string) bool {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	return (len(tag) == 2 || len(tag) == longestCode) && lowerLetters(tag)
}

// Asked reads the language of the mentions that somebody asks for. A code that Read
// does not know may still be one of theirs; known is false for what is neither.
func Asked(written string) (tag string, known bool) {
	tag, known = Read(written)
	return tag, known || tag == "" || Shaped(tag)
}

func lowerLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// foldLanguage makes names that differ by accents, hyphens or spaces alike.
func foldLanguage(name string) string {
	return strings.TrimSpace(unaccented.Replace(name))
}

var unaccented = strings.NewReplacer("_", " ", "-", " ",
	"à", "a", "á", "a", "â", "a", "ä", "a", "å", "a", "ă", "a", "ç", "c", "č", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"í", "i", "ñ", "n", "ó", "o", "ö", "o", "ú", "u", "ù", "u", "ü", "u", "š", "s")

// languages gives the code of two letters for codes and names.
var languages = languageTable()

func languageTable() map[string]string {
	table := map[string]string{}
	add := func(code string, written ...string) {
		for _, w := range written {
			if w = foldLanguage(strings.ToLower(w)); w != "" && table[w] == "" {
				table[w] = code
			}
		}
	}
	for line := range strings.Lines(otherNames) {
		words := strings.Fields(line)
		add(words[0], words...)
	}
	english, spanish := display.Languages(language.English), display.Languages(language.Spanish)
	for first := 'a'; first <= 'z'; first++ {
		for second := 'a'; second <= 'z'; second++ {
			code := string([]rune{first, second})
			base, err := language.ParseBase(code)
			if err != nil || slices.Contains(formerCodes, code) || english.Name(base) == "" {
				continue
			}
			add(code, code, base.ISO3(), english.Name(base), spanish.Name(base), display.Self.Name(language.Make(code)))
		}
	}
	for w := range strings.FieldsSeq(threeLetters) {
		add(w, w)
	}
	return table
}

// formerCodes have been replaced; who wants them says so.
var formerCodes = []string{"in", "iw", "ji", "jw", "mo", "sh"}

// otherNames are what golang.org/x/text does not know languages by, one a line
// behind its code, spaces as "_": the bibliographic codes of ISO 639-2, what
// language detectors say for a language's main variety, and other names in use.
const otherNames = `ar arb
az azj
bo tib
ca valencia valencian valenciano
cs checoslovaco cze
cy wel
de ger
el gre griego_moderno
es castella castellano castilian
et ekk
eu baq vasco vascuence
fa farsi per pes
fi finlandes
fr fre
fy frisian frison
hi hindu
hr scr
ht haitian
hy arm
id bahasa_indonesia
is ice
ka geo
kl greenlandic
km cambodian
ky kirghiz
lv lvs
mg plt
mi mao
mk mac
mn khk
ms may zsm
my bur
nb bokmal
ne npi
nl dut flamenco flemish holandes vlaams
no norsk noruego norwegian
or ory
pa panjabi
ps pashtun
pt brazilian_portuguese portugues_brasileno portugues_do_brasil
ro mol moldavian moldavo romana rum
si sinhalese
sk slo
sq alb
sr scc
sw swh
tl tagalo tagalog
ug uighur
uz uzn
yi yid yiddish yidis ייִדיש
zh chi cmn mandarin zhongwen`

// threeLetters are languages with a code of three letters alone that platforms
// and detectors name.
const threeLetters = `ace apc arc ary arz ast awa ban bar bcl bem bho brx bug ceb ckb crh csb doi dsb ext fil frp fur gsw
hak hif hil hmn haw hsb ilo jam kab kha kok lad lmo lua luo lus mad mai min mni mos mwl nan nap nds nqo nso pam pap pcm pms rif rom
rue sah sat scn sco shi sma smj smn srn syr szl tlh tum tyv tzm vec war wuu yue zgh`
