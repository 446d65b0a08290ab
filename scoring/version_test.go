package scoring_test

import (
	"os"
	"strings"
	"testing"

	"adalid/scoring"
)

// TestTheDocumentNamesTheVersion: docs/scoring.md is of this formula, and the
// changelog says what changed with it.
func TestTheDocumentNamesTheVersion(t *testing.T) {
	for file, want := range map[string]string{
		"../docs/scoring.md": "formula version **" + scoring.Version + "**",
		"../CHANGELOG.md":    "scoring formula is version " + scoring.Version + ":",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q", file, want)
		}
	}
}
