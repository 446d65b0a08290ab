package main

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"adalid/internal/demo"
	"adalid/web/api"
)

// TestNetwork: table, CSV and JSON say the same of the invented brand, and its
// pairs are those of the list of people.
func TestNetwork(t *testing.T) {
	long(t)
	t.Parallel()
	dir := demoStored(t)
	n := decode[api.Network](t, ok(t, dir, "network", demo.Brand, "--limit", "120", "--json"))
	if len(n.Nodes) != 120 || n.TooFewTies || n.TooFew || !n.Named || len(n.Communities) < 5 || n.Counts.People < 300 || len(n.Edges) == 0 {
		t.Fatalf("%d people of %+v, %d communities, %d pairs, named %t", len(n.Nodes), n.Counts, len(n.Communities), len(n.Edges), n.Named)
	}
	named, connectors := 0, 0
	for _, c := range n.Communities {
		if len(c.Terms) > 0 && c.Positive != nil {
			named++
		}
	}
	for _, x := range n.Nodes {
		if x.Connector {
			connectors++
		}
	}
	if named < 5 || connectors == 0 {
		t.Errorf("%d communities have words, %d people connect", named, connectors)
	}
	rows := csvRowsOf(t, ok(t, dir, "network", demo.Brand, "--limit", "120", "--format", "csv"))
	for i, x := range n.Nodes {
		share, err := strconv.ParseFloat(rows[i+1][5], 64)
		if err != nil || rows[i+1][1] != x.ID || math.Abs(share-x.Share) > 1e-6 || rows[i+1][10] != strconv.Itoa(x.Counterparts) {
			t.Fatalf("row %d is %v, want %+v", i+1, rows[i+1], x)
		}
	}
	edges := csvRowsOf(t, ok(t, dir, "network", demo.Brand, "--limit", "120", "--edges", "--format", "csv"))
	if len(edges) != len(n.Edges)+1 || edges[1][1] != n.Nodes[n.Edges[0].A].ID || edges[1][5] != strconv.FormatInt(n.Edges[0].Weight, 10) {
		t.Errorf("%d pairs, the first %v; want %d, %+v", len(edges)-1, edges[1], len(n.Edges), n.Edges[0])
	}
	table := ok(t, dir, "network", demo.Brand, "--limit", "5")
	for _, want := range []string{"people tied to each other", "speaks of", *n.Nodes[0].Handle, "more people (--limit)", "left out as likely automated"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%s", want, table)
		}
	}
	if out := ok(t, dir, "network", demo.Brand, "--limit", "5", "--words=false"); !strings.Contains(out, "communities are not named") {
		t.Error(out)
	}
	for want, arguments := range map[string][]string{
		"1 to 3000 people": {"--limit", "0"}, "amendment": {"--platform", "youtube"}, "is not understood": {"--where", "score >"},
	} {
		if got := cli(t, dir, "", append([]string{"network", demo.Brand}, arguments...)...); got.code == 0 || got.out != "" || !strings.Contains(got.err, want) {
			t.Errorf("%v: exit %d, %q does not say %q", arguments, got.code, got.err, want)
		}
	}
	if out := ok(t, stored(t), "network", "Tea"); !strings.Contains(out, "Too few links yet") {
		t.Error(out)
	}
}
