package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"adalid"
)

// SignOnOptions say which single sign-on may vouch for people.
type SignOnOptions struct {
	Issuer   string // its address, as it names itself
	ClientID string // what it calls this server
	Secret   string // what this server proves that with; "" a public client
	Return   string // where it sends people back to
	HTTP     *http.Client
	Accounts *Accounts
}

// SignOn lets people in whom a single sign-on vouches for by OpenID Connect: the
// code flow with PKCE, state and nonce. Only who has an account or an invitation
// gets in.
type SignOn struct {
	SignOnOptions
	mu       sync.Mutex
	provider *oidc.Provider // nil until somebody asks
	begun    map[string]attempt
}

// attempt is a sign-in that was begun, by its state.
type attempt struct {
	nonce, verifier, browser, next string
	at                             time.Time
}

const (
	attemptLife  = 10 * time.Minute
	mostAttempts = 10_000
)

// NewSignOn makes it; the single sign-on is asked when somebody first signs in.
func NewSignOn(o SignOnOptions) *SignOn {
	return &SignOn{SignOnOptions: o, begun: map[string]attempt{}}
}

// Begin gives the address to send a browser to, and what the browser is to keep
// until it comes back.
func (s *SignOn) Begin(ctx context.Context, next string) (address, browser string, err error) {
	p, err := s.ask(ctx)
	if err != nil {
		return "", "", err
	}
	state, a := rand.Text(), attempt{nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), browser: rand.Text(), next: next, at: s.Accounts.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	for old, b := range s.begun {
		if len(s.begun) >= mostAttempts || a.at.Sub(b.at) > attemptLife {
			delete(s.begun, old)
		}
	}
	s.begun[state] = a
	return s.client(p).AuthCodeURL(state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier)), a.browser, nil
}

// ask finds out, once, how the single sign-on wants to be spoken to.
func (s *SignOn) ask(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	p := s.provider
	s.mu.Unlock()
	if p != nil {
		return p, nil
	}
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, s.HTTP), s.Issuer)
	if err != nil {
		return nil, adalid.Wrapf(adalid.Unavailable, err, "the single sign-on does not answer as it should; try again later")
	}
	s.mu.Lock()
	s.provider = p
	s.mu.Unlock()
	return p, nil
}

func (s *SignOn) client(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: s.ClientID, ClientSecret: s.Secret, Endpoint: p.Endpoint(), RedirectURL: s.Return, Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}

// Back is what a browser brings back.
type Back struct{ State, Code, Browser string }

// Finish gives who came back and where they were going. Forbidden, without the
// reason, for everything that does not hold: the log has it.
func (s *SignOn) Finish(ctx context.Context, b Back) (u User, next string, err error) {
	s.mu.Lock()
	a, found := s.begun[b.State]
	delete(s.begun, b.State)
	s.mu.Unlock()
	age := s.Accounts.Now().Sub(a.at)
	if !found || age < 0 || age > attemptLife || subtle.ConstantTimeCompare([]byte(a.browser), []byte(b.Browser)) != 1 {
		return User{}, "", refused(errors.New("account: sign-on: no such sign-in was begun in this browser"))
	}
	who, err := s.vouched(ctx, a, b.Code)
	if err != nil {
		return User{}, "", refused(err)
	}
	u, err = s.user(ctx, who)
	return u, a.next, err
}

func refused(err error) error {
	return adalid.Wrapf(adalid.Forbidden, err, "you could not be signed in: only who has an account or an invitation gets in, with a verified mail address")
}

// claims are what a single sign-on says of somebody.
type claims struct {
	Subject  string `json:"sub"`
	Party    string `json:"azp"`
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // some say "true"
	Name     string `json:"name"`
}

// vouched exchanges a code and checks what comes: signature, issuer, audience
// and times by the library, nonce and party here.
func (s *SignOn) vouched(ctx context.Context, a attempt, code string) (claims, error) {
	var who claims
	p, err := s.ask(ctx)
	if err != nil {
		return who, err
	}
	ctx = oidc.ClientContext(ctx, s.HTTP)
	token, err := s.client(p).Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return who, fmt.Errorf("account: sign-on: exchange the code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: s.ClientID, Now: s.Accounts.Now}).Verify(ctx, raw)
	if err != nil {
		return who, fmt.Errorf("account: sign-on: id token: %w", err)
	}
	if err := id.Claims(&who); err != nil {
		return who, fmt.Errorf("account: sign-on: claims: %w", err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.nonce)) != 1:
		return who, errors.New("account: sign-on: the nonce is another one")
	case who.Party != "" && who.Party != s.ClientID, len(id.Audience) > 1 && who.Party == "":
		return who, errors.New("account: sign-on: the token was made for another party")
	case who.Subject == "":
		return who, errors.New("account: sign-on: nobody is named")
	}
	return who, nil
}

// user finds who is vouched for: by what the issuer calls them, and the first
// time by a verified address that has an account or an invitation.
func (s *SignOn) user(ctx context.Context, who claims) (User, error) {
	store, now := s.Accounts.Store, s.Accounts.Now().UTC()
	enter := func(u *User) error {
		if !u.Disabled.IsZero() || u.Subject != "" && (u.Issuer != s.Issuer || u.Subject != who.Subject) {
			return refused(errors.New("account: sign-on: the account is disabled, or somebody else's"))
		}
		u.Issuer, u.Subject, u.SignedIn = s.Issuer, who.Subject, now
		return nil
	}
	u, found, err := store.UserBySubject(ctx, s.Issuer, who.Subject)
	if err != nil {
		return User{}, err
	}
	if found {
		return store.ChangeUser(ctx, u.ID, "", enter)
	}
	if (who.Verified != true && who.Verified != "true") || CheckEmail(who.Email) != nil {
		return User{}, refused(errors.New("account: sign-on: no verified address"))
	}
	if u, found, err = store.UserByEmail(ctx, who.Email); err != nil {
		return User{}, err
	}
	if found {
		return store.ChangeUser(ctx, u.ID, "", enter)
	}
	open, err := store.Invitations(ctx)
	if err != nil {
		return User{}, err
	}
	for _, t := range open {
		if FoldEmail(t.Email) != FoldEmail(who.Email) || s.Accounts.standing(ctx, t) != nil {
			continue
		}
		u := User{ID: newID(), Email: who.Email, Name: strings.TrimSpace(who.Name), Issuer: s.Issuer, Subject: who.Subject, Created: now, SignedIn: now, Grants: t.Grants}
		if checkName(u.Name) != nil {
			u.Name, _, _ = strings.Cut(who.Email, "@")
		}
		return u, store.AddUser(ctx, u, t.Hash)
	}
	return User{}, refused(errors.New("account: sign-on: neither an account nor an invitation"))
}
