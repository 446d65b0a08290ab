package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"adalid/web/api"
)

// halves splits a generated file in two that overlap, as two exports of one
// period do.
func halves(t *testing.T, rows int) (whole, first, second string) {
	t.Helper()
	whole = generated(t, rows, rows/5)
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	return whole, write(t, lines[:len(lines)*2/3]), write(t, lines[len(lines)/3:])
}

// TestTwoImportsAtOnce: two processes import overlapping exports into one
// folder; both end well and the result is that of one after the other.
func TestTwoImportsAtOnce(t *testing.T) {
	t.Parallel()
	whole, first, second := halves(t, sized(9_000))
	calm := t.TempDir()
	ok(t, calm, "import", "--brand", "B", whole)

	dir := t.TempDir()
	settings := "ADALID_IMPORT_PAGE_SIZE=300" // many transactions, so that they meet
	var commands []*exec.Cmd
	outs := make([]bytes.Buffer, 2)
	errs := make([]bytes.Buffer, 2)
	for i, source := range []string{first, second} {
		cmd := child(t.Context(), dir, "import", "--json", "--brand", "B", source)
		cmd.Env = append(cmd.Env, settings)
		cmd.Stdout, cmd.Stderr = &outs[i], &errs[i]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		commands = append(commands, cmd)
	}
	var sum importSummary
	for i, cmd := range commands {
		if err := cmd.Wait(); err != nil {
			t.Fatalf("import %d: %v\n%s", i+1, err, errs[i].String())
		}
		s := decode[importSummary](t, outs[i].String())
		if !s.Complete || s.Rows != s.New+s.Changed+s.Repeated+s.Rejected {
			t.Errorf("import %d: %+v", i+1, s)
		}
		sum.New += s.New
		sum.Created = append(sum.Created, s.Created...)
	}
	same(t, "two at once", everything(t, calm, "B"), everything(t, dir, "B"))
	if want := importJSON(t, t.TempDir(), "--no-sentiment", "--brand", "B", whole).New; sum.New != want || len(sum.Created) != 1 {
		t.Errorf("%d new mentions in both together, want %d; brands created %q", sum.New, want, sum.Created)
	}
	if differences(t, dir) != 0 {
		t.Error("the roll-ups differ from the mentions")
	}
}

// TestServeAndImportAtOnce: an upload to the server and an import by the
// command write to one folder at the same time, and readers are answered.
func TestServeAndImportAtOnce(t *testing.T) {
	t.Parallel()
	whole, first, second := halves(t, sized(9_000))
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "B")
	pages := []string{"ADALID_IMPORT_PAGE_SIZE=300"}
	s := serve(t, dir, pages)
	location := s.upload("B", "", opened(t, first), nil)
	cmd := child(t.Context(), dir, "import", "--brand", "B", second)
	cmd.Env = append(cmd.Env, pages...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		s.get("/api/v1/brands/B/advocates?limit=5")
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("import: %v\n%s", err, errs.String())
	}
	if status := s.done(location); status.State != "done" || status.Rows != status.New+status.Changed+status.Repeated+status.Rejected {
		t.Errorf("upload: %+v", status)
	}
	list := decode[api.AdvocateList](t, s.get("/api/v1/brands/B/advocates?limit=5"))
	ranked := decode[api.AdvocateList](t, ok(t, dir, "rank", "B", "--limit", "5", "--json"))
	for i, p := range ranked.Items {
		if list.Items[i].ID != p.ID {
			t.Errorf("place %d: the server says %s, the command %s", i+1, list.Items[i].ID, p.ID)
		}
	}
	s.stop()
	calm := t.TempDir()
	ok(t, calm, "import", "--brand", "B", whole)
	same(t, "server and command at once", everything(t, calm, "B"), everything(t, dir, "B"))
}

// TestDiskFull: when the database cannot grow any more the import fails with a
// sentence, nothing is half stored, and with room again it continues.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	source := generated(t, 3_000, 800)
	calm := t.TempDir()
	ok(t, calm, "import", "--brand", "B", source)

	dir := t.TempDir()
	ok(t, dir, "brand", "add", "B")
	// ulimit counts blocks of 512 bytes.
	script := fmt.Sprintf(`ulimit -f %d && exec "$0" "$@"`, 1500<<10/512)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, os.Args[0], "--data-dir", dir, "import", "--brand", "B", source)
	cmd.Env = append(os.Environ(), "ADALID_TEST_CLI=1", "ADALID_IMPORT_PAGE_SIZE=500")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != 1 || len(out) > 0 {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs.String())
	}
	last := errs.String()[strings.LastIndex(errs.String(), "adalid: "):]
	if !strings.Contains(last, "disk") || !strings.Contains(last, "try again") || strings.Contains(strings.ToLower(last), "sqlite") {
		t.Errorf("the last words are %q", last)
	}
	if differences(t, dir) != 0 {
		t.Error("the roll-ups differ from the mentions")
	}
	if out := ok(t, dir, "doctor", "--full"); strings.Contains(out, "ERROR") {
		t.Errorf("doctor finds faults:\n%s", out)
	}
	if n := strings.Count(ok(t, dir, "authors", "B", "--format", "csv"), "\n"); n < 2 {
		t.Error("nothing was stored before the disk was full: the limit is too small for this test")
	}
	s := decode[importSummary](t, ok(t, dir, "import", "--json", "--brand", "B", source))
	if !s.Complete {
		t.Errorf("with room again: %+v", s)
	}
	same(t, "after a full disk", everything(t, calm, "B"), everything(t, dir, "B"))
}

// TestBackupWithoutRoom: a backup that does not fit leaves no file behind that
// could be taken for one.
func TestBackupWithoutRoom(t *testing.T) {
	t.Parallel()
	dir, target := t.TempDir(), t.TempDir()
	ok(t, dir, "import", "--brand", "B", "--no-sentiment", generated(t, 2_000, 500))
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -f 200 && exec "$0" "$@"`, os.Args[0], "--data-dir", dir, "backup", filepath.Join(target, "copy.db"))
	cmd.Env = append(os.Environ(), "ADALID_TEST_CLI=1")
	var errs strings.Builder
	cmd.Stderr = &errs
	if _, err := cmd.Output(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(errs.String(), "space") {
		t.Errorf("%v\n%s", err, errs.String())
	}
	if files, err := filepath.Glob(filepath.Join(target, "*")); err != nil || len(files) > 0 {
		t.Errorf("left behind: %q %v", files, err)
	}
	if differences(t, dir) != 0 {
		t.Error("the database was changed")
	}
}
