package match_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"adalid/internal/match"
)

// The page on queries shows only queries that are accepted, and the error as
// it is really drawn.
func TestDocumentation(t *testing.T) {
	raw, err := os.ReadFile("../../docs/queries.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	own, _, found := strings.Cut(page, "## Coming from another tool") // there follow other languages
	if !found {
		t.Fatal("the page has lost a section that this test leaves out")
	}
	code, checked := regexp.MustCompile("`([^`]+)`"), 0
	for line := range strings.SplitSeq(own, "\n") {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		cell, _, _ := strings.Cut(line[2:], " |")
		for _, m := range code.FindAllStringSubmatch(cell, -1) {
			if strings.HasSuffix(m[1], ":") {
				continue // the name of a field
			}
			if _, err := match.Parse(m[1]); err != nil {
				t.Errorf("%s: %v", m[1], err)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d queries found on the page", checked)
	}
	const query = "acme (coffee OR"
	_, err = match.Parse(query)
	if shown := match.AsSyntaxError(err).Render(query); !strings.Contains(page, "```\n"+query+"\n") || !strings.Contains(page, shown) {
		t.Errorf("the page does not show the error as it is drawn:\n%s", shown)
	}
}
