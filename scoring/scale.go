package scoring

import "math"

// Scale is what a brand's people look like together in one window: the
// constants by which one person's signals become components. It never changes
// after Fit and may be shared.
type Scale struct {
	platforms map[string]*platform
	mean      float64 // brand's prior mean sentiment
	sentiment variance
	strength  float64 // κ of sentiment
	affinity  float64 // mean sentiment that reaches 1
	volume    axis
	activity  counts
	median    [components]float64 // stands in for what is unknown of one person
	spread    [components]curve   // of what is known of others, for the same
}

// Strength is κ: how many posts the usual sentiment weighs in each person's
// mean, between 2 and 50.
func (s *Scale) Strength() float64 { return s.strength }

// platform is the part of a Scale that belongs to one platform.
type platform struct {
	mean                                                  map[string]float64 // prior mean sentiment by language
	sentiment                                             bool
	views                                                 line
	potential, response, pageRank, counterparts, bridging axis

	loud, loudSpread float64 // usual ln(1 + reactions per post), and how much true ones vary
	ties             rates   // of counterparts
}

// axis maps a logarithm to [0, 1].
type axis struct {
	top    float64 // reaches 1
	least  float64 // no value is smaller
	median float64 // of the known values, as a component value
	known  bool
	spread curve // of the same
}

func (a axis) value(x float64) float64 { return min(max(x/a.top, a.least), 1) }

// fitAxis finds where known values reach 1, of which none is less than least; it
// reorders them.
func fitAxis(known []float64, top, least float64) axis {
	a := axis{top: top, least: least, known: len(known) > 0}
	if len(known) >= Enough {
		a.top = max(percentile(known, topShare), top*leastScale)
	}
	if a.known {
		a.median = a.value(percentile(known, .5))
		var h histogram
		for _, x := range known {
			h.add(math.Log(a.value(x)))
		}
		a.spread = h.curve()
	}
	return a
}

// line maps the logarithm of followers to that of expected views.
type line struct{ intercept, slope float64 }

func (l line) at(x float64) float64 { return max(0, l.intercept+l.slope*x) }

// fitLine is least squares; a slope outside [0, 1.5] is moved to its edge, for
// more followers are never taken for fewer views.
func fitLine(x, y []float64) line {
	if len(x) < Enough {
		return fixed.line
	}
	n, mx, my := float64(len(x)), 0.0, 0.0
	for i := range x {
		mx += x[i] / n
		my += y[i] / n
	}
	xx, xy := 0.0, 0.0
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (y[i] - my)
	}
	if xx == 0 {
		return fixed.line
	}
	slope := min(max(xy/xx, 0), 1.5)
	return line{my - slope*mx, slope}
}

// logOf is ln(1+x) of what counts something; nonsense counts nothing.
func logOf(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return math.Log1p(min(x, math.MaxFloat64))
}

// response is how strongly people react, m/(m+κ)·ln(1 + reactions/m): what m
// posts get each, diluted by Strength posts without any. m is the number of
// posts or, where fewer give more, the number that gives most; so a post more,
// whatever it gets, never lowers it. False when no counter is known.
func (s *Signals) response() (float64, bool) {
	if !(s.EngagementPosts > 0) || math.IsInf(s.EngagementPosts, 1) {
		return 0, false
	}
	return diluted(min(s.Engagement, math.MaxFloat64), s.EngagementPosts, logOf), true
}

// diluted is the response to so many posts with so many reactions together;
// log1p gives ln(1 + x).
func diluted(reactions, posts float64, log1p func(float64) float64) float64 {
	most := 0.0
	for m := 1.0; m <= posts; m++ {
		x := m / (m + Strength) * log1p(reactions/m)
		if x <= most { // there is one peak, soon: at 9 posts for 100 reactions
			break
		}
		most = x
	}
	return most
}

// potential is the logarithm of the views that a day's posts can get; false when
// neither views nor followers are known.
func (s *Signals) potential(l line) (float64, bool) {
	switch {
	case s.Views != nil:
		return logOf(*s.Views), true
	case s.Followers != nil:
		return l.at(logOf(*s.Followers)), true
	}
	return 0, false
}

// reach combines what an account can reach and how people react. What is
// unknown for its platform is left out, what is unknown only for the account
// takes the platform's median; false when both are unknown for the account.
func (p *platform) reach(s *Signals) (float64, bool) {
	potential, hasPotential := s.potential(p.views)
	response, hasResponse := s.response()
	if !hasPotential && !hasResponse {
		return 0, false
	}
	x, y := p.potential.median, p.response.median
	if hasPotential {
		x = p.potential.value(potential)
	}
	if hasResponse {
		y = p.response.value(response)
	}
	switch {
	case !p.response.known:
		return x, true
	case !p.potential.known:
		return y, true
	}
	return math.Exp(reachMix*math.Log(x) + (1-reachMix)*math.Log(y)), true
}

// bridges is the logarithm of 1 + 1/(1−P), where P is the participation
// coefficient: 1/(1−P) is the number of communities, all tied to evenly, that
// would spread as far (the inverse Simpson index, Hill 1973). So who stays
// within one community is not at nothing, and each more adds less.
func (s *Signals) bridges() (float64, bool) {
	if s.Bridging == nil {
		return 0, false
	}
	spread := 0.0
	if *s.Bridging > 0 { // nonsense spreads over nothing
		spread = min(*s.Bridging, .999)
	}
	return logOf(1 / (1 - spread)), true
}

// network combines how much attention arrives, from how many, and over how many
// communities they spread. Bridging that is unknown for the platform is left
// out; unknown for the account, it takes the platform's median.
func (p *platform) network(s *Signals) (float64, bool) {
	if s.PageRank == nil || s.Counterparts == nil {
		return 0, false
	}
	tied := math.Sqrt(p.pageRank.value(logOf(*s.PageRank)) * p.counterparts.value(logOf(*s.Counterparts)))
	if !p.bridging.known {
		return tied, true
	}
	bridging := p.bridging.median
	if x, ok := s.bridges(); ok {
		bridging = p.bridging.value(x)
	}
	return math.Exp((1-bridgeMix)*math.Log(tied) + bridgeMix*math.Log(bridging)), true
}

// Components gives the component values of one person of the population that
// the scale was fitted to, from the signals of the person's accounts. What
// people say and how often adds up over accounts; reach and network are those
// of the strongest account.
func (s *Scale) Components(accounts []Signals) Components {
	c := s.known(accounts, s.saidBy(accounts))
	c.standIn(&s.median)
	return c
}

// known gives the components with nothing yet in the place of those that are
// Imputed.
func (s *Scale) known(accounts []Signals, said said) Components {
	var c Components
	if said.known() {
		c.Mean, c.HasMean, c.negative = s.shrunk(&said), true, said.against()
	}
	c.choose(Affinity, s.affinityOf(c.Mean), c.HasMean, said.here)
	c.set(Volume, s.volume.value(volumeOf(accounts)))

	var reach, network float64
	var reachKnown, networkKnown, reachHere, networkHere bool
	for i := range accounts {
		p := s.platforms[accounts[i].Platform]
		if p == nil {
			continue
		}
		if x, ok := p.reach(&accounts[i]); ok {
			reach, reachKnown = max(reach, x), true
		}
		if x, ok := p.network(&accounts[i]); ok {
			network, networkKnown = max(network, x), true
		}
		reachHere = reachHere || p.potential.known || p.response.known
		networkHere = networkHere || p.pageRank.known
	}
	c.choose(Reach, reach, reachKnown, reachHere)
	c.choose(Network, network, networkKnown, networkHere)
	return c
}

// choose sets a component to what is known of the person, else marks it where
// others stand in, which takes that the platform knows it of them, else leaves
// it out.
func (c *Components) choose(i Component, value float64, known, here bool) {
	switch {
	case known:
		c.set(i, value)
	case here:
		c.Known[i], c.Imputed[i] = true, true
	}
}

// standIn sets what is unknown of the person to the medians.
func (c *Components) standIn(median *[components]float64) {
	for i, imputed := range c.Imputed {
		if imputed {
			c.set(Component(i), median[i])
		}
	}
}

// Score is the score of one person of the population that the scale was fitted
// to; weights and blend as in Components.Score.
func (s *Scale) Score(accounts []Signals, w Weights, b Blend) Score {
	c := s.Components(accounts)
	return c.Score(w, b)
}

// volumeOf is ln(1 + √(v·d)).
func volumeOf(accounts []Signals) float64 { return logOf(steadiness(accounts)) }

// steadiness is √(v·d).
func steadiness(accounts []Signals) float64 {
	v, d := 0.0, 0.0
	for i := range accounts {
		v += max(0, accounts[i].Effective)
		d += max(0, accounts[i].ActiveDays)
	}
	return math.Sqrt(v * d)
}

// said is what a person's scored posts say.
type said struct {
	sum, weight float64 // Σ w·s and Σ w
	whole       float64 // Σ w·s without preferring recent posts
	prior       float64 // what is usual on the platforms and in the languages, by their weight
	squares     float64 // Σ of squared weights: the variance of sum is the posts' times this
	here        bool    // somebody's sentiment is known on one of the platforms
}

func (s *said) known() bool { return s.weight > 0 }

// saidBy adds up the scored posts of a person's accounts.
func (s *Scale) saidBy(accounts []Signals) said {
	var all said
	for i := range accounts {
		a := &accounts[i]
		p := s.platforms[a.Platform]
		all.here = all.here || p != nil && p.sentiment
		if p == nil || !a.scored() {
			continue
		}
		all.sum += a.SentimentSum
		if a.SentimentWhole != nil {
			all.whole += *a.SentimentWhole
		} else {
			all.whole += a.SentimentSum
		}
		all.weight += a.SentimentWeight
		all.prior += a.SentimentWeight * p.prior(a, s.mean)
		all.squares += a.SentimentWeight * a.SentimentWeight / a.evidence()
	}
	if all.weight > 0 {
		all.prior /= all.weight
	}
	return all
}

// evidence is how many posts of equal weight the account's mean is worth.
func (s *Signals) evidence() float64 {
	if s.SentimentEvidence > 0 && s.SentimentEvidence < s.SentimentWeight {
		return s.SentimentEvidence
	}
	return s.SentimentWeight
}

// shrunk is the mean sentiment m = (Σ w·s + κ·μ)/(Σ w + κ).
func (s *Scale) shrunk(a *said) float64 {
	return (a.sum + s.strength*a.prior) / (a.weight + s.strength)
}

// against tells whether a person is known to speak against the brand: the mean of
// the own posts lies clearly below neutral, with and without preferring recent
// ones. What others say does not enter, so nobody becomes a critic because others
// complain.
func (s *said) against() bool { return max(s.sum, s.whole) < -discontent*s.weight }

// affinityOf puts a mean sentiment on the brand's scale, before its limits.
func (s *Scale) affinityOf(mean float64) float64 {
	return (neutrality + mean) / (neutrality + s.affinity)
}

// prior is the prior mean of an account's languages, by their parts.
func (p *platform) prior(a *Signals, brand float64) float64 {
	if a.Lang != "" { // nearly everybody
		if mean, ok := p.mean[a.Lang]; ok {
			return mean
		}
		return brand
	}
	sum, parts := 0.0, 0.0
	for lang, part := range a.languages() {
		mean, ok := p.mean[lang]
		if !ok {
			mean = brand
		}
		sum += part * mean
		parts += part
	}
	if parts == 0 {
		return brand
	}
	return sum
}
