package sentiment_test

import (
	"compress/gzip"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"adalid"
	"adalid/internal/sentiment"
)

// airlines gives the labelled texts of each brand of the development data.
func airlines(t *testing.T) map[string][]sentiment.Lesson {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "labels", "airline.csv.gz"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	brands := map[string][]sentiment.Lesson{}
	for _, r := range rows[1:] {
		brands[r[1]] = append(brands[r[1]], sentiment.Lesson{Text: r[3], Lang: "en", Label: adalid.Label(r[4])})
	}
	return brands
}

// TestCorrectionsHelp gives 300 corrections of one airline, drawn at random or
// only where the model is wrong, and measures on the rest of that brand.
func TestCorrectionsHelp(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds")
	}
	brands := airlines(t)
	m, err := sentiment.New(sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const draws = 2
	for _, only := range []string{"random", "mistakes"} {
		for _, brand := range []string{"American", "Southwest", "US Airways", "United"} {
			about := sentiment.NewTerms(brand)
			var before, after, foreseen float64
			used := 0
			var slowest time.Duration
			for seed := range uint64(draws) {
				all := append([]sentiment.Lesson{}, brands[brand]...)
				rand.New(rand.NewPCG(seed, 5)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
				var given, rest []sentiment.Lesson
				for _, l := range all {
					if len(given) < 300 && (only == "random" || answer(m, l, about) != l.Label) {
						given = append(given, l)
					} else {
						rest = append(rest, l)
					}
				}
				for _, l := range rest {
					given = append(given, sentiment.Lesson{Text: l.Text, Lang: l.Lang}) // without their labels
				}
				start := time.Now()
				r, effect := m.Refit(given, about)
				slowest = max(slowest, time.Since(start))
				if effect.Helps {
					used++
				}
				foreseen += (effect.MacroF1.After - effect.MacroF1.Before) / draws
				before += macroF1(m, rest, about) / draws
				after += macroF1(m.With(r), rest, about) / draws
			}
			t.Logf("%s, %s: macro-F1 %.3f to %.3f (%+.1f points; cross-validation %+.1f), used %d of %d times, at most %v",
				brand, only, before, after, 100*(after-before), 100*foreseen, used, draws, slowest.Round(time.Millisecond))
			if only == "random" && after-before < .05 || after < before || used < draws {
				t.Errorf("%s: 300 corrections (%s) bring %+.1f points and are used %d of %d times", brand, only, 100*(after-before), used, draws)
			}
		}
	}
}

type judge interface {
	Score(text, lang string, about *sentiment.Terms) *adalid.Sentiment
}

func answer(m judge, l sentiment.Lesson, about *sentiment.Terms) adalid.Label {
	if s := m.Score(l.Text, l.Lang, about); s != nil {
		return sentiment.Label(*s)
	}
	return adalid.Neutral
}

func macroF1(m judge, lessons []sentiment.Lesson, about *sentiment.Terms) float64 {
	var figures sentiment.Measure
	for _, l := range lessons {
		figures.Add(l.Label, m.Score(l.Text, l.Lang, about))
	}
	return figures.Figures(0).MacroF1
}
