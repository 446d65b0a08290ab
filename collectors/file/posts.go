package file

import (
	"bytes"
	"fmt"

	"adalid/collectors"
)

// post decodes one JSON value into rows of the page. It gets single posts,
// and whole pages that fit into memory.
type post interface {
	// decode adds what raw holds; each row counts from at.
	decode(p *page, raw []byte, at *place)
	// begin is called before the rows of a page too large for memory, which
	// begins at offset.
	begin(offset int64) error
}

// nest is where in the JSON a reader stands.
type nest int

const (
	atTop nest = iota
	inArray
	inPage  // in an object, between members
	inItems // in the array of an object that holds the posts
	pastItems
)

// posts reads JSON files of posts: one after another, in arrays, or in objects
// whose member items holds them.
type posts struct {
	v       values
	post    post
	items   string // member of a page that holds posts
	archive bool   // assignments stand before the arrays
	at      place
	nest    nest
	page    int64 // offset of the object that the reader is in
	err     error
}

func (r *posts) save(to *cursor) {
	to.Offset, to.Row, to.Line = r.v.w.offset(), r.at.row, r.v.lines
	to.Nest, to.Page = r.nest, r.page
}

func (r *posts) failed() error {
	if r.err != nil {
		return r.err
	}
	return r.v.w.failed()
}

func (r *posts) cut() bool { return r.v.w.cut() }

// next reads one value; false at the end of the file.
func (r *posts) next(p *page) bool {
	if r.err != nil {
		return false
	}
	c := r.v.next(r.nest != atTop)
	r.at.line = r.v.lines + 1
	switch {
	case c == 0:
		if r.nest != atTop {
			p.note(collectors.CutLastLine, "%s: line %d", p.file, r.at.line)
			r.nest = atTop
		}
		return false
	case r.nest == atTop:
		r.top(p, c)
	case r.nest == inPage || r.nest == pastItems:
		r.member(p, c)
	case c == ']':
		r.v.advance(1)
		if r.nest == inItems {
			r.nest = pastItems
		} else {
			r.nest = atTop
		}
	default:
		r.value(p)
	}
	return true
}

func (r *posts) top(p *page, c byte) {
	switch {
	case c == '[':
		r.v.advance(1)
		r.nest = inArray
	case c == '{':
		r.value(p)
	case r.archive && archivePrefix(r.ahead(16)):
		r.assignment()
	case c == ';' && r.archive:
		r.v.advance(1)
	default:
		r.lose(p, "is no JSON")
	}
}

// ahead gives up to n bytes that come next.
func (r *posts) ahead(n int) []byte {
	for len(r.v.w.data()) < n && r.v.w.more(maxRow) {
	}
	return r.v.w.data()
}

// assignment passes "window.YTD.tweets.part0 =".
func (r *posts) assignment() {
	d := r.ahead(256)
	if i := bytes.IndexByte(d[:min(256, len(d))], '='); i >= 0 {
		r.v.advance(i + 1)
		return
	}
	r.v.advance(min(256, len(d)))
}

// lose rejects the line at which the reader stands.
func (r *posts) lose(p *page, why string) {
	line, size, _, _ := r.v.w.line()
	r.at.row++
	p.Rows++
	p.reject(r.at, "", "", why, bytes.TrimSpace(line))
	r.v.advance(min(size, len(r.v.w.data())))
	if size == len(line) { // longer than the window
		r.v.w.skipLine()
	}
}

// value reads one post, or a page that fits into memory.
func (r *posts) value(p *page) {
	size, err := r.v.element()
	switch err {
	case nil:
		raw := r.v.w.data()[:size]
		r.post.decode(p, raw, &r.at)
		r.v.advance(size)
	case errEnd:
		if r.nest == atTop && r.laterLine(size) {
			r.lose(p, "is no valid JSON")
			return
		}
		p.note(collectors.CutLastLine, "%s: line %d", p.file, r.at.line)
		r.v.advance(size)
		r.nest = atTop
	case errLong:
		r.long(p)
	default:
		if r.nest == atTop {
			r.lose(p, r.v.scan.problem("is no valid JSON"))
			return
		}
		r.broken(p, r.v.scan.problem("is no valid JSON"))
	}
}

// laterLine says whether a value that the stream's end cuts off swallowed a
// line that is a value by itself.
func (r *posts) laterLine(size int) bool {
	d := r.v.w.data()[:size]
	for range 100 {
		i := bytes.Index(d, []byte("\n{"))
		if i < 0 {
			return false
		}
		d = d[i+1:]
		line := d
		if j := indexNewline(d); j >= 0 {
			line = d[:j]
		}
		r.v.scan.reset(string(line))
		r.v.scan.skip(0)
		if r.v.scan.err == nil {
			return true
		}
	}
	return false
}

// long deals with a value beyond maxRow: a page is read member by member,
// anything else is rejected.
func (r *posts) long(p *page) {
	if r.nest != atTop || r.items == "" || r.v.w.data()[0] != '{' {
		r.broken(p, fmt.Sprintf("the row is longer than %d MB", maxRow>>20))
		return
	}
	r.page = r.v.w.offset()
	if r.err = r.post.begin(r.page); r.err != nil {
		return
	}
	r.v.advance(1)
	r.nest = inPage
}

// broken rejects a value inside an array and looks for the next one.
func (r *posts) broken(p *page, why string) {
	r.at.row++
	p.Rows++
	p.reject(r.at, "", "", why, r.ahead(maxRaw))
	if !r.v.skipValue() {
		p.note(collectors.CutLastLine, "%s: line %d", p.file, r.at.line)
		r.nest = atTop
	}
}

// member goes through the members of a large page until its posts come.
func (r *posts) member(p *page, c byte) {
	if c == '}' {
		r.v.advance(1)
		if r.nest == inPage {
			r.at.row++
			p.Rows++
			p.reject(r.at, "", "", fmt.Sprintf("the row is longer than %d MB and no page of posts", maxRow>>20), nil)
		}
		r.nest = atTop
		return
	}
	k, ok := r.v.key()
	if !ok {
		r.nest = atTop
		r.lose(p, "is no valid JSON")
		return
	}
	if k == r.items && r.v.next(false) == '[' {
		r.v.advance(1)
		r.nest = inItems
		return
	}
	r.v.skipValue()
}
