package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"

	"github.com/google/go-cmp/cmp"
)

// linked opens a store in which ann has an account on each of five platforms.
func linked(t *testing.T) (*Store, []string) {
	t.Helper()
	s := open(t, t.TempDir())
	var ids []string
	for i, p := range []adalid.Platform{"bluesky", "lemmy", "mastodon", "reddit", "x"} {
		save(t, s, note(p, fmt.Sprint(i), "ann", i+1))
		ids = append(ids, personID(string(p), "ann"))
	}
	slices.Sort(ids)
	return s, ids
}

func accept(t testing.TB, s *Store, a, b string) {
	t.Helper()
	_, err := s.Decide(context.Background(), "acme", Link{A: a, B: b, Accepted: true, By: "ann", Basis: []byte(`{"confidence":0.9}`)})
	must(t, err)
}

// groups gives the accounts' persons as "0+1 2": accounts are numbered in order
// of their ids, and each id that does not live has to lead to the one that does.
func groups(t testing.TB, s *Store, ids []string) string {
	t.Helper()
	ctx := context.Background()
	of := map[string][]string{}
	must(t, s.Accounts(ctx, "acme", func(a rank.Account) error {
		n := slices.Index(ids, personID(string(a.Platform), a.Key))
		of[a.Person] = append(of[a.Person], strconv.Itoa(n))
		return nil
	}))
	var parts []string
	for person, members := range of {
		slices.Sort(members)
		parts = append(parts, strings.Join(members, "+"))
		for _, m := range members {
			n, _ := strconv.Atoi(m)
			moved, err := s.MovedTo(ctx, "acme", ids[n])
			must(t, err)
			if want := person; ids[n] == person && moved != "" || ids[n] != person && moved != want {
				t.Errorf("account %d of person %s leads to %q", n, person, moved)
			}
		}
		p, err := s.Person(ctx, "acme", person)
		must(t, err)
		if len(p.Accounts) != len(members) {
			t.Errorf("person %s shows %d accounts, want %d", person, len(p.Accounts), len(members))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

func TestChainsComeApartWhereALinkIsUndone(t *testing.T) {
	ctx := context.Background()
	s, ids := linked(t)
	defer s.Close()
	want := func(persons string) {
		t.Helper()
		if got := groups(t, s, ids); got != persons {
			t.Errorf("persons %q, want %q", got, persons)
		}
		report, err := s.Rebuild(ctx, "", nil)
		must(t, err)
		if report.Differ() != 0 {
			t.Errorf("rebuild found %+v", report)
		}
	}
	want("0 1 2 3 4")
	accept(t, s, ids[2], ids[1])
	accept(t, s, ids[3], ids[2])
	accept(t, s, ids[0], ids[3]) // the chain 1 – 2 – 3 – 0
	want("0+1+2+3 4")
	accept(t, s, ids[1], ids[3]) // a second way
	must(t, s.Undo(ctx, "acme", ids[1], ids[2]))
	want("0+1+2+3 4")
	must(t, s.Undo(ctx, "acme", ids[3], ids[1]))
	want("0+2+3 1 4")
	must(t, s.Undo(ctx, "acme", ids[2], ids[3]))
	want("0+3 1 2 4")
	code(t, adalid.NotFound, s.Undo(ctx, "acme", ids[2], ids[3]))
	must(t, s.Undo(ctx, "acme", ids[0], ids[3]))
	want("0 1 2 3 4")
	links, err := s.Links(ctx, "acme", "")
	must(t, err)
	if len(links) != 0 {
		t.Errorf("left are %+v", links)
	}
}

func TestDecisionsKeepTheirBasisAndDoNotContradict(t *testing.T) {
	ctx := context.Background()
	s, ids := linked(t)
	defer s.Close()
	decide := func(a, b int, accepted bool, by string) (Link, error) {
		return s.Decide(ctx, "acme", Link{A: ids[a], B: ids[b], Accepted: accepted, Basis: []byte(`{"by":"` + by + `"}`), By: by})
	}
	first, err := decide(1, 0, true, "ann")
	must(t, err)
	version, err := s.DataVersion(ctx, "acme")
	must(t, err)
	again, err := decide(0, 1, true, "bob")
	must(t, err)
	if d := cmp.Diff(first, again); d != "" || again.By != "ann" || again.At.IsZero() {
		t.Errorf("accepted twice (-first +second):\n%s", d)
	}
	if now, _ := s.DataVersion(ctx, "acme"); now != version {
		t.Error("accepting twice raised the data version")
	}
	_, err = decide(1, 2, true, "ann")
	must(t, err)
	_, err = decide(0, 2, false, "ann") // 0 – 1 – 2 says that they are one
	code(t, adalid.Conflict, err)
	_, err = decide(2, 3, false, "ann")
	must(t, err)
	_, err = decide(0, 3, true, "ann") // 3 is not 2, who is 0
	code(t, adalid.Conflict, err)
	if got := groups(t, s, ids); got != "0+1+2 3 4" {
		t.Errorf("persons %q after conflicts", got)
	}
	_, err = decide(1, 2, false, "bob") // an acceptance turns into a rejection
	must(t, err)
	if got := groups(t, s, ids); got != "0+1 2 3 4" {
		t.Errorf("persons %q after a rejection", got)
	}
	links, err := s.Links(ctx, "acme", "")
	must(t, err)
	var shown []string
	for _, l := range links {
		shown = append(shown, fmt.Sprintf("%d %d %v %s %s", slices.Index(ids, l.A), slices.Index(ids, l.B), l.Accepted, l.By, l.Basis))
	}
	equal(t, "links", shown, []string{`0 1 true ann {"by":"ann"}`, `1 2 false bob {"by":"bob"}`, `2 3 false ann {"by":"ann"}`})
	of, err := s.Links(ctx, "acme", ids[0])
	must(t, err)
	if len(of) != 1 || of[0].AuthorA.Key != "ann" || of[0].AuthorA.Handle != "ANN" || of[0].AuthorA.Platform == of[0].AuthorB.Platform {
		t.Errorf("links of a person: %+v", of)
	}
	_, err = decide(0, 0, true, "")
	code(t, adalid.Invalid, err)
	_, err = s.Decide(ctx, "acme", Link{A: ids[0], B: "nobody", Accepted: true})
	code(t, adalid.NotFound, err)
	_, err = s.Decide(ctx, "none", Link{A: ids[0], B: ids[1]})
	code(t, adalid.NotFound, err)
}

// TestAccountsThatGoTakeTheirLinksAlong deletes the account in the middle of a
// chain, and the one whose id the person has.
func TestAccountsThatGoTakeTheirLinksAlong(t *testing.T) {
	ctx := context.Background()
	for gone, want := range []string{"1+2 3 4", "0 2 3 4", "0+1 3 4"} {
		s, ids := linked(t)
		accept(t, s, ids[0], ids[1])
		accept(t, s, ids[1], ids[2])
		for i, p := range []adalid.Platform{"bluesky", "lemmy", "mastodon", "reddit", "x"} {
			if personID(string(p), "ann") == ids[gone] {
				_, err := s.Delete(ctx, "acme", []Key{{p, fmt.Sprint(i)}})
				must(t, err)
			}
		}
		if got := groups(t, s, ids); got != want {
			t.Errorf("persons without account %d: %q, want %q", gone, got, want)
		}
		links, err := s.Links(ctx, "acme", "")
		must(t, err)
		for _, l := range links {
			if l.A == ids[gone] || l.B == ids[gone] {
				t.Errorf("a link of the deleted account is left: %+v", l)
			}
		}
		wantWell(t, s)
		must(t, s.Close())
	}
}

func wantWell(t testing.TB, s *Store) {
	t.Helper()
	findings, err := s.Check(context.Background(), CheckOptions{Whole: true})
	must(t, err)
	for _, f := range findings {
		if f.Severity == Broken {
			t.Errorf("check: %s", f.Message)
		}
	}
}

func TestRebuildMendsPersons(t *testing.T) {
	ctx := context.Background()
	s, ids := linked(t)
	defer s.Close()
	accept(t, s, ids[0], ids[1])
	accept(t, s, ids[1], ids[2])
	for _, damage := range []struct {
		sql  string
		want int64
	}{
		{"DELETE FROM alias", 2},
		{"UPDATE alias SET moved = '" + ids[4] + "' WHERE person = '" + ids[2] + "'", 1},
		{"INSERT INTO alias (brand, person, moved) SELECT brand, '" + ids[3] + "', moved FROM alias LIMIT 1", 1},
	} {
		if err := s.writer.exec(damage.sql); err != nil {
			t.Fatalf("%s: %v", damage.sql, err)
		}
		findings, err := s.Check(ctx, CheckOptions{})
		must(t, err)
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Check == "counts" && f.Severity == Broken }) {
			t.Errorf("check sees nothing after %s", damage.sql)
		}
		report, err := s.Rebuild(ctx, "acme", nil)
		must(t, err)
		if report.Persons != damage.want || report.Differ() != damage.want {
			t.Errorf("after %s: %+v, want %d persons", damage.sql, report, damage.want)
		}
		if got := groups(t, s, ids); got != "0+1+2 3 4" {
			t.Errorf("persons %q after %s", got, damage.sql)
		}
	}
	if err := s.writer.exec("DELETE FROM author WHERE account = '" + ids[0] + "'"); err != nil {
		t.Fatal(err)
	}
	findings, err := s.Check(ctx, CheckOptions{})
	must(t, err)
	if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Check == "references" && strings.Contains(f.Message, "link") }) {
		t.Errorf("links of nobody are not seen: %+v", findings)
	}
}

func TestConcurrentDecisions(t *testing.T) {
	ctx := context.Background()
	s, ids := linked(t)
	defer s.Close()
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			a, b := ids[i%5], ids[(i+1+i/5%4)%5]
			l, err := s.Decide(ctx, "acme", Link{A: a, B: b, Accepted: i%7 != 0, By: strconv.Itoa(i)})
			if code := adalid.CodeOf(err); err != nil && code != adalid.Conflict {
				t.Errorf("deciding: %v", err)
			}
			if err == nil && i%3 == 0 {
				if err := s.Undo(ctx, "acme", l.A, l.B); err != nil && adalid.CodeOf(err) != adalid.NotFound {
					t.Errorf("undoing: %v", err)
				}
			}
		})
	}
	wg.Wait()
	groups(t, s, ids)
	wantWell(t, s)

	for i := range ids { // twins: one is recorded, both get it
		for j := range i {
			_ = s.Undo(ctx, "acme", ids[i], ids[j])
		}
	}
	var got [16]Link
	for i := range got {
		wg.Go(func() {
			var err error
			if got[i], err = s.Decide(ctx, "acme", Link{A: ids[0], B: ids[1], Accepted: true, By: strconv.Itoa(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, l := range got {
		if l.By != got[0].By {
			t.Errorf("decided by %s and by %s", got[0].By, l.By)
		}
	}
}

// TestRankingFollowsLinks joins two of the loudest people of different
// platforms: their mentions add up and a day counts once; after the undo the
// ranking has the bytes of before.
func TestRankingFollowsLinks(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	var rows []scan.Mention
	for i := range 600 {
		p := []adalid.Platform{"mastodon", "x", "youtube"}[i%3]
		m := note(p, fmt.Sprint(i), fmt.Sprintf("p%d", i*i%97), i)
		m.Likes, m.Author.Followers = pointer(int64(i%9)), pointer(int64(100+i%50))
		m.Sentiment = &adalid.Sentiment{Positive: 0.6, Neutral: 0.3, Negative: 0.1}
		m.Mentions = []string{fmt.Sprintf("p%d", i%97)}
		rows = append(rows, m)
	}
	save(t, s, rows...)
	ranker := rank.New(rank.Options{Store: s, Now: func() time.Time { return refStart }})
	list := func() (rank.Ranking, string) {
		t.Helper()
		r, err := ranker.Rank(ctx, "acme", rank.Query{All: true})
		must(t, err)
		r.DataVersion = 0
		text, err := json.Marshal(r)
		must(t, err)
		return r, string(text)
	}
	before, text := list()
	if before.TooFew {
		t.Fatal("too few to rank")
	}
	a, b := -1, -1
	for i, e := range before.Entries {
		switch p := e.Person.Accounts[0].Platform; {
		case a < 0 && p == "mastodon":
			a = i
		case b < 0 && p == "x":
			b = i
		}
	}
	x, y := before.Entries[a], before.Entries[b]
	tube := personID("youtube", "p4")
	accept(t, s, x.Person.ID, y.Person.ID)
	accept(t, s, x.Person.ID, tube) // known, and ranked apart all the same
	after, _ := list()
	one := min(x.Person.ID, y.Person.ID, tube)
	at := slices.IndexFunc(after.Entries, func(e rank.Entry) bool { return e.Person.ID == one })
	if at < 0 || len(after.Entries) != len(before.Entries)-1 || after.Apart != before.Apart {
		t.Fatalf("the person is at %d of %d, %d apart; before %d, %d apart", at, len(after.Entries), after.Apart, len(before.Entries), before.Apart)
	}
	e := after.Entries[at]
	days := map[int64]bool{}
	for _, m := range rows {
		if id := personID(string(m.Platform), m.Author.Key); id == x.Person.ID || id == y.Person.ID {
			days[m.CreatedAt.Unix()/secondsPerDay] = true
		}
	}
	if e.Evidence.Mentions != x.Evidence.Mentions+y.Evidence.Mentions || e.Evidence.ActiveDays != len(days) || len(e.Person.Accounts) != 2 {
		t.Errorf("joined: %+v with %d accounts; alone %+v and %+v, %d days together", e.Evidence, len(e.Person.Accounts), x.Evidence, y.Evidence, len(days))
	}
	if v, vx, vy := *e.Score.Parts[1].Value, *x.Score.Parts[1].Value, *y.Score.Parts[1].Value; v < vx || v < vy {
		t.Errorf("volume %v of both is less than %v or %v", v, vx, vy)
	}
	apart, err := ranker.Rank(ctx, "acme", rank.Query{All: true, Platform: adalid.YouTube})
	must(t, err)
	for _, e := range apart.Entries {
		if len(e.Person.Accounts) != 1 || e.Person.Accounts[0].Platform != adalid.YouTube {
			t.Errorf("among the people of YouTube: %+v", e.Person.Accounts)
		}
	}
	must(t, s.Undo(ctx, "acme", x.Person.ID, y.Person.ID))
	must(t, s.Undo(ctx, "acme", tube, x.Person.ID))
	if _, again := list(); again != text {
		t.Error("after the undo the ranking is another one than before")
	}
}

func TestShownProfilesAreTheLatest(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	old, now := note("x", "1", "ann", 1), note("x", "2", "ann", 2)
	old.Author.Bio, now.Author.Bio, now.Author.URL = "before", "after", "https://ann.example"
	save(t, s, now, old, note("mastodon", "3", "bob@b.example", 3))
	got := map[string]adalid.Author{}
	must(t, s.Shown(ctx, "acme", func(id string, a adalid.Author) error {
		got[id] = a
		return nil
	}))
	x := got[personID("x", "ann")]
	if len(got) != 2 || x.Bio != "after" || x.URL != "https://ann.example" || x.Key != "ann" || got[personID("mastodon", "bob@b.example")].Platform != "mastodon" {
		t.Errorf("shown are %+v", got)
	}
	stop := errors.New("enough")
	if err := s.Shown(ctx, "acme", func(string, adalid.Author) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of yield is lost: %v", err)
	}
}

// deciderDir names the database of the child process that decides until it is
// killed.
const deciderDir = "ADALID_STORE_DECIDER"
