package file

import "fmt"

// open makes the reader of the current file, standing at the cursor.
func (c *Collector) open(in *input) error {
	p := c.plans[c.cur.File]
	d := dates{order: c.opt.DateOrder, zone: c.opt.Timezone, year: c.opt.Year, now: c.opt.Now().UTC().Year()}
	if p.layout != nil && p.layout.voting {
		if c.cur.Order == "" {
			if err := in.spool(); err != nil {
				return err
			}
			order, err := p.layout.vote(in)
			if err != nil {
				return err
			}
			c.cur.Order = order
		}
		d.order = c.cur.Order
	}
	start := c.cur.Offset
	var lines int64
	if p.layout != nil && start == 0 {
		start, lines = p.layout.start, p.layout.lines
	}
	if p.format == TweetsV2 && !in.short { // large pages are read twice
		if err := in.spool(); err != nil {
			return err
		}
	}
	s, err := in.open(start)
	if err != nil {
		return err
	}
	c.stream = s
	w := newWindow(s, start)
	at := place{c.cur.Row, max(c.cur.Line, lines)}
	switch p.format {
	case CSV:
		c.rows = &table{
			layout: p.layout, r: &records{w: w, comma: p.layout.comma, eol: p.layout.eol},
			at: at, lines: at.line, barrier: c.cur.Barrier, dates: d,
		}
	case Canonical:
		c.rows = &canonical{w: w, at: at, dates: d, brand: c.opt.BrandColumn != ""}
	default:
		return c.openPosts(in, p, w, d)
	}
	return nil
}

// openPosts makes the reader of a JSON format other than the canonical one.
func (c *Collector) openPosts(in *input, p plan, w *window, d dates) error {
	r := &posts{v: values{w: w, lines: c.cur.Line}, at: place{row: c.cur.Row}, nest: c.cur.Nest, page: c.cur.Page}
	switch p.format {
	case TweetsV1:
		r.post, r.items = postV1{d}, "statuses"
	case TweetsV2:
		r.post, r.items = &postV2{dates: d, open: in.open}, "data"
	case XArchive:
		r.post, r.archive = postArchive{d, p.owner}, true
	case Mastodon:
		r.post, r.items = postOutbox{d, p.names}, "orderedItems"
	default:
		return fmt.Errorf("file: no reader for the format %q", p.format)
	}
	c.rows = r
	if r.nest >= inPage {
		return r.post.begin(r.page)
	}
	return nil
}

func (c *canonical) save(to *cursor) {
	to.Offset, to.Row, to.Line = c.w.offset(), c.at.row, c.at.line
}
func (c *canonical) failed() error { return c.w.failed() }
func (c *canonical) cut() bool     { return c.w.cut() }

func (t *table) save(to *cursor) {
	to.Offset, to.Row, to.Line, to.Barrier = t.r.w.offset(), t.at.row, t.lines, t.barrier
}
func (t *table) failed() error { return t.r.w.failed() }
func (t *table) cut() bool     { return t.r.w.cut() }
