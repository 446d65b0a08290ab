package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/fetch"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, text)
	z.Close()
	return b.Bytes()
}

func kind(err error) collectors.Kind {
	if e := (*collectors.Error)(nil); errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func TestBodies(t *testing.T) {
	header := func(w http.ResponseWriter, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
	}
	for _, c := range []struct {
		name string
		h    http.HandlerFunc
		want string
		kind collectors.Kind
	}{
		{"plain", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "text") }, "text", ""},
		{"asked for gzip", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("Accept-Encoding")) }, "gzip", ""},
		{"gzip", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Encoding", "gzip")
			w.Write(packed(t, "text"))
		}, "text", ""},
		{"nothing, gzip", func(w http.ResponseWriter, r *http.Request) { header(w, "Content-Encoding", "gzip") }, "", ""},
		{"identity", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Encoding", "identity")
			io.WriteString(w, "text")
		}, "text", ""},
		{"brotli", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Encoding", "br")
			io.WriteString(w, "text")
		}, "", collectors.Schema},
		{"gzip twice", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Encoding", "gzip, gzip")
			io.WriteString(w, "text")
		}, "", collectors.Schema},
		{"no gzip", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Encoding", "gzip")
			io.WriteString(w, "this is not compressed at all")
		}, "", collectors.Schema},
		{"gzip cut short", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Encoding", "gzip")
			w.Write(packed(t, strings.Repeat("text", 100))[:20])
		}, "*", collectors.Transient},
		{"gzip with a wrong sum", func(w http.ResponseWriter, r *http.Request) {
			b := packed(t, "text")
			b[len(b)-6] ^= 1
			header(w, "Content-Encoding", "gzip")
			w.Write(b)
		}, "*", collectors.Schema},
		{"shorter than said", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Length", "100")
			io.WriteString(w, "text")
		}, "text", collectors.Transient},
		{"exactly the cap", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", 1000)) }, strings.Repeat("x", 1000), ""},
		{"one byte more", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, strings.Repeat("x", 1001)) }, strings.Repeat("x", 1000), collectors.Schema},
		{"JSON in Latin-1", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Type", "application/json; charset=ISO-8859-1")
			io.WriteString(w, "\"caf\xe9 \xa1\"")
		}, `"café ¡"`, ""},
		{"a feed in Latin-1", func(w http.ResponseWriter, r *http.Request) {
			header(w, "Content-Type", "text/xml; charset=ISO-8859-1")
			io.WriteString(w, "caf\xe9")
		}, "caf\xe9", ""},
		{"many headers", func(w http.ResponseWriter, r *http.Request) {
			for i := range 400 {
				w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("x", 1000))
			}
		}, "", collectors.Schema},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := get(t, client(t, nil).Doer("x", collectors.Limits{MaxBody: 1000}), serve(t, c.h).URL)
			if kind(err) != c.kind || c.kind == "" && err != nil || c.want != "*" && got != c.want {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// What never ends is read to the cap and no further, in little memory.
func TestBombs(t *testing.T) {
	var sent atomic.Int64
	zeros := make([]byte, 1<<20)
	for name, h := range map[string]http.HandlerFunc{
		"3 GB": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "3000000000")
			for range 3000 {
				n, err := w.Write(zeros)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		},
		"gzip": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
			for range 3000 {
				if _, err := z.Write(zeros); err != nil {
					return
				}
			}
		},
		"gzip of nothing": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			nothing := bytes.Repeat(packed(t, ""), 10_000)
			for range 3000 {
				if _, err := w.Write(nothing); err != nil {
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := client(t, nil).Doer("x", collectors.Limits{MaxBody: 1 << 20})
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, serve(t, h).URL, nil)
			resp, err := d.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			n, err := io.Copy(io.Discard, resp.Body)
			runtime.ReadMemStats(&after)
			if kind(err) != collectors.Schema || n > 1<<20 {
				t.Errorf("%d bytes, %v", n, err)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("%d bytes allocated", used)
			}
		})
	}
	if n := sent.Load(); n > 32<<20 {
		t.Errorf("%d bytes were taken from the server", n)
	}
}

func TestSlowness(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	drip := func(every time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-stop:
					return
				case <-r.Context().Done():
					return
				case <-time.After(every):
				}
			}
		}
	}
	for name, c := range map[string]struct {
		h http.HandlerFunc
		o fetch.Timeouts
	}{
		"no headers":    {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, fetch.Timeouts{Headers: 50 * time.Millisecond}},
		"no body":       {drip(time.Hour), fetch.Timeouts{Idle: 50 * time.Millisecond}},
		"a slow drip":   {drip(5 * time.Millisecond), fetch.Timeouts{Idle: 100 * time.Millisecond}},
		"never the end": {drip(5 * time.Millisecond), fetch.Timeouts{Total: 100 * time.Millisecond}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.h)
			start := time.Now()
			_, err := get(t, client(t, func(o *fetch.Options) { o.Timeouts = c.o }).Doer("x", collectors.Limits{}), s.URL)
			if kind(err) != collectors.Transient || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%#v", err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("after %v", took)
			}
		})
	}
}

func TestTheCallersContext(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	})
	for _, path := range []string{"/", "/body"} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path+"?token=canary", nil)
		resp, err := client(t, nil).Doer("x", collectors.Limits{}).Do(r)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if !errors.Is(err, context.Canceled) || kind(err) != "" || strings.Contains(fmt.Sprint(err), "canary") {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if _, err := client(t, nil).Doer("x", collectors.Limits{}).Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
