package graph_test

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"adalid/internal/graph"
)

func layout(g *graph.Graph, most int) []graph.Placed {
	return g.Layout(g.PageRank(graph.Ranking), g.Communities(), most)
}

func checkPlaced(t *testing.T, what string, placed []graph.Placed) {
	t.Helper()
	for _, p := range placed {
		if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) {
			t.Fatalf("%s: %+v", what, p)
		}
	}
}

func TestCommunitiesStandTogether(t *testing.T) {
	for seed := range uint64(5) {
		edges, member := planted(seed, 4+int(seed), 40, .2, .005)
		// What starts side by side must not be what decides.
		g, nobody := graph.Build(len(member), edges), make([]int32, len(member))
		placed := g.Layout(g.PageRank(graph.Ranking), nobody, len(member))
		checkPlaced(t, "planted", placed)
		var sum, count [2]float64 // between, inside
		for i, p := range placed {
			for _, q := range placed[:i] {
				same := 0
				if member[p.Node] == member[q.Node] {
					same = 1
				}
				sum[same] += math.Hypot(p.X-q.X, p.Y-q.Y)
				count[same]++
			}
		}
		if inside, between := sum[1]/count[1], sum[0]/count[0]; inside > .75*between {
			t.Errorf("seed %d: mean distance %.3f inside, %.3f between", seed, inside, between)
		}
	}
}

func TestPlacesTheStrongest(t *testing.T) {
	g := graph.Build(4000, world(2, 4000, 9000))
	rank := g.PageRank(graph.Ranking)
	placed := layout(g, 5000)
	if len(placed) != graph.MostPlaced {
		t.Fatalf("%d nodes placed", len(placed))
	}
	checkPlaced(t, "4000 nodes", placed)
	in := make([]bool, 4000)
	for i, p := range placed {
		in[p.Node] = true
		if i > 0 {
			before := placed[i-1].Node
			if rank[p.Node] > rank[before] || rank[p.Node] == rank[before] && p.Node < before {
				t.Fatalf("node %d of rank %g stands behind %d of %g", p.Node, rank[p.Node], before, rank[before])
			}
		}
	}
	last := rank[placed[len(placed)-1].Node]
	for node, r := range rank {
		if !in[node] && r > last {
			t.Fatalf("node %d of rank %g is left out, %g is in", node, r, last)
		}
	}
}

func TestLayoutHasTheSameBitsOnAnyNumberOfThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	g := graph.Build(600, world(5, 600, 1500))
	first := layout(g, 500)
	for threads := range 3 {
		runtime.GOMAXPROCS(threads + 1)
		if got := layout(graph.Build(600, world(5, 600, 1500)), 500); !slices.Equal(got, first) {
			t.Fatalf("%d threads gave other places", threads+1)
		}
	}
}

func TestSmallLayouts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		nodes int
		most  int
		want  int
		edges []graph.Edge
	}{
		{"no nodes", 0, 10, 0, nil},
		{"none wanted", 3, 0, 0, []graph.Edge{{0, 1, 1}}},
		{"fewer than none", 3, -1, 0, nil},
		{"alone", 1, 10, 1, nil},
		{"loop", 1, 10, 1, []graph.Edge{{0, 0, 1}}},
		{"two", 2, 10, 2, []graph.Edge{{0, 1, 1e-300}}},
		{"strangers", 50, 100, 50, nil},
		{"some of them", 50, 7, 7, world(1, 50, 200)},
		{"great weights", 30, 30, 30, []graph.Edge{{0, 1, 1e300}, {1, 2, 1e-300}}},
	} {
		placed := layout(graph.Build(tt.nodes, tt.edges), tt.most)
		if len(placed) != tt.want {
			t.Errorf("%s: %d placed, want %d", tt.name, len(placed), tt.want)
		}
		checkPlaced(t, tt.name, placed)
		for i, p := range placed {
			for _, q := range placed[:i] {
				if p.X == q.X && p.Y == q.Y {
					t.Errorf("%s: nodes %d and %d at one place", tt.name, p.Node, q.Node)
				}
			}
		}
	}
}
