package relevance

import (
	_ "embed"
	"strings"
)

//go:embed fields.txt
var fieldsFile string

// field is a semantic field of fields.txt.
type field struct {
	name string
	firm bool // speaks of a firm, before anything was marked
}

// lexicon maps words to semantic fields. It does not change.
type lexicon struct {
	fields   []field
	exact    map[string]uint64 // word → set of fields
	prefixes map[string]uint64 // beginning → set of fields
	longest  int               // bytes of a beginning
}

var fields = readLexicon(fieldsFile)

func readLexicon(file string) *lexicon {
	l := &lexicon{exact: map[string]uint64{}, prefixes: map[string]uint64{}}
	for line := range strings.Lines(file) {
		words := strings.Fields(line)
		if len(words) < 2 || words[0] == "#" || strings.HasPrefix(line, "#") {
			continue
		}
		bit := uint64(1) << len(l.fields)
		l.fields = append(l.fields, field{words[0], words[1] == "+"})
		for _, w := range words[2:] {
			if p, cut := strings.CutSuffix(w, "*"); cut {
				l.prefixes[p] |= bit
				l.longest = max(l.longest, len(p))
			} else if w != "|" {
				l.exact[w] |= bit
			}
		}
	}
	return l
}

// of gives the set of fields of a folded word.
func (l *lexicon) of(w string) uint64 {
	set := l.exact[w]
	if n := len(w); n > 3 && w[n-1] == 's' {
		set |= l.exact[w[:n-1]]
		if w[n-2] == 'e' {
			set |= l.exact[w[:n-2]]
		}
	}
	for n := min(len(w), l.longest); n > 2; n-- {
		set |= l.prefixes[w[:n]]
	}
	return set
}
