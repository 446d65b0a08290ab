package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"time"

	"adalid/collectors"
	"adalid/config"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

// receiver stores mentions that others send in, as an import of canonical rows
// does; its keys are the store's.
type receiver struct {
	*store.Store
	cfg     *config.Config
	now     func() time.Time
	learned *learner
	slots   chan struct{}
}

const (
	pushesAtOnce = 4       // the others wait: each holds its rows in memory
	pushRows     = 200_000 // more than a body can hold: all of it is one transaction
	shownRejects = 100
)

func (a *app) newReceiver(cfg *config.Config, s *store.Store) (*receiver, error) {
	learned, err := newLearner(s)
	if err != nil {
		return nil, err
	}
	return &receiver{s, cfg, a.now, learned, make(chan struct{}, pushesAtOnce)}, nil
}

// Receive implements api.Receiver.
func (r *receiver) Receive(ctx context.Context, brand string, lines []byte, o api.PushOptions) (out api.Received, err error) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	flags := importFlags{format: "canonical", platform: o.Platform}
	options, err := flags.options(r.cfg, []string{"-"}, bytes.NewReader(lines), r.now)
	if err != nil {
		return out, err
	}
	options.PageSize = pushRows
	job, err := openFiles(options, scan.MatchAll)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, job.close()) }()
	job.Brand, job.Matching = brand, scan.Matching(cmp.Or(o.Match, string(scan.MatchAll)))
	job.Source, job.Finite = "", false // nothing to go on with: a push is stored as a whole
	job.Store, job.Remover, job.Sentiment, job.Learner = r.Store, r.Store, r.learned.model, r.learned
	job.OnReject = func(x collectors.Reject) error {
		if len(out.Rejects) < shownRejects {
			out.Rejects = append(out.Rejects, api.RejectedRow{Row: x.Row, Field: x.Field, Reason: x.Reason})
		}
		return nil
	}
	report, err := scan.Run(ctx, job.Job)
	out.Rows, out.Rejected, out.Unmatched = report.Rows, report.Rejected, report.Unmatched
	out.New, out.Changed, out.Repeated = report.Saved.New, report.Saved.Changed, report.Saved.Repeated
	out.Suppressed = report.Saved.Suppressed
	return out, err
}
