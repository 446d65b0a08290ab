package file

import "bytes"

// records cuts a table into records and fields. A quote that is neither at the
// edge of a field nor doubled is taken as written.
type records struct {
	w      *window
	comma  byte
	eol    byte // '\n', or '\r' in files that know no other
	early  bool // text after a closing quote belongs to the field, which is then taken as written
	fields []span
}

// span is a field in window.data(); inner says that it holds doubled quotes.
type span struct {
	from, to int
	inner    bool
}

type recordEnd int

const (
	atLine  recordEnd = iota // ended by a line end
	atStop                   // ended by the end of the stream
	inQuote                  // the stream ended inside quotes
	atLimit                  // longer than the limit
)

// scan finds the record at the beginning of the window and says how many bytes
// it has, line end included.
func (r *records) scan(limit int) (size int, end recordEnd) {
	r.fields = r.fields[:0]
	d := r.w.data()
	i := 0
	// need makes sure that d[i] exists.
	need := func() bool {
		for i >= len(d) {
			if !r.w.more(limit) {
				return false
			}
			d = r.w.data()
		}
		return true
	}
	for {
		from, quoted := i, need() && d[i] == '"'
		var f span
		if quoted {
			i++
			f.from = i
			for closed := false; !closed; {
				if !need() {
					return r.stop(len(d), limit, inQuote)
				}
				j := bytes.IndexByte(d[i:], '"')
				if j < 0 {
					i = len(d)
					continue
				}
				f.to = i + j
				i = f.to + 1
				switch {
				case !need():
					if len(d) >= limit {
						return len(d), atLimit
					}
					closed = true
				case d[i] == '"':
					f.inner = true
					i++
				case d[i] == r.comma || d[i] == r.eol:
					closed = true
				case d[i] == '\r':
					i++
					closed = !need() || d[i] == r.eol
				case r.early:
					closed, quoted = true, false
				}
			}
		}
		if !quoted {
			for need() && d[i] != r.comma && d[i] != r.eol {
				i++
			}
			f = span{from: from, to: i}
			if i > from && d[i-1] == '\r' && (i == len(d) || d[i] == r.eol) {
				f.to--
			}
		}
		r.fields = append(r.fields, f)
		switch {
		case !need():
			return r.stop(len(d), limit, atStop)
		case d[i] == r.eol:
			return i + 1, atLine
		}
		i++ // the comma
	}
}

func (r *records) stop(size, limit int, end recordEnd) (int, recordEnd) {
	if size >= limit && r.w.err == nil {
		return size, atLimit
	}
	return size, end
}

// appendField adds the text of field i to b.
func (r *records) appendField(b []byte, i int) []byte {
	f := r.fields[i]
	raw := r.w.data()[f.from:f.to]
	if !f.inner {
		return append(b, raw...)
	}
	for {
		j := bytes.Index(raw, []byte(`""`))
		if j < 0 {
			return append(b, raw...)
		}
		b = append(b, raw[:j+1]...)
		raw = raw[j+2:]
	}
}

// texts gives all fields as strings.
func (r *records) texts() []string {
	out := make([]string, len(r.fields))
	for i := range r.fields {
		out[i] = string(r.appendField(nil, i))
	}
	return out
}

// blank says that the record is an empty line, or nothing but delimiters.
func (r *records) blank() bool {
	for _, f := range r.fields {
		if f.to > f.from {
			return false
		}
	}
	return true
}

// conflictMarker says whether a line is one that a merge tool left.
func conflictMarker(line []byte) bool {
	if len(line) < 7 {
		return false
	}
	for _, m := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
		if string(line[:7]) == m {
			rest := bytes.TrimRight(line[7:], "\r\n")
			return len(rest) == 0 || m != "=======" && rest[0] == ' '
		}
	}
	return false
}

// marker looks for a conflict marker at the beginning of the window and gives
// its bytes, line end included; 0 when there is none.
func (r *records) marker() int {
	for len(r.w.data()) < 8 && r.w.more(maxRow) {
	}
	d := r.w.data()
	if len(d) < 7 || d[0] != '<' && d[0] != '=' && d[0] != '>' && d[0] != '|' || d[6] != d[0] {
		return 0
	}
	line, size, long, _ := r.w.line()
	if long || !conflictMarker(line) {
		return 0
	}
	return size
}
