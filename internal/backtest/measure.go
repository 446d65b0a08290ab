package backtest

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
)

// resamples is how many times people are drawn again for an interval.
const resamples = 1000

// group is the people of one brand, of whom the first k are judged.
type group struct {
	people []person
	k      int
	orders [][]int32 // the ranking, then the simple orders
	seed   uint64
}

func newGroup(people []person, k int, seed uint64) group {
	g := group{people: people, k: min(k, len(people)), seed: seed}
	g.orders = append(g.orders, g.by(func(p *person) float64 { return -float64(p.place) }))
	for s := range simple {
		g.orders = append(g.orders, g.by(func(p *person) float64 { return p.simple[s] }))
	}
	return g
}

// by sorts people by a key, descending; equals stand as chance has them.
func (g *group) by(key func(*person) float64) []int32 {
	order := make([]int32, len(g.people))
	for i := range order {
		order[i] = int32(i)
	}
	last := len(simple) - 1
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &g.people[a], &g.people[b]
		return cmp.Or(cmp.Compare(key(y), key(x)), cmp.Compare(y.simple[last], x.simple[last]), cmp.Compare(x.id, y.id))
	})
	return order
}

// measure compares orders at every target, over all groups together. An order
// by what nobody tells is left out.
func measure(groups []group) []Target {
	list := make([]Target, len(targets))
	for t, name := range targets {
		list[t] = Target{Name: name}
		judges := make([]judge, len(groups))
		for i, g := range groups {
			judges[i] = newJudge(g, t)
			list[t].Achieved += judges[i].achieved
		}
		var ranking figures
		for o, name := range append([]string{Product}, simple...) {
			if o > 0 && unknown(groups, o-1) {
				continue
			}
			f := figuresOf(judges, o)
			m := Measured{Order: name, Hits: f.hits, Precision: f.precision.interval(), NDCG: f.ndcg.interval()}
			if o == 0 {
				ranking = f
			} else {
				ahead := ranking.precision.minus(f.precision).interval()
				m.Ahead = &ahead
			}
			list[t].Orders = append(list[t].Orders, m)
		}
	}
	return list
}

// unknown tells whether nobody has what a simple order sorts by.
func unknown(groups []group, order int) bool {
	for _, g := range groups {
		for _, p := range g.people {
			if p.simple[order] >= 0 {
				return false
			}
		}
	}
	return true
}

// judge measures the orders of a group at one target.
type judge struct {
	group
	ideal    []int32   // the best order there could be
	met      []bool    // by person
	gain     []float64 // by person: log2(1 + target)
	discount []float64 // by place
	achieved int
}

func newJudge(g group, target int) judge {
	j := judge{group: g, ideal: g.by(func(p *person) float64 { return p.target[target] })}
	for _, p := range g.people {
		j.met, j.gain = append(j.met, p.met[target]), append(j.gain, math.Log2(1+p.target[target]))
		if p.met[target] {
			j.achieved++
		}
	}
	for place := range g.k {
		j.discount = append(j.discount, 1/math.Log2(float64(place)+2))
	}
	return j
}

// figures are those of one order, with what resamples gave.
type figures struct {
	hits            int
	precision, ndcg figure
}

type figure struct {
	value float64
	drawn []float64
}

func (f figure) minus(o figure) figure {
	d := figure{f.value - o.value, make([]float64, len(f.drawn))}
	for i := range d.drawn {
		d.drawn[i] = f.drawn[i] - o.drawn[i]
	}
	return d
}

// interval takes the middle 95 % of the resamples.
func (f figure) interval() Interval {
	sorted := slices.Sorted(slices.Values(f.drawn))
	tail := len(sorted) * 25 / 1000
	return Interval{f.value, sorted[tail], sorted[len(sorted)-1-tail]}
}

// figuresOf measures an order as it is, and again with people drawn as often as
// Poisson numbers with mean 1 say (the Poisson bootstrap of Chamandy et al.
// 2012). A person is drawn as often for every order, so that orders can be
// compared within a resample.
func figuresOf(judges []judge, order int) figures {
	var f figures
	f.hits, f.precision.value, f.ndcg.value = together(judges, order, func(*judge, int32) int { return 1 })
	for b := range resamples {
		_, precision, ndcg := together(judges, order, func(j *judge, i int32) int {
			return poisson(mix(j.seed ^ mix(uint64(b)<<32|uint64(uint32(i)))))
		})
		f.precision.drawn, f.ndcg.drawn = append(f.precision.drawn, precision), append(f.ndcg.drawn, ndcg)
	}
	return f
}

// together adds up groups: precision over all who are judged, and the mean
// nDCG of the groups by how many of theirs are.
func together(judges []judge, order int, draw func(*judge, int32) int) (met int, precision, ndcg float64) {
	seen := 0
	for i := range judges {
		j := &judges[i]
		n, hits, gain := j.walk(j.orders[order], draw)
		if _, _, best := j.walk(j.ideal, draw); best > 0 {
			ndcg += float64(n) * gain / best
		}
		seen, met = seen+n, met+hits
	}
	if seen == 0 {
		return 0, 0, 0
	}
	return met, float64(met) / float64(seen), ndcg / float64(seen)
}

// walk goes down an order until k people are seen: how many of them met the
// target, and the discounted gain (Järvelin & Kekäläinen 2002).
func (j *judge) walk(order []int32, draw func(*judge, int32) int) (seen, met int, gain float64) {
	for _, i := range order {
		for range draw(j, i) {
			if seen == j.k {
				return seen, met, gain
			}
			if j.met[i] {
				met++
			}
			gain += j.gain[i] * j.discount[seen]
			seen++
		}
	}
	return seen, met, gain
}

// seed makes draws depend on the brand and its data alone.
func seed(brand string, version int64) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(brand)) // a hash never fails
	return mix(h.Sum64() ^ uint64(version))
}

// chance places a person at random in [0, 1).
func chance(seed uint64, id string) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return float64(mix(seed^h.Sum64())>>11) / (1 << 53)
}

// mix is the finaliser of splitmix64 (Steele, Lea & Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// poisson turns 64 random bits into a Poisson number with mean 1, by the
// inverse of its distribution.
func poisson(bits uint64) int {
	u, p, sum := float64(bits>>11)/(1<<53), math.Exp(-1), 0.0
	for n := 0; ; n++ {
		if sum += p; u < sum || n == 20 {
			return n
		}
		p /= float64(n + 1)
	}
}
