package store

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// copyGroup is the own posts of an author with the same text.
type copyGroup struct{ author, hash int64 }

// group gives the group that a post belongs to, false when it has none.
func (f *fact) group() (copyGroup, bool) {
	return copyGroup{f.author, f.textHash}, !f.repost && f.textHash != 0 && !f.out()
}

// place orders posts by (created_at, id), those of unknown time last.
type place struct {
	at int64
	id string
}

func (f *fact) place() place {
	if !f.created.ok {
		return place{math.MaxInt64, f.id}
	}
	return place{f.created.v, f.id}
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.id, q.id))
}

// copier numbers the near copies of a transaction's changes.
type copier struct {
	target
	x       *session
	changes []change
	// members are the posts that join a group or stay in one that changes.
	members map[copyGroup][]*fact
	// held are the groups that the database may have posts of.
	held map[copyGroup]bool
	// from is the first place of a group whose number may change.
	from   map[copyGroup]place
	groups []copyGroup // the keys of from, in order
	// byRow are the changed rows: what the database says of them is past.
	byRow map[int64]change
}

// newCopier finds the groups that changes of rows touch; it needs no database.
func newCopier(to target, rows []rowChange) *copier {
	c := &copier{
		target: to, changes: make([]change, len(rows)), members: map[copyGroup][]*fact{},
		held: map[copyGroup]bool{}, from: map[copyGroup]place{}, byRow: map[int64]change{},
	}
	joined := make(map[copyGroup]bool, len(rows)) // whether several posts join
	for i, r := range rows {
		ch := &c.changes[i]
		if r.now != nil {
			ch.now = &r.now.fact
		}
		if r.old != nil {
			ch.old = &r.old.fact
			c.byRow[ch.old.rowid] = *ch
		}
		if g, ok := ch.leaves(); ok {
			c.mark(g, ch.old.place())
			c.held[g] = true
		}
		if g, ok := ch.enters(); ok {
			_, again := joined[g]
			joined[g] = again
		}
	}
	for g := range joined {
		// Noted in any case; authors made just now have no older posts.
		if c.seen.group(g) && g.author < c.firstNew {
			c.held[g] = true
		}
	}
	for _, ch := range c.changes {
		if g, ok := ch.enters(); ok && (joined[g] || c.held[g]) {
			c.mark(g, ch.now.place())
		}
	}
	for _, ch := range c.changes {
		if ch.now == nil {
			continue
		}
		g, ok := ch.now.group()
		if _, marked := c.from[g]; ok && marked {
			c.members[g] = append(c.members[g], ch.now)
		}
		if _, entered := ch.enters(); entered || !ok {
			ch.now.copy = 1 // unless its group says otherwise
		}
	}
	c.groups = slices.SortedFunc(maps.Keys(c.from), compareGroups)
	return c
}

// number sets copy of every changed post. It gives the changes and behind them
// those of other posts whose number shifts.
func (c *copier) number(x *session) ([]change, error) {
	c.x = x
	sizes, err := c.sizes()
	if err != nil {
		return nil, err
	}
	changes := c.changes
	for _, g := range c.groups {
		shifted, err := c.renumber(g, sizes[g])
		if err != nil {
			return nil, err
		}
		changes = append(changes, shifted...)
	}
	return changes, nil
}

// groupSize is what the database holds of a group.
type groupSize struct {
	before int64 // posts before the second of the first change
	after  bool  // whether there are others
}

// sizes asks about the groups that may have posts.
func (c *copier) sizes() (map[copyGroup]groupSize, error) {
	ask := make([]copyGroup, 0, len(c.groups))
	for _, g := range c.groups {
		if c.held[g] {
			ask = append(ask, g)
		}
	}
	sizes := make(map[copyGroup]groupSize, len(ask))
	err := c.x.lookup(lookup{
		name: "mention.GroupSizes", n: len(ask), width: 3, rest: []any{c.brand},
		key: func(i int) {
			c.x.int(ask[i].author)
			c.x.int(ask[i].hash)
			c.x.int(c.from[ask[i]].at)
		},
	}, func(r row) error {
		// Two numbers in one, so that a group is walked once.
		sizes[copyGroup{r.int(0), r.int(1)}] = groupSize{before: r.int(2) >> 1, after: r.int(2)&1 != 0}
		return nil
	})
	return sizes, err
}

func compareGroups(a, b copyGroup) int {
	return cmp.Or(cmp.Compare(a.author, b.author), cmp.Compare(a.hash, b.hash))
}

// stays tells whether a post keeps its place in its group.
func (ch change) stays() bool {
	if ch.old == nil || ch.now == nil {
		return false
	}
	before, was := ch.old.group()
	after, is := ch.now.group()
	return was && is && before == after && ch.old.place() == ch.now.place()
}

// leaves gives the group that loses a post at its old place.
func (ch change) leaves() (copyGroup, bool) {
	if ch.old == nil || ch.stays() {
		return copyGroup{}, false
	}
	return ch.old.group()
}

// enters gives the group that gains a post at its new place.
func (ch change) enters() (copyGroup, bool) {
	if ch.now == nil || ch.stays() {
		return copyGroup{}, false
	}
	return ch.now.group()
}

func (c *copier) mark(g copyGroup, p place) {
	if known, ok := c.from[g]; !ok || p.compare(known) < 0 {
		c.from[g] = p
	}
}

// renumber numbers a group from its first changed place on.
func (c *copier) renumber(g copyGroup, known groupSize) ([]change, error) {
	from := c.from[g]
	k := known.before
	posts := make([]*fact, 0, len(c.members[g]))
	for _, f := range c.members[g] {
		// A member before that place keeps its number; it is counted among
		// the stored ones below.
		if f.place().compare(from) >= 0 {
			posts = append(posts, f)
		}
	}
	var stored []*fact
	if known.after {
		var err error
		if stored, err = c.stored(g, from.at); err != nil {
			return nil, err
		}
	}
	own := make(map[*fact]*fact, len(stored)) // what numbers the copy → the stored row
	for _, f := range stored {
		switch {
		case f.place().compare(from) < 0:
			k = max(k, f.copy) // same second, smaller id
		default:
			after := *f
			own[&after] = f
			posts = append(posts, &after)
		}
	}
	slices.SortFunc(posts, func(a, b *fact) int {
		return a.place().compare(b.place())
	})
	var shifted []change
	for _, f := range posts {
		k++
		old := own[f]
		f.copy = k
		if old != nil && old.copy != k {
			shifted = append(shifted, change{old, f})
		}
	}
	return shifted, nil
}

// stored reads the rows of a group from a second on, without those that the
// transaction changes.
func (c *copier) stored(g copyGroup, at int64) ([]*fact, error) {
	var rows []*fact
	each := func(r row) error {
		f := scanFact(r)
		if _, changed := c.byRow[f.rowid]; !changed || f.place().compare(c.from[g]) < 0 {
			rows = append(rows, &f)
		}
		return nil
	}
	if err := c.x.query("mention.GroupFrom", each, c.brand, g.author, g.hash, at); err != nil {
		return nil, err
	}
	return rows, c.x.query("mention.GroupUntimed", each, c.brand, g.author, g.hash)
}
