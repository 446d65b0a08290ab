package scan_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
	"adalid/internal/sentiment"
)

// school is a scan.Learner whose lessons can change at any time.
type school struct {
	version int64
	asked   []string
	fail    error
}

func (s *school) Lessons(_ context.Context, brand string) (scan.Lessons, error) {
	s.asked = append(s.asked, brand)
	if s.fail != nil {
		return scan.Lessons{}, s.fail
	}
	l := scan.Lessons{Version: s.version, LeftOut: func(m *adalid.Mention) bool { return strings.Contains(m.Text, "fruit") }}
	if s.version > 1 {
		l.Scorer = gloomy{}
	}
	return l, nil
}

type gloomy struct{}

func (gloomy) Version() string { return "gloomy" }

func (gloomy) Score(string, string, *sentiment.Terms) *adalid.Sentiment {
	return &adalid.Sentiment{Negative: 1}
}

// TestLessonsChangeMeanwhile has a brand learn while its pages are on their
// way: every page is stored as the newest lessons say, reposts included.
func TestLessonsChangeMeanwhile(t *testing.T) {
	learner := &school{version: 1}
	repost := post("4", "RT @h: fruit")
	repost.Repost = true
	l := &ledger{}
	refused := 0
	l.beforeSave = func(n int) error {
		if n == 1 && refused == 0 {
			refused++
			learner.version = 2
			return scan.ErrStale
		}
		return nil
	}
	run(t, scan.Job{
		Brand: "Acme", Matching: scan.MatchAll, Store: l, Sentiment: happy{}, Learner: learner,
		Collector: &shelf{pages: []collectors.Page{page(post("1", "shirt"), post("2", "fruit")), page(post("3", "shirt"), repost)}},
	})
	if len(l.pages) != 2 || refused != 1 {
		t.Fatalf("%d pages, %d refused", len(l.pages), refused)
	}
	for i, want := range []float64{1, -1} {
		b := l.pages[i].Batches[0]
		if b.Lessons != int64(i+1) || b.Mentions[0].Sentiment.Net() != want || b.Mentions[0].LeftOut || !b.Mentions[1].LeftOut {
			t.Errorf("page %d: %+v", i+1, b)
		}
	}
	if l.pages[1].Batches[0].Mentions[1].Sentiment != nil {
		t.Error("a repost is scored")
	}
}

func TestLessonsOfNobody(t *testing.T) {
	unknown := &school{fail: adalid.Errorf(adalid.NotFound, "no such brand")}
	l := &ledger{}
	run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: l, Sentiment: happy{}, Learner: unknown, Collector: &shelf{pages: threePages()}})
	if len(unknown.asked) != 1 || l.pages[0].Batches[0].Lessons != 0 {
		t.Errorf("asked %q, %+v", unknown.asked, l.pages[0])
	}
	torn := errors.New("torn")
	_, err := scan.Run(t.Context(), scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: &ledger{}, Learner: &school{fail: torn}, Collector: &shelf{pages: threePages()}})
	if !errors.Is(err, torn) {
		t.Errorf("lessons that cannot be read: %v", err)
	}
	stale := &ledger{beforeSave: func(int) error { return scan.ErrStale }}
	_, err = scan.Run(t.Context(), scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: stale, Collector: &shelf{pages: threePages()}})
	if !errors.Is(err, scan.ErrStale) {
		t.Errorf("a run that cannot ask again: %v", err)
	}
	silent := &ledger{}
	run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: silent, Learner: &school{version: 2}, Collector: &shelf{pages: threePages()}})
	if silent.pages[0].Batches[0].Mentions[0].Sentiment != nil {
		t.Error("what was learned scores where nothing shall be scored")
	}
}
