package rank_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

// checkExplained holds an entry and a pair to what scoring.md section 4 says.
func checkExplained(t *testing.T, a, b rank.Entry) {
	t.Helper()
	sum := 0.0
	for _, p := range a.Score.Parts {
		sum += p.Share
	}
	if math.Abs(sum-a.Score.Total) > 1e-9 {
		t.Fatalf("shares sum to %v, the score is %v", sum, a.Score.Total)
	}
	r := a.Score.Receipt(scoring.Basis{})
	if got := r.Recompute(); math.Float64bits(got) != math.Float64bits(a.Score.Total) {
		t.Fatalf("the receipt gives %v, the score is %v", got, a.Score.Total)
	}
	v := rank.Compare(a, b)
	product, points := 1.0, 0.0
	last := math.Inf(1)
	for _, d := range v.Differences {
		product *= d.Ratio
		points += d.Points
		if w := math.Abs(math.Log(d.Ratio)) + math.Abs(d.Points); w > last {
			t.Fatalf("%+v are not in order", v.Differences)
		} else {
			last = w
		}
	}
	if a.Score.Blend == scoring.Arithmetic {
		if math.Abs(points-v.Points) > 1e-9 || product != 1 {
			t.Fatalf("differences add up to %v, the scores differ by %v", points, v.Points)
		}
	} else if want := a.Score.Total / b.Score.Total; math.Abs(product/want-1) > 1e-9 || v.Ratio != want {
		t.Fatalf("ratios multiply to %v, the scores are as %v", product, want)
	}
}

// randomSignals invents accounts, with anything unknown.
func randomSignals(r *rand.Rand) []scoring.Signals {
	maybe := func(most float64) *float64 {
		if r.IntN(4) == 0 {
			return nil
		}
		return new(math.Pow(r.Float64(), 4) * most)
	}
	list := make([]scoring.Signals, 1+r.IntN(2))
	for i := range list {
		s := scoring.Signals{
			Platform: []string{"x", "mastodon", "lemmy"}[r.IntN(3)], Effective: r.ExpFloat64() * 5, ActiveDays: r.ExpFloat64() * 3,
			Engagement: r.ExpFloat64() * 100, EngagementPosts: float64(r.IntN(6)), Views: maybe(1e6), Followers: maybe(1e7),
		}
		if r.IntN(3) > 0 {
			s.SentimentWeight = 1 + float64(r.IntN(20))
			s.SentimentSum = s.SentimentWeight * (2*r.Float64() - 1)
			s.LangWeights = map[string]float64{[]string{"es", "en"}[r.IntN(2)]: 1}
		}
		if s.Platform != "lemmy" {
			s.PageRank, s.Counterparts, s.Bridging = maybe(50), maybe(200), maybe(.99)
			if s.PageRank == nil {
				s.Counterparts, s.Bridging = nil, nil
			}
		}
		list[i] = s
	}
	return list
}

// TestExplanationsOfRandomPeople: 10,000 random pairs of each blend.
func TestExplanationsOfRandomPeople(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	people := make([][]scoring.Signals, 2000)
	for i := range people {
		people[i] = randomSignals(r)
	}
	scale := scoring.Fit(people)
	for _, blend := range []scoring.Blend{scoring.Geometric, scoring.Arithmetic} {
		for range 10_000 {
			w := scoring.Weights{r.Float64(), r.Float64(), r.Float64(), r.Float64()}
			a, b := scale.Score(people[r.IntN(2000)], w, blend), scale.Score(people[r.IntN(2000)], w, blend)
			checkExplained(t, rank.Entry{Score: &a}, rank.Entry{Score: &b})
		}
	}
}

// TestExplanationsOfRankings: pairs of whole rankings, with every query.
func TestExplanationsOfRankings(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 5))
	for seed := range uint64(3) {
		m := invent(seed, scope{people: 150, posts: 900, days: 60, merged: seed == 1})
		for name, q := range queries() {
			q.All = true
			entries := rankOf(t, m, q).Entries
			if len(entries) == 0 || entries[0].Score == nil {
				continue
			}
			t.Run(fmt.Sprint(seed, " ", name), func(t *testing.T) {
				for range 400 {
					checkExplained(t, entries[r.IntN(len(entries))], entries[r.IntN(len(entries))])
				}
			})
		}
	}
}

// TestSignalsMakeTheComponents: what an explanation says a score was made from
// gives its components again, for everybody.
func TestSignalsMakeTheComponents(t *testing.T) {
	for seed := range uint64(3) {
		m := invent(seed, scope{people: 120, posts: 900, days: 60, merged: seed > 0})
		ranker := rank.New(rank.Options{Store: m})
		q := rank.Query{All: true}
		list, err := ranker.Rank(ctx, "brand", q)
		if err != nil || len(list.Entries) < 40 {
			t.Fatal(len(list.Entries), err)
		}
		var people [][]scoring.Signals
		for _, e := range list.Entries {
			why, err := ranker.Why(ctx, "brand", e.Person.ID, "", q)
			if err != nil {
				t.Fatal(err)
			}
			if len(why.Signals) != len(e.Person.Accounts) || why.Entry.Rank != e.Rank {
				t.Fatalf("%d signals of %d accounts, place %d instead of %d", len(why.Signals), len(e.Person.Accounts), why.Entry.Rank, e.Rank)
			}
			people = append(people, why.Signals)
		}
		scale := scoring.Fit(people)
		for i, e := range list.Entries {
			c := scale.Components(people[i])
			for k, p := range e.Score.Parts {
				if c.Known[k] != (p.Value != nil) || p.Value != nil && math.Abs(c.Value[k]-*p.Value) > 1e-9 {
					t.Fatalf("%s of %s is %v, its signals give %v", p.Name, e.Person.ID, p.Value, c.Value[k])
				}
			}
		}
	}
}

// TestWhyProves: every claim about posts is shown by posts of the person, in
// both languages, and a comparison says the biggest reason first.
func TestWhyProves(t *testing.T) {
	m := invent(2, scope{people: 120, posts: 1500, days: 60, platforms: []adalid.Platform{"x", "mastodon"}})
	ranker := rank.New(rank.Options{Store: m})
	list, err := ranker.Rank(ctx, "brand", rank.Query{All: true})
	if err != nil {
		t.Fatal(err)
	}
	other := list.Entries[len(list.Entries)-1].Person.ID
	for _, e := range list.Entries[:40] {
		why, err := ranker.Why(ctx, "brand", e.Person.ID, other, rank.Query{})
		if err == nil {
			err = ranker.Prove(ctx, m, &why, rank.Query{})
		}
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, c := range why.Claims {
			seen[c.Component] = true
			for _, lang := range []string{"en", "es"} {
				if said := c.Say(lang); said == "" || strings.ContainsAny(said, "{}") || strings.Contains(said, "NaN") {
					t.Errorf("%s in %s is %q", c.Code, lang, said)
				}
			}
			bare := map[string]bool{"place": true, "share": true, "imputed": true, "left_out": true, "network": true, "bridges": true, "active_only": true}
			if len(c.Posts) == 0 && !bare[c.Code] {
				t.Errorf("no post shows %q of %s", c.Say("en"), e.Person.ID)
			}
			for _, p := range c.Posts {
				if p.Person != e.Person.ID && c.Code != "network" && c.Code != "bridges" {
					t.Errorf("%q is shown by a post of %s", c.Say("en"), p.Person)
				}
			}
		}
		for _, name := range scoring.Names {
			if !seen[name] {
				t.Errorf("nothing is said of %s", name)
			}
		}
		said := why.Versus.Reasons[0].Say("es")
		if first := why.Versus.Differences[0]; first.Ratio != 1 && !strings.Contains(said, map[string]string{"affinity": "afinidad ×", "volume": "volumen ×", "reach": "alcance ×", "network": "red ×"}[first.Component]) {
			t.Errorf("%q does not say %+v", said, first)
		}
	}
}

// TestSayFormula: what is written computes the score again, whatever the blend and
// whatever is left out.
func TestSayFormula(t *testing.T) {
	value := func(v float64) *float64 { return &v }
	s := scoring.Score{Total: 63.24, Blend: scoring.Geometric, Parts: [4]scoring.Part{
		{Name: "affinity", Weight: .25, Value: value(.81)},
		{Name: "volume", Weight: .5, Value: value(.5)},
		{Name: "reach", Weight: .25, Value: value(.123456)},
		{Name: "network"},
	}}
	for _, c := range []struct {
		blend      scoring.Blend
		lang, want string
	}{
		{scoring.Geometric, "en", "score 63.2 = 100 × affinity 0.81^0.25 × volume 0.5^0.5 × reach 0.12346^0.25"},
		{scoring.Arithmetic, "es", "puntuación 63,2 = 100 × (0,25 × afinidad 0,81 + 0,5 × volumen 0,5 + 0,25 × alcance 0,12346)"},
	} {
		s.Blend = c.blend
		if got := rank.SayFormula(s, c.lang); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestSay: what numbers, days and forms look like in each language.
func TestSay(t *testing.T) {
	at := time.Date(2026, 9, 5, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		code   string
		values []any
		lang   string
		want   string
	}{
		{"engagement", []any{int64(1234567), 1}, "es", "1.234.567 reacciones en 1 publicación (las republicaciones cuentan doble)."},
		{"reactions", []any{int64(1)}, "en", "1 reaction in total (reposts count twice)."},
		{"affinity", []any{1, .5, .25}, "en", "Speaks well of the brand: +0.50 on average over 1 post (from −1 to +1); +0.25 adjusted for recency and sample size."},
		{"undecided", []any{2, -.05, .1}, "es", "Ni claramente a favor ni en contra de la marca: −0,05 de media en 2 publicaciones (de −1 a +1); +0,10 al ajustar por antigüedad y tamaño de la muestra."},
		{"critic", []any{3, -.78, -.5}, "es", "No habla bien de la marca: −0,78 de media en 3 publicaciones (de −1 a +1). Conviene responder, no invitar."},
		{"status_shortlisted", []any{at}, "en", "Shortlisted on Sep 5, 2026."},
		{"status_shortlisted", []any{at}, "es", "Persona preseleccionada el 5 sept 2026."},
		{"most_active", []any{"Mastodon", 5, 7}, "es", "Donde más participa es Mastodon: 5 de 7 publicaciones."},
		{"nothing", nil, "en", ""},
	} {
		if got := (rank.Reason{Code: c.code, Values: c.values}).Say(c.lang); got != c.want {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
}

// TestCompareSays who scores higher, whichever is asked about, and enough
// decimals of what makes it.
func TestCompareSays(t *testing.T) {
	named := func(handle string, total float64, values ...float64) rank.Entry {
		s := scoring.Score{Total: total, Blend: scoring.Geometric}
		for i, v := range values {
			s.Parts[i] = scoring.Part{Name: scoring.Names[i], Weight: .25, Value: &v}
		}
		return rank.Entry{Person: adalid.Person{Accounts: []adalid.Author{{Handle: handle}}}, Score: &s}
	}
	a, near, far := named("a", 64.88, .52, .6, .7, .8), named("b", 62.4, .5, .6, .7, .7), named("c", 40, .1, .6, .7, .6)
	twin := named("d", 64.9, .53, .59, .7, .8)
	for _, c := range []struct {
		one, other rank.Entry
		want       string
	}{
		{a, near, "@a scores higher than @b (64.9 vs 62.4): network ×1.034, affinity ×1.010."},
		{near, a, "@b scores lower than @a (62.4 vs 64.9): network ×0.967, affinity ×0.990."},
		{a, far, "@a scores higher than @c (64.9 vs 40.0): affinity ×1.51, network ×1.07."},
		{a, twin, "@a and @d score practically the same (64.9 vs 64.9): affinity ×0.995, volume ×1.004."},
		{a, a, "@a and @a have the same score, 64.9, and no component differs."},
	} {
		if got := rank.Compare(c.one, c.other).Reasons[0].Say("en"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestFindPerson by id, handle, former handle and platform; several are listed.
func TestFindPerson(t *testing.T) {
	m := &memory{version: 1}
	add := func(platform adalid.Platform, person, key, handle string) {
		m.posts = append(m.posts, post{platform: platform, person: person, key: key, handle: handle, id: fmt.Sprint(len(m.posts)), at: morning.Unix() + int64(len(m.posts)), lang: "en", copy: 1})
	}
	add("x", "p1", "k1", "Ana")
	add("mastodon", "p2", "k2", "ana")
	add("x", "p3", "k3", "old")
	add("x", "p3", "k3", "New")
	add("x", "p4", "k4", "p1")
	add("youtube", "p5", "k5", "tube")
	ranker := rank.New(rank.Options{Store: m})
	for name, want := range map[string]string{
		"p1": "p1", "@p1": "p4", "x:ana": "p1", "Mastodon:@ANA": "p2", "new": "p3", "@OLD": "p3", "x:k3": "p3", "youtube:tube": "p5", "@tube": "p5",
	} {
		if got, err := ranker.FindPerson(ctx, "brand", name, rank.Query{}); got != want || err != nil {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}
	_, err := ranker.FindPerson(ctx, "brand", "@ana", rank.Query{})
	if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), "x:Ana (id p1), mastodon:ana (id p2)") {
		t.Errorf("two are called so: %v", err)
	}
	for name, want := range map[string]adalid.Code{
		"nobody": adalid.NotFound, "mastodon:New": adalid.NotFound,
		"": adalid.Invalid, " @": adalid.Invalid, "x:": adalid.Invalid, "x/@": adalid.Invalid, // else whoever shows no name
	} {
		if id, err := ranker.FindPerson(ctx, "brand", name, rank.Query{}); adalid.CodeOf(err) != want {
			t.Errorf("%q is %q: %v", name, id, err)
		}
	}
}
