package main

import (
	"strings"
	"testing"

	"adalid/web/api"
)

// TestBacktest: a brand with history gets figures for every order, and the same
// ones in words; at a moment that leaves too little it gets none, and then all
// brands are tested together.
func TestBacktest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "B", generated(t, 6000, 600))
	ok(t, dir, "import", "--brand", "Tea", write(t, fewRows))

	r := decode[api.Backtest](t, ok(t, dir, "backtest", "B", "--k", "20", "--json"))
	if r.Candidates < 200 || r.Returning < 20 || r.At == nil || r.End == nil || !r.End.After(*r.At) || len(r.Targets) != 4 || len(r.Words) != 3 || r.Pooled.V != nil {
		t.Fatalf("%d candidates, %d returning, %s to %s, %d targets, words %v", r.Candidates, r.Returning, r.At, r.End, len(r.Targets), r.Words)
	}
	for _, target := range r.Targets {
		if len(target.Orders) != 5 {
			t.Errorf("%s has orders %+v", target.Name, target.Orders)
		}
	}
	out := ok(t, dir, "backtest", "B", "--k", "20")
	for _, want := range []string{r.Words[0].EN, r.Words[1].EN, "recommended the brand again", "ranking ahead by"} {
		if !strings.Contains(out, want) {
			t.Errorf("the answer does not say %q:\n%s", want, out)
		}
	}

	few := decode[api.Backtest](t, ok(t, dir, "backtest", "Tea", "--json"))
	if few.Verdict != "short_history" || len(few.Targets) != 0 || few.Pooled.V == nil || len(few.Pooled.V.Brands) != 1 || few.Pooled.V.Verdict == "short_history" {
		t.Errorf("a brand of five mentions: %s, pooled %+v", few.Verdict, few.Pooled.V)
	}
	if out := ok(t, dir, "backtest", "Tea"); !strings.Contains(out, "Too little history") || !strings.Contains(out, "together") {
		t.Errorf("a brand of five mentions:\n%s", out)
	}
	for want, arguments := range map[string][]string{
		"--k is a number":    {"--k", "0"},
		"--at is \"then\"":   {"--at", "then"},
		"no time before or ": {"--at", "2026-01-02", "--since", "2026-01-03"},
	} {
		got := cli(t, dir, "", append([]string{"backtest", "B"}, arguments...)...)
		if got.code == 0 || !strings.Contains(got.err, want) {
			t.Errorf("backtest %v: exit %d, %q does not say %q", arguments, got.code, got.err, want)
		}
	}
}
