package api

import (
	"net/http/httptest"
	"testing"
)

// BenchmarkAdvocates compares a page of 50 with the answer to somebody who has
// it already. The ranking itself is free here: it is measured in internal/rank.
func BenchmarkAdvocates(b *testing.B) {
	s := serve(b, newFake(1000))
	ask := func(b *testing.B, tag string, status int) string {
		r := httptest.NewRequest("GET", cafe+"/advocates", nil)
		r.Host = "localhost"
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		s.engine.ServeHTTP(w, r)
		if w.Code != status {
			b.Fatal(w.Code, w.Body)
		}
		return w.Header().Get("ETag")
	}
	tag := ask(b, "", 200)
	b.Run("fresh", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ask(b, "", 200)
		}
	})
	b.Run("304", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ask(b, tag, 304)
		}
	})
}
