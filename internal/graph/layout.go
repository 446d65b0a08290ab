package graph

import (
	"cmp"
	"math"
	"slices"
)

// MostPlaced is how many nodes a picture can hold.
const MostPlaced = 3000

// Placed is a node with its place in a picture.
type Placed struct {
	Node int32
	X, Y float64 // in [0, 1]
}

// Layout places the most nodes of the highest rank, ties by lowest number, so
// that who is tied stands near: at most MostPlaced, in that order. rank has a
// number for each node, as PageRank gives it; community, as Communities gives
// it, says who starts side by side. The same input gives the same bits.
//
// Ties pull and nodes push each other off, the more ties the stronger, as in
// ForceAtlas2 (Jacomy, Venturini, Heymann & Bastian 2014), by a cooling number
// of steps (Fruchterman & Reingold 1991); far nodes push as one (Barnes & Hut
// 1986).
func (g *Graph) Layout(rank []float64, community []int32, most int) []Placed {
	strongest := slices.Clone(g.node)
	slices.SortFunc(strongest, func(a, b int32) int {
		return cmp.Or(cmp.Compare(rank[b], rank[a]), cmp.Compare(a, b))
	})
	strongest = strongest[:min(max(most, 0), MostPlaced, len(strongest))]
	f := g.field(strongest)
	f.begin(strongest, community)
	for step := range steps {
		f.step(1 - float64(step)/steps)
	}
	return f.frame(strongest)
}

const (
	steps   = 150
	gravity = .05 // what draws to the middle, or parts without ties would drift away
	speed   = .1  // of the picture's width: the farthest that a node goes in the first step
	opening = 1.  // θ: a square counts as one node from this many of its widths away
)

// point is a place or a force in the picture, whose width is about √nodes.
type point struct{ x, y float64 }

// pull ties two of the nodes in the picture.
type pull struct {
	a, b   int32
	weight float64
}

// field is a layout under way.
type field struct {
	at, force []point
	mass      []float64 // one more than the number of ties in the picture
	pulls     []pull
	tree      tree
}

// field finds what ties the chosen nodes. A tie pulls by the logarithm of its
// weight against the mean one, or a single pair would collapse the picture.
func (g *Graph) field(chosen []int32) *field {
	n := len(chosen)
	f := &field{at: make([]point, n), force: make([]point, n), mass: make([]float64, n)}
	number := make([]int32, g.Nodes()) // by place, from 1; 0: not chosen
	for i, node := range chosen {
		number[g.place[node]] = int32(i + 1)
		f.mass[i] = 1
	}
	total := 0.0
	for i := range f.at {
		v := g.place[chosen[i]]
		for j := g.start[v]; j < g.start[v+1]; j++ {
			if s := number[g.source[j]] - 1; s >= 0 && int(s) != i {
				f.pulls = append(f.pulls, pull{s, int32(i), g.weight[j]})
				f.mass[s]++
				f.mass[i]++
				total += g.weight[j]
			}
		}
	}
	mean := total / float64(len(f.pulls))
	for i, p := range f.pulls {
		f.pulls[i].weight = math.Log1p(p.weight / mean)
	}
	return f
}

// begin puts nodes on a sunflower's spiral, community after community, each on
// a small one of its own, so that nobody starts where another does.
func (f *field) begin(chosen, community []int32) {
	order := make([]int32, len(chosen))
	for i := range order {
		order[i] = int32(i)
	}
	of := func(i int32) int32 { return community[chosen[i]] }
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(of(a), of(b)) })
	for from := 0; from < len(order); {
		to := from
		for to < len(order) && of(order[to]) == of(order[from]) {
			to++
		}
		middle := sunflower((from + to) / 2)
		for i := from; i < to; i++ {
			p := sunflower(i - from)
			f.at[order[i]] = point{middle.x + .3*p.x, middle.y + .3*p.y}
		}
		from = to
	}
}

// sunflower gives the i-th seed: each has the same room.
func sunflower(i int) point {
	sin, cos := math.Sincos(float64(i) * math.Pi * (3 - math.Sqrt(5)))
	r := math.Sqrt(float64(i) + .5)
	return point{r * cos, r * sin}
}

// step moves every node along its force, by no more than heat allows, which
// falls from 1 to 0.
func (f *field) step(heat float64) {
	f.tree.plant(f.at, f.mass)
	bound := func(part int) int { return len(f.at) * part / parts }
	inParts(len(f.at)*len(f.at), func(part int) {
		for i := bound(part); i < bound(part+1); i++ {
			push, p := f.tree.push(int32(i), f.at[i]), f.at[i]
			m := f.mass[i]
			f.force[i] = point{m * (push.x - gravity*p.x), m * (push.y - gravity*p.y)}
		}
	})
	for _, p := range f.pulls {
		a, b := f.at[p.a], f.at[p.b]
		x, y := p.weight*(b.x-a.x), p.weight*(b.y-a.y)
		f.force[p.a].x += x
		f.force[p.a].y += y
		f.force[p.b].x -= x
		f.force[p.b].y -= y
	}
	farthest := heat * speed * math.Sqrt(float64(len(f.at)))
	for i, force := range f.force {
		// A node with many ties is heavy: divided by its mass, a force moves it
		// to where the sum of its ties wants it, not beyond.
		x, y := force.x/(2*f.mass[i]), force.y/(2*f.mass[i])
		scale := min(1, farthest/math.Hypot(x, y))
		if scale > 0 { // not where nothing moves: 0/0
			f.at[i].x += scale * x
			f.at[i].y += scale * y
		}
	}
}

// frame fits the picture into [0, 1], its proportions kept, in the middle.
func (f *field) frame(chosen []int32) []Placed {
	placed := make([]Placed, len(chosen))
	if len(chosen) == 0 {
		return placed
	}
	low, high := f.at[0], f.at[0]
	for _, p := range f.at {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	width := max(high.x-low.x, high.y-low.y)
	fit := func(x, low, high float64) float64 {
		if width == 0 {
			return .5
		}
		return min(max(.5+(x-(low+high)/2)/width, 0), 1)
	}
	for i, p := range f.at {
		placed[i] = Placed{chosen[i], fit(p.x, low.x, high.x), fit(p.y, low.y, high.y)}
	}
	return placed
}
