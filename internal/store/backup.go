package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"adalid"

	sqlite3 "modernc.org/sqlite/lib"
)

// Backup writes a consistent copy of the database to path while reading and
// writing go on. The file appears under its name only when it is whole, with
// mode 0600; an existing file is never replaced (Conflict).
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return adalid.Errorf(adalid.Conflict, "%q already exists; choose another name or move it away", path)
	}
	// A connection of its own: the readers may not write, not even elsewhere.
	db, err := sql.Open("sqlite", dsn(s.path, readerCache, plain))
	if err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	if err := errors.Join(vacuumInto(ctx, db, path), db.Close()); err != nil {
		return failure("store: back up", err)
	}
	return nil
}

// vacuumInto copies a database into a temporary file beside path and then
// gives it its name.
func vacuumInto(ctx context.Context, db *sql.DB, path string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-*") // mode 0600
	if err != nil {
		return fileFailure(path, err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	text, err := queryText("backup.Write", 1)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, text, tmp.Name()); err != nil {
		return err
	}
	return publish(tmp, path)
}

// publish makes a finished temporary file durable under its name, unless the
// name is taken.
func publish(tmp *os.File, path string) error {
	if err := tmp.Sync(); err != nil {
		return fileFailure(path, err)
	}
	err := os.Link(tmp.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return adalid.Errorf(adalid.Conflict, "%q already exists; choose another name or move it away", path)
	}
	if err != nil { // a file system without links
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fileFailure(path, err)
	}
	return syncDir(filepath.Dir(path))
}

func fileFailure(path string, err error) error {
	return adalid.Wrapf(adalid.Unavailable, err, "%q cannot be written; check that its folder exists, may be written and has free space", path)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}

// Restore puts the backup at path in the place of the database in dir. The
// backup is checked first: Invalid when it is damaged or no backup of ours,
// Conflict when a newer version wrote it. A process that has the database open
// makes it fail with Conflict. People who were erased here are erased from the
// backup's copy before it becomes the database. The database that was there stays beside the
// new one; its name is returned, "" when there was none.
func Restore(ctx context.Context, dir, path string, o Options) (replaced string, err error) {
	o = o.withDefaults()
	if dir, err = filepath.Abs(dir); err != nil {
		return "", openFailure(dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", openFailure(dir, err)
	}
	tmp, err := os.CreateTemp(dir, FileName+".restore-*")
	if err != nil {
		return "", openFailure(dir, err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	_, _ = lockFile(tmp) // says that somebody is at it
	if err := copyFile(tmp, path); err != nil {
		return "", err
	}
	if err := verifyBackup(ctx, tmp.Name(), path); err != nil {
		return "", err
	}
	if err := eraseAgain(ctx, tmp.Name(), o); err != nil {
		return "", err
	}
	if err := tmp.Sync(); err != nil {
		return "", fileFailure(dir, err)
	}
	target := filepath.Join(dir, FileName)
	release, err := claim(ctx, target)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, release()) }()
	if replaced, err = setAside(target, o); err != nil {
		return "", fmt.Errorf("store: keep the replaced database: %w", err)
	}
	if err := os.Rename(tmp.Name(), target); err != nil {
		return replaced, fileFailure(target, err)
	}
	if err := dropIndexes(dir); err != nil {
		return replaced, err
	}
	o.Logger.Debug("store: restored", "backup", path, "replaced", replaced)
	return replaced, syncDir(dir)
}

// eraseAgain takes out of the copy of a backup who was erased since it was made,
// before it becomes the database.
func eraseAgain(ctx context.Context, copied string, o Options) error {
	if _, err := os.Stat(filepath.Join(filepath.Dir(copied), SuppressedName)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	s, err := openFile(ctx, copied, o, true)
	if err != nil {
		return err
	}
	return s.Close()
}

func copyFile(to *os.File, path string) error {
	from, err := os.Open(path)
	if err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "the backup %q cannot be read", path)
	}
	defer from.Close()
	if _, err := io.Copy(to, from); err != nil {
		return fileFailure(to.Name(), err)
	}
	return nil
}

// verifyBackup checks the copy of a backup: whole, ours, not too new.
func verifyBackup(ctx context.Context, file, shown string) error {
	db, err := sql.Open("sqlite", dsn(file, readerCache, reader))
	if err != nil {
		return fmt.Errorf("store: open backup: %w", err)
	}
	defer db.Close()
	damaged := func(err error) error {
		return adalid.Wrapf(adalid.Invalid, err, "%q is not a whole backup of adalid; nothing was changed", shown)
	}
	problems, err := integrity(ctx, db)
	if code, ok := resultCode(err); ok && code == sqlite3.SQLITE_CANTOPEN {
		return failure("store: open the copy of the backup", err)
	}
	if err != nil {
		return damaged(err)
	}
	if len(problems) > 0 {
		return damaged(errors.New(problems[0]))
	}
	schema, err := column[int64](ctx, db, "check.Schema")
	if err != nil {
		return damaged(err)
	}
	at := schema[0]
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	if at < 1 {
		return damaged(errors.New("it has no schema"))
	}
	if at > newest {
		return adalid.Errorf(adalid.Conflict, "%q was written by a newer version of adalid (schema %d, this one knows %d); restore it with that version", shown, at, newest)
	}
	return nil
}

// claim makes sure that no process has the database at path open, and keeps
// others from writing to it until release. It also empties its log.
func claim(ctx context.Context, path string) (release func() error, err error) {
	nothing := func() error { return nil }
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nothing, nil
	}
	db, err := sql.Open("sqlite", dsn(path, readerCache, plain)+"&_pragma=busy_timeout(200)")
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	db.SetMaxOpenConns(1)
	// Leaving the write-ahead log needs every other connection gone.
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode(delete)").Scan(&mode)
	if err == nil && mode == "wal" {
		err = errors.New("the journal mode stays wal")
	} else if err == nil {
		_, err = db.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if err == nil {
		return db.Close, nil
	}
	err = errors.Join(err, db.Close())
	if code, ok := resultCode(err); ok {
		switch code {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB: // what a restore is for
			return nothing, nil
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return nil, adalid.Wrapf(adalid.Conflict, err, "another process has the database open; stop it (adalid serve, adalid import) and try again")
		}
	}
	return nil, failure("store: claim the database", err)
}

// setAside renames a database with its log to a dated name.
func setAside(path string, o Options) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	stamp := o.Now().UTC().Format(stampLayout)
	aside := path + ".replaced-" + stamp
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = fmt.Sprintf("%s.replaced-%s-%d", path, stamp, n)
	}
	for _, part := range [...]string{"-wal", "-shm", ""} {
		if err := os.Rename(path+part, aside+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}
