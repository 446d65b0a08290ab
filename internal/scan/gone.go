package scan

import "adalid/collectors"

// goneKept is how many posts that no longer exist a run over a live source
// remembers at least, and half of how many at most: the stream of a network
// tells of millions, and a post comes soon after its end or never.
const goneKept = 20_000

// goneSet remembers posts of which a run was told that they no longer exist.
// With a limit the oldest are forgotten.
type goneSet struct {
	limit       int // 0: none, what a file tells of is bounded by the file
	young, aged map[collectors.PostID]bool
}

func newGoneSet(limit int) *goneSet {
	return &goneSet{limit: limit, young: map[collectors.PostID]bool{}}
}

func (g *goneSet) add(id collectors.PostID) {
	if g.limit > 0 && len(g.young) >= g.limit {
		g.aged, g.young = g.young, make(map[collectors.PostID]bool, g.limit)
	}
	g.young[id] = true
}

func (g *goneSet) has(id collectors.PostID) bool { return g.young[id] || g.aged[id] }

func (g *goneSet) empty() bool { return len(g.young)+len(g.aged) == 0 }
