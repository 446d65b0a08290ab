// Package account says who may do what: people and API keys with their roles per
// brand, how they prove who they are, and the record of what they did.
package account

import (
	"cmp"
	"context"
	"strings"

	"adalid"
)

// Role is what somebody may do, each including all before it. The zero value
// may do nothing.
type Role int

// The roles.
const (
	None    Role = iota
	Viewer       // reads rankings and evidence
	Analyst      // labels, notes, statuses
	Manager      // scans, settings, exports
	Owner        // people, keys, the brand itself
)

var roleNames = [...]string{"", "viewer", "analyst", "manager", "owner"}

// String gives the role's name, "" for None.
func (r Role) String() string {
	if r < None || r > Owner {
		return ""
	}
	return roleNames[r]
}

// ParseRole reads a role's name; others, "" among them, are Invalid.
func ParseRole(name string) (Role, error) {
	for i, n := range roleNames[Viewer:] {
		if n == name {
			return Viewer + Role(i), nil
		}
	}
	return None, adalid.Errorf(adalid.Invalid, "there is no role %q: viewer, analyst, manager or owner", name)
}

// EveryBrand is the name under which Actor.Roles holds a role on all brands, those
// to come included.
const EveryBrand = ""

// Kind is what sort of actor somebody is.
type Kind string

// The kinds.
const (
	Person  Kind = "person"  // signed in
	Key     Kind = "key"     // an API key
	Machine Kind = "machine" // the command line, or whoever sits at a computer that serves only itself
	Service Kind = "service" // the product by itself: schedules, retention
	Subject Kind = "subject" // somebody the data are about, by a signed link
)

// Actor is who does something.
type Actor struct {
	Kind  Kind            // "": nobody, who is not signed in
	ID    string          // of the user or key; "" for the other kinds
	Name  string          // as shown to colleagues: a user's name, a key's name
	Roles map[string]Role // by Fold of the brand's name
}

// Local is who uses the command line, or a server that only this computer
// reaches and that nobody has an account on.
func Local() Actor {
	return Actor{Kind: Machine, Name: "local", Roles: map[string]Role{EveryBrand: Owner}}
}

// Fold gives the form in which brands' names are compared.
func Fold(brand string) string { return strings.ToLower(strings.TrimSpace(brand)) }

// On gives the actor's role on a brand: the higher one of that on the brand and
// that on every brand.
func (a Actor) On(brand string) Role {
	return max(a.Roles[EveryBrand], a.Roles[Fold(brand)])
}

// Everywhere gives the actor's role on all brands.
func (a Actor) Everywhere() Role { return a.Roles[EveryBrand] }

// Mark names the actor in what it leaves behind: person:ID or key:ID, local for
// who needs no account, the kind for others.
func (a Actor) Mark() string {
	switch {
	case a.ID != "":
		return string(a.Kind) + ":" + a.ID
	case a.Kind == Machine:
		return "local"
	}
	return string(a.Kind)
}

// Scope is over what a rule asks for a role.
type Scope int

// The scopes. The zero value is none of them: such a rule lets nobody pass.
const (
	Open         Scope = iota + 1 // anybody, signed in or not
	SignedIn                      // whoever is signed in; what is answered is only theirs
	OnBrand                       // a role on the brand in question
	Installation                  // a role on every brand
)

// Rule is who may do one thing.
type Rule struct {
	Scope Scope
	Least Role // for OnBrand and Installation
}

// Authorise is the one place where it is decided who may do what: nil means that
// the actor may, by the rule, on the brand. It denies unless the rule allows:
// Unauthorized when nobody is signed in, Forbidden when the role is too low,
// and NotFound, in the words for a brand that does not exist, where the actor has
// no role on the brand at all.
func Authorise(a Actor, r Rule, brand string) error {
	if r.Scope == Open {
		return nil
	}
	if a.Kind == "" {
		return adalid.Errorf(adalid.Unauthorized, "sign in first, or send an API key")
	}
	held := None
	switch r.Scope {
	case SignedIn:
		return nil
	case OnBrand:
		if held = a.On(brand); held == None {
			return adalid.Errorf(adalid.NotFound, "there is no brand %q", brand)
		}
	case Installation:
		held = a.Everywhere()
	}
	if r.Least == None || held < r.Least {
		return adalid.Errorf(adalid.Forbidden, "this needs a higher role than yours: %s", cmp.Or(r.Least.String(), "one that nobody has"))
	}
	return nil
}

type actorKey struct{}

// With gives a context in which a acts.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From gives who acts; the zero Actor when nobody is named.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// MayRead is nil where who asks may read a brand; else it says what Authorise
// says, for a stranger that there is no such brand.
func MayRead(ctx context.Context, brand string) error {
	return Authorise(From(ctx), Rule{Scope: OnBrand, Least: Viewer}, brand)
}
