package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"adalid"

	sqlite3 "modernc.org/sqlite/lib"
)

// scrub writes the database anew, so that no page and no rest of one holds what
// was removed, and empties its log. Writers wait meanwhile; readers go on.
func (s *Store) scrub(ctx context.Context) error {
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	s.log.busy <- struct{}{}
	defer func() { <-s.log.busy }()
	if err := s.vacuum(); err != nil {
		return failure("store: write the database anew", err)
	}
	pause := time.NewTicker(50 * time.Millisecond)
	defer pause.Stop()
	within, cancel := context.WithTimeout(ctx, emptyWithin)
	defer cancel()
	for {
		moved, err := s.writer.checkpoint("TRUNCATE")
		if err != nil && !isBusy(err) {
			return failure("store: empty the log", err)
		}
		if moved && err == nil {
			s.log.size, s.log.next, s.log.full = 0, walStep, walLimit
			return nil
		}
		select {
		case <-within.Done():
			return adalid.Errorf(adalid.Unavailable, "what was erased is still in the log of the database, because somebody keeps reading an older state of it; it is tried again with the next start or erasure")
		case <-pause.C:
		}
	}
}

func (s *Store) vacuum() error {
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	for _, way := range [...]string{"file", "memory"} {
		if way == "file" && info.Size() <= inMemory {
			continue
		}
		d, err := dial(s.path, readerCache, plain)
		if err != nil {
			return err
		}
		err = errors.Join(d.exec("PRAGMA busy_timeout = 30000; PRAGMA temp_store = "+way+"; VACUUM"), d.close())
		if err == nil || way == "memory" {
			return err
		}
		s.logger.Warn("store: there is no room for a temporary file; memory serves", "error", err)
	}
	return nil
}

// purgeCopies goes through what older versions of the database lie beside it.
// Copies that this version can read are erased as the database was; those of an
// older schema, which only an older version without a list would read, and
// damaged ones are removed and named.
func (s *Store) purgeCopies(ctx context.Context) (removed []string, err error) {
	dir := filepath.Dir(s.path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		rest, ok := strings.CutPrefix(name, FileName+".")
		if !ok || strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, "-journal") {
			continue
		}
		path := filepath.Join(dir, name)
		switch kind, _, _ := strings.Cut(rest, "-"); kind {
		case "replaced":
			if err := s.purgeCopy(ctx, path); err == nil {
				continue
			}
		case "schema":
		case "restore":
			if !freeFile(path) {
				continue // a restore is under way, which erases by itself
			}
		default:
			continue
		}
		for _, part := range [...]string{"-wal", "-shm", "-journal", ""} {
			if err := os.Remove(path + part); err != nil && !errors.Is(err, os.ErrNotExist) {
				return removed, fileFailure(path, err)
			}
		}
		removed = append(removed, name)
	}
	return removed, syncDir(dir)
}

// clearRestores removes what a restore that was killed left: a whole copy of a
// backup, in which people may be who were erased since.
func (s *Store) clearRestores() {
	left, _ := filepath.Glob(s.path + ".restore-*") // the pattern is sound
	for _, path := range left {
		if main, ok := strings.CutSuffix(path, "-wal"); ok {
			path = main
		}
		if freeFile(path) {
			_ = os.Remove(path + "-wal")
			_ = os.Remove(path + "-shm")
			_ = os.Remove(path) // what stays is found by the next erasure
		}
	}
}

// newestOnly is errOlder for a database of another schema than the newest.
func newestOnly(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", dsn(path, readerCache, plain))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	at, err := column[int64](ctx, db, "check.Schema")
	if err != nil {
		return err
	}
	newest, err := newestSchema()
	if err == nil && (len(at) == 0 || at[0] != newest) {
		err = errOlder
	}
	return err
}

func isBusy(err error) bool {
	code, ok := resultCode(err)
	return ok && (code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED)
}

func (s *Store) purgeCopy(ctx context.Context, path string) error {
	if err := newestOnly(ctx, path); err != nil {
		return err
	}
	c, err := openFile(ctx, path, s.options(), true)
	if err != nil {
		return err
	}
	return c.Close()
}
