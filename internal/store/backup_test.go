package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/internal/scan"
)

func stamped() time.Time { return time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC) }

// TestBackupWhileWriting backs up between the pages of a writer, restores into
// another folder and compares with a store that has the same pages.
func TestBackupWhileWriting(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	c := newCrowd(6000, 400)
	var pages [][]scan.Mention
	for range 12 {
		pages = append(pages, c.page(500))
	}
	half := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for n, p := range pages {
			if n == len(pages)/2 {
				close(half)
			}
			_, err := s.Save(ctx, scan.Page{Brand: "acme", Source: "w", Cursor: []byte{byte(n + 1)}, Batches: []scan.Batch{{Brand: "acme", Mentions: p}}})
			must(t, err)
		}
	})
	<-half
	file := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(ctx, file))
	group.Wait()
	info, err := os.Stat(file)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has mode %v", info.Mode())
	}
	if err := s.Backup(ctx, file); adalid.CodeOf(err) != adalid.Conflict {
		t.Errorf("backup over an existing file: %v", err)
	}
	if err := s.Backup(ctx, filepath.Join(t.TempDir(), "missing", "b.db")); adalid.CodeOf(err) != adalid.Unavailable {
		t.Errorf("backup into a missing folder: %v", err)
	}

	dir := t.TempDir()
	replaced, err := Restore(ctx, dir, file, Options{})
	must(t, err)
	if replaced != "" {
		t.Errorf("restore into an empty folder replaced %q", replaced)
	}
	restored := open(t, dir)
	defer restored.Close()
	at, err := restored.Cursor(ctx, "acme", "w")
	must(t, err)
	cursor := at.Cursor
	if len(cursor) != 1 || int(cursor[0]) < len(pages)/2 {
		t.Fatalf("the backup's cursor is %v", cursor)
	}
	same := open(t, t.TempDir())
	defer same.Close()
	for _, p := range pages[:cursor[0]] {
		_, err := same.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: p}}})
		must(t, err)
	}
	equal(t, "authors", storeAuthors(t, restored, Span{}), storeAuthors(t, same, Span{}))
	equal(t, "roll-ups", storeDays(t, restored), storeDays(t, same))
	equal(t, "edges", storeEdgeTotals(t, restored, Span{}), storeEdgeTotals(t, same, Span{}))
	report, err := restored.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild of the restored database found %+v", report)
	}
}

func TestRestore(t *testing.T) {
	ctx := context.Background()
	source := open(t, t.TempDir())
	file := filepath.Join(t.TempDir(), "backup.db")
	must(t, source.CreateBrand(ctx, adalid.Brand{Name: "saved"}))
	must(t, source.Backup(ctx, file))
	must(t, source.Close())
	o := Options{Now: stamped}

	t.Run("refuses while the database is open", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		if _, err := Restore(ctx, dir, file, o); adalid.CodeOf(err) != adalid.Conflict {
			t.Errorf("restore under an open store: %v", err)
		}
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: "still works"}))
		must(t, s.Close())
		wantLeft(t, dir, FileName)
	})
	t.Run("keeps what it replaces", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: "replaced"}))
		must(t, s.Close())
		for _, want := range []string{FileName + ".replaced-20260506T070809Z", FileName + ".replaced-20260506T070809Z-2"} {
			replaced, err := Restore(ctx, dir, file, o)
			must(t, err)
			if replaced != filepath.Join(dir, want) {
				t.Errorf("the replaced database is %q, want %s", replaced, want)
			}
		}
		s = open(t, dir)
		defer s.Close()
		_, err := s.Brand(ctx, "saved")
		must(t, err)
		if _, err := s.Brand(ctx, "replaced"); adalid.CodeOf(err) != adalid.NotFound {
			t.Errorf("the replaced brand is still there: %v", err)
		}
		old := filepath.Join(t.TempDir(), "old")
		must(t, os.MkdirAll(old, 0o700))
		must(t, os.Rename(filepath.Join(dir, FileName+".replaced-20260506T070809Z"), filepath.Join(old, FileName)))
		was := open(t, old)
		defer was.Close()
		_, err = was.Brand(ctx, "replaced")
		must(t, err)
	})
	t.Run("replaces a damaged database", func(t *testing.T) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, FileName), []byte(strings.Repeat("not a database ", 500)), 0o600))
		must(t, os.WriteFile(filepath.Join(dir, FileName+"-wal"), []byte("old log"), 0o600))
		_, err := Restore(ctx, dir, file, o)
		must(t, err)
		wantLeft(t, dir, FileName, FileName+".replaced-20260506T070809Z") // no log that would be taken for the new database's
		s := open(t, dir)
		defer s.Close()
		_, err = s.Brand(ctx, "saved")
		must(t, err)
	})
	t.Run("refuses what is no backup", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		must(t, s.CreateBrand(ctx, adalid.Brand{Name: "kept"}))
		must(t, s.Close())
		whole, err := os.ReadFile(file)
		must(t, err)
		for name, bad := range map[string][]byte{
			"empty": {}, "text": []byte(strings.Repeat("hello ", 1000)), "cut": whole[:len(whole)/2],
			"flipped": append(append(append([]byte{}, whole[:3*pageSize]...), make([]byte, 4096)...), whole[3*pageSize+4096:]...),
		} {
			broken := filepath.Join(t.TempDir(), name)
			must(t, os.WriteFile(broken, bad, 0o600))
			if _, err := Restore(ctx, dir, broken, o); adalid.CodeOf(err) != adalid.Invalid {
				t.Errorf("restore of a %s file: %v", name, err)
			}
		}
		if _, err := Restore(ctx, dir, filepath.Join(dir, "nothing"), o); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("restore of a missing file: %v", err)
		}
		wantLeft(t, dir, FileName)
		s = open(t, dir)
		defer s.Close()
		_, err = s.Brand(ctx, "kept")
		must(t, err)
	})
}

func wantLeft(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	equal(t, "files", left, names)
}

// TestCheck damages a database in ways that doctor has to see.
func TestCheck(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	c := newCrowd(2000, 200)
	_, err := s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: c.page(2000)}}})
	must(t, err)
	look := func(check string, o CheckOptions) Severity {
		t.Helper()
		findings, err := s.Check(ctx, o)
		must(t, err)
		if len(findings) != 6 {
			t.Fatalf("%d findings: %+v", len(findings), findings)
		}
		for _, f := range findings {
			if f.Check == check {
				return f.Severity
			}
		}
		t.Fatalf("no finding about %s", check)
		return ""
	}
	for _, check := range []string{"integrity", "references", "counts", "schema", "log"} {
		for _, whole := range []bool{false, true} {
			if got := look(check, CheckOptions{Whole: whole}); got != Fine {
				t.Errorf("%s of a sound database: %s", check, got)
			}
		}
	}
	version, err := s.DataVersion(ctx, "acme")
	must(t, err)
	for _, damage := range []struct{ sql, check string }{
		{"UPDATE rollup SET posts = posts + 1", "counts"},
		{"PRAGMA foreign_keys = 0; DELETE FROM profile WHERE author = 3", "references"},
		{"INSERT INTO label (brand, platform, id, label, labeled_by, labeled_at) SELECT brand, platform, 'nowhere', 1, '', 0 FROM mention LIMIT 1", "references"},
	} {
		if err := s.writer.exec(damage.sql); err != nil {
			t.Fatalf("%s: %v", damage.sql, err)
		}
		if got := look(damage.check, CheckOptions{Whole: true}); got != Broken {
			t.Errorf("%s after %s: %s", damage.check, damage.sql, got)
		}
	}
	if now, err := s.DataVersion(ctx, "acme"); err != nil || now != version {
		t.Errorf("a check changed the data version from %d to %d (%v)", version, now, err)
	}
}

// TestRestoreIntoRelativeFolder: the default data folder is a relative path.
func TestRestoreIntoRelativeFolder(t *testing.T) {
	ctx := context.Background()
	source := open(t, t.TempDir())
	file := filepath.Join(t.TempDir(), "backup.db")
	must(t, source.CreateBrand(ctx, adalid.Brand{Name: "saved"}))
	must(t, source.Backup(ctx, file))
	must(t, source.Close())
	t.Chdir(t.TempDir())
	must(t, open(t, "data").Close())
	if replaced, err := Restore(ctx, "data", file, Options{Now: stamped}); err != nil || replaced == "" {
		t.Fatalf("kept %q: %v", replaced, err)
	}
	s := open(t, "data")
	defer s.Close()
	if _, err := s.Brand(ctx, "saved"); err != nil {
		t.Error(err)
	}
}
