package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid/web/api"
)

// TestPortfolio: the group reaches more than the first of the list and more
// than those with most followers, says the same in every format, and holds its
// quotas.
func TestPortfolio(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "import", "--no-sentiment", "--brand", "B", generated(t, 6000, 600))

	p := decode[api.Portfolio](t, ok(t, dir, "portfolio", "B", "--k", "12", "--json"))
	n := len(p.Picks)
	if n != 12 || p.Reached != p.Curves.Group[n-1] || p.Reached <= p.Curves.First[11] || p.Reached <= p.Curves.Followers[11] || p.Reached > p.Reachable || p.Heard > p.Candidates {
		t.Fatalf("a group of %d reaches %d of %d; the first reach %v, those with most followers %v", n, p.Reached, p.Reachable, p.Curves.First, p.Curves.Followers)
	}
	for i, x := range p.Picks {
		if x.Adds < 1 || i > 0 && x.Adds > p.Picks[i-1].Adds || x.Person.Segment != "advocate" {
			t.Errorf("pick %d adds %d and is a %s", i+1, x.Adds, x.Person.Segment)
		}
		if s := x.Person.Sure.V; s == nil || s.ScoreLow > x.Person.Score.V.Total || s.ScoreHigh < x.Person.Score.V.Total || s.ScoreLow >= s.ScoreHigh {
			t.Errorf("pick %d with %v is as sure as %+v", i+1, x.Person.Score.V, s)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(ok(t, dir, "portfolio", "B", "--k", "12", "--format", "csv"))).ReadAll()
	if err != nil || len(rows) != n+1 || rows[n][2] != p.Picks[n-1].Person.Accounts[0].Key || rows[n][10] != strconv.Itoa(p.Reached) {
		t.Errorf("the CSV ends with %v (%v), the JSON with %s and %d", rows[len(rows)-1], err, p.Picks[n-1].Person.Accounts[0].Key, p.Reached)
	}
	table := ok(t, dir, "portfolio", "B", "--k", "12")
	for _, want := range []string{"These 12 reach " + group(int64(p.Reached)) + " people", "with most followers " + group(int64(p.Curves.Followers[11]))} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not say %q:\n%s", want, table)
		}
	}

	var enough int
	for _, k := range []string{"51", "60", "200"} {
		p := decode[api.Portfolio](t, ok(t, dir, "portfolio", "B", "--k", k, "--json"))
		if p.Enough == nil || enough != 0 && *p.Enough != enough {
			t.Fatalf("a group of %s says %v where %d was said before", k, p.Enough, enough)
		}
		enough = *p.Enough
	}
	for _, k := range []int{enough - 1, enough} {
		out, told := ok(t, dir, "portfolio", "B", "--k", strconv.Itoa(k)), k == enough
		if strings.Contains(out, fmt.Sprintf("After %d people, each new one adds less than 2 %%", enough)) != told || strings.Contains(out, "run the same with --k 51") == told {
			t.Errorf("%d are enough, and a group of %d says:\n%s", enough, k, out)
		}
	}

	some := decode[api.Portfolio](t, ok(t, dir, "portfolio", "B", "--k", "6", "--quota", "x=1,lang:es=2", "--min-score", "40", "--json"))
	onX := 0
	for _, x := range some.Picks {
		if x.Person.Score.V.Total < 40 {
			t.Errorf("somebody with a score of %g was chosen", x.Person.Score.V.Total)
		}
		if x.Person.Accounts[0].Platform == "x" {
			onX++
		}
	}
	if onX > 1 || len(some.Picks) == 0 {
		t.Errorf("%d of %d are on X", onX, len(some.Picks))
	}
	for want, arguments := range map[string][]string{
		"mastodon=3":              {"--quota", "x"},
		"nobody speaks about":     {"--quota", "nowhere=2"},
		"not known here":          {"--quota", "lang:klingon=1"},
		"given twice for x":       {"--quota", "x=1,platform:X=2"},
		"given twice for lang:es": {"--quota", "lang:es=1,lang:Spanish=2"},
		"the least score is":      {"--min-score", "NaN"},
		"at least one person":     {"--k", "0"},
		"number from 0 to 100":    {"--min-score", "101"},
		"contradict each other":   {"--preset", "steady", "--weights", "reach=1"},
		"there is no brand \"C\"": nil,
	} {
		brand := "B"
		if arguments == nil {
			brand = "C"
		}
		got := cli(t, dir, "", append([]string{"portfolio", brand}, arguments...)...)
		if got.code == 0 || !strings.Contains(got.err, want) {
			t.Errorf("portfolio %s %v: exit %d, %q does not say %q", brand, arguments, got.code, got.err, want)
		}
	}
}

// TestPortfolioAdvice: groups are compared with as many others, and it is said
// why where there are no such others; what is not known is not said.
func TestPortfolioAdvice(t *testing.T) {
	t.Parallel()
	three := api.Portfolio{
		Candidates: 1200, Reached: 90, Picks: make([]api.PortfolioPick, 3),
		Curves: api.Curves{Group: []int{50, 80, 90}, First: []int{50, 60, 70, 85, 88}, Followers: []int{20, 40, 60, 65}},
	}
	enough := 2
	for _, c := range []struct {
		what string
		make func(*api.Portfolio)
		want []string
	}{
		{"too few to tell", func(*api.Portfolio) {}, []string{
			"These 3 reach 90 people; the first 3 of the ranking reach 70, the 3 with most followers 60.",
			"Each of these 3 adds 2 % or more of those reached already, so a larger group reaches more. Where to stop: run the same with --k 51.",
		}},
		{"nobody left", func(p *api.Portfolio) { p.Complete, p.Curves.Followers = true, nil }, []string{
			"These 3 reach 90 people; the first 3 of the ranking reach 70.",
			"Each of these 3 adds 2 % or more of those reached already.",
			"Nobody else who may be chosen adds anybody.",
		}},
		{"few have followers told", func(p *api.Portfolio) { p.Enough, p.Curves.Followers = &enough, []int{20, 40} }, []string{
			"These 3 reach 90 people; the first 3 of the ranking reach 70.",
			"Followers are known of only 2 of the 1,200 people listed: they reach 40, as many of this group 80.",
			"After 2 people, each new one adds less than 2 % of those reached already.",
		}},
	} {
		p := three
		c.make(&p)
		if diff := cmp.Diff(c.want, advice(p)); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
}

// TestPortfolioWithoutAnswers: who nobody answers has no audience, and few
// people have no ranking; both are said.
func TestPortfolioWithoutAnswers(t *testing.T) {
	t.Parallel()
	if out := ok(t, stored(t), "portfolio", "Tea"); !strings.Contains(out, "Too few to rank") {
		t.Errorf("few people gave:\n%s", out)
	}
	dir := t.TempDir()
	rows := make([]string, 120)
	for i := range rows {
		rows[i] = `{"post_id":"` + strconv.Itoa(i) + `","author":"u` + strconv.Itoa(i%40) + `","text":"I love this tea ` + strconv.Itoa(i) + `","created_at":"2026-01-01T10:00:00Z","lang":"en"}` + "\n"
	}
	ok(t, dir, "import", "--brand", "Quiet", write(t, rows))
	if out := ok(t, dir, "portfolio", "Quiet"); !strings.Contains(out, "no audience to choose by") {
		t.Errorf("nobody answers, and it says:\n%s", out)
	}
}
