package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/goleak"

	"adalid/collectors"
	"adalid/internal/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const agent = "adalid/test (+mailto:ops@brand.example)"

func client(t *testing.T, change func(*fetch.Options)) *fetch.Client {
	t.Helper()
	o := fetch.Options{UserAgent: agent, AllowHosts: []string{"127.0.0.1"}}
	if change != nil {
		change(&o)
	}
	c, err := fetch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, d collectors.Doer, url string) (string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := d.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestAnAnswer(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.UserAgent()) })
	got, err := get(t, client(t, nil).Doer("x", collectors.Limits{}), s.URL)
	if err != nil || got != agent {
		t.Errorf("%q, %v", got, err)
	}
}

// One feed, or one server of many, that asks to wait holds up no other.
func TestHostsWaitAlone(t *testing.T) {
	asked := 0
	busy := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	idle := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "here") })
	d := client(t, nil).Doer("x", collectors.Limits{})
	for range 2 {
		var e *collectors.Error
		if _, err := get(t, d, busy.URL); !errors.As(err, &e) || e.Kind != collectors.RateLimited {
			t.Fatalf("%v, want to be asked to wait", err)
		}
	}
	if got, err := get(t, d, idle.URL); err != nil || got != "here" || asked != 1 {
		t.Errorf("the other host: %q, %v; the busy one was asked %d times", got, err, asked)
	}
}
