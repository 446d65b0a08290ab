package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adalid/collectors"
)

// TestRejectsSpoilNothing: --rejects never touches a file that is read or that
// holds something else, and one of an import before does not grow.
func TestRejectsSpoilNothing(t *testing.T) {
	t.Parallel()
	dir, at := t.TempDir(), t.TempDir()
	const table = "id,username,date,text\n1,ann,2026-01-01,tea\n2,bob,some day,tea\n"
	source, link, notes := filepath.Join(at, "source.csv"), filepath.Join(at, "link.csv"), filepath.Join(at, "notes.txt")
	for path, text := range map[string]string{source: table, notes: "mine\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(source, link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{source: "is a file to be imported", link: "is a file to be imported", notes: "holds something else"} {
		r := cli(t, dir, "", "import", "--brand", "Tea", "--rejects", path, source)
		if r.code != 2 || !strings.Contains(r.err, want) {
			t.Errorf("%s: exit %d, %s", path, r.code, r.err)
		}
	}
	for path, want := range map[string]string{source: table, notes: "mine\n"} {
		if text, err := os.ReadFile(path); err != nil || string(text) != want {
			t.Errorf("%s is %q now: %v", path, text, err)
		}
	}

	bad := filepath.Join(at, "bad.jsonl")
	for range 2 {
		ok(t, dir, "import", "--brand", "Tea", "--rejects", bad, source)
		if text, err := os.ReadFile(bad); err != nil || strings.Count(string(text), "\n") != 1 {
			t.Errorf("the rejected rows are %q: %v", text, err)
		}
	}
}

// TestRejectsGoOn: an import that continues adds to the rows that the part before
// rejected.
func TestRejectsGoOn(t *testing.T) {
	t.Parallel()
	l := &rejectLog{path: filepath.Join(t.TempDir(), "bad.jsonl")}
	for _, resumed := range []bool{false, true} {
		if err := l.begin(resumed); err != nil {
			t.Fatal(err)
		}
		if err := l.add(collectors.Reject{Row: 1, Reason: "some day"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(l.path); err != nil || strings.Count(string(text), "\n") != 2 {
		t.Errorf("%q %v", text, err)
	}
}
