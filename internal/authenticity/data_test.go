package authenticity_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/internal/authenticity"
)

// open gives the content of a file of the development data, unpacked.
func open(t *testing.T, path ...string) io.Reader {
	t.Helper()
	root := os.Getenv("ADALID_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(append([]string{root, "accounts"}, path...)...))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no development data")
	}
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(f.Name(), ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// labelled is a profile of which people know what it is.
type labelled struct {
	authenticity.Row
	bot bool
}

func cresci(t *testing.T) []labelled {
	t.Helper()
	profiles, labels := bufio.NewScanner(open(t, "bots_cresci.profiles.jsonl.gz")), csv.NewReader(open(t, "bots_cresci.labels.csv"))
	rows, err := labels.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	bots := map[string]bool{}
	for _, r := range rows[1:] {
		bots[r[0]] = r[1] == "1"
	}
	var out []labelled
	for profiles.Scan() {
		row, err := authenticity.ParseRow(profiles.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		bot, ok := bots[row.ID]
		if !ok {
			t.Fatalf("no label for a profile on line %d", len(out)+1)
		}
		out = append(out, labelled{row, bot})
	}
	return out
}

// auc is the chance that a bot scores higher than a genuine account, ties half
// (Mann & Whitney).
func auc(scores []float64, bot []bool) float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	var ranks, bots float64
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && scores[order[j]] == scores[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			if bot[k] {
				ranks += float64(i+1+j) / 2
				bots++
			}
		}
		i = j
	}
	return (ranks - bots*(bots+1)/2) / (bots * (float64(len(scores)) - bots))
}

// The acceptance of scoring.md, section 6. The rules never saw how much an
// account posts or likes.
func TestRulesTellBots(t *testing.T) {
	const least = 0.90
	var scores []float64
	var bot []bool
	var flagged, out [2]int
	holds := map[string][2]int{}
	for _, l := range cresci(t) {
		a := authenticity.Assess(l.Profile, authenticity.Behaviour{}, l.AsOf)
		scores, bot = append(scores, a.Probability), append(bot, l.bot)
		class := 0
		if l.bot {
			class = 1
		}
		if a.Probability >= authenticity.Badge {
			flagged[class]++
		}
		if a.Probability >= authenticity.LeaveOut {
			out[class]++
		}
		for _, r := range a.Reasons {
			n := holds[r.Code]
			n[class]++
			holds[r.Code] = n
		}
	}
	got := auc(scores, bot)
	t.Logf("AUC %.4f over %d accounts; from %.2f on: %d bots, %d genuine; from %.2f on: %d, %d",
		got, len(scores), authenticity.Badge, flagged[1], flagged[0], authenticity.LeaveOut, out[1], out[0])
	for code, n := range holds {
		t.Logf("  %-16s bots %4d, genuine %4d", code, n[1], n[0])
	}
	if got < least {
		t.Errorf("AUC %.4f, want at least %.2f", got, least)
	}
}

// features are what a fit may look at: the same sources as the rules, as
// numbers.
func features(l labelled) []float64 {
	p := l.Profile
	log := func(n *int64) float64 { return math.Log1p(float64(*n)) }
	flag := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	present := func(s *string) float64 { return flag(s != nil && *s != "") }
	followers, following, listed := log(p.Followers), log(p.Following), log(p.Listed)
	age := math.Log1p(l.AsOf.Sub(p.Created).Hours() / 24)
	return []float64{
		1, followers, following, listed, following - followers, math.Abs(following - followers), flag(*p.Following == 0), flag(*p.Followers == 0),
		age, present(p.Bio), present(p.URL), present(p.Location), flag(*p.DefaultImage), flag(*p.Verified), followers * listed,
	}
}

// TestFitBeside measures a logistic fit in five folds, each scored by a fit on
// the other four: what the same features would give on data like these. It is
// not shipped; docs/authenticity.md says why.
func TestFitBeside(t *testing.T) {
	const folds = 5
	data := cresci(t)
	x, bot := make([][]float64, len(data)), make([]bool, len(data))
	for i, l := range data {
		x[i], bot[i] = features(l), l.bot
	}
	standardise(x)
	fold := func(i int) int { return int(uint64(i) * 0x9e3779b97f4a7c15 >> 32 % folds) }
	scores := make([]float64, len(data))
	mean := 0.0
	for k := range folds {
		w := fit(x, bot, func(i int) bool { return fold(i) != k })
		var part []float64
		var truth []bool
		for i := range x {
			if fold(i) == k {
				scores[i] = dot(w, x[i])
				part, truth = append(part, scores[i]), append(truth, bot[i])
			}
		}
		mean += auc(part, truth) / folds
	}
	t.Logf("five-fold logistic fit: AUC %.4f pooled, %.4f mean of the folds", auc(scores, bot), mean)
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// standardise gives each column mean 0 and deviation 1, the constant excepted.
func standardise(x [][]float64) {
	n := float64(len(x))
	for c := 1; c < len(x[0]); c++ {
		var sum, square float64
		for _, row := range x {
			sum += row[c]
			square += row[c] * row[c]
		}
		mean := sum / n
		dev := math.Sqrt(max(1e-12, square/n-mean*mean))
		for _, row := range x {
			row[c] = (row[c] - mean) / dev
		}
	}
}

// fit is a logistic regression by gradient descent with a small ridge.
func fit(x [][]float64, bot []bool, train func(int) bool) []float64 {
	w := make([]float64, len(x[0]))
	for range 1500 {
		g, n := make([]float64, len(w)), 0.0
		for i, row := range x {
			if !train(i) {
				continue
			}
			e := 1 / (1 + math.Exp(-dot(w, row)))
			if bot[i] {
				e--
			}
			for c, v := range row {
				g[c] += e * v
			}
			n++
		}
		for c := range w {
			w[c] -= 1.0 * (g[c]/n + 1e-4*w[c])
		}
	}
	return w
}

var asOf = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
