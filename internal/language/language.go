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
	if len(file) != modelBytes || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("language: open model: not a model of this version (%d bytes, want %d that begin %q)", len(file), modelBytes, magic)
	}
	scale := math.Float64frombits(binary.LittleEndian.Uint64(file[len(magic):]))
	if !(scale > 0 && scale < 1) {
		return nil, fmt.Errorf("language: open model: the scale is %v", scale)
	}
	return &Model{weights: file[headBytes:], scale: scale, lists: wordLists()}, nil
}

// Thresholds, chosen on the development texts.
const (
	fewestLetters = 3   // in Latin script; "ok" is no language
	leastSure     = .60 // probability under which the model does not answer
	sure          = .95 // and from which on it is not contradicted by words of a relative
	fewestVotes   = 2   // common words that together name a language of the lists
)

// Identify gives the language of text without looking at any tag. It does not
// allocate.
func (m *Model) Identify(text string) (lang string, confidence float64) {
	var r reading
	r.read(text, true)
	if script, share := r.script(); script != latin {
		return m.byScript(&r, script, share)
	}
	if r.letters < fewestLetters || r.n == 0 {
		return "", 0
	}
	p := m.probabilities(r.features[:r.n])
	if p[hindi] > .01 && m.lists.hindi(r.words[:r.wordCount]) == 0 {
		for c := range p { // English with Indian names in it is English
			if c != hindi {
				p[c] /= 1 - p[hindi]
			}
		}
		p[hindi] = 0
	}
	best := 0
	for c, v := range p {
		if v > p[best] {
			best = c
		}
	}
	if best != other && p[best] >= sure {
		return names[best], p[best]
	}
	lang, votes, lead := m.lists.vote(r.words[:r.wordCount], latin, names[best])
	if best != other {
		if p[best] < leastSure || votes >= fewestVotes && lead > 0 {
			return "", p[best]
		}
		return names[best], p[best]
	}
	if votes < fewestVotes || lead == 0 {
		return "", 0
	}
	return lang, p[other] * float64(votes) / float64(votes+1)
}

// probabilities gives the softmax over the columns. Each weight is a byte of a
// bucket's eight, so that two additions of 64 bits add up all columns.
func (m *Model) probabilities(features []uint16) (p [columns]float64) {
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
