package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// session runs the named statements of one transaction.
type session struct {
	ctx  context.Context
	conn *direct
	args []value
	told map[int64]*news // by brand; of a transaction that writes
}

// write runs f in a transaction that holds the database's write lock; all of
// it is on disk when write returns nil.
func (s *Store) write(ctx context.Context, what string, f func(*session) error) error {
	return s.writeSynced(ctx, what, true, f)
}

// writeSynced is write; unsynced, the disk gets the transaction's part of the log
// when it likes, or with that of the next synced one. The log keeps transactions
// in order: what a power cut takes is always the last of them, as a whole.
func (s *Store) writeSynced(ctx context.Context, what string, synced bool, f func(*session) error) error {
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return fmt.Errorf("store: %s: %w", what, ctx.Err())
	}
	x := &session{ctx: ctx, conn: s.writer}
	if !synced {
		if err := s.writer.exec("PRAGMA synchronous = NORMAL"); err != nil {
			return failure("store: "+what, err)
		}
		defer s.resync()
	}
	err := x.transaction("BEGIN IMMEDIATE", func(x *session) error {
		if err := f(x); err != nil {
			return err
		}
		s.chronicle.add(x.told)
		return nil
	})
	if err != nil {
		s.chronicle.drop(x.told)
		s.cache.drop()
		s.seen.drop()
		return failure("store: "+what, err)
	}
	s.log.tend(s.writer)
	return nil
}

// resync makes the writer's transactions wait for the disk again.
func (s *Store) resync() {
	if err := s.writer.exec("PRAGMA synchronous = FULL"); err != nil {
		panic("store: a fixed setting of the connection: " + err.Error())
	}
}

// read runs f in a transaction that sees one state of the database.
func (s *Store) read(ctx context.Context, what string, f func(*session) error) error {
	conn, err := s.readers.get(ctx)
	if err != nil {
		return failure("store: "+what, err)
	}
	defer s.readers.put(conn)
	// A statement that runs long without giving a row has to be stopped too.
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		conn.interrupt()
		close(interrupted)
	})
	x := &session{ctx: ctx, conn: conn}
	err = x.transaction("BEGIN", f)
	if !stop() {
		<-interrupted
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return failure("store: "+what, err)
	}
	return nil
}

func (x *session) transaction(begin string, f func(*session) error) (err error) {
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if err := x.conn.exec(begin); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // an error, or a panic on its way through
			err = errors.Join(err, x.conn.rollback())
		}
	}()
	if err := f(x); err != nil {
		return err
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if err := x.conn.exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

// bind makes the arguments of a statement; the slice is used again by the next.
func (x *session) bind(args []any) []value {
	x.args = x.args[:0]
	for _, a := range args {
		x.push(a)
	}
	return x.args
}

// push adds an argument of any kind; those of many rows have a way of their own.
func (x *session) push(v any) {
	switch t := v.(type) {
	case nil:
		x.null()
	case string:
		x.text(t)
	case []byte:
		x.blob(t)
	case int:
		x.int(int64(t))
	case int32:
		x.int(int64(t))
	case int64:
		x.int(t)
	case optional:
		x.opt(t)
	default:
		x.args = append(x.args, value{scalar{kind: wrongValue}, fmt.Sprintf("%T", v)})
	}
}

func (x *session) null()         { x.args = append(x.args, value{}) }
func (x *session) int(n int64)   { x.args = append(x.args, value{scalar: scalar{intValue, n}}) }
func (x *session) text(s string) { x.args = append(x.args, value{scalar{kind: textValue}, s}) }

func (x *session) blob(b []byte) {
	if b == nil {
		x.null()
		return
	}
	x.args = append(x.args, value{scalar{kind: blobValue}, string(b)})
}

func (x *session) opt(o optional) {
	if !o.ok {
		x.null()
		return
	}
	x.int(o.v)
}

// some pushes a text, NULL where it is empty.
func (x *session) some(s string) {
	if s == "" {
		x.null()
		return
	}
	x.text(s)
}

// exec runs a statement and gives the number of rows it changed.
func (x *session) exec(name string, args ...any) (int64, error) {
	return x.run(name, 1, x.bind(args))
}

func (x *session) run(name string, n int, args []value) (int64, error) {
	if err := x.ctx.Err(); err != nil {
		return 0, err
	}
	st, err := x.conn.prepare(stmtKey{name, n})
	if err != nil {
		return 0, err
	}
	defer st.reset()
	if err := st.bind(args); err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	for more := true; more; {
		if more, err = st.step(); err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
	}
	return x.conn.changes(), nil
}

// bulkSizes are how many tuples one statement takes; few sizes keep the
// number of prepared statements small.
var bulkSizes = [...]int{256, 16, 1}

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
			x.null()
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

func (x *session) rows(name string, n int, args []value, f func(row) error) error {
	st, err := x.conn.prepare(stmtKey{name, n})
	if err != nil {
		return err
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	defer st.reset()
	if err := st.bind(args); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i := 1; ; i++ {
		more, err := st.step()
		if err == nil && more {
			err = f(row{st: st})
		}
		if err == nil && i%1024 == 0 {
			err = x.ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !more {
			return nil
		}
	}
}

// plain runs a statement that is made of the register's names of tables and
// columns, and so has no file of its own; f may be nil.
func (x *session) plain(text string, f func(row) error, args ...any) error {
	st, err := x.conn.compile(text)
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	defer st.finalize()
	if err := st.bind(slices.Clone(x.bind(args))); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	for {
		more, err := st.step()
		if err == nil && more && f != nil {
			err = f(row{st: st})
		}
		if err == nil {
			err = x.ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		if !more {
			return nil
		}
	}
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

func (o optional) pointer() *int64 {
	if !o.ok {
		return nil
	}
	return &o.v
}
