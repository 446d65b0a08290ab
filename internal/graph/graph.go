// Package graph holds who interacts with whom as compact arrays and measures
// how well each node connects the conversation.
package graph

import "math"

// Edge ties one node to another. Nodes are numbered from 0.
type Edge struct {
	From, To int32
	Weight   float64 // more than 0
}

// Graph is a weighted directed graph that never changes. For each node it
// keeps the edges that arrive, sorted by where they come from (compressed
// sparse rows), because PageRank gathers along them.
type Graph struct {
	start    []int32   // edges of node t are [start[t], start[t+1])
	source   []int32   // where each edge comes from
	weight   []float64 // parallel edges added up
	outgoing []float64 // sum of the weights that leave each node
}

// Build makes the graph of nodes nodes. Parallel edges are added up in the
// order given; an edge from a node to itself is kept. An edge that names a
// node outside [0, nodes), or whose weight is not a finite number above 0, is
// left out. The same edges in the same order give the same bits.
func Build(nodes int, edges []Edge) *Graph {
	nodes = max(nodes, 0)
	g := &Graph{start: make([]int32, nodes+1), outgoing: make([]float64, nodes)}
	valid := func(e Edge) bool {
		return e.From >= 0 && e.To >= 0 && int(e.From) < nodes && int(e.To) < nodes &&
			e.Weight > 0 && !math.IsInf(e.Weight, 1)
	}

	// Two stable counting sorts, by source and then by target, leave each
	// target's edges sorted by source, equal pairs in the order given.
	at := make([]int32, nodes+1)
	kept := 0
	for _, e := range edges {
		if valid(e) {
			at[e.From+1]++
			g.start[e.To+1]++
			kept++
		}
	}
	for i := range nodes {
		at[i+1] += at[i]
		g.start[i+1] += g.start[i]
	}
	bySource := make([]Edge, kept)
	for _, e := range edges {
		if valid(e) {
			bySource[at[e.From]] = e
			at[e.From]++
		}
	}
	copy(at, g.start)
	g.source, g.weight = make([]int32, kept), make([]float64, kept)
	for _, e := range bySource {
		i := at[e.To]
		g.source[i], g.weight[i] = e.From, e.Weight
		at[e.To]++
	}
	g.merge()
	for i, s := range g.source {
		g.outgoing[s] += g.weight[i]
	}
	return g
}

// merge adds up neighbouring edges of the same pair, in place.
func (g *Graph) merge() {
	to := int32(0)
	for t := range g.Nodes() {
		from, end := g.start[t], g.start[t+1]
		g.start[t] = to
		for i := from; i < end; i++ {
			if to > g.start[t] && g.source[to-1] == g.source[i] {
				g.weight[to-1] += g.weight[i]
				continue
			}
			g.source[to], g.weight[to] = g.source[i], g.weight[i]
			to++
		}
	}
	g.start[g.Nodes()] = to
	g.source, g.weight = g.source[:to], g.weight[:to]
}

// Nodes counts the nodes.
func (g *Graph) Nodes() int { return len(g.outgoing) }

// Edges counts the distinct (from, to) pairs.
func (g *Graph) Edges() int { return len(g.source) }

// Counterparts counts, for each node, the distinct other nodes that it is tied
// to in either direction.
func (g *Graph) Counterparts() []int32 {
	count := make([]int32, g.Nodes())
	for t := range g.Nodes() {
		for _, s := range g.source[g.start[t]:g.start[t+1]] {
			if int(s) == t {
				continue
			}
			count[t]++ // s is a new counterpart of t
			if !g.has(t, s) {
				count[s]++ // t does not tie itself to s, so s has not met t yet
			}
		}
	}
	return count
}

// has tells whether an edge from from to to exists.
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
