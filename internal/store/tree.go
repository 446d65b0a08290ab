package store

import (
	"fmt"

	"adalid/internal/rank"
	"adalid/internal/sqlitefile"
)

// records gives the rows of a brand in a table WITHOUT ROWID whose key begins
// with the brand, in the order of the key and as they are in this transaction.
// They are read page by page, for whole tables: SQLite takes many times as long to
// give their columns one by one; see docs/adr/0019-whole-tables-by-page.md.
func (x *session) records(table string, brand int64) (*sqlitefile.Cursor, error) {
	var root, pages int64
	found, err := x.one("page.Root", func(r row) error {
		root, pages = r.int(0), r.int(1)
		return nil
	}, table)
	if err == nil && !found {
		err = fmt.Errorf("there is no table %s", table)
	}
	if err != nil {
		return nil, err
	}
	file, err := sqlitefile.Open(x.page, uint32(pages))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", table, err)
	}
	return file.Records(uint32(root), brand), nil
}

// eachRecord calls f with every row of a brand in such a table; f reads the
// columns behind the brand.
func (x *session) eachRecord(table string, brand int64, f func(*sqlitefile.Cursor) error) error {
	rows, err := x.records(table, brand)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}

// page appends a page of the database as it is in this transaction.
func (x *session) page(to []byte, number uint32) ([]byte, error) {
	x.args = x.args[:0]
	x.int(int64(number))
	err := x.rows("page.Get", 1, x.args, func(r row) error {
		to = r.appendBytes(to, 0)
		return nil
	})
	return to, err
}

// readRollup reads the columns of rollup behind the brand, in their order in the
// table; spare holds what numbers point at.
func readRollup(r *sqlitefile.Cursor, spare *numbers) rank.Row {
	row := rank.Row{Day: int32(r.Int()), Account: r.Int(), Lang: r.Text()}
	for _, n := range [...]*int32{&row.Posts, &row.Own, &row.Reposted, &row.Organic} {
		*n = int32(r.Int())
	}
	for _, sum := range [counters]*rank.Sum{&row.Likes, &row.Reposts, &row.Replies, &row.Quotes, &row.Views} {
		*sum = rank.Sum{Total: r.Int(), Known: int32(r.Int())}
	}
	row.EngagementKnown = int32(r.Int())
	row.Weight, row.SentimentWeight, row.SentimentSum = r.Int(), r.Int(), r.Int()
	row.Scored = int32(r.Int())
	row.FollowersMax, row.FollowingLast = spare.pointer(r.Optional()), spare.pointer(r.Optional())
	row.Profile = int32(r.Int())
	row.First, row.Last, row.LastID = r.Int(), r.Int(), r.Text()
	row.Copies = int32(r.Int()) // NULL, which is 0, in rows of before there was this column
	return row
}

// wholeRollups yields all of a brand's roll-ups in the order of rollup.Between.
func wholeRollups(x *session, brand int64, yield func(rank.Row) error) error {
	var spare numbers
	return x.eachRecord("rollup", brand, func(r *sqlitefile.Cursor) error {
		row := readRollup(r, &spare)
		if r.Err() != nil {
			return nil // eachRecord tells
		}
		return yield(row)
	})
}

// wholeEdges yields all of a brand's edges in the order of edge.Between.
func wholeEdges(x *session, brand int64, yield func(rank.Edge) error) error {
	return x.eachRecord("edge", brand, func(r *sqlitefile.Cursor) error {
		e := readEdge(r)
		if r.Err() != nil {
			return nil // eachRecord tells
		}
		return yield(e)
	})
}

// numbers gives places for numbers, many of them in one allocation.
type numbers struct{ free []int64 }

func (s *numbers) pointer(n int64, known bool) *int64 {
	if !known {
		return nil
	}
	if len(s.free) == 0 {
		s.free = make([]int64, 512)
	}
	p := &s.free[0]
	*p, s.free = n, s.free[1:]
	return p
}

// readEdge reads the columns of edge behind the brand.
func readEdge(r *sqlitefile.Cursor) rank.Edge {
	return rank.Edge{
		Day: int32(r.Int()), Kind: rank.EdgeKind(r.Int()), Source: r.Int(),
		Target: r.Text(), Weight: int32(r.Int()),
	}
}
