package scoring_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"adalid/scoring"
)

// A population large enough for several processors: the components are those
// of Scale.Components, whoever worked them out, and one language named is as
// good as a table of one.
func TestFitAll(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	people := make([][]scoring.Signals, 20_000)
	for i := range people {
		people[i] = []scoring.Signals{account(r, i%5 == 0), account(r, false)}[:1+i%7/6]
	}
	named := make([][]scoring.Signals, len(people))
	for i, accounts := range people {
		named[i] = slices.Clone(accounts)
		for j := range named[i] {
			if s := &named[i][j]; len(s.LangWeights) == 1 {
				s.Lang, s.LangWeights = "en", nil
			}
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	_, first := scoring.FitAll(people)
	imputed := 0
	for _, threads := range []int{1, 3} {
		runtime.GOMAXPROCS(threads)
		for what, people := range map[string][][]scoring.Signals{"tables": people, "names": named} {
			scale, all := scoring.FitAll(people)
			for i, c := range all {
				if c != first[i] || c != scale.Components(people[i]) {
					t.Fatalf("%d threads, languages by %s, person %d: %+v, first %+v, alone %+v", threads, what, i, c, first[i], scale.Components(people[i]))
				}
				if c.Imputed != [4]bool{} {
					imputed++
				}
			}
		}
	}
	if imputed == 0 {
		t.Error("nothing was unknown of anybody")
	}
}
