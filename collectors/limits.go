package collectors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits is what a platform allows and how it says so, as data.
type Limits struct {
	Rates     []Rate        // all that apply to a request are kept; none: no limit of our own
	Remaining string        // header with the requests left, "" when there is none
	Resets    []ResetHeader // headers that tell when more is allowed; Retry-After is always understood
	Backoff   string        // member of a JSON answer with the seconds to wait, as Stack Exchange writes it
	DayZone   string        // IANA zone in which the day of a daily quota ends; "" UTC
	QuotaSays []string      // words in a refusal's body that mean a used-up daily quota, not missing rights
	MaxBody   int64         // bytes of one answer, decompressed; 0: DefaultBody
}

// DefaultBody is how large an answer may be where Limits do not say: 8 MiB,
// more than the largest page of any of the platforms and little enough for several at a time.
const DefaultBody = 8 << 20

// Rate allows so many requests in a period for addresses whose path begins
// with Path, "" for all.
type Rate struct {
	Path     string
	Requests int
	Per      time.Duration
}

// ResetHeader is a header that tells when requests are allowed again.
type ResetHeader struct {
	Name string
	Form ResetForm
}

// ResetForm is how a platform writes that time.
type ResetForm string

// The forms.
const (
	Epoch       ResetForm = "epoch"        // unix seconds
	ISO8601     ResetForm = "iso8601"      // 2026-01-31T10:00:00.000Z
	SecondsLeft ResetForm = "seconds_left" // maybe with a fraction
)

// What platforms ask for is believed within these bounds.
const (
	shortestWait = time.Second
	longestWait  = 24 * time.Hour
	unknownWait  = time.Minute // of a rate limit without any hint
	shownBody    = 4 << 10
)

// Refused gives the *Error that an answer means, nil for 2xx, 304 and 101. It
// reads the beginning of a refusal's body and closes it.
func (l Limits) Refused(r *http.Response, now time.Time) error {
	if r.StatusCode/100 == 2 || r.StatusCode == http.StatusNotModified || r.StatusCode == http.StatusSwitchingProtocols {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, shownBody))
	r.Body.Close()
	e := &Error{Status: r.StatusCode, Body: body, Kind: l.kind(r, body)}
	switch e.Kind {
	case RateLimited:
		e.Until = l.until(r.Header, now)
		e.Message = "the platform asks to wait before more is read"
	case Quota:
		e.Until = l.nextDay(now)
		e.Message = "the platform's quota is used up"
	case Auth:
		e.Message = "the platform refused the credentials"
	case Forbidden:
		e.Message = "the platform refused access"
	case NotEntitled:
		e.Message = "the plan of these credentials does not cover this"
	case Gone:
		e.Message = "the platform does not know the address asked for"
	case Transient:
		if at, ok := l.asked(r.Header, now); ok {
			e.Until = at
		}
		e.Message = "the platform has a problem of its own"
	default:
		e.Message = "the platform refused the request"
	}
	e.Message += fmt.Sprintf(" (HTTP %d)", r.StatusCode)
	return e
}

func (l Limits) kind(r *http.Response, body []byte) Kind {
	says := func(word string) bool { return bytes.Contains(body, []byte(word)) }
	limited := r.StatusCode == http.StatusForbidden && l.Remaining != "" && zero(r.Header.Get(l.Remaining))
	switch status := r.StatusCode; {
	case (status == http.StatusForbidden || status == http.StatusTooManyRequests) && slices.ContainsFunc(l.QuotaSays, says):
		return Quota
	case status == http.StatusTooManyRequests || limited:
		return RateLimited
	case status == http.StatusUnauthorized:
		return Auth
	case status == http.StatusForbidden:
		return Forbidden
	case status == http.StatusPaymentRequired:
		return NotEntitled
	case status == http.StatusNotFound || status == http.StatusGone:
		return Gone
	case status >= 500 || status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return Transient
	}
	return Schema
}

func zero(count string) bool {
	n, err := strconv.ParseFloat(count, 64)
	return err == nil && n <= 0
}

// until is when a rate limit ends; a minute from now where nothing says so.
func (l Limits) until(h http.Header, now time.Time) time.Time {
	if at, ok := l.asked(h, now); ok {
		return at
	}
	return now.Add(unknownWait)
}

// asked is when the headers allow more: the latest of the times in Retry-After,
// because waiting longer is polite, else the first of Resets that is there. A
// Retry-After goes before the end of a window: it is about this very refusal.
func (l Limits) asked(h http.Header, now time.Time) (at time.Time, ok bool) {
	later := func(t time.Time) {
		if t = clamp(t, now); !ok || t.After(at) {
			at, ok = t, true
		}
	}
	for _, v := range h.Values("Retry-After") {
		if t, known := parseReset(v, SecondsLeft, now); known {
			later(t)
		} else if t, err := http.ParseTime(v); err == nil {
			later(t)
		}
	}
	for _, r := range l.Resets {
		if t, known := parseReset(h.Get(r.Name), r.Form, now); known && !ok {
			later(t)
		}
	}
	return at, ok
}

func parseReset(v string, form ResetForm, now time.Time) (time.Time, bool) {
	v = strings.TrimSpace(v)
	if form == ISO8601 {
		t, err := time.Parse(time.RFC3339, v)
		return t, err == nil
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return time.Time{}, false
	}
	n = min(n, 1<<40) // far beyond any date, and safe to convert
	if form == Epoch {
		return time.Unix(int64(math.Ceil(n)), 0).UTC(), true
	}
	return now.Add(time.Duration(min(n, longestWait.Seconds()) * float64(time.Second))), true
}

func clamp(t, now time.Time) time.Time {
	if t.Before(now.Add(shortestWait)) {
		return now.Add(shortestWait)
	}
	if t.After(now.Add(longestWait)) {
		return now.Add(longestWait)
	}
	return t
}

// Exhausted tells from the headers of a good answer until when nothing more is
// allowed; false when more is.
func (l Limits) Exhausted(h http.Header, now time.Time) (time.Time, bool) {
	if l.Remaining == "" || !zero(h.Get(l.Remaining)) {
		return time.Time{}, false
	}
	return l.asked(h, now)
}

// AskedToWait gives the time until which the body of a good answer asks to
// wait, false when it does not.
func (l Limits) AskedToWait(body []byte, now time.Time) (time.Time, bool) {
	if l.Backoff == "" {
		return time.Time{}, false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || members[l.Backoff] == nil {
		return time.Time{}, false
	}
	t, ok := parseReset(string(members[l.Backoff]), SecondsLeft, now)
	return clamp(t, now), ok
}

// nextDay is the next midnight in the zone of the quota.
func (l Limits) nextDay(now time.Time) time.Time {
	zone, err := time.LoadLocation(l.DayZone)
	if err != nil {
		zone = time.UTC
	}
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone).UTC()
}
