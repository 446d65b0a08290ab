package sentiment

import (
	"context"
	"math"
	"math/rand/v2"
)

// sample is one training text as features.
type sample struct {
	words, chars []uint32 // indices of features seen often enough
	dense        [denseCount]float32
	lang         language
	label        class
	weight       float32 // of the row in the loss
}

// learning says how one run learns.
type learning struct {
	Epochs int
	Rate   float32 // of AdaGrad
	L2     float32 // pull towards zero, at each step of a weight
	NB     float32 // strength of naive-Bayes scaling: 0 none, 1 full
	Seed   uint64
}

// weights is a multinomial linear model: a column for each class.
type weights struct {
	sparse []float32                                      // features × classes
	dense  [languageCount][denseCount][classCount]float32 // row 0 is added for every language
}

func (w *weights) logits(s *sample) (z [classCount]float32) {
	for _, block := range [2][]uint32{s.words, s.chars} {
		var sum [classCount]float32
		for _, f := range block {
			x := w.sparse[f*3 : f*3+3 : f*3+3]
			sum[0] += x[0]
			sum[1] += x[1]
			sum[2] += x[2]
		}
		norm := blockNorm(len(block))
		for c := range z {
			z[c] += sum[c] * norm
		}
	}
	w.addDense(s, &z)
	return z
}

func (w *weights) addDense(s *sample, z *[classCount]float32) {
	for d, x := range s.dense {
		if x != 0 {
			for c := range z {
				z[c] += (w.dense[anyLanguage][d][c] + w.dense[s.lang][d][c]) * x
			}
		}
	}
}

// blockNorm makes long and short posts comparable.
func blockNorm(n int) float32 {
	if n == 0 {
		return 0
	}
	return 1 / float32(math.Sqrt(float64(n)))
}

func softmax(z [classCount]float32) (p [classCount]float32) {
	top := max(z[0], z[1], z[2])
	var sum float32
	for c := range z {
		p[c] = float32(math.Exp(float64(z[c] - top)))
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

// bayes gives the naive-Bayes log-count ratios of Wang & Manning, "Baselines
// and Bigrams" (ACL 2012), one against the rest: features × classes.
func bayes(samples []*sample, features int, strength float32) []float32 {
	r := make([]float32, features*3)
	for i := range r {
		r[i] = 1
	}
	if strength == 0 {
		return r
	}
	count := make([]float32, features*3)
	var total [3]float32
	for _, s := range samples {
		for _, block := range [2][]uint32{s.words, s.chars} {
			for _, f := range block {
				count[f*3+uint32(s.label)] += s.weight
				total[s.label] += s.weight
			}
		}
	}
	all := total[0] + total[1] + total[2]
	for f := range features {
		row := count[f*3 : f*3+3]
		sum := row[0] + row[1] + row[2]
		for c := range 3 {
			in := (row[c] + 1) / (total[c] + float32(features))
			out := (sum - row[c] + 1) / (all - total[c] + float32(features))
			ratio := float32(math.Abs(math.Log(float64(in / out))))
			r[f*3+c] = (1 - strength) + strength*ratio
		}
	}
	return r
}

// learner is the state of one run.
type learner struct {
	how          learning
	w            *weights
	scale        []float32 // of naive Bayes: features × classes
	squares      []float32 // sums of squared gradients: features × classes
	denseSquares [languageCount][denseCount][classCount]float32
}

// learn trains one model by AdaGrad (Duchi, Hazan & Singer, JMLR 2011).
func learn(ctx context.Context, samples []*sample, features int, how learning) (*weights, error) {
	random := rand.New(rand.NewPCG(how.Seed, stream))
	l := &learner{
		how: how, w: &weights{sparse: make([]float32, features*int(classCount))},
		scale: bayes(samples, features, how.NB), squares: make([]float32, features*int(classCount)),
	}
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	for range how.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for n, i := range order {
			if n&1023 == 0 && ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			l.step(samples[i])
		}
	}
	for i := range l.w.sparse {
		l.w.sparse[i] *= l.scale[i]
	}
	return l.w, nil
}

// stream is the second half of the random generator's seed.
const stream = 0x5e17

// step moves the weights against the gradient of one sample's loss.
func (l *learner) step(s *sample) {
	g := softmax(l.logits(s))
	g[s.label]--
	for c := range g {
		g[c] *= s.weight
	}
	for _, block := range [2][]uint32{s.words, s.chars} {
		norm := blockNorm(len(block))
		for _, f := range block {
			x, r, q := l.w.sparse[f*3:f*3+3:f*3+3], l.scale[f*3:f*3+3:f*3+3], l.squares[f*3:f*3+3:f*3+3]
			for c := range g {
				gradient := g[c]*norm*r[c] + l.how.L2*x[c]
				q[c] += gradient * gradient
				x[c] -= l.how.Rate * gradient / float32(math.Sqrt(float64(q[c])+1e-8))
			}
		}
	}
	for d, x := range s.dense {
		if x == 0 {
			continue
		}
		for _, lang := range [2]language{anyLanguage, s.lang} {
			for c := range g {
				w, q := &l.w.dense[lang][d][c], &l.denseSquares[lang][d][c]
				gradient := g[c]*x + l.how.L2**w
				*q += gradient * gradient
				*w -= l.how.Rate * gradient / float32(math.Sqrt(float64(*q)+1e-8))
			}
		}
	}
}

// logits are those of weights that are not yet multiplied by the scale.
func (l *learner) logits(s *sample) (z [classCount]float32) {
	for _, block := range [2][]uint32{s.words, s.chars} {
		var sum [classCount]float32
		for _, f := range block {
			x, r := l.w.sparse[f*3:f*3+3:f*3+3], l.scale[f*3:f*3+3:f*3+3]
			sum[0] += x[0] * r[0]
			sum[1] += x[1] * r[1]
			sum[2] += x[2] * r[2]
		}
		norm := blockNorm(len(block))
		for c := range z {
			z[c] += sum[c] * norm
		}
	}
	l.w.addDense(s, &z)
	return z
}

// mean averages models, which for linear ones is one linear model.
func mean(models ...*weights) *weights {
	out := &weights{sparse: make([]float32, len(models[0].sparse))}
	k := 1 / float32(len(models))
	for _, m := range models {
		for i, x := range m.sparse {
			out.sparse[i] += x * k
		}
		for l := range m.dense {
			for d := range m.dense[l] {
				for c := range m.dense[l][d] {
					out.dense[l][d][c] += m.dense[l][d][c] * k
				}
			}
		}
	}
	return out
}
