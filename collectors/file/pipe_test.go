//go:build unix

package file

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
)

// fifo makes a named pipe into which text is written once.
func fifo(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		unavailable(t, "no named pipes here: %v", err)
	}
	go func() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return
		}
		_, _ = f.Write(text) // a reader that stops early breaks the pipe
		_ = f.Close()
	}()
	return path
}

// unavailable skips a test where the system lacks what it needs. Under CI, where
// nobody reads of skips, that is a failure.
func unavailable(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func TestNamedPipe(t *testing.T) {
	for name, tt := range onceCases(t) {
		t.Run(name, func(t *testing.T) {
			path := write(t, "in", tt.text)
			opt := tt.opt
			opt.Paths = []string{path, path}
			want, _ := readAll(t, opt)
			opt.Paths = []string{path, fifo(t, tt.text)}
			c, err := New(opt)
			if err != nil {
				t.Fatal(err)
			}
			if c.Source() != "file:stdin" || c.Mapping()[1].File != opt.Paths[1] {
				t.Errorf("source %q, file %q", c.Source(), c.Mapping()[1].File)
			}
			got, _ := drain(t, c, nil)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("(-file +pipe):\n%.2000s", cmp.Diff(want, got))
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What a shell puts in place of <(…) is a path in /dev/fd.
func TestProcessSubstitution(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		_, _ = w.Write(isoCSV(3))
		_ = w.Close()
	}()
	path := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(path); err != nil {
		unavailable(t, "no /dev/fd here: %v", err)
	}
	if ms, _ := readAll(t, Options{Paths: []string{path}}); len(ms) != 3 {
		t.Errorf("%d mentions, want 3", len(ms))
	}
	if _, err := New(Options{Paths: []string{path}}); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("a pipe that was read already: %v", err)
	}
}

func TestPipeNamedTwice(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		_, _ = w.Write(isoCSV(3))
		_ = w.Close()
	}()
	fd := fmt.Sprintf("/dev/fd/%d", r.Fd())
	_, err = New(Options{Paths: []string{fd, fd}})
	if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), "same pipe") {
		t.Errorf("%v", err)
	}
}
