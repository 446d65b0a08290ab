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

// SweepStore keeps how far a look through the stored posts of a source has come.
type SweepStore interface {
	// Standings tells at which sources a brand was ever scanned.
	Standings(ctx context.Context, brand string) ([]Health, error)
	// Sweep gives where the look was left; zero times when there was none.
	Sweep(ctx context.Context, brand, source string) (SweepState, error)
	SetSweep(ctx context.Context, brand, source string, s SweepState) error
	// PostIDs lists ids of a platform's posts after one, in order.
	PostIDs(ctx context.Context, brand string, platform adalid.Platform, after string, limit int) ([]string, error)
	// OldPostIDs lists posts that were last read before a time.
	OldPostIDs(ctx context.Context, brand string, platform adalid.Platform, before time.Time, limit int) ([]string, error)
	// Remove takes posts out with everything counted from them and keeps a line
	// of how many and why, without their content.
	Remove(ctx context.Context, brand, source, reason string, posts []collectors.PostID) (int64, error)
}

// SweepState says where a look through the stored posts stands.
type SweepState struct {
	After   string // id of the last post that was looked up
	Started time.Time
	Ended   time.Time // zero while it is under way
	Job     *SweepJob // what the source is looking up while nobody waits; nil: nothing
}

// SweepJob is a collectors.JobChecker's job that has not ended.
type SweepJob struct {
	Job     collectors.Cursor `json:"job"`
	Last    string            `json:"last"` // id of the last post that it looks up
	Started time.Time         `json:"started"`
}

// jobWithin is how long a job may take before the posts are looked up without it.
const jobWithin = 6 * time.Hour

// sweepEvery is how often every stored post is looked up again: what was
// deleted at a platform has to go within a day.
const sweepEvery = 20 * time.Hour

// Why posts are removed.
const (
	RemovedGone = "gone"      // the platform says that they no longer exist
	RemovedOld  = "retention" // not read again within the time that they may be kept
)

// Retention says for how long posts of a platform may be kept without being
// read again; platforms without an entry have no such limit.
type Retention map[adalid.Platform]time.Duration

// retentionBatch is how many old posts are removed in one transaction.
const retentionBatch = 500

// Sweep looks a brand's stored posts up again, at the sources that it was scanned
// at and that can tell which no longer exist, and takes those out; then those
// that were kept too long. It goes on where it was left, and does nothing until
// the next one is due. A brand that only has files asks nobody.
func (l *Live) Sweep(ctx context.Context, brand string, store SweepStore, keep Retention) (removed int64, err error) {
	stored, err := l.Sources.Sources(ctx)
	if err != nil {
		return 0, fmt.Errorf("scan: %w", err)
	}
	scanned, err := store.Standings(ctx, brand)
	if err != nil {
		return 0, fmt.Errorf("scan: %w", err)
	}
	for _, s := range Sources(stored, l.Definitions, brand) {
		if !slices.ContainsFunc(scanned, func(h Health) bool { return h.Source == s.Name }) {
			continue
		}
		n, err := l.sweepSource(ctx, brand, s, store)
		removed += n
		if err != nil && ctx.Err() != nil {
			return removed, ctx.Err()
		}
		if err != nil {
			l.Log.Warn("scan: look up stored posts again", "brand", brand, "source", s.Name, "error", err) // the next look goes on
		}
	}
	for _, platform := range platforms(keep) {
		n, err := l.expire(ctx, brand, platform, store, l.Now().Add(-keep[platform]))
		removed += n
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

func platforms(keep Retention) []adalid.Platform {
	var list []adalid.Platform
	for p := range keep {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

func (l *Live) sweepSource(ctx context.Context, brand string, s Source, store SweepStore) (removed int64, err error) {
	collector, err := l.build(s, Booking{Brand: brand, Source: s.Name, Minor: true})
	if err != nil {
		return 0, err
	}
	checker, ok := collector.(collectors.Checker)
	if !ok {
		return 0, nil
	}
	at, err := store.Sweep(ctx, brand, s.Name)
	if err != nil {
		return 0, fmt.Errorf("scan: %w", err)
	}
	if !at.Ended.IsZero() || at.Started.IsZero() {
		if l.Now().Sub(at.Started) < sweepEvery {
			return 0, nil
		}
		at = SweepState{Started: l.Now()}
	}
	platform := l.definitions[s.Collector].Platform
	if jobs, ok := collector.(collectors.JobChecker); ok && jobs.JobBatch() > 0 {
		n, handed, err := l.sweepByJob(ctx, sweeping{brand, s, platform, store, jobs}, &at)
		if removed += n; handed || err != nil {
			return removed, err
		}
	}
	at.Job = nil
	for size := max(1, checker.CheckBatch()); ; {
		ids, err := store.PostIDs(ctx, brand, platform, at.After, size)
		if err != nil {
			return removed, fmt.Errorf("scan: %w", err)
		}
		if len(ids) == 0 {
			at.Ended = l.Now()
			return removed, store.SetSweep(ctx, brand, s.Name, at)
		}
		gone, err := checker.Check(ctx, ids)
		if isBudget(err) && len(ids) > 1 {
			size = len(ids) / 2 // as many as the money is enough for
			continue
		}
		if err != nil {
			return removed, fmt.Errorf("scan: look up posts: %w", err)
		}
		n, err := store.Remove(ctx, brand, s.Name, RemovedGone, postIDs(platform, gone))
		if err != nil {
			return removed, fmt.Errorf("scan: %w", err)
		}
		removed += n
		at.After = ids[len(ids)-1]
		if err := store.SetSweep(ctx, brand, s.Name, at); err != nil {
			return removed, fmt.Errorf("scan: %w", err)
		}
	}
}

// sweeping is what a look through stored posts works with.
type sweeping struct {
	brand    string
	source   Source
	platform adalid.Platform
	store    SweepStore
	jobs     collectors.JobChecker
}

// sweepByJob hands the stored posts over, job by job: each look finds the last
// one ended or leaves it alone. handed is false where the rest has to be looked
// up without jobs.
func (l *Live) sweepByJob(ctx context.Context, w sweeping, at *SweepState) (removed int64, handed bool, err error) {
	if at.Job != nil {
		gone, done, err := w.jobs.EndJob(ctx, at.Job.Job)
		switch {
		case isKind(err, collectors.Gone), err == nil && !done && l.Now().Sub(at.Job.Started) > jobWithin:
			l.Log.Warn("scan: a job to look up stored posts came to nothing", "brand", w.brand, "source", w.source.Name, "error", err)
			return 0, false, nil
		case err != nil:
			return 0, false, fmt.Errorf("scan: look up posts: %w", err)
		case !done:
			return 0, true, nil
		}
		for part := range slices.Chunk(gone, retentionBatch) {
			n, err := w.store.Remove(ctx, w.brand, w.source.Name, RemovedGone, postIDs(w.platform, part))
			if err != nil {
				return removed, false, fmt.Errorf("scan: %w", err)
			}
			removed += n
		}
		at.After, at.Job = at.Job.Last, nil
		if err := w.store.SetSweep(ctx, w.brand, w.source.Name, *at); err != nil {
			return removed, false, fmt.Errorf("scan: %w", err)
		}
	}
	ids, err := w.store.PostIDs(ctx, w.brand, w.platform, at.After, w.jobs.JobBatch())
	if err != nil {
		return removed, false, fmt.Errorf("scan: %w", err)
	}
	if len(ids) == 0 {
		at.Ended = l.Now()
		return removed, true, w.store.SetSweep(ctx, w.brand, w.source.Name, *at)
	}
	job, err := w.jobs.StartJob(ctx, ids)
	if isKind(err, ofAccess...) {
		l.Log.Warn("scan: stored posts are looked up without a job", "brand", w.brand, "source", w.source.Name, "error", err)
		return removed, false, nil
	}
	if err != nil {
		return removed, false, fmt.Errorf("scan: look up posts: %w", err)
	}
	at.Job = &SweepJob{Job: job, Last: ids[len(ids)-1], Started: l.Now()}
	return removed, true, w.store.SetSweep(ctx, w.brand, w.source.Name, *at)
}

// ofAccess are the refusals that mean that there are no jobs for this access.
var ofAccess = []collectors.Kind{collectors.Forbidden, collectors.NotEntitled, collectors.Gone}

func isKind(err error, kinds ...collectors.Kind) bool {
	var e *collectors.Error
	return errors.As(err, &e) && slices.Contains(kinds, e.Kind)
}

func (l *Live) expire(ctx context.Context, brand string, platform adalid.Platform, store SweepStore, before time.Time) (removed int64, err error) {
	for {
		ids, err := store.OldPostIDs(ctx, brand, platform, before, retentionBatch)
		if err != nil || len(ids) == 0 {
			return removed, err
		}
		n, err := store.Remove(ctx, brand, string(platform), RemovedOld, postIDs(platform, ids))
		if err != nil || n == 0 {
			return removed, err
		}
		removed += n
	}
}

func postIDs(platform adalid.Platform, ids []string) []collectors.PostID {
	posts := make([]collectors.PostID, len(ids))
	for i, id := range ids {
		posts[i] = collectors.PostID{Platform: platform, ID: id}
	}
	return posts
}
