package sentiment

import (
	"math"
	"math/rand/v2"
	"slices"

	"adalid"
)

// Lesson is a text that a team has judged, or one about which nobody has said
// anything.
type Lesson struct {
	Text, Lang string
	Label      adalid.Label // "": nobody has
}

// Effect says what corrections change, as cross-validation on them shows.
type Effect struct {
	Labels   int     `json:"labels"`    // texts with a label that the model can judge
	Unknown  int     `json:"unknown"`   // labelled texts that it cannot judge, such as those in a language it does not know
	Agreed   int     `json:"agreed"`    // labels that the model alone gives as well
	Others   int     `json:"others"`    // texts nobody objected to that speak for the model
	OthersAs float64 `json:"others_as"` // how many labels these count as

	Tested   bool     `json:"tested"` // enough labels for the figures that follow
	Accuracy Compared `json:"accuracy"`
	MacroF1  Compared `json:"macro_f1"`
	Helps    bool     `json:"helps"` // enough to be used
	Why      string   `json:"why"`   // one sentence
}

// Compared is a figure without and with the corrections, and the 95 % interval
// of the difference.
type Compared struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Low    float64 `json:"gain_low"`
	High   float64 `json:"gain_high"`
}

// When corrections are used.
const (
	fewestLabels = 20
	crossFolds   = 5
	crossRounds  = 4 // with other folds each: one division alone is a matter of luck
	resamples    = 400
	mostOthers   = 400
	surely       = .25 // at most this share of the resamples may show no gain in macro-F1
)

// fitting says how a residual is fitted.
type fitting struct {
	epochs                              int
	rate                                float32
	shiftL2, stretchL2, denseL2, gramL2 float32
	dropout                             float32 // share of the n-grams of a text that a step leaves out
	balance                             float64 // 0: classes count as they come, 1: all alike
	slack                               float64 // how much surer than right the model may be
}

// usualFitting was chosen on the four airlines and the product posts of the
// development data.
func usualFitting() fitting {
	return fitting{epochs: 20, rate: .03, shiftL2: .2, stretchL2: 2, denseL2: 2, gramL2: .1, dropout: .5, balance: .75, slack: .1}
}

// lessonFeatures is a lesson taken apart.
type lessonFeatures struct {
	index  []uint32
	value  []float32
	dense  [denseCount]float32
	base   [classCount]float32 // the model's logits, neutral 0
	label  class
	weight float64
	fold   int
}

func (m *Model) takeApart(l Lesson, about *Terms, f *Features) *lessonFeatures {
	if !m.Features(l.Text, l.Lang, about, f) {
		return nil
	}
	x := &lessonFeatures{weight: 1, base: against([classCount]float32{float32(f.Logits[0]), float32(f.Logits[1]), float32(f.Logits[2])})}
	x.label = likeliest(x.base)
	if l.Label != "" {
		x.label = classOf(l.Label)
	}
	var seen once
	for i, block := range [2][]uint32{f.Words, f.Chars} {
		from := len(x.index)
		for _, b := range block {
			if b = residualIndex(b, i == 1); seen.add(b) {
				x.index = append(x.index, b)
			}
		}
		norm := blockNorm(len(x.index) - from)
		for range len(x.index) - from {
			x.value = append(x.value, norm)
		}
	}
	copy(x.dense[:], f.Dense)
	return x
}

func likeliest(z [classCount]float32) class { return classOf(Label(probabilities(z))) }

// Refit learns a brand's residual from what a team has judged, in well under a
// second for a thousand labels. Lessons without a label are texts that nobody
// objected to: teams mostly correct mistakes, and without the others the model
// would seem to be always wrong. They count as much as it takes for the model
// to be right as often as it believes, less some slack. The same lessons give
// the same residual.
func (m *Model) Refit(lessons []Lesson, about *Terms) (*Residual, Effect) {
	return m.refit(lessons, about, usualFitting())
}

func (m *Model) refit(lessons []Lesson, about *Terms, how fitting) (*Residual, Effect) {
	var e Effect
	var labelled, others []*lessonFeatures
	var f Features
	sure := 0.
	for _, l := range lessons {
		if l.Label == "" && len(others) == mostOthers {
			continue
		}
		x := m.takeApart(l, about, &f)
		switch {
		case x == nil && l.Label != "":
			e.Unknown++
		case x == nil:
		case l.Label != "":
			if x.label == likeliest(x.base) {
				e.Agreed++
			}
			labelled = append(labelled, x)
		default:
			p := probabilities(x.base)
			sure += max(p.Negative, p.Neutral, p.Positive)
			others = append(others, x)
		}
	}
	e.Labels = len(labelled)
	e.OthersAs = mass(e, share(sure, float64(len(others)))-how.slack)
	if e.OthersAs > 0 {
		e.Others = len(others)
		for _, x := range others {
			x.weight = e.OthersAs / float64(len(others))
		}
	} else {
		others = nil
	}
	all := append(labelled, others...)
	m.validate(all, &how, &e)
	return m.fit(all, -1, &how), e
}

// mass gives the weight of all others together: with it, the model is right as
// often as it is sure.
func mass(e Effect, sure float64) float64 {
	if e.Labels == 0 || sure <= 0 {
		return 0
	}
	n, agreed := float64(e.Labels), float64(e.Agreed)
	return max(0, (sure*n-agreed)/(1-sure))
}

// fit learns from lessons by AdaGrad, always in the same order;
// of those of one fold nothing.
func (m *Model) fit(lessons []*lessonFeatures, without int, how *fitting) *Residual {
	r := newResidual(m.version)
	lessons = slices.DeleteFunc(slices.Clone(lessons), func(x *lessonFeatures) bool { return x.fold == without })
	weight := classWeights(lessons, how)
	seen := make([]float32, residualBuckets)
	for _, x := range lessons {
		for _, b := range x.index {
			seen[b]++
		}
	}
	n := float32(len(lessons))
	squares := newResidual("")
	step := func(w, square *float32, gradient float32) {
		*square += gradient * gradient
		*w -= how.rate * gradient / (float32(math.Sqrt(float64(*square))) + 1e-6)
	}
	order := make([]int, len(lessons))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(11, 12))
	var some lessonFeatures
	for range how.epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, at := range order {
			x := &some
			x.dropped(lessons[at], how.dropout, random)
			z := r.logits(x)
			p := softmax(z)
			for c, side := range sides {
				g := p[side]
				if x.label == side {
					g--
				}
				g *= float32(weight[x.label] * x.weight)
				step(&r.shift[c], &squares.shift[c], g+how.shiftL2*r.shift[c]/n)
				for k, other := range sides {
					step(&r.stretch[c][k], &squares.stretch[c][k], g*x.base[other]+how.stretchL2*r.stretch[c][k]/n)
				}
				for d, v := range x.dense {
					if v != 0 {
						step(&r.dense[d][c], &squares.dense[d][c], g*v+how.denseL2*r.dense[d][c]/n)
					}
				}
				for i, b := range x.index {
					w := &r.grams[b*columns+uint32(c)]
					step(w, &squares.grams[b*columns+uint32(c)], g*x.value[i]+how.gramL2**w/seen[b])
				}
			}
		}
	}
	return r
}

// dropped makes x a copy of another lesson with only some of its n-grams, so
// that no weight relies on others that happen to stand beside it: Wager, Wang &
// Liang, "Dropout Training as Adaptive Regularization" (NIPS 2013).
func (x *lessonFeatures) dropped(of *lessonFeatures, share float32, random *rand.Rand) {
	index, value := x.index[:0], x.value[:0]
	for i, b := range of.index {
		if random.Float32() >= share {
			index, value = append(index, b), append(value, of.value[i]/(1-share))
		}
	}
	*x = *of
	x.index, x.value = index, value
}

// logits gives the evidence with the residual.
func (r *Residual) logits(x *lessonFeatures) [classCount]float32 {
	z := x.base
	r.add(&z, &x.dense)
	for c, side := range sides {
		for i, b := range x.index {
			z[side] += r.grams[int(b)*columns+c] * x.value[i]
		}
	}
	return z
}

// validated is a lesson with the answers of the model and of a residual that
// has not seen it.
type validated struct {
	label, before, after class
	weight               float64
}

// validate fills in what cross-validation shows.
func (m *Model) validate(lessons []*lessonFeatures, how *fitting, e *Effect) {
	if e.Labels < fewestLabels {
		e.Why = "too few labels to tell whether they help: at least 20 are needed"
		return
	}
	e.Tested = true
	n := len(lessons)
	answers := make([]validated, 0, crossRounds*n) // one round behind the other
	for round := range crossRounds {
		answers = append(answers, m.crossValidate(lessons, round, how)...)
	}
	e.MacroF1.Before, e.MacroF1.After, e.Accuracy.Before, e.Accuracy.After = compare(answers)
	random := rand.New(rand.NewPCG(21, 22))
	f1, accuracy := make([]float64, resamples), make([]float64, resamples)
	again, worse := make([]validated, len(answers)), 0
	for i := range resamples {
		for j := range n {
			from := random.IntN(n)
			for round := range crossRounds {
				again[round*n+j] = answers[round*n+from]
			}
		}
		fb, fa, ab, aa := compare(again)
		f1[i], accuracy[i] = fa-fb, aa-ab
		if fa <= fb {
			worse++
		}
	}
	e.MacroF1.Low, e.MacroF1.High = middle95(f1)
	e.Accuracy.Low, e.Accuracy.High = middle95(accuracy)
	e.Helps = e.MacroF1.After > e.MacroF1.Before && float64(worse) <= surely*resamples
	e.Why = "cross-validation does not show yet that the corrections help"
	if e.Helps {
		e.Why = "cross-validation shows that the corrections help"
	}
}

// crossValidate gives of each lesson the answers of a residual that has not seen
// it; every round divides the lessons in another way.
func (m *Model) crossValidate(lessons []*lessonFeatures, round int, how *fitting) []validated {
	for place, i := range rand.New(rand.NewPCG(31, uint64(round))).Perm(len(lessons)) {
		lessons[i].fold = place % crossFolds
	}
	answers := make([]validated, len(lessons))
	for fold := range crossFolds {
		r := m.fit(lessons, fold, how)
		for i, x := range lessons {
			if x.fold == fold {
				answers[i] = validated{x.label, likeliest(x.base), likeliest(r.logits(x)), x.weight}
			}
		}
	}
	return answers
}

// compare gives macro-F1, over the classes that labels name, and accuracy of
// both answers.
func compare(answers []validated) (f1Before, f1After, before, after float64) {
	var hit, given [2][classCount]float64
	var gold [classCount]float64
	total := 0.
	for _, a := range answers {
		total += a.weight
		gold[a.label] += a.weight
		for k, c := range [2]class{a.before, a.after} {
			given[k][c] += a.weight
			if c == a.label {
				hit[k][c] += a.weight
			}
		}
	}
	var f1, right [2]float64
	classes := 0.
	for c := range gold {
		if gold[c] == 0 {
			continue
		}
		classes++
		for k := range f1 {
			f1[k] += share(2*hit[k][c], gold[c]+given[k][c])
			right[k] += hit[k][c]
		}
	}
	f1[0], f1[1] = share(f1[0], classes), share(f1[1], classes)
	return f1[0], f1[1], share(right[0], total), share(right[1], total)
}

// classWeights makes rare classes count more.
func classWeights(lessons []*lessonFeatures, how *fitting) (weight [classCount]float64) {
	var mass [classCount]float64
	total := 0.
	for _, x := range lessons {
		mass[x.label] += x.weight
		total += x.weight
	}
	for c := range weight {
		weight[c] = math.Pow(total/(float64(classCount)*max(mass[c], 1)), how.balance)
	}
	return weight
}
