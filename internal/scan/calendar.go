package scan

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"adalid"
)

// Calendar keeps when brands are due.
type Calendar interface {
	// Plans lists the schedules due by a time, the longest due first.
	Plans(ctx context.Context, due time.Time) ([]Plan, error)
	// Claim starts the due run of a plan and sets the next one: true for
	// exactly one of all that try.
	Claim(ctx context.Context, p Plan, next time.Time, run string) (id int64, won bool, err error)
	// Unfinished lists what goes on by now: sources that were paused, and those
	// whose reader ended without giving them back.
	Unfinished(ctx context.Context, now time.Time) ([]Unfinished, error)
}

// Keep scans what is due until ctx ends, then waits for what is under way.
// What is due is asked of the database every time: a restart forgets nothing,
// and several processes share the work.
func (l *Live) Keep(ctx context.Context, c Calendar) error {
	var work sync.WaitGroup
	defer work.Wait()
	for {
		if err := l.Tick(ctx, c, &work); err != nil && ctx.Err() == nil {
			l.Log.Error("scan: look at the schedule", "error", err) // the next look tries again
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(l.Every + rand.N(l.Every/10+1)): // two processes do not stay in step
		}
	}
}

// Tick starts, each in a goroutine of work, the scans that are due now.
func (l *Live) Tick(ctx context.Context, c Calendar, work *sync.WaitGroup) error {
	now := l.Now()
	plans, err := c.Plans(ctx, now)
	if err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	var faults []error
	for _, p := range plans {
		if err := l.begin(ctx, c, p, now, work); err != nil {
			faults = append(faults, err)
		}
	}
	left, err := c.Unfinished(ctx, now)
	if err != nil {
		return errors.Join(append(faults, fmt.Errorf("scan: %w", err))...)
	}
	bySource := map[string][]string{}
	var brands []string
	for _, u := range left {
		if bySource[u.Brand] == nil {
			brands = append(brands, u.Brand)
		}
		bySource[u.Brand] = append(bySource[u.Brand], u.Source)
	}
	for _, brand := range brands {
		if l.enter(brand) {
			work.Go(func() {
				defer l.leave(brand)
				l.goOn(ctx, Order{Brand: brand, Only: bySource[brand]})
			})
		}
	}
	return errors.Join(faults...)
}

func (l *Live) begin(ctx context.Context, c Calendar, p Plan, now time.Time, work *sync.WaitGroup) error {
	s, err := NewSchedule(p.Spec, p.Zone)
	if err != nil {
		return fmt.Errorf("scan: schedule of brand %q: %w", p.Brand, err)
	}
	if !l.enter(p.Brand) {
		return nil // the scan before is still at work: this one is due as soon as it ends
	}
	next, run := s.Next(now) // runs that were missed meanwhile are one
	id, won, err := c.Claim(ctx, p, next, run)
	if err != nil || !won {
		l.leave(p.Brand)
		if err != nil {
			return fmt.Errorf("scan: start the scan of brand %q: %w", p.Brand, err)
		}
		return nil
	}
	work.Go(func() {
		defer l.leave(p.Brand)
		l.goOn(ctx, Order{Brand: p.Brand, Whole: id})
	})
	return nil
}

// goOn scans on behalf of the schedule: nobody waits for the answer.
func (l *Live) goOn(ctx context.Context, o Order) {
	_, err := l.Scan(ctx, o)
	if err == nil || ctx.Err() != nil {
		return
	}
	if code := adalid.CodeOf(err); code == adalid.NotFound || code == adalid.Invalid {
		l.Log.Warn("scan: nothing to scan", "brand", o.Brand, "error", err) // a source or brand was removed meanwhile
		return
	}
	l.Log.Error("scan: scheduled scan", "brand", o.Brand, "error", err)
}

// enter marks a brand as being scanned by this process, false when it is.
func (l *Live) enter(brand string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, busy := l.busy[fold(brand)]; busy {
		return false
	}
	l.busy[fold(brand)] = 0
	return true
}

// named notes which scan a brand is being scanned by.
func (l *Live) named(brand string, id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, busy := l.busy[fold(brand)]; busy {
		l.busy[fold(brand)] = id
	}
}

func (l *Live) leave(brand string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.busy, fold(brand))
}
