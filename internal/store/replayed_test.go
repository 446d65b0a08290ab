package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"adalid/collectors"
	"adalid/internal/scan"
)

// TestReplayedPagesEndAsAWhole takes the end of the log away, as a power cut may
// where pages did not wait for the disk: what is left is some first pages, each
// with its sums and its cursor.
func TestReplayedPagesEndAsAWhole(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	const pages = 4
	for n := range pages {
		_, err := s.Save(t.Context(), scan.Page{
			Brand: "acme", Source: "file:x", Cursor: collectors.Cursor(fmt.Sprint(n + 1)), First: n == 0, Replayed: true,
			Batches: []scan.Batch{{Brand: "acme", Mentions: victimMentions(n)}},
		})
		must(t, err)
	}
	base, err := os.ReadFile(s.Path())
	must(t, err)
	log, err := os.ReadFile(s.Path() + "-wal")
	must(t, err)
	must(t, s.Close())

	seen := map[int]bool{}
	for left := len(log); left > 0; left -= len(log) / 12 {
		cut := t.TempDir()
		path := filepath.Join(cut, FileName)
		must(t, os.WriteFile(path, base, 0o600))
		must(t, os.WriteFile(path+"-wal", log[:left], 0o600))
		s, err := Open(t.Context(), Options{Dir: cut})
		must(t, err)
		stored := 0
		if at, err := s.Cursor(t.Context(), "acme", "file:x"); err == nil && at.Cursor != nil {
			_, err = fmt.Sscan(string(at.Cursor), &stored)
			must(t, err)
			wantMentions(t, s, stored)
			r, err := s.Rebuild(t.Context(), "acme", nil)
			must(t, err)
			if r.Differ() > 0 {
				t.Errorf("after %d pages %d sums differ", stored, r.Differ())
			}
		}
		seen[stored] = true
		must(t, s.Close())
	}
	if len(seen) < pages {
		t.Errorf("only the ends after %v pages were met", seen)
	}
}

// TestOnlyReplayedPagesDoNotWait: every other transaction is on disk when Save
// returns, also behind one that is not, and behind one that failed.
func TestOnlyReplayedPagesDoNotWait(t *testing.T) {
	s := open(t, t.TempDir())
	defer func() { must(t, s.Close()) }()
	level := func() int64 {
		st, err := s.writer.compile("PRAGMA synchronous")
		must(t, err)
		defer st.finalize()
		_, err = st.step()
		must(t, err)
		return row{st: st}.int(0)
	}
	const full, normal = 2, 1
	within := int64(0)
	for _, brand := range []string{"acme", "nobody"} {
		_, err := s.Save(t.Context(), scan.Page{Brand: brand, Source: "file:x", Cursor: collectors.Cursor("1"), Replayed: true})
		if (err != nil) != (brand == "nobody") {
			t.Errorf("%s: %v", brand, err)
		}
		if level() != full {
			t.Errorf("after a page of %s the disk is waited for at level %d", brand, level())
		}
	}
	must(t, s.writeSynced(t.Context(), "look", false, func(*session) error { within = level(); return nil }))
	if within != normal {
		t.Errorf("a replayed page waits for the disk at level %d", within)
	}
	must(t, s.write(t.Context(), "look", func(*session) error { within = level(); return nil }))
	if within != full {
		t.Errorf("any other page waits for the disk at level %d", within)
	}
}
