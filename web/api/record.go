package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"adalid/internal/account"
)

// AuditLog keeps what was done.
type AuditLog interface {
	// AppendAudit adds an entry; of the fields only Kind, Actor, Action, Brand,
	// Object and Outcome are given, and a brand that is not stored is left out.
	AppendAudit(ctx context.Context, e account.Entry) error
	// AuditLog lists entries, the newest first; NotFound for an unknown brand.
	AuditLog(ctx context.Context, q account.LogQuery) ([]account.Entry, error)
}

// What failed is recorded so many times a minute at most, and so is what strangers
// may do without showing anything, so that nobody can fill the disk with it.
const (
	failuresOfActors    = 60
	failuresOfStrangers = 20
)

// recorder writes the audit log.
type recorder struct {
	log AuditLog // nil: none is kept
	now func() time.Time

	mu      sync.Mutex
	shares  [2]*rate.Limiter // of actors, of strangers
	leftOut [2]int           // those since the last one recorded
}

func newRecorder(log AuditLog, now func() time.Time) *recorder {
	perMinute := func(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n)/60, n) }
	return &recorder{log: log, now: now, shares: [2]*rate.Limiter{perMinute(failuresOfActors), perMinute(failuresOfStrangers)}}
}

// write records an operation that was let pass.
func (r *recorder) write(c *gin.Context, b bound, at asked, n *account.Note, ended bool) {
	status, brand := c.Writer.Status(), cmp.Or(n.Brand, at.brand)
	if !ended {
		status = http.StatusInternalServerError // it panicked
	}
	e := account.Entry{Kind: n.Actor.Kind, Actor: n.Actor.ID, Action: b.operation, Brand: brand, Outcome: "ok"}
	if status >= http.StatusBadRequest {
		e.Outcome = codeOf(status)
	} else {
		e.Object = objectOf(c, b, n)
	}
	r.add(c, e)
}

// refused records a request that was not let pass.
func (r *recorder) refused(c *gin.Context, b bound, a account.Actor, at asked, p *Problem) {
	r.add(c, account.Entry{Kind: a.Kind, Actor: a.ID, Action: b.operation, Brand: at.brand, Outcome: p.Code})
}

func (r *recorder) add(c *gin.Context, e account.Entry) {
	idle := e.Kind == "" && e.Object == "" // a stranger who showed nothing and changed nothing that has an id
	if r.log == nil || (e.Outcome != "ok" || idle) && !r.admit(&e) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), 10*time.Second)
	defer cancel()
	if err := r.log.AppendAudit(ctx, e); err != nil {
		_ = c.Error(fmt.Errorf("api: the audit log could not be written: %w", err)) // the answer has begun
	}
}

// admit tells whether a failure is recorded, and how many before it were not.
func (r *recorder) admit(e *account.Entry) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	share := 0
	if e.Kind == "" {
		share = 1
	}
	if !r.shares[share].AllowN(r.now(), 1) {
		r.leftOut[share]++
		return false
	}
	if n := r.leftOut[share]; n > 0 {
		e.Outcome = fmt.Sprintf("%s; %d before it are not recorded", e.Outcome, n)
	}
	r.leftOut[share] = 0
	return true
}

// objectOf gives the id of what an operation changed: what it says itself, what
// its address names, or what it made and says in Location.
func objectOf(c *gin.Context, b bound, n *account.Note) string {
	switch {
	case n.Object != "":
		return n.Object
	case b.object != "":
		id := c.Param(b.object) // decoded by now
		if b.digest {
			sum := sha256.Sum256([]byte(id))
			return "sha256:" + hex.EncodeToString(sum[:12])
		}
		return id
	}
	at := c.Writer.Header().Get("Location")
	if !strings.HasPrefix(at, Prefix+"/") {
		return ""
	}
	id, err := url.PathUnescape(at[strings.LastIndexByte(at, '/')+1:])
	if err != nil {
		return ""
	}
	return id
}
