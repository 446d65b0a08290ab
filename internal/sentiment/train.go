package sentiment

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// The choices that cross-validation on the permitted files supports; docs/sentiment.md
// tells what each brought.
const (
	leastSeen        = 2   // features seen less often are dropped
	bigEnglishWeight = 0.5 // of a row of the big English file
)

// runs are the models that are averaged into one.
func runs(seed uint64) []learning {
	return []learning{
		{Epochs: 6, Rate: .03, L2: 1e-6, Seed: seed, NB: .5},
		{Epochs: 6, Rate: .03, L2: 1e-6, Seed: seed + 1, NB: 1},
	}
}

// TrainOptions say what to learn from.
type TrainOptions struct {
	Dir      string                             // folder with the permitted files
	Seed     uint64                             // the same seed and files give the same bytes
	Progress func(step string, done, total int) // nil: silent
}

// Training is the outcome of Train.
type Training struct {
	Model   []byte              // the file, as Load reads it
	Held    map[string]*Measure // cross-validation: per language, and "semeval" for the big English file
	Files   []TrainingFile
	Buckets int // features with a weight
}

// Train learns a model from the permitted files in a folder: five-fold
// cross-validation for the calibration and the figures, then the model on all
// rows. The same files and seed give the same bytes on the same architecture.
func Train(ctx context.Context, o TrainOptions) (*Training, error) {
	c, err := readCorpus(o.Dir)
	if err != nil {
		return nil, err
	}
	how := runs(o.Seed)
	step := steps(o.Progress, (folds+1)*len(how))
	held := make([][classCount]float32, len(c.samples))
	for k := range folds {
		in := func(i int) bool { return c.fold[i] != k }
		c.correct(in)
		w, err := c.fit(ctx, how, in, step)
		if err != nil {
			return nil, err
		}
		for i, s := range c.samples {
			if c.fold[i] == k {
				held[i] = w.logits(s)
			}
		}
	}
	all := func(int) bool { return true }
	lex := c.correct(all)
	w, err := c.fit(ctx, how, all, step)
	if err != nil {
		return nil, err
	}
	m := &Model{header: header{Seed: o.Seed, Trained: c.files, Bits: modelBits}, lex: lex}
	m.Sharpen = c.calibrate(held)
	m.quantise(c, w)
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	if m, err = Load(data, Options{}); err != nil {
		return nil, err
	}
	return &Training{Model: data, Held: c.measure(held, m), Files: c.files, Buckets: c.features}, nil
}

func steps(progress func(string, int, int), total int) func(string) {
	done := 0
	return func(what string) {
		done++
		if progress != nil {
			progress(what, done, total)
		}
	}
}

// fit learns from the samples that in chooses.
func (c *corpus) fit(ctx context.Context, how []learning, in func(int) bool, step func(string)) (*weights, error) {
	var chosen []*sample
	for i, s := range c.samples {
		if in(i) {
			chosen = append(chosen, s)
		}
	}
	models := make([]*weights, len(how))
	for i, h := range how {
		w, err := learn(ctx, chosen, c.features, h)
		if err != nil {
			return nil, fmt.Errorf("sentiment: train: %w", err)
		}
		models[i] = w
		step(fmt.Sprintf("%d texts", len(chosen)))
	}
	return mean(models...), nil
}

// calibrate finds for each language the inverse temperature that makes the
// held-out probabilities likeliest (Guo et al., "On Calibration of Modern Neural
// Networks", ICML 2017).
func (c *corpus) calibrate(held [][classCount]float32) (out [languageCount]float32) {
	for l := range out {
		out[l] = 1
		loss := func(k float32) (sum float64) {
			for i, s := range c.samples {
				if int(s.lang) == l && !c.rough(i) {
					z := held[i]
					for j := range z {
						z[j] *= k
					}
					sum -= float64(s.weight) * math.Log(max(float64(softmax(z)[s.label]), 1e-9))
				}
			}
			return sum
		}
		if slices.ContainsFunc(c.samples, func(s *sample) bool { return int(s.lang) == l }) {
			out[l] = smallest(loss, .05, 5)
		}
	}
	return out
}

// smallest finds the minimum of a function with one valley by golden section.
func smallest(f func(float32) float64, lo, hi float32) float32 {
	const golden = .618034
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := f(a), f(b)
	for range 24 {
		if fa < fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = f(b)
		}
	}
	return (lo + hi) / 2
}

// clipped is the share of weights that int8 holds without clipping.
const clipped = .999

// quantise makes the small model of the learnt weights: each class against
// neutral, in steps of one scale.
func (m *Model) quantise(c *corpus, w *weights) {
	m.weights = newCells()
	sizes := make([]float32, 0, len(c.buckets)*columns)
	pair := func(x []float32) [columns]float32 {
		return [columns]float32{x[negative] - x[neutral], x[positive] - x[neutral]}
	}
	for f := range c.buckets {
		for _, x := range pair(w.sparse[f*3 : f*3+3]) {
			sizes = append(sizes, float32(math.Abs(float64(x))))
		}
	}
	slices.Sort(sizes)
	m.Scale = max(sizes[int(clipped*float64(len(sizes)-1))], 1e-6) / 127
	for f, b := range c.buckets {
		x := pair(w.sparse[f*3 : f*3+3])
		m.weights.set(b, toStep(x[0]/m.Scale), toStep(x[1]/m.Scale))
	}
	for l := range m.dense {
		for d := range m.dense[l] {
			both := w.dense[0][d]
			for j := range both {
				if l > 0 {
					both[j] += w.dense[l][d][j]
				}
			}
			m.dense[l][d] = pair(both[:])
		}
	}
}

func toStep(x float32) int8 { return int8(max(-127, min(127, math.Round(float64(x))))) }

// measure judges held-out answers per language, the big English file apart, as
// the finished model would: turns of phrase included.
func (c *corpus) measure(held [][classCount]float32, m *Model) map[string]*Measure {
	out := map[string]*Measure{}
	r := m.reading()
	var nobody *Terms
	for i, s := range c.samples {
		if c.rough(i) {
			continue
		}
		name := languageCodes[s.lang]
		if c.files[c.file[i]].Name == bigEnglish {
			name = "semeval"
		}
		if out[name] == nil {
			out[name] = &Measure{}
		}
		k := m.Sharpen[s.lang]
		z := [classCount]float32{negative: k * (held[i][negative] - held[i][neutral]), positive: k * (held[i][positive] - held[i][neutral])}
		r.read(c.texts[i], s.lang)
		nobody.adjust(r, m, &z)
		p := probabilities(z)
		out[name].Add(classLabels[s.label], &p)
	}
	return out
}
