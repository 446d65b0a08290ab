package store

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// copied makes a mention that repeats others of its author with the same hash.
func copied(id, key string, hour int, hash uint64) scan.Mention {
	m := note("x", id, key, hour)
	m.TextHash = hash
	m.Author.Handle = key
	return m
}

// TestCopiesOfOldDatabases: a database of the schema before has the same counts
// of copies after the change of schema as if it had been imported anew.
func TestCopiesOfOldDatabases(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	untimed, early := copied("6", "ana", 0, 7), copied("7", "ana", 0, 7)
	untimed.CreatedAt = adalid.Mention{}.CreatedAt
	early.CreatedAt = refStart.AddDate(-80, 0, 0) // before 1970
	repost, elsewhere := copied("8", "ana", 5, 0), copied("9", "ana", 6, 7)
	repost.Repost, elsewhere.Lang = true, "es"
	save(t, s, copied("1", "ana", 1, 7), copied("2", "ana", 2, 7), copied("3", "ana", 30, 7), copied("4", "ana", 31, 8), copied("5", "eva", 1, 7), untimed, early, repost, elsewhere)
	copies := func() (n int64) {
		must(t, s.Days(ctx, "acme", func(r rank.Row) error {
			n += int64(r.Copies)
			return nil
		}))
		return n
	}
	if copies() != 5 {
		t.Fatalf("%d copies, want 5", copies())
	}
	db := sqlDB(t, s)
	for _, q := range []string{
		"ALTER TABLE rollup DROP COLUMN copies", "DROP TABLE assessment", "DROP TABLE assessed", "DROP TABLE decision",
		"DROP TABLE link", "DROP TABLE segment", "DROP TABLE rival", "ALTER TABLE brand DROP COLUMN mark",
		"DROP TABLE user", "DROP TABLE role", "DROP TABLE session", "DROP TABLE ticket", "DROP TABLE api_key", "DROP TABLE audit_log",
		"DROP TABLE workflow", "DROP TABLE status", "DROP TABLE owner", "DROP TABLE tagged", "DROP TABLE note", "DROP TABLE task", "DROP TABLE event", "DROP TABLE batch", "DROP TABLE saved_view",
		"DROP TABLE suppression", "DROP TABLE notice", "DROP TABLE retention", "DROP TABLE ranking",
		"ALTER TABLE author DROP COLUMN stored_at", "ALTER TABLE cursor DROP COLUMN suppressed", "ALTER TABLE scan DROP COLUMN suppressed",
		"DELETE FROM goose_db_version WHERE version_id >= 6",
	} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	must(t, db.Close())
	must(t, s.Close())
	s = open(t, dir)
	defer s.Close()
	if copies() != 5 {
		t.Errorf("%d copies after the change of schema, want 5", copies())
	}
	report, err := s.verify(ctx, true)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild would change %+v", report)
	}
}

// TestCopiesAreChecked: a wrong count of copies is found and mended.
func TestCopiesAreChecked(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	save(t, s, copied("1", "ana", 1, 7), copied("2", "ana", 2, 7))
	if _, err := sqlDB(t, s).ExecContext(t.Context(), "UPDATE rollup SET copies = copies + 1"); err != nil {
		t.Fatal(err)
	}
	report, err := s.Rebuild(t.Context(), "acme", nil)
	must(t, err)
	if report.Rollups != 1 {
		t.Errorf("%+v", report)
	}
	report, err = s.verify(t.Context(), true)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("mended, still %+v", report)
	}
}

func factsOf(t *testing.T, s *Store) []AccountFacts {
	t.Helper()
	var list []AccountFacts
	must(t, s.AccountFacts(t.Context(), "acme", nil, func(p []AccountFacts) error {
		list = append(list, p...)
		return nil
	}))
	return list
}

// TestAccountFacts: sums, the latest profile, texts, and what was stored before.
func TestAccountFacts(t *testing.T) {
	ctx := t.Context()
	s := open(t, t.TempDir())
	defer s.Close()
	must(t, s.AddOwnAccounts(ctx, "acme", []adalid.OwnAccount{{Platform: "x", Handle: "acme"}}))
	first, last := copied("1", "ana", 1, 7), copied("2", "ana", 50, 7)
	first.Author.Bio, last.Author.Bio, last.Author.Followers = "before", "barista at Acme", pointer(int64(9))
	paid, repost, other := copied("3", "ana", 3, 1<<63), copied("4", "ana", 4, 0), copied("5", "ana", 5, 0)
	paid.Sponsored, repost.Repost, repost.RepostOf, other.Repost, other.RepostOf = true, true, "acme", true, "eva"
	save(t, s, first, last, paid, repost, other, copied("6", "acme", 1, 9))
	facts := factsOf(t, s)
	if len(facts) != 2 || facts[0].Own == facts[1].Own {
		t.Fatalf("%+v", facts)
	}
	ana := facts[0]
	if ana.Own {
		ana = facts[1]
	}
	if ana.Posts != 3 || ana.Sponsored != 1 || ana.Reposts != 2 || ana.RepostsOfBrand != 1 || ana.Author.Bio != "barista at Acme" || ana.Author.Followers == nil || ana.Stored != nil {
		t.Errorf("%+v", ana)
	}
	want := []OwnText{{ana.ID, 1 << 63, refStart.Unix() + 3*3600}, {ana.ID, 7, refStart.Unix() + 3600}, {ana.ID, 7, refStart.Unix() + 50*3600}}
	if diff := cmp.Diff(want, ana.Texts); diff != "" {
		t.Error(diff)
	}
	text, err := s.TextOf(ctx, "acme", ana.ID, 1<<63)
	must(t, err)
	n := 0
	must(t, s.TextsOf(ctx, "acme", ana.ID, func(OwnText, string) error { n++; return nil }))
	if text != "text 3" || n != 3 {
		t.Errorf("%q, %d texts", text, n)
	}
	own, err := s.OwnFacts(ctx, "acme")
	must(t, err)
	if len(own) != 1 || own[0].Author.Handle != "acme" {
		t.Errorf("own: %+v", own)
	}

	made := Assessment{
		Author: ana.ID, Automated: 0.3200004, Organisation: .1, Seen: 1 << 63, Texts: []byte(`{"copies":1}`),
		Said: rank.Said{Automated: []rank.Clue{{Code: "days-old", Weight: 1, Values: []int64{3}}}, Circle: []rank.Suggestion{{Role: "staff", Probability: .8}}},
	}
	gone := Assessment{Author: 999}
	must(t, s.SetAssessments(ctx, "acme", []Assessment{made, gone}))
	for _, f := range factsOf(t, s) {
		if f.ID == ana.ID && (f.Stored == nil || !f.Stored.Equal(&made)) {
			t.Errorf("stored %+v", f.Stored)
		}
		if f.ID != ana.ID && f.Stored != nil {
			t.Errorf("an assessment of nobody: %+v", f.Stored)
		}
	}
	state, err := s.State(ctx, "acme")
	must(t, err)
	if state.Standing == 0 {
		t.Error("the standing did not rise")
	}
}

// TestDecisions: they are of a person, also of one that was joined, are listed,
// and go with the account.
func TestDecisions(t *testing.T) {
	ctx := t.Context()
	s := open(t, t.TempDir())
	defer s.Close()
	save(t, s, copied("1", "ana", 1, 7), copied("2", "eva", 2, 8), note("mastodon", "3", "ana", 3))
	ana, eva := personID("x", "ana"), personID("x", "eva")
	accept(t, s, eva, ana)
	yes, role := true, "staff"
	must(t, s.DecideGenuine(ctx, "acme", eva, &yes, "me")) // the old id goes on working
	must(t, s.DecideRole(ctx, "acme", ana, &role, "me"))
	n := 0
	must(t, s.AccountStandings(ctx, "acme", func(st rank.Standing) error {
		n++
		if st.Judged || st.Genuine == nil || !*st.Genuine || st.Role == nil || *st.Role != "staff" {
			t.Errorf("%+v", st)
		}
		return nil
	}))
	circle, err := s.Circle(ctx, "acme")
	must(t, err)
	if n != 2 || len(circle) != 1 || circle[0].Person.ID != min(ana, eva) || len(circle[0].Person.Accounts) != 2 || *circle[0].Role != "staff" || circle[0].By != "me" || circle[0].At.IsZero() {
		t.Errorf("%d decisions, %+v", n, circle)
	}
	if err := s.DecideRole(ctx, "acme", "nobody", &role, ""); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("about nobody: %v", err)
	}
	must(t, s.DecideRole(ctx, "acme", ana, nil, "me"))
	if circle, err = s.Circle(ctx, "acme"); err != nil || len(circle) != 0 {
		t.Errorf("undone: %+v, %v", circle, err)
	}
	must(t, s.SetAssessments(ctx, "acme", []Assessment{{Author: 1}, {Author: 2}, {Author: 3}}))
	if _, err := s.Delete(ctx, "acme", []Key{{"x", "1"}, {"x", "2"}}); err != nil {
		t.Fatal(err)
	}
	findings, err := s.Check(ctx, CheckOptions{Whole: true})
	must(t, err)
	for _, f := range findings {
		if f.Severity == Broken {
			t.Errorf("%+v", f)
		}
	}
	must(t, s.AccountStandings(ctx, "acme", func(st rank.Standing) error {
		if st.Genuine != nil || st.Role != nil {
			t.Errorf("a decision about an account that is gone: %+v", st)
		}
		return nil
	}))
	must(t, s.RemoveBrand(ctx, "acme"))
	for _, table := range []string{"assessment", "assessed", "decision"} {
		var left int
		must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&left))
		if left != 0 {
			t.Errorf("%d rows of %s outlive the brand", left, table)
		}
	}
}

func TestFindPerson(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	masto := note("mastodon", "3", "k3", 3)
	masto.Author.Handle = "Ana"
	nameless := note("x", "4", "n", 4)
	nameless.Author.Handle = ""
	save(t, s, copied("1", "ana", 1, 7), copied("2", "Eva", 2, 8), masto, nameless)
	for called, want := range map[string]string{
		personID("x", "ana"): personID("x", "ana"), "@eva": personID("x", "Eva"), "EVA": personID("x", "Eva"),
		"mastodon/@ana": personID("mastodon", "k3"), "x/ana": personID("x", "ana"), "k3": personID("mastodon", "k3"),
		"x:@Ana": personID("x", "ana"), "mastodon:k3": personID("mastodon", "k3"),
	} {
		if got, err := s.FindPerson(t.Context(), "acme", called); err != nil || got != want {
			t.Errorf("%q is %q, %v", called, got, err)
		}
	}
	_, err := s.FindPerson(t.Context(), "acme", "@ana")
	for _, want := range []string{"2 people are called so", "mastodon:Ana (id " + personID("mastodon", "k3") + ")", "x:ana (id " + personID("x", "ana") + ")"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("whom to choose from: %v lacks %q", err, want)
		}
	}
	for called, code := range map[string]adalid.Code{"ana": adalid.Invalid, "nobody": adalid.NotFound, "": adalid.Invalid, "x/": adalid.Invalid} {
		if got, err := s.FindPerson(t.Context(), "acme", called); adalid.CodeOf(err) != code {
			t.Errorf("%q is %q, %v", called, got, err)
		}
	}
}
