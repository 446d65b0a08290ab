package language

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Sample is one text whose language is known. Train takes those in the
// languages of the model and ignores the others (Arabic is told by its script).
type Sample struct{ Lang, Text string }

// Options of Train.
type Options struct {
	Seed uint64
}

const (
	epochs   = 4
	rate     = .5   // of AdaGrad
	decay    = 2e-6 // towards zero, per step on what the step touches
	forOther = 160  // sentences made of the list of another language
	forKnown = 300  // and of one of the model
	inName   = .1   // share of made-up names in a made sentence
	fewWords = 300  // commonest words of a language that no made sentence holds
)

// relatives are taken for a language of the model more easily than others: so
// many times more sentences are made of them.
var relatives = map[string]int{"ca": 4, "gl": 6, "nl": 2, "af": 1, "eu": 1, "ro": 1, "sv": 1, "da": 1, "no": 1}

// example is a text as the trainer sees it.
type example struct {
	features []uint16
	column   int
}

// Train writes a model made from samples: multinomial logistic regression on
// hashed n-grams, every language with the same weight. The same samples in the
// same order with the same seed give the same bytes on the same architecture. It
// fails when a language of the model has no sample.
func Train(w io.Writer, samples iter.Seq[Sample], opt Options) error {
	random, l := rand.New(rand.NewPCG(opt.Seed, 1)), wordLists()
	var examples []example
	var counts [columns]int
	vocabulary, seen := map[string]int{}, map[uint32]*[columns]int{}
	for s := range samples {
		column := slices.Index(names[:other], s.Lang)
		if column < 0 || column == hindi && !romanised(l, s.Text) {
			continue
		}
		if e := newExample(s.Text, column, false); len(e.features) >= 8 {
			examples = append(examples, e)
			counts[column]++
		}
		l.count(seen, s.Text, column)
		for word := range strings.FieldsSeq(s.Text) {
			if w := strings.ToLower(word); strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' && r < 0xc0 }) < 0 {
				vocabulary[w]++
			}
		}
	}
	for c, n := range counts[:other] {
		if n == 0 {
			return fmt.Errorf("language: train: no samples in %q", names[c])
		}
	}
	for _, s := range invented(l, vocabulary, random) {
		column := slices.Index(names[:], s.Lang)
		examples = append(examples, newExample(s.Text, column, true))
		counts[column]++
	}
	var pull [columns]float32 // weight of a sample, so that languages weigh the same
	for c, n := range counts {
		pull[c] = float32(len(examples)) / float32(columns*n)
	}
	weights := descend(examples, pull, random)
	return write(w, weights, l.known(seen))
}

func newExample(text string, column int, tags bool) example {
	var r reading
	r.read(text, tags)
	return example{slices.Clone(r.features[:r.n]), column}
}

const hindi = 6

// romanised tells whether a text called Hindi is: a third of them are English
// with a name in it.
func romanised(l *lists, text string) bool {
	var r reading
	r.read(text, false)
	return l.hindi(r.words[:r.wordCount]) >= fewestVotes
}

// count counts the words of text that are on a list, and all of them under 0.
func (l *lists) count(seen map[uint32]*[columns]int, text string, column int) {
	var r reading
	r.read(text, false)
	for _, h := range append(r.words[:r.wordCount:r.wordCount], 0) {
		if h != 0 && l.place(h).set == 0 {
			continue
		}
		if seen[h] == nil {
			seen[h] = new([columns]int)
		}
		if h != 0 {
			seen[h][column]++
			continue
		}
		seen[h][column] += r.wordCount
	}
}

// known gives the words of the lists that are also words of the model's
// languages: one word in ten thousand or more, and three at least. Words that
// Hindi texts hold may be English, so they are not asked.
func (l *lists) known(seen map[uint32]*[columns]int) (out []byte) {
	for _, h := range slices.Sorted(maps.Keys(seen)) {
		var set uint8
		for c, n := range seen[h] {
			if h != 0 && c != hindi && n >= max(3, seen[0][c]/10_000) {
				set |= 1 << c
			}
		}
		if set != 0 {
			out = append(binary.LittleEndian.AppendUint32(out, h), set)
		}
	}
	return out
}

// invented makes sentences of the lists: words of one language, with rarer words
// of all samples between them, so that it is the common words that tell.
func invented(l *lists, vocabulary map[string]int, random *rand.Rand) (out []Sample) {
	rare := slices.SortedFunc(maps.Keys(vocabulary), func(a, b string) int {
		return cmp.Or(vocabulary[b]-vocabulary[a], strings.Compare(a, b))
	})
	rare = rare[min(len(rare), columns*fewWords):]
	for i, name := range l.names {
		n := relatives[name]
		switch {
		case l.script[i] != latin:
			continue
		case slices.Contains(names[:other], name):
			n = forKnown
		default:
			n = (1 + n) * forOther
			name = ""
		}
		for range n {
			out = append(out, Sample{name, sentence(l.first[i], rare, random)})
		}
	}
	for range 6 * forOther { // what is no language
		out = append(out, Sample{"", noise(random)})
	}
	return out
}

// noise is a few words of letters at random.
func noise(random *rand.Rand) string {
	var b strings.Builder
	for range 1 + random.IntN(5) {
		b.WriteByte(' ')
		for range 2 + random.IntN(8) {
			b.WriteByte(byte('a' + random.IntN(26)))
		}
	}
	return b.String()
}

// sentence strings words together, the first of common more often than the
// last.
func sentence(common, rare []string, random *rand.Rand) string {
	var b strings.Builder
	for range 2 + random.IntN(14) {
		b.WriteByte(' ')
		if len(rare) > 0 && random.Float64() < .25 {
			b.WriteString(rare[random.IntN(len(rare))])
			continue
		}
		if random.Float64() < inName {
			b.WriteString(name(random))
			continue
		}
		x := random.Float64()
		b.WriteString(common[int(float64(x*x)*float64(len(common)))])
	}
	return b.String()
}

// name is what a brand may be called, in whatever language: Nova, Tostalba.
func name(random *rand.Rand) string {
	const consonants, vowels = "bcdfglmnprstvz", "aeiou"
	b := make([]byte, 0, 12)
	for range 1 + random.IntN(4) {
		b = append(b, consonants[random.IntN(len(consonants))], vowels[random.IntN(len(vowels))])
		if random.IntN(3) == 0 {
			b = append(b, consonants[random.IntN(len(consonants))])
		}
	}
	return string(b)
}

// descend fits the weights by AdaGrad on single examples in random order, half
// of the time on a part of the text, so that short posts are learned too. The
// conversions keep compilers from fusing operations, which would change the
// bytes; what is left to differ between architectures is the last bit of math.Exp.
func descend(examples []example, pull [columns]float32, random *rand.Rand) []float32 {
	weights, squares := make([]float32, buckets*columns), make([]float32, buckets*columns)
	for range epochs {
		for _, i := range random.Perm(len(examples)) {
			e := examples[i]
			features := e.features
			if n := len(features); n > 30 && random.Float64() < .5 {
				size := 20 + random.IntN(n-20)
				at := random.IntN(n - size + 1)
				features = features[at : at+size]
			}
			step(weights, squares, features, e.column, pull[e.column])
		}
	}
	return weights
}

func step(weights, squares []float32, features []uint16, column int, pull float32) {
	norm := float32(1 / math.Sqrt(float64(len(features))))
	var sum [columns]float32
	for _, f := range features {
		for c, w := range weights[int(f)*columns : int(f)*columns+columns] {
			sum[c] += w
		}
	}
	var gradient [columns]float32
	top, total := float32(math.Inf(-1)), 0.
	for c := range sum {
		sum[c] *= norm
		top = max(top, sum[c])
	}
	for c := range sum {
		e := math.Exp(float64(sum[c] - top))
		gradient[c] = float32(e)
		total += e
	}
	for c := range gradient {
		gradient[c] = float32(float64(gradient[c]) / total)
		if c == column {
			gradient[c]--
		}
		gradient[c] *= float32(pull * norm)
	}
	for _, f := range features {
		w, s := weights[int(f)*columns:int(f)*columns+columns], squares[int(f)*columns:int(f)*columns+columns]
		for c, g := range gradient {
			g += float32(decay * w[c])
			s[c] += float32(g * g)
			w[c] -= float32(float32(rate*g) / float32(math.Sqrt(float64(s[c])+1e-8)))
		}
	}
}

// write rounds the weights to bytes around 128; the largest in a thousand are
// cut.
func write(w io.Writer, weights []float32, words []byte) error {
	sizes := make([]float32, 0, len(weights))
	for _, v := range weights {
		if v != 0 {
			sizes = append(sizes, max(v, -v))
		}
	}
	slices.Sort(sizes)
	scale := float64(sizes[len(sizes)-1-len(sizes)/1000]) / 127
	if !(scale > 0) {
		return errors.New("language: train: nothing was learned")
	}
	out := binary.LittleEndian.AppendUint64([]byte(magic), math.Float64bits(scale))
	for _, v := range weights {
		out = append(out, uint8(128+max(-127, min(127, math.RoundToEven(float64(v)/scale)))))
	}
	if _, err := w.Write(append(out, words...)); err != nil {
		return fmt.Errorf("language: train: write: %w", err)
	}
	return nil
}
