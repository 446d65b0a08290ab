package sentiment

import (
	"slices"
	"strings"
)

// language is one of those the model was trained on.
type language uint8

// The languages, in the order of their codes. anyLanguage holds what they
// share, such as emoji.
const (
	anyLanguage language = iota
	arabic
	german
	english
	spanish
	french
	hindi // in Latin letters
	italian
	portuguese
	languageCount
)

var languageCodes = [languageCount]string{"", "ar", "de", "en", "es", "fr", "hi", "it", "pt"}

// Languages gives the codes of the languages that the model judges.
func Languages() []string { return slices.Clone(languageCodes[arabic:]) }

// languageNames are what research data call them in their file names.
var languageNames = [languageCount]string{"", "arabic", "german", "english", "spanish", "french", "hindi", "italian", "portuguese"}

// languageOf reads the primary subtag of a BCP 47 tag; some sources write en_GB.
func languageOf(tag string) language {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) != 2 {
		return anyLanguage
	}
	a, b := lower(tag[0]), lower(tag[1])
	for l := arabic; l < languageCount; l++ {
		if code := languageCodes[l]; code[0] == a && code[1] == b {
			return l
		}
	}
	return anyLanguage
}

// negators turn what follows them around. Written without accents.
var negators = [languageCount]string{
	arabic:     "لا ما لم لن ليس ليست مش مو مب غير بدون مافي مافيه ولا",
	german:     "nicht kein keine keinen keiner keinem nie niemals ohne nix nichts kaum weder nich net",
	english:    "not no never cannot without nobody nothing neither nor hardly barely none nowhere ain't aint can't cant won't wont don't dont doesn't doesnt didn't didnt isn't isnt aren't arent wasn't wasnt weren't werent wouldn't wouldnt couldn't couldnt shouldn't shouldnt haven't havent hasn't hasnt hadn't hadnt stop",
	spanish:    "no ni nunca jamas sin tampoco nada nadie ningun ninguna ninguno",
	french:     "pas jamais ni sans aucun aucune rien",
	hindi:      "nahi nahin na nhi nai mat not no never bina",
	italian:    "non senza mai nessun nessuno nessuna niente nulla ne",
	portuguese: "nao nem nunca sem jamais nada ninguem nenhum nenhuma n",
}

// contrasts end a negation and begin what counts more.
var contrasts = [languageCount]string{
	arabic:     "لكن بس",
	german:     "aber doch jedoch sondern",
	english:    "but however though although yet except",
	spanish:    "pero aunque sino",
	french:     "mais pourtant cependant",
	hindi:      "lekin par but magar",
	italian:    "ma pero tuttavia invece",
	portuguese: "mas porem embora",
}

// role is what a word does to the words after it.
type role uint8

const (
	noRole role = iota
	negator
	contrast
)

// roleSlots is the size of a language's table of roles: several times what it
// holds, so that most words are told apart by their first slot.
const roleSlots = 256

// roles holds the hashes of negators and contrasts and what they do, in open
// addressing.
type roles [languageCount][roleSlots]struct {
	hash uint64
	role role
}

func newRoles() *roles {
	var r roles
	for l := arabic; l < languageCount; l++ {
		for _, w := range strings.Fields(negators[l]) {
			r.add(l, hashString(foldWord(w)), negator)
		}
		for _, w := range strings.Fields(contrasts[l]) {
			r.add(l, hashString(foldWord(w)), contrast)
		}
	}
	return &r
}

func roleSlot(hash uint64) int { return int((hash>>32 ^ hash) % roleSlots) }

func (r *roles) add(l language, hash uint64, what role) {
	i := roleSlot(hash)
	for r[l][i].role != noRole && r[l][i].hash != hash {
		i = (i + 1) % roleSlots
	}
	r[l][i].hash, r[l][i].role = hash, what
}

func (r *roles) of(l language, hash uint64) role {
	for i := roleSlot(hash); r[l][i].role != noRole; i = (i + 1) % roleSlots {
		if r[l][i].hash == hash {
			return r[l][i].role
		}
	}
	return noRole
}
