package graph_test

import (
	"encoding/binary"
	"flag"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid/internal/graph"
)

// slowPageRank is PageRank written for reading: a dense transition matrix.
func slowPageRank(nodes int, edges []graph.Edge) []float64 {
	m := make([][]float64, nodes) // m[from][to]
	out := make([]float64, nodes)
	for i := range m {
		m[i] = make([]float64, nodes)
	}
	for _, e := range edges {
		m[e.From][e.To] += e.Weight
		out[e.From] += e.Weight
	}
	p := make([]float64, nodes)
	for i := range p {
		p[i] = 1 / float64(nodes)
	}
	for range 250 {
		q := make([]float64, nodes)
		for to := range q {
			for from := range p {
				follow := 1 / float64(nodes)
				if out[from] > 0 {
					follow = m[from][to] / out[from]
				}
				q[to] += p[from] * (graph.Damping*follow + (1-graph.Damping)/float64(nodes))
			}
		}
		p = q
	}
	return p
}

func slowCounterparts(nodes int, edges []graph.Edge) graph.Counterparts {
	count := graph.Counterparts{In: make([]int32, nodes), Out: make([]int32, nodes), Either: make([]int32, nodes)}
	tied, met := map[[2]int32]bool{}, map[[2]int32]bool{}
	for _, e := range edges {
		if e.From == e.To {
			continue
		}
		if pair := [2]int32{e.From, e.To}; !tied[pair] {
			tied[pair] = true
			count.Out[e.From]++
			count.In[e.To]++
		}
		for _, pair := range [][2]int32{{e.From, e.To}, {e.To, e.From}} {
			if !met[pair] {
				met[pair] = true
				count.Either[pair[0]]++
			}
		}
	}
	return count
}

// world makes a random graph with hubs, parallel edges and self-loops.
func world(seed uint64, nodes, edges int) []graph.Edge {
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func() int32 { return int32(float64(nodes) * math.Pow(r.Float64(), 3)) }
	es := make([]graph.Edge, edges)
	for i := range es {
		es[i] = graph.Edge{From: int32(r.IntN(nodes)), To: pick(), Weight: 0.1 + r.Float64()}
	}
	return es
}

func distance(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d += math.Abs(a[i] - b[i])
	}
	return d
}

func TestEqualsSlowReference(t *testing.T) {
	for seed := range uint64(20) {
		nodes := 1 + int(seed*seed)%90
		edges := world(seed, nodes, int(seed)*4)
		g := graph.Build(nodes, edges)
		if d := distance(g.PageRank(graph.Exact), slowPageRank(nodes, edges)); d > 1e-10 {
			t.Errorf("seed %d: PageRank is %g away from the reference", seed, d)
		}
		if diff := cmp.Diff(slowCounterparts(nodes, edges), g.Counterparts()); diff != "" {
			t.Errorf("seed %d: counterparts (-want +got):\n%s", seed, diff)
		}
	}
}

func TestSmallGraphs(t *testing.T) {
	tests := []struct {
		name  string
		nodes int
		edges []graph.Edge
		rank  []float64
		ties  []int32
	}{
		{"no nodes", 0, nil, nil, []int32{}},
		{"alone", 1, nil, []float64{1}, []int32{0}},
		{"two strangers", 2, nil, []float64{.5, .5}, []int32{0, 0}},
		{"loop only", 1, []graph.Edge{{0, 0, 3}}, []float64{1}, []int32{0}},
		{"one points to the other", 2, []graph.Edge{{0, 1, 2}}, []float64{1 / 2.85, 1.85 / 2.85}, []int32{1, 1}},
		{"each other", 2, []graph.Edge{{0, 1, 2}, {1, 0, 5}}, []float64{.5, .5}, []int32{1, 1}},
		{"bad edges left out", 2, []graph.Edge{
			{0, 1, -1},
			{0, 1, 0},
			{0, 1, math.NaN()},
			{0, 1, math.Inf(1)},
			{0, 2, 1},
			{-1, 0, 1},
		}, []float64{.5, .5}, []int32{0, 0}},
	}
	for _, tt := range tests {
		g := graph.Build(tt.nodes, tt.edges)
		got := g.PageRank(graph.Exact)
		if len(got) != len(tt.rank) || distance(got, tt.rank) > 1e-10 {
			t.Errorf("%s: rank %v, want %v", tt.name, got, tt.rank)
		}
		if ties := g.Counterparts().Either; !slices.Equal(ties, tt.ties) {
			t.Errorf("%s: counterparts %v, want %v", tt.name, ties, tt.ties)
		}
	}
}

func TestRankingToleranceIsCloseEnough(t *testing.T) {
	for seed := range uint64(5) {
		g := graph.Build(5000, world(seed, 5000, 20000))
		if d := distance(g.PageRank(graph.Ranking), g.PageRank(graph.Exact)); d > 1e-6 || d == 0 {
			t.Errorf("seed %d: the relaxed ranks are %g away, want within 1e-6 and not the same run", seed, d)
		}
	}
}

// The graph is large enough that threads share the work.
func TestSameBitsOnAnyNumberOfThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	edges := world(7, 5000, 50_000)
	for _, tolerance := range []float64{graph.Ranking, graph.Exact} {
		runtime.GOMAXPROCS(1)
		first := graph.Build(5000, edges).PageRank(tolerance)
		for threads := range 5 {
			runtime.GOMAXPROCS(threads + 1)
			if got := graph.Build(5000, edges).PageRank(tolerance); !slices.Equal(got, first) {
				t.Fatalf("%d threads gave other bits", threads+1)
			}
		}
	}
}

// Numbers are names: a graph with shuffled ones has the same ranks, but for the
// order in which sums are made.
func TestNumbersDoNotMatter(t *testing.T) {
	const nodes = 400
	edges, number := world(3, nodes, 4000), rand.New(rand.NewPCG(5, 5)).Perm(nodes)
	ranks := graph.Build(nodes, edges).PageRank(graph.Exact)
	for i, e := range edges {
		edges[i].From, edges[i].To = int32(number[e.From]), int32(number[e.To])
	}
	other := graph.Build(nodes, edges).PageRank(graph.Exact)
	for i, r := range ranks {
		if math.Abs(r-other[number[i]]) > 1e-12 {
			t.Fatalf("node %d: %g, under another number %g", i, r, other[number[i]])
		}
	}
}

// sane leaves out the edges that Build does.
func sane(nodes int, edges []graph.Edge) []graph.Edge {
	return slices.DeleteFunc(slices.Clone(edges), func(e graph.Edge) bool {
		return !(e.Weight > 0) || min(e.From, e.To) < 0 || int(max(e.From, e.To)) >= nodes
	})
}

func FuzzBuild(f *testing.F) {
	f.Add(3, []byte{0, 0, 1, 0, 9})
	f.Add(1, []byte{0, 0, 0, 0, 1, 0, 0, 0, 0, 1})
	f.Add(0, []byte{})
	f.Add(-4, []byte{1, 0, 2, 0, 0})
	f.Fuzz(func(t *testing.T, nodes int, raw []byte) {
		nodes %= 2000
		var edges []graph.Edge
		for ; len(raw) >= 5; raw = raw[5:] {
			edges = append(edges, graph.Edge{
				From: int32(int16(binary.LittleEndian.Uint16(raw))), To: int32(int16(binary.LittleEndian.Uint16(raw[2:]))),
				Weight: float64(int8(raw[4])),
			})
		}
		g := graph.Build(nodes, edges)
		rank, ties := g.PageRank(graph.Ranking), g.Counterparts().Either
		community := g.Communities()
		if q := g.Modularity(community); !(q > -1e-9 && q < 1) || !connected(sane(nodes, edges), community) {
			t.Fatalf("communities %v of modularity %g", community, q)
		}
		checkNumbers(t, community)
		for i, p := range g.Participation(community) {
			if !(p >= 0 && p < 1) {
				t.Fatalf("node %d: participation %g", i, p)
			}
		}
		checkPlaced(t, "fuzz", g.Layout(rank, community, 100))
		if len(rank) != max(nodes, 0) || len(ties) != max(nodes, 0) || g.Edges() > len(edges) {
			t.Fatalf("%d nodes, %d edges gave %d ranks, %d counts, %d edges", nodes, len(edges), len(rank), len(ties), g.Edges())
		}
		sum := 0.0
		for i, r := range rank {
			if r <= 0 || int(ties[i]) >= nodes {
				t.Fatalf("node %d: rank %g, %d counterparts of %d nodes", i, r, ties[i], nodes)
			}
			sum += r
		}
		if nodes > 0 && math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the ranks sum to %g", sum)
		}
	})
}

func sizes(b *testing.B) []int {
	if flag.Parsed() && testing.Short() {
		return []int{10_000}
	}
	return []int{10_000, 100_000}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes(b) {
		edges := world(1, n/3, n)
		b.Run(name(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				graph.Build(n/3, edges)
			}
		})
	}
}

func BenchmarkPageRank(b *testing.B) {
	for _, n := range sizes(b) {
		g := graph.Build(n/3, world(1, n/3, n))
		b.Run(name(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.PageRank(graph.Ranking)
			}
		})
	}
}

func name(n int) string {
	return map[int]string{10_000: "edges=10k", 100_000: "edges=100k"}[n]
}
