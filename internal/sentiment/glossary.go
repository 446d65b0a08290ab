package sentiment

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"
)

//go:embed glossary.tsv
var glossaryFile string

// glossed are the languages of the glossary's columns.
var glossed = []language{spanish, french, german}

// glossary holds how English words and short phrases are said in another
// language: folded, with the renderings, the likeliest first; "" is nothing.
type glossary map[string][]string

// longestPhrase of the glossary, in words.
const longestPhrase = 3

// readGlossary reads the column of a language.
func readGlossary(column int) (glossary, error) {
	g := glossary{}
	n := 0
	for line := range strings.Lines(glossaryFile) {
		n++
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 1+len(glossed) {
			return nil, fmt.Errorf("sentiment: line %d of the glossary has %d columns", n, len(cells))
		}
		switch said := cells[1+column]; said {
		case "-":
		case "0":
			g[foldWord(cells[0])] = []string{""}
		default:
			g[foldWord(cells[0])] = strings.Split(said, " / ")
		}
	}
	return g, nil
}

// translate puts an English text that r has read into the glossary's language,
// phrase by phrase and word by word; what it does not hold stays. The salt
// decides between renderings: the first gets more than half.
func (g glossary) translate(r *reading, salt uint64) string {
	var out []byte
	for i := 0; i < len(r.tokens); {
		t := &r.tokens[i]
		said, n := r.text[t.start:t.end], 1
		if t.flags&inTag != 0 {
			i++
			continue
		}
		for words := longestPhrase; words > 0; words-- {
			phrase := r.phrase(i, words)
			if all := g[phrase]; phrase != "" && all != nil {
				said, n = choose(all, mix(hashString(phrase)^salt*31^uint64(i))), words
				break
			}
		}
		if t.kind == tag {
			out = append(out, '#')
		}
		out = append(append(out, said...), ' ')
		i += n
	}
	return string(out)
}

func choose(all []string, dice uint64) string {
	if dice&1 == 0 {
		return all[0]
	}
	return all[dice>>8%uint64(len(all))]
}

// phrase gives n words in a row from a token on, folded; "" where there are fewer.
func (r *reading) phrase(from, n int) string {
	if from+n > len(r.tokens) {
		return ""
	}
	var out []byte
	for i := range r.tokens[from : from+n] {
		t := &r.tokens[from+i]
		if t.kind != word || t.flags&inTag != 0 {
			return ""
		}
		if i > 0 {
			out = append(out, ' ')
		}
		for _, c := range r.letters[t.from:t.to] {
			out = utf8.AppendRune(out, c)
		}
	}
	return string(out)
}
