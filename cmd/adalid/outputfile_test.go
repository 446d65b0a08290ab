package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOutputLeavesWhatIsThere: a pipe is written into, a link goes on leading to
// the file that is replaced or made, and a folder is named as one.
func TestOutputLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	dir, out := stored(t), t.TempDir()
	at := func(name string) string { return filepath.Join(out, name) }
	want := ok(t, dir, "export", "Tea", "mentions")

	if err := syscall.Mkfifo(at("pipe"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	read := make(chan string)
	go func() {
		text := []byte(nil)
		if f, err := os.Open(at("pipe")); err == nil {
			text, _ = io.ReadAll(f) // compared below
			_ = f.Close()
		}
		read <- string(text)
	}()
	ok(t, dir, "export", "Tea", "mentions", "--output", at("pipe"))
	if info, err := os.Lstat(at("pipe")); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Fatalf("the pipe was replaced: %v %v", info, err)
	}
	if got := <-read; got != want {
		t.Errorf("through the pipe came\n%s", got)
	}

	if err := os.WriteFile(at("old.csv"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link.csv": "old.csv", "second.csv": "link.csv", "dangling.csv": at("new.csv")} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	for link, file := range map[string]string{"second.csv": "old.csv", "dangling.csv": "new.csv"} {
		ok(t, dir, "export", "Tea", "mentions", "--output", at(link))
		if info, err := os.Lstat(at(link)); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v %v", link, info, err)
		}
		if text, err := os.ReadFile(at(file)); err != nil || string(text) != want {
			t.Errorf("%s holds %.40q: %v", file, text, err)
		}
	}

	r := cli(t, dir, "", "export", "Tea", "mentions", "--format", "csv", "--output", out)
	if r.code != 2 || !strings.Contains(r.err, "is a folder; name a file in it") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	if left, err := filepath.Glob(at(".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q %v", left, err)
	}
}

// TestExportWithoutRoom: a full disk is told as everywhere, and nothing is left.
func TestExportWithoutRoom(t *testing.T) {
	t.Parallel()
	dir, target := t.TempDir(), t.TempDir()
	ok(t, dir, "import", "--brand", "B", "--no-sentiment", generated(t, 2_000, 500))
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -f 200 && exec "$0" "$@"`, os.Args[0], "--data-dir", dir, "export", "B", "mentions", "--output", filepath.Join(target, "b.csv"))
	cmd.Env = append(os.Environ(), "ADALID_TEST_CLI=1")
	var errs strings.Builder
	cmd.Stderr = &errs
	if _, err := cmd.Output(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(errs.String(), "adalid: the disk is full; free some space and try again\n") {
		t.Errorf("%v\n%s", err, errs.String())
	}
	if files, err := os.ReadDir(target); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v %v", files, err)
	}
}
