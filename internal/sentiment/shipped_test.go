package sentiment_test

import (
	"bytes"
	"os"
	"runtime"
	"testing"

	"adalid/internal/sentiment"
)

// TestTheShippedModel learns the model of the program anew: the same bytes, and
// five-fold cross-validation above the floors that docs/sentiment.md tells of.
func TestTheShippedModel(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make test runs it once, without the race detector")
	}
	t.Parallel()
	trained, err := sentiment.Train(t.Context(), sentiment.TrainOptions{Dir: sentiment.DevelopmentData(t, "sentiment"), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	floors := map[string]float64{"es": .56, "en": .66, "pt": .65, "fr": .59, "de": .65, "it": .56, "ar": .54, "hi": .33}
	mean := 0.
	for lang, floor := range floors {
		f := trained.Held[lang].Figures(0)
		mean += f.MacroF1 / float64(len(floors))
		if f.MacroF1 < floor || f.Calibration > .05 {
			t.Errorf("%s: macro-F1 %.4f, want at least %.2f; calibration error %.3f, at most .05", lang, f.MacroF1, floor, f.Calibration)
		}
	}
	if mean < .595 {
		t.Errorf("mean macro-F1 %.4f", mean)
	}
	if f := trained.Held["semeval"].Figures(0); f.MacroRecall < .65 {
		t.Errorf("macro-recall of the big English file %.4f", f.MacroRecall)
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("math.Exp differs in the last bit between architectures")
	}
	if shipped, err := os.ReadFile("model.bin"); err != nil || !bytes.Equal(trained.Model, shipped) {
		t.Errorf("%v; training gives other bytes than model.bin: adalid sentiment train", err)
	}
}

// TestAirlines: on complaints to airlines, of which the model has learnt nothing,
// it keeps well above word lists.
func TestAirlines(t *testing.T) {
	m := shipped(t)
	var figures sentiment.Measure
	for _, texts := range airlines(t) {
		for _, l := range texts {
			figures.Add(l.Label, m.Score(l.Text, l.Lang, nil))
		}
	}
	f := figures.Figures(0)
	t.Logf("macro-F1 %.4f, precision of positive %.4f", f.MacroF1, f.Classes[2].Precision)
	if f.Texts < 10_000 || f.MacroF1 < .64 || f.Classes[2].Precision < .56 {
		t.Errorf("%d texts: macro-F1 %.4f, precision of positive %.4f", f.Texts, f.MacroF1, f.Classes[2].Precision)
	}
}
