package privacy

import (
	"fmt"
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

// letters are the notices of GDPR Art. 14 (1) and (2): one line to a paragraph,
// for whoever shows them breaks lines where they have to.
var letters = map[string]string{
	"en": `Why you're receiving this message

{{.Controller}} follows public conversations about "{{.Brand}}" to find people who recommend it. Some of your public posts are among them.

What we store: your public profile (name, handle, bio, link, follower count), your public posts about "{{.Brand}}" with their engagement figures, and a score calculated from them. Decisions are made by people, never by the score alone.

Source: your public profile and posts on {{.Platforms}}{{if .Since}}, stored since {{.Since}}{{end}}.

Purpose: to find and thank people who recommend "{{.Brand}}". Legal basis: legitimate interests, GDPR Art. 6(1)(f).

Who can see it: the team at {{.Controller}} that manages "{{.Brand}}". We do not sell it.

How long: {{.Kept}}.

Your rights: you can ask what is stored and get a copy (Art. 15), have it corrected (16), erased (17) or restricted (18), and object at any time, without giving a reason (21). You can complain to the data protection authority where you live (77).

To object and have everything about you removed, for good and in one step:
{{.Link}}

Or write to: {{.Contact}}
`,
	"es": `Por qué recibe este mensaje

{{.Controller}} sigue las conversaciones públicas sobre «{{.Brand}}» para encontrar a quienes la recomiendan. Entre ellas hay algunas publicaciones públicas suyas.

Qué guardamos: su perfil público (nombre, usuario, biografía, enlace, número de seguidores), sus publicaciones públicas sobre «{{.Brand}}» con sus cifras de interacción y una puntuación que se calcula con ellas. Las decisiones las toman personas, nunca la puntuación por sí sola.

Origen: su perfil y sus publicaciones públicas en {{.Platforms}}{{if .Since}}, guardados desde el {{.Since}}{{end}}.

Finalidad: encontrar a quienes recomiendan «{{.Brand}}» y darles las gracias. Base jurídica: interés legítimo, art. 6.1.f del RGPD.

Quién puede verlo: el equipo de {{.Controller}} que se ocupa de «{{.Brand}}». No lo vendemos.

Cuánto tiempo: {{.Kept}}.

Sus derechos: puede preguntar qué se guarda y pedir una copia (art. 15), que se corrija (16), se suprima (17) o se limite su uso (18), y oponerse en cualquier momento, sin dar motivos (21). Puede reclamar ante la autoridad de protección de datos de su país, en España la AEPD (77).

Para oponerse y que se borre todo sobre usted, para siempre y en un paso:
{{.Link}}

O escriba a: {{.Contact}}
`,
}

// missing stands where something is not set, so that nobody sends it so: the
// controller, the contact, how long, the link.
var missing = map[string][4]string{
	"en": {"[name of your organisation]", "[your contact details]", "until you object", "[opt-out link]"},
	"es": {"[nombre de tu organización]", "[tus datos de contacto]", "hasta que se oponga", "[enlace para oponerse]"},
}

// months as Spanish writes them.
var months = [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}

// onDay writes a day out: "November 2, 2026", «2 de noviembre de 2026».
func onDay(at time.Time, lang string) string {
	if lang == "es" {
		return fmt.Sprintf("%d de %s de %d", at.Day(), months[at.Month()-1], at.Year())
	}
	return at.Format("January 2, 2006")
}

// Missing names what is not set and stands in [brackets]: controller, contact,
// link.
func (l Letter) Missing() []string {
	names := []string{}
	for _, f := range []struct{ name, value string }{{"controller", l.Controller}, {"contact", l.Contact}, {"link", l.Link}} {
		if strings.TrimSpace(f.value) == "" {
			names = append(names, f.name)
		}
	}
	return names
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
		since = onDay(l.Since.UTC(), l.Lang)
	}
	var platforms []string
	for _, p := range l.Platforms {
		platforms = append(platforms, adalid.Platform(p).Title())
	}
	t, err := template.New("").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, map[string]string{
		"Controller": or(l.Controller, blank[0]), "Contact": or(l.Contact, blank[1]), "Kept": or(l.Kept, blank[2]),
		"Brand": l.Brand, "Platforms": strings.Join(platforms, ", "), "Since": since, "Link": or(l.Link, blank[3]),
	})
	return out.String(), err
}
