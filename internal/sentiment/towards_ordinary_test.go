package sentiment

import (
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// DevelopmentData gives a place in the folder of the development data; without it
// the test is skipped, but in CI.
func DevelopmentData(t *testing.T, path ...string) string {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	place := filepath.Join(append([]string{dir}, path...)...)
	if _, err := os.Stat(place); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return place
}

// ordinaryText is a text of a permitted file, with the first account, tag or
// name in it for a brand. Its label is of the text as a whole, which is nearly
// always what it says of who is named.
type ordinaryText struct {
	text, lang string
	label      int
	about      *Terms
}

// measured are the texts of a file, one of ten, that the weights towards a brand
// never learn from.
const measured, ofTen = 3, 10

// ordinaryTexts gives the texts of a file that name somebody: those to measure
// with, or the others.
func ordinaryTexts(t *testing.T, file string, measure bool) iter.Seq[ordinaryText] {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lang := "en"
	if strings.Contains(file, "spanish") {
		lang = "es"
	}
	return func(yield func(ordinaryText) bool) {
		n := 0
		for line := range strings.Lines(string(data)) {
			label, text, found := strings.Cut(strings.TrimSpace(line), "\t")
			if n++; !found || len(label) != 1 || (n%ofTen == measured) != measure {
				continue
			}
			about := NewTerms(firstNamed(text))
			if about != nil && !yield(ordinaryText{text, lang, int(label[0] - '0'), about}) {
				return
			}
		}
	}
}

// firstNamed is the first account, tag or word in capitals like a name, "" when
// there is none.
func firstNamed(text string) string {
	for k, w := range strings.Fields(text) {
		w = strings.Trim(w, ".,:;!?\"'()")
		if len(w) > 3 && (w[0] == '@' || w[0] == '#' || k > 0 && w[0] >= 'A' && w[0] <= 'Z' && w != strings.ToUpper(w)) {
			return strings.TrimPrefix(w, "#")
		}
	}
	return ""
}

// TestOrdinaryTexts: knowing the brand must not spoil what the words of ordinary
// texts say. The words were learnt on these very texts, so they are read better
// here than others are, and the weights towards a brand seem to cost more.
func TestOrdinaryTexts(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var words, towards, silent, found, all int
	for _, file := range []string{"umsab_spanish_train.tsv", "umsab_english_train.tsv", "semeval2013_2016_english_train.tsv"} {
		for x := range ordinaryTexts(t, DevelopmentData(t, "sentiment", file), true) {
			plain, about := m.Judge(x.text, x.lang, nil), m.Judge(x.text, x.lang, x.about)
			if !plain.Known {
				continue
			}
			all++
			if called(plain) == x.label {
				words++
			}
			if called(about) == x.label {
				towards++
			}
			if x.label == int(neutral) {
				silent++
			}
			if called(about) == int(neutral) {
				found++
			}
		}
	}
	share := func(n int) float64 { return float64(n) / float64(all) }
	t.Logf("%d texts: by words %.3f right, towards whom they name %.3f; neutral %.3f, read so %.3f", all, share(words), share(towards), share(silent), share(found))
	if lost := share(words) - share(towards); lost > .06 {
		t.Errorf("knowing the brand costs %.3f", lost)
	}
	if off := share(silent) - share(found); off > .08 {
		t.Errorf("%.3f more texts are neutral than are read so", off)
	}
}

// called is the likeliest class of a text.
func called(j Judgement) int {
	return top([classCount]float32{float32(j.Negative), float32(j.Neutral), float32(j.Positive)})
}
