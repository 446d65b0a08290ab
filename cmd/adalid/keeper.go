package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/fetch"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

// keeper runs in the server what is due, and what the API asks for: scans, and
// the look for posts that are gone or too old. All of it shares one scanner, so
// that whoever watches a scan sees it whoever started it.
type keeper struct {
	sourceBook
	live   *scan.Live
	client *fetch.Client
	ctx    context.Context // of the server, not of a request
	now    func() time.Time
	log    func(what string, err error)

	work    sync.WaitGroup
	ending  sync.WaitGroup
	mu      sync.Mutex // guards closed
	closed  bool       // nothing is begun any more
	probes  chan struct{}
	watches watches
	figures figures
}

// probesAtOnce bounds how many sources are tested at a time.
const probesAtOnce = 4

// keep starts it; it works until ctx ends.
func (a *app) keep(ctx context.Context, cfg *config.Config, s *store.Store) (*keeper, error) {
	log := a.logger(cfg)
	k := &keeper{
		sourceBook: sourceBook{a.kinds, s}, ctx: ctx, now: a.now, probes: make(chan struct{}, probesAtOnce),
		log: func(what string, err error) { log.Error("serve: "+what, "error", err) },
	}
	var err error
	if k.live, k.client, err = a.live(cfg, s, listener{k.progress, k.ended}); err != nil {
		return nil, err
	}
	alarms, err := a.watcher(cfg, s, k.client)
	if err != nil {
		k.client.Close()
		return nil, err
	}
	k.work.Go(func() { every(ctx, alarmLook, func() { k.look(alarms) }) })
	k.work.Go(func() {
		if err := k.live.Keep(ctx, s); err != nil && ctx.Err() == nil {
			k.log("the schedule stopped", err)
		}
	})
	k.work.Go(func() { every(ctx, sweepLook, k.sweep) })
	k.ending.Go(func() {
		<-ctx.Done()
		k.mu.Lock()
		k.closed = true
		k.mu.Unlock()
		k.work.Wait()
		k.watches.close() // only now is there nothing more to see
	})
	return k, nil
}

// wait returns when all has ended; the server's context ends it.
func (k *keeper) wait() {
	k.ending.Wait()
	k.client.Close()
}

func (k *keeper) progress(brand string, id int64, s scan.Standing) {
	k.figures.count(id, s)
	if s.State != scan.Running {
		k.figures.spent(s.Source, k.cost(brand, id, s.Source))
	}
	k.watches.tell(id)
}

func (k *keeper) ended(_ string, id int64) { k.watches.tell(id) }

// cost is what a scan has spent at a source, in millionths of a dollar.
func (k *keeper) cost(brand string, id int64, source string) int64 {
	records, err := k.store.Wholes(context.WithoutCancel(k.ctx), brand, id, 1)
	if err != nil {
		return 0 // a figure less; the book itself is in the database
	}
	var micros int64
	for _, r := range records {
		for _, l := range r.Legs {
			if l.Source == source {
				micros += l.Micros
			}
		}
	}
	return micros
}

// StartScan implements api.Scanner.
func (k *keeper) StartScan(ctx context.Context, o scan.Order) (int64, error) {
	running, err := k.store.RunningScan(ctx, o.Brand, k.live.Doing(o.Brand))
	if err != nil {
		return 0, err
	}
	if running != 0 {
		return 0, scan.Busy(o.Brand, running)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed || k.ctx.Err() != nil {
		return 0, adalid.Errorf(adalid.Unavailable, "the server is stopping")
	}
	return k.live.Begin(k.ctx, o, &k.work)
}

// ScanRecords implements api.Scanner.
func (k *keeper) ScanRecords(ctx context.Context, brand string, id int64, limit int) ([]scan.Record, error) {
	return k.store.Wholes(ctx, brand, id, limit)
}

// WatchScan implements api.Scanner.
func (k *keeper) WatchScan(id int64) (<-chan struct{}, func(), error) { return k.watches.add(id) }

// probeWithin is how long a source may take to answer a test.
const probeWithin = 20 * time.Second

// ProbeSource implements api.Scanner.
func (k *keeper) ProbeSource(ctx context.Context, name string) (scan.Standing, error) {
	all, err := k.Sources(ctx)
	if err != nil {
		return scan.Standing{}, err
	}
	for _, x := range all {
		if x.Name == name {
			return k.probe(ctx, x.Source)
		}
	}
	return scan.Standing{}, adalid.Errorf(adalid.NotFound, "there is no source of that name")
}

func (k *keeper) probe(ctx context.Context, x scan.Source) (scan.Standing, error) {
	select {
	case k.probes <- struct{}{}:
		defer func() { <-k.probes }()
	default:
		return scan.Standing{}, adalid.Errorf(adalid.RateLimited, "%d sources are being tested; try again in a moment", probesAtOnce)
	}
	within, cancel := context.WithTimeout(ctx, probeWithin)
	defer cancel()
	s := k.live.Probe(within, x)
	if ctx.Err() == nil && errors.Is(within.Err(), context.DeadlineExceeded) {
		s.State, s.Reason = scan.Failed, "it did not answer within "+probeWithin.String()
	}
	return s, ctx.Err()
}

// Standings implements api.Standings.
func (k *keeper) Standings(ctx context.Context, brand string) ([]api.SourceStanding, error) {
	stored, err := k.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	health, err := k.store.Standings(ctx, brand)
	if err != nil {
		return nil, err
	}
	watched, err := k.store.Observed(ctx, brand, "")
	if err != nil {
		return nil, err
	}
	var list []api.SourceStanding
	for _, s := range scan.Sources(stored, k.kinds, brand) {
		x := api.SourceStanding{Source: s}
		for _, h := range health {
			if h.Source == s.Name {
				x.Health = h
			}
		}
		for _, o := range watched {
			if o.Source == s.Name {
				x.Watched = append(x.Watched, api.Watched{From: o.From, To: o.To})
			}
		}
		list = append(list, x)
	}
	return list, nil
}

// Spent implements api.Standings.
func (k *keeper) Spent(ctx context.Context, brand string, month time.Time) ([]api.Spending, error) {
	return spentOf(ctx, k.store, k.kinds, brand, month)
}

// SourceFigures implements api.Figures.
func (k *keeper) SourceFigures(ctx context.Context) ([]api.SourceFigures, error) {
	all, err := k.Sources(ctx)
	if err != nil {
		return nil, err
	}
	succeeded, err := k.store.Succeeded(ctx)
	if err != nil {
		return nil, err
	}
	list := k.figures.list(all)
	for i := range list {
		list[i].Succeeded = succeeded[list[i].Source]
		for _, x := range all {
			if x.Name == list[i].Source {
				list[i].Platform, list[i].Monthly = string(platformOf(k.kinds, x.Collector)), x.Monthly
			}
		}
	}
	return list, nil
}

// platformOf is the platform of a kind of source; "" for one that this version
// does not have.
func platformOf(kinds []collectors.Definition, name string) adalid.Platform {
	for _, d := range kinds {
		if d.Name == name {
			return d.Platform
		}
	}
	return ""
}

// sweepLook is how often it is looked whether a sweep is due.
const sweepLook = 15 * time.Minute

// retention is for how long posts may be kept that are not read again.
var retention = scan.Retention{adalid.YouTube: 30 * 24 * time.Hour}

func (k *keeper) sweep() {
	if err := k.tidy(); err != nil && k.ctx.Err() == nil {
		k.log("tidy up", err)
	}
}

// tidy takes out what is gone or too old, old records of scans too, and closes
// what killed processes left open.
func (k *keeper) tidy() error {
	brands, err := k.store.Brands(k.ctx)
	err = errors.Join(err, k.store.PrunePushed(k.ctx))
	for _, b := range brands {
		err = errors.Join(err, k.store.StopAbandoned(k.ctx, b.Name, k.live.Doing(b.Name)))
		err = errors.Join(err, k.store.PruneScans(k.ctx, b.Name))
		_, sweepErr := k.live.Sweep(k.ctx, b.Name, k.store, retention)
		_, oldErr := k.store.ApplyRetention(k.ctx, b.Name)
		err = errors.Join(err, sweepErr, oldErr)
	}
	return err
}

// every calls do at once and again after each pause, until ctx ends.
func every(ctx context.Context, pause time.Duration, do func()) {
	for ctx.Err() == nil {
		do()
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
