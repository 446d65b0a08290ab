package graph

import "math/bits"

// tally adds up numbers by key. It is a hash table no larger than what is at
// hand: of most nodes that fits into the nearest cache, where an array over all
// keys would wait for memory at each of them.
type tally struct {
	slots []slot
	shift int     // a hash's upper bits, which are left, are its slot
	used  []int32 // slots in use, in the order in which their keys came
}

type slot struct {
	sum float64
	key int32 // one more than it: 0 is a free slot
}

// expect forgets everything and makes room for so many keys.
func (y *tally) expect(keys int) {
	for _, i := range y.used {
		y.slots[i] = slot{}
	}
	y.used = y.used[:0]
	width := bits.Len(uint(2 * keys)) // more than half of the slots stay free
	if len(y.slots) < 1<<width {
		y.slots = make([]slot, 1<<width)
	}
	y.shift = 32 - width
}

// find gives the slot of a key, which is free when the key did not come yet.
func (y *tally) find(key int32) uint32 {
	i := uint32(key) * 0x9E3779B1 >> y.shift // Fibonacci hashing: Knuth, TAOCP 6.4
	for y.slots[i].key != key+1 && y.slots[i].key != 0 {
		i = (i + 1) & (1<<(32-y.shift) - 1)
	}
	return i
}

// add counts w for a key, which is not negative.
func (y *tally) add(key int32, w float64) {
	i := y.find(key)
	s := &y.slots[i]
	if s.key == 0 {
		s.key = key + 1
		y.used = append(y.used, int32(i))
	}
	s.sum += w
}

// sums yields what was added up, by key, in the order in which keys came.
func (y *tally) sums(yield func(key int32, sum float64) bool) {
	for _, i := range y.used {
		if s := y.slots[i]; !yield(s.key-1, s.sum) {
			return
		}
	}
}
