// Package graph holds who interacts with whom as compact arrays and measures
// how well each node connects the conversation.
package graph

import (
	"math"
	"sync"
)

// Edge ties one node to another. Nodes are numbered from 0.
type Edge struct {
	From, To int32
	Weight   float64 // more than 0
}

// Graph is a weighted directed graph that never changes; it may be shared.
//
// Inside, nodes have places of their own, those with most edges first:
// what is read most then shares the processor's caches. For each place it keeps the edges that arrive, sorted
// by where they come from (compressed sparse rows), because PageRank gathers
// along them. Whatever is asked and answered goes by the caller's numbers.
type Graph struct {
	place    []int32   // of each node
	node     []int32   // at each place
	start    []int32   // edges that arrive at place t are [start[t], start[t+1])
	source   []int32   // place where each edge comes from
	weight   []float64 // parallel edges added up
	outgoing []float64 // sum of the weights that leave each place

	once sync.Once
	ties *ties // the graph without directions, when it was asked for
}

// Bytes is about how much memory the graph takes, with what ties its nodes in
// either direction, which most measures keep.
func (g *Graph) Bytes() int64 {
	nodes, edges := int64(len(g.node)), int64(len(g.source))
	directed := nodes*(3*4+8) + edges*(4+8)
	return directed + nodes*(4+2*8) + 2*edges*(4+8)
}

// Build makes the graph of nodes nodes. Parallel edges are added up in the
// order given; an edge from a node to itself is kept. An edge that names a
// node outside [0, nodes), or whose weight is not a finite number above 0, is
// left out. The same edges in the same order give the same bits.
func Build(nodes int, edges []Edge) *Graph {
	nodes = max(nodes, 0)
	valid := func(e Edge) bool {
		return e.From >= 0 && e.To >= 0 && int(e.From) < nodes && int(e.To) < nodes &&
			e.Weight > 0 && !math.IsInf(e.Weight, 1)
	}
	leave, arrive, kept := make([]int32, nodes), make([]int32, nodes), 0
	for _, e := range edges {
		if valid(e) {
			leave[e.From]++
			arrive[e.To]++
			kept++
		}
	}
	g := &Graph{outgoing: make([]float64, nodes)}
	g.place, g.node = mostFirst(leave, arrive)

	// Two stable counting sorts, by source and then by target, leave each
	// target's edges sorted by source, equal pairs in the order given.
	at := starts(g.node, leave)
	bySource := make([]Edge, kept)
	for _, e := range edges {
		if valid(e) {
			from := g.place[e.From]
			bySource[at[from]] = Edge{from, g.place[e.To], e.Weight}
			at[from]++
		}
	}
	g.start = starts(g.node, arrive)
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

// mostFirst orders nodes by falling number of edges, ties by number: the place
// of each node and the node at each place.
func mostFirst(leave, arrive []int32) (place, node []int32) {
	most := int32(0)
	for i := range leave {
		most = max(most, leave[i]+arrive[i])
	}
	at := make([]int32, int(most)+2) // first place of a number, by how far it is below most
	for i := range leave {
		at[most-leave[i]-arrive[i]+1]++
	}
	for i := range most {
		at[i+1] += at[i]
	}
	place, node = make([]int32, len(leave)), make([]int32, len(leave))
	for i := range leave {
		p := &at[most-leave[i]-arrive[i]]
		place[i], node[*p] = *p, int32(i)
		*p++
	}
	return place, node
}

// starts gives where the row of each place starts, and behind it where the
// last one ends, from the number of entries of each node.
func starts(node, count []int32) []int32 {
	start := make([]int32, len(node)+1)
	for p, n := range node {
		start[p+1] = start[p] + count[n]
	}
	return start
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

// byNode puts what is known by place under the caller's numbers.
func byNode[T any](g *Graph, at []T) []T {
	all := make([]T, len(at))
	for p, n := range g.node {
		all[n] = at[p]
	}
	return all
}
