package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"adalid/internal/account"
)

// A person's pages ask for many things at once, and strangers behind one address
// may be many: both may do more than a key.
const moreThanKeys = 5

// keptBuckets is how many keys, people or addresses are counted at a time; the one
// that has been away longest is forgotten first. One takes about 200 bytes.
const keptBuckets = 20_000

// limits are how often requests may come.
type limits struct {
	now     func() time.Time
	key     *buckets // nil: no limit
	session *buckets
	address *buckets
}

// buckets count the requests of one sort of sender.
type buckets struct {
	name  string
	rate  rate.Limit // requests a second
	burst int
	kept  *lru.Cache[string, *rate.Limiter]
}

// newLimits makes limits for keys of so many requests a second, and so many at
// once; 0 is no limit.
func newLimits(perSecond float64, burst int, now func() time.Time) *limits {
	l := &limits{now: now}
	if perSecond <= 0 || burst <= 0 {
		return l
	}
	of := func(name string, times int) *buckets {
		kept, err := lru.New[string, *rate.Limiter](keptBuckets)
		if err != nil {
			panic("api: a fixed size: " + err.Error())
		}
		return &buckets{name, rate.Limit(perSecond) * rate.Limit(times), burst * times, kept}
	}
	l.key, l.session, l.address = of("key", 1), of("session", moreThanKeys), of("address", moreThanKeys)
	return l
}

// take counts a request and answers it when there were too many. Who needs no
// account is not counted.
func (l *limits) take(c *gin.Context, a account.Actor) bool {
	of, who := l.address, account.Network(c.RemoteIP())
	switch {
	case a.Kind == account.Machine || l.key == nil:
		return true
	case a.Kind == account.Key:
		of, who = l.key, a.ID
	case a.ID != "":
		of, who = l.session, string(a.Kind)+":"+a.ID
	}
	now := l.now()
	bucket := of.of(who)
	taken := bucket.AllowN(now, 1)
	left := bucket.TokensAt(now)
	h := c.Writer.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", of.name, of.burst, seconds(float64(of.burst)/float64(of.rate))))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", of.name, int(max(0, math.Floor(left))), seconds((float64(of.burst)-left)/float64(of.rate))))
	if taken {
		return true
	}
	wait := seconds((1 - left) / float64(of.rate))
	h.Set("Retry-After", strconv.Itoa(wait))
	Refuse(c, http.StatusTooManyRequests, fmt.Sprintf("Too many requests: %d at once, then %g a second. Retry-After says when to go on.", of.burst, float64(of.rate)))
	return false
}

func (b *buckets) of(who string) *rate.Limiter {
	if l, ok := b.kept.Get(who); ok {
		return l
	}
	l := rate.NewLimiter(b.rate, b.burst)
	if before, ok, _ := b.kept.PeekOrAdd(who, l); ok {
		return before
	}
	return l
}

// seconds rounds up, to 1 at least.
func seconds(s float64) int { return max(1, int(math.Ceil(s))) }
