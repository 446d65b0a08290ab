package rank

import (
	"adalid/scoring"
)

// components turns the candidates into signals and those into components.
func (c *collector) components(w *window, nets []*network) {
	from := &signaller{
		x: c.x, subtag: c.subtag, mixed: c.mixed, nets: nets,
		activeDays: map[int32]float64{},
	}
	signals := make([]scoring.Signals, len(w.accounts))
	numbers := make([]float64, perAccount*len(w.accounts))
	people := make([][]scoring.Signals, len(w.people))
	for i, person := range w.people {
		if w.start[i+1]-w.start[i] < 2 {
			continue
		}
		if u := c.unions[unionOf{person, everywhere}]; u != nil {
			u.close()
			from.activeDays[int32(i)] = u.activeDays
		}
	}
	inParts(len(people), 4096, func(low, high int) {
		for i := low; i < high; i++ {
			first, end := w.start[i], w.start[i+1]
			people[i] = signals[first:end]
			from.person(w, int32(i), people[i], numbers[perAccount*first:perAccount*end])
		}
	})
	scale, all := scoring.FitAll(people)
	c.byPlatform(w, scale, people)
	w.components, w.briefs = all, make([]brief, len(people))
	inParts(len(people), 4096, func(low, high int) {
		for i := low; i < high; i++ {
			w.briefs[i] = w.brief(i)
		}
	})
	w.open = &open{scale: scale, from: from}
}

// signaller makes the signals of a window's accounts; it may be shared.
type signaller struct {
	x          *index
	subtag     []string                     // by language
	mixed      map[int32]map[string]float64 // by account, of those scored in several languages
	nets       []*network                   // by platform
	activeDays map[int32]float64            // by candidate, of those with several accounts
}

// perAccount is how many numbers the signals of an account point to.
const perAccount = 5

// person fills in the signals of a candidate's accounts, as many as there are,
// with perAccount numbers for each to point to.
func (c *signaller) person(w *window, i int32, signals []scoring.Signals, numbers []float64) {
	accounts := w.accounts[w.start[i]:w.start[i+1]]
	for j := range accounts {
		c.signals(&accounts[j], &signals[j], numbers[perAccount*j:perAccount*(j+1)])
	}
	if days, ok := c.activeDays[i]; ok {
		for j := range signals {
			signals[j].ActiveDays = 0
		}
		signals[0].ActiveDays = days
	}
}

// unnamed is a language that has no tag: one like the others.
var unnamed = map[string]float64{"": 1}

// signals fills in the signals of one account.
func (c *signaller) signals(t *tally, s *scoring.Signals, numbers []float64) {
	*s = scoring.Signals{
		Platform: string(c.x.platformOf(t.account)), Effective: t.effective, ActiveDays: t.activeDays,
		Days: float64(t.organicDays), DaySquares: t.daySquares,
	}
	if t.sentimentWeight > 0 && t.recentWeight > 0 {
		// The mean prefers recent posts; how much it is worth follows from all.
		s.SentimentWeight = float64(t.sentimentWeight) / billion
		s.SentimentSum = s.SentimentWeight * t.recentSum / t.recentWeight
		whole := float64(t.sentimentOf) / billion
		s.SentimentWhole = &whole
		s.SentimentEvidence = t.recentWeight * t.recentWeight / t.recentSquare
	}
	switch {
	case t.lang == severalLangs:
		s.LangWeights = c.mixed[t.account]
	case t.lang >= 0:
		if s.Lang = c.subtag[t.lang]; s.Lang == "" {
			s.LangWeights = unnamed
		}
	}
	if t.bestDay >= 0 {
		numbers[0] = float64(t.bestDay)
		s.Views = &numbers[0]
	}
	if t.followers >= 0 {
		numbers[1] = float64(t.followers)
		s.Followers = &numbers[1]
	}
	s.Engagement, s.EngagementPosts = float64(t.engagement), float64(t.engagementKnown)
	if n := c.nets[c.x.accounts[t.account].platform]; n.known {
		numbers[2], numbers[3] = n.rank[t.account-n.first], float64(n.counterparts[t.account-n.first])
		numbers[4] = n.bridging[t.account-n.first]
		s.PageRank, s.Counterparts, s.Bridging = &numbers[2], &numbers[3], &numbers[4]
	}
}
