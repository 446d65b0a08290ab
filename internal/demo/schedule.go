package demo

import (
	"cmp"
	"math"
	"slices"
)

// slot is a moment at which somebody posts.
type slot struct {
	at   int64
	who  int
	say  string // section to speak in; "" leaves it to the person
	mood mood   // of that section
}

// Two things happened: a launch that people liked and a price rise that they
// did not. Days count from day0.
const (
	launchDay  = 78
	troubleDay = 97
)

// hours is how likely people post at each local hour.
var hours = []float64{1, .5, .3, .2, .3, .8, 3, 7, 9, 8, 6, 5, 5, 6, 6, 5, 5, 5, 6, 7, 8, 8, 6, 3}

// schedule says who posts when, in order of time.
func (w *writer) schedule() []slot {
	var slots []slot
	for who := range w.people {
		p := &w.people[who]
		for _, at := range w.times(p, w.count(p.part)) {
			for at > w.until {
				at -= 86400
			}
			slots = append(slots, slot{at: at, who: who})
		}
	}
	slices.SortStableFunc(slots, func(a, b slot) int { return cmp.Compare(a.at, b.at) })
	return slots
}

// count draws how many posts a person of a part writes: passers-by few, with a
// tail, the others evenly between fewest and most.
func (w *writer) count(p *part) int {
	lo, hi := p.posts[0], p.posts[1]
	if p.role == PasserBy {
		return min(hi, int(math.Ceil(w.r.ExpFloat64()*1.9)))
	}
	return lo + w.r.IntN(hi-lo+1)
}

// times draws n moments after the person's rhythm.
func (w *writer) times(p *person, n int) []int64 {
	r := w.r
	first := r.Float64() * (days - 40) // of a burst
	every := int64(days*86400-86400) / int64(n)
	if p.part.rhythm == inStep {
		return w.ringTimes(p, n)
	}
	phase := r.Int64N(every)
	out := make([]int64, n)
	for i := range out {
		var day float64
		switch p.part.rhythm {
		case clock:
			out[i] = w.day0 + phase + int64(i)*every
			continue
		case mornings:
			day = float64(i) * days / float64(n)
			out[i] = w.day0 + int64(day)*86400 + int64(7-p.zone)*3600 + r.Int64N(2400)
			continue
		case steady:
			day = (float64(i) + r.Float64()) * days / float64(n)
		case burst:
			day = first + 40*r.Float64()
		case scattered:
			day = w.scatter()
		}
		hour := int64(weighted(r, hours...) - p.zone)
		out[i] = max(w.day0, w.day0+int64(day)*86400+hour*3600+r.Int64N(3600))
	}
	return out
}

// scatter draws a day; the two events draw people.
func (w *writer) scatter() float64 {
	event, x := w.r.Float64(), w.r.ExpFloat64()*2
	switch {
	case event < .09:
		return min(launchDay+x, days-1)
	case event < .17:
		return min(troubleDay+x, days-1)
	}
	return w.r.Float64() * days
}
