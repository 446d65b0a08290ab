package store

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"adalid"
	"adalid/internal/rank"
)

// NoDay is the Day of roll-ups and edges made from mentions whose creation
// time is unknown: unwindowed counts include them, windows do not.
const NoDay = math.MinInt32

const secondsPerDay = 86400

// day gives the UTC day of a time, NoDay when it is unknown.
func day(created optional) int32 {
	if !created.ok {
		return NoDay
	}
	d := created.v / secondsPerDay
	if created.v%secondsPerDay < 0 {
		d--
	}
	return int32(d)
}

// billion is the unit of weights and sums of sentiment.
const billion = 1_000_000_000

// divide rounds a/b to the nearest whole number, halves away from zero; b > 0.
func divide(a, b int64) int64 {
	if a < 0 {
		return -divide(-a, b)
	}
	return (a + b/2) / b
}

// copyWeight gives 1/k² in billionths and s/k² in billionths for an s in
// millionths. Above a million copies both are 0.
func copyWeight(k, s int64) (weight, sum int64) {
	if k > 1_000_000 {
		return 0, 0
	}
	return divide(billion, k*k), divide(s*(billion/1_000_000), k*k)
}

// net gives the sentiment that counts, in millionths: the team's label wins.
func (f *fact) net() optional {
	if f.label.ok {
		return optional{f.label.v * 1_000_000, true}
	}
	return f.sentiment
}

// class gives the label that counts, "" when there is none: the team's wins.
func (f *fact) class() adalid.Label {
	switch {
	case f.label.ok:
		return labelOf(f.label.v)
	case f.tone.ok:
		return labelOf(f.tone.v)
	}
	return ""
}

// newRow gives a roll-up that no post was added to.
func newRow() rank.Row {
	return rank.Row{First: math.MaxInt64, Last: math.MinInt64}
}

// sum adds (sign 1) or takes away (sign −1) what a post contributes to the
// sums of its roll-up.
func sum(r *rank.Row, f *fact, sign int32) {
	r.Posts += sign
	if f.repost {
		r.Reposted += sign
		return
	}
	r.Own += sign
	if f.copy > 1 {
		r.Copies += sign
	}
	for i, s := range [counters]*rank.Sum{&r.Likes, &r.Reposts, &r.Replies, &r.Quotes, &r.Views} {
		if c := f.counter[i]; c.ok {
			s.Total += int64(sign) * c.v
			s.Known += sign
		}
	}
	if f.counter[likes].ok || f.counter[reposts].ok || f.counter[replies].ok || f.counter[quotes].ok {
		r.EngagementKnown += sign
	}
	if f.sponsored {
		return
	}
	r.Organic += sign
	s := f.net()
	weight, weighted := copyWeight(f.copy, s.v)
	r.Weight += int64(sign) * weight
	if s.ok {
		r.SentimentWeight += int64(sign) * weight
		r.SentimentSum += int64(sign) * weighted
		r.Scored += sign
	}
}

// extend takes over a post's part in what is no sum: extremes and the last
// post's own values.
func extend(r *rank.Row, f *fact) {
	if f.followers.ok && (r.FollowersMax == nil || f.followers.v > *r.FollowersMax) {
		r.FollowersMax = f.followers.pointer()
	}
	at := f.created.v
	r.First = min(r.First, at)
	if at > r.Last || at == r.Last && f.id > r.LastID {
		r.Last, r.LastID = at, f.id
		r.Profile, r.FollowingLast = int32(f.profile), f.following.pointer()
	}
}

// tie is one edge of a post.
type tie struct {
	kind   rank.EdgeKind
	target string
}

// ties yields the edges that a post makes: a repost one to the original's
// author, every other post one per handle named, one for an answer and one for
// a quote; nobody is tied to itself. What is left out makes none.
func (f *fact) ties(yield func(tie)) {
	if f.out() {
		return
	}
	one := func(kind rank.EdgeKind, target string) {
		if target != "" && target != f.handle {
			yield(tie{kind, target})
		}
	}
	if f.repost {
		one(rank.RepostEdge, f.repostOf)
		return
	}
	for rest, at := f.handles, 0; rest != ""; rest = rest[at:] {
		h, _, more := strings.Cut(rest, "\n")
		if at = len(h); more {
			at++
		}
		if !namedBefore(f.handles[:len(f.handles)-len(rest)], h) {
			one(rank.MentionEdge, h)
		}
	}
	one(rank.ReplyEdge, f.replyTo)
	one(rank.QuoteEdge, f.quoteOf)
}

// namedBefore tells whether a line of list is h. Sources promise distinct
// handles; a broken one must not count twice.
func namedBefore(list, h string) bool {
	for line := range strings.Lines(list) {
		if strings.TrimSuffix(line, "\n") == h {
			return true
		}
	}
	return false
}

// rollKey and edgeKey are the keys of a roll-up and of an edge in one brand.
type rollKey struct {
	day    int32
	author int64
	lang   string
}

type edgeKey struct {
	day    int32
	kind   rank.EdgeKind
	source int64
	target string
}

// weightedEdge is an edge with how often it occurs.
type weightedEdge struct {
	edgeKey
	weight int32
}

// tally is what posts add up to.
type tally struct {
	rows  map[rollKey]*rank.Row
	edges map[edgeKey]int32
	spare []rank.Row // made in one piece, used one by one
}

func newTally() *tally {
	return &tally{rows: map[rollKey]*rank.Row{}, edges: map[edgeKey]int32{}}
}

func (t *tally) row(f *fact) *rank.Row {
	k := rollKey{day(f.created), f.author, f.lang}
	r := t.rows[k]
	if r == nil {
		if len(t.spare) == 0 {
			t.spare = make([]rank.Row, min(len(t.rows)+1, 256))
		}
		r, t.spare = &t.spare[0], t.spare[1:]
		*r = newRow()
		r.Account, r.Day, r.Lang = k.author, k.day, k.lang
		t.rows[k] = r
	}
	return r
}

func (t *tally) addRow(f *fact) {
	if f.out() {
		return
	}
	r := t.row(f)
	sum(r, f, 1)
	extend(r, f)
}

func (t *tally) addEdges(f *fact, sign int32) {
	d := day(f.created)
	f.ties(func(e tie) { t.edges[edgeKey{d, e.kind, f.author, e.target}] += sign })
}

func (t *tally) sortedEdges() []weightedEdge {
	edges := make([]weightedEdge, 0, len(t.edges))
	for k, w := range t.edges {
		edges = append(edges, weightedEdge{k, w})
	}
	slices.SortFunc(edges, func(a, b weightedEdge) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.source, b.source), cmp.Compare(a.target, b.target))
	})
	return edges
}
