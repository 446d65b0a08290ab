package main

import (
	"strings"
	"testing"
)

// TestQueryOnStandardInput: what is piped in can be read only once, so own
// accounts cannot be looked up ahead; the rows come in all the same.
func TestQueryOnStandardInput(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "Tea", "--query", "tea")
	rows := `{"post_id":"1","author":"ana","handle":"ana","created_at":"2026-01-01T10:00:00Z","text":"tea is good"}
{"post_id":"2","author":"ben","handle":"ben","created_at":"2026-01-01T11:00:00Z","text":"coffee is good"}
`
	if r := cli(t, dir, rows, "import", "--brand", "Tea", "--match", "query", "-"); r.code != 0 || !strings.Contains(r.err, "1 new") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
}
