package fetch_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/all"
	"adalid/collectors/collectortest"
	"adalid/internal/fetch"
)

// detour sends every request to a test server, whatever its host, through the
// product's own client.
type detour struct {
	to   *url.URL
	next collectors.Doer
}

func (d detour) Do(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = d.to.Scheme, d.to.Host, ""
	return d.next.Do(r)
}

func throughFetch(t *testing.T, d collectors.Definition, server string) collectors.Doer {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	client, err := fetch.New(fetch.Options{
		UserAgent: "Adalid/test", AllowHosts: []string{to.Host}, Now: func() time.Time { return collectortest.Now },
		Timeouts: fetch.Timeouts{Dial: time.Second, TLS: time.Second, Headers: time.Second, Idle: 500 * time.Millisecond, Total: 3 * time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return detour{to, client.Doer(d.Name, d.Limits)}
}

// TestEveryCollectorThroughTheClient repeats the suite's refusals through
// internal/fetch, as the product asks.
func TestEveryCollectorThroughTheClient(t *testing.T) {
	for _, d := range all.All() {
		t.Run(d.Name, func(t *testing.T) {
			collectortest.Refusals(t, d, folderOf(d), throughFetch)
		})
	}
}

func folderOf(d collectors.Definition) string { return filepath.Join("../../collectors", d.Name) }

// hostile upstreams answer in ways that only the client can bound.
var hostile = map[string]http.HandlerFunc{
	"a body without end": func(w http.ResponseWriter, r *http.Request) {
		chunk := []byte(strings.Repeat(`{"data":[{"id":"1"}]},`, 4096))
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	},
	"a gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 300 {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
		_ = z.Close() // the client has gone by now
	},
	"a slow drip": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil {
			fmt.Fprint(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	},
	"silence": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"redirects without end": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	},
	"a redirect to a private address": func(w http.ResponseWriter, r *http.Request) {
		// A stand-in for a metadata address: loopback, on a port that is not
		// allow-listed, where nothing listens.
		http.Redirect(w, r, "http://127.0.0.1:1/latest/meta-data/", http.StatusFound)
	},
	"headers without end": func(w http.ResponseWriter, _ *http.Request) {
		for i := range 10_000 {
			w.Header().Set(fmt.Sprintf("X-Filler-%d", i), strings.Repeat("y", 200))
		}
	},
}

// TestHostileUpstreams: no collector hangs beyond its deadline, takes more than
// 64 MB, or reports that there is nothing.
func TestHostileUpstreams(t *testing.T) {
	if testing.Short() {
		t.Skip("of time and memory, which the race detector takes too: make test runs it without")
	}
	const deadline, memory = 15 * time.Second, 64 << 20
	for name, answer := range hostile {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // until it is read, a server does not notice that the client has gone
				answer(w, r)
			}))
			defer server.Close()
			for _, d := range all.All() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				begun := time.Now()
				err := readOnce(t, d, server.URL)
				took := time.Since(begun)
				runtime.GC()
				runtime.ReadMemStats(&after)
				var e *collectors.Error
				if !errors.As(err, &e) {
					t.Errorf("%s ends with %v, not with a refusal", d.Name, err)
				}
				if took > deadline {
					t.Errorf("%s took %v", d.Name, took)
				}
				if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > memory {
					t.Errorf("%s took %d MB", d.Name, grown>>20)
				}
			}
		})
	}
}

func readOnce(t *testing.T, d collectors.Definition, server string) error {
	t.Helper()
	collector, err := d.New(collectortest.Setup(d, collectortest.SampleIn(t, folderOf(d)), throughFetch(t, d, server)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = collectortest.Collect(t.Context(), collector, collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}, nil, 5)
	return err
}
