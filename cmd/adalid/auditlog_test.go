package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"adalid/internal/store"
	"adalid/web/api"
)

// TestEveryCommandIsRecordedOrNot: a new command says whether the audit log has it.
func TestEveryCommandIsRecordedOrNot(t *testing.T) {
	a := &app{streams: streams{strings.NewReader(""), new(strings.Builder), new(strings.Builder)}}
	seen := map[string]bool{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		_, name, _ := strings.Cut(c.CommandPath(), " ")
		if _, known := recorded[name]; c.Runnable() && name != "" && !c.IsAdditionalHelpTopicCommand() && c.Name() != "help" {
			if seen[name] = true; !known && !c.HasSubCommands() {
				t.Errorf("%q is not in the table of what is recorded", name)
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(a.root())
	for name := range recorded {
		if !seen[name] {
			t.Errorf("the table has %q, which is no command", name)
		}
	}
}

func TestCommandsAreRecorded(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	ok(t, dir, "brand", "add", "Coffee")
	ok(t, dir, "brand", "own-account", "--brand", "coffee", "--platform", "x", "barista_handle")
	fails := cli(t, dir, "", "circle", "confirm", "coffee", "@nobody_handle", "staff")
	if fails.code == 0 {
		t.Errorf("%+v", fails)
	}
	ok(t, dir, "rank", "Tea")
	key := strings.TrimSpace(ok(t, dir, "key", "add", "--name", "till", "--role", "viewer", "--brand", "coffee", "--expires", "90d"))
	id := strings.Split(key, "_")[1]
	if list := ok(t, dir, "key", "list", "--format", "csv"); !strings.Contains(list, id+",till,Coffee,viewer,local,") || strings.Contains(list, key[20:]) {
		t.Errorf("keys:\n%s", list)
	}
	ok(t, dir, "key", "revoke", key)
	ok(t, dir, "brand", "remove", "coffee", "--yes")

	rows, err := csv.NewReader(strings.NewReader(ok(t, dir, "audit-log", "--limit", "0", "--format", "csv"))).ReadAll()
	if err != nil || !slices.Equal(rows[0], api.AuditColumns()) {
		t.Fatalf("%v, %v", rows, err)
	}
	slices.Reverse(rows)
	var got []string
	for _, r := range rows[:len(rows)-1] {
		if r[2] != "machine" || r[3] != "" || len(r[8]) != 64 {
			t.Errorf("%v", r)
		}
		got = append(got, strings.TrimRight(r[4]+" "+r[6]+" "+r[7], " "))
	}
	want := []string{"import  ok", "brand add  ok", "brand own-account  ok", "circle confirm  not_found", "key add " + id + " ok", "key revoke " + id + " ok", "brand remove coffee ok"}
	if !slices.Equal(got, want) {
		t.Errorf("recorded %q\nwant     %q", got, want)
	}
	if table := ok(t, dir, "audit-log", "--brand", "tea", "--limit", "5"); !strings.Contains(table, "import") || strings.Contains(table, "coffee") {
		t.Errorf("of one brand:\n%s", table)
	}
	all := ok(t, dir, "audit-log", "--limit", "0", "--json")
	if strings.Contains(all, "_handle") || strings.Contains(all, key[20:]) {
		t.Errorf("the log holds a name or a key:\n%s", all)
	}
}

func TestVerifyAuditLog(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	for _, name := range []string{"A", "B", "C"} {
		ok(t, dir, "brand", "add", name)
	}
	head := decode[auditVerified](t, ok(t, dir, "audit-log", "--verify", "--json"))
	if !head.Sound || head.Entries != 4 || !strings.HasPrefix(head.Head, "4:") {
		t.Fatalf("%+v", head)
	}
	ok(t, dir, "brand", "add", "D")
	if out := ok(t, dir, "audit-log", "--verify", "--head", head.Head); !strings.Contains(out, "5 entries, all as they were written. Head: 5:") {
		t.Error(out)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tamper := func(statements ...string) {
		for _, s := range statements {
			if _, err := db.ExecContext(context.Background(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	tamper("DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete", "DELETE FROM audit_log WHERE n > 3")
	ok(t, dir, "audit-log", "--verify") // a chain does not show that its end is gone
	if r := cli(t, dir, "", "audit-log", "--verify", "--head", head.Head); r.code != 1 || !strings.Contains(r.err, "entry 4 is not the one of --head") {
		t.Errorf("beside a head that is known: %+v", r)
	}
	tamper("UPDATE audit_log SET outcome = 'forbidden' WHERE n = 2")
	if r := cli(t, dir, "", "audit-log", "--verify"); r.code != 1 || !strings.Contains(r.err, "entry 2, or what stood before it, is not what was written") {
		t.Errorf("a changed entry: %+v", r)
	}
	for _, head := range []string{"4", "x:00", "4:abc", "0:" + strings.Repeat("0", 64)} {
		if r := cli(t, dir, "", "audit-log", "--verify", "--head", head); r.code != 2 {
			t.Errorf("--head %s: %+v", head, r)
		}
	}
}

func TestKeysOfTheServer(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	ok(t, dir, "brand", "add", "Coffee")
	s := serve(t, dir, nil)
	with := func(key string) func(*http.Request) { return header("Authorization", "Bearer "+key) }
	key := strings.TrimSpace(ok(t, dir, "key", "add", "--name", "till", "--role", "viewer", "--brand", "tea"))
	get := func(path, key string, want int) string {
		t.Helper()
		answer, text := s.ask(http.MethodGet, path, nil, with(key))
		if answer.StatusCode != want {
			t.Errorf("%s: %s, want %d\n%s", path, answer.Status, want, text)
		}
		return text
	}
	if brands := get("/api/v1/brands", key, 200); !strings.Contains(brands, `"Tea"`) || strings.Contains(brands, "Coffee") {
		t.Errorf("brands of a key: %s", brands)
	}
	get("/api/v1/brands/tea/advocates", key, 200)
	get("/api/v1/brands/coffee/advocates", key, 404)
	get("/lite?brand=coffee", key, 404)
	get("/metrics", key, 403)
	get("/api/v1/brands/tea/imports", key, 403)
	get("/api/v1/brands?key="+key, key, 422)
	other := "2"
	if strings.HasSuffix(key, other) {
		other = "3"
	}
	get("/api/v1/brands", key[:len(key)-1]+other, 401)
	if answer, text := s.ask(http.MethodGet, "/api/v1/brands/tea", nil, with(key)); answer.Header.Get("RateLimit-Policy") != `"key";q=100;w=5` || !strings.HasPrefix(answer.Header.Get("RateLimit"), `"key";r=`) {
		t.Errorf("%v %s", answer.Header, text)
	}
	ok(t, dir, "key", "revoke", key)
	get("/api/v1/brands/tea/advocates", key, 401)
	s.stop()
	if strings.Contains(s.said(), key[len("adk_")+13:]) {
		t.Error("a key is in the log")
	}
	if list := ok(t, dir, "key", "list", "--json"); strings.Contains(list, `"used": null`) {
		t.Errorf("the last use is not known: %s", list)
	}
}
