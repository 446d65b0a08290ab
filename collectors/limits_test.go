package collectors_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

var now = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func answer(status int, h http.Header, body string) *http.Response {
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func resets(name string, form collectors.ResetForm) collectors.Limits {
	return collectors.Limits{Resets: []collectors.ResetHeader{{Name: name, Form: form}}}
}

// Every way in which platforms say when more is allowed.
func TestRefusedUntil(t *testing.T) {
	epoch, iso, left := resets("X-Rate-Limit-Reset", collectors.Epoch), resets("X-Ratelimit-Reset", collectors.ISO8601), resets("X-Ratelimit-Reset", collectors.SecondsLeft)
	for _, c := range []struct {
		name   string
		limits collectors.Limits
		header http.Header
		want   time.Duration // from now
	}{
		{"none", collectors.Limits{}, nil, time.Minute},
		{"Retry-After: seconds", collectors.Limits{}, http.Header{"Retry-After": {"120"}}, 2 * time.Minute},
		{"Retry-After: a fraction", collectors.Limits{}, http.Header{"Retry-After": {"1.5"}}, 1500 * time.Millisecond},
		{"Retry-After: a date", collectors.Limits{}, http.Header{"Retry-After": {"Sat, 31 Jan 2026 12:03:00 GMT"}}, 3 * time.Minute},
		{"Retry-After: RFC 850", collectors.Limits{}, http.Header{"Retry-After": {"Saturday, 31-Jan-26 12:03:00 GMT"}}, 3 * time.Minute},
		{"Retry-After: twice", collectors.Limits{}, http.Header{"Retry-After": {"10", "60"}}, time.Minute},
		{"Retry-After: both forms", collectors.Limits{}, http.Header{"Retry-After": {"Sat, 31 Jan 2026 12:03:00 GMT", "10"}}, 3 * time.Minute},
		{"Retry-After: nonsense and a number", collectors.Limits{}, http.Header{"Retry-After": {"soon", "10"}}, 10 * time.Second},
		{"Retry-After: nonsense", collectors.Limits{}, http.Header{"Retry-After": {"soon"}}, time.Minute},
		{"Retry-After: negative", collectors.Limits{}, http.Header{"Retry-After": {"-5"}}, time.Minute},
		{"Retry-After: zero", collectors.Limits{}, http.Header{"Retry-After": {"0"}}, time.Second},
		{"Retry-After: past", collectors.Limits{}, http.Header{"Retry-After": {"Sat, 31 Jan 2026 11:00:00 GMT"}}, time.Second},
		{"Retry-After: a year", collectors.Limits{}, http.Header{"Retry-After": {"31536000"}}, 24 * time.Hour},
		{"Retry-After: huge", collectors.Limits{}, http.Header{"Retry-After": {"1e300"}}, 24 * time.Hour},
		{"Retry-After: infinite", collectors.Limits{}, http.Header{"Retry-After": {"Inf"}}, 24 * time.Hour},
		{"Retry-After: NaN", collectors.Limits{}, http.Header{"Retry-After": {"NaN"}}, time.Minute},
		{"Retry-After: spaces", collectors.Limits{}, http.Header{"Retry-After": {" 10 "}}, 10 * time.Second},
		{"epoch", epoch, http.Header{"X-Rate-Limit-Reset": {fmt.Sprint(now.Unix() + 900)}}, 15 * time.Minute},
		{"epoch with a fraction", epoch, http.Header{"X-Rate-Limit-Reset": {fmt.Sprint(now.Unix()+899) + ".2"}}, 15 * time.Minute},
		{"epoch in the past", epoch, http.Header{"X-Rate-Limit-Reset": {"1000"}}, time.Second},
		{"epoch in milliseconds", epoch, http.Header{"X-Rate-Limit-Reset": {fmt.Sprint(now.UnixMilli())}}, 24 * time.Hour},
		{"epoch missing", epoch, nil, time.Minute},
		{"ISO", iso, http.Header{"X-Ratelimit-Reset": {"2026-01-31T12:05:00.123456Z"}}, 5*time.Minute + 123456*time.Microsecond},
		{"ISO with a zone", iso, http.Header{"X-Ratelimit-Reset": {"2026-01-31T13:05:00+01:00"}}, 5 * time.Minute},
		{"ISO that is none", iso, http.Header{"X-Ratelimit-Reset": {"tomorrow"}}, time.Minute},
		{"seconds left", left, http.Header{"X-Ratelimit-Reset": {"299.5"}}, 299500 * time.Millisecond},
		{"Retry-After before a window's end", epoch, http.Header{"Retry-After": {"60"}, "X-Rate-Limit-Reset": {fmt.Sprint(now.Unix() + 3000)}}, time.Minute},
	} {
		err := c.limits.Refused(answer(429, c.header, "x"), now)
		var e *collectors.Error
		if !errors.As(err, &e) || e.Kind != collectors.RateLimited || !e.Until.Equal(now.Add(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, e.Until.Sub(now), c.want)
		}
	}
}

func TestRefusedKinds(t *testing.T) {
	l := collectors.Limits{Remaining: "X-Left", QuotaSays: []string{"quotaExceeded", "dailyLimit"}, DayZone: "America/Los_Angeles"}
	spent := http.Header{"X-Left": {"0"}, "Retry-After": {"10"}}
	for _, c := range []struct {
		status int
		header http.Header
		body   string
		want   collectors.Kind
	}{
		{200, nil, "", ""},
		{204, nil, "", ""},
		{206, nil, "", ""},
		{304, nil, "", ""},
		{101, nil, "", ""},
		{301, nil, "", collectors.Schema},
		{400, nil, "", collectors.Schema},
		{418, nil, "", collectors.Schema},
		{422, nil, "", collectors.Schema},
		{401, nil, "", collectors.Auth},
		{402, nil, "", collectors.NotEntitled},
		{403, nil, "", collectors.Forbidden},
		{403, spent, "", collectors.RateLimited},
		{403, http.Header{"X-Left": {"5"}}, "", collectors.Forbidden},
		{403, nil, `{"reason":"quotaExceeded"}`, collectors.Quota},
		{429, nil, `{"reason":"dailyLimit"}`, collectors.Quota},
		{400, nil, "quotaExceeded", collectors.Schema},
		{404, nil, "", collectors.Gone},
		{410, nil, "", collectors.Gone},
		{408, nil, "", collectors.Transient},
		{425, nil, "", collectors.Transient},
		{429, nil, "", collectors.RateLimited},
		{500, nil, "", collectors.Transient},
		{503, nil, "", collectors.Transient},
		{599, nil, "", collectors.Transient},
	} {
		err := l.Refused(answer(c.status, c.header, c.body), now)
		if c.want == "" {
			if err != nil {
				t.Errorf("%d: %v", c.status, err)
			}
			continue
		}
		var e *collectors.Error
		if !errors.As(err, &e) || e.Kind != c.want || e.Status != c.status || string(e.Body) != c.body || !strings.Contains(e.Message, fmt.Sprint(c.status)) {
			t.Errorf("%d: %#v, want %s", c.status, err, c.want)
		}
	}
	var e *collectors.Error
	if errors.As(l.Refused(answer(403, nil, "quotaExceeded"), now), &e); !e.Until.Equal(time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("the quota's day ends %v", e.Until)
	}
	if errors.As(collectors.Limits{QuotaSays: []string{"q"}}.Refused(answer(403, nil, "q"), now), &e); !e.Until.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("without a zone it ends %v", e.Until)
	}
	if errors.As(l.Refused(answer(503, http.Header{"Retry-After": {"30"}}, ""), now), &e); !e.Until.Equal(now.Add(30 * time.Second)) {
		t.Errorf("a server that says when: %v", e.Until)
	}
	if errors.As(l.Refused(answer(500, nil, strings.Repeat("x", 1<<20)), now), &e); len(e.Body) != 4<<10 {
		t.Errorf("%d bytes of the body are kept", len(e.Body))
	}
}

func TestExhausted(t *testing.T) {
	l := collectors.Limits{Remaining: "X-Left", Resets: []collectors.ResetHeader{{Name: "X-Reset", Form: collectors.SecondsLeft}}}
	for _, c := range []struct {
		left, reset string
		want        time.Duration // 0: not exhausted
	}{{"0", "60", time.Minute}, {"0.0", "60.5", 60500 * time.Millisecond}, {"-1", "60", time.Minute}, {"1", "60", 0}, {"", "60", 0}, {"none", "60", 0}, {"0", "", 0}} {
		at, ok := l.Exhausted(http.Header{"X-Left": {c.left}, "X-Reset": {c.reset}}, now)
		if ok != (c.want > 0) || ok && !at.Equal(now.Add(c.want)) {
			t.Errorf("%q left, reset %q: %v, %v", c.left, c.reset, at.Sub(now), ok)
		}
	}
	if _, ok := (collectors.Limits{}).Exhausted(http.Header{"": {"0"}, "Retry-After": {"5"}}, now); ok {
		t.Error("exhausted without a header that says so")
	}
}

func TestAskedToWait(t *testing.T) {
	l := collectors.Limits{Backoff: "backoff"}
	for body, want := range map[string]time.Duration{
		`{"backoff":10}`: 10 * time.Second, `{"items":[],"backoff":0.2}`: time.Second, `{"backoff":1e9}`: 24 * time.Hour,
		`{}`: 0, `{"items":[{"backoff":10}]}`: 0, `[]`: 0, ``: 0, `{"backoff":"soon"}`: 0, `{"backoff":null}`: 0, `{"backoff":-1}`: 0, `{"backoff":10`: 0,
	} {
		at, ok := l.AskedToWait([]byte(body), now)
		if ok != (want > 0) || ok && !at.Equal(now.Add(want)) {
			t.Errorf("%s: %v, %v", body, at.Sub(now), ok)
		}
	}
	if _, ok := (collectors.Limits{}).AskedToWait([]byte(`{"":5}`), now); ok {
		t.Error("asked to wait without a member that says so")
	}
}

func TestJSON(t *testing.T) {
	var into struct {
		ID digits `json:"id"`
	}
	if err := collectors.JSON(answer(200, nil, "\ufeff {\"id\":9007199254740993}\n"), &into); err != nil || into.ID != "9007199254740993" {
		t.Errorf("%v, %v", into, err)
	}
	for _, body := range []string{"", " \n", "<html>", "caf\xe9", `{"id":1`, `{"id":{}}`, "null null", "{}{}"} {
		var e *collectors.Error
		if err := collectors.JSON(answer(200, nil, body), &into); !errors.As(err, &e) || e.Kind != collectors.Schema || e.Status != 200 || string(e.Body) != body {
			t.Errorf("%q: %#v", body, err)
		}
	}
	broken := &http.Response{Body: io.NopCloser(io.MultiReader(strings.NewReader("{"), failing{io.ErrUnexpectedEOF}))}
	var e *collectors.Error
	if err := collectors.JSON(broken, &into); !errors.As(err, &e) || e.Kind != collectors.Transient {
		t.Errorf("%#v", err)
	}
	broken.Body = io.NopCloser(failing{collectors.Errorf(collectors.Schema, "too long")})
	if err := collectors.JSON(broken, &into); !errors.As(err, &e) || e.Kind != collectors.Schema || e.Message != "too long" {
		t.Errorf("%#v", err)
	}
}

// digits keeps its digits.
type digits string

func (n *digits) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] == '{' {
		return errors.New("no number")
	}
	*n = digits(b)
	return nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestErrorAs(t *testing.T) {
	for kind, code := range map[collectors.Kind]adalid.Code{
		collectors.Auth: adalid.Forbidden, collectors.Forbidden: adalid.Forbidden, collectors.NotEntitled: adalid.Forbidden,
		collectors.RateLimited: adalid.RateLimited, collectors.Quota: adalid.RateLimited, collectors.Budget: adalid.RateLimited,
		collectors.Transient: adalid.Unavailable, collectors.Schema: adalid.Unavailable, collectors.Gone: adalid.NotFound,
	} {
		err := fmt.Errorf("mastodon: search: %w", &collectors.Error{Kind: kind, Message: "it failed", Fix: "try this", Err: io.EOF, Body: []byte("secret")})
		var coded *adalid.Error
		if !errors.As(err, &coded) || coded.Code != code || coded.Message != "it failed; try this" {
			t.Errorf("%s: %#v", kind, coded)
		}
		if !errors.Is(err, io.EOF) || err.Error() != "mastodon: search: it failed: EOF" {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if got := collectors.Errorf(collectors.Gone, "no %s", "such").Error(); got != "no such" {
		t.Error(got)
	}
}

func FuzzLimits(f *testing.F) {
	f.Add("Retry-After", "120", `{"backoff":10}`)
	f.Add("X-Reset", "2026-01-31T12:05:00Z", "quota")
	f.Fuzz(func(t *testing.T, name, value, body string) {
		h := http.Header{}
		h.Add(name, value)
		h.Add("X-Left", "0")
		for _, form := range []collectors.ResetForm{collectors.Epoch, collectors.ISO8601, collectors.SecondsLeft} {
			l := collectors.Limits{Remaining: "X-Left", Resets: []collectors.ResetHeader{{Name: name, Form: form}}, Backoff: "backoff", QuotaSays: []string{"quota"}}
			within := func(at time.Time) {
				if at.Before(now.Add(time.Second)) || at.After(now.Add(25*time.Hour)) {
					t.Fatalf("until %v", at)
				}
			}
			var e *collectors.Error
			if errors.As(l.Refused(answer(429, h, body), now), &e) {
				within(e.Until)
			}
			if at, ok := l.Exhausted(h, now); ok {
				within(at)
			}
			if at, ok := l.AskedToWait([]byte(body), now); ok {
				within(at)
			}
		}
	})
}
