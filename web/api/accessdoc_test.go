package api

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"adalid/internal/account"
)

// who says in a few words whom a rule lets pass.
func (r Rule) who() string {
	of := map[place]string{inPath: "of the brand", inQuery: "of the brand asked for; without one, of all", ofSource: "of the source's brand; of all where it is for all", ofKey: "of the key's brand; of all where it is for all", anywhere: "of any brand, about those"}[r.of]
	text := map[account.Scope]string{
		account.Open: "everybody", account.SignedIn: "who is signed in, about the brands they may read", account.OnBrand: r.Least.String() + " " + of, account.Installation: r.Least.String() + " of all brands",
	}[r.Scope]
	if r.signed {
		text += "; or a signature with `push.secret`"
	}
	return text
}

// TestAccessDocument holds the table of rules in docs/access.md to the rules.
func TestAccessDocument(t *testing.T) {
	s := gate6(t, nil)
	ops := s.operations(t)
	slices.SortFunc(ops, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	var table strings.Builder
	table.WriteString("| operation | address | who |\n|---|---|---|\n")
	for _, o := range ops {
		fmt.Fprintf(&table, "| %s | %s `%s` | %s |\n", o.id, o.method, o.path, o.rule.who())
	}
	const path, begin, end = "../../docs/access.md", "<!-- rules: begin -->\n", "<!-- rules: end -->"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(raw), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("docs/access.md lost the place of the table")
	}
	want := before + begin + table.String() + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && string(raw) != want {
		t.Error("the table in docs/access.md is not what the rules say; run the tests of web/api with -update and look at the difference")
	}
}
