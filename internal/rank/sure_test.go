package rank_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

func balanced() scoring.Weights {
	w, _ := scoring.Preset("balanced")
	return w
}

// Places are worked out from everybody's chances; here everybody's scores are
// drawn together and sorted, many times.
func TestPlacesEqualBruteForce(t *testing.T) {
	computes(t)
	const draws = 500
	for seed, size := range []scope{{people: 60, posts: 500, days: 40}, {people: 400, posts: 2500, days: 60}, {people: 2000, posts: 6000, days: 90}} {
		for _, preset := range []string{"balanced", "far-reach"} {
			weights, _ := scoring.Preset(preset)
			q := rank.Query{Weights: weights, Blend: scoring.Geometric, MinMentions: 1, Intervals: true, Sort: rank.ByScore}
			r := rank.New(rank.Options{Store: invent(uint64(seed), size)})
			got, err := r.Rank(ctx, "brand", q)
			if err != nil {
				t.Fatal(err)
			}
			w, err := r.Opened("brand", q)
			if err != nil {
				t.Fatal(err)
			}
			want := bruteForce(r.Drawn(w, q, draws), draws)
			worst, sum, top := 0.0, 0.0, 0.0
			for _, e := range got.Entries {
				brute := want[e.Person.ID]
				p := e.Sure.Place
				low, high := scoring.Quantile(brute, .05), scoring.Quantile(brute, .95)
				// The interval always holds the place shown.
				low, high = min(low, float64(e.Rank)), max(high, float64(e.Rank))
				inTop := 0.0
				for _, x := range brute {
					if x <= rank.TopPlaces {
						inTop += 1. / draws
					}
				}
				scale := 2 + .1*(high-low+1) // chance moves the ends, more where places lie far apart
				off := max(math.Abs(low-float64(p.First)), math.Abs(high-float64(p.Last))) / scale
				worst, sum = max(worst, off), sum+off/float64(len(got.Entries))
				top = max(top, math.Abs(inTop-p.Top))
			}
			t.Logf("%d people, %s: ends are off by %.2f of the allowed in the mean, %.2f at most; the chance of the top by %.3f", size.people, preset, sum, worst, top)
			if sum > .4 || worst > 2.5 || top > .1 {
				t.Errorf("%d people, %s: too far from brute force", size.people, preset)
			}
		}
	}
}

// bruteForce gives each person's places over the draws, in ascending order.
func bruteForce(drawn map[string][]float64, draws int) map[string][]float64 {
	ids := []string{}
	for id := range drawn {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	places := map[string][]float64{}
	order := make([]int, len(ids))
	for d := range draws {
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			x, y := drawn[ids[a]][d], drawn[ids[b]][d]
			switch {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return a - b
		})
		for place, i := range order {
			places[ids[i]] = append(places[ids[i]], float64(place+1))
		}
	}
	for _, p := range places {
		slices.Sort(p)
	}
	return places
}

func TestSurenessIsAlwaysTheSame(t *testing.T) {
	m := invent(5, scope{people: 5000, posts: 9000, days: 60, merged: true})
	var want rank.Ranking
	for i, threads := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(threads)
		r := rank.New(rank.Options{Store: m})
		if i == 2 { // what was asked before leaves no trace
			rankWith(t, r, rank.Query{Intervals: true, Limit: 7, Weights: scoring.Weights{1, 1, 1, 1}})
		}
		got := rankWith(t, r, rank.Query{Intervals: true, Limit: 80})
		runtime.GOMAXPROCS(before)
		if i == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%d threads (-want +got):\n%s", threads, diff)
		}
	}
	// A page of the list says the same as the whole of it, and a person's page too.
	r := rank.New(rank.Options{Store: m})
	page := rankWith(t, r, rank.Query{Intervals: true, Offset: 30, Limit: 5})
	if diff := cmp.Diff(want.Entries[30:35], page.Entries); diff != "" {
		t.Errorf("page (-whole +page):\n%s", diff)
	}
	d, err := r.Person(ctx, "brand", want.Entries[31].Person.ID, rank.Query{Intervals: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Entries[31].Sure, d.Entry.Sure); diff != "" {
		t.Errorf("person (-list +person):\n%s", diff)
	}
	m.version = 99
	if other := rankWith(t, rank.New(rank.Options{Store: m}), rank.Query{Intervals: true, Limit: 80}); !cmp.Equal(want.Entries[0].Sure, other.Entries[0].Sure) {
		t.Error("the same data under another version draw otherwise")
	}
}

func rankWith(t *testing.T, r *rank.Ranker, q rank.Query) rank.Ranking {
	t.Helper()
	got, err := r.Rank(ctx, "brand", q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestSurenessMakesSense(t *testing.T) {
	m := invent(1, scope{people: 300, posts: 2500, days: 60, merged: true})
	r := rank.New(rank.Options{Store: m})
	for name, q := range queries() {
		q.Intervals = true
		got := rankWith(t, r, q)
		for _, e := range got.Entries {
			switch s := e.Sure; {
			case got.TooFew != (s == nil):
				t.Fatalf("%s: too few %v, sureness %+v", name, got.TooFew, s)
			case s == nil:
			case !(0 <= s.Low && s.Low <= e.Score.Total && e.Score.Total <= s.High && s.High <= 100 && s.Safe <= s.High):
				t.Fatalf("%s: score %v, %+v", name, e.Score.Total, s)
			case (s.Place == nil) != (e.Segment == rank.Critic):
				t.Fatalf("%s: a %s has places %+v", name, e.Segment, s.Place)
			case s.Place != nil && !(1 <= s.Place.First && s.Place.First <= e.Rank && e.Rank <= s.Place.Last && s.Place.Top >= 0 && s.Place.Top <= 1):
				t.Fatalf("%s: rank %d, %+v", name, e.Rank, s.Place)
			case s.Small != (e.Evidence.Mentions-e.Evidence.Sponsored < rank.FewPosts):
				t.Fatalf("%s: %d mentions, small sample %v", name, e.Evidence.Mentions, s.Small)
			}
		}
	}
	if e := rankWith(t, r, rank.Query{Limit: 1}).Entries[0]; e.Sure != nil {
		t.Error("sureness without being asked for")
	}
	if e := rankWith(t, r, rank.Query{Limit: 1, Intervals: true, Sort: rank.ByMentions}).Entries[0]; e.Sure == nil || e.Sure.Place != nil {
		t.Error("sorted by mentions, a person has places by score")
	}
}

func TestSafeSortsByTheLowerEnd(t *testing.T) {
	m := invent(2, scope{people: 300, posts: 1500, days: 60})
	r := rank.New(rank.Options{Store: m})
	got := rankWith(t, r, rank.Query{Safe: true, Intervals: true, All: true})
	plain := rankWith(t, r, rank.Query{})
	if got.Total != plain.Total+got.Critics || got.Entries[0].Segment != rank.Advocate || !got.Safe {
		t.Fatalf("%d entries, %d advocates", got.Total, plain.Total)
	}
	differ := false
	for i, e := range got.Entries[:plain.Total] {
		if i > 0 && e.Sure.Safe > got.Entries[i-1].Sure.Safe {
			t.Fatalf("place %d has %v, the one before %v", i+1, e.Sure.Safe, got.Entries[i-1].Sure.Safe)
		}
		differ = differ || e.Person.ID != plain.Entries[i].Person.ID
	}
	if !differ {
		t.Error("the safe order is the plain one")
	}
	d, err := r.Person(ctx, "brand", got.Entries[3].Person.ID, rank.Query{Safe: true})
	if err != nil || d.Entry.Rank != 4 {
		t.Errorf("the fourth is at %d on the own page, %v", d.Entry.Rank, err)
	}
	if _, err := r.Rank(ctx, "brand", rank.Query{Safe: true, Sort: rank.ByMentions}); adalid.CodeOf(err) != adalid.Invalid {
		t.Errorf("safe and sorted by mentions: %v", err)
	}
}

// BenchmarkUncertainty says how sure the first fifty are: among others with
// weights asked for the first time, in a window whose people were never asked
// about (the window itself is there), in the safe order, and again.
func BenchmarkUncertainty(b *testing.B) {
	for _, rows := range []int{90_000, 900_000, 2_400_000} {
		if testing.Short() && rows > 90_000 {
			break
		}
		r := rank.New(rank.Options{Store: newBulk(rows)})
		q := rank.Query{Limit: 50, Weights: balanced(), Blend: scoring.Geometric, MinMentions: 1, Sort: rank.ByScore}
		got, err := r.Rank(ctx, "brand", q)
		if err != nil {
			b.Fatal(err)
		}
		w, err := r.Opened("brand", q)
		if err != nil {
			b.Fatal(err)
		}
		run := func(what string, work func()) {
			b.Run(fmt.Sprintf("people=%d/%s", got.People, what), func(b *testing.B) {
				for b.Loop() {
					work()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(got.People), "ns/person")
			})
		}
		run("new weights", func() { w.Fields(q, false) })
		run("new window", func() { w.Fields(q, true) })
		q.Intervals = true
		run("asked again", func() { mustRank(b, r, q) })
		run("plain", func() { mustRank(b, r, rank.Query{Limit: 50}) })
	}
}
