package audit

import (
	"fmt"
	"math"

	"adalid"
)

// Answer is a person's judgement of one item of a sample.
type Answer struct {
	Key   string
	Label adalid.Label // "" when Ours is false
	Ours  bool         // false: the mention is not about the brand
}

// Estimate is a figure with its 95 % interval; nil pointers to it mean that
// the answers say nothing of it.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Confusion counts answers by what the model said.
type Confusion struct {
	Model  adalid.Label `json:"model"`
	Person adalid.Label `json:"person"`
	Count  int          `json:"count"`
	Share  float64      `json:"share"` // of the brand's scored mentions, weighted by strata
}

// Share is the part of a class in all mentions about the brand: as the model
// counts and as the answers correct it.
type Share struct {
	Class   adalid.Label `json:"class"`
	Counted float64      `json:"counted"` // among what the model scored
	True    *Estimate    `json:"true"`
	Count   *Estimate    `json:"count"` // mentions of all
}

// Report is what the answers to a sample tell.
type Report struct {
	Total     int         `json:"total"`
	Sampled   int         `json:"sampled"`
	Answered  int         `json:"answered"`
	NotOurs   int         `json:"not_ours"`
	Accuracy  *Estimate   `json:"accuracy"`  // of the model's classes, on what it scored and is about the brand
	Precision *Estimate   `json:"precision"` // part of the mentions that is about the brand
	Scored    float64     `json:"scored"`    // part of the mentions that the model gave a class
	Shares    []Share     `json:"shares"`
	Confusion []Confusion `json:"confusion"` // scored mentions about the brand
	Strata    []Stratum   `json:"strata"`
}

var classes = []adalid.Label{adalid.Negative, adalid.Neutral, adalid.Positive}

// answered is one answer beside what the model said.
type answered struct {
	Drawn
	Answer
}

// Assess gives the report on the answers to a sample. Items without an answer
// were skipped: the others of their stratum stand for them. Invalid for an
// answer to something that is not in the sample, twice, or without a class.
func Assess(s Sample, answers []Answer) (Report, error) {
	drawn := map[string]Drawn{}
	for _, d := range s.Drawn {
		drawn[d.Key] = d
	}
	by := make([][]answered, len(s.Strata))
	r := Report{Total: s.Total, Sampled: len(s.Drawn), Strata: s.Strata}
	for _, a := range answers {
		d, asked := drawn[a.Key]
		if !asked {
			return Report{}, adalid.Errorf(adalid.Invalid, "%q is not in this sample, or was answered twice; the sample changes with the mentions: draw it again", a.Key)
		}
		if a.Ours && a.Label != adalid.Negative && a.Label != adalid.Neutral && a.Label != adalid.Positive {
			return Report{}, adalid.Errorf(adalid.Invalid, "the answer to %q has no label; use negative, neutral, positive or not ours", a.Key)
		}
		delete(drawn, a.Key)
		by[d.Stratum] = append(by[d.Stratum], answered{d, a})
		r.Answered++
		if !a.Ours {
			r.NotOurs++
		}
	}
	r.fill(s, by)
	return r, nil
}

func (r *Report) fill(s Sample, by [][]answered) {
	scored := 0
	counted := map[adalid.Label]int{}
	for _, h := range s.Strata {
		if h.Class != "" {
			scored += h.Size
			counted[h.Class] += h.Size
		}
	}
	if s.Total > 0 {
		r.Scored = float64(scored) / float64(s.Total)
	}
	one := func(answered) float64 { return 1 }
	ours := func(a answered) float64 { return bit(a.Ours) }
	ourScored := func(a answered) float64 { return bit(a.Ours && a.Class != "") }
	r.Precision = ratio(s.Strata, by, ours, one)
	r.Accuracy = ratio(s.Strata, by, func(a answered) float64 { return bit(a.Ours && a.Class != "" && a.Class == a.Label) }, ourScored)
	for _, c := range classes {
		is := func(a answered) float64 { return bit(a.Ours && a.Label == c) }
		share := Share{Class: c, True: ratio(s.Strata, by, is, ours)}
		if scored > 0 {
			share.Counted = float64(counted[c]) / float64(scored)
		}
		if n := ratio(s.Strata, by, is, one); n != nil {
			all := float64(s.Total)
			share.Count = &Estimate{n.Value * all, n.Low * all, n.High * all}
		}
		r.Shares = append(r.Shares, share)
	}
	for _, model := range classes {
		for _, person := range classes {
			is := func(a answered) float64 { return bit(a.Ours && a.Class == model && a.Label == person) }
			c := Confusion{Model: model, Person: person}
			for _, answers := range by {
				for _, a := range answers {
					c.Count += int(is(a))
				}
			}
			if e := ratio(s.Strata, by, is, ourScored); e != nil {
				c.Share = e.Value
			}
			r.Confusion = append(r.Confusion, c)
		}
	}
}

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// ratio estimates Σx/Σy over all mentions by the combined ratio estimator of
// stratified samples (Cochran, Sampling Techniques, 1977, sections 6.11 and
// 6.12), x and y being 0 or 1 and x ≤ y. The interval is Wilson's with the
// effective sample size that the estimator's variance amounts to (Kish 1965;
// Franco et al. 2019 compare such intervals), at most the number of answers
// with y = 1. nil without such an answer.
func ratio(strata []Stratum, by [][]answered, x, y func(answered) float64) *Estimate {
	sumX, sumY, n := 0., 0., 0.
	for h, answers := range by {
		for _, a := range answers {
			w := float64(strata[h].Size) / float64(len(answers))
			sumX += w * x(a)
			sumY += w * y(a)
			n += y(a)
		}
	}
	if n == 0 {
		return nil
	}
	p := sumX / sumY
	variance := 0.
	for h, answers := range by {
		m, size := float64(len(answers)), float64(strata[h].Size)
		if m == 0 {
			continue
		}
		sum, squares := 0., 0.
		for _, a := range answers {
			d := x(a) - p*y(a)
			sum += d
			squares += d * d
		}
		spread := squares / m // around 0 where one answer gives no mean of its own
		if m > 1 {
			spread = math.Max(0, squares-sum*sum/m) / (m - 1)
		}
		variance += size * size * (1 - m/size) * spread / m / (sumY * sumY)
	}
	effective := n
	if variance > 0 {
		effective = math.Min(n, p*(1-p)/variance)
	}
	if allAsked(strata, by) {
		return &Estimate{p, p, p}
	}
	low, high := wilson(p, math.Max(effective, 1))
	return &Estimate{p, low, high}
}

// allAsked tells whether every mention was answered: nothing is estimated then.
func allAsked(strata []Stratum, by [][]answered) bool {
	for h, s := range strata {
		if len(by[h]) < s.Size {
			return false
		}
	}
	return true
}

// wilson gives the 95 % interval of a share p seen in n: Wilson, "Probable
// Inference, the Law of Succession, and Statistical Inference" (1927).
func wilson(p, n float64) (low, high float64) {
	const z = 1.959964
	centre, spread := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return math.Max(0, (centre-spread)/(1+z*z/n)), math.Min(1, (centre+spread)/(1+z*z/n))
}

// String gives the figure in per cent: "63.2 % (51.0 to 74.1)".
func (e *Estimate) String() string {
	if e == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.1f %% (%.1f to %.1f)", 100*e.Value, 100*e.Low, 100*e.High)
}
