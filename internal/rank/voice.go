package rank

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"adalid"
)

// voiceDays is how far a Voice looks back where no beginning is asked for: all
// history would favour the brand that has been followed for longest.
const voiceDays = 28

// Voice compares how much is said of brands, and by how many, in one window.
type Voice struct {
	Since, Until time.Time // Until is where the data of all brands reach
	Platform     adalid.Platform
	Lang         string
	Brands       []BrandVoice // in the order asked for
	Mentions     int64        // of all brands
	People       int          // of each brand, added up: who speaks of several counts for each
	Advocates    int          // of the brands that have enough people to rank, added up
}

// BrandVoice is one brand's part. Shares are of the sums of the Voice, in [0,
// 1]; nil where the sum is 0.
type BrandVoice struct {
	Brand       string
	DataVersion int64
	Mentions    int64 // own mentions of everybody but the brand itself
	People      int   // who wrote them
	Advocates   *int  // of these, whom the ranking lists without critics; nil: too few to rank

	MentionShare, PeopleShare, AdvocateShare *float64

	Gaps   []Period // when platforms were not watched, within the window
	Apart  int      // YouTube people, left out
	NoTime int64    // mentions left out because their time is unknown
}

// Voice compares brands. Where the query gives no Until, it is the earliest
// as-of of those that have mentions; where it gives no Since, 28 days before.
// Fewer than one brand and a brand named twice are Invalid; an unknown one keeps
// the store's code.
func (r *Ranker) Voice(ctx context.Context, brands []string, q Query) (Voice, error) {
	q, err := r.complete(ctx, "", q)
	if err != nil {
		return Voice{}, err
	}
	if len(brands) == 0 {
		return Voice{}, adalid.Errorf(adalid.Invalid, "there is no brand to compare; name at least one")
	}
	for i, b := range brands {
		if slices.ContainsFunc(brands[:i], func(o string) bool { return strings.EqualFold(o, b) }) {
			return Voice{}, adalid.Errorf(adalid.Invalid, "a brand is named twice")
		}
	}
	if q, err = r.together(ctx, brands, q); err != nil {
		return Voice{}, fmt.Errorf("rank: voice: %w", err)
	}
	v := Voice{Since: q.Since, Until: q.Until, Platform: q.Platform, Lang: q.Lang}
	for _, b := range brands {
		one, err := r.voiceOf(ctx, b, q)
		if err != nil {
			return Voice{}, fmt.Errorf("rank: voice: %w", err)
		}
		v.Brands = append(v.Brands, one)
		v.Mentions, v.People = v.Mentions+one.Mentions, v.People+one.People
		if one.Advocates != nil {
			v.Advocates += *one.Advocates
		}
	}
	for i := range v.Brands {
		b := &v.Brands[i]
		b.MentionShare = shareOf(float64(b.Mentions), float64(v.Mentions))
		b.PeopleShare = shareOf(float64(b.People), float64(v.People))
		if b.Advocates != nil {
			b.AdvocateShare = shareOf(float64(*b.Advocates), float64(v.Advocates))
		}
	}
	return v, nil
}

func shareOf(part, sum float64) *float64 {
	if sum == 0 {
		return nil
	}
	share := part / sum
	return &share
}

// together gives the query the window that all brands can answer.
func (r *Ranker) together(ctx context.Context, brands []string, q Query) (Query, error) {
	asked := !q.Until.IsZero()
	for _, b := range brands {
		state, err := r.store.State(ctx, b)
		if err != nil {
			return q, fmt.Errorf("state of %q: %w", b, err)
		}
		if at := asOf(Query{}, state, r.now); !asked && !state.Newest.IsZero() && (q.Until.IsZero() || at.Before(q.Until)) {
			q.Until = at
		}
	}
	if q.Until.IsZero() {
		q.Until = r.now().UTC().Truncate(time.Second)
	}
	if q.Since.IsZero() {
		q.Since = q.Until.AddDate(0, 0, -voiceDays)
	}
	if q.Until.Before(q.Since) {
		return q, adalid.Errorf(adalid.Invalid, "the data of all brands reach to %s only, before the window begins (%s)", q.Until.Format(time.RFC3339), q.Since.UTC().Format(time.RFC3339))
	}
	return q, nil
}

func (r *Ranker) voiceOf(ctx context.Context, brand string, q Query) (BrandVoice, error) {
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return BrandVoice{}, err
	}
	b := BrandVoice{Brand: brand, DataVersion: w.index.version, Apart: w.apart, NoTime: w.state.NoTime}
	o := w.order(q)
	advocates := 0
	for i := range w.people {
		n := int32(i)
		if w.sums[i].own < int64(q.MinMentions) || !o.where.holds(n) {
			continue
		}
		b.Mentions += w.sums[i].own
		b.People++
		if w.segment(n) == Advocate && o.lists(n) {
			advocates++
		}
	}
	if !w.tooFew {
		b.Advocates = &advocates
	}
	for _, g := range w.gaps {
		if g.From.Before(q.Since) {
			g.From = q.Since
		}
		if g.To.After(g.From) {
			b.Gaps = append(b.Gaps, g)
		}
	}
	return b, nil
}
