package authenticity_test

import (
	"testing"

	"adalid/internal/authenticity"
)

func TestNatureOf(t *testing.T) {
	type profile = authenticity.Profile
	cases := []struct {
		name string
		p    authenticity.Profile
		want bool
	}{
		{"nothing known", profile{}, false},
		{"a company", profile{Name: "Tostadora Sur, S.L.", Bio: ptr("Nuestros cafés, de la finca a tu taza")}, true},
		{"a shop", profile{Name: "Bean Street Shop", Bio: ptr("Fresh roasted coffee in Harlow. Open daily, free shipping. Follow us for deals")}, true},
		{"a newspaper", profile{Name: "El Diario de Zarlona", Bio: ptr("Noticias y última hora de la provincia de Zarlona")}, true},
		{"an official account", profile{Handle: "ZarlonaFC", Bio: ptr("Official account of the football team of Zarlona")}, true},
		{"only a handle", profile{Handle: "HarlowWeatherNews"}, true},
		{"its own site", profile{Handle: "novacafe", Name: "Nova", URL: ptr("https://www.nova-cafe.example/menu")}, true},
		{"a person", profile{Name: "Inés Ruiz", Bio: ptr("Madre de dos. Me gusta el café y mi bici")}, false},
		{"a person with a site", profile{Handle: "inesruiz", Name: "Inés Ruiz", URL: ptr("https://inesruiz.example")}, false},
		{"a person at work", profile{Name: "Tom Hale", Bio: ptr("I write for a magazine about shops and news. My views")}, false},
		{"a person of few words", profile{Name: "Tom Hale", Bio: ptr("coffee, bikes, rain")}, false},
	}
	for _, c := range cases {
		if k := authenticity.NatureOf(c.p, authenticity.Behaviour{}); k.Organisation() != c.want {
			t.Errorf("%s: %.2f %v, want organisation %v", c.name, k.Probability, k.Reasons, c.want)
		}
	}
	for _, r := range authenticity.NatureOf(cases[1].p, authenticity.Behaviour{}).Reasons {
		if r.Say("es") == "" || r.Say("en") == "" {
			t.Errorf("%s says nothing", r.Code)
		}
	}
}
