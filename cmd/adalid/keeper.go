package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"adalid"
	"adalid/config"
	"adalid/internal/fetch"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// keeper runs in the server what is due: scans, and the look for posts that
// are gone or too old.
type keeper struct {
	live   *scan.Live
	client *fetch.Client
	work   sync.WaitGroup
}

// keep starts it; it works until ctx ends.
func (a *app) keep(ctx context.Context, cfg *config.Config, s *store.Store) (*keeper, error) {
	live, client, err := a.live(cfg, s, nil)
	if err != nil {
		return nil, err
	}
	k := &keeper{live: live, client: client}
	log := a.logger(cfg)
	k.work.Go(func() {
		if err := live.Keep(ctx, s); err != nil && ctx.Err() == nil {
			log.Error("serve: the schedule stopped", "error", err)
		}
	})
	k.work.Go(func() {
		k.sweep(ctx, s, func(err error) { log.Error("serve: look for posts that are gone", "error", err) })
	})
	return k, nil
}

func (k *keeper) wait() {
	k.work.Wait()
	k.client.Close()
}

// sweepLook is how often it is looked whether a sweep is due.
const sweepLook = 15 * time.Minute

// retention is for how long posts may be kept that are not read again.
var retention = scan.Retention{adalid.YouTube: 30 * 24 * time.Hour}

func (k *keeper) sweep(ctx context.Context, s *store.Store, fault func(error)) {
	for {
		brands, err := s.Brands(ctx)
		for _, b := range brands {
			if _, sweepErr := k.live.Sweep(ctx, b.Name, s, retention); sweepErr != nil {
				err = errors.Join(err, sweepErr)
			}
		}
		if err != nil && ctx.Err() == nil {
			fault(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepLook):
		}
	}
}
