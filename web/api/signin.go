package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"adalid"
	"adalid/internal/account"
)

// NewSession is what somebody signs in with.
type NewSession struct {
	Email    string `json:"email" minLength:"1" maxLength:"254"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// NewOwner is the first account of an installation.
type NewOwner struct {
	Token    string `json:"token" minLength:"1" maxLength:"100" doc:"Of the link that the server printed."`
	Email    string `json:"email" minLength:"1" maxLength:"254"`
	Name     string `json:"name,omitempty" maxLength:"200" doc:"Left out: the address before the @."`
	Password string `json:"password" minLength:"1" maxLength:"1024" doc:"At least 12 characters."`
}

// NewReset asks for a link to a new password.
type NewReset struct {
	Email    string `json:"email" minLength:"1" maxLength:"254"`
	Language string `json:"language,omitempty" enum:"en,es" doc:"Of the letter. Left out: the server's."`
}

// NewPassword is a password in place of one that was forgotten.
type NewPassword struct {
	Token    string `json:"token" minLength:"1" maxLength:"100" doc:"Of the link in the letter."`
	Password string `json:"password" minLength:"1" maxLength:"1024" doc:"At least 12 characters."`
}

// browser is the request that an operation about sessions came with.
type browser struct{ request *http.Request }

// Resolve implements huma.Resolver.
func (b *browser) Resolve(ctx huma.Context) []error {
	b.request = humagin.Unwrap(ctx).Request
	return nil
}

type (
	newSessionInput struct {
		browser
		Body NewSession
	}
	newOwnerInput struct {
		browser
		Body NewOwner
	}
	newResetInput    struct{ Body NewReset }
	newPasswordInput struct{ Body NewPassword }
	endSessionInput  struct{ browser }
	signedIn         struct {
		SetCookie []string `header:"Set-Cookie"`
		Body      Me
	}
	signedOut struct {
		SetCookie []string `header:"Set-Cookie"`
	}
)

// busy says after how long to try again where too many come at once.
func busy(err error) error {
	if adalid.CodeOf(err) != adalid.Unavailable {
		return err
	}
	return huma.ErrorWithHeaders(err, http.Header{"Retry-After": {strconv.Itoa(int(account.BusyFor / time.Second))}})
}

// unhurried is for operations that hash a password: huma's limit of five seconds
// for a body goes on while they work, and net/http takes its end for a client that
// left. The gate has read the body by then, within the server's own limit.
func unhurried(o huma.Operation) huma.Operation {
	o.BodyReadTimeout = -1
	return o
}

func (s *server) registerSignIn(a huma.API) {
	o := op(http.MethodPost, "/session", "sign-in", "Sign in")
	register(a, described(unhurried(o), "The cookie of the answer stands for the session. 429 after ten wrong passwords for an address within a quarter of an hour; a browser that signed in before has tries of its own."), s.signIn)
	register(a, op(http.MethodDelete, "/session", "sign-out", "Sign out"), s.signOut)
	o = op(http.MethodPost, "/setup", "set-up", "Make the first account, with the link that the server printed")
	register(a, unhurried(o), s.setUp)
	o = op(http.MethodPost, "/password-resets", "ask-password-reset", "Ask for a link to a new password")
	o.DefaultStatus = http.StatusAccepted
	register(a, described(o, "It is mailed to the address when that has an account and the server can send mail; the answer does not tell."), s.askReset)
	o = op(http.MethodPost, "/password-resets/finish", "finish-password-reset", "Set a new password with the link from the letter")
	register(a, described(unhurried(o), "Ends the account's sessions. The link works once, within an hour."), s.finishReset)
}

func (s *server) signIn(ctx context.Context, in *newSessionInput) (*signedIn, error) {
	u, device, err := s.Accounts.SignIn(ctx, account.Credentials{Email: in.Body.Email, Password: in.Body.Password, Device: s.Sessions.Device(in.request)})
	if err != nil {
		return nil, busy(err)
	}
	return s.begin(in.request, u, device)
}

// begin answers with a session.
func (s *server) begin(r *http.Request, u account.User, device string) (*signedIn, error) {
	cookies, err := s.Sessions.Begin(r, u, device)
	if err != nil {
		return nil, err
	}
	account.NoteOf(r.Context()).Actor = u.Actor()
	return &signedIn{headers(cookies), wireMe(u.Actor(), &u)}, nil
}

func headers(cookies []*http.Cookie) []string {
	out := make([]string, len(cookies))
	for i, c := range cookies {
		out[i] = c.String()
	}
	return out
}

func (s *server) signOut(_ context.Context, in *endSessionInput) (*signedOut, error) {
	cookies, err := s.Sessions.End(in.request)
	return &signedOut{headers(cookies)}, err
}

func (s *server) setUp(ctx context.Context, in *newOwnerInput) (*signedIn, error) {
	b := in.Body
	u, err := s.Accounts.SetUp(ctx, account.Newcomer{Secret: b.Token, Email: b.Email, Name: b.Name, Password: b.Password})
	if err != nil {
		return nil, busy(err)
	}
	return s.begin(in.request, u, s.Accounts.Begun(u))
}

func (s *server) askReset(ctx context.Context, in *newResetInput) (*empty, error) {
	return nil, busy(s.Accounts.AskReset(ctx, in.Body.Email, in.Body.Language))
}

func (s *server) finishReset(ctx context.Context, in *newPasswordInput) (*empty, error) {
	return nil, busy(s.Accounts.FinishReset(ctx, in.Body.Token, in.Body.Password))
}
