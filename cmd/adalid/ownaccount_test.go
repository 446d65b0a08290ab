package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adalid/web/api"
)

// TestUnnamedOwnAccounts: an import that names no own accounts is enough for an
// account that is called as the brand to be in no default list; the list counts
// it, shows it with the reason when asked, and one decision brings it back.
func TestUnnamedOwnAccounts(t *testing.T) {
	dir := t.TempDir()
	rows := "tweet_id,author_id,username,name,created_at,text\n"
	posts := func(author, handle, name string, n int) {
		for n := range n {
			rows += fmt.Sprintf("%s%d,%s,%s,%s,2026-01-0%dT10:00:00Z,zarlona is fine and so is number %s of %s\n", author, n, author, handle, name, n+1, strings.Repeat("x", n+1), handle)
		}
	}
	for i := range 40 {
		posts(fmt.Sprint(100+i), fmt.Sprintf("fan%d", i), "", 1)
	}
	posts("200", "ZarlonaES", "Zarlona España", 9)
	posts("201", "zcuida", "", 9)                    // which the query follows
	posts("202", "zarlona_2", "Zarlona", 9)          // anybody
	posts("203", "zarlona", "Zarlona Ríos", 9)       // a person of that name
	posts("204", "vecina", "", 9)                    // which the query follows with a word only
	posts("205", "zarlonahelp", "Parody Zarlona", 9) // who mocks it
	file := filepath.Join(dir, "zarlona.csv")
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "brand", "add", "Zarlona", "--query", "zarlona OR @zcuida OR (@vecina AND bicis)")
	ok(t, dir, "import", "--no-sentiment", "--brand", "Zarlona", file)

	list := func(more ...string) api.AdvocateList {
		t.Helper()
		return decode[api.AdvocateList](t, ok(t, dir, append([]string{"rank", "Zarlona", "--json"}, more...)...))
	}
	hidden := func(want ...string) {
		t.Helper()
		now := list()
		out := []string{}
		for _, handle := range []string{"ZarlonaES", "zcuida", "zarlona_2", "zarlona", "vecina", "zarlonahelp"} {
			if !slices.ContainsFunc(now.Items, func(a api.Advocate) bool { return *a.Accounts[0].Handle == handle }) {
				out = append(out, handle)
			}
		}
		if !slices.Equal(out, want) || notes(now)["circle_left_out"] != int64(len(want)) {
			t.Errorf("left out are %v, want %v; %v", out, want, now.Notes)
		}
	}
	hidden("ZarlonaES", "zcuida")
	for _, lang := range []string{"en", "es"} {
		why := map[string]string{"en": "their handle is the brand's name", "es": "su usuario es el nombre de la marca"}[lang]
		if out := ok(t, dir, "circle", "Zarlona", "--format", "csv", "--lang", lang); !strings.Contains(out, why) {
			t.Errorf("no reason in %s:\n%s", lang, out)
		}
	}
	for _, a := range list("--include", "circle").Items {
		if own := *a.Accounts[0].Handle == "ZarlonaES"; own && (len(a.Flags) == 0 || a.Flags[0].Code != "circle" || a.Flags[0].Reasons[0].Code != "brand-account") {
			t.Errorf("asked for, it does not say why it is left out: %+v", a.Flags)
		}
	}
	ok(t, dir, "circle", "dismiss", "Zarlona", "@zcuida")
	hidden("ZarlonaES")
	ok(t, dir, "circle", "undo", "Zarlona", "@zcuida")
	hidden("ZarlonaES", "zcuida")
	ok(t, dir, "brand", "own-account", "--brand", "Zarlona", "ZarlonaES") // which takes it out of the scale too
	if now := list(); notes(now)["circle_left_out"] != 1 || notes(now)["own_accounts_left_out"] != 1 {
		t.Errorf("named as its own: %v", now.Notes)
	}
	ok(t, dir, "brand", "edit", "Zarlona", "--query", "zarlona")
	if now := list(); notes(now)["circle_left_out"] != 0 {
		t.Errorf("by a query that follows it no more: %v", now.Notes)
	}
}
