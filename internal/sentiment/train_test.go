package sentiment_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/sentiment"
)

// invent writes small files in the form of the research data.
func invent(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	things := strings.Fields("coffee bread train hotel phone shoes soup garden camera ticket")
	for file, words := range map[string][3]string{
		"umsab_english_train.tsv":   {"the %s is awful %d", "the %s opens at nine %d", "the %s is lovely %d"},
		"umsab_spanish_train.tsv":   {"qué asco de %s %d", "el %s abre a las nueve %d", "me encanta el %s %d"},
		"airline_english_train.tsv": {"never %d %s", "read %d %s", "this %d %s"},
	} {
		var out strings.Builder
		for i := range 90 {
			fmt.Fprintf(&out, "%d\t"+words[i%3]+"\n", i%3, things[i%len(things)], i)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	seen := "2\tthe coffee is lovely 2\n"
	if err := os.WriteFile(filepath.Join(dir, "umsab_english_val.tsv"), []byte(seen), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTrain(t *testing.T) {
	dir := invent(t)
	train := func(seed uint64) *sentiment.Training {
		t.Helper()
		got, err := sentiment.Train(context.Background(), sentiment.TrainOptions{Dir: dir, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one := train(7)
	if !bytes.Equal(one.Model, train(7).Model) {
		t.Error("the same seed gives other bytes")
	}
	if bytes.Equal(one.Model, train(8).Model) {
		t.Error("another seed gives the same bytes")
	}
	if len(one.Files) != 2 {
		t.Errorf("learnt from %+v, want the two permitted files", one.Files)
	}
	for _, f := range one.Files {
		if want := map[string]int{"umsab_english_train.tsv": 87, "umsab_spanish_train.tsv": 90}[f.Name]; f.Rows != want { // digits are all alike: three copies
			t.Errorf("%s: %d rows, want %d", f.Name, f.Rows, want)
		}
	}
	m, err := sentiment.Load(one.Model, sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]adalid.Label{"the window is awful": adalid.Negative, "the window opens at nine": adalid.Neutral, "the window is lovely": adalid.Positive} {
		if j := m.Judge(text, "en", nil); sentiment.Label(j.Sentiment) != want {
			t.Errorf("%q: %+v, want %s", text, j, want)
		}
	}
	for i := 40; i < len(one.Model); i += len(one.Model) / 7 {
		damaged := bytes.Clone(one.Model)
		damaged[i] ^= 4
		if _, err := sentiment.Load(damaged, sentiment.Options{}); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("byte %d damaged: %v", i, err)
		}
	}
	if _, err := sentiment.Load(one.Model[:len(one.Model)-1], sentiment.Options{}); adalid.CodeOf(err) != adalid.Invalid {
		t.Errorf("cut short: %v", err)
	}
}

func TestTrainStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := sentiment.Train(ctx, sentiment.TrainOptions{Dir: invent(t)}); err == nil {
		t.Error("trained after the end")
	}
	if _, err := sentiment.Train(context.Background(), sentiment.TrainOptions{Dir: t.TempDir()}); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestReadRows(t *testing.T) {
	rows, err := sentiment.ReadRows(strings.NewReader("0\tbad\r\npositive\tgood\tand\tmore\n\n1\tso so"), "en")
	want := []sentiment.Row{{Text: "bad", Lang: "en", Label: adalid.Negative}, {Text: "good\tand\tmore", Lang: "en", Label: adalid.Positive}, {Text: "so so", Lang: "en", Label: adalid.Neutral}}
	if err != nil || len(rows) != 3 || rows[0] != want[0] || rows[1] != want[1] || rows[2] != want[2] {
		t.Errorf("%+v, %v", rows, err)
	}
	for _, bad := range []string{"good", "3\tgood", "\tgood"} {
		if _, err := sentiment.ReadRows(strings.NewReader("1\tfine\n"+bad), ""); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for path, want := range map[string]string{"a/umsab_spanish_val.tsv": "es", "semeval2013_2016_english_train.tsv": "en", "posts.tsv": ""} {
		if got := sentiment.LangOfFile(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestMeasure(t *testing.T) {
	var m sentiment.Measure
	sure := func(n, u, p float64) *adalid.Sentiment {
		return &adalid.Sentiment{Negative: n, Neutral: u, Positive: p}
	}
	m.Add(adalid.Negative, sure(.9, .1, 0))
	m.Add(adalid.Negative, sure(.2, .2, .6))
	m.Add(adalid.Positive, sure(0, .1, .9))
	m.Add(adalid.Neutral, nil)
	f := m.Figures(200)
	// negative: precision 1, recall 1/2; positive: 1/2, 1; neutral: 1, 1
	if math.Abs(f.MacroF1-(2./3+1+2./3)/3) > 1e-12 || math.Abs(f.MacroRecall-(.5+1+1)/3) > 1e-12 || f.Unknown != 1 || f.Confusion[0] != [3]int{1, 0, 1} {
		t.Errorf("%+v", f)
	}
	// .9 twice and right, .6 once and wrong
	if want := (2*.1 + .6) / 3; math.Abs(f.Calibration-want) > 1e-12 {
		t.Errorf("calibration error %v, want %v", f.Calibration, want)
	}
	if !(f.F1Low <= f.MacroF1 && f.MacroF1 <= f.F1High && f.F1Low < f.F1High) {
		t.Errorf("interval %v to %v around %v", f.F1Low, f.F1High, f.MacroF1)
	}
}
