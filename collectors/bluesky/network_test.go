package bluesky

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

// direct sends requests as they are; refusals become errors.
type direct struct {
	limits collectors.Limits
	now    func() time.Time
}

func (d direct) Do(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		if r.Context().Err() != nil {
			return nil, r.Context().Err()
		}
		return nil, &collectors.Error{Kind: collectors.Transient, Message: "no answer", Err: err}
	}
	if err := d.limits.Refused(answer, d.now()); err != nil {
		return nil, err
	}
	return answer, nil
}

// opened makes a collector with these settings, its streams at a quick pace.
func opened(t *testing.T, settings map[string]any, now func() time.Time) *collector {
	t.Helper()
	d := Definition()
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	made, err := d.New(collectors.Setup{
		Decode: func(into any) error { return d.Decode(text, into) },
		HTTP:   direct{d.Limits, now}, Now: now, Meter: collectors.Free{},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := made.(*collector)
	c.pace = pace{fill: 5, soon: 20 * time.Millisecond, late: 50 * time.Millisecond, quiet: 10 * time.Second, span: 5 * time.Second, ping: time.Second}
	return c
}

func settingsOf(server string) map[string]any {
	return map[string]any{"handle": "brisa.example", "app_password": "xxxx", "server": server, "appview": server, "jetstream": server}
}

var acme = collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}

// network answers as a server whose search is paged by time, with the limits of
// the real one.
type network struct {
	now       time.Time
	posts     []planted
	ignores   bool // since and until
	deepest   int  // posts after which a cursor is refused
	requests  int
	perWindow int // requests after which 429 is answered
	window    int
	reset     time.Time
	access    int // requests that a session lasts
	used      int
	sessions  int
	largest   int
}

type planted struct {
	key             string
	indexed, sorted time.Time
}

func (n *network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	refuse := func(status int, name string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":%q,"message":"no"}`, name)
	}
	if n.now.After(n.reset) { // a window of five minutes begins
		n.window, n.reset = 0, n.now.Add(5*time.Minute)
	}
	n.requests++
	if n.window++; n.window > n.perWindow {
		w.Header().Set("RateLimit-Remaining", "0")
		w.Header().Set("RateLimit-Reset", strconv.FormatInt(n.reset.Unix()+1, 10))
		refuse(429, "RateLimitExceeded")
		return
	}
	switch r.URL.Path {
	case createPath, "/xrpc/com.atproto.server.refreshSession":
		n.sessions++
		n.used = 0
		fmt.Fprintf(w, `{"accessJwt":"a%d","refreshJwt":"r","handle":"brisa.example","did":"did:plc:brisa"}`, n.sessions)
	case "/xrpc/app.bsky.feed.searchPosts":
		if n.used++; n.used > n.access || r.Header.Get("Authorization") != fmt.Sprintf("Bearer a%d", n.sessions) {
			refuse(400, "ExpiredToken")
			return
		}
		n.search(w, r, refuse)
	default:
		refuse(501, "MethodNotImplemented")
	}
}

// search gives what the network had at its time, the newest first; its cursor
// is the place of the last post in the order of all.
func (n *network) search(w http.ResponseWriter, r *http.Request, refuse func(int, string)) {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	n.largest = max(n.largest, limit)
	since, _ := time.Parse(time.RFC3339, q.Get("since"))
	until, err := time.Parse(time.RFC3339, q.Get("until"))
	if err != nil {
		until = n.now.Add(time.Hour)
	}
	var seen []planted
	for _, p := range n.posts {
		if !p.indexed.After(n.now) && (n.ignores || !p.sorted.Before(since) && p.sorted.Before(until)) {
			seen = append(seen, p)
		}
	}
	slices.SortFunc(seen, func(a, b planted) int { return cmp.Or(b.sorted.Compare(a.sorted), cmp.Compare(a.key, b.key)) })
	at, from := 0, q.Get("cursor")
	if from != "" {
		depth, rest, _ := strings.Cut(from, "/")
		us, key, _ := strings.Cut(rest, "/")
		t, _ := strconv.ParseInt(us, 10, 64)
		for at < len(seen) && (seen[at].sorted.UnixMicro() > t || seen[at].sorted.UnixMicro() == t && seen[at].key <= key) {
			at++
		}
		if d, _ := strconv.Atoi(depth); d >= n.deepest {
			refuse(400, "InvalidRequest")
			return
		}
	}
	page := seen[at:min(len(seen), at+limit)]
	answer := map[string]any{"posts": views(page)}
	if len(page) == limit {
		last := page[len(page)-1]
		depth, _ := strconv.Atoi(strings.Split(from, "/")[0])
		answer["cursor"] = fmt.Sprintf("%d/%d/%s", depth+len(page), last.sorted.UnixMicro(), last.key)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func views(posts []planted) []any {
	out := []any{}
	for _, p := range posts {
		out = append(out, map[string]any{
			"uri": "at://did:plc:a/app.bsky.feed.post/" + p.key, "cid": "c", "author": map[string]any{"did": "did:plc:a", "handle": "a.example"},
			"record": map[string]any{"$type": postType, "text": "acme", "createdAt": p.sorted}, "indexedAt": p.indexed,
		})
	}
	return out
}

// Every post of a month is found by a first scan and the ones after it, over
// pages, rate limits, expired sessions, cursors that end, and a new process for
// every page; posts appear while a scan is walking, and some claim to be older.
func TestEveryPostOfAMonthIsFound(t *testing.T) {
	for _, ignores := range []bool{false, true} {
		t.Run(fmt.Sprint("server ignores since: ", ignores), func(t *testing.T) {
			start := collectortest.Now.AddDate(0, 0, -30)
			n := &network{now: collectortest.Now.AddDate(0, 0, -6), ignores: ignores, deepest: 300, perWindow: 9, access: 3}
			if ignores {
				n.deepest = 1e6
			}
			for i := range 700 {
				at := start.Add(time.Duration(i/2)*30*24*time.Hour/350 + time.Minute)
				p := planted{key: fmt.Sprintf("3k%04d", i), indexed: at, sorted: at}
				if i%2 == 1 { // written offline before the one that was indexed before it
					p.indexed, p.sorted = at.Add(40*time.Minute), at.Add(-10*time.Minute)
				}
				n.posts = append(n.posts, p)
			}
			server := httptest.NewServer(n)
			defer server.Close()
			found := map[string]bool{}
			var cursor collectors.Cursor
			reads, pages, waits := 0, 0, 0
			var c *collector
			for scan := range 50 { // every three hours; the first reaches 24 days back
				for more := true; more; pages++ {
					if c == nil || pages%3 != 0 { // the process is started anew
						c = opened(t, settingsOf(server.URL), func() time.Time { return n.now })
					}
					page, err := c.Collect(t.Context(), acme, cursor)
					if e := refusal(err); e != nil && e.Kind == collectors.RateLimited {
						n.now = e.Until.Add(time.Second)
						waits++
						continue
					}
					if err != nil {
						t.Fatalf("scan %d: %v", scan, err)
					}
					for _, m := range page.Mentions {
						found[m.ID] = true
						reads++
					}
					cursor, more = page.Next, page.More
					n.now = n.now.Add(20 * time.Second)
					if len(page.Warnings) > 0 || pages > 300 {
						t.Fatalf("page %d: %q", pages, page.Warnings)
					}
				}
				n.now = collectortest.Now.AddDate(0, 0, -6).Add(time.Duration(scan+1) * 3 * time.Hour)
			}
			if len(found) != 700 || n.largest != 100 || waits == 0 {
				t.Errorf("%d of 700 posts found, %d at once, %d waits", len(found), n.largest, waits)
			}
			t.Logf("%d of 700 found in %d pages, %d requests, %d waits, %d sessions, %d posts read", len(found), pages, n.requests, waits, n.sessions, reads)
		})
	}
}

// One collector makes one session and refreshes it.
func TestSessionIsKept(t *testing.T) {
	n := &network{now: collectortest.Now, deepest: 1e6, perWindow: 1e6, access: 2}
	for i := range 550 {
		at := collectortest.Now.Add(-time.Duration(i) * time.Minute)
		n.posts = append(n.posts, planted{key: fmt.Sprint("3k", i), indexed: at, sorted: at})
	}
	created := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == createPath {
			created++
		}
		n.ServeHTTP(w, r)
	}))
	defer server.Close()
	c := opened(t, settingsOf(server.URL), func() time.Time { return n.now })
	pages, err := collectortest.Collect(t.Context(), c, acme, nil, 20)
	if err != nil || len(pages) != 6 || created != 1 || n.sessions != 3 {
		t.Errorf("%d pages, %d sessions, %d of them made from the password: %v", len(pages), n.sessions, created, err)
	}
}

// What no search without results would answer is an error behind a good session
// too, and so it is for each of the other methods.
func TestFaultsBehindASession(t *testing.T) {
	calls := map[string]func(*collector) error{
		"collect": func(c *collector) error { _, err := c.Collect(t.Context(), acme, nil); return err },
		"check": func(c *collector) error {
			_, err := c.Check(t.Context(), []string{"at://did:plc:a/app.bsky.feed.post/3a"})
			return err
		},
		"hydrate":   func(c *collector) error { _, err := c.Hydrate(t.Context(), []string{"did:plc:a"}); return err },
		"jetstream": func(c *collector) error { return c.Stream(t.Context(), acme, nil, nil) },
	}
	for _, f := range collectortest.Faults(Definition().Limits) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == createPath {
				fmt.Fprint(w, `{"accessJwt":"a","refreshJwt":"r","handle":"brisa.example","did":"did:plc:brisa"}`)
				return
			}
			f.Answer(w, r)
		}))
		for name, call := range calls {
			e := refusal(call(opened(t, settingsOf(server.URL), func() time.Time { return collectortest.Now })))
			if e == nil || !slices.Contains(f.Kinds, e.Kind) || f.Waits && !e.Until.After(collectortest.Now) {
				t.Errorf("%s of %s: %+v, want one of %q", f.Name, name, e, f.Kinds)
			}
		}
		server.Close()
	}
}
