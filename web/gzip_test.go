package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"adalid/web/api"
)

// TestGzipped: lists come gzipped to those who take it, with the same text in
// them; what is small, of another kind or sent as it is made goes as it is.
func TestGzipped(t *testing.T) {
	list := `{"items":[` + strings.Repeat(`{"name":"Ana Abril","score":0.731},`, 400) + `{}]}`
	answer := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("ETag", `W/"x"`)
			fmt.Fprint(w, text)
		}
	}
	told := make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle(api.Prefix+"/list", answer("application/json", list))
	mux.Handle(api.Prefix+"/small", answer("application/json", `{}`))
	mux.Handle(api.Prefix+"/brands/b/exports/advocates", answer("application/json", list))
	mux.Handle(api.Prefix+"/picture", answer("image/png", list))
	mux.Handle("/elsewhere", answer("application/json", list))
	mux.HandleFunc(api.Prefix+"/scans/1/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "event: progress\n\n")
		_ = http.NewResponseController(w).Flush()
		<-told
	})
	h, err := gzipped(mux)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	defer s.Close()
	defer close(told)
	client := http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	ask := func(path, takes string) *http.Response {
		t.Helper()
		r, err := http.NewRequest("GET", s.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", takes)
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	for _, c := range []struct {
		path, takes string
		gzipped     bool
	}{
		{api.Prefix + "/list", "gzip, deflate, br, zstd", true},
		{api.Prefix + "/list", "", false},
		{api.Prefix + "/list", "gzip;q=0", false},
		{api.Prefix + "/small", "gzip", false},
		{api.Prefix + "/brands/b/exports/advocates", "gzip", false},
		{api.Prefix + "/picture", "gzip", false},
		{"/elsewhere", "gzip", false},
	} {
		resp := ask(c.path, c.takes)
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Content-Encoding") == "gzip"; got != c.gzipped {
			t.Errorf("%s, %q: gzipped %t", c.path, c.takes, got)
		}
		if strings.HasPrefix(c.path, api.Prefix) && !strings.Contains(c.path, "exports") && resp.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Vary %q", c.path, resp.Header.Get("Vary"))
		}
		if c.gzipped {
			if resp.Header.Get("ETag") != `W/"x"` || len(body) > len(list)/6 {
				t.Errorf("ETag %s, %d bytes of %d", resp.Header.Get("ETag"), len(body), len(list))
			}
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if want := map[bool]string{true: `{}`, false: list}[strings.HasSuffix(c.path, "small")]; string(body) != want {
			t.Errorf("%s: another text", c.path)
		}
	}
	// The first event is there before the second is.
	b := make([]byte, 5)
	if _, err := io.ReadFull(ask(api.Prefix+"/scans/1/events", "gzip").Body, b); err != nil || string(b) != "event" {
		t.Errorf("%q %v", b, err)
	}
}
