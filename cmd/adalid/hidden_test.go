package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adalid/web/api"
)

// TestLeftOutTwice: who is left out for two reasons is told so by why, in full and in
// both languages, and a decision that takes one of them away names the other with the
// command against it.
func TestLeftOutTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rows := "tweet_id,author_id,username,name,created_at,text\n"
	for i := range 40 {
		handle, name := fmt.Sprint("fan", i), ""
		if i == 7 {
			handle, name = "zarlona_es", "Radio Zarlona"
		}
		for n := range 3 {
			rows += fmt.Sprintf("%d%d,a%d,%s,%s,2026-01-0%dT10:00:00Z,zarlona is fine and so is number %s\n", 900+i, n, i, handle, name, n+1, strings.Repeat("x", i+n+1))
		}
	}
	file := filepath.Join(dir, "zarlona.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "import", "--no-sentiment", "--brand", "Zarlona", file)

	for words, want := range map[string][]string{
		"en": {"Left out of the default list: called as the brand", "Left out of the default list: an organisation's account (", "(--include circle,organisations)\n", "Most active on X: all of their posts."},
		"es": {"Fuera de la lista habitual: se llama como la marca", "Fuera de la lista habitual: cuenta de una organización (", "(--include circle,organisations)\n", "Donde más participa es X: todas sus publicaciones."},
	} {
		out := ok(t, dir, "why", "Zarlona", "@zarlona_es", "--words", words)
		for _, part := range want {
			if !strings.Contains(out, part) {
				t.Errorf("why in %s lacks %q:\n%s", words, part, out)
			}
		}
	}
	if out := ok(t, dir, "why", "Zarlona", "@fan3"); strings.Contains(out, "Left out") {
		t.Errorf("who is listed is told otherwise:\n%s", out)
	}

	table := ok(t, dir, "circle", "Zarlona")
	for _, want := range []string{"person  ", "\n      their handle is the brand's name, as that of its own account (+4.00)\n"} {
		if !strings.Contains(table, want) || strings.Contains(table, "…") || strings.Contains(table, "reasons") {
			t.Errorf("the table lacks %q or cuts a reason:\n%s", want, table)
		}
	}

	listed := func() bool { return strings.Contains(ok(t, dir, "rank", "Zarlona", "--limit", "0"), "@zarlona_es") }
	said := cli(t, dir, "", "circle", "dismiss", "Zarlona", "@zarlona_es").err
	for _, want := range []string{"is in no part of the circle", "Still left out of the default list: an organisation's account", `adalid authenticity mark "Zarlona" "@zarlona_es" genuine`} {
		if !strings.Contains(said, want) {
			t.Errorf("dismissed, it says %q without %q", said, want)
		}
	}
	if listed() {
		t.Error("listed although an organisation")
	}
	if said := cli(t, dir, "", "authenticity", "mark", "Zarlona", "@zarlona_es", "genuine").err; strings.Contains(said, "left out") || !listed() {
		t.Errorf("with nothing against it any more it says %q; listed: %t", said, listed())
	}
	ok(t, dir, "status", "Zarlona", "@zarlona_es", "not_a_fit", "--reason", "other")
	again := decode[struct {
		LeftOut []string `json:"left_out"`
	}](t, ok(t, dir, "circle", "dismiss", "Zarlona", "@zarlona_es", "--json"))
	if len(again.LeftOut) != 1 || again.LeftOut[0] != "not_a_fit" {
		t.Errorf("a status keeps it out, and the answer says %q", again.LeftOut)
	}
}

// TestTheScoreByHand: the receipt of why holds what computes the score, and chances in
// a table have four decimals at most.
func TestTheScoreByHand(t *testing.T) {
	long(t)
	t.Parallel()
	dir := demoStored(t)
	list := decode[api.AdvocateList](t, ok(t, dir, "rank", "Tostalba", "--limit", "1", "--json"))
	first := list.Items[0]
	out := ok(t, dir, "why", "Tostalba", first.ID)
	line := fmt.Sprintf("\nscore %.1f = 100 × affinity %s^", first.Score.V.Total, strconv.FormatFloat(*first.Score.V.Parts[0].Value, 'g', 5, 64))
	if !strings.Contains(out, line) || !strings.Contains(out, "Most engaging post: ") {
		t.Errorf("why lacks %q or the most engaging post:\n%s", line, out)
	}
	if es := cli(t, dir, "", "views", "Tostalba", "new", "--words", "es", "--limit", "1"); !strings.Contains(es.err, "Marca inventada") || !strings.Contains(es.out, "a fecha de") || !strings.Contains(es.out, "personas más (--limit)") {
		t.Errorf("in Spanish:\n%s%s", es.err, es.out)
	}
	for i, row := range csvRowsOf(t, ok(t, dir, "rank", "Tostalba", "--limit", "0", "--format", "csv")) {
		if chance := row[15]; i == 0 && chance != "top_20" || i > 0 && len(chance) > len("0.1234") {
			t.Errorf("row %d: the chance is %s", i, chance)
		}
	}
}
