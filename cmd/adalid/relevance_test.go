package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mangoFile writes the invented texts about an ambiguous name as mentions; it
// also gives which of them are about the brand, by id.
func mangoFile(t *testing.T) (path string, about map[string]bool) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "internal", "relevance", "testdata", "mango.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	about = map[string]bool{}
	var out bytes.Buffer
	for line := range strings.Lines(string(b)) {
		part := strings.Split(strings.TrimRight(line, "\n"), "\t")
		id := fmt.Sprintf("m%d", len(about))
		row, err := json.Marshal(map[string]any{
			"post_id": id, "platform": "x", "author": part[2], "handle": part[2], "lang": part[1], "text": part[3],
			"created_at": fmt.Sprintf("2026-01-%02dT10:00:00Z", 1+len(about)%28),
		})
		if err != nil {
			t.Fatal(err)
		}
		about[id] = part[0] == "1"
		out.Write(append(row, '\n'))
	}
	path = filepath.Join(t.TempDir(), "mango.jsonl")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, about
}

func relevant(t *testing.T, dir, stdin string, args ...string) (out relevanceAnswer) {
	t.Helper()
	r := cli(t, dir, stdin, append([]string{"--json", "relevance"}, args...)...)
	if err := json.Unmarshal([]byte(r.out), &out); err != nil || r.code != 0 {
		t.Fatalf("%v: exit %d, %v: %s%s", args, r.code, err, r.out, r.err)
	}
	return out
}

func suggestion(t *testing.T, dir string, args ...string) (out suggestions) {
	t.Helper()
	if err := json.Unmarshal([]byte(ok(t, dir, append([]string{"--json", "relevance", "suggest", "Mango"}, args...)...)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRelevanceFromTheFirstMarkToTheLast marks what the product proposes, sees
// the rest follow, and takes everything back.
func TestRelevanceFromTheFirstMarkToTheLast(t *testing.T) {
	dir := t.TempDir()
	file, about := mangoFile(t)
	ok(t, dir, "brand", "add", "Mango", "--query", "mango")
	ok(t, dir, "import", "--brand", "Mango", file)
	before := ok(t, dir, "authors", "Mango", "--format", "csv")
	if s := relevant(t, dir, "", "status", "Mango"); s.InUse || s.Effect.Why == "" {
		t.Errorf("before any mark: %+v", s)
	}
	marked := map[string]bool{}
	var last relevanceAnswer
	for range 5 {
		var lines strings.Builder
		next := suggestion(t, dir).Next
		for _, m := range next {
			id := strings.TrimPrefix(m.Key, "x/")
			if marked[id] {
				t.Errorf("%s is proposed though it is marked", id)
			}
			marked[id] = true
			fmt.Fprintf(&lines, "%s %s\n", m.Key, map[bool]string{true: "yes", false: "no"}[about[id]])
		}
		if last = relevant(t, dir, lines.String(), "mark", "Mango"); last.Changed != int64(len(next)) {
			t.Errorf("%d of %d marks changed", last.Changed, len(next))
		}
	}
	if !last.InUse || last.Effect.Marks != 40 {
		t.Fatalf("after 40 marks: %+v", last)
	}
	after := ok(t, dir, "authors", "Mango", "--format", "csv")
	if after == before {
		t.Error("nothing was left out of the counts")
	}
	if len(suggestion(t, dir).Exclude) == 0 {
		t.Error("no word to exclude is suggested")
	}
	off := relevant(t, dir, "", "off", "Mango")
	if off.InUse || !off.Off || off.Returned == 0 {
		t.Errorf("off: %+v", off)
	}
	if on := relevant(t, dir, "", "on", "Mango"); !on.InUse || on.LeftOut != off.Returned {
		t.Errorf("on: %+v, off: %+v", on, off)
	}
	if ok(t, dir, "authors", "Mango", "--format", "csv") != after {
		t.Error("off and on again is not as before")
	}
	var undo strings.Builder
	for id := range marked {
		fmt.Fprintln(&undo, id)
	}
	if end := relevant(t, dir, undo.String(), "mark", "Mango", "--undo"); end.InUse || end.Effect.Marks != 0 {
		t.Errorf("all marks taken back: %+v", end)
	}
	if ok(t, dir, "authors", "Mango", "--format", "csv") != before {
		t.Error("something stays left out after every mark was taken back")
	}
}

func TestRelevanceRefuses(t *testing.T) {
	dir := t.TempDir()
	file, _ := mangoFile(t)
	ok(t, dir, "import", "--brand", "Mango", file)
	for _, c := range []struct {
		stdin string
		args  []string
		code  int
		err   string
	}{
		{"", []string{"relevance", "mark", "Mango", "m1", "perhaps"}, 2, "yes"},
		{"", []string{"relevance", "mark", "Mango", "nothing", "no"}, 1, "no mention"},
		{"m1\n", []string{"relevance", "mark", "Mango"}, 2, "line 1"},
		{"", []string{"relevance", "status", "Mungo"}, 1, "Mango"},
		{"", []string{"sentiment", "audit", "Mango"}, 2, "--sample"},
		{"", []string{"sentiment", "audit", "Mango", "--n", "0"}, 2, "--n"},
		{`{"key":"x/m1","answer":"w"}`, []string{"sentiment", "audit", "Mango", "--answers", "-"}, 2, "line 1"},
		{`{"key":"x/none","answer":"p"}`, []string{"sentiment", "audit", "Mango", "--answers", "-"}, 2, "not in this sample"},
	} {
		if r := cli(t, dir, c.stdin, c.args...); r.code != c.code || !strings.Contains(r.err, c.err) {
			t.Errorf("%v: exit %d, %q", c.args, r.code, r.err)
		}
	}
}

func TestAuditFromSampleToReport(t *testing.T) {
	dir := t.TempDir()
	file, about := mangoFile(t)
	ok(t, dir, "brand", "add", "Mango", "--query", "mango")
	ok(t, dir, "import", "--brand", "Mango", file)
	path := filepath.Join(t.TempDir(), "sample.jsonl")
	ok(t, dir, "sentiment", "audit", "Mango", "--n", "80", "--sample", path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var answers strings.Builder
	asked := 0
	for line := range strings.Lines(string(b)) {
		var m askedMention
		if err := json.Unmarshal([]byte(line), &m); err != nil || m.Text == "" {
			t.Fatalf("%q: %v", line, err)
		}
		asked++
		answer := "x"
		if about[strings.TrimPrefix(m.Key, "x/")] {
			answer = "u"
		}
		fmt.Fprintf(&answers, "{\"key\":%q,\"answer\":%q}\n", m.Key, answer)
	}
	if asked != 80 {
		t.Errorf("%d mentions in the sample", asked)
	}
	var r struct {
		Answered  int `json:"answered"`
		Precision struct{ Value, Low, High float64 }
		Shares    []struct {
			Class string
			True  struct{ Value float64 }
		}
	}
	out := cli(t, dir, answers.String(), "--json", "sentiment", "audit", "Mango", "--n", "80", "--answers", "-")
	if err := json.Unmarshal([]byte(out.out), &r); err != nil || out.code != 0 {
		t.Fatalf("exit %d, %v, %s", out.code, err, out.err)
	}
	if r.Answered != 80 || r.Precision.Low > .467 || r.Precision.High < .467 || r.Shares[1].True.Value != 1 {
		t.Errorf("%+v", r)
	}
	if out := cli(t, dir, answers.String(), "sentiment", "audit", "Mango", "--n", "80", "--answers", "-"); out.code != 0 || !strings.Contains(out.out, "about the brand") {
		t.Errorf("exit %d, %s%s", out.code, out.out, out.err)
	}
}
