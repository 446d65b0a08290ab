package main

import (
	"strings"
	"testing"
)

// TestQueryOnStandardInput: own accounts are looked up ahead also in what is
// piped in: the answer to the brand's account stands before the row that tells
// whose account it is.
func TestQueryOnStandardInput(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "Tea", "--query", "tea")
	rows := `{"post_id":"1","author":"ana","handle":"ana","created_at":"2026-01-01T10:00:00Z","text":"tea is good"}
{"post_id":"2","author":"ben","handle":"ben","created_at":"2026-01-01T11:00:00Z","text":"coffee is good"}
{"post_id":"3","author":"eva","handle":"eva","created_at":"2026-01-01T12:00:00Z","text":"where is my parcel?","reply_to":"teahouse"}
{"post_id":"4","author":"teahouse","handle":"teahouse","created_at":"2026-01-01T13:00:00Z","text":"our tea","brand_account":true}
`
	if r := cli(t, dir, rows, "import", "--brand", "Tea", "--match", "query", "-"); r.code != 0 || !strings.Contains(r.err, "3 new") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
}
