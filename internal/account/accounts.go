package account

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"adalid"
)

// Users finds people. Unknown ones are NotFound, or false.
type Users interface {
	User(ctx context.Context, id string) (User, error)
	UserByEmail(ctx context.Context, email string) (User, bool, error) // compared by FoldEmail
	UserBySubject(ctx context.Context, issuer, subject string) (User, bool, error)
	Users(ctx context.Context) ([]User, error) // by address
}

// Changes change people, each in one transaction. After each of them somebody
// who can sign in owns every brand, else it is a Conflict. A ticket, given by its
// hash, is used up with the change: NotFound when it was used before or is over.
type Changes interface {
	AnyUser(ctx context.Context) (bool, error)
	// AddUser stores somebody new: Conflict when the address is taken, or when
	// the ticket is a setup and there is somebody already.
	AddUser(ctx context.Context, u User, ticket string) error
	ChangeUser(ctx context.Context, id, ticket string, change func(*User) error) (User, error)
	RemoveUser(ctx context.Context, id string) error
}

// Tickets keeps links that work once.
type Tickets interface {
	// AddTicket keeps a ticket in place of those before it that are for the same:
	// the setup, the address, the user. What is over is removed.
	AddTicket(ctx context.Context, t Ticket) error
	Ticket(ctx context.Context, hash string) (Ticket, bool, error) // false where it is over
	Invitations(ctx context.Context) ([]Ticket, error)             // that can still be accepted, by address
	// NarrowTicket takes grants out of a ticket, and removes it when none are left.
	NarrowTicket(ctx context.Context, hash string, without []Grant) error
}

// Store keeps people and tickets.
type Store interface {
	Users
	Changes
	Tickets
}

// Mailer sends plain text to one address.
type Mailer interface {
	Mail(ctx context.Context, to, subject, text string) error
}

// Options are what Accounts needs.
type Options struct {
	Store     Store
	Passwords *Passwords
	Mailer    Mailer // nil: links are handed over by people
	Base      string // where the service is reached, such as https://adalid.example; links begin with it
	Language  string // of letters unless a request says otherwise: en or es
	Alone     bool   // nobody but this computer reaches the server, or the operator takes it for so
	Now       func() time.Time
	Logger    *slog.Logger // nil: no log
}

// Accounts is how people get in.
type Accounts struct {
	Options
	guesses *Guesses // by account, and by browser that signed in before
	letters *Guesses // by address
	posting chan struct{}
	post    sync.WaitGroup
	manned  atomic.Bool // there is an account; it stays so
}

// How many letters are written at once, and to one address.
const (
	lettersAtOnce = 8
	mostLetters   = 3
	letterWindow  = time.Hour
	letterTime    = time.Minute
)

// New makes it.
func New(o Options) *Accounts {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Passwords == nil {
		o.Passwords = NewPasswords()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Accounts{
		Options: o, guesses: newGuesses(o.Now, mostGuesses, guessWindow), letters: newGuesses(o.Now, mostLetters, letterWindow),
		posting: make(chan struct{}, lettersAtOnce),
	}
}

// Wait returns when every letter that was begun is sent or given up.
func (a *Accounts) Wait() { a.post.Wait() }

// Manned tells whether anybody has an account. The last owner cannot be
// removed, so that what was true stays true.
func (a *Accounts) Manned(ctx context.Context) (bool, error) {
	if a.manned.Load() {
		return true, nil
	}
	any, err := a.Store.AnyUser(ctx)
	if any {
		a.manned.Store(true)
	}
	return any, err
}

// SingleUser tells whether nobody signs in: the server is reached from this
// computer only and nobody has an account.
func (a *Accounts) SingleUser(ctx context.Context) (bool, error) {
	if !a.Alone {
		return false, nil
	}
	manned, err := a.Manned(ctx)
	return err == nil && !manned, err
}

// Credentials are what somebody signs in with.
type Credentials struct {
	Email    string
	Password string
	Device   string // what the browser kept from an earlier sign-in; "" nothing
}

// SignIn tells whose credentials these are, and gives what the browser is to keep.
// Unauthorized when they are nobody's, RateLimited after too many tries for the
// account. Nothing in the answer, nor how long it takes, tells whether an address
// has an account.
func (a *Accounts) SignIn(ctx context.Context, c Credentials) (u User, device string, err error) {
	u, found, err := a.Store.UserByEmail(ctx, c.Email)
	if err != nil {
		return User{}, "", err
	}
	if err := a.prove(ctx, u, found, c); err != nil {
		return User{}, "", err
	}
	if u, err = a.Store.ChangeUser(ctx, u.ID, "", func(u *User) error { u.SignedIn = a.Now().UTC(); return nil }); err != nil {
		return User{}, "", err
	}
	return u, newDevice(u, a.Now()), nil
}

// prove checks a password within the number of tries.
func (a *Accounts) prove(ctx context.Context, u User, found bool, c Credentials) error {
	key := "address " + FoldEmail(c.Email)
	if len(key) > longestEmail+8 {
		key = key[:longestEmail+8]
	}
	trusted := false
	if found {
		if browser := deviceOf(u, c.Device, a.Now()); browser != "" {
			key, trusted = "browser "+u.ID+" "+browser, true
		}
	}
	back, ok := a.guesses.take(key, found)
	if !ok {
		return adalid.Errorf(adalid.RateLimited, "too many wrong passwords for this address; wait a quarter of an hour, or use a browser that signed in before")
	}
	right, err := a.Passwords.Check(ctx, c.Password, u.Password, trusted)
	if err != nil || right && u.Disabled.IsZero() {
		back()
		return err
	}
	return adalid.Errorf(adalid.Unauthorized, "the address or the password is wrong")
}

// Begun makes what a browser is to keep of a user who came in by a link or
// through single sign-on.
func (a *Accounts) Begun(u User) (device string) { return newDevice(u, a.Now()) }

// ChangePassword replaces a user's own password, and with it ends their
// sessions; the old one has to be right unless they have none.
func (a *Accounts) ChangePassword(ctx context.Context, id, before, after, device string) (User, error) {
	u, err := a.Store.User(ctx, id)
	if err != nil {
		return User{}, err
	}
	if u.Password != "" {
		if err := a.prove(ctx, u, true, Credentials{Email: u.Email, Password: before, Device: device}); adalid.CodeOf(err) == adalid.Unauthorized {
			return User{}, adalid.Errorf(adalid.Invalid, "the present password is wrong")
		} else if err != nil {
			return User{}, err
		}
	}
	return a.SetPassword(ctx, u, after, "")
}

// SetPassword gives a user a password, which ends their sessions; ticket is the
// hash of the one that allows it, "" for the command line.
func (a *Accounts) SetPassword(ctx context.Context, u User, password, ticket string) (User, error) {
	if err := CheckPassword(password, u.Email); err != nil {
		return User{}, err
	}
	hash, err := a.Passwords.Hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	u, err = a.Store.ChangeUser(ctx, u.ID, ticket, func(u *User) error {
		u.Password = hash
		u.end()
		return nil
	})
	if err == nil {
		a.guesses.forget("address " + FoldEmail(u.Email))
	}
	return u, err
}

// newUser makes somebody with a random id.
func (a *Accounts) newUser(ctx context.Context, email, name, password string) (User, error) {
	if err := CheckEmail(email); err != nil {
		return User{}, err
	}
	if name = strings.TrimSpace(name); name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	if err := checkName(name); err != nil {
		return User{}, err
	}
	if err := CheckPassword(password, email); err != nil {
		return User{}, err
	}
	hash, err := a.Passwords.Hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	return User{ID: newID(), Email: email, Name: name, Password: hash, Created: a.Now().UTC()}, nil
}

// Add makes an account at once, for the command line. The first one has to own
// every brand.
func (a *Accounts) Add(ctx context.Context, n Newcomer, grants []Grant) (User, error) {
	u, err := a.newUser(ctx, strings.TrimSpace(n.Email), n.Name, n.Password)
	if err != nil {
		return User{}, err
	}
	u.Grants = merge(nil, grants)
	return u, a.Store.AddUser(ctx, u, "")
}

func newID() string { return strings.ToLower(rand.Text()[:20]) }

// Link gives the address of the page on which a ticket is used.
func (a *Accounts) Link(k TicketKind, secret string) string {
	page := map[TicketKind]string{Setup: "setup", Invitation: "invitation", Reset: "new-password"}[k]
	return a.Base + "/lite/" + page + "?token=" + url.QueryEscape(secret)
}
