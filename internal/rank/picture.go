package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"adalid"
	"adalid/internal/graph"
)

// What a network needs, and how much of one is shown.
const (
	LeastTies       = 50    // posts that tie people to each other, below which a picture says little
	LeastCommunity  = 3     // people of a community that is listed
	MostCommunities = 24    // listed, the largest
	MostTies        = 12000 // pairs shown, the strongest
	communityTop    = 3     // people named of a community
)

// From this participation coefficient on somebody is said to connect communities:
// as if spread evenly over one and a half. A connector is tied to at least
// leastTies people too.
const leastBridge = 1. / 3

// Network is who ties themselves to whom around a brand: people, the pairs of
// them, and the groups that they form. Ties are posts about the brand in which
// one person replies to, quotes, reposts or names another, whatever the
// language; the brand's own accounts are left out.
type Network struct {
	Ranking // what was asked and found; without entries

	People      []Tied      // most attention first
	Ties        []Tie       // between them, most posts first
	Communities []Community // largest first, from LeastCommunity people up
	LeftOut     Absent      // tied people who are not shown because of what is known of them

	TiedPeople   int   // everybody who is tied to anybody
	Pairs        int   // of them
	Posts        int64 // that tie them
	CommunityAll int   // communities of any size
	TooFewTies   bool  // under LeastTies posts

	Member func(person string) int // the community of a person by id, −1: in none
}

// Tied is a person of a network.
type Tied struct {
	ID           string // adalid.Person.ID
	Name, Handle string // of the first account; "" unknown
	Platforms    []adalid.Platform
	X, Y         float64  // place in the picture, in [0, 1]
	Share        float64  // PageRank: share of all attention, in [0, 1]
	Community    int      // Community.Number
	Bridge       float64  // participation coefficient: 0 within one community, near 1 spread over many
	Connector    bool     // ties communities together
	Counterparts int      // people tied to
	Mentions     int64    // own posts about the brand; 0 of who only reposted or is only named
	Rank         int      // as the query ranks; 0: not ranked
	Score        *float64 // 0 to 100; nil: no candidate, or too few to rank
	Segment      Segment  // "" of who is no candidate
}

// Tie is a pair of people.
type Tie struct {
	A, B    int   // places in Network.People, A < B
	Posts   int64 // in which either ties to the other
	Answers int64 // of them replies and quotes; the others name or repost
	Mutual  bool  // both tied to the other
}

// Community is a group of people who have more to do with each other than with
// the rest.
type Community struct {
	Number int
	People int
	Shown  int    // of them in Network.People
	Top    []Tied // who has most attention; without places
}

// Network gives the network of a brand. Since, Until and Platform choose the
// ties; everything else chooses who is shown and how they are ranked, Limit how
// many: 0 means graph.MostPlaced, which is the most. Errors are those of Rank.
func (r *Ranker) Network(ctx context.Context, brand string, q Query) (Network, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return Network{}, err
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return Network{}, fmt.Errorf("rank: network: %w", err)
	}
	s, err := w.index.social(ctx, w, r.halfLife)
	if err != nil {
		return Network{}, fmt.Errorf("rank: network: %w", err)
	}
	limit := min(cmp.Or(q.Limit, graph.MostPlaced), graph.MostPlaced)
	found := q
	found.Offset, found.Limit, found.Intervals = 0, 1, false
	n := Network{Ranking: w.ranking(brand, found), TiedPeople: len(s.person), Pairs: s.pairs, Posts: s.posts, CommunityAll: len(s.members), TooFewTies: s.posts < LeastTies}
	n.Entries = nil
	d := drawer{w: w, s: s, q: q, o: w.plainOrder(q), candidate: filled(w.index.people.len(), -1)}
	for i, person := range w.people {
		d.candidate[person] = int32(i)
	}
	d.draw(&n, limit)
	r.weighIndex(brand, w.index) // with the graph and the picture
	n.Member = func(id string) int {
		person, ok := w.index.people.find(id, 0, w.index.people.len())
		if !ok || s.node[person] < 0 {
			return -1
		}
		return int(s.community[s.node[person]])
	}
	return n, nil
}

// drawer shows a graph of people as a query asks for them.
type drawer struct {
	w         *window
	s         *social
	q         Query
	o         order
	candidate []int32 // by person, −1: none
}

func (d *drawer) draw(n *Network, limit int) {
	shown := d.shown(n)
	places := d.places()
	placed := d.s.placed(d.key(limit), shown)
	at := filled(len(d.s.person), -1)
	n.People = make([]Tied, len(placed))
	for i, p := range placed {
		at[p.Node] = int32(i)
		n.People[i] = d.tied(p.Node, places)
		n.People[i].X, n.People[i].Y = p.X, p.Y
	}
	n.Ties = d.pairs(at)
	n.Communities = d.communities(shown, at, places)
}

// key names everything that shown depends on.
func (d *drawer) key(most int) pictureKey {
	k := pictureKey{
		most: most, minMentions: d.q.MinMentions, hide: d.o.hide, lang: d.q.Lang, where: d.q.wheres(), standing: d.w.standing.version, asked: d.w.asked(d.q),
	}
	if k.where != (wheres{}) {
		k.weights, k.blend = d.q.Weights, d.q.Blend
	}
	return k
}

// shown tells of each node whether the query shows it, and counts in n whom it
// leaves out.
func (d *drawer) shown(n *Network) []bool {
	listed := d.q.MinMentions > 1 || d.q.Lang != "" || d.q.wheres() != wheres{}
	in := make([]bool, len(d.s.person))
	for node, person := range d.s.person {
		if hidden := d.mark(person) & d.o.hide; hidden != 0 {
			n.LeftOut.count(hidden.absence())
			continue
		}
		i := d.candidate[person]
		in[node] = !listed || i >= 0 && d.w.sums[i].own >= int64(d.q.MinMentions) && d.o.where.holds(i)
	}
	return in
}

// mark is what may keep a person out, candidate or not.
func (d *drawer) mark(person int32) mark {
	if i := d.candidate[person]; i >= 0 {
		return d.o.marks[i]
	}
	m, kept := d.w.standingMark(person), d.w.pipeline.at(person)
	if kept.Status == unfitStatus {
		m |= 1 << isUnfit
	}
	if !d.q.Kept.holds(kept) {
		m |= 1 << notAsked
	}
	return m
}

// places gives the rank of each candidate, 0: not listed.
func (d *drawer) places() []int32 {
	ranks := make([]int32, len(d.w.people))
	if d.w.tooFew {
		return ranks
	}
	o := d.o
	o.query.Sort, o.query.All, o.safe = ByScore, false, nil
	list, _ := o.first(len(d.w.people))
	for i, p := range list {
		ranks[p.person] = int32(i + 1)
	}
	return ranks
}

func (d *drawer) tied(node int32, ranks []int32) Tied {
	person, x := d.s.person[node], d.w.index
	t := Tied{
		ID: x.people.at(person), Share: d.s.share[node], Community: int(d.s.community[node]), Bridge: d.s.bridge[node],
		Counterparts: int(d.s.counterparts[node]),
	}
	t.Connector = t.Counterparts >= leastTies && t.Bridge >= leastBridge
	for _, a := range x.personHas[x.personStart[person]:x.personStart[person+1]] {
		if !d.w.counts(a) || d.w.names.profile[a] < 0 {
			continue
		}
		author := d.w.names.author(x, a)
		if len(t.Platforms) == 0 {
			t.Name, t.Handle = author.Name, cmp.Or(author.Handle, author.Key)
		}
		if !slices.Contains(t.Platforms, author.Platform) {
			t.Platforms = append(t.Platforms, author.Platform)
		}
	}
	if i := d.candidate[person]; i >= 0 {
		t.Mentions, t.Rank, t.Segment = d.w.sums[i].own, int(ranks[i]), Unranked
		if !d.w.tooFew {
			c := &d.w.components[i]
			total := c.Total(d.q.Weights, d.q.Blend)
			t.Score, t.Segment = &total, Advocate
			if c.Critic() {
				t.Segment = Critic
			}
		}
	}
	return t
}

// pairs lists what ties the people shown, at[node] their places or −1.
func (d *drawer) pairs(at []int32) []Tie {
	type pair struct{ a, b int32 }
	found := map[pair]*Tie{}
	both := map[pair]int{} // 1: from a to b, 2: from b to a
	d.w.ties(func(e *edgesAt, from, to int32) {
		a, b := at[d.s.node[from]], at[d.s.node[to]]
		if a < 0 || b < 0 {
			return
		}
		way := 1
		if a > b {
			a, b, way = b, a, 2
		}
		p := pair{a, b}
		t := found[p]
		if t == nil {
			t = &Tie{A: int(a), B: int(b)}
			found[p] = t
		}
		t.Posts += int64(e.weight)
		t.Answers += int64(e.answers)
		both[p] |= way
	})
	list := make([]Tie, 0, len(found))
	for p, t := range found {
		t.Mutual = both[p] == 3
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b Tie) int {
		return cmp.Or(cmp.Compare(b.Posts, a.Posts), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return slices.Clip(list[:min(len(list), MostTies)])
}

// communities lists the largest ones with who has most attention in them.
func (d *drawer) communities(shown []bool, at, ranks []int32) []Community {
	var list []Community
	for c, size := range d.s.members { // by falling size
		if len(list) == MostCommunities || size < LeastCommunity {
			break
		}
		list = append(list, Community{Number: c, People: int(size)})
	}
	order := make([]int32, len(d.s.person))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(d.s.share[b], d.s.share[a]), cmp.Compare(a, b)) })
	for _, node := range order {
		c := int(d.s.community[node])
		if c >= len(list) {
			continue
		}
		if at[node] >= 0 {
			list[c].Shown++
		}
		if shown[node] && len(list[c].Top) < communityTop {
			list[c].Top = append(list[c].Top, d.tied(node, ranks))
		}
	}
	return list
}
