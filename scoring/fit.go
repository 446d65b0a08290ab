package scoring

import (
	"iter"
	"maps"
	"math"
	"slices"
)

// Fit learns the scale of a population: everybody who could be listed, each as
// the signals of the person's accounts. The order of people does not matter
// beyond the last bits of means.
func Fit(people [][]Signals) *Scale {
	s, _ := FitAll(people)
	return s
}

// FitAll is Fit that also gives the components of everybody, in order, which it
// works out on the way: what Scale.Components gives of each.
func FitAll(people [][]Signals) (*Scale, []Components) {
	s := &Scale{platforms: map[string]*platform{}}
	byPlatform := accountsOf(people)
	for name := range byPlatform {
		s.platforms[name] = &platform{}
	}
	atOnce(
		func() {
			for name, accounts := range byPlatform {
				s.platforms[name].fit(accounts)
			}
		},
		func() { s.fitSentiment(byPlatform) },
		func() { s.fitVolume(people); s.activity = fitCounts(people) },
	)
	return s, s.fitPeople(people)
}

// accountsOf gives the accounts of each platform, in the order of people.
func accountsOf(people [][]Signals) map[string][]*Signals {
	lists := map[string]*[]*Signals{}
	var name string
	var list *[]*Signals // of name: neighbours are mostly of one platform
	for _, person := range people {
		for i := range person {
			if of := person[i].Platform; list == nil || of != name {
				if lists[of] == nil {
					some := make([]*Signals, 0, len(people))
					lists[of] = &some
				}
				name, list = of, lists[of]
			}
			*list = append(*list, &person[i])
		}
	}
	all := make(map[string][]*Signals, len(lists))
	for name, list := range lists {
		all[name] = *list
	}
	return all
}

// fit fits what differs between platforms, but for sentiment.
func (p *platform) fit(accounts []*Signals) {
	var x, y []float64
	for _, a := range accounts {
		if a.Views != nil && a.Followers != nil {
			x, y = append(x, logOf(*a.Followers)), append(y, logOf(*a.Views))
		}
	}
	p.views = fitLine(x, y)

	known := make([]float64, 0, len(accounts))
	fit := func(of func(*Signals) (float64, bool), top float64) axis {
		known = known[:0]
		for _, a := range accounts {
			if x, ok := of(a); ok {
				known = append(known, x)
			}
		}
		return fitAxis(known, top, leastHeard)
	}
	p.potential = fit(func(a *Signals) (float64, bool) { return a.potential(p.views) }, fixed.potential)
	p.response = fit((*Signals).response, fixed.response)
	p.pageRank = fit(func(a *Signals) (float64, bool) { return logOfKnown(a.PageRank) }, fixed.pageRank)
	p.counterparts = fit(func(a *Signals) (float64, bool) { return logOfKnown(a.Counterparts) }, fixed.counterparts)
	p.bridging = fit((*Signals).bridges, fixed.bridging)
	p.fitReactions(accounts)
}

// fitReactions finds how much accounts differ in the reactions they get and in
// how many they are tied to.
func (p *platform) fitReactions(accounts []*Signals) {
	var loud []float64
	var ties []float64
	for _, a := range accounts {
		if x, ok := a.loudness(); ok {
			p.loud += x
			loud = append(loud, x)
		}
		if a.Counterparts != nil {
			ties = append(ties, max(0, min(*a.Counterparts, math.MaxInt32)))
		}
	}
	p.ties = fitRates(ties)
	p.loudSpread = usualResponse
	if len(loud) == 0 {
		return
	}
	n := float64(len(loud))
	p.loud /= n
	if n < Enough {
		return
	}
	total, chance := 0.0, 0.0
	for _, x := range loud {
		total += (x - p.loud) * (x - p.loud) / n
	}
	for _, a := range accounts {
		if _, ok := a.loudness(); ok {
			chance += p.chance(a) / n
		}
	}
	p.loudSpread = max(total-chance, total/20)
}

// chance is the variance that ln(1 + reactions per post) has by chance, by the
// delta method: the reactions to the posts of one person scatter by what chance
// adds to a count and by burst times their squared mean, which is taken a
// little towards the usual one.
func (p *platform) chance(a *Signals) float64 {
	mean := (max(0, min(a.Engagement, math.MaxInt32)) + math.Expm1(p.loud)) / (a.EngagementPosts + 1)
	if !(mean > 0) {
		return 0
	}
	return mean * (1 + burst*mean) / (a.EngagementPosts * (1 + mean) * (1 + mean))
}

// loudness is ln(1 + reactions per post); false when no counter is known.
func (s *Signals) loudness() (float64, bool) {
	if !(s.EngagementPosts > 0) || math.IsInf(s.EngagementPosts, 1) {
		return 0, false
	}
	return logOf(s.Engagement / s.EngagementPosts), true
}

func logOfKnown(x *float64) (float64, bool) {
	if x == nil {
		return 0, false
	}
	return logOf(*x), true
}

// meanSum adds up the mean sentiment of accounts; an account that writes in
// several languages counts for each by its part.
type meanSum struct{ sum, accounts float64 }

func (m meanSum) mean(otherwise float64) float64 {
	if m.accounts < Enough {
		return otherwise
	}
	return m.sum / m.accounts
}

// fitSentiment finds the prior means: of a platform's language where at least
// Enough accounts are scored, else the brand's where that many are, else 0.
func (s *Scale) fitSentiment(byPlatform map[string][]*Signals) {
	names := slices.Sorted(maps.Keys(byPlatform))
	brand, cells := meanSum{}, map[string]map[string]*meanSum{}
	for _, name := range names {
		cell := map[string]*meanSum{}
		for _, a := range byPlatform[name] {
			if !a.scored() {
				continue
			}
			s.platforms[name].sentiment = true
			mean := a.SentimentSum / a.SentimentWeight
			brand = meanSum{brand.sum + mean, brand.accounts + 1}
			for lang, part := range a.languages() {
				c := cell[lang]
				if c == nil {
					c = &meanSum{}
					cell[lang] = c
				}
				c.sum, c.accounts = c.sum+mean*part, c.accounts+part
			}
		}
		cells[name] = cell
	}
	s.mean = brand.mean(0)
	for name, cell := range cells {
		s.platforms[name].mean = make(map[string]float64, len(cell))
		for lang, m := range cell {
			s.platforms[name].mean[lang] = m.mean(s.mean)
		}
	}
	var means []sample
	for _, name := range names {
		for _, a := range byPlatform[name] {
			if a.scored() {
				away := a.SentimentSum/a.SentimentWeight - s.platforms[name].prior(a, s.mean)
				means = append(means, sample{away, a.evidence()})
			}
		}
	}
	s.sentiment = fitVariance(means, usualSentiment)
	s.strength = s.sentiment.strength()
}

// fitVolume fits how much people say.
func (s *Scale) fitVolume(people [][]Signals) {
	volumes := make([]float64, len(people))
	for i, accounts := range people {
		volumes[i] = volumeOf(accounts)
	}
	s.volume = fitAxis(volumes, fixed.volume, Floor)
}

// fitPeople fits what is compared over the whole brand and finds the medians
// that stand in for what is unknown of one person; it gives the components of
// everybody.
func (s *Scale) fitPeople(people [][]Signals) []Components {
	all := make([]said, len(people))
	inParts(len(people), func(from, to int) {
		for i := from; i < to; i++ {
			all[i] = s.saidBy(people[i])
		}
	})
	s.fitAffinity(all)
	list := make([]Components, len(people))
	inParts(len(people), func(from, to int) {
		for i := from; i < to; i++ {
			list[i] = s.known(people[i], all[i])
		}
	})
	var tasks [components]func()
	for i := range tasks {
		tasks[i] = func() { s.fitMedian(Component(i), list) }
	}
	atOnce(tasks[:]...)
	inParts(len(people), func(from, to int) {
		for i := from; i < to; i++ {
			list[i].standIn(&s.median)
		}
	})
	return list
}

// fitAffinity finds which mean sentiment reaches 1.
func (s *Scale) fitAffinity(all []said) {
	means := make([]float64, 0, len(all))
	for i := range all {
		if all[i].known() {
			means = append(means, max(0, s.shrunk(&all[i])))
		}
	}
	s.affinity = fixed.affinity
	if len(means) >= Enough {
		s.affinity = max(percentile(means, affinityShare), leastAffinity)
	}
}

// fitMedian finds the median of a component, and how it is spread, over the
// people of whom it is known.
func (s *Scale) fitMedian(i Component, list []Components) {
	values := make([]float64, 0, len(list))
	var h histogram
	for j := range list {
		// Critics leave the list, so whoever stays is compared with the others who
		// stay.
		if c := &list[j]; c.Known[i] && !c.Imputed[i] && (i != Affinity || !c.Critic()) {
			values = append(values, c.Value[i])
			h.add(c.log[i])
		}
	}
	s.median[i] = Floor
	if len(values) > 0 {
		s.median[i] = percentile(values, .5)
	}
	s.spread[i] = h.curve()
}

// percentile is the value below which the part p of the values lies, between
// two values by proportion: PERCENTILE.INC of a spreadsheet. It reorders the
// values, of which there is at least one.
func percentile(values []float64, p float64) float64 {
	at := p * float64(len(values)-1)
	k := int(at)
	low := nth(values, k)
	if k+1 >= len(values) {
		return low
	}
	return low + (at-float64(k))*(slices.Min(values[k+1:])-low)
}

// nth moves the k-th smallest value to place k, smaller ones before it and
// larger ones behind it, and gives it (Hoare's quickselect).
func nth(values []float64, k int) float64 {
	low, high := 0, len(values)-1
	for low < high {
		pivot := middle(values[low], values[low+(high-low)/2], values[high])
		i, j := low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return values[k]
		}
	}
	return values[k]
}

func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }

// scored tells whether the account's sentiment is known.
func (s *Signals) scored() bool {
	return s.SentimentWeight > 0 && !math.IsInf(s.SentimentWeight, 0) &&
		!math.IsNaN(s.SentimentSum) && !math.IsInf(s.SentimentSum, 0)
}

// languages yields the part that each language has in what was scored, in
// alphabetical order, so that sums keep their bits.
func (s *Signals) languages() iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		if s.Lang != "" {
			yield(s.Lang, 1)
			return
		}
		if len(s.LangWeights) == 1 {
			for lang := range s.LangWeights {
				yield(lang, 1)
			}
			return
		}
		total := 0.0
		langs := slices.Sorted(maps.Keys(s.LangWeights))
		for _, lang := range langs {
			total += max(0, s.LangWeights[lang])
		}
		if !(total > 0) || math.IsInf(total, 1) {
			return
		}
		for _, lang := range langs {
			if !yield(lang, max(0, s.LangWeights[lang])/total) {
				return
			}
		}
	}
}
