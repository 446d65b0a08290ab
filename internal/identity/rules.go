package identity

// The steps of the table, as those of internal/authenticity: chosen by what a
// rule can prove, on one scale, not fitted; docs/identity.md says how.
const (
	weak     = 0.5
	fair     = 1.0
	strong   = 1.75
	telling  = 3.0
	decisive = 4.5
	mutual   = 8.0
)

// rule is one line of the table: what it adds to the log-odds and how it is
// said. {0} and {1} stand for the reason's values. A weight of 0 is that of a
// ceiling: the reason's own is what was above.
type rule struct {
	code   string
	weight float64
	en, es string
}

// rules is the whole of what a confidence is made of; weigh.go says when each
// holds.
var rules = []rule{
	{"mutual-links", mutual, "the profiles of {0} and {1} link to each other", "los perfiles de {0} y {1} se enlazan el uno al otro"},
	{"links-to", telling, "the profile of {0} links to {1}, which does not link back", "el perfil de {0} enlaza a {1}, que no le devuelve el enlace"},
	{"linked-by-many", weak, "the profile of {0} links to {1}, as others do", "el perfil de {0} enlaza a {1}, como hacen otros"},
	{"own-page", decisive, "both profiles link to {0}, which bears their name, and no other does", "los dos perfiles enlazan a {0}, que lleva su nombre, y ningún otro lo hace"},
	{"same-page", strong, "both profiles link to {0}, and no other does", "los dos perfiles enlazan a {0}, y ningún otro lo hace"},
	{"shared-page", weak, "both profiles link to {0}, as few others do", "los dos perfiles enlazan a {0}, como pocos otros"},
	{"handle-long", decisive, "the same long handle, {0}", "el mismo usuario, largo: {0}"},
	{"handle-rare", telling, "the same uncommon handle, {0}", "el mismo usuario, poco común: {0}"},
	{"handle-short", fair, "the same handle, {0}, which is short", "el mismo usuario, {0}, que es corto"},
	{"handle-numbered", strong, "the same handle, {0}: common words with the same number", "el mismo usuario, {0}: palabras comunes con el mismo número"},
	{"handle-of-rare-name", strong, "the same handle, {0}, made of an uncommon name", "el mismo usuario, {0}, hecho de un nombre poco común"},
	{"handle-of-name", weak, "the same handle, {0}, made of the name or of common words", "el mismo usuario, {0}, hecho del nombre o de palabras comunes"},
	{"name-rare", strong, "the same uncommon name, {0}", "el mismo nombre, poco común: {0}"},
	{"name", weak, "the same name, {0}, which many have", "el mismo nombre, {0}, que tienen muchos"},
	{"other-name", -strong, "different names, {0} and {1}", "nombres distintos, {0} y {1}"},
	{"same-bio", telling, "the biographies say nearly the same", "las biografías dicen casi lo mismo"},
	{"about-other", -telling, "{0} says that it is a fan's, a parody or alike", "{0} dice que es de un fan, una parodia o algo así"},
	{"names-another", 0, "the profile of {0} links to another account there, {1}", "el perfil de {0} enlaza allí a otra cuenta, {1}"},
	{"one-side", 0, "all of it one side alone could have written, so it is not certain", "todo ello pudo escribirlo una sola parte, así que no es seguro"},
}

// ruleOf gives the rule of a code; false when there is none.
func ruleOf(code string) (rule, bool) {
	for i := range rules {
		if rules[i].code == code {
			return rules[i], true
		}
	}
	return rule{}, false
}
