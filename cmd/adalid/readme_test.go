package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"adalid/internal/store"
)

var update = flag.Bool("update", false, "rewrite golden texts")

// TestReadmeShowsTheTable holds the picture of the ranked table in the README
// to what the program prints for the invented brand.
func TestReadmeShowsTheTable(t *testing.T) {
	var out, errs bytes.Buffer
	now := func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }
	a := &app{streams: streams{strings.NewReader(""), &out, &errs}, now: now}
	root := a.root()
	if err := root.ParseFlags([]string{"--data-dir", t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	if err := a.withStore(t.Context(), func(s *store.Store) error { return a.loadDemo(t.Context(), s) }); err != nil {
		t.Fatal(err)
	}
	root.SetArgs([]string{"--data-dir", a.loaded.Data.Dir, "rank", "Tostalba", "--limit", "12"})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	const path, begin, end = "../../README.md", "<!-- ranking: begin -->\n", "<!-- ranking: end -->"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(raw), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the README lost the place of the table")
	}
	want := before + begin + "```text\n$ adalid rank Tostalba --limit 12\n" + strings.TrimRight(out.String(), "\n") + "\n```\n\nNobody in this table exists: it is the invented brand that `make run` shows.\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && string(raw) != want {
		t.Error("the table in the README is not what the program prints; run the tests of cmd/adalid with -update")
	}
}
