package sentiment_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/sentiment"
)

var update = flag.Bool("update", false, "mark anew which probes the model is known to fail")

// table reads a file of testdata: fields between tabs, one row per line.
func table(t *testing.T, name string, fields int) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(row) != fields {
			t.Fatalf("%s: %d fields in %q, want %d", name, len(row), line, fields)
		}
		rows = append(rows, row)
	}
	return rows
}

// TestProbes holds the model to invented sentences: label, language, kind,
// whether it is known to fail, text. A language the model does not know must
// stay unknown, whatever the label. -update marks the failures of a new model;
// read the difference.
func TestProbes(t *testing.T) {
	const name = "probes.tsv"
	m := shipped(t)
	var out strings.Builder
	texts, right := map[string]int{}, map[string]int{}
	for _, row := range table(t, name, 5) {
		label, lang, kind, failing, text := row[0], row[1], row[2], row[3], row[4]
		j := m.Judge(text, lang, nil)
		if kind == "other-language" {
			if j.Known {
				t.Errorf("%s: %q is judged, want unknown", lang, text)
			}
		} else {
			hit := j.Known && string(sentiment.Label(j.Sentiment)) == label
			texts[kind]++
			texts["all"]++
			if hit {
				right[kind]++
				right["all"]++
			}
			switch now := map[bool]string{true: "0", false: "1"}[hit]; {
			case *update:
				failing = now
			case now == "1" && failing == "0":
				t.Errorf("%s, %s: %q is %s, want %s", lang, kind, text, sentiment.Label(j.Sentiment), label)
			case now != failing:
				t.Logf("no longer fails, mark it with -update: %q", text)
			}
		}
		fmt.Fprintf(&out, "%s\t%s\t%s\t%s\t%s\n", label, lang, kind, failing, text)
	}
	if n := texts["all"]; n < 200 || right["all"]*100 < n*80 {
		t.Errorf("%d of %d probes right", right["all"], n)
	}
	t.Logf("right %v of %v", right, texts)
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", name), []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTowards holds the model to invented sentences that compare, defend and
// switch, and to invented posts that only name a brand: label, language, the
// brand's terms, text. The weights were fitted on the files without a kind, whose
// shares only say that they still work. Those with one were never trained on; they
// say what to expect of sentences by another hand, see docs/sentiment.md.
func TestTowards(t *testing.T) {
	m := shipped(t)
	unseen := map[string][]towardsAnswer{}
	type file struct {
		name  string
		least float64 // share that must be right
		kind  string  // of what the weights have never met, "" of what they were fitted on
	}
	files := []file{
		{"towards_dev.tsv", .88, ""},
		{"towards_more.tsv", .88, ""},
		{"towards_test.tsv", .86, ""},
		{"towards_writer3.tsv", .72, hard},
		{"towards_writer5.tsv", .67, hard},
		{"towards_writer20.tsv", .56, hard},
		{"towards_writer21.tsv", .56, hard},
		{"towards_writer24.tsv", .73, usual},
		{"towards_writer25.tsv", .75, usual},
		{"towards_plain2.tsv", .77, plain},
		{"towards_writer36.tsv", .73, usual},
		{"towards_writer37.tsv", .79, usual},
		{"towards_plain9.tsv", .81, plain},
		{"towards_writer41.tsv", .69, usual},
		{"towards_writer42.tsv", .83, usual},
		{"towards_plain12.tsv", .78, plain},
	}
	for n := range 40 {
		name, least := fmt.Sprintf("towards_writer%d.tsv", n+1), .75
		if !slices.ContainsFunc(files, func(f file) bool { return f.name == name }) {
			files = append(files, file{name, least, ""})
		}
	}
	for _, n := range []int{1, 3, 4, 5, 6, 7, 8, 10, 11} {
		files = append(files, file{fmt.Sprintf("towards_plain%d.tsv", n), .78, ""})
	}
	for _, tt := range files {
		rows, right := table(t, tt.name, 4), 0
		var answers []towardsAnswer
		for _, row := range rows {
			j := m.Judge(row[3], row[1], sentiment.NewTerms(strings.Split(row[2], ",")...))
			a := towardsAnswer{label: adalid.Label(row[0]), lang: row[1], text: row[3]}
			if j.Known {
				a.given = &j.Sentiment
			}
			if a.right() {
				right++
			}
			answers = append(answers, a)
		}
		share := float64(right) / float64(len(rows))
		t.Logf("%s: %d of %d right, %.3f", tt.name, right, len(rows), share)
		if len(rows) < 150 || share < tt.least {
			t.Errorf("%s: %.3f of %d right, want at least %.2f", tt.name, share, len(rows), tt.least)
		}
		if tt.kind != "" {
			logTowards(t, tt.name, answers)
			unseen[tt.kind] = append(unseen[tt.kind], answers...)
		}
	}
	for _, kind := range []string{usual, plain, hard} {
		share := logTowards(t, kind, unseen[kind])
		if least := map[string]float64{usual: .75, plain: .78, hard: .64}[kind]; share < least {
			t.Errorf("%s: %.3f right, want at least %.2f", kind, share, least)
		}
	}
}

// The kinds of sentences that measure.
const (
	usual = "as people usually compare, defend and switch"
	plain = "posts that only name the brand"
	hard  = "as hard as writers could think of"
)

// towardsAnswer is how the model judged a text towards one brand; given is nil
// for unknown, which is never right.
type towardsAnswer struct {
	label      adalid.Label
	lang, text string
	given      *adalid.Sentiment
}

func (a towardsAnswer) right() bool {
	return a.given != nil && sentiment.Label(*a.given) == a.label
}

// logTowards logs the figures of the model card. Both rows of a text are drawn
// together for the 95 % bootstrap interval, as they are not independent.
func logTowards(t *testing.T, name string, answers []towardsAnswer) (share float64) {
	t.Helper()
	for _, lang := range []string{"all", "es", "en"} {
		var measure sentiment.Measure
		var texts [][2]int // rows and right ones
		at := map[string]int{}
		for _, a := range answers {
			if lang != "all" && a.lang != lang {
				continue
			}
			measure.Add(a.label, a.given)
			k, found := at[a.text]
			if !found {
				k = len(texts)
				at[a.text], texts = k, append(texts, [2]int{})
			}
			texts[k][0]++
			if a.right() {
				texts[k][1]++
			}
		}
		rows, right, two, both := 0, 0, 0, 0
		for _, x := range texts {
			rows, right = rows+x[0], right+x[1]
			if x[0] == 2 {
				two++
				both += x[1] / 2
			}
		}
		random, draws := rand.New(rand.NewPCG(1, 2)), make([]float64, 10000)
		for i := range draws {
			n, hits := 0, 0
			for range texts {
				x := texts[random.IntN(len(texts))]
				n, hits = n+x[0], hits+x[1]
			}
			draws[i] = float64(hits) / float64(n)
		}
		slices.Sort(draws)
		f := measure.Figures(0)
		t.Logf("%s, %s: %d of %d right, %.3f (%.3f to %.3f), macro-F1 %.3f, recall %.3f; both sides right in %d of %d texts",
			name, lang, right, rows, float64(right)/float64(rows), draws[249], draws[9749], f.MacroF1, []float64{f.Classes[0].Recall, f.Classes[1].Recall, f.Classes[2].Recall}, both, two)
		if lang == "all" {
			share = float64(right) / float64(rows)
		}
	}
	return share
}

// The same text is good for one brand and bad for the other.
func TestBothSides(t *testing.T) {
	m := shipped(t)
	for _, tt := range []struct{ lang, text, good, bad string }{
		{"es", "Lumbre mucho mejor que Nova", "lumbre", "nova"},
		{"es", "me fui de Nova a Lumbre y feliz", "Lumbre", "Nova"},
		{"es", "dejé Nova por Lumbre el mes pasado", "@Lumbre", "#nova"},
		{"es", "en vez de Nova, prefiero Café Lumbre", "café lumbre", "nova"},
		{"en", "Lumbre is so much better than Nova", "lumbre", "nova"},
		{"en", "switched from Nova to Lumbre last week", "lumbre", "nova"},
		{"en", "Lumbre > Nova", "lumbre", "nova"},
		{"en", "nothing beats Lumbre", "lumbre", ""},
		{"en", "stop spreading lies about Lumbre", "lumbre", ""},
		{"es", "dejad de mentir sobre Lumbre", "lumbre", ""},
		{"en", "#BoycottNova now", "", "nova"},
	} {
		for _, side := range []struct {
			term string
			want adalid.Label
		}{{tt.good, adalid.Positive}, {tt.bad, adalid.Negative}} {
			if side.term == "" {
				continue
			}
			if j := m.Judge(tt.text, tt.lang, sentiment.NewTerms(side.term)); sentiment.Label(j.Sentiment) != side.want {
				t.Errorf("%q towards %s: %+v, want %s", tt.text, side.term, j, side.want)
			}
		}
	}
}

func TestTermsOfNothing(t *testing.T) {
	if sentiment.NewTerms() != nil || sentiment.NewTerms("", " @ ", "#") != nil {
		t.Error("terms without a name are not nil")
	}
}

// TestMockThanks: thanks for nothing are no praise, wherever the brand stands, and
// thanks that only look like it are.
func TestMockThanks(t *testing.T) {
	m, about := shipped(t), sentiment.NewTerms("Tostalba")
	for text, want := range map[string]adalid.Label{
		"Thanks Tostalba for nothing":                                 adalid.Negative,
		"Thanks for nothing, Tostalba":                                adalid.Negative,
		"thank you Tostalba for ruining my weekend":                   adalid.Negative,
		"Gracias Tostalba por nada":                                   adalid.Negative,
		"Gracias Tostalba por dejarnos sin internet otra vez":         adalid.Negative,
		"Gracias Tostalba por no contestar en un mes":                 adalid.Negative,
		"thanks Tostalba for the quick help":                          adalid.Positive,
		"Gracias Tostalba, no os cambio por nada":                     adalid.Positive,
		"Gracias por no fallarme nunca, Tostalba":                     adalid.Positive,
		"Gracias Tostalba por dejarme probar el nuevo":                adalid.Positive,
		"Gracias a todo el equipo por dejarme sin palabras, Tostalba": adalid.Positive,
	} {
		lang := "es"
		if strings.HasPrefix(strings.ToLower(text), "thank") {
			lang = "en"
		}
		if j := m.Judge(text, lang, about); !j.Known || sentiment.Label(j.Sentiment) != want {
			t.Errorf("%q is %+v, want %s", text, j.Sentiment, want)
		}
	}
}
