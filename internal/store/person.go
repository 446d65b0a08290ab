package store

import (
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
		accounts, err := accountsOf(x, b.id, id)
		if err != nil {
			return err
		}
		for _, a := range accounts {
			_, err := x.one("mention.Latest", func(r row) error {
				shown := scanIdentity(r.after(2)).author(a.platform, a.key)
				shown.Followers, shown.Following = r.opt(0).pointer(), r.opt(1).pointer()
				p.Accounts = append(p.Accounts, shown)
				return nil
			}, b.id, a.id)
			if err != nil {
				return err
			}
		}
		if len(p.Accounts) == 0 {
			return nobody(b.Name)
		}
		return nil
	})
	return p, err
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
