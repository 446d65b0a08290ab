package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// direct is a connection that calls SQLite's own functions. Through
// database/sql every bound and every read value is boxed, looked up and copied
// twice, which costs as much as half of SQLite's work; see
// docs/adr/0009-direct-connection.md. One goroutine at a time may use it.
type direct struct {
	tls   *libc.TLS
	db    uintptr // *sqlite3
	stmts map[stmtKey]*statement
}

// stmtKey names a statement and how often its tuple is repeated.
type stmtKey struct {
	name string
	n    int
}

// sqliteError is what SQLite answered.
type sqliteError struct {
	code int // extended result code
	text string
}

func (e *sqliteError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

// Code is SQLite's extended result code.
func (e *sqliteError) Code() int { return e.code }

// dial opens the database at path, which has to exist.
func dial(path string, cacheKiB int, as role) (*direct, error) {
	d := &direct{tls: libc.NewTLS(), stmts: map[stmtKey]*statement{}}
	name, err := libc.CString(path)
	if err != nil {
		d.tls.Close()
		return nil, err
	}
	defer libc.Xfree(d.tls, name)
	out, err := d.malloc(int(unsafe.Sizeof(uintptr(0))))
	if err != nil {
		d.tls.Close()
		return nil, err
	}
	defer libc.Xfree(d.tls, out)
	// Without a mutex: the connection is never used by two goroutines at once.
	rc := sqlite3.Xsqlite3_open_v2(d.tls, name, out, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_NOMUTEX, 0)
	d.db = loadPointer(out)
	if rc != sqlite3.SQLITE_OK {
		return nil, errors.Join(d.failed(rc), d.close())
	}
	sqlite3.Xsqlite3_extended_result_codes(d.tls, d.db, 1)
	for _, p := range pragmas(cacheKiB, as) {
		if err := d.exec("PRAGMA " + p); err != nil {
			return nil, errors.Join(fmt.Errorf("PRAGMA %s: %w", p, err), d.close())
		}
	}
	return d, nil
}

func (d *direct) close() error {
	for k, st := range d.stmts {
		st.finalize()
		delete(d.stmts, k)
	}
	rc := sqlite3.Xsqlite3_close_v2(d.tls, d.db)
	d.db = 0
	d.tls.Close()
	if rc != sqlite3.SQLITE_OK {
		return &sqliteError{int(rc), "close"}
	}
	return nil
}

// failed turns a result code into an error.
func (d *direct) failed(rc int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errstr(d.tls, rc))
	if d.db != 0 {
		if detail := libc.GoString(sqlite3.Xsqlite3_errmsg(d.tls, d.db)); detail != text {
			text += ": " + detail
		}
	}
	return &sqliteError{int(rc), text}
}

func (d *direct) malloc(n int) (uintptr, error) {
	p := libc.Xmalloc(d.tls, types.Size_t(n))
	if p == 0 {
		return 0, fmt.Errorf("no memory for %d bytes", n)
	}
	return p, nil
}

// interrupt makes running statements fail; any goroutine may call it.
func (d *direct) interrupt() { sqlite3.Xsqlite3_interrupt(d.tls, d.db) }

// exec runs statements without arguments and answers.
func (d *direct) exec(text string) error {
	c, err := libc.CString(text)
	if err != nil {
		return err
	}
	defer libc.Xfree(d.tls, c)
	if rc := sqlite3.Xsqlite3_exec(d.tls, d.db, c, 0, 0, 0); rc != sqlite3.SQLITE_OK {
		return d.failed(rc)
	}
	return nil
}

// rollback ends a transaction that SQLite has not ended by itself.
func (d *direct) rollback() error {
	if sqlite3.Xsqlite3_get_autocommit(d.tls, d.db) != 0 {
		return nil
	}
	return d.exec("ROLLBACK")
}

// changes is how many rows the last statement changed.
func (d *direct) changes() int64 { return sqlite3.Xsqlite3_changes64(d.tls, d.db) }

// written is how many bytes of pages the connection has put into the log since
// the last call.
func (d *direct) written() int64 {
	const numbers = 2 * 4 // now and at most
	out := d.tls.Alloc(numbers)
	defer d.tls.Free(numbers)
	sqlite3.Xsqlite3_db_status(d.tls, d.db, sqlite3.SQLITE_DBSTATUS_CACHE_WRITE, out, out+4, 1)
	return int64(binary.NativeEndian.Uint32(memory(out, 4))) * pageSize
}

// checkpoint moves the write-ahead log into the database and says whether all
// of it could be moved; mode is PASSIVE or RESTART.
func (d *direct) checkpoint(mode string) (bool, error) {
	st, err := d.compile("PRAGMA wal_checkpoint(" + mode + ")")
	if err != nil {
		return false, err
	}
	defer st.finalize()
	found, err := st.step()
	return found && row{st: st}.int(0) == 0, err
}

// prepare gives a statement by its key, made on first use.
func (d *direct) prepare(k stmtKey) (*statement, error) {
	if st := d.stmts[k]; st != nil {
		return st, nil
	}
	text, err := queryText(k.name, k.n)
	if err != nil {
		return nil, err
	}
	st, err := d.compile(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
	}
	d.stmts[k] = st
	return st, nil
}

func (d *direct) compile(text string) (*statement, error) {
	c, err := libc.CString(text)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(d.tls, c)
	out, err := d.malloc(int(unsafe.Sizeof(uintptr(0))))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(d.tls, out)
	if rc := sqlite3.Xsqlite3_prepare_v2(d.tls, d.db, c, -1, out, 0); rc != sqlite3.SQLITE_OK {
		return nil, d.failed(rc)
	}
	st := &statement{on: d, p: loadPointer(out)}
	st.bound = make([]scalar, sqlite3.Xsqlite3_bind_parameter_count(d.tls, st.p))
	return st, nil
}

// statement is a prepared statement.
type statement struct {
	on    *direct
	p     uintptr  // *sqlite3_stmt
	bound []scalar // what each place holds from the last bind
	texts uintptr  // where the bytes of bound texts lie until the next bind
	room  int
}

// scalar is a value without its bytes.
type scalar struct {
	kind valueKind
	n    int64
}

func (st *statement) finalize() {
	sqlite3.Xsqlite3_finalize(st.on.tls, st.p)
	libc.Xfree(st.on.tls, st.texts)
}

// value is one argument of a statement.
type value struct {
	scalar
	s string
}

type valueKind uint8

const (
	nullValue valueKind = iota
	intValue
	textValue
	blobValue
	wrongValue // of a Go type that no column takes; s names it
)

// bind sets all arguments. SQLite reads texts from the statement's own memory:
// it copies none and keeps no pointer into Go's. A number or NULL that a place
// holds already stays: of many rows, half are the same again.
func (st *statement) bind(args []value) error {
	if len(args) != len(st.bound) {
		return fmt.Errorf("%d arguments for %d places", len(args), len(st.bound))
	}
	size := 1 // an empty text has an address too
	for i := range args {
		size += len(args[i].s)
	}
	if size > math.MaxInt32 {
		return &sqliteError{sqlite3.SQLITE_TOOBIG, "the texts of one statement take more than 2 GB"}
	}
	if size > st.room {
		libc.Xfree(st.on.tls, st.texts)
		st.texts, st.room = 0, 0
		p, err := st.on.malloc(2 * size)
		if err != nil {
			return err
		}
		st.texts, st.room = p, 2*size
	}
	tls, at := st.on.tls, st.texts
	for i := range args {
		a, rc := &args[i], int32(0)
		if a.scalar == st.bound[i] && a.kind <= intValue {
			continue
		}
		switch a.kind {
		case intValue:
			rc = sqlite3.Xsqlite3_bind_int64(tls, st.p, int32(i+1), a.n)
		case nullValue:
			rc = sqlite3.Xsqlite3_bind_null(tls, st.p, int32(i+1))
		case wrongValue:
			return fmt.Errorf("argument %d is a %s", i+1, a.s)
		default:
			copy(memory(at, len(a.s)), a.s)
			if a.kind == textValue {
				rc = sqlite3.Xsqlite3_bind_text(tls, st.p, int32(i+1), at, int32(len(a.s)), sqlite3.SQLITE_STATIC)
			} else {
				rc = sqlite3.Xsqlite3_bind_blob(tls, st.p, int32(i+1), at, int32(len(a.s)), sqlite3.SQLITE_STATIC)
			}
			at += uintptr(len(a.s))
		}
		if rc != sqlite3.SQLITE_OK {
			return st.on.failed(rc)
		}
		st.bound[i] = a.scalar
	}
	return nil
}

// memory is a view of n bytes that belong to SQLite.
func memory(p uintptr, n int) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), n)
}

// loadPointer reads the pointer that SQLite wrote to p.
func loadPointer(p uintptr) uintptr { return **(**uintptr)(unsafe.Pointer(&p)) }

// step goes to the next row and says whether there is one.
func (st *statement) step() (bool, error) {
	switch rc := sqlite3.Xsqlite3_step(st.on.tls, st.p); rc {
	case sqlite3.SQLITE_ROW:
		return true, nil
	case sqlite3.SQLITE_DONE:
		return false, nil
	default:
		return false, st.on.failed(rc)
	}
}

// reset ends a run of the statement. What went wrong in it, step has told.
func (st *statement) reset() { sqlite3.Xsqlite3_reset(st.on.tls, st.p) }

// row is the row a statement stands on; the methods read a column, whose NULL
// is the zero value. It is only valid until the next step.
type row struct {
	st   *statement
	from int32 // column 0 of the row
}

// after is the row without its first n columns.
func (r row) after(n int) row { return row{r.st, r.from + int32(n)} }

func (r row) int(i int) int64 {
	return sqlite3.Xsqlite3_column_int64(r.st.on.tls, r.st.p, r.from+int32(i))
}

func (r row) text(i int) string {
	tls, col := r.st.on.tls, r.from+int32(i)
	p := sqlite3.Xsqlite3_column_text(tls, r.st.p, col)
	if p == 0 {
		return ""
	}
	return string(memory(p, int(sqlite3.Xsqlite3_column_bytes(tls, r.st.p, col))))
}

func (r row) bytes(i int) []byte { return r.appendBytes(nil, i) }

// appendBytes appends a column that is a blob.
func (r row) appendBytes(to []byte, i int) []byte {
	tls, col := r.st.on.tls, r.from+int32(i)
	p := sqlite3.Xsqlite3_column_blob(tls, r.st.p, col)
	if p == 0 {
		return to
	}
	return append(to, memory(p, int(sqlite3.Xsqlite3_column_bytes(tls, r.st.p, col)))...)
}

func (r row) opt(i int) optional {
	if sqlite3.Xsqlite3_column_type(r.st.on.tls, r.st.p, r.from+int32(i)) == sqlite3.SQLITE_NULL {
		return optional{}
	}
	return optional{r.int(i), true}
}

// any gives a column as whatever it holds: nil, int64, float64, string or []byte.
func (r row) any(i int) any {
	switch sqlite3.Xsqlite3_column_type(r.st.on.tls, r.st.p, r.from+int32(i)) {
	case sqlite3.SQLITE_NULL:
		return nil
	case sqlite3.SQLITE_INTEGER:
		return r.int(i)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(r.st.on.tls, r.st.p, r.from+int32(i))
	case sqlite3.SQLITE_BLOB:
		return r.bytes(i)
	}
	return r.text(i)
}

// pool holds connections for readers.
type pool struct {
	path  string
	slots chan struct{} // one for each connection in use
	idle  chan *direct
}

func newPool(path string, size int) *pool {
	return &pool{path: path, slots: make(chan struct{}, size), idle: make(chan *direct, size)}
}

// get gives a connection, once one of them is free.
func (p *pool) get(ctx context.Context) (*direct, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case d := <-p.idle:
		return d, nil
	default:
	}
	d, err := dial(p.path, readerCache, reader)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return d, nil
}

func (p *pool) put(d *direct) {
	p.idle <- d
	<-p.slots
}

// close waits until every connection is free and closes all of them.
func (p *pool) close() error {
	var errs []error
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	for {
		select {
		case d := <-p.idle:
			errs = append(errs, d.close())
		default:
			return errors.Join(errs...)
		}
	}
}
