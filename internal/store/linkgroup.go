package store

import (
	"slices"

	"adalid"
)

func ordered(a, b string) (string, string) {
	a, b = clean(a), clean(b)
	return min(a, b), max(a, b)
}

// joined gives the accounts that accepted links tie to one, itself included, in
// order; apart are those of whom links say that they are not one of them.
func joined(x *session, brand int64, account string) (group, apart []string, err error) {
	group = []string{account}
	for i := 0; i < len(group); i++ {
		err := x.query("link.Of", func(r row) error {
			other := r.text(0)
			switch {
			case r.int(1) == 0:
				apart = append(apart, other)
			case !slices.Contains(group, other):
				group = append(group, other)
			}
			return nil
		}, brand, group[i])
		if err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(group)
	return group, apart, nil
}

// consistent refuses a decision when links would make one person of two accounts
// that others say are not.
func consistent(x *session, brand int64, l Link) error {
	group, apart, err := joined(x, brand, l.A)
	if err != nil {
		return err
	}
	if !l.Accepted {
		if slices.Contains(group, l.B) {
			return adalid.Errorf(adalid.Conflict, "other accepted links still make these two accounts one person's; undo one of those first")
		}
		return nil
	}
	for _, other := range apart {
		if slices.Contains(group, other) {
			return adalid.Errorf(adalid.Conflict, "this would join two accounts of which somebody decided that they are not one person's; undo that rejection first")
		}
	}
	return nil
}

// regroup makes the persons of accounts follow from the accepted links again: a
// person has the least id of its accounts, the other ids lead to it.
func regroup(x *session, brand int64, accounts ...string) error {
	done := map[string]bool{}
	for _, account := range accounts {
		if done[account] {
			continue
		}
		group, _, err := joined(x, brand, account)
		if err != nil {
			return err
		}
		for i, member := range group {
			done[member] = true
			if i == 0 {
				_, err = x.exec("alias.Remove", brand, member)
			} else {
				_, err = x.exec("alias.Set", brand, member, group[0])
			}
			if err != nil {
				return err
			}
		}
	}
	return touch(x, brand)
}

// accountOf gives the id of the person that an author is by itself.
func accountOf(x *session, brand, author int64) (account string, err error) {
	_, err = x.one("author.Account", func(r row) error {
		account = r.text(0)
		return nil
	}, brand, author)
	return account, err
}

// unlinkAuthor forgets what was decided about an author's account, who goes.
func unlinkAuthor(x *session, brand, author int64) error {
	account, err := accountOf(x, brand, author)
	if err != nil {
		return err
	}
	var others []string
	err = x.query("link.Of", func(r row) error {
		others = append(others, r.text(0))
		return nil
	}, brand, account)
	if err != nil || len(others) == 0 {
		return err
	}
	if _, err := x.exec("link.RemoveOf", brand, account); err != nil {
		return err
	}
	if _, err := x.exec("alias.Remove", brand, account); err != nil {
		return err
	}
	return regroup(x, brand, others...)
}

// persons compares who stands for whom with the accepted links.
func (r *rebuilder) persons(x *session, brand int64) error {
	links, err := allLinks(x, brand)
	if err != nil {
		return err
	}
	made := grouped(links)
	var wrong []string
	err = x.query("alias.List", func(row row) error {
		person := row.text(0)
		if made[person] != row.text(1) {
			wrong = append(wrong, person)
		} else {
			delete(made, person)
		}
		return nil
	}, brand)
	if err != nil {
		return err
	}
	for person := range made {
		if !slices.Contains(wrong, person) {
			wrong = append(wrong, person)
		}
	}
	r.report.Persons += int64(len(wrong))
	if len(wrong) == 0 || !r.repair {
		return nil
	}
	slices.Sort(wrong)
	for _, person := range wrong {
		if _, err := x.exec("alias.Remove", brand, person); err != nil {
			return err
		}
		if moved := made[person]; moved != "" {
			if _, err := x.exec("alias.Set", brand, person, moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// grouped gives whom each account stands for by accepted links; those that
// stand for themselves are missing.
func grouped(links []Link) map[string]string {
	of := map[string]string{}
	root := func(a string) string {
		for of[a] != "" {
			a = of[a]
		}
		return a
	}
	for _, l := range links {
		if a, b := root(l.A), root(l.B); l.Accepted && a != b {
			of[max(a, b)] = min(a, b)
		}
	}
	for a := range of {
		of[a] = root(a)
	}
	return of
}
