package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/web/api"
)

// importJSON imports and checks that every row is accounted for: kept, known
// already, rejected or not about the brand.
func importJSON(t *testing.T, dir string, args ...string) importSummary {
	t.Helper()
	out := ok(t, dir, append([]string{"import", "--json"}, args...)...)
	var s importSummary
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v: not JSON: %v\n%s", args, err, out)
	}
	if s.Rows != s.New+s.Changed+s.Repeated+s.Rejected+s.Unmatched+s.Suppressed {
		t.Errorf("%v: %d rows are not %d new + %d changed + %d repeated + %d rejected + %d unmatched",
			args, s.Rows, s.New, s.Changed, s.Repeated, s.Rejected, s.Unmatched)
	}
	if !s.Complete || int64(len(s.Rejects)) != min(s.Rejected, rejectsShown) {
		t.Errorf("%v: complete %t, %d of %d rejects shown", args, s.Complete, len(s.Rejects), s.Rejected)
	}
	return s
}

func noticed(s importSummary, code collectors.NoticeCode) collectors.Notice {
	if i := slices.IndexFunc(s.Notices, func(n collectors.Notice) bool { return n.Code == code }); i >= 0 {
		return s.Notices[i]
	}
	return collectors.Notice{}
}

// TestTrapsAreNamed: every known trap of real data is met in a small invented
// file, named by code and in a sentence, and does to the figures what it says.
func TestTrapsAreNamed(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, file, text string
		args             []string
		code             collectors.NoticeCode
		count            int64
		sentence         []string
		rows, kept       int64  // rows read and mentions stored
		authors          string // column=value of an author, as author:column=value
	}{
		{
			name: "repost counters", file: "reposts.csv",
			text: "id,username,date,text,likes,retweets\n" +
				"1,ann,2026-01-01 10:00:00,I like tea,3,2\n" +
				"2,bob,2026-01-01 11:00:00,RT @cleo: tea for all,0,4500\n" +
				"3,bob,2026-01-01 12:00:00,RT @dora: tea!,0,700\n",
			code: collectors.RepostCounters, count: 2, sentence: []string{"reposts with the original's counters: 2", "not added"},
			rows: 3, kept: 3, authors: "bob:reposts_made=2",
		},
		{
			name: "repeated polls", file: "polls.jsonl",
			text: `{"post_id":"1","author":"ann","text":"tea","created_at":"2026-01-01T10:00:00Z","observed_at":"2026-01-02T00:00:00Z","likes":5}` + "\n" +
				`{"post_id":"1","author":"ann","text":"tea","created_at":"2026-01-01T10:00:00Z","observed_at":"2026-01-04T00:00:00Z","likes":7}` + "\n" +
				`{"post_id":"1","author":"ann","text":"tea","created_at":"2026-01-01T10:00:00Z","observed_at":"2026-01-03T00:00:00Z","likes":9}` + "\n",
			code: collectors.RepeatedPolls, count: 2, sentence: []string{"rows of posts that were known already (repeated polls): 2", "never summed"},
			rows: 3, kept: 1, authors: "ann:likes=7",
		},
		{
			name: "conflict markers", file: "conflict.csv",
			text: "id,username,date,text\n" +
				"<<<<<<< HEAD\n1,ann,2026-01-01 10:00:00,tea\n=======\n2,bob,2026-01-01 11:00:00,coffee\n>>>>>>> other\n",
			code: collectors.ConflictMarkers, count: 3, sentence: []string{"merge-conflict lines (<<<<<<<, =======, >>>>>>>): 3; dropped", "dropped", "conflict.csv: line 2"},
			rows: 2, kept: 2, authors: "ann:posts=1",
		},
		{
			name: "repeated headers", file: "headers.csv",
			text: "id,username,date,text\n1,ann,2026-01-01 10:00:00,tea\nid,username,date,text\n2,bob,2026-01-01 11:00:00,tea\n",
			code: collectors.RepeatedHeaders, count: 1, sentence: []string{"header lines inside the data: 1; dropped", "headers.csv: line 3"},
			rows: 2, kept: 2, authors: "bob:posts=1",
		},
		{
			name: "cut last line of a table", file: "cut.csv",
			text: "id,username,date,text,likes\n1,ann,2026-01-01 10:00:00,tea,1\n2,bob,2026-01-01 11:00:00,\"the te",
			code: collectors.CutLastLine, count: 1, sentence: []string{"end in the middle of a row", "dropped", "cut.csv: line 3"},
			rows: 1, kept: 1, authors: "ann:likes=1",
		},
		{
			name: "cut last line of JSON Lines", file: "cut.jsonl",
			text: `{"post_id":"1","author":"ann","text":"tea","created_at":"2026-01-01T10:00:00Z"}` + "\n" + `{"post_id":"2","author":"bob","text":"the te`,
			code: collectors.CutLastLine, count: 1, sentence: []string{"end in the middle of a row", "cut.jsonl: line 2"},
			rows: 1, kept: 1, authors: "ann:posts=1",
		},
		{
			name: "Windows-1252", file: "cp1252.csv",
			text: "id,username,name,date,text\n1,jose,Jos\xe9 \x93el t\xe9\x94,2026-01-01 10:00:00,un caf\xe9 \x80 3\n",
			code: collectors.Encoding, count: 1, sentence: []string{"not UTF-8: 1", "cp1252.csv: Windows-1252"},
			rows: 1, kept: 1, authors: "jose:posts=1",
		},
		{
			name: "UTF-16", file: "utf16.csv",
			text: utf16("id,username,name,date,text\n1,jose,José,2026-01-01 10:00:00,un café\n"),
			code: collectors.Encoding, count: 1, sentence: []string{"not UTF-8: 1", "utf16.csv: UTF-16"},
			rows: 1, kept: 1, authors: "jose:posts=1",
		},
		{
			name: "damaged ids", file: "damaged.csv",
			text: "id,username,date,text\n5.70306E+17,ann,2026-01-01 10:00:00,tea\n5.70306E+17,ann,2026-01-01 10:00:00,tea\n5.70306E+17,bob,2026-01-01 11:00:00,tea\n570306133677760513,cleo,2026-01-01 12:00:00,tea\n",
			code: collectors.DamagedIDs, count: 3, sentence: []string{"damaged ids (like 5.70306E+17): 3", "row 1: 5.70306E+17"},
			rows: 4, kept: 3, authors: "ann:posts=1",
		},
		{
			name: "rounded ids", file: "rounded.csv",
			text: "id,username,date,text\n1178665808886714400,a1,2026-01-01 10:00:00,tea\n1178657372094582800,a2,2026-01-01 10:00:00,tea\n" +
				"1178629887617359900,a3,2026-01-01 10:00:00,tea\n1177691667333292000,a4,2026-01-01 10:00:00,tea\n1177689661961056300,a5,2026-01-01 10:00:00,tea\n",
			code: collectors.RoundedIDs, count: 5, sentence: []string{"ids rounded by a spreadsheet or a float: 5", "kept as they are"},
			rows: 5, kept: 5, authors: "a4:posts=1",
		},
		{
			name: "unknown time", file: "timeless.jsonl",
			text: `{"post_id":"1","author":"ann","text":"tea","created_at":null}` + "\n" + `{"post_id":"2","author":"ann","text":"more tea","created_at":"2026-01-01T10:00:00Z"}` + "\n",
			code: collectors.UnknownTime, count: 1, sentence: []string{"mentions without a creation time: 1"},
			rows: 2, kept: 2, authors: "ann:posts=2",
		},
		{
			name: "future", file: "ahead.csv",
			text: "id,username,date,text\n1,ann,2199-01-02 10:00:00,tea\n2,ann,2026-01-01 10:00:00,more tea\n3,ann," +
				time.Now().UTC().Add(20*time.Hour).Format("2006-01-02 15:04:05") + ",tea tomorrow\n",
			code: collectors.FutureTime, count: 1, sentence: []string{"mentions dated in the future: 1", "row 1: 2199-01-02"},
			rows: 3, kept: 3, authors: "ann:posts=3",
		},
		{
			name: "lost characters", file: "lost.csv",
			text: "id,username,date,text\n1,ann,2026-01-01 10:00:00,tea \uFFFD\uFFFD time\n",
			code: collectors.BrokenText, count: 1, sentence: []string{"texts that lost characters before they reached us: 1", "row 1"},
			rows: 1, kept: 1, authors: "ann:posts=1",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			s := importJSON(t, dir, "--brand", "Tea", path)
			if n := noticed(s, c.code); n.Count != c.count || len(n.Examples) > 3 {
				t.Errorf("notice %+v, want %d × %s; all: %+v", n, c.count, c.code, s.Notices)
			}
			if s.Rows != c.rows || s.New != c.kept || s.Rejected != 0 {
				t.Errorf("%d rows, %d new, %d rejected; want %d rows, %d new", s.Rows, s.New, s.Rejected, c.rows, c.kept)
			}
			author, cell, _ := strings.Cut(c.authors, ":")
			column, value, _ := strings.Cut(cell, "=")
			counts := keyed(t, table(t, ok(t, dir, "authors", "Tea", "--format", "csv")), "Tea", "author")
			if got := counts[author][column]; got != value {
				t.Errorf("%s of %s is %q, want %s", column, author, got, value)
			}

			words := cli(t, t.TempDir(), "", "import", "--brand", "Tea", path)
			if words.code != 0 || words.out != "" {
				t.Errorf("exit %d, stdout %q", words.code, words.out)
			}
			for _, want := range c.sentence {
				if !strings.Contains(words.err, want) {
					t.Errorf("the summary lacks %q:\n%s", want, words.err)
				}
			}

			again := importJSON(t, dir, "--brand", "Tea", path)
			if again.New != 0 || again.Changed != 0 || again.Repeated != c.rows {
				t.Errorf("imported again: %+v", again)
			}
		})
	}
}

func utf16(text string) string {
	out := []byte{0xff, 0xfe}
	for _, r := range text {
		out = append(out, byte(r), byte(r>>8))
	}
	return string(out)
}

// TestNamesSurviveEncodings: what was not UTF-8 arrives as it was meant.
func TestNamesSurviveEncodings(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"cp1252": "id,username,name,date,text\n1,jose,Jos\xe9 \x93T\xe9\x94,2026-01-01 10:00:00,caf\xe9\n",
		"utf16":  utf16("id,username,name,date,text\n1,jose,José “Té”,2026-01-01 10:00:00,café\n"),
		"bom":    "\ufeffid,username,name,date,text\n1,jose,José “Té”,2026-01-01 10:00:00,café\n",
	} {
		dir := t.TempDir()
		importJSON(t, dir, "--brand", "Tea", write(t, []string{text}), "--format", "csv")
		list := decode[api.AdvocateList](t, ok(t, dir, "rank", "Tea", "--json"))
		if len(list.Items) != 1 || *list.Items[0].Accounts[0].Name != "José “Té”" {
			t.Errorf("%s: people %+v", name, list.Items)
		}
	}
}

// TestRejectedRows: rows that cannot be used stop nothing, are explained and
// written to --rejects with what stood there.
func TestRejectedRows(t *testing.T) {
	t.Parallel()
	dir, rejects := t.TempDir(), filepath.Join(t.TempDir(), "bad.jsonl")
	lines := []string{"id,username,date,text,likes,team\n", "1,ann,2026-01-01 10:00:00,tea,1,Tea\n"}
	for i := range 7 {
		lines = append(lines, fmt.Sprintf("%d,bob,not a day,tea,1,Tea\n", i+10))
	}
	lines = append(lines, "3,cleo,2026-01-01 10:00:00,tea,1,\n", "4,dora,2026-01-01 10:00:00,tea,1,Tea\n")
	source := write(t, lines)
	s := importJSON(t, dir, "--brand-column", "team", "--rejects", rejects, "--format", "csv", source)
	if s.Rows != 10 || s.New != 2 || s.Rejected != 8 {
		t.Errorf("summary %+v", s)
	}
	raw, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for line := range strings.Lines(string(raw)) {
		r := decode[collectors.Reject](t, line)
		fields = append(fields, r.Field)
		if r.Reason == "" || r.Row == 0 || r.Raw == "" {
			t.Errorf("reject %+v: want row, reason and what stood there", r)
		}
	}
	if len(fields) != 8 || slices.Index(fields, "brand") < 0 {
		t.Errorf("rejected for %q", fields)
	}

	words := cli(t, t.TempDir(), "", "import", "--brand-column", "team", "--format", "csv", source)
	for _, want := range []string{"8 rejected", "row 2 (line 3)", "not a day", "--rejects bad.jsonl"} {
		if !strings.Contains(words.err, want) {
			t.Errorf("the summary lacks %q:\n%s", want, words.err)
		}
	}
	if strings.Contains(words.err, "row 7") {
		t.Errorf("all rejects are listed:\n%s", words.err)
	}
	if r := cli(t, t.TempDir(), "", "import", "--brand", "Tea", "--rejects", filepath.Join(rejects, "x"), source); r.code != 2 || !strings.Contains(r.err, "cannot write --rejects") {
		t.Errorf("rejects that cannot be written: %+v", r)
	}
}

// TestHeaderAlone: a file without rows is told, and columns without a name are
// shown as such.
func TestHeaderAlone(t *testing.T) {
	t.Parallel()
	r := cli(t, t.TempDir(), "", "import", "--brand", "Tea", write(t, []string{",id,username,date,text,favorited\n"}))
	if r.code != 0 || !strings.Contains(r.err, "There are no rows to import") || !strings.Contains(r.err, "not used: (no name), favorited\n") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
}

// TestCutArchive: an archive that ends early is no whole import, though what it
// gave is stored, and the files after it are read.
func TestCutArchive(t *testing.T) {
	t.Parallel()
	rng, lines := rand.New(rand.NewPCG(1, 2)), []string{}
	for i := range 400 { // that hardly pack
		lines = append(lines, fmt.Sprintf(`{"post_id":"%d","author":"u%d","text":"tea %x %x","created_at":"2026-01-01T10:00:00Z","lang":"en"}`+"\n", i+1, rng.Uint64(), rng.Uint64(), rng.Uint64()))
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := io.WriteString(z, strings.Join(lines, "")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.jsonl.gz")
	if err := os.WriteFile(cut, packed.Bytes()[:packed.Len()/2], 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for range 2 {
		r := cli(t, dir, "", "import", "--json", "--brand", "Tea", cut, write(t, fewRows))
		s := decode[importSummary](t, r.out)
		missing := noticed(s, collectors.CutArchive)
		if r.code != 2 || s.Complete || missing.Count != 1 || noticed(s, collectors.CutLastLine).Count != 0 {
			t.Fatalf("exit %d, %+v", r.code, s)
		}
		if want := fmt.Sprintf("cut.jsonl.gz after row %d", s.Rows-5); s.Rows < 50 || missing.Examples[0] != want || !strings.Contains(r.err, "adalid: the archive is cut off; what comes after is missing: "+want) {
			t.Errorf("%d rows; %q lacks %s", s.Rows, r.err, want)
		}
	}
	if n := strings.Count(ok(t, dir, "export", "Tea", "mentions", "--format", "jsonl"), `"adalid_export"`); n < 50 {
		t.Errorf("%d mentions are stored", n)
	}
}

// TestDeletedPosts: a notice that a post was deleted takes it out again,
// wherever the two stand in the file and in whatever file they stand.
func TestDeletedPosts(t *testing.T) {
	t.Parallel()
	tweet := func(id, user string) string {
		return `{"id_str":"` + id + `","full_text":"tea","created_at":"Thu Jan 01 10:00:00 +0000 2026","lang":"en","user":{"id_str":"` + user + `","screen_name":"` + user + `"}}` + "\n"
	}
	const deletion = `{"delete":{"status":{"id_str":"12","user_id_str":"bob"}}}` + "\n"
	want := t.TempDir()
	ok(t, want, "import", "--brand", "Tea", write(t, []string{tweet("11", "ann"), tweet("13", "cleo")}))
	for name, files := range map[string][]string{
		"before":       {deletion + tweet("11", "ann") + tweet("12", "bob") + tweet("13", "cleo")},
		"after":        {tweet("11", "ann") + tweet("12", "bob") + tweet("13", "cleo") + deletion},
		"another file": {tweet("11", "ann") + tweet("12", "bob") + tweet("13", "cleo"), deletion + tweet("13", "cleo")},
	} {
		dir := t.TempDir()
		var s importSummary
		for _, text := range files {
			s = importJSON(t, dir, "--brand", "Tea", "--format", "tweets-v1", write(t, []string{text}))
		}
		if n := noticed(s, collectors.DeletedPosts); n.Count != 1 {
			t.Errorf("%s: notices %+v", name, s.Notices)
		}
		same(t, "deletion "+name, everything(t, want, "Tea"), everything(t, dir, "Tea"))
		if differences(t, dir) != 0 {
			t.Errorf("%s: the roll-ups differ from the mentions", name)
		}
	}
}

// TestEveryRowRejected: a file without a usable row is a failure that says why
// and creates no brand; a brand that was there stays as it was.
func TestEveryRowRejected(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := write(t, []string{"id,username,date,text\n", "1,ann,some day,tea\n", "2,bob,any day,tea\n"})
	for range 2 {
		r := cli(t, dir, "", "import", "--brand", "New", "--format", "csv", source)
		if r.code != 1 || !strings.Contains(r.err, "adalid: none of the 2 rows could be used") || !strings.Contains(r.err, "some day") || strings.Contains(r.err, "is new") {
			t.Errorf("%+v", r)
		}
		if r := cli(t, dir, "", "import", "--json", "--brand", "New", "--format", "csv", source); r.code != 1 || !strings.Contains(r.out, `"rejected":2`) || !strings.Contains(r.out, `"complete":false`) {
			t.Errorf("%+v", r)
		}
		if out := ok(t, dir, "brand", "list", "--format", "csv"); strings.Contains(out, "New") {
			t.Errorf("a brand is left behind:\n%s", out)
		}
	}
	ok(t, dir, "brand", "add", "New")
	if r := cli(t, dir, "", "import", "--brand", "New", "--format", "csv", source); r.code != 1 || !strings.Contains(r.err, "none of the 2 rows") {
		t.Errorf("%+v", r)
	}
	ok(t, dir, "brand", "show", "New")
}

// TestRowsOfRealFiles: in every file of the development data, as found, rows
// not rejected are kept or reported as repeats, and its traps are named.
func TestRowsOfRealFiles(t *testing.T) {
	data := sharedData(t)
	named := map[string][]collectors.NoticeCode{
		"airline.csv.gz":                {collectors.RepeatedPolls},
		"demonetization-tweets.csv.gz":  {collectors.RepostCounters, collectors.DamagedIDs, collectors.Encoding, collectors.RepeatedPolls},
		"3_Data_Cleansing_8M.csv.gz":    {collectors.RepostCounters},
		"tweets_latinR.csv.gz":          {collectors.ConflictMarkers, collectors.RepeatedHeaders, collectors.RoundedIDs, collectors.RepeatedPolls},
		"tweets_latinr_conf.csv.gz":     {collectors.ConflictMarkers, collectors.RoundedIDs},
		"FIFA.csv.gz":                   {collectors.CutLastLine, collectors.RepostCounters},
		"hacker_news.csv.gz":            {},
		"vaccination_tweets.csv.gz":     {},
		"tweets170820-50.csv.gz":        {collectors.RepeatedPolls},
		"vaccination_all_tweets.csv.gz": {collectors.DamagedIDs, collectors.Encoding, collectors.BrokenText},
	}
	maps := map[string]string{
		"FIFA.csv.gz": "author=Name", "vaccination_tweets.csv.gz": "author={user_name}|{user_created}",
		"vaccination_all_tweets.csv.gz": "author={user_name}|{user_created}",
	}
	files, err := filepath.Glob(filepath.Join(data, "mentions", "*", "*.gz"))
	if err != nil || len(files) != len(named) {
		t.Fatalf("%d files, %d expected: %v", len(files), len(named), err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := []string{"--no-sentiment", "--brand", "B", path}
			if m := maps[name]; m != "" {
				args = append(args, "--map", m)
			}
			s := importJSON(t, t.TempDir(), args...)
			if s.Rejected != 0 || s.Unmatched != 0 || s.New == 0 {
				t.Errorf("summary %+v", s)
			}
			codes, ok := named[name]
			if !ok {
				t.Errorf("a file nobody expected: %+v", s.Notices)
			}
			for _, code := range codes {
				if noticed(s, code).Count == 0 {
					t.Errorf("%s is not named: %+v", code, s.Notices)
				}
			}
		})
	}
}
