package store

import (
	"context"
	"time"

	"adalid/collectors"
	"adalid/internal/alarm"
)

// Alarms lists what is wrong with sources now, and what is over while nobody
// was told yet, by id.
func (s *Store) Alarms(ctx context.Context) ([]alarm.Alarm, error) {
	return s.alarms(ctx, "alarm.Open")
}

// PastAlarms lists the latest alarms of a brand, the newest first.
func (s *Store) PastAlarms(ctx context.Context, brand string, limit int) ([]alarm.Alarm, error) {
	var id int64
	err := s.read(ctx, "find brand", func(x *session) error {
		b, err := findBrand(x, brand)
		id = b.id
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.alarms(ctx, "alarm.List", id, limit)
}

func (s *Store) alarms(ctx context.Context, query string, args ...any) ([]alarm.Alarm, error) {
	var list []alarm.Alarm
	err := s.read(ctx, "list alarms", func(x *session) error {
		return x.query(query, func(r row) error {
			list = append(list, alarm.Alarm{
				ID: r.int(0), Brand: r.text(1), Source: r.text(2), Kind: collectors.Kind(r.text(3)), Reason: r.text(4), Fix: r.text(5),
				Since: r.opt(6).time(), Announced: r.opt(7).time(), Over: r.opt(8).time(), Recovered: r.opt(9).time(),
			})
			return nil
		}, args...)
	})
	return list, err
}

// SetAlarm stores an alarm: a new one where its id is 0.
func (s *Store) SetAlarm(ctx context.Context, a alarm.Alarm) error {
	return s.write(ctx, "store alarm", func(x *session) error {
		b, err := findBrand(x, a.Brand)
		if err != nil {
			return err
		}
		if a.ID == 0 {
			_, err = x.exec("alarm.Add", b.id, clean(a.Source), string(a.Kind), clean(a.Reason), clean(a.Fix), seconds(a.Since))
			return err
		}
		_, err = x.exec("alarm.Update", seconds(a.Announced), seconds(a.Over), seconds(a.Recovered), a.ID)
		return err
	})
}

// Habit gives how many new mentions a source used to bring a day over the four
// weeks before a time; false where scans of it began less than two weeks before.
func (s *Store) Habit(ctx context.Context, brand, source string, before time.Time) (perDay float64, known bool, err error) {
	const window = 28 * 24 * time.Hour
	err = s.read(ctx, "read what a source used to bring", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("scan.Brought", func(r row) error {
			first := r.opt(1)
			if !first.ok {
				return nil
			}
			watched := min(before.Sub(first.time()), window)
			if known = watched >= window/2; known {
				perDay = float64(r.int(0)) / (watched.Hours() / 24)
			}
			return nil
		}, b.id, clean(source), before.Add(-window).Unix(), before.Unix())
		return err
	})
	return perDay, known, err
}
