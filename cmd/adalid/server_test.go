package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"adalid/web/api"
)

// server is `adalid serve` in a process of its own.
type server struct {
	t    testing.TB
	cmd  *exec.Cmd
	base string
	ends chan error

	mu  sync.Mutex
	log bytes.Buffer // stderr
}

// Write takes what the process says.
func (s *server) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

var address = regexp.MustCompile(`Adalid is at (http://(?:127\.0\.0\.1|0\.0\.0\.0|\[::\]):\d+)/`)

// serve starts a server on a free port and waits for it.
func serve(t testing.TB, dir string, environ []string, flags ...string) *server {
	t.Helper()
	s := &server{t: t, ends: make(chan error, 1)}
	s.cmd = child(context.WithoutCancel(t.Context()), dir, append([]string{"serve", "--address", "127.0.0.1:0"}, flags...)...)
	s.cmd.Env = append(s.cmd.Env, environ...)
	s.cmd.Stderr = s
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ends <- s.cmd.Wait() }()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // it may have ended already
	})
	eventually(t, "the server's address", func() bool {
		if m := address.FindStringSubmatch(s.said()); m != nil {
			s.base = m[1]
		}
		return s.base != ""
	})
	return s
}

// eventually waits for something in another process, where there is nothing
// else to wait on.
func eventually(t testing.TB, what string, ready func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %s after a minute", what)
		}
	}
}

// stop ends the server as an operator does; it has to exit 0 within 15 s.
func (s *server) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	s.ended()
}

func (s *server) ended() {
	s.t.Helper()
	select {
	case err := <-s.ends:
		if err != nil {
			s.t.Errorf("the server ended with %v\n%s", err, s.said())
		}
	case <-time.After(15 * time.Second):
		s.t.Error("the server did not end within 15 s")
	}
}

// ask sends one request; change may be nil.
func (s *server) ask(method, path string, body io.Reader, change func(*http.Request)) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r) // follows no redirect
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s", method, path, err, s.said())
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer, string(text)
}

func (s *server) get(path string) string {
	s.t.Helper()
	answer, text := s.ask(http.MethodGet, path, nil, nil)
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %s\n%s", path, answer.Status, text)
	}
	return text
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// upload sends a file and gives the address of its import.
func (s *server) upload(brand, query string, body io.Reader, change func(*http.Request)) string {
	s.t.Helper()
	answer, text := s.ask(http.MethodPost, "/api/v1/brands/"+url.PathEscape(brand)+"/imports"+query, body, change)
	if answer.StatusCode != http.StatusAccepted || answer.Header.Get("Location") == "" {
		s.t.Fatalf("upload: %s\n%s", answer.Status, text)
	}
	return answer.Header.Get("Location")
}

// done waits for the end of an import.
func (s *server) done(location string) (status api.Import) {
	s.t.Helper()
	eventually(s.t, "end of the import", func() bool {
		status = decode[api.Import](s.t, s.get(location))
		return status.State != "running"
	})
	return status
}

func (s *server) addBrand(name string) {
	s.t.Helper()
	body, err := json.Marshal(api.NewBrand{Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	if answer, text := s.ask(http.MethodPost, "/api/v1/brands", bytes.NewReader(body), header("Content-Type", "application/json")); answer.StatusCode != http.StatusCreated {
		s.t.Fatalf("add brand: %s\n%s", answer.Status, text)
	}
}

func opened(t *testing.T, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // only read from; the transport closes it too
	return f
}
