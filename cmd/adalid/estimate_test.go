package main

import (
	"strings"
	"testing"

	"adalid/internal/scan"
)

// TestEstimate tells what a scan costs and reads nothing.
func TestEstimate(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	if out := ok(t, dir, "scan", "Tea", "--platform", "mastodon", "--estimate"); !strings.Contains(out, "mastodon       does not tell how many posts; free") {
		t.Errorf("said %q", out)
	}
	if out := ok(t, dir, "scan", "Tea", "--platform", "mastodon", "--estimate", "--json"); !strings.Contains(out, `"posts": null`) || !strings.Contains(out, `"usd": 0`) {
		t.Errorf("said %q", out)
	}
	posts, micros, month := int64(1234), int64(18_510_000), int64(20_000_000)
	for want, e := range map[string]scan.Estimate{
		"x              at most 1,234 posts; at most US$ 18.51, of a monthly limit of US$ 20.00":       {Posts: &posts, Micros: &micros, Monthly: &month},
		"x              at most 1,234 posts; at most US$ 18.51, and it has no budget: nothing is read": {Posts: &posts, Micros: &micros},
		"x              cannot tell: the key was revoked":                                              {Reason: "the key was revoked"},
	} {
		got := estimateLine(estimated{Source: "x", Posts: e.Posts, USD: dollars(e.Micros), Monthly: dollars(e.Monthly), Reason: e.Reason})
		if got != want {
			t.Errorf("said %q, want %q", got, want)
		}
	}
}
