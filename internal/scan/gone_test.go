package scan_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// Forget writes down what is taken out.
func (l *ledger) Forget(_ context.Context, brand string, posts []collectors.PostID) (int64, error) {
	l.log = append(l.log, fmt.Sprintf("forget %s %v", brand, posts))
	return int64(len(posts)), nil
}

// TestGonePosts: what the source says is gone is taken out before its page is
// acknowledged, and is not stored again by the rest of the run.
func TestGonePosts(t *testing.T) {
	second := page(post("3", ""), post("9", ""))
	second.Gone = []collectors.PostID{{Platform: adalid.X, ID: "1"}, {Platform: adalid.X, ID: "3"}, {Platform: adalid.X, ID: "4"}}
	pages := []collectors.Page{page(post("1", ""), post("2", "")), second, page(post("4", ""), post("5", ""))}
	for _, c := range []struct {
		brand   string
		remover bool
		log     string
		stored  string
	}{
		{"Acme", true, "create Acme, save 1, post 3 no longer exists at its source, forget Acme [{x 1} {x 3} {x 4}], save 2, post 4 no longer exists at its source, save 3", "Acme 1, Acme 2, Acme 9, Acme 5"},
		{"Acme", false, "create Acme, save 1, save 2, save 3", "Acme 1, Acme 2, Acme 3, Acme 9, Acme 4, Acme 5"},
	} {
		l := &ledger{brands: []adalid.Brand{{Name: "Other"}}}
		job := scan.Job{
			Brand: c.brand, Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: pages},
			OnReject: func(x collectors.Reject) error {
				l.log = append(l.log, x.Reason)
				return nil
			},
		}
		if c.remover {
			job.Remover = l
		}
		r := run(t, job)
		if got := strings.Join(l.log, ", "); got != c.log {
			t.Errorf("did %s\nwant %s", got, c.log)
		}
		if got := l.stored(); got != c.stored {
			t.Errorf("stored %s\nwant %s", got, c.stored)
		}
		if r.Rows != r.Saved.New+r.Rejected {
			t.Errorf("report %+v: rows do not add up", r)
		}
	}
}

// TestGonePostsOfEveryBrand: where rows name their own brand, a post is taken
// out of all of them.
func TestGonePostsOfEveryBrand(t *testing.T) {
	l := &ledger{brands: []adalid.Brand{{Name: "Zeta"}}}
	last := page(named("Zeta", post("7", "")))
	last.Gone = []collectors.PostID{{Platform: adalid.X, ID: "1"}}
	run(t, scan.Job{Matching: scan.MatchAll, Store: l, Remover: l, Collector: &shelf{pages: []collectors.Page{page(named("Acme", post("1", ""))), last}}})
	if got, want := strings.Join(l.log, ", "), "create Acme, save 1, forget Acme [{x 1}], forget Zeta [{x 1}], save 2"; got != want {
		t.Errorf("did %s\nwant %s", got, want)
	}
}

// endless is a stream that tells of far more deletions than anybody can
// remember, and then of posts: one that went long ago, one that went just now,
// one that is there.
type endless struct {
	shelf
	t     *testing.T
	pages int
}

const endlessPage = 500

func (e *endless) Stream(_ context.Context, _ collectors.Query, _ collectors.Cursor, save func(collectors.Page) error) error {
	before := heap()
	for p := range e.pages {
		var gone collectors.Page
		for i := range endlessPage {
			gone.Gone = append(gone.Gone, collectors.PostID{Platform: adalid.X, ID: fmt.Sprint("at://did:plc:invented/app.bsky.feed.post/", p*endlessPage+i)})
		}
		if err := save(gone); err != nil {
			return err
		}
	}
	if grown := heap() - before; grown > 16<<20 {
		e.t.Errorf("%d MiB are kept of %d deletions", grown>>20, e.pages*endlessPage)
	}
	return save(page(post(fmt.Sprint("at://did:plc:invented/app.bsky.feed.post/", e.pages*endlessPage-1), "acme"), post("there", "acme")))
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestStreamForgetsOldDeletions: what a stream tells for weeks does not pile up
// in memory; the latest deletions still hold whatever comes first.
func TestStreamForgetsOldDeletions(t *testing.T) {
	l := &ledger{brands: []adalid.Brand{{Name: "Acme"}}}
	e := &endless{shelf: shelf{pages: []collectors.Page{{}}}, t: t, pages: 600}
	watch := scan.Watch{Now: time.Now, Stream: true}
	run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Source: "s", Live: &watch, Store: l, Remover: discard{}, Collector: e})
	if got := l.stored(); got != "Acme there" {
		t.Errorf("stored %s", got)
	}
}

// discard takes out without writing down.
type discard struct{}

func (discard) Forget(_ context.Context, _ string, posts []collectors.PostID) (int64, error) {
	return int64(len(posts)), nil
}
