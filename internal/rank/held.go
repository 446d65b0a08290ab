package rank

import (
	"strings"
	"unsafe"

	"adalid/scoring"
)

// bytesOf is how much memory the elements of a slice take.
func bytesOf[T any](s []T) int64 { return int64(len(s)) * int64(unsafe.Sizeof(*new(T))) }

// bytes is about how much memory a window takes, with what is uncertain about
// its people, which is worked out when first asked for.
func (w *window) bytes() int64 {
	n := bytesOf(w.people) + bytesOf(w.components) + bytesOf(w.briefs) + bytesOf(w.sums) + bytesOf(w.start) + bytesOf(w.accounts) + bytesOf(w.parts)
	if w.open != nil {
		n += int64(len(w.people)) * int64(unsafe.Sizeof(scoring.Posterior{}))
	}
	return n
}

func (n *network) bytes() int64 {
	return bytesOf(n.rank) + bytesOf(n.counterparts) + bytesOf(n.bridging)
}

func (n *naming) bytes() int64 {
	return bytesOf(n.profile) + bytesOf(n.holder) + bytesOf(n.own) + bytesOf(n.ownName) + bytesOf(n.repeats) + bytesOf(n.repeater)
}

// held is how much memory the answers take that an index remembers; whoever
// holds busy and mu may ask.
func (x *index) held() (bytes int64) {
	for _, w := range x.windows {
		bytes += w.bytes()
	}
	for _, n := range x.nets {
		bytes += n.bytes()
	}
	for _, n := range x.names {
		bytes += n.bytes()
	}
	return bytes
}

// settle drops the windows asked for longest ago while the index and what it
// remembers take more than limit, the newest stays, and notes what they take;
// whoever holds busy and mu may ask.
func (x *index) settle(limit int64) {
	own := sizeOf(x.columns())
	for n := len(x.windows); n > 1 && own+x.held() > limit; n-- {
		x.windows[n-1] = nil
		x.windows = x.windows[:n-1]
	}
	x.size.Store(own + x.held())
}

// weighIndex counts what an index remembers by now as its brand's memory.
func (r *Ranker) weighIndex(brand string, x *index) {
	size := x.size.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.slots[strings.ToLower(brand)]; s != nil && s.index == x && size > 0 && s.size != size {
		s.size = size
		r.drop()
	}
}
