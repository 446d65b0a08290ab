package sentiment

import (
	"os"
	"strings"
	"testing"
)

// TestPlainestWords: what people say in the plainest words is read rightly
// towards each brand, whatever the brands are called: "I hate X", "odio Y, amo
// X". The weights were fitted on each sentence with one name; here they stand
// with twenty.
func TestPlainestWords(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/towards_basic.txt")
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for line := range strings.Lines(string(data)) {
		if !strings.Contains("+-", line[:1]) {
			continue
		}
		wrong := 0
		for n := range invented {
			for _, row := range named(line, n) {
				f := strings.Split(row, "\t")
				if s := m.Score(f[3], f[1], NewTerms(f[2])); s != nil && string(Label(*s)) == f[0] {
					right++
				} else {
					wrong++
				}
				all++
			}
		}
		if wrong > len(invented)*4/5 {
			t.Errorf("%s: wrong with %d names", strings.TrimSpace(line), wrong)
		}
	}
	t.Logf("%d of %d right", right, all)
	if all < 5500 || right*100 < all*98 {
		t.Errorf("%d of %d right", right, all)
	}
}
