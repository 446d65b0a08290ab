package rank

import (
	"slices"

	"adalid"
	"adalid/scoring"
)

// part is what a person with accounts on several platforms is on one of them,
// on the scale of the list.
type part struct {
	candidate  int32
	platform   uint16
	days       int32 // with an own mention
	components scoring.Components
}

// countDays gives the first of a person's accounts the days of all, each once.
func (c *collector) countDays(accounts []scoring.Signals, of unionOf) {
	u := c.unions[of]
	if u == nil || len(accounts) < 2 {
		return
	}
	for j := range accounts {
		accounts[j].ActiveDays = 0
	}
	u.close()
	accounts[0].ActiveDays = u.activeDays
}

// byPlatform computes the components that the accounts of one platform alone
// would have, for people who have others beside. The scale stays the list's:
// nobody's place changes by looking at the parts of one.
func (c *collector) byPlatform(w *window, scale *scoring.Scale, people [][]scoring.Signals) {
	for i := range people {
		from, end := w.start[i], w.start[i+1]
		first := c.x.accounts[w.accounts[from].account].platform
		if c.x.accounts[w.accounts[end-1].account].platform == first { // accounts stand by platform
			continue
		}
		for from < end {
			platform := c.x.accounts[w.accounts[from].account].platform
			p := part{candidate: int32(i), platform: platform}
			to := from
			for ; to < end && c.x.accounts[w.accounts[to].account].platform == platform; to++ {
				p.days = max(p.days, w.accounts[to].days)
			}
			alone := slices.Clone(people[i][from-w.start[i] : to-w.start[i]])
			for j := range alone {
				alone[j].ActiveDays = w.accounts[from+int32(j)].activeDays
			}
			of := unionOf{w.people[i], int32(platform)}
			if c.countDays(alone, of); len(alone) > 1 && c.unions[of] != nil {
				p.days = c.unions[of].own
			}
			p.components = scale.Components(alone)
			w.parts = append(w.parts, p)
			from = to
		}
	}
}

// part gives a candidate's part on a platform; nil for who has no other.
func (w *window) part(i int32, platform adalid.Platform) *part {
	n, _ := slices.BinarySearchFunc(w.parts, i, func(p part, i int32) int { return int(p.candidate - i) })
	for ; n < len(w.parts) && w.parts[n].candidate == i; n++ {
		if w.index.platforms[w.parts[n].platform] == platform {
			return &w.parts[n]
		}
	}
	return nil
}
