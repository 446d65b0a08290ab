package rank

import (
	"slices"
	"strings"

	"adalid"
)

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
