package graph_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adalid/internal/graph"
)

type pair struct{ from, to string }

// open gives the unpacked content of a file of the development data.
func open(t *testing.T, path ...string) io.Reader {
	t.Helper()
	root := os.Getenv("ADALID_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no development data")
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// mentionEdges ties the author of each post, once however many brands it is
// about, to the handles that it names.
func mentionEdges(t *testing.T, set string) map[pair]float64 {
	edges, seen := map[pair]float64{}, map[string]bool{}
	in := json.NewDecoder(open(t, "mentions", set+".jsonl.gz"))
	for {
		var row struct {
			ID       string  `json:"post_id"`
			Handle   *string `json:"handle"`
			Repost   bool    `json:"is_repost"`
			Mentions []string
		}
		if err := in.Decode(&row); err == io.EOF {
			return edges
		} else if err != nil {
			t.Fatal(err)
		}
		if row.Repost || row.Handle == nil || seen[row.ID] {
			continue
		}
		seen[row.ID] = true
		from := strings.ToLower(*row.Handle)
		for _, to := range row.Mentions {
			if to != from {
				edges[pair{from, to}]++
			}
		}
	}
}

func listedEdges(t *testing.T, name string) map[pair]float64 {
	edges := map[pair]float64{}
	lines := bufio.NewScanner(open(t, "graphs", name+".edgelist.gz"))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		w, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		edges[pair{f[0], f[1]}] = w
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return edges
}

// number gives every name a node, in alphabetical order.
func number(named map[pair]float64) ([]string, []graph.Edge) {
	nodes := map[string]int32{}
	for p := range named {
		nodes[p.from], nodes[p.to] = 0, 0
	}
	names := make([]string, 0, len(nodes))
	for name := range nodes {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		nodes[name] = int32(i)
	}
	edges := make([]graph.Edge, 0, len(named))
	for p, w := range named {
		edges = append(edges, graph.Edge{From: nodes[p.from], To: nodes[p.to], Weight: w})
	}
	return names, edges
}

func TestEqualsPublishedFigures(t *testing.T) {
	for _, set := range []string{"airline", "es_latinr", "sustainability", "congress"} {
		t.Run(set, func(t *testing.T) {
			var named map[pair]float64
			if set == "congress" {
				named = listedEdges(t, set)
			} else {
				named = mentionEdges(t, set)
			}
			want, err := csv.NewReader(open(t, "expected", "network_"+set+".csv.gz")).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			names, edges := number(named)
			g := graph.Build(len(names), edges)
			exact, fast := g.PageRank(graph.Exact), g.PageRank(graph.Ranking)
			if d := distance(exact, fast); d > 1e-6 {
				t.Errorf("the relaxed ranks are %g away in sum", d)
			}
			if len(want)-1 != len(names) || g.Edges() != len(named) {
				t.Fatalf("%d nodes, want %d; %d edges, want %d", len(names), len(want)-1, g.Edges(), len(named))
			}
			for _, row := range want[1:] {
				i, ok := slices.BinarySearch(names, row[0])
				rank, err := strconv.ParseFloat(row[5], 64)
				if !ok || err != nil || max(exact[i]-rank, rank-exact[i]) > 1e-9 {
					t.Fatalf("a node has rank %g, want %s", exact[i], row[5])
				}
			}
		})
	}
}
