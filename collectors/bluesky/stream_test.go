package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/collectortest"
)

// jetstream sends its events from a cursor on, then waits or hangs up. It also
// answers for the public server.
type jetstream struct {
	mu     sync.Mutex
	events []string // in order of time_us
	hangUp bool
	oldest int64 // events before it are no longer held
	asked  []url.Values
	actors int // accounts asked for
	refuse bool
}

func (j *jetstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/xrpc/app.bsky.actor.getProfiles" {
		j.profiles(w, r)
		return
	}
	j.mu.Lock()
	j.asked = append(j.asked, r.URL.Query())
	events := slices.Clone(j.events)
	j.mu.Unlock()
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	cursor, _ := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64)
	ctx := conn.CloseRead(r.Context())
	for _, e := range events {
		var at struct {
			Time int64 `json:"time_us"`
		}
		if json.Unmarshal([]byte(e), &at) == nil && at.Time > 0 && (at.Time < cursor || at.Time < j.oldest) {
			continue
		}
		if conn.Write(ctx, websocket.MessageText, []byte(e)) != nil {
			return
		}
	}
	if j.hangUp {
		conn.Close(websocket.StatusGoingAway, "restart")
		return
	}
	<-ctx.Done()
}

func (j *jetstream) profiles(w http.ResponseWriter, r *http.Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	actors := r.URL.Query()["actors"]
	j.actors += len(actors)
	if j.refuse && slices.Contains(actors, "did:plc:mara") || len(actors) > batch {
		w.WriteHeader(500)
		return
	}
	out := []any{}
	for _, a := range actors {
		name := strings.TrimSuffix(strings.TrimPrefix(a, "did:plc:"), ".example")
		if name != "gone" {
			out = append(out, map[string]any{"did": "did:plc:" + name, "handle": name + ".example", "displayName": strings.ToUpper(name), "followersCount": len(name), "description": "bio"})
		}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"profiles": out})
}

// began is shortly before now: what a stream without a cursor gets.
var began = collectortest.Now.Add(-4 * time.Second).UnixMicro()

func commit(at int64, who, operation, key string, record any) string {
	e := map[string]any{"did": "did:plc:" + who, "time_us": began + at, "kind": "commit", "commit": map[string]any{
		"rev": "3r", "operation": operation, "collection": postType, "rkey": key, "record": record, "cid": "c",
	}}
	b, _ := json.Marshal(e)
	return string(b)
}

func text(s string, more ...any) map[string]any {
	r := map[string]any{"$type": postType, "text": s, "createdAt": "2026-10-21T11:59:50.5Z", "langs": []string{"ES"}}
	for i := 0; i+1 < len(more); i += 2 {
		r[more[i].(string)] = more[i+1]
	}
	return r
}

func at(who, key string) map[string]any {
	return map[string]any{"uri": "at://did:plc:" + who + "/" + postType + "/" + key, "cid": "c"}
}

// streamed runs Stream until so many mentions and deletions were saved.
func streamed(t *testing.T, c *collector, q collectors.Query, from collectors.Cursor, most int) (pages []collectors.Page, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = c.Stream(ctx, q, from, func(p collectors.Page) error {
		if !json.Valid(p.Next) || !p.More {
			t.Errorf("a page without a cursor: %s", p.Next)
		}
		pages = append(pages, p)
		if most -= len(p.Mentions) + len(p.Gone); most <= 0 {
			cancel()
		}
		return nil
	})
	return pages, err
}

func joined(pages []collectors.Page) (all collectors.Page) {
	for _, p := range pages {
		all.Mentions, all.Gone, all.Warnings = append(all.Mentions, p.Mentions...), append(all.Gone, p.Gone...), append(all.Warnings, p.Warnings...)
		all.Rows, all.Next = all.Rows+p.Rows, p.Next
	}
	return all
}

func now() time.Time { return collectortest.Now }

func keyless(server string) map[string]any {
	return map[string]any{"appview": server, "jetstream": "ws" + strings.TrimPrefix(server, "http"), "replay_hours": 1}
}

func TestStream(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	j := &jetstream{events: []string{
		commit(1, "mara", "create", "3a", text("Hoy en ÁCME® otra vez")),
		commit(2, "teo", "create", "3b", text("nothing of ours")),
		`{"did":"did:plc:teo","time_us":` + fmt.Sprint(began+3) + `,"kind":"account","account":{"active":false,"status":"deleted"}}`,
		`no json`, `[]`, `{}`,
		commit(4, "teo", "create", "3c", text("Totally agree", "reply", map[string]any{"root": at("x", "1"), "parent": at("brisa", "2")})),
		commit(5, "iria", "create", "3d", text("Look", "embed", map[string]any{"$type": "app.bsky.embed.record", "record": at("brisa", "2")})),
		commit(6, "nuno", "create", "3e", text("¡Olé @brisa.example!", "facets", []any{map[string]any{
			"index": map[string]any{"byteStart": 7, "byteEnd": 21}, "features": []any{map[string]any{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:brisa"}},
		}})),
		commit(7, "teo", "create", "3f", map[string]any{"text": 7}),
		commit(8, "teo", "create", "3g", text("acme, deleted at once")),
		commit(9, "teo", "delete", "3g", nil),
		commit(10, "xeno", "delete", "3z", nil),
		commit(11, "gone", "create", "3h", text("acme from 1974", "createdAt", "1974-01-01T00:00:00Z", "langs", "es")),
		commit(12, "duo", "create", "3i", text("of an account that the query names")),
		commit(13, "teo", "create", "../3j", text("acme with a key that is none")),
	}}
	server := httptest.NewServer(j)
	defer server.Close()
	q := acme
	q.Terms = append(slices.Clone(q.Terms), collectors.Term{Kind: collectors.From, Text: "duo.example"})
	q.Brand.Own = append(q.Brand.Own, own("brisa.example"))
	c := opened(t, settingsOf(server.URL), now)
	c.pace.fill = 50
	pages, err := streamed(t, c, q, nil, 8)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a stream that is stopped ends with %v", err)
	}
	all := joined(pages)
	var got []string
	for _, m := range all.Mentions {
		got = append(got, fmt.Sprintf("%s %s %v >%s \"%s @%v %s %s", m.ID[len(m.ID)-2:], m.Author.Handle, m.Author.Followers != nil,
			m.ReplyTo, m.QuoteOf, m.Mentions, m.Lang, m.CreatedAt.Format("2006 15:04:05")))
	}
	want := []string{
		`3a mara.example true > " @[] es 2026 11:59:50`, `3c teo.example true >brisa.example " @[] es 2026 11:59:50`,
		`3d iria.example true > "brisa.example @[] es 2026 11:59:50`, `3e nuno.example true > " @[brisa.example] es 2026 11:59:50`,
		`3h  false > " @[]  2026 11:59:56`,
		`3i duo.example true > " @[] es 2026 11:59:50`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("mentions\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(all.Gone) != 2 || all.Gone[0].ID != "at://did:plc:teo/app.bsky.feed.post/3g" || all.Gone[1].ID != "at://did:plc:xeno/app.bsky.feed.post/3z" {
		t.Errorf("gone: %v", all.Gone)
	}
	if url := all.Mentions[0].URL; url != "https://bsky.app/profile/mara.example/post/3a" {
		t.Error(url)
	}
	if len(all.Warnings) > 0 {
		t.Errorf("warnings: %q", all.Warnings)
	}
	if v := j.asked[0]; v.Get("wantedCollections") != postType || v.Get("maxMessageSizeBytes") == "" || v.Get("cursor") != fmt.Sprint(now().Add(-rewind).UnixMicro()) {
		t.Errorf("asked for %v", v)
	}
}

func own(handle string) (o adalid.OwnAccount) {
	o.Platform, o.Handle = platform, handle
	return o
}

// A connection that breaks off hands on what came before, as an error says; the
// next one begins a little before.
func TestStreamResumes(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	j := &jetstream{hangUp: true, events: []string{commit(1, "mara", "create", "3a", text("acme one")), commit(2e6, "mara", "create", "3b", text("acme two"))}}
	server := httptest.NewServer(j)
	defer server.Close()
	c := opened(t, settingsOf(server.URL), now)
	pages, err := streamed(t, c, acme, nil, 100)
	all := joined(pages)
	if e := refusal(err); e == nil || e.Kind != collectors.Transient || len(all.Mentions) != 2 {
		t.Fatalf("%d mentions, then %v", len(all.Mentions), err)
	}
	j.events = append(j.events, commit(4e6, "mara", "create", "3c", text("acme three")))
	pages, _ = streamed(t, c, acme, all.Next, 100)
	if got, want := j.asked[1].Get("cursor"), fmt.Sprint(began+2e6-rewind.Microseconds()); got != want {
		t.Errorf("resumed at %s, want %s", got, want)
	}
	if all = joined(pages); len(all.Mentions) != 3 { // two of them again
		t.Errorf("%d mentions after the break", len(all.Mentions))
	}
}

func TestStreamStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	full := errors.New("disk full")
	big := commit(1, "mara", "create", "3a", text("acme "+strings.Repeat("x", largestRead)))
	for name, tt := range map[string]struct {
		events []string
		check  func(error) bool
	}{
		"save fails":               {[]string{commit(1, "mara", "create", "3a", text("acme"))}, func(err error) bool { return errors.Is(err, full) }},
		"message beyond the limit": {[]string{big}, func(err error) bool { e := refusal(err); return e != nil && e.Kind == collectors.Schema }},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(&jetstream{events: tt.events})
			defer server.Close()
			err := opened(t, settingsOf(server.URL), now).Stream(t.Context(), acme, nil, func(collectors.Page) error { return full })
			if !tt.check(err) {
				t.Errorf("ends with %v", err)
			}
		})
	}
}

// A stream that joined on to a search moves the search's marks; one that found a
// gap does not, and says so.
func TestStreamAfterASearch(t *testing.T) {
	last := began + 3e6
	for name, tt := range map[string]struct {
		oldest int64
		ended  time.Duration
		mark   int64
		warns  int
	}{
		"joined": {0, -time.Second, last / 1000, 0},
		"gap":    {0, -time.Hour, 7, 1},
	} {
		t.Run(name, func(t *testing.T) {
			j := &jetstream{events: []string{commit(0, "teo", "create", "3z", text("-")), commit(3e6, "mara", "create", "3a", text("acme"))}}
			server := httptest.NewServer(j)
			defer server.Close()
			from, err := json.Marshal(state{Marks: map[string]int64{"search acme": 7, "search other": 7}, Ended: now().Add(tt.ended).UnixMicro()})
			if err != nil {
				t.Fatal(err)
			}
			pages, _ := streamed(t, opened(t, settingsOf(server.URL), now), acme, from, 1)
			st, err := decodeCursor(joined(pages).Next)
			if err != nil || st.Marks["search acme"] != tt.mark || st.Marks["search other"] != 7 || st.Live != last {
				t.Errorf("%v, cursor %+v", err, st)
			}
			if w := joined(pages).Warnings; len(w) != tt.warns {
				t.Errorf("warnings %q", w)
			}
		})
	}
}

// Authors that could not be asked for come without facts; the page is kept.
func TestStreamWithoutProfiles(t *testing.T) {
	server := httptest.NewServer(&jetstream{refuse: true, events: []string{commit(1, "mara", "create", "3a", text("acme"))}})
	defer server.Close()
	pages, _ := streamed(t, opened(t, settingsOf(server.URL), now), acme, nil, 1)
	all := joined(pages)
	if len(all.Mentions) != 1 || len(all.Warnings) != 1 || all.Mentions[0].Author.Key != "did:plc:mara" || all.Mentions[0].URL != "https://bsky.app/profile/did:plc:mara/post/3a" {
		t.Errorf("%+v", all)
	}
}

// Without credentials Collect reads what Jetstream holds: every matching post
// of an hour is found, page by page, with a new process for each.
func TestKeylessCollectReadsJetstream(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	j := &jetstream{}
	server := httptest.NewServer(j)
	defer server.Close()
	clock := collectortest.Now
	found, pages := map[string]bool{}, 0
	var cursor collectors.Cursor
	for scan := range 3 {
		j.mu.Lock()
		for i := range 700 { // each scan finds 234 of them
			at := -3600e6 + float64(scan)*600e6 + float64(i)*5e6/6
			if i%3 == scan {
				j.events = append(j.events, commit(int64(at), "mara", "create", fmt.Sprintf("3k%04d", i), text("acme")), commit(int64(at)+1, "teo", "create", fmt.Sprintf("3x%04d", i), text("-")))
			}
		}
		clock = collectortest.Now.Add(-time.Hour + time.Duration(scan+1)*10*time.Minute)
		j.events = append(j.events, commit(clock.UnixMicro()-began, "teo", "create", "3now", text("-")))
		slices.SortFunc(j.events, func(a, b string) int { return strings.Compare(timeOf(a), timeOf(b)) })
		j.mu.Unlock()
		if scan == 0 {
			cursor, _ = json.Marshal(state{Live: began - 3600e6})
		}
		for more := true; more; pages++ {
			page, err := opened(t, keyless(server.URL), func() time.Time { return clock }).Collect(t.Context(), acme, cursor)
			if err != nil || pages > 50 {
				t.Fatalf("page %d: %v", pages, err)
			}
			for _, m := range page.Mentions {
				found[m.ID] = true
			}
			cursor, more = page.Next, page.More
		}
	}
	if len(found) != 700 {
		t.Errorf("%d of 700 posts found", len(found))
	}
	t.Logf("%d of 700 found in %d pages, %d accounts asked for", len(found), pages, j.actors)
}

func timeOf(event string) string {
	_, rest, _ := strings.Cut(event, `"time_us":`)
	return rest[:16]
}

// A first call without credentials looks an hour back, or to where it is asked
// to; a server that stays silent is no proof that nothing was posted.
func TestKeylessBegins(t *testing.T) {
	j := &jetstream{}
	server := httptest.NewServer(j)
	defer server.Close()
	c := opened(t, keyless(server.URL), now)
	c.pace.quiet = 20 * time.Millisecond
	q := acme
	for i, back := range []time.Duration{time.Hour, 10 * time.Minute} {
		page, err := c.Collect(t.Context(), q, nil)
		if err != nil || page.More || page.Observed != nil {
			t.Errorf("%+v, %v", page, err)
		}
		st, err := decodeCursor(page.Next)
		if want := now().Add(-back).UnixMicro(); err != nil || st.Live != want || j.asked[i].Get("cursor") != fmt.Sprint(want-rewind.Microseconds()) {
			t.Errorf("%v: asked from %s, the next call from %d, want %d", err, j.asked[i].Get("cursor"), st.Live, want)
		}
		q.Since = now().Add(-10 * time.Minute)
	}
}
