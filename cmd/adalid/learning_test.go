package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/store"
	"adalid/web/api"
)

// TestReferenceLabelsAreNeverRead imports the same posts with the labels of
// research data, and without: nothing differs, before or after corrections.
func TestReferenceLabelsAreNeverRead(t *testing.T) {
	with := slangFile(t, 0, 200)
	text, err := os.ReadFile(with)
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{`,"label":"negative"`, `,"label":"positive"`} {
		text = bytes.ReplaceAll(text, []byte(label), nil)
	}
	without := slangFile(t, 0, 0)
	if err := os.WriteFile(without, text, 0o600); err != nil || bytes.Contains(text, []byte("label")) {
		t.Fatal(err)
	}
	var figures [2][]string
	for i, path := range []string{with, without} {
		dir := t.TempDir()
		ok(t, dir, "import", "--brand", "Acme", path)
		all := func() string {
			return ok(t, dir, "rank", "Acme", "--all", "--json") + ok(t, dir, "authors", "Acme", "--format", "csv")
		}
		before := all()
		c := cli(t, dir, slangLabels(0, 60), "sentiment", "correct", "Acme", "--json")
		figures[i] = []string{before, c.out, all()}
	}
	for i, name := range []string{"figures", "effect of corrections", "figures after corrections"} {
		if figures[0][i] != figures[1][i] {
			t.Errorf("%s differ:\n%s\n%s", name, figures[0][i], figures[1][i])
		}
	}
}

// TestTeacher corrects behind the API and goes on with a walk that an earlier
// run of the server left open.
func TestTeacher(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 200))
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	start := func() *teacher {
		t.Helper()
		teacher, err := new(app).newTeacher(t.Context(), s, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return teacher
	}
	one := start()
	var c []api.Correction
	for line := range strings.Lines(slangLabels(0, 100)) {
		f := strings.Fields(line)
		c = append(c, api.Correction{Platform: "x", ID: f[0], Label: adalid.Label(f[1])})
	}
	got, err := one.Correct(t.Context(), "acme", c, "ann")
	if err != nil || got.Changed != 100 || got.Rescored == 0 || got.Pending || !got.Effect.Helps {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := one.Correct(t.Context(), "acme", []api.Correction{{ID: "nowhere", Label: adalid.Positive}}, ""); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("an unknown mention: %v", err)
	}
	one.wait()

	if _, err := s.DropLearned(t.Context(), "acme", store.LearnedSentiment); err != nil {
		t.Fatal(err)
	}
	start().wait()
	l, err := s.Lessons(t.Context(), "acme")
	if err != nil || l.Pending {
		t.Errorf("after a restart: %+v, %v", l, err)
	}
}

// TestLeftOutCountsNowhere marks all that one person wrote.
func TestLeftOutCountsNowhere(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Acme", slangFile(t, 0, 400))
	figures := func() string {
		return ok(t, dir, "rank", "Acme", "--all", "--format", "csv") + ok(t, dir, "authors", "Acme", "--format", "csv") + ok(t, dir, "edges", "Acme", "--format", "csv")
	}
	before := figures()
	mark := func(about *bool) {
		t.Helper()
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var marks []store.MarkOf
		for i := 7; i < 400; i += 40 { // a7
			marks = append(marks, store.MarkOf{Key: store.Key{Platform: "x", ID: fmt.Sprintf("p%d", i)}, About: about})
		}
		if n, err := s.SetMarks(t.Context(), "acme", marks, "ann"); err != nil || n.LeftOut+n.Returned != 10 {
			t.Fatal(n, err)
		}
	}
	if !strings.Contains(before, "a7,") {
		t.Fatal(before)
	}
	mark(new(bool))
	if after := figures(); strings.Contains(after, "a7,") {
		t.Error("somebody whose every post is left out still counts")
	}
	mark(nil)
	if figures() != before {
		t.Error("taking marks back does not restore the figures")
	}
}
