package scoring

import (
	"math"
	"math/rand/v2"
	"slices"
)

// facets are the independent things of which something is open; response and
// potential together are the reach.
const (
	ofAffinity = iota
	ofVolume
	ofResponse
	ofPotential
	ofNetwork
	facets
)

// of gives which component each facet belongs to.
var of = [facets]Component{Affinity, Volume, Reach, Reach, Network}

// Posterior is what a person's signals leave open: how well the person really
// speaks, how often, how people really react. It refers to the Uncertainty and
// the Components that it was made of.
type Posterior struct {
	facet [facets]facet
	tied  float32 // ln(network) without the counterparts
	is    *Components
}

// facet is a normal variable and what it adds to the logarithm of a component.
type facet struct {
	middle, spread float32
	by             *table // nil: middle is what it adds
}

func (f *facet) at(z float64) float64 {
	if f.by == nil {
		return float64(f.middle)
	}
	return f.by.at(float64(f.middle) + z*float64(f.spread))
}

// table is a function from 0 to an end, flat beyond, by linear interpolation
// between values in even steps.
type table struct {
	steps  float64 // per unit
	last   int
	values []float32
}

// Steps of tables: of what is evaluated slowly there are fewer.
const (
	fine   = 512
	coarse = 160
)

func newTable(end float64, steps int, of func(x float64) float64) *table {
	t := &table{steps: float64(steps) / end, last: steps, values: make([]float32, steps+1)}
	for i := range t.values {
		t.values[i] = float32(of(end * float64(i) / float64(steps)))
	}
	return t
}

func (t *table) at(x float64) float64 {
	x *= t.steps
	if !(x > 0) {
		return float64(t.values[0])
	}
	if x >= float64(t.last) {
		return float64(t.values[t.last])
	}
	i := int(x)
	low := float64(t.values[i])
	return low + (x-float64(i))*(float64(t.values[i+1])-low)
}

// Uncertainty is what a Scale says about how far signals can be trusted. It
// never changes and may be shared.
type Uncertainty struct {
	scale     *Scale
	affinity  *table
	volume    *table
	spread    [components]*table // of what is unknown, over a normal variable
	platforms map[string]*open
}

// open is the part of an Uncertainty that belongs to one platform.
type open struct {
	*platform
	responses                 [mostPosts]*table // over ln(1 + reactions per post), by posts, the last over those of mostPosts for more
	anyPotential, anyResponse *table            // of what is unknown, over a normal variable
	byTies                    *table            // of the counterparts, over their third root
}

// mostPosts is from how many posts on the same reactions altogether give nearly
// the same response: its peak lies at 9 posts for 100 reactions, at 16 for 1,000.
const mostPosts = 20

// overMost gives the middle and the spread of ln(1 + reactions per post) of so
// many posts as those of mostPosts which get the same reactions altogether, by
// the delta method.
func overMost(middle, spread, posts float64) (float64, float64) {
	each, times := math.Expm1(min(middle, 600)), min(posts, math.MaxInt32)/mostPosts
	return math.Log1p(times * each), spread * times * (1 + each) / (1 + times*each)
}

// overNormal shifts a standard normal variable so that tables begin at 0.
const overNormal = 4

// Uncertainty works out what the posteriors of all people share.
func (s *Scale) Uncertainty() *Uncertainty {
	u := &Uncertainty{
		scale:     s,
		affinity:  newTable(1, fine, func(x float64) float64 { return math.Log(min(max(x, Floor), 1)) }),
		volume:    rootTable(s.volume, 1),
		platforms: map[string]*open{},
	}
	for i := range u.spread {
		u.spread[i] = s.spread[i].table(1)
	}
	for name, p := range s.platforms {
		u.platforms[name] = p.open()
	}
	return u
}

func (p *platform) open() *open {
	o := &open{platform: p}
	response, potential := 1-reachMix, reachMix
	switch {
	case !p.potential.known:
		response = 1
	case !p.response.known:
		potential = 1
	}
	o.anyPotential, o.anyResponse = p.potential.spread.table(potential), p.response.spread.table(response)
	for i := range o.responses {
		posts := float64(i + 1)
		o.responses[i] = newTable(14, coarse, func(loud float64) float64 {
			return response * math.Log(p.response.value(diluted(posts*math.Expm1(loud), posts, math.Log1p)))
		})
	}
	part := .5
	if p.bridging.known {
		part *= 1 - bridgeMix
	}
	o.byTies = rootTable(p.counterparts, part)
	return o
}

// rootTable is part of the logarithm of a count's component over the count's
// third root, which is nearly normal where the count is a gamma variable
// (Wilson & Hilferty 1931).
func rootTable(a axis, part float64) *table {
	return newTable(math.Cbrt(math.Expm1(a.top)), fine, func(x float64) float64 {
		return part * math.Log(a.value(math.Log1p(x*x*x)))
	})
}

// table is part of a curve over a standard normal variable plus overNormal.
func (c *curve) table(part float64) *table {
	return newTable(2*overNormal, coarse, func(x float64) float64 { return part * c.normal(x-overNormal) })
}

// anyone is a facet of which nothing is known of the person.
func anyone(by *table) facet { return facet{overNormal, 1, by} }

// gammaRoot is the third root of a gamma variable times a unit.
func gammaRoot(shape, unit float64, by *table) facet {
	c, root := 1/(9*shape), math.Cbrt(shape*unit)
	return facet{float32(root * (1 - c)), float32(root * math.Sqrt(c)), by}
}

// counts says how √(v·d) follows from what a person does: unit is what one
// fresh day adds on average, days how many days of the window stand behind each,
// prior how often people do it.
type counts struct {
	prior      rates
	unit, days float64
}

// fitCounts learns from how often people are seen how often they can be
// expected.
func fitCounts(people [][]Signals) counts {
	seen := map[int]int{}
	sum, squares, days := 0.0, 0.0, 0.0
	for _, accounts := range people {
		d, q := 0.0, 0.0
		for i := range accounts {
			d += max(0, accounts[i].Days)
			q += max(0, accounts[i].DaySquares)
		}
		if n := math.Round(d); n >= 1 && n < math.MaxInt32 && q > 0 && !math.IsInf(q, 1) {
			seen[int(n)]++
			sum, squares, days = sum+steadiness(accounts), squares+q, days+d
		}
	}
	if !(sum > 0) || !(squares > 0) {
		return counts{prior: rates{shape: .5}, unit: 1}
	}
	c := counts{prior: fitSeen(seen), unit: squares / sum}
	c.days = days * c.unit / sum
	return c
}

// Posterior gives what is open about a person of the population that the scale
// was fitted to; c are the person's Components, which must not change.
//
// Sentiment is normal around the shrunk mean. √(v·d) is a gamma variable, as
// that of a Poisson process whose rate is drawn like other people's, of whom
// only those who posted are seen. Reactions per post are normal on the log
// scale, shrunk as sentiment is; counterparts are a gamma variable. Views,
// followers, PageRank and bridging are taken as seen. What is unknown of the
// person spreads like what is known of others.
func (u *Uncertainty) Posterior(accounts []Signals, c *Components) Posterior {
	p, s := Posterior{is: c}, u.scale
	if said := s.saidBy(accounts); said.known() {
		k := s.strength
		open := said.squares*s.sentiment.within + k*k*s.sentiment.between
		p.facet[ofAffinity] = facet{
			float32(s.affinityOf(c.Mean)), float32(math.Sqrt(open) / (said.weight + k) / (neutrality + s.affinity)), u.affinity,
		}
	} else if c.Imputed[Affinity] {
		p.facet[ofAffinity] = facet{
			float32(s.affinityOf(s.mean)), float32(math.Sqrt(s.sentiment.between) / (neutrality + s.affinity)), u.affinity,
		}
	}
	a := &s.activity
	p.facet[ofVolume] = gammaRoot(a.prior.shape+min(steadiness(accounts), math.MaxInt32)/a.unit, a.unit/(1+a.prior.rate*a.days), u.volume)
	switch {
	case c.Imputed[Reach]:
		p.facet[ofPotential] = anyone(u.spread[Reach])
	case c.Known[Reach]:
		u.reach(&p, accounts)
	}
	switch {
	case c.Imputed[Network]:
		p.facet[ofNetwork] = anyone(u.spread[Network])
	case c.Known[Network]:
		u.network(&p, accounts)
	}
	return p
}

// leading gives the account with most of a component that is known of at least
// one, and its platform.
func (u *Uncertainty) leading(accounts []Signals, by func(*platform, *Signals) (float64, bool)) (*Signals, *open) {
	lead, most := 0, 0.0
	for i := range accounts {
		if len(accounts) == 1 {
			break
		}
		if on := u.platforms[accounts[i].Platform]; on != nil {
			if x, ok := by(on.platform, &accounts[i]); ok && x > most {
				lead, most = i, x
			}
		}
	}
	return &accounts[lead], u.platforms[accounts[lead].Platform]
}

// reach takes over the account that leads the reach.
func (u *Uncertainty) reach(p *Posterior, accounts []Signals) {
	lead, on := u.leading(accounts, (*platform).reach)
	if on.potential.known {
		p.facet[ofPotential] = anyone(on.anyPotential)
		if x, ok := lead.potential(on.views); ok {
			part := reachMix
			if !on.response.known {
				part = 1
			}
			p.facet[ofPotential] = facet{middle: float32(part * math.Log(on.potential.value(x)))}
		}
	}
	if !on.response.known {
		return
	}
	p.facet[ofResponse] = anyone(on.anyResponse)
	if y, ok := lead.loudness(); ok {
		chance := on.chance(lead)
		trust := on.loudSpread / (on.loudSpread + chance)
		middle, spread := on.loud+trust*(y-on.loud), math.Sqrt(trust*chance)
		posts := int(min(max(lead.EngagementPosts, 1), mostPosts))
		if lead.EngagementPosts > mostPosts {
			middle, spread = overMost(middle, spread, lead.EngagementPosts)
		}
		p.facet[ofResponse] = facet{float32(middle), float32(spread), on.responses[posts-1]}
	}
}

// network takes over the account that leads the network.
func (u *Uncertainty) network(p *Posterior, accounts []Signals) {
	lead, on := u.leading(accounts, (*platform).network)
	part := 1.0
	if on.bridging.known {
		part = 1 - bridgeMix
		bridging := on.bridging.median
		if x, ok := lead.bridges(); ok {
			bridging = on.bridging.value(x)
		}
		p.tied = float32(bridgeMix * math.Log(bridging))
	}
	p.tied += float32(part / 2 * math.Log(on.pageRank.value(logOf(*lead.PageRank))))
	p.facet[ofNetwork] = gammaRoot(on.ties.shape+max(0, min(*lead.Counterparts, math.MaxInt32)), 1/(1+on.ties.rate), on.byTies)
}

// at gives what a facet adds to the logarithm of its component where it lies z
// standard deviations from its middle.
func (p *Posterior) at(f int, z float64) float64 {
	x := p.facet[f].at(z)
	if f == ofNetwork {
		x += float64(p.tied)
	}
	return x
}

// total blends what the facets add; it gives the logarithm of the score over
// 100.
func (p *Posterior) total(w *Weights, b Blend, add *[facets]float64) float64 {
	reach := add[ofResponse] + add[ofPotential]
	if b == Arithmetic {
		return math.Log(max(w[Affinity]*math.Exp(add[ofAffinity])+w[Volume]*math.Exp(add[ofVolume])+
			w[Reach]*math.Exp(reach)+w[Network]*math.Exp(add[ofNetwork]), 1e-9))
	}
	return w[Affinity]*add[ofAffinity] + w[Volume]*add[ofVolume] + w[Reach]*reach + w[Network]*add[ofNetwork]
}

// Points100 gives the score, 0 to 100, of a logarithm that Draws or Scatter
// gave.
func Points100(log float64) float64 { return 100 * math.Exp(min(log, 0)) }

// Draws fills into with scores that the person may truly have, drawn at random,
// in ascending order, as logarithms of what they are of 100. Each facet is
// drawn once from each of as many equally likely parts, in random order
// (McKay, Beckman & Conover 1979), which settles quantiles sooner.
func (p *Posterior) Draws(w Weights, b Blend, r *rand.Rand, into []float64) {
	w = p.is.effective(w.normal())
	n := len(into)
	adds, parts := make([][facets]float64, n), make([]int, n)
	for f := range facets {
		if !(w[of[f]] > 0) {
			continue
		}
		for i := range parts { // a shuffle from the inside out
			j := r.IntN(i + 1)
			parts[i], parts[j] = parts[j], i
		}
		for i, part := range parts {
			z := -math.Sqrt2 * math.Erfcinv(2*(float64(part)+r.Float64())/float64(n))
			adds[i][f] = p.at(f, min(max(z, -4), 4))
		}
	}
	for i := range into {
		into[i] = p.total(&w, b, &adds[i])
	}
	slices.Sort(into)
}
