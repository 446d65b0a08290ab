package main

import (
	"context"
	"math"
	"sync"
	"time"

	"adalid"
	"adalid/internal/demo"
	"adalid/internal/store"
	"adalid/web/api"
)

// inventor loads the invented brand into a running server.
type inventor struct {
	app   *app
	store *store.Store
	mu    sync.Mutex // one at a time
}

var _ api.Inventor = (*inventor)(nil)

// LoadDemo implements api.Inventor.
func (v *inventor) LoadDemo(ctx context.Context) (adalid.Brand, bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	b, err := v.store.Brand(ctx, demo.Brand)
	switch {
	case err != nil && adalid.CodeOf(err) != adalid.NotFound:
		return b, false, err
	case err == nil && !b.Demo:
		return b, false, adalid.Errorf(adalid.Conflict, "there is a brand %q already, and it is not the invented one", b.Name)
	case err == nil:
		whole, err := loadedWhole(ctx, v.store, b, v.app.now().Add(-loadingAtMost))
		if err != nil || whole {
			return b, false, err
		}
	}
	// Who leaves meanwhile finds it when they come back.
	if err := v.app.invent(context.WithoutCancel(ctx), v.store); err != nil {
		return b, false, err
	}
	b, err = v.store.Brand(ctx, demo.Brand)
	return b, true, err
}

// loadingAtMost is longer than loading the invented brand takes: an import that
// began before and has not ended was cut short.
const loadingAtMost = 2 * time.Minute

// loadedWhole tells whether an invented brand is there as a whole: something of it
// was read to its end once, whatever went wrong since. One of which nothing ever
// was is removed; Conflict while that may still come, which is not of imports that
// began up to cut.
func loadedWhole(ctx context.Context, s *store.Store, b adalid.Brand, cut time.Time) (bool, error) {
	scans, err := s.Scans(ctx, b.Name, math.MaxInt32)
	if err != nil {
		return false, err
	}
	running := false
	for _, x := range scans {
		if x.State == store.Done {
			return true, nil
		}
		running = running || x.State == store.Running && (x.Kind == store.LiveScan || x.Started.After(cut))
	}
	if running {
		return false, adalid.Errorf(adalid.Conflict, "%q is being read right now; wait a moment", b.Name)
	}
	return false, s.RemoveBrand(ctx, b.Name)
}
