package sentiment

import (
	"strings"
	"testing"
)

func TestTranslate(t *testing.T) {
	r := newReading(&lexicon{}, newRoles(), nil)
	for column, want := range map[int]string{
		0: "no puedo esperar ! Acme es #Brilliant https://t.example/x ",
		1: "j'ai hâte ! Acme est #Brilliant https://t.example/x ",
	} {
		g, err := readGlossary(column)
		if err != nil {
			t.Fatal(err)
		}
		g["can't wait"], g["is"] = g["can't wait"][:1], g["is"][:1]
		r.read("Can't wait! Acme IS #Brilliant https://t.example/x", english)
		if got := g.translate(r, 1); got != want {
			t.Errorf("column %d: %q, want %q", column, got, want)
		}
	}
}

// Every cell says something, and no line stands twice.
func TestGlossary(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(glossaryFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 1+len(glossed) || seen[cells[0]] || len(strings.Fields(cells[0])) > longestPhrase {
			t.Errorf("%q", line)
		}
		seen[cells[0]] = true
		for _, cell := range cells {
			for said := range strings.SplitSeq(cell, " / ") {
				if said != strings.TrimSpace(said) || said == "" {
					t.Errorf("%q: an empty rendering", line)
				}
			}
		}
	}
	for column, l := range glossed {
		if g, err := readGlossary(column); err != nil || len(g) < 4000 {
			t.Errorf("%s: %d entries, %v", languageCodes[l], len(g), err)
		}
	}
}

// A glossed text says again and again the same, and its choices are spread.
func TestChoose(t *testing.T) {
	count := map[string]int{}
	for i := range uint64(3000) {
		count[choose([]string{"a", "b", "c"}, mix(i))]++
	}
	if count["a"] < 1800 || count["b"] < 350 || count["c"] < 350 {
		t.Errorf("%v, want two thirds, a sixth and a sixth", count)
	}
}
