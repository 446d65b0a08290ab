package store

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/privacy"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

var testKey = func() ([]byte, error) { return []byte("a key that only tests have, 32 b"), nil }

func openKeyed(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), Options{Dir: dir, Key: testKey, Now: stamped})
	must(t, err)
	return s
}

// traces counts how often a handle stands in the files of a folder, in every
// form that a program might write it in.
func traces(t testing.TB, dir, handle string) map[string]int {
	t.Helper()
	found := map[string]int{}
	needles := needlesOf(handle)
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for form, needle := range needles {
			if n := bytes.Count(b, needle); n > 0 {
				found[filepath.Base(path)+" "+form] = n
			}
		}
		return nil
	}))
	return found
}

func needlesOf(handle string) map[string][]byte {
	needles := map[string][]byte{}
	for _, f := range privacy.Forms(handle) {
		needles[f.Name] = f.Bytes
	}
	return needles
}

const gone = "Zorrilla_Quetzal77" // nobody has it

func said(platform, id, key, handle, text string, day int) scan.Mention {
	return scan.Mention{Mention: adalid.Mention{
		Platform: adalid.Platform(platform), ID: id, Text: text, CreatedAt: time.Date(2026, 3, 1+day, 9, 0, 0, 0, time.UTC),
		Author: adalid.Author{Platform: adalid.Platform(platform), Key: key, Handle: handle, Name: "Name of " + handle, Bio: "Bio", URL: "https://x.com/" + handle},
	}, TextHash: uint64(len(text)), RowHash: uint64(len(id) + len(text))}
}

// crowdWith is mentions of somebody and of others about them.
func crowdWith(handle string) []scan.Mention {
	lower := strings.ToLower(handle)
	c := newCrowd(300, 60)
	list := c.page(300)
	for i := range 40 {
		m := said("x", fmt.Sprintf("own-%d", i), "k-4711", handle, fmt.Sprintf("I love it %d, says %s", i, handle), i%20)
		m.URL = "https://x.com/" + handle + "/status/" + m.ID
		list = append(list, m)
		o := said("x", fmt.Sprintf("other-%d", i), fmt.Sprintf("k%d", i%5), fmt.Sprintf("bob%d", i%5), "thanks @"+handle+", see https://x.com/"+strings.ToUpper(handle)+"/status/1 and %40"+lower+"! (by "+handle+")", i%20)
		o.Mentions, o.ReplyTo, o.QuoteOf = []string{"carol", lower}, lower, lower
		o.URL = "https://x.com/bob/status/1?to=" + lower
		o.Author.Bio = "friend of @" + handle
		if i%7 == 0 {
			o.Repost, o.RepostOf, o.ID = true, lower, "https://x.com/"+handle+"/"+o.ID
		}
		list = append(list, o)
	}
	return list
}

func saveAll(t testing.TB, s *Store, brand string, list []scan.Mention) scan.Saved {
	t.Helper()
	saved, err := s.Save(context.Background(), scan.Page{Batches: []scan.Batch{{Brand: brand, Mentions: list}}})
	must(t, err)
	return saved
}

func TestEraseLeavesNothing(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openKeyed(t, dir)
	defer func() { must(t, s.Close()) }()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "other"}))
	list := crowdWith(gone)
	saveAll(t, s, "acme", list)
	saveAll(t, s, "other", list)
	person, err := s.FindPerson(ctx, "acme", "x/"+gone)
	must(t, err)
	must(t, s.SetLabel(ctx, "acme", Key{"x", "own-1"}, adalid.Positive, "me"))
	must(t, s.DecideRole(ctx, "acme", person, new("staff"), "me"))
	must(t, s.AddOwnAccounts(ctx, "acme", []adalid.OwnAccount{{Platform: "x", Handle: strings.ToLower(gone)}}))
	bob, err := s.FindPerson(ctx, "acme", "x/bob1")
	must(t, err)
	_, err = s.Decide(ctx, "acme", Link{A: person, B: bob, Accepted: false, Basis: []byte(`{"reasons":["` + gone + `"]}`)})
	must(t, err)
	must(t, s.UpdateBrand(ctx, adalid.Brand{Name: "acme", Query: "acme OR @" + gone}))
	_, err = s.SaveSegment(ctx, "acme", rank.Saved{Name: "Them", Where: "handle = " + strings.ToLower(gone)})
	must(t, err)
	for _, name := range []string{"theirs", "ours"} {
		settings := map[string]string{"theirs": `{"urls":["https://blog.example/@` + gone + `"]}`, "ours": "{}"}[name]
		must(t, s.SetSource(ctx, scan.Source{Name: name, Collector: "rss", Settings: []byte(settings), Enabled: true}))
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(ctx, backup))
	if found := traces(t, dir, gone); len(found) < 3 {
		t.Fatalf("the control finds %v: this test proves nothing", found)
	}
	count := func(brand string) (n int64) {
		must(t, s.read(ctx, "", func(x *session) error {
			b, err := findBrand(x, brand)
			must(t, err)
			_, err = x.one("mention.Count", func(r row) error { n = r.int(0); return nil }, b.id)
			return err
		}))
		return n
	}
	before := count("acme")

	out, err := s.Erase(ctx, Erasure{Person: "x/" + gone})
	must(t, err)
	if len(out.Accounts) != 2 || len(out.Brands) != 2 || out.Brands[0].Mentions != 40 || out.Brands[0].Rewritten < 40 {
		t.Errorf("erased %+v", out)
	}
	if found := traces(t, dir, gone); len(found) != 0 {
		t.Errorf("left: %v", found)
	}
	if after := count("acme"); after != before-40 {
		t.Errorf("%d mentions before, %d after: only the person's own go", before, after)
	}
	b, err := s.Brand(ctx, "acme")
	must(t, err)
	segment, err := s.Segment(ctx, "acme", "Them")
	must(t, err)
	if b.Query != "acme OR @erasedperson" || len(b.Own) != 0 || segment.Where != "handle = …" || segment.Check() != nil {
		t.Errorf("the query is %q, the segment %q, own accounts %v", b.Query, segment.Where, b.Own)
	}
	sources, err := s.Sources(ctx)
	must(t, err)
	if len(sources) != 2 || !sources[0].Enabled || sources[1].Enabled || string(sources[1].Settings) != `{"urls":["https://blog.example/@…"]}` {
		t.Errorf("sources %+v", sources)
	}
	report, err := s.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("roll-ups differ: %+v", report)
	}
	findings, err := s.Check(ctx, CheckOptions{Whole: true})
	must(t, err)
	for _, f := range findings {
		if f.Severity == Broken {
			t.Errorf("broken: %+v", f)
		}
	}

	saved := saveAll(t, s, "acme", list)
	if saved.Suppressed != 40 || saved.New != 0 || saved.Changed != 0 {
		t.Errorf("collected again: %+v", saved)
	}
	more := crowdWith(gone)
	for i := range more {
		more[i].ID += "-again"
		more[i].RowHash++
	}
	if saved = saveAll(t, s, "acme", more); saved.Suppressed != 40 || saved.New == 0 {
		t.Errorf("new posts: %+v", saved)
	}
	if found := traces(t, dir, gone); len(found) != 0 {
		t.Errorf("after collecting again: %v", found)
	}
	report, err = s.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("roll-ups differ after collecting again: %+v", report)
	}

	t.Run("restored", func(t *testing.T) {
		must(t, s.Close())
		_, err := Restore(ctx, dir, backup, Options{Now: stamped, Key: testKey})
		must(t, err)
		if found := traces(t, dir, gone); len(found) != 0 {
			t.Errorf("after a restore: %v", found)
		}
		s = openKeyed(t, dir)
		if n := count("acme"); n != before-40 {
			t.Errorf("%d mentions after the restore, want %d", n, before-40)
		}
		if saved := saveAll(t, s, "other", list); saved.Suppressed != 40 || saved.New != 0 {
			t.Errorf("collected again after the restore: %+v", saved)
		}
	})
	t.Run("the check can fail", func(t *testing.T) {
		must(t, os.WriteFile(filepath.Join(dir, "planted"), needlesOf(gone)["lower case, UTF-16BE"], 0o600))
		if found := traces(t, dir, gone); len(found) != 1 {
			t.Errorf("a planted handle is found %v", found)
		}
		must(t, os.Remove(filepath.Join(dir, "planted")))
	})
}

// TestEraseWaitsForNobody: entries that are in the file only, as after a kill
// between the two, are applied when the database is opened.
func TestEraseGoesOn(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openKeyed(t, dir)
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", crowdWith(gone))
	h, err := s.hash()
	must(t, err)
	entries := h.Entries(privacy.Everywhere, privacy.Subject{Account: personID("x", "k-4711"), Platform: "x", Key: "k-4711", Handles: []string{gone}})
	must(t, s.suppress(ctx, entries)) // and then the power goes
	must(t, s.Close())
	if len(traces(t, dir, gone)) == 0 {
		t.Fatal("nothing to erase")
	}
	s = openKeyed(t, dir)
	defer s.Close()
	if found := traces(t, dir, gone); len(found) != 0 {
		t.Errorf("left: %v", found)
	}
}

// TestEraseForOneBrand leaves the others alone.
func TestEraseForOneBrand(t *testing.T) {
	ctx := context.Background()
	s := openKeyed(t, t.TempDir())
	defer s.Close()
	for _, b := range []string{"acme", "other"} {
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: b}))
		saveAll(t, s, b, crowdWith(gone))
	}
	_, err := s.Erase(ctx, Erasure{Brand: "ACME", Person: "@" + gone})
	must(t, err)
	if _, err := s.FindPerson(ctx, "acme", "x/"+gone); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("still there: %v", err)
	}
	if _, err := s.FindPerson(ctx, "other", "x/"+gone); err != nil {
		t.Errorf("gone from another brand: %v", err)
	}
	if saved := saveAll(t, s, "acme", crowdWith(gone)); saved.Suppressed != 40 {
		t.Errorf("collected again: %+v", saved)
	}
	if saved := saveAll(t, s, "other", crowdWith(gone)); saved.Suppressed != 0 {
		t.Errorf("left out of the other brand: %+v", saved)
	}
}

// TestEraseNeedsItsKey: with another key nobody is recognised, so nothing may be
// stored.
func TestEraseNeedsItsKey(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := openKeyed(t, dir)
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	_, err := s.Erase(ctx, Erasure{Person: "x/" + gone})
	must(t, err)
	must(t, s.Close())
	if _, err := Open(ctx, Options{Dir: dir, Key: func() ([]byte, error) { return []byte("another"), nil }}); adalid.CodeOf(err) != adalid.Unavailable {
		t.Errorf("opened with another key: %v", err)
	}
	s, err = Open(ctx, Options{Dir: dir})
	must(t, err)
	defer s.Close()
	_, err = s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: crowdWith(gone)}}})
	code(t, adalid.Unavailable, err)
}
