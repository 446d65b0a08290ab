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
	names   []string          // bit i of a set means names[i]
	scripts [scripts]uint64   // languages by script
	places  []listed          // open addressing; a power of two of them
	script  []int             // of each language
	first   [][]string        // words of each language, for training
	known   map[string]uint64 // bits of the model's languages, which have no vote
}

type listed struct {
	hash uint32
	set  uint64 // 0: nothing here
}

// wordLists reads words.txt.
func wordLists() *lists {
	l := &lists{known: map[string]uint64{}, places: make([]listed, 1<<13)}
	for line := range strings.Lines(words) {
		name, rest, found := strings.Cut(line, ": ")
		if !found || name[0] == '#' {
			continue
		}
		l.names = append(l.names, name)
		set := uint64(1) << (len(l.names) - 1)
		list := strings.Fields(rest)
		l.first = append(l.first, list)
		script := 0
		for _, w := range list {
			char, _ := utf8.DecodeRuneInString(w)
			if s := scriptOf(char); char >= utf8.RuneSelf {
				script = int(s)
			} else if script == 0 {
				script = latin
			}
			var r reading
			r.read(w, true)
			for _, h := range r.words[:r.wordCount] {
				l.add(h, set)
			}
		}
		l.script = append(l.script, script)
		switch {
		case script != latin || !slices.Contains(names[:], name):
			l.scripts[script] |= set
		default:
			l.known[name] = set
		}
	}
	return l
}

// place finds where hash is, or the free place where it belongs.
func (l *lists) place(hash uint32) *listed {
	for i := hash; ; i++ {
		if p := &l.places[i&uint32(len(l.places)-1)]; p.set == 0 || p.hash == hash {
			return p
		}
	}
}

func (l *lists) add(hash uint32, set uint64) {
	p := l.place(hash)
	p.hash, p.set = hash, p.set|set
}

// vote counts for each language of a script how many of words are on its list.
// Words that are also on the list of the language except do not count. It gives
// the language with the most and by how many it leads.
func (l *lists) vote(hashes []uint32, script int, except string) (lang string, votes, lead int) {
	var count [64]uint8
	for _, h := range hashes {
		set := l.place(h).set
		if set&l.known[except] != 0 {
			continue
		}
		for set &= l.scripts[script]; set != 0; set &= set - 1 {
			count[bits.TrailingZeros64(set)]++
		}
	}
	second := 0
	for i, name := range l.names {
		switch n := int(count[i]); {
		case n > votes:
			lang, votes, second = name, n, votes
		case n > second:
			second = n
		}
	}
	return lang, votes, votes - second
}

// hindi counts the words of romanised Hindi.
func (l *lists) hindi(hashes []uint32) (n int) {
	for _, h := range hashes {
		if l.place(h).set&l.known[names[hindi]] != 0 {
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
