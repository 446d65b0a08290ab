// Package store keeps brands, mentions, roll-ups and edges in SQLite and
// changes them together, one transaction per page.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"adalid/internal/privacy"
	"adalid/internal/rank"
	"adalid/internal/scan"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

var (
	_ scan.Store   = (*Store)(nil)
	_ rank.Store   = (*Store)(nil)
	_ scan.Remover = (*Store)(nil)
)

// FileName is the name of the database inside its folder.
const FileName = "adalid.db"

// Bounds of one connection's page cache and of the wait for another process.
const (
	writerCache = 64 << 10 // KiB
	readerCache = 8 << 10  // KiB
	busyWait    = 5 * time.Second
)

// Options say where the database lies.
type Options struct {
	Dir    string           // folder of the database; made with mode 0700 when missing
	Now    func() time.Time // clock; nil: time.Now
	Logger *slog.Logger     // nil: silent
	Vault  Vault            // nil: the settings of sources are stored as they are

	// Key gives the key under which people who were erased are recognised, asked
	// for once there is one; nil: nobody can be erased, and a database in which
	// somebody was takes no mentions.
	Key func() ([]byte, error)
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Store is the database of one folder. Its methods may be called by many
// goroutines, and several processes may open the same folder. A yield function
// given to a method runs while a read transaction is open and must not call
// the Store.
type Store struct {
	path    string
	now     func() time.Time
	logger  *slog.Logger
	vault   Vault
	readers *pool

	writing   chan struct{} // held by the one writer of this process
	writer    *direct       // its connection
	cache     authorCache   // guarded by writing, like the one above
	seen      seen          // the same
	log       *waLog        // the same
	chronicle chronicle
	marked    *readerMark               // the same; nil until a lease is taken
	audited   atomic.Pointer[auditHead] // nil until something is recorded

	copied     bool // it lies beside the database
	key        func() ([]byte, error)
	hashing    sync.Mutex      // guards hasher
	hasher     *privacy.Hasher // nil until it is needed
	suppressed atomic.Pointer[privacy.List]
}

// Open opens the database in o.Dir, makes it when it is missing and brings it
// to the newest schema; an existing older one is copied beside itself first.
// Where the list of those who were erased says more than the database knows, it
// is erased before Open returns.
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.withDefaults()
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, openFailure(o.Dir, err)
	}
	path, err := filepath.Abs(filepath.Join(o.Dir, FileName))
	if err != nil {
		return nil, openFailure(o.Dir, err)
	}
	return openFile(ctx, path, o, false)
}

// openFile is Open for the file at path; a copy is one that lies beside the database.
func openFile(ctx context.Context, path string, o Options, copied bool) (*Store, error) {
	o = o.withDefaults()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, openFailure(filepath.Dir(path), err)
	}
	if err := f.Close(); err != nil {
		return nil, openFailure(filepath.Dir(path), err)
	}
	s := &Store{
		path: path, copied: copied, now: o.Now, logger: o.Logger, vault: o.Vault, key: o.Key,
		writing: make(chan struct{}, 1), log: newLog(path, o.Logger), cache: newAuthorCache(),
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := migrate(ctx, s); err != nil {
		return failure("store: migrate", err)
	}
	if !s.copied {
		s.clearRestores()
	}
	var err error
	if s.writer, err = dial(s.path, writerCache, writer); err != nil {
		return failure("store: open", err)
	}
	s.readers = newPool(s.path, max(4, 2*runtime.NumCPU()))
	return s.resuppress(ctx)
}

// Close waits for the writer and the readers, moves the log into the database
// where no other process needs it, and closes every connection.
func (s *Store) Close() error {
	s.writing <- struct{}{}
	defer func() { <-s.writing }()
	var errs []error
	if s.readers != nil {
		errs = append(errs, s.readers.close())
	}
	errs = append(errs, s.unmark(), s.log.close())
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

func (s *Store) options() Options {
	return Options{Dir: filepath.Dir(s.path), Now: s.now, Logger: s.logger, Key: s.key, Vault: s.vault}
}

// Path is the file of the database.
func (s *Store) Path() string { return s.path }

// role says what a connection is for.
type role int

const (
	writer role = iota
	reader
	plain // neither changes the journal mode nor refuses to write
)

// pragmas are what every connection of a role has to be told.
func pragmas(cacheKiB int, as role) []string {
	list := []string{
		"busy_timeout(" + strconv.FormatInt(busyWait.Milliseconds(), 10) + ")",
		"foreign_keys(1)",
		"temp_store(memory)", // the file system around us may be read-only
		"cache_size(-" + strconv.Itoa(cacheKiB) + ")",
		"trusted_schema(0)",
	}
	switch as {
	case reader:
		list = append(list, "query_only(1)")
	case writer:
		list = append(list,
			"journal_mode(wal)",
			"synchronous(full)",     // but see writeSynced
			"wal_autocheckpoint(0)", // see waLog
			"secure_delete(1)",      // what is removed is overwritten
			"journal_size_limit("+strconv.Itoa(walLimit)+")",
		)
	}
	return list
}

// dsn names the database at path for database/sql, which migrations, checks of
// other files and backups use; path is absolute, also where it begins with a
// drive.
func dsn(path string, cacheKiB int, as role) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed
	}
	q := url.Values{"_pragma": pragmas(cacheKiB, as)}
	if as == writer {
		q.Set("_txlock", "immediate")
	}
	return (&url.URL{Scheme: "file", Path: slashed, RawQuery: q.Encode()}).String()
}
