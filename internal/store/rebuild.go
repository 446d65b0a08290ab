package store

import (
	"context"

	"adalid/internal/rank"
)

// RebuildReport says what a rebuild found: rows that differed from what the
// mentions give. All zero but the first two when all is well.
type RebuildReport struct {
	Brands   int
	Mentions int64
	Rollups  int64 // roll-ups that were wrong, missing or too many
	Edges    int64 // edges, alike
	Copies   int64 // mentions with a wrong copy number
	Marks    int64 // mentions that count and should not, or the other way round
	Persons  int64 // accounts that stand for another person than the accepted links say
}

// Differ gives the number of rows that were wrong.
func (r RebuildReport) Differ() int64 { return r.Rollups + r.Edges + r.Copies + r.Marks + r.Persons }

// Rebuild computes everything that follows from the mentions anew, for one
// brand or, when brand is "", for all, replaces what differs and says how much
// did. It works in short transactions, so that reading and writing go on;
// progress may be nil and counts mentions, each twice.
func (s *Store) Rebuild(ctx context.Context, brand string, progress func(done, total int64)) (RebuildReport, error) {
	return s.compare(ctx, brand, &rebuilder{progress: progress, repair: true, in: s.write})
}

// verify is Rebuild without changing anything, of all days and authors or of
// some of them.
func (s *Store) verify(ctx context.Context, whole bool) (RebuildReport, error) {
	return s.compare(ctx, "", &rebuilder{sample: !whole, in: s.read})
}

type transaction = func(ctx context.Context, what string, f func(*session) error) error

// compare walks one brand or all of them.
func (s *Store) compare(ctx context.Context, brand string, r *rebuilder) (RebuildReport, error) {
	report := &r.report
	var brands []brandRow
	authors := map[int64]int64{} // greatest id by brand
	err := s.read(ctx, "read brands", func(x *session) error {
		var err error
		if brands, err = listBrands(x); err != nil {
			return err
		}
		if brand != "" {
			b, err := findBrand(x, brand)
			if err != nil {
				return err
			}
			brands = []brandRow{b}
		}
		for _, b := range brands {
			n := int64(0)
			if _, err := x.one("mention.Count", func(r row) error { n = r.int(0); return nil }, b.id); err != nil {
				return err
			}
			report.Mentions += n
			if _, err := x.one("author.MaxID", func(r row) error { authors[b.id] = r.int(0); return nil }, b.id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return RebuildReport{}, err
	}
	report.Brands, r.total = len(brands), 2*report.Mentions
	for _, b := range brands {
		if err := r.brand(ctx, b, authors[b.id]); err != nil {
			return *report, err
		}
	}
	return *report, nil
}

// rebuilder walks a brand in pieces, each a transaction of its own: what one
// piece sees is whole, and later pages keep it so.
type rebuilder struct {
	report      RebuildReport
	done, total int64
	progress    func(done, total int64)
	repair      bool // else only count
	sample      bool // about samples days and pieces of authors instead of all
	in          transaction
}

// authorsPerPiece bounds how long the pieces hold the write lock.
const (
	authorsPerPiece = 5000
	samples         = 20
)

func (r *rebuilder) brand(ctx context.Context, b brandRow, lastAuthor int64) error {
	before := r.report.Differ()
	if err := r.in(ctx, "compare marks", func(x *session) error { return r.marks(x, b.id) }); err != nil {
		return err
	}
	if err := r.in(ctx, "compare persons", func(x *session) error { return r.persons(x, b.id) }); err != nil {
		return err
	}
	piece, step := int64(authorsPerPiece), int64(authorsPerPiece)
	if r.sample {
		piece = authorsPerPiece / samples
		step = max(piece, lastAuthor/samples)
	}
	for from := int64(1); from <= lastAuthor; from += step {
		err := r.in(ctx, "compare copies", func(x *session) error {
			return r.copies(x, b.id, from, from+piece-1)
		})
		if err != nil {
			return err
		}
	}
	// Copies first: the roll-ups made next weigh by them.
	stride := int64(1)
	for at, more := int64(NoDay), true; more; {
		err := r.in(ctx, "compare roll-ups", func(x *session) error {
			if err := r.day(x, b.id, int32(at)); err != nil {
				return err
			}
			after := at
			if at != NoDay {
				after += stride - 1
			}
			var err error
			if at, more, err = nextDay(x, b.id, after); err != nil || !r.sample || after != NoDay {
				return err
			}
			stride, err = dayStride(x, b.id, at)
			return err
		})
		if err != nil {
			return err
		}
	}
	if !r.repair || r.report.Differ() == before {
		return nil
	}
	return r.in(ctx, "finish rebuild", func(x *session) error { return touch(x, b.id) })
}

// nextDay gives the first day after another that has rows of any kind.
func nextDay(x *session, brand, after int64) (next int64, ok bool, err error) {
	_, err = x.one("mention.NextDay", func(r row) error {
		day := r.opt(0)
		next, ok = day.v, day.ok
		return nil
	}, brand, max(minSecond, (after+1)*secondsPerDay), after)
	return next, ok, err
}

// dayStride gives how many days a sample goes on at a time.
func dayStride(x *session, brand, first int64) (int64, error) {
	stride := int64(1)
	_, err := x.one("mention.Newest", func(r row) error {
		stride = max(1, (int64(day(r.opt(0)))-first)/samples)
		return nil
	}, brand, int64(maxSecond))
	return stride, err
}

func (r *rebuilder) advance(n int64) {
	r.done += n
	if r.progress != nil {
		r.progress(min(r.done, r.total), r.total)
	}
}

// marks looks for mentions that are not left out as their marks say, or that
// are although they should not be.
func (r *rebuilder) marks(x *session, brand int64) error {
	var wrong []fact
	err := x.query("label.Askew", func(row row) error {
		f := fact{rowid: row.int(0), platform: row.text(1), id: row.text(2), textHash: row.int(3), ruled: row.int(4) != 0, about: row.opt(5)}
		if hidden := row.opt(6); hidden.ok && f.textHash == 0 {
			f.textHash = hidden.v
		}
		wrong = append(wrong, f)
		return nil
	}, brand)
	r.report.Marks += int64(len(wrong))
	if err != nil || !r.repair {
		return err
	}
	for _, f := range wrong {
		if _, err := x.exec("mention.SetHash", f.indexedHash(), f.rowid); err != nil {
			return err
		}
		if _, err := x.exec("label.Rule", brand, f.platform, f.id, bit(f.ruled), f.hiddenHash()); err != nil {
			return err
		}
	}
	return nil
}

// copies numbers the near copies of some authors anew.
func (r *rebuilder) copies(x *session, brand, first, last int64) error {
	type wrong struct{ rowid, copy int64 }
	var fixes []wrong
	var group copyGroup
	var k, rows int64
	var untimed []wrong // of the group, ordered before the others by the index
	number := func(rowid, stored int64) {
		k++
		if stored != k {
			fixes = append(fixes, wrong{rowid, k})
		}
	}
	finish := func() {
		for _, u := range untimed {
			number(u.rowid, u.copy)
		}
		untimed = untimed[:0]
	}
	err := x.query("mention.Copies", func(row row) error {
		rows++
		rowid, stored := row.int(0), row.int(6)
		g := copyGroup{row.int(1), row.int(2)}
		if g != group {
			finish()
			group, k = g, 0
		}
		switch {
		case g.hash == 0 || row.int(3) != 0:
			if stored != 1 {
				fixes = append(fixes, wrong{rowid, 1})
			}
		case !row.opt(4).ok:
			untimed = append(untimed, wrong{rowid, stored})
		default:
			number(rowid, stored)
		}
		return nil
	}, brand, first, last)
	if err != nil {
		return err
	}
	finish()
	r.report.Copies += int64(len(fixes))
	r.advance(rows)
	if !r.repair {
		return nil
	}
	for _, f := range fixes {
		if _, err := x.exec("mention.SetCopy", f.copy, f.rowid); err != nil {
			return err
		}
	}
	return nil
}

// day makes the roll-ups and edges of a day anew.
func (r *rebuilder) day(x *session, brand int64, d int32) error {
	t := newTally()
	rows := int64(0)
	err := dayFacts(x, brand, d, func(f *fact) error {
		rows++
		t.addRow(f)
		t.addEdges(f, 1)
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.rollups(x, brand, d, t); err != nil {
		return err
	}
	if err := r.edges(x, brand, d, t); err != nil {
		return err
	}
	r.advance(rows)
	return nil
}

func dayFacts(x *session, brand int64, d int32, f func(*fact) error) error {
	if d != NoDay {
		from := int64(d) * secondsPerDay
		return factsBetween(x, brand, period{from, from + secondsPerDay - 1}, f)
	}
	return x.query("mention.Untimed", func(r row) error {
		fact := scanFact(r)
		return f(&fact)
	}, brand)
}

func (r *rebuilder) rollups(x *session, brand int64, d int32, t *tally) error {
	wrong, found := int64(0), 0
	err := rollups(x, brand, d, d, func(stored *rank.Row) error {
		made := t.rows[rollKey{stored.Day, stored.Account, stored.Lang}]
		if made == nil || !sameRow(made, stored) {
			wrong++
		}
		if made != nil {
			found++
		}
		return nil
	})
	if err != nil {
		return err
	}
	wrong += int64(len(t.rows) - found)
	r.report.Rollups += wrong
	if wrong == 0 || !r.repair {
		return nil
	}
	if _, err := x.exec("rollup.DeleteDay", brand, d); err != nil {
		return err
	}
	return upsertRows(x, brand, t.sortedRows())
}

// sameRow compares roll-ups, the pointers by what they point to.
func sameRow(a, b *rank.Row) bool {
	x, y := *a, *b
	x.FollowersMax, x.FollowingLast, y.FollowersMax, y.FollowingLast = nil, nil, nil, nil
	return x == y && maybe(a.FollowersMax) == maybe(b.FollowersMax) && maybe(a.FollowingLast) == maybe(b.FollowingLast)
}

func (r *rebuilder) edges(x *session, brand int64, d int32, t *tally) error {
	wrong, found := int64(0), 0
	err := edges(x, brand, d, d, func(k edgeKey, w int32) error {
		made, ok := t.edges[k]
		if made != w {
			wrong++
		}
		if ok {
			found++
		}
		return nil
	})
	if err != nil {
		return err
	}
	wrong += int64(len(t.edges) - found)
	r.report.Edges += wrong
	if wrong == 0 || !r.repair {
		return nil
	}
	if _, err := x.exec("edge.DeleteDay", brand, d); err != nil {
		return err
	}
	return insertEdges(x, brand, t.sortedEdges())
}
