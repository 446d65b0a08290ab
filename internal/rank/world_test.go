package rank_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// post is a stored mention, as a database would hold it.
type post struct {
	platform            adalid.Platform
	person, key, handle string
	id, lang            string
	at                  int64 // unix seconds
	undated             bool  // at is unknown, and 0
	repost, sponsored   bool
	ties                map[rank.EdgeKind][]string
	likes, views        *int64
	followers           *int64
	sentiment           *float64 // nil: not scored
	copy                int      // k
}

func (p post) day() int32 {
	if p.undated {
		return rank.NoDay
	}
	return int32(p.at / 86400)
}

// memory is a rank.Store over posts: it aggregates when asked.
type memory struct {
	posts   []post // dated
	undated []post
	own     []adalid.OwnAccount
	scan    time.Time
	version int64
	loads   atomic.Int32 // how often whole days were read
}

func (m *memory) State(context.Context, string) (rank.State, error) {
	s := rank.State{DataVersion: m.version, LastScan: m.scan, Own: m.own, NoTime: int64(len(m.undated))}
	for _, p := range m.posts {
		if t := time.Unix(p.at, 0).UTC(); t.After(s.Newest) {
			s.Newest = t
		}
	}
	return s, nil
}

type accountKey struct {
	platform adalid.Platform
	key      string
}

func (p post) account() accountKey { return accountKey{p.platform, p.key} }

// accounts numbers the accounts in order of arrival.
func (m *memory) accounts() (list []rank.Account, ids map[accountKey]int) {
	ids = map[accountKey]int{}
	for _, p := range slices.Concat(m.posts, m.undated) {
		if _, ok := ids[p.account()]; !ok {
			ids[p.account()] = len(list)
			list = append(list, rank.Account{ID: int64(3 * len(list)), Person: p.person, Platform: p.platform, Key: p.key})
		}
		a := &list[ids[p.account()]]
		if profile := profileOf(p); !slices.Contains(a.Profiles, profile) {
			a.Profiles = append(a.Profiles, profile)
		}
	}
	return list, ids
}

func profileOf(p post) rank.Profile {
	return rank.Profile{Handle: p.handle, Name: "Name of " + p.handle}
}

func (m *memory) Accounts(_ context.Context, _ string, yield func(rank.Account) error) error {
	list, _ := m.accounts()
	return each(list, yield)
}

func each[T any](list []T, yield func(T) error) error {
	for _, item := range list {
		if err := yield(item); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Days(_ context.Context, _ string, yield func(rank.Row) error) error {
	m.loads.Add(1)
	return each(m.rows(slices.Concat(m.posts, m.undated)), yield)
}

func (m *memory) DayPart(_ context.Context, _ string, from, to time.Time, yield func(rank.Row) error) error {
	if dayOf(from) != dayOf(to) {
		return fmt.Errorf("a part of a day from %s to %s", from, to)
	}
	return each(m.rows(m.between(from, to)), yield)
}

func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

func (m *memory) between(from, to time.Time) []post {
	return slices.DeleteFunc(slices.Clone(m.posts), func(p post) bool { return p.at < from.Unix() || p.at > to.Unix() })
}

func (m *memory) rows(posts []post) []rank.Row {
	type rowKey struct {
		day     int32
		account int64
		lang    string
	}
	accounts, ids := m.accounts()
	rows := map[rowKey]*rank.Row{}
	for _, p := range posts {
		account := accounts[ids[p.account()]]
		k := rowKey{p.day(), account.ID, p.lang}
		r := rows[k]
		if r == nil {
			r = &rank.Row{Account: k.account, Day: k.day, Lang: k.lang, First: math.MaxInt64, Last: math.MinInt64}
			rows[k] = r
		}
		addPost(r, p)
		if p.at == r.Last && p.id == r.LastID {
			r.Profile = int32(slices.Index(account.Profiles, profileOf(p)))
		}
	}
	return slices.SortedFunc(func(yield func(rank.Row) bool) {
		for _, r := range rows {
			if !yield(*r) {
				return
			}
		}
	}, func(a, b rank.Row) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Lang, b.Lang))
	})
}

func addPost(r *rank.Row, p post) {
	r.Posts++
	r.First = min(r.First, p.at)
	if cmp.Or(cmp.Compare(p.at, r.Last), cmp.Compare(p.id, r.LastID)) > 0 {
		r.Last, r.LastID = p.at, p.id
	}
	if p.followers != nil && (r.FollowersMax == nil || *p.followers > *r.FollowersMax) {
		r.FollowersMax = p.followers
	}
	if p.repost {
		r.Reposted++
		return
	}
	r.Own++
	if p.likes != nil {
		r.Likes.Total += *p.likes
		r.Likes.Known++
		r.EngagementKnown++
	}
	if p.views != nil {
		r.Views.Total += *p.views
		r.Views.Known++
	}
	if p.sponsored {
		return
	}
	weight := math.Round(1e9 / float64(p.copy*p.copy))
	r.Organic++
	r.Weight += int64(weight)
	if p.sentiment != nil {
		r.Scored++
		r.SentimentWeight += int64(weight)
		r.SentimentSum += int64(math.Round(weight * *p.sentiment))
	}
}

func (m *memory) Edges(_ context.Context, _ string, yield func(rank.Edge) error) error {
	return each(m.edges(slices.Concat(m.posts, m.undated)), yield)
}

func (m *memory) EdgesPart(_ context.Context, _ string, from, to time.Time, yield func(rank.Edge) error) error {
	return each(m.edges(m.between(from, to)), yield)
}

func (m *memory) edges(posts []post) []rank.Edge {
	accounts, ids := m.accounts()
	weights := map[rank.Edge]int32{}
	for _, p := range posts {
		for kind, targets := range p.ties {
			for _, target := range targets {
				weights[rank.Edge{Day: p.day(), Kind: kind, Source: accounts[ids[p.account()]].ID, Target: target}]++
			}
		}
	}
	list := make([]rank.Edge, 0, len(weights))
	for e, w := range weights {
		e.Weight = w
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b rank.Edge) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Target, b.Target))
	})
	return list
}

// scope says what a generated world is like.
type scope struct {
	people, posts, days int
	platforms           []adalid.Platform
	merged              bool // some people have several accounts
}

var morning = time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)

// invent makes a world from a seed: a few loud people, many quiet ones; some
// rename themselves, repeat themselves, are paid, write in languages nobody
// scores; X tells followers, Mastodon does not, Lemmy has no ties. One post in
// twelve comes again without a time, half of these from accounts that have no
// other post.
func invent(seed uint64, s scope) *memory {
	r := rand.New(rand.NewPCG(seed, 3))
	if s.platforms == nil {
		s.platforms = []adalid.Platform{"x", "mastodon", "lemmy", "youtube"}
	}
	m := &memory{version: 1, own: []adalid.OwnAccount{{Handle: "brand"}, {Platform: "x", Key: "k7"}, {Platform: "x", Handle: "h9new"}}}
	handle := func(person int, at int64) string {
		if person%9 == 0 && at > morning.Unix()+int64(s.days)*43200 {
			return fmt.Sprintf("H%dnew", person)
		}
		return fmt.Sprintf("H%d", person)
	}
	copies := map[string]int{}
	for i := range s.posts {
		person := int(float64(s.people) * math.Pow(r.Float64(), 2))
		platform := s.platforms[person%len(s.platforms)]
		if s.merged && person%5 == 0 {
			platform = s.platforms[r.IntN(len(s.platforms))]
		}
		at := morning.Unix() + int64(i)*int64(s.days)*86400/int64(s.posts)
		p := post{
			platform: platform, person: fmt.Sprintf("p%04d", (person*7919)%10007), key: fmt.Sprintf("k%d", person),
			handle: handle(person, at), id: fmt.Sprintf("%06d", r.IntN(1e6)), at: at,
			lang: []string{"en", "en-us", "es", "ca"}[(person+r.IntN(2)*r.IntN(2))%4], copy: 1,
			repost: r.IntN(6) == 0, sponsored: r.IntN(12) == 0, ties: map[rank.EdgeKind][]string{},
		}
		if person == 3 {
			p.handle = "Brand"
		}
		if r.IntN(4) == 0 {
			k := fmt.Sprint(platform, person)
			copies[k]++
			p.copy = copies[k]
		}
		if p.lang != "ca" && r.IntN(5) > 0 {
			p.sentiment = new(math.Round((float64(person%7)/5-.4+r.Float64()*.4)*1e4) / 1e4)
		}
		decorate(&p, r, person, func(n int) string { return strings.ToLower(handle(n, at)) }, s.people)
		m.posts = append(m.posts, p)
		if i%12 == 0 {
			p.at, p.undated, p.id = 0, true, p.id+"u"
			if i%24 == 0 {
				p.person, p.key = p.person+"u", p.key+"u"
			}
			m.undated = append(m.undated, p)
		}
	}
	return m
}

// decorate gives a post what its platform tells.
func decorate(p *post, r *rand.Rand, person int, handle func(int) string, people int) {
	if p.platform == "x" {
		p.followers = new(int64(10 * (person + 1) * (person%13 + 1)))
	}
	if p.platform == "youtube" || p.platform == "mastodon" && person%3 == 0 {
		p.views = new(int64(r.IntN(5000)))
	}
	if r.IntN(8) > 0 {
		p.likes = new(int64(r.IntN(3 + person%20)))
	}
	if p.platform == "lemmy" {
		return
	}
	target := handle(r.IntN(people))
	switch r.IntN(6) {
	case 0:
		p.ties[rank.MentionEdge] = []string{target, "nobody" + target}
	case 1:
		p.ties[rank.MentionEdge], p.ties[rank.ReplyEdge] = []string{target}, []string{target}
	case 2:
		p.ties[rank.ReplyEdge], p.ties[rank.QuoteEdge] = []string{"brand"}, []string{target}
	}
	if p.repost {
		p.ties = map[rank.EdgeKind][]string{rank.RepostEdge: {target}}
	}
}

// upTo gives the world as it was at a moment.
func (m *memory) upTo(at int64) *memory {
	past := &memory{own: m.own, version: 9, undated: m.undated}
	for _, p := range m.posts {
		if p.at <= at {
			past.posts = append(past.posts, p)
		}
	}
	return past
}

// shuffled gives the same world, having arrived in another order.
func (m *memory) shuffled(seed uint64) *memory {
	other := &memory{own: m.own, version: 5, posts: slices.Clone(m.posts), undated: m.undated, scan: m.scan}
	rand.New(rand.NewPCG(seed, 4)).Shuffle(len(other.posts), func(i, j int) {
		other.posts[i], other.posts[j] = other.posts[j], other.posts[i]
	})
	return other
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
