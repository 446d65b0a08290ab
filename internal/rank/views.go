package rank

import (
	"cmp"
	"math"
	"slices"

	"adalid/scoring"
)

func (v *viewer) needHistory() string {
	for i := range v.w.people {
		if r := v.w.rhythmOf(int32(i)); r.active > 0 && r.before >= momentumDays {
			return ""
		}
	}
	return "empty_history"
}

// leastRecent is on how many recent days who rises has posted at least.
const leastRecent = 3

// rising finds who posts more often than before.
func (v *viewer) rising() (hits []hit, err error) {
	v.usual = v.w.usualRates()
	usual, short := v.usual, 0
	v.each(true, func(i int32) {
		r := v.w.rhythmOf(i)
		if r.active > 0 && r.before < momentumDays {
			short++
		}
		if r.recent < leastRecent || int64(r.recent)*int64(r.before) <= int64(r.earlier())*momentumDays {
			return
		}
		if usual.rises(r) {
			hits = append(hits, hit{person: i, key: usual.low(r)})
		}
	})
	if short > 0 {
		v.notes = append(v.notes, reason("momentum_left_out", short, momentumDays))
	}
	return hits, nil
}

func (v *viewer) tellRising(h hit) Member {
	r := v.w.rhythmOf(h.person)
	m, _ := v.usual.momentum(r)
	low, code := math.Floor(10*m.Low)/10, "rising" // rounded up it would promise too much
	switch {
	case r.earlier() == 0:
		code = "rising_none"
	case low > 1:
		code = "rising_times"
	}
	return Member{
		Reasons: []Reason{reason(code, r.recent, momentumDays, r.earlier(), r.before, low)},
		Figures: []Figure{{"momentum", m.Ratio, &m.Low, &m.High}},
	}
}

// How rare a silence has to be, and how many active days make a rhythm.
const (
	rareSilence = .05
	leastRhythm = 5
)

// cooling finds advocates who lapsed against their own rhythm: silent for
// longer than ever before, and for longer than chance explains.
func (v *viewer) cooling() (hits []hit, err error) {
	v.each(true, func(i int32) {
		r := v.w.rhythmOf(i)
		if r.active >= leastRhythm && r.silent > r.longest && r.lapse() <= rareSilence {
			hits = append(hits, hit{person: i, key: v.score(i), second: float64(r.active)})
		}
	})
	return hits, nil
}

func (v *viewer) tellCooling(h hit) Member {
	r := v.w.rhythmOf(h.person)
	return Member{
		Reasons: []Reason{reason("cooling", float64(r.span)/float64(r.active-1), r.longest, r.silent, math.Ceil(100*r.lapse())/100)},
		Figures: []Figure{{Name: "silent_days", Value: float64(r.silent)}, {Name: "chance", Value: r.lapse()}},
	}
}

func (v *viewer) needNetwork() string {
	if v.w.tooFew {
		return "empty_few"
	}
	if !slices.ContainsFunc(v.w.nets, func(n *network) bool { return n != nil && n.known }) {
		return "empty_network"
	}
	return ""
}

// leastTies is how many accounts a connector is tied to at least.
const leastTies = 3

// connectors finds who ties communities together, as the picture of the network
// marks them: by ties and by how evenly these go to several communities.
func (v *viewer) connectors() (hits []hit, err error) {
	v.each(true, func(i int32) {
		c := &v.w.components[i]
		if !c.Known[scoring.Network] || c.Imputed[scoring.Network] || v.w.sums[i].counterparts < leastTies {
			return
		}
		if _, bridging := v.w.attention(i); bridging >= leastBridge {
			hits = append(hits, hit{person: i, key: c.Value[scoring.Network], second: bridging})
		}
	})
	return hits, nil
}

// attention gives a candidate's PageRank as a multiple of the mean, and the
// participation coefficient, those of the strongest account.
func (w *window) attention(i int32) (rank, bridging float64) {
	for _, t := range w.accounts[w.start[i]:w.start[i+1]] {
		if n := w.nets[w.index.accounts[t.account].platform]; n != nil && n.known {
			rank, bridging = max(rank, n.rank[t.account-n.first]), max(bridging, n.bridging[t.account-n.first])
		}
	}
	return rank, bridging
}

func (v *viewer) tellConnector(h hit) Member {
	rank, bridging := v.w.attention(h.person)
	return Member{
		Reasons: []Reason{reason("connector", v.w.sums[h.person].counterparts, 1/(1-bridging), rank)},
		Figures: []Figure{{Name: "communities", Value: 1 / (1 - bridging)}, {Name: "attention", Value: rank}},
	}
}

func (v *viewer) needSentiment() string {
	if v.w.tooFew {
		return "empty_few"
	}
	for i := range v.w.components {
		if v.w.components[i].HasMean {
			return ""
		}
	}
	return "empty_sentiment"
}

// leastJudged is from how many scored posts on somebody is called a critic who
// should be answered, or a competitor's fan.
const leastJudged = 2

// critics finds critics whom somebody hears.
func (v *viewer) critics() (hits []hit, err error) {
	heard := v.w.heardBy(func(i int32) bool { return v.w.segment(i) == Critic })
	v.each(false, func(i int32) {
		c, s := &v.w.components[i], &v.w.sums[i]
		if !c.Critic() || s.scored < leastJudged || s.sentimentOf >= 0 || heard[i] == 0 && s.engagement == 0 {
			return
		}
		reach := scoring.Floor
		if c.Known[scoring.Reach] && !c.Imputed[scoring.Reach] {
			reach = c.Value[scoring.Reach]
		}
		m := Member{
			Reasons: []Reason{reason("critic_heard", s.scored, float64(s.sentimentOf)/float64(s.sentimentWeight), c.Mean)},
			Figures: []Figure{{Name: "sentiment", Value: c.Mean}},
		}
		if heard[i] > 0 {
			m.Reasons = append(m.Reasons, reason("heard_by", heard[i]))
			m.Figures = append(m.Figures, Figure{Name: "listeners", Value: float64(heard[i])})
		}
		if s.engagement > 0 {
			m.Reasons = append(m.Reasons, reason("engagement", s.engagement, s.engagementKnown))
		}
		hits = append(hits, hit{person: i, key: -c.Mean * reach, second: float64(heard[i]), member: &m})
	})
	return hits, nil
}

func (v *viewer) tellCritic(hit) Member { return Member{} }

// heardBy counts the distinct people who reacted to each of the candidates
// chosen; see Audience.
func (w *window) heardBy(chosen func(i int32) bool) map[int32]int {
	var people, who []int32
	for i, person := range w.people {
		if chosen(int32(i)) {
			people, who = append(people, person), append(who, int32(i))
		}
	}
	list := w.listeners(people, false)
	slices.SortFunc(list, func(a, b Listens) int {
		return cmp.Or(cmp.Compare(a.Candidate, b.Candidate), cmp.Compare(a.Person, b.Person))
	})
	heard := map[int32]int{}
	for _, l := range slices.Compact(list) {
		heard[who[l.Candidate]]++
	}
	return heard
}

func (v *viewer) needOwn() string {
	if len(v.w.index.rules) == 0 {
		return "empty_own"
	}
	return ""
}

// answering finds who answers or quotes the brand's own accounts.
func (v *viewer) answering() (hits []hit, err error) {
	v.each(false, func(i int32) {
		if n := v.w.sums[i].answers; n > 0 {
			hits = append(hits, hit{person: i, key: float64(n), second: v.score(i)})
		}
	})
	return hits, nil
}

func (v *viewer) tellAnswers(h hit) Member {
	n := v.w.sums[h.person].answers
	return Member{Reasons: []Reason{reason("conversation", n)}, Figures: []Figure{{Name: "answers", Value: float64(n)}}}
}

// positive finds who speaks best of the brand.
func (v *viewer) positive() (hits []hit, err error) {
	v.each(true, func(i int32) {
		if c := &v.w.components[i]; c.HasMean && c.Mean > 0 && v.w.sums[i].sentimentOf > 0 {
			hits = append(hits, hit{person: i, key: c.Mean})
		}
	})
	return hits, nil
}

func (v *viewer) tellPositive(h hit) Member {
	s := &v.w.sums[h.person]
	return Member{
		Reasons: []Reason{reason("affinity", s.scored, float64(s.sentimentOf)/float64(s.sentimentWeight), v.w.components[h.person].Mean)},
		Figures: []Figure{{Name: "sentiment", Value: v.w.components[h.person].Mean}},
	}
}
