package sentiment

import (
	"unicode"
	"unicode/utf8"
)

// name is where a text names the brand or another.
type name struct {
	from, to int // places
	brand    bool
	ordinal  bool
	near     bool    // only beside what happens
	doubt    uint8   // how uncertain it is that this is a name
	before   float32 // a number before it and one after, -1 without
	after    float32
}

// side is 1 for the brand and -1 for another.
func (n *name) side() float32 {
	if n.brand {
		return 1
	}
	return -1
}

// How uncertain it is that a word names somebody.
const (
	sure    = iota
	opening // a capital, but at the beginning of a sentence
	small   // a word that nobody knows, without a capital
)

// name finds the names of a text; places must be classified.
func (v *view) name(r *reading, m *Model, headline bool) {
	v.names, v.rivals = v.names[:0], false
	small := r.small()
	copied := r.copied()
	for i := r.addressees(); i < copied; i++ {
		p := &r.places[i]
		n := name{from: i, to: i + 1, before: -1, after: -1}
		switch {
		case p.brand > 0:
			n.brand = true
			for n.to < len(r.places) && r.places[n.to].brand == 0 && r.called(m, n.to, headline) { // Acme Luna, Acme's Luna
				n.to++
			}
		case len(v.names) > 1 && ordinals.of(p.hash) > 0:
			n.ordinal = true
		default:
			var found bool
			if n.doubt, found = r.stranger(m, i, headline, small); !found {
				continue
			}
			for n.to < len(r.places) && r.goesOn(m, i, n.to, headline) {
				n.to++
			}
			if r.madeBy(i, n.to) {
				i = n.to - 1
				continue
			}
			v.rivals = true
		}
		v.names = append(v.names, n)
		i = n.to - 1
	}
	if v.rivals {
		v.settle(r, m)
	}
	v.ordinals(r)
	v.regime = alone
	for k := range v.names {
		n := &v.names[k]
		if !n.brand {
			v.regime = max(v.regime, besideAccounts)
			if r.tokens[r.places[n.from].token].kind == word {
				v.regime = besideNames
			}
		}
		_, n.near = r.located(n.from)
		n.before, n.after = r.numbersAround(n)
	}
}

// addressees gives the place behind the accounts, none of them the brand, that a
// reply or a repost opens with: they are spoken to, not of.
func (r *reading) addressees() (behind int) {
	for i := range r.places {
		p := &r.places[i]
		t := &r.tokens[p.token]
		switch {
		case t.kind == mention && p.brand == 0:
			behind = i + 1
		case t.kind != mention && p.hash != hashRepost && !p.stop || p.brand > 0:
			return behind
		}
	}
	return 0 // nothing else: they are spoken of
}

// copied gives the place from which a text only lists accounts, none of them the
// brand, so that they read it too: at its end, behind a sentence or several.
func (r *reading) copied() int {
	from, listed := len(r.places), 0
	for i := len(r.places) - 1; i > 0; i-- {
		p := &r.places[i]
		t := &r.tokens[p.token]
		if t.kind == mention && p.brand == 0 {
			from, listed = i, listed+1
		} else if t.kind != tag && t.kind != emoji || p.brand > 0 {
			break
		}
	}
	if listed > 1 || listed == 1 && r.opens(from) {
		return from
	}
	return len(r.places)
}

// called tells whether a place goes on with the name before it, as a product does.
func (r *reading) called(m *Model, i int, headline bool) bool {
	if headline || r.tokens[r.places[i].token].kind != word || !r.capital(i) {
		return false
	}
	_, found := r.stranger(m, i, headline, false)
	return found
}

// madeBy tells whether the brand's name follows as that of the maker: the Luna
// decaf from Acme, el Luna de Acme. Only behind an article, for "to Nova from
// Acme" is another matter.
func (r *reading) madeBy(from, to int) bool {
	first := from - 1
	for first > 0 && first > from-productWords && !determiners.has(r.places[first].hash) && r.places[first].word && !r.capital(first) {
		first--
	}
	if first < 0 || !determiners.has(r.places[first].hash) {
		return false
	}
	for k := to; k+1 < len(r.places) && k <= to+productWords; k++ {
		if makers.has(r.places[k].hash) {
			if k++; k+1 < len(r.places) && determiners.has(r.places[k].hash) {
				k++
			}
			return r.places[k].brand > 0
		}
		if !r.places[k].word || r.capital(k) {
			return false
		}
	}
	return false
}

// productWords is how many words stand at most between the name of a product and
// "from".
const productWords = 3

var (
	hashRepost = hashString("rt")
	makers     = wordSet("from by de del")
)

// small tells whether the text writes the brand without a capital, so that it
// may write others without one too.
func (r *reading) small() bool {
	for i := range r.places {
		if r.places[i].brand > 0 && (r.capital(i) || r.tokens[r.places[i].token].kind != word) {
			return false
		}
	}
	return true
}

// goesOn tells whether a name that begins at from takes the place at too.
func (r *reading) goesOn(m *Model, from, at int, headline bool) bool {
	if r.capital(at) {
		_, found := r.stranger(m, at, headline, false)
		return found
	}
	return r.capital(from) && at+1 < len(r.places) && r.places[at].hash == hashOf && r.capital(at+1)
}

// settle drops the names that are none beside surer ones: words without a
// capital beside a name with one, and of those only the least familiar stays.
func (v *view) settle(r *reading, m *Model) {
	least, best := uint8(small), 0
	for k := range v.names {
		n := &v.names[k]
		if n.brand || n.ordinal {
			continue
		}
		least = min(least, n.doubt)
		if n.doubt == small && (v.names[best].brand || v.names[best].ordinal || r.oddity(m, n.from) > r.oddity(m, v.names[best].from)) {
			best = k
		}
	}
	kept := v.names[:0]
	odd := r.places[v.names[best].from].hash
	for _, n := range v.names {
		drop := n.doubt == small && (least < small || r.places[n.from].hash != odd)
		if n.doubt == opening && least == sure {
			drop = !r.repeats(v.names, n) && r.learnt(m, r.places[n.from].hash) > 0
		}
		if !drop {
			kept = append(kept, n)
		}
	}
	v.names = kept
}

func (r *reading) repeats(names []name, n name) bool {
	for k := range names {
		if names[k].doubt == sure && !names[k].brand && r.places[names[k].from].hash == r.places[n.from].hash {
			return true
		}
	}
	return false
}

// ordinals makes "the former" and "the second" name what they mean.
func (v *view) ordinals(r *reading) {
	kept := v.names[:0]
	for _, n := range v.names {
		if n.ordinal {
			k := int(ordinals.of(r.places[n.from].hash)) - 1
			if len(kept) < 2 || k >= len(kept) {
				continue
			}
			n.brand = kept[k].brand
		}
		kept = append(kept, n)
	}
	v.names = kept
}

// oddName is how odd a word must be that is taken for a name although the
// model knows it, by chance.
const oddName = .08

// oddity tells how little a word looks like words of the texts the model learnt
// on: the share of its character n-grams without a weight.
func (r *reading) oddity(m *Model, i int) float32 {
	t := &r.tokens[r.places[i].token]
	p := append(append(append(r.padded[:0], '^'), r.letters[t.from:t.to]...), '$') // handles and numbers have none around them
	r.padded = p
	grams, odd := 0, 0
	for start := 0; start+4 <= len(p); start++ {
		h := uint64(seedChars)
		for k, c := range p[start:min(start+5, len(p))] {
			if h = hashRune(h, c); k < 3 {
				continue
			}
			b := bucket(h)
			grams++
			if m.weights.empty(b) {
				odd++
			}
		}
	}
	if r.learnt(m, r.places[i].hash) == 0 {
		odd += 1
	}
	return float32(odd) / float32(max(grams, 1))
}

// numbersAround gives the number before a name and the one behind, -1 without.
func (r *reading) numbersAround(n *name) (before, after float32) {
	before, after = -1, -1
	if i := n.from; i > 0 {
		before = r.numberAt(i - 1)
		if before < 0 && i > 1 && r.places[i-1].stop {
			before = r.numberAt(i - 2)
		}
	}
	for k := n.to; k < min(n.to+3, len(r.places)) && after < 0; k++ {
		after = r.numberAt(k)
	}
	return before, after
}

func (r *reading) numberAt(i int) float32 {
	t := &r.tokens[r.places[i].token]
	if t.kind != number {
		return -1
	}
	x := float32(0)
	for _, c := range r.text[t.start:t.end] {
		if c < '0' || c > '9' {
			break
		}
		x = x*10 + float32(c-'0')
	}
	return min(x, 1000)
}

func (r *reading) capital(i int) bool {
	at := r.tokens[r.places[i].token].start
	if b := r.text[at]; b < utf8.RuneSelf && b != '&' && b != '\\' { // most
		return 'A' <= b && b <= 'Z'
	}
	c, _ := next(r.text, at)
	return unicode.IsUpper(c)
}

// stranger tells whether a place looks like the name of another: an account, a
// capital inside a sentence, or a word nobody knows.
func (r *reading) stranger(m *Model, i int, headline, lower bool) (doubt uint8, found bool) {
	p := &r.places[i]
	t := &r.tokens[p.token]
	if t.kind == mention {
		return sure, p.brand == 0
	}
	if t.kind != word || p.brand > 0 || t.to-t.from < 3 || t.flags&stretched != 0 || p.classes&^loose&^setOf(classFine, classPoor) != 0 || p.classes&^loose != 0 && !r.capital(i) {
		return 0, false
	}
	capital := r.capital(i)
	if !capital && m.towards.usual.has(p.hash) {
		return 0, false
	}
	if lower && !capital && t.to-t.from > 4 && t.valence == 0 && !openers.has(p.hash) && !m.towards.common.has(p.hash) && r.oddity(m, i) > 3*oddName {
		return small, true
	}
	if !capital && (!lower || t.valence != 0 || t.to-t.from < 5 || r.learnt(m, p.hash) > 0) || openers.has(p.hash) || leads.of(p.hash) > 0 || determiners.has(p.hash) || m.towards.common.has(p.hash) {
		return 0, false
	}
	if _, known := r.lex.find(lexiconKey(p.hash, r.lang, false)); known {
		return 0, false
	}
	for k := t.from; k < t.to; k++ {
		if r.letters[k] == '\'' && k > t.from && k < t.from+3 { // I'm, it's
			return 0, false
		}
	}
	if !capital {
		return small, true
	}
	if !headline && t.flags&shouted == 0 && (!r.opens(i) || i+1 < len(r.places) && r.places[i+1].word && r.capital(i+1) && r.places[i+1].classes == 0) {
		return sure, true
	}
	return opening, t.to-t.from > 3 && !m.towards.usual.has(p.hash) && (r.learnt(m, p.hash) < 2 || r.oddity(m, i) > oddName)
}

// opens tells whether a sentence, or what stands for one, begins at a place: behind
// a colon, an emoji, or the accounts that a reply is written to.
func (r *reading) opens(i int) bool {
	if i == 0 || r.ends(i-1) {
		return true
	}
	switch t := &r.tokens[r.places[i-1].token]; t.kind {
	case punctuation:
		return r.letters[t.from] == ':' || r.letters[t.from] == '…'
	case emoji:
		return true
	case mention:
		return i <= r.addressees()
	}
	return false
}

// learnt tells how many of a word's two features have a weight: a name nobody
// knew has none, but for chance.
func (r *reading) learnt(m *Model, hash uint64) (n int) {
	for _, b := range [2]uint32{wordBucket(hash), wordBucketIn(hash, r.lang)} {
		if !m.weights.empty(b) {
			n++
		}
	}
	return n
}
