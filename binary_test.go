//go:build unix

package adalid_test

import (
	"bufio"
	"context"
	"debug/elf"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestBinary builds what the image holds and runs it as a container does:
// static, without libraries, environment or a home, as somebody who is not
// root, where only the data folder can be written.
func TestBinary(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the whole program")
	}
	root := buildAlone(t)
	run := func(args ...string) string {
		t.Helper()
		out, err := command(t.Context(), root, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("adalid %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	if out := run("version"); !strings.HasPrefix(out, "adalid ") {
		t.Errorf("adalid version says %q", out)
	}
	if out := run("import", "--data-dir", "data", "--brand", "Tea", "export.csv"); !strings.Contains(out, "3 new mentions") {
		t.Errorf("adalid import says:\n%s", out)
	}
	if out := run("rank", "--data-dir", "data", "Tea"); !strings.Contains(out, "@ann") {
		t.Errorf("adalid rank says:\n%s", out)
	}
	serveAlone(t, root)

	if out, err := command(t.Context(), root, "brand", "add", "--data-dir", "elsewhere", "Tea").CombinedOutput(); err == nil || !strings.Contains(string(out), "permissions") {
		t.Errorf("a folder beside the data folder can be written: %v\n%s", err, out)
	}
	var left []string
	entries, err := os.ReadDir(root)
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"adalid", "data", "export.csv"}; err != nil || !slices.Equal(left, want) {
		t.Errorf("beside the data folder there is %q, want %q: %v", left, want, err)
	}
}

// stranger is who runs the program where the test is root, whom permission bits
// do not bind.
const stranger = 65534

// buildAlone gives a folder that cannot be written, with the program, an export
// and a data folder that can.
func buildAlone(t *testing.T) (root string) {
	t.Helper()
	root, err := os.MkdirTemp("", "adalid-binary-*") // t.TempDir lies below folders of ours alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(root, 0o700) // else nothing in it can be removed
		_ = os.RemoveAll(root)
	})
	bin, data := filepath.Join(root, "adalid"), filepath.Join(root, "data")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "nomsgpack", "-trimpath", "-o", bin, "./cmd/adalid")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if runtime.GOOS == "linux" {
		file, err := elf.Open(bin)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for _, p := range file.Progs {
			if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
				t.Errorf("the program is not static: it has a %v header", p.Type)
			}
		}
	}
	const export = "id,username,date,text\n1,ann,2026-01-01,I love this tea\n2,bob,2026-01-02,@ann me too\n3,ann,2026-01-03,more tea\n"
	if err := os.WriteFile(filepath.Join(root, "export.csv"), []byte(export), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(data, stranger, stranger); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{bin, root} {
		if err := os.Chmod(path, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// command is the program in root, without an environment.
func command(ctx context.Context, root string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "adalid"), args...)
	cmd.Env, cmd.Dir = []string{}, root
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	}
	return cmd
}

// serveAlone starts the server on loopback, asks it and stops it as an operator
// does.
func serveAlone(t *testing.T, root string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // kills the server: everything below ends
	defer cancel()
	cmd := command(ctx, root, "serve", "--data-dir", "data", "--address", "127.0.0.1:0")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(said)
	base, log := "", ""
	for base == "" {
		line, err := lines.ReadString('\n')
		log += line
		if err != nil {
			t.Fatalf("the server ended before it listened: %v\n%s", cmd.Wait(), log)
		}
		if m := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line); m != "" {
			base = m
		}
	}
	for path, want := range map[string]string{"/api/v1/health": `"status":"ok"`, "/lite": "@ann"} {
		if body := fetch(t, base+path); !strings.Contains(body, want) {
			t.Errorf("%s lacks %s:\n%s", path, want, body)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server did not stop as it should: %v\n%s%s", err, log, rest)
	}
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", address, answer.Status, err, body)
	}
	return string(body)
}
