package rank

import (
	"math"
	"slices"
	"strings"
	"time"

	"adalid"
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

// Of defenders: how long criticism is worth answering, in days before the
// answer, how many people are read post by post, and how many posts are shown.
const (
	criticismDays  = 6
	mostDefenders  = 500
	defendersPosts = 3
)

// answer is a candidate who answered a handle on a day.
type answered struct{ candidate, handle, day int32 }

func (v *viewer) needReplies() string {
	switch {
	case v.w.tooFew:
		return "empty_few"
	case !slices.ContainsFunc(v.w.nets, func(n *network) bool { return n != nil && n.known }):
		return "empty_network"
	}
	return v.needSentiment()
}

// defenders finds who answers criticism. Roll-ups and edges tell who answered
// somebody who had been negative; whether the answer was positive only the
// posts say, so those of the people with most such answers are read.
func (v *viewer) defenders() (hits []hit, err error) {
	counts, pairs := v.answersToCritics()
	var who []int32
	v.each(true, func(i int32) {
		if counts[i] > 0 {
			who = append(who, i)
		}
	})
	slices.SortStableFunc(who, func(a, b int32) int { return int(counts[b] - counts[a]) })
	if len(who) > mostDefenders {
		who = who[:mostDefenders]
		v.notes = append(v.notes, reason("defenders_bounded", mostDefenders))
	}
	for _, i := range who {
		m, n, err := v.defence(i, pairs)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			hits = append(hits, hit{person: i, key: float64(n), second: v.score(i), member: m})
		}
	}
	return hits, nil
}

// answersToCritics counts by candidate the replies and quotes to people who had
// posted negatively that day or shortly before, and lists them.
func (v *viewer) answersToCritics() (counts []int32, pairs map[answered]bool) {
	w, x := v.w, v.w.index
	of, negative := w.candidateOf(), filled(len(x.accounts), NoDay)
	counts, pairs = make([]int32, len(w.people)), map[answered]bool{}
	for _, p := range w.list {
		row := p.from
		for e := p.edgesFrom; e < p.edgesTo; e++ {
			es := p.edges
			for ; row < p.to && p.rows.day[row] <= es.day[e]; row++ {
				if p.rows.scored[row] > 0 && p.rows.sentimentOf[row] < 0 {
					negative[p.rows.account[row]] = p.rows.day[row]
				}
			}
			i, holder := of[es.source[e]], w.names.holder[es.target[e]]
			if i < 0 || holder < 0 || es.answers[e] == 0 || w.names.ownName[es.target[e]] || x.accounts[holder].person == w.people[i] {
				continue
			}
			if last := negative[holder]; last != NoDay && es.day[e]-last <= criticismDays {
				counts[i] += es.answers[e]
				pairs[answered{i, es.target[e], es.day[e]}] = true
			}
		}
		for ; row < p.to; row++ {
			if p.rows.scored[row] > 0 && p.rows.sentimentOf[row] < 0 {
				negative[p.rows.account[row]] = p.rows.day[row]
			}
		}
	}
	return counts, pairs
}

// defence reads a candidate's answers and counts the positive ones to critics.
func (v *viewer) defence(i int32, pairs map[answered]bool) (*Member, int, error) {
	q := PostQuery{
		Person: v.w.index.people.at(v.w.people[i]), Platform: v.query.Platform, Lang: v.query.Lang,
		Since: v.query.Since, Until: v.w.at, Authored: true, Answering: true, Limit: 200,
	}
	m, n, defended := &Member{}, 0, map[int32]bool{}
	for {
		posts, next, err := v.query.Posts.Posts(v.ctx, v.brand, q)
		if err != nil {
			return nil, 0, err
		}
		for _, p := range posts {
			target, ok := v.defends(i, p, pairs)
			if !ok {
				continue
			}
			n++
			defended[target] = true
			if len(m.Posts) < defendersPosts {
				m.Posts = append(m.Posts, PostID{p.Platform, p.ID})
			}
		}
		if q.After = next; next == "" {
			break
		}
	}
	m.Reasons = []Reason{reason("defender", n, len(defended))}
	m.Figures = []Figure{{Name: "defences", Value: float64(n)}}
	return m, n, nil
}

// defends tells whom a positive post answers of those who had been negative.
func (v *viewer) defends(i int32, p Post, pairs map[answered]bool) (int32, bool) {
	if p.Tone != adalid.Positive || p.CreatedAt.IsZero() || p.Sponsored {
		return 0, false
	}
	number, known := v.w.index.platform(p.Platform)
	if !known {
		return 0, false
	}
	for _, name := range [...]string{p.ReplyTo, p.QuoteOf} {
		h := v.w.index.handle(number, strings.ToLower(name))
		if h >= 0 && name != "" && pairs[answered{i, h, dayOf(p.CreatedAt.Unix())}] {
			return h, true
		}
	}
	return 0, false
}

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
