package adalid_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWhatSharesMemoryIsRaced: make test runs every test once, and once more
// beside the race detector the packages that start goroutines or guard memory,
// which is slow: no such package may be missing there.
func TestWhatSharesMemoryIsRaced(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`(?m)^RACED\s*:= (.*)$`).FindSubmatch(makefile)
	if list == nil {
		t.Fatal("the Makefile has no RACED")
	}
	raced := strings.Fields(string(list[1]))
	sharing := slices.DeleteFunc(sharingMemory(t), func(p string) bool { return p == "cmd/adalid" }) // make race
	for _, p := range sharing {
		if !slices.Contains(raced, "./"+p) {
			t.Errorf("%s shares memory between goroutines and is not in RACED", p)
		}
	}
	for _, p := range raced {
		if !slices.Contains(sharing, strings.TrimPrefix(p, "./")) {
			t.Errorf("%s is in RACED and shares no memory", p)
		}
	}
	for _, line := range []string{`test -tags $(TAGS) -timeout 18m ./...`, `-race -gcflags='modernc.org/...=-race=false' $(RACED)`} {
		if !strings.Contains(string(makefile), line+"\n") {
			t.Errorf("make test does not run %s", line)
		}
	}
}

// sharingMemory lists the packages whose code, tests aside, starts goroutines or
// imports what guards memory.
func sharingMemory(t *testing.T) (pkgs []string) {
	tree := os.DirFS(".")
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && skipped(tree, name):
			return fs.SkipDir
		case err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		shares := slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool {
			return i.Path.Value == `"sync"` || i.Path.Value == `"sync/atomic"`
		})
		ast.Inspect(file, func(n ast.Node) bool {
			_, goes := n.(*ast.GoStmt)
			shares = shares || goes
			return !shares
		})
		if dir := path.Dir(name); shares && !slices.Contains(pkgs, dir) {
			pkgs = append(pkgs, dir)
		}
		return nil
	})
	if err != nil || len(pkgs) < 10 {
		t.Fatal(pkgs, err)
	}
	return pkgs
}
