package sentiment

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestUsualWords writes towards/words.txt, the words that the invented sentences
// write without a capital; see docs/sentiment.md for its command. Without -write
// it tells whether the file is still what it would write.
func TestUsualWords(t *testing.T) {
	found, names := map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("testdata/towards_*.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if slices.Contains(measuring, filepath.Base(file)) {
			continue
		}
		for _, f := range rowsOf(t, file) {
			for name := range strings.SplitSeq(f[2], ",") { // one of several words may be any word
				names[name] = true
			}
			for _, w := range plainWords(f[3]) {
				found[w] = found[w] || w == strings.ToLower(w)
			}
		}
	}
	maps.DeleteFunc(found, func(word string, small bool) bool { return !small || names[word] })
	words := slices.Sorted(maps.Keys(found))
	var b strings.Builder
	b.WriteString("# Words of four letters and more that are usually written without a capital:\n# one that opens a sentence names nobody. Made by TestUsualWords.\n")
	for i, word := range words {
		if i == 0 || word[:1] != words[i-1][:1] {
			b.WriteString("\n")
		} else {
			b.WriteString(" ")
		}
		b.WriteString(word)
	}
	b.WriteString("\n")
	if *fitWrite {
		if err := os.WriteFile("towards/words.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := os.ReadFile("towards/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(listed) != b.String() {
		t.Errorf("towards/words.txt is not made of the sentences in testdata, which hold %d such words; run this test with -write", len(words))
	}
}

func rowsOf(t *testing.T, file string) (rows [][]string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		rows = append(rows, strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
	}
	return rows
}

// plainWords gives the words of a text that hold four letters and more and nothing
// but letters.
func plainWords(text string) (words []string) {
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !strings.ContainsRune("@#_'’-./&0123456789", c) }) {
		if w = strings.Trim(w, "'’-./"); utf8.RuneCountInString(w) > 3 && strings.IndexFunc(w, func(c rune) bool { return !unicode.IsLetter(c) }) < 0 {
			words = append(words, w)
		}
	}
	return words
}
