package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestWrongUsage: what is wrong is said on stderr with the next step, nothing
// goes to stdout, and the exit code tells wrong usage (2) from failure (1).
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	files := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(files, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	table := put("table.csv", "id,text,author,date,team\n1,hello,ann,2026-01-02,a\n2,good day,bob,2026-01-03,b\n")
	settings := put("bad.yaml", "server:\n  adress: 127.0.0.1:1\nranking:\n  preset: best\n")
	ambiguous := put("ambiguous.csv", "id,text,author,date\n1,hello,ann,03/04/2026\n2,hello,bob,05/06/2026\n")
	dir := t.TempDir()
	ok(t, dir, "import", "--brand", "Café Lumbre", table)
	ok(t, dir, "brand", "add", "Bare")

	cases := []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"rnak"}, 2, []string{`unknown command "rnak"`, "Did you mean", "rank"}},
		{[]string{"bogus"}, 2, []string{`unknown command "bogus" for "adalid"`}},
		{[]string{"brand", "lits"}, 2, []string{`unknown command "lits" for "adalid brand"`, "did you mean list"}},
		{[]string{"config", "bogus"}, 2, []string{`unknown command "bogus" for "adalid config"`, "check, show"}},
		{[]string{"help", "bogus"}, 2, []string{`unknown command "bogus" for "adalid"`, "it has ", "import"}},
		{[]string{"help", "rnak"}, 2, []string{`unknown command "rnak" for "adalid"`, "did you mean rank?"}},
		{[]string{"help", "brand", "lits"}, 2, []string{`unknown command "lits" for "adalid brand"`, "did you mean list?"}},
		{[]string{"help", "rank", "more"}, 2, []string{`unknown command "more" for "adalid rank"`, "it has no commands"}},
		{[]string{"completion", "tcsh"}, 2, []string{`unknown command "tcsh"`, "bash"}},
		{[]string{"import", "--brnd", "B", table}, 2, []string{"unknown flag: --brnd", "did you mean --brand", "adalid import --help"}},
		{[]string{"--nonsense"}, 2, []string{"unknown flag: --nonsense; see: adalid --help"}},
		{[]string{"rank", "Bare", "-z"}, 2, []string{"unknown shorthand flag", "adalid rank --help"}},
		{[]string{"rank", "Bare", "--limit"}, 2, []string{"flag needs an argument: --limit"}},

		{[]string{"rank"}, 2, []string{"adalid rank needs one BRAND"}},
		{[]string{"rank", "a", "b"}, 2, []string{"adalid rank needs one BRAND"}},
		{[]string{"authors"}, 2, []string{"adalid authors needs one BRAND"}},
		{[]string{"edges"}, 2, []string{"adalid edges needs one BRAND"}},
		{[]string{"brand", "add"}, 2, []string{"needs one NAME"}},
		{[]string{"brand", "show"}, 2, []string{"needs one NAME"}},
		{[]string{"brand", "edit"}, 2, []string{"needs one NAME"}},
		{[]string{"brand", "remove"}, 2, []string{"needs one NAME"}},
		{[]string{"brand", "test"}, 2, []string{"needs a brand's NAME"}},
		{[]string{"brand", "list", "x"}, 2, []string{"needs no arguments"}},
		{[]string{"brand", "own-account", "--brand", "Bare"}, 2, []string{"HANDLE or author:KEY"}},
		{[]string{"brand", "own-account", "ann"}, 2, []string{"whose accounts", "--brand NAME"}},
		{[]string{"brand", "own-account", "--brand", "Bare", "author:"}, 2, []string{`"author:" names no account`}},
		{[]string{"config", "check"}, 2, []string{"needs one FILE"}},
		{[]string{"config", "show", "x"}, 2, []string{"needs no arguments"}},
		{[]string{"doctor", "x"}, 2, []string{"needs no arguments"}},
		{[]string{"version", "x"}, 2, []string{"needs no arguments"}},
		{[]string{"serve", "x"}, 2, []string{"needs no arguments"}},
		{[]string{"backup"}, 2, []string{"needs one FILE"}},
		{[]string{"restore"}, 2, []string{"needs one FILE"}},
		{[]string{"rebuild", "a", "b"}, 2, []string{"at most one BRAND"}},
		{[]string{"import", "--brand", "B"}, 2, []string{"at least one FILE"}},

		{[]string{"import", table}, 2, []string{"--brand NAME", "--brand-column"}},
		{[]string{"import", "--brand", "  ", table}, 2, []string{"--brand NAME"}},
		{[]string{"import", "--brand", "B", "--brand-column", "team", table}, 2, []string{"contradict each other"}},
		{[]string{"import", "--brand", "B", "--match", "some", table}, 2, []string{`--match is "some"`, "all or query"}},
		{[]string{"import", "--brand", "B", "--match", "query", table}, 2, []string{"has no query yet", "adalid brand add"}},
		{[]string{"import", "--brand-column", "team", "--match", "query", table}, 2, []string{"has no query yet"}},
		{[]string{"import", "--brand", "B", "--date-order", "ydm", table}, 2, []string{`"ydm" is no date order`, "auto, dmy, mdy, ymd"}},
		{[]string{"import", "--brand", "B", "--timezone", "Mars/Base", table}, 2, []string{`--timezone "Mars/Base"`, "Europe/Madrid"}},
		{[]string{"import", "--brand", "B", "--map", "text", table}, 2, []string{`"text" is no mapping`, "FIELD=COLUMN"}},
		{[]string{"import", "--brand", "B", "--map", "txt=text", table}, 2, []string{`"txt" is no field`, "text"}},
		{[]string{"import", "--brand", "B", "--map", "text=body", table}, 2, []string{"table.csv", `there is no column "body"`, `"author"`}},
		{[]string{"import", "--brand", "B", "--format", "xml", table}, 2, []string{`"xml" is no format`, "canonical, csv"}},
		{[]string{"import", "--brand", "B", "--year", "last", table}, 2, []string{"--year", "whole number"}},
		{[]string{"import", "--brand-column", "nothere", table}, 2, []string{`"nothere"`, `"team"`}},
		{[]string{"import", "--brand", "B", ambiguous}, 2, []string{"--date-order", "03/04/2026"}},
		{[]string{"import", "--brand", "B", filepath.Join(files, "absent.csv")}, 1, []string{"absent.csv", "no such file"}},
		{[]string{"import", "--brand", "B", files}, 2, []string{filepath.Base(files)}},
		{[]string{"import", "--brand", "B", put("empty.csv", "")}, 2, []string{"empty.csv is empty"}},

		{[]string{"rank", "Cafe Lumbre"}, 1, []string{`there is no brand "Cafe Lumbre"`, "did you mean Café Lumbre?", "adalid brand list"}},
		{[]string{"rank", "Zzz"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"authors", "Zzz"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"edges", "Zzz", "--format", "csv"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"rebuild", "Zzz"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"brand", "show", "Zzz"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"brand", "edit", "Zzz", "--query", "z"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"brand", "remove", "Zzz", "--yes"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"brand", "test", "Zzz", "text"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},
		{[]string{"brand", "own-account", "--brand", "Zzz", "ann"}, 1, []string{`there is no brand "Zzz"`, "adalid brand list"}},

		{[]string{"rank", "Bare", "--weights", "affinity"}, 2, []string{`"affinity"`, "name=number"}},
		{[]string{"rank", "Bare", "--weights", "charm=1"}, 2, []string{"charm", "affinity"}},
		{[]string{"rank", "Bare", "--weights", "affinity=1,volume=-1"}, 2, []string{"volume"}},
		{[]string{"rank", "Bare", "--weights", "affinity=0,volume=0,reach=0,network=0"}, 2, []string{"all weights are zero"}},
		{[]string{"rank", "Bare", "--weights", "affinity=1", "--preset", "steady"}, 2, []string{"contradict each other"}},
		{[]string{"rank", "Bare", "--preset", "best"}, 2, []string{`no preset "best"`, "balanced, true-fans"}},
		{[]string{"rank", "Bare", "--blend", "harmonic"}, 2, []string{`no blend "harmonic"`, "geometric and arithmetic"}},
		{[]string{"rank", "Bare", "--since", "yesterday"}, 2, []string{`--since is "yesterday"`, "2026-01-31"}},
		{[]string{"rank", "Bare", "--until", "2026-02-30"}, 2, []string{`--until is "2026-02-30"`}},
		{[]string{"rank", "Bare", "--since", "2026-02-01", "--until", "2026-01-01"}, 2, []string{"--until 2026-01-01 lies before --since 2026-02-01"}},
		{[]string{"authors", "Bare", "--until", "soon"}, 2, []string{`--until is "soon"`}},
		{[]string{"edges", "Bare", "--since", "soon"}, 2, []string{`--since is "soon"`}},
		{[]string{"edges", "Bare", "--kind", "likes"}, 2, []string{`--kind "likes"`, "mention, repost, reply, quote"}},
		{[]string{"rank", "Bare", "--where", "lang = klingon"}, 2, []string{`"klingon" is no language`, "Spanish"}},
		{[]string{"rank", "Bare", "--format", "xml"}, 2, []string{`--format is "xml"`, "table, csv, json"}},
		{[]string{"authors", "Bare", "--format", "xml"}, 2, []string{`--format is "xml"`}},
		{[]string{"edges", "Bare", "--format", "xml"}, 2, []string{`--format is "xml"`}},
		{[]string{"brand", "list", "--format", "xml"}, 2, []string{`--format is "xml"`}},
		{[]string{"rank", "Bare", "--limit", "-1"}, 2, []string{"cannot be negative"}},
		{[]string{"rank", "Bare", "--min-mentions", "-1"}, 2, []string{"cannot be negative"}},
		{[]string{"rank", "Bare", "--limit", "many"}, 2, []string{"--limit", "whole number"}},
		{[]string{"rank", "Bare", "--platform", "YouTube"}, 1, []string{"amendment", "youtube.derived_metrics_accepted"}},

		{[]string{"brand", "add", " "}, 2, []string{"needs a name"}},
		{[]string{"brand", "add", ".."}, 2, []string{"only dots", "addresses"}},
		{[]string{"brand", "add", "two\nlines"}, 2, []string{"line breaks"}},
		{[]string{"brand", "add", strings.Repeat("x", 201)}, 2, []string{"at most 200 characters, not 201"}},
		{[]string{"import", "--brand", "zero\u200bwidth", table}, 2, []string{"not visible"}},
		{[]string{"brand", "add", "café LUMBRE"}, 1, []string{"already"}},
		{[]string{"brand", "add", "New", "--query", "(tea"}, 2, []string{"not understood", "bracket"}},
		{[]string{"brand", "edit", "Bare"}, 2, []string{"nothing to change", "--query"}},
		{[]string{"brand", "edit", "Bare", "--query", "tea AND"}, 2, []string{"not understood"}},
		{[]string{"brand", "remove", "Bare"}, 2, []string{"every mention", "--yes", "adalid backup"}},
		{[]string{"brand", "remove", "Bare", "--yes=perhaps"}, 2, []string{"--yes", "true or false"}},
		{[]string{"brand", "test", "Bare", "text"}, 2, []string{"no query to test", "--query"}},
		{[]string{"brand", "test", "Bare", "text", "--query", "("}, 2, []string{"not understood"}},
		{[]string{"brand", "test", "Bare", "--query", "tea", "--file", filepath.Join(files, "absent.txt")}, 2, []string{"cannot read", "absent.txt"}},

		{[]string{"config", "check", settings}, 2, []string{settings + ":2:3: ", `unknown key "server.adress"`, `did you mean "server.address"`, settings + ":4:11: ", "balanced"}},
		{[]string{"config", "check", filepath.Join(files, "absent.yaml")}, 2, []string{"absent.yaml"}},
		{[]string{"--config", settings, "rank", "Bare"}, 2, []string{settings + ":2:3: "}},
		{[]string{"serve", "--address", "8080"}, 2, []string{"host:port"}},
		{[]string{"serve", "--address", "127.0.0.1:99999"}, 1, []string{"cannot listen on 127.0.0.1:99999"}},
		{[]string{"restore", table}, 2, []string{"table.csv", "not a whole backup", "nothing was changed"}},
		{[]string{"restore", filepath.Join(files, "absent.db")}, 2, []string{"absent.db", "cannot be read"}},
		{[]string{"backup", table}, 1, []string{"already exists"}},
		{[]string{"backup", filepath.Join(files, "no", "such", "folder.db")}, 1, []string{"cannot be written"}},
	}
	for _, c := range cases {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Parallel()
			r := cli(t, dir, "", c.args...)
			if r.code != c.code {
				t.Errorf("exit %d, want %d", r.code, c.code)
			}
			if r.out != "" {
				t.Errorf("stdout is not empty:\n%s", r.out)
			}
			if !strings.Contains("\n"+r.err, "\nadalid: ") {
				t.Errorf("no line on stderr begins with the program's name:\n%s", r.err)
			}
			for _, want := range c.want {
				if !strings.Contains(r.err, want) {
					t.Errorf("the message lacks %q:\n%s", want, r.err)
				}
			}
			for _, leak := range []string{"sqlite", "strconv", "goroutine", "%!"} {
				if strings.Contains(strings.ToLower(r.err), leak) {
					t.Errorf("the message tells of the inside (%q):\n%s", leak, r.err)
				}
			}
		})
	}
}

// TestRefusedCommandsChangeNothing: after all the refusals only what was asked
// for before is there.
func TestRefusedCommandsChangeNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "Bare")
	want := ok(t, dir, "brand", "list", "--json")
	source := write(t, []string{`{"post_id":"1","author":"a","text":"tea","created_at":"2026-01-01T00:00:00Z"}` + "\n"})
	for _, args := range [][]string{
		{"import", "--brand", "New", "--match", "query", source},
		{"import", "--brand", "New", "--map", "text=x", source},
		{"import", "--brand", "New", source + ".absent"},
		{"brand", "remove", "Bare"},
		{"brand", "edit", "Bare", "--query", "("},
		{"import", "--brand", "New", write(t, []string{"id,text,author,date\n", "1,tea,ann,03/04/2026\n"})},
		{"restore", source},
	} {
		if r := cli(t, dir, "", args...); r.code == 0 {
			t.Errorf("%v succeeded", args)
		}
	}
	if got := ok(t, dir, "brand", "list", "--json"); got != want {
		t.Errorf("brands were\n%sand are\n%s", want, got)
	}
}

func TestDataFolderThatIsAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(file, []byte("notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"rank", "B"}, {"brand", "list"}, {"brand", "add", "B"}, {"serve", "--address", "127.0.0.1:0"}} {
		r := cli(t, file, "", args...)
		if r.code != 1 || r.out != "" || !strings.Contains(r.err, "data folder") || !strings.Contains(r.err, "--data-dir") {
			t.Errorf("%v: exit %d\n%s%s", args, r.code, r.out, r.err)
		}
	}
	if r := cli(t, file, "", "doctor"); r.code != 1 || !strings.Contains(r.out, "ERROR   database: "+file) {
		t.Errorf("doctor: exit %d\n%s%s", r.code, r.out, r.err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "notes" {
		t.Errorf("the file holds %q now: %v", text, err)
	}
}

// unprivileged makes a command run as somebody whom permissions bind: root
// writes everywhere.
func unprivileged(cmd *exec.Cmd) {
	if os.Getuid() == 0 {
		cmd.Env = append(cmd.Env, "ADALID_TEST_UID="+strconv.Itoa(nobody))
	}
}

const nobody = 65534

// TestReadOnlyFolder: a folder that cannot be written gives a sentence, not a
// stack of causes, and stays as it is.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "adalid-readonly-*") // t.TempDir lies below folders of ours alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700) // it may be so already
		_ = os.RemoveAll(dir)
	})
	ok(t, dir, "brand", "add", "B")
	if err := os.Chmod(filepath.Join(dir, "adalid.db"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	source := write(t, []string{`{"post_id":"1","author":"a","text":"tea","created_at":"2026-01-01T00:00:00Z"}` + "\n"})
	for _, args := range [][]string{{"brand", "add", "C"}, {"rank", "B"}, {"import", "--brand", "B", "-"}} {
		for _, at := range []string{dir, filepath.Join(dir, "new")} {
			if args[0] == "rank" && at != dir {
				continue // reading makes no folder
			}
			cmd := child(t.Context(), at, args...)
			unprivileged(cmd)
			in, err := os.Open(source)
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stdin = in
			var errs strings.Builder
			cmd.Stderr = &errs
			out, err := cmd.Output()
			_ = in.Close() // only read from
			if cmd.ProcessState.ExitCode() != 1 || len(out) > 0 || !strings.Contains(errs.String(), "permissions") || strings.Contains(errs.String(), "SQLITE") {
				t.Errorf("%v in %s: %v\n%s%s", args, filepath.Base(at), err, out, errs.String())
			}
		}
	}
}
