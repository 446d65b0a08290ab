package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"adalid/internal/demo"
)

// TestMain lets a test start this binary as the real command.
func TestMain(m *testing.M) {
	if os.Getenv("ADALID_TEST_CLI") == "1" {
		if uid, err := strconv.Atoi(os.Getenv("ADALID_TEST_UID")); err == nil {
			if err := syscall.Setuid(uid); err != nil {
				panic(err)
			}
		}
		main()
		return
	}
	os.Exit(m.Run())
}

// child is the real command in a process of its own.
func child(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"--data-dir", dir}, args...)...)
	cmd.Env = append(os.Environ(), "ADALID_TEST_CLI=1")
	return cmd
}

// sized gives how many rows a test works on: beside the race
// detector, where the database is twenty times slower, a fifth.
func sized(rows int) int {
	if testing.Short() {
		return rows / 5
	}
	return rows
}

// generated writes a canonical file of invented mentions.
func generated(t testing.TB, rows, authors int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.jsonl", rows))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := demo.Generate(f, demo.GenOptions{Rows: rows, Authors: authors, Seed: 7, Days: 90}); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestKilledImport: an import killed with -9 at random moments and started
// again ends with the same bytes as one that was left alone; after every kill
// the roll-ups equal the mentions.
func TestKilledImport(t *testing.T) {
	long(t)
	t.Parallel()
	kills := 5
	if os.Getenv("ADALID_SLOW") != "" {
		kills = 50
	}
	source := generated(t, sized(40_000), sized(12_000))
	importing := []string{"import", "--json", "--brand", "B", source}

	calm := t.TempDir()
	started := time.Now()
	if out, err := child(t.Context(), calm, importing...).CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	whole := time.Since(started)
	want, all := everything(t, calm, "B"), rebuilt(t, calm).Mentions

	rng := rand.New(rand.NewPCG(3, 4))
	dir := t.TempDir()
	midway, resumed := 0, 0
	cut := false // the last kill left a part of the rows stored
	finished := func(out string) {
		t.Helper()
		said := strings.Contains(out, `"resumed":true`)
		if cut && !said {
			t.Errorf("a part was stored, but the next import began anew: %s", out)
		}
		if said {
			resumed++
		}
		same(t, "killed and resumed", want, everything(t, dir, "B"))
	}
	// Kills that come before the first page or after the last one test little:
	// at least one has to fall between them, and an import to go on from there.
	for n := 0; n < kills || (midway == 0 || resumed == 0) && n < 10*kills; {
		cmd := child(t.Context(), dir, importing...)
		cmd.Env = append(cmd.Env, "ADALID_IMPORT_PAGE_SIZE=2000") // many moments between two pages
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := time.Duration(rng.Int64N(int64(whole)))
		if cut && rng.IntN(3) == 0 {
			after = time.Hour // one in three goes on from the last kill to its end
		}
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
		err := cmd.Wait()
		timer.Stop()
		if err == nil { // it came to its end before the kill: begin anew
			finished(out.String())
			dir, cut = t.TempDir(), false
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "adalid.db")); err != nil {
			continue // killed before there was a database: nothing to look at
		}
		n++
		left := rebuilt(t, dir)
		if left.Different != 0 {
			t.Fatalf("after kill %d the roll-ups differ from the mentions", n)
		}
		if cut = left.Mentions > 0 && left.Mentions < all; cut {
			midway++
		}
	}
	out, err := child(t.Context(), dir, importing...).Output()
	if err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	finished(string(out))
	t.Logf("%d kills, %d of them with a part of the rows stored; %d finished imports had been resumed", kills, midway, resumed)
	if midway == 0 || resumed == 0 {
		t.Errorf("%d kills left a part stored and %d finished imports were resumed: nothing was tested", midway, resumed)
	}
}

// rebuildReport is what the tests read of the answer of rebuild.
type rebuildReport struct{ Mentions, Different int64 }

func rebuilt(t *testing.T, dir string) rebuildReport {
	t.Helper()
	out := ok(t, dir, "rebuild", "--json")
	report := rebuildReport{-1, -1}
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.Mentions < 0 || report.Different < 0 {
		t.Fatalf("rebuild answered %q: %v", out, err)
	}
	return report
}

func differences(t *testing.T, dir string) int64 {
	t.Helper()
	return rebuilt(t, dir).Different
}

// TestInterruptedImportContinues: Ctrl-C stops an import cleanly, says how to
// go on, and the same command does.
func TestInterruptedImportContinues(t *testing.T) {
	long(t)
	t.Parallel()
	source := generated(t, sized(60_000), sized(20_000))
	dir := t.TempDir()
	cmd := child(t.Context(), dir, "import", "--brand", "B", source)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitForFile(t, filepath.Join(dir, "adalid.db-wal"))
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the import was done before the interrupt arrived: nothing was tested; give it more rows")
	}
	if !strings.Contains(errs.String(), "continues where it was") {
		t.Errorf("the message does not say how to go on:\n%s", errs.String())
	}
	ok(t, dir, "import", "--brand", "B", source)
	calm := t.TempDir()
	ok(t, calm, "import", "--brand", "B", source)
	same(t, "interrupted and continued", everything(t, calm, "B"), everything(t, dir, "B"))
}

func waitForFile(t *testing.T, path string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return
		}
		time.Sleep(5 * time.Millisecond) // another process: there is nothing to wait on
	}
	t.Fatalf("%s did not appear", path)
}

// long skips a test under -short, which is how make race runs: it would take
// minutes beside the race detector.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: make test runs it once, without the race detector")
	}
}
