package sentiment

// cue is a piece of evidence: the bucket of its weight and how much there is of
// it, above zero for the brand and below for another.
type cue struct {
	at uint16
	x  float32
}

// The kinds of cues; they keep equal hashes of different meaning apart.
const (
	seedSlot     = 0x9e3779b97f4a * (iota + 1) // a class around a name
	seedMode                                   // the same, under what it stands
	seedSlotWord                               // a word of a class around a name
	seedOwned                                  // a class in a clause about a name
	seedOwnedWord
	seedOwnedStem
	seedOwnedPair
	seedBeside // words beside a name
	seedClasses
	seedPlace
)

func (v *view) emit(h uint64, x float32) {
	v.cues = append(v.cues, cue{uint16(mix(h) >> (64 - cueBits)), x})
}

func slotHash(c wordClass, s slot) uint64 { return uint64(c)*uint64(slotCount) + uint64(s) }

// cueBits make the table of weights of cues small.
const cueBits = 16

func cueAt(h uint64) uint16 { return uint16(mix(h) >> (64 - cueBits)) }

// How much a cue of each kind counts, which is how fast its weight is learnt.
const (
	slotScale   = 1
	ownedScale  = .5
	wordScale   = .3
	besideScale = .6
)

// words takes in the words of each clause and those beside the names.
func (v *view) words(r *reading) {
	var before uint64
	for i := range r.places {
		p := &r.places[i]
		t := &r.tokens[p.token]
		side := float32(p.owner)
		if p.brand > 0 {
			before = 0
			continue
		}
		for c := wordClass(0); p.classes>>c != 0; c++ {
			if p.classes.has(c) {
				h := seedOwned + uint64(c)
				if t.flags&negated != 0 {
					h += ownedNegated
				}
				v.emit(h, side*ownedScale)
			}
		}
		h := t.hash
		if t.flags&negated != 0 {
			h += seedNegated
		}
		if t.kind == punctuation && p.stop {
			before = 0
			continue
		}
		v.emit(seedOwnedWord+h, side*wordScale)
		if v.regime == alone {
			v.emit(seedOwnedWord*7+h, side*wordScale)
		}
		if t.kind == word && t.to-t.from > 5 {
			s := uint64(hashStart)
			for _, c := range r.letters[t.from : t.from+5] {
				s = hashRune(s, c)
			}
			v.emit(seedOwnedStem+s, side*wordScale)
		}
		if before != 0 {
			v.emit(seedOwnedPair+before*3+h, side*wordScale)
		}
		before = t.hash
	}
	for k := range v.names {
		n := &v.names[k]
		x := n.side() * besideScale
		i := n.from - 1
		for i > 0 && determiners.has(r.places[i].hash) {
			i--
		}
		if i >= 0 {
			v.emit(seedBeside+r.tokens[r.places[i].token].hash, x)
		} else {
			v.emit(seedBeside*5, x)
		}
		if i = n.to; i < len(r.places) {
			v.emit(seedBeside*7+r.tokens[r.places[i].token].hash, x)
		} else {
			v.emit(seedBeside*11, x)
		}
	}
	if v.rivals {
		v.emit(seedPlace, v.names[0].side())
		v.emit(seedPlace*3, v.names[len(v.names)-1].side())
	}
	v.pairs(r)
}

// pairs takes in which classes stand in a sentence together.
func (v *view) pairs(r *reading) {
	for from := 0; from < len(r.places); {
		to := from
		var all classSet
		side := float32(0)
		both := false
		for ; to < len(r.places); to++ {
			all |= r.places[to].classes
			if o := float32(r.places[to].owner); o != 0 {
				both = both || side != 0 && o != side
				side = o
			}
			if r.ends(to) {
				break
			}
		}
		if !both {
			all &^= setOf(classAt, classNear)
			for c := wordClass(0); all>>c != 0; c++ {
				for d := wordClass(0); all.has(c) && d < c; d++ {
					if all.has(d) {
						v.emit(seedClasses+uint64(c)*64+uint64(d), side*ownedScale)
					}
				}
			}
		}
		from = to + 1
	}
}
