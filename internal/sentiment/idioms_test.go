package sentiment

import (
	"os"
	"strings"
	"testing"
)

// TestTurnsOfPhrase: invented posts in the languages beside English and Spanish
// (whose own are in probes.tsv). Turns of phrase never push one the wrong way,
// and two of three hold one.
func TestTurnsOfPhrase(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/idioms.tsv")
	if err != nil {
		t.Fatal(err)
	}
	r, texts, found := m.reading(), map[language]int{}, map[language]int{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		label, lang := cells[0], languageOf(cells[1])
		texts[lang]++
		r.read(cells[2], lang)
		r.lay()
		p, where := m.idioms[lang].first(r)
		if p == nil {
			continue
		}
		found[lang]++
		if p.effect == goodFor && label != "positive" || p.effect == badFor && label != "negative" {
			t.Errorf("%s: %q is %s, but %q says otherwise", cells[1], cells[2], label, where)
		}
	}
	for _, l := range []language{german, french, italian, portuguese} {
		if texts[l] != 60 || found[l] < 38 {
			t.Errorf("%s: %d of %d texts hold a turn of phrase", languageCodes[l], found[l], texts[l])
		}
	}
}
