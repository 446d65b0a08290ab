package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"adalid"
)

// Owners manage people: who owns every brand all of them, who owns one brand
// those who have a role on it, and only that role. Nobody gives a role on a brand
// they do not own, so nobody raises anybody above themselves.

// mayGrant tells whether the actor owns every brand that the grants name.
func mayGrant(by Actor, grants []Grant) error {
	for _, g := range grants {
		rule := Rule{OnBrand, Owner}
		if g.Brand == EveryBrand {
			rule.Scope = Installation
		}
		if err := Authorise(by, rule, g.Brand); err != nil {
			return err
		}
	}
	return nil
}

// ownsSomething tells whether the actor manages anybody at all.
func ownsSomething(by Actor) error {
	if by.Kind == "" {
		return Authorise(by, Rule{SignedIn, None}, "")
	}
	for _, role := range by.Roles {
		if role == Owner {
			return nil
		}
	}
	return Authorise(by, Rule{Installation, Owner}, "")
}

// personManages refuses keys: one that ends tomorrow, or leaks today, could
// otherwise give somebody a role for good.
func personManages(by Actor) error {
	if by.Kind == Key {
		return adalid.Errorf(adalid.Forbidden, "an API key cannot invite, change or remove people: sign in to do it")
	}
	return nil
}

// seen gives the grants that the actor may see.
func seen(by Actor, grants []Grant) []Grant {
	return slices.DeleteFunc(slices.Clone(grants), func(g Grant) bool { return mayGrant(by, []Grant{g}) != nil })
}

// List gives the people the actor manages, by address, each with the roles that
// are the actor's to give, and the invitations not yet accepted.
func (a *Accounts) List(ctx context.Context, by Actor) (users []User, invited []Ticket, err error) {
	if err := ownsSomething(by); err != nil {
		return nil, nil, err
	}
	all, err := a.Store.Users(ctx)
	if err != nil {
		return nil, nil, err
	}
	open, err := a.Store.Invitations(ctx)
	if err != nil {
		return nil, nil, err
	}
	everywhere := by.Everywhere() == Owner
	for _, u := range all {
		if u.Grants = seen(by, u.Grants); everywhere || len(u.Grants) > 0 {
			users = append(users, u)
		}
	}
	for _, t := range open {
		if t.Grants = seen(by, t.Grants); everywhere || len(t.Grants) > 0 {
			invited = append(invited, t)
		}
	}
	return users, invited, nil
}

// Guest is whom to invite.
type Guest struct {
	Email    string
	Language string // of the letter: en or es; "" that of the settings
	Grants   []Grant
}

// Invite makes a link by which somebody gets an account with roles, or the roles
// where they have an account, and mails it where mail is set up; mailed tells
// whether it did. The answer does not tell whether the address has an account.
func (a *Accounts) Invite(ctx context.Context, by Actor, g Guest) (t Ticket, link string, mailed bool, err error) {
	if err := ownsSomething(by); err != nil {
		return Ticket{}, "", false, err
	}
	if err := personManages(by); err != nil {
		return Ticket{}, "", false, err
	}
	email := strings.TrimSpace(g.Email)
	if err := CheckEmail(email); err != nil {
		return Ticket{}, "", false, err
	}
	if len(g.Grants) == 0 {
		return Ticket{}, "", false, adalid.Errorf(adalid.Invalid, "say which role on which brand")
	}
	if err := mayGrant(by, g.Grants); err != nil {
		return Ticket{}, "", false, err
	}
	t, secret := newTicket(Invitation, a.Now().UTC())
	t.Email, t.MadeBy, t.Grants = email, by.ID, merge(nil, g.Grants)
	if err := a.Store.AddTicket(ctx, t); err != nil {
		return Ticket{}, "", false, err
	}
	link = a.Link(Invitation, secret)
	if a.Mailer == nil {
		return t, link, false, nil
	}
	subject, text := a.words(g.Language).invitation(by.Name, link)
	if err := a.Mailer.Mail(ctx, email, subject, text); err != nil {
		a.Logger.ErrorContext(ctx, "account: mail an invitation", "error", err.Error())
		return t, link, false, nil
	}
	return t, link, true, nil
}

// Withdraw takes an invitation back, as far as it is for brands that the actor
// owns: where it is for others too, those stay. NotFound for one that is for none
// of the actor's.
func (a *Accounts) Withdraw(ctx context.Context, by Actor, id string) error {
	_, open, err := a.List(ctx, by)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(t Ticket) bool { return t.ID() == id })
	if i < 0 {
		return adalid.Errorf(adalid.NotFound, "there is no such invitation")
	}
	return a.Store.NarrowTicket(ctx, open[i].Hash, open[i].Grants) // those that the actor may see
}

// Change is what is to become of a user; nil and empty leave it as it is.
type Change struct {
	Name     *string
	Disabled *bool
	Grants   []Grant // None takes a role away; brands not named keep theirs
}

// ChangeUser changes somebody whom the actor manages. Roles and disabling end
// their sessions. Name and disabling need an owner of every brand.
func (a *Accounts) ChangeUser(ctx context.Context, by Actor, id string, c Change) (User, error) {
	if err := ownsSomething(by); err != nil {
		return User{}, err
	}
	if err := personManages(by); err != nil {
		return User{}, err
	}
	if err := mayGrant(by, c.Grants); err != nil {
		return User{}, err
	}
	if c.Name != nil || c.Disabled != nil {
		if err := Authorise(by, Rule{Installation, Owner}, ""); err != nil {
			return User{}, err
		}
	}
	if c.Name != nil {
		if err := checkName(*c.Name); err != nil {
			return User{}, err
		}
	}
	u, err := a.Store.ChangeUser(ctx, id, "", func(u *User) error {
		if by.Everywhere() != Owner && len(seen(by, u.Grants)) == 0 {
			return NoUser(id)
		}
		c.apply(u, a.Now())
		return nil
	})
	u.Grants = seen(by, u.Grants)
	return u, err
}

func (c Change) apply(u *User, now time.Time) {
	if c.Name != nil {
		u.Name = strings.TrimSpace(*c.Name)
	}
	if c.Disabled != nil && *c.Disabled != !u.Disabled.IsZero() {
		u.end()
		if u.Disabled = (time.Time{}); *c.Disabled {
			u.Disabled = now.UTC()
		}
	}
	if after := merge(u.Grants, c.Grants); !slices.Equal(after, u.Grants) {
		u.Grants = after
		u.end()
	}
}

// Remove removes somebody's account; that needs an owner of every brand.
func (a *Accounts) Remove(ctx context.Context, by Actor, id string) error {
	if err := Authorise(by, Rule{Installation, Owner}, ""); err != nil {
		return err
	}
	if err := personManages(by); err != nil {
		return err
	}
	return a.Store.RemoveUser(ctx, id)
}

// NoUser is the answer to an id that nobody has, or that is none of the asker's
// business.
func NoUser(id string) error { return adalid.Errorf(adalid.NotFound, "there is no user %q", id) }
