package rank

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// ids are what accounts and people are called: hashes, and numbers with a
// common beginning.
func ids(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]string, n)
	for i := range list {
		switch i % 3 {
		case 0:
			list[i] = fmt.Sprintf("%016x", r.Uint64())
		case 1:
			list[i] = fmt.Sprintf("17%018d", r.Uint64N(1e18))
		default:
			list[i] = "did:plc:" + fmt.Sprintf("%024x", r.Uint64())
		}
	}
	return list
}

func textsOf(list []string) (t texts, places []int32) {
	for i, s := range list {
		t.add(s)
		places = append(places, int32(i))
	}
	return t, places
}

// Texts are sorted as strings are, whatever bytes they hold; equal ones keep the
// order of their places.
func TestTextsSortAsStrings(t *testing.T) {
	list := append(ids(5000), "", "a", "a\x00", "a\x00\x00b", "a", strings.Repeat("x", 7), strings.Repeat("x", 8), strings.Repeat("x", 14), strings.Repeat("x", 15), "ñ", "\xff", "\xff\xff")
	list = append(list, list[:100]...)
	texts, places := textsOf(list)
	texts.sort(places)
	want := make([]int32, len(list))
	for i := range want {
		want[i] = int32(i)
	}
	slices.SortStableFunc(want, func(a, b int32) int { return strings.Compare(list[a], list[b]) })
	if !slices.Equal(places, want) {
		t.Error("the order is another")
	}
}

func BenchmarkSortTexts(b *testing.B) {
	list := ids(1_000_000)
	texts, places := textsOf(list)
	run := func(name string, sort func([]int32)) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				sort(slices.Clone(places))
			}
		})
	}
	run("cached", texts.sort)
	run("strings", func(p []int32) {
		slices.SortFunc(p, func(a, b int32) int { return strings.Compare(list[a], list[b]) })
	})
}
