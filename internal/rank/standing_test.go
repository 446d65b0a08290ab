package rank_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// judgedWorld has standings by key of the account.
type judgedWorld struct {
	*memory
	of map[string]rank.Standing
	v  int64
}

func (k *judgedWorld) State(ctx context.Context, brand string) (rank.State, error) {
	s, err := k.memory.State(ctx, brand)
	s.Standing = k.v
	return s, err
}

func (k *judgedWorld) AccountStandings(_ context.Context, _ string, yield func(rank.Standing) error) error {
	list, _ := k.accounts()
	for _, a := range list {
		if st, ok := k.of[a.Key]; ok {
			st.Account = a.ID
			if err := yield(st); err != nil {
				return err
			}
		}
	}
	return nil
}

// crowd are 40 people with three posts each, one an hour.
func crowd() *judgedWorld {
	m := &memory{version: 1}
	for i := range 40 {
		key := fmt.Sprintf("k%02d", i)
		for n := range 3 {
			m.posts = append(m.posts, post{platform: "x", person: "p-" + key, key: key, handle: key, id: fmt.Sprint(i, n), lang: "en", at: int64(86400*(100+n) + 60*i), copy: 1})
		}
	}
	return &judgedWorld{memory: m, of: map[string]rank.Standing{}, v: 1}
}

func (k *judgedWorld) ask(t *testing.T, q rank.Query) rank.Ranking {
	t.Helper()
	r, err := rank.New(rank.Options{Store: k, Standing: k}).Rank(t.Context(), "b", q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func find(r rank.Ranking, person string) (rank.Entry, bool) {
	i := slices.IndexFunc(r.Entries, func(e rank.Entry) bool { return e.Person.ID == person })
	if i < 0 {
		return rank.Entry{}, false
	}
	return r.Entries[i], true
}

// TestWhoIsLeftOut: from the line on and not below it, with reasons where they
// are shown, and each person under one reason.
func TestWhoIsLeftOut(t *testing.T) {
	yes, no, staff, none := true, false, "staff", ""
	why := rank.Said{Automated: []rank.Clue{{Code: "days-old", Weight: 1, Values: []int64{3}}}}
	called := rank.Said{Organisation: []rank.Clue{{Code: "impersonal", Weight: .5}, {Code: rank.NameClues[0], Weight: 4}}}
	k := crowd()
	k.of = map[string]rank.Standing{
		"k00": {Judged: true, Automated: .80, Said: why},
		"k01": {Judged: true, Automated: .799, Said: why},
		"k02": {Judged: true, Automated: .29},
		"k03": {Judged: true, Automated: .95, Genuine: &yes},
		"k04": {Judged: true, Genuine: &no},
		"k05": {Judged: true, Automated: .95, Role: &staff},
		"k06": {Judged: true, Said: rank.Said{Circle: []rank.Suggestion{{Role: "agency", Probability: .9}}}},
		"k07": {Judged: true, Role: &none, Said: rank.Said{Circle: []rank.Suggestion{{Role: "agency", Probability: .9}}}},
		"k08": {Judged: true, Organisation: .5, Said: called},
		"k09": {Judged: true, Organisation: .79, Said: rank.Said{Organisation: called.Organisation[:1]}},
		"k10": {Judged: true, Organisation: .49},
		"k12": {Judged: true, Organisation: .8},
		"k11": {Judged: true, Organisation: .95, Genuine: &yes},
	}
	r := k.ask(t, rank.Query{})
	if want := (rank.Absent{Circle: 1, Automated: 2, Organisations: 2}); r.Absent != want || r.Total != 35 || r.Unjudged != 27 {
		t.Errorf("left out %+v of %d listed, %d not judged", r.Absent, r.Total, r.Unjudged)
	}
	for person, flag := range map[string]rank.FlagCode{"p-k01": rank.FlagAutomated, "p-k02": "", "p-k03": rank.FlagGenuine, "p-k06": rank.FlagCircle, "p-k07": "", "p-k09": rank.FlagOrganisation, "p-k10": ""} {
		e, ok := find(r, person)
		got := rank.FlagCode("")
		if len(e.Flags) > 0 {
			got = e.Flags[0].Code
		}
		if !ok || got != flag || len(e.Flags) > 1 {
			t.Errorf("%s: listed %t with %+v, want %q", person, ok, e.Flags, flag)
		}
	}
	all := k.ask(t, rank.Query{Include: rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true}})
	if all.Total != 40 || all.Absent != (rank.Absent{}) {
		t.Errorf("all: %d, %+v", all.Total, all.Absent)
	}
	if e, _ := find(all, "p-k00"); len(e.Flags) != 1 || len(e.Flags[0].Reasons) != 1 || *e.Flags[0].Probability != .80 {
		t.Errorf("no reason: %+v", e.Flags)
	}
	if e, _ := find(all, "p-k05"); len(e.Flags) != 2 || !e.Flags[0].Team || e.Flags[0].Role != "staff" {
		t.Errorf("staff: %+v", e.Flags)
	}
	shops := k.ask(t, rank.Query{Include: rank.Include{Organisations: true}})
	if want := (rank.Absent{Circle: 1, Automated: 2}); shops.Absent != want || shops.Total != 37 {
		t.Errorf("with organisations: %+v, %d", shops.Absent, shops.Total)
	}
	if e, ok := find(shops, "p-k08"); !ok || len(e.Flags) != 1 || e.Flags[0].Code != rank.FlagOrganisation {
		t.Errorf("a shop is listed %t with %+v", ok, e.Flags)
	}
	if e, ok := find(r, "p-k11"); !ok || len(e.Flags) != 2 {
		t.Errorf("a shop that the team vouches for is listed %t with %+v", ok, e.Flags)
	}
	ranker := rank.New(rank.Options{Store: k, Standing: k})
	d, err := ranker.Person(t.Context(), "b", "p-k00", rank.Query{})
	if err != nil || d.Entry.Rank != 0 || len(d.Entry.Flags) != 1 {
		t.Errorf("who is left out has place %d, %+v, %v", d.Entry.Rank, d.Entry.Flags, err)
	}
	listed, err := ranker.Rank(t.Context(), "b", rank.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range listed.Entries {
		d, err := ranker.Person(t.Context(), "b", e.Person.ID, rank.Query{})
		if err != nil || d.Entry.Rank != e.Rank {
			t.Errorf("%s is number %d in the list and %d alone, %v", e.Person.ID, e.Rank, d.Entry.Rank, err)
		}
	}
}

// TestSurelyOwnIsLeftOut: who is called as the brand is left out from the line on,
// without a team's word against it, and with the reason where listed.
func TestSurelyOwnIsLeftOut(t *testing.T) {
	said := func(p float64, code string) rank.Said {
		return rank.Said{Circle: []rank.Suggestion{
			{Role: "reseller", Probability: .99, Reasons: []rank.Clue{{Code: "shop", Weight: 1}}},
			{Role: "staff", Probability: p, Reasons: []rank.Clue{{Code: code, Weight: 4}}},
		}}
	}
	staff, none, yes := "staff", "", true
	k := crowd()
	k.of = map[string]rank.Standing{
		"k00": {Judged: true, Said: said(.70, rank.OwnClue)},
		"k01": {Judged: true, Said: said(.699, rank.OwnClue)},
		"k02": {Judged: true, Said: said(.99, "brand-domain")},
		"k03": {Judged: true, Said: said(.99, rank.OwnClue), Role: &none},
		"k04": {Judged: true, Said: said(.99, rank.OwnClue), Role: &staff},
		"k05": {Judged: true, Said: said(.99, rank.OwnClue), Genuine: &yes}, // which says nothing of whose it is
		"k06": {Judged: true, Said: said(.99, rank.OwnClue)},
		"k07": {Judged: true, Role: &none},
	}
	for i := range k.posts { // k06 and k07 are one person, of whom the team said no
		if k.posts[i].key == "k06" {
			k.posts[i].person = "p-k07"
		}
	}
	r := k.ask(t, rank.Query{})
	if want := (rank.Absent{Circle: 3}); r.Absent != want || r.Total != 36 {
		t.Errorf("left out %+v of %d listed", r.Absent, r.Total)
	}
	for person, want := range map[string]bool{"p-k00": false, "p-k01": true, "p-k02": true, "p-k03": true, "p-k04": false, "p-k05": false, "p-k07": true} {
		if _, listed := find(r, person); listed != want {
			t.Errorf("%s is listed: %t", person, listed)
		}
	}
	r = k.ask(t, rank.Query{Include: rank.Include{Circle: true}})
	if e, listed := find(r, "p-k00"); !listed || len(e.Flags) != 1 || e.Flags[0].Reasons[0].Code != rank.OwnClue {
		t.Errorf("asked for, listed %t with %+v", listed, e.Flags)
	}
}

// TestStandingIsReadAnew: without a change of the data, when it says so.
func TestStandingIsReadAnew(t *testing.T) {
	k := crowd()
	ranker := rank.New(rank.Options{Store: k, Standing: k})
	total := func() int {
		r, err := ranker.Rank(t.Context(), "b", rank.Query{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Total
	}
	before := total()
	k.of["k00"], k.v = rank.Standing{Judged: true, Automated: .9}, 2
	if after := total(); after != before-1 || k.loads.Load() != 1 {
		t.Errorf("%d, then %d listed; the days were read %d times", before, after, k.loads.Load())
	}
}

// TestRepeatersUpToAMoment: the fifth post and the third copy make a repeater,
// exactly then and whatever the window's beginning, language and platform.
func TestRepeatersUpToAMoment(t *testing.T) {
	k := crowd()
	noon := int64(86400*100 + 43200)
	for n := range 5 {
		k.posts = append(k.posts, post{platform: "x", person: "loud", key: "loud", handle: "loud", id: fmt.Sprint("l", n), lang: []string{"en", "es"}[n%2], at: noon + int64(3600*n), copy: []int{1, 2, 1, 3, 4}[n]})
	}
	k.posts = append(k.posts, post{platform: "x", person: "loud", key: "loud", handle: "loud", id: "later", lang: "en", at: noon + 10*86400, copy: 1})
	fifth := time.Unix(noon+4*3600, 0)
	for _, c := range []struct {
		q    rank.Query
		left int
	}{
		{rank.Query{Until: fifth.Add(-time.Second)}, 0},
		{rank.Query{Until: fifth}, 1},
		{rank.Query{Until: fifth, Since: fifth.Add(-time.Hour)}, 1},
		{rank.Query{Until: fifth, Lang: "es"}, 1},
		{rank.Query{Until: fifth, Platform: "x"}, 1},
		{rank.Query{}, 0}, // three of six
		{rank.Query{Until: fifth, Include: rank.Include{Repeaters: true}}, 0},
	} {
		r := k.ask(t, c.q)
		_, there := find(r, "loud")
		if r.Absent.Repeaters != c.left || there != (c.left == 0) {
			t.Errorf("%+v: %d left out, listed %t", c.q, r.Absent.Repeaters, there)
		}
	}
	// A team's word wins over the rule; the badge stays.
	yes := true
	k.of["loud"] = rank.Standing{Genuine: &yes}
	if e, there := find(k.ask(t, rank.Query{Until: fifth}), "loud"); !there || len(e.Flags) != 2 {
		t.Errorf("listed %t with %+v", there, e.Flags)
	}
}

// TestYouTubeRepeatsApart: what somebody repeats on YouTube says nothing of the
// other list, and the other way round.
func TestYouTubeRepeatsApart(t *testing.T) {
	k := crowd()
	for n := range 6 {
		k.posts = append(k.posts, post{platform: adalid.YouTube, person: "p-k00", key: "UC", handle: "c", id: fmt.Sprint("y", n), lang: "en", at: int64(86400*100 + n), copy: n + 1})
	}
	if r := k.ask(t, rank.Query{}); r.Absent.Repeaters != 0 {
		t.Errorf("left out: %+v", r.Absent)
	}
	if r := k.ask(t, rank.Query{Platform: adalid.YouTube}); r.Absent.Repeaters != 1 {
		t.Errorf("on YouTube left out: %+v", r.Absent)
	}
}

// TestTheAutomatedListenToNobody: neither are they chosen, unless they are
// included; people of the circle listen like others.
func TestTheAutomatedListenToNobody(t *testing.T) {
	k := crowd()
	agency := "agency"
	k.of["k01"], k.of["k02"] = rank.Standing{Judged: true, Automated: .9}, rank.Standing{Role: &agency}
	for i := range k.posts {
		if p := &k.posts[i]; p.key != "k00" {
			p.ties = map[rank.EdgeKind][]string{rank.ReplyEdge: {"k00"}}
		}
	}
	listeners := func(q rank.Query) (people, candidates int) {
		a, err := rank.New(rank.Options{Store: k, Standing: k}).Audience(t.Context(), "b", q, 0)
		if err != nil {
			t.Fatal(err)
		}
		distinct := map[int32]bool{}
		for _, l := range a.Listens {
			distinct[l.Person] = true
		}
		return len(distinct), len(a.Candidates)
	}
	if people, candidates := listeners(rank.Query{}); people != 38 || candidates != 38 {
		t.Errorf("%d listen, %d may be chosen", people, candidates)
	}
	if people, candidates := listeners(rank.Query{Include: rank.Include{Automated: true}}); people != 39 || candidates != 39 {
		t.Errorf("with the automated %d listen, %d may be chosen", people, candidates)
	}
}

func TestParseInclude(t *testing.T) {
	for text, want := range map[string]rank.Include{
		"": {}, "automated": {Automated: true}, "circle,repeaters": {Repeaters: true, Circle: true}, "automated, circle": {Automated: true, Circle: true},
		"organisations": {Organisations: true}, "not_a_fit,organisations": {Organisations: true, Unfit: true},
	} {
		got, err := rank.ParseInclude(text)
		again, _ := rank.ParseInclude(got.String())
		if err != nil || got != want || again != want {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"bots", ",", "automated,", "AUTOMATED"} {
		if got, err := rank.ParseInclude(text); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
}

// slowRepeaters finds who repeats himself up to a moment, by counting.
func slowRepeaters(m *memory, q rank.Query, asOf time.Time) map[string]bool {
	posts, copies := map[string]int{}, map[string]int{}
	for _, p := range m.posts {
		if p.at <= asOf.Unix() && !p.repost && (p.platform == adalid.YouTube) == (q.Platform == adalid.YouTube) {
			posts[p.person]++
			if p.copy > 1 {
				copies[p.person]++
			}
		}
	}
	out := map[string]bool{}
	for person, n := range posts {
		out[person] = n >= 5 && float64(copies[person])/float64(n) >= 0.6
	}
	return out
}
