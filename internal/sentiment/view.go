package sentiment

import "strings"

// view is how a text speaks of a brand.
type view struct {
	names    []name
	cues     []cue
	signed   [signedCount]float32
	plain    [plainCount]float32
	classes  classSet // of the whole text
	rivals   bool
	regime   int
	moved    bool // words of a class around the brand
	used     bool // something to weigh
	compared bool // with another name
	where    int  // place of the word that says most
}

const (
	shareOfOthers = .5 // what is said of another name counts for the brand, turned around
	reachAfter    = 12
	reachBefore   = 14
)

var (
	leads       = leadTable()
	ordinals    = ordinalTable()
	loose       = setOf(classAt, classNear)
	comparing   = setOf(classBetter, classWorse, classNotAs, classPrefer, classLike, classTop, classBottom)
	closed      = setOf(classTop, classBottom, classGoodSign, classBadSign, classAnyDay)
	comparisons = setOf(classBetter, classWorse)
	openClass   = setOf(classBut, classConcede, classMeanwhile)
)

func leadTable() wordTable {
	leads := map[uint64]uint16{}
	for lead, words := range [leadCount]string{leadFrom: "from of de del desde off", leadTo: "to into onto a al hacia", leadFor: "for with on por con para about against sobre contra", leadThan: "than over que antes before", leadAt: "at in en inside outside near by behind"} {
		for w := range strings.FieldsSeq(words) {
			leads[hashString(w)] = uint16(lead)
		}
	}
	return newWordTable(leads)
}

func ordinalTable() wordTable {
	ordinals := map[uint64]uint16{}
	for k, words := range []string{"former primera primero primeros primeras", "latter second segunda segundo segundos segundas"} {
		for w := range strings.FieldsSeq(words) {
			ordinals[hashString(w)] = uint16(k + 1)
		}
	}
	return newWordTable(ordinals)
}

// noRegret stands before a regret that is none, or the only one.
var noRegret = wordSet("no zero only cero solo unico ningun ninguno")

var hashOf, hashA = hashString("of"), hashString("a")

// bounds gives the first place of the sentence that holds a place and the place
// behind its last.
func (r *reading) bounds(i int) (from, to int) {
	for from = i; from > 0 && !r.ends(from-1); from-- {
	}
	for to = i; to < len(r.places) && !r.ends(to); to++ {
	}
	return from, to
}

// ends tells whether a sentence ends with a place.
func (r *reading) ends(i int) bool {
	p := &r.places[i]
	t := &r.tokens[p.token]
	if t.kind != punctuation {
		return false
	}
	c := r.letters[t.from]
	return p.stop && c != ',' && c != ':' || c == '?'
}

// modeOf tells under what the word at a place stands.
func (r *reading) modeOf(i, from, to int, c wordClass) mode {
	not := false
	for k := i - 1; k >= from && k >= i-4; k-- {
		p := &r.places[k]
		if p.stop || p.classes&openClass != 0 {
			break
		}
		if p.classes.has(classNothing) || p.word && r.roles.of(r.lang, p.hash) == negator {
			not = true
			break
		}
	}
	var here, earlier classSet // in the sentence
	var around, ahead classSet // between the commas
	behind := false
	for k := from; k < to; k++ {
		p := &r.places[k]
		classes := p.classes
		if classes.has(classRegret) && (r.tokens[p.token].flags&negated != 0 || k > 0 && noRegret.has(r.places[k-1].hash)) {
			classes &^= 1 << classRegret
		}
		if p.stop && k < i {
			around, ahead = 0, 0
		}
		if k < i {
			earlier |= classes
			ahead |= classes
		}
		if classes.has(c) {
			classes &^= 1 << classRegret
		} else {
			here |= classes
		}
		if behind = behind || k > i && p.stop; !behind {
			around |= classes
		}
	}
	out := modePlain
	switch c {
	case classAttack:
		if here&setOf(classStop, classUnfair) != 0 || earlier.has(classPeople) {
			out = modeRegret
		}
	case classBoycott:
		if here&setOf(classUnfair) != 0 || earlier.has(classStop) {
			out = modeRegret
		}
	case classDefend:
		if here.has(classHowDare) || earlier.has(classPeople) {
			out = modeRegret
		}
	case classLike, classBuy, classLeave, classJoin, classMove, classBack, classPrefer, classSwap, classTop:
		switch {
		case around.has(classRegret):
			out = modeRegret
		case ahead&setOf(classShould, classWish) != 0:
			out = modeShould
		}
	}
	if not {
		out++
	}
	return out
}

// say collects what the word of a class at place i says of the brand.
func (v *view) say(r *reading, i int, c wordClass, t *towards) {
	from, to := r.bounds(i)
	var at [slotCount]int // index of the name + 1
	first, second := slotBefore, slotAfter
	end := i + r.places[i].span
	comma := end
	for comma < to && (!r.places[comma].stop || r.letters[r.tokens[r.places[comma].token].from] != ',') {
		comma++
	}
	if closed.has(c) {
		for k := i - 1; k >= from; k-- {
			if r.places[k].stop {
				from = k
				break
			}
		}
	}
	for k := range v.names {
		n := &v.names[k]
		switch {
		case n.near || n.from >= i && n.to <= end:
		case n.to <= i && n.from >= from && n.from >= i-reachBefore:
			if at[slotBefore] > 0 && v.names[at[slotBefore]-1].brand != n.brand {
				at[slotBefore2] = at[slotBefore]
			}
			at[slotBefore] = k + 1
		case n.to <= i && n.from < from && !closed.has(c):
			at[slotAgo] = k + 1
		case n.from >= end && n.from < comma && n.from <= i+reachAfter:
			if second == slotCount {
				continue
			}
			s := second + slot(r.leadTo(n.from, end, comparing.has(c)))
			if second == slotAfter2 && v.names[first].brand == n.brand {
				continue
			}
			at[s] = k + 1
			if first = slot(k); second == slotAfter {
				second = slotAfter2
			} else {
				second = slotCount
			}
		}
	}
	if at[slotBefore] > 0 || second != slotAfter {
		at[slotAgo] = 0
	}
	m := r.modeOf(i, from, to, c)
	if c == classBeat && m == modeNot && at[slotAfter] == 0 && end < to && r.places[end].classes.has(classNothing) { // a X no le gana nadie
		at[slotAfter], at[slotBefore] = at[slotBefore], 0
	}
	for place, k := range at {
		if k == 0 {
			continue
		}
		s := slot(place)
		if s == slotAfter+leadThan && at[slotBefore] > 0 {
			s = slotAfter2 + leadThan // than X, said of another; else of nothing: nothing is better than X
		}
		n := &v.names[k-1]
		x := n.side() * slotScale
		sign := float32(modeSigns[m])
		if silent.has(c) && m == modePlain {
			sign = 0
		}
		v.emit(seedSlot+slotHash(c, s), x*sign)
		v.emit(seedMode+slotHash(c, s)*8+uint64(m), x)
		v.emit(seedSlotWord*uint64(s+1)+r.places[i].hash, x*sign)
		if t.grammar[c][s] {
			v.moved = v.moved || n.brand
			v.compared = v.compared || v.rivals && comparisons.has(c) && (s == slotAfter+leadThan || s == slotAfter2+leadThan)
			if n.brand && v.where < 0 {
				v.where = i
			}
		}
	}
}

// leadTo tells what leads to a name from the place behind a word.
func (r *reading) leadTo(name, after int, comparing bool) uint16 {
	for k := after; comparing && k < name; k++ {
		if leads.of(r.places[k].hash) == leadThan {
			return leadThan
		}
	}
	for k := name - 1; k >= after && k >= name-3; k-- {
		if l := leads.of(r.places[k].hash); l == leadThan {
			break
		} else if l > 0 && (r.lang != english || r.places[k].hash != hashA) {
			return l
		}
		if !determiners.has(r.places[k].hash) && !r.places[k].word {
			break
		}
	}
	return leadNone
}

var (
	hating    = wordSet("hate hated odio odiamos odie odiaba")
	hatingWho = wordSet("i we yo nosotros nosotras god dios como cuanto and but because y pero porque") // or nobody before it
	hatingHow = wordSet("really fucking so absolutely just truly genuinely honestly do still always also actually even seriously literally totally")
	hatingFor = wordSet("for towards toward against on about is hacia contra por") // hate that others feel
)

// ownHate turns attacks into dislike where it is the writer who hates, "I hate
// X": what others say against a brand is told of by who takes its side.
func (r *reading) ownHate(all classSet) classSet {
	if !all.has(classAttack) {
		return all
	}
	all = 0
	for i := range r.places {
		p := &r.places[i]
		if p.classes.has(classAttack) && hating.has(p.hash) && r.byWriter(i) {
			p.classes = p.classes&^(1<<classAttack) | 1<<classDislike
		}
		all |= p.classes
	}
	return all
}

// byWriter tells whether the verb at a place says what the writer feels.
func (r *reading) byWriter(i int) bool {
	if r.tokens[r.places[i].token].flags&negated != 0 || i+1 < len(r.places) && hatingFor.has(r.places[i+1].hash) {
		return false
	}
	k := i - 1
	for k >= 0 && hatingHow.has(r.places[k].hash) {
		k--
	}
	return k < 0 || r.places[k].stop || r.ends(k) || hatingWho.has(r.places[k].hash)
}

// look takes in how a text speaks of the brand; places must be found.
func (v *view) look(r *reading, m *Model, t *towards, z *[classCount]float32) {
	headline := r.headline()
	v.classes = r.ownHate(t.words[r.lang].classify(r))
	v.name(r, m, headline)
	addressed := v.addressed(r)
	if v.used = false; addressed && !v.rivals {
		return
	}
	v.cues, v.moved, v.compared, v.where = v.cues[:0], false, false, -1
	v.signed, v.plain = [signedCount]float32{}, [plainCount]float32{}
	for i := 0; i < len(r.places); i++ {
		p := &r.places[i]
		if p.classes == 0 {
			continue
		}
		classes := r.compare(p.classes, i) &^ mute
		if classes.has(classUnfair) && v.classes&setOf(classAttack, classBoycott) == 0 && r.tokens[p.token].flags&negated == 0 {
			classes &^= 1 << classUnfair
		}
		for c := wordClass(0); classes>>c != 0; c++ {
			if classes.has(c) {
				v.say(r, i, c, t)
			}
		}
	}
	v.own(r)
	v.clauses(r, m)
	v.measure(r, z)
	if v.used = !addressed || v.compared; v.used {
		v.words(r)
	}
}

// compare decides more and less by what follows them.
func (r *reading) compare(s classSet, i int) classSet {
	if s&setOf(classMore, classLess) == 0 {
		return s
	}
	than, tone := false, float32(0)
	for k := i + 1; k < min(i+9, len(r.places)) && !r.ends(k); k++ {
		if k <= i+2 {
			tone += r.tokens[r.places[k].token].valence
		}
		than = than || leads.of(r.places[k].hash) == leadThan
	}
	better := (tone >= 0) == s.has(classMore)
	s &^= setOf(classMore, classLess)
	if than && better {
		return s | 1<<classBetter
	}
	if than {
		return s | 1<<classWorse
	}
	return s
}
