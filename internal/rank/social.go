package rank

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"adalid"
	"adalid/internal/graph"
	"adalid/scoring"
)

// social is who ties themselves to whom in a window, person by person and over
// all its platforms, measured. It does not depend on formulas, filters or on
// what is known of people.
type social struct {
	since, end int64
	day        int32
	platform   adalid.Platform
	gaps       []Period

	graph        *graph.Graph
	person       []int32 // of each node, rising
	node         []int32 // of each person, −1: tied to nobody
	share        []float64
	counterparts []int32
	community    []int32
	members      []int32 // of each community, how many
	bridge       []float64
	posts        int64 // ties between people, each post once per pair
	pairs        int

	mu       sync.Mutex
	pictures []*picture // most recently used first

	size  int64        // of the graph and its measures, in bytes
	drawn atomic.Int64 // of the pictures: whoever counts need not wait for one
}

// picture is a layout of some of the people.
type picture struct {
	key    pictureKey
	placed []graph.Placed
}

// pictureKey names whom a picture shows.
type pictureKey struct {
	most, minMentions int
	hide              mark
	lang              string
	where             wheres
	weights           scoring.Weights // where may ask for scores; zero without it
	blend             scoring.Blend
	standing          int64
	asked             asked
}

// How many graphs of people an index remembers, and how many pictures of each.
const (
	keptSocials  = 2
	keptPictures = 6
)

// social gives the graph of a window's people, made by whoever comes first; the
// others wait.
func (x *index) social(ctx context.Context, w *window, halfLife float64) (*social, error) {
	if s := x.knownSocial(w); s != nil {
		return s, nil
	}
	select {
	case <-x.drawing:
		defer func() { x.drawing <- struct{}{} }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s := x.knownSocial(w); s != nil {
		return s, nil
	}
	s := w.socialise(halfLife)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.socials = remember(x.socials, s, keptSocials)
	return s, nil
}

func (x *index) knownSocial(w *window) *social {
	x.mu.Lock()
	defer x.mu.Unlock()
	i := slices.IndexFunc(x.socials, func(s *social) bool {
		return s.since == w.since && s.end == w.end && s.day == w.day && s.platform == w.platform && slices.Equal(s.gaps, w.gaps)
	})
	if i < 0 {
		return nil
	}
	found := x.socials[i]
	x.socials = remember(slices.Delete(x.socials, i, i+1), found, keptSocials)
	return found
}

// socialise builds and measures the graph: edges decayed as those of the network
// component are.
func (w *window) socialise(halfLife float64) *social {
	s := &social{since: w.since, end: w.end, day: w.day, platform: w.platform, gaps: w.gaps, node: filled(w.index.people.len(), -1)}
	decay := newDecay(w.day, halfLife, w.index.platforms, w.gaps)
	var edges []graph.Edge
	w.ties(func(es *edgesAt, from, to int32) {
		s.node[from], s.node[to] = 0, 0
		s.posts += int64(es.weight)
		edges = append(edges, graph.Edge{From: from, To: to, Weight: decay.on(es.platform, es.day, decay.at(es.day)) * float64(es.weight)})
	})
	for person, in := range s.node {
		if in == 0 {
			s.node[person] = int32(len(s.person))
			s.person = append(s.person, int32(person))
		}
	}
	for i, e := range edges {
		edges[i].From, edges[i].To = s.node[e.From], s.node[e.To]
	}
	s.graph = graph.Build(len(s.person), edges)
	s.share = s.graph.PageRank(graph.Ranking)
	s.counterparts = s.graph.Counterparts().Either
	for _, n := range s.counterparts {
		s.pairs += int(n)
	}
	s.pairs /= 2
	s.community = s.graph.Communities()
	s.bridge = s.graph.Participation(s.community)
	for _, c := range s.community {
		for int(c) >= len(s.members) {
			s.members = append(s.members, 0)
		}
		s.members[c]++
	}
	s.size = s.graph.Bytes() + bytesOf(s.person) + bytesOf(s.node) + bytesOf(s.share) + bytesOf(s.counterparts) +
		bytesOf(s.community) + bytesOf(s.members) + bytesOf(s.bridge)
	return s
}

// edgesAt is one edge of an index, a day's posts of an account to a handle.
type edgesAt struct {
	day             int32
	platform        uint16
	weight, answers int32
}

// ties visits what ties two people of the window's platforms to each other. The
// brand's own accounts are left out: else everybody is tied through them.
func (w *window) ties(visit func(e *edgesAt, from, to int32)) {
	x, names := w.index, w.names
	for _, part := range w.list {
		es := part.edges
		for i := part.edgesFrom; i < part.edgesTo; i++ {
			source, holder := es.source[i], names.holder[es.target[i]]
			if holder < 0 || !w.counts(source) {
				continue
			}
			from, to := x.accounts[source].person, x.accounts[holder].person
			if from == to || names.own[from] || names.own[to] {
				continue
			}
			visit(&edgesAt{es.day[i], x.accounts[source].platform, es.weight[i], es.answers[i]}, from, to)
		}
	}
}

// placed gives a picture, drawn when it is first asked for. shown tells of each
// node whether it may be in it.
func (s *social) placed(key pictureKey, shown []bool) []graph.Placed {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.pictures, func(p *picture) bool { return p.key == key })
	if i >= 0 {
		found := s.pictures[i]
		s.pictures = remember(slices.Delete(s.pictures, i, i+1), found, keptPictures)
		return found.placed
	}
	rank, most := slices.Clone(s.share), 0
	for node, in := range shown {
		if in {
			most++
		} else {
			rank[node] = -1 // behind everybody who may
		}
	}
	p := &picture{key, s.graph.Layout(rank, s.community, min(most, key.most))}
	s.pictures = remember(s.pictures, p, keptPictures)
	drawn := int64(0)
	for _, p := range s.pictures {
		drawn += bytesOf(p.placed)
	}
	s.drawn.Store(drawn)
	return p.placed
}
