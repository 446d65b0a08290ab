package main

import (
	"cmp"
	"strings"
	"testing"
)

// TestNobodyIsNamed: a PERSON that names nobody is refused, though one account is
// stored that shows no name, and nothing is decided about it.
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Tea", write(t, fewRows[:1]))
	for _, name := range []string{"", "@", " ", "x:", "x/@"} {
		for _, args := range [][]string{
			{"circle", "confirm", "Tea", name, "staff"},
			{"circle", "dismiss", "Tea", name},
			{"authenticity", "mark", "Tea", name, "automated"},
			{"note", "Tea", name, "a note"},
			{"tag", "Tea", name, "+vip"},
			{"status", "Tea", name, "contacted"},
			{"tasks", "add", "Tea", name, "call"},
			{"why", "Tea", name},
			{"why", "Tea", "ann", "--versus", cmp.Or(name, "@")},
			{"person", "export", "Tea", name},
			{"erase", "Tea", name, "--yes"},
		} {
			r := cli(t, dir, "", args...)
			if r.code != 2 || r.out != "" || !strings.Contains(r.err, "names nobody; name a person by id") {
				t.Errorf("%q: exit %d\n%s%s", args, r.code, r.out, r.err)
			}
		}
	}
	if out := ok(t, dir, "circle", "Tea"); out != "Nobody is suggested, and nothing was decided.\n" {
		t.Errorf("the circle is\n%s", out)
	}
}
