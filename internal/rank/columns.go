package rank

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"sync/atomic"

	"adalid"
)

// billion is the unit of stored weights.
const billion = 1e9

// rows are Rows as columns, by day, account, language.
type rows struct {
	day, account, lang           []int32
	own, reposted, organic       []int32
	copies                       []int32
	engagement, views            []int64 // sums of what is known
	engagementKnown, viewsKnown  []int32
	weight                       []int64
	sentimentWeight, sentimentOf []int64
	scored                       []int32
	followers                    []int64 // −1: unknown
	profile                      []int32 // −1: unknown
	first, last                  []int64
	lastOfDay                    []bool // of the account, over its languages

	lastID string // id behind the lastOfDay of the newest account and day
	lastAt int    // and its row
}

func (rs *rows) columns() []column {
	return []column{
		vector[int32]{&rs.day},
		vector[int32]{&rs.account},
		vector[int32]{&rs.lang},
		vector[int32]{&rs.own},
		vector[int32]{&rs.reposted},
		vector[int32]{&rs.organic},
		vector[int32]{&rs.copies},
		vector[int64]{&rs.engagement},
		vector[int64]{&rs.views},
		vector[int32]{&rs.engagementKnown},
		vector[int32]{&rs.viewsKnown},
		vector[int64]{&rs.weight},
		vector[int64]{&rs.sentimentWeight},
		vector[int64]{&rs.sentimentOf},
		vector[int32]{&rs.scored},
		vector[int64]{&rs.followers},
		vector[int32]{&rs.profile},
		vector[int64]{&rs.first},
		vector[int64]{&rs.last},
		vector[bool]{&rs.lastOfDay},
	}
}

// add appends a row under the store's number of its account, which number
// replaces. Rows without a day are left out.
func (rs *rows) add(r *Row, lang int32) error {
	if r.Day == NoDay {
		return nil
	}
	n, account := len(rs.day), int32(r.Account)
	if n > 0 && rs.day[n-1] > r.Day {
		return fmt.Errorf("rows are not ordered by day: %d after %d", r.Day, rs.day[n-1])
	}
	rs.day, rs.account, rs.lang = append(rs.day, r.Day), append(rs.account, account), append(rs.lang, lang)
	rs.own, rs.reposted, rs.organic = append(rs.own, r.Own), append(rs.reposted, r.Reposted), append(rs.organic, r.Organic)
	rs.copies = append(rs.copies, r.Copies)
	rs.engagement = append(rs.engagement, Engagement(r.Likes.Total, r.Reposts.Total, r.Replies.Total, r.Quotes.Total))
	rs.engagementKnown = append(rs.engagementKnown, r.EngagementKnown)
	rs.views, rs.viewsKnown = append(rs.views, r.Views.Total), append(rs.viewsKnown, r.Views.Known)
	rs.weight = append(rs.weight, r.Weight)
	rs.sentimentWeight, rs.sentimentOf = append(rs.sentimentWeight, r.SentimentWeight), append(rs.sentimentOf, r.SentimentSum)
	rs.scored = append(rs.scored, r.Scored)
	rs.first, rs.last = append(rs.first, r.First), append(rs.last, r.Last)
	followers := int64(-1)
	if r.FollowersMax != nil {
		followers = *r.FollowersMax
	}
	rs.followers, rs.profile = append(rs.followers, followers), append(rs.profile, r.Profile)

	latest := true
	if n > 0 && rs.day[n-1] == r.Day && rs.account[n-1] == account {
		latest = cmp.Or(cmp.Compare(r.Last, rs.last[rs.lastAt]), cmp.Compare(r.LastID, rs.lastID)) > 0
		rs.lastOfDay[rs.lastAt] = !latest
	}
	rs.lastOfDay = append(rs.lastOfDay, latest)
	if latest {
		rs.lastID, rs.lastAt = r.LastID, n
	}
	return nil
}

// number replaces the store's numbers of accounts by places in the index. Rows
// of accounts and languages that it does not know, because they came after it
// was loaded, are left out.
func (rs *rows) number(x *index) {
	var unknown atomic.Bool
	inParts(len(rs.day), 1<<15, func(from, to int) {
		for i := from; i < to; i++ {
			a := x.accountOf(int64(rs.account[i]))
			if rs.account[i] = a; a < 0 || rs.lang[i] < 0 {
				unknown.Store(true)
			} else if rs.profile[i] < 0 || rs.profile[i] >= x.profileStart[a+1]-x.profileStart[a] {
				rs.profile[i] = -1
			}
		}
	})
	if !unknown.Load() {
		return
	}
	places := make([]int32, 0, len(rs.day))
	for i := range rs.day {
		if rs.account[i] >= 0 && rs.lang[i] >= 0 {
			places = append(places, int32(i))
		}
	}
	*rs = rs.picked(&rows{}, places)
}

// picked makes rows of rs and, where a place is below zero, of fresh.
func (rs *rows) picked(fresh *rows, places []int32) rows {
	var out rows
	pickAll(out.columns(), rs.columns(), fresh.columns(), places)
	return out
}

// from finds the first row of a day or later.
func (rs *rows) from(day int32) int { return firstOf(rs.day, day) }

func firstOf(days []int32, day int32) int {
	return sort.Search(len(days), func(i int) bool { return days[i] >= day })
}

// edges are Edges as columns, one per day, source and target.
type edges struct {
	day, source, target []int32 // source in index.accounts, target in index.handles
	weight              []int32 // how often tied, a post that names and answers counted once
	answers             []int32 // replies and quotes
}

func (es *edges) columns() []column {
	return []column{
		vector[int32]{&es.day},
		vector[int32]{&es.source},
		vector[int32]{&es.target},
		vector[int32]{&es.weight},
		vector[int32]{&es.answers},
	}
}

// from finds the first edge of a day or later.
func (es *edges) from(day int32) int { return firstOf(es.day, day) }

// tie is an Edge with numbers for names.
type tie struct {
	day, source, target int32
	weight              int32
	kind                EdgeKind
}

// tie numbers an edge; false when the index does not know who or whom.
func (x *index) tie(e Edge) (tie, bool) {
	source := x.accountOf(e.Source)
	if source < 0 {
		return tie{}, false
	}
	target := x.handle(x.accounts[source].platform, e.Target)
	return tie{e.Day, source, target, e.Weight, e.Kind}, target >= 0
}

// combine turns ties, ordered by day, into columns.
func combine(ties []tie) (es edges) {
	var days [][]tie
	for from := 0; from < len(ties); {
		to := from + 1
		for to < len(ties) && ties[to].day == ties[from].day {
			to++
		}
		days = append(days, ties[from:to])
		from = to
	}
	made := make([]edges, len(days))
	inParts(len(days), 8, func(from, to int) {
		var sorter tieSorter
		for i := from; i < to; i++ {
			made[i].addDay(sorter.sorted(days[i]))
		}
	})
	parts := make([][]column, len(made))
	for i := range made {
		parts[i] = made[i].columns()
	}
	joinAll(es.columns(), parts)
	return es
}

// tieSorter keeps what sorting the ties of a day needs for those of the next.
type tieSorter struct {
	keys, spare []keyed
	ties        []tie
}

// sorted gives the ties of a day by source and target.
func (s *tieSorter) sorted(ties []tie) []tie {
	s.keys, s.ties = s.keys[:0], s.ties[:0]
	for i, t := range ties {
		s.keys = append(s.keys, keyed{uint64(t.source)<<32 | uint64(t.target), int32(i)})
	}
	s.spare = slices.Grow(s.spare[:0], len(s.keys))
	sortKeyed(s.keys, s.spare[:len(s.keys)])
	for _, k := range s.keys {
		s.ties = append(s.ties, ties[k.place])
	}
	return s.ties
}

func (es *edges) addDay(ties []tie) {
	for _, c := range []*[]int32{&es.day, &es.source, &es.target, &es.weight, &es.answers} {
		*c = slices.Grow(*c, len(ties))
	}
	for i := 0; i < len(ties); {
		first := ties[i]
		var of [QuoteEdge + 1]int32
		for ; i < len(ties) && ties[i].source == first.source && ties[i].target == first.target; i++ {
			if k := ties[i].kind; k <= QuoteEdge {
				of[k] += ties[i].weight
			}
		}
		es.day, es.source, es.target = append(es.day, first.day), append(es.source, first.source), append(es.target, first.target)
		es.weight = append(es.weight, max(of[MentionEdge], of[ReplyEdge])+of[RepostEdge]+of[QuoteEdge])
		es.answers = append(es.answers, of[ReplyEdge]+of[QuoteEdge])
	}
}

// platformOf gives the platform of an account.
func (x *index) platformOf(a int32) adalid.Platform { return x.platforms[x.accounts[a].platform] }

// picked makes edges of es and, where a place is below zero, of fresh.
func (es *edges) picked(fresh *edges, places []int32) edges {
	var out edges
	pickAll(out.columns(), es.columns(), fresh.columns(), places)
	return out
}

func pickAll(out, old, fresh []column, places []int32) {
	for i, c := range out {
		c.pick(old[i], fresh[i], places)
	}
}

// joinAll makes every column of the same columns of all parts, one behind the
// other.
func joinAll(out []column, parts [][]column) {
	inParts(len(out), 1, func(from, to int) {
		of := make([]column, len(parts))
		for i := from; i < to; i++ {
			for j, part := range parts {
				of[j] = part[i]
			}
			out[i].join(of)
		}
	})
}
