package authenticity_test

import (
	"testing"

	"adalid/internal/authenticity"
)

// TestVoiceTellsOrganisations: what an account posts decides where its name alone
// is too little.
func TestVoiceTellsOrganisations(t *testing.T) {
	profile := authenticity.Profile{Name: "Fenland Voice", Handle: "FenlandVoice"} // a hint alone is too little
	hear := func(text, lang string, n int) authenticity.Behaviour {
		v := authenticity.Voice{}
		for range n {
			v.Hear(text, lang)
		}
		return authenticity.Behaviour{Voice: &v}
	}
	cases := []struct {
		name string
		b    authenticity.Behaviour
		want bool
	}{
		{"not heard", authenticity.Behaviour{}, false},
		{"points elsewhere", hear("Mill reopens https://fenland.example/1", "en", 5), true},
		{"too few posts", hear("Mill reopens https://fenland.example/1", "en", 4), false},
		{"no links", hear("Mill reopens", "en", 9), false},
		{"an unknown language", hear("Molen open https://fenland.example/1", "nl", 9), false},
		{"as I", hear("My mill https://fenland.example/1", "en", 9), false},
		{"en primera persona", hear("Estoy en el molino https://fenland.example/1", "es", 9), false},
	}
	for _, c := range cases {
		if k := authenticity.NatureOf(profile, c.b); k.Organisation() != c.want {
			t.Errorf("%s: %.2f %v, want organisation %v", c.name, k.Probability, k.Reasons, c.want)
		}
	}
}
