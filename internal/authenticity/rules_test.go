package authenticity

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The table is what a UI says: every rule has a name of its own, a weight and a
// sentence in both languages with the same numbers.
func TestTable(t *testing.T) {
	seen, group := map[string]bool{}, ""
	closed := map[string]bool{}
	for _, n := range natures {
		if seen[n.code] || n.weight == 0 || n.en == "" || n.es == "" || n.bio == nil && n.name == nil && n.holds == nil {
			t.Errorf("%q: the code is not its own, or weight, sentence or test is missing", n.code)
		}
		seen[n.code] = true
	}
	for _, tie := range ties {
		if seen[tie.code] || len(tie.weights) == 0 || tie.en == "" || tie.es == "" {
			t.Errorf("%q: the code is not its own, or weight or sentence is missing", tie.code)
		}
		seen[tie.code] = true
	}
	number := regexp.MustCompile(`\{\d\}`)
	for _, r := range rules {
		if seen[r.code] || r.weight == 0 || r.en == "" || r.es == "" || r.en == r.es {
			t.Errorf("%q: the code is not its own, or weight or sentence is missing", r.code)
		}
		if en, es := len(number.FindAllString(r.en, -1)), len(number.FindAllString(r.es, -1)); en != es {
			t.Errorf("%q names %d numbers in English and %d in Spanish", r.code, en, es)
		}
		if r.group != group {
			closed[group] = true
		}
		if r.group != "" && closed[r.group] {
			t.Errorf("%q: the rules of the group %q do not stand together", r.code, r.group)
		}
		seen[r.code], group = true, r.group
	}
}

var update = flag.Bool("update", false, "rewrite the table of docs/authenticity.md")

// TestDocumentedRules holds the page that users read to the table.
func TestDocumentedRules(t *testing.T) {
	const path, begin, end = "../../docs/authenticity.md", "<!-- rules: begin -->\n", "<!-- rules: end -->"
	var table strings.Builder
	table.WriteString("| rule | weight | group | said |\n|---|---|---|---|\n")
	for _, r := range rules {
		said := strings.NewReplacer("{0}", "…", "{1}", "…").Replace(r.en)
		fmt.Fprintf(&table, "| `%s` | %+.2f | %s | %s |\n", r.code, r.weight, r.group, said)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(raw), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the page lost the place of the table")
	}
	want := before + begin + table.String() + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(raw) != want {
		t.Error("docs/authenticity.md is not what the rules are; run the tests of internal/authenticity with -update")
	}
}

// Words of names are found as called.txt writes them, each under one heading.
func TestCalledCanBeFound(t *testing.T) {
	seen, heading := map[string]string{}, ""
	for line := range strings.Lines(calledFile) {
		line, _, _ = strings.Cut(line, "#")
		for _, w := range strings.Fields(line) {
			if w[0] == '[' {
				if heading = w; senseNames[w] == plain && w != "[plain]" {
					t.Errorf("no sense is called %s", w)
				}
				continue
			}
			bare := strings.ReplaceAll(strings.Trim(w, "+"), "_", " ")
			if got := strings.Join(fold(bare), " "); got != bare {
				t.Errorf("%q is never found; it reads %q", bare, got)
			}
			if h := seen[bare]; h != "" && h != heading {
				t.Errorf("%q stands under %s and %s", bare, h, heading)
			}
			seen[bare] = heading
		}
	}
	if len(seen) < 1000 {
		t.Errorf("%d words", len(seen))
	}
}

// A phrase that words would write in another way is never found.
func TestPhrasesCanBeFound(t *testing.T) {
	lists := [][]string{
		botPhrases, botNames, botDenials, firstPerson, jobWords, phrases(atWords...), phrases(workWords...), formerWords, phrases(fanWords...), phrases(fanAfter...),
		ownViews, viewWords, phrases(notTheirs...), agencyWords, phrases(clientWords...), resellerWords, shopWords, phrases(sellWords...), asideWords, partnerWords,
	}
	for _, n := range natures {
		lists = append(lists, n.bio, n.name)
	}
	for _, list := range lists {
		for _, p := range list {
			if string(words(p)) != p {
				t.Errorf("%q is never found; it reads %q", p, words(p))
			}
		}
	}
}
