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
	n += int64(len(w.people))*int64(unsafe.Sizeof(mark(0))) + w.read + w.facts.size.Load()
	if w.open != nil {
		n += int64(len(w.people))*int64(unsafe.Sizeof(scoring.Posterior{})) + w.open.size.Load()
	}
	return n
}

func (n *network) bytes() int64 {
	return bytesOf(n.rank) + bytesOf(n.counterparts) + bytesOf(n.bridging)
}

func (n *naming) bytes() int64 {
	return bytesOf(n.profile) + bytesOf(n.holder) + bytesOf(n.own) + bytesOf(n.ownName) + bytesOf(n.repeats) + bytesOf(n.repeater)
}

// bytesRead is how much memory the parts of days take that were read for a window.
func (x *index) bytesRead(list []piece) (bytes int64) {
	for _, p := range list {
		if p.rows != &x.rows {
			bytes += sizeOf(p.rows.columns()) + sizeOf(p.edges.columns())
		}
	}
	return bytes
}

func (s *social) bytes() int64 { return s.size + s.drawn.Load() }

// bytes is about how much memory a standing takes: texts of rules and roles are
// shared and not counted.
func (s *standing) bytes() int64 {
	const entry = int64(unsafe.Sizeof(int32(0)) + unsafe.Sizeof(Standing{}))
	n := bytesOf(s.automated) + bytesOf(s.circle) + bytesOf(s.vouched) + bytesOf(s.company)
	n += int64(len(s.said)) * entry
	for _, st := range s.said {
		n += clueBytes(st.Said.Automated) + clueBytes(st.Said.Organisation) + bytesOf(st.Said.Circle)
		for _, c := range st.Said.Circle {
			n += clueBytes(c.Reasons)
		}
	}
	return n
}

func clueBytes(list []Clue) int64 {
	n := bytesOf(list)
	for _, c := range list {
		n += bytesOf(c.Values)
	}
	return n
}

// settle notes how much memory an index takes with its networks and namings;
// whoever holds busy and mu may ask.
func (x *index) settle() {
	x.settled = sizeOf(x.columns())
	for _, n := range x.nets {
		x.settled += n.bytes()
	}
	for _, n := range x.names {
		x.settled += n.bytes()
	}
}

// held is how much memory an index and what it remembers take; whoever holds mu
// may ask.
func (x *index) held() int64 {
	bytes := x.settled
	for _, w := range x.windows {
		bytes += w.bytes()
	}
	for _, s := range x.socials {
		bytes += s.bytes()
	}
	if x.standing != nil {
		bytes += x.standing.size
	}
	return bytes
}

// bound drops what was asked for longest ago, graphs of people first, while the
// index and what it remembers take more than limit, and gives what is left. The
// newest of each stay.
func (x *index) bound(limit int64) int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	for len(x.socials) > 1 && x.held() > limit {
		x.socials = forgetLast(x.socials)
	}
	for len(x.windows) > 1 && x.held() > limit {
		x.windows = forgetLast(x.windows)
	}
	return x.held()
}

func forgetLast[T any](list []*T) []*T {
	list[len(list)-1] = nil
	return list[:len(list)-1]
}

// weighIndex counts what an index remembers by now as its brand's memory.
func (r *Ranker) weighIndex(brand string, x *index) {
	size := x.bound(r.memory)
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.slots[strings.ToLower(brand)]; s != nil && s.index == x && s.size != size {
		s.size = size
		r.drop()
	}
}
