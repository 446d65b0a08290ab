package scoring

import (
	"math"
	"slices"
)

// latticeLevels are the middles of four equally likely parts of a normal
// variable, spread so that their variance is 1.
var latticeLevels = [4]float64{-1.3625, -.3785, .3785, 1.3625}

// lattice says which level of each facet a point has: an orthogonal array of
// strength 2 (Bose & Bush 1952), in which each pair of levels of each pair of
// facets comes once. Its rows are (a, b, a+b, a+2b, a+3b) over the field of 4.
var lattice = func() (rows [16][facets]int) {
	times := [4][4]int{{0, 0, 0, 0}, {0, 1, 2, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}}
	for i := range rows {
		a, b := i/4, i%4
		rows[i] = [facets]int{a, b, a ^ b, a ^ times[2][b], a ^ times[3][b]}
	}
	return rows
}()

// Safe gives the 10 % quantile of the scores that the person may truly have,
// from sixteen that are always the same: on worlds with a known truth within a
// point of that of many draws, in the mean, and the same for the same signals,
// so that a list can be sorted by it.
func (p *Posterior) Safe(w Weights, b Blend) float64 {
	w = p.is.effective(w.normal())
	var adds [facets][len(latticeLevels)]float64
	for f := range adds {
		if w[of[f]] > 0 {
			for i, z := range latticeLevels {
				adds[f][i] = p.at(f, z)
			}
		}
	}
	var out [len(lattice)]float64
	for i, row := range lattice {
		var add [facets]float64
		for f, level := range row {
			add[f] = adds[f][level]
		}
		out[i] = p.total(&w, b, &add)
	}
	slices.Sort(out[:])
	return Points100(Quantile(out[:], .1))
}

// Scattered is how many scores Scatter gives.
const Scattered = 8

// halves says from which half of each facet a point is: an orthogonal array of
// strength 2 (Plackett & Burman 1946), in which each pair of halves of each
// pair of facets comes twice.
var halves = func() (rows [Scattered][facets]int) {
	for i := range rows {
		a, b, c := i>>2&1, i>>1&1, i&1
		rows[i] = [facets]int{ofAffinity: a, ofVolume: b, ofResponse: c, ofPotential: a ^ b ^ c, ofNetwork: a ^ b}
	}
	return rows
}()

// normals are the middles of equally likely parts of a normal variable.
var normals = func() (z [1024]float64) {
	for i := range z {
		z[i] = -math.Sqrt2 * math.Erfcinv((2*float64(i)+1)/float64(len(z)))
	}
	return z
}()

// Scatter gives a few scores that the person may truly have, each as likely, in
// ascending order, as Draws gives them: too few to say much of one person, and
// cheap enough for everybody. The seed decides which.
func (p *Posterior) Scatter(w Weights, b Blend, seed uint64) [Scattered]float64 {
	w = p.is.effective(w.normal())
	var adds [facets][2]float64
	bits, left := uint64(0), 0
	for f := range adds {
		if !(w[of[f]] > 0) {
			continue
		}
		for half := range 2 {
			if left < 9 {
				seed += 0x9e3779b97f4a7c15 // splitmix64 (Steele, Lea & Flood 2014)
				bits = (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
				bits = (bits ^ bits>>27) * 0x94d049bb133111eb
				bits, left = bits^bits>>31, 64
			}
			adds[f][half] = p.at(f, normals[half*len(normals)/2+int(bits&511)])
			bits, left = bits>>9, left-9
		}
	}
	var out [Scattered]float64
	for i, row := range halves {
		var add [facets]float64
		for f, half := range row {
			add[f] = adds[f][half]
		}
		x, k := p.total(&w, b, &add), i
		for ; k > 0 && x < out[k-1]; k-- { // so few are sorted soonest by insertion
			out[k] = out[k-1]
		}
		out[k] = x
	}
	return out
}

// Quantile gives the value below which the part p of equally likely values in
// ascending order lies, each taken for the middle of its part.
func Quantile(sorted []float64, p float64) float64 {
	at := min(max(p*float64(len(sorted))-.5, 0), float64(len(sorted)-1))
	k := int(at)
	if k+1 >= len(sorted) {
		return sorted[k]
	}
	return sorted[k] + (at-float64(k))*(sorted[k+1]-sorted[k])
}
