package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"

	"pgregory.net/rapid"
)

// The slow reference: it keeps every row it was given and computes each figure
// from scratch, one rule at a time. It is written for reading.

// refPost is a mention after merging, with the team's label.
type refPost struct {
	scan.Mention
	label *int64
	copy  int64
}

// refMerge merges all rows of all mentions and leaves out what a rule says.
func refMerge(rows []scan.Mention) []*refPost { return refJudge(refWinners(rows), nil) }

// refJudge leaves out what a rule says, unless the team's marks say otherwise,
// and numbers the copies among the rest.
func refJudge(posts []*refPost, about map[Key]bool) []*refPost {
	type group struct {
		platform adalid.Platform
		author   string
		hash     uint64
	}
	seen := map[group]int64{}
	var kept []*refPost
	for _, p := range posts {
		if mark, ok := about[Key{p.Platform, p.ID}]; ok && !mark || !ok && p.LeftOut {
			continue
		}
		p.copy = 1
		if g := (group{p.Platform, p.Author.Key, p.TextHash}); !p.Repost && p.TextHash != 0 {
			seen[g]++
			p.copy = seen[g]
		}
		kept = append(kept, p)
	}
	return kept
}

// refWinners merges all rows of all mentions.
func refWinners(rows []scan.Mention) []*refPost {
	byKey := map[Key][]scan.Mention{}
	for _, r := range rows {
		k := Key{r.Platform, r.ID}
		byKey[k] = append(byKey[k], r)
	}
	var posts []*refPost
	for _, same := range byKey {
		winner := slices.MaxFunc(same, func(a, b scan.Mention) int {
			return cmp.Or(a.ObservedAt.Compare(b.ObservedAt), cmp.Compare(a.RowHash, b.RowHash))
		})
		p := &refPost{Mention: winner}
		for _, counter := range []func(*scan.Mention) **int64{
			func(m *scan.Mention) **int64 { return &m.Likes },
			func(m *scan.Mention) **int64 { return &m.Reposts },
			func(m *scan.Mention) **int64 { return &m.Replies },
			func(m *scan.Mention) **int64 { return &m.Quotes },
			func(m *scan.Mention) **int64 { return &m.Views },
		} {
			var at time.Time
			var value *int64
			for _, r := range same {
				v := *counter(&r)
				if v != nil && (value == nil || r.ObservedAt.After(at) || r.ObservedAt.Equal(at) && *v > *value) {
					at, value = r.ObservedAt, v
				}
			}
			*counter(&p.Mention) = value
		}
		posts = append(posts, p)
	}
	slices.SortFunc(posts, func(a, b *refPost) int {
		return cmp.Or(-cmp.Compare(bit(a.CreatedAt.IsZero()), bit(b.CreatedAt.IsZero())), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(posts, func(a, b *refPost) int { // unknown times last
		return cmp.Compare(bit(a.CreatedAt.IsZero()), bit(b.CreatedAt.IsZero()))
	})
	return posts // by (created_at, id), unknown times last
}

func (p *refPost) day() int32 {
	if p.CreatedAt.IsZero() {
		return NoDay
	}
	return int32(p.CreatedAt.Unix() / 86400)
}

func (p *refPost) edges() (list []rank.Edge) {
	me := strings.ToLower(p.Author.Handle)
	add := func(kind rank.EdgeKind, target string) {
		if target != "" && target != me {
			list = append(list, rank.Edge{Kind: kind, Target: target})
		}
	}
	if p.Repost {
		add(rank.RepostEdge, p.RepostOf)
		return list
	}
	for _, h := range p.Mentions {
		add(rank.MentionEdge, h)
	}
	add(rank.ReplyEdge, p.ReplyTo)
	add(rank.QuoteEdge, p.QuoteOf)
	return list
}

func refKeep(rows []scan.Mention, keep func(scan.Mention) bool) []scan.Mention {
	var kept []scan.Mention
	for _, r := range rows {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// refEdgeTotals prints what EdgeTotals gives.
func refEdgeTotals(posts []*refPost) []string {
	weights := map[EdgeTotal]int64{}
	for _, p := range posts {
		for _, e := range p.edges() {
			weights[EdgeTotal{Kind: e.Kind, Platform: p.Platform, Source: p.Author.Key, Target: e.Target}]++
		}
	}
	var list []EdgeTotal
	for k, w := range weights {
		k.Weight = w
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b EdgeTotal) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Target, b.Target))
	})
	var out []string
	for _, e := range list {
		out = append(out, show(e))
	}
	return out
}

// refAuthors prints what Authors gives.
func refAuthors(posts []*refPost) []string {
	type key struct {
		author   string
		platform adalid.Platform
	}
	byAuthor := map[key][]*refPost{}
	for _, p := range posts {
		k := key{p.Author.Key, p.Platform}
		byAuthor[k] = append(byAuthor[k], p)
	}
	var list []AuthorCounts
	for k, own := range byAuthor {
		c := AuthorCounts{Brand: "acme", Platform: k.platform, Author: k.author, Posts: int64(len(own))}
		days := map[int32]bool{}
		latest := own[len(own)-1]
		for _, p := range own {
			if !p.CreatedAt.IsZero() {
				latest = p
				days[p.day()] = true
				if c.First.IsZero() {
					c.First = p.CreatedAt
				}
				c.Last = p.CreatedAt
			}
			if f := p.Author.Followers; f != nil && (c.FollowersMax == nil || *f > *c.FollowersMax) {
				c.FollowersMax = f
			}
			if p.Repost {
				c.RepostsMade++
				continue
			}
			c.Own++
			refAdd(&c.Likes, p.Likes)
			refAdd(&c.Reposts, p.Reposts)
			refAdd(&c.Replies, p.Replies)
			refAdd(&c.Quotes, p.Quotes)
			refAdd(&c.Views, p.Views)
		}
		c.Days, c.Handle, c.FollowingLast = int64(len(days)), latest.Author.Handle, latest.Author.Following
		list = append(list, c)
	}
	for i := range list {
		refDegrees(&list[i], posts)
	}
	slices.SortFunc(list, func(a, b AuthorCounts) int {
		return cmp.Or(cmp.Compare(a.Author, b.Author), cmp.Compare(a.Platform, b.Platform))
	})
	var out []string
	for _, c := range list {
		out = append(out, show(c))
	}
	return out
}

func refAdd(sum **int64, v *int64) {
	if v == nil {
		return
	}
	if *sum == nil {
		*sum = new(int64)
	}
	**sum += *v
}

func refDegrees(c *AuthorCounts, posts []*refPost) {
	out, in, rp := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var inW, rpW int64
	for _, p := range posts {
		for _, e := range p.edges() {
			if e.Kind == rank.MentionEdge && p.Platform == c.Platform && p.Author.Key == c.Author {
				out[e.Target] = true
				c.OutW++
			}
			if p.Platform != c.Platform || e.Target != strings.ToLower(c.Handle) {
				continue
			}
			switch e.Kind {
			case rank.MentionEdge:
				in[p.Author.Key] = true
				inW++
			case rank.RepostEdge:
				rp[p.Author.Key] = true
				rpW++
			}
		}
	}
	c.OutDeg = int64(len(out))
	if c.Handle != "" {
		c.InW, c.InDeg = &inW, pointer(int64(len(in)))
		c.RpInW, c.RpInDeg = &rpW, pointer(int64(len(rp)))
	}
}

// refDays prints the roll-ups with keys in place of the store's numbers.
func refDays(posts []*refPost) []string {
	type key struct {
		day      int32
		platform adalid.Platform
		author   string
		lang     string
	}
	rows := map[key]*shownRow{}
	for _, p := range posts {
		k := key{p.day(), p.Platform, p.Author.Key, p.Lang}
		r := rows[k]
		if r == nil {
			r = &shownRow{Platform: k.platform, Author: k.author}
			r.Day, r.Lang = k.day, k.lang
			if !p.CreatedAt.IsZero() {
				r.First = p.CreatedAt.Unix()
			}
			rows[k] = r
		}
		refCount(r, p)
	}
	var out []string
	for _, r := range rows {
		out = append(out, show(r))
	}
	slices.Sort(out)
	return out
}

func refCount(r *shownRow, p *refPost) {
	r.Posts++
	if !p.CreatedAt.IsZero() {
		r.Last = p.CreatedAt.Unix()
	}
	r.LastID, r.Handle, r.Name, r.FollowingLast = p.ID, p.Author.Handle, p.Author.Name, p.Author.Following
	if f := p.Author.Followers; f != nil && (r.FollowersMax == nil || *f > *r.FollowersMax) {
		r.FollowersMax = f
	}
	if p.Repost {
		r.Reposted++
		return
	}
	r.Own++
	if p.copy > 1 {
		r.Copies++
	}
	for sum, v := range map[*rank.Sum]*int64{&r.Likes: p.Likes, &r.Reposts: p.Reposts, &r.Replies: p.Replies, &r.Quotes: p.Quotes, &r.Views: p.Views} {
		if v != nil {
			sum.Total += *v
			sum.Known++
		}
	}
	if p.Likes != nil || p.Reposts != nil || p.Replies != nil || p.Quotes != nil {
		r.EngagementKnown++
	}
	if p.Sponsored {
		return
	}
	r.Organic++
	r.Weight += refBillionths(1_000_000, p.copy)
	var s *int64
	if p.Sentiment != nil {
		s = pointer(int64(refRound(p.Sentiment.Net() * 1e6)))
	}
	if p.label != nil {
		s = pointer(*p.label * 1_000_000)
	}
	if s != nil {
		r.Scored++
		r.SentimentWeight += refBillionths(1_000_000, p.copy)
		r.SentimentSum += refBillionths(*s, p.copy)
	}
}

func refRound(f float64) int64 {
	if f < 0 {
		return -refRound(-f)
	}
	return int64(f + 0.5)
}

// refBillionths gives millionths/1e6/k² as billionths, rounded half away from 0.
func refBillionths(millionths, k int64) int64 {
	if millionths < 0 {
		return -refBillionths(-millionths, k)
	}
	exact := big.NewRat(millionths*1000, k*k)
	exact.Add(exact, big.NewRat(1, 2))
	return new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
}

// shownRow is a roll-up without the numbers that depend on the order of arrival.
type shownRow struct {
	rank.Row
	Platform     adalid.Platform
	Author       string
	Handle, Name string
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// What the store says, in the same form.

func storeAuthors(t rapid.TB, s *Store, span Span) []string {
	t.Helper()
	var out []string
	err := s.Authors(context.Background(), "ACME", span, func(c AuthorCounts) error {
		out = append(out, show(c))
		return nil
	})
	must(t, err)
	return out
}

func storeEdgeTotals(t rapid.TB, s *Store, span Span) []string {
	t.Helper()
	var out []string
	err := s.EdgeTotals(context.Background(), "acme", span, func(e EdgeTotal) error {
		out = append(out, show(e))
		return nil
	})
	must(t, err)
	return out
}

func storeDays(t rapid.TB, s *Store) []string {
	t.Helper()
	accounts := map[int64]rank.Account{}
	must(t, s.Accounts(context.Background(), "acme", func(a rank.Account) error {
		accounts[a.ID] = a
		return nil
	}))
	var out []string
	var before rank.Row
	must(t, s.Days(context.Background(), "acme", func(r rank.Row) error {
		if len(out) > 0 && compareRows(&before, &r) >= 0 {
			return fmt.Errorf("roll-ups out of order: %+v before %+v", before, r)
		}
		before = r
		a := accounts[r.Account]
		p := a.Profiles[r.Profile]
		shown := shownRow{Row: r, Platform: a.Platform, Author: a.Key, Handle: p.Handle, Name: p.Name}
		shown.Account, shown.Profile = 0, 0
		out = append(out, show(shown))
		return nil
	}))
	slices.Sort(out)
	return out
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
