package scoring_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"adalid/scoring"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// crowd draws a population of one or two accounts each on three platforms, of
// which one tells nothing but posts.
func crowd(t *rapid.T) [][]scoring.Signals {
	people := make([][]scoring.Signals, rapid.IntRange(1, 90).Draw(t, "people"))
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	silent := rapid.Bool().Draw(t, "no sentiment at all")
	for i := range people {
		for range 1 + r.IntN(5)/4 {
			people[i] = append(people[i], account(r, silent))
		}
	}
	return people
}

func account(r *rand.Rand, silent bool) scoring.Signals {
	posts := float64(1 + r.IntN(30)*r.IntN(3))
	s := scoring.Signals{
		Platform:  []string{"x", "mastodon", "lemmy"}[r.IntN(3)],
		Effective: posts * r.Float64(), ActiveDays: min(posts, 1+9*r.Float64()) * r.Float64(),
		Days: min(posts, 1+9*r.Float64()),
	}
	s.DaySquares = s.Effective * s.ActiveDays / s.Days
	if !silent && r.IntN(3) > 0 {
		s.SentimentWeight = posts * (.1 + .9*r.Float64())
		s.SentimentSum = s.SentimentWeight * (2*r.Float64() - 1)
		s.LangWeights = map[string]float64{"en": 1}
		if r.IntN(4) == 0 {
			s.LangWeights["es"] = r.Float64()
		}
	}
	if s.Platform == "lemmy" {
		return s
	}
	if r.IntN(3) > 0 {
		s.Followers = new(float64(r.IntN(1 << r.IntN(20))))
	}
	if r.IntN(3) == 0 {
		s.Views = new(float64(r.IntN(1 << r.IntN(20))))
	}
	if r.IntN(3) > 0 {
		s.EngagementPosts = posts
		s.Engagement = float64(r.IntN(1 << r.IntN(12)))
	}
	if s.Platform == "x" {
		s.PageRank, s.Counterparts = new(.2+r.ExpFloat64()), new(float64(r.IntN(40)))
		s.Bridging = new(r.Float64() * float64(r.IntN(2)))
	}
	return s
}

func weights(t *rapid.T) scoring.Weights {
	var w scoring.Weights
	for w == (scoring.Weights{}) {
		for i := range w {
			w[i] = float64(rapid.IntRange(0, 9).Draw(t, "weight"))
		}
	}
	return w
}

func blend(t *rapid.T) scoring.Blend {
	return rapid.SampledFrom([]scoring.Blend{scoring.Geometric, scoring.Arithmetic}).Draw(t, "blend")
}

func TestScoresExplainThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, w, b := crowd(t), weights(t), blend(t)
		scale := scoring.Fit(people)
		var before scoring.Score
		for i, accounts := range people {
			s := scale.Score(accounts, w, b)
			if !(s.Total > 0 && s.Total <= 100) {
				t.Fatalf("score %v", s.Total)
			}
			shares, sum := 0.0, 0.0
			for n, p := range s.Parts {
				shares += p.Share
				sum += p.Weight
				if p.Share < 0 || p.Name != scoring.Names[n] {
					t.Fatalf("part %d is %+v", n, p)
				}
				if (p.Value == nil && (p.Weight != 0 || p.Imputed)) || (p.Value != nil && (*p.Value < scoring.Floor || *p.Value > 1)) {
					t.Fatalf("part %d is %+v", n, p)
				}
			}
			if !near(shares, s.Total) || !near(sum, 1) {
				t.Fatalf("shares sum to %v of %v, weights to %v", shares, s.Total, sum)
			}
			if i > 0 {
				explainsDifference(t, s, before)
			}
			before = s
			if s.Critic != (s.Mean != nil && said(accounts) < -.1) {
				t.Fatalf("critic with mean %v whose posts say %v", s.Mean, said(accounts))
			}
			c := scale.Components(accounts)
			if c.Total(w, b) != s.Total {
				t.Fatalf("total %v, score %v", c.Total(w, b), s.Total)
			}
			receiptHolds(t, s)
		}
	})
}

// said adds up what the posts of a person's accounts say.
// said is the mean of what a person's scored posts say, the kinder of that which
// prefers recent ones and that which does not.
func said(accounts []scoring.Signals) float64 {
	sum, whole, weight := 0.0, 0.0, 0.0
	for _, a := range accounts {
		sum += a.SentimentSum
		weight += a.SentimentWeight
		if a.SentimentWhole != nil {
			whole += *a.SentimentWhole
		} else {
			whole += a.SentimentSum
		}
	}
	return max(sum, whole) / weight
}

func explainsDifference(t *rapid.T, a, b scoring.Score) {
	product, sum := 1.0, 0.0
	for _, x := range scoring.Ratios(a, b) {
		product *= x
		sum += x
	}
	if a.Blend == scoring.Geometric && !near(product, a.Total/b.Total) {
		t.Fatalf("ratios multiply to %v, scores %v and %v", product, a.Total, b.Total)
	}
	if a.Blend == scoring.Arithmetic && !near(sum, a.Total-b.Total) {
		t.Fatalf("differences add up to %v, scores %v and %v", sum, a.Total, b.Total)
	}
}

func receiptHolds(t *rapid.T, s scoring.Score) {
	paper, err := json.Marshal(s.Receipt(scoring.Basis{AsOf: time.Unix(1e9, 0).UTC(), DataVersion: 7}))
	if err != nil {
		t.Fatal(err)
	}
	var r scoring.Receipt
	if err := json.Unmarshal(paper, &r); err != nil {
		t.Fatal(err)
	}
	if r.Recompute() != s.Total || r.Score != s.Total || r.DataVersion != 7 {
		t.Fatalf("the receipt %s gives %v, the score is %v", paper, r.Recompute(), s.Total)
	}
	wire, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var read scoring.Score
	if err := json.Unmarshal(wire, &read); err != nil {
		t.Fatal(err)
	}
	for i, p := range read.Parts {
		if p.Weight != r.Weights[i] || (p.Value == nil) != (r.Components[i] == nil) || p.Value != nil && *p.Value != *r.Components[i] {
			t.Fatalf("part %+v; the receipt says %s", p, paper)
		}
	}
	if got := byHand(read); got != read.Total || read.Total != s.Total {
		t.Fatalf("the parts give %v, the score is %v", got, s.Total)
	}
	r.Formula = "0"
	if !math.IsNaN(r.Recompute()) {
		t.Fatal("a receipt of another formula gives a number")
	}
}

// byHand is what a reader of a score's JSON computes.
func byHand(s scoring.Score) float64 {
	sum := 0.0
	for _, p := range s.Parts {
		switch {
		case p.Value == nil || p.Weight == 0:
		case s.Blend == scoring.Arithmetic:
			sum += float64(p.Weight * *p.Value)
		default:
			sum += float64(p.Weight * math.Log(*p.Value))
		}
	}
	if s.Blend == scoring.Arithmetic {
		return min(100*sum, 100)
	}
	return min(100*math.Exp(sum), 100)
}

// moreOf adds posts of unknown sentiment to an account: any number, on any days,
// with any reactions and views, as far as the account's other posts tell them.
func moreOf(t *rapid.T, s scoring.Signals) scoring.Signals {
	more := float64(rapid.IntRange(1, 40).Draw(t, "posts"))
	s.Effective += more * rapid.Float64Range(0, 1).Draw(t, "fresh")
	s.ActiveDays += rapid.Float64Range(0, more).Draw(t, "days")
	if s.EngagementPosts > 0 {
		s.EngagementPosts += more
		s.Engagement += float64(rapid.IntRange(0, 1<<rapid.IntRange(0, 30).Draw(t, "scale")).Draw(t, "reactions"))
	}
	if s.Views != nil {
		s.Views = new(max(*s.Views, float64(rapid.IntRange(0, 1<<20).Draw(t, "views of the day"))))
	}
	if s.Followers != nil {
		s.Followers = new(*s.Followers + float64(rapid.IntRange(0, 9).Draw(t, "new followers")))
	}
	return s
}

func notLower(t *rapid.T, before, after scoring.Components, own scoring.Weights) {
	for _, w := range append(presets(), own) {
		for _, b := range []scoring.Blend{scoring.Geometric, scoring.Arithmetic} {
			if x, y := before.Total(w, b), after.Total(w, b); y < x-1e-9 {
				t.Fatalf("%s with %v: %v fell to %v; components %v became %v", b, w, x, y, before.Value, after.Value)
			}
		}
	}
	if before.Critic() != after.Critic() {
		t.Fatalf("critic %v became %v", before.Critic(), after.Critic())
	}
}

func TestPostsOfUnknownSentimentNeverLowerAScoreOnOneScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := crowd(t)
		i := rapid.IntRange(0, len(people)-1).Draw(t, "who")
		scale := scoring.Fit(people)
		before := scale.Components(people[i])
		for j, account := range people[i] {
			if rapid.Bool().Draw(t, "writes here") {
				people[i][j] = moreOf(t, account)
			}
		}
		notLower(t, before, scale.Components(people[i]), weights(t))
	})
}

// The scale is fitted again, the person's new posts among the rest. It moves
// with the person, but by less, where each person has one account and nobody's
// views tell what others' followers are worth.
func TestPostsOfUnknownSentimentNeverLowerAScoreOnANewScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := crowd(t)
		views := rapid.Bool().Draw(t, "views are told, not followers")
		for i := range people {
			people[i] = people[i][:1]
			if a := &people[i][0]; views {
				a.Followers = nil
			} else {
				a.Views = nil
			}
		}
		i := rapid.IntRange(0, len(people)-1).Draw(t, "who")
		before := scoring.Fit(people).Components(people[i])
		people[i][0] = moreOf(t, people[i][0])
		notLower(t, before, scoring.Fit(people).Components(people[i]), weights(t))
	})
}

// Up to the number of posts that makes it largest, the response is the plain
// one; from there on, posts without reactions change nothing.
func TestResponseCountsPostsUpToItsPeak(t *testing.T) {
	people := make([][]scoring.Signals, 29) // on the fixed scale
	for i := range people {
		people[i] = []scoring.Signals{{Engagement: 100, EngagementPosts: float64(i + 1)}}
	}
	scale := scoring.Fit(people)
	for i, accounts := range people {
		n := min(float64(i+1), 9)
		want := n / (n + 5) * math.Log1p(100/n) / math.Log1p(50)
		if got := scale.Components(accounts).Value[scoring.Reach]; !near(got, want) {
			t.Errorf("%d posts with 100 reactions reach %v, want %v", i+1, got, want)
		}
	}
}

func TestOrderOfPeopleDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, w, b := crowd(t), weights(t), blend(t)
		scale := scoring.Fit(people)
		other := slices.Clone(people)
		slices.Reverse(other)
		again := scoring.Fit(other)
		for _, accounts := range people {
			x, y := scale.Score(accounts, w, b).Total, again.Score(accounts, w, b).Total
			if !near(x, y) {
				t.Fatalf("%v in one order, %v in the other", x, y)
			}
		}
	})
}

// Bridging that nobody is known by is left out; who alone is not takes the
// median.
func TestUnknownBridging(t *testing.T) {
	world := func(bridging func(i int) *float64) [][]scoring.Signals {
		people := make([][]scoring.Signals, 41)
		for i := range people {
			x := float64(i % 20)
			people[i] = []scoring.Signals{{
				Platform: "x", Effective: 1, ActiveDays: 1, PageRank: new(1 + x), Counterparts: new(1 + x), Bridging: bridging(i),
			}}
		}
		return people
	}
	network := func(people [][]scoring.Signals, i int) float64 {
		c := scoring.Fit(people).Components(people[i])
		if !c.Known[scoring.Network] || c.Imputed[scoring.Network] {
			t.Fatalf("person %d: %+v", i, c)
		}
		return c.Value[scoring.Network]
	}
	nobody := world(func(int) *float64 { return nil })
	same := world(func(int) *float64 { return new(.5) })
	oneMissing := world(func(i int) *float64 {
		if i == 7 {
			return nil
		}
		return new([]float64{0, .5, .75}[i%3])
	})
	median := world(func(i int) *float64 {
		if i == 7 {
			return new(.5)
		}
		return new([]float64{0, .5, .75}[i%3])
	})
	if a, b := network(nobody, 7), network(same, 7); a > b || b > 1 {
		t.Errorf("%g with no bridging known, %g where everybody's is the highest", a, b)
	}
	if a, b := network(oneMissing, 7), network(median, 7); math.Abs(a-b) > 1e-12 {
		t.Errorf("%g where the bridging is unknown, %g with the median", a, b)
	}
}

func TestNonsenseDoesNotBreakAScore(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	people := [][]scoring.Signals{
		nil,
		{{}},
		{{Effective: nan, ActiveDays: inf, SentimentSum: nan, SentimentWeight: 1}},
		{{SentimentSum: 1, SentimentWeight: inf, LangWeights: map[string]float64{"en": 0, "es": 0}}},
		{{SentimentSum: .5, SentimentWeight: 1, LangWeights: map[string]float64{"en": 0, "es": 0}}},
		{{Views: &nan, Followers: &inf, Engagement: -4, EngagementPosts: 1, PageRank: &inf, Counterparts: &nan, Bridging: &nan}},
		{{PageRank: &nan, Counterparts: &inf, Bridging: &inf}},
	}
	scale := scoring.Fit(people)
	for i, accounts := range append(people, []scoring.Signals{{Platform: "elsewhere", SentimentWeight: 1}}) {
		for _, b := range []scoring.Blend{scoring.Geometric, scoring.Arithmetic, "?"} {
			s := scale.Score(accounts, scoring.Weights{}, b)
			if !(s.Total > 0 && s.Total <= 100) {
				t.Errorf("person %d, %s: score %v", i, b, s.Total)
			}
			if s.Mean != nil && math.IsNaN(*s.Mean) {
				t.Errorf("person %d has no mean", i)
			}
		}
	}
}

func BenchmarkFitAndScore(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	people := make([][]scoring.Signals, 10_000)
	for i := range people {
		people[i] = []scoring.Signals{account(r, false)}
	}
	w, _ := scoring.Preset("balanced")
	b.ReportAllocs()
	for b.Loop() {
		scale := scoring.Fit(people)
		for _, accounts := range people {
			c := scale.Components(accounts)
			c.Total(w, scoring.Geometric)
		}
	}
}

// The worked example of docs/scoring.md.
func TestWorkedExample(t *testing.T) {
	balanced, _ := scoring.Preset("balanced")
	r := scoring.Receipt{Formula: scoring.Version, Weights: balanced, Blend: scoring.Geometric}
	for i, value := range []float64{0.8787878787878787, .9223264983700312, .5631311282781820, .3945155592449924} {
		r.Components[i] = &value
	}
	if got := r.Recompute(); math.Abs(got-72.4) > .05 {
		t.Errorf("geometric: %.2f", got)
	}
	r.Blend = scoring.Arithmetic
	if got := r.Recompute(); math.Abs(got-75.3) > .05 {
		t.Errorf("arithmetic: %.2f", got)
	}
}

// A wave of complaints by others turns nobody into a critic, whatever the wave
// and whoever the person.
func TestOthersMakeNoCritics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := crowd(t)
		i := rapid.IntRange(0, len(people)-1).Draw(t, "who")
		before := scoring.Fit(people).Components(people[i])
		wave := rapid.IntRange(1, 400).Draw(t, "wave")
		for range wave {
			people = append(people, []scoring.Signals{{
				Platform: "x", Effective: 1, ActiveDays: 1, Days: 1, DaySquares: 1,
				SentimentSum: -rapid.Float64Range(.3, 1).Draw(t, "anger"), SentimentWeight: 1, LangWeights: map[string]float64{"en": 1},
			}})
		}
		after := scoring.Fit(people).Components(people[i])
		if after.Critic() != before.Critic() {
			t.Fatalf("a critic whose posts say %v, with mean %v before and %v after", said(people[i]), before.Mean, after.Mean)
		}
	})
}

// κ is what tells how far one post can be believed: the variance of one
// person's posts over that between people.
func TestStrengthIsLearned(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	world := func(n int, between, within float64, posts func() int) [][]scoring.Signals {
		people := make([][]scoring.Signals, n)
		for i := range people {
			mean, k := .1+between*r.NormFloat64(), posts()
			s := scoring.Signals{Platform: "x", SentimentWeight: float64(k), LangWeights: map[string]float64{"en": 1}}
			for range k {
				s.SentimentSum += mean + within*r.NormFloat64()
			}
			people[i] = []scoring.Signals{s}
		}
		return people
	}
	several := func() int { return 1 + r.IntN(8) }
	alike := slices.Repeat([][]scoring.Signals{{{Platform: "x", Lang: "es", SentimentSum: 1, SentimentWeight: 1}}}, 40)
	for _, c := range []struct {
		what            string
		people          [][]scoring.Signals
		least, greatest float64
	}{
		{"posts tell much", world(20_000, .4, .8, several), 3.2, 4.9},                                                 // 4
		{"posts tell little", world(20_000, .2, .8, several), 12, 21},                                                 // 16
		{"people differ most", world(4000, .6, .2, several), 2, 2},                                                    // .11, clamped
		{"people are the same", world(4000, 0, .8, several), 40, 50},                                                  // ∞, clamped
		{"one post each, all alike", alike, 50, 50},                                                                   // nothing between
		{"few people", world(29, .4, .8, several), 5, 5},                                                              // fixed
		{"one post each", world(4000, .4, .8, func() int { return 1 }), 5, 5},                                         // cannot be told
		{"hardly anybody repeats", world(25, .1, .8, several), 5, 5},                                                  // fixed
		{"hundreds of posts of some", world(4000, .4, .8, func() int { return 1 + r.IntN(8)*r.IntN(2)*100 }), 3, 5.5}, // 4
	} {
		if k := scoring.Fit(c.people).Strength(); k < c.least || k > c.greatest {
			t.Errorf("%s: κ is %v, want %v to %v", c.what, k, c.least, c.greatest)
		}
	}
}

// What may truly be of a person is always a score, whatever the signals.
func TestPosteriorsAreScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, w, b := crowd(t), weights(t), blend(t)
		scale := scoring.Fit(people)
		open := scale.Uncertainty()
		for i, accounts := range people {
			c := scale.Components(accounts)
			p := open.Posterior(accounts, &c)
			draws := make([]float64, 40)
			p.Draws(w, b, rand.New(rand.NewPCG(1, uint64(i))), draws)
			some := p.Scatter(w, b, uint64(i))
			for _, list := range [][]float64{draws, some[:]} {
				if !slices.IsSorted(list) {
					t.Fatalf("not in order: %v", list)
				}
				for _, x := range list {
					if s := scoring.Points100(x); !(s >= 1.9 && s <= 100.001) {
						t.Fatalf("a score of %v with %v and %s", s, w, b)
					}
				}
			}
			if s := p.Safe(w, b); !(s >= 1.9 && s <= 100.001) || s < scoring.Points100(draws[0])-12 || s > scoring.Points100(draws[39]) {
				t.Fatalf("safe %v, drawn %v", s, draws)
			}
			if again := p.Scatter(w, b, uint64(i)); again != some {
				t.Fatal("the same seed scatters otherwise")
			}
		}
	})
}
