package identity

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocs holds docs/identity.md to the table of rules, and the code to it.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/identity.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "<!-- rules: begin -->\n")
	got, _, found := strings.Cut(rest, "<!-- rules: end -->")
	want := "| rule | weight | said |\n|---|---|---|\n"
	value := regexp.MustCompile(`\{\d\}`)
	for _, r := range rules {
		weight := fmt.Sprintf("%+.2f", r.weight)
		if r.weight == 0 {
			weight = "ceiling"
		}
		want += fmt.Sprintf("| `%s` | %s | %s |\n", r.code, weight, value.ReplaceAllString(r.en, "…"))
	}
	if !found || got != want {
		t.Errorf("the table of docs/identity.md is not that of the rules; it is:\n%s", want)
	}
	source, err := os.ReadFile("weigh.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`w\.(?:add|ceil)\("([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		if _, ok := ruleOf(m[1]); !ok {
			t.Errorf("weigh.go uses a rule %q that the table does not have", m[1])
		}
	}
	for _, r := range rules {
		if !strings.Contains(string(source), `"`+r.code+`"`) {
			t.Errorf("nothing uses the rule %q", r.code)
		}
	}
}
