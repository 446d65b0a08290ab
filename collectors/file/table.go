package file

import (
	"bytes"
	"fmt"

	"adalid/collectors"
)

// table reads the rows of a CSV file.
type table struct {
	*layout
	r       *records
	at      place
	lines   int64 // lines before the window
	barrier int64 // up to this offset quotes span only few lines: one was never closed
	dates   dates
	buf     []byte
	ends    []int // of each binding's text in buf
	out     []string
	why     string
}

const barrierRow = 64 << 10 // bytes of a row before the barrier

// rowKind is what stands at the beginning of the window.
type rowKind int

const (
	rowEnd    rowKind = iota
	rowData           // a row with all columns that are in use
	rowBad            // a row that cannot be used; why says the reason
	rowEmpty          // an empty line
	rowMarker         // a merge-conflict line
	rowHeader         // the header again
	rowCut            // the file ends in the middle of it
	rowLong           // a row without end within the limit
)

// record finds the next row, says what it is and how many bytes to advance.
func (t *table) record() (size int, kind rowKind) {
	t.why = ""
	if t.exported {
		return t.exact()
	}
	if n := t.r.marker(); n > 0 {
		return n, rowMarker
	}
	limit := maxRow
	if t.r.w.offset() < t.barrier {
		limit = barrierRow
	}
	size, end := t.r.scan(limit)
	switch {
	case size == 0:
		return 0, rowEnd
	case end == inQuote || end == atLimit:
		return t.runaway(size, end)
	case t.r.blank():
		return size, rowEmpty
	case end == atStop && t.r.w.cut():
		return size, rowCut
	case t.repeatsHeader():
		return size, rowHeader
	}
	n, want := len(t.r.fields), len(t.header)
	if line := t.firstLine(size); line < size && t.swallowed(line, size) {
		return t.again(line, rowBad, "quotes are opened and not closed before the next row")
	}
	switch {
	case n == want || n > want && t.extraBlank():
		return size, rowData
	case n < want && end == atStop:
		return t.again(size, rowCut, "")
	case n < want && n > t.last:
		return size, rowData
	}
	return t.again(t.firstLine(size), rowBad, t.misfit())
}

// exact is record for a table that we wrote: every quote in it counts, so that
// no text in a cell is taken for a row, whatever it looks like.
func (t *table) exact() (size int, kind rowKind) {
	size, end := t.r.scan(maxRow)
	n, want := len(t.r.fields), len(t.header)
	switch {
	case size == 0:
		return 0, rowEnd
	case end == inQuote || end == atLimit:
		return t.runaway(size, end)
	case t.r.blank():
		return size, rowEmpty
	case n == want || n > want && t.extraBlank():
		return size, rowData
	case end == atStop:
		return size, rowCut
	}
	t.why = t.misfit()
	return size, rowBad
}

func (t *table) misfit() string {
	return fmt.Sprintf("the row has %d columns, the header %d", len(t.r.fields), len(t.header))
}

// again reads the first line of a row that cannot be used once more, as one in
// which text follows a closing quote: "so" it goes. Where that gives no row
// either, it says what it was given, or the better reason.
func (t *table) again(size int, kind rowKind, why string) (int, rowKind) {
	t.why = why
	line := t.firstLine(size)
	data := t.r.w.data()[:line]
	if n := bytes.Count(data, []byte{'"'}); n == 0 || n%2 != 0 {
		return size, kind // what is opened on this line is not closed on it
	}
	probe := &records{w: memory(data), comma: t.r.comma, eol: t.r.eol, early: true, fields: t.r.fields}
	_, end := probe.scan(maxRow)
	t.r.fields = probe.fields
	switch n, want := len(probe.fields), len(t.header); {
	case end == inQuote || end == atLimit:
	case n == want || n > want && t.extraBlank() || n < want && n > t.last && end == atLine:
		t.why = ""
		return line, rowData
	case end == atLine:
		t.why = t.misfit()
		return line, rowBad
	}
	return size, kind
}

// runaway deals with quotes that are never closed: where a later line is a
// complete row, only the line that opened them is lost; else the file was cut.
func (t *table) runaway(size int, end recordEnd) (int, rowKind) {
	t.barrier = max(t.barrier, t.r.w.offset()+int64(size))
	line := t.firstLine(size)
	if line == size && end == atLimit {
		t.why = fmt.Sprintf("the row is longer than %d MB", maxRow>>20)
		return size, rowLong
	}
	if n, kind := t.again(size, rowCut, ""); kind != rowCut {
		return n, kind
	}
	if end == inQuote && (line == size || !t.rowAfter(line, size)) {
		return size, rowCut
	}
	t.why = "quotes are opened and never closed"
	return line, rowBad
}

// swallowed says whether a line inside a row of several lines is a row of its
// own: as many columns, and a time where the times are.
func (t *table) swallowed(from, size int) bool {
	date := t.bound(fCreated)
	if len(t.header) < 3 || date == nil || date.col < 0 {
		return false
	}
	rest := t.r.w.data()[from:size]
	for len(rest) > 0 {
		line := rest
		if i := bytes.IndexByte(rest, t.eol); i >= 0 {
			line = rest[:i+1]
		}
		rest = rest[len(line):]
		if bytes.Count(line, []byte{t.comma}) < len(t.header)-1 || bytes.Count(line, []byte{'"'})%2 != 0 {
			continue // the last line of a row that is well has an odd quote
		}
		probe := &records{w: memory(line), comma: t.comma, eol: t.eol}
		if _, end := probe.scan(barrierRow); end != atLine && end != atStop || len(probe.fields) != len(t.header) {
			continue
		}
		if _, err := t.dates.parse(string(probe.appendField(nil, date.col))); err == nil {
			return true
		}
	}
	return false
}

// rowAfter says whether some line in data[from:size] is a row by itself.
func (t *table) rowAfter(from, size int) bool {
	rest := t.r.w.data()[from:size]
	probe := &records{w: memory(rest), comma: t.comma, eol: t.eol}
	for range 1000 {
		n, end := probe.scan(barrierRow)
		if n == 0 {
			return false
		}
		if (end == atLine || end == atStop) && len(probe.fields) == len(t.header) && len(t.header) > 1 {
			return true
		}
		if i := bytes.IndexByte(probe.w.data(), t.eol); i >= 0 {
			probe.w.advance(i + 1)
		} else {
			return false
		}
	}
	return false
}

func (t *table) firstLine(size int) int {
	if i := bytes.IndexByte(t.r.w.data()[:size], t.eol); i >= 0 {
		return i + 1
	}
	return size
}

func (t *table) extraBlank() bool {
	for _, f := range t.r.fields[len(t.header):] {
		if f.to > f.from {
			return false
		}
	}
	return true
}

// repeatsHeader says that every column in use holds its own header; the others
// may differ, as headers of merged files do.
func (t *table) repeatsHeader() bool {
	if len(t.r.fields) != len(t.header) {
		return false
	}
	for i := range t.binds {
		col := t.binds[i].col
		if col < 0 {
			continue
		}
		if t.buf = t.r.appendField(t.buf[:0], col); string(t.buf) != t.header[col] {
			return false
		}
	}
	return true
}

// next reads one row; false at the end of the file.
func (t *table) next(p *page) bool {
	size, kind := t.record()
	if kind == rowEnd {
		return false
	}
	t.at.line = t.lines + 1
	raw := t.r.w.data()[:size]
	switch kind {
	case rowMarker:
		p.note(collectors.ConflictMarkers, "%s: line %d", p.file, t.at.line)
	case rowHeader:
		p.note(collectors.RepeatedHeaders, "%s: line %d", p.file, t.at.line)
	case rowCut:
		p.note(collectors.CutLastLine, "%s: line %d", p.file, t.at.line)
	case rowBad, rowLong:
		t.at.row++
		p.Rows++
		p.reject(t.at, "", "", t.why, bytes.TrimRight(raw, "\r\n"))
	case rowData:
		t.at.row++
		p.Rows++
		t.row(p, raw)
	}
	t.lines += int64(bytes.Count(raw, []byte{t.eol}))
	t.r.w.advance(size)
	if kind == rowLong {
		t.r.w.skipLine()
		t.lines++
	}
	return true
}
