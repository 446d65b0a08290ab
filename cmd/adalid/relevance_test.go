package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/audit"
	"adalid/internal/store"
	"adalid/web/api"
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

// leftOut tells of every mention whether it is left out.
func leftOut(t *testing.T, dir string) map[string]bool {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out := map[string]bool{}
	err = s.Walk(t.Context(), "Mango", func(m *store.Judged) error {
		out[m.ID] = m.LeftOut
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
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
	for range 10 {
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
	tp, said, all := 0., 0., 0.
	for id, out := range leftOut(t, dir) {
		if !marked[id] {
			tp, said, all = tp+one(!out && about[id]), said+one(!out), all+one(about[id])
		}
	}
	t.Logf("unmarked: precision %.3f, recall %.3f", tp/said, tp/all)
	if tp/said < 0.9 || tp/all < 0.9 {
		t.Errorf("of what was not marked: precision %.3f, recall %.3f", tp/said, tp/all)
	}
	later := filepath.Join(t.TempDir(), "later.jsonl")
	if err := os.WriteFile(later, []byte(`{"post_id":"l1","platform":"x","author":"new","text":"peeled a ripe mango for the fruit salad, so juicy","lang":"en"}
{"post_id":"l2","platform":"x","author":"new2","text":"The Mango app refunded my order, bought the dress again in size M","lang":"en"}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "import", "--brand", "Mango", later)
	if out := leftOut(t, dir); !out["l1"] || out["l2"] {
		t.Errorf("what is imported later: fruit left out %v, fashion left out %v", out["l1"], out["l2"])
	}
	after = ok(t, dir, "authors", "Mango", "--format", "csv")
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
	for id, out := range leftOut(t, dir) {
		if out {
			t.Errorf("%s stays left out after every mark was taken back", id)
		}
	}
}

// TestMarksSayWhatTheyDid: what a mark itself leaves out or brings back is told
// apart from what the rule does, and each is counted once.
func TestMarksSayWhatTheyDid(t *testing.T) {
	dir := t.TempDir()
	file, _ := mangoFile(t)
	ok(t, dir, "brand", "add", "Mango", "--query", "mango")
	ok(t, dir, "import", "--brand", "Mango", file)
	for _, c := range []struct{ given, want string }{
		{"m1 no", "1 mark changed: 1 mention left out by that, 0 back."},
		{"m1 no", "0 marks changed: 0 mentions left out by that, 0 back."},
		{"m2 yes", "1 mark changed: 0 mentions left out by that, 0 back."},
		{"m1 yes", "1 mark changed: 0 mentions left out by that, 1 back."},
		{"--undo m1", "1 mark changed: 0 mentions left out by that, 0 back."},
	} {
		out := ok(t, dir, append([]string{"relevance", "mark", "Mango"}, strings.Fields(c.given)...)...)
		if !strings.HasPrefix(out, c.want+"\n") || !strings.HasSuffix(out, "The rule leaves out 0 more mentions now, 0 back.\n") {
			t.Errorf("%s:\n%s", c.given, out)
		}
	}
	if got := relevant(t, dir, "", "mark", "Mango", "m3", "no"); got.Changed != 1 || got.MarkedOut != 1 || got.MarkedBack != 0 || got.LeftOut != 0 {
		t.Errorf("%+v", got)
	}
}

// TestOneKeyNamesAMention: the key in every answer of the server opens the mention
// as it stands, in an address, in answers to an audit and on the command line.
func TestOneKeyNamesAMention(t *testing.T) {
	dir := t.TempDir()
	file, _ := mangoFile(t)
	ok(t, dir, "brand", "add", "Mango", "--query", "mango")
	ok(t, dir, "import", "--brand", "Mango", file)
	s := serve(t, dir, nil)
	const here = "/api/v1/brands/Mango"
	keys := map[string]string{}
	for _, m := range decode[api.MentionList](t, s.get(here+"/mentions?limit=200")).Items {
		keys[m.ID] = m.Key
	}
	next := decode[api.RelevanceStatus](t, s.get(here+"/relevance")).Next[0]
	if next.Platform != "x" || next.ID == "" {
		t.Errorf("%+v", next)
	}
	for _, key := range []string{next.Key, "x%2F" + next.ID, next.ID} {
		s.send("PUT", here+"/mentions/"+key+"/relevance", `{"about":true}`, 200)
		s.send("DELETE", here+"/mentions/"+key+"/relevance", "", 200)
		s.send("PUT", here+"/mentions/"+key+"/label", `{"label":"neutral"}`, 200)
		s.send("DELETE", here+"/mentions/"+key+"/label", "", 200)
	}
	drawn := decode[api.AuditSample](t, s.get(here+"/sentiment/audit?n=20")).Mentions
	for _, m := range append(drawn, next) {
		if listed, shown := keys[m.ID]; shown && listed != m.Key {
			t.Errorf("%s is %s in the list and %s here", m.ID, listed, m.Key)
		}
	}
	answers := fmt.Sprintf(`{"n":20,"seed":1,"answers":[{"key":%q,"answer":"neutral"},{"key":"x/%s","answer":"not_ours"}]}`, drawn[0].Key, drawn[1].ID)
	_, text := s.send("POST", here+"/sentiment/audit", answers, 200)
	if r := decode[api.AuditReport](t, text); r.Answered != 2 || r.NotOurs != 1 {
		t.Errorf("%+v", r)
	}
	if got := relevant(t, dir, "", "mark", "Mango", next.Key, "no"); got.MarkedOut != 1 {
		t.Errorf("%+v", got)
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

func TestAuditAsks(t *testing.T) {
	var out bytes.Buffer
	a := &app{streams: streams{in: strings.NewReader("p\nwhat\nx\ns\nq\nn\n"), out: &out}, environ: []string{"NO_COLOR=1"}}
	var items []api.AuditItem
	for i := range 6 {
		items = append(items, api.AuditItem{Platform: "x", ID: fmt.Sprint(i), Text: fmt.Sprintf("text\x1b %d", i)})
	}
	got, err := a.ask(items)
	want := []audit.Answer{{Key: "x/0", Label: adalid.Positive, Ours: true}, {Key: "x/1"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if text := out.String(); strings.Contains(text, "\x1b") || !strings.Contains(text, "n, u, p, x, s or q") || strings.Contains(text, "5 of 6") {
		t.Errorf("%q", text)
	}
}
