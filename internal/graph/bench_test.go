package graph_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"adalid/internal/graph"
)

// rmat makes a graph of 2^scale nodes as social ones look, with few hubs and
// many strangers: each edge falls into a quarter of the matrix again and again
// (Chakrabarti, Zhan & Faloutsos 2004, with the chances of Graph500). Numbers
// are shuffled, for no import brings its hubs first.
func rmat(seed uint64, scale, edges int) []graph.Edge {
	r := rand.New(rand.NewPCG(seed, 2))
	number := r.Perm(1 << scale)
	es := make([]graph.Edge, edges)
	for i := range es {
		from, to := 0, 0
		for range scale {
			x := r.Uint32()
			from, to = from<<1, to<<1
			switch {
			case x < 2448131358: // .57
			case x < 3264175144: // .19
				to++
			case x < 4080218931: // .19
				from++
			default:
				from, to = from+1, to+1
			}
		}
		es[i] = graph.Edge{From: int32(number[from]), To: int32(number[to]), Weight: 0.1 + r.Float64()}
	}
	return es
}

// million is a graph of 1M nodes and 10M edges, of which some are parallel.
var million = sync.OnceValue(func() []graph.Edge { return rmat(1, 20, 10_000_000) })

func millionGraph(b *testing.B) *graph.Graph {
	if testing.Short() {
		b.Skip("a minute")
	}
	return graph.Build(1<<20, million())
}

func BenchmarkMillionBuild(b *testing.B) {
	if testing.Short() {
		b.Skip("a minute")
	}
	edges := million()
	b.ReportAllocs()
	for b.Loop() {
		graph.Build(1<<20, edges)
	}
}

// BenchmarkMillionPageRank reports what one edge takes in one step, on as many
// threads as -cpu says.
func BenchmarkMillionPageRank(b *testing.B) {
	g := millionGraph(b)
	b.ReportAllocs()
	total := 0
	for b.Loop() {
		_, steps := g.Walk(graph.Ranking)
		total += steps
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(total)/float64(g.Edges()), "ns/edge/step")
	b.ReportMetric(float64(total)/float64(b.N), "steps")
}

func BenchmarkMillionCommunities(b *testing.B) {
	if testing.Short() {
		b.Skip("a minute")
	}
	for b.Loop() {
		b.StopTimer()
		g := graph.Build(1<<20, million())
		b.StartTimer()
		b.ReportMetric(g.Modularity(g.Communities()), "modularity")
	}
}

// BenchmarkLayout places 3,000 nodes.
func BenchmarkLayout(b *testing.B) {
	g := graph.Build(1<<14, rmat(2, 14, 100_000))
	rank, community := g.PageRank(graph.Ranking), g.Communities()
	b.ReportAllocs()
	for b.Loop() {
		g.Layout(rank, community, graph.MostPlaced)
	}
}
