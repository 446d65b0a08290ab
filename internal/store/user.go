package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"adalid"
	access "adalid/internal/account"
)

var _ access.Store = (*Store)(nil)

func scanUser(r row) access.User {
	return access.User{
		ID: r.text(0), Email: r.text(1), Name: r.text(2), Password: r.text(3), Issuer: r.text(4), Subject: r.text(5), Generation: r.int(6),
		Disabled: r.opt(7).time(), Created: r.opt(8).time(), SignedIn: r.opt(9).time(),
	}
}

// findUser gives one user with roles.
func findUser(x *session, query string, args ...any) (u access.User, found bool, err error) {
	found, err = x.one(query, func(r row) error {
		u = scanUser(r)
		return nil
	}, args...)
	if err == nil && found {
		u.Grants, err = grantsOf(x, u.ID)
	}
	return u, found, err
}

func grantsOf(x *session, user string) (list []access.Grant, err error) {
	err = x.query("role.List", func(r row) error {
		role, err := access.ParseRole(r.text(2))
		if err != nil {
			return fmt.Errorf("store: role of a user: %w", errors.New(err.Error())) // not the fault of who asked
		}
		list = append(list, access.Grant{Brand: r.text(1), Role: role})
		return nil
	}, user)
	access.SortGrants(list)
	return list, err
}

// User gives the user of an id; NotFound when there is none.
func (s *Store) User(ctx context.Context, id string) (access.User, error) {
	u, found, err := s.oneUser(ctx, "user.Get", clean(id))
	if err == nil && !found {
		err = access.NoUser(id)
	}
	return u, err
}

// UserByEmail gives the user of an address, compared without regard to case,
// false when there is none.
func (s *Store) UserByEmail(ctx context.Context, email string) (access.User, bool, error) {
	return s.oneUser(ctx, "user.ByEmail", clean(access.FoldEmail(email)))
}

// UserBySubject gives the user whom a single sign-on calls so, false when there
// is none.
func (s *Store) UserBySubject(ctx context.Context, issuer, subject string) (access.User, bool, error) {
	return s.oneUser(ctx, "user.BySubject", clean(issuer), clean(subject))
}

func (s *Store) oneUser(ctx context.Context, query string, args ...any) (u access.User, found bool, err error) {
	err = s.read(ctx, "find user", func(x *session) error {
		u, found, err = findUser(x, query, args...)
		return err
	})
	return u, found, err
}

// Users lists everybody with their roles, by address.
func (s *Store) Users(ctx context.Context) (list []access.User, err error) {
	err = s.read(ctx, "list users", func(x *session) error {
		err := x.query("user.List", func(r row) error {
			list = append(list, scanUser(r))
			return nil
		})
		for i := 0; err == nil && i < len(list); i++ {
			list[i].Grants, err = grantsOf(x, list[i].ID)
		}
		return err
	})
	return list, err
}

// AnyUser tells whether anybody has an account.
func (s *Store) AnyUser(ctx context.Context) (any bool, err error) {
	err = s.read(ctx, "look for a user", func(x *session) (err error) {
		any, err = anyUser(x)
		return err
	})
	return any, err
}

func anyUser(x *session) (bool, error) {
	return x.one("user.Any", func(row) error { return nil })
}

// AddUser stores somebody new and uses up the ticket, where one is given.
func (s *Store) AddUser(ctx context.Context, u access.User, ticket string) error {
	return s.write(ctx, "add user", func(x *session) error {
		if err := useTicket(x, ticket, s); err != nil {
			return err
		}
		_, taken, err := findUser(x, "user.ByEmail", access.FoldEmail(u.Email))
		if err != nil {
			return err
		}
		if taken {
			return adalid.Errorf(adalid.Conflict, "there is an account for %s already", u.Email)
		}
		_, err = x.exec("user.Add", u.ID, clean(u.Email), clean(access.FoldEmail(u.Email)), clean(u.Name), u.Password, clean(u.Issuer), clean(u.Subject),
			u.Generation, seconds(u.Disabled), seconds(u.Created), seconds(u.SignedIn))
		if err == nil {
			err = setGrants(x, u)
		}
		if err == nil {
			err = checkOwned(x)
		}
		return err
	})
}

// ChangeUser lets change work on the user of an id and stores what it made.
func (s *Store) ChangeUser(ctx context.Context, id, ticket string, change func(*access.User) error) (u access.User, err error) {
	err = s.write(ctx, "change user", func(x *session) error {
		if err := useTicket(x, ticket, s); err != nil {
			return err
		}
		var found bool
		if u, found, err = findUser(x, "user.Get", clean(id)); err != nil {
			return err
		}
		if !found {
			return access.NoUser(id)
		}
		before, name := slices.Clone(u.Grants), u.Name
		if err := change(&u); err != nil {
			return err
		}
		_, err := x.exec("user.Update", clean(u.Name), u.Password, clean(u.Issuer), clean(u.Subject), u.Generation, seconds(u.Disabled), seconds(u.SignedIn), u.ID)
		if err == nil && !slices.Equal(before, u.Grants) {
			err = setGrants(x, u)
		}
		if err == nil && name != u.Name {
			err = renamedUser(x, u.ID)
		}
		if err == nil {
			err = checkOwned(x)
		}
		return err
	})
	if err != nil {
		return access.User{}, err
	}
	return u, nil
}

// RemoveUser removes somebody with their roles and the links they made.
func (s *Store) RemoveUser(ctx context.Context, id string) error {
	return s.write(ctx, "remove user", func(x *session) error {
		id := clean(id)
		if err := releaseUser(x, id, actorOf(ctx), s.now().Unix()); err != nil {
			return err
		}
		for _, query := range [...]string{"role.Clear", "ticket.RemoveOf"} {
			if _, err := x.exec(query, id); err != nil {
				return err
			}
		}
		n, err := x.exec("user.Remove", id)
		if err == nil && n == 0 {
			err = access.NoUser(id)
		}
		if err == nil {
			err = checkOwned(x)
		}
		return err
	})
}

// checkOwned refuses what would leave the installation to nobody.
func checkOwned(x *session) error {
	var owners int64
	_, err := x.one("user.Owners", func(r row) error {
		owners = r.int(0)
		return nil
	})
	if err == nil && owners == 0 {
		err = adalid.Errorf(adalid.Conflict, "somebody who can sign in has to own every brand, and after this nobody would")
	}
	return err
}

// setGrants stores the user's roles in place of those before. NotFound for a
// brand that is not stored.
func setGrants(x *session, u access.User) error {
	if _, err := x.exec("role.Clear", u.ID); err != nil {
		return err
	}
	for _, g := range u.Grants {
		brand, err := grantedBrand(x, g)
		if err == nil {
			_, err = x.exec("role.Add", u.ID, brand, g.Role.String())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// grantedBrand gives the id of a grant's brand, 0 for every brand.
func grantedBrand(x *session, g access.Grant) (int64, error) {
	if g.Brand == access.EveryBrand {
		return 0, nil
	}
	b, err := findBrand(x, g.Brand)
	return b.id, err
}

// grantsText gives roles as a ticket keeps them: by the brand's id, so that a
// brand of the same name made later is another one.
func grantsText(x *session, list []access.Grant) (string, error) {
	byID := map[string]string{}
	for _, g := range list {
		brand, err := grantedBrand(x, g)
		if err != nil {
			return "", err
		}
		byID[strconv.FormatInt(brand, 10)] = g.Role.String()
	}
	text, err := json.Marshal(byID)
	return string(text), err
}

// ticketGrants reads what grantsText wrote; brands that are gone are left out.
func ticketGrants(x *session, text string) ([]access.Grant, error) {
	var byID map[string]string
	if err := json.Unmarshal([]byte(text), &byID); err != nil {
		return nil, fmt.Errorf("store: roles of a ticket: %w", err)
	}
	brands, err := listBrands(x)
	if err != nil {
		return nil, err
	}
	var list []access.Grant
	for _, b := range append(brands, brandRow{}) { // the zero one stands for every brand
		name, given := byID[strconv.FormatInt(b.id, 10)]
		if !given {
			continue
		}
		role, err := access.ParseRole(name)
		if err != nil {
			return nil, fmt.Errorf("store: roles of a ticket: %q", name)
		}
		list = append(list, access.Grant{Brand: b.Name, Role: role})
	}
	access.SortGrants(list)
	return list, nil
}
