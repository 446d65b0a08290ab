package file

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/collectors"
)

// invented gives a file of n posts in a format; all people are invented.
func invented(t testing.TB, f Format, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	post := func(i int) map[string]any {
		return map[string]any{
			"created_at": at.Add(time.Duration(i) * time.Minute).Format(time.RubyDate), "id_str": fmt.Sprint(9007199254740993000 + i),
			"full_text": fmt.Sprintf("post %d for @CafeBrisa \"☕\"\nline", i), "favorite_count": i, "retweet_count": 1,
			"user": map[string]any{"id_str": fmt.Sprint(i % 7), "screen_name": fmt.Sprintf("Mara_%d", i%7)},
		}
	}
	enc := func(v any) []byte {
		out, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	switch f {
	case Canonical:
		for i := range n {
			b.Write(enc(map[string]any{
				"post_id": fmt.Sprint(i), "author": "mara", "created_at": at.Add(time.Duration(i) * time.Hour).Format(time.RFC3339),
				"text": fmt.Sprintf("post %d\t☕", i), "likes": i,
			}))
			b.WriteByte('\n')
			if i%5 == 4 {
				b.WriteString("broken\n\n")
			}
		}
	case CSV:
		b.WriteString("id;date;user;text;likes\r\n")
		for i := range n {
			fmt.Fprintf(&b, "%d;%d/%d/2026 10:00;Mara_%d;\"post %d; ☕\r\nsecond \"\"line\"\"\";%d\r\n", i, 1+i%28, 1+i%3, i%7, i, i)
			switch i % 9 {
			case 4:
				b.WriteString("<<<<<<< HEAD\r\n")
			case 5:
				b.WriteString("one;\"stray\r\n")
			case 6:
				b.WriteString("id;date;user;text;likes\r\n")
			}
		}
	case TweetsV1:
		for i := range n {
			b.Write(enc(post(i)))
			b.WriteByte('\n')
			if i%5 == 4 {
				b.WriteString("{\"broken\": 1\n")
			}
		}
	case TweetsV2:
		b.WriteString("[\n")
		for i := range n {
			if i > 0 {
				b.WriteString(",\n")
			}
			b.Write(enc(map[string]any{
				"data":     []any{map[string]any{"id": fmt.Sprint(i), "text": "hola", "author_id": "1", "created_at": at.Format(time.RFC3339)}},
				"includes": map[string]any{"users": []any{map[string]any{"id": "1", "username": "Mara_Uno"}}},
			}))
		}
		b.WriteString("]")
	case XArchive:
		b.WriteString("window.YTD.tweets.part0 = [ ")
		for i := range n {
			if i > 0 {
				b.WriteString(", ")
			}
			p := post(i)
			p["favorite_count"], p["retweet_count"] = fmt.Sprint(i), "0"
			b.Write(enc(map[string]any{"tweet": p}))
		}
		b.WriteString(" ]")
	case Mastodon:
		b.WriteString(`{"@context":"https://www.w3.org/ns/activitystreams","type":"OrderedCollection","orderedItems":[`)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			id := fmt.Sprintf("https://brisa.example/users/mara/statuses/%d", i)
			b.Write(enc(map[string]any{
				"type": "Create", "actor": "https://brisa.example/users/mara", "to": []string{"https://www.w3.org/ns/activitystreams#Public"},
				"object": map[string]any{"id": id, "type": "Note", "content": fmt.Sprintf("<p>post %d</p>", i), "published": at.Format(time.RFC3339)},
			}))
		}
		b.WriteString("]}")
	}
	return b.Bytes()
}

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func write(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func utf16le(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, r := range s {
		if r > 0xffff {
			r = '?'
		}
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

// account gives X archives their owner and does nothing to other formats.
func account(f Format) []Mapping {
	if f != XArchive {
		return nil
	}
	return []Mapping{{"author", "77001"}}
}

func TestResumeAnywhere(t *testing.T) {
	const n = 23
	files := map[string][]byte{}
	for _, f := range []Format{Canonical, CSV, TweetsV1, TweetsV2, XArchive, Mastodon} {
		files[string(f)] = invented(t, f, n)
		files[string(f)+".gz"] = gzipped(t, invented(t, f, n))
	}
	files["csv-utf16"] = utf16le(string(invented(t, CSV, n)))
	files["csv-cp1252"] = bytes.ReplaceAll(invented(t, CSV, n), []byte("☕"), []byte{0xe9, 0x85})
	for name, b := range files {
		t.Run(name, func(t *testing.T) {
			base, _, _ := strings.Cut(name, ".")
			f := Format(base)
			if strings.HasPrefix(name, "csv") {
				f = CSV
			}
			path := write(t, "in", b)
			opt := Options{Paths: []string{path, path}, Format: f, Map: account(f)}
			straight, all := readAll(t, opt)
			if len(straight) != 2*n {
				t.Fatalf("%d mentions, want %d; rejects %+v", len(straight), 2*n, all.Rejects)
			}
			for _, size := range []int{1, 7} {
				opt.PageSize = size
				checkResume(t, opt, straight, all)
			}
		})
	}
}

// checkResume stops after every page and lets a new collector read the rest.
func checkResume(t *testing.T, opt Options, want []adalid.Mention, all collectors.Page) {
	t.Helper()
	var got []adalid.Mention
	var rejects []collectors.Reject
	var rows int64
	var from collectors.Cursor
	for pages := 0; ; pages++ {
		c, err := New(opt)
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.Collect(context.Background(), collectors.Query{}, from)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p, again); d != "" {
			t.Fatalf("page size %d: the same cursor gives another page:\n%s", opt.PageSize, d)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if p.Read > p.Size || p.Size == 0 {
			t.Fatalf("read %d of %d", p.Read, p.Size)
		}
		got, rejects, rows = append(got, p.Mentions...), append(rejects, p.Rejects...), rows+p.Rows
		if !p.More {
			if p.Read != p.Size {
				t.Errorf("at the end %d of %d bytes are read", p.Read, p.Size)
			}
			break
		}
		if bytes.Equal(p.Next, from) {
			t.Fatal("the cursor does not move")
		}
		from = p.Next
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("page size %d (-straight +resumed):\n%s", opt.PageSize, d)
	}
	if d := cmp.Diff(all.Rejects, rejects); d != "" || rows != all.Rows {
		t.Fatalf("page size %d: %d rows, want %d; rejects:\n%s", opt.PageSize, rows, all.Rows, d)
	}
}

func TestSourceNamesContentAndOptions(t *testing.T) {
	a, b := write(t, "a.csv", invented(t, CSV, 3)), write(t, "b.csv", invented(t, CSV, 3))
	name := func(opt Options) string {
		t.Helper()
		c, err := New(opt)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.Source()
	}
	if name(Options{Paths: []string{a}}) != name(Options{Paths: []string{b}, PageSize: 7}) {
		t.Error("the same contents in another place are another source")
	}
	seen := map[string]int{}
	for i, opt := range []Options{
		{Paths: []string{a}},
		{Paths: []string{a, b}},
		{Paths: []string{a}, Platform: "instagram"},
		{Paths: []string{a}, DateOrder: DMY},
		{Paths: []string{a}, Year: 2026},
		{Paths: []string{a}, Timezone: time.FixedZone("east", 3600)},
		{Paths: []string{a}, Map: []Mapping{{"name", "user"}, {"author", "user"}}},
		{Paths: []string{a}, BrandColumn: "likes"},
	} {
		if j, ok := seen[name(opt)]; ok {
			t.Errorf("options %d and %d have the same source", i, j)
		}
		seen[name(opt)] = i
	}
}

func TestForeignCursorsAreRefused(t *testing.T) {
	path := write(t, "a.jsonl", invented(t, Canonical, 3))
	c, err := New(Options{Paths: []string{path}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for cur, want := range map[string]adalid.Code{
		"{": adalid.Invalid, `{"source":"file:x"}`: adalid.Conflict, `{"source":"` + c.Source() + `","offset":-1}`: adalid.Invalid,
		`{"source":"` + c.Source() + `","file":9}`: adalid.Invalid, `{"source":"` + c.Source() + `","offset":99999999}`: "",
	} {
		_, err := c.Collect(context.Background(), collectors.Query{}, collectors.Cursor(cur))
		if adalid.CodeOf(err) != want {
			t.Errorf("%s: %v", cur, err)
		}
	}
}

// isoCSV is a table whose dates need no vote.
func isoCSV(n int) []byte {
	var b bytes.Buffer
	b.WriteString("Report of March\n\nid,date,user,text\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,2026-03-01T10:%02d:00Z,Mara_%d,\"post %d ☕\"\n", i, i%60, i%7, i)
	}
	return b.Bytes()
}

// onceCases are inputs of every format, and tables that need their dates
// counted, that do not, and whose order of dates is given.
func onceCases(t *testing.T) map[string]struct {
	opt  Options
	text []byte
} {
	const n, beyondHead = 300, 7000
	type input = struct {
		opt  Options
		text []byte
	}
	cases := map[string]input{
		"iso dates":   {Options{}, isoCSV(n)},
		"given order": {Options{DateOrder: DMY}, invented(t, CSV, n)},
		"utf-16":      {Options{}, utf16le(string(isoCSV(n)))},
		"tiny":        {Options{}, isoCSV(1)},
		"large":       {Options{PageSize: 3000}, isoCSV(beyondHead)},
		"large pages": {Options{PageSize: 3000}, invented(t, TweetsV2, beyondHead)},
	}
	for _, f := range []Format{Canonical, CSV, TweetsV1, TweetsV2, XArchive, Mastodon} {
		cases[string(f)] = input{Options{Map: account(f)}, invented(t, f, n)}
	}
	for name, c := range maps.Clone(cases) {
		cases[name+" gzip"] = input{c.opt, gzipped(t, c.text)}
	}
	return cases
}

func TestStandardInput(t *testing.T) {
	for name, tt := range onceCases(t) {
		t.Run(name, func(t *testing.T) {
			path := write(t, "in", tt.text)
			for _, paths := range [][]string{{"-"}, {path, "-"}, {"-", path}} {
				opt := tt.opt
				if opt.PageSize == 0 {
					opt.PageSize = 100
				}
				for range paths {
					opt.Paths = append(opt.Paths, path)
				}
				want, _ := readAll(t, opt)
				opt.Paths, opt.Stdin = paths, bytes.NewReader(tt.text)
				c, err := New(opt)
				if err != nil {
					t.Fatal(err)
				}
				if c.Source() != "file:stdin" {
					t.Errorf("source %q", c.Source())
				}
				// A position of an earlier run says nothing about this input.
				got, all := drain(t, c, collectors.Cursor(`{"source":"file:stdin","file":1,"offset":0}`))
				if !reflect.DeepEqual(want, got) {
					t.Errorf("%d inputs (-file +standard input):\n%.2000s", len(paths), cmp.Diff(want, got))
				}
				if all.Size == 0 && all.Read != int64(len(paths)*len(tt.text)) {
					t.Errorf("%d inputs: %d bytes read of %d", len(paths), all.Read, len(paths)*len(tt.text))
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The second collector of standard input gives all of it, and so does the first.
func TestAgain(t *testing.T) {
	for name, tt := range onceCases(t) {
		want, _ := readAll(t, Options{Paths: []string{write(t, "in", tt.text)}, DateOrder: tt.opt.DateOrder, Map: tt.opt.Map})
		opt := tt.opt
		opt.Paths, opt.Stdin = []string{"-"}, bytes.NewReader(tt.text)
		c, err := New(opt)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.Again()
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range []*Collector{again, c} {
			if got, _ := drain(t, r, nil); !reflect.DeepEqual(want, got) {
				t.Errorf("%s, reader %d: %d mentions, want %d", name, i, len(got), len(want))
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
		if _, err := os.Stat(c.inputs[0].path); !os.IsNotExist(err) {
			t.Errorf("%s: the copy of standard input is still there: %v", name, err)
		}
	}
}

// Dates that need the whole table are decided by a copy of standard input,
// which does not stay; other tables are not copied.
func TestCopyOfStandardInput(t *testing.T) {
	for _, tt := range []struct {
		text   []byte
		copied bool
	}{{invented(t, CSV, 1500), true}, {isoCSV(1500), false}} {
		c, err := New(Options{Paths: []string{"-"}, Stdin: bytes.NewReader(tt.text)})
		if err != nil {
			t.Fatal(err)
		}
		drain(t, c, nil)
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		left := c.inputs[0].path
		if (left != "") != tt.copied {
			t.Errorf("copied to %q, want a copy: %v", left, tt.copied)
		}
		if _, err := os.Stat(left); !os.IsNotExist(err) {
			t.Errorf("the copy of standard input is still there: %v", err)
		}
	}
}

func TestCancelStopsAtOnce(t *testing.T) {
	c, err := New(Options{Paths: []string{write(t, "a.jsonl", invented(t, Canonical, 300))}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if p, err := c.Collect(ctx, collectors.Query{}, nil); err != context.Canceled || len(p.Mentions) > 0 {
		t.Errorf("%d mentions, %v", len(p.Mentions), err)
	}
	if ms, _ := drain(t, c, nil); len(ms) != 300 {
		t.Errorf("%d mentions after the cancelled call", len(ms))
	}
}
