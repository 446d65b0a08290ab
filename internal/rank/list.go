package rank

import (
	"cmp"
	"slices"
	"time"

	"adalid"
	"adalid/scoring"
)

// place is a candidate with what it is sorted by.
type place struct {
	key    float64
	person int32 // candidate of the window
	critic bool
}

// order is a way to sort the candidates of a window.
type order struct {
	w     *window
	query Query
	safe  []float64 // by candidate: what a safe list is sorted by; nil elsewhere
	where *matcher  // nil: everybody
	marks []mark    // by candidate
	hide  mark      // what of them is left out
}

// order prepares the order of a query; its Where can be read.
func (w *window) order(q Query) order {
	o := w.plainOrder(q)
	if q.Safe && !w.tooFew {
		o.safe = w.safest(q)
	}
	return o
}

// plainOrder is order by score, whatever the mode.
func (w *window) plainOrder(q Query) order {
	return order{w: w, query: q, where: w.matcher(q), marks: w.marked(q), hide: q.hides()}
}

// lists tells whether the query lists a candidate as far as it depends on who it
// is.
func (o order) lists(i int32) bool { return o.listed(i) && o.where.holds(i) }

// place gives a candidate's place; false when the query does not list it.
func (o order) place(i int32, all bool) (place, bool) {
	s := &o.w.sums[i]
	p := place{person: i}
	switch {
	case s.own < int64(o.query.MinMentions):
		return p, false
	case o.w.tooFew:
		return p, true
	}
	c := &o.w.components[i]
	p.critic = c.Critic()
	if p.critic && !all {
		return p, false
	}
	switch by := o.query.Sort; {
	case !p.critic && o.safe != nil:
		p.key = o.safe[i]
	case p.critic, by == ByScore:
		p.key = c.Total(o.query.Weights, o.query.Blend)
	case by == ByMentions:
		p.key = float64(s.own)
	case by == ByRecent:
		p.key = float64(s.last)
	case by == ByEngagement:
		p.key = -1 // unknown comes last
		if s.engagementKnown > 0 {
			p.key = float64(s.engagement)
		}
	default:
		p.key = c.Value[slices.Index(scoring.Names[:], string(by))] // 0 where left out
	}
	return p, true
}

// compare sorts advocates before critics, then by key, then by more mentions,
// then by person id. Where there are too few to rank, evidence decides.
func (o order) compare(a, b place) int {
	x, y := &o.w.sums[a.person], &o.w.sums[b.person]
	if o.w.tooFew {
		return cmp.Or(cmp.Compare(y.own, x.own), cmp.Compare(y.days, x.days), cmp.Compare(y.last, x.last),
			cmp.Compare(a.person, b.person))
	}
	if a.critic != b.critic {
		if a.critic {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(y.own, x.own), cmp.Compare(a.person, b.person))
}

// ranking answers a query from the window.
func (w *window) ranking(brand string, q Query) Ranking {
	r := Ranking{
		Brand: brand, AsOf: w.at, Since: q.Since.UTC(), DataVersion: w.index.version,
		Formula: scoring.Version, Weights: q.Weights, Blend: q.Blend, Safe: q.Safe, Platform: q.Platform, Lang: q.Lang, Platforms: slices.Clone(w.index.platforms),
		TooFew: w.tooFew, People: len(w.people), Mentions: w.mentions, Own: w.own, Apart: w.apart,
		NoTime: w.state.NoTime, Future: w.state.Future, Later: w.later, Gaps: slices.Clone(w.gaps), Provisional: w.state.Scanning,
	}
	if q.Since.IsZero() {
		r.Since = time.Time{}
	}
	if w.open != nil {
		r.Strength = w.open.scale.Strength()
	}
	o := w.order(q)
	limit := len(w.people)
	if q.Limit > 0 {
		limit = min(q.Offset, limit) + min(q.Limit, limit)
	}
	places, n := o.first(limit)
	r.Total, r.Critics, r.BelowMin, r.Filtered, r.Unjudged, r.Absent = n.total, n.critics, n.below, n.filtered, n.unjudged, n.absent
	r.Entries = make([]Entry, 0, max(0, len(places)-q.Offset))
	for i := q.Offset; i < len(places); i++ {
		r.Entries = append(r.Entries, w.entry(places[i].person, i+1, q))
	}
	if q.Intervals && !w.tooFew {
		listed := places[min(q.Offset, len(places)):]
		w.sure(brand, q, len(listed), func(i int) (int32, *Entry) { return listed[i].person, &r.Entries[i] })
	}
	return r
}

// best keeps the first places of an order as a heap with the last one on top.
type best struct {
	o     order
	limit int
	kept  []place
}

func (b *best) offer(p place) {
	if len(b.kept) < b.limit {
		b.kept = append(b.kept, p)
		if len(b.kept) == b.limit {
			for i := len(b.kept)/2 - 1; i >= 0; i-- {
				b.sink(i)
			}
		}
		return
	}
	if b.limit > 0 && b.o.compare(p, b.kept[0]) < 0 {
		b.kept[0] = p
		b.sink(0)
	}
}

func (b *best) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(b.kept) {
			return
		}
		if child+1 < len(b.kept) && b.o.compare(b.kept[child+1], b.kept[child]) > 0 {
			child++
		}
		if b.o.compare(b.kept[i], b.kept[child]) >= 0 {
			return
		}
		b.kept[i], b.kept[child] = b.kept[child], b.kept[i]
		i = child
	}
}

func (b *best) sorted() []place {
	slices.SortFunc(b.kept, b.o.compare)
	return b.kept
}

// entry shows a candidate.
func (w *window) entry(i int32, rank int, q Query) Entry {
	e := Entry{
		Rank: rank, Segment: Unranked, Evidence: w.sums[i].evidence(),
		Person: adalid.Person{ID: w.index.people.at(w.people[i])},
	}
	for a := w.start[i]; a < w.start[i+1]; a++ {
		t := &w.accounts[a]
		author := w.names.author(w.index, t.account)
		if t.followers >= 0 {
			author.Followers = &[]int64{t.followers}[0]
		}
		e.Person.Accounts = append(e.Person.Accounts, author)
	}
	e.Flags, e.Pipeline = w.flags(i), *w.pipeline.at(w.people[i])
	if w.tooFew {
		return e
	}
	c := &w.components[i]
	score := c.Score(q.Weights, q.Blend)
	e.Score, e.Segment = &score, Advocate
	if score.Critic {
		e.Segment = Critic
	}
	return e
}

// evidence shows sums; unknown is nil.
func (s *sums) evidence() Evidence {
	e := Evidence{
		Mentions: s.own, Reposts: s.reposted, Sponsored: s.own - s.organic, Conversation: s.answers,
		ActiveDays: int(s.days), Scored: s.scored, First: s.first, Last: s.last,
	}
	if s.sentimentWeight > 0 {
		mean := float64(s.sentimentOf) / float64(s.sentimentWeight)
		e.Sentiment = &mean
	}
	if s.engagementKnown > 0 {
		e.Engagement = &[]int64{s.engagement}[0]
	}
	if s.viewsKnown > 0 {
		e.Views = &[]int64{s.views}[0]
	}
	if s.followers >= 0 {
		e.Followers = &[]int64{s.followers}[0]
	}
	if s.counterparts >= 0 {
		e.Counterparts = &[]int{int(s.counterparts)}[0]
	}
	return e
}
