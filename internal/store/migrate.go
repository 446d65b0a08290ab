package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"adalid"

	"github.com/pressly/goose/v3"
)

//go:embed migrate/sqlite/*.sql
var migrations embed.FS

// pageSize is that of new databases. The larger a page, the fewer are written
// for rows that lie scattered, as an import's do: 32 KB take a fifth less time
// than SQLite's 4 KB, and less memory.
const pageSize = 32 << 10

// lay makes an empty file a database; the size of its pages cannot change
// later.
func lay(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() > 0 {
		return err
	}
	d, err := dial(path, readerCache, plain)
	if err != nil {
		return err
	}
	// Writing the header fixes the size. Of two processes one waits, and finds it.
	return errors.Join(d.exec("PRAGMA page_size = "+strconv.Itoa(pageSize)+"; BEGIN IMMEDIATE; PRAGMA user_version = 0; COMMIT"), d.close())
}

// migrate brings the database to the newest schema. Two processes may try at
// once: the loser of a step finds the step done and goes on.
func migrate(ctx context.Context, s *Store) error {
	if err := lay(s.path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(s.path, readerCache, writer))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if err := sealStored(ctx, s, db); err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(upgrade(ctx, s, db), db.Close())
}

func upgrade(ctx context.Context, s *Store, db *sql.DB) error {
	p, err := migrator(db)
	if err != nil {
		return err
	}
	at, newest, err := schemaVersion(ctx, p)
	if err != nil {
		return err
	}
	if at > newest {
		return adalid.Errorf(adalid.Conflict, "the database was written by a newer version of adalid (schema %d, this one knows %d); use that version or restore a backup", at, newest)
	}
	if at == newest {
		return nil
	}
	if at > 0 && !s.copied {
		copyTo := fmt.Sprintf("%s.schema-%d-%s", s.path, at, s.now().UTC().Format(stampLayout))
		if err := vacuumInto(ctx, db, copyTo); err != nil {
			return fmt.Errorf("back up before the change: %w", err)
		}
		s.logger.Info("store: the database was copied before its schema changes", "file", copyTo, "from", at, "to", newest)
	}
	for {
		before := at
		_, upErr := p.Up(ctx)
		if at, _, err = schemaVersion(ctx, p); err != nil {
			return errors.Join(upErr, err)
		}
		if at == newest {
			return nil
		}
		if at == before {
			return upErr
		}
	}
}

func migrator(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrate/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files)
}

// newestSchema gives the number of the last migration.
func newestSchema() (int64, error) {
	names, err := fs.Glob(migrations, "migrate/sqlite/*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("store: no migrations: %w", err)
	}
	return goose.NumericComponent(names[len(names)-1])
}

// schemaVersion gives the version of the database and the newest one known.
// Making goose's own table can lose a race, hence the second try.
func schemaVersion(ctx context.Context, p *goose.Provider) (at, newest int64, err error) {
	for range 3 {
		if at, newest, err = p.GetVersions(ctx); err == nil {
			return at, newest, nil
		}
	}
	return 0, 0, err
}

const stampLayout = "20060102T150405Z"
