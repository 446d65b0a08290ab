package api

import (
	"net/http/httptest"
	"strconv"
	"testing"
)

// BenchmarkAdvocates compares a page of 50 that nobody asked for before with one
// that is kept and with the answer to somebody who has it already. The ranking
// itself is free here: it is measured in internal/rank.
func BenchmarkAdvocates(b *testing.B) {
	s := serve(b, newFake(1000))
	ask := func(b *testing.B, query, tag string, status int) string {
		r := httptest.NewRequest("GET", cafe+"/advocates"+query, nil)
		r.Host = "localhost"
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		s.engine.ServeHTTP(w, r)
		if w.Code != status {
			b.Fatal(w.Code, w.Body)
		}
		return w.Header().Get("ETag")
	}
	tag, n := ask(b, "", "", 200), 0
	b.Run("fresh", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n++
			ask(b, "?weights=affinity="+strconv.Itoa(n)+",volume=1", "", 200)
		}
	})
	b.Run("kept", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ask(b, "", "", 200)
		}
	})
	b.Run("304", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ask(b, "", tag, 304)
		}
	})
}
