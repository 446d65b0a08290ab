package graph

import "math"

// Damping is the chance α with which PageRank's reader follows an edge instead
// of starting anew anywhere.
const Damping = 0.85

// Tolerances at which PageRank stops, as the sum of the absolute changes of
// one step. What is still missing then is at most α/(1−α) = 5.7 times as much.
const (
	Exact   = 1e-12 // for tests and published figures
	Ranking = 1e-7  // within 1e-6 of Exact, summed over all nodes, in about half the steps
)

// maxSteps ends an iteration that a tolerance too small for floating point
// would never end; α^500 is 5e-36.
const maxSteps = 500

// PageRank gives each node's share of the attention of a reader who follows
// edges by weight with chance Damping and otherwise starts anew at any node;
// the attention of nodes without outgoing edges is spread evenly. The shares
// sum to 1. Source: Page, Brin, Motwani & Winograd 1999, by power iteration
// from the even distribution. nil for a graph without nodes. The bits are the
// same on any number of threads.
func (g *Graph) PageRank(tolerance float64) []float64 {
	rank, _ := g.Walk(tolerance)
	return rank
}

// Walk is PageRank that also tells how many steps it took.
func (g *Graph) Walk(tolerance float64) (rank []float64, steps int) {
	// Half as wide numbers move half as many bytes; what they lose, 1e-7 over
	// all nodes, is no more than such a tolerance leaves open.
	if tolerance >= Ranking {
		return walk[float32](g, tolerance)
	}
	return walk[float64](g, tolerance)
}

// walker is a power iteration under way, all by place.
type walker[F float32 | float64] struct {
	g          *Graph
	follow     []F // chance of each edge among those that leave its source
	rank, next []F // of the places with edges; those without come last and are all alike
	lone       F   // rank of each place without edges
	lonely     int // how many there are
	bounds     [parts + 1]int
	sums       [parts]stepSums
}

// stepSums is what one step adds up over one part.
type stepSums struct {
	change  float64    // absolute changes
	dangles float64    // new rank of places that no edge leaves
	_       [6]float64 // a cache line of its own, or threads wait for each other
}

func walk[F float32 | float64](g *Graph, tolerance float64) ([]float64, int) {
	n := g.Nodes()
	if n == 0 {
		return nil, 0
	}
	even, steps := 1/float64(n), 0
	w, dangles := newWalker[F](g, even)
	for change := math.Inf(1); steps < maxSteps && change >= tolerance; steps++ {
		change, dangles = w.step(((1 - Damping) + Damping*dangles) * even)
	}
	return w.shares(), steps
}

// newWalker starts at the even distribution and tells how much of it no edge
// leads on.
func newWalker[F float32 | float64](g *Graph, even float64) (w *walker[F], dangles float64) {
	linked := g.linked()
	w = &walker[F]{
		g: g, follow: make([]F, g.Edges()), rank: make([]F, linked), next: make([]F, linked),
		lone: F(even), lonely: g.Nodes() - linked, bounds: cut(g.start[:linked+1]),
	}
	per := make([]F, linked)
	for i := range w.rank {
		w.rank[i] = F(even)
		if g.outgoing[i] == 0 {
			dangles += even
		} else {
			per[i] = F(1 / g.outgoing[i])
		}
	}
	inParts(g.Edges(), func(part int) {
		for i := g.start[w.bounds[part]]; i < g.start[w.bounds[part+1]]; i++ {
			w.follow[i] = F(g.weight[i]) * per[g.source[i]]
		}
	})
	return w, dangles + even*float64(w.lonely)
}

// linked counts the places with edges; the others are the last.
func (g *Graph) linked() int {
	n := g.Nodes()
	for n > 0 && g.outgoing[n-1] == 0 && g.start[n-1] == g.start[n] {
		n--
	}
	return n
}

// step moves the attention along the edges once; base is what every place gets
// anyway.
func (w *walker[F]) step(base float64) (change, dangles float64) {
	inParts(w.g.Edges(), func(part int) {
		w.sums[part] = w.stepPart(w.bounds[part], w.bounds[part+1], base)
	})
	for i := range w.sums {
		change += w.sums[i].change
		dangles += w.sums[i].dangles
	}
	w.rank, w.next = w.next, w.rank
	lone := F(base)
	change += math.Abs(float64(lone-w.lone)) * float64(w.lonely)
	dangles += float64(lone) * float64(w.lonely)
	w.lone = lone
	return change, dangles
}

func (w *walker[F]) stepPart(from, to int, base float64) stepSums {
	g, rank, next := w.g, w.rank, w.next
	var change, dangles float64
	i := g.start[from]
	for t := from; t < to; t++ {
		end := g.start[t+1]
		source, follow := g.source[i:end], w.follow[i:end]
		i = end
		arrives := 0.0
		if len(source) > long {
			arrives = gather(source, follow, rank)
		} else {
			var sum F
			follow = follow[:len(source)]
			for j, from := range source {
				sum += follow[j] * rank[from]
			}
			arrives = float64(sum)
		}
		x := F(base + Damping*arrives)
		change += math.Abs(float64(x - rank[t]))
		if g.outgoing[t] == 0 {
			dangles += float64(x)
		}
		next[t] = x
	}
	return stepSums{change: change, dangles: dangles}
}

// long is from how many edges on gather is worth its call.
const long = 16

// gather adds up what comes along the edges of a long row: four sums at a time,
// for an addition need not wait for the one before it, and never many small
// numbers onto a large one, which would lose their last digits.
func gather[F float32 | float64](source []int32, follow, rank []F) (total float64) {
	for len(source) > 0 {
		n := min(len(source), 256)
		from, by := source[:n], follow[:n]
		var a, b, c, d F
		for len(from) >= 4 && len(by) >= 4 {
			a += by[0] * rank[from[0]]
			b += by[1] * rank[from[1]]
			c += by[2] * rank[from[2]]
			d += by[3] * rank[from[3]]
			from, by = from[4:], by[4:]
		}
		by = by[:len(from)]
		for i, s := range from {
			a += by[i] * rank[s]
		}
		total += float64((a + b) + (c + d))
		source, follow = source[n:], follow[n:]
	}
	return total
}

// shares gives the ranks by node; they sum to 1 but for their own rounding.
func (w *walker[F]) shares() []float64 {
	sum := float64(w.lone) * float64(w.lonely)
	for _, x := range w.rank {
		sum += float64(x)
	}
	all := make([]float64, w.g.Nodes())
	for p, node := range w.g.node {
		x := w.lone
		if p < len(w.rank) {
			x = w.rank[p]
		}
		all[node] = float64(x) / sum
	}
	return all
}
