package rank

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBetaShare compares with the binomial sum that I_x(a, b) is for whole a and
// b, and with the arc sine law for halves.
func TestBetaShare(t *testing.T) {
	for _, x := range []float64{0, .001, .1, .37, .5, .9, .999, 1} {
		for a := 1; a <= 30; a += 3 {
			for b := 1; b <= 40; b += 7 {
				want, n := 0.0, a+b-1
				for j := a; j <= n; j++ {
					all, _ := math.Lgamma(float64(n + 1))
					in, _ := math.Lgamma(float64(j + 1))
					out, _ := math.Lgamma(float64(n - j + 1))
					want += math.Exp(all-in-out) * math.Pow(x, float64(j)) * math.Pow(1-x, float64(n-j))
				}
				if got := betaShare(x, float64(a), float64(b)); math.Abs(got-want) > 1e-10 {
					t.Errorf("I_%g(%d, %d) is %g, want %g", x, a, b, got, want)
				}
			}
		}
		if got, want := betaShare(x, .5, .5), 2/math.Pi*math.Asin(math.Sqrt(x)); math.Abs(got-want) > 1e-10 {
			t.Errorf("I_%g(½, ½) is %g, want %g", x, got, want)
		}
	}
	for _, p := range []float64{.025, .5, .975} {
		if got := betaShare(betaQuantile(p, 3.5, 80), 3.5, 80); math.Abs(got-p) > 1e-9 {
			t.Errorf("quantile of %g comes back as %g", p, got)
		}
	}
}

// TestMomentumCovers draws rates and days, and counts how often the interval
// holds the true ratio of rates.
func TestMomentumCovers(t *testing.T) {
	if testing.Short() {
		t.Skip("nothing here happens at once: beside the race detector it is only slower")
	}
	r := rand.New(rand.NewPCG(1, 5))
	usual := rates{shape: 2, days: 40}
	gamma2 := func() float64 { return (r.ExpFloat64() + r.ExpFloat64()) / usual.days } // of shape 2
	poisson := func(mean float64) (n int32) {
		for sum := r.ExpFloat64(); sum < mean; sum += r.ExpFloat64() {
			n++
		}
		return n
	}
	const people = 20_000
	held, below := 0, 0
	for range people {
		now, then := gamma2(), gamma2()
		days := int32(28 + r.IntN(300))
		recent, earlier := poisson(now*momentumDays), poisson(then*float64(days))
		m, ok := usual.momentum(&rhythm{active: 1 + recent + earlier, recent: recent, before: days})
		if !ok || !(m.Low < m.Ratio && m.Ratio < m.High) {
			t.Fatalf("%+v of %d and %d days", m, recent, earlier)
		}
		if r := (&rhythm{active: 1 + recent + earlier, recent: recent, before: days}); usual.rises(r) != (m.Low > 1) {
			t.Fatalf("%+v rises: %t", m, usual.rises(r))
		}
		switch ratio := now / then; {
		case ratio < m.Low:
			below++
		case ratio <= m.High:
			held++
		}
	}
	if share := float64(held) / people; share < .94 || share > .96 {
		t.Errorf("the interval of 95 %% holds the truth in %.3f of the cases", share)
	}
	if share := float64(below) / people; share > .03 {
		t.Errorf("the truth lies below the interval in %.3f of the cases", share)
	}
	if _, ok := usual.momentum(&rhythm{active: 9, recent: 9, before: momentumDays - 1}); ok {
		t.Error("too short a history has a momentum")
	}
}

func TestWatchedDays(t *testing.T) {
	runs := []dayRun{{10, 12}, {20, 20}}
	for _, c := range [][3]int32{{9, 13, 1}, {5, 9, 4}, {9, 12, 0}, {11, 25, 12}, {0, 30, 26}, {20, 21, 1}, {7, 7, 0}} {
		if got := watched(c[0], c[1], runs); got != c[2] {
			t.Errorf("after %d to %d: %d days, want %d", c[0], c[1], got, c[2])
		}
	}
}
