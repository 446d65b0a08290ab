package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"adalid/internal/scan"
)

// Vault keeps the secret settings of sources unreadable in the file and so in
// every copy of it.
type Vault interface {
	// Seal gives the settings with every secret one in a form that says nothing;
	// those that are in that form already stay, byte for byte.
	Seal(x scan.Source) (json.RawMessage, error)
	// Open gives the settings as they were before Seal; what it cannot open stays
	// sealed.
	Open(x scan.Source) json.RawMessage
}

// Reseal takes the secret settings of every source out of the vault and puts
// them in again, all or none, and tells how many sources have such settings.
// Before that it calls renew, which may give the vault another key: no other
// process does so at the same time.
func (s *Store) Reseal(ctx context.Context, renew func() error) (sources int, err error) {
	if s.vault == nil {
		return 0, errors.New("store: reseal: there is no vault")
	}
	err = s.write(ctx, "seal again", func(x *session) error {
		sources = 0
		if err := renew(); err != nil {
			return err
		}
		stored, err := listSources(x)
		if err != nil {
			return err
		}
		for _, y := range stored {
			y.Settings = s.vault.Open(y)
			sealed, err := s.vault.Seal(y)
			if err != nil {
				return err
			}
			if bytes.Equal(sealed, y.Settings) {
				continue
			}
			if _, err := x.exec("source.Seal", string(sealed), y.Name); err != nil {
				return err
			}
			sources++
		}
		return nil
	})
	return sources, err
}

// sealStored seals what an earlier version, or a backup of it, left readable,
// before the database is copied or anything else is done with it. SQLite keeps
// what was replaced in free space and in the log, so those are cleared too.
func sealStored(ctx context.Context, s *Store, db *sql.DB) error {
	if s.vault == nil {
		return nil
	}
	tables, err := column[int64](ctx, db, "source.Exists")
	if err != nil || tables[0] == 0 {
		return err
	}
	clear, err := s.readable(ctx, db)
	if err != nil || len(clear) == 0 {
		return err
	}
	// First, so that a crash in between leaves what brings us here again.
	if err := pragma(ctx, db, "source.Compact"); err != nil {
		s.logger.Warn("store: free space could not be cleared of keys that were replaced earlier", "err", err)
	}
	if err := pragma(ctx, db, "source.SecureDelete"); err != nil {
		return err
	}
	text, err := queryText("source.Seal", 1)
	if err != nil {
		return err
	}
	for name, settings := range clear {
		if _, err := db.ExecContext(ctx, text, settings, name); err != nil {
			return err
		}
	}
	s.logger.Info("store: the keys of sources are encrypted in the database from now on", "sources", len(clear))
	return pragma(ctx, db, "source.EmptyLog")
}

// readable gives the sealed settings of the sources whose settings are not
// sealed, by name.
func (s *Store) readable(ctx context.Context, db *sql.DB) (map[string]string, error) {
	text, err := queryText("source.Settings", 1)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	clear := map[string]string{}
	for rows.Next() {
		var x scan.Source
		var settings string
		if err := rows.Scan(&x.Name, &x.Collector, &settings); err != nil {
			return nil, err
		}
		x.Settings = json.RawMessage(settings)
		sealed, err := s.vault.Seal(x)
		if err != nil {
			return nil, err
		}
		if string(sealed) != settings {
			clear[x.Name] = string(sealed)
		}
	}
	return clear, rows.Err()
}

// pragma runs a statement whose answer, if any, does not matter.
func pragma(ctx context.Context, db *sql.DB, name string) error {
	text, err := queryText(name, 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, text)
	return err
}
