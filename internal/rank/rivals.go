package rank

import (
	"strings"

	"adalid"
)

// littleShare is the part of somebody's posts about both brands up to which he
// speaks little of this one.
const littleShare = .2

// rivalsFans finds who speaks well of a competitor and little or badly of this
// brand. People are found again by their accounts, which keep their keys.
func (v *viewer) rivalsFans() (hits []hit, err error) {
	if len(v.query.Rivals) == 0 {
		v.empty = &Reason{Code: "empty_rivals"}
		return nil, nil
	}
	judged := false
	for _, rival := range v.query.Rivals {
		if strings.EqualFold(rival, v.brand) {
			return nil, adalid.Errorf(adalid.Invalid, "a brand does not compete with itself")
		}
		q := v.query.Query
		q.Until = v.w.at
		there, err := v.ranker.window(v.ctx, rival, q)
		if err != nil {
			return nil, err
		}
		if there.tooFew {
			v.notes = append(v.notes, reason("rivals_not_counted", rival))
			continue
		}
		judged = true
		hits = append(hits, v.fansOf(rival, there)...)
	}
	if !judged {
		v.empty = &Reason{Code: "empty_rivals_few"}
	}
	return hits, nil
}

func (v *viewer) fansOf(rival string, there *window) (hits []hit) {
	here := v.w
	of, o := here.candidateOf(), there.order(v.query.Query)
	for i := range there.people {
		n, c, s := int32(i), &there.components[i], &there.sums[i]
		if !c.HasMean || c.Mean <= 0 || s.sentimentOf <= 0 || s.scored < leastJudged || s.own < int64(v.query.MinMentions) || !o.lists(n) {
			continue
		}
		mine, own := here.same(there, n, of)
		if own {
			continue
		}
		m := Member{Rival: rival, Reasons: []Reason{reason("rival_fan", rival, float64(s.sentimentOf)/float64(s.sentimentWeight), s.scored)}}
		if !here.fan(&m, mine, s.own) {
			continue
		}
		hits = append(hits, hit{person: n, key: c.Total(v.query.Weights, v.query.Blend), member: &m, here: there})
	}
	return hits
}

// fan tells whether a candidate here, −1 for nobody, speaks little or badly of
// this brand, and says so.
func (w *window) fan(m *Member, mine int32, there int64) bool {
	if mine < 0 {
		m.Reasons = append(m.Reasons, reason("rival_never"))
		return true
	}
	s := &w.sums[mine]
	evidence := s.evidence()
	m.Here = &evidence
	m.Figures = []Figure{{Name: "mentions_here", Value: float64(s.own)}}
	badly := s.sentimentWeight > 0 && s.sentimentOf < 0 && (w.tooFew || w.components[mine].Critic())
	little := float64(s.own) <= littleShare*float64(s.own+there)
	if badly {
		m.Reasons = append(m.Reasons, reason("rival_badly", float64(s.sentimentOf)/float64(s.sentimentWeight)))
	}
	if little {
		m.Reasons = append(m.Reasons, reason("rival_little", s.own, s.own+there))
	}
	return badly || little
}

// same finds a candidate of another brand's window among ours: the one with
// most mentions of those that hold one of the accounts. own: it is the brand's.
func (w *window) same(there *window, i int32, of []int32) (candidate int32, own bool) {
	candidate = -1
	for _, t := range there.accounts[there.start[i]:there.start[i+1]] {
		a, ok := w.index.account(there.index.platformOf(t.account), there.index.keys.at(t.account))
		if !ok {
			continue
		}
		if w.names.own[w.index.accounts[a].person] {
			return -1, true
		}
		if c := of[a]; c >= 0 && (candidate < 0 || w.sums[c].own > w.sums[candidate].own) {
			candidate = c
		}
	}
	return candidate, false
}

// account finds an account by its platform and key.
func (x *index) account(platform adalid.Platform, key string) (int32, bool) {
	p, ok := x.platform(platform)
	if !ok {
		return 0, false
	}
	from, to := x.platformStart[p], x.platformStart[p+1]
	i, ok := x.keys.find(key, int(from), int(to))
	return int32(i), ok
}
