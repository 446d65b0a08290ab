package rank_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/graph"
	"adalid/internal/rank"
	"adalid/scoring"
)

// known is what the reference finds out about one account.
type known struct {
	v                                   float64
	w                                   map[string]float64 // by language: Σ w, and over all: decayed sums
	recent, recentS, wholeS             float64
	own, paid, reposts, answers, scored int64
	likes, posts                        int64
	views                               map[int32]int64 // by day
	followers                           int64
	days                                map[int32]bool
	organicDays                         map[int32]day
	last                                int64
}

// day is what was said that was not paid for.
type day struct{ weight, decay float64 }

// slowRank ranks the posts themselves: one pass per question, no columns, no
// roll-ups, no caches.
func slowRank(m *memory, q rank.Query, now time.Time) ([]string, map[string]scoring.Score, map[string]rank.Evidence) {
	end := now.Unix()
	var posts []post // in the window, of any language
	for _, p := range m.posts {
		if p.at <= end && (q.Since.IsZero() || p.at >= q.Since.Unix()) {
			posts = append(posts, p)
		}
	}
	bearer, own := bearers(m, end)
	decay := func(p post) float64 { return math.Pow(.5, float64(now.Unix()/86400-int64(p.day()))/30) }

	people := map[string]map[accountKey]*known{}
	for _, p := range posts {
		if own[p.person] || q.Lang != "" && strings.Split(p.lang, "-")[0] != q.Lang {
			continue
		}
		if q.Platform != "" && p.platform != q.Platform || q.Platform == "" && p.platform == adalid.YouTube {
			continue
		}
		if people[p.person] == nil {
			people[p.person] = map[accountKey]*known{}
		}
		k := people[p.person][p.account()]
		if k == nil {
			k = &known{
				w: map[string]float64{}, views: map[int32]int64{}, followers: -1,
				days: map[int32]bool{}, organicDays: map[int32]day{},
			}
			people[p.person][p.account()] = k
		}
		k.add(p, decay(p))
	}
	for _, p := range posts { // answers count in any language
		k := people[p.person][p.account()]
		if k == nil {
			continue
		}
		for _, kind := range []rank.EdgeKind{rank.ReplyEdge, rank.QuoteEdge} {
			for _, target := range p.ties[kind] {
				holder, borne := bearer[accountKey{p.platform, target}]
				if target == "brand" || target == "h9new" && p.platform == "x" || borne && own[holder.person] {
					k.answers++
				}
			}
		}
	}
	for _, accounts := range people {
		for a, k := range accounts {
			k.v = effective(posts, a, q.Lang, decay)
		}
	}
	return finish(people, networks(posts, bearer, own, decay), q)
}

func (k *known) add(p post, decay float64) {
	k.last = max(k.last, p.at)
	if p.followers != nil {
		k.followers = max(k.followers, *p.followers)
	}
	if p.repost {
		k.reposts++
		return
	}
	k.own++
	k.days[p.day()] = true
	if p.likes != nil {
		k.likes += *p.likes
		k.posts++
	}
	if p.views != nil {
		k.views[p.day()] += *p.views
	}
	if p.sponsored {
		k.paid++
		return
	}
	w := 1 / float64(p.copy*p.copy)
	k.organicDays[p.day()] = day{k.organicDays[p.day()].weight + w, decay}
	if p.sentiment != nil {
		k.scored++
		k.w[strings.Split(p.lang, "-")[0]] += w
		k.recent += decay * w
		k.recentS += decay * w * *p.sentiment
		k.wholeS += w * *p.sentiment
	}
}

// effective adds up the days of an account, each at most 1 + ln(1 + posts).
func effective(posts []post, a accountKey, lang string, decay func(post) float64) float64 {
	weight, count, factor := map[int32]float64{}, map[int32]float64{}, map[int32]float64{}
	for _, p := range posts {
		if p.account() == a && !p.repost && !p.sponsored && (lang == "" || strings.Split(p.lang, "-")[0] == lang) {
			weight[p.day()] += 1 / float64(p.copy*p.copy)
			count[p.day()]++
			factor[p.day()] = decay(p)
		}
	}
	v := 0.0
	for _, day := range sortedKeys(weight) {
		v += factor[day] * min(weight[day], 1+math.Log(1+count[day]))
	}
	return v
}

// bearers tells who bore each handle last, and which people are the brand's.
func bearers(m *memory, end int64) (map[accountKey]post, map[string]bool) {
	// Of a day's posts only the last one per language tells the name.
	type cell struct {
		accountKey
		day  int32
		lang string
	}
	lasts := map[cell]post{}
	for _, p := range m.posts {
		k := cell{p.account(), p.day(), p.lang}
		if l, ok := lasts[k]; p.at <= end && (!ok || cmp.Or(cmp.Compare(p.at, l.at), cmp.Compare(p.id, l.id)) > 0) {
			lasts[k] = p
		}
	}
	bearer, own := map[accountKey]post{}, map[string]bool{}
	for _, p := range lasts {
		name := strings.ToLower(p.handle)
		if name == "brand" || p.platform == "x" && (p.key == "k7" || name == "h9new") {
			own[p.person] = true
		}
		k := accountKey{p.platform, name}
		b, ok := bearer[k]
		if !ok || p.at > b.at || p.at == b.at && p.key < b.key {
			bearer[k] = p
		}
	}
	return bearer, own
}

type tied struct{ rank, counterparts, bridging float64 }

// networks measures the graph of each platform, with maps.
func networks(posts []post, bearer map[accountKey]post, own map[string]bool, decay func(post) float64) map[accountKey]tied {
	type pair struct{ from, to accountKey }
	type daily struct {
		pair
		handle string
		day    int32
	}
	kinds := map[daily]map[rank.EdgeKind]float64{}
	factor := map[int32]float64{}
	nodes := map[accountKey]bool{}
	for _, p := range posts {
		if own[p.person] {
			continue
		}
		nodes[p.account()] = true
		factor[p.day()] = decay(p)
		for kind, targets := range p.ties {
			for _, target := range targets {
				to := accountKey{p.platform, "@" + target}
				if b, ok := bearer[accountKey{p.platform, target}]; ok {
					to = b.account()
					if own[b.person] {
						continue
					}
				}
				if target == "brand" || target == "h9new" && p.platform == "x" || to == p.account() {
					continue
				}
				k := daily{pair{p.account(), to}, target, p.day()}
				if kinds[k] == nil {
					kinds[k] = map[rank.EdgeKind]float64{}
				}
				kinds[k][kind]++
				nodes[to] = true
			}
		}
	}
	result := map[accountKey]tied{}
	for _, platform := range []adalid.Platform{"x", "mastodon", "lemmy", "youtube"} {
		var names []accountKey
		number := map[accountKey]int32{}
		// Whoever wrote comes first, by key, then names that nobody bears, for
		// communities depend a little on the order of nodes and edges.
		for n := range nodes {
			if n.platform == platform {
				names = append(names, n)
			}
		}
		nameless := func(n accountKey) int { return strings.Count(n.key[:1], "@") }
		slices.SortFunc(names, func(a, b accountKey) int {
			return cmp.Or(cmp.Compare(nameless(a), nameless(b)), cmp.Compare(a.key, b.key))
		})
		for i, n := range names {
			number[n] = int32(i)
		}
		var edges []graph.Edge
		for _, k := range slices.SortedFunc(mapKeys(kinds), func(a, b daily) int {
			return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.from.key, b.from.key), cmp.Compare(a.handle, b.handle))
		}) {
			of := kinds[k]
			if k.from.platform == platform {
				w := max(of[rank.MentionEdge], of[rank.ReplyEdge]) + of[rank.RepostEdge] + of[rank.QuoteEdge]
				edges = append(edges, graph.Edge{From: number[k.from], To: number[k.to], Weight: w * factor[k.day]})
			}
		}
		if len(edges) == 0 {
			continue
		}
		g := graph.Build(len(names), edges)
		pr, cs, bridging := g.PageRank(graph.Exact), g.Counterparts().Either, g.Participation(g.Communities())
		for i, n := range names {
			result[n] = tied{pr[i] * float64(len(names)), float64(cs[i]), bridging[i]}
		}
	}
	return result
}

// finish scores, filters and sorts.
func finish(people map[string]map[accountKey]*known, nets map[accountKey]tied, q rank.Query) ([]string, map[string]scoring.Score, map[string]rank.Evidence) {
	var ids []string
	var all [][]scoring.Signals
	evidence := map[string]rank.Evidence{}
	mentions := int64(0)
	for _, id := range sortedKeys(people) {
		signals, e := gather(people[id], nets)
		if e.Mentions == 0 {
			continue
		}
		evidence[id] = e
		mentions += e.Mentions
		ids, all = append(ids, id), append(all, signals)
	}
	scores := map[string]scoring.Score{}
	if len(ids) >= 30 && mentions >= 100 {
		scale := scoring.Fit(all)
		for i, id := range ids {
			scores[id] = scale.Score(all[i], q.Weights, q.Blend)
			on := map[adalid.Platform]map[accountKey]*known{}
			for a, k := range people[id] {
				if on[a.platform] == nil {
					on[a.platform] = map[accountKey]*known{}
				}
				on[a.platform][a] = k
			}
			for platform, accounts := range on {
				signals, e := gather(accounts, nets)
				evidence[id+"/"+string(platform)] = e
				scores[id+"/"+string(platform)] = scale.Score(signals, q.Weights, q.Blend)
			}
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool {
		return evidence[id].Mentions < int64(q.MinMentions) || scores[id].Critic && !q.All
	})
	slices.SortFunc(ids, func(a, b string) int {
		x, y := scores[a], scores[b]
		if len(scores) == 0 {
			return cmp.Or(cmp.Compare(evidence[b].Mentions, evidence[a].Mentions), cmp.Compare(evidence[b].ActiveDays, evidence[a].ActiveDays),
				cmp.Compare(evidence[b].Last, evidence[a].Last), cmp.Compare(a, b))
		}
		if x.Critic != y.Critic {
			return map[bool]int{true: 1, false: -1}[x.Critic]
		}
		if math.Abs(x.Total-y.Total) > 1e-7 {
			return cmp.Compare(y.Total, x.Total)
		}
		return cmp.Or(cmp.Compare(evidence[b].Mentions, evidence[a].Mentions), cmp.Compare(a, b))
	})
	return ids, scores, evidence
}

// gather sums up accounts of one person.
func gather(accounts map[accountKey]*known, nets map[accountKey]tied) ([]scoring.Signals, rank.Evidence) {
	var signals []scoring.Signals
	var e rank.Evidence
	days, organic := map[int32]bool{}, map[int32]day{}
	for _, a := range slices.SortedFunc(mapKeys(accounts), func(a, b accountKey) int {
		return cmp.Or(cmp.Compare(a.platform, b.platform), cmp.Compare(a.key, b.key))
	}) {
		k := accounts[a]
		signals = append(signals, k.signals(a, nets))
		e.Mentions += k.own
		e.Reposts += k.reposts
		e.Sponsored += k.paid
		e.Conversation += k.answers
		e.Scored += k.scored
		e.Last = max(e.Last, k.last)
		for d := range k.days {
			days[d] = true
		}
		for d, of := range k.organicDays {
			organic[d] = day{organic[d].weight + of.weight, of.decay}
		}
	}
	for i := range signals {
		signals[i].ActiveDays = 0
	}
	for _, d := range sortedKeys(organic) {
		signals[0].ActiveDays += organic[d].decay * min(1, organic[d].weight)
	}
	e.ActiveDays = len(days)
	return signals, e
}

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (k *known) signals(a accountKey, nets map[accountKey]tied) scoring.Signals {
	s := scoring.Signals{Platform: string(a.platform), Effective: k.v, Engagement: float64(k.likes), EngagementPosts: float64(k.posts)}
	if k.recent > 0 {
		for _, w := range k.w {
			s.SentimentWeight += w
		}
		s.LangWeights = k.w
		s.SentimentSum = s.SentimentWeight * k.recentS / k.recent
		s.SentimentWhole = new(k.wholeS)
	}
	for _, views := range k.views {
		if s.Views == nil || *s.Views < float64(views) {
			s.Views = new(float64(views))
		}
	}
	if k.followers >= 0 {
		s.Followers = new(float64(k.followers))
	}
	if t, ok := nets[a]; ok {
		s.PageRank, s.Counterparts, s.Bridging = new(t.rank), new(t.counterparts), new(t.bridging)
	}
	return s
}
