package mastodon

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

// called are the addresses that the collector asks, and how their posts stand
// in the answer; "one" is a post by itself.
var called = []struct {
	path *regexp.Regexp
	kind kind
}{
	{regexp.MustCompile(`^/api/v1/timelines/(tag/[^/]+|public)$`), tags},
	{regexp.MustCompile(`^/api/v1/(accounts/\d+/statuses|statuses/\d+/quotes|trends/statuses)$`), tags}, // of the same shape
	{regexp.MustCompile(`^/api/v1/notifications$`), mentions},
	{regexp.MustCompile(`^/api/v2/search$`), search},
	{regexp.MustCompile(`^/api/v1/statuses/\d+$`), "one"},
}

// TestWire reads every recorded answer of the kinds that are asked for.
func TestWire(t *testing.T) {
	answers, posts, probed := map[kind]int{}, map[kind]int{}, 0
	for _, a := range collectortest.Wire(t, "mastodon") {
		u, err := url.Parse(a.URI)
		if err != nil {
			t.Fatal(err)
		}
		var k kind
		for _, c := range called {
			if c.path.MatchString(u.Path) {
				k = c.kind
			}
		}
		switch {
		case a.Status/100 == 4:
			refused(t, a)
		case strings.HasSuffix(u.Path, "/verify_credentials") || strings.TrimSuffix(u.Path, "/") == "/api/v2/instance":
			probed++
			probes(t, a, strings.HasSuffix(u.Path, "/verify_credentials"))
		case k == "" || a.Method != http.MethodGet:
			t.Logf("not ours: %d %s %s", a.Status, a.Method, u.Path)
		default:
			answers[k]++
			posts[k] += whole(t, a, k)
		}
	}
	for _, k := range []kind{tags, mentions, search, "one"} {
		if answers[k] == 0 {
			t.Errorf("no recorded answer of kind %q", k)
		}
		t.Logf("%s: %d answers, %d posts", k, answers[k], posts[k])
	}
	t.Logf("probes: %d answers", probed)
}

// probes shows that an answer to a probe is a good one.
func probes(t *testing.T, a collectortest.Answer, token bool) {
	t.Helper()
	given := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(a.Body) })
	now := collectortest.Now
	settings := `{"servers":["home.example"]}`
	if token {
		settings = `{"servers":["home.example"],"token":"x"}`
	}
	c := made(t, settings, doer{t: t, now: &now, hosts: map[string]http.Handler{"home.example": given}}, &now)
	err := c.(collectors.Prober).Probe(t.Context())
	if e := (*collectors.Error)(nil); errors.As(err, &e) && e.Kind != collectors.Auth || err != nil && token {
		t.Errorf("%s: %v", a.URI, err)
	}
}

// whole shows that an answer gives as many posts as its JSON holds.
func whole(t *testing.T, a collectortest.Answer, k kind) int {
	t.Helper()
	body := a.Body
	if k == "one" {
		body = append(append([]byte("["), body...), ']')
	}
	want := holds(t, body, k)
	answer := a.Response()
	answer.Body = answerOf(string(body)).Body
	f := feed{server: server{base: url.URL{Scheme: "https", Host: "mastodon.example"}}, kind: k}
	items, err := read(k, answer)
	if err != nil || len(items) != want {
		t.Fatalf("%s: %d posts, want %d: %v", a.URI, len(items), want, err)
	}
	l := &list{items: items}
	l.links(answer.Header, server{base: url.URL{Host: hostOf(a.URI)}})
	if linked := answer.Header.Get("Link") != ""; linked != (l.next != "" || l.prev != "") || l.foreign {
		t.Errorf("%s: links %q give %q and %q", a.URI, answer.Header.Get("Link"), l.next, l.prev)
	}
	p := l.page(f, collectortest.Now)
	left := 0
	for _, it := range items {
		var s status
		if it.other || it.empty {
			left++
		} else if json.Unmarshal(it.status, &s) == nil && (!public(s.Visibility) || s.Account.optedOut(k)) {
			left++
		}
	}
	if len(p.Rejects) > 0 || len(p.Mentions)+left != want {
		t.Errorf("%s: %d mentions and %d left out of %d; %v", a.URI, len(p.Mentions), left, want, p.Rejects)
	}
	return want
}

// holds counts posts without any of our types.
func holds(t *testing.T, body []byte, k kind) int {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	if o, ok := v.(map[string]any); ok && k == search {
		v = o["statuses"]
	}
	return len(v.([]any))
}

func hostOf(uri string) string {
	u, _ := url.Parse(uri)
	return u.Host
}

// refused shows that a recorded refusal has a kind.
func refused(t *testing.T, a collectortest.Answer) {
	t.Helper()
	want := map[int]collectors.Kind{404: collectors.Gone, 422: collectors.Schema}[a.Status]
	err := explain(Definition().Limits.Refused(a.Response(), collectortest.Now), feed{kind: tags})
	if e := (*collectors.Error)(nil); !errors.As(err, &e) || e.Kind != want {
		t.Errorf("%d %s gives %v, want kind %s", a.Status, a.URI, err, want)
	}
}

// TestRequestsInContract holds every request of a month against the contract
// document, and shows that only the token's server sees the token.
func TestRequestsInContract(t *testing.T) {
	contract := collectortest.Contract(t, "mastodon.json")
	checked := 0
	everyRequest(t, func(r *http.Request) {
		checked++
		if err := contract.Check(r); err != nil {
			t.Errorf("%s: %v", r.URL, err)
		}
	})
	if checked < 20 {
		t.Errorf("%d requests", checked)
	}
	t.Logf("%d requests", checked)
}

func FuzzAnswer(f *testing.F) {
	if text, err := os.ReadFile("testdata/first-scan/case.json"); err == nil {
		var c struct {
			Exchange []struct{ Body json.RawMessage }
		}
		if json.Unmarshal(text, &c) == nil {
			f.Add([]byte(c.Exchange[0].Body))
		}
	}
	for _, seed := range []string{
		`[]`, `null`, `{"statuses":[{"id":"1"}]}`, `[{"id":1,"status":{"visibility":"direct"}}]`, `[{"id":"1","reblog":{"reblog":{}},"uri":"x","created_at":"2026-01-01T00:00:00Z"}]`,
		`[{"id":"1","uri":"https://h/1","created_at":"2026-01-01T00:00:00Z","visibility":"public","content":"<p>\u0000","account":{"acct":"a@b","note":"<"}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, k := range []kind{tags, mentions, search} {
			items, err := read(k, answerOf(string(body)))
			if err != nil {
				continue
			}
			l := &list{items: items}
			l.span()
			l.ordered()
			p := l.page(feed{server: server{base: url.URL{Scheme: "https", Host: "h.example"}}, kind: k}, collectortest.Now)
			if p.Rows != int64(len(items)) || len(p.Mentions)+len(p.Rejects) > len(items) {
				t.Fatalf("%d rows of %d items", p.Rows, len(items))
			}
			for _, m := range p.Mentions {
				if m.ID == "" || m.Author.Key == "" || m.CreatedAt.IsZero() {
					t.Fatalf("a mention without id, author or time: %+v", m)
				}
			}
		}
	})
}
