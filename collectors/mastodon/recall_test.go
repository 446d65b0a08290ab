package mastodon

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"adalid/collectors"
)

const written700 = 700

// month is a month of posts with quiet days and storms; some reach other
// servers only an hour and a half later and are then sorted in where they were
// written.
func month(r *rand.Rand, begin time.Time) (first, second []post) {
	for n := range written700 {
		at := begin.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour))))
		if n%3 == 0 { // an evening of every tenth day
			at = begin.Add(time.Duration(r.IntN(3)*10+9)*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour))))
		}
		at = at.Truncate(time.Millisecond)
		p := post{id: idOf(at, n), n: n, created: at, arrived: at}
		if r.IntN(4) == 0 {
			p.arrived = at.Add(time.Duration(r.Int64N(int64(90 * time.Minute))))
		}
		if where := r.IntN(3); where != 0 {
			first = append(first, p)
			if where == 1 {
				second = append(second, p)
			}
		} else {
			second = append(second, p)
		}
	}
	byID := func(a, b post) int { return int(int64(a.id - b.id)) }
	slices.SortFunc(first, byID)
	slices.SortFunc(second, byID)
	return first, second
}

func TestRecall(t *testing.T) {
	quirks := map[string]fake{
		"Mastodon": {}, "ignores min_id": {ignores: true}, "misreads min_id": {misreads: true},
		"no links": {linkless: true}, "small pages": {most: 20}, "few requests": {perWindow: 4},
		"mentions": {only: "/api/v1/notifications"}, "search": {only: "/api/v2/search"},
	}
	for name, quirk := range quirks {
		for seed := range uint64(2) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) { recall(t, quirk, newRand(seed)) })
		}
	}
}

// recall scans now and then for a month. Every page goes to a collector of its
// own, some pages are read twice and some are lost before they are stored.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

func recall(t *testing.T, quirk fake, r *rand.Rand) {
	begin := time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC)
	now := begin.Add(12 * 24 * time.Hour)
	a, b := quirk, fake{}
	a.perWindow, b.perWindow = cmp.Or(a.perWindow, 300), 300
	a.posts, b.posts = month(r, begin)
	settings := `{"servers":["a.example","b.example"]}`
	if quirk.only != "" {
		settings = `{"servers":["a.example","b.example"],"token":"t","token_server":"a.example"}`
	}
	d := doer{t: t, hosts: map[string]http.Handler{"a.example": &a, "b.example": &b}, now: &now}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}, Since: begin}
	got := map[string]bool{}
	var cursor collectors.Cursor
	pages, paused, again := 0, 0, 0
	end := begin.Add(31 * 24 * time.Hour)
	for last := false; !last; now = now.Add(time.Duration(r.Int64N(int64(40 * time.Hour)))) {
		if last = !now.Before(end); last {
			now = now.Add(4 * time.Hour)
		}
		for more := true; more; pages++ {
			a.now, b.now = now, now
			p, err := made(t, settings, d, &now).Collect(t.Context(), q, cursor)
			if e := (*collectors.Error)(nil); errors.As(err, &e) && e.Kind == collectors.RateLimited {
				now, paused = e.Until, paused+1
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			if pages > 20000 {
				t.Fatal("no end")
			}
			now = now.Add(time.Duration(r.IntN(40)) * time.Second)
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
		if id := fmt.Sprintf("https://far.example/users/p%d/statuses/%d", n, n); !got[id] {
			missing++
		}
	}
	if missing > 0 || len(got) != written700 {
		t.Errorf("%d of %d posts are missing", missing, written700)
	}
	t.Logf("%d pages, %d + %d requests, %d pauses, %d pages read again", pages, a.requests, b.requests, paused, again)
}
