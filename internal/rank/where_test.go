package rank_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// TestWhereEqualsLooking compares expressions with a look at each entry.
func TestWhereEqualsLooking(t *testing.T) {
	computes(t)
	m := invent(1, scope{people: 200, posts: 2500, days: 200, merged: true})
	all := rankOf(t, m, rank.Query{All: true})
	is := func(e rank.Entry, p adalid.Platform) bool {
		return slices.ContainsFunc(e.Person.Accounts, func(a adalid.Author) bool { return a.Platform == p })
	}
	day := morning.AddDate(0, 0, 100).Truncate(24 * time.Hour)
	date := day.Format(time.DateOnly)
	for text, want := range map[string]func(e rank.Entry) bool{
		"":                            func(rank.Entry) bool { return true },
		"score >= 30":                 func(e rank.Entry) bool { return e.Score.Total >= 30 },
		"Score<30 AND mentions > 4":   func(e rank.Entry) bool { return e.Score.Total < 30 && e.Evidence.Mentions > 4 },
		"not mentions in (1, 2,3)":    func(e rank.Entry) bool { return e.Evidence.Mentions > 3 },
		"mentions not in (1)":         func(e rank.Entry) bool { return e.Evidence.Mentions != 1 },
		"followers > 500":             func(e rank.Entry) bool { return e.Evidence.Followers != nil && *e.Evidence.Followers > 500 },
		"not followers > 500":         func(e rank.Entry) bool { return e.Evidence.Followers != nil && *e.Evidence.Followers <= 500 },
		"followers is unknown":        func(e rank.Entry) bool { return e.Evidence.Followers == nil },
		"not (followers is unknown)":  func(e rank.Entry) bool { return e.Evidence.Followers != nil },
		"views is not unknown":        func(e rank.Entry) bool { return e.Evidence.Views != nil },
		"platform = X":                func(e rank.Entry) bool { return is(e, "x") },
		"platform != x":               func(e rank.Entry) bool { return !is(e, "x") },
		"platform in (x, \"lemmy\")":  func(e rank.Entry) bool { return is(e, "x") || is(e, "lemmy") },
		"lang = Spanish":              func(e rank.Entry) bool { return mostWritten(m, e.Person.ID) == "es" },
		"lang in (inglés, \"spa\")":   func(e rank.Entry) bool { return slices.Contains([]string{"es", "en"}, mostWritten(m, e.Person.ID)) },
		"segment = critic":            func(e rank.Entry) bool { return e.Segment == rank.Critic },
		"sentiment < -.1":             func(e rank.Entry) bool { return e.Evidence.Sentiment != nil && *e.Evidence.Sentiment < -.1 },
		"handle ~ \"@H1\"":            func(e rank.Entry) bool { return handled(e, func(h string) bool { return strings.Contains(h, "h1") }) },
		"handle = @h12":               func(e rank.Entry) bool { return handled(e, func(h string) bool { return h == "h12" }) },
		"last < " + date:              func(e rank.Entry) bool { return e.Evidence.Last < day.Unix() },
		"last <= " + date:             func(e rank.Entry) bool { return e.Evidence.Last < day.Unix()+86400 },
		"first = " + date:             func(e rank.Entry) bool { return e.Evidence.First/86400 == day.Unix()/86400 },
		"first > " + date:             func(e rank.Entry) bool { return e.Evidence.First >= day.Unix()+86400 },
		"network is unknown":          func(e rank.Entry) bool { return e.Score.Parts[3].Value == nil || e.Score.Parts[3].Imputed },
		"reach>=.5 or network >= 0.5": func(e rank.Entry) bool { return atLeast(e, 2, .5) || atLeast(e, 3, .5) },
		"(mentions = 3 or mentions > 10) and not (platform = x or platform = lemmy)": func(e rank.Entry) bool {
			return (e.Evidence.Mentions == 3 || e.Evidence.Mentions > 10) && !is(e, "x") && !is(e, "lemmy")
		},
		"mentions = 5 or mentions > 9 and platform = x": func(e rank.Entry) bool { return e.Evidence.Mentions == 5 || e.Evidence.Mentions > 9 && is(e, "x") },
		"counterparts >= 3 and conversation > 0 and active_days > 1": func(e rank.Entry) bool {
			return e.Evidence.Counterparts != nil && *e.Evidence.Counterparts >= 3 && e.Evidence.Conversation > 0 && e.Evidence.ActiveDays > 1
		},
	} {
		got := rankOf(t, m, rank.Query{All: true, Where: text})
		wanted := []string{}
		for _, e := range all.Entries {
			if want(e) {
				wanted = append(wanted, e.Person.ID)
			}
		}
		if !slices.Equal(ids(got), wanted) || got.Total != len(wanted) || got.Filtered != all.Total-len(wanted) {
			t.Errorf("%q finds %d and leaves out %d, want %d of %d", text, got.Total, got.Filtered, len(wanted), all.Total)
		}
		if len(wanted) == 0 {
			t.Errorf("nobody meets %q, so nothing is tested", text)
		}
		page := rankOf(t, m, rank.Query{All: true, Where: text, Offset: 1, Limit: 2})
		if !slices.Equal(ids(page), wanted[min(1, len(wanted)):min(3, len(wanted))]) {
			t.Errorf("%q: the page is %v", text, ids(page))
		}
	}
}

func handled(e rank.Entry, is func(string) bool) bool {
	return slices.ContainsFunc(e.Person.Accounts, func(a adalid.Author) bool { return is(strings.ToLower(a.Handle)) })
}

func atLeast(e rank.Entry, part int, least float64) bool {
	p := e.Score.Parts[part]
	return p.Value != nil && !p.Imputed && *p.Value >= least
}

func TestWhereNamesThePlace(t *testing.T) {
	for text, want := range map[string]string{
		"scor > 1":                    "character 1: a field was expected",
		"score > 1 and ñ = 2":         "character 15: a field was expected",
		"score > 1 score < 3":         "character 11: here an and",
		"score":                       "character 6: a comparison was expected",
		"score ~ 3":                   "character 7: numbers and dates are compared",
		"lang > es":                   "character 6: texts are compared",
		"score >= high":               "character 10: score is compared with a number",
		"score >= NaN":                "character 10: score is compared with a number",
		"last > 2026-13-01":           "character 8: last is compared with a date",
		"segment = fan":               "character 11: segment is one of advocate, critic, unranked",
		"lang = \"es":                 "character 8: the quotation mark is not closed",
		"lang = ":                     "character 8: a value was expected",
		"lang in es":                  "character 9: in is followed by values in brackets",
		"lang in (es en)":             "character 13: values are separated by commas",
		"lang not = es":               "character 10: in is followed",
		"(score > 1":                  "character 11: a bracket is not closed",
		"score > 1)":                  "character 10: here an and",
		"score is 3":                  "character 10: after is comes unknown",
		"and":                         "character 1: a field was expected",
		"score > 1 or":                "character 13: a field was expected",
		"score ! 1":                   "character 7: a comparison was expected",
		strings.Repeat("(", 200):      "brackets and nots inside each other",
		strings.Repeat("not ", 200):   "brackets and nots inside each other",
		strings.Repeat("x", 2001):     "at most 2000 characters",
		mentionsOr(101):               "more than 100 comparisons",
		"\"score\" > 1":               "a field was expected",
		"mentions > 1 & mentions<3":   "character 14: here an and",
		"mentions in (1,2":            "character 17: values are separated",
		"mentions in ()":              "character 14: a value was expected",
		"platform = x and (lang=es))": "character 27: here an and",
	} {
		_, err := rank.ParseWhere(text)
		if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v; want %q", text, err, want)
		}
		if _, err := rank.New(rank.Options{Store: &memory{}}).Rank(ctx, "brand", rank.Query{Where: text}); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%.40q can be asked: %v", text, err)
		}
	}
	if _, err := rank.ParseWhere(`handle = "` + strings.Repeat("ж", 1989) + `"`); err != nil { // 2000 characters, of two bytes
		t.Error(err)
	}
	if _, err := rank.ParseWhere(mentionsOr(100)); err != nil {
		t.Error(err)
	}
}

func mentionsOr(n int) string { return strings.TrimSuffix(strings.Repeat("views>1 or ", n), " or ") }

func FuzzParseWhere(f *testing.F) {
	for _, text := range []string{
		"", "score >= 60 and followers < 5000", "not (lang in (es, ca) or handle ~ \"@a b\")", "last > 2026-01-31", "views is not unknown",
		"rfv = 55-", "((((", "segment = critic or", "\xff = 3", "mentions != 1e9",
	} {
		f.Add(text)
	}
	m := invent(1, scope{people: 60, posts: 300, days: 30})
	ranker := rank.New(rank.Options{Store: m})
	f.Fuzz(func(t *testing.T, text string) {
		_, err := rank.ParseWhere(text)
		if err != nil {
			if adalid.CodeOf(err) != adalid.Invalid {
				t.Fatal(err)
			}
			return
		}
		r, err := ranker.Rank(ctx, "brand", rank.Query{Where: text, All: true})
		if err != nil || r.Total+r.Filtered != r.People {
			t.Fatalf("%d listed and %d left out of %d: %v", r.Total, r.Filtered, r.People, err)
		}
	})
}

// TestGrid holds the cells to their cut points, to the fields of expressions,
// and to each other.
func TestGrid(t *testing.T) {
	m := habits(map[string][]int{
		"5_5": every(191, 200, 1), "5_4": every(192, 200, 2), "5_3": {190, 199, 200}, "4_2": {150, 192}, "4_1": {170}, "3_1": {169}, "3_5": every(90, 130, 4),
		"2_3": {20, 40, 60}, "1_1": {19}, "1_4": every(0, 16, 4),
	})
	ranker := rank.New(rank.Options{Store: m})
	for _, name := range []string{"5_5", "5_4", "5_3", "4_2", "4_1", "3_1", "3_5", "2_3", "1_1", "1_4"} {
		where := fmt.Sprintf("handle = %s and recency = %c and frequency = %c", name, name[0], name[2])
		if r, err := ranker.Rank(ctx, "brand", rank.Query{Where: where, All: true}); err != nil || r.Total != 1 {
			t.Errorf("%q finds %d (%v)", where, r.Total, err)
		}
	}
	for _, all := range []bool{false, true} {
		m := invent(4, scope{people: 200, posts: 2500, days: 200, merged: true})
		ranker := rank.New(rank.Options{Store: m})
		g, err := ranker.Grid(ctx, "brand", rank.Query{All: all})
		if err != nil {
			t.Fatal(err)
		}
		sum, values := g.Paid, [6]int{}
		for _, c := range g.Cells {
			where := fmt.Sprintf("recency = %d and frequency = %d", c.Recency, c.Frequency)
			if r, err := ranker.Rank(ctx, "brand", rank.Query{Where: where, All: all}); err != nil || r.Total != c.People {
				t.Errorf("%q finds %d, the cell has %d (%v)", where, r.Total, c.People, err)
			}
			in := 0
			for v, n := range c.Values {
				in += n
				values[v] += n
			}
			if in != c.People {
				t.Errorf("the values of %+v sum to %d", c, in)
			}
			sum += c.People
		}
		groups := g.Paid
		for _, x := range g.Groups {
			groups += x.People
			if x.Says.Say("es") == "" || x.Says.Say("en") == "" {
				t.Errorf("group %s has no words", x.Name)
			}
		}
		if sum != g.Total || groups != g.Total || len(g.Cells) != 25 || len(g.ValueCuts) != 4 {
			t.Errorf("cells hold %d, groups %d, the list %d", sum, groups, g.Total)
		}
		if r, err := ranker.Rank(ctx, "brand", rank.Query{Where: "value = 5", All: all}); err != nil || r.Total != values[5] || !all && (r.Total < g.Total/6 || r.Total > g.Total/4) {
			t.Errorf("%d of %d have the best value, cells say %d (%v)", r.Total, g.Total, values[5], err)
		}
	}
	few := &memory{version: 1, posts: m.posts[:20]}
	g, err := rank.New(rank.Options{Store: few}).Grid(ctx, "brand", rank.Query{All: true})
	if err != nil || len(g.ValueCuts) != 0 || g.Total == 0 {
		t.Errorf("few people: cuts %v of %d (%v)", g.ValueCuts, g.Total, err)
	}
	for _, c := range g.Cells {
		if c.Values[0] != c.People {
			t.Errorf("few people have values: %+v", c)
		}
	}
}

func TestSavedSegment(t *testing.T) {
	for name, want := range map[string]string{
		" ": "needs a name", "..": "only dots", "a\nb": "not visible", strings.Repeat("x", 101): "at most 100", "\xff": "not visible",
	} {
		if err := (rank.Saved{Name: name, Where: "views > 1"}).Check(); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for where, want := range map[string]string{" ": "needs a filter", "x": "character 1"} {
		if err := (rank.Saved{Name: "a", Where: where}).Check(); adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", where, err)
		}
	}
	s := rank.Saved{Name: "a/b", Where: "mentions = 1 or mentions = 2"}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

// TestSegmentAndExpression: both have to hold, and what is legal for either is
// legal together.
func TestSegmentAndExpression(t *testing.T) {
	m := invent(1, scope{people: 60, posts: 300, days: 30})
	joined := rankOf(t, m, rank.Query{All: true, Where: "(mentions = 3 or mentions = 4) and (mentions > 3 or platform = x)"})
	narrow, wide := "mentions = 3 or mentions = 4", "mentions > 3 or platform = x"
	if joined.Total == 0 || joined.Total == rankOf(t, m, rank.Query{All: true, Where: narrow}).Total {
		t.Fatalf("%d meet both: nothing is tested", joined.Total)
	}
	deep := strings.Repeat("(", 30) + narrow + strings.Repeat(")", 30)
	for _, segment := range []string{narrow, deep, narrow + strings.Repeat(" ", 2000-len(narrow))} {
		for _, where := range []string{wide, wide + strings.Repeat(" ", 2000-len(wide))} {
			got := rankOf(t, m, rank.Query{All: true, Segment: segment, Where: where})
			if !slices.Equal(ids(got), ids(joined)) || got.Filtered != joined.Filtered {
				t.Errorf("expressions of %d and %d characters find %d, want %d", len(segment), len(where), got.Total, joined.Total)
			}
		}
	}
	ranker := rank.New(rank.Options{Store: m})
	for _, q := range []rank.Query{{All: true, Safe: true, Where: wide}, {All: true, Safe: true, Where: wide, Segment: narrow}, {All: true, Safe: true, Where: narrow, Segment: wide}} {
		r, err := ranker.Rank(ctx, "brand", q)
		if fresh := rankOf(t, m, q); err != nil || !slices.Equal(ids(r), ids(fresh)) {
			t.Errorf("%q within %q differs when another was asked before: %d, %d (%v)", q.Where, q.Segment, r.Total, fresh.Total, err)
		}
	}
	if _, err := ranker.Rank(ctx, "brand", rank.Query{Segment: "x"}); adalid.CodeOf(err) != adalid.Invalid {
		t.Errorf("a segment that cannot be read gave %v", err)
	}
}
