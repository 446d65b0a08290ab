package scoring

import "math"

// histogram counts logarithms of component values; adding up whole numbers, it
// does not depend on their order.
type histogram [64]int

var lowest = math.Log(Floor)

func (h *histogram) add(log float64) {
	h[min(max(int((log/lowest)*float64(len(h))), 0), len(h)-1)]++
}

// curve gives quantiles of logarithms of component values, from the share 0 to
// 1 in even steps; the zero curve is the whole range, evenly.
type curve struct {
	at    [17]float64
	known bool
}

func (h *histogram) curve() curve {
	var c curve
	total := 0
	for _, n := range h {
		total += n
	}
	if total == 0 {
		return c
	}
	// From the largest value, bin 0, downwards.
	bin, before := 0, 0.0
	for i := range c.at {
		want := float64(i) / float64(len(c.at)-1) * float64(total)
		for bin < len(h)-1 && before+float64(h[bin]) < want {
			before += float64(h[bin])
			bin++
		}
		inside := 0.0
		if h[bin] > 0 {
			inside = min(max((want-before)/float64(h[bin]), 0), 1)
		}
		c.at[len(c.at)-1-i] = lowest * (float64(bin) + inside) / float64(len(h))
	}
	c.known = true
	return c
}

// normal gives the value at the share that lies below z in a standard normal
// distribution.
func (c *curve) normal(z float64) float64 {
	share := .5 * math.Erfc(-z/math.Sqrt2)
	if !c.known {
		return lowest * (1 - share)
	}
	x := share * float64(len(c.at)-1)
	i := min(int(x), len(c.at)-2)
	return c.at[i] + (x-float64(i))*(c.at[i+1]-c.at[i])
}
