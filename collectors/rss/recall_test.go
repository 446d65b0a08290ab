package rss

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
)

// blog is a feed that shows its last posts, on a server with moods.
type blog struct {
	posts   []time.Time // oldest first
	shows   int         // at most so many
	knows   bool        // conditional requests
	fails   func() bool
	now     *time.Time
	seen304 int
}

func (b *blog) answer(r *http.Request) *http.Response {
	if b.fails() {
		return reply(http.StatusServiceUnavailable, "", "Retry-After: 600")
	}
	n, _ := slices.BinarySearchFunc(b.posts, *b.now, time.Time.Compare)
	etag := fmt.Sprintf(`"%d"`, n)
	if b.knows && r.Header.Get("If-None-Match") == etag {
		b.seen304++
		return reply(http.StatusNotModified, "")
	}
	var items strings.Builder
	for i := n - 1; i >= max(0, n-b.shows); i-- {
		fmt.Fprintf(&items, "<item><guid>%d</guid><title>Acme %d</title><pubDate>%s</pubDate></item>", i, i, b.posts[i].Format(time.RFC1123Z))
	}
	headers := []string{"Content-Type: text/xml"}
	if b.knows {
		headers = append(headers, "ETag: "+etag)
	}
	return reply(200, "<rss><channel><title>t</title>"+items.String()+"</channel></rss>", headers...)
}

const written = 700

// TestRecall reads three blogs now and then for a month, one of which fails
// every third time. Some pages are lost before they are stored and read again.
func TestRecall(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { recall(t, rand.New(rand.NewPCG(seed, 7))) })
	}
}

func recall(t *testing.T, r *rand.Rand) {
	begin := time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC)
	now := begin
	never := func() bool { return false }
	blogs := []*blog{{shows: 50, knows: true, fails: never}, {shows: 50, fails: never}, {shows: 100, knows: true, fails: func() bool { return r.IntN(3) == 0 }}}
	for range written {
		b := blogs[r.IntN(3)]
		b.posts = append(b.posts, begin.Add(time.Duration(r.Int64N(int64(30*24*time.Hour)))).Truncate(time.Second))
	}
	d := doer{now: &now, hosts: map[string]func(*http.Request) *http.Response{}}
	var urls, keys []string
	for i, b := range blogs {
		b.now = &now
		slices.SortFunc(b.posts, time.Time.Compare)
		host := fmt.Sprintf("b%d.example", i)
		d.hosts[host], urls = b.answer, append(urls, "https://"+host+"/feed")
		keys = append(keys, made(t, d, &now, urls[i]).(*collector).sources[0].key)
	}
	got := map[string]bool{}
	var cursor collectors.Cursor
	pages, warnings, complete := 0, 0, 0
	for end := begin.Add(31 * 24 * time.Hour); now.Before(end); now = now.Add(time.Duration(r.Int64N(int64(8 * time.Hour)))) {
		for more := true; more; pages++ {
			p, err := made(t, d, &now, urls...).Collect(t.Context(), collectors.Query{}, cursor)
			if e := (*collectors.Error)(nil); errors.As(err, &e) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if r.IntN(6) == 0 {
				continue // lost before it was stored: the same cursor once more
			}
			warnings, complete = warnings+len(p.Warnings), complete+len(p.Observed)
			for _, m := range p.Mentions {
				got[m.ID] = true
			}
			for _, o := range p.Observed {
				for i, b := range blogs {
					for n, at := range b.posts {
						if id := fmt.Sprintf("%s/%d", keys[i], n); !at.Before(o.From) && at.Before(o.To) && !got[id] {
							t.Fatalf("%v is said to be known, but post %d of blog %d is not", o, n, i)
						}
					}
				}
			}
			cursor, more = p.Next, p.More
		}
	}
	if len(got) != written || warnings == 0 || complete == 0 || blogs[0].seen304 == 0 {
		t.Errorf("%d of %d posts, %d warnings, %d complete rounds, %d times not modified", len(got), written, warnings, complete, blogs[0].seen304)
	}
	t.Logf("%d posts, %d pages, %d warnings, %d complete rounds, cursor %d bytes", len(got), pages, warnings, complete, len(cursor))
}
