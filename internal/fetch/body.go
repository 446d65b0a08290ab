package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"adalid/collectors"
)

// body is an answer's body under its cap and its timeouts.
type body struct {
	span   *span
	wire   *wire
	src    io.Reader // the wire, decoded
	left   int64     // bytes that may still come
	most   int64
	read   int64
	status int
	last   bool  // closing it ends the span: no retry or redirect follows
	err    error // of the last Read: it stays
	done   func(read int64)
}

// unpack puts the caps, the timeouts and the decoding around an answer's body.
func unpack(s *span, resp *http.Response, idle time.Duration, most int64, done func(int64)) error {
	w := &wire{span: s, src: resp.Body, idle: idle, left: most + 64<<10}
	w.timer = time.AfterFunc(idle, func() { s.cancel(errIdle) })
	w.timer.Stop()
	b := &body{span: s, wire: w, src: w, left: most, most: most, status: resp.StatusCode, done: done}
	empty := resp.Body == http.NoBody || resp.ContentLength == 0 || resp.Request != nil && resp.Request.Method == http.MethodHead
	switch coding := strings.ToLower(strings.Join(resp.Header.Values("Content-Encoding"), ",")); {
	case coding == "" || coding == "identity" || empty:
	case coding == "gzip" || coding == "x-gzip":
		b.src = &gunzip{wire: w}
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
		resp.ContentLength, resp.Uncompressed = -1, true
	default:
		b.Close()
		return collectors.Errorf(collectors.Schema, "the answer is compressed in a way that was not asked for (HTTP %d)", resp.StatusCode)
	}
	if latin1JSON(resp.Header.Get("Content-Type")) {
		b.src = &latin1{src: bufio.NewReader(b.src)}
		resp.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp.Header.Del("Content-Length")
		resp.ContentLength = -1
	}
	resp.Body = b
	return nil
}

// Read gives no more than the cap, then an error.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.src.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), errTooLong
	}
	b.left -= int64(n)
	b.read += int64(n)
	if err != nil && err != io.EOF {
		err = b.fault(err)
	}
	b.err = err
	return n, err
}

// errTooLong is a body over its cap.
var errTooLong = errors.New("too long")

func (b *body) fault(err error) error {
	e := &collectors.Error{Kind: collectors.Schema, Status: b.status}
	switch {
	case errors.Is(err, errTooLong):
		e.Message = fmt.Sprintf("the answer is longer than %d bytes", b.most)
	case errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, new(flate.CorruptInputError)):
		e.Message = "the answer is compressed wrongly"
	case errors.Is(err, io.ErrUnexpectedEOF) && b.span.ctx.Err() == nil:
		e.Kind, e.Message = collectors.Transient, "the platform's answer broke off"
	default:
		return b.span.fault(err)
	}
	return e
}

// Close ends the request.
func (b *body) Close() error {
	b.wire.timer.Stop()
	err := b.wire.src.Close()
	if b.last {
		b.span.end()
	}
	if b.done != nil {
		b.done(b.read)
		b.done = nil
	}
	if b.err == nil {
		b.err = http.ErrBodyReadAfterClose
	}
	return err
}

// wire is the body as it comes, under the timeouts and a cap of its own, which
// what decompresses to nothing cannot pass.
type wire struct {
	span    *span
	src     io.ReadCloser
	timer   *time.Timer
	idle    time.Duration
	left    int64
	waited  time.Duration // in Read since the last look at the progress
	brought int64         // bytes since then
}

func (w *wire) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errTooLong
	}
	start := time.Now()
	w.timer.Reset(w.idle)
	n, err := w.src.Read(p)
	w.timer.Stop()
	w.left -= int64(n)
	w.waited += time.Since(start)
	w.brought += int64(n)
	if w.waited >= w.idle {
		if w.brought < leastProgress && err == nil {
			w.span.cancel(errIdle)
			return n, errIdle
		}
		w.waited, w.brought = 0, 0
	}
	return n, err
}

// gunzip decompresses; it begins with the first Read, so that headers arrive
// before the body does.
type gunzip struct {
	wire *wire
	src  *gzip.Reader
}

func (g *gunzip) Read(p []byte) (n int, err error) {
	if g.src == nil {
		g.src, err = gzip.NewReader(g.wire)
		if err != nil {
			g.src = nil
			return 0, err
		}
	}
	n, err = g.src.Read(p)
	return n, err
}

// latin1JSON tells whether a body is JSON in ISO-8859-1.
func latin1JSON(contentType string) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return false
	}
	charset := strings.ToLower(params["charset"])
	return charset == "iso-8859-1" || charset == "latin1"
}

// latin1 turns ISO-8859-1 into UTF-8.
type latin1 struct {
	src  *bufio.Reader
	rest byte // the second byte of a character that did not fit, or 0
}

func (l *latin1) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if l.rest != 0 {
			p[n], l.rest = l.rest, 0
			n++
			continue
		}
		if n > 0 && l.src.Buffered() == 0 {
			break // rather than wait
		}
		c, err := l.src.ReadByte()
		if err != nil {
			return n, err
		}
		p[n] = c
		if c >= utf8.RuneSelf {
			p[n], l.rest = 0xc0|c>>6, 0x80|c&0x3f
		}
		n++
	}
	return n, nil
}
