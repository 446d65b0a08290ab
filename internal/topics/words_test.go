package topics

import (
	"strings"
	"testing"

	"adalid"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"es", "¡El café, de Té Lunar!", "café"},
		{"es", "la atención al cliente", "atención, atención al cliente, cliente"},
		{"es", "muy buena atención", "atención"},
		{"es", "https://x.example/envio @envio_rapido 100 www.x.example", ""},
		{"es", "precio pic.twitter.com/a1B2 tienda", "precio, tienda"},
		{"es", "envío 24h #EnvioGratis", "envío, envío 24h, 24h, EnvioGratis"},
		{"es", "#TéLunarAmor precio", "precio"},
		{"es", "el precio.\nla tienda", "precio, tienda"},
		{"es", "precio ☕ tienda", "precio, tienda"},
		{"fr", "l'équipe d’accueil", "équipe, équipe d'accueil, accueil"},
		{"de", "der Kundenservice von Té Lunar", "Kundenservice"},
		{"ja", "お茶が大好きです", ""},
		{"xx", "kuva vihreä", "kuva, kuva vihreä, vihreä"},
		{"es", "el tiempo de entrega", "tiempo de entrega, entrega"},
		{"es", "el tiempo", ""},
		{"", "", ""},
	} {
		terms := newTerms(ownTerms(tea))
		var forms []string
		for _, f := range grams(terms.mark(scan(legible(c.text, longestText), c.lang)), c.lang) {
			forms = append(forms, f.form)
		}
		if got := strings.Join(forms, ", "); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}

func TestNounPhrases(t *testing.T) {
	tagger, err := newTagger()
	if err != nil {
		t.Fatal(err)
	}
	terms := newTerms(ownTerms(tea))
	for text, want := range map[string]string{
		"The customer service of Té Lunar was slow":               "service, customer service",
		"I bought a cold brew and it's great":                     "brew, cold brew",
		"don't like the shop's opening hours, do you?":            "hours, shop opening hours",
		"@telunar your delivery arrived late http://x.example":    "delivery",
		"Té Lunar coffee beans #freshroast":                       "beans, coffee beans, freshroast",
		"the long night, the waiting list and the delivery times": "list, waiting list, delivery times",
		"the staff. the shop":                                     "staff, shop",
	} {
		var forms []string
		for _, f := range tagger.nounPhrases(terms.mark(scan(text, "en"))) {
			forms = append(forms, f.form)
		}
		if got := strings.Join(forms, ", "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestKeys(t *testing.T) {
	for in, want := range map[string]string{
		"Flights": "flight", "deliveries": "delivery", "boxes": "box", "glass": "glass", "bus": "bus", "gas": "gas",
		"branches": "branch", "CAFÉS": "cafe", "team's": "team", "tennis": "tennis", "shoes": "shoe",
	} {
		if got := scan(in, "en"); len(got) != 1 || got[0].key != want {
			t.Errorf("%q: %+v, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"Año": "ano", "ATENCIÓN": "atencion", "cafe\u0301": "cafe", "Straße": "strasse", "أحمد": "احمد", "Ångström": "angstrom"} {
		if got := fold(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestOwnTerms(t *testing.T) {
	for _, c := range []struct {
		name, query string
		want        []string
	}{
		{"Nova", `nova OR @nova_air OR #nova`, []string{"#nova", "@nova_air", "Nova", "nova"}},
		{"Nova", `"nova air" AND (flight OR delay) NOT bossa`, []string{"Nova", "nova air"}},
		{"Nova", `novaair delay`, []string{"Nova", "novaair"}},
		{"Nova", `NA1 OR "air nova"`, []string{"NA1", "Nova", "air nova"}},
		{"Nova", `"unclosed`, []string{"Nova", "unclosed"}},
		{"Nova", ``, []string{"Nova"}},
	} {
		if d := cmp.Diff(c.want, ownTerms(adalid.Brand{Name: c.name, Query: c.query})); d != "" {
			t.Errorf("%s: %s", c.query, d)
		}
	}
	marked := newTerms([]string{"nova*", "El Corte"}).mark(scan("Novas de el corte, corte #elcorte nov", "es"))
	var names []string
	for _, tok := range marked {
		if tok.class == named {
			names = append(names, tok.form)
		}
	}
	if d := cmp.Diff([]string{"Novas", "el", "corte", "elcorte"}, names); d != "" {
		t.Error(d)
	}
}
