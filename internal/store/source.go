package store

import (
	"context"
	"encoding/json"
	"time"

	"adalid"
	"adalid/internal/scan"
)

// Sources lists the configured sources by name. Secret settings that the vault
// cannot open are left sealed.
func (s *Store) Sources(ctx context.Context) ([]scan.Source, error) {
	var list []scan.Source
	err := s.read(ctx, "list sources", func(x *session) (err error) {
		list, err = listSources(x)
		return err
	})
	if s.vault == nil {
		return list, err
	}
	for i, x := range list {
		list[i].Settings = s.vault.Open(x)
	}
	return list, err
}

// listSources lists the sources as they are stored.
func listSources(x *session) (list []scan.Source, err error) {
	err = x.query("source.List", func(r row) error {
		list = append(list, scan.Source{
			Name: r.text(0), Collector: r.text(1), Brand: r.text(2),
			Settings: json.RawMessage(r.text(3)), Enabled: r.int(4) != 0, Monthly: r.opt(5).pointer(),
		})
		return nil
	})
	return list, err
}

// SetSource stores a source, in place of the one of that name. Nobody waits for
// one that is switched off, nor is told that it fails.
func (s *Store) SetSource(ctx context.Context, source scan.Source) error {
	if clean(source.Name) == "" {
		return adalid.Errorf(adalid.Invalid, "a source needs a name")
	}
	source.Name, source.Collector = clean(source.Name), clean(source.Collector)
	if s.vault != nil {
		var err error
		if source.Settings, err = s.vault.Seal(source); err != nil {
			return err
		}
	}
	return s.write(ctx, "store source", func(x *session) error {
		brand, err := cursorBrand(x, source.Brand)
		if err != nil {
			return err
		}
		_, err = x.exec("source.Set", brand, clean(source.Name), clean(source.Collector), string(source.Settings),
			bit(source.Enabled), maybe(source.Monthly), s.now().Unix())
		if err == nil && !source.Enabled {
			_, err = x.exec("standing.Rest", clean(source.Name))
		}
		return err
	})
}

// RemoveSource removes a source's settings; what it brought stays. NotFound
// when there is none of that name.
func (s *Store) RemoveSource(ctx context.Context, name string) error {
	return s.write(ctx, "remove source", func(x *session) error {
		n, err := x.exec("source.Remove", clean(name))
		if err == nil && n == 0 {
			err = adalid.Errorf(adalid.NotFound, "there is no source %q", name)
		}
		if err == nil {
			_, err = x.exec("standing.Rest", clean(name))
		}
		return err
	})
}

// SetSchedule stores when a brand is scanned, in place of what was.
func (s *Store) SetSchedule(ctx context.Context, p scan.Plan) error {
	return s.write(ctx, "store schedule", func(x *session) error {
		b, err := findBrand(x, p.Brand)
		if err != nil {
			return err
		}
		_, err = x.exec("schedule.Set", b.id, clean(p.Spec), clean(p.Zone), maybe(p.Monthly), p.At.Unix(), p.Run)
		return err
	})
}

// RemoveSchedule stops a brand from being scanned by itself.
func (s *Store) RemoveSchedule(ctx context.Context, brand string) error {
	return s.write(ctx, "remove schedule", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.exec("schedule.Remove", b.id)
		return err
	})
}

// Plans lists the schedules whose next run is due by a time, all of them when
// it is zero; the longest due first.
func (s *Store) Plans(ctx context.Context, due time.Time) ([]scan.Plan, error) {
	var list []scan.Plan
	err := s.read(ctx, "list schedules", func(x *session) error {
		return x.query("schedule.List", func(r row) error {
			list = append(list, scan.Plan{
				Brand: r.text(0), Spec: r.text(1), Zone: r.text(2), Monthly: r.opt(3).pointer(),
				At: time.Unix(r.int(4), 0).UTC(), Run: r.text(5),
			})
			return nil
		}, seconds(due))
	})
	return list, err
}

// Claim starts the due run of a plan and sets the next one: true for exactly
// one of all that try, also after a restart or a clock that was set back.
func (s *Store) Claim(ctx context.Context, p scan.Plan, next time.Time, run string) (id int64, won bool, err error) {
	err = s.write(ctx, "start a due scan", func(x *session) error {
		id, won = 0, false
		b, err := findBrand(x, p.Brand)
		if err != nil {
			return err
		}
		moved, err := x.exec("schedule.Advance", next.Unix(), run, b.id, p.Spec, p.Run)
		if err != nil || moved == 0 {
			return err
		}
		first, err := x.exec("started.Add", b.id, p.Spec, p.Run)
		if err != nil || first == 0 {
			return err
		}
		if _, err := x.exec("started.Prune", b.id); err != nil {
			return err
		}
		won = true
		id, err = s.startScan(x, b.id, scan.Order{})
		return err
	})
	return id, won && err == nil, err
}

// Mend sets another next run of a plan, unless it has been changed since.
func (s *Store) Mend(ctx context.Context, p scan.Plan, next time.Time, run string) error {
	return s.write(ctx, "mend a schedule", func(x *session) error {
		b, err := findBrand(x, p.Brand)
		if err != nil {
			return err
		}
		_, err = x.exec("schedule.Advance", next.Unix(), run, b.id, p.Spec, p.Run)
		return err
	})
}
