package match

import (
	"strings"
	"testing"
)

func TestCompose(t *testing.T) {
	for _, c := range []struct {
		names, excluded, want string
	}{
		{"Acme", "", `"Acme"`},
		{"Acme|Café Lumbre|#lumbre|@lumbre.cafe", "", `"Acme" OR "Café Lumbre" OR #lumbre OR @lumbre.cafe`},
		{"Acme|Acme Ltd", "cartoon|road runner", `("Acme" OR "Acme Ltd") -"cartoon" -"road runner"`},
		{"Acme", "#ad", `"Acme" -#ad`},
		{`say "hi"|  |“|-|()`, "", `"say hi"`},
		{"", "cartoon", ""},
		{"NOT", "OR", `"NOT" -"OR"`},
		{"# two words", "", `"two words"`},
		{"🔥", "", `"🔥"`},
	} {
		got := Compose(strings.Split(c.names, "|"), strings.Split(c.excluded, "|"))
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%q %q: %s, want %s", c.names, c.excluded, got, c.want)
		}
		if got == "" {
			continue
		}
		if _, err := Parse(got); err != nil {
			t.Errorf("%s: %v", got, err)
		}
	}
}

// TestComposeMatches: each name finds its post, and an excluded word keeps it out.
func TestComposeMatches(t *testing.T) {
	q, err := Parse(Compose([]string{"Lumbre", "#lumbrecafe", "@lumbrecafe"}, []string{"hoguera"}))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"El tueste de Lumbre es otra liga": true, "otra bolsa de @lumbrecafe": true, "#LumbreCafe al despertar": true,
		"la lumbre de la hoguera": false, "nada que ver": false,
	} {
		if e := Explain(q, Doc{Text: text}); e.Matched != want {
			t.Errorf("%q: %v, %s", text, e.Matched, e.Because)
		}
	}
}

// FuzzCompose: what people type never acts as syntax, so whatever they type is a
// query, or one that says what is wrong with a word in it.
func FuzzCompose(f *testing.F) {
	f.Add("Acme", `") OR *`)
	f.Add("@a b", "-lang:es")
	f.Add("C++", "a*")
	f.Fuzz(func(t *testing.T, name, excluded string) {
		got := Compose([]string{name}, []string{excluded})
		if got == "" {
			return
		}
		q, err := Parse(got)
		if err != nil {
			return // a word too long, a wildcard with too little beside it
		}
		if n := strings.Count(q.String(), " OR ") + strings.Count(q.String(), ":"); n > strings.Count(name+excluded, ":")+strings.Count(name+excluded, " OR ")+strings.Count(name+excluded, " or ") {
			t.Errorf("%q %q acts: %s", name, excluded, q)
		}
	})
}
