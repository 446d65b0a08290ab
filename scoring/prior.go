package scoring

import (
	"maps"
	"math"
	"slices"
)

// sample is how far the mean of an account's posts lies from what is usual, and
// how many posts of equal weight that mean is worth.
type sample struct{ away, posts float64 }

// variance is how much the true means of accounts differ, and how much the
// posts of one account differ among themselves.
type variance struct{ between, within float64 }

// strength is κ, how many posts the usual weighs: within over between, kept in
// [leastStrength, mostStrength].
func (v variance) strength() float64 {
	if !(v.between > 0) {
		return mostStrength
	}
	return min(max(v.within/v.between, leastStrength), mostStrength)
}

// fitVariance fits Var(mean of n posts) = between + within/n to what accounts
// show, by least squares with the weights that a normal model gives, repeated
// to its fixed point: that is Fisher scoring for the maximum likelihood of the
// one-way random-effects model (Harville 1977; the empirical Bayes of Efron &
// Morris 1975). Where less than Enough accounts are worth one and a half posts
// the two cannot be told apart: κ is Strength then, unless all means are the
// usual one, and usual stands in for the whole variance where less than Enough
// accounts are known at all.
func fitVariance(samples []sample, usual float64) variance {
	repeated, total, inverse := 0, 0.0, 0.0
	for _, s := range samples {
		if s.posts >= 1.5 {
			repeated++
		}
		total += s.away * s.away / float64(len(samples))
		inverse += 1 / s.posts / float64(len(samples))
	}
	if len(samples) < Enough {
		total, inverse = usual, 1
	}
	v := variance{between: total / (1 + Strength*inverse)}
	v.within = Strength * v.between
	if repeated < Enough || !(total > 0) {
		return v
	}
	for range 50 {
		next := v.improved(samples)
		moved := math.Abs(next.between-v.between) + math.Abs(next.within-v.within)
		if v = next; moved <= 1e-9*total {
			break
		}
	}
	// That nobody differs from the usual is never believed beyond what κ is.
	v.between = max(v.between, v.within/mostStrength)
	return v
}

// improved is one step of the fit.
func (v variance) improved(samples []sample) variance {
	var w0, w1, w2, y0, y1 float64
	least := 1e-6 * (v.between + v.within)
	for _, s := range samples {
		u, y := 1/s.posts, s.away*s.away
		w := 1 / max(v.between+v.within*u, least)
		w *= w
		w0 += w
		w1 += w * u
		w2 += w * u * u
		y0 += w * y
		y1 += w * u * y
	}
	if det := w0*w2 - w1*w1; det > 1e-12*w0*w2 {
		v = variance{between: (w2*y0 - w1*y1) / det, within: (w0*y1 - w1*y0) / det}
	}
	switch { // neither can be less than nothing
	case v.between < 0:
		v = variance{within: y1 / w2}
	case v.within < 0:
		v = variance{between: y0 / w0}
	}
	return v
}

// rates is a gamma distribution of how much people do in a window, in counts:
// shape and rate (per count).
type rates struct{ shape, rate float64 }

// fitSeen fits rates to the counts of people of whom only those with at least
// one are seen: the zero-truncated negative binomial by maximum likelihood
// (Fisher, Corbet & Williams 1943 for its limit, the log-series). of gives how
// many people have a count.
func fitSeen(of map[int]int) rates {
	people, sum, most := 0.0, 0.0, 1
	counts := slices.Sorted(maps.Keys(of)) // for sums that keep their bits
	for _, n := range counts {
		k := of[n]
		people += float64(k)
		sum += float64(n) * float64(k)
		most = max(most, n)
	}
	if people < Enough || most == 1 {
		return rates{shape: 1, rate: 1}
	}
	fit := func(shape float64) (float64, rates) {
		p := meanOfSeen(shape, sum/people)
		likelihood := sum*math.Log(p) + people*(shape*math.Log1p(-p)-math.Log(-math.Expm1(shape*math.Log1p(-p))))
		at0, _ := math.Lgamma(shape)
		for _, n := range counts {
			at, _ := math.Lgamma(shape + float64(n))
			likelihood += float64(of[n]) * (at - at0)
		}
		return likelihood, rates{shape, (1 - p) / p}
	}
	best, found := math.Inf(-1), rates{}
	for i := range 49 { // 0.05 to 20, each an eighth more
		if l, r := fit(.05 * math.Pow(400, float64(i)/48)); l > best {
			best, found = l, r
		}
	}
	return found
}

// meanOfSeen finds p of the zero-truncated negative binomial with a shape and a
// mean above 1: in this family the likeliest p is the one that gives the mean.
func meanOfSeen(shape, mean float64) float64 {
	low, high := 1e-9, 1-1e-9
	for range 60 {
		p := (low + high) / 2
		if shape*p/(1-p)/-math.Expm1(shape*math.Log1p(-p)) < mean {
			low = p
		} else {
			high = p
		}
	}
	return (low + high) / 2
}

// fitRates fits rates to counts that include those of nobody, by moments.
func fitRates(counts []float64) rates {
	if len(counts) < Enough {
		return rates{shape: .5, rate: .5}
	}
	n, mean, square := float64(len(counts)), 0.0, 0.0
	for _, x := range counts {
		mean += x / n
	}
	for _, x := range counts {
		square += (x - mean) * (x - mean) / n
	}
	if mean == 0 {
		return rates{shape: .5, rate: .5}
	}
	shape := 20.0
	if square > mean {
		shape = min(max(mean*mean/(square-mean), .05), 20)
	}
	return rates{shape, shape / mean}
}
