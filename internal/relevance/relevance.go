// Package relevance learns from a team's marks which of the posts that a
// brand's query finds are about the brand.
package relevance

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"adalid"
)

// version changes with what the features mean: models of another version
// cannot be used and have to be trained again from their marks.
const version = 1

// magic begins every encoded model.
const magic = "adalid-relevance\x00"

// Model says how likely a post is about its brand. It does not change and may
// be used by several goroutines.
type Model struct {
	slope   float32 // calibration of logits
	weights map[uint32]float32
	authors map[uint32]float32 // log-odds that an author means the brand
}

// Threshold is the probability below which a post is left out.
const Threshold = 0.5

var scratches = sync.Pool{New: func() any { return &scratch{set: defaults()} }}

// Score gives the probability, in [0, 1], that p is about the brand.
func (m *Model) Score(p Post) float64 {
	s := scratches.Get().(*scratch)
	sum := float64(m.authors[authorKey(p.Author)])
	for _, f := range s.features(&p, &s.set.scale) {
		sum += float64(f.value) * float64(m.weights[f.key])
	}
	scratches.Put(s)
	return sigmoid(float64(m.slope) * sum)
}

func authorKey(author string) uint32 { return hash(groups, 0, author) }

// Encode gives the model as bytes: the same model, the same bytes.
func (m *Model) Encode() []byte {
	b := append([]byte(magic), version)
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(m.slope))
	for _, table := range []map[uint32]float32{m.weights, m.authors} {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(table)))
		keys := make([]uint32, 0, len(table))
		for k := range table {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			b = binary.LittleEndian.AppendUint32(b, k)
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(table[k]))
		}
	}
	return b
}

// Decode reads what Encode wrote. Conflict for a model of another version,
// which has to be trained again; Invalid for what is no model.
func Decode(b []byte) (*Model, error) {
	broken := adalid.Errorf(adalid.Invalid, "this is no relevance model, or a damaged one")
	if len(b) < len(magic)+5 || string(b[:len(magic)]) != magic {
		return nil, broken
	}
	b = b[len(magic):]
	if b[0] != version {
		return nil, adalid.Errorf(adalid.Conflict, "the relevance model is of version %d, this program needs %d; mark one more mention to train it again", b[0], version)
	}
	number := func(i int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b[i:])) }
	m := &Model{slope: number(1)}
	b = b[5:]
	for _, table := range []*map[uint32]float32{&m.weights, &m.authors} {
		if len(b) < 4 {
			return nil, broken
		}
		n := uint64(binary.LittleEndian.Uint32(b))
		if b = b[4:]; uint64(len(b)) < 8*n {
			return nil, broken
		}
		*table = make(map[uint32]float32, n)
		for i := range int(n) {
			v := number(8*i + 4)
			if v != v || math.IsInf(float64(v), 0) {
				return nil, broken
			}
			(*table)[binary.LittleEndian.Uint32(b[8*i:])] = v
		}
		b = b[8*n:]
	}
	if len(b) > 0 || !(m.slope > 0) || math.IsInf(float64(m.slope), 0) {
		return nil, broken
	}
	return m, nil
}
