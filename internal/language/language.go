// Package language tells which language a short post is written in.
//
// What the platform says comes first. Without that the script decides where a
// script has one language, a small model of character n-grams among English,
// French, German, Italian, Portuguese, Spanish and romanised Hindi, and lists of
// common words among some forty languages beyond them. Unknown is an answer: "".
package language

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"
)

//go:embed model.bin
var embedded []byte

// shipped is the model in the program. It is only read.
var shipped = sync.OnceValues(func() (*Model, error) { return Open(embedded) })

// Identify gives the language of a post as the primary subtag of BCP 47 ("es"),
// or "" when that is unknown, with a confidence in [0, 1]. A tag that names a
// language wins, with confidence 1; tag may be "". Romanised Hindi is "hi".
//
// The confidence is the model's probability for the languages of the model and
// a rule of thumb, which puts more agreeing words higher, for the others.
func Identify(tag, text string) (lang string, confidence float64) {
	if lang = Normalise(tag); lang != "" {
		return lang, 1
	}
	m, err := shipped()
	if err != nil {
		return "", 0 // a test opens it: this does not happen
	}
	return m.Identify(text)
}

// The columns of a model. The last stands for every language in Latin script
// that is not one of the others.
const (
	columns = 8
	other   = columns - 1
)

var names = [columns]string{"es", "en", "pt", "fr", "de", "it", "hi", ""}

const (
	bucketBits = 15
	buckets    = 1 << bucketBits
	magic      = "adalid language 1\n"
	headBytes  = len(magic) + 8 // and the scale
	modelBytes = headBytes + buckets*columns
	wordBytes  = 5 // after the weights: hash of a word of the lists, columns it is a word of
)

// Model is a trained identifier. It may be used by several goroutines at once.
type Model struct {
	// weights holds, bucket after bucket, one byte per column: 128 + the weight
	// in units of scale.
	weights []byte
	scale   float64
	lists   *lists
}

// Open reads what Train wrote. The model keeps the bytes; do not change them.
func Open(file []byte) (*Model, error) {
	if len(file) < modelBytes || string(file[:len(magic)]) != magic || (len(file)-modelBytes)%wordBytes != 0 {
		return nil, fmt.Errorf("language: open model: %d bytes are no model of this version, which begins %q", len(file), magic)
	}
	scale := math.Float64frombits(binary.LittleEndian.Uint64(file[len(magic):]))
	if !(scale > 0 && scale < 1) {
		return nil, fmt.Errorf("language: open model: the scale is %v", scale)
	}
	m := &Model{weights: file[headBytes:modelBytes], scale: scale, lists: wordLists()}
	for entry := range slices.Chunk(file[modelBytes:], wordBytes) {
		if p := m.lists.place(binary.LittleEndian.Uint32(entry)); p.set != 0 {
			p.known |= entry[4]
		}
	}
	return m, nil
}

// Thresholds, settled on the validation texts and on invented posts in relatives
// of the model's languages.
const (
	fewestLetters  = 3   // in Latin script; "ok" is no language
	fewOutside     = 6   // under so many letters outside hashtags those count as well
	leastSure      = .60 // probability under which the model does not answer
	sure           = .98 // and from which on it is not contradicted by words of a relative
	fewStrange     = 20  // one letter in so many that the model's languages do not have
	fewestVotes    = 2   // common words that together name a language of the lists
	manyVotes      = 3   // and that name it although the model leans elsewhere
	fewOfVerdict   = 6   // words of a post that one of them may decide
	leastOfVerdict = .05 // and what the model gives its language at least
	contender      = .3  // probability from which on a language's own words are no votes
)

// Identify gives the language of text without looking at any tag. It does not
// allocate.
func (m *Model) Identify(text string) (lang string, confidence float64) {
	var r reading
	if r.read(text, false); r.tagged && r.total() < fewOutside {
		r = reading{}
		r.read(text, true)
	}
	if script, share := r.script(); script != latin {
		return m.byScript(&r, script, share)
	}
	if r.letters < fewestLetters || r.n == 0 {
		return "", 0
	}
	p := m.probabilities(r.features[:r.n])
	if p[hindi] > .01 && m.lists.hindi(r.words[:r.wordCount]) == 0 {
		p.without(hindi) // English with Indian names in it is English
	}
	if r.strange*fewStrange >= r.letters {
		p = odds{other: 1}
	}
	best := p.best()
	if best != other && p[best] >= sure {
		return names[best], p[best]
	}
	lang, votes, own, lead := m.lists.vote(r.words[:r.wordCount], latin, p.likely())
	named := votes >= fewestVotes && own > 0 && lead > 0
	switch {
	case best != other && p[best] >= leastSure && !named:
		return names[best], p[best]
	case !named && own == 0:
		return m.byVerdict(&r, &p)
	case !named, best != other && votes < manyVotes:
		return "", 0
	}
	return lang, max(p[other], .5) * float64(votes) / float64(votes+1)
}

// byVerdict names the language of a post too short to be sure of by a word that
// only its list has, as in "I hate Acme": the name leads the n-grams astray, and
// nothing speaks for a language beyond the model's.
func (m *Model) byVerdict(r *reading, p *odds) (lang string, confidence float64) {
	column, words := m.lists.only(r.words[:r.wordCount])
	if column < 0 || column == hindi || r.wordCount > fewOfVerdict || p[column] < leastOfVerdict {
		return "", 0
	}
	return names[column], leastSure * float64(words) / float64(words+1)
}

// odds are the probabilities of the columns.
type odds [columns]float64

func (p *odds) best() (best int) {
	for c, v := range p {
		if v > p[best] {
			best = c
		}
	}
	return best
}

// likely gives the columns of languages that the text may well be in.
func (p *odds) likely() (set uint8) {
	for c, v := range p[:other] {
		if v >= contender {
			set |= 1 << c
		}
	}
	return set
}

// without takes one column out of the running.
func (p *odds) without(column int) {
	rest := 1 - p[column]
	p[column] = 0
	for c := range p {
		p[c] /= max(rest, math.SmallestNonzeroFloat64)
	}
}

// probabilities gives the softmax over the columns. Each weight is a byte of a
// bucket's eight, so that two additions of 64 bits add up all columns.
func (m *Model) probabilities(features []uint16) (p odds) {
	var sums [columns]int
	for rest := features; len(rest) > 0; {
		part := rest[:min(len(rest), 256)] // 256 × 255 fits 16 bits
		rest = rest[len(part):]
		const low = 0x00ff00ff00ff00ff
		var even, odd uint64
		for _, f := range part {
			w := binary.LittleEndian.Uint64(m.weights[int(f)*columns:])
			even += w & low
			odd += w >> 8 & low
		}
		for c := 0; c < columns; c += 2 {
			sums[c] += int(even >> (8 * c) & 0xffff)
			sums[c+1] += int(odd >> (8 * c) & 0xffff)
		}
	}
	unit := m.scale / math.Sqrt(float64(len(features)))
	top, total := math.Inf(-1), 0.
	for c := range p {
		p[c] = float64(sums[c]-128*len(features)) * unit
		top = max(top, p[c])
	}
	for c := range p {
		p[c] = math.Exp(p[c] - top)
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
	return p
}
