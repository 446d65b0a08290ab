package language

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
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
	rate     = .5  // of AdaGrad
	decay    = 2e-6 // towards zero, per step on what the step touches
	outside  = 6000 // sentences made of the lists
	fewWords = 300  // commonest words of a language that no made sentence holds
)

// example is a text as the trainer sees it.
type example struct {
	features []uint16
	column   int
}

// Train writes a model made from samples: multinomial logistic regression on
// hashed n-grams, every language with the same weight. The same samples in the
// same order with the same seed give the same bytes. It fails when a language of
// the model has no sample.
func Train(w io.Writer, samples iter.Seq[Sample], opt Options) error {
	random := rand.New(rand.NewPCG(opt.Seed, 1))
	var examples []example
	var counts [columns]int
	vocabulary := map[string]int{}
	for s := range samples {
		column := slices.Index(names[:other], s.Lang)
		if column < 0 || column == hindi && !romanised(s.Text) {
			continue
		}
		if e := newExample(s.Text, column, false); len(e.features) >= 8 {
			examples = append(examples, e)
			counts[column]++
		}
		for word := range strings.FieldsSeq(s.Text) {
			if w := strings.ToLower(word); strings.IndexFunc(w, func(r rune) bool { return r < 'a' || r > 'z' && r < 0xc0 }) < 0 {
				vocabulary[w]++
			}
		}
	}
	for _, s := range invented(vocabulary, random) {
		examples = append(examples, newExample(s, other, true))
		counts[other]++
	}
	var pull [columns]float32 // weight of a sample, so that languages weigh the same
	for c, n := range counts {
		if n == 0 {
			return fmt.Errorf("language: train: no samples in %q", names[c])
		}
		pull[c] = float32(len(examples)) / float32(columns*n)
	}
	weights := descend(examples, pull, random)
	return write(w, weights)
}

func newExample(text string, column int, tags bool) example {
	var r reading
	r.read(text, tags)
	return example{slices.Clone(r.features[:r.n]), column}
}

const hindi = 6

// hindiWords are written in romanised Hindi and not in English. A third of the
// samples that are called Hindi are English with a name in it.
var hindiWords = strings.Fields(`hai hain h ho hu hoon tha thi the ka ki ke ko kya kyu kyun nahi nhi nahin mat bhi aur
	mein mai main me se par pe ye yeh wo woh jo koi kuch sab apna apne apni mera mere meri tera tere teri uska uske unka
	hum ham aap ap tum tu mujhe tujhe usko unko bhai ji sir yaar kar karo karna kiya karke raha rahe rahi rha rhe gaya gayi
	hua hui wala wale wali bahut bohot bhut accha acha achi sahi kaise kab kaun kahan abhi ab toh to na hi diya dia liya
	jai hind desh log logo baat din saal ek do`)

func romanised(text string) bool {
	n := 0
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if slices.Contains(hindiWords, strings.Trim(word, ".,!?")) {
			n++
		}
	}
	return n >= 2
}

// invented makes sentences of the lists' languages: their words, with rarer
// words of the samples between them, so that it is the common words that tell.
func invented(vocabulary map[string]int, random *rand.Rand) []string {
	type counted struct {
		word string
		n    int
	}
	var all []counted
	for w, n := range vocabulary {
		all = append(all, counted{w, n})
	}
	slices.SortFunc(all, func(a, b counted) int { return cmp.Or(b.n-a.n, strings.Compare(a.word, b.word)) })
	all = all[min(len(all), columns*fewWords):]
	l := wordLists()
	var out []string
	var lists [][]string
	for i := range l.names {
		if l.scripts[latin]>>i&1 == 1 {
			lists = append(lists, l.first[i])
		}
	}
	for i := range outside {
		list := lists[i%len(lists)]
		var b strings.Builder
		for range 4 + random.IntN(12) {
			b.WriteByte(' ')
			if len(all) > 0 && random.Float64() < .25 {
				b.WriteString(all[random.IntN(len(all))].word)
				continue
			}
			x := random.Float64()
			b.WriteString(list[int(x*x*float64(len(list)))])
		}
		out = append(out, b.String())
	}
	return out
}

// descend fits the weights by AdaGrad on single examples in random order, half
// of the time on a part of the text, so that short posts are learned too. The
// conversions keep every machine from fusing operations, which would change the
// bytes.
func descend(examples []example, pull [columns]float32, random *rand.Rand) []float32 {
	weights, squares := make([]float32, buckets*columns), make([]float32, buckets*columns)
	for range epochs {
		for _, i := range random.Perm(len(examples)) {
			e := examples[i]
			features := e.features
			if n := len(features); n > 60 && random.Float64() < .5 {
				size := 40 + random.IntN(n-40)
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
func write(w io.Writer, weights []float32) error {
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
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("language: train: write: %w", err)
	}
	return nil
}
