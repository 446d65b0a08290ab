package main

import (
	"strings"
	"testing"
)

// TestOneIsNoPlural in what the terminal says of few.
func TestOneIsNoPlural(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1 person": counted(1, "person"), "0 people": counted(0, "person"), "2,000 more people": counted(int64(2000), "more person"),
		"1 own or staff account": counted(1, "own or staff account"), "2 critics": counted(2, "critic"), "3 communities": counted(3, "community"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Tea", write(t, append(fewRows[:1:1], fewRows[4])))
	if out := ok(t, dir, "rank", "Tea"); !strings.Contains(out, "1 person, 1 mention. ") || !strings.Contains(out, "\n1 own or staff account left out") {
		t.Errorf("rank:\n%s", out)
	}
	if out := ok(t, dir, "rank", "Tea", "--min-mentions", "2"); !strings.Contains(out, "1 person under --min-mentions") {
		t.Errorf("rank:\n%s", out)
	}
	file := t.TempDir() + "/one.csv"
	if r := cli(t, dir, "", "export", "Tea", "advocates", "--output", file); r.code != 0 || !strings.HasPrefix(r.err, "1 row written to ") {
		t.Errorf("export: %+v", r)
	}
	if r := cli(t, dir, "", "import", "--brand", "Other", write(t, fewRows[:1])); !strings.Contains(r.err, "1 row read in ") || !strings.Contains(r.err, ": 1 new mention, 0 updated, 0 repeats,") {
		t.Errorf("import: %+v", r)
	}
}
