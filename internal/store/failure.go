package store

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"adalid"

	sqlite3 "modernc.org/sqlite/lib"
)

// failure wraps an error with what was being done and gives those that come
// from the machine a code and a sentence that says what to do.
func failure(what string, err error) error {
	if err == nil {
		return nil
	}
	code, ok := resultCode(err)
	if adalid.CodeOf(err) != "" || !ok {
		return fmt.Errorf("%s: %w", what, err)
	}
	say := func(message string) error {
		return adalid.Wrapf(adalid.Unavailable, fmt.Errorf("%s: %w", what, err), "%s", message)
	}
	switch code {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return say("another process is writing to the database; wait for it to finish and try again")
	case sqlite3.SQLITE_FULL:
		return say("the disk is full; free some space and try again, nothing stored so far is lost")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return say("the database cannot be written; check the permissions of the data folder and that the disk is not mounted read-only")
	case sqlite3.SQLITE_CANTOPEN:
		return say("the database cannot be opened; check that the data folder exists and belongs to this user")
	case sqlite3.SQLITE_IOERR:
		return say("the disk refused to read or write the database; check the disk and its free space, then try again")
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return say("the database is damaged; " + restoreAdvice)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// resultCode gives SQLite's primary result code, whichever way the call went.
func resultCode(err error) (int, bool) {
	var s interface {
		error
		Code() int
	}
	if !errors.As(err, &s) {
		return 0, false
	}
	return s.Code() & 0xff, true
}

// openFailure is failure for errors of the file system.
func openFailure(dir string, err error) error {
	err = fmt.Errorf("store: open: %w", err)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return adalid.Wrapf(adalid.Unavailable, err, "the data folder %q cannot be written; check its permissions and that the disk is not mounted read-only", dir)
	case errors.Is(err, syscall.ENOSPC):
		return adalid.Wrapf(adalid.Unavailable, err, "the disk of the data folder %q is full; free some space and try again", dir)
	}
	return adalid.Wrapf(adalid.Unavailable, err, "the data folder %q cannot be used; choose another with --data-dir", dir)
}
