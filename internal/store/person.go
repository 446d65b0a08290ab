package store

import (
	"cmp"
	"context"

	"adalid"
)

// Person gives who stands behind an id, each account as its latest post showed
// it; NotFound when nobody has the id. MovedTo knows ids merged away.
func (s *Store) Person(ctx context.Context, brand, id string) (adalid.Person, error) {
	p := adalid.Person{ID: id}
	err := s.read(ctx, "read person", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		p.Accounts, err = shownAccounts(x, b.id, id)
		if err == nil && len(p.Accounts) == 0 {
			err = nobody(b.Name)
		}
		return err
	})
	return p, err
}

// shownAccounts gives a person's accounts by platform and key, each as its
// latest post showed it.
func shownAccounts(x *session, brand int64, person string) ([]adalid.Author, error) {
	accounts, err := accountsOf(x, brand, person)
	if err != nil {
		return nil, err
	}
	var list []adalid.Author
	for _, a := range accounts {
		_, err := x.one("mention.Latest", func(r row) error {
			shown := scanIdentity(r.after(2)).author(a.platform, a.key)
			shown.Followers, shown.Following = r.opt(0).pointer(), r.opt(1).pointer()
			list = append(list, shown)
			return nil
		}, brand, a.id)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func nobody(brand string) error {
	return adalid.Errorf(adalid.NotFound, "brand %q knows no such person", brand)
}

// accountID is an author of a person.
type accountID struct {
	id            int64
	platform, key string
}

// accountsOf gives a person's accounts by platform and key.
func accountsOf(x *session, brand int64, person string) ([]accountID, error) {
	var list []accountID
	err := x.query("author.ByPerson", func(r row) error {
		list = append(list, accountID{r.int(0), r.text(1), r.text(2)})
		return nil
	}, brand, clean(person))
	return list, err
}

// MovedTo gives the person that an id was merged into, "" when it was not.
func (s *Store) MovedTo(ctx context.Context, brand, id string) (string, error) {
	moved := ""
	err := s.read(ctx, "read merged person", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		moved, err = movedTo(x, b.id, id)
		return err
	})
	return moved, err
}

func movedTo(x *session, brand int64, id string) (string, error) {
	moved := ""
	_, err := x.one("alias.Get", func(r row) error {
		moved = r.text(0)
		return nil
	}, brand, clean(id))
	return moved, err
}

// followed gives the person that an id stands for now, wherever it was merged,
// with their accounts by platform and key; NotFound when nobody has it.
func followed(x *session, b brandRow, id string) (string, []accountID, error) {
	moved, err := movedTo(x, b.id, id)
	if err != nil {
		return "", nil, err
	}
	person := cmp.Or(moved, id)
	accounts, err := accountsOf(x, b.id, person)
	if err == nil && len(accounts) == 0 {
		err = nobody(b.Name)
	}
	return person, accounts, err
}
