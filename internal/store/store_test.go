package store

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"

	"go.uber.org/goleak"
	"modernc.org/sqlite"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		os.Exit(victim(dir))
	}
	if dir := os.Getenv(deciderDir); dir != "" {
		os.Exit(decider(dir))
	}
	if dir := os.Getenv(readerDir); dir != "" {
		os.Exit(readerMain(dir, os.Getenv(readerURL)))
	}
	if raced {
		if err := flag.Set("rapid.checks", "10"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

func sourceText(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	must(t, err)
	var b strings.Builder
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			text, err := os.ReadFile(f)
			must(t, err)
			b.Write(text)
		}
	}
	return b.String()
}

// TestLibcIsTheOneSQLiteAsksFor compares go.mod with the go.mod of the SQLite
// release in it: another libc compiles and then misbehaves.
func TestLibcIsTheOneSQLiteAsksFor(t *testing.T) {
	ours, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	must(t, err)
	require := func(mod []byte, module string) string {
		t.Helper()
		m := regexp.MustCompile(`(?m)^(?:require)?\s+` + regexp.QuoteMeta(module) + ` (v\S+)`).FindSubmatch(mod)
		if m == nil {
			t.Fatalf("go.mod does not name %s", module)
		}
		return string(m[1])
	}
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		path := os.Getenv("GOPATH")
		if path == "" {
			home, err := os.UserHomeDir()
			must(t, err)
			path = filepath.Join(home, "go")
		}
		cache = filepath.Join(filepath.SplitList(path)[0], "pkg", "mod")
	}
	theirs, err := os.ReadFile(filepath.Join(cache, "modernc.org", "sqlite@"+require(ours, "modernc.org/sqlite"), "go.mod"))
	if errors.Is(err, os.ErrNotExist) && os.Getenv("CI") != "true" {
		t.Skipf("the module cache is not at %s", cache)
	}
	must(t, err)
	if got, want := require(ours, "modernc.org/libc"), require(theirs, "modernc.org/libc"); got != want {
		t.Errorf("go.mod has modernc.org/libc %s, the SQLite release asks for %s", got, want)
	}
}

// TestOpenTwice opens one folder from two stores at once, as serve and import
// do, and lets both write and read.
func TestOpenTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder?with #signs%20")
	ctx := context.Background()
	stores := make([]*Store, 2)
	var group sync.WaitGroup
	for i := range stores {
		group.Go(func() {
			var err error
			if stores[i], err = Open(ctx, Options{Dir: dir}); err != nil {
				t.Errorf("open %d: %v", i, err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	must(t, stores[0].CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	c := newCrowd(4000, 300)
	pages := make([][]scan.Mention, 8)
	for i := range pages {
		pages[i] = c.page(500)
	}
	for i, s := range stores {
		group.Go(func() {
			for n := range pages {
				page := pages[(n+i*len(pages)/2)%len(pages)]
				if _, err := s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: page}}}); err != nil {
					t.Errorf("store %d: %v", i, err)
				}
				if err := s.Days(ctx, "acme", func(rank.Row) error { return nil }); err != nil {
					t.Errorf("store %d: %v", i, err)
				}
			}
		})
	}
	group.Wait()
	var all []scan.Mention
	for _, p := range pages {
		all = append(all, p...)
	}
	equal(t, "authors", storeAuthors(t, stores[1], Span{}), refAuthors(refMerge(all)))
	report, err := stores[0].Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild found %+v", report)
	}
	for _, s := range stores {
		must(t, s.Close())
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	must(t, err)
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the database has mode %v", info.Mode())
	}
}

// TestFailuresSayWhatToDo provokes what the machine can do to a database.
func TestFailuresSayWhatToDo(t *testing.T) {
	ctx := context.Background()
	page := scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: newCrowd(100, 10).page(100)}}}
	t.Run("full", func(t *testing.T) {
		s := open(t, t.TempDir())
		defer s.Close()
		var pages int
		must(t, sqlDB(t, s).QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages))
		if err := s.writer.exec("PRAGMA max_page_count = 30"); err != nil {
			t.Fatal(err)
		}
		big := scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: newCrowd(3000, 900).page(3000)}}}
		_, err := s.Save(ctx, big)
		wantUnavailable(t, err, "disk is full")
		if got := storeAuthors(t, s, Span{}); len(got) != 0 {
			t.Errorf("%d authors of a page that was refused", len(got))
		}
		if err := s.writer.exec("PRAGMA max_page_count = 1000000"); err != nil {
			t.Fatal(err)
		}
		_, err = s.Save(ctx, big)
		must(t, err) // there is space again
	})
	t.Run("read-only", func(t *testing.T) {
		s := open(t, t.TempDir())
		defer s.Close()
		if err := s.writer.exec("PRAGMA query_only = 1"); err != nil {
			t.Fatal(err)
		}
		_, err := s.Save(ctx, page)
		wantUnavailable(t, err, "permissions")
	})
	t.Run("not a database", func(t *testing.T) {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, FileName), []byte(strings.Repeat("this is a letter ", 100)), 0o600))
		_, err := Open(ctx, Options{Dir: dir})
		wantUnavailable(t, err, "damaged")
	})
	t.Run("a file for a folder", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(file, nil, 0o600))
		_, err := Open(ctx, Options{Dir: file})
		wantUnavailable(t, err, "--data-dir")
	})
	t.Run("cancelled", func(t *testing.T) {
		s := open(t, t.TempDir())
		defer s.Close()
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Save(stopped, page); !errors.Is(err, context.Canceled) {
			t.Errorf("save after cancel: %v", err)
		}
		if err := s.Days(stopped, "acme", func(rank.Row) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("read after cancel: %v", err)
		}
		_, err := s.Save(ctx, page)
		must(t, err)
	})
	t.Run("newer schema", func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		if err := s.writer.exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
			t.Fatal(err)
		}
		must(t, s.Close())
		if _, err := Open(ctx, Options{Dir: dir}); adalid.CodeOf(err) != adalid.Conflict {
			t.Errorf("open a newer schema: %v", err)
		}
	})
}

func wantUnavailable(t *testing.T, err error, hint string) {
	t.Helper()
	var coded *adalid.Error
	if !errors.As(err, &coded) || coded.Code != adalid.Unavailable || !strings.Contains(coded.Message, hint) {
		t.Errorf("got %v, want an unavailable error that says %q", err, hint)
	}
	var s *sqlite.Error
	if errors.As(err, &s) && strings.Contains(coded.Message, s.Error()) {
		t.Errorf("the message shows SQLite's own words: %q", coded.Message)
	}
}

// TestBusy holds the write lock in one store while another wants it.
func TestBusy(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the busy timeout")
	}
	ctx := context.Background()
	dir := t.TempDir()
	holder, waiter := open(t, dir), open(t, dir)
	defer holder.Close()
	defer waiter.Close()
	must(t, holder.write(ctx, "hold", func(*session) error {
		wantUnavailable(t, waiter.CreateBrand(ctx, adalid.Brand{Name: "other"}), "another process")
		return nil
	}))
	must(t, waiter.CreateBrand(ctx, adalid.Brand{Name: "other"}))
}
