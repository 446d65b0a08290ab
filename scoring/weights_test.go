package scoring_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/scoring"
)

// Weights that sum to 1 are shown as they were given, in parts and receipts.
func TestWeightsKeepTheirBits(t *testing.T) {
	people := make([][]scoring.Signals, 40)
	r := rand.New(rand.NewPCG(4, 1))
	for i := range people {
		people[i] = []scoring.Signals{account(r, false)}
	}
	for i := range people { // everything is known of everybody
		a := &people[i][0]
		a.Platform, a.SentimentSum, a.SentimentWeight, a.Engagement, a.EngagementPosts = "x", 1, 2, 3, 4
		a.PageRank, a.Counterparts = new(1.0), new(float64(i))
	}
	scale := scoring.Fit(people)
	for _, name := range scoring.Presets() {
		want, _ := scoring.Preset(name)
		var s struct{ Parts []struct{ Weight float64 } }
		var receipt struct{ Weights scoring.Weights }
		score := scale.Score(people[0], want, scoring.Geometric)
		roundTrip(t, score, &s)
		roundTrip(t, score.Receipt(scoring.Basis{}), &receipt)
		for i, w := range want {
			if s.Parts[i].Weight != w || receipt.Weights[i] != w {
				t.Errorf("%s: %s weighs %v in the parts and %v in the receipt, want %v", name, scoring.Names[i], s.Parts[i].Weight, receipt.Weights[i], w)
			}
		}
	}
}

func roundTrip(t *testing.T, from, to any) {
	t.Helper()
	wire, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(wire, to); err != nil {
		t.Fatal(err)
	}
}

func presets() []scoring.Weights {
	var all []scoring.Weights
	for _, name := range scoring.Presets() {
		w, _ := scoring.Preset(name)
		all = append(all, w)
	}
	return all
}

func TestWeighingOnlyTheUnknown(t *testing.T) {
	people := [][]scoring.Signals{{{Effective: 2, ActiveDays: 2, Engagement: 9, EngagementPosts: 2}}}
	s := scoring.Fit(people).Score(people[0], scoring.Weights{1}, scoring.Geometric)
	if s.Parts[scoring.Affinity].Value != nil || s.Parts[scoring.Volume].Weight != .5 || s.Parts[scoring.Reach].Weight != .5 {
		t.Errorf("what is known does not weigh the same: %+v", s.Parts)
	}
}

func TestPresets(t *testing.T) {
	want := []string{"balanced", "true-fans", "far-reach", "connectors", "steady"}
	if got := scoring.Presets(); !slices.Equal(got, want) {
		t.Fatalf("presets %v", got)
	}
	for _, name := range want {
		w, ok := scoring.Preset(name)
		if err := w.Check(); !ok || err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if sum := w[0] + w[1] + w[2] + w[3]; !near(sum, 1) {
			t.Errorf("%s: the weights sum to %v", name, sum)
		}
	}
	if _, ok := scoring.Preset("lucky"); ok {
		t.Error("there is a preset lucky")
	}
}

func TestParseWeights(t *testing.T) {
	for text, want := range map[string]scoring.Weights{
		"affinity=.4,volume=.2,reach=.2,network=.2": {.4, .2, .2, .2},
		" Volume = 3 , affinity=1":                  {.25, .75, 0, 0},
		"reach=1e3":                                 {0, 0, 1, 0},
	} {
		got, err := scoring.ParseWeights(text)
		for i := range want {
			if err != nil || !near(got[i], want[i]) {
				t.Errorf("%q: %v, %v", text, got, err)
				break
			}
		}
	}
	for text, say := range map[string]string{
		"":                         "of the form name=number",
		"affinity":                 "of the form name=number",
		"affinity=.4,":             "of the form name=number",
		"charm=.4":                 `no component "charm"`,
		"reach=1,reach=2":          "reach is given twice",
		"reach=much":               `reach, "much", is not a number`,
		"reach=-1":                 "reach is -1",
		"reach=NaN":                "reach is NaN",
		"reach=Inf":                "reach is +Inf",
		"reach=0,volume=0":         "all weights are zero",
		"reach=9e307,volume=1e308": "too large",
	} {
		_, err := scoring.ParseWeights(text)
		if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v, want %q", text, err, say)
		}
	}
}

func TestParseBlend(t *testing.T) {
	if b, err := scoring.ParseBlend(""); b != scoring.Geometric || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if b, err := scoring.ParseBlend("arithmetic"); b != scoring.Arithmetic || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := scoring.ParseBlend("harmonic"); adalid.CodeOf(err) != adalid.Invalid {
		t.Error(err)
	}
}

func FuzzParseWeights(f *testing.F) {
	for _, s := range []string{"affinity=.4,volume=.2", "reach=1e309", "=,=", "network=0x1p-2", "volume=5e-324"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := scoring.ParseWeights(text)
		if err != nil {
			if adalid.CodeOf(err) != adalid.Invalid {
				t.Fatalf("%q: an error without a code: %v", text, err)
			}
			return
		}
		if sum := w[0] + w[1] + w[2] + w[3]; math.Abs(sum-1) > 1e-9 || w.Check() != nil {
			t.Fatalf("%q gives %v", text, w)
		}
	})
}
