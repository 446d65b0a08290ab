package account

import (
	"context"
	"strings"
	"time"

	"adalid"
)

// gone is the answer to every ticket that opens nothing.
func gone() error {
	return adalid.Errorf(adalid.NotFound, "this link does not work: it was used, or is over, or was never made")
}

// Pending gives the ticket of a secret without using it up; NotFound where it
// opens nothing.
func (a *Accounts) Pending(ctx context.Context, k TicketKind, secret string) (Ticket, error) {
	if len(secret) > 100 {
		return Ticket{}, gone()
	}
	t, found, err := a.Store.Ticket(ctx, HashSecret(secret))
	if err == nil && (!found || t.Kind != k) {
		err = gone()
	}
	return t, err
}

// OpenSetup makes the link that gives the first owner an account; older ones stop
// working. Conflict when there is an account.
func (a *Accounts) OpenSetup(ctx context.Context) (link string, err error) {
	manned, err := a.Manned(ctx)
	if err != nil {
		return "", err
	}
	if manned {
		return "", adalid.Errorf(adalid.Conflict, "somebody has an account already")
	}
	t, secret := newTicket(Setup, a.Now().UTC())
	if err := a.Store.AddTicket(ctx, t); err != nil {
		return "", err
	}
	return a.Link(Setup, secret), nil
}

// Newcomer is what somebody who follows a link says of themselves.
type Newcomer struct {
	Secret   string // of the link
	Email    string // of a setup; an invitation names it
	Name     string // "": the address before the @
	Password string
	Device   string // as in Credentials
}

// SetUp makes the first account, which owns every brand.
func (a *Accounts) SetUp(ctx context.Context, n Newcomer) (User, error) {
	t, err := a.Pending(ctx, Setup, n.Secret)
	if err != nil {
		return User{}, err
	}
	u, err := a.newUser(ctx, strings.TrimSpace(n.Email), n.Name, n.Password)
	if err != nil {
		return User{}, err
	}
	u.Grants = []Grant{{EveryBrand, Owner}}
	u.SignedIn = u.Created
	return u, a.Store.AddUser(ctx, u, t.Hash)
}

// Accept makes the account of somebody invited. Where the address has one, the
// password has to be that account's, and it gets the roles.
func (a *Accounts) Accept(ctx context.Context, n Newcomer) (User, error) {
	t, err := a.Pending(ctx, Invitation, n.Secret)
	if err != nil {
		return User{}, err
	}
	if err := a.standing(ctx, t); err != nil {
		return User{}, err
	}
	u, found, err := a.Store.UserByEmail(ctx, t.Email)
	if err != nil {
		return User{}, err
	}
	if found {
		if err := a.prove(ctx, u, true, Credentials{Email: u.Email, Password: n.Password, Device: n.Device}); adalid.CodeOf(err) == adalid.Unauthorized {
			return User{}, adalid.Errorf(adalid.Invalid, "there is an account for this address already: give its password")
		} else if err != nil {
			return User{}, err
		}
		return a.Store.ChangeUser(ctx, u.ID, t.Hash, func(u *User) error { return join(u, t, a.Now()) })
	}
	if u, err = a.newUser(ctx, t.Email, n.Name, n.Password); err != nil {
		return User{}, err
	}
	u.Grants, u.SignedIn = t.Grants, u.Created
	return u, a.Store.AddUser(ctx, u, t.Hash)
}

// standing tells whether who invited could still do so.
func (a *Accounts) standing(ctx context.Context, t Ticket) error {
	if t.MadeBy == "" {
		return nil
	}
	maker, err := a.Store.User(ctx, t.MadeBy)
	if err != nil && adalid.CodeOf(err) != adalid.NotFound {
		return err
	}
	if err != nil || !maker.Disabled.IsZero() || mayGrant(maker.Actor(), t.Grants) != nil {
		return gone()
	}
	return nil
}

// join gives a user the roles of an invitation that are higher than theirs.
func join(u *User, t Ticket, now time.Time) error {
	held := u.Actor()
	for _, g := range t.Grants {
		if g.Role > held.Roles[Fold(g.Brand)] {
			u.Grants = merge(u.Grants, []Grant{g})
		}
	}
	u.SignedIn = now.UTC()
	u.end()
	return nil
}

// AskReset sends a link for a new password where the address has an account. It
// returns before anything is looked up, so that nothing tells whether it has.
// Unavailable when too many ask at once.
func (a *Accounts) AskReset(ctx context.Context, email, language string) error {
	select {
	case a.posting <- struct{}{}:
	default:
		return adalid.Errorf(adalid.Unavailable, "too many ask for a new password at once; try again in a moment")
	}
	a.post.Go(func() {
		defer func() { <-a.posting }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), letterTime)
		defer cancel()
		if err := a.reset(ctx, email, language); err != nil {
			a.Logger.ErrorContext(ctx, "account: send a link for a new password", "error", err.Error())
		}
	})
	return nil
}

func (a *Accounts) reset(ctx context.Context, email, language string) error {
	u, found, err := a.Store.UserByEmail(ctx, email)
	if err != nil || !found || !u.Disabled.IsZero() || u.Password == "" || a.Mailer == nil {
		return err
	}
	if _, ok := a.letters.take(FoldEmail(email), true); !ok {
		return nil
	}
	t, secret := newTicket(Reset, a.Now().UTC())
	t.User = u.ID
	if err := a.Store.AddTicket(ctx, t); err != nil {
		return err
	}
	subject, text := a.words(language).reset(a.Link(Reset, secret))
	return a.Mailer.Mail(ctx, u.Email, subject, text)
}

// FinishReset sets the password that a link was asked for.
func (a *Accounts) FinishReset(ctx context.Context, secret, password string) error {
	t, err := a.Pending(ctx, Reset, secret)
	if err != nil {
		return err
	}
	u, err := a.Store.User(ctx, t.User)
	if adalid.CodeOf(err) == adalid.NotFound || err == nil && !u.Disabled.IsZero() {
		return gone()
	}
	if err != nil {
		return err
	}
	if _, err = a.SetPassword(ctx, u, password, t.Hash); err == nil {
		NoteOf(ctx).Object = u.ID // nobody is signed in, but somebody's password changed
	}
	return err
}
