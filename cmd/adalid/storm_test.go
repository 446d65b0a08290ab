package main

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid/web/api"
	"adalid/web/api/apitest"
)

// TestMalformedRequestsOnTheStore: 5,000 requests that are wrong in some way (1,500
// beside the race detector, which takes three minutes for all), against the real
// server on the real database: none is a failure of ours, and the ranking and the
// sums are what they were.
func TestMalformedRequestsOnTheStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, dir, nil, "--demo")
	brand := decode[api.BrandList](t, s.get("/api/v1/brands")).Items[0]
	here := "/api/v1/brands/" + url.PathEscape(brand.Name)
	before := decode[api.AdvocateList](t, s.get(here+"/advocates"))
	client := &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	requests := 1500
	if os.Getenv("ADALID_SLOW") != "" {
		requests = 5000
	}
	started := time.Now()
	apitest.Storm(t, client, apitest.StormOptions{
		Description: []byte(s.get("/api/v1/openapi.json")), Requests: requests, Seed: 1,
		Target: apitest.Target{
			Host: strings.TrimPrefix(s.base, "http://"), Prefix: api.Prefix, Brand: brand.Name, Person: before.Items[0].ID,
			Odd: []string{*before.NextCursor},
		},
	})
	t.Logf("%.0f s", time.Since(started).Seconds())

	after := decode[api.AdvocateList](t, s.get(here+"/advocates"))
	if diff := cmp.Diff(before.Items, after.Items); diff != "" {
		t.Errorf("the ranking changed (-before +after):\n%s", diff)
	}
	s.stop()
	for _, word := range []string{"panic", "goroutine ", `"level":"ERROR"`, "level=ERROR"} {
		if i := strings.Index(s.said(), word); i >= 0 {
			t.Errorf("the log says %q:\n%.600s", word, s.said()[i:])
		}
	}
	if differences(t, dir) != 0 {
		t.Error("the roll-ups differ from the mentions")
	}
}
