package rank

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sort"
)

// texts are strings in one block, so that a million of them are two
// allocations.
type texts struct {
	ends  []int64
	block []byte
}

func (t *texts) len() int { return len(t.ends) }

func (t *texts) add(s string) {
	t.block = append(roomy(t.block), s...)
	t.ends = append(roomy(t.ends), int64(len(t.block)))
}

func (t *texts) addBytes(s []byte) {
	t.block = append(roomy(t.block), s...)
	t.ends = append(roomy(t.ends), int64(len(t.block)))
}

// roomy gives a slice that is full twice the room: append alone would give long
// ones a quarter, and copy everything four times on the way to a million.
func roomy[T any](s []T) []T {
	if len(s) == cap(s) {
		return slices.Grow(s, max(len(s), 16))
	}
	return s
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

// sort orders places, which are in order, by their texts. It looks at seven
// bytes at once and, where those are the same, at the next (as multikey
// quicksort, Bentley & Sedgewick 1997, with a cache of characters).
func (t *texts) sort(places []int32) {
	list, spare := make([]keyed, len(places)), make([]keyed, len(places))
	for i, p := range places {
		list[i].place = p
	}
	t.sortFrom(list, spare, 0)
	for i, k := range list {
		places[i] = k.place
	}
}

// sorted gives the places of all texts in order.
func (t *texts) sorted() []int32 {
	places := make([]int32, t.len())
	for i := range places {
		places[i] = int32(i)
	}
	t.sort(places)
	return places
}

// A key is seven bytes of a text and below them how many those are or, where
// more follow, eight.
const keyedBytes = 7

func (t *texts) sortFrom(list, spare []keyed, depth int) {
	for i := range list {
		list[i].key = keyOf(t.bytes(list[i].place)[depth:])
	}
	sortKeyed(list, spare)
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].key == list[from].key {
			to++
		}
		if to-from > 1 && list[from].key&0xff > keyedBytes {
			t.sortFrom(list[from:to], spare, depth+keyedBytes)
		}
		from = to
	}
}

func keyOf(b []byte) uint64 {
	if len(b) > keyedBytes {
		return binary.BigEndian.Uint64(b)&^0xff | keyedBytes + 1
	}
	var word [8]byte
	copy(word[:], b)
	word[keyedBytes] = byte(len(b))
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
	seed  maphash.Seed
	slots []uint64 // open addressing: the upper half of a hash, below it the number + 1; 0: free
	last  int32    // met last: neighbours are often the same
}

// number gives the number of a string, a new one where it has none.
func (in *interner) number(s string) int32 {
	if 4*in.len() >= 3*len(in.slots) {
		in.grow()
	}
	if in.last < int32(in.len()) && string(in.bytes(in.last)) == s {
		return in.last
	}
	hash := maphash.String(in.seed, s)
	at := in.slot(hash, s)
	if in.slots[at] == 0 {
		in.add(s)
		in.slots[at] = hash&^numberBits | uint64(in.len())
	}
	in.last = int32(in.slots[at]&numberBits) - 1
	return in.last
}

// find gives the number of a string, false where it has none.
func (in *interner) find(s string) (int32, bool) {
	if in.len() == 0 {
		return 0, false
	}
	at := in.slot(maphash.String(in.seed, s), s)
	return int32(in.slots[at]&numberBits) - 1, in.slots[at] != 0
}

const numberBits = 1<<32 - 1

// slot is where a string is, or where it belongs.
func (in *interner) slot(hash uint64, s string) int {
	mask := len(in.slots) - 1
	for at := int(hash>>32) & mask; ; at = (at + 1) & mask {
		has := in.slots[at]
		if has == 0 || has>>32 == hash>>32 && string(in.bytes(int32(has&numberBits)-1)) == s {
			return at
		}
	}
}

// grow makes the table twice as large.
func (in *interner) grow() {
	if in.slots == nil {
		in.seed = maphash.MakeSeed()
	}
	old := in.slots
	in.slots = make([]uint64, max(16, 2*len(old)))
	mask := len(in.slots) - 1
	for _, has := range old {
		if has == 0 {
			continue
		}
		at := int(has>>32) & mask
		for in.slots[at] != 0 {
			at = (at + 1) & mask
		}
		in.slots[at] = has
	}
}
