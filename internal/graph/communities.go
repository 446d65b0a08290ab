package graph

import (
	"cmp"
	"slices"
)

// Communities divides the nodes into groups that have more to do with each
// other than with the rest, however heavy their ties are: it looks for a
// division of high Modularity. A community is connected; a node without ties
// is one of its own. They are numbered by falling size, ties by lowest node.
//
// It is the Louvain method (Blondel, Guillaume, Lambiotte & Lefebvre 2008) with
// three changes: only nodes whose surroundings changed are looked at again
// (Traag, Waltman & van Eck 2019), communities that fell apart are split before
// they are joined into nodes and at the end (Sahu 2024), and on the way back
// nodes may still move one by one (Rotta & Noack 2011). Nothing is left to
// chance: nodes come in the order of their places, and of equally good
// communities the lowest wins.
func (g *Graph) Communities() []int32 {
	community := byNode(g, g.undirected().communities())
	size := make([]int32, len(community))
	first := make([]int32, len(community))
	for i, c := range slices.Backward(community) {
		size[c]++
		first[c] = int32(i)
	}
	order := make([]int32, 0, len(community))
	for c, n := range size {
		if n > 0 {
			order = append(order, int32(c))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(first[a], first[b]))
	})
	number := size // of no more use
	for i, c := range order {
		number[c] = int32(i)
	}
	for i, c := range community {
		community[i] = number[c]
	}
	return community
}

// communities are those of places; connected, numbered by lowest place.
func (t *ties) communities() []int32 {
	community := make([]int32, len(t.strength))
	for v := range community {
		community[v] = int32(v)
	}
	t.move(community, onTheWay)
	community, count := t.split(community)
	if count == len(community) {
		return community
	}
	above := t.join(community, count).communities()
	for v, c := range community {
		community[v] = above[c]
	}
	t.move(community, mostVisits)
	community, _ = t.split(community)
	return community
}

// How often nodes are looked at, per node of the graph. Joining them does not
// need the last small gains: the way back makes up for them.
const (
	onTheWay   = 2
	mostVisits = 100 // ends a search in which rounding makes moves look like gains for ever
)

// move lets one node after the other go to the community, of those it is tied
// to, where modularity gains most, until none wants to or most visits per node
// were made.
func (t *ties) move(community []int32, most int) {
	n := len(community)
	strength := make([]float64, n) // of each community
	for v, c := range community {
		strength[c] += t.strength[v]
	}
	var toward tally
	q := newQueue(n)
	for visits := 0; q.count > 0 && visits < most*n; visits++ {
		v := q.take()
		old := community[v]
		strength[old] -= t.strength[v]
		c := t.best(v, community, strength, &toward)
		strength[c] += t.strength[v]
		if c == old {
			continue
		}
		community[v] = c
		for _, u := range t.to[t.start[v]:t.start[v+1]] {
			if community[u] != c {
				q.put(u)
			}
		}
	}
}

// best finds the community that place v, taken out of its own, belongs to:
// that with the largest k_v→c − k_v·K_c/2m, which is m times the modularity
// gained. v stays where no other is better, and of equal ones the lowest wins;
// what rounding can make is no difference.
func (t *ties) best(v int32, community []int32, strength []float64, toward *tally) int32 {
	from, to := t.start[v], t.start[v+1]
	toward.expect(int(to - from))
	for i, u := range t.to[from:to] {
		toward.add(community[u], t.weight[int(from)+i])
	}
	old, expected, rounding := community[v], t.strength[v]/t.total, 1e-12*t.strength[v]
	best, most := old, toward.slots[toward.find(old)].sum-expected*strength[old]
	for _, i := range toward.used {
		s := toward.slots[i]
		c := s.key - 1
		gain := s.sum - expected*strength[c]
		if gain > most+rounding || best != old && c < best && gain >= most-rounding {
			best, most = c, max(gain, most)
		}
	}
	return best
}

// split parts communities into what is connected within them, numbered by
// lowest place.
func (t *ties) split(community []int32) (parts []int32, count int) {
	parts = make([]int32, len(community))
	for v := range parts {
		parts[v] = -1
	}
	var found []int32
	for v := range parts {
		if parts[v] >= 0 {
			continue
		}
		parts[v] = int32(count)
		found = append(found[:0], int32(v))
		for len(found) > 0 {
			u := found[len(found)-1]
			found = found[:len(found)-1]
			for _, w := range t.to[t.start[u]:t.start[u+1]] {
				if parts[w] < 0 && community[w] == community[v] {
					parts[w] = int32(count)
					found = append(found, w)
				}
			}
		}
		count++
	}
	return parts, count
}

// join makes the graph whose nodes are the communities.
func (t *ties) join(community []int32, count int) *ties {
	member, start := t.members(community, count)
	above := &ties{start: make([]int32, count+1), loop: make([]float64, count), strength: make([]float64, count)}
	var toward tally
	for c := range count {
		entries := 0
		for _, v := range member[start[c]:start[c+1]] {
			entries += int(t.start[v+1] - t.start[v])
		}
		toward.expect(min(entries, count))
		for _, v := range member[start[c]:start[c+1]] {
			above.loop[c] += t.loop[v]
			for i := t.start[v]; i < t.start[v+1]; i++ {
				toward.add(community[t.to[i]], t.weight[i])
			}
		}
		for d, w := range toward.sums {
			if int(d) == c {
				above.loop[c] += w
				continue
			}
			above.to, above.weight = append(above.to, d), append(above.weight, w)
		}
		above.start[c+1] = int32(len(above.to))
	}
	above.sum()
	return above
}

// members lists the places of each community, in order.
func (t *ties) members(community []int32, count int) (member, start []int32) {
	start = make([]int32, count+1)
	for _, c := range community {
		start[c+1]++
	}
	for c := range count {
		start[c+1] += start[c]
	}
	member = make([]int32, len(community))
	at := slices.Clone(start)
	for v, c := range community {
		member[at[c]] = int32(v)
		at[c]++
	}
	return member, start
}

// queue holds places that wait, each at most once, first come first served.
type queue struct {
	ring    []int32
	waiting []bool
	head    int
	count   int
}

// newQueue gives a queue in which all n places wait.
func newQueue(n int) *queue {
	q := &queue{ring: make([]int32, n), waiting: make([]bool, n), count: n}
	for v := range q.ring {
		q.ring[v], q.waiting[v] = int32(v), true
	}
	return q
}

func (q *queue) take() int32 {
	v := q.ring[q.head]
	if q.head++; q.head == len(q.ring) {
		q.head = 0
	}
	q.count--
	q.waiting[v] = false
	return v
}

func (q *queue) put(v int32) {
	if q.waiting[v] {
		return
	}
	at := q.head + q.count
	if at >= len(q.ring) {
		at -= len(q.ring)
	}
	q.ring[at], q.waiting[v] = v, true
	q.count++
}
