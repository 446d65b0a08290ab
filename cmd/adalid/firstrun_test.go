package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/all"
)

// keyless are the kinds that the README promises without a key, with what stands
// where a fixture's invented server does.
var keyless = map[string]*strings.Replacer{
	"mastodon":      strings.NewReplacer("mastodon.example", "mastodon.social"),
	"lemmy":         strings.NewReplacer("lemmy.example", "lemmy.world"),
	"hackernews":    strings.NewReplacer(),
	"stackexchange": strings.NewReplacer(),
}

// firstRun is the time of the fixtures.
var firstRun = time.Date(2026, 10, 21, 12, 0, 0, 0, time.UTC)

// nothingMore is what platforms answer where there are no further posts, or no such account.
var nothingMore = map[string]string{"mastodon.social": `[]`, "hacker-news.firebaseio.com": `null`}

// standIn is a server that stands for all of them: it answers what the cases
// of the collectors hold, and to nobody who brings a credential.
type standIn struct {
	answers map[string]answered // by method and address
	mu      sync.Mutex
	faults  []string
}

type answered struct {
	Method, URI string
	Headers     map[string]string
	Body        json.RawMessage
}

func newStandIn(t *testing.T) *standIn {
	t.Helper()
	p := &standIn{answers: map[string]answered{}}
	for kind, hosts := range keyless {
		text, err := os.ReadFile(filepath.Join("..", "..", "collectors", kind, "testdata", "first-scan", "case.json"))
		if err != nil {
			t.Fatal(err)
		}
		var c struct{ Exchange []answered }
		if err := json.Unmarshal([]byte(hosts.Replace(string(text))), &c); err != nil {
			t.Fatal(err)
		}
		for _, e := range c.Exchange {
			p.answers[e.URI] = e
		}
	}
	return p
}

// ServeHTTP answers for the host that the request was meant for.
func (p *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	meant, err := url.Parse(r.Header.Get("X-Meant"))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	for _, name := range []string{"Authorization", "X-Api-Key", "X-Goog-Api-Key", "Cookie"} {
		if r.Header.Get(name) != "" {
			p.faults = append(p.faults, meant.Host+" got the header "+name)
		}
	}
	p.mu.Unlock()
	meant.RawQuery = meant.Query().Encode()
	w.Header().Set("Content-Type", "application/json")
	e, known := p.answers[meant.String()]
	switch {
	case known:
		for k, v := range e.Headers {
			w.Header().Set(k, v)
		}
		_, _ = w.Write(e.Body)
	case meant.Host == "feeds.example":
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title><item><guid>1</guid><title>Acme opens</title><author>Ann</author><link>https://feeds.example/1</link><pubDate>Tue, 20 Oct 2026 08:31:00 GMT</pubDate></item></channel></rss>`)
	case nothingMore[meant.Host] != "":
		fmt.Fprint(w, nothingMore[meant.Host])
	default:
		p.mu.Lock()
		p.faults = append(p.faults, "nothing is recorded for "+meant.String())
		p.mu.Unlock()
		w.WriteHeader(http.StatusNotFound)
	}
}

// meantFor sends every request to the server and tells for whom it was.
type meantFor struct {
	collectors.Doer
	host string
}

func (m meantFor) Do(r *http.Request) (*http.Response, error) {
	meant := r.URL.String()
	r = r.Clone(r.Context())
	r.Header.Set("X-Meant", meant)
	r.URL.Scheme, r.URL.Host, r.Host = "http", m.host, ""
	return m.Doer.Do(r)
}

// TestFirstRunWithoutKeys: on a fresh machine, with a brand and nothing else,
// the platforms that ask for no key bring mentions, and feeds by their address.
func TestFirstRunWithoutKeys(t *testing.T) {
	t.Parallel()
	fake := newStandIn(t)
	server := httptest.NewServer(fake)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	dir := t.TempDir()
	settings := filepath.Join(dir, "adalid.yaml")
	if err := os.WriteFile(settings, []byte("data:\n  dir: "+dir+"\nfetch:\n  allow_hosts: ["+host+"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var kinds []collectors.Definition
	for _, d := range all.All() {
		if d.Name == "bluesky" {
			continue // without an account it only listens to Jetstream, which its own tests show
		}
		made := d.New
		d.New = func(s collectors.Setup) (collectors.Collector, error) {
			s.HTTP = meantFor{s.HTTP, host}
			return made(s)
		}
		kinds = append(kinds, d)
	}
	adalid := func(args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		a := &app{streams: streams{strings.NewReader(""), &out, &errs}, now: func() time.Time { return firstRun }, kinds: kinds}
		root := a.root()
		root.SetArgs(append([]string{"--config", settings}, args...))
		if err := root.ExecuteContext(t.Context()); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, errs.String())
		}
		return out.String()
	}
	adalid("brand", "add", "Acme")
	adalid("source", "add", "rss", "--set", "urls=https://feeds.example/news.xml")
	brought := map[string]int64{}
	for _, s := range decode[scanned](t, adalid("scan", "Acme", "--json")).Sources {
		brought[s.Source] = s.New
		if s.State != "done" || s.New == 0 {
			t.Errorf("%+v", s)
		}
	}
	for kind := range keyless {
		if brought[kind] == 0 {
			t.Errorf("%s was not read", kind)
		}
	}
	if len(brought) != len(keyless)+1 || brought["rss"] != 1 {
		t.Errorf("read were %v", brought)
	}
	if fake.faults != nil {
		t.Error(strings.Join(fake.faults, "\n"))
	}
	t.Log(brought)
}
