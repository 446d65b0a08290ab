package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adalid/internal/rank"
)

var sets = []string{
	"airline", "demonetization", "es_8m", "es_latinr", "fifa2018", "hackernews", "hackernews_all", "pfizer", "sustainability",
}

// TestCanonicalSets: every development set gives exactly the expected figures.
func TestCanonicalSets(t *testing.T) {
	data := sharedData(t)
	for _, set := range sets {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ok(t, dir, "import", "--no-sentiment", "--brand-column", "brand", filepath.Join(data, "mentions", set+".jsonl.gz"))
			compareSet(t, data, dir, set, nil)
		})
	}
}

// TestRawSets: the files as found, through recognised or mapped columns, give
// the same figures as the canonical form.
func TestRawSets(t *testing.T) {
	data := sharedData(t)
	raw := func(parts ...string) string {
		return filepath.Join(append([]string{data, "mentions"}, parts...)...)
	}
	cases := []struct {
		set    string
		brands []string // nil: all of the set
		run    func(t *testing.T, dir string)
	}{
		{"airline", nil, func(t *testing.T, dir string) {
			importJSON(t, dir, "--no-sentiment", "--brand-column", "airline", raw("airline", "airline.csv.gz"))
		}},
		{"es_8m", nil, func(t *testing.T, dir string) {
			importJSON(t, dir, "--no-sentiment", "--brand", "8M", raw("es_8m", "3_Data_Cleansing_8M.csv.gz"))
		}},
		{"sustainability", nil, func(t *testing.T, dir string) {
			importJSON(t, dir, "--no-sentiment", "--brand-column", "search", raw("sustainability", "tweets170820-50.csv.gz"))
		}},
		{"hackernews", nil, func(t *testing.T, dir string) {
			for _, brand := range []string{"apple", "google", "tesla", "amazon", "microsoft", "facebook"} {
				ok(t, dir, "brand", "add", brand, "--query", brand)
				importJSON(t, dir, "--no-sentiment", "--brand", brand, "--match", "query", "--date-order", "mdy", raw("hackernews", "hacker_news.csv.gz"))
			}
		}},
		{"pfizer", []string{"pfizer"}, func(t *testing.T, dir string) {
			importJSON(t, dir, "--no-sentiment", "--brand", "pfizer", "--map", "author={user_name}|{user_created}", raw("pfizer", "vaccination_tweets.csv.gz"))
		}},
	}
	for _, c := range cases {
		t.Run(c.set, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			c.run(t, dir)
			compareSet(t, data, dir, c.set, c.brands)
		})
	}
}

// TestOrderNeverMatters: twice, shuffled and split in three give the same
// bytes as once.
func TestOrderNeverMatters(t *testing.T) {
	data := sharedData(t)
	for _, set := range []string{"airline", "sustainability", "es_latinr", "demonetization"} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join(data, "mentions", set+".jsonl.gz")
			lines := gzLines(t, source)
			importB := importing(set)
			once := t.TempDir()
			ok(t, once, importB(source)...)
			want := everything(t, once, "B")

			ok(t, once, importB(source)...)
			same(t, "imported twice", want, everything(t, once, "B"))

			rng := rand.New(rand.NewPCG(1, 2))
			rng.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			shuffled := t.TempDir()
			ok(t, shuffled, importB(write(t, lines))...)
			same(t, "shuffled", want, everything(t, shuffled, "B"))

			split := t.TempDir()
			for i := range 3 {
				ok(t, split, importB(write(t, lines[i*len(lines)/3:(i+1)*len(lines)/3]))...)
			}
			same(t, "split in three", want, everything(t, split, "B"))
		})
	}
}

// TestUntilEqualsFreshImport: --until inside a day gives what a database holds
// that never saw the rows after it, at every set's backtest split.
func TestUntilEqualsFreshImport(t *testing.T) {
	data := sharedData(t)
	for _, set := range sets {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			source := filepath.Join(data, "mentions", set+".jsonl.gz")
			lines := gzLines(t, source)
			at := split(t, lines)
			whole := t.TempDir()
			ok(t, whole, importing(set)(source)...)
			var before []string
			for _, line := range lines {
				if created(t, line) <= at {
					before = append(before, line)
				}
			}
			fresh := t.TempDir()
			ok(t, fresh, importing(set)(write(t, before))...)
			same(t, "until "+at, ofThen(everything(t, fresh, "B", "--until", at)), ofThen(everything(t, whole, "B", "--until", at)))
			if got, all := ok(t, fresh, "authors", "B", "--format", "csv"), ok(t, fresh, "authors", "B", "--format", "csv", "--until", at); got != all {
				t.Error("--until at the newest row leaves something out")
			}
		})
	}
}

// ofThen keeps of the badges at the ends of rows the one that a window tells
// exactly; the others say what is known of accounts today.
func ofThen(rows string) string {
	return regexp.MustCompile(`(?m),[a-z;]*$`).ReplaceAllStringFunc(rows, func(end string) string {
		if strings.Contains(end, string(rank.FlagRepeater)) {
			return "," + string(rank.FlagRepeater)
		}
		return ","
	})
}

// importing is how the tests above import a set: with sentiment, which takes
// most of the time under the race detector, there for one set only.
func importing(set string) func(source string) []string {
	args := []string{"import", "--brand", "B"}
	if testing.Short() && set != "sustainability" {
		args = append(args, "--no-sentiment")
	}
	return func(source string) []string { return append(args[:len(args):len(args)], source) }
}

// everything prints all that can be read about a brand.
func everything(t *testing.T, dir, brand string, window ...string) string {
	t.Helper()
	var out strings.Builder
	for _, args := range [][]string{
		{"authors", brand, "--format", "csv"},
		{"edges", brand, "--format", "csv", "--kind", "mention,repost,reply,quote"},
		{"rank", brand, "--all", "--format", "csv"},
	} {
		out.WriteString(ok(t, dir, append(args, window...)...))
	}
	return out.String()
}

func same(t *testing.T, what, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	shown := 0
	for i := 0; i < max(len(w), len(g)) && shown < 5; i++ {
		a, b := "", ""
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			t.Errorf("%s: line %d\nwant %s\n got %s", what, i+1, a, b)
			shown++
		}
	}
}

func gzLines(t *testing.T, path string) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(string(gunzip(t, path))) {
		lines = append(lines, line)
	}
	return lines
}

func gunzip(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, lines []string) string {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, l := range lines {
		_, _ = w.WriteString(l)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

func created(t *testing.T, line string) string {
	t.Helper()
	var row struct {
		Created string `json:"created_at"`
	}
	if err := json.Unmarshal([]byte(line), &row); err != nil {
		t.Fatal(err)
	}
	return row.Created
}

// split is the median time of authored posts that are not the brand's own, as
// the backtest cuts a set.
func split(t *testing.T, lines []string) string {
	t.Helper()
	var times []string
	for _, line := range lines {
		var row struct {
			Created string `json:"created_at"`
			Own     bool   `json:"brand_account"`
			Repost  bool   `json:"is_repost"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if !row.Own && !row.Repost {
			times = append(times, row.Created)
		}
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// compareSet compares the database with the expected figures of a set, cell by
// cell, own accounts included.
func compareSet(t *testing.T, data, dir, set string, brands []string) {
	t.Helper()
	authors := table(t, string(gunzip(t, filepath.Join(data, "expected", set+".authors.csv.gz"))))
	edges := table(t, string(gunzip(t, filepath.Join(data, "expected", set+".edges.csv.gz"))))
	if brands == nil {
		names := map[string]bool{}
		for _, row := range authors {
			names[row["brand"]] = true
		}
		brands = slices.Sorted(maps.Keys(names))
	}
	for _, brand := range brands {
		want, got := keyed(t, authors, brand, "author"), keyed(t, table(t, ok(t, dir, "authors", brand, "--format", "csv")), brand, "author")
		compareRows(t, brand, want, got, authorColumns)
		want, got = keyed(t, edges, brand, "kind", "src_author", "dst_handle"), keyed(t, table(t, ok(t, dir, "edges", brand, "--format", "csv")), brand, "kind", "src_author", "dst_handle")
		compareRows(t, brand, want, got, []string{"weight"})
	}
}

func table(t *testing.T, text string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, c := range rows[0] {
			m[c] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func keyed(t *testing.T, rows []map[string]string, brand string, columns ...string) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	for _, row := range rows {
		if row["brand"] != brand {
			continue
		}
		var key []string
		for _, c := range columns {
			key = append(key, row[c])
		}
		k := strings.Join(key, " → ")
		if out[k] != nil {
			t.Errorf("%s: %s twice", brand, k)
		}
		out[k] = row
	}
	return out
}

func compareRows(t *testing.T, brand string, want, got map[string]map[string]string, columns []string) {
	t.Helper()
	for _, k := range slices.Sorted(maps.Keys(want)) {
		g := got[k]
		if g == nil {
			t.Errorf("%s: %s is missing", brand, k)
			continue
		}
		for _, c := range columns {
			if !sameCell(c, want[k][c], g[c]) {
				t.Errorf("%s: %s: %s is %q, want %q", brand, k, c, g[c], want[k][c])
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if want[k] == nil {
			t.Errorf("%s: %s is not expected", brand, k)
		}
	}
}

// sameCell: the expected files write 0 for a counter that the source does not
// have, and True for true.
func sameCell(column, want, got string) bool {
	switch column {
	case "likes", "reposts", "replies", "quotes", "views":
		return want == got || got == "" && want == "0"
	case "brand_account":
		return strings.EqualFold(want, got)
	}
	w, errW := strconv.ParseFloat(want, 64)
	g, errG := strconv.ParseFloat(got, 64)
	if errW == nil && errG == nil && column != "author" && column != "handle" {
		return w == g
	}
	return want == got
}
