// Package sqlitefile reads the records of a SQLite table WITHOUT ROWID, or of an
// index, straight from the pages of its b-tree.
//
// SQLite runs a program of a dozen instructions for every column of every row.
// Whoever wants all columns of a million rows in the order in which they are
// stored gets them from the pages at a fraction of that. The format is
// https://www.sqlite.org/fileformat2.html, and fixed for good. Pages may come
// from anywhere and may be damaged: what makes no sense is an error, never a
// panic, an endless walk or more memory than the file has.
package sqlitefile

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Fetch appends a page to bytes, the first being number 1, and gives the result.
// All pages have to be of one state of the database.
type Fetch func(to []byte, number uint32) ([]byte, error)

// File is a database of which pages are fetched.
type File struct {
	fetch  Fetch
	size   int    // bytes of a page
	usable int    // of these, what SQLite uses
	pages  uint32 // of the database; no walk fetches more
}

const (
	magic      = "SQLite format 3\x00"
	headerSize = 100
	leastPage  = 512
	mostPage   = 1 << 16
	utf8       = 1
)

// Open reads the header of a database of so many pages. It refuses one whose
// texts are not in UTF-8.
func Open(fetch Fetch, pages uint32) (*File, error) {
	first, err := fetch(nil, 1)
	if err != nil {
		return nil, fmt.Errorf("sqlitefile: page 1: %w", err)
	}
	if len(first) < headerSize || string(first[:len(magic)]) != magic {
		return nil, errors.New("sqlitefile: this is no SQLite database")
	}
	f := &File{fetch: fetch, size: int(binary.BigEndian.Uint16(first[16:])), pages: pages}
	if f.size == 1 {
		f.size = mostPage
	}
	f.usable = f.size - int(first[20])
	switch {
	case f.size != len(first) || f.size < leastPage || f.size&(f.size-1) != 0 || f.usable < leastPage-32:
		return nil, fmt.Errorf("sqlitefile: pages of %d bytes of which %d are used, and one of %d", f.size, f.usable, len(first))
	case binary.BigEndian.Uint32(first[56:]) != utf8:
		return nil, errors.New("sqlitefile: the texts are not in UTF-8")
	}
	return f, nil
}

// page fetches a page after the first into a buffer.
func (f *File) page(to []byte, number uint32) ([]byte, error) {
	if number < 2 || number > f.pages {
		return nil, fmt.Errorf("sqlitefile: page %d of %d", number, f.pages)
	}
	b, err := f.fetch(to[:0], number)
	if err != nil {
		return nil, fmt.Errorf("sqlitefile: page %d: %w", number, err)
	}
	if len(b) != f.size {
		return nil, fmt.Errorf("sqlitefile: page %d has %d bytes", number, len(b))
	}
	return b, nil
}

// local is how many bytes of a payload lie in its cell; the others are on
// overflow pages. The format fixes these fractions.
func (f *File) local(payload uint64) int {
	most := (f.usable-12)*64/255 - 23
	if payload <= uint64(most) {
		return int(payload)
	}
	least := (f.usable-12)*32/255 - 23
	if n := least + int((payload-uint64(least))%uint64(f.usable-4)); n <= most {
		return n
	}
	return least
}

// varint reads a number of one to nine bytes; size 0: there is none.
func varint(b []byte) (n uint64, size int) {
	for i, c := range b {
		if i == 8 {
			return n<<8 | uint64(c), 9
		}
		n = n<<7 | uint64(c&0x7f)
		if c < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}
