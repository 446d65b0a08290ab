package scan

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"adalid"
)

// Calendar keeps when brands are due.
type Calendar interface {
	// Plans lists the schedules due by a time, all of them when it is zero; the
	// longest due first.
	Plans(ctx context.Context, due time.Time) ([]Plan, error)
	// Mend sets another next run of a plan, unless it has been changed since.
	Mend(ctx context.Context, p Plan, next time.Time, run string) error
	// Claim starts the due run of a plan and sets the next one: true for
	// exactly one of all that try.
	Claim(ctx context.Context, p Plan, next time.Time, run string) (id int64, won bool, err error)
	// Unfinished lists what goes on by now: whole scans that were left by their
	// process, which are the caller's from then on, then by brand the sources
	// that were paused and those whose reader ended without giving them back.
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
	if err := l.mend(ctx, c, now); err != nil {
		return err
	}
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
	for _, u := range left {
		if err := l.resume(ctx, u, work); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// mendEvery is how often next runs are held against the clock, and mendBeyond
// how much later than they should be they may lie.
const (
	mendEvery  = 15 * time.Minute
	mendBeyond = time.Minute
)

// mend brings next runs back that were set while the clock was ahead: else a
// brand would not be scanned until the time has come that it once showed. Those
// that happened meanwhile do not happen again, Claim knows them by their names.
func (l *Live) mend(ctx context.Context, c Calendar, now time.Time) error {
	l.mu.Lock()
	since := now.Sub(l.mended)
	l.mu.Unlock()
	if since >= 0 && since < mendEvery {
		return nil
	}
	plans, err := c.Plans(ctx, time.Time{})
	if err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	for _, p := range plans {
		s, err := NewSchedule(p.Spec, p.Zone)
		if err != nil {
			continue // whoever begins it says so
		}
		if at, run := s.Next(now); p.At.Sub(at) > mendBeyond {
			if err := c.Mend(ctx, p, at, run); err != nil {
				return fmt.Errorf("scan: %w", err)
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mended = now
	return nil
}

// begin starts a due scan of the sources that this process does not read yet: a
// platform that hangs holds up none of the others.
func (l *Live) begin(ctx context.Context, c Calendar, p Plan, now time.Time, work *sync.WaitGroup) error {
	s, err := NewSchedule(p.Spec, p.Zone)
	if err != nil {
		return fmt.Errorf("scan: schedule of brand %q: %w", p.Brand, err)
	}
	brand, sources, err := l.choose(ctx, Order{Brand: p.Brand})
	if adalid.CodeOf(err) == adalid.NotFound {
		return nil // removed meanwhile
	}
	if err != nil {
		return err
	}
	free := l.enter(brand.Name, sources)
	if len(free) == 0 && len(sources) > 0 {
		return nil // all of it is still at work: this one is due as soon as some of it ends
	}
	next, run := s.Next(now) // runs that were missed meanwhile are one
	id, won, err := c.Claim(ctx, p, next, run)
	if err != nil || !won {
		l.leave(brand.Name, free...)
		if err != nil {
			return fmt.Errorf("scan: start the scan of brand %q: %w", p.Brand, err)
		}
		return nil
	}
	work.Go(func() { l.goOn(ctx, brand, free, Order{Brand: brand.Name, Whole: id}) })
	return nil
}

// resume goes on with what was left of a brand, and with no more than that. What
// was removed or switched off since is left alone.
func (l *Live) resume(ctx context.Context, u Unfinished, work *sync.WaitGroup) error {
	brand, sources, err := l.choose(ctx, Order{Brand: u.Brand})
	if err != nil && adalid.CodeOf(err) != adalid.NotFound {
		return err
	}
	if u.Whole == 0 || len(u.Sources) > 0 {
		sources = slices.DeleteFunc(sources, func(s Source) bool { return !slices.Contains(u.Sources, s.Name) })
	}
	free := l.enter(brand.Name, sources)
	switch {
	case len(free) > 0 || u.Whole != 0 && len(sources) == 0:
		work.Go(func() { l.goOn(ctx, brand, free, Order{Brand: u.Brand, Whole: u.Whole, Since: u.Since}) })
	case u.Whole != 0:
		return l.end(ctx, Result{ID: u.Whole, Brand: u.Brand, State: Stopped, Reason: "the process that ran it ended, and another scan reads its sources"})
	}
	return nil
}

// goOn scans sources that were entered; nobody waits for the answer.
func (l *Live) goOn(ctx context.Context, brand adalid.Brand, sources []Source, o Order) {
	o.entered = true
	if _, err := l.scan(ctx, brand, sources, o); err != nil && ctx.Err() == nil {
		l.Log.Error("scan: nobody waits for this one", "brand", o.Brand, "error", err)
	}
}

// enter marks sources of a brand as being read by this process, and gives those
// that were not.
func (l *Live) enter(brand string, sources []Source) (free []Source) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range sources {
		at := reading{fold(brand), s.Name}
		if _, busy := l.busy[at]; !busy {
			l.busy[at] = 0
			free = append(free, s)
		}
	}
	return free
}

// named notes by which scan sources are being read.
func (l *Live) named(brand string, id int64, sources []Source) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range sources {
		at := reading{fold(brand), s.Name}
		if of, busy := l.busy[at]; busy && of == 0 {
			l.busy[at] = id
		}
	}
}

func (l *Live) leave(brand string, sources ...Source) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range sources {
		delete(l.busy, reading{fold(brand), s.Name})
	}
}
