package store

import (
	"cmp"
	"maps"
	"slices"

	"adalid/internal/rank"
)

// change is what happens to one row of mention: it appears (old nil), goes
// (now nil) or becomes another.
type change struct{ old, now *fact }

// authorDay is the part of the roll-ups that is made anew as a whole.
type authorDay struct {
	author int64
	day    int32
}

// ledger gathers what the changes of one transaction do to roll-ups and edges.
// Sums take the difference, which is exact. Where extremes or keys may change,
// the author's day is made anew from its rows.
type ledger struct {
	brand int64
	*tally
	dirty map[authorDay]bool
}

func newLedger(brand int64) *ledger {
	return &ledger{brand: brand, tally: newTally(), dirty: map[authorDay]bool{}}
}

func (l *ledger) post(c change) {
	if c.old != nil && c.old.out() {
		c.old = nil
	}
	if c.now != nil && c.now.out() {
		c.now = nil
	}
	switch old, now := c.old, c.now; {
	case old == nil && now == nil: // left out before and after
		return
	case old == nil:
		l.addRow(now)
		l.addEdges(now, 1)
		return
	case now == nil:
		l.dirty[authorDay{old.author, day(old.created)}] = true
		l.addEdges(old, -1)
		return
	case old.author == now.author && old.created == now.created && old.lang == now.lang &&
		old.profile == now.profile && old.followers == now.followers && old.following == now.following:
		r := l.row(now)
		sum(r, old, -1)
		sum(r, now, 1)
	default:
		l.dirty[authorDay{old.author, day(old.created)}] = true
		l.dirty[authorDay{now.author, day(now.created)}] = true
	}
	l.addEdges(c.old, -1)
	l.addEdges(c.now, 1)
}

// total is a ledger's outcome in the order in which it is written.
type total struct {
	rows  []*rank.Row // of the days that only take differences
	dirty []authorDay
	edges []weightedEdge
}

// total adds up the changes; it needs no database.
func (l *ledger) total(changes []change) total {
	for _, c := range changes {
		l.post(c)
	}
	maps.DeleteFunc(l.edges, func(_ edgeKey, w int32) bool { return w == 0 })
	t := total{rows: make([]*rank.Row, 0, len(l.rows))}
	for k, r := range l.rows {
		if !l.dirty[authorDay{k.author, k.day}] {
			t.rows = append(t.rows, r)
		}
	}
	slices.SortFunc(t.rows, compareRows)
	t.dirty = slices.SortedFunc(maps.Keys(l.dirty), func(a, b authorDay) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.author, b.author))
	})
	t.edges = l.sortedEdges()
	return t
}

// write brings the total into the database, whose rows of mention are already
// changed.
func (l *ledger) write(x *session, t total) error {
	if err := upsertRows(x, l.brand, t.rows); err != nil {
		return err
	}
	for _, k := range t.dirty {
		if err := l.renew(x, k); err != nil {
			return err
		}
	}
	return l.writeEdges(x, t.edges)
}

// renew makes the roll-ups of an author's day anew from its rows.
func (l *ledger) renew(x *session, k authorDay) error {
	t := newTally()
	err := authorDayFacts(x, l.brand, k, func(f *fact) error {
		t.addRow(f)
		return nil
	})
	if err != nil {
		return err
	}
	if _, err := x.exec("rollup.DeleteAuthorDay", l.brand, k.day, k.author); err != nil {
		return err
	}
	return upsertRows(x, l.brand, t.sortedRows())
}

func authorDayFacts(x *session, brand int64, k authorDay, f func(*fact) error) error {
	each := func(r row) error {
		fact := scanFact(r)
		return f(&fact)
	}
	if k.day == NoDay {
		return x.query("mention.AuthorUntimed", each, brand, k.author)
	}
	from := int64(k.day) * secondsPerDay
	return x.query("mention.AuthorDay", each, brand, k.author, from, from+secondsPerDay-1)
}

func compareRows(a, b *rank.Row) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Lang, b.Lang))
}

func upsertRows(x *session, brand int64, rows []*rank.Row) error {
	return x.insert("rollup.Upsert", len(rows), func(i int) {
		r := rows[i]
		x.int(brand)
		x.int(int64(r.Day))
		x.int(r.Account)
		x.text(r.Lang)
		x.int(int64(r.Posts))
		x.int(int64(r.Own))
		x.int(int64(r.Reposted))
		x.int(int64(r.Organic))
		for _, s := range [counters]rank.Sum{r.Likes, r.Reposts, r.Replies, r.Quotes, r.Views} {
			x.int(s.Total)
			x.int(int64(s.Known))
		}
		x.int(int64(r.EngagementKnown))
		x.int(r.Weight)
		x.int(r.SentimentWeight)
		x.int(r.SentimentSum)
		x.int(int64(r.Scored))
		x.opt(maybe(r.FollowersMax))
		x.opt(maybe(r.FollowingLast))
		x.int(int64(r.Profile))
		x.int(r.First)
		x.int(r.Last)
		x.text(r.LastID)
		x.int(int64(r.Copies))
	})
}

func (l *ledger) writeEdges(x *session, edges []weightedEdge) error {
	if err := insertEdges(x, l.brand, edges); err != nil {
		return err
	}
	for _, e := range edges {
		if e.weight > 0 {
			continue
		}
		if _, err := x.exec("edge.Prune", l.brand, e.day, int64(e.kind), e.source, e.target); err != nil {
			return err
		}
	}
	return nil
}

func insertEdges(x *session, brand int64, edges []weightedEdge) error {
	return x.insert("edge.Upsert", len(edges), func(i int) {
		e := &edges[i]
		x.int(brand)
		x.int(int64(e.day))
		x.int(int64(e.kind))
		x.int(e.source)
		x.text(e.target)
		x.int(int64(e.weight))
	})
}
