package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/all"
)

// TestErasedPersonIsNotScanned: a scan that meets somebody who was erased stores
// nothing of them, says how many posts that were, and keeps those of others.
func TestErasedPersonIsNotScanned(t *testing.T) {
	t.Parallel()
	item := func(n int, author, title string) string {
		return fmt.Sprintf(`<item><guid>%d</guid><title>%s</title><author>%s</author><link>https://blog.example/%d</link><pubDate>Tue, 20 Oct 2026 08:%02d:00 GMT</pubDate></item>`, n, title, author, n, n)
	}
	own := item(1, erasedHandle, "Acme opens") + item(2, erasedHandle, "Acme is good")
	var items atomic.Pointer[string]
	items.Store(&own)
	feeds := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`+*items.Load()+`</channel></rss>`)
	}))
	defer feeds.Close()
	dir := t.TempDir()
	settings := filepath.Join(t.TempDir(), "adalid.yaml")
	if err := os.WriteFile(settings, []byte("data:\n  dir: "+dir+"\nfetch:\n  allow_hosts: ["+strings.TrimPrefix(feeds.URL, "http://")+"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var kinds []collectors.Definition // nothing else is asked
	for _, d := range all.All() {
		if d.Name == "rss" {
			kinds = append(kinds, d)
		}
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
	scan := func() scannedSource {
		t.Helper()
		sources := decode[scanned](t, adalid("scan", "Acme", "--json")).Sources
		if len(sources) != 1 || sources[0].State != "done" {
			t.Fatalf("scanned %+v", sources)
		}
		return sources[0]
	}
	people := func() [][]string {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(adalid("notice", "list", "Acme", "--format", "csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}

	adalid("brand", "add", "Acme")
	adalid("source", "add", "rss", "--set", "urls="+feeds.URL+"/news.xml")
	if s := scan(); s.New != 2 || s.Suppressed != 0 {
		t.Fatalf("before: %+v", s)
	}
	if len(people()) != 1 || traced(t, dir, erasedHandle) == nil {
		t.Fatal("the scan stored nobody: this proves nothing")
	}
	adalid("erase", people()[0][0], "--yes")

	more := own + item(3, strings.ToUpper(erasedHandle), "Acme closes") + item(4, "Ann", "Acme stays")
	items.Store(&more)
	if s := scan(); s.Suppressed != 3 || s.New != 1 || s.Changed != 0 || s.Repeated != 0 {
		t.Errorf("after: %+v, want 3 suppressed and Ann's stored", s)
	}
	if n := len(people()); n != 1 {
		t.Errorf("%d people are stored, want Ann alone", n)
	}
	if left := traced(t, dir, erasedHandle); left != nil {
		t.Errorf("left:\n%s", strings.Join(left, "\n"))
	}
}
