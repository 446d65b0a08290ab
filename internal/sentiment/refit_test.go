package sentiment_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/sentiment"
)

// airlines gives the labelled texts of each brand of the development data.
func airlines(t *testing.T) map[string][]sentiment.Lesson {
	t.Helper()
	f, err := os.Open(sentiment.DevelopmentData(t, "labels", "airline.csv.gz"))
	if err != nil {
		t.Fatal(err)
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

// TestCorrectionsHelp gives corrections of one airline, drawn at random or only
// where the model is wrong, and measures on the rest of that brand. Three
// hundred have to bring five points to every brand, fewer must not hurt.
func TestCorrectionsHelp(t *testing.T) {
	if testing.Short() {
		t.Skip("long: make test runs it once, without the race detector")
	}
	brands := airlines(t)
	m, err := sentiment.New(sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		only        string
		labels      int
		draws       uint64
		least, mean float64 // what each brand and all together have to gain
	}{
		{"random", 300, 6, .05, .065},
		{"mistakes", 300, 2, .04, .055},
		{"random", 100, 6, 0, .03},
		{"random", 50, 2, 0, .01},
	} {
		gains := 0.
		for _, brand := range []string{"American", "Southwest", "US Airways", "United"} {
			gain, used, foreseen := 0., 0, 0.
			for seed := range c.draws {
				g, effect := corrected(m, brand, brands[brand], c.labels, seed, c.only == "mistakes")
				foreseen += (effect.MacroF1.After - effect.MacroF1.Before) / float64(c.draws)
				if effect.Helps {
					gain += g / float64(c.draws)
					used++
				}
			}
			t.Logf("%s, %d labels, %s: %+.1f points of macro-F1 (cross-validation %+.1f), used %d of %d times",
				brand, c.labels, c.only, 100*gain, 100*foreseen, used, c.draws)
			gains += gain / 4
			if gain < c.least {
				t.Errorf("%s: %d corrections (%s) bring %+.1f points and are used %d of %d times", brand, c.labels, c.only, 100*gain, used, c.draws)
			}
		}
		if gains < c.mean {
			t.Errorf("%d corrections (%s) bring %+.1f points on average", c.labels, c.only, 100*gains)
		}
	}
}

// corrected tells what labels of one brand's texts bring on the rest of them.
func corrected(m *sentiment.Model, brand string, texts []sentiment.Lesson, labels int, seed uint64, mistakes bool) (float64, sentiment.Effect) {
	about := sentiment.NewTerms(brand)
	all := slices.Clone(texts)
	rand.New(rand.NewPCG(seed, 5)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var given, rest []sentiment.Lesson
	for _, l := range all {
		if len(given) < labels && (!mistakes || answer(m, l, about) != l.Label) {
			given = append(given, l)
		} else {
			rest = append(rest, l)
		}
	}
	for _, l := range rest {
		given = append(given, sentiment.Lesson{Text: l.Text, Lang: l.Lang}) // without their labels
	}
	r, effect := m.Refit(given, about)
	return macroF1(m.With(r), rest, about) - macroF1(m, rest, about), effect
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

func invented(n int, word func(i int) (string, adalid.Label)) []sentiment.Lesson {
	things := []string{"espresso", "bread", "terrace", "window", "garden", "music", "brunch", "counter", "roof", "menu"}
	lessons := make([]sentiment.Lesson, n)
	for i := range lessons {
		w, label := word(i)
		lessons[i] = sentiment.Lesson{Text: fmt.Sprintf("the %s is %s, said number %d of %s", things[i%10], w, i, things[i/10%10]), Lang: "en", Label: label}
	}
	return lessons
}

// TestRefit pins what a residual promises beside helping.
func TestRefit(t *testing.T) {
	m, err := sentiment.New(sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	slang := func(i int) (string, adalid.Label) {
		return [...]string{"sick", "zonked", "lovely", "awful"}[i%4], [...]adalid.Label{adalid.Positive, adalid.Negative}[i%2]
	}
	lessons := append(invented(120, slang), sentiment.Lesson{Text: "素晴らしい", Lang: "ja", Label: adalid.Positive})
	r, e := m.Refit(lessons, nil)
	if !e.Helps || e.Labels != 120 || e.Unknown != 1 || e.Accuracy.After < e.Accuracy.Before+.2 || e.MacroF1.Low <= 0 {
		t.Errorf("%+v", e)
	}
	again, _ := m.Refit(lessons, nil)
	if !bytes.Equal(r.Encode(), again.Encode()) {
		t.Error("the same lessons give another residual")
	}
	read, err := m.Residual(r.Encode())
	if err != nil || !bytes.Equal(read.Encode(), r.Encode()) {
		t.Errorf("a residual cannot be read back: %v", err)
	}
	adapted := m.With(read)
	if adapted.Version() == m.Version() || adapted.Version() != m.With(r).Version() {
		t.Errorf("versions %s and %s", adapted.Version(), m.With(r).Version())
	}
	if s := adapted.Score("the sofa is zonked", "en", nil); s == nil || s.Label() != adalid.Negative {
		t.Errorf("zonked: %+v", s)
	}
	if s := adapted.Score("素晴らしい", "ja", nil); s != nil {
		t.Errorf("a language that the model does not know: %+v", s)
	}
	if n := testing.AllocsPerRun(100, func() { adapted.Score("the sofa is zonked", "en", nil) }); n > 1 && !raceDetector {
		t.Errorf("%v allocations", n)
	}

	own := func(i int) (string, adalid.Label) {
		return [...]string{"lovely", "awful"}[i%2], [...]adalid.Label{adalid.Positive, adalid.Negative}[i%2]
	}
	if _, e := m.Refit(invented(120, own), nil); e.Helps {
		t.Errorf("the model's own answers seem to help: %+v", e)
	}
	helped := 0
	for draw := range uint64(12) {
		random := rand.New(rand.NewPCG(draw, 7))
		if _, e := m.Refit(invented(120, func(i int) (string, adalid.Label) {
			w, _ := slang(i)
			return w, [...]adalid.Label{adalid.Positive, adalid.Neutral, adalid.Negative}[random.IntN(3)]
		}), nil); e.Helps {
			helped++
		}
	}
	t.Logf("random labels seem to help in %d of 12 draws", helped)
	if helped > 3 { // one in four at most is the rule
		t.Errorf("random labels seem to help in %d of 12 draws", helped)
	}
	if _, e := m.Refit(invented(10, slang), nil); e.Helps || e.Tested || e.Why == "" {
		t.Errorf("ten labels: %+v", e)
	}

	damaged := bytes.Clone(r.Encode())
	damaged[len(damaged)/2] ^= 1
	foreign := bytes.Replace(r.Encode(), []byte(m.Version()), []byte("000000000000"), 1)
	foreign = binary.LittleEndian.AppendUint32(foreign[:len(foreign)-4], crc32.ChecksumIEEE(foreign[:len(foreign)-4]))
	for want, data := range map[adalid.Code][]byte{adalid.Invalid: damaged, adalid.Conflict: foreign} {
		if _, err := m.Residual(data); adalid.CodeOf(err) != want {
			t.Errorf("want %v, got %v", want, err)
		}
	}
	for n := range 60 {
		if _, err := m.Residual(r.Encode()[:n]); err == nil {
			t.Errorf("%d bytes are a residual", n)
		}
	}
}

func BenchmarkRefit(b *testing.B) {
	m, err := sentiment.New(sentiment.Options{})
	if err != nil {
		b.Fatal(err)
	}
	lessons := invented(1000, func(i int) (string, adalid.Label) {
		return [...]string{"sick", "zonked", "lovely", "awful"}[i%4] + strings.Repeat(" and so on", i%12), [...]adalid.Label{adalid.Positive, adalid.Negative}[i%2]
	})
	for b.Loop() {
		m.Refit(lessons, nil)
	}
}
