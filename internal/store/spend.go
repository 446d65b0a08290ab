package store

import (
	"context"
	"time"

	"adalid/internal/scan"
)

const secondsADay = 24 * 60 * 60

// monthOf gives the first and the last UTC day of a time's month, and its own.
func monthOf(t time.Time) (first, last, day int64) {
	t = t.UTC()
	start := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	return start.Unix() / secondsADay, start.AddDate(0, 1, 0).Unix()/secondsADay - 1, t.Unix() / secondsADay
}

// Book takes up to most units of a booking, never more than the monthly limits
// of the source and of the brand leave for today. It gives how many and the
// entry's id; 0 when they leave fewer than least, with the next day, when more
// may be left. Until it is settled the whole of it counts as spent.
func (s *Store) Book(ctx context.Context, b scan.Booking, least, most int64) (granted, id int64, until time.Time, err error) {
	err = s.write(ctx, "book spending", func(x *session) error {
		granted, id = most, 0
		brand, err := cursorBrand(x, b.Brand)
		if err != nil {
			return err
		}
		until = b.At.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		if b.Daily > 0 {
			used, err := unitsToday(x, b)
			if err != nil {
				return err
			}
			if granted = min(granted, b.Daily-used); granted < least {
				until = nextMidnight(b.At, b.Zone)
			}
		}
		if b.Price > 0 {
			left, err := leftToday(x, brand, b)
			if err != nil {
				return err
			}
			granted = min(granted, left/b.Price)
		}
		if granted < least {
			granted = 0
			return nil
		}
		_, err = x.one("spend.Reserve", func(r row) error {
			id = r.int(0)
			return nil
		}, brand, clean(b.Source), b.Unit, b.Leg, spendDay(b), granted, granted*b.Price)
		return err
	})
	return granted, id, until, err
}

// Settle says what a booking came to: n units and those of the ids that no
// booking of the source was charged for on the same UTC day.
func (s *Store) Settle(ctx context.Context, id int64, b scan.Booking, n int64, ids []string) error {
	return s.write(ctx, "settle spending", func(x *session) error {
		day := spendDay(b)
		for _, read := range ids {
			added, err := x.exec("charged.Add", clean(b.Source), day, b.Unit, clean(read))
			if err != nil {
				return err
			}
			n += added
		}
		if len(ids) > 0 {
			if _, err := x.exec("charged.Prune", clean(b.Source), day-1); err != nil {
				return err
			}
		}
		_, err := x.exec("spend.Settle", n, n*b.Price, id)
		return err
	})
}

// spendDay is the day a booking counts for: of its quota's zone where it has
// one, else UTC.
func spendDay(b scan.Booking) int64 {
	at := b.At.UTC()
	if zone, err := time.LoadLocation(b.Zone); err == nil {
		y, m, d := b.At.In(zone).Date()
		at = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return at.Unix() / secondsADay
}

func nextMidnight(at time.Time, zone string) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	y, m, d := at.In(loc).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, loc).UTC()
}

func unitsToday(x *session, b scan.Booking) (used int64, err error) {
	_, err = x.one("spend.Units", func(r row) error {
		used = r.int(0)
		return nil
	}, clean(b.Source), b.Unit, spendDay(b))
	return used, err
}

// leftToday gives what the limits leave to spend; a source without a limit may
// spend nothing.
func leftToday(x *session, brand int64, b scan.Booking) (int64, error) {
	left := int64(0)
	err := x.query("source.List", func(r row) error {
		if r.text(0) == clean(b.Source) && r.opt(5).ok {
			left = r.int(5)
		}
		return nil
	})
	if err != nil || left == 0 {
		return 0, err
	}
	if left, err = allowance(x, "spend.OfSource", clean(b.Source), left, b); err != nil {
		return 0, err
	}
	monthly := optional{}
	_, err = x.one("schedule.Monthly", func(r row) error {
		monthly = r.opt(0)
		return nil
	}, brand)
	if err != nil || !monthly.ok {
		return left, err
	}
	own, err := allowance(x, "spend.OfBrand", brand, monthly.v, b)
	return min(left, own), err
}

func allowance(x *session, query string, of any, monthly int64, b scan.Booking) (left int64, err error) {
	first, last, day := monthOf(b.At)
	_, err = x.one(query, func(r row) error {
		today := r.int(1)
		left = scan.Allowance(monthly, r.int(0), today, b.At)
		if b.Minor {
			left = min(left, max(0, (left+today)/4-today))
		}
		return nil
	}, of, day, first, last)
	return left, err
}

// Spending is what one kind of unit came to.
type Spending struct {
	Source, Unit  string
	Units, Micros int64 // micros: millionths of a US dollar
}

// Spent tells what a brand has spent in the UTC month of a time, by source and
// unit.
func (s *Store) Spent(ctx context.Context, brand string, month time.Time) ([]Spending, error) {
	var list []Spending
	err := s.read(ctx, "read spending", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		first, last, _ := monthOf(month)
		return x.query("spend.Report", func(r row) error {
			list = append(list, Spending{r.text(0), r.text(1), r.int(2), r.int(3)})
			return nil
		}, b.id, first, last)
	})
	return list, err
}
