package scoring

import (
	"math"
	"time"
)

// Floor is ε, the least value of a component that is known: small, but not so
// small that one weakness erases everything else.
const Floor = 0.02

// Components are a person's component values before they are blended.
type Components struct {
	Value   [components]float64 // in [Floor, 1]; 0 where not Known
	Known   [components]bool    // false: unknown for the whole platform or brand
	Imputed [components]bool    // unknown for this person: the median stands in
	Mean    float64             // shrunk mean sentiment; 0 where not HasMean
	HasMean bool

	negative bool                // known to speak against the brand
	log      [components]float64 // ln of Value, for the blend
}

// set makes a component known; the value is kept within [Floor, 1].
func (c *Components) set(i Component, value float64) {
	c.Value[i] = min(max(value, Floor), 1)
	c.Known[i] = true
	c.log[i] = math.Log(c.Value[i])
}

// Critic tells whether the person is known to speak against the brand: the mean
// of the own posts lies clearly below neutral, whatever others say.
func (c *Components) Critic() bool { return c.negative }

// effective gives the weights left when unknown components are left out; they
// sum to 1. Where everything that was weighed is unknown, what is known weighs
// the same; where nothing is known, all are 0.
func (c *Components) effective(w Weights) Weights {
	sum, known := 0.0, 0.0
	for i := range w {
		if !c.Known[i] {
			w[i] = 0
			continue
		}
		sum += w[i]
		known++
	}
	if sum > 0 {
		return w.over(sum)
	}
	for i := range w {
		if c.Known[i] {
			w[i] = 1 / known
		}
	}
	return w
}

// Total gives the score, 0 to 100, without its parts. It is the same, to the
// last bit, as the Total of Score.
func (c *Components) Total(w Weights, b Blend) float64 {
	return c.blend(c.effective(w.normal()), b)
}

// blend is the formula. The conversions keep a compiler from fusing a product
// and a sum, which would change the last bit between machines.
func (c *Components) blend(w Weights, b Blend) float64 {
	sum, any := 0.0, false
	for i, f := range w {
		if f == 0 {
			continue
		}
		any = true
		if b == Arithmetic {
			sum += float64(f * c.Value[i])
		} else {
			sum += float64(f * c.log[i])
		}
	}
	switch {
	case !any:
		return 0
	case b == Arithmetic:
		return min(100*sum, 100)
	}
	return min(100*math.Exp(sum), 100)
}

// Score blends the components. Weights that Check refuses become those of the
// first preset; a blend that is not Arithmetic is Geometric.
func (c *Components) Score(w Weights, b Blend) Score {
	if b != Arithmetic {
		b = Geometric
	}
	w = c.effective(w.normal())
	s := Score{Total: c.blend(w, b), Blend: b, Critic: c.Critic()}
	if c.HasMean {
		mean := c.Mean
		s.Mean = &mean
	}
	shares := c.shares(w, b, s.Total)
	for i := range s.Parts {
		s.Parts[i] = Part{Name: Names[i], Weight: w[i], Share: shares[i], Imputed: c.Imputed[i]}
		if c.Known[i] {
			value := c.Value[i]
			s.Parts[i].Value = &value
		}
	}
	return s
}

// shares splits a score: by wᵢ·ln(cᵢ/ε) when geometric, so that a component at
// the floor earns nothing, and by wᵢ·cᵢ when arithmetic. Where every component
// is at the floor, the weights split it.
func (c *Components) shares(w Weights, b Blend, total float64) [components]float64 {
	var gain [components]float64
	sum := 0.0
	for i, f := range w {
		switch {
		case f == 0:
		case b == Arithmetic:
			gain[i] = f * c.Value[i]
		default:
			gain[i] = f * max(0, c.log[i]-math.Log(Floor))
		}
		sum += gain[i]
	}
	if sum == 0 {
		gain, sum = w, 1
	}
	for i := range gain {
		gain[i] *= total / sum
	}
	return gain
}

// Ratios explains a score beside another of the same blend. Geometric: the
// factors cᵢ^wᵢ of a over those of b, whose product is a's score over b's.
// Arithmetic: the differences in points, whose sum is a's score minus b's. A
// component left out on one side counts there as the factor 1 or as 0 points.
func Ratios(a, b Score) [components]float64 {
	var out [components]float64
	for i := range out {
		x, y := a.Parts[i], b.Parts[i]
		if a.Blend == Arithmetic {
			out[i] = 100 * (x.points() - y.points())
		} else {
			out[i] = x.factor() / y.factor()
		}
	}
	return out
}

func (p Part) points() float64 {
	if p.Value == nil {
		return 0
	}
	return p.Weight * *p.Value
}

func (p Part) factor() float64 {
	if p.Value == nil {
		return 1
	}
	return math.Pow(*p.Value, p.Weight)
}

// Receipt is everything from which a score can be computed again: the formula
// by its version, what was asked, on which data, and the component values.
type Receipt struct {
	Formula     string               `json:"formula"`
	Weights     Weights              `json:"weights"` // those of the parts: unknown components left out, sum 1
	Blend       Blend                `json:"blend"`
	AsOf        time.Time            `json:"as_of"`
	DataVersion int64                `json:"data_version"`
	Components  [components]*float64 `json:"components"` // in [0, 1]; null: left out
	Names       [components]string   `json:"names"`
	Score       float64              `json:"score"`
}

// Basis is what a receipt names beside the score itself.
type Basis struct {
	AsOf        time.Time
	DataVersion int64
}

// Receipt writes the receipt of a score.
func (s Score) Receipt(on Basis) Receipt {
	r := Receipt{
		Formula: Version, Blend: s.Blend,
		AsOf: on.AsOf, DataVersion: on.DataVersion, Names: Names, Score: s.Total,
	}
	for i, p := range s.Parts {
		r.Weights[i] = p.Weight
		if p.Value != nil {
			value := *p.Value
			r.Components[i] = &value
		}
	}
	return r
}

// Recompute gives the score that follows from the receipt's weights, blend and
// component values: equal to Score to the last bit. NaN when the receipt is of
// another version of the formula.
func (r Receipt) Recompute() float64 {
	if r.Formula != Version {
		return math.NaN()
	}
	var c Components
	for i, v := range r.Components {
		if v != nil {
			c.set(Component(i), *v)
		}
	}
	return c.Total(r.Weights, r.Blend)
}
