package stackexchange

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"adalid/collectors"
)

func TestRecall(t *testing.T) {
	for _, perDay := range []int{300, 7} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%d a day/%d", perDay, seed), func(t *testing.T) { recall(t, perDay, rand.New(rand.NewPCG(seed, 7))) })
		}
	}
}

// recall scans now and then for a month. Every page goes to a collector of its
// own, and some pages are lost before they are stored. No method may be asked
// before the end of a wait that was stored.
func recall(t *testing.T, perDay int, r *rand.Rand) {
	begin := time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC)
	now := begin.Add(12 * 24 * time.Hour)
	f := &fake{t: t, perDay: perDay, rand: r, all: month(r, begin)}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}, Since: begin}
	got := map[string]bool{}
	var cursor collectors.Cursor
	pages, paused, spent, again := 0, 0, 0, 0
	end := begin.Add(31 * 24 * time.Hour)
	for last := false; !last; now = now.Add(time.Duration(r.Int64N(int64(40 * time.Hour)))) {
		last = !now.Before(end)
		for more := true; more; pages++ {
			f.now = now
			p, err := made(t, `{}`, f, &now).Collect(t.Context(), q, cursor)
			if e := (*collectors.Error)(nil); errors.As(err, &e) && (e.Kind == collectors.RateLimited || e.Kind == collectors.Quota) {
				if !e.Until.After(now) {
					t.Fatalf("paused until %v, which is not after now", e.Until)
				}
				if now = e.Until; e.Kind == collectors.Quota {
					spent++
				}
				paused++
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			if pages > 20000 {
				t.Fatal("no end")
			}
			if r.IntN(6) == 0 {
				again++
				now = now.Add(time.Minute) // longer than any wait: it is lost with the page
				continue                   // before it was stored: the same cursor once more
			}
			now = now.Add(time.Duration(r.IntN(20)) * time.Second)
			for _, m := range p.Mentions {
				got[m.ID] = true
			}
			cursor, more = p.Next, p.More
		}
	}
	missing := 0
	for n := range written700 {
		if !got[fmt.Sprintf("stackoverflow.com/%d", n+1)] {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%d of %d posts are missing", missing, written700)
	}
	t.Logf("%d pages, %d requests, %d pauses, %d of them for the quota, %d pages read again", pages, f.requests, paused, spent, again)
}

// TestOneSecond reads more posts of one second than a page holds.
func TestOneSecond(t *testing.T) {
	now := time.Date(2026, 10, 21, 12, 0, 0, 0, time.UTC)
	f := &fake{t: t, perDay: 300, now: now}
	for n := range 350 {
		at := now.Add(-time.Hour)
		if n >= 260 {
			at = now.Add(-time.Minute)
		}
		f.all = append(f.all, written{n: n, created: at, found: at})
	}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	got := map[string]bool{}
	var cursor collectors.Cursor
	for more := true; more; {
		p, err := made(t, `{}`, f, &now).Collect(t.Context(), q, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Mentions {
			got[m.ID] = true
		}
		cursor, more = p.Next, p.More
	}
	if len(got) != 350 {
		t.Errorf("%d of 350 posts", len(got))
	}
}
