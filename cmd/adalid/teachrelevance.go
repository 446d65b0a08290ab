package main

import (
	"context"
	"time"

	"adalid/internal/audit"
	"adalid/internal/store"
	"adalid/web/api"
)

var (
	_ api.Relevance = (*teacher)(nil)
	_ api.Auditor   = (*teacher)(nil)
)

// Mark implements api.Relevance.
func (t *teacher) Mark(ctx context.Context, brand string, marks []api.RelevanceMark, by string) (api.Marked, error) {
	of := make([]store.MarkOf, len(marks))
	for i, one := range marks {
		keys, err := t.store.Locate(ctx, brand, one.Platform, []string{one.ID})
		if err != nil {
			return api.Marked{}, err
		}
		of[i] = store.MarkOf{Key: keys[0], About: one.About}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	marked, err := t.store.SetMarks(ctx, brand, of, by)
	if err != nil {
		return api.Marked{}, err
	}
	return t.followMarks(ctx, brand, marked, nil)
}

// SwitchRelevance implements api.Relevance.
func (t *teacher) SwitchRelevance(ctx context.Context, brand string, on bool) (api.Marked, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.followMarks(ctx, brand, store.Marked{}, func(r *relevanceReport) { r.Off = !on })
}

func (t *teacher) followMarks(ctx context.Context, brand string, marked store.Marked, change func(*relevanceReport)) (api.Marked, error) {
	out := api.Marked{Changed: marked.Changed, MarkedOut: marked.LeftOut, MarkedBack: marked.Returned}
	report, err := t.refitRelevance(ctx, brand, change)
	if err != nil {
		return out, err
	}
	out.Effect, out.InUse = report.Effect, report.Helps && !report.Off
	select {
	case end := <-t.walk(brand):
		out.LeftOut, out.Returned = end.LeftOut, end.Returned
		return out, end.err
	case <-ctx.Done(): // or the request's time is over: the walk goes on
	case <-time.After(patience):
	}
	out.Pending = true
	return out, nil
}

// RelevanceState implements api.Relevance.
func (t *teacher) RelevanceState(ctx context.Context, brand string) (api.RelevanceState, error) {
	return t.relevanceState(ctx, brand, proposed)
}

// AuditSample implements api.Auditor.
func (t *teacher) AuditSample(ctx context.Context, brand string, n int, seed uint64) ([]api.AuditItem, error) {
	_, items, err := t.draw(ctx, brand, n, seed)
	return items, err
}

// Audit implements api.Auditor.
func (t *teacher) Audit(ctx context.Context, brand string, n int, seed uint64, answers []audit.Answer) (audit.Report, error) {
	s, _, err := t.draw(ctx, brand, n, seed)
	if err != nil {
		return audit.Report{}, err
	}
	return audit.Assess(s, answers)
}
