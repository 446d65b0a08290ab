package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/demo"
	"adalid/internal/store"
	"adalid/web/api"
)

// stored puts a few invented mentions of a brand named Tea into a database.
func stored(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	ok(t, dir, "import", "--brand", "Tea", write(t, fewRows))
	return dir
}

var fewRows = []string{
	`{"post_id":"1","author":"u1","handle":"Ann","text":"I love @teahouse","created_at":"2026-01-01T10:00:00Z","likes":3,"reposts":1,"mentions":["teahouse"],"lang":"en"}` + "\n",
	`{"post_id":"2","author":"u2","handle":"bob","text":"RT @ann: I love tea","created_at":"2026-01-02T10:00:00Z","likes":90,"reposts":70,"is_repost":true,"repost_of":"ann","lang":"en"}` + "\n",
	`{"post_id":"3","author":"u2","handle":"bob","text":"tea is fine","created_at":"2026-01-02T11:00:00Z","lang":"en"}` + "\n",
	`{"post_id":"4","author":"u3","handle":null,"name":"Cleo","text":"té por favor","created_at":"2026-01-03T10:00:00Z","likes":0,"lang":"es","platform":"mastodon"}` + "\n",
	`{"post_id":"5","author":"u4","handle":"teahouse","text":"new tea!","created_at":"2026-01-04T10:00:00Z","brand_account":true,"lang":"en"}` + "\n",
}

func decode[T any](t testing.TB, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	return v
}

// TestFewMentions: five mentions give people with evidence and no score, in
// every format.
func TestFewMentions(t *testing.T) {
	t.Parallel()
	dir := stored(t)

	list := decode[api.AdvocateList](t, ok(t, dir, "rank", "tea", "--json"))
	if !list.TooFew || list.Brand != "Tea" || len(list.Items) != 3 || notes(list)["own_accounts_left_out"] != 1 || list.Counts.Mentions != 3 {
		t.Errorf("too few %t, %d people of %s, counts %v", list.TooFew, len(list.Items), list.Brand, list.Notes)
	}
	for _, p := range list.Items {
		if p.Score.V != nil || p.Segment != "unranked" || p.Evidence.Mentions != 1 || p.Evidence.Last == nil || p.ID == "" {
			t.Errorf("person %+v: want evidence and no score", p)
		}
		if p.Accounts[0].Key == "u4" {
			t.Error("the brand's own account is a candidate")
		}
	}
	if ann := list.Items[slices.IndexFunc(list.Items, func(p api.Advocate) bool { return p.Accounts[0].Key == "u1" })]; *ann.Evidence.Engagement != 5 || ann.Evidence.Followers != nil {
		t.Errorf("evidence of u1: %+v; want 3 likes + 2·1 reposts, followers unknown", ann.Evidence)
	}

	rows := csvRowsOf(t, ok(t, dir, "rank", "Tea", "--format", "csv", "--all"))
	if len(rows) != 4 {
		t.Fatalf("%d rows, want the header and 3 people", len(rows))
	}
	for _, row := range rows[1:] {
		if strings.Join(row[4:9], "") != "" || row[9] != "unranked" || row[1] != "Tea" {
			t.Errorf("row %q: want no score and no component", row)
		}
	}

	text := ok(t, dir, "rank", "Tea")
	for _, want := range []string{"Too few to rank", "30 people", "100 mentions", "@Ann", "@bob", "Cleo", "as of "} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "@teahouse") || strings.Contains(text, "\x1b[") {
		t.Errorf("the table names the brand's own account, or has colours in a file:\n%s", text)
	}
}

// notes gives the counts of a list's notes by code.
func notes(list api.AdvocateList) map[string]int64 {
	counts := map[string]int64{}
	for _, n := range list.Notes {
		counts[n.Code] = n.Count
	}
	return counts
}

func csvRowsOf(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestEmptyBrand: nothing stored is said in words, and stays valid in every
// format.
func TestEmptyBrand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if r := cli(t, dir, "", "brand", "list"); r.code != 1 || r.out != "" || !strings.Contains(r.err, "adalid import --brand") {
		t.Errorf("brand list without brands: %+v", r)
	}
	ok(t, dir, "brand", "add", "Tea")
	if out := ok(t, dir, "rank", "Tea"); !strings.Contains(out, "Nobody to list") {
		t.Errorf("rank says %q", out)
	}
	if out := ok(t, dir, "authors", "Tea", "--json"); len(decode[[]any](t, out)) != 0 {
		t.Errorf("authors says %q", out)
	}
	if out := ok(t, dir, "edges", "Tea", "--format", "csv"); out != "kind,brand,src_author,dst_handle,weight\n" {
		t.Errorf("edges says %q", out)
	}
	if list := decode[api.AdvocateList](t, ok(t, dir, "rank", "Tea", "--json")); !list.TooFew || list.Items == nil || len(list.Items) != 0 {
		t.Errorf("rank answers %+v", list)
	}
}

func TestExactCounts(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	want := `brand,author,handle,posts,own,reposts_made,likes,reposts,replies,quotes,views,followers_max,following_last,first,last,days,brand_account,out_w,out_deg,in_w,in_deg,rp_in_w,rp_in_deg
Tea,u1,Ann,1,1,0,3,1,,,,,,2026-01-01T10:00:00Z,2026-01-01T10:00:00Z,1,false,1,1,0,0,1,1
Tea,u2,bob,2,1,1,,,,,,,,2026-01-02T10:00:00Z,2026-01-02T11:00:00Z,1,false,0,0,0,0,0,0
Tea,u3,,1,1,0,0,,,,,,,2026-01-03T10:00:00Z,2026-01-03T10:00:00Z,1,false,0,0,,,,
Tea,u4,teahouse,1,1,0,,,,,,,,2026-01-04T10:00:00Z,2026-01-04T10:00:00Z,1,true,0,0,1,1,0,0
`
	got := csvRowsOf(t, ok(t, dir, "authors", "Tea", "--format", "csv"))
	slices.SortFunc(got[1:], func(a, b []string) int { return strings.Compare(a[1], b[1]) })
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(got); err != nil {
		t.Fatal(err)
	}
	same(t, "authors", want, out.String())
	same(t, "edges", "kind,brand,src_author,dst_handle,weight\nmention,Tea,u1,teahouse,1\nrepost,Tea,u2,ann,1\n", ok(t, dir, "edges", "Tea", "--format", "csv"))

	rows := decode[[]map[string]any](t, ok(t, dir, "authors", "Tea", "--json"))
	for _, row := range rows {
		if row["author"] == "u2" && (row["likes"] != nil || row["followers_max"] != nil) {
			t.Errorf("what the source does not say is %v and %v, want null", row["likes"], row["followers_max"])
		}
		if _, ok := row["posts"].(float64); !ok {
			t.Errorf("posts is %T, want a number", row["posts"])
		}
	}
	if table := ok(t, dir, "authors", "Tea", "--platform", "MASTODON", "--lang", "ES"); !strings.Contains(table, "u3") || strings.Contains(table, "u1") {
		t.Errorf("authors of one platform and language, in capitals:\n%s", table)
	}
	if list := decode[api.AdvocateList](t, ok(t, dir, "rank", "Tea", "--platform", "Mastodon", "--lang", "ES", "--json")); len(list.Items) != 1 {
		t.Errorf("%d people of one platform and language, in capitals", len(list.Items))
	}
}

// TestDemoRanking looks at a whole ranking: the invented brand's.
func TestDemoRanking(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var words bytes.Buffer
	a := &app{streams: streams{strings.NewReader(""), &words, &words}, now: time.Now}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 { // the second finds something stored and leaves it alone
		if err := a.loadDemo(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(words.String(), "nobody in it exists"); n != 1 {
		t.Errorf("said %d times that it is invented:\n%s", n, words.String())
	}
	brands, err := s.Brands(t.Context())
	if err != nil || len(brands) != 1 || !brands[0].Demo {
		t.Fatalf("brands %+v: %v", brands, err)
	}
	brand := brands[0].Name

	t.Run("csv", func(t *testing.T) {
		text := ok(t, dir, "rank", brand, "--all", "--format", "csv")
		if header, _, _ := strings.Cut(text, "\n"); header != "rank,brand,author,handle,score,affinity,volume,reach,network,segment,score_low,score_high,score_safe,rank_first,rank_last,top_20,small_sample,flags" {
			t.Errorf("header %s", header)
		}
		critics, last := 0, 101.0
		for i, row := range csvRowsOf(t, text)[1:] {
			score := decode[float64](t, row[4])
			if score < 0 || score > 100 {
				t.Errorf("row %d: score %s", i, row[4])
			}
			for _, part := range row[5:9] {
				if v := decode[float64](t, part); v < 0 || v > 1 {
					t.Errorf("row %d: component %s", i, part)
				}
			}
			switch {
			case row[9] == "critic" && critics == 0:
				critics, last = 1, 101 // a list of their own, after everybody else
			case row[9] == "critic":
				critics++
			case row[9] != "advocate" || critics > 0:
				t.Errorf("row %d: segment %q after %d critics", i, row[9], critics)
			}
			if score > last {
				t.Errorf("row %d: score %g after %g", i, score, last)
			}
			if low, high := decode[float64](t, row[10]), decode[float64](t, row[11]); low > score || score > high || (row[13] == "") != (critics > 0) {
				t.Errorf("row %d: score %g in %v", i, score, row[10:])
			}
			last = score
		}
		if critics == 0 {
			t.Error("no critics with --all")
		}
		if rest := ok(t, dir, "rank", brand, "--format", "csv", "--limit", "0"); strings.Contains(rest, ",critic,") {
			t.Error("critics without --all")
		}
	})

	t.Run("safe", func(t *testing.T) {
		last := 101.0
		for i, row := range csvRowsOf(t, ok(t, dir, "rank", brand, "--safe", "--format", "csv"))[1:] {
			safe := decode[float64](t, row[12])
			if safe > last {
				t.Errorf("row %d: at least %g after %g", i, safe, last)
			}
			last = safe
		}
		if text := ok(t, dir, "rank", brand, "--safe", "--limit", "3"); !strings.Contains(text, "at least with 90 % chance") {
			t.Errorf("the table does not say its order:\n%s", text)
		}
	})

	t.Run("table", func(t *testing.T) {
		text := ok(t, dir, "rank", brand, "--limit", "7")
		if !strings.Contains(text, brand) || !strings.Contains(text, "as of ") || !strings.Contains(text, "█") || !strings.Contains(text, "critics") {
			t.Errorf("the table lacks something:\n%s", text)
		}
		if n := strings.Count(text, "@"); n < 7 || strings.Contains(text, "\x1b") {
			t.Errorf("%d handles, or colours in a file:\n%s", n, text)
		}
	})

	t.Run("json", func(t *testing.T) {
		list := decode[api.AdvocateList](t, ok(t, dir, "rank", brand, "--limit", "5", "--json", "--preset", "true-fans", "--blend", "arithmetic"))
		if len(list.Items) != 5 || list.TooFew || list.Receipt.Blend != "arithmetic" || list.Counts.Total <= 5 || list.Receipt.AsOf == nil {
			t.Errorf("answer %+v", list)
		}
		w := list.Receipt.Weights
		if sum := w.Affinity + w.Volume + w.Reach + w.Network; sum < .999 || sum > 1.001 {
			t.Errorf("weights %v", w)
		}
	})

	t.Run("as it was invented", func(t *testing.T) {
		list := decode[api.AdvocateList](t, ok(t, dir, "rank", brand, "--limit", "26", "--json"))
		world, err := demo.Invent(demo.Options{Seed: demoSeed, Until: time.Now().UTC()})
		if err != nil {
			t.Fatal(err)
		}
		found := map[demo.Role]int{}
		for _, p := range list.Items {
			for _, a := range p.Accounts {
				role := world.Roles[demo.RoleKey(adalid.Platform(a.Platform), a.Key)]
				found[role]++
				switch role {
				case "":
					t.Errorf("%s on %s was not invented", a.Key, a.Platform)
				case demo.Bot, demo.OwnAccount, demo.Staff, demo.Agency, demo.Critic, demo.RivalFan, demo.AngryCelebrity:
					if *p.Rank <= 20 {
						t.Errorf("a %s is number %d", role, *p.Rank)
					}
				}
			}
		}
		t.Logf("the first %d: %v", len(list.Items), found)
		if found[demo.Advocate] < 15 || found[demo.Advocate]+found[demo.Connector] < 22 {
			t.Errorf("the first %d are %v; want mostly advocates, and connectors", len(list.Items), found)
		}
	})

	t.Run("own accounts", func(t *testing.T) {
		list := decode[api.AdvocateList](t, ok(t, dir, "rank", brand, "--limit", "3", "--json"))
		byHandle, byKey := list.Items[0].Accounts[0], list.Items[1].Accounts[0]
		marks := []string{"@" + strings.ToUpper(*byHandle.Handle), "author:" + byKey.Key}
		ok(t, dir, append([]string{"brand", "own-account", "--brand", brand}, marks...)...)
		all := ok(t, dir, "rank", brand, "--all", "--format", "csv")
		counts := keyed(t, table(t, ok(t, dir, "authors", brand, "--format", "csv")), brand, "author")
		for _, gone := range []api.Account{byHandle, byKey} {
			if strings.Contains(all, ","+gone.Key+",") {
				t.Errorf("%s is still ranked", gone.Key)
			}
			if counts[gone.Key]["brand_account"] != "true" {
				t.Errorf("%s is not in authors as the brand's own: %v", gone.Key, counts[gone.Key])
			}
		}
		if !strings.Contains(all, ","+list.Items[2].Accounts[0].Key+",") {
			t.Error("somebody else is gone from the ranking")
		}
		ok(t, dir, append([]string{"brand", "own-account", "--remove", "--brand", brand}, marks...)...)
		again := decode[api.AdvocateList](t, ok(t, dir, "rank", brand, "--limit", "3", "--json"))
		if again.Items[0].ID != list.Items[0].ID || again.Items[1].ID != list.Items[1].ID {
			t.Error("taking the mark away does not bring them back")
		}
	})
}
