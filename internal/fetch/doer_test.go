package fetch_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/fetch"
)

var begin = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

func failure(t *testing.T, err error) *collectors.Error {
	t.Helper()
	var e *collectors.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *collectors.Error", err)
	}
	return e
}

// Every way in which a platform asks to wait closes the key: nothing is sent
// before the time it named, by any Doer of that key.
func TestAskedToWait(t *testing.T) {
	hour := begin.Add(time.Hour)
	for _, c := range []struct {
		name   string
		status int
		header http.Header
		body   string
		limits collectors.Limits
		until  time.Time
		kind   collectors.Kind // of the first answer, "" good
	}{
		{"epoch", 429, http.Header{"X-Rate-Limit-Reset": {fmt.Sprint(hour.Unix())}}, "", collectors.Limits{Resets: []collectors.ResetHeader{{Name: "X-Rate-Limit-Reset", Form: collectors.Epoch}}}, hour, collectors.RateLimited},
		{"ISO", 429, http.Header{"X-Ratelimit-Reset": {"2026-01-31T13:00:00.000Z"}}, "", collectors.Limits{Resets: []collectors.ResetHeader{{Name: "X-RateLimit-Reset", Form: collectors.ISO8601}}}, hour, collectors.RateLimited},
		{"seconds", 429, http.Header{"Retry-After": {"3600"}}, "", collectors.Limits{}, hour, collectors.RateLimited},
		{"date", 429, http.Header{"Retry-After": {"Sat, 31 Jan 2026 13:00:00 GMT"}}, "", collectors.Limits{}, hour, collectors.RateLimited},
		{"two", 429, http.Header{"Retry-After": {"5", "3600"}}, "", collectors.Limits{}, hour, collectors.RateLimited},
		{"none", 429, nil, "", collectors.Limits{}, begin.Add(time.Minute), collectors.RateLimited},
		{"exhausted", 200, http.Header{"X-Left": {"0.0"}, "X-Reset": {"3600.0"}}, "", collectors.Limits{Remaining: "X-Left", Resets: []collectors.ResetHeader{{Name: "X-Reset", Form: collectors.SecondsLeft}}}, hour, ""},
		{"backoff", 200, nil, `{"items":[],"backoff":3600}`, collectors.Limits{Backoff: "backoff"}, hour, ""},
		{"backoff in a refusal", 400, nil, `{"error_id":502,"backoff":3600}`, collectors.Limits{Backoff: "backoff"}, hour, collectors.Schema},
		{"a server that is down for a while", 503, http.Header{"Retry-After": {"3600"}}, "", collectors.Limits{}, hour, collectors.Transient},
		{"quota", 403, nil, "quotaExceeded", collectors.Limits{QuotaSays: []string{"quotaExceeded"}, DayZone: "America/Los_Angeles"}, time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC), collectors.Quota},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) > 1 {
					return
				}
				for name, values := range c.header {
					w.Header()[name] = values
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})
			now := begin
			f := client(t, func(o *fetch.Options) { o.Now = func() time.Time { return now } })
			body, err := get(t, f.Doer("key", c.limits), s.URL)
			if kind(err) != c.kind || err == nil && body != c.body {
				t.Fatalf("%q, %v", body, err)
			}
			later := c.kind
			if later != collectors.Quota {
				later = collectors.RateLimited
			}
			now = c.until.Add(-time.Second)
			_, err = get(t, f.Doer("key", c.limits), s.URL)
			if e := failure(t, err); e.Kind != later || !e.Until.Equal(c.until) || asked.Load() != 1 {
				t.Errorf("%v until %v, want %v; asked %d times", e.Kind, e.Until, c.until, asked.Load())
			}
			if _, err := get(t, f.Doer("other", c.limits), s.URL); err != nil {
				t.Errorf("another key: %v", err)
			}
			now = c.until
			if _, err := get(t, f.Doer("key", c.limits), s.URL); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestOwnLimits(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	now := begin
	f := client(t, func(o *fetch.Options) { o.Now = func() time.Time { return now } })
	l := collectors.Limits{Rates: []collectors.Rate{{Requests: 3, Per: time.Minute}, {Path: "/search", Requests: 1, Per: time.Minute}}}
	for _, path := range []string{"/search", "/", "/"} {
		if _, err := get(t, f.Doer("key", l), s.URL+path); err != nil {
			t.Error(err)
		}
	}
	_, err := get(t, f.Doer("key", l), s.URL)
	if e := failure(t, err); e.Kind != collectors.RateLimited || !e.Until.Equal(begin.Add(time.Minute)) || asked.Load() != 3 {
		t.Errorf("%v until %v, asked %d times", err, e.Until, asked.Load())
	}
}

func TestRetries(t *testing.T) {
	for _, c := range []struct {
		method, body string
		answers      string // one digit per attempt: 5 = 503, c = connection cut, 4 = 429, 0 = 500, 2 = good
		asked        int64
		kind         collectors.Kind
	}{
		{"GET", "", "2", 1, ""},
		{"GET", "", "52", 2, ""},
		{"GET", "", "c52", 3, ""},
		{"HEAD", "", "cc2", 3, ""},
		{"GET", "", "5555", 3, collectors.Transient},
		{"GET", "", "cccc", 3, collectors.Transient},
		{"GET", "", "42", 1, collectors.RateLimited},
		{"GET", "", "02", 1, collectors.Transient},
		{"POST", "x", "52", 1, collectors.Transient},
		{"POST", "x", "c2", 1, collectors.Transient},
		{"DELETE", "", "52", 1, collectors.Transient},
		{"GET", "x", "52", 1, collectors.Transient},
	} {
		t.Run(c.method+c.body+c.answers, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch c.answers[asked.Add(1)-1] {
				case '5':
					w.WriteHeader(http.StatusServiceUnavailable)
				case '4':
					w.WriteHeader(http.StatusTooManyRequests)
				case '0':
					w.WriteHeader(http.StatusInternalServerError)
				case 'c':
					c, _, _ := w.(http.Hijacker).Hijack()
					c.Close()
				}
			})
			var body io.Reader
			if c.body != "" {
				body = strings.NewReader(c.body)
			}
			r, _ := http.NewRequestWithContext(t.Context(), c.method, s.URL, body)
			resp, err := client(t, nil).Doer("x", collectors.Limits{}).Do(r)
			if err == nil {
				resp.Body.Close()
			}
			if kind(err) != c.kind || c.kind == "" && err != nil || asked.Load() != c.asked {
				t.Errorf("%v after %d attempts, want %d", err, asked.Load(), c.asked)
			}
		})
	}
}

func TestRetriesTakeTokens(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	})
	l := collectors.Limits{Rates: []collectors.Rate{{Requests: 2, Per: time.Hour}}}
	if _, err := get(t, client(t, nil).Doer("x", l), s.URL); kind(err) != collectors.Transient || asked.Load() != 2 {
		t.Errorf("%v after %d", err, asked.Load())
	}
}

func TestRedirects(t *testing.T) {
	var leaked atomic.Value
	leaked.Store("")
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization")+r.Header.Get("Cookie")+r.Header.Get("X-Custom")+r.Header.Get("Referer") != "" || strings.Contains(r.RequestURI, "canary") {
			leaked.Store(fmt.Sprint(r.RequestURI, r.Header))
		}
		io.WriteString(w, "other")
	})
	secure := httptest.NewTLSServer(other.Config.Handler)
	t.Cleanup(secure.Close)
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		to := map[string]string{
			"/here": "/end", "/other": other.URL + "/x", "/loop": "/loop", "/file": "file:///etc/passwd",
			"/user": strings.Replace(other.URL, "http://", "http://canary:canary@", 1), "/broken": "http://[::1", "/localhost": strings.Replace(other.URL, "127.0.0.1", "localhost", 1),
		}[r.URL.Path]
		if to == "" {
			io.WriteString(w, r.Method+" "+r.Header.Get("Authorization"))
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	for _, c := range []struct {
		name, method, path string
		header             string
		want               string
		kind               collectors.Kind
		asked              int64
	}{
		{"same host", "GET", "/here", "Authorization", "GET canary", "", 2},
		{"other host", "GET", "/other", "X-Custom", "other", "", 1},
		{"other host with credentials", "GET", "/other", "Authorization", "", collectors.Forbidden, 1},
		{"other host with a cookie", "GET", "/other", "Cookie", "", collectors.Forbidden, 1},
		{"other host with a key", "GET", "/other?api_key=canary", "", "", collectors.Forbidden, 1},
		{"endless", "GET", "/loop", "", "", collectors.Schema, 6},
		{"guarded name", "GET", "/localhost", "", "", collectors.Forbidden, 1},
		{"file", "GET", "/file", "", "", collectors.Forbidden, 1},
		{"user", "GET", "/user", "", "", collectors.Forbidden, 1},
		{"broken", "GET", "/broken", "", "", collectors.Schema, 1},
		{"POST", "POST", "/here", "", "", collectors.Schema, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked.Store(0)
			r, _ := http.NewRequestWithContext(t.Context(), c.method, s.URL+c.path, nil)
			if c.header != "" {
				r.Header.Set(c.header, "canary")
			}
			resp, err := client(t, nil).Doer("x", collectors.Limits{}).Do(r)
			got := ""
			if err == nil {
				b, _ := io.ReadAll(resp.Body)
				resp.Body.Close()
				got = string(b)
			}
			if kind(err) != c.kind || c.kind == "" && err != nil || strings.TrimSpace(got) != c.want || asked.Load() != c.asked || strings.Contains(fmt.Sprint(err), "canary") {
				t.Errorf("%q, %v, asked %d times", got, err, asked.Load())
			}
		})
	}
	if l := leaked.Load(); l != "" {
		t.Errorf("another host got %v", l)
	}
}

// A token is in no error and no log line, whatever goes wrong.
func TestSecretsStayHere(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cut", "/nonsense":
			c, _, _ := w.(http.Hijacker).Hijack()
			if r.URL.Path == "/nonsense" {
				fmt.Fprintf(c, "HTTP/1.1 %s\r\n%s\r\n\r\n", r.URL.RawQuery, r.URL.RawQuery)
			}
			c.Close()
		case "/refused":
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, r.URL.RawQuery, r.Header)
		case "/moved":
			http.Redirect(w, r, "https://[canary", http.StatusFound)
		case "/short":
			w.Header().Set("Content-Length", "99")
			io.WriteString(w, "canary")
		case "/gzip":
			w.Header().Set("Content-Encoding", "canary")
		}
	})
	closed := httptest.NewServer(nil)
	closed.Close()
	var log bytes.Buffer
	var mu sync.Mutex
	f := client(t, func(o *fetch.Options) {
		o.Log = slog.New(slog.NewTextHandler(locked{&mu, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Timeouts.Headers = 2 * time.Second
	})
	for _, u := range []string{
		s.URL + "/ok", s.URL + "/cut", s.URL + "/nonsense", s.URL + "/refused", s.URL + "/moved", s.URL + "/short", s.URL + "/gzip",
		closed.URL + "/", strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/", "http://canary@127.0.0.1/", strings.Replace(s.URL, "http", "https", 1) + "/",
		s.URL + "/hooks/canaryCANARY0123456789canary",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u+"?token=canary", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer canary")
		r.AddCookie(&http.Cookie{Name: "session", Value: "canary"})
		resp, err := f.Doer("key-canary", collectors.Limits{}).Do(r)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), "canary") {
			t.Errorf("%s: %v", u, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if strings.Contains(log.String(), "canary") || !strings.Contains(log.String(), "path=/ok status=200 bytes=0") {
		t.Errorf("the log:\n%s", log.String())
	}
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// A connection that was upgraded is handed on as it is, and outlives the time
// of a request.
func TestUpgrade(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		c, rw, _ := w.(http.Hijacker).Hijack()
		defer c.Close()
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		line, _ := rw.ReadString('\n')
		io.WriteString(c, line)
	})
	f := client(t, func(o *fetch.Options) { o.Timeouts.Total, o.Timeouts.Idle = 30*time.Millisecond, 10*time.Millisecond })
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "echo")
	resp, err := collectors.Client(f.Doer("x", collectors.Limits{MaxBody: 1})).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	conn, ok := resp.Body.(io.ReadWriteCloser)
	if !ok {
		t.Fatalf("the body is a %T", resp.Body)
	}
	over, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond) // twice the time of a request
	defer cancel()
	<-over.Done()
	if _, err := io.WriteString(conn, "hello\n"); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); line != "hello\n" {
		t.Errorf("%q, %v", line, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		json.NewEncoder(w).Encode(map[string]string{"path": r.URL.Path})
	})
	f := client(t, nil)
	l := collectors.Limits{Rates: []collectors.Rate{{Requests: 60, Per: time.Hour}}, Backoff: "backoff"}
	var good, limited atomic.Int64
	var group sync.WaitGroup
	for i := range 100 {
		group.Go(func() {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/%d", s.URL, i), nil)
			resp, err := f.Doer("x", l).Do(r)
			if err != nil {
				if kind(err) != collectors.RateLimited {
					t.Error(err)
				}
				limited.Add(1)
				return
			}
			var answer struct{ Path string }
			if err := collectors.JSON(resp, &answer); err != nil || answer.Path != fmt.Sprintf("/%d", i) {
				t.Errorf("%v, %v", answer, err)
			}
			good.Add(1)
		})
	}
	group.Wait()
	if good.Load() != 60 || limited.Load() != 40 || asked.Load() != 60 {
		t.Errorf("%d good, %d limited, %d asked", good.Load(), limited.Load(), asked.Load())
	}
}

func TestTheGuardOfOtherProtocols(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := client(t, nil).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	_, err = client(t, func(o *fetch.Options) { o.AllowHosts = nil }).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err == nil {
		t.Error("loopback is dialled")
	}
}
