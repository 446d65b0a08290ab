package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
)

// User is somebody with an account.
type User struct {
	ID       string     `json:"id"`
	Email    string     `json:"email"`
	Name     string     `json:"name"`
	Roles    []RoleHeld `json:"roles" nullable:"false" doc:"Those that are yours to give."`
	Disabled *time.Time `json:"disabled" doc:"Since when they cannot sign in."`
	Created  *time.Time `json:"created"`
	SignedIn *time.Time `json:"signed_in" doc:"Last time; null: never."`
}

// Invitation is a link that somebody has not yet followed.
type Invitation struct {
	ID      string     `json:"id"`
	Email   string     `json:"email"`
	Roles   []RoleHeld `json:"roles" nullable:"false"`
	Expires *time.Time `json:"expires"`
}

// UserList is the people one manages, by address.
type UserList struct {
	Items       []User       `json:"items" nullable:"false"`
	Invitations []Invitation `json:"invitations" nullable:"false" doc:"Not accepted yet."`
}

// RoleChange is a role that somebody is to have on a brand.
type RoleChange struct {
	Brand *string `json:"brand" maxLength:"400" doc:"null: every brand, those to come included."`
	Role  *string `json:"role" enum:"viewer,analyst,manager,owner" doc:"null: none."`
}

// NewInvitation says whom to invite.
type NewInvitation struct {
	Email    string       `json:"email" minLength:"1" maxLength:"254"`
	Roles    []RoleChange `json:"roles" minItems:"1" maxItems:"1000" nullable:"false"`
	Language string       `json:"language,omitempty" enum:"en,es" doc:"Of the letter. Left out: the server's."`
}

// Invited is an invitation as it was made.
type Invited struct {
	Invitation
	Mailed bool    `json:"mailed"`
	Link   *string `json:"link" doc:"To hand over, because nothing was mailed; shown once. It works once, within seven days."`
}

// UserChange says what to change of somebody; what is left out stays.
type UserChange struct {
	Name     *string      `json:"name,omitempty" minLength:"1" maxLength:"200"`
	Disabled *bool        `json:"disabled,omitempty" doc:"Whether they cannot sign in."`
	Roles    []RoleChange `json:"roles,omitempty" maxItems:"1000" nullable:"false" doc:"Brands that are not named keep their role."`
}

// NewMember accepts an invitation.
type NewMember struct {
	Token    string `json:"token" minLength:"1" maxLength:"100" doc:"Of the link."`
	Name     string `json:"name,omitempty" maxLength:"200" doc:"Left out: the address before the @."`
	Password string `json:"password" minLength:"1" maxLength:"1024" doc:"A new one of at least 12 characters or, where the address has an account, its own."`
}

// UserPath is the address of a user.
type UserPath struct {
	User string `path:"user" maxLength:"100"`
}

type (
	usersAnswer        struct{ Body UserList }
	userAnswer         struct{ Body User }
	newInvitationInput struct{ Body NewInvitation }
	invitedAnswer      struct{ Body Invited }
	userChangeInput    struct {
		UserPath
		Body UserChange
	}
	invitationPath struct {
		Invitation string `path:"invitation" maxLength:"100"`
	}
	newMemberInput struct {
		browser
		Body NewMember
	}
)

func (s *server) registerUsers(a huma.API) {
	o := op(http.MethodGet, "/users", "list-users", "The people you manage")
	register(a, described(o, "Who owns every brand sees everybody; who owns some brands sees those with a role on them, and that role only."), s.listUsers)
	o = created(op(http.MethodPost, "/users", "invite-user", "Invite somebody"))
	register(a, described(o, "The answer is the same whether the address has an account or not. A person's session does this, never a key."), s.inviteUser)
	o = op(http.MethodPatch, "/users/{user}", "change-user", "Change somebody's roles, name, or whether they can sign in")
	register(a, described(o, "A person's session does this, never a key. Ends their sessions, but for a name. Roles can be given and taken by who owns the brand; the rest needs who owns every brand. 409 when nobody would be left who owns every brand."), s.changeUser)
	o = op(http.MethodDelete, "/users/{user}", "remove-user", "Remove somebody's account")
	register(a, described(o, "A person's session does this, never a key."), s.removeUser)
	o = op(http.MethodPost, "/invitations/accept", "accept-invitation", "Accept an invitation")
	register(a, unhurried(o), s.acceptInvitation)
	o = op(http.MethodDelete, "/invitations/{invitation}", "withdraw-invitation", "Take an invitation back")
	register(a, described(o, "Where it is for several brands, as far as it is for yours."), s.withdrawInvitation)
}

func (s *server) listUsers(ctx context.Context, _ *empty) (*usersAnswer, error) {
	users, open, err := s.Accounts.List(ctx, account.From(ctx))
	if err != nil {
		return nil, err
	}
	out := UserList{Items: make([]User, len(users)), Invitations: make([]Invitation, len(open))}
	for i, u := range users {
		out.Items[i] = WireUser(u)
	}
	for i, t := range open {
		out.Invitations[i] = WireInvitation(t)
	}
	return &usersAnswer{out}, nil
}

// WireUser gives a user as the API shows it.
func WireUser(u account.User) User {
	return User{u.ID, u.Email, u.Name, wireGrants(u.Grants), known(u.Disabled), known(u.Created), known(u.SignedIn)}
}

// WireInvitation gives an invitation as the API shows it.
func WireInvitation(t account.Ticket) Invitation {
	return Invitation{t.ID(), t.Email, wireGrants(t.Grants), known(t.Expires)}
}

func (s *server) inviteUser(ctx context.Context, in *newInvitationInput) (*invitedAnswer, error) {
	grants, err := readGrants(in.Body.Roles)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		if g.Role == account.None {
			return nil, invalid("body.roles", "an invitation gives roles; null takes one away")
		}
	}
	t, link, mailed, err := s.Accounts.Invite(ctx, account.From(ctx), account.Guest{Email: in.Body.Email, Language: in.Body.Language, Grants: grants})
	if err != nil {
		return nil, err
	}
	out := Invited{Invitation: WireInvitation(t), Mailed: mailed}
	if !mailed {
		out.Link = &link
	}
	return &invitedAnswer{out}, nil
}

func (s *server) changeUser(ctx context.Context, in *userChangeInput) (*userAnswer, error) {
	grants, err := readGrants(in.Body.Roles)
	if err != nil {
		return nil, err
	}
	u, err := s.Accounts.ChangeUser(ctx, account.From(ctx), in.User, account.Change{Name: in.Body.Name, Disabled: in.Body.Disabled, Grants: grants})
	if err != nil {
		return nil, err
	}
	return &userAnswer{WireUser(u)}, nil
}

func (s *server) removeUser(ctx context.Context, in *UserPath) (*empty, error) {
	return nil, s.Accounts.Remove(ctx, account.From(ctx), in.User)
}

func (s *server) acceptInvitation(ctx context.Context, in *newMemberInput) (*signedIn, error) {
	b := in.Body
	u, err := s.Accounts.Accept(ctx, account.Newcomer{Secret: b.Token, Name: b.Name, Password: b.Password, Device: s.Sessions.Device(in.request)})
	if err != nil {
		return nil, busy(err)
	}
	return s.begin(in.request, u, s.Accounts.Begun(u))
}

func (s *server) withdrawInvitation(ctx context.Context, in *invitationPath) (*empty, error) {
	return nil, s.Accounts.Withdraw(ctx, account.From(ctx), in.Invitation)
}
