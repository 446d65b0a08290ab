package file

import (
	"adalid"
)

// open makes the reader of the current file, standing at the cursor.
func (c *Collector) open(in *input) error {
	p := c.plans[c.cur.File]
	d := dates{order: c.opt.DateOrder, zone: c.opt.Timezone, year: c.opt.Year}
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
	twice := p.format == TweetsV2
	if twice {
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
		return adalid.Errorf(adalid.Invalid, "the format %s cannot be read yet", p.format)
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
