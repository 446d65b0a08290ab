// Package dedupe gives mentions the hashes that tell a near copy of a text
// and decide between two rows of one post.
package dedupe

import (
	"encoding/binary"
	"time"

	"adalid"
)

// fnv is an FNV-1a hash in the making (Fowler, Noll & Vo; 64 bits). It is
// spelled out because stored hashes must stay the same for ever, because it
// takes strings without copying them, and because it never allocates.
type fnv uint64

const (
	fnvOffset fnv = 14695981039346656037
	fnvPrime  fnv = 1099511628211
)

func (h *fnv) bytes(b []byte) {
	s := *h
	for _, c := range b {
		s = (s ^ fnv(c)) * fnvPrime
	}
	*h = s
}

func (h *fnv) byte(c byte) { *h = (*h ^ fnv(c)) * fnvPrime }

func (h *fnv) uint64(v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	h.bytes(b[:])
}

// string adds the length first, so that text cannot move between two fields
// unnoticed.
func (h *fnv) string(v string) {
	h.uint64(uint64(len(v)))
	s := *h
	for i := range len(v) {
		s = (s ^ fnv(v[i])) * fnvPrime
	}
	*h = s
}

func (h *fnv) bool(v bool) {
	if v {
		h.byte(1)
		return
	}
	h.byte(0)
}

func (h *fnv) int64(v *int64) {
	h.bool(v != nil)
	if v != nil {
		h.uint64(uint64(*v))
	}
}

func (h *fnv) time(t time.Time) {
	h.bool(!t.IsZero())
	if !t.IsZero() {
		h.uint64(uint64(t.Unix()))
		h.uint64(uint64(t.Nanosecond()))
	}
}

// TextHash hashes what [Normalise] leaves of a text, so that near copies share
// it. It is 0 exactly when no word is left. The value is FNV-1a over the
// normalised bytes and is stored: it stays the same across runs and versions.
func TextHash(text string) uint64 {
	var buf [256]byte
	n := normaliser{text: text}
	h := fnvOffset
	for {
		b := n.fill(buf[:0], len(buf)-maxStep)
		if len(b) == 0 {
			break
		}
		h.bytes(b)
	}
	switch {
	case !n.started:
		return 0
	case h == 0:
		return 1
	}
	return uint64(h)
}

// RowHash hashes everything a row says of a post except its key (brand,
// platform, id), when it was read and its counters. Of two rows read at the same
// time, the one with the larger hash gives a stored mention all its other
// fields, so that the order of arrival does not matter. The upper bits say how
// many fields the row tells: an export that has little beside texts takes nothing
// from what a better one told. The row must be ready for the store: handles lower
// case, Author.Key set. The lower 58 bits are those of FNV-1a over the
// length-prefixed fields. The value is stored: it stays the same across runs.
func RowHash(m adalid.Mention) uint64 {
	h := fnvOffset
	h.string(m.URL)
	h.time(m.CreatedAt)
	h.string(m.Lang)
	h.string(m.Text)
	h.author(&m.Author)

	h.bool(m.Repost)
	h.string(m.RepostOf)
	h.string(m.ReplyTo)
	h.string(m.QuoteOf)
	h.uint64(uint64(len(m.Mentions)))
	for _, handle := range m.Mentions {
		h.string(handle)
	}
	h.bool(m.OwnAccount)
	h.bool(m.Sponsored)
	h.string(string(m.Label))
	return told(&m)<<hashedBits | uint64(h)>>(64-hashedBits)
}

// hashedBits leave room above them for more fields than there are.
const hashedBits = 58

// told counts the fields that a row tells.
func told(m *adalid.Mention) (n uint64) {
	a := &m.Author
	for _, known := range [...]bool{
		m.URL != "", !m.CreatedAt.IsZero(), m.Lang != "", m.Text != "", m.RepostOf != "", m.ReplyTo != "", m.QuoteOf != "",
		len(m.Mentions) > 0, m.Label != "",
		a.Handle != "", a.Name != "", a.Bio != "", a.URL != "", a.Followers != nil, a.Following != nil, a.Verified != nil, !a.Created.IsZero(),
	} {
		if known {
			n++
		}
	}
	return n
}

func (h *fnv) author(a *adalid.Author) {
	h.string(string(a.Platform))
	h.string(a.Key)
	h.string(a.Handle)
	h.string(a.Name)
	h.string(a.Bio)
	h.string(a.URL)
	h.int64(a.Followers)
	h.int64(a.Following)
	h.bool(a.Verified != nil)
	if a.Verified != nil {
		h.bool(*a.Verified)
	}
	h.time(a.Created)
}
