package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"adalid/internal/store"
)

// assessor judges the accounts of all brands in the server, after imports and
// scans and not beside them.
type assessor struct {
	judge
	ctx  context.Context // of the server
	log  func(what string, err error)
	work sync.WaitGroup

	seen map[string]lookedAt // by brand
}

// lookedAt is what the look before found of a brand that is behind.
type lookedAt struct {
	version int64
	since   time.Time // when it was first seen behind
}

const (
	// assessLook is how often it is looked whether accounts are to be judged,
	// which waits until nothing changed between two looks …
	assessLook = 5 * time.Second
	// … but no longer than this.
	assessAnyway = 10 * time.Minute
)

// assess starts it; it works until ctx ends.
func (a *app) assess(ctx context.Context, s *store.Store, log func(what string, err error)) *assessor {
	w := &assessor{judge: judge{s, a.now}, ctx: ctx, log: log, seen: map[string]lookedAt{}}
	w.work.Go(func() { every(ctx, assessLook, w.look) })
	return w
}

// wait returns when it has ended; the server's context ends it.
func (w *assessor) wait() { w.work.Wait() }

func (w *assessor) look() {
	brands, err := w.store.Brands(w.ctx)
	for _, b := range brands {
		if w.ctx.Err() == nil {
			err = errors.Join(err, w.brand(b.Name))
		}
	}
	if err != nil && w.ctx.Err() == nil {
		w.log("judge accounts", err)
	}
}

// brand judges a brand's accounts when it is time.
func (w *assessor) brand(name string) error {
	behind, err := w.behind(w.ctx, name)
	if err != nil || !behind {
		delete(w.seen, name)
		return err
	}
	version, err := w.store.DataVersion(w.ctx, name)
	if err != nil {
		return err
	}
	before, again := w.seen[name]
	if !again {
		before = lookedAt{version, w.now()}
	}
	quiet := again && before.version == version
	w.seen[name] = lookedAt{version, before.since}
	if !quiet && w.now().Sub(before.since) < assessAnyway {
		return nil
	}
	delete(w.seen, name)
	return w.refresh(w.ctx, name, nil)
}
