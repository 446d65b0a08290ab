package store

import (
	"bytes"
	"context"
	"slices"
	"time"

	"adalid"
)

// The kinds of learned models.
const (
	LearnedSentiment = "sentiment"
	LearnedRelevance = "relevance"
)

// Learned is a model that was fitted to a team's judgements of one brand.
type Learned struct {
	Kind   string
	Model  []byte
	Report []byte // JSON: how good it is
	InUse  bool   // false: kept for its report only
	Made   time.Time
}

// Lessons are a brand's learned models. Version changes with every change of a
// model in use; mentions agree with it unless Pending.
type Lessons struct {
	Version int64
	Pending bool // Rescore has not come to its end since
	Models  []Learned
}

// Kind gives the model of a kind, nil when there is none.
func (l Lessons) Kind(kind string) *Learned {
	for i := range l.Models {
		if l.Models[i].Kind == kind {
			return &l.Models[i]
		}
	}
	return nil
}

// Lessons gives what was learned about a brand.
func (s *Store) Lessons(ctx context.Context, brand string) (Lessons, error) {
	var l Lessons
	err := s.read(ctx, "read learned models", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		l, err = lessons(x, b)
		return err
	})
	return l, err
}

func lessons(x *session, b brandRow) (Lessons, error) {
	l := Lessons{Version: b.learned, Pending: b.learned != b.rescored}
	err := x.query("learned.List", func(r row) error {
		l.Models = append(l.Models, Learned{
			Kind: r.text(0), Model: r.bytes(1), Report: slices.Clone(r.bytes(2)), InUse: r.int(3) != 0, Made: r.opt(4).time(),
		})
		return nil
	}, b.id)
	return l, err
}

// SetLearned keeps a model in place of the one of its kind; a zero Made becomes
// now. Where that changes what is in use, imports follow it at once and stored
// mentions with Rescore; it tells whether they have to.
func (s *Store) SetLearned(ctx context.Context, brand string, m Learned) (rescore bool, err error) {
	if m.Kind == "" {
		return false, adalid.Errorf(adalid.Invalid, "a learned model needs a kind")
	}
	made := seconds(m.Made)
	if !made.ok {
		made = seconds(s.now())
	}
	if m.Model == nil {
		m.Model = []byte{}
	}
	return s.changeLearned(ctx, brand, m.Kind, func(x *session, b brandRow, old *Learned) (bool, error) {
		_, err := x.exec("learned.Set", b.id, m.Kind, m.Model, string(m.Report), bit(m.InUse), made)
		was := old != nil && old.InUse
		return was != m.InUse || was && !bytes.Equal(old.Model, m.Model), err
	})
}

// DropLearned forgets the model of a kind; that there is none is no error.
func (s *Store) DropLearned(ctx context.Context, brand, kind string) (rescore bool, err error) {
	return s.changeLearned(ctx, brand, kind, func(x *session, b brandRow, old *Learned) (bool, error) {
		_, err := x.exec("learned.Remove", b.id, kind)
		return old != nil && old.InUse, err
	})
}

func (s *Store) changeLearned(ctx context.Context, brand, kind string, change func(*session, brandRow, *Learned) (bool, error)) (rescore bool, err error) {
	err = s.write(ctx, "change learned models", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		l, err := lessons(x, b)
		if err != nil {
			return err
		}
		if rescore, err = change(x, b, l.Kind(kind)); err != nil || !rescore {
			return err
		}
		n, err := nextVersion(x)
		if err != nil {
			return err
		}
		_, err = x.exec("brand.SetLearned", n, b.id)
		return err
	})
	return rescore && err == nil, err
}
