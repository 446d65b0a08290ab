package collectortest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
)

// A Fault is an answer that no source without mentions would give.
type Fault struct {
	Name   string
	Answer http.HandlerFunc
	Kinds  []collectors.Kind // that the collector's error may be of
	Waits  bool              // the error tells until when
}

// page answers with a status, headers as "Name: value" and a body.
func page(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Add(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// Faults lists what Refusals tries.
func Faults(l collectors.Limits) []Fault {
	limited := []collectors.Kind{collectors.RateLimited, collectors.Quota}
	broken := []collectors.Kind{collectors.Schema, collectors.Transient}
	refused := []collectors.Kind{collectors.Auth, collectors.Forbidden, collectors.NotEntitled}
	faults := []Fault{
		{"401", page(401, `{"error":"unauthorized"}`), refused, false},
		{"401 with nothing", page(401, ``), refused, false},
		{"403", page(403, `{"error":"forbidden"}`), refused, false},
		{"403 as a web page", page(403, `<html>no</html>`, "Content-Type: text/html"), refused, false},
		{"402", page(402, `{}`), refused, false},
		{"404", page(404, `{"error":"not found"}`), []collectors.Kind{collectors.Gone, collectors.Schema}, false},
		{"400", page(400, `{"error":"bad request"}`), []collectors.Kind{collectors.Schema, collectors.Auth, collectors.Gone}, false},
		{"422", page(422, `{"error":"unprocessable"}`), []collectors.Kind{collectors.Schema}, false},
		{"500", page(500, `{"error":"oops"}`), broken, false},
		{"502 as a web page", page(502, `<html>bad gateway</html>`), broken, false},
		{"503 with two Retry-After", page(503, ``, "Retry-After: 120", "Retry-After: "+Now.Add(time.Hour).Format(http.TimeFormat)), append(broken, collectors.RateLimited), true},
		{"429 without a hint", page(429, ``), limited, true},
		{"429 with seconds", page(429, ``, "Retry-After: 30"), limited, true},
		{"429 with a date", page(429, ``, "Retry-After: "+Now.Add(time.Hour).Format(http.TimeFormat)), limited, true},
		{"429 asking for a century", page(429, ``, "Retry-After: 3153600000"), limited, true},
		{"429 with nonsense", page(429, ``, "Retry-After: soon"), limited, true},
		{"200 with nothing", page(200, ``), broken, false},
		{"200 with a web page", page(200, `<!DOCTYPE html><html><body>Please sign in</body></html>`, "Content-Type: text/html"), broken, false},
		{"200 with null", page(200, `null`), broken, false},
		{"200 with a number", page(200, `42`), broken, false},
		{"200 with a text", page(200, `"ok"`), broken, false},
		{"200 with an empty object", page(200, `{}`), broken, false},
		{"200 with another object", page(200, `{"message":"hello"}`), broken, false},
		{"200 with half an object", page(200, `{"data":[{"id":"1","te`), broken, false},
		{"200 with half a list", page(200, `[{"id":"1"},`), broken, false},
		{"200 that is not UTF-8", page(200, "{\"data\":\"\xff\xfe\"}"), broken, false},
		{"a body that breaks off", breaksOff, broken, false},
	}
	for _, r := range l.Resets {
		value := map[collectors.ResetForm]string{
			collectors.Epoch: fmt.Sprint(Now.Add(10 * time.Minute).Unix()), collectors.SecondsLeft: "599.5",
			collectors.ISO8601: Now.Add(10 * time.Minute).Format("2006-01-02T15:04:05.000Z"),
		}[r.Form]
		faults = append(faults, Fault{"429 with " + r.Name, page(429, ``, r.Name+": "+value), limited, true})
	}
	return faults
}

func breaksOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `[{"id":"1"}`)
}

// Refusals shows that no fault ends as a page, that secrets stay out of errors
// and that a cancelled call stops. The folder is the collector's own; doer makes
// what sends to the server at an address whatever host a request names.
func Refusals(t *testing.T, d collectors.Definition, folder string, doer func(*testing.T, collectors.Definition, string) collectors.Doer) {
	settings := SampleIn(t, folder)
	secrets := canaries(d, settings)
	query := testCase{Brand: "Acme", Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}.query()
	for _, f := range Faults(d.Limits) {
		t.Run(f.Name, func(t *testing.T) {
			requests := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests++
				f.Answer(w, r)
			}))
			defer server.Close()
			collector, err := d.New(Setup(d, settings, doer(t, d, server.URL)))
			if err != nil {
				t.Fatal(err)
			}
			pages, err := Collect(t.Context(), collector, query, nil, 5)
			var e *collectors.Error
			switch {
			case err == nil:
				t.Fatalf("ends as %d pages with %d mentions", len(pages), len(pages[0].Mentions))
			case !errors.As(err, &e) || !slices.Contains(f.Kinds, e.Kind):
				t.Errorf("error %v of kind %q, want one of %q", err, kindOf(e), f.Kinds)
			case f.Waits && !e.Until.After(Now):
				t.Errorf("until %v, which is not after now", e.Until)
			case e.Until.After(Now.Add(24 * time.Hour)):
				t.Errorf("waits until %v: nobody waits so long", e.Until)
			}
			for _, s := range secrets {
				if strings.Contains(err.Error(), s) {
					t.Errorf("the error shows a secret: %v", err)
				}
			}
			if requests == 0 || requests > 12 {
				t.Errorf("%d requests", requests)
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		server := httptest.NewServer(page(200, `{}`))
		defer server.Close()
		collector, err := d.New(Setup(d, settings, doer(t, d, server.URL)))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := collector.Collect(ctx, query, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled call ends with %v", err)
		}
	})
	t.Run("cursor loop", func(t *testing.T) { loops(t, d, folder, func(body string) string { return body }) })
	for _, year := range []string{"1974", "2099"} {
		t.Run("everything of "+year, func(t *testing.T) { loops(t, d, folder, dated(year)) })
	}
}

func kindOf(e *collectors.Error) collectors.Kind {
	if e == nil {
		return ""
	}
	return e.Kind
}

// canaries puts secrets that can be found again into the settings.
func canaries(d collectors.Definition, settings map[string]any) (secrets []string) {
	for _, f := range d.Fields {
		if _, set := settings[f.Key]; f.Secret && set {
			secret := "canary-" + f.Key + "-5f3c"
			settings[f.Key] = secret
			secrets = append(secrets, secret)
		}
	}
	return secrets
}

// Times as platforms write them: ISO 8601, the date of mails and Unix seconds.
var (
	isoTime   = regexp.MustCompile(`\b20[0-9]{2}(-[0-9]{2}-[0-9]{2}[T ])`)
	mailTime  = regexp.MustCompile(`( [A-Z][a-z]{2} )20[0-9]{2} `)
	epochTime = regexp.MustCompile(`([:" ])1[67][0-9]{8}\b`)
)

// dated moves all times of an answer to another year, as authors and broken
// clocks do.
func dated(year string) func(string) string {
	seconds := map[string]string{"1974": "136000000", "2099": "4080000000"}[year]
	return func(body string) string {
		body = isoTime.ReplaceAllString(body, year+"$1")
		body = mailTime.ReplaceAllString(body, "${1}"+year+" ")
		return epochTime.ReplaceAllString(body, "${1}"+seconds)
	}
}

// loops gives the first answer of every case of Collect again and again, changed
// in some way: no collector may follow it for ever, or fail in a way of its own.
func loops(t *testing.T, d collectors.Definition, folder string, change func(string) string) {
	folders, err := filepath.Glob(filepath.Join(folder, "testdata/*/case.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range folders {
		c := readCase(t, filepath.Dir(path))
		if c.Call != "collect" || len(c.Exchange) == 0 {
			continue
		}
		for i, e := range c.Exchange {
			c.Exchange[i].Text = change(e.Text)
			if e.Body != nil {
				c.Exchange[i].Body = []byte(change(string(e.Body)))
			}
		}
		again := &repeater{limits: d.Limits, now: c.Now, exchange: c.Exchange}
		c.Pages = 300
		got, _ := c.run(t, d, again)
		if len(got.Pages) == c.Pages {
			t.Errorf("%s: still reading after %d pages that were all the same", path, c.Pages)
		}
		for _, page := range got.Pages {
			for _, p := range page.Observed {
				if p.To.After(c.Now) || !p.From.Before(p.To) {
					t.Errorf("%s: says that it knows everything from %v to %v", path, p.From, p.To)
				}
			}
		}
	}
}

// repeater gives the same answer to the same address and the last one known to
// any other.
type repeater struct {
	limits   collectors.Limits
	now      time.Time
	exchange []exchange
	requests int
}

func (p *repeater) Do(r *http.Request) (*http.Response, error) {
	p.requests++
	if p.requests > 3000 {
		return nil, collectors.Errorf(collectors.Transient, "3,000 requests for the same answers")
	}
	e := p.exchange[0]
	for _, other := range p.exchange {
		if path, _, _ := strings.Cut(other.URI, "?"); strings.HasSuffix(path, r.URL.Path) {
			e = other
			break
		}
	}
	answer := e.answer(r)
	return answer, p.limits.Refused(answer, p.now)
}
