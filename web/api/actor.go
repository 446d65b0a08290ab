package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"adalid/internal/account"
)

// Sessions knows who is signed in in which browser.
type Sessions interface {
	// Actor tells who sends a request; the zero Actor when nobody is signed in,
	// and account.Local in single-user mode.
	Actor(r *http.Request) (account.Actor, error)
	// Begin ends the browser's session, begins one of the user under a new token
	// and gives the cookies to set.
	Begin(r *http.Request, u account.User, device string) ([]*http.Cookie, error)
	// End ends the browser's session and gives the cookies to set.
	End(r *http.Request) ([]*http.Cookie, error)
	// Device is what the browser kept from an earlier sign-in.
	Device(r *http.Request) string
}

// open are the routes that answer to who is not signed in, below Prefix.
var open = [...]string{"/session", "/setup", "/invitations/accept", "/password-resets", "/password-resets/finish", "/health", "/version", "/openapi.json"}

// identifyActor puts who sends a request into its context, and refuses who is
// nobody where somebody has to be signed in.
func identifyActor(s Sessions) gin.HandlerFunc {
	return func(c *gin.Context) {
		if s == nil {
			return
		}
		actor, err := s.Actor(c.Request)
		if err != nil {
			WriteProblem(c, ProblemOf(err), err)
			return
		}
		if actor.Kind == "" && !slices.Contains(open[:], strings.TrimPrefix(c.FullPath(), Prefix)) {
			err := account.Authorise(actor, account.Rule{Scope: account.SignedIn}, "")
			WriteProblem(c, ProblemOf(err), err)
			return
		}
		c.Request = c.Request.WithContext(account.With(c.Request.Context(), actor))
	}
}
