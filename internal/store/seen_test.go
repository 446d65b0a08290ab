package store

import (
	"context"
	"math/rand/v2"
	"testing"

	"adalid/internal/scan"
)

func TestFilterForgetsNothing(t *testing.T) {
	const keys = 200_000
	var f filter
	rnd := rand.New(rand.NewPCG(5, 6))
	hashes := make([]uint64, keys)
	already := 0
	for i := range hashes {
		hashes[i] = rnd.Uint64()
		if f.add(hashes[i]) {
			already++
		}
	}
	for _, h := range hashes {
		if !f.add(h) {
			t.Fatal("a key that was put in is missing")
		}
	}
	if wrong := float64(already) / keys; wrong > 0.01 {
		t.Errorf("%.2f %% of new keys are taken for known ones", 100*wrong)
	}
	if len(f.layers) < 3 {
		t.Errorf("%d keys filled %d layers: growing was not tested", keys, len(f.layers))
	}
}

// TestStoresShareABrand: two processes that write to a new brand in turn see
// each other's rows, although each could believe it knows all of them.
func TestStoresShareABrand(t *testing.T) {
	ctx := context.Background()
	c := newCrowd(4000, 300)
	pages := make([]scan.Page, 8)
	for i := range pages {
		pages[i] = scan.Page{Batches: []scan.Batch{{Brand: "acme", Mentions: c.page(500)}}}
	}
	alone := open(t, t.TempDir())
	defer alone.Close()
	dir := t.TempDir()
	shared := []*Store{open(t, dir), open(t, dir)}
	defer shared[0].Close()
	defer shared[1].Close()
	for i, p := range append(pages, pages[2], pages[5]) {
		want, err := alone.Save(ctx, p)
		must(t, err)
		got, err := shared[i%2].Save(ctx, p)
		must(t, err)
		if got != want {
			t.Errorf("page %d: %+v in turn, %+v alone", i, got, want)
		}
	}
	equal(t, "authors", storeAuthors(t, shared[0], Span{}), storeAuthors(t, alone, Span{}))
	report, err := shared[1].Rebuild(ctx, "acme", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("roll-ups differ: %+v", report)
	}
}
