package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/authenticity"
	"adalid/internal/backtest"
	"adalid/internal/dedupe"
	"adalid/internal/demo"
	"adalid/internal/rank"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/scoring"
	"adalid/web/api"
)

// TestRepeatersAreLeftOut: nobody on the lists of people who repeat themselves is
// among the first fifty of any preset, every one of them is listed when asked for
// and says why; neither is the brand's own account in es_latinr.
func TestRepeatersAreLeftOut(t *testing.T) {
	long(t)
	data := sharedData(t)
	for _, set := range sets {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ok(t, dir, "import", "--no-sentiment", "--brand", set, filepath.Join(data, "mentions", set+".jsonl.gz"))
			var repeaters []string
			if slices.Contains([]string{"demonetization", "pfizer", "sustainability"}, set) {
				text, err := os.ReadFile(filepath.Join(data, "expected", set+".repeaters.csv"))
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range csvRowsOf(t, string(text))[1:] {
					repeaters = append(repeaters, row[0])
				}
			}
			everybody := listed(t, dir, "rank", set, "--all", "--json")
			for _, author := range repeaters {
				p, there := everybody[author]
				if !there {
					t.Errorf("%q is not listed by --all", author)
				}
				i := slices.IndexFunc(p.Flags, func(f api.Flag) bool { return f.Code == "repeater" })
				if i < 0 || len(p.Flags[i].Reasons) != 1 || !strings.Contains(p.Flags[i].Reasons[0].Text.EN, "own posts repeat an earlier one") {
					t.Errorf("%q does not say that it repeats itself: %+v", author, p.Flags)
				}
			}
			for _, preset := range scoring.Presets() {
				first := listed(t, dir, "rank", set, "--limit", "50", "--preset", preset, "--json")
				if len(first) == 0 {
					t.Errorf("%s lists nobody", preset)
				}
				for _, author := range append(repeaters, "latinr_conf") {
					if p, there := first[author]; there {
						t.Errorf("%s: %q is number %d", preset, author, *p.Rank)
					}
				}
			}
		})
	}
}

// listed gives the people of a ranking by the key of their first account.
func listed(t *testing.T, dir string, args ...string) map[string]api.Advocate {
	t.Helper()
	var list api.AdvocateList
	if err := json.Unmarshal([]byte(ok(t, dir, args...)), &list); err != nil {
		t.Fatal(err)
	}
	people := map[string]api.Advocate{}
	for _, p := range list.Items {
		people[p.Accounts[0].Key] = p
	}
	return people
}

// TestConstantsAgree: packages that may not know each other share numbers.
func TestConstantsAgree(t *testing.T) {
	if rank.AutomatedBadge != authenticity.Badge || rank.AutomatedOut != authenticity.LeaveOut || authenticity.NearBits != dedupe.NearBits {
		t.Error("the ranking and the rules draw other lines")
	}
	if rank.OwnOut != authenticity.OwnAccount || rank.OwnClue != authenticity.BrandAccount {
		t.Error("the ranking and the rules take others for the brand's own")
	}
	for _, code := range rank.NameClues {
		if authenticity.Reason(rank.Clue{Code: code}).Say("en") == "" {
			t.Errorf("no rule is called %s", code)
		}
	}
	for posts := range 30 {
		for copies := range posts {
			a := authenticity.Repetition{Posts: posts, Copies: copies}
			if got := posts >= rank.RepeaterPosts && 10*copies >= 6*posts; got != a.Repeater() {
				t.Errorf("%d copies of %d posts: a repeater for one, not for the other", copies, posts)
			}
		}
	}
}

// demoStore is the invented world of a seed, imported and judged.
func demoStore(t *testing.T, seed int64) (*store.Store, demo.World, judge) {
	t.Helper()
	ctx := t.Context()
	until := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	now := func() time.Time { return until }
	s, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	world, err := demo.Invent(demo.Options{Seed: seed, Until: until})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CreateBrand(ctx, world.Brand); err != nil {
		t.Fatal(err)
	}
	_, err = runImport(ctx, s, now, scan.Job{Brand: world.Brand.Name, Matching: scan.MatchAll, Collector: invented(world.Mentions), Store: s})
	if err != nil {
		t.Fatal(err)
	}
	return s, world, judge{s, now}
}

func ranked(t *testing.T, s *store.Store, brand string, q rank.Query) rank.Ranking {
	t.Helper()
	r, err := rank.New(rank.Options{Store: s, Standing: s}).Rank(t.Context(), brand, q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// roles counts the roles of listed people.
func roles(w demo.World, entries []rank.Entry) map[demo.Role]int {
	counts := map[demo.Role]int{}
	for _, e := range entries {
		a := e.Person.Accounts[0]
		counts[w.Roles[demo.RoleKey(a.Platform, a.Key)]]++
	}
	return counts
}

// TestDemoLeavesBotsOut: before anybody was looked at only those who repeat
// themselves are left out and the list says of whom nothing is known; after that
// no bot and no repeater is listed, each is with its reason when asked for, and
// no advocate is lost.
func TestDemoLeavesBotsOut(t *testing.T) {
	s, world, j := demoStore(t, 1)
	brand := world.Brand.Name
	if r := ranked(t, s, brand, rank.Query{}); r.Unjudged != r.Total || r.Absent.Automated != 0 || r.Absent.Repeaters == 0 {
		t.Errorf("before: %d of %d not judged, %+v", r.Unjudged, r.Total, r.Absent)
	}
	if err := j.refresh(t.Context(), brand, nil); err != nil {
		t.Fatal(err)
	}
	r := ranked(t, s, brand, rank.Query{All: true})
	if got := roles(world, r.Entries); got[demo.Bot]+got[demo.Repeater] > 0 || got[demo.Advocate] != 26 || r.Unjudged != 0 {
		t.Errorf("listed: %v, %d not judged", got, r.Unjudged)
	}
	if r.Absent.Automated < 10 {
		t.Errorf("left out: %+v", r.Absent)
	}
	all := ranked(t, s, brand, rank.Query{All: true, Include: rank.Include{Automated: true, Repeaters: true}})
	if all.Total != r.Total+r.Absent.Automated+r.Absent.Repeaters || all.Absent != (rank.Absent{}) {
		t.Errorf("%d with all of them, %d and %+v without", all.Total, r.Total, r.Absent)
	}
	for _, e := range all.Entries {
		a := e.Person.Accounts[0]
		if role := world.Roles[demo.RoleKey(a.Platform, a.Key)]; role == demo.Bot && (len(e.Flags) < 2 || len(e.Flags[0].Reasons) == 0) {
			t.Errorf("a bot without its reasons: %+v", e.Flags)
		}
	}
}

// assessments are all assessments of a brand, by account.
func assessments(t *testing.T, s *store.Store, brand string) []store.Assessment {
	t.Helper()
	var list []store.Assessment
	err := s.AccountFacts(t.Context(), brand, nil, func(piece []store.AccountFacts) error {
		for _, a := range piece {
			if a.Stored == nil {
				t.Fatalf("account %d has no assessment", a.ID)
			}
			list = append(list, *a.Stored)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestJudgingInPartsIsTheSame: after half of the mentions, after all of them and
// by rules of another version the assessments are those of a walk from nothing.
func TestJudgingInPartsIsTheSame(t *testing.T) {
	s, world, j := demoStore(t, 2)
	brand := world.Brand.Name
	if err := j.refresh(t.Context(), brand, nil); err != nil {
		t.Fatal(err)
	}
	whole := assessments(t, s, brand)
	version := func() int64 {
		st, err := s.State(t.Context(), brand)
		if err != nil {
			t.Fatal(err)
		}
		return st.Standing
	}
	before := version()
	if err := j.refresh(t.Context(), brand, nil); err != nil || version() != before {
		t.Errorf("judged again without a change: standing %d, then %d; %v", before, version(), err)
	}
	at, err := s.Assessed(t.Context(), brand)
	if err != nil {
		t.Fatal(err)
	}
	at.Rules = 0
	if err := s.SetAssessed(t.Context(), brand, at); err != nil {
		t.Fatal(err)
	}
	if err := j.refresh(t.Context(), brand, nil); err != nil || version() != before {
		t.Errorf("the same rules again: standing %d, then %d; %v", before, version(), err)
	}

	// Half of the mentions first, then the rest, in another database.
	other := store.Options{Dir: t.TempDir(), Now: j.now}
	parts, err := store.Open(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	defer parts.Close()
	if err := parts.CreateBrand(t.Context(), world.Brand); err != nil {
		t.Fatal(err)
	}
	half := len(world.Mentions) / 2
	for _, part := range []invented{world.Mentions[:half], world.Mentions} {
		_, err := runImport(t.Context(), parts, j.now, scan.Job{Brand: brand, Matching: scan.MatchAll, Collector: part, Store: parts})
		if err != nil {
			t.Fatal(err)
		}
		if err := (judge{parts, j.now}).refresh(t.Context(), brand, nil); err != nil {
			t.Fatal(err)
		}
	}
	if diff := differ(byKey(t, s, brand, whole), byKey(t, parts, brand, assessments(t, parts, brand))); diff > 0 {
		t.Errorf("%d accounts of %d are judged otherwise in parts", diff, len(whole))
	}
}

// byKey gives assessments by what names their accounts in every database.
func byKey(t *testing.T, s *store.Store, brand string, list []store.Assessment) map[string]store.Assessment {
	t.Helper()
	keys := map[int64]string{}
	err := s.Accounts(t.Context(), brand, func(a rank.Account) error {
		keys[a.ID] = string(a.Platform) + "/" + a.Key
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]store.Assessment{}
	for _, a := range list {
		out[keys[a.Author]] = a
	}
	return out
}

func differ(a, b map[string]store.Assessment) (n int) {
	for key, x := range a {
		if y := b[key]; !x.Equal(&y) {
			n++
		}
	}
	return n + max(0, len(b)-len(a))
}

// TestATeamOverrules: its word moves somebody in and out, wins over rule and
// repetition, is kept through a new look, and can be taken back.
func TestATeamOverrules(t *testing.T) {
	s, world, j := demoStore(t, 1)
	brand, ctx := world.Brand.Name, context.Background()
	if err := j.refresh(ctx, brand, nil); err != nil {
		t.Fatal(err)
	}
	all := ranked(t, s, brand, rank.Query{All: true, Include: rank.Include{Automated: true, Repeaters: true}})
	var bot, fan string
	for _, e := range all.Entries {
		a := e.Person.Accounts[0]
		switch world.Roles[demo.RoleKey(a.Platform, a.Key)] {
		case demo.Bot:
			bot = e.Person.ID
		case demo.Advocate:
			fan = e.Person.ID
		}
	}
	yes, no, agency, none := true, false, "agency", ""
	has := func(id string) (rank.Entry, bool) {
		for _, e := range ranked(t, s, brand, rank.Query{All: true}).Entries {
			if e.Person.ID == id {
				return e, true
			}
		}
		return rank.Entry{}, false
	}
	for _, c := range []struct {
		name  string
		do    func() error
		who   string
		there bool
		flag  rank.FlagCode
	}{
		{"a bot", func() error { return nil }, bot, false, ""},
		{"genuine", func() error { return s.DecideGenuine(ctx, brand, bot, &yes, "ana") }, bot, true, rank.FlagGenuine},
		{"judged again", func() error {
			if err := s.SetAssessed(ctx, brand, store.Assessed{}); err != nil {
				return err
			}
			return j.refresh(ctx, brand, nil)
		}, bot, true, rank.FlagGenuine},
		{"taken back", func() error { return s.DecideGenuine(ctx, brand, bot, nil, "ana") }, bot, false, ""},
		{"a fan", func() error { return nil }, fan, true, ""},
		{"automated", func() error { return s.DecideGenuine(ctx, brand, fan, &no, "ana") }, fan, false, ""},
		{"taken back, too", func() error { return s.DecideGenuine(ctx, brand, fan, nil, "ana") }, fan, true, ""},
		{"agency", func() error { return s.DecideRole(ctx, brand, fan, &agency, "ana") }, fan, false, ""},
		{"dismissed", func() error { return s.DecideRole(ctx, brand, fan, &none, "ana") }, fan, true, ""},
		{"undone", func() error { return s.DecideRole(ctx, brand, fan, nil, "ana") }, fan, true, ""},
	} {
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		e, there := has(c.who)
		if there != c.there || c.flag != "" && !slices.ContainsFunc(e.Flags, func(f rank.Flag) bool { return f.Code == c.flag && f.Team }) {
			t.Errorf("%s: listed %t with %+v", c.name, there, e.Flags)
		}
	}
}

// TestBacktestsKnowNothingLater: what was found out from all posts, and what the
// team confirmed since, decides nothing about the past.
func TestBacktestsKnowNothingLater(t *testing.T) {
	s, world, j := demoStore(t, 1)
	brand := world.Brand.Name
	report := func(q rank.Query) backtest.Report {
		r, err := backtest.Run(t.Context(), rank.New(rank.Options{Store: s, Standing: s}), brand, backtest.Query{Rank: q})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := report(rank.Query{})
	if err := j.refresh(t.Context(), brand, nil); err != nil {
		t.Fatal(err)
	}
	role := "agency"
	first := ranked(t, s, brand, rank.Query{Limit: 1}).Entries[0].Person.ID
	if err := s.DecideRole(t.Context(), brand, first, &role, "me"); err != nil {
		t.Fatal(err)
	}
	after := report(rank.Query{})
	if after.Past.Absent.Repeaters == 0 || len(after.Targets) == 0 {
		t.Fatalf("repeaters left out of the past: %+v, %d targets", after.Past.Absent, len(after.Targets))
	}
	before.Past.Unjudged = after.Past.Unjudged // is said of today
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the backtest changed:\n%s", diff)
	}
	if with := report(rank.Query{Include: rank.Include{Repeaters: true}}); with.Candidates != after.Candidates+after.Past.Absent.Repeaters {
		t.Errorf("%d with repeaters, %d without", with.Candidates, after.Candidates)
	}
}

// TestServerJudgesWhenItIsQuiet: not while data come in, at once when they do
// not, and in any case after a while.
func TestServerJudgesWhenItIsQuiet(t *testing.T) {
	s, world, j := demoStore(t, 3)
	at := j.now()
	j.now = func() time.Time { return at }
	w := &assessor{judge: j, ctx: t.Context(), log: func(what string, err error) { t.Error(what, err) }, seen: map[string]lookedAt{}}
	judged := func() bool {
		behind, err := j.behind(t.Context(), world.Brand.Name)
		if err != nil {
			t.Fatal(err)
		}
		return !behind
	}
	stir := func() {
		own := []adalid.OwnAccount{{Platform: "x", Handle: "h" + strconv.FormatInt(at.Unix(), 10)}}
		if err := s.AddOwnAccounts(t.Context(), world.Brand.Name, own); err != nil {
			t.Fatal(err)
		}
	}
	w.look()
	if judged() {
		t.Error("judged at the first look")
	}
	stir()
	w.look()
	if judged() {
		t.Error("judged although data came in")
	}
	w.look()
	if !judged() {
		t.Error("not judged although it was quiet")
	}
	for range 3 {
		at = at.Add(assessAnyway / 2)
		stir()
		if judged() {
			t.Fatal("nothing to do")
		}
		w.look()
	}
	if !judged() {
		t.Error("not judged after a long time of new data")
	}
}
