package main

import (
	"math"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/demo"
	"adalid/scoring"
	"adalid/web/api"
)

// TestExplanationsOfSets: through the product, over development sets, shares sum
// to the score, receipts recompute to the last bit after the way through JSON,
// and for 10,000 random pairs the ratios multiply to that of the scores.
func TestExplanationsOfSets(t *testing.T) {
	long(t)
	data := sharedData(t)
	for _, set := range []string{"airline", "es_8m", "pfizer", "hackernews"} {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ok(t, dir, "import", "--brand-column", "brand", filepath.Join(data, "mentions", set+".jsonl.gz"))
			r := rand.New(rand.NewPCG(5, 1))
			for _, blend := range []string{"geometric", "arithmetic"} {
				var people []api.Advocate
				var of []int // brand of each
				for n, b := range decode[[]map[string]any](t, ok(t, dir, "brand", "list", "--json")) {
					list := decode[api.AdvocateList](t, ok(t, dir, "rank", b["brand"].(string), "--all", "--json", "--blend", blend))
					for _, p := range list.Items {
						if p.Score.V != nil {
							checkReceipt(t, list.Receipt, p)
							people, of = append(people, p), append(of, n)
						}
					}
				}
				pairs := 0
				for range 400_000 {
					i, j := r.IntN(len(people)), r.IntN(len(people))
					if of[i] != of[j] {
						continue
					}
					checkPair(t, people[i], people[j], blend)
					if pairs++; pairs == 10_000 {
						break
					}
				}
				if pairs < 10_000 {
					t.Errorf("only %d pairs of %d people", pairs, len(people))
				}
			}
		})
	}
}

func checkReceipt(t *testing.T, r api.Receipt, p api.Advocate) {
	t.Helper()
	receipt := scoring.Receipt{Formula: r.Formula, Blend: scoring.Blend(r.Blend)}
	sum := 0.0
	for i, part := range p.Score.V.Parts {
		receipt.Weights[i], receipt.Components[i] = part.Weight, part.Value
		sum += part.Share
	}
	if got := receipt.Recompute(); math.Float64bits(got) != math.Float64bits(p.Score.V.Total) {
		t.Fatalf("%s: the receipt gives %v, the score is %v", p.ID, got, p.Score.V.Total)
	}
	if math.Abs(sum-p.Score.V.Total) > 1e-9 {
		t.Fatalf("%s: shares sum to %v, the score is %v", p.ID, sum, p.Score.V.Total)
	}
}

func checkPair(t *testing.T, a, b api.Advocate, blend string) {
	t.Helper()
	score := func(p api.Advocate) scoring.Score {
		s := scoring.Score{Total: p.Score.V.Total, Blend: scoring.Blend(blend)}
		for i, part := range p.Score.V.Parts {
			s.Parts[i] = scoring.Part{Value: part.Value, Weight: part.Weight}
		}
		return s
	}
	x, y := score(a), score(b)
	product, sum := 1.0, 0.0
	for _, v := range scoring.Ratios(x, y) {
		product *= v
		sum += v
	}
	if blend == "geometric" && math.Abs(product/(x.Total/y.Total)-1) > 1e-9 || blend == "arithmetic" && math.Abs(sum-(x.Total-y.Total)) > 1e-9 {
		t.Fatalf("%s and %s: ratios %v, scores %v and %v", a.ID, b.ID, scoring.Ratios(x, y), x.Total, y.Total)
	}
}

// TestWhy: the terminal and the API say the same; the posts exist and are the
// person's; sentences come in both languages.
func TestWhy(t *testing.T) {
	long(t)
	t.Parallel()
	dir := demoStored(t)
	list := decode[api.AdvocateList](t, ok(t, dir, "rank", demo.Brand, "--all", "--json"))
	server := serve(t, dir, nil)
	for n, place := range []int{0, 7, 120, len(list.Items) - 1} {
		p, other := list.Items[place], list.Items[3+n]
		text := ok(t, dir, "why", demo.Brand, p.ID, "--versus", other.ID, "--include", "automated,repeaters,circle", "--json")
		w := decode[api.Why](t, text)
		if w.Advocate.ID != p.ID || *w.Advocate.Rank != place+1 || w.Advocate.Score.V.Total != p.Score.V.Total || w.Versus.V.Advocate.ID != other.ID || !w.Demo {
			t.Fatalf("why of place %d: %+v", place+1, w.Advocate)
		}
		product := 1.0
		for _, d := range w.Versus.V.Differences {
			product *= d.Ratio
		}
		if math.Abs(product/(p.Score.V.Total/other.Score.V.Total)-1) > 1e-9 || *w.Versus.V.Ratio != p.Score.V.Total/other.Score.V.Total {
			t.Errorf("ratios multiply to %v", product)
		}
		posts := 0
		for _, c := range w.Claims {
			posts += len(c.Posts)
			if c.Words.ES == "" || c.Words.EN == "" || c.Words.ES == c.Words.EN {
				t.Errorf("%s: %+v", c.Code, c.Words)
			}
			for _, m := range c.Posts {
				if m.Person != p.ID && c.Code != "network" && c.Code != "bridges" || m.Repost {
					t.Errorf("%s is shown by %s of %s", c.Code, m.ID, m.Person)
				}
				if c.Code == "affinity" && *m.Sentiment < 0 && len(c.Posts) == 1 {
					t.Errorf("praise is shown by %s: %v", m.ID, *m.Sentiment)
				}
			}
		}
		if posts == 0 {
			t.Error("no posts")
		}
		table := ok(t, dir, "why", demo.Brand, p.ID, "--versus", other.ID, "--include", "automated,repeaters,circle", "--words", "es")
		for _, want := range []string{"puesto " + number(float64(place+1)), "aporta", w.Versus.V.Words[0].ES, w.Claims[1].Words.ES, "fórmula", "puntuación", "a fecha de"} {
			if !strings.Contains(table, want) {
				t.Errorf("the table lacks %q:\n%s", want, table)
			}
		}
		if got := server.get("/api/v1/brands/" + demo.Brand + "/advocates/" + p.ID + "/why?include=automated,repeaters,circle&versus=" + other.ID); len(decode[api.Why](t, got).Claims) != len(w.Claims) || !strings.Contains(got, w.Versus.V.Words[0].EN) {
			t.Errorf("the API says %.500s", got)
		}
	}
	handle := "@" + *list.Items[0].Accounts[0].Handle
	if w := decode[api.Why](t, ok(t, dir, "why", demo.Brand, handle, "--json")); w.Advocate.ID != list.Items[0].ID || w.Versus.V != nil {
		t.Errorf("%s is %s", handle, w.Advocate.ID)
	}
	rows := csvRowsOf(t, ok(t, dir, "why", demo.Brand, handle, "--format", "csv", "--words", "es"))
	if rows[0][4] != "words" || !strings.Contains(rows[1][4], "puntos: puesto 1") {
		t.Errorf("CSV %q", rows[:2])
	}
	for want, arguments := range map[string][]string{
		"no such person":          {"@nobody.at.all"},
		"--words is \"fr\"":       {handle, "--words", "fr"},
		"needs a BRAND and a":     {},
		"the filter expression":   {handle, "--where", "score >"},
		"derived-metrics":         {handle, "--platform", "youtube"},
		"a person is named by id": {handle, "--versus", "@nobody.at.all"},
	} {
		if got := cli(t, dir, "", append([]string{"why", demo.Brand}, arguments...)...); got.code == 0 || !strings.Contains(got.err, want) || got.out != "" {
			t.Errorf("why %v: exit %d, %q", arguments, got.code, got.err)
		}
	}
	if out := ok(t, stored(t), "why", "Tea", "@bob", "--versus", "@ann"); !strings.Contains(out, "Too few people or posts to rank") || !strings.Contains(out, "no scores to compare") {
		t.Errorf("few people: %s", out)
	}
}

// TestViewsOfTheDemo: views find people of the role they ask for, and say the
// same in every format and language.
func TestViewsOfTheDemo(t *testing.T) {
	long(t)
	t.Parallel()
	dir := demoStored(t)
	world, err := demo.Invent(demo.Options{Seed: demoSeed, Until: demoUntil()})
	if err != nil {
		t.Fatal(err)
	}
	server := serve(t, dir, nil)
	for _, v := range api.Views().Items {
		text := ok(t, dir, "views", demo.Brand, v.Name, "--limit", "20", "--json")
		got := decode[api.View](t, text)
		if got.Name != v.Name || got.Says != v.Says || (got.Empty == nil) != (got.Total > 0) || len(got.Items) != min(20, got.Total) {
			t.Errorf("%s: %d of %d people, empty %v", v.Name, len(got.Items), got.Total, got.Empty)
		}
		roles := map[demo.Role]int{}
		for _, m := range got.Items {
			a := m.Person.Accounts[0]
			roles[world.Roles[demo.RoleKey(adalid.Platform(a.Platform), a.Key)]]++
			if len(m.Reasons) == 0 {
				t.Errorf("%s: no reason for %s", v.Name, m.Person.ID)
			}
		}
		switch v.Name {
		case "critics":
			if n := roles[demo.Critic] + roles[demo.RivalFan] + roles[demo.AngryCelebrity]; n < 15 {
				t.Errorf("critics are %v", roles)
			}
		case "connectors":
			if roles[demo.Connector] < 6 {
				t.Errorf("connectors are %v", roles)
			}
		case "defenders", "positive", "answers", "new", "cooling":
			if got.Total == 0 {
				t.Errorf("nobody is %s", v.Name)
			}
		}
		if roles[demo.OwnAccount]+roles[demo.Staff] > 0 {
			t.Errorf("%s has own people: %v", v.Name, roles)
		}
		path := "/api/v1/brands/" + demo.Brand + "/views/" + v.Name
		if page := decode[api.View](t, server.get(path+"?limit=20")); page.Total != got.Total || len(page.Items) != len(got.Items) || len(got.Items) > 0 && page.Items[0].Person.ID != got.Items[0].Person.ID {
			t.Errorf("%s: the API has %d people", v.Name, page.Total)
		} else if page.NextCursor != nil {
			next := decode[api.View](t, server.get(path+"?limit=20&cursor="+*page.NextCursor))
			if len(next.Items) == 0 || *next.Items[0].Person.Rank != 21 {
				t.Errorf("%s: the second page begins with %+v", v.Name, next.Items)
			}
		}
		table := ok(t, dir, "views", demo.Brand, v.Name, "--words", "es")
		if !strings.Contains(table, v.Says.ES) || got.Empty != nil && !strings.Contains(table, got.Empty.ES) || len(got.Items) > 0 && !strings.Contains(table, printable(got.Items[0].Reasons[0].ES)) {
			t.Errorf("%s in Spanish:\n%s", v.Name, table)
		}
		if rows := csvRowsOf(t, ok(t, dir, "views", demo.Brand, v.Name, "--limit", "0", "--format", "csv")); len(rows) != got.Total+1 {
			t.Errorf("%s: %d rows of CSV for %d people", v.Name, len(rows), got.Total)
		}
	}
	if list := ok(t, dir, "views", demo.Brand, "--words", "es"); !strings.Contains(list, "Personas críticas a las que se escucha") {
		t.Errorf("the views are\n%s", list)
	}
	if got := cli(t, dir, "", "views", demo.Brand, "best"); got.code != 2 || !strings.Contains(got.err, "rising, cooling") {
		t.Errorf("no such view: %d %s", got.code, got.err)
	}
}

// TestSegmentsOfTheDemo saves, lists, asks and forgets, in the terminal and over
// the API.
func TestSegmentsOfTheDemo(t *testing.T) {
	long(t)
	t.Parallel()
	dir := demoStored(t)
	if r := cli(t, dir, "", "segments", "list", demo.Brand); r.code != 0 || r.out != "" || !strings.Contains(r.err, "segments save") {
		t.Errorf("no segments: %+v", r)
	}
	const where = "(recency >= 4 and frequency >= 4) and not platform = reddit"
	ok(t, dir, "segments", "save", demo.Brand, "Fieles / cerca", where)
	if out := ok(t, dir, "segments", "show", demo.Brand, "fieles / CERCA"); !strings.Contains(out, where) {
		t.Error(out)
	}
	if rows := csvRowsOf(t, ok(t, dir, "segments", "list", demo.Brand, "--format", "csv")); len(rows) != 2 || rows[1][1] != where {
		t.Errorf("%q", rows)
	}
	members := decode[api.AdvocateList](t, ok(t, dir, "segments", "members", demo.Brand, "Fieles / cerca", "--json", "--limit", "0", "--include", "automated,repeaters,circle"))
	ranked := decode[api.AdvocateList](t, ok(t, dir, "rank", demo.Brand, "--all", "--json", "--where", where))
	if members.Counts.Total == 0 || members.Counts.Total != ranked.Counts.Total || members.Items[5].ID != ranked.Items[5].ID || notes(members)["filtered_out"] == 0 {
		t.Errorf("%d members, %d by the expression", members.Counts.Total, ranked.Counts.Total)
	}
	for _, p := range members.Items {
		if slices.ContainsFunc(p.Accounts, func(a api.Account) bool { return a.Platform == "reddit" }) {
			t.Errorf("%s is on reddit", p.ID)
		}
	}
	narrower := decode[api.AdvocateList](t, ok(t, dir, "segments", "members", demo.Brand, "Fieles / cerca", "--json", "--limit", "0", "--where", "score >= 60"))
	if n := narrower.Counts.Total; n == 0 || n >= members.Counts.Total {
		t.Errorf("%d of %d score 60", n, members.Counts.Total)
	}
	server := serve(t, dir, nil)
	path := "/api/v1/brands/" + demo.Brand + "/segments/" + url.PathEscape("Fieles / cerca")
	if got := decode[api.AdvocateList](t, server.get(path+"/members?limit=200&include=automated,repeaters,circle")); got.Counts.Total != members.Counts.Total {
		t.Errorf("the API has %d members", got.Counts.Total)
	}
	long := url.QueryEscape("score >= 60" + strings.Repeat(" ", 1980))
	if got := decode[api.AdvocateList](t, server.get(path+"/members?limit=200&where="+long)); got.Counts.Total != narrower.Counts.Total {
		t.Errorf("of %d members that score 60 the API has %d", narrower.Counts.Total, got.Counts.Total)
	}
	grid := decode[api.Grid](t, ok(t, dir, "segments", "rfv", demo.Brand, "--all", "--json"))
	champions := 0
	for _, c := range grid.Cells {
		if c.Recency >= 4 && c.Frequency >= 4 {
			champions += c.People
		}
	}
	if grid.Groups[0].Name != "champions" || grid.Groups[0].People != champions || champions < members.Counts.Total {
		t.Errorf("groups %+v, cells %d", grid.Groups, champions)
	}
	if table := ok(t, dir, "segments", "rfv", demo.Brand, "--words", "es"); !strings.Contains(table, "Publicaron en los últimos 30 días") {
		t.Error(table)
	}
	for want, arguments := range map[string][]string{
		"character 1: a field":   {"save", demo.Brand, "x", "charm > 1"},
		"needs a name":           {"save", demo.Brand, " ", "score > 1"},
		"there is no segment":    {"members", demo.Brand, "none"},
		"there is no segment \"": {"remove", demo.Brand, "none"},
		"needs a BRAND, a NAME":  {"save", demo.Brand, "x"},
	} {
		if got := cli(t, dir, "", append([]string{"segments"}, arguments...)...); got.code == 0 || !strings.Contains(got.err, want) {
			t.Errorf("segments %v: exit %d, %q", arguments, got.code, got.err)
		}
	}
	ok(t, dir, "segments", "remove", demo.Brand, "fieles / cerca")
	if r := cli(t, dir, "", "segments", "show", demo.Brand, "Fieles / cerca"); r.code != 1 {
		t.Errorf("%+v", r)
	}
}

// TestVoiceAndRivals: two brands side by side, and the fans of the other one.
func TestVoiceAndRivals(t *testing.T) {
	t.Parallel()
	dir := stored(t)
	ok(t, dir, "import", "--no-sentiment", "--brand", "Coffee", generated(t, 3000, 300))
	ok(t, dir, "brand", "edit", "Tea", "--rival", "coffee")
	if b := decode[map[string]any](t, ok(t, dir, "brand", "show", "Tea", "--json")); b["rivals"].([]any)[0] != "Coffee" {
		t.Errorf("%v", b)
	}
	v := decode[api.View](t, ok(t, dir, "views", "Tea", "rivals", "--json"))
	if v.Empty == nil || v.Total != 0 { // nobody's sentiment is known
		t.Errorf("%+v", v)
	}
	rows := csvRowsOf(t, ok(t, dir, "voice", "--since", "2000-01-01", "--until", "2030-01-01", "--format", "csv"))
	if len(rows) != 3 || rows[1][0] != "Coffee" || rows[2][0] != "Tea" || rows[2][1] != "3" || rows[2][5] != "" || rows[1][6] != "1" {
		t.Errorf("%q", rows)
	}
	if got := cli(t, dir, "", "voice", "tea", "coffee"); got.code != 0 || !strings.Contains(got.err, "Tea: too few people") || !strings.Contains(got.out, "%") {
		t.Errorf("%+v", got)
	}
	if got := cli(t, dir, "", "voice", "tea", "Tea"); got.code != 2 || !strings.Contains(got.err, "named twice") {
		t.Errorf("%+v", got)
	}
	if got := cli(t, dir, "", "brand", "edit", "Tea", "--rival", "Milk"); got.code != 1 || !strings.Contains(got.err, "there is no brand") {
		t.Errorf("%+v", got)
	}
	ok(t, dir, "brand", "edit", "Tea", "--rival", "")
	if v := decode[api.View](t, ok(t, dir, "views", "Tea", "rivals", "--json")); !strings.Contains(v.Empty.EN, "No competitor is named") {
		t.Errorf("%+v", v.Empty)
	}
}
