package scan

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
)

// LegStore keeps what becomes of a brand at each source.
type LegStore interface {
	// StartWhole records that a scan of a brand began, and of which sources.
	StartWhole(ctx context.Context, o Order) (int64, error)
	// EndWhole records how it ended.
	EndWhole(ctx context.Context, scan int64, state State, reason string) error
	// TakeLease gives the source to the one that calls itself lease until a
	// time, false when another one holds it. What that one left unfinished is
	// marked as stopped.
	TakeLease(ctx context.Context, brand, source, lease string, until time.Time) (bool, error)
	// StartLeg records that a source is being read for a scan.
	StartLeg(ctx context.Context, brand, source string, whole int64) (int64, error)
	// RefuseLeg records why a source was not read for a scan at all.
	RefuseLeg(ctx context.Context, brand string, whole int64, now Standing) error
	// Estimated tells when the source was last asked how much there is to read
	// for the brand; zero never.
	Estimated(ctx context.Context, brand, source string) (time.Time, error)
	// KeepEstimate notes with a leg what the source said before it was read.
	KeepEstimate(ctx context.Context, leg int64, e Estimate) error
	// EndLeg records what came of it and gives the lease back.
	EndLeg(ctx context.Context, brand string, leg int64, lease string, s Standing) error
	ProfileStore
}

// SourceStore keeps the configured sources.
type SourceStore interface {
	Sources(ctx context.Context) ([]Source, error)
}

// LiveOptions say what a Live scanner works with.
type LiveOptions struct {
	Store   Store
	Legs    LegStore
	Sources SourceStore
	Purse   Purse
	Remover Remover

	Definitions []collectors.Definition
	HTTP        func(key string, limits collectors.Limits) collectors.Doer
	Sentiment   Scorer
	Learner     Learner
	Now         Clock
	Log         *slog.Logger

	Owner string        // names this process in leases
	Hold  time.Duration // how long a lease holds without a page; 0: two minutes
	Slots int           // brands that read one source at the same time; 0: four
	Every time.Duration // how often the schedule is looked at; 0: ten seconds

	OnProgress func(brand string, scan int64, s Standing) // at the start of each source, after every page and at its end
	OnEnd      func(brand string, scan int64)             // when a scan's record says how it ended
}

// Live scans brands at their live sources.
type Live struct {
	LiveOptions
	definitions map[string]collectors.Definition

	mu    sync.Mutex
	slots map[string]chan struct{} // by source
	busy  map[reading]int64        // what this process reads for the schedule or by Begin → the scan, 0: not recorded yet
	facts *facts

	mended time.Time // when next runs were last held against the clock
}

// reading is a source being read for a brand; the name is folded.
type reading struct{ brand, source string }

// NewLive makes a scanner.
func NewLive(o LiveOptions) *Live {
	if o.Hold == 0 {
		o.Hold = 2 * time.Minute
	}
	if o.Slots == 0 {
		o.Slots = 4
	}
	if o.Every == 0 {
		o.Every = 10 * time.Second
	}
	l := &Live{LiveOptions: o, definitions: map[string]collectors.Definition{}, slots: map[string]chan struct{}{}, busy: map[reading]int64{}, facts: newFacts()}
	for _, d := range o.Definitions {
		l.definitions[d.Name] = d
	}
	return l
}

// Order says what to scan.
type Order struct {
	Brand  string
	Only   []string  // names of sources or platforms; none: all of the brand's
	Since  time.Time // how far back the first scan of a source reaches; zero leaves it to the source
	Whole  int64     // of a scan already recorded; 0 records one
	Stream bool      // go on with what appears until the context ends

	entered bool // its sources are marked as being read: each is left when it ends
}

// kept is the order as its record keeps it: platforms by the names of the
// sources that they meant.
func (o Order) kept(brand string, sources []Source) Order {
	k := Order{Brand: brand, Since: o.Since}
	for _, s := range sources {
		if len(o.Only) > 0 {
			k.Only = append(k.Only, s.Name)
		}
	}
	return k
}

// Result is what came of a scan.
type Result struct {
	ID        int64
	Brand     string
	State     State
	Reason    string
	Standings []Standing // by source
}

// Scan reads every source of a brand, each on its own: one that refuses stops
// none of the others. The error says that the scan could not begin at all.
func (l *Live) Scan(ctx context.Context, o Order) (Result, error) {
	brand, sources, err := l.choose(ctx, o)
	if err != nil {
		return Result{}, errors.Join(err, l.giveUp(ctx, o, err))
	}
	return l.scan(ctx, brand, sources, o)
}

// scan reads sources of a brand.
func (l *Live) scan(ctx context.Context, brand adalid.Brand, sources []Source, o Order) (r Result, err error) {
	r = Result{ID: o.Whole, Brand: brand.Name}
	if r.ID == 0 {
		if r.ID, err = l.Legs.StartWhole(ctx, o.kept(brand.Name, sources)); err != nil {
			if o.entered {
				l.leave(brand.Name, sources...)
			}
			return r, fmt.Errorf("scan: %w", err)
		}
	}
	l.named(brand.Name, r.ID, sources)
	r.Standings = make([]Standing, len(sources))
	var work sync.WaitGroup
	for i, s := range sources {
		work.Go(func() {
			r.Standings[i] = l.leg(ctx, brand, s, r.ID, o)
			if o.entered {
				l.leave(brand.Name, s)
			}
		})
	}
	work.Wait()
	r.State, r.Reason = sum(r.Standings)
	return r, l.end(ctx, r)
}

// end records how a scan ended, also when it was told to stop.
func (l *Live) end(ctx context.Context, r Result) error {
	if err := l.Legs.EndWhole(context.WithoutCancel(ctx), r.ID, r.State, r.Reason); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	if l.OnEnd != nil {
		l.OnEnd(r.Brand, r.ID)
	}
	return nil
}

// giveUp ends the record of a scan that could not begin: nothing stays running
// that nobody runs.
func (l *Live) giveUp(ctx context.Context, o Order, err error) error {
	if o.Whole == 0 {
		return nil
	}
	s := standing("", Report{}, err, l.Now())
	if ctx.Err() != nil {
		s = standing("", Report{}, ctx.Err(), l.Now())
	}
	return l.end(ctx, Result{ID: o.Whole, Brand: o.Brand, State: s.State, Reason: s.Reason})
}

// choose finds the brand and those of its sources that the order names.
func (l *Live) choose(ctx context.Context, o Order) (adalid.Brand, []Source, error) {
	brands, err := l.Store.Brands(ctx)
	if err != nil {
		return adalid.Brand{}, nil, fmt.Errorf("scan: %w", err)
	}
	i := slices.IndexFunc(brands, func(b adalid.Brand) bool { return fold(b.Name) == fold(o.Brand) })
	if i < 0 {
		return adalid.Brand{}, nil, adalid.Errorf(adalid.NotFound, "there is no brand %q", o.Brand)
	}
	stored, err := l.Sources.Sources(ctx)
	if err != nil {
		return adalid.Brand{}, nil, fmt.Errorf("scan: %w", err)
	}
	all := Sources(stored, l.Definitions, o.Brand)
	if len(o.Only) == 0 {
		return brands[i], all, nil
	}
	var chosen []Source
	for _, name := range o.Only {
		found := false
		for _, s := range all {
			if s.Name == name || s.Collector == name || string(l.definitions[s.Collector].Platform) == name {
				found = true
				if !slices.ContainsFunc(chosen, func(c Source) bool { return c.Name == s.Name }) {
					chosen = append(chosen, s)
				}
			}
		}
		if !found {
			return adalid.Brand{}, nil, l.notConfigured(name, all)
		}
	}
	return brands[i], chosen, nil
}

func (l *Live) notConfigured(name string, all []Source) error {
	if d, ok := l.definitions[name]; ok {
		return adalid.Errorf(adalid.Invalid, "%s needs settings before it can be scanned: adalid source add %s", d.Title["en"], name)
	}
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	return adalid.Errorf(adalid.NotFound, "there is no source or platform %q; this brand has %q", name, names)
}

// leg reads one source for one brand.
func (l *Live) leg(ctx context.Context, brand adalid.Brand, s Source, whole int64, o Order) Standing {
	release, err := l.slot(ctx, s.Name)
	if err != nil {
		return l.refused(ctx, brand.Name, s.Name, whole, err)
	}
	defer release()
	lease := fmt.Sprintf("%s/%d", l.Owner, whole)
	held, err := l.Legs.TakeLease(ctx, brand.Name, s.Name, lease, l.Now().Add(l.Hold))
	if err != nil || !held {
		if err == nil {
			err = ErrLease
		}
		return l.refused(ctx, brand.Name, s.Name, whole, err)
	}
	id, err := l.Legs.StartLeg(ctx, brand.Name, s.Name, whole)
	if err != nil {
		now := l.refused(ctx, brand.Name, s.Name, whole, err)
		return l.ended(ctx, brand.Name, now, lease, 0)
	}
	w := Watch{Leg: id, Platform: l.definitions[s.Collector].Platform, Lease: lease, Hold: l.Hold, Since: o.Since, Now: l.Now, Stream: o.Stream}
	foreseen := l.foresee(ctx, brand, s, w)
	running := func(r Report) {
		l.tell(brand.Name, whole, Standing{Source: s.Name, State: Running, Report: r, Estimate: foreseen})
	}
	running(Report{})
	report, err := l.read(ctx, brand, s, w, running)
	now := standing(s.Name, report, err, l.Now())
	now.Estimate = foreseen
	l.log(brand.Name, s, now, err)
	now = l.ended(ctx, brand.Name, now, lease, id)
	l.tell(brand.Name, whole, now)
	return now
}

// refused records why a source was not read at all.
func (l *Live) refused(ctx context.Context, brand, source string, whole int64, err error) Standing {
	now := standing(source, Report{}, err, l.Now())
	if err := l.Legs.RefuseLeg(context.WithoutCancel(ctx), brand, whole, now); err != nil {
		l.Log.Error("scan: record why a source was not read", "brand", brand, "source", source, "error", err)
	}
	l.tell(brand, whole, now)
	return now
}

// ended records what came of a source and gives the lease back.
func (l *Live) ended(ctx context.Context, brand string, now Standing, lease string, leg int64) Standing {
	if err := l.Legs.EndLeg(context.WithoutCancel(ctx), brand, leg, lease, now); err != nil {
		l.Log.Error("scan: record how a source ended", "brand", brand, "source", now.Source, "error", err)
	}
	return now
}

// slot waits until fewer than Slots brands read the source: a platform that
// hangs holds up only itself.
func (l *Live) slot(ctx context.Context, source string) (release func(), err error) {
	l.mu.Lock()
	slots := l.slots[source]
	if slots == nil {
		slots = make(chan struct{}, l.Slots)
		l.slots[source] = slots
	}
	l.mu.Unlock()
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// read runs the collector of a source over all its pages.
func (l *Live) read(ctx context.Context, brand adalid.Brand, s Source, w Watch, progress func(Report)) (Report, error) {
	collector, err := l.Build(s, brand.Name, w.Leg)
	if err != nil {
		return Report{}, err
	}
	if w.Terms, err = SearchTerms(brand); err != nil {
		return Report{}, err
	}
	profiles, err := l.profiles(s, brand.Name, w.Leg)
	if err != nil {
		return Report{}, err
	}
	return Run(ctx, Job{
		Brand: brand.Name, Matching: MatchQuery, Source: s.Name, Live: &w,
		Collector: collector, Hydrator: l.hydrator(s, collector), Profiles: profiles, Store: l.Store, Remover: l.Remover, Sentiment: l.Sentiment, Learner: l.Learner,
		OnProgress: progress,
	})
}

// Build makes the collector of a source. What is wrong with its settings is an
// Error with code Invalid.
func (l *Live) Build(s Source, brand string, leg int64) (collectors.Collector, error) {
	return l.build(s, Booking{Brand: brand, Source: s.Name, Leg: leg})
}

func (l *Live) build(s Source, b Booking) (collectors.Collector, error) {
	d, ok := l.definitions[s.Collector]
	if !ok {
		return nil, adalid.Errorf(adalid.Invalid, "source %q uses a collector %q that this version does not have", s.Name, s.Collector)
	}
	return d.New(collectors.Setup{
		Decode: func(into any) error { return d.Decode(s.Settings, into) },
		HTTP:   l.HTTP(s.Name, d.Limits),
		Now:    l.Now,
		Meter:  &meter{purse: l.Purse, now: l.Now, booking: b, costs: d.Costs, zone: d.Limits.DayZone},
	})
}

// Definition gives the definition of a source's collector.
func (l *Live) Definition(s Source) (collectors.Definition, bool) {
	d, ok := l.definitions[s.Collector]
	return d, ok
}

func (l *Live) tell(brand string, whole int64, s Standing) {
	if l.OnProgress != nil {
		l.OnProgress(brand, whole, s)
	}
}

func (l *Live) log(brand string, s Source, now Standing, err error) {
	level := slog.LevelInfo
	if now.State == Failed {
		level = slog.LevelWarn
	}
	attrs := []any{"brand", brand, "source", s.Name, "state", now.State, "pages", now.Report.Pages, "new", now.Report.Saved.New}
	if err != nil && !errors.Is(err, context.Canceled) {
		attrs = append(attrs, "error", err)
	}
	l.Log.Log(context.Background(), level, "scan: source read", attrs...)
}

// sum says how a scan as a whole ended.
func sum(standings []Standing) (State, string) {
	count := map[State]int{}
	for _, s := range standings {
		count[s.State]++
	}
	switch all := len(standings); {
	case all == 0:
		return Failed, "there is no source to read"
	case count[Stopped] > 0:
		return Stopped, fmt.Sprintf("%d of %d sources were not read to the end", count[Stopped], all)
	case count[Failed] == all:
		return Failed, "no source could be read"
	case count[Failed]+count[Paused] > 0:
		return Done, fmt.Sprintf("%d of %d sources failed, %d wait", count[Failed], all, count[Paused])
	}
	return Done, ""
}
