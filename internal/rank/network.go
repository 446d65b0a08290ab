package rank

import (
	"slices"

	"adalid/internal/graph"
)

// network is who was tied to whom on one platform in a window, whatever the
// language.
type network struct {
	since, end   int64
	day          int32
	platform     uint16
	known        bool      // there are edges at all
	first        int32     // account that rank[0] belongs to
	rank         []float64 // by account of the platform: PageRank times nodes; 0: not in the window
	counterparts []int32   // the same
	bridging     []float64 // the same: participation coefficient over the communities of the graph
}

// connect builds the graph of a window on one platform, decayed to as-of, and
// measures it. The brand's own accounts are left out, for else everybody is
// connected through the brand. Nodes are the accounts that posted, whoever
// they tied themselves to, and handles that nobody who wrote bears.
func (x *index) connect(list []piece, names *naming, s span, p uint16, decay *decay) *network {
	from, to := x.platformStart[p], x.platformStart[p+1]
	n := &network{since: s.since, end: s.end, day: s.day, platform: p, first: from}
	if !slices.ContainsFunc(list, func(p piece) bool { return p.edgesFrom < p.edgesTo }) {
		return n
	}
	c := connector{x: x, names: names, platform: p, first: from, accounts: to - from}
	c.node = filled(int(to-from)+x.handles.len(), -1)
	for _, part := range list {
		for i := part.from; i < part.to; i++ {
			if a := part.rows.account[i]; a >= from && a < to && !names.own[x.accounts[a].person] {
				c.node[a-from] = 0
			}
		}
		c.ties(part, decay)
	}
	if len(c.edges) == 0 {
		return n
	}
	nodes := int32(0)
	for i, in := range c.node {
		if in == 0 {
			c.node[i] = nodes
			nodes++
		}
	}
	for i, e := range c.edges {
		c.edges[i].From, c.edges[i].To = c.node[e.From], c.node[e.To]
	}
	g := graph.Build(int(nodes), c.edges)
	rank, counterparts := g.PageRank(graph.Ranking), g.Counterparts().Either
	n.known = true
	bridging := g.Participation(g.Communities())
	n.rank, n.counterparts, n.bridging = make([]float64, to-from), make([]int32, to-from), make([]float64, to-from)
	for i := range n.rank {
		if node := c.node[i]; node >= 0 {
			n.rank[i], n.counterparts[i], n.bridging[i] = rank[node]*float64(nodes), counterparts[node], bridging[node]
		}
	}
	return n
}

// connector collects the edges of a platform. Until nodes are numbered, an
// account is its place on the platform and a handle stands behind all accounts.
type connector struct {
	x               *index
	names           *naming
	platform        uint16
	first, accounts int32
	node            []int32 // −1: not in the graph
	edges           []graph.Edge
}

func (c *connector) ties(part piece, decay *decay) {
	es := part.edges
	day, factor := int32(0), 0.0
	for i := part.edgesFrom; i < part.edgesTo; i++ {
		source, target := es.source[i], es.target[i]
		if a := &c.x.accounts[source]; a.platform != c.platform || c.names.own[a.person] || c.names.ownName[target] {
			continue
		}
		if factor == 0 || es.day[i] != day {
			day, factor = es.day[i], decay.on(c.platform, es.day[i], decay.at(es.day[i]))
		}
		from, to := source-c.first, c.accounts+target
		if holder := c.names.holder[target]; holder >= 0 {
			to = holder - c.first
		}
		if from == to {
			continue
		}
		c.node[from], c.node[to] = 0, 0
		c.edges = append(c.edges, graph.Edge{From: from, To: to, Weight: factor * float64(es.weight[i])})
	}
}
