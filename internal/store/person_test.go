package store

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"

	"github.com/google/go-cmp/cmp"
)

func save(t *testing.T, s *Store, mentions ...scan.Mention) scan.Saved {
	t.Helper()
	saved, err := s.Save(context.Background(), scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: mentions}}})
	must(t, err)
	return saved
}

// note makes a mention that is told apart by its id and hour.
func note(platform adalid.Platform, id, key string, hour int) scan.Mention {
	return scan.Mention{RowHash: uint64(hour), Mention: adalid.Mention{
		Platform: platform, ID: id, Text: "text " + id, CreatedAt: refStart.Add(time.Duration(hour) * time.Hour),
		Author: adalid.Author{Key: key, Handle: strings.ToUpper(key)},
	}}
}

func TestPersons(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	first := note("x", "1", "ann", 1)
	first.Author.Name, first.Author.Followers = "Before", pointer(int64(5))
	second := note("x", "2", "ann", 2)
	second.Author = adalid.Author{
		Key: "ann", Handle: "Ann2", Name: "After", Bio: "bio", URL: "https://a.example", Verified: pointer(true),
		Created: refStart, Followers: pointer(int64(9)), Following: pointer(int64(0)),
	}
	save(t, s, second, first, note("mastodon", "3", "ann@a.example", 3), note("bluesky", "4", "did:ann", 4))

	people := map[string]string{}
	must(t, s.Accounts(ctx, "acme", func(a rank.Account) error {
		people[string(a.Platform)] = a.Person
		return nil
	}))
	if !regexp.MustCompile(`^[a-z2-7]{16}$`).MatchString(people["x"]) || people["x"] != personID("x", "ann") {
		t.Errorf("person id %q", people["x"])
	}
	p, err := s.Person(ctx, "acme", people["x"])
	must(t, err)
	second.Author.Platform = "x"
	if d := cmp.Diff(adalid.Person{ID: people["x"], Accounts: []adalid.Author{second.Author}}, p); d != "" {
		t.Errorf("person (-want +got):\n%s", d)
	}
}

// TestPosts pages through every order and filter and compares with a plain
// sort of everything.
func TestPosts(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	var all []scan.Mention
	for i := range 60 {
		m := note([]adalid.Platform{"x", "mastodon"}[i%2], fmt.Sprint(i/2), []string{"ann", "bob", "cat"}[i%3], i/4)
		m.Lang = []string{"es", "en", "es-mx", ""}[i%4]
		m.Likes, m.Reposts = pointer(int64(i%7)), pointer(int64(i%3))
		m.Repost = i%5 == 0
		m.TextHash = 7
		if i%11 == 0 {
			m.CreatedAt = time.Time{}
		}
		all = append(all, m)
	}
	save(t, s, all...)
	for _, q := range []rank.PostQuery{
		{},
		{Sort: rank.MostEngaged},
		{Authored: true, Platform: "x"},
		{Lang: "es"},
		{Since: refStart.Add(3 * time.Hour), Until: refStart.Add(9 * time.Hour)},
		{Since: refStart.Add(3 * time.Hour), Sort: rank.MostEngaged},
		{Person: personID("x", "ann")},
		{Person: personID("mastodon", "bob"), Sort: rank.MostEngaged, Authored: true, Lang: "en"},
	} {
		for _, limit := range []int{1, 7, 200} {
			q.Limit, q.After = limit, ""
			var got []string
			for {
				page, next, err := s.Posts(ctx, "acme", q)
				must(t, err)
				for _, p := range page {
					got = append(got, string(p.Platform)+" "+p.ID)
				}
				if q.After = next; next == "" {
					break
				}
			}
			equal(t, fmt.Sprintf("posts of %+v", q), got, refPosts(all, q))
		}
	}
	for _, q := range []rank.PostQuery{{}, {Limit: 2001}, {Limit: 1, After: "%"}, {Limit: 1, After: "e30"}, {Limit: 1, Sort: "best"}} {
		_, _, err := s.Posts(ctx, "acme", q)
		code(t, adalid.Invalid, err)
	}
	_, _, err := s.Posts(ctx, "acme", rank.PostQuery{Limit: 1, Person: "nobody"})
	code(t, adalid.NotFound, err)
}

func refPosts(all []scan.Mention, q rank.PostQuery) []string {
	kept := refKeep(all, func(m scan.Mention) bool {
		return (!q.Authored || !m.Repost) && (q.Platform == "" || m.Platform == q.Platform) &&
			(q.Lang == "" || m.Lang == q.Lang || strings.HasPrefix(m.Lang, q.Lang+"-")) &&
			(q.Person == "" || q.Person == personID(string(m.Platform), m.Author.Key)) &&
			(q.Since.IsZero() || !m.CreatedAt.IsZero() && !m.CreatedAt.Before(q.Since)) &&
			(q.Until.IsZero() || !m.CreatedAt.IsZero() && !m.CreatedAt.After(q.Until))
	})
	slices.SortFunc(kept, func(a, b scan.Mention) int {
		n := b.CreatedAt.Compare(a.CreatedAt) // the zero time is before any
		if q.Sort == rank.MostEngaged {
			n = int(*b.Likes + 2**b.Reposts - *a.Likes - 2**a.Reposts)
		}
		if n == 0 {
			n = strings.Compare(string(a.Platform)+"\x00"+a.ID, string(b.Platform)+"\x00"+b.ID)
		}
		return n
	})
	var keys []string
	for _, m := range kept {
		keys = append(keys, string(m.Platform)+" "+m.ID)
	}
	return keys
}

// TestPostShowsEverything reads one post back as it was given.
func TestPostShowsEverything(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	m := note("x", "id-1", "ann", 1)
	m.Author = adalid.Author{Key: "ann", Handle: "Ann", Name: "Ann A", Bio: "b\x00\xff", URL: "u", Followers: pointer(int64(1)), Verified: pointer(false)}
	m.URL, m.Lang, m.Text, m.ObservedAt = "https://x.example/1", "es", "hola 👋", refStart.Add(48*time.Hour)
	m.Likes, m.Views = pointer(int64(0)), pointer(int64(1)<<40)
	m.ReplyTo, m.QuoteOf, m.Mentions = "bob", "cat", []string{"bob", "cat"}
	m.Sponsored, m.Label = true, adalid.Negative
	m.Sentiment = &adalid.Sentiment{Positive: 0.75, Neutral: 0.25}
	save(t, s, m)
	posts, next, err := s.Posts(ctx, "acme", rank.PostQuery{Limit: 1})
	must(t, err)
	want := rank.Post{Mention: m.Mention, Person: personID("x", "ann"), Copy: 1, Sentiment: pointer(0.75), Tone: adalid.Positive}
	want.Brand, want.Author.Platform, want.Author.Bio = "acme", "x", "b\uFFFD\uFFFD"
	if d := cmp.Diff([]rank.Post{want}, posts); d != "" || next != "" {
		t.Errorf("post (-want +got), next %q:\n%s", next, d)
	}
	must(t, s.SetLabel(ctx, "acme", Key{"x", "id-1"}, adalid.Negative, "me"))
	posts, _, err = s.Posts(ctx, "acme", rank.PostQuery{Limit: 1})
	must(t, err)
	if !posts[0].Corrected || *posts[0].Sentiment != -1 || posts[0].Tone != adalid.Negative {
		t.Errorf("a labelled post shows %v, corrected %v", *posts[0].Sentiment, posts[0].Corrected)
	}
	code(t, adalid.NotFound, s.SetLabel(ctx, "acme", Key{"x", "none"}, adalid.Positive, "me"))
	code(t, adalid.Invalid, s.SetLabel(ctx, "acme", Key{"x", "id-1"}, "great", "me"))
}

// TestSaved counts new, changed and repeated rows and watches the version.
func TestSaved(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	version := func() int64 {
		t.Helper()
		v, err := s.DataVersion(ctx, "acme")
		must(t, err)
		return v
	}
	m := note("x", "1", "ann", 1)
	more, later := m, m
	more.Likes = pointer(int64(4))
	later.Likes, later.ObservedAt = pointer(int64(4)), refStart.Add(100*time.Hour)
	for _, step := range []struct {
		what string
		rows []scan.Mention
		want scan.Saved
		rise bool
	}{
		{"two new, one twice", []scan.Mention{m, m, note("x", "2", "bob", 1)}, scan.Saved{New: 2, Repeated: 1}, true},
		{"the same again", []scan.Mention{m}, scan.Saved{Repeated: 1}, false},
		{"more likes", []scan.Mention{more}, scan.Saved{Changed: 1}, true},
		{"fewer likes lose", []scan.Mention{m}, scan.Saved{Repeated: 1}, false},
		{"the same seen later", []scan.Mention{later}, scan.Saved{Repeated: 1}, false},
		{"nothing", nil, scan.Saved{}, false},
	} {
		before := version()
		if got := save(t, s, step.rows...); got != step.want {
			t.Errorf("%s: saved %+v, want %+v", step.what, got, step.want)
		}
		if got := version() > before; got != step.rise {
			t.Errorf("%s: the version rose: %v, want %v", step.what, got, step.rise)
		}
	}
}

func TestObservedAndScans(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: t.TempDir(), Now: stamped})
	must(t, err)
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	hour := func(h int) time.Time { return refStart.Add(time.Duration(h) * time.Hour) }
	for _, p := range [][2]int{{10, 12}, {1, 2}, {12, 14}, {5, 6}, {4, 7}, {2, 3}} {
		must(t, s.Observe(ctx, "acme", "x", hour(p[0]), hour(p[1])))
	}
	must(t, s.Observe(ctx, "acme", "y", hour(0), hour(9)))
	code(t, adalid.Invalid, s.Observe(ctx, "acme", "x", hour(3), hour(3)))
	got, err := s.Observed(ctx, "acme", "x")
	must(t, err)
	want := []Observation{{"x", hour(1), hour(3)}, {"x", hour(4), hour(7)}, {"x", hour(10), hour(14)}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("observed (-want +got):\n%s", d)
	}
	got, err = s.Observed(ctx, "acme", "")
	must(t, err)
	if len(got) != 4 {
		t.Errorf("all sources: %+v", got)
	}

	var ids []int64
	for _, kind := range []ScanKind{ImportScan, LiveScan, LiveScan} {
		id, err := s.StartScan(ctx, ScanRecord{Brand: "acme", Kind: kind, Source: "src"})
		must(t, err)
		ids = append(ids, id)
	}
	must(t, s.FinishScan(ctx, ids[0], ScanRecord{State: Done, Rows: 9, Rejected: 1, Saved: scan.Saved{New: 3, Changed: 2, Repeated: 3}}))
	state, err := s.State(ctx, "acme")
	must(t, err)
	if !state.LastScan.IsZero() {
		t.Errorf("an import counts as the end of a scan: %v", state.LastScan)
	}
	must(t, s.FinishScan(ctx, ids[1], ScanRecord{State: Done, Finished: hour(20)}))
	must(t, s.FinishScan(ctx, ids[2], ScanRecord{State: Failed, Reason: "key revoked", Finished: hour(30)}))
	if state, err = s.State(ctx, "acme"); err != nil || !state.LastScan.Equal(hour(20)) {
		t.Errorf("the last scan ended %v (%v), want %v", state.LastScan, err, hour(20))
	}
	scans, err := s.Scans(ctx, "acme", 2)
	must(t, err)
	if len(scans) != 2 || scans[0].ID != ids[2] || scans[0].Reason != "key revoked" || scans[1].State != Done {
		t.Errorf("the latest scans: %+v", scans)
	}
	scans, err = s.Scans(ctx, "acme", 3)
	must(t, err)
	first := ScanRecord{
		ID: ids[0], Brand: "acme", Kind: ImportScan, Source: "src", State: Done, Rows: 9, Rejected: 1,
		Saved: scan.Saved{New: 3, Changed: 2, Repeated: 3}, Started: stamped(), Finished: stamped(),
	}
	if d := cmp.Diff(first, scans[2]); d != "" {
		t.Errorf("scan (-want +got):\n%s", d)
	}
	code(t, adalid.NotFound, s.FinishScan(ctx, 99, ScanRecord{State: Done}))
	code(t, adalid.Invalid, s.FinishScan(ctx, ids[0], ScanRecord{State: Running}))
	_, err = s.StartScan(ctx, ScanRecord{Kind: "walk"})
	code(t, adalid.Invalid, err)
}

func TestStateAndDayPart(t *testing.T) {
	ctx := context.Background()
	now := refStart.Add(72 * time.Hour)
	s, err := Open(ctx, Options{Dir: t.TempDir(), Now: func() time.Time { return now }})
	must(t, err)
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	future, unknown := note("x", "f", "ann", 100), note("x", "u", "ann", 1)
	unknown.CreatedAt = time.Time{}
	named := note("x", "2", "bob", 26)
	named.Mentions = []string{"ann"}
	save(t, s, note("x", "1", "ann", 1), named, note("x", "3", "bob", 27), future, unknown)
	state, err := s.State(ctx, "acme")
	must(t, err)
	if !state.Newest.Equal(refStart.Add(27*time.Hour)) || state.NoTime != 1 || state.Future != 1 {
		t.Errorf("state %+v", state)
	}
	var rows []rank.Row
	must(t, s.DayPart(ctx, "acme", refStart.Add(24*time.Hour), refStart.Add(26*time.Hour), func(r rank.Row) error {
		rows = append(rows, r)
		return nil
	}))
	if len(rows) != 1 || rows[0].Posts != 1 || rows[0].LastID != "2" || rows[0].First != refStart.Add(26*time.Hour).Unix() {
		t.Errorf("part of a day: %+v", rows)
	}
	var edges []rank.Edge
	must(t, s.EdgesPart(ctx, "acme", refStart.Add(26*time.Hour), refStart.Add(26*time.Hour), func(e rank.Edge) error {
		edges = append(edges, e)
		return nil
	}))
	var whole []rank.Edge
	must(t, s.Edges(ctx, "acme", func(e rank.Edge) error {
		whole = append(whole, e)
		return nil
	}))
	if len(edges) != 1 || edges[0].Target != "ann" || edges[0].Weight != 1 || !slices.Equal(edges, whole) {
		t.Errorf("edges of part of a day %+v, whole %+v", edges, whole)
	}
}
