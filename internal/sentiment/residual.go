package sentiment

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"hash/fnv"
	"math"
	"strconv"

	"adalid"
)

// Residual is what a team's corrections add to the model for one brand: a shift
// of each class, a stretch of the model's own evidence and weights of hashed
// n-grams, all held close to zero, at which the model stands as it is. It is
// only read once it is made.
type Residual struct {
	made    string // version of the model it belongs to
	shift   [columns]float32
	stretch [columns][columns]float32
	dense   [denseCount][columns]float32
	grams   []float32 // residualBuckets × columns
}

// residualBits makes the residual small: 16,384 buckets, 128 kB.
const (
	residualBits    = 14
	residualBuckets = 1 << residualBits
	residualFormat  = 2
)

// sides are the classes of the columns.
var sides = [columns]class{negative, positive}

func newResidual(made string) *Residual {
	return &Residual{made: made, grams: make([]float32, residualBuckets*columns)}
}

// residualIndex is the residual's bucket for one of the model's.
func residualIndex(bucket uint32, chars bool) uint32 {
	h := bucket * 0x9e3779b1
	if chars {
		h = bucket*0x85ebca6b + 0x7f4a7c15
	}
	return h >> (32 - residualBits)
}

// once remembers the buckets of a text: an n-gram that repeats says it once.
type once [residualBuckets / 64]uint64

// add tells whether the bucket is new.
func (o *once) add(bucket uint32) bool {
	bit := uint64(1) << (bucket % 64)
	old := o[bucket/64]
	o[bucket/64] = old | bit
	return old&bit == 0
}

// add brings the residual's share of the shift, the stretch and the dense
// features into the logits, of which neutral is 0.
func (r *Residual) add(z *[classCount]float32, dense *[denseCount]float32) {
	base := *z
	for c, side := range sides {
		sum := r.shift[c]
		for k, other := range sides {
			sum += r.stretch[c][k] * base[other]
		}
		for d, v := range dense {
			sum += r.dense[d][c] * v
		}
		z[side] += sum
	}
}

// correct brings all of the residual into the logits of a text, of which
// neutral is 0.
func (r *Residual) correct(text *reading, z *[classCount]float32) {
	r.add(z, &text.dense)
	var seen once
	text.list()
	for i, block := range [2][]uint32{text.words, text.chars} {
		var sum [columns]float32
		n := 0
		for _, b := range block {
			b = residualIndex(b, i == 1)
			if !seen.add(b) {
				continue
			}
			n++
			for c := range sum {
				sum[c] += r.grams[b*columns+uint32(c)]
			}
		}
		for c, side := range sides {
			z[side] += sum[c] * blockNorm(n)
		}
	}
}

// Adapted is a model with a brand's residual. Like the model it is only read.
type Adapted struct {
	model    *Model
	residual *Residual
	version  string
}

// With gives the model as a brand's residual corrects it.
func (m *Model) With(r *Residual) *Adapted {
	h := fnv.New64a()
	h.Write(r.Encode())
	return &Adapted{m, r, m.version + "+" + strconv.FormatUint(h.Sum64(), 16)}
}

// Version implements Scorer.
func (a *Adapted) Version() string { return a.version }

// Score implements Scorer. What the model cannot score, this cannot either.
func (a *Adapted) Score(text, lang string, about *Terms) *adalid.Sentiment {
	m := a.model
	r := m.reading()
	defer m.readings.Put(r)
	if !m.read(r, text, lang) {
		return nil
	}
	z := m.logits(r)
	about.adjust(r, m, &z)
	z = against(z)
	a.residual.correct(r, &z)
	s := probabilities(z)
	return &s
}

// against makes neutral the zero point.
func against(z [classCount]float32) [classCount]float32 {
	return [classCount]float32{negative: z[negative] - z[neutral], positive: z[positive] - z[neutral]}
}

// residualHeader opens the bytes of a residual: one line of JSON.
type residualHeader struct {
	Format int    `json:"format"`
	Model  string `json:"model"` // version of the model it belongs to
	Bits   int    `json:"bits"`
	Dense  int    `json:"dense"`
}

// numbers yields every number of the residual, in the order of its bytes.
func (r *Residual) numbers(yield func(*float32) bool) {
	for c := range sides {
		if !yield(&r.shift[c]) {
			return
		}
		for k := range sides {
			if !yield(&r.stretch[c][k]) {
				return
			}
		}
		for d := range r.dense {
			if !yield(&r.dense[d][c]) {
				return
			}
		}
	}
	for i := range r.grams {
		if !yield(&r.grams[i]) {
			return
		}
	}
}

// Encode gives the bytes that Model.Residual reads.
func (r *Residual) Encode() []byte {
	out, err := json.Marshal(residualHeader{residualFormat, r.made, residualBits, denseCount})
	if err != nil {
		return nil // numbers and a version: it cannot be
	}
	out = append(out, '\n')
	for x := range r.numbers {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(*x))
	}
	return binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(out))
}

// Residual reads the bytes of a residual. Conflict says that it belongs to
// another model and has to be fitted anew.
func (m *Model) Residual(data []byte) (*Residual, error) {
	line, rest, found := bytes.Cut(data, []byte("\n"))
	var h residualHeader
	if !found || json.Unmarshal(line, &h) != nil || len(rest) < 4 ||
		crc32.ChecksumIEEE(data[:len(data)-4]) != binary.LittleEndian.Uint32(data[len(data)-4:]) {
		return nil, adalid.Errorf(adalid.Invalid, "what was learned from corrections is damaged; give one more correction to learn anew")
	}
	if h.Format != residualFormat || h.Model != m.version || h.Bits != residualBits || h.Dense != denseCount {
		return nil, adalid.Errorf(adalid.Conflict, "what was learned from corrections belongs to sentiment model %s, this program has %s", h.Model, m.version)
	}
	r := newResidual(h.Model)
	for x := range r.numbers {
		if len(rest) < 8 {
			return nil, adalid.Errorf(adalid.Invalid, "what was learned from corrections is cut short")
		}
		*x = math.Float32frombits(binary.LittleEndian.Uint32(rest))
		rest = rest[4:]
	}
	return r, nil
}
