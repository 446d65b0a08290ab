package rank

import (
	"slices"
	"unsafe"
)

// column is a slice of numbers whatever their type, for what is done to all
// columns alike. Both columns that a method takes are of the same type.
type column interface {
	// raw is the column's memory.
	raw() []byte
	// use makes memory the column, without copying; it has to be aligned to
	// eight bytes and a whole number of values.
	use([]byte)
	// pick makes the column of values of old, and of fresh where a place is
	// below zero: −1 is fresh's first.
	pick(old, fresh column, places []int32)
	// grow makes room for n more values.
	grow(n int)
	// join makes the column of those of all parts, one behind the other.
	join(parts []column)
}

// fixed are types without pointers or gaps, so that their memory says all.
type fixed interface {
	bool | byte | int32 | int64 | account | profile
}

type vector[T fixed] struct{ of *[]T }

func (v vector[T]) raw() []byte {
	if len(*v.of) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&(*v.of)[0])), len(*v.of)*int(unsafe.Sizeof(*new(T))))
}

func (v vector[T]) use(b []byte) {
	*v.of = nil
	if n := len(b) / int(unsafe.Sizeof(*new(T))); n > 0 {
		*v.of = unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n)
	}
}

func (v vector[T]) pick(old, fresh column, places []int32) {
	a, b := *old.(vector[T]).of, *fresh.(vector[T]).of
	out := make([]T, len(places))
	for i, p := range places {
		if p >= 0 {
			out[i] = a[p]
		} else {
			out[i] = b[^p]
		}
	}
	*v.of = out
}

func (v vector[T]) grow(n int) { *v.of = slices.Grow(*v.of, n) }

func (v vector[T]) join(parts []column) {
	n := 0
	for _, part := range parts {
		n += len(*part.(vector[T]).of)
	}
	out := make([]T, 0, n)
	for _, part := range parts {
		out = append(out, *part.(vector[T]).of...)
	}
	*v.of = out
}

func (t *texts) columns() []column { return []column{vector[int64]{&t.ends}, vector[byte]{&t.block}} }

// sizeOf is how much memory columns take, in bytes.
func sizeOf(list []column) (bytes int64) {
	for _, c := range list {
		bytes += int64(len(c.raw()))
	}
	return bytes
}
