package sqlitefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Record is a row whose columns are read one after the other: those of the
// primary key first, then the others as they were declared. Columns that were
// added after the row was written are NULL. After an error all are.
type Record struct {
	file    *File
	payload []byte // what is there of it: all, unless there is an overflow page
	head    int    // where the type of the next column is
	headEnd int
	body    int // where its value is

	total    uint64 // bytes of the payload
	overflow uint32 // page where it goes on; 0: nowhere, or it has been read
	long     []byte // a payload put together

	texts strings.Builder // that were read, some thousands in one piece

	err error
}

// Err is the first thing that went wrong.
func (r *Record) Err() error { return r.err }

var (
	errNoHeader = errors.New("sqlitefile: a record has no header")
	errCut      = errors.New("sqlitefile: a record is cut short")
	errInteger  = errors.New("sqlitefile: a column holds something else than an integer")
	errText     = errors.New("sqlitefile: a column holds something else than a text")
)

func (r *Record) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.head, r.headEnd = 0, 0
}

// begin reads how long the header is.
func (r *Record) begin() {
	size, n := varint(r.payload)
	if n == 0 || size > r.total || size < uint64(n) {
		r.fail(errNoHeader)
		return
	}
	if size > uint64(len(r.payload)) && !r.whole() {
		return
	}
	r.head, r.headEnd, r.body = n, int(size), int(size)
}

// whole puts a payload together from its overflow pages.
func (r *Record) whole() bool {
	if r.overflow == 0 || r.total/uint64(r.file.usable) > uint64(r.file.pages) {
		r.fail(errCut)
		return false
	}
	r.long = append(r.long[:0], r.payload...)
	var page []byte
	for next := r.overflow; uint64(len(r.long)) < r.total; {
		var err error
		if page, err = r.file.page(page, next); err != nil {
			r.fail(fmt.Errorf("the rest of a long record: %w", err))
			return false
		}
		next = binary.BigEndian.Uint32(page)
		r.long = append(r.long, page[4:4+min(uint64(r.file.usable-4), r.total-uint64(len(r.long)))]...)
	}
	r.payload, r.overflow = r.long, 0
	return true
}

// intSize is how many bytes an integer of a serial type takes.
var intSize = [...]uint8{1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}

const realType = 7

// Int reads an integer; NULL is 0.
func (r *Record) Int() int64 {
	n, _ := r.Optional()
	return n
}

// Optional reads an integer; false: it is NULL.
func (r *Record) Optional() (n int64, known bool) {
	if r.head >= r.headEnd {
		return 0, false
	}
	kind := r.payload[r.head]
	r.head++
	switch {
	case kind == 0:
		return 0, false
	case kind == 8 || kind == 9:
		return int64(kind - 8), true
	case kind > 9 || kind == realType:
		r.fail(errInteger)
		return 0, false
	}
	size := int(intSize[kind])
	at := r.body
	if r.body += size; r.body > len(r.payload) && (r.overflow == 0 || !r.whole() || r.body > len(r.payload)) {
		r.fail(errCut)
		return 0, false
	}
	if at+8 <= cap(r.payload) { // beyond the record, but on its page
		return int64(binary.BigEndian.Uint64(r.payload[at:at+8])) >> (64 - 8*size), true
	}
	n = int64(int8(r.payload[at]))
	for _, b := range r.payload[at+1 : at+size] {
		n = n<<8 | int64(b)
	}
	return n, true
}

// Bytes reads a text; NULL is empty. They are valid until Next.
func (r *Record) Bytes() []byte {
	from, to := r.span(true)
	return r.payload[from:to]
}

// Text reads a text; NULL is empty. Texts lie together in pieces of textPiece
// bytes, which live as long as one of them.
func (r *Record) Text() string {
	b := r.Bytes()
	if r.texts.Cap()-r.texts.Len() < len(b) {
		r.texts.Reset()
		r.texts.Grow(max(len(b), textPiece))
	}
	from := r.texts.Len()
	r.texts.Write(b)
	return r.texts.String()[from:]
}

const textPiece = 16 << 10

// Skip passes over columns of any type.
func (r *Record) Skip(columns int) {
	for range columns {
		r.span(false)
	}
}

// span is where the value of the next column lies in the payload.
func (r *Record) span(text bool) (from, to int) {
	if r.head >= r.headEnd {
		return 0, 0
	}
	kind, n := varint(r.payload[r.head:r.headEnd])
	if n == 0 {
		r.fail(errNoHeader)
		return 0, 0
	}
	r.head += n
	size := uint64(0)
	switch {
	case kind >= 12:
		size = (kind - 12) / 2
	case kind == realType:
		size = 8
	case kind < uint64(len(intSize)):
		size = uint64(intSize[kind])
	}
	if text && kind != 0 && (kind < 13 || kind%2 == 0) {
		r.fail(errText)
		return 0, 0
	}
	if size > r.total || uint64(r.body)+size > r.total {
		r.fail(errCut)
		return 0, 0
	}
	from = r.body
	r.body += int(size)
	if text && r.body > len(r.payload) && !r.whole() {
		return 0, 0
	}
	return from, r.body
}
