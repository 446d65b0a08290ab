package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ask sends one request to everything, as a server on loopback, over nothing:
// what needs data is tested in api and lite.
func ask(t *testing.T, ui fs.FS, method, path string) (*http.Response, string) {
	t.Helper()
	h, err := New(Options{UI: ui})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	defer s.Close()
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequest(method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestAddresses(t *testing.T) {
	none := fstest.MapFS{"of.txt": {}}
	app := fstest.MapFS{
		"index.html":     {Data: []byte("<!doctype html>app")},
		"assets/a.js":    {Data: []byte("export{}")},
		"manifest.json":  {Data: []byte("{}")},
		"assets/in.html": {Data: []byte("asset")},
	}
	for _, c := range []struct {
		name, method, path string
		ui                 fs.FS
		status             int
		want               string // in the answer
		head               string // "Name: value" of the answer
	}{
		{name: "not built", path: "/", ui: none, status: 302, want: "This build has no web app: run make ui with Node installed.", head: "Location: /lite"},
		{name: "not built, anywhere", path: "/b/acme/advocates", ui: none, status: 302, want: "no web app", head: "Location: /lite"},
		{name: "not built, other method", method: "POST", path: "/", ui: none, status: 404, want: `"not_found"`},
		{name: "built", path: "/", ui: app, status: 200, want: "app", head: "Content-Type: text/html; charset=utf-8"},
		{name: "an address of the app", path: "/b/acme/advocates", ui: app, status: 200, want: "app", head: "Cache-Control: no-cache"},
		{name: "asset", path: "/assets/a.js", ui: app, status: 200, want: "export", head: "Cache-Control: public, max-age=31536000, immutable"},
		{name: "asset type", path: "/assets/a.js", ui: app, status: 200, head: "Content-Type: text/javascript; charset=utf-8"},
		{name: "no asset", path: "/assets/b.js", ui: app, status: 404, want: `"not_found"`},
		{name: "no way out", path: "/assets/..%2f..%2fetc/passwd", ui: app, status: 200, want: "app"},
		{name: "file at the top", path: "/manifest.json", ui: app, status: 200, want: "{}"},
		{name: "API stays API", path: "/api/nothing", ui: app, status: 404, head: "Content-Type: application/problem+json"},
		{name: "lite stays lite", path: "/lite/nothing", ui: app, status: 404, head: "Content-Type: application/problem+json"},
		{name: "health", path: "/api/v1/health", status: 200, want: `"ok"`},
		{name: "HEAD", method: "HEAD", path: "/api/v1/health", status: 200, head: "Content-Type: application/json"},
		{name: "panic", path: "/lite", status: 500, want: `"internal"`, head: "Content-Type: application/problem+json"},
		{name: "style", path: "/lite/style.css", status: 200, want: "prefers-color-scheme", head: "Content-Type: text/css; charset=utf-8"},
		{name: "metrics", path: "/metrics", status: 200, want: "go_goroutines"},
		{name: "method", method: "DELETE", path: "/metrics", status: 405, want: `"method_not_allowed"`, head: "Allow: GET, HEAD"},
		{name: "HEAD where Allow says so", method: "HEAD", path: "/metrics", status: 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, body := ask(t, c.ui, c.method, c.path)
			if resp.StatusCode != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %.300s, want %d %s", resp.StatusCode, body, c.status, c.want)
			}
			if k, v, ok := strings.Cut(c.head, ": "); ok && resp.Header.Get(k) != v {
				t.Errorf("%s is %q, want %q", k, resp.Header.Get(k), v)
			}
			for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id"} {
				if resp.Header.Get(h) == "" {
					t.Errorf("no %s", h)
				}
			}
		})
	}
}

// The build compresses scripts and styles; the server sends what the client
// takes and says that the answer depends on it.
func TestCompressedAssets(t *testing.T) {
	app := fstest.MapFS{
		"index.html": {Data: []byte("app")}, "index.html.gz": {Data: []byte("never sent")},
		"assets/a.js": {Data: []byte("plain")}, "assets/a.js.gz": {Data: []byte("gz")}, "assets/a.js.br": {Data: []byte("br")},
		"assets/b.js": {Data: []byte("plain")}, "assets/b.js.gz": {Data: []byte("gz")},
		"assets/c.woff2": {Data: []byte("plain")},
	}
	h, err := New(Options{UI: app})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, takes, want, coding string }{
		{"/assets/a.js", "gzip, deflate, br", "br", "br"},
		{"/assets/a.js", "gzip", "gz", "gzip"},
		{"/assets/a.js", "br;q=0, gzip;q=0.5", "gz", "gzip"},
		{"/assets/a.js", "br;q=0.000, gzip;q=0", "plain", ""},
		{"/assets/a.js", "bronze, gzipped", "plain", ""},
		{"/assets/a.js", "", "plain", ""},
		{"/assets/b.js", "br, gzip", "gz", "gzip"},
		{"/assets/c.woff2", "br, gzip", "plain", ""},
		{"/b/acme/advocates", "gzip", "app", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Host = "localhost"
		r.Header.Set("Accept-Encoding", c.takes)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Body.String(); w.Code != http.StatusOK || got != c.want || w.Header().Get("Content-Encoding") != c.coding {
			t.Errorf("%s with %q: %d %q, %q; want %q, %q", c.path, c.takes, w.Code, got, w.Header().Get("Content-Encoding"), c.want, c.coding)
		}
		if varies := w.Header().Get("Vary") == "Accept-Encoding"; varies != strings.HasPrefix(c.path, "/assets/") {
			t.Errorf("%s: Vary is %q", c.path, w.Header().Get("Vary"))
		}
	}
}

func TestMetricsHaveFewLabels(t *testing.T) {
	h, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) string {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = "localhost"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Body.String()
	}
	for i := range 100 {
		get(fmt.Sprintf("/api/v1/brands/b%d/%d", i, i))
		get(fmt.Sprintf("/page%d", i))
	}
	m := get("/metrics")
	if strings.Contains(m, "page42") || strings.Contains(m, "/b42") {
		t.Error("addresses became labels")
	}
	if !strings.Contains(m, `adalid_http_requests_total{method="GET",route="none",status="404"} 100`) {
		t.Errorf("requests are not counted: %s", m)
	}
}

func TestTwoInstances(t *testing.T) {
	for range 2 {
		if _, err := New(Options{}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExposed(t *testing.T) {
	for _, c := range []struct {
		addr          string
		exposed, good bool
	}{
		{"127.0.0.1:8080", false, true},
		{"127.9.9.9:1", false, true},
		{"[::1]:8080", false, true},
		{"localhost:0", false, true},
		{":8080", true, true},
		{"0.0.0.0:8080", true, true},
		{"[::]:8080", true, true},
		{"192.168.1.5:8080", true, true},
		{"localhost.example:80", true, true},
		{"8080", false, false},
	} {
		exposed, err := Exposed(c.addr)
		if exposed != c.exposed || (err == nil) != c.good {
			t.Errorf("Exposed(%q) = %t, %v", c.addr, exposed, err)
		}
	}
}

// slow is a handler whose answer waits for go.
func slow(started, goOn chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(started)
		<-goOn
		fmt.Fprint(w, "answered")
	})
}

func TestServeAnswersWhatItBegan(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started, goOn := make(chan struct{}), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, slow(started, goOn), ServeOptions{}) }()
	answer := make(chan string, 1)
	go func() {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer c.Close()
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			answer <- err.Error()
			return
		}
		b, _ := io.ReadAll(resp.Body)
		answer <- string(b)
	}()
	<-started
	stop()
	close(goOn)
	if a := <-answer; a != "answered" {
		t.Errorf("the request in flight got %q", a)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("it still listens")
	}
}

func TestServeGivesUpOnRequestsThatNeverEnd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started, goOn := make(chan struct{}), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, slow(started, goOn), ServeOptions{Stop: 10 * time.Millisecond}) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	<-started
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("got %v", err)
	}
	close(goOn)
}

func TestLogIsStructured(t *testing.T) {
	var log bytes.Buffer
	h, err := New(Options{Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/api/v1/health?x=%0d%0aforged", nil)
	r.Host = "localhost"
	h.ServeHTTP(httptest.NewRecorder(), r)
	var line struct {
		Route  string `json:"route"`
		Status int    `json:"status"`
		ID     string `json:"request_id"`
	}
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.Route != "/api/v1/health" || line.Status != 422 || line.ID == "" {
		t.Errorf("%v %s", err, log.String())
	}
}

func TestMetricsToken(t *testing.T) {
	for _, c := range []struct {
		token, sent string
		status      int
	}{
		{"", "", http.StatusOK},
		{"a-long-enough-token", "", http.StatusUnauthorized},
		{"a-long-enough-token", "Bearer another", http.StatusUnauthorized},
		{"a-long-enough-token", "Bearer a-long-enough-token", http.StatusOK},
	} {
		h, err := New(Options{MetricsToken: c.token})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "http://localhost/metrics", nil)
		if c.sent != "" {
			r.Header.Set("Authorization", c.sent)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || (c.status == http.StatusOK) != strings.Contains(w.Body.String(), "go_goroutines") {
			t.Errorf("token %q, sent %q: %d\n%.200s", c.token, c.sent, w.Code, w.Body)
		}
	}
}
