package adalid_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestWhatRaceSkipsIsRun: every test that skips itself beside the race detector
// is named in a line of make test without it, so that nothing is left out.
func TestWhatRaceSkipsIsRun(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		run  *regexp.Regexp
		pkgs []string
	}
	var lines []line
	for _, m := range regexp.MustCompile(`(?m)test -tags \$\(TAGS\) -run '([^']+)' ((?:\./\S+ ?)+)`).FindAllStringSubmatch(string(makefile), -1) {
		lines = append(lines, line{regexp.MustCompile(strings.ReplaceAll(m[1], "$$", "$")), strings.Fields(m[2])})
	}
	skipping := 0
	err = fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") || name == "race_test.go" {
			return err
		}
		for _, test := range skipsBesideRace(t, name) {
			skipping++
			run := false
			for _, l := range lines {
				for _, p := range l.pkgs {
					run = run || p == "./"+path.Dir(name) && l.run.MatchString(test)
				}
			}
			if !run {
				t.Errorf("%s: %s skips beside the race detector and make test does not run it without", name, test)
			}
		}
		return nil
	})
	if err != nil || skipping < 5 {
		t.Fatal(skipping, err)
	}
}

// skipsBesideRace lists the tests of a file that call withoutRace, or skip where
// raceDetector alone says so.
func skipsBesideRace(t *testing.T, name string) (tests []string) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Test") {
			continue
		}
		skips := false
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				called, ok := n.Fun.(*ast.Ident)
				skips = skips || ok && called.Name == "withoutRace"
			case *ast.IfStmt:
				cond, ok := n.Cond.(*ast.Ident)
				skips = skips || ok && cond.Name == "raceDetector" && callsSkip(n.Body)
			}
			return true
		})
		if skips {
			tests = append(tests, f.Name.Name)
		}
	}
	return tests
}

func callsSkip(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			found = found || strings.HasPrefix(s.Sel.Name, "Skip")
		}
		return true
	})
	return found
}
