package sentiment_test

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"adalid/internal/sentiment"
)

func TestOnlyEnglishIsScored(t *testing.T) {
	s := sentiment.NewVADER()
	for _, lang := range []string{"en", "EN", "en-US", "en-gb", "en_GB", "en-Latn-US"} {
		if got := s.Score("I love this coffee", lang); got == nil || got.Net() < .5 {
			t.Errorf("tag %q: %+v, want clearly positive", lang, got)
		}
	}
	for _, lang := range []string{"", "und", "es", "de-CH", "eng", "enm", "-en", "zxx", "pt"} {
		if got := s.Score("I love this coffee", lang); got != nil {
			t.Errorf("tag %q: %+v, want unknown", lang, got)
		}
	}
}

func TestNothingToJudgeIsUnknown(t *testing.T) {
	s := sentiment.NewVADER()
	for _, text := range []string{"", "  \n", "@nova", "https://t.example/great", "@ana@social.example @nova-cafe.example\thttp://x.example/a"} {
		if got := s.Score(text, "en"); got != nil {
			t.Errorf("%q: %+v, want unknown", text, got)
		}
	}
}

func TestScore(t *testing.T) {
	tests := []struct {
		text string
		sign int
	}{
		{"I love this coffee", 1},
		{"great service!!!", 1},
		{"the worst coffee of my life", -1},
		{"not good at all", -1},
		{"I don’t like it", -1},
		{"I don't like it", -1},
		{"so good 😍", 1},
		{"coffee &lt;3", 1},
		{"coffee\nlove\tcoffee", 1},
		{"the shop opens at nine", 0},
		{"@united the shop opens at nine", 0},
		{"@best-coffee.example the shop opens at nine", 0},
		{"＠best the shop opens at nine", 0},
		{"the shop https://t.example/love?really?yes opens at nine", 0},
		{"(@love) the shop opens", 0},
		{"@ love", 1},
		{"@ana...love it", 1},
		{"mail love@nova.example for a great offer", 1},
	}
	s := sentiment.NewVADER()
	for _, tt := range tests {
		got := s.Score(tt.text, "en")
		if got == nil {
			t.Errorf("%q: unknown", tt.text)
			continue
		}
		if sign(got.Net()) != tt.sign {
			t.Errorf("%q: net %.3f, want sign %d", tt.text, got.Net(), tt.sign)
		}
	}
}

// sign uses VADER's own thresholds.
func sign(c float64) int {
	switch {
	case c >= .05:
		return 1
	case c <= -.05:
		return -1
	}
	return 0
}

func TestConcurrentUse(t *testing.T) {
	s := sentiment.NewVADER()
	texts := []string{"I LOVE it, really!", "kind of bad, but the staff was great", "no good"}
	want := make([]float64, len(texts))
	for i, text := range texts {
		want[i] = s.Score(text, "en").Net()
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 300 {
				k := i % len(texts)
				if got := s.Score(texts[k], "en").Net(); got != want[k] {
					t.Errorf("%q: %v, want %v", texts[k], got, want[k])
				}
			}
		})
	}
	wg.Wait()
}

func FuzzScore(f *testing.F) {
	for _, text := range []string{
		"I love it", "never so bad, without doubt", "least bad", "at least good", "no no nor good", "kind of", "but",
		"😍😍", "&amp;lt;3 &#0; &#x110000;", "@", "@a.", "@a..b", "http://", "HTTPS://x", "\xff\xfe", "a\u2028b", "’", "!!!???", "the shit", "yeah right to die for",
	} {
		f.Add(text)
	}
	s := sentiment.NewVADER()
	f.Fuzz(func(t *testing.T, text string) {
		got := s.Score(text, "en")
		if got == nil {
			if strings.ContainsAny(text, "!?") && !strings.ContainsAny(text, "@:&") {
				t.Fatalf("%q is unknown", text)
			}
			return
		}
		for _, p := range []float64{got.Negative, got.Neutral, got.Positive} {
			if !(p >= 0 && p <= 1) {
				t.Fatalf("%q: %+v", text, got)
			}
		}
		if sum := got.Negative + got.Neutral + got.Positive; math.Abs(sum-1) > 1e-12 {
			t.Fatalf("%q: %+v sums to %v", text, got, sum)
		}
	})
}

type labelled struct{ text, label string }

// readLabels gives the human labels of a set, or skips.
func readLabels(t *testing.T, set string) []labelled {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "labels", set+".csv.gz"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("development data: %v", err)
		}
		t.Skipf("development data: %v", err)
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
	var out []labelled
	for _, r := range rows[1:] {
		out = append(out, labelled{r[3], r[4]})
	}
	return out
}

// The package comment names these figures.
func TestQualityOnHumanLabels(t *testing.T) {
	s := sentiment.NewVADER()
	for _, tt := range []struct {
		set               string
		macroF1, positive float64 // as measured: macro-F1, precision of positive
	}{{"airline", .494, .304}, {"sxsw", .461, .454}} {
		t.Run(tt.set, func(t *testing.T) {
			var count [3][3]float64 // label, answer
			for _, r := range readLabels(t, tt.set) {
				label := map[string]int{"negative": 0, "neutral": 1, "positive": 2}[r.label]
				answer := 1
				if got := s.Score(r.text, "en"); got != nil {
					answer = 1 + sign(got.Net())
				}
				count[label][answer]++
			}
			f1, precision := 0.0, 0.0
			for l := range 3 {
				answered := count[0][l] + count[1][l] + count[2][l]
				precision = count[l][l] / answered
				recall := count[l][l] / (count[l][0] + count[l][1] + count[l][2])
				f1 += 2 * precision * recall / (precision + recall) / 3
			}
			if math.Abs(f1-tt.macroF1) > .002 || math.Abs(precision-tt.positive) > .002 {
				t.Errorf("macro-F1 %.4f, precision of positive %.3f; want %.3f and %.3f", f1, precision, tt.macroF1, tt.positive)
			}
		})
	}
}

func BenchmarkScore(b *testing.B) {
	texts := []string{
		"@novacoffee your new Ethiopian beans are AMAZING!! 3rd bag this month ☕️ #coffee https://t.example/aB3dE9",
		"The queue was long and nobody said sorry, but the espresso made up for it &amp; the staff is lovely",
		"no coffee today :(",
		"Nova Coffee opens its 25th shop in Zürich next week, we will be there at nine with @zuri_eats",
	}
	s, i := sentiment.NewVADER(), 0
	b.ReportAllocs()
	for b.Loop() {
		s.Score(texts[i%len(texts)], "en")
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "texts/s")
}
