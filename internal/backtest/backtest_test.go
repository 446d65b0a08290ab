package backtest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
)

var cut = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// world is an invented brand: how good each person truly is decides what comes
// next, and how well an order finds it is up to the test.
type world struct {
	past, next []rank.Entry
	heard      map[string]int
	asked      string    // filter expression of those who were ranked
	ends       time.Time // of the data; zero: long after the cut
}

// invent makes people whose place in the ranking is by truth·skill + noise.
func invent(seed uint64, people int, skill float64) *world {
	rng := rand.New(rand.NewPCG(seed, 9))
	w := &world{heard: map[string]int{}}
	type ranked struct {
		rank.Entry
		by float64
	}
	var list []ranked
	for i := range people {
		id := fmt.Sprintf("p%04d", i)
		truth := rng.Float64()
		e := rank.Entry{Person: adalid.Person{ID: id}}
		e.Evidence = rank.Evidence{Mentions: 1 + rng.Int64N(9), Followers: new(rng.Int64N(9000)), Engagement: new(rng.Int64N(50))}
		list = append(list, ranked{e, truth*skill + rng.Float64()})
		if rng.Float64() < truth*truth {
			next := e
			next.Evidence = rank.Evidence{Mentions: 2, Scored: 2, Sentiment: new(truth - .3), Engagement: new(int64(100 * truth))}
			w.next = append(w.next, next)
			w.heard[id] = int(10 * truth)
		}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		if a.by > b.by {
			return -1
		}
		return 1
	})
	for _, x := range list {
		w.past = append(w.past, x.Entry)
	}
	w.next = append(w.next, rank.Entry{Person: adalid.Person{ID: "new"}, Evidence: rank.Evidence{Mentions: 1}})
	return w
}

func (w *world) Rank(_ context.Context, brand string, q rank.Query) (rank.Ranking, error) {
	r := rank.Ranking{Brand: brand, DataVersion: 4, AsOf: cut.AddDate(0, 3, 0), Entries: slices.Clone(w.next)}
	if q.Until.Equal(cut) {
		w.asked = q.Where
		r.AsOf, r.Entries = cut, slices.Clone(w.past)
		r.TooFew = len(w.past) < rank.LeastPeople
	} else if !q.Since.Equal(cut.Add(time.Second)) || q.Where != "" {
		return r, fmt.Errorf("asked for %s to %s", q.Since, q.Until)
	} else if !w.ends.IsZero() {
		r.AsOf, r.Entries = w.ends, nil
	}
	return r, nil
}

func (w *world) Heard(context.Context, string, rank.Query) (map[string]int, error) {
	return w.heard, nil
}

// worlds are several brands.
type worlds map[string]*world

func (w worlds) Rank(ctx context.Context, brand string, q rank.Query) (rank.Ranking, error) {
	return w[brand].Rank(ctx, brand, q)
}

func (w worlds) Heard(ctx context.Context, brand string, q rank.Query) (map[string]int, error) {
	return w[brand].Heard(ctx, brand, q)
}

func (w worlds) Middle(ctx context.Context, brand string, q rank.Query) (time.Time, error) {
	return w[brand].Middle(ctx, brand, q)
}

func (w *world) Middle(context.Context, string, rank.Query) (time.Time, error) { return cut, nil }

func run(t *testing.T, w *world, q Query) Report {
	t.Helper()
	r, err := Run(t.Context(), w, "b", q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerdicts(t *testing.T) {
	silent := invent(1, 600, 5)
	for i := range silent.next {
		silent.next[i].Evidence.Sentiment = nil
	}
	cross := invent(1, 600, 5)
	for i := range cross.next {
		cross.next[i].Evidence.Sentiment = new(-.5)
	}
	told := invent(1, 600, 9) // by engagement, who will recommend again
	again := map[string]float64{}
	for _, e := range told.next {
		if e.Evidence.Sentiment != nil {
			again[e.Person.ID] = max(0, *e.Evidence.Sentiment)
		}
	}
	for i := range told.past {
		told.past[i].Evidence.Engagement = new(int64(1e6 * again[told.past[i].Person.ID]))
	}
	backwards := invent(1, 600, 9)
	slices.Reverse(backwards.past)
	for name, c := range map[string]struct {
		world *world
		want  Verdict
	}{
		"knows who":               {invent(1, 600, 9), Better},
		"knows nothing":           {invent(1, 600, 0), Same},
		"engagement knows better": {told, Worse},
		"puts the best last":      {backwards, Worse},
		"nobody is scored":        {silent, NoSentiment},
		"nobody speaks well":      {cross, Same},
		"too few people":          {invent(1, LeastCandidates-1, 9), ShortHistory},
		"hardly anybody back":     {&world{past: invent(1, 600, 1).past, next: invent(1, 600, 1).next[:LeastReturning-1]}, ShortHistory},
	} {
		r := run(t, c.world, Query{})
		if r.Verdict != c.want || (len(r.Targets) == 0) != (c.want == ShortHistory) {
			t.Errorf("%s: %s with %d targets, want %s", name, r.Verdict, len(r.Targets), c.want)
		}
	}
}

// TestFiguresEqualSlowOnes counts again with sorted lists of pairs.
func TestFiguresEqualSlowOnes(t *testing.T) {
	w := invent(3, 400, 2)
	r := run(t, w, Query{K: 30})
	again := map[string]rank.Evidence{}
	for _, e := range w.next {
		again[e.Person.ID] = e.Evidence
	}
	recommended := func(id string) float64 {
		e, ok := again[id]
		if !ok || e.Sentiment == nil {
			return 0
		}
		return max(0, *e.Sentiment*float64(e.Scored))
	}
	hits, gain := 0, 0.0
	var all []float64
	for i, e := range w.past {
		v := recommended(e.Person.ID)
		all = append(all, v)
		if i < 30 {
			gain += math.Log2(1+v) / math.Log2(float64(i+2))
			if v > 0 {
				hits++
			}
		}
	}
	slices.Sort(all)
	slices.Reverse(all)
	best := 0.0
	for i, v := range all[:30] {
		best += math.Log2(1+v) / math.Log2(float64(i+2))
	}
	got := r.Targets[1]
	if got.Name != Recommended || got.Orders[0].Order != Product || got.Orders[0].Ahead != nil {
		t.Fatalf("the first order of the second target is %q of %q", got.Orders[0].Order, got.Name)
	}
	m := got.Orders[0]
	if m.Hits != hits || m.Precision.Value != float64(hits)/30 || math.Abs(m.NDCG.Value-gain/best) > 1e-12 {
		t.Errorf("%d hits, precision %g, nDCG %g; counted %d, %g, %g", m.Hits, m.Precision.Value, m.NDCG.Value, hits, float64(hits)/30, gain/best)
	}
	for _, target := range r.Targets {
		for _, m := range target.Orders {
			for _, i := range []Interval{m.Precision, m.NDCG} {
				if i.Low > i.Value || i.Value > i.High || i.Low < 0 || i.High > 1 {
					t.Errorf("%s by %s: %+v", target.Name, m.Order, i)
				}
			}
			if m.Ahead != nil && math.Abs(m.Ahead.Value-(target.Orders[0].Precision.Value-m.Precision.Value)) > 1e-12 {
				t.Errorf("%s by %s: ahead by %+v", target.Name, m.Order, *m.Ahead)
			}
		}
	}
	if r.Candidates != 400 || r.Returning != len(w.next)-1 { // one of next is new
		t.Errorf("%d candidates, %d returning of %d", r.Candidates, r.Returning, len(w.next)-1)
	}
}

// TestIntervalIsAsWideAsChance: of 50 people who each meet the target with
// probability p, the share found is binomial.
func TestIntervalIsAsWideAsChance(t *testing.T) {
	for seed := range uint64(5) {
		w := invent(seed, 2000, 0)
		m := run(t, w, Query{}).Targets[0].Orders[0]
		p := m.Precision.Value
		want := 2 * 1.96 * math.Sqrt(p*(1-p)/50)
		if got := m.Precision.High - m.Precision.Low; got < .75*want || got > 1.3*want {
			t.Errorf("world %d: an interval of %.3f at precision %.2f, the binomial one is %.3f", seed, got, p, want)
		}
	}
}

// TestDecile: engagement counts from the top tenth of those who got any.
func TestDecile(t *testing.T) {
	people := make([]person, 40)
	for i := range people {
		people[i].target = make([]float64, len(targets))
		if i < 20 {
			people[i].target[2] = float64(i + 1)
		}
	}
	meet(people)
	for i, p := range people {
		if want := i == 18 || i == 19; p.met[2] != want {
			t.Errorf("person %d with %g met: %t", i, p.target[2], p.met[2])
		}
	}
}

// TestUnknownFollowers: a list by what nobody tells is no rival.
func TestUnknownFollowers(t *testing.T) {
	w := invent(1, 600, 9)
	for i := range w.past {
		w.past[i].Evidence.Followers = nil
	}
	r := run(t, w, Query{})
	var orders []string
	for _, m := range r.Targets[1].Orders {
		orders = append(orders, m.Order)
	}
	if want := []string{Product, Mentions, Engagement, Random}; !slices.Equal(orders, want) || r.Verdict != Better {
		t.Errorf("orders %v, want %v; %s", orders, want, r.Verdict)
	}
}

func TestPool(t *testing.T) {
	w := invent(5, 150, 9)
	if r := run(t, w, Query{}); r.Verdict != ShortHistory {
		t.Fatalf("one brand of 150 people: %s", r.Verdict)
	}
	r, err := Pool(t.Context(), w, []string{"a", "b", "c"}, Query{K: 30})
	if err != nil {
		t.Fatal(err)
	}
	one := newGroup(join(w.past, w.next, w.heard, 1), 10, 1)
	hits := 0
	for _, i := range one.orders[0][:10] {
		if one.people[i].met[1] {
			hits++
		}
	}
	if got := r.Targets[1].Orders[0].Hits; got != 3*hits || r.K != 30 || r.Candidates != 450 || r.Verdict != Better || !slices.Equal(r.Brands, []string{"a", "b", "c"}) {
		t.Errorf("%d hits, want %d; %d candidates of %v: %s", got, 3*hits, r.Candidates, r.Brands, r.Verdict)
	}
	few, err := Pool(t.Context(), invent(5, 20, 9), []string{"a", "b"}, Query{})
	if err != nil || few.Verdict != ShortHistory || len(few.Brands) != 0 {
		t.Errorf("brands too small to rank: %s of %v, %v", few.Verdict, few.Brands, err)
	}
}

// TestPoolLeavesOutWhomTheMomentDoesNotFit: a brand whose data end before the
// moment says nothing about the others.
func TestPoolLeavesOutWhomTheMomentDoesNotFit(t *testing.T) {
	ended := invent(7, 150, 9)
	ended.ends = cut.AddDate(0, -1, 0)
	r, err := Pool(t.Context(), worlds{"a": invent(5, 150, 9), "b": ended, "c": invent(6, 150, 9)}, []string{"a", "b", "c"}, Query{At: cut})
	if err != nil || !slices.Equal(r.Brands, []string{"a", "c"}) || r.Candidates != 300 || r.Verdict == ShortHistory {
		t.Errorf("%d candidates of %v: %s, %v", r.Candidates, r.Brands, r.Verdict, err)
	}
	for _, q := range []Query{{At: cut}, {K: -1}} {
		if _, err := Pool(t.Context(), ended, []string{"a", "b"}, q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%+v, which fits no brand, gave %v", q, err)
		}
	}
}

func TestSameEveryTime(t *testing.T) {
	if a, b := run(t, invent(7, 300, 2), Query{}), run(t, invent(7, 300, 2), Query{}); !reflect.DeepEqual(a, b) {
		t.Error("two runs on the same data differ")
	}
}

// TestFilterChoosesWhoIsRanked: an expression says who is ranked, not who came
// back.
func TestFilterChoosesWhoIsRanked(t *testing.T) {
	w := invent(1, 300, 2)
	if run(t, w, Query{Rank: rank.Query{Where: "mentions < 5"}}); w.asked != "mentions < 5" {
		t.Errorf("ranked were those of %q", w.asked)
	}
}

func TestRefused(t *testing.T) {
	for _, q := range []Query{
		{K: -1},
		{At: cut, Rank: rank.Query{Until: cut}},
		{At: cut, Rank: rank.Query{Since: cut.Add(time.Hour)}},
	} {
		if _, err := Run(t.Context(), invent(1, 300, 1), "b", q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%+v gave %v", q, err)
		}
	}
}

// TestMomentNobodyGave: where the middle leaves nothing after it the history is
// short, and no pool fails for it.
func TestMomentNobodyGave(t *testing.T) {
	w, q := invent(1, 300, 9), Query{Rank: rank.Query{Until: cut}}
	r := run(t, w, q)
	if r.Verdict != ShortHistory || r.Candidates != 0 || !r.At.IsZero() {
		t.Errorf("%s of %d people as of %s", r.Verdict, r.Candidates, r.At)
	}
	if p, err := Pool(t.Context(), w, []string{"a", "b"}, q); err != nil || p.Verdict != ShortHistory || len(p.Brands) != 0 {
		t.Errorf("pooled: %s of %v, %v", p.Verdict, p.Brands, err)
	}
}

func TestPoisson(t *testing.T) {
	sum, zeros := 0, 0
	for i := range uint64(100_000) {
		n := poisson(mix(i))
		sum += n
		if n == 0 {
			zeros++
		}
	}
	if math.Abs(float64(sum)/1e5-1) > .02 || math.Abs(float64(zeros)/1e5-math.Exp(-1)) > .01 {
		t.Errorf("mean %g, %g zeros", float64(sum)/1e5, float64(zeros)/1e5)
	}
}
