package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
)

// Me is who sends a request.
type Me struct {
	Kind       string     `json:"kind" enum:"person,key,machine" doc:"machine: single-user mode, in which nobody signs in."`
	ID         *string    `json:"id" doc:"Of the user or the key; null in single-user mode."`
	Name       string     `json:"name"`
	Email      *string    `json:"email" doc:"Of a person."`
	SingleUser bool       `json:"single_user" doc:"Nobody has an account, and the server is reached from its own computer only."`
	Roles      []RoleHeld `json:"roles" nullable:"false"`
	Owners     []string   `json:"owners" nullable:"false" doc:"Whom a person asks who may not follow new brands: the names of those who own every brand, ten at most. Empty for who may, for keys and in single-user mode."`
}

// RoleHeld is a role on a brand.
type RoleHeld struct {
	Brand *string `json:"brand" doc:"null: every brand, those to come included."`
	Role  string  `json:"role" enum:"viewer,analyst,manager,owner"`
}

// PasswordChange replaces one's own password.
type PasswordChange struct {
	Password string `json:"password,omitempty" maxLength:"1024" doc:"The present one; left out by who has none."`
	New      string `json:"new_password" minLength:"1" maxLength:"1024" doc:"At least 12 characters."`
}

type (
	meAnswer            struct{ Body Me }
	passwordChangeInput struct {
		browser
		Body PasswordChange
	}
)

func (s *server) registerMe(a huma.API) {
	register(a, op(http.MethodGet, "/me", "get-me", "Who am I, and what may I do"), s.getMe)
	o := op(http.MethodPut, "/me/password", "change-password", "Change one's own password")
	register(a, described(unhurried(o), "Ends all sessions of the account; the answer's cookie begins a new one for this browser."), s.changePassword)
}

func (s *server) getMe(ctx context.Context, _ *empty) (*meAnswer, error) {
	actor := account.From(ctx)
	if actor.Kind != account.Person {
		me := wireMe(actor, nil)
		for i, r := range me.Roles { // an actor has the names folded
			if r.Brand == nil {
				continue
			}
			b, err := s.Brands.Brand(ctx, *r.Brand)
			if err != nil {
				return nil, err
			}
			me.Roles[i].Brand = &b.Name
		}
		return &meAnswer{me}, nil
	}
	u, err := s.Accounts.Store.User(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	me := wireMe(actor, &u)
	if actor.Everywhere() < account.Owner {
		me.Owners, err = s.owners(ctx)
	}
	return &meAnswer{me}, err
}

// mostOwners is how many people are named to who may not follow new brands.
const mostOwners = 10

// owners names those who own every brand.
func (s *server) owners(ctx context.Context) ([]string, error) {
	users, err := s.Accounts.Store.Users(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, u := range users {
		if u.Owns() && len(names) < mostOwners {
			names = append(names, cmp.Or(u.Name, u.Email))
		}
	}
	return names, nil
}

// wireMe gives an actor as the API shows it; u is nil for those who are no person.
func wireMe(actor account.Actor, u *account.User) Me {
	me := Me{Kind: string(actor.Kind), ID: some(actor.ID), Name: actor.Name, SingleUser: actor.Kind == account.Machine, Owners: []string{}}
	var grants []account.Grant
	for brand, role := range actor.Roles {
		grants = append(grants, account.Grant{Brand: brand, Role: role})
	}
	account.SortGrants(grants)
	if u != nil {
		me.Email, grants = &u.Email, u.Grants
	}
	me.Roles = wireGrants(grants)
	return me
}

func wireGrants(grants []account.Grant) []RoleHeld {
	out := make([]RoleHeld, len(grants))
	for i, g := range grants {
		out[i] = RoleHeld{some(g.Brand), g.Role.String()}
	}
	return out
}

// readGrants reads roles; nil where none are given.
func readGrants(list []RoleChange) ([]account.Grant, error) {
	var out []account.Grant
	for _, r := range list {
		g := account.Grant{Brand: account.EveryBrand}
		if r.Brand != nil {
			if g.Brand = strings.TrimSpace(*r.Brand); g.Brand == "" {
				return nil, invalid("body.roles", "the name of a brand is empty; null stands for every brand")
			}
		}
		if slices.ContainsFunc(out, func(o account.Grant) bool { return account.Fold(o.Brand) == account.Fold(g.Brand) }) {
			return nil, invalid("body.roles", "a brand is named twice")
		}
		if r.Role != nil {
			role, err := account.ParseRole(*r.Role)
			if err != nil {
				return nil, err
			}
			g.Role = role
		}
		out = append(out, g)
	}
	return out, nil
}

func (s *server) changePassword(ctx context.Context, in *passwordChangeInput) (*signedOut, error) {
	actor := account.From(ctx)
	if actor.Kind != account.Person {
		return nil, adalid.Errorf(adalid.Forbidden, "only a person who signed in has a password")
	}
	u, err := s.Accounts.ChangePassword(ctx, actor.ID, in.Body.Password, in.Body.New, s.Sessions.Device(in.request))
	if err != nil {
		return nil, busy(err)
	}
	cookies, err := s.Sessions.Begin(in.request, u, s.Accounts.Begun(u))
	return &signedOut{headers(cookies)}, err
}
