package file

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"adalid"
	"adalid/collectors"
)

const csvHead = "id,date,user,text\n"

// Rows beyond the limit are rejected, the ones after them are read.
func TestRowsBeyondTheLimit(t *testing.T) {
	long := strings.Repeat("x", maxRow+5)
	for name, tt := range map[string]struct {
		format Format
		text   string
		want   int
	}{
		"csv":            {CSV, csvHead + "1,2026-01-01,a," + long + "\n2,2026-01-01,b,y\n", 1},
		"csv quoted":     {CSV, csvHead + "1,2026-01-01,a,\"" + long + "\n\"\n2,2026-01-01,b,y\n", 1},
		"csv no end":     {CSV, csvHead + "1,2026-01-01,a,\"open\n" + strings.Repeat("2,2026-01-01,b,y\n", 5), 5},
		"canonical":      {Canonical, `{"post_id":"1","author":"a","text":"` + long + "\"}\n" + `{"post_id":"2","author":"a","text":"y"}`, 1},
		"v1 array":       {TweetsV1, `[{"id_str":"1","text":"` + long + `","user":{"id":1}},{"id_str":"2","text":"y","user":{"id":1}}]`, 1},
		"v1 line":        {TweetsV1, `{"id_str":"1","text":"` + long + `","user":{"id":1}}` + "\n" + `{"id_str":"2","text":"y","user":{"id":1}}`, 1},
		"deep":           {TweetsV1, `{"a":` + strings.Repeat("[", 100000) + "\n" + `{"id_str":"2","text":"y","user":{"id":1}}`, 1},
		"canonical deep": {Canonical, `{"x":` + strings.Repeat(`{"a":`, 100000) + "\n" + `{"post_id":"2","author":"a","text":"y"}`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			ms, all := readAll(t, Options{Paths: []string{write(t, "in", []byte(tt.text))}, Format: tt.format})
			if len(ms) != tt.want || len(all.Rejects) == 0 {
				t.Fatalf("%d mentions and %d rejects", len(ms), len(all.Rejects))
			}
			for _, r := range all.Rejects {
				if len(r.Raw) > maxRaw || r.Reason == "" {
					t.Errorf("%d bytes shown, reason %q", len(r.Raw), r.Reason)
				}
			}
		})
	}
}

// A page of the v2 API beyond the limit is read member by member, its includes
// first, and resumed in the middle.
func TestPageBeyondTheLimit(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"meta":{"x":[1,{"y":"]}"}]},"data":[`)
	const n = 34
	pad := strings.Repeat("ñ", 256<<10)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%d","text":"post %d","author_id":"%d","pad":"%s"}`, i, i, i%3, pad)
	}
	b.WriteString(`],"includes":{"media":[{"a":1}],"users":[{"id":"0","username":"Mara_Uno"},{"id":"1","username":"Leo_Dos"},{"id":"2","username":"Ola_Tres"}]}}`)
	for _, text := range [][]byte{b.Bytes(), gzipped(t, b.Bytes())} {
		opt := Options{Paths: []string{write(t, "in", text)}}
		ms, all := readAll(t, opt)
		if len(ms) != n || len(all.Rejects) != 0 {
			t.Fatalf("%d mentions, %d rejects", len(ms), len(all.Rejects))
		}
		for i, m := range ms {
			if want := []string{"Mara_Uno", "Leo_Dos", "Ola_Tres"}[i%3]; m.Author.Handle != want {
				t.Fatalf("post %d is by %q, want %q", i, m.Author.Handle, want)
			}
		}
		if opt.PageSize = 30; text[0] == '{' {
			checkResume(t, opt, ms, all)
		}
	}
}

// A gzip bomb streams: memory stays small.
func TestGzipBomb(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bomb.csv.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	if _, err := io.WriteString(z, csvHead+"1,2026-01-01,a,x\n"); err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 64 {
		if _, err := z.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Paths: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var from collectors.Cursor
	n := 0
	for {
		p, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			t.Fatal(err)
		}
		n += len(p.Mentions)
		if !p.More {
			break
		}
		from = p.Next
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if n != 1 || m.HeapSys > 400<<20 {
		t.Errorf("%d mentions with %d MB of heap", n, m.HeapSys>>20)
	}
}

// Damage in the middle of a gzip file is an error, after what could be read.
func TestDamagedGzip(t *testing.T) {
	b := gzipped(t, invented(t, Canonical, 20000))
	for i := len(b) / 2; i < len(b)/2+64; i++ {
		b[i] ^= 0xA5
	}
	c, err := New(Options{Paths: []string{write(t, "in.gz", b)}, PageSize: 1000})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var from collectors.Cursor
	n := 0
	for range 100 {
		p, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			if adalid.CodeOf(err) != adalid.Invalid || n == 0 {
				t.Errorf("after %d mentions: %v", n, err)
			}
			return
		}
		n += len(p.Mentions)
		if !p.More {
			break
		}
		from = p.Next
	}
	t.Errorf("%d mentions and no error", n)
}

// A gzip file whose beginning gives no text is not called empty, and one that
// gives some is not blamed on its columns.
func TestUnreadableGzip(t *testing.T) {
	whole := gzipped(t, isoCSV(2000))
	spoilt := bytes.Clone(whole)
	for i := 12; i < 400; i++ {
		spoilt[i] ^= 0xA5
	}
	method := bytes.Clone(whole)
	method[2] = 9
	for name, b := range map[string][]byte{
		"two bytes": whole[:2], "cut header": whole[:6], "only the header": whole[:10], "no such method": method, "spoilt": spoilt,
	} {
		for _, f := range []Format{Auto, CSV, Canonical, TweetsV1} {
			_, err := New(Options{Paths: []string{write(t, "in.csv.gz", b)}, Format: f})
			if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(fmt.Sprint(err), "no readable gzip") {
				t.Errorf("%s as %s: %v", name, f, err)
			}
		}
	}
	_, err := New(Options{Paths: []string{write(t, "in.csv.gz", gzipped(t, nil))}})
	if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(fmt.Sprint(err), "is empty") {
		t.Errorf("nothing, compressed: %v", err)
	}
}

// A field that goes on after its closing quote is read as written; what cannot
// be read is rejected for the right reason, and no row after it is lost.
func TestTextAfterAClosingQuote(t *testing.T) {
	const quiet, fine = "7,2026-01-07,g,plain\n", "8,2026-01-08,h,\"quoted, well\"\n"
	for name, tt := range map[string]struct{ row, text, why string }{
		"stray":           {`1,2026-01-01,a,"stray" q`, `"stray" q`, ""},
		"with a comma":    {`1,2026-01-01,a,"one, two" three`, `"one, two" three`, ""},
		"two":             {`1,2026-01-01,a,"one" and "two" more`, `"one" and "two" more`, ""},
		"doubled":         {`1,2026-01-01,a,"a ""b"" c" d`, `"a ""b"" c" d`, ""},
		"in the middle":   {`1,2026-01-01,"a" b,text`, "text", ""},
		"carriage return": {"1,2026-01-01,a,\"stray\" q\r", `"stray" q`, ""},
		"never closed":    {`1,2026-01-01,a,"never`, "", "quotes are opened and"},
		"odd":             {`1,2026-01-01,a,"one" and "two`, "", "quotes are opened and"},
		"columns":         {`1,2026-01-01,a,"stray" q,x,y`, "", "the row has 6 columns, the header 4"},
	} {
		for after, n := range map[string]int{quiet + quiet: 2, fine + quiet: 2, quiet + fine: 2, "": 0} {
			if after == "" && tt.why != "" {
				continue // the last row, and cut off
			}
			ms, all := readAll(t, Options{Paths: []string{write(t, "in.csv", []byte(csvHead+tt.row+"\n"+after))}})
			if tt.why == "" {
				if len(ms) != n+1 || ms[0].Text != tt.text || len(all.Rejects) > 0 || notice(all, collectors.CutLastLine).Count > 0 {
					t.Errorf("%s before %q: %d mentions %+v, rejects %+v", name, after, len(ms), ms, all.Rejects)
				}
				continue
			}
			if len(ms) != n || len(all.Rejects) != 1 || !strings.Contains(all.Rejects[0].Reason, tt.why) || all.Rejects[0].Row != 1 {
				t.Errorf("%s before %q: %d mentions, rejects %+v", name, after, len(ms), all.Rejects)
			}
		}
	}
	// A row with such a field does not hide dates that need the whole table.
	text := csvHead + `1,01/02/2026,a,"stray" q` + "\n" + `2,13/02/2026,a,x` + "\n"
	ms, all := readAll(t, Options{Paths: []string{write(t, "in.csv", []byte(text))}})
	if len(ms) != 2 || ms[0].CreatedAt.Month() != 2 {
		t.Errorf("%d mentions %+v, rejects %+v", len(ms), ms, all.Rejects)
	}
}

// Files that are no table and no JSON are named, in plain and in gzip, and not
// advised to map their first line.
func TestForeignFiles(t *testing.T) {
	for begins, want := range map[string]string{
		"%PDF-1.4\n%âãÏÓ": "a PDF document; export CSV or JSON", "<!DOCTYPE HTML><p>": "an HTML page; export CSV or JSON", "\n <html lang=es>": "an HTML page",
		"\xef\xbb\xbf<html>": "an HTML page", string(utf16le("<html><body>invented</body></html>")): "an HTML page", "<table border=1>": "an HTML page",
		`<?xml version="1.0"?><rss>`: "an XML file", "<svg xmlns=": "an SVG image", "\x89PNG\r\n\x1a\n": "a PNG image", "\xff\xd8\xff\xe0": "a JPEG image", "GIF89a\x01": "a GIF image",
		"RIFF\x01\x02\x03\x04WEBPVP8 ": "a WebP image", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "save the sheet as CSV", "PK\x03\x04": "save the sheet as CSV", "BZh91AY&SY": "unpack it",
		string(gzipped(t, isoCSV(1))): "compressed twice",
	} {
		for i, b := range [][]byte{[]byte(begins), gzipped(t, []byte(begins))} {
			if i == 0 && strings.Contains(want, "twice") {
				continue
			}
			for _, f := range []Format{Auto, CSV} {
				_, err := New(Options{Paths: []string{write(t, "in.csv", b)}, Format: f})
				if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(fmt.Sprint(err), "in.csv is ") || !strings.Contains(fmt.Sprint(err), want) {
					t.Errorf("%.12q as %s: %v", begins, f, err)
				}
			}
		}
	}
	noise, rng := make([]byte, 8<<10), rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for _, b := range [][]byte{noise, gzipped(t, noise), append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 100)...)} {
		if _, err := New(Options{Paths: []string{write(t, "in.csv", b)}}); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(fmt.Sprint(err), "in.csv is no text file; export") {
			t.Errorf("%.12q: %v", b, err)
		}
	}
	if ms, _ := readAll(t, Options{Paths: []string{write(t, "in.csv", []byte("<<<<<<< HEAD\n"+csvHead+"1,2026-01-01,a,<html>\n"))}}); len(ms) != 1 {
		t.Errorf("%d mentions of a table with a conflict marker, want 1", len(ms))
	}
}

func TestRefusedOptions(t *testing.T) {
	table := write(t, "in.csv", []byte(csvHead+"1,2026-01-01,a,x\n"))
	lines := write(t, "in.jsonl", invented(t, Canonical, 1))
	for name, tt := range map[string]struct {
		opt  Options
		code adalid.Code
		says string
	}{
		"no file":            {Options{}, adalid.Invalid, "no file"},
		"absent":             {Options{Paths: []string{"no/such.csv"}}, adalid.NotFound, "no such file"},
		"folder":             {Options{Paths: []string{t.TempDir()}}, adalid.Invalid, "folder"},
		"no stdin":           {Options{Paths: []string{"-"}}, adalid.Invalid, "standard input"},
		"stdin twice":        {Options{Paths: []string{"-", "-"}, Stdin: strings.NewReader("x")}, adalid.Invalid, "standard input"},
		"format":             {Options{Paths: []string{table}, Format: "xls"}, adalid.Invalid, "tweets-v1"},
		"order":              {Options{Paths: []string{table}, DateOrder: "ydm"}, adalid.Invalid, "dmy"},
		"year":               {Options{Paths: []string{table}, Year: 20}, adalid.Invalid, "1970"},
		"map of canonical":   {Options{Paths: []string{lines}, Map: []Mapping{{"text", "x"}}}, adalid.Invalid, "no columns"},
		"brand of canonical": {Options{Paths: []string{lines}, BrandColumn: "firm"}, adalid.Invalid, "firm"},
		"brand column":       {Options{Paths: []string{table}, BrandColumn: "usr"}, adalid.Invalid, `nearest is "user"`},
		"field twice":        {Options{Paths: []string{table}, Map: []Mapping{{"text", "text"}, {"text", "user"}}}, adalid.Invalid, `text is mapped twice, to "text" and to "user"`},
		"empty template":     {Options{Paths: []string{table}, Map: []Mapping{{"author", "{}"}}}, adalid.Invalid, `"{}" names no column`},
		"half a template":    {Options{Paths: []string{table}, Map: []Mapping{{"author", "{user}|{ }"}}}, adalid.Invalid, "names no column"},
		"template":           {Options{Paths: []string{table}, Map: []Mapping{{"author", "{user"}}}, adalid.Invalid, "without }"},
	} {
		c, err := New(tt.opt)
		if err == nil {
			c.Close()
		}
		if adalid.CodeOf(err) != tt.code || !strings.Contains(fmt.Sprint(err), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, s := range []string{"text", "=x", "text=", "txt=x"} {
		if _, err := ParseMapping(s); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%q: %v", s, err)
		}
	}
	for typed, want := range map[string]string{"athor": "is author", "txt": "is text", "liks": "is likes", "quot": "is quotes", "lab": "are lang, label"} {
		if _, err := ParseMapping(typed + "=x"); err == nil || !strings.Contains(err.Error(), "the nearest "+want+" (") {
			t.Errorf("%s: %v", typed, err)
		}
	}
	if m, err := ParseMapping("Text={a}={b}"); err != nil || m != (Mapping{"text", "{a}={b}"}) {
		t.Errorf("%+v %v", m, err)
	}
}
