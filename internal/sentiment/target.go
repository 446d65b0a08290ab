package sentiment

import (
	"strings"
	"unicode/utf8"
)

// Terms are the words by which texts name a brand. They are only read once
// they are made.
type Terms struct {
	names map[uint64][][]uint64 // hash of the first word → whole names, as hashes
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

func (t *Terms) add(whole []uint64) { t.names[whole[0]] = append(t.names[whole[0]], whole) }

// length tells how many of the tokens from i on name the brand.
func (t *Terms) length(r *reading, i int) int {
	best := 0
	for _, name := range t.names[r.tokens[i].hash] {
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
	for _, name := range t.names[h] {
		if len(name) == 1 {
			return true
		}
	}
	return false
}

// find fills r.places; it tells whether the text names the brand.
func (t *Terms) find(r *reading) bool {
	r.places = r.places[:0]
	found := false
	for i := 0; i < len(r.tokens); i++ {
		token := &r.tokens[i]
		if token.flags&inTag != 0 {
			continue
		}
		p := place{token: i, hash: token.hash, word: token.kind == word || token.kind == mention || token.kind == tag || token.kind == number}
		if n := t.length(r, i); n > 0 {
			p.brand = 1
			i += n - 1
		} else if t.plural(r.letters[token.from:token.to]) {
			p.brand = 1
		}
		if token.kind == punctuation {
			switch r.letters[token.from] {
			case '.', '!', ';', '…', ',', ':':
				p.stop = true
			case '?', '>', '<', '¿':
			default:
				continue
			}
		}
		found = found || p.brand > 0
		r.places = append(r.places, p)
		if token.kind == tag && p.brand == 0 {
			found = t.inTag(r, token) || found
		}
	}
	return found
}

// inTag splits a tag that ends with the name, such as #boycottacme, into what
// stands before it and the name.
func (t *Terms) inTag(r *reading, token *token) bool {
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
		r.places[len(r.places)-1].hash = h
		r.places = append(r.places, place{token: r.places[len(r.places)-1].token, brand: 1, word: true})
		return true
	}
	return false
}

// How far, in logits, a pattern moves the answer.
const (
	patternPush = 4
	sidePush    = 3
)

// adjust moves the logits towards how the text speaks of the brand itself and
// tells what decided, "" when nothing did.
func (t *Terms) adjust(r *reading, m *Model, z *[classCount]float32) string {
	if t == nil || m.patterns[r.lang] == nil || !t.find(r) {
		return ""
	}
	if p := m.patterns[r.lang].first(r); p != nil {
		switch p.effect {
		case goodFor:
			z[positive], z[negative] = max(z[positive], 0)+patternPush, min(z[negative], 0)
		case badFor:
			z[negative], z[positive] = max(z[negative], 0)+patternPush, min(z[positive], 0)
		case aside:
			z[neutral] += sidePush
		case opposite:
			z[negative], z[positive] = z[positive], z[negative]
		}
		return p.text
	}
	return r.attribute(m, z)
}

// first gives the first pattern of the list that fits, nil when none does.
func (p *patterns) first(r *reading) *pattern {
	best := len(p.list)
	for i := range r.places {
		for _, n := range p.anchors[r.places[i].hash] {
			if int(n) < best && r.fitsAnywhere(p.list[n].elements) {
				best = int(n)
			}
		}
	}
	for _, n := range p.free {
		if int(n) < best && r.fitsAnywhere(p.list[n].elements) {
			best = int(n)
		}
	}
	if best == len(p.list) {
		return nil
	}
	return &p.list[best]
}

func (r *reading) fitsAnywhere(elements []element) bool {
	for at := range r.places {
		if r.fits(elements, at) {
			return true
		}
	}
	return false
}
