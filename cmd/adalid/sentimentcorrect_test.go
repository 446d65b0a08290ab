package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/store"
)

// slangFile writes mentions, half of them in slang that the model takes for the
// opposite or does not know. The
// reference labels say the contrary of the team's: nobody may read them.
func slangFile(t *testing.T, from, to int) string {
	t.Helper()
	var out bytes.Buffer
	things := strings.Fields("espresso bread terrace window garden music brunch counter roof menu")
	for i := from; i < to; i++ {
		word := []string{"sick", "zonked", "lovely", "awful"}[i%4] // the model knows the last two
		reference := []string{"negative", "positive"}[i%2]
		fmt.Fprintf(&out, `{"post_id":"p%d","author":"a%d","handle":"a%d","created_at":"2026-01-%02dT10:00:00Z","lang":"en","text":"the %s at acme is %s, number %d and %s","likes":1,"mentions":["acme"],"label":%q}`+"\n",
			i, i%40, i%40, 1+i%28, things[i%10], word, i, things[(i/10)%10], reference)
	}
	path := filepath.Join(t.TempDir(), "slang.jsonl")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func slangLabels(from, to int) string {
	var lines strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&lines, "p%d %s\n", i, []string{"positive", "negative"}[i%2])
	}
	return lines.String()
}

func correct(t *testing.T, dir, stdin string, args ...string) corrected {
	t.Helper()
	r := cli(t, dir, stdin, append([]string{"sentiment", "correct", "Acme", "--json"}, args...)...)
	var c corrected
	if err := json.Unmarshal([]byte(r.out), &c); err != nil || r.code != 0 {
		t.Fatalf("exit %d, %v: %s%s", r.code, err, r.out, r.err)
	}
	return c
}

// TestCorrectionsAreLearnedAndForgotten follows corrections from the first
// label to the last one taken back.
func TestCorrectionsAreLearnedAndForgotten(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 300))
	figures := func() string {
		return ok(t, dir, "rank", "Acme", "--all", "--format", "csv") + ok(t, dir, "authors", "Acme", "--format", "csv")
	}
	before := figures()
	few := correct(t, dir, slangLabels(0, 10))
	if few.Changed != 10 || few.Learned.InUse || few.Learned.Accuracy != nil || few.Learned.MacroF1 != nil || few.Rescored != 0 {
		t.Errorf("ten labels: %+v", few)
	}
	many := correct(t, dir, slangLabels(0, 100))
	if many.Changed != 90 || !many.Learned.InUse || many.Rescored < 100 || many.Turned < 50 || many.Turned > many.Rescored || many.Learned.Accuracy.After < .75 || many.Learned.Labels != 100 {
		t.Errorf("a hundred labels: %+v", many)
	}
	if figures() == before {
		t.Error("corrections change no figure")
	}
	if again := correct(t, dir, slangLabels(0, 100)); again.Changed != 0 || again.Rescored != 0 || !again.Learned.InUse {
		t.Errorf("the same labels again: %+v", again)
	}
	learned := figures()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 300)) // old rows agree with what was learned
	if figures() != learned {
		t.Error("a second import of the same file changes figures")
	}
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 300, 400)) // and so do new ones
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLearner(s)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := l.rescore(t.Context(), "acme", nil); err != nil || n.Mentions != 400 || n.Changed != 0 {
		t.Errorf("what was imported does not follow what was learned: %+v, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if r := cli(t, dir, "", "rebuild"); r.code != 0 || !strings.Contains(r.out+r.err, "all equal") {
		t.Errorf("rebuild: %+v", r)
	}

	var ids strings.Builder
	for i := range 100 {
		fmt.Fprintf(&ids, "x/p%d\n", i)
	}
	undone := correct(t, dir, ids.String(), "--undo")
	if undone.Changed != 100 || undone.Learned.InUse || undone.Learned.Labels != 0 {
		t.Errorf("undone: %+v", undone)
	}
	fresh := t.TempDir()
	ok(t, fresh, "import", "--brand", "Acme", slangFile(t, 0, 400))
	for _, args := range [][]string{{"authors", "Acme", "--format", "csv"}, {"rank", "Acme", "--all", "--format", "csv"}} {
		if got, want := ok(t, dir, args...), ok(t, fresh, args...); got != want {
			t.Errorf("%s after everything was taken back:\n%s\nwant\n%s", args[0], got, want)
		}
	}
}

func TestCorrectRefuses(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 40))
	ok(t, dir, "import", "--brand", "Acme", "--platform", "mastodon", slangFile(t, 0, 2))
	for _, c := range []struct {
		stdin, want string
		args        []string
	}{
		{"", "no mention \"nowhere\"", []string{"nowhere", "positive"}},
		{"", "no label \"great\"", []string{"p5", "great"}},
		{"", "mastodon and x", []string{"p1", "positive"}},
		{"", "give an ID and a LABEL", []string{"p5"}},
		{"p5 positive\np6\n", "line 2", nil},
		{"\n", "standard input is empty", nil},
		{"p5 positive\nnowhere negative\n", "nowhere", nil},
		{"", "on \"bluesky\"", []string{"--platform", "bluesky", "p5", "neutral"}},
		{"", "give an ID", []string{"--undo", "p5", "neutral"}},
	} {
		r := cli(t, dir, c.stdin, append([]string{"sentiment", "correct", "Acme"}, c.args...)...)
		if r.code == 0 || !strings.Contains(r.err, c.want) {
			t.Errorf("%q %q: exit %d, %s", c.args, c.stdin, r.code, r.err)
		}
	}
	if one := correct(t, dir, "", "mastodon/p1", "positive"); one.Changed != 1 { // and nothing above was stored
		t.Errorf("%+v", one)
	}
	if one := correct(t, dir, "", "p1", "negative", "--platform", "X"); one.Changed != 1 || one.Learned.Labels != 2 {
		t.Errorf("%+v", one)
	}
	if out := ok(t, dir, "sentiment", "correct", "Acme", "p9", "negative", "--json"); !strings.Contains(out, `"accuracy": null`) || !strings.Contains(out, `"macro_f1": null`) || !strings.Contains(out, `"in_use": false`) {
		t.Errorf("nothing was measured: %s", out)
	}
	out := ok(t, dir, "sentiment", "correct", "Acme", "p7", "positive")
	if !strings.Contains(out, "1 label given, 1 changed.") || !strings.Contains(out, "Not in use: too few labels") {
		t.Error(out)
	}
}

// older is an earlier model, which found everything bad.
func older(*store.Judged) (*adalid.Sentiment, bool) {
	return &adalid.Sentiment{Negative: .8, Neutral: .1, Positive: .1}, false
}

// TestRescoreFollowsTheModel: stored mentions whose sentiment is another one than
// the model's get the model's, in the figures too, and then nothing is left to do.
func TestRescoreFollowsTheModel(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 300))
	figures := func() string { return ok(t, dir, "rank", "Acme", "--all", "--format", "csv") }
	before := figures()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rescore(t.Context(), "Acme", older, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if figures() == before {
		t.Fatal("the earlier model's sentiment changes no figure")
	}
	rescore := func() (got rescored) {
		t.Helper()
		if err := json.Unmarshal([]byte(ok(t, dir, "sentiment", "rescore", "Acme", "--json")), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := rescore(); got.Mentions != 300 || got.Changed != 300 || got.Turned < 100 {
		t.Errorf("%+v", got)
	}
	if got := figures(); got != before {
		t.Errorf("figures are not those of the model:\n%s\nwant\n%s", got, before)
	}
	if got := rescore(); got.Mentions != 300 || got.Changed != 0 {
		t.Errorf("again: %+v", got)
	}
}
