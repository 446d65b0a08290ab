package graph

// Counterparts counts, for each node, the distinct other nodes that it is tied
// to. Whoever is tied both ways counts once in Either.
type Counterparts struct {
	In, Out, Either []int32
}

// Counterparts counts who each node is tied to; a tie to itself does not count.
func (g *Graph) Counterparts() Counterparts {
	n := g.Nodes()
	in, out, either := make([]int32, n), make([]int32, n), make([]int32, n)
	for t := range n {
		for _, s := range g.source[g.start[t]:g.start[t+1]] {
			if int(s) == t {
				continue
			}
			in[t]++
			out[s]++
			either[t]++ // s is a new counterpart of t
			if !g.has(t, s) {
				either[s]++ // t does not tie itself to s, so s has not met t yet
			}
		}
	}
	return Counterparts{In: byNode(g, in), Out: byNode(g, out), Either: byNode(g, either)}
}

// has tells whether an edge from place from to place to exists.
func (g *Graph) has(from int, to int32) bool {
	low, high := g.start[to], g.start[to+1]
	for low < high {
		mid := low + (high-low)/2
		if g.source[mid] < int32(from) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low < g.start[to+1] && g.source[low] == int32(from)
}
