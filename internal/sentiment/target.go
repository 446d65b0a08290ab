package sentiment

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Terms are the words by which texts name a brand. They are only read once
// they are made.
type Terms struct {
	names map[uint64][][]uint64 // hash of the first word → whole names, as hashes
	first [4]uint64             // bits of the hashes of the first words
	solid []string              // folded names without spaces, to find in tags such as #boycottacme
}

// NewTerms folds the words and phrases that name a brand: case, accents and a
// leading @ or # do not matter. It gives nil without any.
func NewTerms(names ...string) *Terms {
	t := &Terms{names: map[uint64][][]uint64{}}
	r := &reading{lex: &lexicon{}}
	for _, name := range names {
		r.text = strings.TrimLeft(strings.TrimSpace(name), "@#＠＃")
		r.tokenise()
		var whole []uint64
		var solid []byte
		for i := range r.tokens {
			token := &r.tokens[i]
			whole = append(whole, token.hash)
			for _, c := range r.letters[token.from:token.to] {
				solid = utf8.AppendRune(solid, c)
			}
		}
		if len(whole) == 0 {
			continue
		}
		t.add(whole)
		if one := hashString(string(solid)); len(whole) > 1 {
			t.add([]uint64{one})
			last := &r.tokens[len(whole)-1]
			for _, s := range []string{"s", "'s"} { // Nova Coffee's
				t.add(append(append([]uint64{}, whole[:len(whole)-1]...), hashString(string(r.letters[last.from:last.to])+s)))
			}
		}
		if handle := hashString(strings.ToLower(r.text)); handle != whole[0] { // @acme_es, @acme.example
			t.add([]uint64{handle})
		}
		if len(solid) > 3 {
			t.solid = append(t.solid, string(solid))
		}
	}
	if len(t.names) == 0 {
		return nil
	}
	return t
}

func (t *Terms) add(whole []uint64) {
	h := whole[0]
	t.first[h>>6&3] |= 1 << (h & 63)
	t.names[h] = append(t.names[h], whole)
}

// length tells how many of the tokens from i on name the brand.
func (t *Terms) length(r *reading, i int) int {
	best := 0
	h := r.tokens[i].hash
	if t.first[h>>6&3]&(1<<(h&63)) == 0 {
		return 0
	}
	for _, name := range t.names[h] {
		n := 1
		for n < len(name) && i+n < len(r.tokens) && r.tokens[i+n].hash == name[n] {
			n++
		}
		if n == len(name) && n > best {
			best = n
		}
	}
	return best
}

// plural tells whether the letters are a name and a plural or possessive s.
func (t *Terms) plural(letters []rune) bool {
	n := len(letters)
	if n < 4 || letters[n-1] != 's' {
		return false
	}
	h := uint64(hashStart)
	end := n - 1
	if letters[n-2] == '\'' {
		end--
	}
	for _, c := range letters[:end] {
		h = hashRune(h, c)
	}
	if t.first[h>>6&3]&(1<<(h&63)) == 0 {
		return false
	}
	for _, name := range t.names[h] {
		if len(name) == 1 {
			return true
		}
	}
	return false
}

// lay fills r.places.
func (r *reading) lay() {
	r.places = r.places[:0]
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.flags&inTag != 0 {
			continue
		}
		hash, stop := t.hash, false
		switch t.kind {
		case number: // patterns tell a 10 from a 0
			hash = hashString(r.text[t.start:t.end])
		case punctuation:
			switch r.letters[t.from] {
			case '.', '!', ';', '…', ',', ':':
				stop = true
			case '?', '>', '<', '¿':
			default:
				continue
			}
		}
		n := len(r.places)
		r.places = slices.Grow(r.places, 1)[:n+1]
		p := &r.places[n] // field by field: a literal would be copied
		p.token, p.hash, p.brand, p.stop = i, hash, 0, stop
		p.word = t.kind == word || t.kind == mention || t.kind == tag || t.kind == number
		p.classes, p.span = 0, 0
	}
}

// find marks the places that name the brand; it tells whether there are any.
func (t *Terms) find(r *reading) bool {
	found := false
	for i := 0; i < len(r.places); i++ {
		p := &r.places[i]
		token := &r.tokens[p.token]
		if n := t.length(r, p.token); n > 0 {
			p.brand = 1
			for i+1 < len(r.places) && r.places[i+1].token < p.token+n { // the other words of the name
				r.places = append(r.places[:i+1], r.places[i+2:]...)
			}
		} else if t.plural(r.letters[token.from:token.to]) {
			p.brand = 1
		} else if token.kind == tag && t.inTag(r, i) {
			i++
			found = true
			continue
		}
		found = found || p.brand > 0
	}
	return found
}

// inTag splits a tag that ends with the name, such as #boycottacme, into what
// stands before it and the name.
func (t *Terms) inTag(r *reading, at int) bool {
	token := &r.tokens[r.places[at].token]
	letters := r.letters[token.from:token.to]
	for _, s := range t.solid {
		n := utf8.RuneCountInString(s)
		if len(letters) <= n || !hasStem(letters[len(letters)-n:], s) {
			continue
		}
		h := uint64(hashStart)
		for _, c := range letters[:len(letters)-n] {
			h = hashRune(h, c)
		}
		r.places[at].hash = h
		r.places = append(r.places, place{})
		copy(r.places[at+2:], r.places[at+1:])
		r.places[at+1] = place{token: r.places[at].token, brand: 1, word: true}
		return true
	}
	return false
}

// How far, in logits, a pattern moves the answer.
const (
	idiomPush   = 2
	patternPush = 4
	sidePush    = 2.5
	sideShare   = .4 // of a push that speaks for no opinion
)

// moved is what moved an answer beside its words: where a turn of phrase and
// what speaks of the brand stand in the text, and the logits between the two.
type moved struct {
	phrase, brand string // of the brand also "" where no single word does
	between       [classCount]float32
}

// adjust moves the logits for what words alone do not tell: turns of phrase,
// and how the text speaks of the brand itself.
func (t *Terms) adjust(r *reading, m *Model, z *[classCount]float32) (why moved) {
	why.between = *z
	if m.idioms[r.lang] == nil {
		return why
	}
	r.lay()
	found := t != nil && m.towards.words[r.lang] != nil && t.find(r)
	why.phrase = m.idiom(r, z)
	why.between = *z
	if found {
		v := &r.view
		if v.look(r, m, m.towards, z); v.used {
			m.towards.weigh(v, z)
			why.brand = v.cause(r)
		}
	}
	return why
}

// idiom moves the logits for a turn of phrase and gives its piece of the text.
func (m *Model) idiom(r *reading, z *[classCount]float32) string {
	p, where := m.idioms[r.lang].first(r)
	if p != nil {
		p.effect.push(z, idiomPush)
	}
	return where
}

// push moves the logits by an effect; the other opinion counts for nothing then.
func (e effect) push(z *[classCount]float32, by float32) {
	switch e {
	case goodFor:
		z[positive], z[negative] = max(z[positive], 0)+by, min(z[negative], 0)
	case badFor:
		z[negative], z[positive] = max(z[negative], 0)+by, min(z[positive], 0)
	case aside:
		z[neutral] += by * sideShare
	case opposite:
		z[negative], z[positive] = z[positive], z[negative]
	}
}

// first gives the first pattern of the list that fits and the piece of the text
// it fits on, nil when none does.
func (p *patterns) first(r *reading) (found *pattern, where string) {
	best := len(p.list)
	for i := range r.places {
		h := r.places[i].hash
		if p.filter[filterWord(h)]&(1<<(h&63)) == 0 {
			continue
		}
		for _, n := range p.anchors[h] {
			if int(n) < best && r.fitsAround(&p.list[n], i) {
				best, where = int(n), r.fitted()
			}
		}
	}
	for _, n := range p.free {
		if int(n) < best && r.fitsAnywhere(p.list[n].elements) {
			best, where = int(n), r.fitted()
		}
	}
	if best == len(p.list) {
		return nil, ""
	}
	return &p.list[best], where
}

// fitsAround tells whether a pattern fits whose anchor stands at a place.
func (r *reading) fitsAround(p *pattern, at int) bool {
	if p.lead < 0 {
		return r.fitsAnywhere(p.elements)
	}
	r.fitFrom = at - p.lead
	return at >= p.lead && r.fits(p.elements, at-p.lead)
}

func (r *reading) fitsAnywhere(elements []element) bool {
	for at := range r.places {
		if r.fitFrom = at; r.fits(elements, at) {
			return true
		}
	}
	return false
}

// fitted gives the piece of the text that the last pattern fitted on.
func (r *reading) fitted() string {
	last := r.places[max(r.fitTo, r.fitFrom+1)-1].token
	return r.text[r.tokens[r.places[r.fitFrom].token].start:r.tokens[last].end]
}
