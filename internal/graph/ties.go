package graph

// ties is a graph without directions, A = W + Wᵀ for the weights W of the
// directed one. A tie is an entry of both its ends; two nodes may share several.
type ties struct {
	start    []int32 // entries of place v are [start[v], start[v+1])
	to       []int32
	weight   []float64
	loop     []float64 // A_vv: twice what ties a place to itself
	strength []float64 // k_v = Σ_u A_vu, loop included
	total    float64   // Σ k_v = 2m
}

// undirected gives the ties of the graph by place, made when first asked for.
func (g *Graph) undirected() *ties {
	g.once.Do(func() { g.ties = g.tie() })
	return g.ties
}

func (g *Graph) tie() *ties {
	n := g.Nodes()
	t := &ties{start: make([]int32, n+1), loop: make([]float64, n), strength: make([]float64, n)}
	g.each(func(s, v int32, _ float64) {
		t.start[s+1]++
		t.start[v+1]++
	})
	for v := range n {
		t.start[v+1] += t.start[v]
	}
	at := append([]int32(nil), t.start...)
	t.to, t.weight = make([]int32, t.start[n]), make([]float64, t.start[n])
	g.each(func(s, v int32, w float64) {
		t.to[at[s]], t.weight[at[s]] = v, w
		t.to[at[v]], t.weight[at[v]] = s, w
		at[s]++
		at[v]++
	})
	for v := range n {
		for i := g.start[v]; i < g.start[v+1]; i++ {
			if int(g.source[i]) == v {
				t.loop[v] = 2 * g.weight[i]
			}
		}
	}
	t.sum()
	return t
}

// each visits the edges between two different places.
func (g *Graph) each(visit func(source, target int32, weight float64)) {
	for v := range int32(g.Nodes()) {
		for i := g.start[v]; i < g.start[v+1]; i++ {
			if s := g.source[i]; s != v {
				visit(s, v, g.weight[i])
			}
		}
	}
}

// sum fills in the strengths and their total.
func (t *ties) sum() {
	for v := range t.strength {
		t.strength[v] = t.loop[v]
		for _, w := range t.weight[t.start[v]:t.start[v+1]] {
			t.strength[v] += w
		}
		t.total += t.strength[v]
	}
}
