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

// TestWhyNoScore: of the brand's own account and of somebody whom the filter leaves
// out it is said what they are.
func TestWhyNoScore(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	const own = "@teahouse is an account of the brand's own, which is no candidate"
	for _, args := range [][]string{{"why", "Tea", "@teahouse"}, {"why", "Tea", "ann", "--versus", "@teahouse"}} {
		if r := cli(t, dir, "", args...); r.code != 1 || !strings.Contains(r.err, own) {
			t.Errorf("%q: exit %d, %s", args, r.code, r.err)
		}
	}
	if r := cli(t, dir, "", "why", "Tea", "nobody"); r.code != 1 || !strings.Contains(r.err, "no such person") || strings.Contains(r.err, "the brand's own") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	const left = "The filter expression leaves this person out of the list"
	for where, want := range map[string]bool{"lang = Spanish": true, "lang = en": false, "": false} {
		r := cli(t, dir, "", "why", "Tea", "ann", "--where", where)
		if r.code != 0 || strings.Contains(r.err, left) != want {
			t.Errorf("--where %q: exit %d, %s", where, r.code, r.err)
		}
	}
}
