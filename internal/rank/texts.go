package rank

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// texts are strings in one block, so that a million of them are two
// allocations.
type texts struct {
	ends  []int64
	block []byte
}

func (t *texts) len() int { return len(t.ends) }

func (t *texts) add(s string) {
	t.block = append(t.block, s...)
	t.ends = append(t.ends, int64(len(t.block)))
}

func (t *texts) addBytes(s []byte) {
	t.block = append(t.block, s...)
	t.ends = append(t.ends, int64(len(t.block)))
}

// bytes are a view: whoever keeps them keeps the whole block.
func (t *texts) bytes(i int32) []byte {
	from := int64(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.block[from:t.ends[i]]
}

func (t *texts) at(i int32) string { return string(t.bytes(i)) }

// find looks for a string among [from, to), which are in order.
func (t *texts) find(s string, from, to int) (int, bool) {
	i := from + sort.Search(to-from, func(i int) bool { return string(t.bytes(int32(from+i))) >= s })
	return i, i < to && string(t.bytes(int32(i))) == s
}

// ordered gives texts in the order of places in t.
func (t *texts) ordered(places []int32) texts {
	out := texts{ends: make([]int64, 0, len(places)), block: make([]byte, 0, len(t.block))}
	for _, i := range places {
		out.block = append(out.block, t.bytes(i)...)
		out.ends = append(out.ends, int64(len(out.block)))
	}
	return out
}

// sort orders places by their texts. It compares seven bytes at once, which
// sorts a million ids three times faster than comparing strings (multikey
// quicksort, Bentley & Sedgewick 1997, with a cache of characters).
func (t *texts) sort(places []int32) {
	keyed := make([]keyedPlace, len(places))
	for i, p := range places {
		keyed[i] = keyedPlace{place: p}
	}
	t.sortFrom(keyed, 0)
	for i, k := range keyed {
		places[i] = k.place
	}
}

// keyedPlace is a text with the bytes of it that are compared now: seven, and
// below them how many those are or, where more follow, eight.
type keyedPlace struct {
	key   uint64
	place int32
}

const keyedBytes = 7

func (t *texts) sortFrom(list []keyedPlace, depth int) {
	for i := range list {
		list[i].key = keyOf(t.bytes(list[i].place)[depth:])
	}
	slices.SortFunc(list, func(a, b keyedPlace) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.place, b.place))
	})
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].key == list[from].key {
			to++
		}
		if to-from > 1 && list[from].key&0xff > keyedBytes {
			t.sortFrom(list[from:to], depth+keyedBytes)
		}
		from = to
	}
}

func keyOf(b []byte) uint64 {
	var word [8]byte
	n := copy(word[:keyedBytes], b)
	if len(b) > keyedBytes {
		n = keyedBytes + 1
	}
	word[keyedBytes] = byte(n)
	return binary.BigEndian.Uint64(word[:])
}

// strings gives the texts as strings.
func (t *texts) strings() []string {
	list := make([]string, t.len())
	for i := range list {
		list[i] = t.at(int32(i))
	}
	return list
}

// interner numbers strings in order of arrival.
type interner struct {
	texts
	of   map[string]int32
	last string // met last: neighbours are often the same
	n    int32  // its number
}

func (in *interner) number(s string) int32 {
	if in.of == nil {
		in.of = map[string]int32{}
	} else if s == in.last {
		return in.n
	}
	n, ok := in.of[s]
	if !ok {
		n = int32(in.len())
		s = strings.Clone(s)
		in.of[s] = n
		in.add(s)
	}
	in.last, in.n = s, n
	return n
}
