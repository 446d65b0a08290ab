package sentiment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is remembered of words changes no answer: the sums are those of the
// features one by one, whatever was read before, also where words take each
// other's place.
func TestKnownWords(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("testdata/*.tsv")
	r, texts, different := m.reading(), 0, map[uint64]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			for _, l := range []language{english, spanish, french, portuguese} {
				r.read(line, l)
				r.list()
				if words, chars := m.weights.sum(r.words), m.weights.sum(r.chars); r.ofWords != words || r.ofChars != chars {
					t.Fatalf("%s in %s: %v and %v, want %v and %v", line, languageCodes[l], r.ofWords, r.ofChars, words, chars)
				}
				for i := range r.tokens {
					token := &r.tokens[i]
					different[token.hash] = true
					if token.kind != word {
						continue
					}
					if v, _ := m.lex.valence(r.letters[token.from:token.to], token.hash, l); token.valence != v {
						t.Fatalf("%s: a word's valence is %v, want %v", line, token.valence, v)
					}
				}
				texts++
			}
		}
	}
	if texts < 10_000 || len(different) < 2<<knownBits {
		t.Errorf("%d texts of %d words: too few for words to take each other's place", texts, len(different))
	}
}
