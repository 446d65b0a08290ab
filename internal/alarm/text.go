package alarm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"adalid/collectors"
)

func sorted(found map[place]view) []place {
	return slices.SortedFunc(maps.Keys(found), func(a, b place) int {
		return cmp.Or(strings.Compare(a.brand, b.brand), strings.Compare(a.source, b.source))
	})
}

// words are what a message says in a language.
type words struct {
	wrong, over string // subject: source, brand
	since, fix  string
	kinds       map[collectors.Kind]string
}

var texts = map[string]words{
	"en": {
		wrong: "%s: a problem while reading mentions of %s", over: "%s: mentions of %s are read again",
		since: "Since", fix: "What to do",
		kinds: map[collectors.Kind]string{
			collectors.Auth: "The platform refuses the credentials.", collectors.Forbidden: "The platform refuses access.",
			collectors.NotEntitled: "The plan or approval does not cover this.", collectors.RateLimited: "The platform has asked to wait for hours.",
			collectors.Quota: "The platform's quota is used up.", collectors.Budget: "The budget is used up for now.",
			collectors.Transient: "The platform does not answer.", collectors.Gone: "What is read there no longer exists.",
			collectors.Schema: "The platform answers in a form that Adalid does not understand.", Silent: "It brings nothing new, against its habit.",
			"": "An error of Adalid's own stopped it.",
		},
	},
	"es": {
		wrong: "%s: un problema al leer las menciones de %s", over: "%s: las menciones de %s se leen de nuevo",
		since: "Desde", fix: "Qué hacer",
		kinds: map[collectors.Kind]string{
			collectors.Auth: "La plataforma rechaza las credenciales.", collectors.Forbidden: "La plataforma niega el acceso.",
			collectors.NotEntitled: "El plan o el permiso no incluyen esto.", collectors.RateLimited: "La plataforma pide esperar desde hace horas.",
			collectors.Quota: "La cuota de la plataforma está agotada.", collectors.Budget: "El presupuesto está agotado por ahora.",
			collectors.Transient: "La plataforma no responde.", collectors.Gone: "Lo que se leía allí ya no existe.",
			collectors.Schema: "La plataforma responde en una forma que Adalid no entiende.", Silent: "No trae nada nuevo, contra su costumbre.",
			"": "La detuvo un error del propio Adalid.",
		},
	},
}

// text gives a message in a language; English where there is none.
func (m Message) text(language string) (subject, body string) {
	w, ok := texts[language]
	if !ok {
		w = texts["en"]
	}
	form := w.wrong
	if m.Ended {
		form = w.over
	}
	subject = fmt.Sprintf(form, m.Source, m.Brand)
	body = w.kinds[m.Kind] + "\n" + m.Reason + "\n\n" + w.since + ": " + m.Since.UTC().Format("2006-01-02 15:04 UTC") + "\n"
	if m.Fix != "" && !m.Ended {
		body += w.fix + ": " + m.Fix + "\n"
	}
	return oneLine(subject), body
}

// oneLine keeps a brand's name from adding headers to a mail.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}
