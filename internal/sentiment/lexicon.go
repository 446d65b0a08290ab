package sentiment

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// lexicon holds the valences of words: an open-addressing table whose keys are
// hashes, so that looking up costs no allocation and no list of words ships.
// Two words in a million share a key.
type lexicon struct {
	keys   []uint32 // 0 marks an empty slot; the length is a power of two
	values []int8   // valence in thirtieths
	sieve  []uint64 // two bits of each key in the word of its top bits: few other keys pass
}

const sieveBits = 11 // of a key, choose its word

// sift fills the sieve.
func (x *lexicon) sift() {
	x.sieve = make([]uint64, 1<<sieveBits)
	for _, key := range x.keys {
		if key != 0 {
			x.sieve[key>>(32-sieveBits)] |= sieveMask(key)
		}
	}
}

func sieveMask(key uint32) uint64 { return 1<<(key&63) | 1<<(key>>6&63) }

const valenceUnit = 30

// lexiconKey is the key of a word of a language; a stem stands for every word
// that begins with it.
func lexiconKey(hash uint64, lang language, stem bool) uint32 {
	h := hash*31 + uint64(lang)
	if stem {
		h = ^h
	}
	return max(uint32(mix(h)>>16), 1)
}

// passes tells whether the lexicon may hold a key; it is wrong about few.
func (x *lexicon) passes(key uint32) bool {
	word, bits := int(key>>(32-sieveBits)), sieveMask(key)
	return word < len(x.sieve) && x.sieve[word]&bits == bits
}

func (x *lexicon) find(key uint32) (float32, bool) {
	if !x.passes(key) {
		return 0, false
	}
	mask := uint32(len(x.keys) - 1)
	for i := key * 0x9e3779b1 >> 7 & mask; x.keys[i] != 0; i = (i + 1) & mask {
		if x.keys[i] == key {
			return float32(x.values[i]) / valenceUnit, true
		}
	}
	return 0, false
}

// shortest and longest stem of the seeds, in letters.
const (
	shortestStem = 3
	longestStem  = 11
)

// valence looks up a word: first whole, then by its longest stem. The key is
// that of the entry, 0 without one.
func (x *lexicon) valence(letters []rune, hash uint64, lang language) (value float32, key uint32) {
	whole := lexiconKey(hash, lang, false)
	if x.passes(whole) {
		if v, ok := x.find(whole); ok {
			return v, whole
		}
	}
	if len(letters) < shortestStem {
		return 0, 0
	}
	h := uint64(hashStart)
	for i, c := range letters[:min(len(letters), longestStem)] {
		h = hashRune(h, c)
		if i+1 < shortestStem {
			continue
		}
		if stem := lexiconKey(h, lang, true); x.passes(stem) {
			if v, ok := x.find(stem); ok {
				value, key = v, stem
			}
		}
	}
	return value, key
}

// newLexicon makes the table of what entries holds.
func newLexicon(entries map[uint32]int8) lexicon {
	size := 1
	for size < 2*len(entries)+2 {
		size *= 2
	}
	x := lexicon{keys: make([]uint32, size), values: make([]int8, size)}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		i := key * 0x9e3779b1 >> 7 & uint32(size-1)
		for x.keys[i] != 0 {
			i = (i + 1) & uint32(size-1)
		}
		x.keys[i], x.values[i] = key, entries[key]
	}
	x.sift()
	return x
}

func foldWord(s string) string {
	out := make([]byte, 0, len(s))
	for _, c := range s {
		if f := fold(c); f != 0 {
			out = utf8.AppendRune(out, f)
		}
	}
	return string(out)
}
