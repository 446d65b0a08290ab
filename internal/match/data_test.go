package match_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"adalid"
	"adalid/internal/match"
)

// openData opens a gzip file of the development data. Without the data the
// test is skipped, on CI it fails.
func openData(t *testing.T, name string) io.Reader {
	t.Helper()
	root := os.Getenv("ADALID_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the development data are missing: %v", err)
		}
		t.Skip("the development data are missing; name their folder with ADALID_DATA")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<16))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

type canonicalRow struct {
	Brand  string `json:"brand"`
	PostID string `json:"post_id"`
	Text   string `json:"text"`
	SrcRow int    `json:"src_row"`
}

func canonical(t *testing.T, name string) []canonicalRow {
	t.Helper()
	var rows []canonicalRow
	dec := json.NewDecoder(openData(t, name))
	for {
		var r canonicalRow
		if err := dec.Decode(&r); errors.Is(err, io.EOF) {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
}

func table(t *testing.T, name string) (rows [][]string, column map[string]int) {
	t.Helper()
	r := csv.NewReader(openData(t, name))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column = map[string]int{}
	for i, h := range all[0] {
		column[string([]rune(h))] = i
	}
	return all[1:], column
}

// diff counts what is only in want and only in got.
func diff(want, got map[string]bool) (missing, extra int) {
	for k := range want {
		if !got[k] {
			missing++
		}
	}
	for k := range got {
		if !want[k] {
			extra++
		}
	}
	return missing, extra
}

// A bare word gives exactly the rows that a whole-word search gives.
func TestHackerNewsExactly(t *testing.T) {
	want := map[string]map[string]bool{}
	for _, r := range canonical(t, "mentions/hackernews.jsonl.gz") {
		if want[r.Brand] == nil {
			want[r.Brand] = map[string]bool{}
		}
		want[r.Brand][r.PostID] = true
	}
	var brands []adalid.Brand
	for _, name := range []string{"apple", "google", "tesla", "amazon", "microsoft", "facebook"} {
		brands = append(brands, adalid.Brand{Name: name, Query: name})
	}
	if len(want) != len(brands) {
		t.Fatalf("%d brands in the expected rows, want %d", len(want), len(brands))
	}
	m, err := match.Compile(brands)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]bool{}
	for _, b := range brands {
		got[b.Name] = map[string]bool{}
	}
	rows, column := table(t, "mentions/hackernews/hacker_news.csv.gz")
	var hits []match.Hit
	for _, r := range rows {
		hits = m.Brands(match.Doc{Text: r[column["title"]]}, hits[:0])
		for _, h := range hits {
			got[brands[h.Brand].Name][r[0]] = true
		}
	}
	for _, b := range brands {
		if missing, extra := diff(want[b.Name], got[b.Name]); missing+extra != 0 || len(want[b.Name]) == 0 {
			t.Errorf("%s: %d expected rows, %d missing, %d too many", b.Name, len(want[b.Name]), missing, extra)
		}
	}
}

// The queries given for pfizer's other brands come close to the patterns that
// made the expected rows; by how much they differ is fixed here. astrazeneca:
// the query finds one hashtag written with an accent, the pattern does not.
// johnson: the pattern also finds the names run together inside a longer word
// or without a # (4 rows); the query also finds the two names run together
// without the "and" (2 rows).
func TestPfizerQueries(t *testing.T) {
	tests := []struct {
		brand, query             string
		expected, missing, extra int
	}{
		{"moderna", `*moderna*`, 401, 0, 0},
		{"astrazeneca", `*astrazeneca* OR "astra zeneca"`, 341, 0, 1},
		{"sputnik", `*sputnik*`, 45, 0, 0},
		{"sinovac", `*sinovac* OR *coronavac*`, 86, 0, 0},
		{"sinopharm", `*sinopharm*`, 17, 0, 0},
		{"covaxin", `*covaxin*`, 19, 0, 0},
		{"johnson", `"johnson johnson" OR "johnson and johnson" OR johnsonjohnson OR *janssen*`, 39, 4, 2},
	}
	want, texts := map[string]map[string]bool{}, map[string]string{}
	for _, r := range canonical(t, "mentions/pfizer.jsonl.gz") {
		if want[r.Brand] == nil {
			want[r.Brand] = map[string]bool{}
		}
		want[r.Brand][r.PostID] = true
		texts[r.PostID] = r.Text
	}
	for _, tt := range tests {
		m, err := match.Compile([]adalid.Brand{{Name: tt.brand, Query: tt.query}})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for id, text := range texts {
			if len(m.Brands(match.Doc{Text: text}, nil)) > 0 {
				got[id] = true
			}
		}
		missing, extra := diff(want[tt.brand], got)
		if len(want[tt.brand]) != tt.expected || missing != tt.missing || extra != tt.extra {
			t.Errorf("%s: %d expected rows, %d missing, %d too many; want %d, %d, %d",
				tt.brand, len(want[tt.brand]), missing, extra, tt.expected, tt.missing, tt.extra)
		}
	}
}
