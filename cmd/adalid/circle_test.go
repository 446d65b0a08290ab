package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCircleInTheTerminal: suggestions with reasons, one step to confirm, dismiss
// and take back, by handle or id.
func TestCircleInTheTerminal(t *testing.T) {
	dir := t.TempDir()
	rows := "tweet_id,author_id,username,created_at,text,user_description\n"
	for i := range 40 {
		bio := ""
		if i == 7 {
			bio = "barista at Nova"
		}
		rows += fmt.Sprintf("%d,a%d,Fan%d,2026-01-02T10:00:00Z,nova is fine and so is number %s,%s\n", 900+i, i, i, strings.Repeat("x", i+1), bio)
	}
	file := filepath.Join(dir, "nova.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "import", "--no-sentiment", "--brand", "Nova", file)
	circle := func(lang string) [][]string {
		return csvRowsOf(t, ok(t, dir, "circle", "Nova", "--format", "csv", "--lang", lang))[1:]
	}
	got := circle("es")
	if len(got) != 1 || got[0][1] != "Fan7" || got[0][3] != "suggested" || got[0][4] != "staff" || !strings.Contains(got[0][6], "su biografía nombra") {
		t.Fatalf("%v", got)
	}
	id := got[0][0]
	left := func() bool {
		return strings.Contains(ok(t, dir, "rank", "Nova", "--limit", "0"), "1 of the brand's circle, or called as the brand itself, left out")
	}
	for _, c := range []struct {
		args   []string
		status string
		left   bool
	}{
		{[]string{"circle", "confirm", "nova", "@fan7", "staff"}, "confirmed", true},
		{[]string{"circle", "dismiss", "Nova", "x/fan7"}, "dismissed", false},
		{[]string{"circle", "confirm", "Nova", id, "agency", "--json"}, "confirmed", true},
		{[]string{"circle", "undo", "Nova", id}, "suggested", false},
	} {
		ok(t, dir, c.args...)
		if now := circle("en"); len(now) != 1 || now[0][3] != c.status || left() != c.left {
			t.Errorf("%v: %v, left out %t", c.args, now, left())
		}
	}
	ok(t, dir, "authenticity", "mark", "Nova", "fan3", "automated")
	if out := ok(t, dir, "rank", "Nova", "--limit", "0"); !strings.Contains(out, "1 left out as likely automated (--include automated)") || strings.Contains(out, "@Fan3 ") {
		t.Errorf("marked as automated, still:\n%s", out)
	}
	if out := ok(t, dir, "rank", "Nova", "--limit", "0", "--include", "automated"); !strings.Contains(out, "likely automated (the team's word)") {
		t.Errorf("no badge:\n%s", out)
	}
	ok(t, dir, "authenticity", "mark", "Nova", "fan3", "--undo")
	for _, wrong := range [][]string{
		{"circle", "confirm", "Nova", "fan7", "boss"},
		{"circle", "confirm", "Nova", "fan7"},
		{"authenticity", "mark", "Nova", "fan7"},
		{"authenticity", "mark", "Nova", "fan7", "genuine", "--undo"},
		{"rank", "Nova", "--include", "bots"},
		{"circle", "Nova", "--lang", "fr"},
	} {
		if r := cli(t, dir, "", wrong...); r.code != 2 {
			t.Errorf("%v: exit %d, %s", wrong, r.code, r.err)
		}
	}
	if r := cli(t, dir, "", "circle", "dismiss", "Nova", "nobody"); r.code != 1 {
		t.Errorf("about nobody: exit %d, %s", r.code, r.err)
	}
}
