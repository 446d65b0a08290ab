package authenticity

import (
	"regexp"
	"testing"
)

// The table is what a UI says: every rule has a name of its own, a weight and a
// sentence in both languages with the same numbers.
func TestTable(t *testing.T) {
	seen, group := map[string]bool{}, ""
	closed := map[string]bool{}
	for _, n := range natures {
		if seen[n.code] || n.weight == 0 || n.en == "" || n.es == "" || n.bio == nil && n.name == nil && n.holds == nil {
			t.Errorf("%q: the code is not its own, or weight, sentence or test is missing", n.code)
		}
		seen[n.code] = true
	}
	number := regexp.MustCompile(`\{\d\}`)
	for _, r := range rules {
		if seen[r.code] || r.weight == 0 || r.en == "" || r.es == "" || r.en == r.es {
			t.Errorf("%q: the code is not its own, or weight or sentence is missing", r.code)
		}
		if en, es := len(number.FindAllString(r.en, -1)), len(number.FindAllString(r.es, -1)); en != es {
			t.Errorf("%q names %d numbers in English and %d in Spanish", r.code, en, es)
		}
		if r.group != group {
			closed[group] = true
		}
		if r.group != "" && closed[r.group] {
			t.Errorf("%q: the rules of the group %q do not stand together", r.code, r.group)
		}
		seen[r.code], group = true, r.group
	}
}
