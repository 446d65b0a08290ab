package store

import (
	"math"
	"testing"
)

func TestCopyWeight(t *testing.T) {
	for _, c := range []struct{ k, s, weight, sum int64 }{
		{1, 400_000, 1_000_000_000, 400_000_000},
		{2, -1, 250_000_000, -250},
		{6, 1_000_000, 27_777_778, 27_777_778}, // 27,777,777.7…
		{6, -1_000_000, 27_777_778, -27_777_778},
		{44721, 0, 1, 0}, // 0.50001
		{44722, 0, 0, 0}, // 0.49998
		{math.MaxInt64, 1, 0, 0},
	} {
		if weight, sum := copyWeight(c.k, c.s); weight != c.weight || sum != c.sum {
			t.Errorf("copy %d of s %d: %d and %d, want %d and %d", c.k, c.s, weight, sum, c.weight, c.sum)
		}
	}
}

func TestDay(t *testing.T) {
	for _, c := range []struct {
		created optional
		want    int32
	}{
		{optional{}, NoDay},
		{optional{0, true}, 0},
		{optional{86399, true}, 0},
		{optional{86400, true}, 1},
		{optional{-1, true}, -1},
		{optional{-86400, true}, -1},
		{optional{-86401, true}, -2},
		{optional{minSecond, true}, -719528},
	} {
		if got := day(c.created); got != c.want {
			t.Errorf("day of %+v is %d, want %d", c.created, got, c.want)
		}
	}
}
