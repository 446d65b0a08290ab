package lemmy

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"adalid/collectors"
)

func TestRecall(t *testing.T) {
	for name, quirk := range map[string]fake{"Lemmy": {}, "pinned post": {pinned: true}, "few requests": {perWindow: 4}} {
		for seed := range uint64(2) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) { recall(t, quirk, newRand(seed)) })
		}
	}
}

// recall scans now and then for a month. Every page goes to a collector of its
// own, and some pages are lost before they are stored. What was deleted before
// anybody read it does not count; everything else has to be there.
func recall(t *testing.T, quirk fake, r *rand.Rand) {
	begin := time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC)
	now := begin.Add(12 * 24 * time.Hour)
	a, b := quirk, fake{perWindow: 60}
	a.perWindow = cmp.Or(a.perWindow, 60)
	a.all, b.all = month(r, begin)
	d := doer{t: t, hosts: map[string]http.Handler{"a.example": &a, "b.example": &b}, now: &now}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}, Since: begin}
	got := map[string]bool{}
	var cursor collectors.Cursor
	pages, paused, again := 0, 0, 0
	end := begin.Add(31 * 24 * time.Hour)
	for last := false; !last; now = now.Add(time.Duration(r.Int64N(int64(40 * time.Hour)))) {
		if last = !now.Before(end); last {
			now = now.Add(24 * time.Hour)
		}
		for more := true; more; pages++ {
			a.now, b.now = now, now
			p, err := made(t, `{"servers":["a.example","b.example"]}`, d, &now).Collect(t.Context(), q, cursor)
			if e := (*collectors.Error)(nil); errors.As(err, &e) && e.Kind == collectors.RateLimited {
				now, paused = e.Until, paused+1
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			if pages > 20000 {
				t.Fatal("no end")
			}
			now = now.Add(time.Duration(r.IntN(90)) * time.Second)
			if r.IntN(6) == 0 {
				again++
				continue // lost before it was stored: the same cursor once more
			}
			for _, m := range p.Mentions {
				got[m.ID] = true
			}
			cursor, more = p.Next, p.More
		}
	}
	missing := 0
	for n := range written700 {
		if !got[written{n: n}.id()] {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d posts are missing", missing, written700)
	}
	t.Logf("%d pages, %d + %d requests, %d pauses, %d pages read again", pages, a.requests, b.requests, paused, again)
}

// TestVanishing deletes what was read while a walk is under way, so that the
// rest moves up into pages that were read before.
func TestVanishing(t *testing.T) {
	for _, vanish := range []int{1, 3, 30, 49, 200, 390} {
		now := time.Date(2026, 10, 21, 12, 0, 0, 0, time.UTC)
		f := fake{perWindow: 1000, now: now}
		for n := range 600 {
			at := now.Add(-time.Duration(n) * time.Hour)
			f.all = append(f.all, written{n: n, created: at, arrived: at})
		}
		d := doer{t: t, hosts: map[string]http.Handler{"a.example": &f}, now: &now}
		q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}, Since: now.AddDate(0, 0, -40)}
		got := map[string]bool{}
		var cursor collectors.Cursor
		for pages, more := 0, true; more; pages++ {
			p, err := made(t, `{"servers":["a.example"]}`, d, &now).Collect(t.Context(), q, cursor)
			if err != nil {
				t.Fatalf("%d vanished: %v", vanish, err)
			}
			for _, m := range p.Mentions {
				got[m.ID] = true
			}
			if pages == 8 { // 400 and more were read
				f.all = f.all[vanish:]
			}
			cursor, more = p.Next, p.More
		}
		if len(got) != 600 {
			t.Errorf("%d vanished: %d of 600 posts found", vanish, len(got))
		}
	}
}

// TestWindow shows that every page begins with an entry already read and brings
// at least as many new ones as the smallest page holds, less one.
func TestWindow(t *testing.T) {
	for offset := range deepest {
		page, limit := window(offset)
		start := (page - 1) * limit
		if limit < leastPage || limit > mostPage || offset > 0 && start >= offset || offset == 0 && start != 0 || start+limit < offset+leastPage-1 {
			t.Fatalf("offset %d: page %d of %d begins at %d", offset, page, limit, start)
		}
	}
}
