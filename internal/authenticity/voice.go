package authenticity

import "strings"

// Voice is how an account speaks in its own posts. [Voice.Hear] adds them up one
// by one.
type Voice struct {
	Posts    int `json:"posts"`    // that were heard, in a language of singular
	Singular int `json:"singular"` // of them, those in which somebody speaks as I
	Linking  int `json:"linking"`  // of them, those with a link
}

// From so many posts on a voice tells something: of fewer it is too much chance
// whether somebody says I.
const (
	voicePosts   = 5
	singularFrom = 0.2 // share of posts of who speaks as I
	linkingFrom  = 0.8 // share of posts with a link of who mostly points elsewhere
)

// singular is how people speak of themselves, by language. Left out is what
// means another thing as well: "ma" and "mes", "sono", and the verbs of German.
var singular = map[string][]string{
	"en": phrases("i", "i'm", "im", "i've", "ive", "i'll", "i'd", "my", "me", "mine", "myself"),
	"es": phrases("yo", "mi", "mis", "mí", "me", "conmigo", "mío", "mía", "soy", "estoy", "tengo", "voy", "fui", "creo", "quiero", "puedo", "hago"),
	"pt": phrases("eu", "meu", "minha", "meus", "minhas", "me", "mim", "comigo", "sou", "estou", "tenho", "vou", "fui", "acho", "quero", "posso"),
	"fr": phrases("je", "j'ai", "j'aime", "j'étais", "moi", "mon", "me", "m'a", "suis"),
	"de": phrases("ich", "mir", "mich", "mein", "meine", "meinen", "meinem", "meiner"),
	"it": phrases("io", "mio", "mia", "miei", "mie", "mi", "me", "ho", "sto", "vado", "penso", "voglio"),
}

// Hear adds a post in a language, as internal/language names it. What is in no
// language of these says nothing of who speaks.
func (v *Voice) Hear(text, lang string) {
	list, known := singular[lang]
	if !known {
		return
	}
	v.Posts++
	if words(text).hasAny(list) {
		v.Singular++
	}
	if strings.Contains(text, "://") {
		v.Linking++
	}
}

// personal tells somebody who speaks as I.
func (v *Voice) personal() bool {
	return v != nil && v.Posts >= voicePosts && float64(v.Singular) >= singularFrom*float64(v.Posts)
}

// impersonal tells who never says I and mostly points elsewhere.
func (v *Voice) impersonal() bool {
	return v != nil && v.Posts >= voicePosts && v.Singular == 0 && float64(v.Linking) >= linkingFrom*float64(v.Posts)
}
