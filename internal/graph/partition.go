package graph

// Modularity tells how good a division into communities is: the share of the
// weight that stays within communities, less what would be expected there if
// ties fell at random among nodes of the same strengths,
//
//	Q = Σ_c [ Σ_{u,v∈c} A_uv / 2m − (K_c / 2m)² ]
//
// on A = W + Wᵀ, where K_c is the strength of a community's nodes and 2m that
// of all (Newman & Girvan 2004; Newman 2004 for weights). It lies in [−1/2, 1);
// above 0.3 a division says something. 0 for a graph without edges.
//
// community has a number from 0 to Nodes()−1 for each node.
func (g *Graph) Modularity(community []int32) float64 {
	t := g.undirected()
	if t.total == 0 {
		return 0
	}
	inside, strength := 0.0, make([]float64, len(community))
	for v, n := range g.node {
		c := community[n]
		strength[c] += t.strength[v]
		inside += t.loop[v]
		for i := t.start[v]; i < t.start[v+1]; i++ {
			if community[g.node[t.to[i]]] == c {
				inside += t.weight[i]
			}
		}
	}
	q := inside / t.total
	for _, k := range strength {
		q -= k / t.total * (k / t.total)
	}
	return q
}

// Participation tells, for each node, how evenly its ties are spread over
// communities: the participation coefficient
//
//	P_i = 1 − Σ_s (k_is / k_i)²
//
// where k_is is the weight that ties node i with community s, in either
// direction, and k_i that of all its ties (Guimerà & Amaral 2005, there of
// links that weigh 1). 0: all within one community, or no ties at all; near 1:
// spread over many. A tie to itself does not count.
//
// community has a number from 0 to Nodes()−1 for each node.
func (g *Graph) Participation(community []int32) []float64 {
	t := g.undirected()
	of := make([]int32, len(community)) // by place
	for v, n := range g.node {
		of[v] = community[n]
	}
	p := make([]float64, len(community))
	var toward tally
	for v, n := range g.node {
		all := 0.0
		toward.expect(int(t.start[v+1] - t.start[v]))
		for i := t.start[v]; i < t.start[v+1]; i++ {
			toward.add(of[t.to[i]], t.weight[i])
			all += t.weight[i]
		}
		if len(toward.used) > 1 { // else exactly 0, which rounding would miss
			p[n] = 1
			for _, k := range toward.sums {
				p[n] -= k / all * (k / all)
			}
			p[n] = max(p[n], 0)
		}
	}
	return p
}
