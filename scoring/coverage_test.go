package scoring

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// truth is what an invented person really is like.
type truth struct {
	mean, rate, reactions, followers, ties float64

	accounts []Signals
	expected Components // of what the person really is like, on the scale of what was seen
	posts    int
}

// taste is what an invented brand's people are like.
type taste struct {
	people             int
	mean, spread       float64 // of true sentiments
	noise              float64 // of a post's sentiment
	rate, rates        float64 // posts a day: middle and spread of the logarithm
	reactions, hits    float64 // the same of reactions per post
	burst              float64 // 1/shape of the reactions of one person's posts
	unscored, unfollow float64 // shares of people
	ternary            bool    // posts are −1, 0 or 1
}

var tastes = map[string]taste{
	"usual":   {people: 1200, mean: .25, spread: .35, noise: .5, rate: .02, rates: 1.2, reactions: 2, hits: 1.2, burst: .7, unscored: .1, unfollow: .1},
	"small":   {people: 150, mean: .2, spread: .3, noise: .5, rate: .05, rates: 1, reactions: 1, hits: 1, burst: .5, unscored: 0, unfollow: 0},
	"ternary": {people: 800, mean: .1, spread: .4, noise: .8, rate: .03, rates: 1, reactions: 5, hits: 1.5, burst: 1, unscored: .2, unfollow: 0, ternary: true},
	"angry":   {people: 1000, mean: -.2, spread: .4, noise: .5, rate: .02, rates: 1.5, reactions: .5, hits: 1, burst: .5, unscored: 0, unfollow: .3},
}

const spanDays = 120

func poisson(r *rand.Rand, mean float64) int {
	if mean > 60 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	n, p := 0, r.Float64()
	for limit := math.Exp(-mean); p > limit; n++ {
		p *= r.Float64()
	}
	return n
}

func gammaVariate(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gammaVariate(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1./3
	for {
		x := r.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v > 0 && math.Log(r.Float64()) < x*x/2+d-d*v*v*v+d*math.Log(v*v*v) {
			return d * v * v * v
		}
	}
}

// likes draws the reactions to n posts.
func (t taste) likes(r *rand.Rand, n int, mean float64) float64 {
	sum := 0
	for range n {
		sum += poisson(r, mean*t.burst*gammaVariate(r, 1/t.burst))
	}
	return float64(sum)
}

// invent draws a person and what is seen of it; false when nothing is.
func (t taste) invent(r *rand.Rand) (truth, bool) {
	p := truth{
		mean: min(max(t.mean+t.spread*r.NormFloat64(), -1), 1),
		rate: t.rate * math.Exp(t.rates*r.NormFloat64()), reactions: t.reactions * math.Exp(t.hits*r.NormFloat64()),
		followers: math.Round(200 * math.Exp(1.5*r.NormFloat64())), ties: 3 * gammaVariate(r, .7),
	}
	s := Signals{Platform: "x"}
	scored := r.Float64() >= t.unscored
	var recent, recentWeight, recentSquares float64
	for day := range spanDays {
		decay := math.Pow(.5, float64(day)/30)
		n := poisson(r, p.rate)
		if n == 0 {
			continue
		}
		p.posts += n
		x := min(float64(n), 1+math.Log1p(float64(n)))
		s.Effective += decay * x
		s.ActiveDays += decay
		s.Days++
		s.DaySquares += decay * decay * x
		for range n {
			said := min(max(p.mean+t.noise*r.NormFloat64(), -1), 1)
			if t.ternary {
				said = float64(int(2+p.mean+r.Float64()) - 2)
				if r.Float64() < .3 {
					said *= 0
				}
			}
			recent += decay * said
			recentWeight += decay
			recentSquares += decay * decay
		}
	}
	if p.posts == 0 {
		return p, false
	}
	if scored {
		s.SentimentWeight = float64(p.posts)
		s.SentimentSum = s.SentimentWeight * recent / recentWeight
		s.SentimentEvidence = recentWeight * recentWeight / recentSquares
		s.LangWeights = map[string]float64{"en": 1}
	}
	s.EngagementPosts, s.Engagement = float64(p.posts), t.likes(r, p.posts, p.reactions)
	if r.Float64() >= t.unfollow {
		s.Followers = &p.followers
	}
	seen := float64(poisson(r, p.ties))
	one := 1.0
	s.PageRank, s.Counterparts = &one, &seen
	p.accounts = []Signals{s}
	return p, true
}

// meanSaid is what the posts of a person say on average, given how posts are
// cut to [−1, 1].
func (t taste) meanSaid(r *rand.Rand, mean float64) float64 {
	if t.ternary {
		return mean * .7
	}
	sum := 0.0
	for range 400 {
		sum += min(max(mean+t.noise*r.NormFloat64(), -1), 1)
	}
	return sum / 400
}

// judge finds what the person's components would be, were the person known
// through and through: by the true mean sentiment, the expected activity, the
// reactions that the written posts would get on average, the true followers and
// the expected counterparts.
func (t taste) judge(r *rand.Rand, s *Scale, p *truth) {
	on := s.platforms["x"]
	p.expected = s.Components(p.accounts)
	c := &p.expected
	c.set(Affinity, max(0, t.meanSaid(r, p.mean))/s.affinity)
	v, d := 0.0, 0.0
	aDay := 0.0
	for range 2000 {
		if n := float64(poisson(r, p.rate)); n > 0 {
			aDay += min(n, 1+math.Log1p(n)) / 2000
		}
	}
	if p.rate < .1 { // a day with two posts hardly exists
		aDay = 1 - math.Exp(-p.rate) + p.rate*p.rate/2
	}
	for day := range spanDays {
		decay := math.Pow(.5, float64(day)/30)
		v += decay * aDay
		d += decay * (1 - math.Exp(-p.rate))
	}
	c.set(Volume, s.volume.value(math.Log1p(math.Sqrt(v*d))))
	loud := 0.0
	for range 100 {
		loud += math.Log1p(t.likes(r, p.posts, p.reactions)/float64(p.posts)) / 100
	}
	signals := p.accounts[0]
	signals.Followers = &p.followers
	signals.Engagement = float64(p.posts) * math.Expm1(loud)
	reach, _ := on.reach(&signals)
	c.set(Reach, reach)
	signals.Counterparts = &p.ties
	network, _ := on.network(&signals)
	c.set(Network, network)
}

func (t taste) world(seed uint64) ([]*truth, *Scale) {
	r := rand.New(rand.NewPCG(seed, 7))
	var people []*truth
	for len(people) < t.people {
		if p, ok := t.invent(r); ok {
			people = append(people, &p)
		}
	}
	signals := make([][]Signals, len(people))
	for i, p := range people {
		signals[i] = p.accounts
	}
	s := Fit(signals)
	for _, p := range people {
		t.judge(r, s, p)
	}
	return people, s
}

// hits counts how often an interval holds the truth.
type hits struct{ in, below, above int }

func (h *hits) add(low, true, high float64) {
	switch {
	case true < low:
		h.below++
	case true > high:
		h.above++
	default:
		h.in++
	}
}

func (h hits) of() int        { return h.in + h.below + h.above }
func (h hits) share() float64 { return float64(h.in) / float64(h.of()) }
func (h hits) String() string {
	return fmt.Sprintf("%.3f of %d (%d below, %d above)", h.share(), h.of(), h.below, h.above)
}

func postGroup(posts int) string {
	switch {
	case posts <= 2:
		return "1-2"
	case posts <= 9:
		return "3-9"
	}
	return "10+"
}

// A 90 % interval holds the true score of 85 to 95 of 100 people, in each group
// by number of posts.
func TestIntervalsHoldTheTruth(t *testing.T) {
	for name, taste := range tastes {
		t.Run(name, func(t *testing.T) {
			balanced, _ := Preset("balanced")
			groups := map[string]*hits{"all": {}, "1-2": {}, "3-9": {}, "10+": {}}
			single := map[string]*hits{}
			for seed := range uint64(4) {
				people, s := taste.world(seed)
				if seed == 0 {
					t.Logf("κ %.1f, sentiment %+v, reactions %.2f, activity %+v, ties %+v", s.strength, s.sentiment, s.platforms["x"].loudSpread, s.activity, s.platforms["x"].ties)
				}
				draws := make([]float64, 400)
				for i, p := range people {
					c := s.Components(p.accounts)
					if c.Critic() {
						continue
					}
					post := s.Posterior(p.accounts, &c)
					post.Draws(balanced, Geometric, rand.New(rand.NewPCG(seed, uint64(i))), draws)
					score := c.Total(balanced, Geometric)
					low, high := min(Quantile(draws, .05), score), max(Quantile(draws, .95), score)
					total := p.expected.Total(balanced, Geometric)
					for _, g := range []string{"all", postGroup(p.posts)} {
						groups[g].add(low, total, high)
					}
					for k := range Names {
						var w Weights
						w[k] = 1
						post.Draws(w, Geometric, rand.New(rand.NewPCG(seed, uint64(i))), draws)
						key := Names[k] + " " + postGroup(p.posts)
						if c.Imputed[k] {
							key = Names[k] + " imputed"
						}
						if single[key] == nil {
							single[key] = &hits{}
						}
						low, high := min(Quantile(draws, .05), 100*c.Value[k]), max(Quantile(draws, .95), 100*c.Value[k])
						single[key].add(low-1e-3, 100*p.expected.Value[k], high+1e-3)
					}
				}
			}
			keys := []string{}
			for k := range single {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				t.Logf("   %-20s %v", k, single[k])
			}
			for g, h := range groups {
				t.Logf("%-4s %v", g, h)
				if x := h.share(); x < .85 || x > .95 {
					t.Errorf("%s: %v", g, h)
				}
			}
		})
	}
}
