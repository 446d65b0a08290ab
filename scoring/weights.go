package scoring

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"adalid"
)

// presets are weights with a name, each for a question a team asks. Their
// reasons and backtest figures are in docs/scoring.md.
var presets = []struct {
	name    string
	weights Weights // affinity, volume, reach, network
}{
	{"balanced", Weights{.20, .40, .30, .10}},
	{"true-fans", Weights{.40, .40, .10, .10}},
	{"far-reach", Weights{.20, .20, .55, .05}},
	{"connectors", Weights{.10, .30, .10, .50}},
	{"steady", Weights{.02, .84, .07, .07}},
}

// Presets names the presets, the default first.
func Presets() []string {
	names := make([]string, len(presets))
	for i, p := range presets {
		names[i] = p.name
	}
	return names
}

// Preset gives the weights of a preset; false when there is none of that name.
func Preset(name string) (Weights, bool) {
	for _, p := range presets {
		if p.name == name {
			return p.weights, true
		}
	}
	return Weights{}, false
}

// ParseWeights reads weights such as "affinity=.4,volume=.2,reach=.2". A
// component that is not named weighs 0. The result sums to 1. What is wrong
// comes back as an adalid.Error with code Invalid.
func ParseWeights(text string) (Weights, error) {
	var w Weights
	seen := [components]bool{}
	for item := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(item, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok {
			return Weights{}, adalid.Errorf(adalid.Invalid,
				"weight %q is not of the form name=number, for example affinity=.4", strings.TrimSpace(item))
		}
		i := slices.Index(Names[:], name)
		if i < 0 {
			return Weights{}, adalid.Errorf(adalid.Invalid,
				"there is no component %q to weigh; the components are %s", name, strings.Join(Names[:], ", "))
		}
		if seen[i] {
			return Weights{}, adalid.Errorf(adalid.Invalid, "the weight of %s is given twice", name)
		}
		seen[i] = true
		f, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return Weights{}, adalid.Errorf(adalid.Invalid,
				"the weight of %s, %q, is not a number; write it like .4 or 0.4", name, strings.TrimSpace(value))
		}
		w[i] = f
	}
	if err := w.Check(); err != nil {
		return Weights{}, err
	}
	return w.normal(), nil
}

// Check tells what is wrong with weights: nil, or an adalid.Error with code
// Invalid when one is negative or not finite, or all are zero.
func (w Weights) Check() error {
	sum := 0.0
	for i, f := range w {
		if f < 0 || math.IsNaN(f) || math.IsInf(f, 0) {
			return adalid.Errorf(adalid.Invalid, "the weight of %s is %v; weights are numbers from 0 up", Names[i], f)
		}
		sum += f
	}
	if sum == 0 {
		return adalid.Errorf(adalid.Invalid, "all weights are zero; at least one must be more")
	}
	if math.IsInf(sum, 1) {
		return adalid.Errorf(adalid.Invalid, "the weights are too large to add up; 1 is enough")
	}
	return nil
}

// normal gives weights in the same proportions that sum to 1. Weights that
// Check refuses become those of the first preset.
func (w Weights) normal() Weights {
	if w.Check() != nil {
		w = presets[0].weights
	}
	sum := 0.0
	for _, f := range w {
		sum += f
	}
	return w.over(sum)
}

// over divides weights by their sum, but not by what is 1 up to rounding:
// weights that sum to 1 keep their bits, so that normalising twice is
// normalising once.
func (w Weights) over(sum float64) Weights {
	if math.Abs(sum-1) <= 1e-12 {
		return w
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

// ParseBlend reads the name of a blend; "" is Geometric. Another name is an
// adalid.Error with code Invalid.
func ParseBlend(name string) (Blend, error) {
	switch b := Blend(name); b {
	case "":
		return Geometric, nil
	case Geometric, Arithmetic:
		return b, nil
	}
	return "", adalid.Errorf(adalid.Invalid, "there is no blend %q; the blends are %s and %s", name, Geometric, Arithmetic)
}
