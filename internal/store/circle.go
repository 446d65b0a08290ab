package store

import (
	"cmp"
	"context"
	"slices"

	"adalid"
	"adalid/internal/rank"
)

// Circle lists who is suggested for the brand's circle and about whom the team
// decided: undecided people first, the likeliest first, then by person.
func (s *Store) Circle(ctx context.Context, brand string) ([]rank.CircleMember, error) {
	var list []rank.CircleMember
	err := s.read(ctx, "read the circle", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		err = x.query("assessment.Circle", func(r row) error {
			said, err := parseSaid(r.text(1))
			if err != nil {
				return err
			}
			if n := len(list); n == 0 || list[n-1].Person.ID != r.text(0) {
				list = append(list, rank.CircleMember{Person: adalid.Person{ID: r.text(0)}})
			}
			m := &list[len(list)-1]
			m.Suggestions = append(m.Suggestions, said.Circle...)
			if d := scanDecision(r.after(2)); d.role != nil {
				m.Role, m.By, m.At = d.role, d.roleBy, d.roleAt
			}
			return nil
		}, b.id)
		for i := range list {
			if err != nil {
				break
			}
			list[i].Suggestions = likeliestFirst(list[i].Suggestions)
			list[i].Person.Accounts, err = shownAccounts(x, b.id, list[i].Person.ID)
		}
		return err
	})
	slices.SortStableFunc(list, func(a, b rank.CircleMember) int {
		return cmp.Or(cmp.Compare(bit(a.Role != nil), bit(b.Role != nil)), cmp.Compare(likeliest(b), likeliest(a)))
	})
	return list, err
}

// likeliestFirst keeps each role once.
func likeliestFirst(list []rank.Suggestion) []rank.Suggestion {
	slices.SortStableFunc(list, func(a, b rank.Suggestion) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.Role, b.Role))
	})
	var out []rank.Suggestion
	for _, s := range list {
		if !slices.ContainsFunc(out, func(o rank.Suggestion) bool { return o.Role == s.Role }) {
			out = append(out, s)
		}
	}
	return out
}

func likeliest(m rank.CircleMember) float64 {
	if len(m.Suggestions) == 0 {
		return 0
	}
	return m.Suggestions[0].Probability
}
