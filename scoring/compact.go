package scoring

import "math"

// Compact is what the geometric blend sums of a person, small enough to pass by
// a million people in milliseconds.
type Compact struct {
	Log   [components]float64 // ln of the value; 0 where not known
	Known uint8               // a bit for each component, the lowest for the first
}

// Compact gives the part of the components that the geometric blend sums.
func (c *Components) Compact() Compact {
	out := Compact{Log: c.log}
	for i, known := range c.Known {
		if known {
			out.Known |= 1 << i
		}
	}
	return out
}

// Geometry is the geometric blend with the weights that are left whatever is
// known.
type Geometry struct{ weights [1 << components]Weights }

// NewGeometry prepares the blend of weights; those that Check refuses become
// those of the first preset.
func NewGeometry(w Weights) *Geometry {
	g := &Geometry{}
	w = w.normal()
	for known := range g.weights {
		var c Components
		for i := range c.Known {
			c.Known[i] = known>>i&1 == 1
		}
		g.weights[known] = c.effective(w)
	}
	return g
}

// Log gives the logarithm of score/100 where something is known. Score gives
// the score of it, to the last bit that of Components.Total.
func (g *Geometry) Log(c *Compact) float64 {
	w := &g.weights[c.Known&(1<<components-1)]
	sum := 0.0
	sum += float64(w[0] * c.Log[0])
	sum += float64(w[1] * c.Log[1])
	sum += float64(w[2] * c.Log[2])
	sum += float64(w[3] * c.Log[3])
	return sum
}

// Score gives the score, 0 to 100.
func (g *Geometry) Score(c *Compact) float64 {
	if c.Known == 0 {
		return 0
	}
	return min(100*math.Exp(g.Log(c)), 100)
}
