package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
)

// Severity says how much a Finding matters.
type Severity string

// The severities.
const (
	Fine    Severity = "ok"
	Warning Severity = "warning" // look at it soon
	Broken  Severity = "error"   // act now
)

// Finding is one thing that Check looked at.
type Finding struct {
	Check    string // integrity, references, counts, schema, log, disk
	Severity Severity
	Message  string // one sentence: what was found and, when something is wrong, what to do
}

// CheckOptions say how thorough a Check is.
type CheckOptions struct {
	Whole bool // compare every roll-up, edge and copy number with the mentions, not a sample
}

// The limits from which Check warns.
const (
	lowDisk = 1 << 30
	bigLog  = 2 * walLimit
)

// Check looks over the database and its surroundings, changing nothing. It
// fails only when it cannot look; what is wrong is a Finding.
func (s *Store) Check(ctx context.Context, o CheckOptions) ([]Finding, error) {
	var findings []Finding
	add := func(check string, severity Severity, format string, args ...any) {
		findings = append(findings, Finding{check, severity, fmt.Sprintf(format, args...)})
	}
	db, err := sql.Open("sqlite", dsn(s.path, readerCache, reader))
	if err != nil {
		return nil, fmt.Errorf("store: check: %w", err)
	}
	defer db.Close()
	problems, err := integrity(ctx, db)
	if err != nil {
		return nil, failure("store: check integrity", err)
	}
	if len(problems) == 0 {
		add("integrity", Fine, "the database file is whole")
	} else {
		add("integrity", Broken, "the database file is damaged (%s); restore the newest backup with `adalid restore`", problems[0])
	}
	orphans, err := column[string](ctx, db, "check.Orphans")
	if err != nil {
		return nil, failure("store: check references", err)
	}
	if len(orphans) == 0 {
		add("references", Fine, "every row refers to rows that exist")
	} else {
		add("references", Broken, "rows of %q refer to rows that do not exist; restore the newest backup with `adalid restore`", orphans[0])
	}
	if err := s.checkCounts(ctx, o, add); err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, db, add); err != nil {
		return nil, err
	}
	s.checkFiles(add)
	return findings, nil
}

type addFinding = func(check string, severity Severity, format string, args ...any)

func (s *Store) checkCounts(ctx context.Context, o CheckOptions, add addFinding) error {
	report, err := s.verify(ctx, o.Whole)
	if err != nil {
		return err
	}
	how := "a sample of "
	if o.Whole {
		how = ""
	}
	if report.Differ() == 0 {
		add("counts", Fine, "%sroll-ups, edges and copy numbers equal the mentions", how)
	} else {
		add("counts", Broken, "%d roll-ups, %d edges and %d copy numbers do not equal the mentions; run `adalid rebuild`", report.Rollups, report.Edges, report.Copies)
	}
	return nil
}

func checkSchema(ctx context.Context, db *sql.DB, add addFinding) error {
	at, err := column[int64](ctx, db, "check.Schema")
	if err != nil {
		return failure("store: check schema", err)
	}
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	if at[0] == newest {
		add("schema", Fine, "the schema is version %d, the newest", newest)
	} else {
		add("schema", Broken, "the schema is version %d, this program needs %d; restart it", at[0], newest)
	}
	return nil
}

func (s *Store) checkFiles(add addFinding) {
	if info, err := os.Stat(s.path + "-wal"); err == nil && info.Size() > bigLog {
		add("log", Warning, "the write-ahead log has grown to %d MB; a long reader keeps it from being emptied, restarting adalid helps", info.Size()>>20)
	} else {
		add("log", Fine, "the write-ahead log is small")
	}
	free, ok := freeBytes(filepath.Dir(s.path))
	switch {
	case !ok:
		add("disk", Warning, "the free space of the disk is not known on this system")
	case free < lowDisk:
		add("disk", Warning, "only %d MB are free on the disk of the data folder; free some space soon", free>>20)
	default:
		add("disk", Fine, "%d GB are free on the disk of the data folder", free>>30)
	}
}

// integrity lists what SQLite finds wrong with a file.
func integrity(ctx context.Context, db *sql.DB) ([]string, error) {
	problems, err := column[string](ctx, db, "check.Integrity")
	if len(problems) == 1 && problems[0] == "ok" {
		problems = nil
	}
	return problems, err
}

// column gives the first column of a statement's answer. It goes through
// database/sql, so that it works on any database, not only on an open Store.
func column[T any](ctx context.Context, db *sql.DB, name string, args ...any) ([]T, error) {
	text, err := queryText(name, 1)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
