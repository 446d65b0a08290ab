package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"adalid"
	"adalid/scoring"
)

// Detail is one person of a ranking with the evidence behind the score.
type Detail struct {
	Ranking                      // what was asked and found; without entries
	Entry     Entry              // Rank counts critics too; 0: under MinMentions or left out, so not in the list
	Receipt   *scoring.Receipt   // nil when too few to rank
	Platforms []PlatformEvidence // most mentions first, then by name
	Weeks     []Week             // from the first active week to that of as-of, quiet ones included
}

// PlatformEvidence is a person's evidence on one platform. Only where there are
// too few to rank, active days count once per account.
type PlatformEvidence struct {
	Platform adalid.Platform
	Evidence Evidence
	// Score is what the accounts there alone would have on the scale of the list;
	// nil where there are too few to rank and where none of them has an own
	// mention. Scores of platforms do not add up to the person's.
	Score *scoring.Score
}

// Week is what a person did in the seven days from a Monday, in UTC.
type Week struct {
	Start     time.Time // Monday, 00:00 UTC
	Mentions  int64     // own posts
	Reposts   int64
	Scored    int64
	Sentiment *float64 // mean of the scored ones, in [−1, 1]; nil without
}

// maxWeeks bounds a Detail: ten years, the newest ones.
const maxWeeks = 522

// Person shows one person as the query ranks people, with critics; Offset and
// Limit do not matter. A person who is only on YouTube is shown among YouTube's
// people. Who has no own mention in the window, and who is the brand's own, is
// an adalid.Error with code NotFound; a wrong query is Invalid.
func (r *Ranker) Person(ctx context.Context, brand, personID string, q Query) (Detail, error) {
	d, _, _, err := r.person(ctx, brand, personID, q)
	return d, err
}

// person also gives the window in which the person was found, and its place.
func (r *Ranker) person(ctx context.Context, brand, personID string, q Query) (Detail, *window, int32, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return Detail{}, nil, 0, err
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return Detail{}, nil, 0, fmt.Errorf("rank: person: %w", err)
	}
	i, ok := w.find(personID)
	if !ok && q.Platform == "" && w.apart > 0 {
		q.Platform = adalid.YouTube
		if w, err = r.window(ctx, brand, q); err != nil {
			return Detail{}, nil, 0, fmt.Errorf("rank: person: %w", err)
		}
		i, ok = w.find(personID)
	}
	if !ok {
		return Detail{}, nil, 0, adalid.Errorf(adalid.NotFound, "there is no such person with a mention of the brand in this window")
	}
	return w.detail(brand, i, q), w, i, nil
}

// find gives the candidate with a person's id.
func (w *window) find(id string) (int32, bool) {
	person, ok := w.index.people.find(id, 0, w.index.people.len())
	if !ok {
		return 0, false
	}
	i, ok := slices.BinarySearch(w.people, int32(person))
	return int32(i), ok
}

func (w *window) detail(brand string, i int32, q Query) Detail {
	all := q
	all.All, all.Offset, all.Limit, all.Intervals = true, 0, 1, false
	d := Detail{Ranking: w.ranking(brand, all)}
	d.Ranking.Entries = nil
	rank, o := 0, w.order(all)
	if here, listed := o.place(i, true); listed && o.lists(i) {
		rank = 1
		for j := range w.people {
			if p, ok := o.place(int32(j), true); ok && o.compare(p, here) < 0 && o.lists(int32(j)) {
				rank++
			}
		}
	}
	d.Entry = w.entry(i, rank, q)
	if q.Intervals && !w.tooFew {
		w.sure(brand, q, 1, func(int) (int32, *Entry) { return i, &d.Entry })
	}
	if receipt, ok := d.Ranking.Receipt(d.Entry); ok {
		d.Receipt = &receipt
	}
	d.Platforms = w.platforms(i, q)
	d.Weeks = w.weeks(i)
	return d
}

// Receipt writes the receipt of an entry's score; false when it has none.
func (r *Ranking) Receipt(e Entry) (scoring.Receipt, bool) {
	if e.Score == nil {
		return scoring.Receipt{}, false
	}
	return e.Score.Receipt(scoring.Basis{AsOf: r.AsOf, DataVersion: r.DataVersion}), true
}

// platforms gives a candidate's evidence and score by platform.
func (w *window) platforms(i int32, q Query) []PlatformEvidence {
	var list []PlatformEvidence
	for from := w.start[i]; from < w.start[i+1]; {
		platform := w.index.platformOf(w.accounts[from].account)
		total, to := empty, from
		for ; to < w.start[i+1] && w.index.platformOf(w.accounts[to].account) == platform; to++ {
			total.join(&w.accounts[to].sums)
		}
		e := PlatformEvidence{Platform: platform}
		c := &scoring.Components{}
		if p := w.part(i, platform); p != nil {
			total.days, c = p.days, &p.components
		} else if !w.tooFew { // the person is nowhere else
			total.days, c = w.sums[i].days, &w.components[i]
		}
		if e.Evidence = total.evidence(); !w.tooFew && total.own > 0 {
			score := c.Score(q.Weights, q.Blend)
			e.Score = &score
		}
		list = append(list, e)
		from = to
	}
	slices.SortFunc(list, func(a, b PlatformEvidence) int {
		return cmp.Or(cmp.Compare(b.Evidence.Mentions, a.Evidence.Mentions), cmp.Compare(a.Platform, b.Platform))
	})
	return list
}

// weeks counts what a candidate did week by week.
func (w *window) weeks(i int32) []Week {
	is := func(account int32) bool {
		for a := w.start[i]; a < w.start[i+1]; a++ {
			if w.accounts[a].account == account {
				return true
			}
		}
		return false
	}
	last := monday(w.day)
	first := max(monday(dayOf(w.sums[i].first)), last-7*(maxWeeks-1))
	weeks := make([]Week, (last-first)/7+1)
	weights, sums := make([]int64, len(weeks)), make([]int64, len(weeks))
	for n := range weeks {
		weeks[n].Start = time.Unix(int64(first)*daySeconds, 0).UTC().AddDate(0, 0, 7*n)
	}
	for _, p := range w.list {
		rs := p.rows
		for j := p.from; j < p.to; j++ {
			if !is(rs.account[j]) || rs.day[j] < first || w.lang != "" && primary(w.index.langs[rs.lang[j]]) != w.lang {
				continue
			}
			n := (rs.day[j] - first) / 7
			weeks[n].Mentions += int64(rs.own[j])
			weeks[n].Reposts += int64(rs.reposted[j])
			weeks[n].Scored += int64(rs.scored[j])
			weights[n] += rs.sentimentWeight[j]
			sums[n] += rs.sentimentOf[j]
		}
	}
	for n := range weeks {
		if weights[n] > 0 {
			mean := float64(sums[n]) / float64(weights[n])
			weeks[n].Sentiment = &mean
		}
	}
	return weeks
}

// monday gives the Monday on or before a day; 1970-01-01 was a Thursday.
func monday(day int32) int32 {
	since := (day + 3) % 7
	if since < 0 {
		since += 7
	}
	return day - since
}
