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

// TestEstimateBesideWhatWasRead: while a paid source is read, and in the end.
func TestEstimateBesideWhatWasRead(t *testing.T) {
	posts, micros := int64(1234), int64(6_170_000)
	e := &scan.Estimate{Source: "x", Posts: &posts, Micros: &micros}
	s := scan.Standing{Source: "x", State: scan.Running, Estimate: e, Report: scan.Report{Saved: scan.Saved{New: 40}}}
	if got, want := scanLine(s), "x              reading at most 1,234 posts: 40 new, 0 known, 0 about something else"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	s.State, s.Estimate = scan.Done, nil
	l := scan.LegRecord{Source: "x", Rows: 1100, Micros: 5_500_000, EstimatedPosts: &posts, EstimatedMicros: &micros}
	if got, want := foreseenLine(l), "x: at most 1,234 posts for US$ 6.17 were to be expected; 1,100 were read for US$ 5.50."; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	out := scanAnswer(scan.Result{Standings: []scan.Standing{{Source: "rss", State: scan.Done}, s}}, []scan.LegRecord{l})
	if x := out.Sources[1]; *x.EstimatedPosts != posts || *x.EstimatedUSD != 6.17 || x.SpentUSD != 5.5 || out.Sources[0].EstimatedPosts != nil {
		t.Errorf("answered %+v", out.Sources)
	}
}
