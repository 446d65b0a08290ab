package sqlitefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// Cursor walks the records of one b-tree whose first column is one integer, in
// the order of the tree. The record it stands on is its Record.
type Cursor struct {
	Record

	first  int64
	root   uint32 // 0: the walk has begun
	levels []level
	free   [][]byte // buffers of levels that were left
	seen   uint32   // pages; a tree has each page once
}

// level is a page on the way from the root to the present record.
type level struct {
	page   []byte
	leaf   bool
	cells  int
	at     int  // the cell that comes next
	walked bool // the child before that cell
}

const (
	interiorPage = 0x02
	leafPage     = 0x0a
	mostLevels   = 20 // SQLite's own bound
)

var (
	errCircle = errors.New("sqlitefile: the pages of a b-tree go in circles")
	errCell   = errors.New("sqlitefile: a record does not lie on its page")
	errOrder  = errors.New("sqlitefile: the records of a b-tree are not in order")
)

// Records gives a cursor before the first record of the b-tree at a root page
// whose first column is the integer first.
func (f *File) Records(root uint32, first int64) *Cursor {
	return &Cursor{Record: Record{file: f}, first: first, root: root}
}

// Next goes to the next record and stands behind its first column; false at the
// end and when something is wrong, which Err tells.
func (c *Cursor) Next() bool {
	if c.root != 0 {
		root := c.root
		c.root = 0
		c.descend(root, true)
	}
	for c.err == nil && len(c.levels) > 0 {
		l := &c.levels[len(c.levels)-1]
		switch {
		case !l.leaf && !l.walked:
			l.walked = true
			c.descend(l.child(), false)
		case l.at == l.cells:
			c.free = append(c.free, l.page)
			c.levels = c.levels[:len(c.levels)-1]
		default:
			at := l.at
			l.at, l.walked = at+1, false
			c.open(l, at)
			switch n := c.Int(); {
			case n < c.first:
				c.fail(errOrder)
			case n > c.first:
				c.levels = nil
			}
			return c.err == nil && c.levels != nil
		}
	}
	return false
}

// descend goes to a page, on the way to the first record to its place there.
func (c *Cursor) descend(number uint32, seek bool) {
	for c.err == nil {
		if c.seen++; len(c.levels) == mostLevels || c.seen > c.file.pages {
			c.fail(errCircle)
			return
		}
		var to []byte
		if n := len(c.free); n > 0 {
			to, c.free = c.free[n-1], c.free[:n-1]
		}
		page, err := c.file.page(to, number)
		if err != nil {
			c.fail(err)
			return
		}
		l := level{page: page, leaf: page[0] == leafPage, cells: int(binary.BigEndian.Uint16(page[3:]))}
		if page[0] != leafPage && page[0] != interiorPage || l.cellsAt()+2*l.cells > c.file.usable {
			c.fail(fmt.Errorf("sqlitefile: page %d is no page of an index", number))
			return
		}
		if seek {
			l.at = sort.Search(l.cells, func(i int) bool {
				c.open(&l, i)
				return c.Int() >= c.first || c.err != nil
			})
		}
		l.walked = true
		c.levels = append(c.levels, l)
		if l.leaf {
			return
		}
		number = l.child()
	}
}

// cellsAt is where the places of a page's cells begin.
func (l *level) cellsAt() int {
	if l.leaf {
		return 8
	}
	return 12
}

// cell is where a cell begins.
func (l *level) cell(i int) int { return int(binary.BigEndian.Uint16(l.page[l.cellsAt()+2*i:])) }

// child is the page before the next cell, or behind the last; 0, which is no
// page, where the cell cannot be.
func (l *level) child() uint32 {
	at := 8
	if l.at < l.cells {
		at = l.cell(l.at)
	}
	if at+4 > len(l.page) {
		return 0
	}
	return binary.BigEndian.Uint32(l.page[at:])
}

// open makes a cell of a page the record.
func (c *Cursor) open(l *level, i int) {
	at := l.cell(i)
	if !l.leaf {
		at += 4 // the child before it
	}
	usable := c.file.usable
	if at >= usable {
		c.fail(errCell)
		return
	}
	total, n := varint(l.page[at:usable])
	at += n
	local := c.file.local(total)
	if n == 0 || local > usable-at {
		c.fail(errCell)
		return
	}
	c.payload, c.total, c.overflow = l.page[at:at+local], total, 0
	if uint64(local) < total {
		if usable-at-local < 4 {
			c.fail(errCell)
			return
		}
		c.overflow = binary.BigEndian.Uint32(l.page[at+local:])
	}
	c.begin()
}
