package file

import (
	"bytes"
	"slices"
	"time"

	"adalid"
)

const headRecords = 40 // lines in which a header is looked for

// findLayout looks for the header line and the delimiter: the pair that names
// most fields wins, so that lines of a report above the header are passed.
func findLayout(in *input, opt *Options) (*layout, error) {
	if len(bytes.TrimSpace(in.head)) == 0 {
		return nil, adalid.Errorf(adalid.Invalid, "%s is empty", in.name)
	}
	eol := byte('\n')
	if bytes.IndexByte(in.head, '\n') < 0 && bytes.IndexByte(in.head, '\r') >= 0 {
		eol = '\r'
	}
	var best *layout
	for _, comma := range []byte(",;\t|") {
		if l := searchHeader(in, opt, comma, eol); l != nil && (best == nil || l.better(best, 4)) {
			best = l
		}
	}
	switch {
	case best == nil:
		return nil, adalid.Errorf(adalid.Invalid, "%s: no line at the beginning looks like the header of a table", in.name)
	case best.err != nil:
		return nil, adalid.Wrapf(adalid.Invalid, best.err, "%s", in.name)
	case len(best.missing()) > 0:
		return nil, best.explain(in.name)
	}
	return best, nil
}

// better prefers a complete layout, then more fields, then several columns,
// then more of them; depth says how many of these count.
func (l *layout) better(o *layout, depth int) bool {
	a, b := l.rating(), o.rating()
	return slices.Compare(a[:depth], b[:depth]) > 0
}

func (l *layout) rating() [4]int {
	complete := 0
	if len(l.missing()) == 0 && l.err == nil {
		complete = 1
	}
	return [4]int{complete, len(l.binds), min(1, len(l.header)-1), len(l.header)}
}

// searchHeader tries the first lines as headers for one delimiter.
func searchHeader(in *input, opt *Options, comma, eol byte) *layout {
	r := &records{w: memory(in.head), comma: comma, eol: eol}
	var best *layout
	var lines, marks int64
	for range headRecords {
		if n := r.marker(); n > 0 {
			r.w.advance(n)
			lines++
			marks++
			continue
		}
		size, end := r.scan(textHead)
		if size == 0 || end == atLimit || end == inQuote || end == atStop && !in.short {
			break
		}
		lines += int64(bytes.Count(r.w.data()[:size], []byte{eol}))
		if r.blank() || len(r.fields) > 5000 {
			r.w.advance(size)
			continue
		}
		l := &layout{comma: comma, eol: eol, header: r.texts(), lines: lines, marks: marks, start: r.w.offset() + int64(size)}
		l.bind(opt)
		r.w.advance(size)
		if best == nil || l.better(best, 3) {
			best = l
		}
		if l.err == nil && len(l.missing()) == 0 && len(l.header) > 1 {
			return l
		}
	}
	return best
}

// sample looks at the first rows: does any date need the order of day and month?
func (l *layout) sample(in *input) {
	d := l.bound(fCreated)
	if d == nil {
		return
	}
	head := in.head[min(l.start, int64(len(in.head))):]
	t := &table{layout: l, r: &records{w: memory(head), comma: l.comma, eol: l.eol}, dates: dates{order: DMY, zone: time.UTC}}
	for range 500 {
		size, kind := t.record()
		if kind == rowEnd || kind == rowCut {
			return
		}
		if kind == rowData {
			if _, ok := depends(string(l.value(nil, t.r, d))); ok {
				l.voting = true
				return
			}
		}
		t.r.w.advance(size)
	}
}

// value adds the text that a binding gives for the current record to b.
func (l *layout) value(b []byte, r *records, d *binding) []byte {
	if d.col >= 0 {
		return r.appendField(b, d.col)
	}
	for _, p := range d.parts {
		if p.col >= 0 {
			b = r.appendField(b, p.col)
		} else {
			b = append(b, p.text...)
		}
	}
	return b
}

// vote reads the date column of the whole file, as far as it can be read, and
// decides its order.
func (l *layout) vote(in *input) (DateOrder, error) {
	s, err := in.open(l.start)
	if err != nil {
		return "", err
	}
	defer s.Close()
	d := l.bound(fCreated)
	v := newOrderVote()
	r := &records{w: newWindow(s, l.start), comma: l.comma, eol: l.eol}
	t := &table{layout: l, r: r, dates: dates{order: DMY, zone: time.UTC}}
	var b []byte
	for row := int64(1); ; {
		size, kind := t.record()
		if kind == rowEnd {
			break
		}
		if kind == rowData {
			b = l.value(b[:0], r, d)
			v.see(string(b), row)
		}
		if kind == rowData || kind == rowBad {
			row++
		}
		r.w.advance(size)
	}
	return v.decide(in.name, d.column)
}
