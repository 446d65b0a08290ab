package rank

import (
	"math"
	"time"
)

// newDays is how long somebody is new.
const newDays = 7

// newPeople finds who wrote about the brand for the first time ever, on any
// platform and in any language, in the last days up to as-of.
func (v *viewer) newPeople() (hits []hit, err error) {
	w := v.w
	cut := w.at.AddDate(0, 0, -newDays).Unix()
	before, oldest, err := v.wroteUpTo(cut)
	if err != nil {
		return nil, err
	}
	if oldest > cut {
		v.empty = &Reason{Code: "empty_young", Values: []any{time.Unix(oldest, 0)}}
		return nil, nil
	}
	first := w.firstDays()
	v.each(false, func(i int32) {
		if !before[w.people[i]] {
			hits = append(hits, hit{person: i, key: v.score(i), second: float64(w.sums[i].own), day: first[i]})
		}
	})
	return hits, nil
}

// firstDays gives the day of each candidate's first own mention in the window.
func (w *window) firstDays() []int32 {
	of, first := w.candidateOf(), filled(len(w.people), NoDay)
	wanted := w.wanted()
	for _, p := range w.list {
		for j := p.from; j < p.to; j++ {
			i := of[p.rows.account[j]]
			if i >= 0 && first[i] == NoDay && p.rows.own[j] > 0 && (wanted == nil || wanted[p.rows.lang[j]]) {
				first[i] = p.rows.day[j]
			}
		}
	}
	return first
}

// wroteUpTo tells by person who had an own mention up to a moment, and when the
// oldest one was written.
func (v *viewer) wroteUpTo(moment int64) (wrote []bool, oldest int64, err error) {
	x := v.w.index
	oldest = math.MaxInt64
	for i, n := range x.rows.own {
		if n > 0 {
			oldest = min(oldest, x.rows.first[i])
		}
	}
	list, _, err := x.pieces(v.ctx, v.ranker.store, math.MinInt64, moment)
	if err != nil {
		return nil, 0, err
	}
	wrote = make([]bool, x.people.len())
	for _, p := range list {
		for i := p.from; i < p.to; i++ {
			if p.rows.own[i] > 0 {
				wrote[x.accounts[p.rows.account[i]].person] = true
			}
		}
	}
	return wrote, oldest, nil
}

func (v *viewer) tellNew(h hit) Member {
	s := &v.w.sums[h.person]
	return Member{
		Reasons: []Reason{reason("new", time.Unix(int64(h.day)*daySeconds, 0), s.own)},
		Figures: []Figure{{Name: "mentions", Value: float64(s.own)}},
	}
}
