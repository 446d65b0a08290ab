package privacy

import (
	"strings"
	"text/template"
	"time"

	"adalid"
)

// Letter is what a notice says of one person.
type Letter struct {
	Lang       string // en or es
	Controller string // who is responsible: a name and where they are; "" asks for it
	Contact    string // how to reach them; "" asks for it
	Brand      string
	Platforms  []string  // where the posts were public
	Since      time.Time // when the first of them was stored; zero unknown
	Kept       string    // how long, in words; "" until objection
	Link       string    // to the opt-out page, where others can open it; "" asks for its address
}

// InformWithin is how long after the first storing somebody has to be informed
// at the latest: one month, GDPR Art. 14 (3) (a). A month is a calendar month.
func InformWithin(stored time.Time) time.Time { return stored.AddDate(0, 1, 0) }

// letters are the notices of GDPR Art. 14 (1) and (2).
var letters = map[string]string{
	"en": `Why you get this message

{{.Controller}} looks at what people say in public about "{{.Brand}}" to find out who
helps others with it. Posts of yours that anybody can read are among them.

What is kept: your public profile (name, handle, description, link, number of
followers), your public posts about "{{.Brand}}" with their figures, and a score that
is calculated from them. A person decides what follows from it, not a machine alone.
Where it comes from: {{.Platforms}}, what is public there{{if .Since}}, kept since {{.Since}}{{end}}.
Why: to know and thank people who recommend "{{.Brand}}". The legal basis is a
legitimate interest, GDPR Art. 6 (1) (f).
Who sees it: those at {{.Controller}} who look after "{{.Brand}}". It is not sold.
How long: {{.Kept}}.

Your rights: you may ask what is kept and get a copy (Art. 15), have it corrected
(16) or erased (17), have its use limited (18), and object at any time, without
giving a reason (21). You may complain to the data protection authority where you
live (77).

To object and have everything about you removed, for good and in one step:
{{.Link}}
Or write to: {{.Contact}}
`,
	"es": `Por qué recibe este mensaje

{{.Controller}} mira lo que la gente dice en público sobre «{{.Brand}}» para saber quién
ayuda a los demás con ella. Entre ello hay publicaciones suyas que cualquiera puede leer.

Qué se guarda: su perfil público (nombre, usuario, descripción, enlace, número de
seguidores), sus publicaciones públicas sobre «{{.Brand}}» con sus cifras, y una puntuación
que se calcula con ellas. Lo que se haga con ella lo decide una persona, no solo una máquina.
De dónde viene: {{.Platforms}}, lo que allí es público{{if .Since}}, guardado desde el {{.Since}}{{end}}.
Para qué: para conocer y agradecer a quienes recomiendan «{{.Brand}}». La base jurídica es el
interés legítimo, art. 6.1.f del RGPD.
Quién lo ve: las personas de {{.Controller}} que se ocupan de «{{.Brand}}». No se vende.
Cuánto tiempo: {{.Kept}}.

Sus derechos: puede preguntar qué se guarda y recibir una copia (art. 15), pedir que se
corrija (16) o se suprima (17), que se limite su uso (18), y oponerse en cualquier momento
sin dar motivos (21). Puede reclamar ante la autoridad de protección de datos de su país,
en España la AEPD (77).

Para oponerse y que se borre todo sobre usted, para siempre y en un paso:
{{.Link}}
O escriba a: {{.Contact}}
`,
}

// missing stands where a setting is missing, so that nobody sends it so.
var missing = map[string][4]string{
	"en": {"[who is responsible: set privacy.controller]", "[how to reach you: set privacy.contact]", "until you object", "[link: set privacy.url]"},
	"es": {"[quién es responsable: ajuste privacy.controller]", "[cómo contactar: ajuste privacy.contact]", "hasta que se oponga", "[enlace: ajuste privacy.url]"},
}

// Text gives the notice, Invalid for a language that there is none in.
func (l Letter) Text() (string, error) {
	text, ok := letters[l.Lang]
	if !ok {
		return "", adalid.Errorf(adalid.Invalid, "there is no notice in %q; there is one in en and es", l.Lang)
	}
	blank := missing[l.Lang]
	or := func(s, other string) string {
		if s = strings.TrimSpace(s); s == "" {
			return other
		}
		return s
	}
	since := ""
	if !l.Since.IsZero() {
		since = l.Since.UTC().Format(time.DateOnly)
	}
	t, err := template.New("").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, map[string]string{
		"Controller": or(l.Controller, blank[0]), "Contact": or(l.Contact, blank[1]), "Kept": or(l.Kept, blank[2]),
		"Brand": l.Brand, "Platforms": strings.Join(l.Platforms, ", "), "Since": since, "Link": or(l.Link, blank[3]),
	})
	return out.String(), err
}
