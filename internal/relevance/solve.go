package relevance

import "math"

// row is one text in a training set: features by number.
type row struct {
	at []int32
	v  []float32
}

// example is a row with its mark.
type example struct {
	row    *row
	target float64 // 1: about the brand
}

func (r *row) dot(w []float64) (sum float64) {
	for i, a := range r.at {
		sum += float64(r.v[i]) * w[a]
	}
	return sum
}

func (r *row) addTo(w []float64, f float64) {
	for i, a := range r.at {
		w[a] += f * float64(r.v[i])
	}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// solve minimises Σ log loss + ½·|w − prior|² over w, which it changes in
// place, by Newton steps with conjugate gradients (Lin, Weng & Keerthi 2008).
func solve(examples []example, prior, w []float64) {
	n := len(w)
	g, d, r, p, hp := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	curve := make([]float64, len(examples))
	value := func(w []float64) (sum float64) {
		for i := range w {
			sum += (w[i] - prior[i]) * (w[i] - prior[i]) / 2
		}
		for _, e := range examples {
			m := e.row.dot(w)
			// log(1+exp(m)) − target·m
			sum += math.Max(m, 0) + math.Log1p(math.Exp(-math.Abs(m))) - e.target*m
		}
		return sum
	}
	now := value(w)
	for range 20 {
		for i := range w {
			g[i] = w[i] - prior[i]
		}
		for i, e := range examples {
			q := sigmoid(e.row.dot(w))
			e.row.addTo(g, q-e.target)
			curve[i] = math.Max(q*(1-q), 1e-6)
		}
		rr := 0.
		for i := range g {
			d[i], r[i], p[i] = 0, -g[i], -g[i]
			rr += g[i] * g[i]
		}
		if rr < 1e-8 {
			return
		}
		for stop := rr * 1e-3; rr > stop; {
			copy(hp, p)
			for i, e := range examples {
				e.row.addTo(hp, curve[i]*e.row.dot(p))
			}
			php := 0.
			for i := range p {
				php += p[i] * hp[i]
			}
			a, next := rr/php, 0.
			for i := range p {
				d[i] += a * p[i]
				r[i] -= a * hp[i]
				next += r[i] * r[i]
			}
			for i := range p {
				p[i] = r[i] + next/rr*p[i]
			}
			rr = next
		}
		step := 1.
		for ; step > 1e-4; step /= 2 {
			for i := range w {
				w[i] += step * d[i]
			}
			if v := value(w); v <= now {
				if now-v < 1e-6*(1+now) {
					return
				}
				now = v
				break
			}
			for i := range w {
				w[i] -= step * d[i]
			}
		}
		if step <= 1e-4 {
			return
		}
	}
}
