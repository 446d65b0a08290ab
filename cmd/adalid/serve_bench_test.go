package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
)

// BenchmarkServedTop50 asks a server on loopback for the first 50 of the
// invented brand with 32 connections: what nobody asked for before, what is
// kept, and what the client has.
func BenchmarkServedTop50(b *testing.B) {
	s := serve(b, b.TempDir(), nil, "--demo")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	ask := func(query, tag string, status int) string {
		r, err := http.NewRequestWithContext(context.Background(), "GET", s.base+"/api/v1/brands/Tostalba/advocates?limit=50"+query, nil)
		if err != nil {
			b.Error(err)
			return ""
		}
		r.Header.Set("If-None-Match", tag)
		resp, err := client.Do(r)
		if err != nil {
			b.Error(err)
			return ""
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != status {
			b.Error(resp.StatusCode, err)
		}
		return resp.Header.Get("ETag")
	}
	tag := ask("", "", 200)
	var asked atomic.Int64
	for _, c := range []struct {
		name string
		ask  func()
	}{
		{"fresh", func() { ask(fmt.Sprintf("&weights=affinity=%d,volume=1", asked.Add(1)), "", 200) }},
		{"kept", func() { ask("", "", 200) }},
		{"304", func() { ask("", tag, 304) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(16) // times two processors
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					c.ask()
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
