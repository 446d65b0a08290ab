package sentiment

import (
	"math"
	"math/rand/v2"
	"slices"

	"adalid"
)

// Measure compares answers with labels.
type Measure struct {
	answers []answer
}

// answer is one judged text; likely is the calibrated probability of given, 0
// for an unknown one.
type answer struct {
	label, given class
	known        bool
	likely       float64
}

// Add counts one text: nil is unknown and counts as neutral.
func (m *Measure) Add(label adalid.Label, s *adalid.Sentiment) {
	a := answer{label: classOf(label), given: neutral}
	if s != nil {
		a.known, a.given = true, classOf(Label(*s))
		a.likely = [classCount]float64{s.Negative, s.Neutral, s.Positive}[a.given]
	}
	m.answers = append(m.answers, a)
}

// Figures are what a Measure found. Shares are in [0, 1].
type Figures struct {
	Texts       int                         `json:"texts"`
	Unknown     int                         `json:"unknown"` // texts that could not be scored; they count as neutral
	MacroF1     float64                     `json:"macro_f1"`
	MacroRecall float64                     `json:"macro_recall"`
	Accuracy    float64                     `json:"accuracy"`
	Calibration float64                     `json:"expected_calibration_error"` // ten bins of the likeliest class's probability
	F1Low       float64                     `json:"macro_f1_low"`               // 95 % bootstrap interval of macro_f1
	F1High      float64                     `json:"macro_f1_high"`
	RecallLow   float64                     `json:"macro_recall_low"`
	RecallHigh  float64                     `json:"macro_recall_high"`
	Classes     [classCount]ClassFigures    `json:"classes"`
	Confusion   [classCount][classCount]int `json:"confusion"` // [label][answer]: negative, neutral, positive
}

// ClassFigures are those of one class.
type ClassFigures struct {
	Label     adalid.Label `json:"label"`
	Precision float64      `json:"precision"`
	Recall    float64      `json:"recall"`
	F1        float64      `json:"f1"`
	Texts     int          `json:"texts"`
}

// Figures computes the figures; resamples is how many bootstrap samples the
// intervals rest on, 0 for none.
func (m *Measure) Figures(resamples int) Figures {
	f := Figures{Texts: len(m.answers), Calibration: m.calibrationError()}
	var right int
	for _, a := range m.answers {
		f.Confusion[a.label][a.given]++
		if !a.known {
			f.Unknown++
		}
		if a.label == a.given {
			right++
		}
	}
	f.Accuracy = share(float64(right), float64(len(m.answers)))
	f.Classes, f.MacroF1, f.MacroRecall = classFigures(&f.Confusion)
	if resamples == 0 || len(m.answers) == 0 {
		return f
	}
	random := rand.New(rand.NewPCG(1, 2))
	f1, recall := make([]float64, resamples), make([]float64, resamples)
	for i := range resamples {
		var confusion [classCount][classCount]int
		for range m.answers {
			a := m.answers[random.IntN(len(m.answers))]
			confusion[a.label][a.given]++
		}
		_, f1[i], recall[i] = classFigures(&confusion)
	}
	f.F1Low, f.F1High = middle95(f1)
	f.RecallLow, f.RecallHigh = middle95(recall)
	return f
}

func middle95(x []float64) (low, high float64) {
	slices.Sort(x)
	n := float64(len(x) - 1)
	return x[int(math.Round(.025*n))], x[int(math.Round(.975*n))]
}

func classFigures(confusion *[classCount][classCount]int) (out [classCount]ClassFigures, f1, recall float64) {
	for c := range out {
		var gold, given int
		for d := range out {
			gold += confusion[c][d]
			given += confusion[d][c]
		}
		hit := float64(confusion[c][c])
		out[c] = ClassFigures{
			Label: classLabels[c], Texts: gold, Precision: share(hit, float64(given)), Recall: share(hit, float64(gold)),
			F1: share(2*hit, float64(gold+given)),
		}
		f1 += out[c].F1 / float64(classCount)
		recall += out[c].Recall / float64(classCount)
	}
	return out, f1, recall
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// calibrationError is the expected calibration error over ten bins of equal
// width (Naeini, Cooper & Hauskrecht, AAAI 2015), of the texts that were scored.
func (m *Measure) calibrationError() float64 {
	const bins = 10
	var n, right, sure [bins]float64
	total := 0.
	for _, a := range m.answers {
		if !a.known {
			continue
		}
		b := min(int(a.likely*bins), bins-1)
		n[b]++
		total++
		sure[b] += a.likely
		if a.given == a.label {
			right[b]++
		}
	}
	sum := 0.
	for b := range n {
		sum += math.Abs(right[b] - sure[b])
	}
	return share(sum, total)
}
