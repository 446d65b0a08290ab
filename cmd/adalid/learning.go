package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"adalid"
	"adalid/internal/scan"
	"adalid/internal/sentiment"
	"adalid/internal/store"
	"adalid/web/api"
)

// learner turns what is stored of a team's judgements into models and applies
// them. Imports ask it what a brand has learned.
type learner struct {
	store *store.Store
	model *sentiment.Model // nil: nothing is scored
}

var _ scan.Learner = (*learner)(nil)

// newLearner is the learner of commands and the server.
func newLearner(s *store.Store) (*learner, error) {
	model, err := newModel()
	return &learner{s, model}, err
}

// Lessons implements scan.Learner. A residual of another version of the model
// rests until the next correction.
func (l *learner) Lessons(ctx context.Context, brand string) (scan.Lessons, error) {
	stored, err := l.store.Lessons(ctx, brand)
	if err != nil {
		return scan.Lessons{}, err
	}
	out := scan.Lessons{Version: stored.Version}
	adapted, err := l.adapted(stored)
	if err != nil {
		return out, err
	}
	if adapted != nil {
		out.Scorer = adapted
	}
	if m := stored.Kind(store.LearnedRelevance); m != nil && m.InUse {
		b, err := l.store.Brand(ctx, brand)
		if err != nil {
			return out, err
		}
		if out.LeftOut, err = decodeRelevance(m.Model, b); err != nil && adalid.CodeOf(err) != adalid.Conflict {
			return out, err
		}
	}
	return out, nil
}

// nothingLabelled is why a model judges alone where there is no label to learn from.
const nothingLabelled = "nothing is labelled: the model judges alone"

// adapted is the model with the brand's residual, nil where none is in use.
func (l *learner) adapted(stored store.Lessons) (*sentiment.Adapted, error) {
	m := stored.Kind(store.LearnedSentiment)
	if m == nil || !m.InUse || l.model == nil {
		return nil, nil
	}
	r, resting, err := l.residual(m)
	if err != nil || resting {
		return nil, err
	}
	return l.model.With(r), nil
}

// residual reads what labels taught; resting tells that it was learned with
// another version of the model and waits for the next correction.
func (l *learner) residual(m *store.Learned) (r *sentiment.Residual, resting bool, err error) {
	r, err = l.model.Residual(m.Model)
	if adalid.CodeOf(err) == adalid.Conflict {
		return nil, true, nil
	}
	return r, false, err
}

// sampled is how many mentions that nobody has labelled a refit looks at.
const sampled = 600

// refit learns a brand's sentiment anew from all labels there are, and forgets
// what it knew when there are none. The mentions follow with apply.
func (l *learner) refit(ctx context.Context, brand string) (sentiment.Effect, error) {
	b, err := l.store.Brand(ctx, brand)
	if err != nil {
		return sentiment.Effect{}, err
	}
	var lessons []sentiment.Lesson
	err = l.store.Judged(ctx, brand, func(m *store.Judged) error {
		if m.Team != "" && !m.LeftOut {
			lessons = append(lessons, sentiment.Lesson{Text: m.Text, Lang: m.Lang, Label: m.Team})
		}
		return nil
	})
	if err != nil {
		return sentiment.Effect{}, err
	}
	if len(lessons) == 0 {
		_, err := l.store.DropLearned(ctx, brand, store.LearnedSentiment)
		return sentiment.Effect{Why: nothingLabelled}, err
	}
	err = l.store.Sample(ctx, brand, sampled, func(m *store.Judged) error {
		if m.Team == "" && !m.Repost && !m.LeftOut && m.Sentiment != nil {
			lessons = append(lessons, sentiment.Lesson{Text: m.Text, Lang: m.Lang})
		}
		return nil
	})
	if err != nil {
		return sentiment.Effect{}, err
	}
	residual, effect := l.model.Refit(lessons, scan.TermsOf(b))
	report, err := json.Marshal(effect)
	if err != nil {
		return effect, fmt.Errorf("encode the effect of corrections: %w", err)
	}
	_, err = l.store.SetLearned(ctx, brand, store.Learned{
		Kind: store.LearnedSentiment, Model: residual.Encode(), Report: report, InUse: effect.Helps,
	})
	return effect, err
}

// attempts bounds how often models that others change meanwhile are followed.
const attempts = 5

// apply brings the stored mentions in line with what is in use now, if they
// are not; one that was cut short is gone on with. Mentions that were imported
// without sentiment stay so.
func (l *learner) apply(ctx context.Context, brand string) (store.Rescored, error) {
	var sum store.Rescored
	for try := 1; ; try++ {
		stored, err := l.store.Lessons(ctx, brand)
		if err != nil || !stored.Pending {
			return sum, err
		}
		n, err := l.rescore(ctx, brand, nil)
		sum.Mentions += n.Mentions
		sum.Changed += n.Changed
		sum.Turned += n.Turned
		sum.LeftOut += n.LeftOut
		sum.Returned += n.Returned
		if err == nil || try == attempts || adalid.CodeOf(err) != adalid.Conflict {
			return sum, err
		}
	}
}

// rescore judges every mention anew, or what an earlier one that was cut short has
// left; progress may be nil.
func (l *learner) rescore(ctx context.Context, brand string, progress func(done int64)) (store.Rescored, error) {
	b, err := l.store.Brand(ctx, brand)
	if err != nil {
		return store.Rescored{}, err
	}
	lessons, err := l.Lessons(ctx, brand)
	if err != nil {
		return store.Rescored{}, err
	}
	var scorer scan.Scorer = l.model
	if lessons.Scorer != nil {
		scorer = lessons.Scorer
	}
	about := scan.TermsOf(b)
	return l.store.Rescore(ctx, brand, func(m *store.Judged) (s *adalid.Sentiment, leftOut bool) {
		if m.Sentiment != nil {
			s = scorer.Score(m.Text, m.Lang, about)
		}
		return s, lessons.LeftOut != nil && lessons.LeftOut(&m.Mention)
	}, progress)
}

// teacher is the learner behind the API. Long walks over a brand's mentions go
// on after the request that caused them, and after a restart.
type teacher struct {
	*learner
	ctx     context.Context // of the server, not of a request
	log     *slog.Logger
	walking sync.WaitGroup
	mu      sync.Mutex // one lesson at a time
}

var _ api.Teacher = (*teacher)(nil)

// newTeacher also goes on with what an earlier run of the server left open.
func (a *app) newTeacher(ctx context.Context, s *store.Store, log *slog.Logger) (*teacher, error) {
	l, err := newLearner(s)
	if err != nil {
		return nil, err
	}
	t := &teacher{learner: l, ctx: ctx, log: log}
	brands, err := s.Brands(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range brands {
		stored, err := s.Lessons(ctx, b.Name)
		if err != nil {
			return nil, err
		}
		if stored.Pending {
			t.walk(b.Name)
		}
	}
	return t, nil
}

func (t *teacher) wait() { t.walking.Wait() }

// walked is the end of a walk over a brand's mentions.
type walked struct {
	store.Rescored
	err error
}

func (t *teacher) walk(brand string) <-chan walked {
	done := make(chan walked, 1)
	t.walking.Go(func() {
		n, err := t.apply(t.ctx, brand)
		if err != nil && t.ctx.Err() == nil {
			t.log.Warn("mentions could not be judged anew", "brand", brand, "error", err)
		}
		done <- walked{n, err}
	})
	return done
}

// patience is how long an answer waits for the walk over a brand's mentions.
const patience = 5 * time.Second

// Correct implements api.Teacher.
func (t *teacher) Correct(ctx context.Context, brand string, c []api.Correction, by string) (api.Taught, error) {
	labels := make([]store.LabelOf, len(c))
	for i, one := range c {
		keys, err := t.store.Locate(ctx, brand, one.Platform, []string{one.ID})
		if err != nil {
			return api.Taught{}, err
		}
		labels[i] = store.LabelOf{Key: keys[0], Label: one.Label}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	changed, err := t.store.SetLabels(ctx, brand, labels, by)
	if err != nil {
		return api.Taught{}, err
	}
	taught := api.Taught{Changed: changed}
	if taught.Effect, err = t.refit(ctx, brand); err != nil {
		return taught, err
	}
	select {
	case end := <-t.walk(brand):
		taught.Rescored, taught.Turned = end.Changed, end.Turned
		return taught, end.err
	case <-ctx.Done(): // or the request's time is over: the walk goes on
	case <-time.After(patience):
	}
	taught.Pending = true
	return taught, nil
}
