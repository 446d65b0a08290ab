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
// from the even distribution. nil for a graph without nodes.
func (g *Graph) PageRank(tolerance float64) []float64 {
	n := g.Nodes()
	if n == 0 {
		return nil
	}
	even := 1 / float64(n)
	rank, next, flow := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range rank {
		rank[i] = even
	}
	for range maxSteps {
		dangling := 0.0
		for i, r := range rank {
			if out := g.outgoing[i]; out > 0 {
				flow[i] = r / out
			} else {
				dangling += r
			}
		}
		base := (1-Damping)*even + Damping*dangling*even
		change := 0.0
		for t := range next {
			from, to := g.start[t], g.start[t+1]
			weights, sum := g.weight[from:to], 0.0
			for i, s := range g.source[from:to] {
				sum += weights[i] * flow[s]
			}
			next[t] = base + Damping*sum
			change += math.Abs(next[t] - rank[t])
		}
		rank, next = next, rank
		if change < tolerance {
			break
		}
	}
	return rank
}
