// Package session remembers in cookies who is signed in, and keeps in the
// database what the cookies stand for.
package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"adalid"
	"adalid/internal/account"
)

// How long a sign-in lasts: so long after the last request, and so long at most.
const (
	Idle     = 12 * time.Hour
	Absolute = 30 * 24 * time.Hour

	// touch is how often a session's end is moved: not with every request, which
	// would make each of them a write.
	touch         = 5 * time.Minute
	touchPatience = 200 * time.Millisecond
)

// Store keeps sessions by the hash of their token.
type Store interface {
	// SignedIn gives a session and its end, false where it is over.
	SignedIn(ctx context.Context, hash string) (data []byte, until time.Time, found bool, err error)
	KeepSignedIn(ctx context.Context, hash string, data []byte, until time.Time) error
	ExtendSignedIn(ctx context.Context, hash string, until time.Time) error // one that is there; never brings one back
	SignOut(ctx context.Context, hash string) error
}

// Users finds who a session is of.
type Users interface {
	User(ctx context.Context, id string) (account.User, error)
}

// Options are what New needs.
type Options struct {
	Store  Store
	Users  Users
	Secure bool // people reach the server over https: cookies travel encrypted only

	// SingleUser tells whether nobody has to sign in; nil: everybody has to.
	SingleUser func(context.Context) (bool, error)
	// Proxied lets single-user mode work behind a proxy, on the operator's word.
	Proxied bool
	Now     func() time.Time // nil: time.Now
}

// Sessions begins, finds and ends sessions. Only beginning and ending one sets
// cookies.
type Sessions struct {
	Options
	kept *scs.SessionManager
}

// New makes it.
func New(o Options) *Sessions {
	if o.Now == nil {
		o.Now = time.Now
	}
	// Not scs.New: that starts a goroutine for a store of its own.
	return &Sessions{o, &scs.SessionManager{Lifetime: Absolute, Store: kept{o.Store, o.Now}, Codec: scs.GobCodec{}}}
}

// What is kept in a session.
const (
	userKey       = "user"
	generationKey = "generation"
	untilKey      = "until" // Unix seconds: the latest end
)

// Actor tells who sends a request: the user of its session, the zero Actor when
// nobody is signed in, and in single-user mode whoever sits at this computer.
// There a request that came through a proxy is Forbidden: what stands behind one
// is reached by others.
func (s *Sessions) Actor(r *http.Request) (account.Actor, error) {
	if u, ok, err := s.user(r); err != nil || ok {
		return u.Actor(), err
	}
	if s.SingleUser == nil {
		return account.Actor{}, nil
	}
	alone, err := s.SingleUser(r.Context())
	if err != nil || !alone {
		return account.Actor{}, err
	}
	if !s.Proxied && forwarded(r) {
		return account.Actor{}, adalid.Errorf(adalid.Forbidden, "a proxy stands before this server, and nobody has an account yet: make one with adalid user add ADDRESS --role owner, and set server.public_url")
	}
	return account.Local(), nil
}

// forwarded tells whether a proxy says that it handed the request on.
func forwarded(r *http.Request) bool {
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// user gives who is signed in, by a session that no change of the account has
// ended since it was begun.
func (s *Sessions) user(r *http.Request) (account.User, bool, error) {
	token := s.token(r)
	if token == "" {
		return account.User{}, false, nil
	}
	data, until, found, err := s.Store.SignedIn(r.Context(), hash(token))
	if err != nil || !found {
		return account.User{}, false, err
	}
	_, values, err := s.kept.Codec.Decode(data)
	if err != nil {
		return account.User{}, false, fmt.Errorf("session: read: %w", err)
	}
	id, _ := values[userKey].(string)
	generation, _ := values[generationKey].(int64)
	latest, _ := values[untilKey].(int64)
	now, end := s.Now(), time.Unix(latest, 0)
	if id == "" || !now.Before(end) {
		return account.User{}, false, nil
	}
	u, err := s.Users.User(r.Context(), id)
	switch {
	case adalid.CodeOf(err) == adalid.NotFound:
		return account.User{}, false, nil
	case err != nil:
		return account.User{}, false, err
	case !u.Disabled.IsZero() || u.Generation != generation:
		return account.User{}, false, nil
	}
	if until.Sub(now) < Idle-touch && until.Before(end) {
		s.extend(r.Context(), token, earlier(now.Add(Idle), end))
	}
	return u, true, nil
}

// extend moves a session's end, if the database has time for it: the next
// request tries again.
func (s *Sessions) extend(ctx context.Context, token string, until time.Time) {
	ctx, cancel := context.WithTimeout(ctx, touchPatience)
	defer cancel()
	_ = s.Store.ExtendSignedIn(ctx, hash(token), until)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// token is what the browser sends.
func (s *Sessions) token(r *http.Request) string {
	c, err := r.Cookie(s.cookie(sessionCookie))
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return c.Value
}

// Begin ends the session that the browser had, begins one of the user under a new
// token, and gives the cookies to set; device is what the browser keeps for the
// next sign-in.
func (s *Sessions) Begin(r *http.Request, u account.User, device string) ([]*http.Cookie, error) {
	ctx := r.Context()
	if old := s.token(r); old != "" {
		if err := s.Store.SignOut(ctx, hash(old)); err != nil {
			return nil, err
		}
	}
	fresh, err := s.kept.Load(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("session: begin: %w", err)
	}
	s.kept.Put(fresh, userKey, u.ID)
	s.kept.Put(fresh, generationKey, u.Generation)
	s.kept.Put(fresh, untilKey, s.Now().Add(Absolute).Unix())
	token, _, err := s.kept.Commit(fresh)
	if err != nil {
		return nil, fmt.Errorf("session: begin: %w", err)
	}
	cookies := []*http.Cookie{s.make(sessionCookie, token, Absolute)}
	if device != "" {
		cookies = append(cookies, s.make(deviceCookie, device, account.DeviceLife))
	}
	return cookies, nil
}

// End ends the browser's session, if it has one, and gives the cookie that
// takes the token away.
func (s *Sessions) End(r *http.Request) ([]*http.Cookie, error) {
	if token := s.token(r); token != "" {
		if err := s.Store.SignOut(r.Context(), hash(token)); err != nil {
			return nil, err
		}
	}
	return []*http.Cookie{s.make(sessionCookie, "", -time.Second)}, nil
}

// Device is what the browser kept from an earlier sign-in; "" nothing.
func (s *Sessions) Device(r *http.Request) string {
	c, err := r.Cookie(s.cookie(deviceCookie))
	if err != nil {
		return ""
	}
	return c.Value
}

const (
	sessionCookie = "adalid_session"
	deviceCookie  = "adalid_device"
)

// cookie gives a cookie's name: over https one that no other host and no page
// read in the clear can set (RFC 6265bis, 4.1.3.2).
func (s *Sessions) cookie(name string) string {
	if s.Secure {
		return "__Host-" + name
	}
	return name
}

func (s *Sessions) make(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: s.cookie(name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	}
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
