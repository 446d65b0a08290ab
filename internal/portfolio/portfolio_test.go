package portfolio

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// world is invented: a few candidates whom many hear, many whom few hear, and
// audiences that overlap because some people hear everybody.
func world(seed uint64, candidates, people, ties int) []Tie {
	rng := rand.New(rand.NewPCG(seed, 1))
	list := make([]Tie, ties)
	for i := range list {
		loud := rng.Float64()
		keen := rng.Float64()
		list[i] = Tie{int32(loud * loud * loud * float64(candidates)), int32(keen * keen * float64(people))}
	}
	return list
}

func TestGather(t *testing.T) {
	a := Gather(3, 5, []Tie{{2, 4}, {0, 1}, {2, 4}, {0, 1}, {0, 3}, {2, 0}, {-1, 0}, {3, 0}, {0, 5}, {0, -1}})
	want := [][]int32{{1, 3}, {}, {4, 0}}
	for c := range want {
		if got := a.Of(c); !slices.Equal(got, want[c]) {
			t.Errorf("candidate %d is heard by %v, want %v", c, got, want[c])
		}
	}
	if none := Gather(0, 0, nil); none.Candidates() != 0 {
		t.Errorf("%d candidates of none", none.Candidates())
	}
}

// TestOverlap: the second best by itself adds nobody.
func TestOverlap(t *testing.T) {
	a := Gather(4, 10, []Tie{
		{0, 0},
		{0, 1},
		{0, 2},
		{0, 3},
		{0, 4},
		{1, 0},
		{1, 1},
		{1, 2},
		{1, 3},
		{2, 5},
		{2, 6},
		{3, 7},
	})
	picks := choose(t, a, 4)
	if want := []Pick{{0, 5, 5}, {2, 2, 7}, {3, 1, 8}}; !slices.Equal(picks, want) {
		t.Errorf("picks %v, want %v", picks, want)
	}
	if got, want := Reach(a, []int{0, 1, 2, 3}), []int{5, 5, 7, 8}; !slices.Equal(got, want) {
		t.Errorf("the first ones reach %v, want %v", got, want)
	}
}

func choose(t testing.TB, a Audiences, k int, limits ...Limit) []Pick {
	t.Helper()
	picks, err := Choose(a, k, limits)
	if err != nil {
		t.Fatal(err)
	}
	return picks
}

// TestLazyEqualsGreedy: counting only at the top of the heap chooses as
// counting everybody every time does, with limits and without.
func TestLazyEqualsGreedy(t *testing.T) {
	for seed := range uint64(30) {
		a := Gather(60, 300, world(seed, 60, 300, 900))
		some, others := limit(60, 3, 4), limit(60, 4, 2)
		for _, limits := range [][]Limit{nil, {some}, {some, others}} {
			got, want := choose(t, a, 20, limits...), greedy(a, 20, limits)
			if !slices.Equal(got, want) {
				t.Fatalf("world %d, %d limits: picks %v, want %v", seed, len(limits), got, want)
			}
			for i := 1; i < len(got); i++ {
				if got[i].Adds > got[i-1].Adds || got[i].Reached != got[i-1].Reached+got[i].Adds {
					t.Fatalf("world %d: pick %d is %+v after %+v", seed, i, got[i], got[i-1])
				}
			}
		}
	}
}

// limit bounds every nth candidate.
func limit(candidates, nth, most int) Limit {
	l := Limit{Candidates: make([]bool, candidates), Most: most}
	for c := 0; c < candidates; c += nth {
		l.Candidates[c] = true
	}
	return l
}

// greedy counts everybody every time, with sets made of maps.
func greedy(a Audiences, k int, limits []Limit) []Pick {
	reached := map[int32]bool{}
	chosen := map[int]bool{}
	var picks []Pick
	for len(picks) < k {
		best, most := -1, 0
		for c := range a.Candidates() {
			adds := 0
			for _, m := range a.Of(c) {
				if !reached[m] {
					adds++
				}
			}
			if !chosen[c] && adds > most && allowed(limits, picks, c) {
				best, most = c, adds
			}
		}
		if best < 0 {
			break
		}
		for _, m := range a.Of(best) {
			reached[m] = true
		}
		chosen[best] = true
		picks = append(picks, Pick{best, most, len(reached)})
	}
	return picks
}

func allowed(limits []Limit, picks []Pick, c int) bool {
	for _, l := range limits {
		n := 0
		for _, p := range picks {
			if l.Candidates[p.Candidate] {
				n++
			}
		}
		if l.Candidates[c] && n >= l.Most {
			return false
		}
	}
	return true
}

// TestBound: at least 1 − 1/e of the best group there is, found by trying all.
func TestBound(t *testing.T) {
	const k = 3
	for seed := range uint64(40) {
		a := Gather(14, 60, world(seed, 14, 60, 90))
		best := 0
		for x := range 14 {
			for y := range x {
				for z := range y {
					best = max(best, Reach(a, []int{x, y, z})[k-1])
				}
			}
		}
		picks := choose(t, a, k)
		if got := picks[len(picks)-1].Reached; float64(got) < (1-1/math.E)*float64(best) || got > best {
			t.Errorf("world %d: %d reached, the best group reaches %d", seed, got, best)
		}
	}
}

func TestEnough(t *testing.T) {
	for _, c := range []struct {
		adds  []int
		want  int
		known bool
	}{
		{nil, 0, false},
		{[]int{7}, 0, false},
		{[]int{50, 30, 20}, 0, false},
		{[]int{90, 7}, 0, false},
		{[]int{90, 7, 1}, 2, true}, // 1 is less than 2 % of 97
		{[]int{90, 7, 1, 1, 1}, 2, true},
		{[]int{100, 2, 2, 1}, 2, true}, // 2 % is not less than 2 %
		{[]int{500, 9, 9}, 1, true},
	} {
		picks, reached := []Pick{}, 0
		for i, n := range c.adds {
			reached += n
			picks = append(picks, Pick{i, n, reached})
		}
		if got, known := Enough(picks); got != c.want || known != c.known {
			t.Errorf("%v: enough after %d (%v), want %d (%v)", c.adds, got, known, c.want, c.known)
		}
	}
}

// TestEnoughIsTheSameForEveryGroup: however many are chosen, with limits and
// without, the answer is one and the same from the pick on that gives it, and
// not known before; nobody after it adds 2 %; and Far picks always give it.
func TestEnoughIsTheSameForEveryGroup(t *testing.T) {
	told := 0
	for seed := range uint64(20) {
		a := Gather(150, 2000, world(seed, 150, 2000, 4000))
		for _, limits := range [][]Limit{nil, {limit(150, 3, 6)}, {limit(150, 3, 6), limit(150, 4, 5)}} {
			all := choose(t, a, 150, limits...)
			want, known := Enough(all)
			if !known && len(all) > Far {
				t.Fatalf("world %d: not known after %d picks", seed, len(all))
			}
			for k := 1; known && k <= len(all); k++ {
				if got, now := Enough(choose(t, a, k, limits...)); now != (k > want) || now && got != want {
					t.Fatalf("world %d, %d limits: %d of %d chosen say %d (%v), all say %d", seed, len(limits), k, len(all), got, now, want)
				}
				if k > want && 100*all[k-1].Adds >= 2*all[k-2].Reached {
					t.Fatalf("world %d: pick %d adds %d to %d, enough were %d", seed, k, all[k-1].Adds, all[k-2].Reached, want)
				}
			}
			if known {
				told++
			}
		}
	}
	if told < 20 {
		t.Errorf("only %d groups tell what is enough", told)
	}
}

// TestFar: people who all add the same are the longest that one has to look.
func TestFar(t *testing.T) {
	picks := make([]Pick, Far+1)
	for i := range picks {
		picks[i] = Pick{i, 3, 3 * (i + 1)}
	}
	if n, known := Enough(picks); n != Far || !known {
		t.Errorf("equals are enough after %d (%v), want %d", n, known, Far)
	}
	if n, known := Enough(picks[:Far]); known {
		t.Errorf("%d equals tell that %d are enough", Far, n)
	}
}

func TestRefused(t *testing.T) {
	a := Gather(2, 2, []Tie{{0, 0}})
	for _, c := range []struct {
		k      int
		limits []Limit
	}{
		{0, nil},
		{1, []Limit{{make([]bool, 2), -1}}},
		{1, []Limit{{make([]bool, 1), 1}}},
	} {
		if picks, err := Choose(a, c.k, c.limits); err == nil {
			t.Errorf("k %d, limits %v: %v instead of an error", c.k, c.limits, picks)
		}
	}
}

// BenchmarkChoose chooses 50 of 20,000 whom 6 million members hear.
func BenchmarkChoose(b *testing.B) {
	ties := world(1, 20_000, 2_000_000, 7_500_000)
	a := Gather(20_000, 2_000_000, ties)
	b.Run("gather", func(b *testing.B) {
		for b.Loop() {
			Gather(20_000, 2_000_000, ties)
		}
		b.ReportMetric(float64(len(a.Members)), "members")
	})
	b.Run("k=50", func(b *testing.B) {
		for b.Loop() {
			choose(b, a, 50)
		}
		b.ReportMetric(float64(len(a.Members)), "members")
	})
}
