package store

import (
	"context"
	"time"

	"adalid"
)

// Observation is a period in which a source was watched for a brand: From is
// included, To is not.
type Observation struct {
	Source   string
	From, To time.Time
}

// Observe records that a source was watched from one time up to another.
// Periods that overlap or touch become one. Pages of live sources bring theirs
// along; an export does not tell which period it was watched for.
func (s *Store) Observe(ctx context.Context, brand, source string, from, to time.Time) error {
	if !from.Before(to) {
		return adalid.Errorf(adalid.Invalid, "an observed period has to end after it starts")
	}
	return s.write(ctx, "record observed period", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		if err := observe(x, b.id, clean(source), from.Unix(), ceilSecond(to)); err != nil {
			return err
		}
		return touchState(x, b.id)
	})
}

// observe adds a period, in unix seconds, and joins it with those it touches.
func observe(x *session, brand int64, source string, from, to int64) error {
	var merged []int64
	err := x.query("observed.Overlapping", func(r row) error {
		merged = append(merged, r.int(0))
		from, to = min(from, r.int(0)), max(to, r.int(1))
		return nil
	}, brand, source, to, from)
	if err != nil {
		return err
	}
	for _, start := range merged {
		if _, err := x.exec("observed.Remove", brand, source, start); err != nil {
			return err
		}
	}
	_, err = x.exec("observed.Add", brand, source, from, to)
	return err
}

// Observed lists the watched periods of a source, of every source when it is
// "", by source and time.
func (s *Store) Observed(ctx context.Context, brand, source string) ([]Observation, error) {
	var list []Observation
	err := s.read(ctx, "list observed periods", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("observed.List", func(r row) error {
			list = append(list, Observation{Source: r.text(0), From: r.opt(1).time(), To: r.opt(2).time()})
			return nil
		}, b.id, clean(source), clean(source))
	})
	return list, err
}
