package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid/web/api/apitest"
)

// TestEveryInputIsBounded walks through what requests may bring: all of it ends
// somewhere. What is listed here is bounded in another way.
func TestEveryInputIsBounded(t *testing.T) {
	g, err := apitest.NewGenerator(description(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Operations) < 60 {
		t.Fatalf("%d operations", len(g.Operations))
	}
	want := []string{
		"set-source body.settings: any keys", // refused unless the kind has such a field; the body is bounded
	}
	if diff := cmp.Diff(want, g.Unbounded()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
