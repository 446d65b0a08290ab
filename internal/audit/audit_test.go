package audit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"adalid"
)

// invented gives items with what a person would say of each: the model errs
// more where it is unsure, and a part is not about the brand.
func invented(n int, seed uint64) ([]Item, map[string]Answer) {
	r := rand.New(rand.NewPCG(seed, 1))
	truth := map[string]Answer{}
	var items []Item
	for i := range n {
		it := Item{Key: fmt.Sprintf("x/%04d", i), Lang: []string{"es", "es", "en", "en", "pt", "de"}[r.IntN(6)], Confidence: 0.4 + 0.6*r.Float64()}
		it.Class = classes[min(r.IntN(4), 2)]
		a := Answer{Key: it.Key, Ours: r.Float64() < 0.85, Label: it.Class}
		if r.Float64() > it.Confidence {
			a.Label = classes[r.IntN(2)] // mostly not as positive as it looked
		}
		if r.IntN(20) == 0 {
			it.Class, it.Confidence = "", 0
		}
		if !a.Ours {
			a.Label = ""
		}
		items, truth[it.Key] = append(items, it), a
	}
	return items, truth
}

func answersTo(s Sample, truth map[string]Answer) (out []Answer) {
	for _, d := range s.Drawn {
		out = append(out, truth[d.Key])
	}
	return out
}

func TestDrawIsStratifiedAndRepeatable(t *testing.T) {
	items, _ := invented(2000, 1)
	s := Draw(items, 60, 7)
	shuffled := slices.Clone(items)
	rand.New(rand.NewPCG(3, 3)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	if again := Draw(shuffled, 60, 7); !reflect.DeepEqual(s, again) {
		t.Error("the same mentions in another order gave another sample")
	}
	if other := Draw(items, 60, 8); reflect.DeepEqual(s.Drawn, other.Drawn) {
		t.Error("another seed gave the same sample")
	}
	seen, drawn, size := map[string]bool{}, 0, 0
	for _, d := range s.Drawn {
		if seen[d.Key] {
			t.Errorf("%s was drawn twice", d.Key)
		}
		seen[d.Key] = true
	}
	for _, h := range s.Strata {
		drawn, size = drawn+h.Drawn, size+h.Size
		if h.Drawn < min(2, h.Size) {
			t.Errorf("stratum %+v has less than two", h)
		}
	}
	if drawn != 60 || len(s.Drawn) != 60 || size != 2000 {
		t.Errorf("%d drawn of strata, %d in all, of %d mentions", drawn, len(s.Drawn), size)
	}
}

func TestDrawOfFew(t *testing.T) {
	items, truth := invented(5, 1)
	for _, n := range []int{-1, 0, 1, 3, 5, 9} {
		s := Draw(items, n, 1)
		if want := min(max(n, 0), 5); len(s.Drawn) != want {
			t.Errorf("%d of 5: %d drawn", n, len(s.Drawn))
		}
		if _, err := Assess(s, answersTo(s, truth)); err != nil {
			t.Error(err)
		}
	}
	if s := Draw(nil, 60, 1); len(s.Drawn) != 0 {
		t.Errorf("of nothing: %+v", s)
	}
}

// Intervals are worth something only when they hold the true figure about as
// often as they say.
func TestIntervalsCover(t *testing.T) {
	items, truth := invented(3000, 5)
	everything := Draw(items, len(items), 1)
	whole, err := Assess(everything, answersTo(everything, truth))
	if err != nil {
		t.Fatal(err)
	}
	const runs = 400
	held := map[string]int{}
	mean := 0.
	for seed := range uint64(runs) {
		s := Draw(items, 60, seed)
		r, err := Assess(s, answersTo(s, truth))
		if err != nil {
			t.Fatal(err)
		}
		note := func(what string, got, want *Estimate) {
			if got.Low <= want.Value && want.Value <= got.High {
				held[what]++
			}
		}
		note("accuracy", r.Accuracy, whole.Accuracy)
		note("precision", r.Precision, whole.Precision)
		note("positive", r.Shares[2].True, whole.Shares[2].True)
		note("count", r.Shares[2].Count, whole.Shares[2].Count)
		mean += r.Shares[2].True.Value / runs
	}
	for _, what := range []string{"accuracy", "precision", "positive", "count"} {
		if share := float64(held[what]) / runs; share < 0.92 {
			t.Errorf("%s: the 95 %% interval held in %.1f %%", what, 100*share)
		}
	}
	if d := math.Abs(mean - whole.Shares[2].True.Value); d > 0.01 {
		t.Errorf("the share of positives is off by %.3f on average", d)
	}
	if counted := whole.Shares[2].Counted; counted < whole.Shares[2].True.Value+0.05 {
		t.Error("the invented model does not overstate positives: the test shows nothing")
	}
}

func TestAssessByHand(t *testing.T) {
	s := Sample{
		Total: 100,
		Strata: []Stratum{
			{Class: adalid.Positive, Lang: "es", Sure: true, Size: 80, Drawn: 2},
			{Class: adalid.Negative, Lang: "es", Sure: true, Size: 20, Drawn: 2},
		},
		Drawn: []Drawn{
			{Item{Key: "a", Class: adalid.Positive}, 0},
			{Item{Key: "b", Class: adalid.Positive}, 0},
			{Item{Key: "c", Class: adalid.Negative}, 1},
			{Item{Key: "d", Class: adalid.Negative}, 1},
		},
	}
	r, err := Assess(s, []Answer{{"a", adalid.Positive, true}, {"b", adalid.Negative, true}, {"c", adalid.Negative, true}, {"d", "", false}})
	if err != nil {
		t.Fatal(err)
	}
	// ours: 80 + 10; right: 40 + 10; positive: 40.
	for what, pair := range map[string][2]float64{
		"precision": {r.Precision.Value, 0.9}, "accuracy": {r.Accuracy.Value, 50. / 90}, "positive": {r.Shares[2].True.Value, 40. / 90},
		"count": {r.Shares[2].Count.Value, 40}, "counted": {r.Shares[2].Counted, 0.8},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-12 {
			t.Errorf("%s is %g, want %g", what, pair[0], pair[1])
		}
	}
	for _, bad := range [][]Answer{{{"z", adalid.Positive, true}}, {{"a", adalid.Positive, true}, {"a", adalid.Positive, true}}, {{"a", "", true}}} {
		if _, err := Assess(s, bad); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%+v was accepted: %v", bad, err)
		}
	}
}
