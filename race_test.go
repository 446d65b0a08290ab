package adalid_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryTestIsRun: make test runs all packages once with nothing left out, and
// once more beside the race detector, where -short leaves the long ones out.
func TestEveryTestIsRun(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, recipe, _ := strings.Cut(string(makefile), "\ntest:")
	recipe, _, _ = strings.Cut(recipe, "\n\n")
	whole, raced := 0, 0
	for _, line := range regexp.MustCompile(`(?m)^\t\$\(GO\) test .*$`).FindAllString(recipe, -1) {
		all := strings.HasSuffix(line, " ./...") && !strings.Contains(line, "-run") && !strings.Contains(line, "-skip")
		short, race := strings.Contains(line, " -short "), strings.Contains(line, " -race ")
		if all && !short && !race {
			whole++
		}
		if all && race {
			raced++
		}
	}
	if whole != 1 || raced != 1 {
		t.Errorf("make test runs everything %d times as it is and %d times beside the race detector, want 1 and 1", whole, raced)
	}
}
