package rank

import "math"

// momentumLevel is the probability that a momentum's interval holds the truth:
// a list over many people must not be made of luck.
const momentumLevel = .95

// Momentum is how many times as often somebody posts about the brand as before:
// a rate of active days over the person's own earlier rate.
type Momentum struct {
	Ratio     float64 // median of what the data allow
	Low, High float64 // interval of 95 %
}

// rates is what is usual before the recent days: a gamma distribution over the
// people of a window, by the method of moments. It keeps somebody who was
// silent by luck from looking as if he had never posted.
type rates struct{ shape, days float64 }

// usualRates fits the prior. With fewer than LeastPeople people it is Jeffreys'.
func (w *window) usualRates() rates {
	n, mean, inverse := 0.0, 0.0, 0.0
	each := func(with func(rate, days float64)) {
		for i := range w.people {
			if r := w.rhythmOf(int32(i)); r.active > 0 && r.before >= momentumDays {
				with(float64(r.earlier())/float64(r.before), float64(r.before))
			}
		}
	}
	each(func(rate, days float64) { n, mean, inverse = n+1, mean+rate, inverse+1/days })
	if n < LeastPeople || mean == 0 {
		return rates{shape: .5}
	}
	mean /= n
	variance := 0.0
	each(func(rate, _ float64) { variance += (rate - mean) * (rate - mean) / n })
	shape := 10.0
	if extra := variance - mean*inverse/n; extra > 0 {
		shape = min(max(mean*mean/extra, .5), 10)
	}
	return rates{shape, shape / mean}
}

// earlier counts the active days after the first one, which begins the clock
// and so says nothing of the rate, and before the recent ones.
func (r *rhythm) earlier() int32 { return max(0, r.active-1-r.recent) }

// momentum compares the recent rate with the earlier one. Both are gamma
// distributed after the data; their ratio follows a beta prime distribution.
// False where there is less than momentumDays of history before.
func (u rates) momentum(r *rhythm) (Momentum, bool) {
	if r.active == 0 || r.before < momentumDays {
		return Momentum{}, false
	}
	return Momentum{u.at(r, .5), u.low(r), u.at(r, (1+momentumLevel)/2)}, true
}

// posterior is what the data make of a rhythm: the ratio of rates is scale times
// that of two gamma variates of shapes a and b.
func (u rates) posterior(r *rhythm) (a, b, scale float64) {
	return u.shape + float64(r.recent), u.shape + float64(r.earlier()), (u.days + float64(r.before)) / (u.days + momentumDays)
}

// at is a quantile of the ratio.
func (u rates) at(r *rhythm, p float64) float64 {
	a, b, scale := u.posterior(r)
	x := betaQuantile(p, a, b)
	return scale * x / (1 - x)
}

// low is the lower end of the interval.
func (u rates) low(r *rhythm) float64 { return u.at(r, (1-momentumLevel)/2) }

// rises tells whether low is above 1, for less than it costs to find it.
func (u rates) rises(r *rhythm) bool {
	if r.active == 0 || r.before < momentumDays {
		return false
	}
	a, b, scale := u.posterior(r)
	return betaShare(1/(1+scale), a, b) < (1-momentumLevel)/2
}

// betaQuantile finds the x in (0, 1) with I_x(a, b) = p by halving.
func betaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		if x := (low + high) / 2; betaShare(x, a, b) < p {
			low = x
		} else {
			high = x
		}
	}
	return min(max((low+high)/2, 1e-15), 1-1e-15)
}

// betaShare is the regularised incomplete beta function I_x(a, b), by Lentz's
// continued fraction (Press et al., Numerical Recipes, section 6.4).
func betaShare(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return min(max(x, 0), 1)
	}
	if x > (a+1)/(a+b+2) {
		return 1 - betaShare(1-x, b, a)
	}
	lab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	const tiny = 1e-300
	away := func(v float64) float64 { // from zero
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	h := d
	for m := 1.0; m <= 500; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / away(1+even*d)
		c = away(1 + even/c)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / away(1+odd*d)
		c = away(1 + odd/c)
		h *= d * c
		if math.Abs(d*c-1) < 1e-14 {
			break
		}
	}
	return front * h / a
}
