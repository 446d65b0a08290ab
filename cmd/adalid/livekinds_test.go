package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/web/api"
)

// forum is a platform in memory. Each page waits until the test lets it
// go; a closed gate lets all of them go.
type forum struct {
	gate  chan struct{}
	pages int

	mu   sync.Mutex
	fail error // what reading answers
}

func newForum(pages int) *forum { return &forum{gate: make(chan struct{}), pages: pages} }

func (f *forum) open() *forum {
	close(f.gate)
	return f
}

func (f *forum) failing(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

// definition is a kind of source over the forum.
func (f *forum) definition(name string, can ...collectors.Capability) collectors.Definition {
	label := collectors.Label{"en": "Forum " + name, "es": "Foro " + name}
	return collectors.Definition{
		Name: name, Platform: adalid.Platform(name), Title: label, About: label, KeysAt: "https://keys.example",
		Fields: []collectors.Field{
			{Key: "token", Kind: collectors.TextField, Title: label, Help: label, Secret: true},
			{Key: "server", Kind: collectors.URLField, Title: label, Help: label, Default: "https://forum.example"},
		},
		Can:   append(can, collectors.Probe),
		Costs: []collectors.Cost{{Unit: "page", Micros: 1000, Title: label}},
		New: func(s collectors.Setup) (collectors.Collector, error) {
			var settings struct{ Token, Server string }
			err := s.Decode(&settings)
			return &forumReader{f, s, settings.Token}, err
		},
	}
}

type forumReader struct {
	*forum
	setup collectors.Setup
	token string
}

// Probe works with the right token only.
func (r *forumReader) Probe(context.Context) error {
	if r.token != "good" {
		return &collectors.Error{Kind: collectors.Auth, Message: "the platform refused the credentials"}
	}
	return nil
}

// Collect gives a page of two posts, and pays for it where there is a token.
func (r *forumReader) Collect(ctx context.Context, _ collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	at := 0
	if from != nil {
		if err := json.Unmarshal(from, &at); err != nil {
			return collectors.Page{}, err
		}
	}
	if at >= r.pages {
		return collectors.Page{Next: from}, nil
	}
	select {
	case <-r.gate:
	case <-ctx.Done():
		return collectors.Page{}, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return collectors.Page{}, r.fail
	}
	if r.token != "" {
		booked, err := r.setup.Meter.Reserve(ctx, "page", 1, 1)
		if err != nil {
			return collectors.Page{}, err
		}
		if err := booked.Settle(ctx, 1, nil); err != nil {
			return collectors.Page{}, err
		}
	}
	now := r.setup.Now()
	page := collectors.Page{
		Rows: 2, Next: collectors.Cursor(fmt.Sprint(at + 1)), More: at+1 < r.pages,
		Observed: []collectors.Period{{From: now.Add(-time.Hour), To: now}},
	}
	for i := range 2 {
		id := fmt.Sprint(2*at + i)
		page.Mentions = append(page.Mentions, adalid.Mention{
			Platform: "forum", ID: id, Text: "I like tea number " + id, Lang: "en", CreatedAt: now.Add(-time.Minute),
			Author: adalid.Author{Platform: "forum", Key: "k" + id, Handle: "h" + id},
		})
	}
	return page, nil
}

// serveKinds starts the server in this process with kinds of sources of its
// own.
func serveKinds(t *testing.T, dir string, environ []string, kinds ...collectors.Definition) (s *server, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s = &server{t: t, ends: make(chan error, 1)}
	a := &app{streams: streams{out: io.Discard, err: s}, environ: environ, now: time.Now, kinds: kinds, dataDir: dir}
	go func() {
		root := a.root()
		root.SetArgs([]string{"serve", "--address", "127.0.0.1:0", "--data-dir", dir})
		s.ends <- root.ExecuteContext(ctx)
	}()
	eventually(t, "the server's address", func() bool {
		select {
		case err := <-s.ends:
			t.Fatalf("the server ended with %v\n%s", err, s.said())
		default:
		}
		if m := address.FindStringSubmatch(s.said()); m != nil {
			s.base = m[1]
		}
		return s.base != ""
	})
	once := sync.OnceFunc(func() {
		cancel()
		s.ended()
	})
	t.Cleanup(once)
	return s, once
}

func asJSON(r *http.Request) { r.Header.Set("Content-Type", "application/json") }

// TestServeRemovesWhatMayNotBeKept: a running server takes out posts from
// YouTube that were not read again for thirty days, and leaves all others.
func TestServeRemovesWhatMayNotBeKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	row := func(platform adalid.Platform, id string, days int) string {
		read := time.Now().UTC().AddDate(0, 0, -days).Format(time.RFC3339)
		return fmt.Sprintf(`{"platform":%q,"post_id":%q,"author":%q,"text":"tea","created_at":%q,"observed_at":%q}`+"\n", platform, id, "a"+id, read, read)
	}
	rows := row(adalid.YouTube, "old", 31) + row(adalid.YouTube, "young", 29) + row("mastodon", "other", 31)
	if r := cli(t, dir, rows, "import", "--brand", "Tea", "--format", "canonical", "-"); r.code != 0 {
		t.Fatal(r.err)
	}
	s, _ := serveKinds(t, dir, nil)
	left := func() (ids []string) {
		for _, m := range decode[api.MentionList](t, s.get("/api/v1/brands/Tea/mentions")).Items {
			ids = append(ids, m.ID)
		}
		slices.Sort(ids)
		return ids
	}
	eventually(t, "removal", func() bool { return len(left()) < 3 })
	if got := left(); !slices.Equal(got, []string{"other", "young"}) {
		t.Errorf("left are %v", got)
	}
}
