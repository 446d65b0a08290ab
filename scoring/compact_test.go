package scoring

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The compact form gives every person the score of the whole one, to the last
// bit, whatever is known.
func TestCompactScoresAreTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	presets := Presets()
	for range 20_000 {
		var c Components
		for i := range c.Known {
			if r.IntN(4) > 0 {
				c.set(Component(i), math.Pow(r.Float64(), 3))
			}
		}
		w, _ := Preset(presets[r.IntN(len(presets))])
		if r.IntN(2) == 0 {
			w = Weights{float64(r.IntN(3)), r.Float64(), float64(r.IntN(2)), r.Float64() * 7}
		}
		compact := c.Compact()
		if got, want := NewGeometry(w).Score(&compact), c.Total(w, Geometric); got != want {
			t.Fatalf("%v of %+v by %v, want %v", got, c, w, want)
		}
	}
}
