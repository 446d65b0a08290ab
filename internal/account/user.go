package account

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"adalid"
)

// User is somebody who signs in.
type User struct {
	ID         string // random
	Email      string // as it was given; compared in lower case
	Name       string // as colleagues see it
	Password   string // argon2id in PHC form; "" when there is no sign-in by password
	Issuer     string // of the single sign-on that knows them; "" none
	Subject    string // what the issuer calls them
	Generation int64  // rises when sessions begun before have to end
	Disabled   time.Time
	Created    time.Time
	SignedIn   time.Time // last time; zero: never
	Grants     []Grant   // by brand, folded
}

// Grant is a role on a brand, or on every brand where Brand is EveryBrand.
type Grant struct {
	Brand string // as the brand is spelt
	Role  Role
}

// Actor is who the user acts as.
func (u User) Actor() Actor {
	a := Actor{Kind: Person, ID: u.ID, Name: u.Name, Roles: map[string]Role{}}
	for _, g := range u.Grants {
		a.Roles[Fold(g.Brand)] = g.Role
	}
	return a
}

// Owns tells whether the user can sign in and owns every brand.
func (u User) Owns() bool {
	return u.Disabled.IsZero() && u.Actor().Everywhere() == Owner
}

// end makes the sessions that were begun so far dead.
func (u *User) end() { u.Generation++ }

// merge changes the grants named by change, None takes one away, and leaves the
// others as they are.
func merge(grants, change []Grant) []Grant {
	out := slices.Clone(grants)
	for _, c := range change {
		out = slices.DeleteFunc(out, func(g Grant) bool { return Fold(g.Brand) == Fold(c.Brand) })
		if c.Role != None {
			out = append(out, c)
		}
	}
	SortGrants(out)
	return out
}

// SortGrants puts grants in their order: every brand first, then by name.
func SortGrants(list []Grant) {
	slices.SortFunc(list, func(a, b Grant) int { return strings.Compare(Fold(a.Brand), Fold(b.Brand)) })
}

const (
	longestEmail = 254
	longestName  = 200
)

// FoldEmail gives the form in which addresses are compared.
func FoldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CheckEmail refuses what is no plain mail address as Invalid.
func CheckEmail(email string) error {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || a.Name != "" || len(email) > longestEmail || !printable(email) || strings.ContainsAny(email, " \"<>") {
		return adalid.Errorf(adalid.Invalid, "that is not a mail address")
	}
	return nil
}

// checkName refuses names that cannot be shown as Invalid.
func checkName(name string) error {
	if strings.TrimSpace(name) == "" || len(name) > longestName || !printable(name) {
		return adalid.Errorf(adalid.Invalid, "give a name of at most %d bytes that can be read", longestName)
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) })
}
