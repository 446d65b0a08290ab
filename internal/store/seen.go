package store

import "hash/maphash"

// seen answers, without asking the database, that a brand has never had a
// mention, a group of copies or an author: an import into a new brand looks
// for nothing that cannot be there. It is only kept for brands that were empty
// when this process first wrote to them, and only while no other process
// writes.
type seen struct {
	version int64 // of the database, as PRAGMA data_version tells other writers' commits
	brands  map[int64]*brandSeen
}

// brandSeen holds what one brand may have; a nil one may have anything.
type brandSeen struct {
	seed                      maphash.Seed
	mentions, groups, authors filter
}

func (s *seen) drop() { s.brands = nil }

// use gives what is known of a brand inside a write transaction.
func (s *seen) use(x *session, brand int64) (*brandSeen, error) {
	version := int64(0)
	_, err := x.one("version.Others", func(r row) error {
		version = r.int(0)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if version != s.version {
		s.brands, s.version = nil, version
	}
	if known, ok := s.brands[brand]; ok {
		return known, nil
	}
	some, err := x.one("mention.Any", func(row) error { return nil }, brand)
	if err != nil {
		return nil, err
	}
	if s.brands == nil {
		s.brands = map[int64]*brandSeen{}
	}
	var known *brandSeen
	if !some {
		known = &brandSeen{seed: maphash.MakeSeed()}
	}
	s.brands[brand] = known
	return known, nil
}

// mention tells whether the brand may have had a mention, and notes that it
// has it from now on; group and author do the same. Mentions and authors are
// known by the hashes that the authorCache made.
func (b *brandSeen) mention(hash uint64) bool {
	return b == nil || b.mentions.add(hash)
}

func (b *brandSeen) group(g copyGroup) bool {
	return b == nil || b.groups.add(maphash.Comparable(b.seed, g))
}

func (b *brandSeen) author(account [2]uint64) bool {
	return b == nil || b.authors.add(account[0]^account[1])
}

// filter is a Bloom filter that grows: Putze, Sanders & Singler, "Cache-,
// hash- and space-efficient Bloom filters" (2007). Each layer takes twice as
// many keys as the one before, at 16 bits for a key, all of one key's bits in
// one block of 512.
type filter struct{ layers []layer }

type layer struct {
	blocks [][8]uint64
	room   int // keys it still takes
}

const (
	firstLayer = 1 << 15 // keys
	blockKeys  = 32      // keys for each block
	keyBits    = 7
)

// add says whether a key with this hash may be in the filter, and puts it in.
func (f *filter) add(hash uint64) bool {
	for i := range f.layers {
		if f.layers[i].has(hash) {
			return true
		}
	}
	n := len(f.layers)
	if n == 0 || f.layers[n-1].room == 0 {
		keys := firstLayer << n
		f.layers = append(f.layers, layer{blocks: make([][8]uint64, keys/blockKeys), room: keys})
		n++
	}
	f.layers[n-1].put(hash)
	return false
}

func (l *layer) block(hash uint64) *[8]uint64 {
	return &l.blocks[(hash>>32)*uint64(len(l.blocks))>>32]
}

func (l *layer) has(hash uint64) bool {
	b := l.block(hash)
	for bits, i := hash*0x9e3779b97f4a7c15, 0; i < keyBits; bits, i = bits>>9, i+1 {
		if b[bits>>6&7]>>(bits&63)&1 == 0 {
			return false
		}
	}
	return true
}

func (l *layer) put(hash uint64) {
	l.room--
	b := l.block(hash)
	for bits, i := hash*0x9e3779b97f4a7c15, 0; i < keyBits; bits, i = bits>>9, i+1 {
		b[bits>>6&7] |= 1 << (bits & 63)
	}
}
