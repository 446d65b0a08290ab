package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/store"
)

func TestSentimentLabel(t *testing.T) {
	const lines = "I love this coffee\r\nthe worst coffee of my life\nthe shop opens at nine\n\nthis is\ttabbed and lovely\n"
	r := cli(t, t.TempDir(), lines, "sentiment", "label", "--lang", "en", "--format", "label")
	if want := "positive\nnegative\nneutral\nneutral\npositive\n"; r.code != 0 || r.out != want {
		t.Errorf("exit %d, %q, want %q\n%s", r.code, r.out, want, r.err)
	}
	r = cli(t, t.TempDir(), lines, "sentiment", "label", "--lang", "en")
	rows := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
	if r.code != 0 || len(rows) != 5 {
		t.Fatalf("exit %d, %q", r.code, r.out)
	}
	sum := 0.
	cells := strings.Split(rows[0], "\t")
	for _, c := range cells[1:4] {
		p, err := strconv.ParseFloat(c, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += p
	}
	if cells[0] != "positive" || cells[4] != "en" || cells[5] != "I love this coffee" || sum < .999 || sum > 1.001 {
		t.Errorf("%q", rows[0])
	}
	if rows[3] != "unknown\t\t\t\ten\t" {
		t.Errorf("an empty line is %q", rows[3])
	}
	if r := cli(t, t.TempDir(), "素晴らしい\n", "sentiment", "label", "--lang", "ja", "--json"); r.out != `{"label":"unknown","p_neg":null,"p_neu":null,"p_pos":null,"lang":null,"text":"素晴らしい"}`+"\n" {
		t.Errorf("exit %d, %q", r.code, r.out)
	}
}

// TestSentimentLanguages: a language is understood by its name and by codes of
// three letters; what is none is refused with the list of those there are.
func TestSentimentLanguages(t *testing.T) {
	dir := t.TempDir()
	rows := filepath.Join(dir, "rows.tsv")
	if err := os.WriteFile(rows, []byte("2\tme encanta este café\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"es", "spa", "spanish", "Español", "es-MX"} {
		if out := cli(t, dir, "me encanta este café\n", "sentiment", "label", "--lang", lang).out; !strings.HasPrefix(out, "positive\t") || !strings.Contains(out, "\tes\t") {
			t.Errorf("%s: %q", lang, out)
		}
		if out := ok(t, dir, "sentiment", "explain", "--lang", lang, "me encanta este café"); !strings.HasPrefix(out, "positive (es)") {
			t.Errorf("%s: %q", lang, out)
		}
		if out := ok(t, dir, "sentiment", "eval", "--lang", lang, rows); !strings.Contains(out, "unknown 0\n") {
			t.Errorf("%s: %q", lang, out)
		}
	}
	for _, args := range [][]string{{"label"}, {"explain", "x"}, {"eval", rows}} {
		if r := cli(t, dir, "x\n", append([]string{"sentiment", args[0], "--lang", "klingon"}, args[1:]...)...); r.code != 2 || !strings.Contains(r.err, "ar, de, en, es, fr, hi, it, pt") {
			t.Errorf("%v: exit %d, %q", args, r.code, r.err)
		}
	}
}

// TestImportKnowsLanguages: however a file writes its languages, mentions are kept
// with the same tags, judged, and found by them.
func TestImportKnowsLanguages(t *testing.T) {
	dir := t.TempDir()
	const text = "this coffee is lovely, I love it"
	var csv, lines strings.Builder
	csv.WriteString("id,author,date,text,lang\n")
	for i, lang := range []string{"en", "eng", "English", "inglés", "en-GB", "no language at all"} {
		csv.WriteString(strconv.Itoa(i) + ",ann,2026-01-02T10:00:00Z,\"" + text + "\"," + lang + "\n")
		lines.WriteString(`{"post_id":"j` + strconv.Itoa(i) + `","author":"ben","created_at":"2026-01-02T10:00:00Z","text":"` + text + `","lang":"` + lang + "\"}\n")
	}
	for name, rows := range map[string]string{"posts.csv": csv.String(), "posts.jsonl": lines.String()} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
		ok(t, dir, "import", "--brand", "Acme", path)
	}
	inStore(t, dir, func(s *store.Store) {
		langs := map[string]int{}
		err := s.Walk(t.Context(), "Acme", func(m *store.Judged) error {
			if langs[m.Lang]++; m.Tone != adalid.Positive {
				t.Errorf("%s: %q is %q", m.ID, m.Lang, m.Tone)
			}
			return nil
		})
		if err != nil || langs["en"] != 8 || langs["en-gb"] != 2 || langs[""] != 2 {
			t.Errorf("%v, %v", langs, err)
		}
	})
	for _, lang := range []string{"en", "eng", "English"} {
		if out := ok(t, dir, "rank", "Acme", "--all", "--lang", lang, "--json"); !strings.Contains(out, `"mentions": 5`) && !strings.Contains(out, `"mentions":5`) {
			t.Errorf("rank --lang %s: %s", lang, out)
		}
	}
	if r := cli(t, dir, "", "rank", "Acme", "--lang", "klingon"); r.code != 2 || !strings.Contains(r.err, "no language") {
		t.Errorf("exit %d, %q", r.code, r.err)
	}
}

func TestSentimentTowardsBrand(t *testing.T) {
	for terms, want := range map[string]string{"lumbre,@lumbre": "positive\n", "Nova Coffee": "negative\n"} {
		r := cli(t, t.TempDir(), "me fui de Nova Coffee a @lumbre y feliz\n", "sentiment", "label", "--lang", "es", "--format", "label", "--brand-terms", terms)
		if r.code != 0 || r.out != want {
			t.Errorf("%s: exit %d, %q, want %q", terms, r.code, r.out, want)
		}
	}
}

func TestSentimentExplain(t *testing.T) {
	if out := ok(t, t.TempDir(), "sentiment", "explain", "--lang", "en", "a lovely espresso"); !strings.HasPrefix(out, "positive (en)") || !strings.Contains(out, "lovely") {
		t.Error(out)
	}
	var e struct {
		Label   string `json:"label"`
		Reasons []struct {
			Text string `json:"text"`
		} `json:"reasons"`
	}
	if err := json.Unmarshal([]byte(ok(t, t.TempDir(), "--json", "sentiment", "explain", "--lang", "en", "--limit", "3", "a lovely espresso")), &e); err != nil || e.Label != "positive" || len(e.Reasons) != 3 {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestSentimentTrainAndEval takes a small invented corpus through both.
func TestSentimentTrainAndEval(t *testing.T) {
	dir := t.TempDir()
	var rows strings.Builder
	for i := range 60 {
		thing := []string{"coffee", "train", "hotel", "soup", "phone"}[i%5]
		rows.WriteString([]string{"0\tthe " + thing + " is awful\n", "1\tthe " + thing + " opens at nine\n", "2\tthe " + thing + " is lovely\n"}[i%3])
	}
	file, model := filepath.Join(dir, "umsab_english_train.tsv"), filepath.Join(dir, "model.bin")
	if err := os.WriteFile(file, []byte(rows.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	r := cli(t, dir, "", "sentiment", "train", "--data", dir, "--out", model)
	if r.code != 0 || !strings.Contains(r.out, "en       ") || !strings.Contains(r.err, "run 12 of 12") {
		t.Fatalf("exit %d\n%s\n%s", r.code, r.out, r.err)
	}
	out := ok(t, dir, "sentiment", "eval", "--model", model, file)
	if !strings.HasPrefix(out, "macro_f1 1.0000\nmacro_recall 1.0000\n") {
		t.Error(out)
	}
	var got struct {
		Files []struct {
			Lang    string  `json:"lang"`
			MacroF1 float64 `json:"macro_f1"`
			Texts   int     `json:"texts"`
		} `json:"files"`
		Mean float64 `json:"mean_macro_f1"`
	}
	if err := json.Unmarshal([]byte(ok(t, dir, "--json", "sentiment", "eval", "--model", model, file)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Files) != 1 || got.Files[0].Lang != "en" || got.Files[0].Texts != 60 || got.Mean != 1 {
		t.Errorf("%+v", got)
	}
	sampled := ok(t, dir, "--json", "sentiment", "eval", "--model", model, file)
	without := ok(t, dir, "--json", "sentiment", "eval", "--model", model, "--bootstrap", "0", file)
	for _, bound := range []string{"macro_f1_low", "macro_f1_high", "macro_recall_low", "macro_recall_high"} {
		if !strings.Contains(sampled, `"`+bound+`": 1`) || !strings.Contains(without, `"`+bound+`": null`) {
			t.Errorf("%s of 1,000 samples and of none:\n%s%s", bound, sampled, without)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestSentimentRefuses(t *testing.T) {
	dir := t.TempDir()
	bad, fine, wrong := filepath.Join(dir, "bad.tsv"), filepath.Join(dir, "fine.tsv"), filepath.Join(dir, "wrong")
	train := filepath.Join(wrong, "umsab_english_train.tsv")
	if err := os.Mkdir(wrong, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{bad: "good\tnice\n", fine: "2\tnice\n", train: "good\tnice\n"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"label", "--format", "csv"}, 2, "--format"},
		{[]string{"label", "--model", bad}, 2, "no sentiment model"},
		{[]string{"label", "--model", filepath.Join(dir, "none")}, 2, "cannot read --model"},
		{[]string{"eval", bad}, 2, bad + ": line 1"},
		{[]string{"eval", fine, bad}, 2, bad + ": line 1"},
		{[]string{"train", "--data", wrong, "--out", filepath.Join(dir, "m.bin")}, 2, "umsab_english_train.tsv: line 1"},
		{[]string{"eval"}, 2, "at least one FILE"},
		{[]string{"eval", filepath.Join(dir, "none.tsv")}, 2, "cannot read"},
		{[]string{"train", "--data", dir}, 2, "--out"},
		{[]string{"train", "--data", dir, "--out", filepath.Join(dir, "m.bin")}, 1, "nothing to learn from"},
		{[]string{"explain"}, 2, "a TEXT"},
		{[]string{"explain", "--limit", "0", "x"}, 2, "--limit"},
		{[]string{"explain", "--platform", "x", "p1"}, 2, "--brand"},
		{[]string{"explain", "--brand", "Acme", "--brand-terms", "acme", "p1"}, 2, "leave --brand-terms"},
	} {
		r := cli(t, dir, "", append([]string{"sentiment"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.err, tt.says) {
			t.Errorf("%v: exit %d, %q; want %d and %q", tt.args, r.code, r.err, tt.code, tt.says)
		}
	}
}
