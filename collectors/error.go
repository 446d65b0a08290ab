package collectors

import (
	"fmt"
	"time"

	"adalid"
)

// Kind says why a source gave nothing.
type Kind string

// The kinds.
const (
	Auth        Kind = "auth"         // the credentials are missing, wrong or no longer valid
	Forbidden   Kind = "forbidden"    // the credentials are good but may not do this
	NotEntitled Kind = "not_entitled" // the plan or the approval does not cover it
	RateLimited Kind = "rate_limited" // too many requests; allowed again at Until
	Quota       Kind = "quota"        // the platform's quota of the day or month is used up until Until
	Budget      Kind = "budget"       // the operator's own limit is reached until Until
	Transient   Kind = "transient"    // the network or the server failed; trying again later can help
	Gone        Kind = "gone"         // what was asked for does not exist, or no longer
	Schema      Kind = "schema"       // the answer is not what the platform's documents promise
)

// Error is a source's refusal or failure. Message and Fix may be shown to the
// operator: they hold no secrets and no text of strangers.
type Error struct {
	Kind    Kind
	Until   time.Time // when it may work again; zero when unknown
	Status  int       // of the HTTP answer; 0 when there was none
	Message string    // one sentence: what was refused
	Fix     string    // one sentence: what to do; may be empty
	Body    []byte    // the first 4 KiB of the answer, for the collector to tell cases apart; never shown or logged
	Err     error     // the cause, for the log
}

// Errorf makes an Error without a cause.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Error gives the message and the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// codes maps the kinds onto the codes that decide HTTP status and exit code.
var codes = map[Kind]adalid.Code{
	Auth: adalid.Forbidden, Forbidden: adalid.Forbidden, NotEntitled: adalid.Forbidden,
	RateLimited: adalid.RateLimited, Quota: adalid.RateLimited, Budget: adalid.RateLimited,
	Transient: adalid.Unavailable, Schema: adalid.Unavailable, Gone: adalid.NotFound,
}

// As lets errors.As see an *adalid.Error in it.
func (e *Error) As(target any) bool {
	out, ok := target.(**adalid.Error)
	if !ok {
		return false
	}
	message := e.Message
	if e.Fix != "" {
		message += "; " + e.Fix
	}
	*out = &adalid.Error{Code: codes[e.Kind], Message: message, Err: e.Err}
	return true
}
