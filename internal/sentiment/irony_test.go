package sentiment

import (
	"os"
	"strings"
	"testing"
)

// TestIrony measures what is known to fail: 130 invented posts in English and as
// many in Spanish that complain in words of praise, and as many that praise in
// words of complaint, by somebody who never saw the program. Nothing is trained
// or tuned on them. That some are read rightly is no merit; that fewer are would
// be a loss.
func TestIrony(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/irony.tsv")
	if err != nil {
		t.Fatal(err)
	}
	texts, right := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		kind := cells[0] + " " + cells[1]
		texts[kind]++
		if s := m.Score(cells[2], cells[0], nil); s != nil && string(Label(*s)) == cells[1] {
			right[kind]++
		}
	}
	for kind, least := range map[string]int{"en negative": 18, "en positive": 60, "es negative": 20, "es positive": 40} {
		t.Logf("%s: %d of %d read rightly", kind, right[kind], texts[kind])
		if texts[kind] != 130 || right[kind] < least {
			t.Errorf("%s: %d of %d read rightly, before at least %d", kind, right[kind], texts[kind], least)
		}
	}
}
