// Package file collects mentions from files: canonical JSON Lines, tables from
// listening tools and scrapers, tweets of both API versions, and the archives
// of X and Mastodon.
package file

import (
	"bytes"
	"context"
	"slices"
	"time"

	"adalid"
	"adalid/collectors"
)

// Collector reads mentions from files. It keeps its place between calls: a
// call with the cursor it gave last reads on, any other cursor reopens the
// file there. It is not safe for concurrent use.
type Collector struct {
	opt    Options
	inputs []*input
	plans  []plan
	source string

	cur    cursor // where the open reader stands
	stream *stream
	rows   rows
	used   bool  // standard input was read
	done   int64 // bytes read of inputs that are finished
	usual  int   // mentions of the page before, to make room at once
}

// plan is how one input is read.
type plan struct {
	format Format
	layout *layout  // of tables
	owner  owner    // of X archives
	names  accounts // of Mastodon outboxes
}

// rows reads one file; next adds at most a few rows to the page and is false
// at the end.
type rows interface {
	next(p *page) bool
	save(c *cursor) // writes where the next row begins
	failed() error  // why the file could not be read to its end
}

// New looks at every file's beginning and at its mapping, so that what is
// wrong shows before anything is read. Files that do not exist are NotFound,
// what cannot be understood is Invalid; the message says what to do.
func New(opt Options) (*Collector, error) {
	opt.Paths, opt.Map = slices.Clone(opt.Paths), slices.Clone(opt.Map)
	if err := opt.fill(); err != nil {
		return nil, err
	}
	c := &Collector{opt: opt}
	var extra []byte
	for _, path := range opt.Paths {
		if err := c.add(path); err != nil {
			_ = c.Close() // the first error matters
			return nil, err
		}
	}
	for _, p := range c.plans {
		extra = append(extra, p.owner.sum...)
	}
	c.source = sourceName(&c.opt, c.inputs, extra)
	return c, nil
}

// add looks at one more input and decides how it is read.
func (c *Collector) add(path string) error {
	in, err := newInput(path, c.opt.Stdin)
	if err != nil {
		return err
	}
	c.inputs = append(c.inputs, in)
	for _, o := range c.inputs[:len(c.inputs)-1] {
		if o.same(in) {
			return adalid.Errorf(adalid.Invalid, "%s and %s are the same pipe, which can be read once", o.name, in.name)
		}
	}
	if err := in.look(); err != nil {
		return err
	}
	p, err := c.plan(in)
	if err != nil && in.gzErr != nil {
		return in.noGzip(in.gzErr)
	}
	c.plans = append(c.plans, p)
	return err
}

func (c *Collector) plan(in *input) (p plan, err error) {
	p.format = c.opt.Format
	if p.format == Auto {
		if p.format, err = detect(in); err != nil {
			return p, err
		}
	} else if len(bytes.TrimSpace(in.head)) == 0 {
		return p, adalid.Errorf(adalid.Invalid, "%s is empty", in.name)
	}
	switch p.format {
	case CSV:
		if p.layout, err = findLayout(in, &c.opt); err != nil {
			return p, err
		}
		if c.opt.DateOrder == AutoOrder {
			p.layout.sample(in)
		}
		return p, nil
	case XArchive:
		p.owner, err = findOwner(in, &c.opt)
	default:
		if p.format == Mastodon {
			p.names = outboxAccounts(in.head)
		}
		if len(c.opt.Map) > 0 {
			err = adalid.Errorf(adalid.Invalid, "%s is in the format %s, which has no columns to map", in.name, p.format)
		}
	}
	if err == nil && c.opt.BrandColumn != "" && (p.format != Canonical || c.opt.BrandColumn != "brand") {
		err = adalid.Errorf(adalid.Invalid, "%s is in the format %s, which has no column %q for the brand", in.name, p.format, c.opt.BrandColumn)
	}
	return p, err
}

// once is the Source of what can be read only once: standard input and pipes.
const once = "file:stdin"

// Source names contents and options: "file:" and a hash. The same files read
// with the same options have the same name wherever they lie, and cursors are
// good for it; standard input and pipes are always "file:stdin" and start again.
func (c *Collector) Source() string { return c.source }

// Mapping tells how each input was understood, in the order of Options.Paths.
func (c *Collector) Mapping() []Found {
	out := make([]Found, len(c.inputs))
	for i, in := range c.inputs {
		f := Found{File: in.name, Format: c.plans[i].format, Encoding: in.enc.name}
		if l := c.plans[i].layout; l != nil {
			f.Delimiter = string(l.comma)
			f.Ignored = slices.Clone(l.ignored)
			for _, b := range l.binds {
				f.Columns = append(f.Columns, Mapping{Field: fieldTable[b.field].name, Column: b.column})
			}
		}
		out[i] = f
	}
	return out
}

// Again gives a second collector of the same contents, for reading them twice;
// both start at the beginning and may be read at the same time. What can be
// read only once is copied to a temporary file first, which belongs to c. It is
// called before Collect.
func (c *Collector) Again() (*Collector, error) {
	o := &Collector{opt: c.opt, plans: c.plans, source: c.source}
	for _, in := range c.inputs {
		if err := in.spool(); err != nil {
			return nil, err
		}
		twin := *in
		twin.temp, twin.pipe = false, nil
		o.inputs = append(o.inputs, &twin)
	}
	return o, nil
}

// Close releases the open file, pipes and temporary copies of standard input.
func (c *Collector) Close() error {
	err := c.leave()
	for _, in := range c.inputs {
		in.release()
	}
	return err
}

func (c *Collector) leave() error {
	c.rows = nil
	if c.stream == nil {
		return nil
	}
	err := c.stream.Close()
	c.stream = nil
	return err
}

// Collect reads one page of at most Options.PageSize rows of one file; the
// query does not matter, a file cannot be searched.
func (c *Collector) Collect(ctx context.Context, _ collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	if err := ctx.Err(); err != nil {
		return collectors.Page{}, err
	}
	if err := c.seek(from); err != nil {
		return collectors.Page{}, err
	}
	p := &page{opt: &c.opt, tomorrow: c.opt.Now().Add(24 * time.Hour), notices: map[collectors.NoticeCode]*collectors.Notice{}}
	p.Mentions = make([]adalid.Mention, 0, c.usual)
	if c.cur.File < len(c.inputs) {
		if err := c.read(ctx, p); err != nil {
			_ = c.leave() // the first error matters
			return collectors.Page{}, err
		}
	}
	c.usual = len(p.Mentions)
	p.Next = c.cur.bytes()
	p.More = c.cur.File < len(c.inputs)
	p.Read, p.Size = c.progress()
	return p.close(), nil
}

// seek makes the open reader stand where from says.
func (c *Collector) seek(from collectors.Cursor) error {
	if c.source == once && !c.used {
		from = nil // a position of an earlier run says nothing about this one
	}
	cur, err := c.parseCursor(from)
	if err != nil {
		return err
	}
	c.used = true
	if cur == c.cur && (c.rows != nil || cur.File == len(c.inputs)) {
		return nil
	}
	if err := c.leave(); err != nil {
		return err
	}
	c.cur = cur
	return nil
}

// read fills the page from the current file.
func (c *Collector) read(ctx context.Context, p *page) error {
	in := c.inputs[c.cur.File]
	p.file = in.name
	p.source = c.platform(c.plans[c.cur.File].format)
	if c.rows == nil {
		if err := c.open(in); err != nil {
			return err
		}
	}
	if c.cur.Offset == 0 && c.cur.Row == 0 {
		c.greet(in, p)
	}
	var now cursor
	for n := 0; ; n++ {
		if n%64 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		c.rows.save(&now)
		if len(p.Mentions)+len(p.Rejects) >= c.opt.PageSize || now.Offset-c.cur.Offset > maxPage {
			c.rows.save(&c.cur)
			return nil
		}
		if !c.rows.next(p) {
			break
		}
	}
	if err := c.rows.failed(); err != nil {
		if len(p.Mentions)+len(p.Rejects) == 0 {
			return adalid.Wrapf(adalid.Invalid, err, "%s is damaged and cannot be read any further", in.name)
		}
		c.rows.save(&c.cur) // what was read is kept; the next call fails
		return nil
	}
	if c.stream != nil && c.cutOff() {
		delete(p.notices, collectors.CutLastLine) // more than the row is missing
		p.note(collectors.CutArchive, "%s after row %d", in.name, now.Row)
	}
	c.done += c.stream.count.n
	c.cur = cursor{Source: c.source, File: c.cur.File + 1}
	return c.leave()
}

func (c *Collector) cutOff() bool {
	w, ok := c.rows.(interface{ cut() bool })
	return ok && w.cut()
}

// greet notes what concerns the file as a whole, with its first page.
func (c *Collector) greet(in *input, p *page) {
	if in.enc.name != "UTF-8" {
		p.note(collectors.Encoding, "%s: %s", in.name, in.enc.name)
	}
	if l := c.plans[c.cur.File].layout; l != nil && l.marks > 0 {
		for range l.marks {
			p.note(collectors.ConflictMarkers, "%s: above the header", in.name)
		}
	}
}

func (c *Collector) platform(f Format) adalid.Platform {
	switch {
	case c.opt.Platform != "":
		return c.opt.Platform
	case f == Mastodon:
		return "mastodon"
	}
	return adalid.X
}

// progress counts compressed bytes over all files.
func (c *Collector) progress() (read, size int64) {
	for i, in := range c.inputs {
		if in.size == 0 {
			size = 0
			if c.stream != nil {
				return c.done + c.stream.count.n, 0
			}
			return c.done, 0
		}
		size += in.size
		if i < c.cur.File {
			read += in.size
		}
	}
	if c.stream != nil {
		read += min(c.stream.count.n, c.inputs[c.cur.File].size)
	}
	return read, size
}
