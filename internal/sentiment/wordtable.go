package sentiment

import (
	"math/bits"
	"strings"
)

// wordTable gives a number above zero for some words, by their hashes. It is
// asked for nearly every word of a text, most of which it does not hold: three
// of four of its slots are empty, so that one look mostly does.
type wordTable struct {
	slots []wordSlot
	shift uint8
}

type wordSlot struct {
	hash  uint64
	value uint16
}

func newWordTable(words map[uint64]uint16) wordTable {
	size := bits.Len(uint(4*len(words) + 1))
	t := wordTable{make([]wordSlot, 1<<size), uint8(64 - size)}
	for h, x := range words {
		i := t.at(h)
		for t.slots[i].value != 0 {
			i = (i + 1) & (len(t.slots) - 1)
		}
		t.slots[i] = wordSlot{h, x}
	}
	return t
}

func (t *wordTable) at(hash uint64) int { return int(hash * 0x9e3779b97f4a7c15 >> t.shift) }

// of gives the number of a word, 0 when the table does not hold it.
func (t *wordTable) of(hash uint64) uint16 {
	for i := t.at(hash); ; i++ {
		s := &t.slots[i&(len(t.slots)-1)]
		if s.value == 0 || s.hash == hash {
			return s.value
		}
	}
}

func (t *wordTable) has(hash uint64) bool { return t.of(hash) != 0 }

func wordSet(words string) wordTable {
	set := map[uint64]uint16{}
	for w := range strings.FieldsSeq(words) {
		set[hashString(w)] = 1
	}
	return newWordTable(set)
}
