package topics

import (
	"cmp"
	"context"
	"slices"

	"adalid"
)

// Group is what one of several groups of people speaks about.
type Group struct {
	Terms []Topic // said more than by everybody else, by Typical

	Read                                 int // mentions of its people that were read
	Positive, Neutral, Negative, Unknown int // they sum to Read
}

// A term of a group is said by at least so many of its people: what one person
// repeats names nobody else.
const groupAuthors = 3

// groupTelling is the z from which on a phrase names a group: hardly chance.
const groupTelling = 2

// Groups tells what names each of groups of people: of gives the group of a
// person by id, from 0 to count−1, another number for none. Limit is that of each
// group's terms. It reads what Find reads of everybody, and shares it; a query
// with an author is Invalid. A term is in the list of one group only, where it is
// most typical: names shall tell groups apart.
func (f *Finder) Groups(ctx context.Context, q Query, count int, of func(person string) int) ([]Group, error) {
	if q.Limit < 1 || q.Limit > 200 || q.Author != "" || count < 0 {
		return nil, adalid.Errorf(adalid.Invalid, "groups have 1 to 200 terms each, and no author")
	}
	all, err := f.corpus(ctx, q, MostMentions)
	if err != nil {
		return nil, err
	}
	g := grouping{c: all.corpus, groups: make([]Group, count), of: make([]int, len(all.docs)), total: make([]map[string]tally, count)}
	g.assign(of)
	g.terms(q.Limit)
	return g.groups, nil
}

// grouping is a corpus whose docs are divided.
type grouping struct {
	c      *corpus
	groups []Group
	of     []int              // by doc, −1: none
	total  []map[string]tally // of all phrases, by group and language
}

func (g *grouping) assign(of func(string) int) {
	known := map[string]int{}
	for i := range g.of {
		d := &g.c.docs[i]
		n, met := known[d.person]
		if !met {
			if n = of(d.person); n < 0 || n >= len(g.groups) {
				n = -1
			}
			known[d.person] = n
		}
		if g.of[i] = n; n < 0 {
			continue
		}
		group := &g.groups[n]
		group.Read++
		switch d.side {
		case positive:
			group.Positive++
		case negative:
			group.Negative++
		case neutral:
			group.Neutral++
		default:
			group.Unknown++
		}
	}
	for i := range g.total {
		g.total[i] = map[string]tally{}
	}
	g.each(func(e *entry, n int, said tally, _ []int32) {
		t := g.total[n][e.lang]
		t.all += said.all
		g.total[n][e.lang] = t
	})
}

// each visits every phrase with what each group says it, and in which docs.
func (g *grouping) each(visit func(e *entry, group int, said tally, docs []int32)) {
	docs := make([][]int32, len(g.groups))
	for i := range g.c.entries {
		e := &g.c.entries[i]
		var met []int
		for _, d := range e.docs {
			if n := g.of[d]; n >= 0 {
				if len(docs[n]) == 0 {
					met = append(met, n)
				}
				docs[n] = append(docs[n], d)
			}
		}
		slices.Sort(met)
		for _, n := range met {
			var said tally
			for _, d := range docs[n] {
				said.add(&g.c.docs[d])
			}
			visit(e, n, said, docs[n])
			docs[n] = docs[n][:0]
		}
	}
}

// terms finds what each group says more than all others together.
func (g *grouping) terms(limit int) {
	whole, own := g.c.absorbed(), map[*entry]int{}
	for i := range g.c.entries {
		own[&g.c.entries[i]] = i
	}
	best, list := make([]*scored, len(g.c.entries)), make([]int, len(g.c.entries))
	g.each(func(e *entry, n int, said tally, docs []int32) {
		id := own[e]
		if whole[id] || g.c.authors(docs) < groupAuthors {
			return
		}
		total, mine := g.c.total[e.lang], g.total[n][e.lang]
		z := contrast(said.all, mine.all, max(e.all-said.all, 0), total.all-mine.all, e.tally, total)
		if z != nil && *z >= groupTelling && (best[id] == nil || *z > *best[id].typical) {
			theirs := *e
			theirs.docs, theirs.tally = slices.Clone(docs), said
			best[id], list[id] = &scored{entry: &theirs, id: int32(id), typical: z}, n
		}
	})
	by := make([][]scored, len(g.groups))
	for id, s := range best {
		if s != nil {
			by[list[id]] = append(by[list[id]], *s)
		}
	}
	for n := range g.groups {
		slices.SortStableFunc(by[n], func(a, b scored) int {
			return cmp.Or(cmp.Compare(*b.typical, *a.typical), cmp.Compare(len(b.docs), len(a.docs)))
		})
		g.groups[n].Terms = g.c.topics(g.c.distinct(by[n], limit), unknown)
	}
}
