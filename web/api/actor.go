package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"adalid"
	"adalid/internal/account"
)

// Sessions knows who is signed in in which browser.
type Sessions interface {
	// Actor gives who sends a request, by its cookie; the zero Actor for nobody, and
	// account.Local while nobody has to sign in. It is asked anew while a long
	// answer is on its way, so it has to look at what is stored now, not at what it
	// found when the request came.
	Actor(r *http.Request) (account.Actor, error)
	// Begin ends the browser's session, begins one of the user under a new token
	// and gives the cookies to set.
	Begin(r *http.Request, u account.User, device string) ([]*http.Cookie, error)
	// End ends the browser's session and gives the cookies to set.
	End(r *http.Request) ([]*http.Cookie, error)
	// Device is what the browser kept from an earlier sign-in.
	Device(r *http.Request) string
}

// Keys keeps API keys.
type Keys interface {
	// OpenKey gives who acts with a key; Unauthorized when it does not open.
	OpenKey(ctx context.Context, text string) (account.Actor, error)
	// APIKeys lists every key, the newest first.
	APIKeys(ctx context.Context) ([]account.APIKey, error)
	// MakeKey keeps a new key and gives its text, which is not kept. Its ID and Made
	// are set there. NotFound for an unknown brand, Invalid for what cannot be made.
	MakeKey(ctx context.Context, k account.APIKey) (made account.APIKey, text string, err error)
	// RevokeKey ends a key and those made with it; NotFound for an unknown id.
	RevokeKey(ctx context.Context, id string) error
}

// bound is the rule of one route.
type bound struct {
	Rule
	operation string // the route of a page
}

// guard finds out who sends a request and lets it pass or not, before anything of
// it is read but its address.
type guard struct {
	*server
	routes map[string]bound // set when everything is mounted; a route that is not in it is refused
	limits *limits
	record *recorder
}

// asked is what a request names in its address, before it is checked. It is kept
// apart from gin's parameters, which are decoded on the way.
type asked struct{ brand, source, key string }

func (g *guard) asked(c *gin.Context, b bound) asked {
	name := func(parameter string) string {
		text, err := url.PathUnescape(c.Param(parameter))
		if err != nil {
			return c.Param(parameter) // no brand has such a name
		}
		return text
	}
	a := asked{source: name("source")}
	switch b.of {
	case inPath:
		a.brand = name("brand")
	case inQuery:
		a.brand = c.Request.URL.Query().Get("brand")
	case ofKey:
		a.key = name("id")
	}
	return a
}

// handle is the middleware.
func (g *guard) handle(c *gin.Context) {
	if c.FullPath() == "" {
		return // nothing is there but files of the app
	}
	b, ok := g.routes[c.Request.Method+" "+c.FullPath()]
	if !ok {
		WriteProblem(c, newProblem(http.StatusForbidden, "Nobody may do this."), errors.New("api: a route without a rule"))
		return
	}
	if b.own {
		return
	}
	r, at := c.Request, g.asked(c, b)
	actor, err := g.actor(r)
	if b.Scope == account.Open && len(r.Header.Values("Authorization")) == 0 {
		err = nil // whatever is wrong with their session, they may pass
	}
	if err == nil && b.signed && actor.Kind == "" && g.carriesSignature(r) {
		actor = account.Actor{Kind: account.Service}
		b.Rule.Rule = Open().Rule
	}
	if !g.limits.take(c, actor) {
		return
	}
	if err == nil {
		err = g.authorise(r.Context(), b, actor, &at)
	}
	if err != nil {
		g.refuse(c, b, actor, at, err)
		return
	}
	note := &account.Note{Actor: actor}
	ctx := account.WithNote(account.With(r.Context(), actor), note)
	ctx = context.WithValue(ctx, stillKey{}, func() error { return g.still(r, b, at) })
	c.Request = r.WithContext(ctx)
	if b.reads || r.Method == http.MethodGet {
		c.Next()
		return
	}
	ended := false
	defer func() { g.record.write(c, b, at, note, ended) }() // also when it panics
	c.Next()
	ended = true
}

// actor finds out who sends a request.
func (g *guard) actor(r *http.Request) (account.Actor, error) {
	given := r.Header.Values("Authorization")
	if len(given) > 1 {
		return account.Actor{}, account.ErrKey()
	}
	if len(given) == 1 {
		if scheme, text, _ := strings.Cut(given[0], " "); strings.EqualFold(scheme, "Bearer") {
			if _, ok := account.KeyID(text); !ok || g.Keys == nil {
				return account.Actor{}, account.ErrKey()
			}
			return g.Keys.OpenKey(r.Context(), text)
		}
	}
	if g.Sessions == nil {
		return account.Local(), nil
	}
	return g.Sessions.Actor(r)
}

// carriesSignature tells whether a request brings a signature that there is a
// secret to check with.
func (g *guard) carriesSignature(r *http.Request) bool {
	return len(g.PushKey) > 0 && r.Header.Get("webhook-signature") != ""
}

// authorise asks account.Authorise, with the brand that the request is about.
func (g *guard) authorise(ctx context.Context, b bound, a account.Actor, at *asked) error {
	if b.Scope != account.Open && a.Kind == "" {
		return account.Authorise(a, b.Rule.Rule, "") // before anything is looked up
	}
	rule, brand, unknown := b.Rule.Rule, at.brand, error(nil)
	switch b.of {
	case inQuery:
		if brand == "" {
			rule.Scope = account.Installation
		}
	case anywhere:
		brand = highest(a)
		unknown = adalid.Errorf(adalid.Forbidden, "this needs a higher role than yours: %s of a brand", rule.Least)
	case ofSource, ofKey:
		var found bool
		var err error
		if brand, found, unknown, err = g.ownerOf(ctx, *at); err != nil {
			return err
		}
		at.brand = brand // for the audit log
		if !found && a.Everywhere() == account.None {
			return unknown // as where it belongs to a brand that the actor does not see
		}
		if brand == "" {
			rule.Scope = account.Installation
		}
	}
	err := account.Authorise(a, rule, brand)
	if unknown != nil && adalid.CodeOf(err) == adalid.NotFound {
		return unknown
	}
	return err
}

// highest gives the brand on which an actor's role is the highest.
func highest(a account.Actor) string {
	best := account.EveryBrand
	for brand, role := range a.Roles {
		if role > a.Roles[best] || role == a.Roles[best] && brand < best {
			best = brand
		}
	}
	return best
}

// ownerOf finds the brand that a source or key is for, and the answer to who may
// not know that it exists.
func (g *guard) ownerOf(ctx context.Context, at asked) (brand string, found bool, unknown, err error) {
	if at.key != "" {
		unknown = adalid.Errorf(adalid.NotFound, "there is no such key")
		list, err := g.Keys.APIKeys(ctx)
		for _, k := range list {
			if k.ID == at.key {
				return k.Brand, true, unknown, err
			}
		}
		return "", false, unknown, err
	}
	unknown = adalid.Errorf(adalid.NotFound, "there is no source of that name")
	list, err := g.Sources.Sources(ctx)
	for _, x := range list {
		if x.Name == at.source {
			return x.Brand, true, unknown, err
		}
	}
	return "", false, unknown, err
}

// still tells whether a request would be let pass now as well.
func (g *guard) still(r *http.Request, b bound, at asked) error {
	a, err := g.actor(r)
	if err != nil {
		return err
	}
	return g.authorise(r.Context(), b, a, &at)
}

type stillKey struct{}

// stillAllowed tells whether who asked may still ask: nil, or why not. Answers that
// take long ask from time to time.
func stillAllowed(ctx context.Context) error {
	if still, ok := ctx.Value(stillKey{}).(func() error); ok {
		return still()
	}
	return nil
}

// refuse answers who may not pass.
func (g *guard) refuse(c *gin.Context, b bound, a account.Actor, at asked, err error) {
	p := ProblemOf(err)
	stranger := p.Status == http.StatusUnauthorized || p.Status == http.StatusForbidden && a.Kind == ""
	if stranger && b.page && g.SignInPage != "" && c.GetHeader("Authorization") == "" {
		// People are led to where they can sign in, which also says why they cannot.
		next := url.Values{"next": {c.Request.URL.RequestURI()}}
		c.Redirect(http.StatusSeeOther, g.SignInPage+"?"+next.Encode())
		c.Abort()
		return
	}
	if p.Status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", `Bearer realm="adalid"`)
	}
	if p.Status < 500 {
		g.record.refused(c, b, a, at, p)
	}
	WriteProblem(c, p, err)
}

// lookAtRights is how often a long answer looks whether it may still be given.
func (o Options) lookAtRights() time.Duration { return cmp.Or(o.Recheck, 20*time.Second) }

// readableBrands lists the brands that who asks may read. Operations have no other
// list of brands; a test looks that they do not.
func (s *server) readableBrands(ctx context.Context) ([]adalid.Brand, error) {
	all, err := s.Brands.Brands(ctx)
	return slices.DeleteFunc(all, func(b adalid.Brand) bool { return account.MayRead(ctx, b.Name) != nil }), err
}
