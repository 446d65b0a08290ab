package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"adalid"
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

// Check looks over the database and its surroundings, changing nothing. What
// is wrong is a Finding, also where it keeps a check from looking: the others
// go on. It fails only when ctx ends.
func (s *Store) Check(ctx context.Context, o CheckOptions) ([]Finding, error) {
	db, err := sql.Open("sqlite", dsn(s.path, readerCache, reader))
	if err != nil {
		return nil, fmt.Errorf("store: check: %w", err)
	}
	defer db.Close()
	var found findings
	checkIntegrity(ctx, db, &found)
	found.failed("references", checkReferences(ctx, db, &found))
	found.failed("counts", s.checkCounts(ctx, o, &found))
	found.failed("schema", checkSchema(ctx, db, &found))
	checkFiles(s.path, &found)
	return found, ctx.Err()
}

// Inspect is what can be told about the database in dir when Open fails:
// whether its file is whole, its log, its disk. It opens nothing for writing.
func Inspect(ctx context.Context, dir string) ([]Finding, error) {
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return nil, openFailure(dir, err)
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, nil
	}
	db, err := sql.Open("sqlite", dsn(path, readerCache, reader))
	if err != nil {
		return nil, fmt.Errorf("store: inspect: %w", err)
	}
	defer db.Close()
	var found findings
	checkIntegrity(ctx, db, &found)
	checkFiles(path, &found)
	return found, ctx.Err()
}

// findings gathers what checks find.
type findings []Finding

func (f *findings) add(check string, severity Severity, format string, args ...any) {
	*f = append(*f, Finding{check, severity, fmt.Sprintf(format, args...)})
}

// failed adds that a check could not look, when it could not.
func (f *findings) failed(check string, err error) {
	var coded *adalid.Error
	switch {
	case err == nil:
	case errors.As(err, &coded):
		f.add(check, Broken, "could not be checked: %s", coded.Message)
	default:
		f.add(check, Broken, "could not be checked: %v", err)
	}
}

// restoreAdvice ends a sentence about a file that no command can repair.
const restoreAdvice = "keep a copy of the data folder and restore the newest backup with `adalid restore`"

func checkIntegrity(ctx context.Context, db *sql.DB, found *findings) {
	problems, err := integrity(ctx, db)
	switch {
	case len(problems) > 0:
		found.add("integrity", Broken, "the database file is damaged (%s); %s", oneLine(problems), restoreAdvice)
	case err != nil:
		found.failed("integrity", failure("store: check integrity", err))
	default:
		found.add("integrity", Fine, "the database file is whole")
	}
}

// oneLine joins what SQLite says, which can run over lines; the first of them
// is a heading.
func oneLine(texts []string) string {
	lines := strings.Split(strings.Join(texts, "\n"), "\n")
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" || strings.HasPrefix(l, "***") })
	return strings.Join(lines, "; ")
}

func checkReferences(ctx context.Context, db *sql.DB, found *findings) error {
	orphans, err := column[string](ctx, db, "check.Orphans")
	switch {
	case err != nil:
		return failure("store: check references", err)
	case len(orphans) == 0:
		found.add("references", Fine, "every row refers to rows that exist")
	default:
		found.add("references", Broken, "rows of %s refer to rows that do not exist; %s", strings.Join(orphans, ", "), restoreAdvice)
	}
	return nil
}

func (s *Store) checkCounts(ctx context.Context, o CheckOptions, found *findings) error {
	report, err := s.verify(ctx, o.Whole)
	if err != nil {
		return err
	}
	how := "a sample of "
	if o.Whole {
		how = ""
	}
	if report.Differ() == 0 {
		found.add("counts", Fine, "%sroll-ups, edges and copy numbers equal the mentions, and persons the accepted links", how)
	} else {
		found.add("counts", Broken, "%d roll-ups, %d edges and %d copy numbers do not equal the mentions, %d persons not the accepted links; run `adalid rebuild`, unless the database file is damaged", report.Rollups, report.Edges, report.Copies, report.Persons)
	}
	return nil
}

func checkSchema(ctx context.Context, db *sql.DB, found *findings) error {
	at, err := column[int64](ctx, db, "check.Schema")
	if err != nil {
		return failure("store: check schema", err)
	}
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	if at[0] == newest {
		found.add("schema", Fine, "the schema is version %d, the newest", newest)
	} else {
		found.add("schema", Broken, "the schema is version %d, this program needs %d; restart it", at[0], newest)
	}
	return nil
}

func checkFiles(path string, found *findings) {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > bigLog {
		found.add("log", Warning, "the write-ahead log has grown to %d MB; a long reader keeps it from being emptied, restarting adalid helps", info.Size()>>20)
	} else {
		found.add("log", Fine, "the write-ahead log is small")
	}
	free, ok := freeBytes(filepath.Dir(path))
	switch {
	case !ok:
		found.add("disk", Warning, "the free space of the disk is not known on this system")
	case free < lowDisk:
		found.add("disk", Warning, "only %d MB are free on the disk of the data folder; free some space soon", free>>20)
	default:
		found.add("disk", Fine, "%d GB are free on the disk of the data folder", free>>30)
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
