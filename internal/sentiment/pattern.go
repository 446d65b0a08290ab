package sentiment

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed patterns
var patternFiles embed.FS

// effect is what a pattern says about the brand.
type effect uint8

const (
	noEffect effect = iota
	goodFor
	badFor
	aside    // the brand is named without being judged
	opposite // good where the rest of the text is bad, and the other way round
)

// elementKind is what a place of a pattern takes.
type elementKind uint8

const (
	oneOf elementKind = iota
	brand
	rival // one to three words that do not name the brand
	near  // up to five tokens of the same sentence
	far   // up to twelve tokens
)

type element struct {
	kind  elementKind
	words []uint64 // with oneOf: hashes
	mask  uint64   // of the last six bits of each: most other words miss it
	stems []string // with oneOf: beginnings of words
}

type pattern struct {
	effect   effect
	elements []element
	lead     int // places from the start to the anchor, -1 when that varies
}

// patterns are the patterns of one language; anchors leads from a word to the
// patterns that cannot fit without one of its kind, and filter tells quickly
// that a word is no anchor.
type patterns struct {
	list    []pattern
	anchors map[uint64][]uint16
	filter  [256]uint64
	free    []uint16 // patterns without a word
}

// loadPatterns reads a kind of patterns of the languages that have some.
func loadPatterns(kind string) (out [languageCount]*patterns, err error) {
	for l := range languageCount {
		data, err := patternFiles.ReadFile("patterns/" + kind + languageCodes[l] + ".txt")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return out, fmt.Errorf("sentiment: %w", err)
		}
		out[l] = parsePatterns(string(data))
	}
	return out, nil
}

// patternTexts joins all files of patterns and of what is said towards a brand.
func patternTexts() (all []byte) {
	for l := range languageCount { // of those without a file: nothing
		idioms, _ := patternFiles.ReadFile("patterns/idioms_" + languageCodes[l] + ".txt")
		words, _ := towardsFiles.ReadFile("towards/" + languageCodes[l] + ".txt")
		all = append(append(all, idioms...), words...)
	}
	weights, _ := towardsFiles.ReadFile("towards/weights.txt")
	cues, _ := towardsFiles.ReadFile("towards/cues.bin")
	usual, _ := towardsFiles.ReadFile("towards/words.txt")
	return append(append(append(all, weights...), cues...), usual...)
}

func parsePatterns(text string) *patterns {
	p := &patterns{anchors: map[uint64][]uint16{}}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		how := map[string]effect{"+": goodFor, "-": badFor, "0": aside, "~": opposite}[fields[0]]
		one := pattern{effect: how}
		for _, f := range fields[1:] {
			one.elements = append(one.elements, parseElement(f))
		}
		one.lead = p.anchor(uint16(len(p.list)), one.elements)
		p.list = append(p.list, one)
	}
	return p
}

func parseElement(f string) element {
	switch f {
	case "X":
		return element{kind: brand}
	case "Y":
		return element{kind: rival}
	case "..":
		return element{kind: near}
	case "...":
		return element{kind: far}
	}
	e := element{kind: oneOf}
	for w := range strings.SplitSeq(f, "|") {
		if stem, ok := strings.CutSuffix(w, "*"); ok {
			e.stems = append(e.stems, foldWord(stem))
			continue
		}
		h := literalHash(w)
		e.words, e.mask = append(e.words, h), e.mask|1<<(h&63)
	}
	return e
}

// literalHash is the hash of the token that w becomes in a text; an apostrophe
// at its end belongs to it, as in the French l'.
func literalHash(w string) uint64 {
	if strings.HasSuffix(w, "'") && len(w) > 1 {
		return hashString(foldWord(w))
	}
	r := &reading{lex: &lexicon{}, text: w}
	r.tokenise()
	if len(r.tokens) == 0 {
		return 0
	}
	if r.tokens[0].kind == number {
		return hashString(w)
	}
	return r.tokens[0].hash
}

// anchor files a pattern under the words of its element that texts hold least
// often, and tells how many places come before that one, -1 when that varies.
func (p *patterns) anchor(n uint16, elements []element) int {
	best, least := -1, 0
	for i, e := range elements {
		if e.kind == oneOf && len(e.stems) == 0 && (best < 0 || e.frequency() < least) {
			best, least = i, e.frequency()
		}
	}
	if best < 0 {
		p.free = append(p.free, n)
		return -1
	}
	slices.Sort(elements[best].words)
	elements[best].words = slices.Compact(elements[best].words)
	for _, w := range elements[best].words {
		p.anchors[w] = append(p.anchors[w], n)
		p.filter[filterWord(w)] |= 1 << (w & 63)
	}
	for _, e := range elements[:best] {
		if e.kind != oneOf {
			return -1
		}
	}
	return best
}

// frequency ranks the words of an element by how often texts hold one of them.
func (e *element) frequency() int {
	sum := 0
	for _, w := range e.words {
		sum++
		if openers.has(w) || determiners.has(w) {
			sum += 20
		}
	}
	return sum
}

func filterWord(hash uint64) uint64 { return hash >> 40 & 255 }

// shared words of both languages that stand between a word and a name.
var determiners = wordSet("a an the my our your his her their this that these those some el la los las lo un una unos unas mi mis tu tus su sus nuestro nuestra este esta estos estas ese esa del al")

// place is one token as patterns see it.
type place struct {
	token int
	hash  uint64
	brand int  // how many places the brand's name takes from here; 0 when it does not begin here
	stop  bool // ends a sentence
	word  bool

	classes classSet // of the word or phrase that begins here
	span    int      // places that it takes
	owner   int8     // 1 the brand, -1 another, whom the clause is about
}

const (
	nearReach  = 5
	farReach   = 12
	rivalReach = 3
)

// fits tells whether the elements match the places from at on.
func (r *reading) fits(elements []element, at int) bool {
	if len(elements) == 0 {
		r.fitTo = at
		return true
	}
	if at >= len(r.places) {
		return (elements[0].kind == near || elements[0].kind == far) && r.fits(elements[1:], at)
	}
	rest := elements[1:]
	switch e := &elements[0]; e.kind {
	case brand:
		for at < len(r.places) && r.places[at].brand == 0 && determiners.has(r.places[at].hash) {
			at++
		}
		return at < len(r.places) && r.places[at].brand > 0 && r.fits(rest, at+r.places[at].brand)
	case rival:
		for at < len(r.places) && determiners.has(r.places[at].hash) {
			at++
		}
		for n := 1; n <= rivalReach && at < len(r.places) && r.places[at].word && r.places[at].brand == 0; n++ {
			if at++; r.fits(rest, at) {
				return true
			}
		}
		return false
	case near, far:
		reach := nearReach
		if e.kind == far {
			reach = farReach
		}
		for n := 0; n <= reach && at+n <= len(r.places); n++ {
			if r.fits(rest, at+n) {
				return true
			}
			if e.kind == near && at+n < len(r.places) && r.places[at+n].stop {
				return false
			}
		}
		return false
	default:
		return r.takes(e, at) && r.fits(rest, at+1)
	}
}

func (r *reading) takes(e *element, at int) bool {
	p := &r.places[at]
	if e.mask&(1<<(p.hash&63)) != 0 && slices.Contains(e.words, p.hash) {
		return true
	}
	if !p.word || e.stems == nil {
		return false
	}
	t := &r.tokens[p.token]
	for _, stem := range e.stems {
		if hasStem(r.letters[t.from:t.to], stem) {
			return true
		}
	}
	return false
}

func hasStem(letters []rune, stem string) bool {
	i := 0
	for _, c := range stem {
		if i >= len(letters) || letters[i] != c {
			return false
		}
		i++
	}
	return true
}
