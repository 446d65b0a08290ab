package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Middle gives the end of the UTC day by which half of the own mentions of a
// query's window had been written: where its history is cut in two. Where that
// is the last day with any it is the one before, for something has to come next.
// It is zero where there are none, or all of one day.
func (r *Ranker) Middle(ctx context.Context, brand string, q Query) (time.Time, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return time.Time{}, err
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return time.Time{}, fmt.Errorf("rank: middle: %w", err)
	}
	of := w.candidateOf()
	days := map[int32]int64{}
	total := int64(0)
	for _, p := range w.list {
		for i := p.from; i < p.to; i++ {
			if of[p.rows.account[i]] >= 0 {
				days[p.rows.day[i]] += int64(p.rows.own[i])
				total += int64(p.rows.own[i])
			}
		}
	}
	order := make([]int32, 0, len(days))
	for day := range days {
		order = append(order, day)
	}
	if len(order) < 2 {
		return time.Time{}, nil
	}
	slices.Sort(order)
	middle, sum := order[0], days[order[0]]
	for _, day := range order[1 : len(order)-1] {
		if 2*sum >= total {
			break
		}
		middle, sum = day, sum+days[day]
	}
	return time.Unix(int64(middle+1)*daySeconds-1, 0).UTC(), nil
}

// Heard counts, by person id, the distinct people who listened to each person
// of a query's window, as Audience defines it, critics among them and also
// where there are too few to rank. Nobody listened to those who are missing.
func (r *Ranker) Heard(ctx context.Context, brand string, q Query) (map[string]int, error) {
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return nil, err
	}
	w, err := r.window(ctx, brand, q)
	if err != nil {
		return nil, fmt.Errorf("rank: heard: %w", err)
	}
	everybody := make([]int32, w.index.people.len())
	for i := range everybody {
		everybody[i] = int32(i)
	}
	list := w.listeners(everybody, q.Include.Automated)
	slices.SortFunc(list, func(a, b Listens) int {
		return cmp.Or(cmp.Compare(a.Candidate, b.Candidate), cmp.Compare(a.Person, b.Person))
	})
	heard := map[string]int{}
	for _, l := range slices.Compact(list) {
		heard[w.index.people.at(l.Candidate)]++
	}
	return heard, nil
}
