package rank

import (
	"math"
	"sync"

	"adalid/scoring"
)

// brief is what a list by score has to know of a candidate to pass it by.
type brief struct {
	scoring.Compact
	critic bool
	own    int32 // own mentions, at most 2³¹ − 1
}

func (w *window) brief(i int) brief {
	c := &w.components[i]
	return brief{c.Compact(), c.Critic(), int32(min(w.sums[i].own, math.MaxInt32))}
}

// passed counts the candidates that a query met.
type passed struct {
	total, critics, below, filtered, unjudged int
	absent                                    Absent
}

func (p *passed) add(q passed) {
	p.total += q.total
	p.critics += q.critics
	p.below += q.below
	p.filtered += q.filtered
	p.unjudged += q.unjudged
	p.absent.Circle += q.absent.Circle
	p.absent.Automated += q.absent.Automated
	p.absent.Repeaters += q.absent.Repeaters
	p.absent.Organisations += q.absent.Organisations
	p.absent.Unfit += q.absent.Unfit
}

// leave counts somebody who is left out.
func (p *passed) leave(why absence) {
	if why == notAsked {
		p.filtered++
		return
	}
	p.absent.count(why)
}

// first finds the first so many places of an order and counts everybody.
func (o order) first(limit int) ([]place, passed) {
	var mu sync.Mutex
	var all passed
	top := best{o: o, limit: limit}
	pass := o.pass
	if o.quick() {
		pass = o.passQuickly
	}
	least := 1 << 30 // an expression is asked by one at a time
	if o.where == nil {
		least = 1 << 15
	}
	inParts(len(o.w.people), least, func(from, to int) {
		part := best{o: o, limit: limit}
		counts := pass(&part, from, to)
		mu.Lock()
		defer mu.Unlock()
		all.add(counts)
		for _, p := range part.kept {
			top.offer(p)
		}
	})
	return top.sorted(), all
}

// pass offers the candidates of a part to a list.
func (o order) pass(top *best, from, to int) (n passed) {
	w, q := o.w, o.query
	for i := from; i < to; i++ {
		if w.sums[i].own < int64(q.MinMentions) {
			n.below++
			continue
		}
		if hidden := o.marks[i] & o.hide; hidden != 0 {
			n.leave(hidden.absence())
			continue
		}
		if !w.tooFew && w.components[i].Critic() {
			n.critics++
		}
		p, ok := o.place(int32(i), q.All)
		if !ok {
			continue
		}
		if !o.where.holds(int32(i)) {
			n.filtered++
			continue
		}
		n.total++
		n.unjudged += int(o.marks[i] & notJudged)
		top.offer(p)
	}
	return n
}

// quick tells whether passQuickly can answer: the first of the advocates by
// score, as nearly everybody asks.
func (o order) quick() bool {
	return !o.w.tooFew && o.safe == nil && o.where == nil && o.query.Sort == ByScore && !o.query.All && o.query.Blend == scoring.Geometric
}

// slack is far more than the logarithms of equal scores can differ.
const slack = 1e-9

// passQuickly is pass for such lists: whoever is surely behind the last place
// costs four products.
func (o order) passQuickly(top *best, from, to int) (n passed) {
	w, q := o.w, o.query
	geometry, cut := scoring.NewGeometry(q.Weights), math.Inf(-1)
	least := int32(min(q.MinMentions, math.MaxInt32))
	for i := from; i < to; i++ {
		b := &w.briefs[i]
		if b.own < least {
			n.below++
			continue
		}
		if hidden := o.marks[i] & o.hide; hidden != 0 {
			n.leave(hidden.absence())
			continue
		}
		if b.critic {
			n.critics++
			continue
		}
		n.total++
		n.unjudged += int(o.marks[i] & notJudged)
		if b.Known != 0 && geometry.Log(&b.Compact) < cut {
			continue
		}
		top.offer(place{key: geometry.Score(&b.Compact), person: int32(i)})
		if len(top.kept) == top.limit && top.limit > 0 {
			cut = math.Log(top.kept[0].key/100) - slack
		}
	}
	return n
}
