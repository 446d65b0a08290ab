package identity

import (
	"strconv"
	"strings"
	"unicode"
)

// sentences say the reasons; {0} and {1} stand for their values.
var sentences = map[string]struct{ en, es string }{
	"mutual-links":        {"the profiles of {0} and {1} link to each other", "los perfiles de {0} y {1} se enlazan el uno al otro"},
	"links-to":            {"the profile of {0} links to {1}, which does not link back", "el perfil de {0} enlaza a {1}, que no le devuelve el enlace"},
	"linked-by-many":      {"the profile of {0} links to {1}, as others do", "el perfil de {0} enlaza a {1}, como hacen otros"},
	"own-page":            {"both profiles link to {0}, which bears their name, and no other does", "los dos perfiles enlazan a {0}, que lleva su nombre, y ningún otro lo hace"},
	"same-page":           {"both profiles link to {0}, and no other does", "los dos perfiles enlazan a {0}, y ningún otro lo hace"},
	"shared-page":         {"both profiles link to {0}, as few others do", "los dos perfiles enlazan a {0}, como pocos otros"},
	"handle-long":         {"the same long handle, {0}", "el mismo usuario, largo: {0}"},
	"handle-rare":         {"the same uncommon handle, {0}", "el mismo usuario, poco común: {0}"},
	"handle-short":        {"the same handle, {0}, which is short", "el mismo usuario, {0}, que es corto"},
	"handle-numbered":     {"the same handle, {0}: common words with the same number", "el mismo usuario, {0}: palabras comunes con el mismo número"},
	"handle-of-rare-name": {"the same handle, {0}, made of an uncommon name", "el mismo usuario, {0}, hecho de un nombre poco común"},
	"handle-of-name":      {"the same handle, {0}, made of the name or of common words", "el mismo usuario, {0}, hecho del nombre o de palabras comunes"},
	"name-rare":           {"the same uncommon name, {0}", "el mismo nombre, poco común: {0}"},
	"name":                {"the same name, {0}, which many have", "el mismo nombre, {0}, que tienen muchos"},
	"other-name":          {"different names, {0} and {1}", "nombres distintos, {0} y {1}"},
	"same-bio":            {"the biographies say nearly the same", "las biografías dicen casi lo mismo"},
	"about-other":         {"{0} says that it is a fan's, a parody or alike", "{0} dice que es de un fan, una parodia o algo así"},
	"names-another":       {"the profile of {0} links to another account there, {1}", "el perfil de {0} enlaza allí a otra cuenta, {1}"},
	"one-side":            {"all of it one side alone could have written, so it is not certain", "todo ello pudo escribirlo una sola parte, así que no es seguro"},
}

// Say gives a reason as a sentence in "es" or, in every other language, in
// English; "" for a code that is not known. The values in it were written by
// strangers: signs that steer a terminal or turn the writing are left out.
func (r Reason) Say(lang string) string {
	s := sentences[r.Code]
	text := s.en
	if lang == "es" {
		text = s.es
	}
	pairs := make([]string, 0, 2*len(r.Values))
	for i, v := range r.Values {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", plain(v))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// plain leaves out control and formatting characters.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, cut(text, longestLink))
}
