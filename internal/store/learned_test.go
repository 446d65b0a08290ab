package store

import (
	"context"
	"errors"
	"slices"
	"testing"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// TestMarksAreReversible leaves mentions out and takes that back: every figure
// is what it was.
func TestMarksAreReversible(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	c := newCrowd(3000, 500)
	rows := c.page(3000)
	_, err := s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: rows}}})
	must(t, err)
	figures := func() []string {
		state, err := s.State(ctx, "acme")
		must(t, err)
		state.DataVersion, state.Mark = 0, 0
		return slices.Concat(storeDays(t, s), storeEdgeTotals(t, s, Span{}), storeAuthors(t, s, Span{}), []string{show(state)})
	}
	before := figures()
	var out, back []MarkOf
	for i, m := range rows {
		if i%3 == 0 {
			out = append(out, MarkOf{Key{m.Platform, m.ID}, pointer(false)})
			back = append(back, MarkOf{Key{m.Platform, m.ID}, nil})
		}
	}
	version, err := s.DataVersion(ctx, "acme")
	must(t, err)
	n, err := s.SetMarks(ctx, "acme", out, "ann")
	must(t, err)
	if n.Changed == 0 || n.LeftOut != n.Changed || n.Returned != 0 || slices.Equal(figures(), before) {
		t.Fatalf("marks changed %+v", n)
	}
	if now, err := s.DataVersion(ctx, "acme"); err != nil || now <= version {
		t.Errorf("data version %d after %d, %v", now, version, err)
	}
	seen := int64(0)
	must(t, s.Judged(ctx, "acme", func(j *Judged) error {
		if seen++; j.About == nil || *j.About || j.AboutBy != "ann" || j.AboutAt.IsZero() || !j.LeftOut || j.Ruled || j.Team != "" || j.Text == "" {
			t.Fatalf("judged: %+v", j)
		}
		return nil
	}))
	posts, _, err := s.Posts(ctx, "acme", rank.PostQuery{LeftOut: true, Limit: 200})
	must(t, err)
	if seen != n.Changed || len(posts) != 200 || posts[0].LeftOut != rank.ByTeam {
		t.Errorf("%d judged, %d posts left out of %d", seen, len(posts), n.Changed)
	}
	if n, err := s.SetMarks(ctx, "acme", out, "bob"); n != (Marked{}) || err != nil {
		t.Errorf("the same marks again: %+v, %v", n, err)
	}
	_, err = s.Save(ctx, scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: rows}}}) // marks outlive a second import
	must(t, err)
	if again, err := s.SetMarks(ctx, "acme", back, "ann"); err != nil || again != (Marked{n.Changed, 0, n.Changed}) {
		t.Fatalf("marks taken back: %+v, %v", again, err)
	}
	equal(t, "figures", figures(), before)
	report, err := s.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild: %+v", report)
	}
	if err := s.Judged(ctx, "acme", func(*Judged) error { return errors.New("something is left") }); err != nil {
		t.Error(err)
	}
	if _, err := s.SetMarks(ctx, "acme", []MarkOf{out[0], {Key{"x", "nowhere"}, pointer(true)}}, ""); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("an unknown mention: %v", err)
	}
	equal(t, "figures", figures(), before) // all or nothing
}

// TestRescoreGoesOn is cut short and goes on; a change of models ends it.
func TestRescoreGoesOn(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	rows := newCrowd(5000, 500).page(5000)
	_, err := s.Save(t.Context(), scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: rows}}})
	must(t, err)
	again, err := s.SetLearned(t.Context(), "acme", Learned{Kind: LearnedRelevance, Model: []byte("m"), Report: []byte("{}"), InUse: true})
	must(t, err)
	l, err := s.Lessons(t.Context(), "ACME")
	must(t, err)
	if m := l.Kind(LearnedRelevance); !again || !l.Pending || l.Version == 0 || m == nil || string(m.Model) != "m" || m.Made.IsZero() {
		t.Errorf("%v %+v", again, l)
	}
	out := func(*Judged) (*adalid.Sentiment, bool) { return nil, true }
	ctx, cancel := context.WithCancel(t.Context())
	first, err := s.Rescore(ctx, "acme", out, func(int64) { cancel() })
	if !errors.Is(err, context.Canceled) || first.Mentions != rescorePage {
		t.Fatalf("cut short: %+v, %v", first, err)
	}
	second, err := s.Rescore(t.Context(), "acme", out, nil)
	must(t, err)
	if l, err = s.Lessons(t.Context(), "acme"); err != nil || l.Pending || first.Mentions+second.Mentions != first.LeftOut+second.LeftOut {
		t.Errorf("%+v, then %+v; %+v, %v", first, second, l, err)
	}
	if days := storeDays(t, s); len(days) != 0 {
		t.Errorf("%d roll-ups are left", len(days))
	}
	again, err = s.SetLearned(t.Context(), "acme", Learned{Kind: LearnedSentiment, Model: []byte("x")})
	if again || err != nil {
		t.Errorf("a model that is not in use: %v, %v", again, err)
	}
	_, err = s.Rescore(t.Context(), "acme", out, func(int64) {
		if again, err := s.DropLearned(t.Context(), "acme", LearnedRelevance); err != nil {
			t.Error(again, err)
		}
	})
	if adalid.CodeOf(err) != adalid.Conflict {
		t.Errorf("models changed meanwhile: %v", err)
	}
	third, err := s.Rescore(t.Context(), "acme", func(m *Judged) (*adalid.Sentiment, bool) { return nil, false }, nil)
	must(t, err)
	if third.Returned != 5000-int64(len(rows)-len(refDistinct(rows))) {
		t.Errorf("returned: %+v", third)
	}
	report, err := s.Rebuild(t.Context(), "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild: %+v", report)
	}
}

// TestStalePagesAreRefused protects new mentions from old models.
func TestStalePagesAreRefused(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	_, err := s.SetLearned(t.Context(), "acme", Learned{Kind: LearnedSentiment, Model: []byte("m"), InUse: true})
	must(t, err)
	batch := scan.Batch{Brand: "acme", Mentions: []scan.Mention{note("x", "1", "ann", 1)}}
	if _, err := s.Save(t.Context(), scan.Page{Batches: []scan.Batch{batch}}); !errors.Is(err, scan.ErrStale) {
		t.Errorf("a page judged without the model: %v", err)
	}
	l, err := s.Lessons(t.Context(), "acme")
	must(t, err)
	batch.Lessons = l.Version
	_, err = s.Save(t.Context(), scan.Page{Batches: []scan.Batch{batch}})
	must(t, err)
}
