package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// AuthorCounts are the exact figures of one author in a span. A nil counter is
// known for none of the posts; in-edges are nil without a handle.
type AuthorCounts struct {
	Brand    string
	Platform adalid.Platform
	Author   string // the author's key
	Handle   string // of the latest post in the span

	Posts, Own, RepostsMade                int64  // all posts; authored ones; reposts
	Likes, Reposts, Replies, Quotes, Views *int64 // sums over own posts
	FollowersMax                           *int64 // largest seen
	FollowingLast                          *int64 // of the latest post
	First, Last                            time.Time
	Days                                   int64 // distinct UTC days
	BrandAccount                           bool  // the brand's own or staff, in every span

	OutW, OutDeg   int64  // mention edges out: posts, handles
	InW, InDeg     *int64 // mention edges to the handle: posts, authors
	RpInW, RpInDeg *int64 // repost edges to the handle
}

// authorRow is an author in a list indexed by id; place is its rank by key and
// platform. Ids that do not exist are empty.
type authorRow struct {
	platform, key string
	place         int32
}

func listAuthors(x *session, brand int64) ([]authorRow, error) {
	var list []authorRow
	err := x.query("author.List", func(r row) error {
		for int64(len(list)) < r.int(0) {
			list = append(list, authorRow{})
		}
		list = append(list, authorRow{platform: r.text(1), key: r.text(2)})
		return nil
	}, brand)
	if err != nil {
		return nil, err
	}
	for place, id := range byPlace(list) {
		list[id].place = int32(place)
	}
	return list, nil
}

// byPlace gives the ids of a list by key and platform.
func byPlace(list []authorRow) []int32 {
	ids := make([]int32, len(list))
	for i := range ids {
		ids[i] = int32(i)
	}
	slices.SortFunc(ids, func(a, b int32) int {
		return cmp.Or(cmp.Compare(list[a].key, list[b].key), cmp.Compare(list[a].platform, list[b].platform))
	})
	return ids
}

// figures adds up one author's roll-ups.
type figures struct {
	posts, own, reposted int64
	sums                 [counters]struct{ total, known int64 }
	followersMax         *int64
	followingLast        *int64
	first, last          int64
	lastID               string
	profile              int32
	day                  int32 // of the latest roll-up
	days                 int64
	handle               string
	brandAccount         bool
	outW, outDeg         int64
}

func (f *figures) add(r *rank.Row) {
	last := r.Last
	if r.Day == NoDay {
		last = math.MinInt64 // any known time is later
	}
	if f.posts == 0 || cmp.Or(cmp.Compare(last, f.last), strings.Compare(r.LastID, f.lastID)) > 0 {
		f.last, f.lastID, f.profile, f.followingLast = last, r.LastID, r.Profile, r.FollowingLast
	}
	if r.Day != NoDay {
		if f.days == 0 || r.First < f.first {
			f.first = r.First
		}
		if f.days == 0 || r.Day != f.day {
			f.day = r.Day
			f.days++
		}
	}
	f.posts += int64(r.Posts)
	f.own += int64(r.Own)
	f.reposted += int64(r.Reposted)
	for i, s := range [counters]rank.Sum{r.Likes, r.Reposts, r.Replies, r.Quotes, r.Views} {
		f.sums[i].total += s.Total
		f.sums[i].known += int64(s.Known)
	}
	if r.FollowersMax != nil && (f.followersMax == nil || *r.FollowersMax > *f.followersMax) {
		f.followersMax = r.FollowersMax
	}
}

// inward counts the edges that arrive at a handle.
type inward struct{ mentions, mentioners, reposts, reposters int64 }

type handleKey struct{ platform, handle string }

// Authors yields exact figures per author, by key and platform. The current
// handle, extremes and days are those of the span; who is the brand's own does
// not depend on it.
func (s *Store) Authors(ctx context.Context, brand string, span Span, yield func(AuthorCounts) error) error {
	return s.read(ctx, "read authors", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		authors, err := listAuthors(x, b.id)
		if err != nil {
			return err
		}
		totals, err := addUp(x, b.id, span, authors)
		if err != nil {
			return err
		}
		arriving, err := tieUp(x, b.id, span, authors, totals)
		if err != nil {
			return err
		}
		for _, id := range byPlace(authors) {
			if f := &totals[id]; f.posts > 0 {
				if err := yield(f.counts(b.Name, authors[id], arriving)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// addUp gives the figures without edges, by the author's id.
func addUp(x *session, brand int64, span Span, authors []authorRow) ([]figures, error) {
	totals := make([]figures, len(authors))
	err := span.parts().rows(x, brand, func(r *rank.Row) error {
		if r.Account < int64(len(authors)) && langMatches(span.Lang, r.Lang) &&
			(span.Platform == "" || string(span.Platform) == authors[r.Account].platform) {
			totals[r.Account].add(r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	accounts, err := ownAccounts(x, brand)
	if err != nil {
		return nil, err
	}
	own := newOwnRules(accounts)
	for id := range totals {
		totals[id].brandAccount = own.key(authors[id].platform, authors[id].key)
	}
	err = x.query("profile.List", func(r row) error {
		if id := r.int(0); id < int64(len(totals)) {
			f := &totals[id]
			if r.int(1) == int64(f.profile) {
				f.handle = r.text(2)
			}
			f.brandAccount = f.brandAccount || own.handle(authors[id].platform, r.text(2))
		}
		return nil
	}, brand)
	return totals, err
}

// tieUp adds the edges out to the figures and counts those that arrive at the
// authors' handles.
func tieUp(x *session, brand int64, span Span, authors []authorRow, totals []figures) (map[handleKey]*inward, error) {
	arriving := map[handleKey]*inward{}
	for id := range totals {
		if f := &totals[id]; f.posts > 0 && f.handle != "" {
			arriving[handleKey{authors[id].platform, strings.ToLower(f.handle)}] = &inward{}
		}
	}
	sums, err := edgeTotals(x, brand, span, authors)
	if err != nil {
		return nil, err
	}
	for _, e := range sums {
		in := arriving[handleKey{authors[e.source].platform, e.target}]
		if in == nil {
			in = &inward{} // nobody's: counted and forgotten
		}
		switch e.kind {
		case rank.MentionEdge:
			totals[e.source].outW += e.weight
			totals[e.source].outDeg++
			in.mentions += e.weight
			in.mentioners++
		case rank.RepostEdge:
			in.reposts += e.weight
			in.reposters++
		}
	}
	return arriving, nil
}

func (f *figures) counts(brand string, a authorRow, arriving map[handleKey]*inward) AuthorCounts {
	c := AuthorCounts{
		Brand: brand, Platform: adalid.Platform(a.platform), Author: a.key, Handle: f.handle,
		Posts: f.posts, Own: f.own, RepostsMade: f.reposted, FollowersMax: f.followersMax, FollowingLast: f.followingLast,
		Days: f.days, BrandAccount: f.brandAccount, OutW: f.outW, OutDeg: f.outDeg,
	}
	if f.days > 0 {
		c.First, c.Last = time.Unix(f.first, 0).UTC(), time.Unix(f.last, 0).UTC()
	}
	for i, p := range [counters]**int64{&c.Likes, &c.Reposts, &c.Replies, &c.Quotes, &c.Views} {
		if f.sums[i].known > 0 {
			*p = &f.sums[i].total
		}
	}
	if in := arriving[handleKey{a.platform, strings.ToLower(f.handle)}]; in != nil && f.handle != "" {
		c.InW, c.InDeg, c.RpInW, c.RpInDeg = &in.mentions, &in.mentioners, &in.reposts, &in.reposters
	}
	return c
}
