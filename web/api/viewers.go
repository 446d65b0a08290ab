package api

import (
	"github.com/gin-gonic/gin"

	"adalid/internal/account"
)

// ViewersOnly lets pass who may see every brand.
func ViewersOnly(s Sessions) gin.HandlerFunc {
	return func(c *gin.Context) {
		actor, err := s.Actor(c.Request)
		if err == nil {
			err = account.Authorise(actor, account.Rule{Scope: account.Installation, Least: account.Viewer}, "")
		}
		if err != nil {
			WriteProblem(c, ProblemOf(err), err)
		}
	}
}
