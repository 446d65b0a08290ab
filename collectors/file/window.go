package file

import "io"

// window is a sliding view of a stream: it keeps what its reader has not
// passed yet, so that a row can be looked at whole before it is taken.
type window struct {
	r        io.Reader
	buf      []byte
	pos, end int
	base     int64 // offset in the stream of buf[0]
	err      error // why nothing more comes; io.EOF at the end
}

func newWindow(r io.Reader, offset int64) *window {
	return &window{r: r, buf: make([]byte, 64<<10), base: offset}
}

// memory is a window on text that is in memory already.
func memory(text []byte) *window {
	return &window{buf: text, end: len(text), err: io.EOF}
}

// data is what was read and not yet passed.
func (w *window) data() []byte { return w.buf[w.pos:w.end] }

// offset is where data begins in the stream.
func (w *window) offset() int64 { return w.base + int64(w.pos) }

func (w *window) advance(n int) { w.pos += n }

// more reads on and keeps data. It returns false at the end of the stream, on
// an error and when data already holds limit bytes.
func (w *window) more(limit int) bool {
	if w.err != nil || w.end-w.pos >= limit {
		return false
	}
	if w.end == len(w.buf) {
		w.makeRoom()
	}
	for range 100 {
		n, err := w.r.Read(w.buf[w.end:])
		w.end += n
		if err != nil {
			w.err = err
		}
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	w.err = io.ErrNoProgress
	return false
}

func (w *window) makeRoom() {
	if w.pos > len(w.buf)/2 {
		w.base += int64(w.pos)
		copy(w.buf, w.buf[w.pos:w.end])
		w.end -= w.pos
		w.pos = 0
		return
	}
	buf := make([]byte, 2*len(w.buf))
	w.base += int64(w.pos)
	w.end = copy(buf, w.buf[w.pos:w.end])
	w.pos = 0
	w.buf = buf
}

// failed is the error that ended the stream, nil for a plain end and for a
// stream that was cut off (see cut).
func (w *window) failed() error {
	if w.err == io.EOF || w.err == io.ErrUnexpectedEOF {
		return nil
	}
	return w.err
}

// cut says that the stream ended before its own end, as a truncated gzip file
// does.
func (w *window) cut() bool { return w.err == io.ErrUnexpectedEOF }

// line gives the next line without its line feed and how many bytes to
// advance. done is false at the end of the stream; long says that the line
// has more than maxRow bytes, of which only the first are given.
func (w *window) line() (line []byte, size int, long, done bool) {
	seen := 0
	for {
		d := w.data()
		if i := indexNewline(d[seen:]); i >= 0 {
			return d[:seen+i], seen + i + 1, false, true
		}
		seen = len(d)
		if !w.more(maxRow) {
			d = w.data()
			return d, len(d), len(d) >= maxRow, len(d) > 0
		}
	}
}

// skipLine passes everything up to and including the next line feed.
func (w *window) skipLine() {
	for {
		if i := indexNewline(w.data()); i >= 0 {
			w.advance(i + 1)
			return
		}
		w.advance(len(w.data()))
		if !w.more(maxRow) {
			return
		}
	}
}
