package api

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/backtest"
	"adalid/internal/rank"
)

var backtestCut = time.Date(2026, 3, 1, 23, 59, 59, 0, time.UTC)

// returners ranks brands all of whose people come back with one sentiment.
type returners struct {
	people map[string]int
	net    float64
	end    map[string]time.Time // of a brand's data; else long after the cut
}

func (r returners) Rank(_ context.Context, brand string, q rank.Query) (rank.Ranking, error) {
	end, set := r.end[brand]
	if !set {
		end = backtestCut.AddDate(0, 3, 0)
	}
	past := q.Until.Equal(backtestCut)
	out := rank.Ranking{Brand: brand, DataVersion: 1, AsOf: end}
	if past {
		out.AsOf = backtestCut
	} else if !end.After(backtestCut) {
		return out, nil
	}
	for i := range r.people[brand] {
		e := rank.Entry{Person: adalid.Person{ID: fmt.Sprint(brand, i)}, Evidence: rank.Evidence{Mentions: 1, Followers: new(int64(i))}}
		if !past {
			e.Evidence.Scored, e.Evidence.Sentiment = 1, &r.net
		}
		out.Entries = append(out.Entries, e)
	}
	return out, nil
}

func (r returners) Heard(context.Context, string, rank.Query) (map[string]int, error) {
	return nil, nil
}

func (r returners) Middle(context.Context, string, rank.Query) (time.Time, error) {
	return backtestCut, nil
}

func backtestOf(t *testing.T, r returners, q backtest.Query, brands ...string) Backtest {
	t.Helper()
	all := make([]adalid.Brand, len(brands))
	for i, name := range brands {
		all[i].Name = name
	}
	b, err := RunBacktest(t.Context(), r, all[0], all, q)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBacktestBesideABrandThatEnded: what one brand lacks refuses no other one
// its answer.
func TestBacktestBesideABrandThatEnded(t *testing.T) {
	r := returners{people: map[string]int{"a": 100, "b": 150, "c": 100}, net: .5, end: map[string]time.Time{"c": backtestCut.AddDate(0, -1, 0)}}
	b := backtestOf(t, r, backtest.Query{At: backtestCut}, "a", "b", "c")
	if p := b.Pooled.V; p == nil || len(p.Brands) != 2 || p.Candidates != 250 {
		t.Errorf("pooled %+v", p)
	}
}

// TestPooledBacktestSaysHowManyItJudged: each brand has somebody in the list,
// so three of them judge three people where one was asked for.
func TestPooledBacktestSaysHowManyItJudged(t *testing.T) {
	b := backtestOf(t, returners{people: map[string]int{"a": 100, "b": 100, "c": 100}, net: .5}, backtest.Query{K: 1}, "a", "b", "c")
	p := b.Pooled.V
	if p == nil || p.K != 3 || p.Targets[1].Orders[0].Hits != 3 {
		t.Fatalf("pooled %+v", p)
	}
	if want := "Of the first 3 people, 3 went on to recommend you."; !strings.HasPrefix(p.Words[0].EN, want) {
		t.Errorf("%q does not say %q", p.Words[0].EN, want)
	}
}

// TestBacktestWhereNobodyRecommendsAgain: that all later posts are scored and
// none speaks well is known, and no missing sentiment.
func TestBacktestWhereNobodyRecommendsAgain(t *testing.T) {
	b := backtestOf(t, returners{people: map[string]int{"a": 300}, net: -.5}, backtest.Query{}, "a")
	if b.Verdict != "same" || len(b.Words) == 0 || !strings.HasPrefix(b.Words[0].EN, "None of the 300 people went on") || !strings.HasPrefix(b.Words[0].ES, "Ninguna de las 300 personas") {
		t.Errorf("%s: %v", b.Verdict, b.Words)
	}
}

// TestBacktestOfOneDay: no moment is blamed that nobody gave.
func TestBacktestOfOneDay(t *testing.T) {
	b := backtestOf(t, returners{people: map[string]int{"a": 300}, net: .5}, backtest.Query{Rank: rank.Query{Until: backtestCut}}, "a")
	if b.Verdict != "short_history" || b.At != nil || !strings.Contains(b.Words[0].EN, "on one day") {
		t.Errorf("%s as of %v: %v", b.Verdict, b.At, b.Words)
	}
}
