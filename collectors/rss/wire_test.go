package rss

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

// TestWire reads recorded feeds and finds as many items as they hold.
func TestWire(t *testing.T) {
	words := map[string]string{"iso-8859-1.xml": "Café", "windows-1252.xml": "Euro €"}
	for _, a := range collectortest.Wire(t, "feeds") {
		f, err := decode(a.Body, a.Response().Header.Get("Content-Type"), url.URL{})
		if err != nil {
			t.Errorf("%s: %v", a.File, err)
			continue
		}
		p := f.page(source{key: "k"}, collectortest.Now)
		held := bytes.Count(a.Body, []byte("<item>")) + bytes.Count(a.Body, []byte("<entry>"))
		if len(p.Mentions) != held || len(p.Rejects) > 0 || f.title == "" || strings.ContainsRune(f.title, '\ufffd') {
			t.Errorf("%s: %d mentions and %d rejects of %d items, title %q", a.File, len(p.Mentions), len(p.Rejects), held, f.title)
		}
		if want := words[a.File]; want != "" && f.title != want {
			t.Errorf("%s: title %q, want %q", a.File, f.title, want)
		}
		for _, m := range p.Mentions {
			if m.CreatedAt.IsZero() || m.URL == "" || strings.Contains(m.Text, "<p>") {
				t.Errorf("%s: %s %s %.80q", a.File, m.ID, m.CreatedAt, m.Text)
			}
		}
		t.Logf("%s: %d of %d items, from %q", a.File, len(p.Mentions), held, f.encoding)
	}
}

// direct is a Doer without any politeness that remembers what came.
type direct struct{ status *int }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	*d.status = answer.StatusCode
	return answer, Definition().Limits.Refused(answer, collectortest.Now)
}

// TestPeer reads the feed of a real blog on loopback twice.
func TestPeer(t *testing.T) {
	peer := os.Getenv("ADALID_TEST_RSS_PEER")
	if peer == "" {
		t.Skip("no feed to read: set ADALID_TEST_RSS_PEER")
	}
	now, status := time.Now(), 0
	var cursor collectors.Cursor
	for n, want := range []struct{ status, mentions int }{{200, 3}, {304, 0}} {
		p, err := made(t, direct{&status}, &now, peer).Collect(t.Context(), collectors.Query{}, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if status != want.status || len(p.Mentions) != want.mentions || len(p.Rejects) > 0 {
			t.Errorf("read %d: status %d, %d mentions, %d rejects, want %+v", n+1, status, len(p.Mentions), len(p.Rejects), want)
		}
		for _, m := range p.Mentions {
			t.Logf("%s %s %s %s %q", m.ID, m.CreatedAt.Format(time.RFC3339), m.Author.Key, m.URL, m.Text)
		}
		cursor, now = p.Next, now.Add(time.Hour)
	}
}
