package graph_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"adalid/internal/graph"
)

// karate is who of a karate club met outside it, members numbered from 1
// (Zachary 1977).
var karate = [][2]int32{
	{1, 2},
	{1, 3},
	{1, 4},
	{1, 5},
	{1, 6},
	{1, 7},
	{1, 8},
	{1, 9},
	{1, 11},
	{1, 12},
	{1, 13},
	{1, 14},
	{1, 18},
	{1, 20},
	{1, 22},
	{1, 32},
	{2, 3},
	{2, 4},
	{2, 8},
	{2, 14},
	{2, 18},
	{2, 20},
	{2, 22},
	{2, 31},
	{3, 4},
	{3, 8},
	{3, 9},
	{3, 10},
	{3, 14},
	{3, 28},
	{3, 29},
	{3, 33},
	{4, 8},
	{4, 13},
	{4, 14},
	{5, 7},
	{5, 11},
	{6, 7},
	{6, 11},
	{6, 17},
	{7, 17},
	{9, 31},
	{9, 33},
	{9, 34},
	{10, 34},
	{14, 34},
	{15, 33},
	{15, 34},
	{16, 33},
	{16, 34},
	{19, 33},
	{19, 34},
	{20, 34},
	{21, 33},
	{21, 34},
	{23, 33},
	{23, 34},
	{24, 26},
	{24, 28},
	{24, 30},
	{24, 33},
	{24, 34},
	{25, 26},
	{25, 28},
	{25, 32},
	{26, 32},
	{27, 30},
	{27, 34},
	{28, 34},
	{29, 32},
	{29, 34},
	{30, 33},
	{30, 34},
	{31, 33},
	{31, 34},
	{32, 33},
	{32, 34},
	{33, 34},
}

func karateEdges() []graph.Edge {
	edges := make([]graph.Edge, len(karate))
	for i, tie := range karate {
		edges[i] = graph.Edge{From: tie[0] - 1, To: tie[1] - 1, Weight: 1}
	}
	return edges
}

func TestKarateClub(t *testing.T) {
	if len(karate) != 78 {
		t.Fatalf("%d ties, want 78", len(karate))
	}
	g := graph.Build(34, karateEdges())
	community := g.Communities()
	// .4198 is the best there is (Brandes et al. 2008).
	if q := g.Modularity(community); q < .41 || q > .4198 {
		t.Errorf("modularity %.4f of %v", q, community)
	}
	// The club broke into those who went with member 1 and those with 34.
	if community[0] == community[33] {
		t.Error("the two leaders are in one community")
	}
	split := make([]int32, 34)
	for i := range split {
		if slices.Contains([]int{9, 10, 15, 16, 19, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34}, i+1) {
			split[i] = 1
		}
	}
	if q := g.Modularity(split); math.Abs(q-.3715) > 5e-5 { // Newman 2004 says .371 or .372 for the break
		t.Errorf("the break itself has modularity %.4f", q)
	}
}

// planted makes groups whose members are tied to each other with chance in and
// to others with chance out.
func planted(seed uint64, groups, size int, in, out float64) ([]graph.Edge, []int32) {
	r := rand.New(rand.NewPCG(seed, 3))
	member := make([]int32, groups*size)
	for i, p := range r.Perm(len(member)) {
		member[i] = int32(p % groups)
	}
	var edges []graph.Edge
	for i := range member {
		for j := range member {
			p := out
			if member[i] == member[j] {
				p = in
			}
			if i != j && r.Float64() < p {
				edges = append(edges, graph.Edge{From: int32(i), To: int32(j), Weight: .5 + r.Float64()})
			}
		}
	}
	return edges, member
}

func TestFindsPlantedCommunities(t *testing.T) {
	for seed := range uint64(10) {
		groups, size := 2+int(seed), 60-4*int(seed)
		edges, member := planted(seed, groups, size, .25, .01)
		g := graph.Build(len(member), edges)
		found := g.Communities()
		same := map[[2]int32]int{}
		for i := range member {
			same[[2]int32{member[i], found[i]}]++
		}
		if len(same) != groups {
			t.Errorf("seed %d: %d pairs of planted and found, want %d: %v", seed, len(same), groups, same)
		}
	}
}

func slowModularity(edges []graph.Edge, community []int32) float64 {
	total, strength := 0.0, make([]float64, len(community))
	for _, e := range edges {
		strength[e.From] += e.Weight
		strength[e.To] += e.Weight
		total += 2 * e.Weight
	}
	q := 0.0
	for i := range community {
		for j := range community {
			if community[i] == community[j] {
				q -= strength[i] * strength[j] / (total * total)
			}
		}
	}
	for _, e := range edges {
		if community[e.From] == community[e.To] {
			q += 2 * e.Weight / total
		}
	}
	return q
}

func slowParticipation(edges []graph.Edge, community []int32) []float64 {
	p := make([]float64, len(community))
	for i := range p {
		toward, all := make([]float64, len(community)), 0.0
		for _, e := range edges {
			for _, end := range [][2]int32{{e.From, e.To}, {e.To, e.From}} {
				if int(end[0]) == i && end[1] != end[0] {
					toward[community[end[1]]] += e.Weight
					all += e.Weight
				}
			}
		}
		if all == 0 {
			continue
		}
		p[i] = 1
		for _, k := range toward {
			p[i] -= (k / all) * (k / all)
		}
	}
	return p
}

// connected tells whether each community hangs together by its own ties.
func connected(edges []graph.Edge, community []int32) bool {
	reached := make([]int32, len(community))
	for i := range reached {
		reached[i] = int32(i)
	}
	for changed := true; changed; {
		changed = false
		for _, e := range edges {
			a, b := &reached[e.From], &reached[e.To]
			if community[e.From] == community[e.To] && *a != *b {
				*a, *b, changed = min(*a, *b), min(*a, *b), true
			}
		}
	}
	first := map[int32]int32{}
	for i, c := range community {
		if f, ok := first[c]; ok && f != reached[i] {
			return false
		}
		first[c] = reached[i]
	}
	return true
}

func TestCommunitiesOfRandomGraphs(t *testing.T) {
	for seed := range uint64(20) {
		nodes := 1 + int(seed*seed)%150
		edges := world(seed, nodes, int(seed)*12)
		g := graph.Build(nodes, edges)
		community := g.Communities()
		if !connected(edges, community) {
			t.Errorf("seed %d: a community is in pieces", seed)
		}
		q := g.Modularity(community)
		if len(edges) > 0 && math.Abs(q-slowModularity(edges, community)) > 1e-12 {
			t.Errorf("seed %d: modularity %g, want %g", seed, q, slowModularity(edges, community))
		}
		checkNoBetterMove(t, g, community, q)
		got, want := g.Participation(community), slowParticipation(edges, community)
		if d := distance(got, want); d > 1e-12 {
			t.Errorf("seed %d: participation %v, want %v", seed, got, want)
		}
		checkNumbers(t, community)
	}
}

// checkNoBetterMove tries each node in each other community. Splitting what
// fell apart comes last and can leave a move that would gain; none is seen here.
func checkNoBetterMove(t *testing.T, g *graph.Graph, community []int32, q float64) {
	t.Helper()
	other := slices.Clone(community)
	for i := range other {
		for c := range slices.Max(community) + 1 {
			other[i] = c
			if better := g.Modularity(other); better > q+1e-9 {
				t.Fatalf("node %d moved from %d to %d gains %g", i, community[i], c, better-q)
			}
		}
		other[i] = community[i]
	}
}

// checkNumbers wants communities by falling size, ties by lowest node.
func checkNumbers(t *testing.T, community []int32) {
	t.Helper()
	size, first := map[int32]int{}, map[int32]int{}
	for i, c := range slices.Backward(community) {
		size[c]++
		first[c] = i
	}
	for c := range int32(len(size)) {
		if size[c] == 0 || c > 0 && (size[c] > size[c-1] || size[c] == size[c-1] && first[c] < first[c-1]) {
			t.Fatalf("community %d of %d nodes from %d on stands behind one of %d from %d on", c, size[c], first[c], size[c-1], first[c-1])
		}
	}
}

func TestParticipation(t *testing.T) {
	// Node 0 ties three of community 0 and one of 1; node 5 has no ties, node 4
	// only its own.
	g := graph.Build(6, []graph.Edge{
		{0, 1, 1},
		{2, 0, 1},
		{0, 3, 2},
		{3, 0, 4},
		{0, 0, 9},
		{4, 4, 2},
	})
	got := g.Participation([]int32{0, 0, 0, 1, 1, 1})
	want := []float64{1 - (.25*.25 + .75*.75), 0, 0, 0, 0, 0}
	if !slices.Equal(got, want) {
		t.Errorf("participation %v, want %v", got, want)
	}
}

func TestSmallCommunities(t *testing.T) {
	tests := []struct {
		name  string
		nodes int
		edges []graph.Edge
		want  []int32
		q     float64
	}{
		{"no nodes", 0, nil, []int32{}, 0},
		{"strangers", 3, nil, []int32{0, 1, 2}, 0},
		{"loop only", 1, []graph.Edge{{0, 0, 2}}, []int32{0}, 0},
		{"one tie", 3, []graph.Edge{{2, 1, 2}}, []int32{1, 0, 0}, 0},
		{"two pairs", 4, []graph.Edge{{0, 2, 1}, {3, 1, 1}}, []int32{0, 1, 0, 1}, .5},
	}
	for _, tt := range tests {
		g := graph.Build(tt.nodes, tt.edges)
		got := g.Communities()
		if !slices.Equal(got, tt.want) || g.Modularity(got) != tt.q {
			t.Errorf("%s: communities %v of modularity %g, want %v of %g", tt.name, got, g.Modularity(got), tt.want, tt.q)
		}
	}
}

func TestCommunitiesAreTheSameEveryTime(t *testing.T) {
	edges := rmat(4, 11, 12_000)
	first := graph.Build(1<<11, edges).Communities()
	for range 3 {
		if got := graph.Build(1<<11, edges).Communities(); !slices.Equal(got, first) {
			t.Fatal("the same edges gave other communities")
		}
	}
}
