package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryCommandAnswersInJSON: one JSON value on stdout, and the words that
// people would read are not in its way.
func TestEveryCommandAnswersInJSON(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	backup := filepath.Join(t.TempDir(), "copy.db")
	settings := filepath.Join(t.TempDir(), "adalid.yaml")
	if err := os.WriteFile(settings, []byte(ok(t, dir, "config", "show")), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		args []string
		want string
	}{
		{[]string{"brand", "add", "Coffee", "--query", "coffee OR café"}, `"brand": "Coffee"`},
		{[]string{"brand", "edit", "coffee", "--query", "coffee"}, `"query": "coffee"`},
		{[]string{"brand", "show", "coffee"}, `"own_accounts": []`},
		{[]string{"brand", "list"}, `"own_accounts": `},
		{[]string{"brand", "test", "coffee", "my coffee", "no tea"}, `"text": "no tea"`},
		{[]string{"brand", "own-account", "--brand", "coffee", "--platform", "x", "Barista"}, `"@barista on x"`},
		{[]string{"brand", "own-account", "--brand", "coffee", "--platform", "x", "barista", "--remove"}, `"own_accounts": []`},
		{[]string{"import", "--brand", "Coffee", write(t, fewRows)}, `"new":5`},
		{[]string{"rank", "Tea"}, `"too_few": true`},
		{[]string{"authors", "Tea"}, `"author": "u1"`},
		{[]string{"edges", "Tea"}, `"dst_handle": "teahouse"`},
		{[]string{"rebuild"}, `"different": 0`},
		{[]string{"rebuild", "tea"}, `"mentions": 5`},
		{[]string{"doctor", "--full"}, `"check": "integrity"`},
		{[]string{"backup", backup}, `"backup": "` + backup},
		{[]string{"restore", backup}, `"restored": "` + backup},
		{[]string{"config", "show"}, `"text": "# The settings`},
		{[]string{"config", "check", settings}, `"valid": true`},
		{[]string{"version"}, `"formula": "`},
		{[]string{"brand", "remove", "coffee", "--yes"}, `"removed": "Coffee"`},
	}
	for _, c := range cases {
		out := ok(t, dir, append(c.args, "--json")...)
		if decoder := json.NewDecoder(strings.NewReader(out)); decoder.Decode(new(any)) != nil || decoder.More() {
			t.Errorf("%v: not one JSON value:\n%s", c.args, out)
		}
		if !strings.Contains(out, c.want) {
			t.Errorf("%v: the answer lacks %s:\n%s", c.args, c.want, out)
		}
	}
}

// TestMaintenance: a backup brings back what was removed since, the replaced
// database stays, and doctor and rebuild find nothing wrong.
func TestMaintenance(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	want := everything(t, dir, "Tea")
	backup := filepath.Join(t.TempDir(), "copy.db")
	if r := cli(t, dir, "", "backup", backup); r.code != 0 || r.out != "" || !strings.Contains(r.err, "adalid restore "+backup) {
		t.Errorf("backup: %+v", r)
	}
	if r := cli(t, dir, "", "brand", "remove", "TEA", "--yes"); r.code != 0 || !strings.Contains(r.err, `"Tea" and its mentions are removed`) {
		t.Errorf("remove: %+v", r)
	}
	if r := cli(t, dir, "", "rank", "Tea"); r.code != 1 {
		t.Errorf("rank of a removed brand: %+v", r)
	}
	r := cli(t, dir, "", "restore", backup)
	if r.code != 0 || !strings.Contains(r.err, "Restored "+backup) || !strings.Contains(r.err, "is kept as ") {
		t.Errorf("restore: %+v", r)
	}
	same(t, "restored", want, everything(t, dir, "Tea"))
	if kept, err := filepath.Glob(filepath.Join(dir, "adalid.db.replaced-*")); err != nil || len(kept) == 0 {
		t.Errorf("the replaced database is gone: %v", err)
	}
	if out := ok(t, dir, "rebuild"); out != "5 mentions of 1 brand read and every roll-up recomputed: all equal to what was stored.\n" {
		t.Errorf("rebuild says %q", out)
	}
	out := ok(t, dir, "doctor", "--full")
	for _, check := range []string{"configuration", "clock", "integrity", "references", "counts", "schema", "log", "disk"} {
		if !strings.Contains(out, " "+check+": ") {
			t.Errorf("doctor does not look at %s:\n%s", check, out)
		}
	}
	if strings.Contains(out, "ERROR") {
		t.Errorf("doctor finds faults:\n%s", out)
	}
}

// TestOwnAccountsAreCounted: a mark for nobody stored, and one that was not there,
// are told.
func TestOwnAccountsAreCounted(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"@ann", "bob"}, "2 accounts marked as the brand's own.\n"},
		{[]string{"@nobody"}, "1 account marked as the brand's own.\nNo stored account is called @nobody yet; it will count once one comes.\n"},
		{[]string{"@ann", "cleo", "--remove"}, "1 account no longer marked as the brand's own.\ncleo was not marked.\n"},
		{[]string{"@ann", "--remove"}, "ann was not marked.\n"},
		{[]string{"author:9", "--remove"}, "author:9 was not marked.\n"},
	} {
		if r := cli(t, dir, "", append([]string{"brand", "own-account", "--brand", "Tea"}, c.args...)...); r.code != 0 || r.err != c.want {
			t.Errorf("%q: exit %d, %q", c.args, r.code, r.err)
		}
	}
}

// TestCircleUndoneTwice: the second time there is nothing to take back.
func TestCircleUndoneTwice(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	ok(t, dir, "circle", "dismiss", "Tea", "@bob")
	ok(t, dir, "circle", "undo", "Tea", "@bob")
	if r := cli(t, dir, "", "circle", "undo", "Tea", "@bob"); r.code != 1 || !strings.Contains(r.err, "nothing was decided") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
}

// TestLookingMakesNothing: in a folder without a database, doctor and brand list say
// so and make none.
func TestLookingMakesNothing(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	if r := cli(t, none, "", "doctor"); r.code != 0 || !strings.Contains(r.out, "warning database: there is nothing in the data folder") {
		t.Errorf("doctor: %+v", r)
	}
	if r := cli(t, none, "", "brand", "list"); r.code != 1 || !strings.Contains(r.err, "there is nothing in the data folder") {
		t.Errorf("brand list: %+v", r)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("looking made a folder")
	}
}

// TestStoppedCommands: what is said of one that was stopped is true of it.
func TestStoppedCommands(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	copied := filepath.Join(t.TempDir(), "copy.db")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"backup", copied}, "no backup was written"},
		{[]string{"rebuild"}, "what was compared until then is mended, the same command begins anew"},
		{[]string{"rebuild", "Tea"}, "what was compared until then is mended, the same command begins anew"},
		{[]string{"import", "--brand", "Tea", write(t, fewRows)}, "what was read is stored. The same command continues where it was"},
	} {
		var errs bytes.Buffer
		code := run(ctx, append([]string{"--data-dir", dir}, c.args...), streams{strings.NewReader(""), io.Discard, &errs}, lent)
		if code != 1 || !strings.HasSuffix(errs.String(), "adalid: stopped; "+c.want+"\n") {
			t.Errorf("%q: exit %d, %s", c.args, code, errs.String())
		}
	}
	if _, err := os.Stat(copied); err == nil {
		t.Error("there is a backup")
	}
}

// TestDoctorFindsDamage: what is broken is named with what to do, exit code 1.
func TestDoctorFindsDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(settings, []byte("log:\n  level: loud\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := cli(t, dir, "", "--config", settings, "doctor")
	if r.code != 1 || !strings.Contains(r.out, "ERROR   configuration: "+settings+":2:10") || !strings.Contains(r.err, "1 of 1 checks failed") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
	if err := os.WriteFile(filepath.Join(dir, "adalid.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	r = cli(t, dir, "", "doctor")
	if r.code != 1 || !strings.Contains(r.out, "ERROR   database: ") || !strings.Contains(r.out, "adalid restore") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.err)
	}
}

// TestDoctorOnADamagedFile: damage in one place does not keep doctor from
// looking at the others, and the advice is one that helps.
func TestDoctorOnADamagedFile(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	ok(t, whole, "import", "--brand", "B", "--no-sentiment", generated(t, 2_000, 500))
	text, err := os.ReadFile(filepath.Join(whole, "adalid.db"))
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for _, c := range []struct {
		name     string
		from, to int // pages overwritten
		checks   []string
	}{
		{"tables", len(text) / page / 3, len(text) / page / 2, []string{"integrity", "references", "counts", "schema", "log", "disk"}},
		{"schema", 0, 1, []string{"database", "log", "disk"}},
	} {
		dir := t.TempDir()
		damaged := bytes.Clone(text)
		for i := max(100, c.from*page); i < c.to*page; i++ {
			damaged[i] = 0xa5
		}
		if err := os.WriteFile(filepath.Join(dir, "adalid.db"), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		r := cli(t, dir, "", "doctor", "--full")
		if r.code != 1 || !strings.Contains(r.err, "checks failed") {
			t.Errorf("%s: exit %d\n%s", c.name, r.code, r.err)
		}
		for _, check := range append(c.checks, "clock", "configuration") {
			if !strings.Contains(r.out, " "+check+": ") {
				t.Errorf("%s: doctor does not tell of %s:\n%s", c.name, check, r.out)
			}
		}
		if !strings.Contains(r.out, "ERROR   "+c.checks[0]+": ") || !strings.Contains(r.out, "restore the newest backup") {
			t.Errorf("%s: neither the damage nor what to do:\n%s", c.name, r.out)
		}
		for _, useless := range []string{"adalid doctor", "SQLITE", "malformed"} {
			if strings.Contains(r.out+r.err, useless) {
				t.Errorf("%s: doctor says %q:\n%s%s", c.name, useless, r.out, r.err)
			}
		}
	}
}

func TestBrandCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if r := cli(t, dir, "", "brand", "add", " Café Lumbre ", "--query", `("cafe lumbre" OR @cafelumbre) -receta`); r.code != 0 || !strings.Contains(r.err, `"Café Lumbre" added`) {
		t.Errorf("add: %+v", r)
	}
	out := ok(t, dir, "brand", "show", "café lumbre")
	for _, want := range []string{"brand         Café Lumbre", "@cafelumbre) -receta", "own accounts  (none)", "created       2"} {
		if !strings.Contains(out, want) {
			t.Errorf("show lacks %q:\n%s", want, out)
		}
	}
	ok(t, dir, "brand", "own-account", "--brand", "Café Lumbre", "@LumbreHelp", "author:42", "--platform", "X")
	if out := ok(t, dir, "brand", "show", "Café Lumbre"); !strings.Contains(out, "@lumbrehelp on x") || !strings.Contains(out, "author:42 on x") {
		t.Errorf("show:\n%s", out)
	}
	texts := "I am at Cafe Lumbre\nreceta de cafe lumbre\n\nhola @cafelumbre\n"
	r := cli(t, dir, texts, "brand", "test", "café lumbre")
	if r.code != 0 || !strings.Contains(r.out, "yes  I am at [Cafe Lumbre]") || !strings.Contains(r.out, "no   receta") || !strings.Contains(r.out, "2 of 3 texts match.") {
		t.Errorf("test: %+v", r)
	}
	if out := ok(t, dir, "brand", "test", "Café Lumbre", "thanks", "--reply-to", "@LumbreHelp", "--platform", "x"); !strings.Contains(out, "1 of 1 texts match") {
		t.Errorf("an answer to the brand's own account:\n%s", out)
	}
	if out := ok(t, dir, "brand", "test", "Café Lumbre", "receta", "--query", "receta", "--why"); !strings.Contains(out, "✓") {
		t.Errorf("another query, explained:\n%s", out)
	}
	rows := csvRowsOf(t, ok(t, dir, "brand", "list", "--format", "csv"))
	if len(rows) != 2 || !slices.Equal(rows[0], []string{"brand", "query", "own_accounts", "demo", "created"}) || rows[1][0] != "Café Lumbre" || rows[1][2] != "2" || rows[1][3] != "false" {
		t.Errorf("list %q", rows)
	}
	ok(t, dir, "brand", "edit", "Café Lumbre", "--query", "")
	if out := ok(t, dir, "brand", "show", "Café Lumbre"); !strings.Contains(out, "everything imported for it counts") || !strings.Contains(out, "@lumbrehelp") {
		t.Errorf("an emptied query, own accounts kept:\n%s", out)
	}
}

func TestVersionAndHelp(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "none")
	if out := ok(t, dir, "version"); !strings.HasPrefix(out, "adalid ") || !strings.Contains(out, "go1.") || !strings.Contains(out, "formula ") {
		t.Errorf("version says %q", out)
	}
	for _, args := range [][]string{{}, {"--help"}, {"help"}, {"brand"}, {"config"}, {"help", "rank"}, {"help", "brand", "add"}, {"import", "--help"}} {
		r := cli(t, dir, "", args...)
		if r.code != 0 || !strings.Contains(r.out, "Usage:") || r.err != "" {
			t.Errorf("%v: %+v", args, r)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("asking for help made a database")
	}
}

// TestCompletion: every command completes, brands by name; without a database
// none is made, whatever is asked.
func TestCompletion(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	ok(t, dir, "brand", "add", "Tea Time")
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := ok(t, dir, "completion", shell); !strings.Contains(out, "adalid") || len(out) < 1000 {
			t.Errorf("%s: %d bytes", shell, len(out))
		}
	}
	offered := func(dir string, args ...string) []string {
		t.Helper()
		r := cli(t, dir, "", append([]string{"__complete"}, args...)...)
		lines := strings.Split(strings.TrimSpace(r.out), "\n")
		if r.code != 0 || !strings.HasPrefix(lines[len(lines)-1], ":") || strings.Contains(r.err, "[Error]") {
			t.Errorf("%v: %+v", args, r)
		}
		return lines[:len(lines)-1]
	}
	brands := []string{"Tea", "Tea Time"}
	for _, args := range [][]string{
		{"rank", ""},
		{"rank", "te"},
		{"authors", ""},
		{"edges", ""},
		{"rebuild", ""},
		{"brand", "show", ""},
		{"brand", "edit", "TEA"},
		{"brand", "remove", ""},
		{"brand", "test", ""},
		{"import", "--brand", ""},
		{"brand", "own-account", "--brand", "t"},
	} {
		if got := offered(dir, args...); !slices.Equal(got, brands) {
			t.Errorf("%v offers %q, want %q", args, got, brands)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"rank", "--preset", ""}, "true-fans"},
		{[]string{"rank", "--blend", ""}, "arithmetic"},
		{[]string{"rank", "--format", ""}, "csv"},
		{[]string{"import", "--format", ""}, "x-archive"},
		{[]string{"import", "--match", ""}, "query"},
		{[]string{"import", "--date-order", ""}, "dmy"},
		{[]string{"edges", "--kind", ""}, "quote"},
		{[]string{"brand", "own"}, "own-account\tMark the brand's own and staff accounts: kept, shown apart, never candidates"},
		{[]string{"rank", "--min"}, "--min-mentions\tonly people with at least so many own mentions"},
	} {
		if got := offered(dir, c.args...); !slices.Contains(got, c.want) {
			t.Errorf("%v offers %q, want %s among them", c.args, got, c.want)
		}
	}
	if got := offered(dir, "rank", "Tea", ""); len(got) != 0 {
		t.Errorf("a second brand is offered: %q", got)
	}

	none := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{""},
		{"rank", ""},
		{"authors", ""},
		{"edges", ""},
		{"rebuild", ""},
		{"brand", ""},
		{"brand", "show", ""},
		{"brand", "edit", ""},
		{"brand", "remove", ""},
		{"brand", "test", ""},
		{"brand", "add", ""},
		{"brand", "own-account", "--brand", ""},
		{"import", ""},
		{"import", "--brand", ""},
		{"serve", "--"},
		{"config", ""},
		{"config", "check", ""},
		{"doctor", ""},
		{"backup", ""},
		{"restore", ""},
		{"version", ""},
		{"completion", ""},
		{"help", ""},
	} {
		offered(none, args...)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("completing made a database")
	}
}
