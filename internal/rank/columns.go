package rank

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

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

// add appends a row. Rows without a day are left out, and those of accounts and
// languages that the index does not know, because they came after it was loaded.
func (rs *rows) add(x *index, r Row) error {
	if r.Day == NoDay {
		return nil
	}
	a, known := x.accountOf[r.Account]
	lang, numbered := x.lang(r.Lang)
	if !known || !numbered {
		return nil
	}
	n := len(rs.day)
	if n > 0 && rs.day[n-1] > r.Day {
		return fmt.Errorf("rows are not ordered by day: %d after %d", r.Day, rs.day[n-1])
	}
	rs.day, rs.account = append(rs.day, r.Day), append(rs.account, a)
	rs.lang = append(rs.lang, lang)
	rs.own, rs.reposted, rs.organic = append(rs.own, r.Own), append(rs.reposted, r.Reposted), append(rs.organic, r.Organic)
	rs.copies = append(rs.copies, r.Copies)
	rs.engagement = append(rs.engagement, Engagement(r.Likes.Total, r.Reposts.Total, r.Replies.Total, r.Quotes.Total))
	rs.engagementKnown = append(rs.engagementKnown, r.EngagementKnown)
	rs.views, rs.viewsKnown = append(rs.views, r.Views.Total), append(rs.viewsKnown, r.Views.Known)
	rs.weight = append(rs.weight, r.Weight)
	rs.sentimentWeight, rs.sentimentOf = append(rs.sentimentWeight, r.SentimentWeight), append(rs.sentimentOf, r.SentimentSum)
	rs.scored = append(rs.scored, r.Scored)
	rs.first, rs.last = append(rs.first, r.First), append(rs.last, r.Last)
	followers, profile := int64(-1), int32(-1)
	if r.FollowersMax != nil {
		followers = *r.FollowersMax
	}
	if r.Profile >= 0 && int(r.Profile) < len(x.accounts[a].profiles) {
		profile = r.Profile
	}
	rs.followers, rs.profile = append(rs.followers, followers), append(rs.profile, profile)

	latest := true
	if n > 0 && rs.day[n-1] == r.Day && rs.account[n-1] == a {
		latest = cmp.Or(cmp.Compare(r.Last, rs.last[rs.lastAt]), cmp.Compare(r.LastID, rs.lastID)) > 0
		rs.lastOfDay[rs.lastAt] = !latest
	}
	rs.lastOfDay = append(rs.lastOfDay, latest)
	if latest {
		rs.lastID, rs.lastAt = r.LastID, n
	}
	return nil
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

// from finds the first edge of a day or later.
func (es *edges) from(day int32) int { return firstOf(es.day, day) }

// combine turns edges, ordered by day, into columns; those of accounts and
// handles that the index does not know are left out.
func (x *index) combine(raw []Edge) edges {
	type tie struct {
		day, source, target int32
		kind                EdgeKind
		weight              int32
	}
	ties := make([]tie, 0, len(raw))
	for _, e := range raw {
		p, ok := x.platform(e.Platform)
		source, known := x.accountOf[e.Source]
		target, named := x.handleOf[handle{p, e.Target}]
		if ok && known && named && x.accounts[source].platform == p {
			ties = append(ties, tie{e.Day, source, target, e.Kind, e.Weight})
		}
	}
	slices.SortFunc(ties, func(a, b tie) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.source, b.source),
			cmp.Compare(a.target, b.target), cmp.Compare(a.kind, b.kind))
	})
	var es edges
	for i := 0; i < len(ties); {
		first := ties[i]
		var of [QuoteEdge + 1]int32
		for ; i < len(ties) && ties[i].day == first.day && ties[i].source == first.source && ties[i].target == first.target; i++ {
			if k := ties[i].kind; k <= QuoteEdge {
				of[k] += ties[i].weight
			}
		}
		es.day, es.source, es.target = append(es.day, first.day), append(es.source, first.source), append(es.target, first.target)
		es.weight = append(es.weight, max(of[MentionEdge], of[ReplyEdge])+of[RepostEdge]+of[QuoteEdge])
		es.answers = append(es.answers, of[ReplyEdge]+of[QuoteEdge])
	}
	return es
}

// platformOf gives the platform of an account.
func (x *index) platformOf(a int32) adalid.Platform { return x.platforms[x.accounts[a].platform] }
