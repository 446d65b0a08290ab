package scan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"adalid"
	"adalid/collectors"
)

// ProfileStore knows whose profiles are worth paying for.
type ProfileStore interface {
	// Unread lists authors of a brand at a platform, each by the latest mention,
	// who wrote since a time and can enter the ranking, and whose followers were
	// not read since another time: the most active first.
	Unread(ctx context.Context, brand string, platform adalid.Platform, active, read time.Time, limit int) ([]adalid.Mention, error)
}

// Whose profiles are paid for: those who wrote within activeFor and were not
// looked up within profileAge, so many in one scan.
const (
	activeFor       = 90 * 24 * time.Hour
	profileAge      = 30 * 24 * time.Hour
	profilesPerScan = 100
)

// profiles looks up accounts where each costs money.
type profiles struct {
	collectors.Hydrator
	store    ProfileStore
	facts    *facts
	source   string
	platform adalid.Platform
	now      Clock
}

// profiles gives nil for sources that cannot tell, and for those where it is
// free: see hydrator.
func (l *Live) profiles(s Source, brand string, leg int64) (*profiles, error) {
	d := l.definitions[s.Collector]
	if !paid(d) || !slices.Contains(d.Can, collectors.Hydrate) {
		return nil, nil
	}
	c, err := l.build(s, Booking{Brand: brand, Source: s.Name, Leg: leg, Minor: true})
	if err != nil {
		return nil, err
	}
	h, ok := c.(collectors.Hydrator)
	if !ok {
		return nil, nil
	}
	return &profiles{h, l.Legs, l.facts, s.Name, d.Platform, l.Now}, nil
}

// readProfiles looks up who can enter the ranking and stores what is told with
// their latest mentions, as if those had been read again. What the budget or
// the platform refuses stays unknown: the posts count all the same.
func (r *runner) readProfiles(ctx context.Context) error {
	p, now := r.Profiles, r.Profiles.now().UTC().Truncate(time.Second)
	list, err := p.store.Unread(ctx, r.Brand, p.platform, now.Add(-activeFor), now.Add(-profileAge), 10*profilesPerScan)
	if err != nil {
		return fmt.Errorf("scan: list profiles to read: %w", err)
	}
	list = slices.DeleteFunc(list, func(m adalid.Mention) bool {
		_, asked := p.facts.get(p.source, m.Author.Key, now)
		return asked
	})
	list = list[:min(len(list), profilesPerScan)]
	for size := max(1, p.HydrateBatch()); len(list) > 0; {
		batch := list[:min(size, len(list))]
		keys := make([]string, len(batch))
		for i, m := range batch {
			keys[i] = m.Author.Key
		}
		authors, err := p.Hydrate(ctx, keys)
		if isBudget(err) && len(batch) > 1 {
			size = len(batch) / 2 // as many as the money is enough for
			continue
		}
		if err != nil {
			return r.without(ctx, err)
		}
		list = list[len(batch):]
		p.facts.learn(p.source, keys, authors, now)
		if err := r.saveProfiles(ctx, batch, authors, now); err != nil {
			return err
		}
	}
	return nil
}

// without goes on without profiles, except where the scan is to stop.
func (r *runner) without(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	if !isBudget(err) {
		r.report.Warnings = append(r.report.Warnings, "the followers of some authors could not be read; they stay unknown")
	}
	return nil
}

func isBudget(err error) bool {
	var refused *collectors.Error
	return errors.As(err, &refused) && refused.Kind == collectors.Budget
}

func (r *runner) saveProfiles(ctx context.Context, latest []adalid.Mention, authors []adalid.Author, now time.Time) error {
	b := Batch{Brand: r.Brand}
	for _, a := range authors {
		i := slices.IndexFunc(latest, func(m adalid.Mention) bool { return m.Author.Key == a.Key })
		if i < 0 {
			continue
		}
		m := latest[i]
		was := m.Author
		m.Author, m.Brand, m.ObservedAt = a, "", now
		m.Author.Platform = was.Platform
		merge(&m.Author, was)
		m.Likes, m.Reposts, m.Replies, m.Quotes, m.Views = nil, nil, nil, nil, nil // not read again
		b.Mentions = append(b.Mentions, Mention{Mention: m})
	}
	if len(b.Mentions) == 0 {
		return nil
	}
	batches := []Batch{b}
	if err := r.prepare(ctx, batches); err != nil {
		return err
	}
	saved, err := r.saveJudged(ctx, Page{Brand: r.Brand, Source: r.Source, Batches: batches, Leg: r.leg(collectors.Page{})})
	if err != nil {
		return err
	}
	r.report.Saved.Add(saved)
	return nil
}
