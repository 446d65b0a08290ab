package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// result is what one command line printed.
type result struct {
	code     int
	out, err string
}

// lent is the environment of a command that runs inside this process: what bounds
// its memory would bound that of all tests.
var lent = []string{"GOMEMLIMIT=off"}

// cli runs one command line in this process on the database in dir.
func cli(t testing.TB, dir string, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), append([]string{"--data-dir", dir}, args...), streams{strings.NewReader(stdin), &out, &errs}, lent)
	return result{code, out.String(), errs.String()}
}

// ok is cli for a command that has to succeed; it gives what went to stdout.
func ok(t testing.TB, dir string, args ...string) string {
	t.Helper()
	r := cli(t, dir, "", args...)
	if r.code != 0 {
		t.Fatalf("adalid %s: exit %d\n%s", strings.Join(args, " "), r.code, r.err)
	}
	return r.out
}

// sharedData gives the folder of the real development data. Without it there
// is nothing to compare with: one skip locally, a failure under CI.
func sharedData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("ADALID_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the development data are not at %s; set ADALID_DATA", dir)
		}
		t.Skipf("no development data at %s (ADALID_DATA names another folder)", dir)
	}
	return dir
}
