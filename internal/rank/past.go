package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Middle gives the end of the UTC day by which half of the own mentions of a
// query's window had been written: where its history is cut in two. It is zero
// where there are none.
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
	slices.Sort(order)
	sum := int64(0)
	for _, day := range order {
		if sum += days[day]; 2*sum >= total {
			return time.Unix(int64(day+1)*daySeconds-1, 0).UTC(), nil
		}
	}
	return time.Time{}, nil
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
