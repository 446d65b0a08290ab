// Package alarm tells a team once what is wrong with a live source, and again
// when it is over.
package alarm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// Silent is the kind of an alarm about a source that works but brings nothing,
// against its habit. The other kinds are those of collectors.
const Silent collectors.Kind = "silent"

// Alarm is something wrong with a brand's source.
type Alarm struct {
	ID        int64
	Brand     string
	Source    string
	Kind      collectors.Kind
	Reason    string // one sentence
	Fix       string // what to do; may be empty
	Since     time.Time
	Announced time.Time // zero: nobody was told yet
	Over      time.Time // zero: it lasts
	Recovered time.Time // when it was told that it is over
}

// Store keeps the alarms.
type Store interface {
	// Alarms lists those that last, and those of which the end is still to be
	// told, by id.
	Alarms(ctx context.Context) ([]Alarm, error)
	// SetAlarm stores an alarm: a new one where its id is 0.
	SetAlarm(ctx context.Context, a Alarm) error
}

// Sources tell how the sources of brands stand.
type Sources interface {
	Brands(ctx context.Context) ([]adalid.Brand, error)
	Standings(ctx context.Context, brand string) ([]scan.Health, error)
	// Habit gives how many new mentions a source used to bring a day, over the
	// four weeks before a time; false where it was not watched for two of them.
	Habit(ctx context.Context, brand, source string, before time.Time) (perDay float64, known bool, err error)
}

// Channel takes messages to people or programs.
type Channel interface {
	Send(ctx context.Context, m Message) error
}

// Message says that something is wrong, or that it is over.
type Message struct {
	Alarm
	Ended bool
}

// Watcher looks at the sources and tells what changed.
type Watcher struct {
	Store    Store
	Sources  Sources
	Channels []Channel
	Now      scan.Clock
	Log      *slog.Logger
}

// What is given time to pass by itself before it is told: a server that is down
// for a moment, until it was tried again, and a rate limit that ends.
const (
	outageAfter  = 4 * time.Minute
	limitedAfter = 6 * time.Hour
)

// Look raises what is new, ends what is over, and tells both. What could not be
// told is tried again by the next look.
func (w *Watcher) Look(ctx context.Context) error {
	found, err := w.look(ctx)
	if err != nil {
		return err
	}
	open, err := w.Store.Alarms(ctx)
	if err != nil {
		return fmt.Errorf("alarm: %w", err)
	}
	known := map[place]bool{}
	for _, a := range open {
		at := place{a.Brand, a.Source}
		now, watched := found[at]
		if !a.Over.IsZero() {
			continue
		}
		if now.wrong && now.alarm.Kind == a.Kind || !now.wrong && now.failing || now.stillSilent(a) {
			known[at] = true
			continue
		}
		a.Over = w.Now()
		if now.wrong || !watched { // it became something else, or nobody reads it any more: not over
			a.Recovered = a.Over
		}
		if err := w.Store.SetAlarm(ctx, a); err != nil {
			return fmt.Errorf("alarm: %w", err)
		}
	}
	for _, at := range sorted(found) {
		if found[at].wrong && !known[at] {
			if err := w.Store.SetAlarm(ctx, found[at].alarm); err != nil {
				return fmt.Errorf("alarm: %w", err)
			}
		}
	}
	if open, err = w.Store.Alarms(ctx); err != nil {
		return fmt.Errorf("alarm: %w", err)
	}
	return w.tell(ctx, open)
}

type place struct{ brand, source string }

// view is how a source looks now.
type view struct {
	alarm   Alarm
	wrong   bool // it needs somebody's attention
	failing bool // it does not work, or is just being tried again
	found   time.Time
}

// stillSilent says that nothing was found since a source fell silent: its habit
// may be forgotten by now, but nothing is over.
func (v view) stillSilent(a Alarm) bool {
	return a.Kind == Silent && !v.wrong && !v.found.IsZero() && !v.found.After(a.Since)
}

// look judges every source of every brand.
func (w *Watcher) look(ctx context.Context) (map[place]view, error) {
	brands, err := w.Sources.Brands(ctx)
	if err != nil {
		return nil, fmt.Errorf("alarm: %w", err)
	}
	found := map[place]view{}
	for _, b := range brands {
		standings, err := w.Sources.Standings(ctx, b.Name)
		if err != nil && adalid.CodeOf(err) == adalid.NotFound {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("alarm: %w", err)
		}
		for _, h := range standings {
			a, wrong, err := w.judge(ctx, b.Name, h)
			if err != nil {
				return nil, err
			}
			found[place{b.Name, h.Source}] = view{a, wrong, !h.Failing.IsZero(), h.Found}
		}
	}
	return found, nil
}

// judge tells whether a source needs somebody's attention.
func (w *Watcher) judge(ctx context.Context, brand string, h scan.Health) (Alarm, bool, error) {
	a := Alarm{Brand: brand, Source: h.Source, Kind: h.Kind, Reason: h.Reason, Fix: h.Fix, Since: h.Failing}
	if h.Failing.IsZero() {
		return w.silent(ctx, brand, h)
	}
	lasts := w.Now().Sub(h.Failing)
	switch h.Kind {
	case collectors.Transient:
		return a, lasts >= outageAfter, nil
	case collectors.RateLimited:
		return a, lasts >= limitedAfter, nil
	}
	return a, true, nil // also without a kind: an error of our own
}

// A source is silent when so many new mentions were to be expected since the
// last one that chance alone leaves none of them out in 3,000 cases, and not
// before a day has passed.
const (
	expectedUntilSilent = 8.0
	leastSilence        = 24 * time.Hour
)

func (w *Watcher) silent(ctx context.Context, brand string, h scan.Health) (Alarm, bool, error) {
	quiet := h.Succeeded.Sub(h.Found) // where nobody reads nothing can be heard
	if h.Found.IsZero() || quiet < leastSilence {
		return Alarm{}, false, nil
	}
	perDay, known, err := w.Sources.Habit(ctx, brand, h.Source, h.Found)
	if err != nil {
		return Alarm{}, false, fmt.Errorf("alarm: %w", err)
	}
	if !known || perDay*quiet.Hours()/24 < expectedUntilSilent {
		return Alarm{}, false, nil
	}
	return Alarm{
		Brand: brand, Source: h.Source, Kind: Silent, Since: h.Found,
		Reason: fmt.Sprintf("nothing new since %s, where %.0f mentions a day were usual", h.Found.UTC().Format("2006-01-02 15:04 UTC"), perDay),
		Fix:    "look whether the platform changed what it shows to these credentials, and whether the brand's query still fits",
	}, true, nil
}

// tell announces what nobody was told yet.
func (w *Watcher) tell(ctx context.Context, open []Alarm) error {
	var faults []error
	for _, a := range open {
		if ctx.Err() != nil {
			break // the next look tells the rest
		}
		if a.Over.IsZero() && !a.Announced.IsZero() {
			continue
		}
		if err := w.tellOne(ctx, a); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// patience bounds how long the telling of one alarm holds up who stops the program.
const patience = 5 * time.Second

// tellOne tells an alarm and keeps that it did. Who stops the program meanwhile
// does not cut that in two: it would be told again.
func (w *Watcher) tellOne(program context.Context, a Alarm) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(program))
	defer cancel()
	defer context.AfterFunc(program, func() { time.AfterFunc(patience, cancel) })()
	ended := !a.Over.IsZero()
	if !ended || !a.Announced.IsZero() { // else it was over before anybody was told
		if err := w.send(ctx, Message{Alarm: a, Ended: ended}); err != nil {
			return err
		}
	}
	if ended {
		a.Recovered = w.Now()
	} else {
		a.Announced = w.Now()
	}
	if err := w.Store.SetAlarm(ctx, a); err != nil {
		return fmt.Errorf("alarm: %w", err)
	}
	return nil
}

// send uses every channel; it succeeds when one of them did, so that nobody is
// told twice by those that work. Without any the log is told.
func (w *Watcher) send(ctx context.Context, m Message) error {
	w.Log.Warn("alarm", "brand", m.Brand, "source", m.Source, "kind", m.Kind, "over", m.Ended, "reason", m.Reason)
	var faults []error
	for _, c := range w.Channels {
		if err := c.Send(ctx, m); err != nil {
			faults = append(faults, err)
		}
	}
	if len(w.Channels) > 0 && len(faults) == len(w.Channels) {
		return fmt.Errorf("alarm: tell about source %q: %w", m.Source, errors.Join(faults...))
	}
	for _, err := range faults {
		w.Log.Error("alarm: one of the ways to tell failed", "error", err)
	}
	return nil
}
