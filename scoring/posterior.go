package scoring

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Posterior is what a person's signals leave open: how well the person really
// speaks, how often, how people really react. It refers to the Scale and the
// Components that it was made of.
type Posterior struct {
	scale    *Scale
	platform *platform // of the account that leads the reach
	is       *Components

	mean, meanSpread         float32 // of the sentiment: normal
	shape, unit              float32 // √(v·d) is unit times a gamma variable
	posts, loud, loudSpread  float32 // ln(1 + reactions per post) of so many posts: normal, not below 0
	potential                float32 // its part of ln(reach)
	tied, tiesShape, tiesPer float32 // ln(network) without counterparts; those are tiesPer times a gamma variable
	ties                     *platform

	potentialOpen, responseOpen, hasPotential, hasResponse bool
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
func (s *Scale) Posterior(accounts []Signals, c *Components) Posterior {
	p := Posterior{scale: s, is: c}
	if said := s.saidBy(accounts); said.known() {
		k := s.strength
		open := said.squares*s.sentiment.within + k*k*s.sentiment.between
		p.mean, p.meanSpread = float32(s.shrunk(said)), float32(math.Sqrt(open)/(said.weight+k))
	}
	a := &s.activity
	p.shape = float32(a.prior.shape + min(steadiness(accounts), math.MaxInt32)/a.unit)
	p.unit = float32(a.unit / (1 + a.prior.rate*a.days))
	if c.Known[Reach] && !c.Imputed[Reach] {
		p.reach(s, accounts)
	}
	if c.Known[Network] && !c.Imputed[Network] {
		p.network(s, accounts)
	}
	return p
}

// leading gives the account with most of a component that is known of at least
// one, and its platform.
func (s *Scale) leading(accounts []Signals, by func(*platform, *Signals) (float64, bool)) (*Signals, *platform) {
	lead, most := 0, 0.0
	for i := range accounts {
		if len(accounts) == 1 {
			break
		}
		if on := s.platforms[accounts[i].Platform]; on != nil {
			if x, ok := by(on, &accounts[i]); ok && x > most {
				lead, most = i, x
			}
		}
	}
	return &accounts[lead], s.platforms[accounts[lead].Platform]
}

// reach takes over the account that leads the reach.
func (p *Posterior) reach(s *Scale, accounts []Signals) {
	lead, on := s.leading(accounts, (*platform).reach)
	p.platform = on
	p.hasPotential, p.hasResponse = on.potential.known, on.response.known
	if x, ok := lead.potential(on.views); ok {
		p.potential = float32(math.Log(on.potential.value(x)))
	} else {
		p.potentialOpen = true
	}
	y, ok := lead.loudness()
	if !ok {
		p.responseOpen = true
		return
	}
	chance := on.chance(lead)
	trust := on.loudSpread / (on.loudSpread + chance)
	p.posts, p.loud = float32(lead.EngagementPosts), float32(on.loud+trust*(y-on.loud))
	p.loudSpread = float32(math.Sqrt(trust * chance))
}

// network takes over the account that leads the network.
func (p *Posterior) network(s *Scale, accounts []Signals) {
	lead, on := s.leading(accounts, (*platform).network)
	p.ties = on
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
	p.tiesShape = float32(on.ties.shape + max(0, min(*lead.Counterparts, math.MaxInt32)))
	p.tiesPer = float32(1 / (1 + on.ties.rate))
}

// facets are the independent things of which something is open.
const (
	ofAffinity = iota
	ofVolume
	ofResponse
	ofPotential
	ofNetwork
	facets
)

// at gives what a facet adds to the logarithm of its component where it lies z
// standard deviations from its middle.
func (p *Posterior) at(facet int, z float64) float64 {
	s := p.scale
	switch facet {
	case ofAffinity:
		if !p.is.Known[Affinity] {
			return 0
		}
		if p.is.Imputed[Affinity] {
			return logWithin((s.mean + z*math.Sqrt(s.sentiment.between)) / s.affinity)
		}
		return logWithin((float64(p.mean) + z*float64(p.meanSpread)) / s.affinity)
	case ofVolume:
		return ln(s.volume.value(ln(1 + float64(p.unit)*gammaAt(float64(p.shape), z))))
	case ofNetwork:
		return p.networkAt(z)
	}
	if !p.is.Known[Reach] {
		return 0
	}
	if p.is.Imputed[Reach] {
		if facet == ofPotential {
			return s.spread[Reach].normal(z)
		}
		return 0
	}
	if facet == ofPotential {
		return p.potentialAt(z)
	}
	return p.responseAt(z)
}

func (p *Posterior) potentialAt(z float64) float64 {
	part := reachMix
	switch {
	case !p.hasPotential:
		return 0
	case !p.hasResponse:
		part = 1
	}
	if p.potentialOpen {
		return part * p.platform.potential.spread.normal(z)
	}
	return part * float64(p.potential)
}

func (p *Posterior) responseAt(z float64) float64 {
	part := 1 - reachMix
	switch {
	case !p.hasResponse:
		return 0
	case !p.hasPotential:
		part = 1
	}
	if p.responseOpen {
		return part * p.platform.response.spread.normal(z)
	}
	loud := max(0, float64(p.loud)+z*float64(p.loudSpread))
	x := diluted(float64(p.posts)*math.Expm1(loud), float64(p.posts), func(x float64) float64 { return ln(1 + x) })
	return part * ln(p.platform.response.value(x))
}

func (p *Posterior) networkAt(z float64) float64 {
	switch {
	case !p.is.Known[Network]:
		return 0
	case p.is.Imputed[Network]:
		return p.scale.spread[Network].normal(z)
	}
	part := .5
	if p.ties.bridging.known {
		part *= 1 - bridgeMix
	}
	x := float64(p.tiesPer) * gammaAt(float64(p.tiesShape), z)
	return float64(p.tied) + part*ln(p.ties.counterparts.value(ln(1+x)))
}

// gammaAt gives the quantile of a gamma variable of scale 1 that lies where z
// does in a standard normal distribution (Wilson & Hilferty 1931).
func gammaAt(shape, z float64) float64 {
	c := 1 / (9 * shape)
	root := 1 - c + z*math.Sqrt(c)
	if root <= 0 {
		return 0
	}
	return shape * root * root * root
}

func logWithin(x float64) float64 { return ln(min(max(x, Floor), 1)) }

// of gives which component each facet belongs to.
var of = [facets]Component{Affinity, Volume, Reach, Reach, Network}

// total blends what the facets add; it gives the logarithm of the score over
// 100.
func (p *Posterior) total(w *Weights, b Blend, add *[facets]float64) float64 {
	reach := add[ofResponse] + add[ofPotential]
	if b == Arithmetic {
		return ln(max(w[Affinity]*math.Exp(add[ofAffinity])+w[Volume]*math.Exp(add[ofVolume])+
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
