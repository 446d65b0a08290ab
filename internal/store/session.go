package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
)

// session runs the named statements of one transaction. It speaks to the
// driver below database/sql: binding and scanning a page of mentions through
// the reflection of database/sql costs as much as SQLite's own work.
type session struct {
	ctx   context.Context
	conn  driverConn
	stmts statements
	args  []driver.NamedValue
}

type driverConn interface {
	driver.ConnPrepareContext
	driver.ConnBeginTx
}

// statement is what the driver's prepared statements are.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// stmtKey names a statement and how often its tuple is repeated.
type stmtKey struct {
	name string
	n    int
}

type statements map[stmtKey]statement

func (m statements) close() error {
	var errs []error
	for k, st := range m {
		errs = append(errs, st.Close())
		delete(m, k)
	}
	return errors.Join(errs...)
}

// write runs f in a transaction that holds the database's write lock; all of
// it is on disk when write returns nil.
func (s *Store) write(ctx context.Context, what string, f func(*session) error) error {
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return fmt.Errorf("store: %s: %w", what, ctx.Err())
	}
	err := s.conn.Raw(func(raw any) error {
		x := &session{ctx: ctx, stmts: s.stmts}
		return x.transaction(raw, driver.TxOptions{}, f)
	})
	if err != nil {
		s.cache.drop()
		return failure("store: "+what, err)
	}
	s.shrinkLog(ctx)
	return nil
}

// read runs f in a transaction that sees one state of the database.
func (s *Store) read(ctx context.Context, what string, f func(*session) error) error {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return failure("store: "+what, err)
	}
	defer conn.Close()
	err = conn.Raw(func(raw any) error {
		x := &session{ctx: ctx, stmts: statements{}}
		return errors.Join(x.transaction(raw, driver.TxOptions{ReadOnly: true}, f), x.stmts.close())
	})
	if err != nil {
		return failure("store: "+what, err)
	}
	return nil
}

func (x *session) transaction(raw any, o driver.TxOptions, f func(*session) error) (err error) {
	var ok bool
	if x.conn, ok = raw.(driverConn); !ok {
		return fmt.Errorf("the driver's connection is a %T", raw)
	}
	tx, err := x.conn.BeginTx(context.WithoutCancel(x.ctx), o)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // an error, or a panic on its way through
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if err := f(x); err != nil {
		return err
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	done = true // a failed commit rolls itself back
	return tx.Commit()
}

func (x *session) prepare(name string, n int) (statement, error) {
	k := stmtKey{name, n}
	if st, ok := x.stmts[k]; ok {
		return st, nil
	}
	text, err := queryText(name, n)
	if err != nil {
		return nil, err
	}
	prepared, err := x.conn.PrepareContext(context.WithoutCancel(x.ctx), text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	st, ok := prepared.(statement)
	if !ok {
		return nil, fmt.Errorf("%s: the driver's statement is a %T", name, prepared)
	}
	x.stmts[k] = st
	return st, nil
}

// bind makes the driver's arguments; the slice is used again by the next call.
func (x *session) bind(args []any) []driver.NamedValue {
	x.args = x.args[:0]
	for _, a := range args {
		x.push(a)
	}
	return x.args
}

func (x *session) push(v driver.Value) {
	switch t := v.(type) {
	case int:
		v = int64(t)
	case int32:
		v = int64(t)
	case *int64:
		if t == nil {
			v = nil
		} else {
			v = *t
		}
	}
	x.args = append(x.args, driver.NamedValue{Ordinal: len(x.args) + 1, Value: v})
}

// exec runs a statement and gives the number of rows it changed.
func (x *session) exec(name string, args ...any) (int64, error) {
	return x.run(name, 1, x.bind(args))
}

func (x *session) run(name string, n int, args []driver.NamedValue) (int64, error) {
	if err := x.ctx.Err(); err != nil {
		return 0, err
	}
	st, err := x.prepare(name, n)
	if err != nil {
		return 0, err
	}
	// Without cancellation: the driver starts a goroutine for every statement
	// it may have to interrupt. The check above is often enough.
	r, err := st.ExecContext(context.WithoutCancel(x.ctx), args)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return r.RowsAffected()
}

// bulkSizes are how many tuples one statement takes; few sizes keep the
// number of prepared statements small.
var bulkSizes = [...]int{64, 8, 1}

// insert runs a statement for n tuples; tuple pushes the values of the i-th.
func (x *session) insert(name string, n int, tuple func(i int)) error {
	i := 0
	for _, size := range bulkSizes {
		for ; n-i >= size; i += size {
			x.args = x.args[:0]
			for j := range size {
				tuple(i + j)
			}
			if _, err := x.run(name, size, x.args); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookupSize is how many keys one statement looks up.
const lookupSize = 256

// lookup runs a statement for n keys; key pushes the width values of the i-th,
// rest follows them. Missing keys of the last statement are NULL, which
// equals nothing.
func (x *session) lookup(l lookup, f func(row) error) error {
	for i := 0; i < l.n; i += lookupSize {
		x.args = x.args[:0]
		for j := i; j < min(i+lookupSize, l.n); j++ {
			l.key(j)
		}
		for len(x.args) < lookupSize*l.width {
			x.push(nil)
		}
		for _, a := range l.rest {
			x.push(a)
		}
		if err := x.rows(l.name, lookupSize, x.args, f); err != nil {
			return err
		}
	}
	return nil
}

// lookup asks for many keys at once.
type lookup struct {
	name  string
	n     int
	width int         // values per key
	key   func(i int) // pushes the i-th key
	rest  []any       // the statement's other arguments
}

// query runs a statement and calls f for every row. The row is only valid
// until f returns.
func (x *session) query(name string, f func(row) error, args ...any) error {
	return x.rows(name, 1, x.bind(args), f)
}

func (x *session) rows(name string, n int, args []driver.NamedValue, f func(row) error) error {
	st, err := x.prepare(name, n)
	if err != nil {
		return err
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	rows, err := st.QueryContext(x.ctx, args)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	dest := make(row, len(rows.Columns()))
	for i := 0; ; i++ {
		if err = rows.Next(dest); err != nil {
			break
		}
		if err = f(dest); err != nil {
			break
		}
		if i%1024 == 1023 {
			if err = x.ctx.Err(); err != nil {
				break
			}
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err = errors.Join(err, rows.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// one runs a statement that gives at most one row and says whether it did.
func (x *session) one(name string, f func(row) error, args ...any) (bool, error) {
	found := false
	err := x.query(name, func(r row) error {
		found = true
		return f(r)
	}, args...)
	return found, err
}

// row is one row of an answer; the methods read a column, whose NULL is the
// zero value.
type row []driver.Value

func (r row) int(i int) int64 {
	v, _ := r[i].(int64)
	return v
}

func (r row) text(i int) string {
	v, _ := r[i].(string)
	return v
}

func (r row) bytes(i int) []byte {
	v, _ := r[i].([]byte)
	return v
}

func (r row) opt(i int) optional {
	v, ok := r[i].(int64)
	return optional{v, ok}
}

// optional is an integer that may be unknown.
type optional struct {
	v  int64
	ok bool
}

func maybe(p *int64) optional {
	if p == nil {
		return optional{}
	}
	return optional{*p, true}
}

func (o optional) value() driver.Value {
	if !o.ok {
		return nil
	}
	return o.v
}

func (o optional) pointer() *int64 {
	if !o.ok {
		return nil
	}
	return &o.v
}

// shrinkLog forces a checkpoint when readers kept the automatic ones from
// emptying the log; after a failed try it waits until the log has doubled.
func (s *Store) shrinkLog(ctx context.Context) {
	info, err := os.Stat(s.path + "-wal")
	if err != nil || info.Size() <= s.walNext {
		return
	}
	busy := int64(1)
	err = s.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, new(any), new(any))
	if err != nil || busy != 0 {
		s.walNext = 2 * info.Size()
		s.log.Warn("store: the log could not be emptied, a long reader holds it", "bytes", info.Size(), "err", err)
		return
	}
	s.walNext = walLimit
}
