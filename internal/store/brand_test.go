package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	access "adalid/internal/account"
	"adalid/internal/rank"
	"adalid/internal/scan"
	"adalid/internal/workflow"

	"github.com/google/go-cmp/cmp"
)

func code(t *testing.T, want adalid.Code, err error) {
	t.Helper()
	if got := adalid.CodeOf(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestBrands(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir(), Now: stamped})
	must(t, err)
	defer s.Close()
	for _, b := range []adalid.Brand{
		{Name: "Zeta"},
		{Name: "Café Ñandú", Query: "café", Demo: true, Own: []adalid.OwnAccount{{Platform: "x", Handle: "@CafeNandu"}, {Key: "42"}}},
	} {
		must(t, s.CreateBrand(ctx, b))
	}
	code(t, adalid.Conflict, s.CreateBrand(ctx, adalid.Brand{Name: "CAFÉ ñandú"}))
	code(t, adalid.Invalid, s.CreateBrand(ctx, adalid.Brand{Name: "  "}))
	for _, name := range []string{".", "..", " .. ", "a\nb", "a\x00b", "a\x1b[31mb", "a\u200bb", "a\u202eb", "\u2060", "\xff", strings.Repeat("ñ", 201)} {
		code(t, adalid.Invalid, s.CreateBrand(ctx, adalid.Brand{Name: name}))
	}
	code(t, adalid.Invalid, s.CreateBrand(ctx, adalid.Brand{Name: "both", Own: []adalid.OwnAccount{{Handle: "a", Key: "b"}}}))
	_, err = s.Brand(ctx, "both")
	code(t, adalid.NotFound, err) // the whole creation was undone

	b, err := s.Brand(ctx, "café ÑANDÚ")
	must(t, err)
	want := adalid.Brand{
		Name: "Café Ñandú", Query: "café", Demo: true, Created: stamped(),
		Own: []adalid.OwnAccount{{Key: "42"}, {Platform: "x", Handle: "cafenandu"}},
	}
	if d := cmp.Diff(want, b); d != "" {
		t.Errorf("brand (-want +got):\n%s", d)
	}
	version, err := s.DataVersion(ctx, "café ñandú")
	must(t, err)
	must(t, s.UpdateBrand(ctx, adalid.Brand{Name: "CAFÉ ÑANDÚ", Query: "nandu"}))
	must(t, s.RemoveOwnAccounts(ctx, "café ñandú", []adalid.OwnAccount{{Key: "42"}}))
	must(t, s.AddOwnAccounts(ctx, "café ñandú", []adalid.OwnAccount{{Platform: "bluesky", Key: "did:1"}}))
	now, err := s.DataVersion(ctx, "café ñandú")
	must(t, err)
	if now <= version {
		t.Errorf("the data version went from %d to %d", version, now)
	}
	brands, err := s.Brands(ctx)
	must(t, err)
	if len(brands) != 2 || brands[0].Name != "CAFÉ ÑANDÚ" || brands[0].Query != "nandu" || brands[0].Demo || brands[1].Name != "Zeta" {
		t.Errorf("brands %+v", brands)
	}
	if !slices.Equal(brands[0].Own, []adalid.OwnAccount{{Platform: "bluesky", Key: "did:1"}, {Platform: "x", Handle: "cafenandu"}}) {
		t.Errorf("own accounts %+v", brands[0].Own)
	}

	must(t, s.RemoveBrand(ctx, "zeta"))
	code(t, adalid.NotFound, s.RemoveBrand(ctx, "zeta"))
	code(t, adalid.NotFound, s.UpdateBrand(ctx, adalid.Brand{Name: "zeta"}))
	code(t, adalid.NotFound, s.AddOwnAccounts(ctx, "zeta", nil))
	_, err = s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "zeta"}}})
	code(t, adalid.NotFound, err)
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "zeta"}))
	again, err := s.DataVersion(ctx, "zeta")
	must(t, err)
	if again <= now {
		t.Errorf("a brand made again starts at version %d, not above %d", again, now)
	}
}

// TestRemoveBrandLeavesNothing fills every table of a brand and removes it. What
// was done to it stays in the audit log, which names no people.
func TestRemoveBrandLeavesNothing(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	fillBrand(t, s, "acme")
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "other"}))
	fillBrand(t, s, "other")
	_, err := s.Save(ctx, scan.Page{Source: "all", Cursor: []byte("x")})
	must(t, err)
	before := storeAuthors(t, s, Span{})
	must(t, s.RemoveBrand(ctx, "other"))
	tables, err := sqlDB(t, s).QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('brand', 'audit_log') AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_schema.name) AS c WHERE c.name = 'brand')")
	must(t, err)
	var names []string
	for tables.Next() {
		var name string
		must(t, tables.Scan(&name))
		names = append(names, name)
	}
	must(t, tables.Close())
	if len(names) < 10 {
		t.Fatalf("only %d tables of brands: %v", len(names), names)
	}
	for _, name := range names {
		var mine, others int
		must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FILTER (WHERE brand = 1), count(*) FILTER (WHERE brand <> 1) FROM "+name).Scan(&mine, &others))
		if name == "spend" || name == "role" { // what was spent counts against limits that other brands share; a role may be on every brand
			must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FROM "+name+" WHERE brand NOT IN (0, 1)").Scan(&others))
		}
		if mine == 0 || others != 0 {
			t.Errorf("%s has %d rows of the brand that stays and %d others", name, mine, others)
		}
	}
	equal(t, "authors", storeAuthors(t, s, Span{}), before)
}

// fillBrand puts something into every table.
func fillBrand(t *testing.T, s *Store, brand string) {
	t.Helper()
	ctx := context.Background()
	for _, email := range []string{"all@brand.example", brand + "@brand.example"} {
		u := access.User{ID: email, Email: email, Name: email, Password: "x", Created: stamped(), Grants: []access.Grant{{Brand: brand, Role: access.Owner}}}
		if email == "all@brand.example" {
			u.Grants = []access.Grant{{Role: access.Owner}}
		}
		if err := s.AddUser(ctx, u, ""); adalid.CodeOf(err) != adalid.Conflict {
			must(t, err)
		}
	}
	m := newCrowd(50, 10).page(50)
	m[0].OwnAccount = true
	defer func() {
		_, err := s.SetLearned(ctx, brand, Learned{Kind: LearnedSentiment, Model: []byte{1}})
		must(t, err)
	}()
	_, err := s.Save(ctx, scan.Page{Brand: brand, Source: "f", Cursor: []byte("c"), Batches: []scan.Batch{{Brand: brand, Mentions: m}}})
	must(t, err)
	must(t, s.SetLabel(ctx, brand, Key{m[1].Platform, m[1].ID}, adalid.Negative, "me"))
	must(t, s.Observe(ctx, brand, "f", stamped(), stamped().Add(time.Hour)))
	_, err = s.StartScan(ctx, ScanRecord{Brand: brand, Kind: ImportScan, Source: "f"})
	must(t, err)
	fillLive(t, s, brand)
	var ids []string
	must(t, s.Accounts(ctx, brand, func(a rank.Account) error {
		ids = append(ids, a.Person)
		return nil
	}))
	_, err = s.Decide(ctx, brand, Link{A: ids[0], B: ids[1], Accepted: true, By: "ann"})
	must(t, err)
	must(t, s.SetAssessments(ctx, brand, []Assessment{{Author: 1}}))
	must(t, s.DecideGenuine(ctx, brand, ids[1], pointer(true), "me"))
	if err := s.CreateBrand(ctx, adalid.Brand{Name: "peer"}); adalid.CodeOf(err) != adalid.Conflict {
		must(t, err)
	}
	must(t, s.SetRivals(ctx, brand, []string{"peer"}))
	about := workflow.About{Brand: brand, Person: ids[0], By: workflow.Local()}
	keepAll(t, s, about)
	must(t, s.SetOwner(ctx, about, "all@brand.example"))
	_, err = s.SaveView(ctx, about, workflow.SavedView{Name: "Few"})
	must(t, err)
	_, err = s.ChangeMany(ctx, about, workflow.Order{People: ids[:1], AddTags: []string{"late"}})
	must(t, err)
	must(t, s.SetInformed(ctx, brand, ids[0], Informed{At: stamped(), Channel: "mail", By: "me"}))
	must(t, s.SetRetention(ctx, brand, Retention{Days: 9, By: "me"}))
	must(t, s.ChooseRanking(ctx, brand, rank.Choice{Blend: "arithmetic", By: "me"}))
	_, err = s.SaveSegment(ctx, brand, rank.Saved{Name: "Few", Where: "mentions < 3"})
	must(t, err)
}

// fillLive puts something into the tables of live sources.
func fillLive(t *testing.T, s *Store, brand string) {
	t.Helper()
	ctx := context.Background()
	must(t, s.SetSource(ctx, scan.Source{Name: "news of " + brand, Collector: "rss", Brand: brand, Settings: []byte("{}"), Enabled: true}))
	plan := scan.Plan{Brand: brand, Spec: "@daily", At: stamped(), Run: "one"}
	must(t, s.SetSchedule(ctx, plan))
	_, won, err := s.Claim(ctx, plan, stamped().Add(time.Hour), "two")
	must(t, err)
	held, err := s.TakeLease(ctx, brand, "rss", "me", time.Now().Add(time.Hour))
	must(t, err)
	if !won || !held {
		t.Fatalf("claimed %v, lease %v", won, held)
	}
	_, _, _, err = s.Book(ctx, scan.Booking{Brand: brand, Source: "rss", Unit: "read", At: stamped()}, 1, 1)
	must(t, err)
	_, err = s.Save(ctx, scan.Page{Brand: brand, Batches: []scan.Batch{{Brand: brand, Mentions: []scan.Mention{{Mention: adalid.Mention{Platform: "rss", ID: "old", Author: adalid.Author{Key: "k"}}}}}}})
	must(t, err)
	_, err = s.Remove(ctx, brand, "rss", scan.RemovedGone, []collectors.PostID{{Platform: "rss", ID: "old"}})
	must(t, err)
	must(t, s.SetSweep(ctx, brand, "rss", scan.SweepState{Started: stamped()}))
	db := sqlDB(t, s)
	for _, statement := range []string{
		"INSERT INTO alarm (brand, source, kind, reason, fix, since) SELECT id, '', '', '', '', 0 FROM brand WHERE name = ?",
		"INSERT INTO pushed (brand, key, body, at) SELECT id, '', '', 0 FROM brand WHERE name = ?",
		"INSERT OR IGNORE INTO user (id, email, folded, name, password, created_at) VALUES ('u', 'u@example.org', 'u@example.org', coalesce(?, 'U'), '', 0)",
		"INSERT INTO role (user, brand, role) SELECT 'u', id, 'viewer' FROM brand WHERE name = ?",
		"INSERT INTO api_key (id, name, hash, brand, role, made_by, made_at) SELECT 'k' || id, '', '', id, 'viewer', '', 0 FROM brand WHERE name = ?",
	} {
		_, err := db.ExecContext(ctx, statement, brand)
		must(t, err)
	}
}

// TestOwnAccounts marks by flag, by key and by any handle that an account ever
// had, on one platform or on all.
func TestOwnAccounts(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	at := refStart
	row := func(platform adalid.Platform, id, key, handle string, flagged bool) scan.Mention {
		at = at.Add(time.Hour)
		return scan.Mention{Mention: adalid.Mention{
			Platform: platform, ID: id, CreatedAt: at, OwnAccount: flagged, ReplyTo: "acmehelp",
			Author: adalid.Author{Key: key, Handle: handle},
		}}
	}
	_, err := s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: []scan.Mention{
		row("x", "1", "flagged", "AcmeHelp", true), row("x", "2", "flagged", "AcmeHelp", false),
		row("x", "3", "renamed", "Acme_Old", false), row("x", "4", "renamed", "Someone", false),
		row("mastodon", "5", "renamed", "someone", false), row("mastodon", "6", "k", "acme_old", false),
		row("bluesky", "7", "bykey", "b", false), row("x", "8", "bykey", "c", false),
	}}}})
	must(t, err)
	must(t, s.AddOwnAccounts(ctx, "acme", []adalid.OwnAccount{{Platform: "x", Handle: "ACME_OLD"}, {Key: "bykey"}}))
	own := map[string]bool{}
	must(t, s.Authors(ctx, "acme", Span{}, func(c AuthorCounts) error {
		own[string(c.Platform)+" "+c.Author] = c.BrandAccount
		return nil
	}))
	want := map[string]bool{"x flagged": true, "x renamed": true, "mastodon renamed": false, "mastodon k": false, "bluesky bykey": true, "x bykey": true}
	if d := cmp.Diff(want, own); d != "" {
		t.Errorf("own accounts (-want +got):\n%s", d)
	}
	must(t, s.Accounts(ctx, "acme", func(a rank.Account) error {
		if a.Own != want[string(a.Platform)+" "+a.Key] {
			t.Errorf("account %s %s: own is %v", a.Platform, a.Key, a.Own)
		}
		return nil
	}))
	posts, _, err := s.Posts(ctx, "acme", rank.PostQuery{Limit: 200})
	must(t, err)
	for _, p := range posts {
		isOwn := want[string(p.Platform)+" "+p.Author.Key]
		conversation := !isOwn && p.Platform == "x"
		if p.Own != isOwn || p.Conversation != conversation {
			t.Errorf("post %s: own %v, conversation %v, want %v and %v", p.ID, p.Own, p.Conversation, isOwn, conversation)
		}
	}
	st, err := s.State(ctx, "acme")
	must(t, err)
	if len(st.Own) != 3 {
		t.Errorf("own accounts of the state: %+v", st.Own)
	}
}
