package language

import (
	_ "embed"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed words.txt
var words string

// lists tells the languages of common words. It is only read once it is made.
type lists struct {
	names   []string        // bit i of a set means names[i]
	scripts [scripts]uint64 // languages by script, without those of the model
	model   uint64          // languages of the model
	places  []listed        // open addressing; a power of two of them
	script  []int           // of each language
	first   [][]string      // words of each language, for training
}

// listed is a word. Both sets empty: nothing is here.
type listed struct {
	hash  uint32
	known uint8  // columns of the model it is a word of
	set   uint64 // languages it is a word of
}

// wordLists reads words.txt.
func wordLists() *lists {
	l := &lists{places: make([]listed, 1<<13)}
	for line := range strings.Lines(words) {
		name, rest, found := strings.Cut(line, ": ")
		if !found || name[0] == '#' {
			continue
		}
		list := strings.Fields(rest)
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, "'"))
		script := int(scriptOf(first))
		if first < utf8.RuneSelf {
			script = latin
		}
		i := l.index(name, script)
		l.first[i] = append(l.first[i], list...)
		column := -1
		if script == latin {
			column = slices.Index(names[:other], name)
		}
		if column < 0 {
			l.scripts[script] |= 1 << i
		} else {
			l.model |= 1 << i
		}
		for _, w := range list {
			var r reading
			r.read(w, true)
			for _, h := range r.words[:r.wordCount] {
				p := l.place(h)
				p.hash, p.set = h, p.set|1<<i
				if column >= 0 {
					p.known |= 1 << column
				}
			}
		}
	}
	return l
}

// index gives the place of a language in a script; Hindi has two.
func (l *lists) index(name string, script int) int {
	for i := range l.names {
		if l.names[i] == name && l.script[i] == script {
			return i
		}
	}
	l.names, l.script, l.first = append(l.names, name), append(l.script, script), append(l.first, nil)
	return len(l.names) - 1
}

// place finds where hash is, or the free place where it belongs.
func (l *lists) place(hash uint32) *listed {
	for i := hash; ; i++ {
		if p := &l.places[i&uint32(len(l.places)-1)]; p.set == 0 || p.hash == hash {
			return p
		}
	}
}

// vote counts for each language of a script how many of words are on its list;
// words of the model's languages in the columns except do not count. It gives
// the language with the most, how many of them no language of the model has, and
// by how many it leads.
func (l *lists) vote(hashes []uint32, script int, except uint8) (lang string, votes, own, lead int) {
	var count, alone [64]uint8
	for _, h := range hashes {
		p := l.place(h)
		if p.known&except != 0 {
			continue
		}
		for set := p.set & l.scripts[script]; set != 0; set &= set - 1 {
			i := bits.TrailingZeros64(set)
			count[i]++
			if p.known == 0 {
				alone[i]++
			}
		}
	}
	second := 0
	for i, name := range l.names {
		switch n := int(count[i]); {
		case n > votes:
			lang, votes, own, second = name, n, int(alone[i]), votes
		case n > second:
			second = n
		}
	}
	return lang, votes, own, votes - second
}

// only gives the column of the model whose list, and no other, holds one of the
// words, and how many it holds; -1 where there is none or they tell different
// languages.
func (l *lists) only(hashes []uint32) (column, words int) {
	column = -1
	for _, h := range hashes {
		set := l.place(h).set
		if set&l.model == 0 || set&(set-1) != 0 {
			continue
		}
		c := slices.Index(names[:other], l.names[bits.TrailingZeros64(set)])
		if column >= 0 && c != column {
			return -1, 0
		}
		column, words = c, words+1
	}
	return column, words
}

// hindi counts the words of romanised Hindi.
func (l *lists) hindi(hashes []uint32) (n int) {
	for _, h := range hashes {
		if l.place(h).known>>hindi&1 == 1 {
			n++
		}
	}
	return n
}

// telling says whether one letter alone counts as a word for the lists: letters
// that few languages of a script have.
func telling(char rune) bool {
	return char > 0x450 && char < 0x530 || char == 'ы' || char == 'э' || char > 0x66e && char < 0x6d4 || char == 'ळ'
}
