package rss

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/collectortest"
)

func TestContract(t *testing.T) { collectortest.Run(t, Definition()) }

func TestSettings(t *testing.T) {
	d := Definition()
	many := `{"urls":["a.example"` + strings.Repeat(`,"a.example"`, 300) + `]}`
	for settings, good := range map[string]bool{
		`{"urls":["https://blog.example/feed"]}`:                   true,
		`{"urls":["blog.example","feed:https://b.example/x?y=1"]}`: true,
		many:          true, // the same one, again and again
		`{}`:          false,
		`{"urls":[]}`: false,
		`{"urls":["https://blog.example","ftp://x"]}`: false,
		`{"urls":["https://user:secret@b.example"]}`:  false,
		`{"urls":["file:///etc/passwd"]}`:             false,
		`{"urls":["https://"]}`:                       false,
		`{"urls":["a b"]}`:                            false,
		`{"urls":["nonsense"]}`:                       false,
		`{"urls":["nonsense/feed.xml"]}`:              false,
		`{"urls":["https://wiki/feed"]}`:              true, // of this network: fetch.allow_hosts says whether it is asked
		`{"urls":["192.0.2.7/feed"]}`:                 true,
		`{"urls":"https://blog.example"}`:             false,
	} {
		_, err := d.New(collectors.Setup{Decode: func(into any) error { return d.Decode([]byte(settings), into) }})
		switch {
		case good && err != nil:
			t.Errorf("%.60s: %v", settings, err)
		case !good && (adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), `"urls"`)):
			t.Errorf("%s: %v, want an error about urls", settings, err)
		case err != nil && strings.Contains(err.Error(), "secret"):
			t.Errorf("the error shows a password: %v", err)
		}
	}
	var distinct strings.Builder
	for n := range maxFeeds + 1 {
		fmt.Fprintf(&distinct, `,"https://%d.example"`, n)
	}
	settings := `{"urls":[` + distinct.String()[1:] + `]}`
	if _, err := d.New(collectors.Setup{Decode: func(into any) error { return d.Decode([]byte(settings), into) }}); adalid.CodeOf(err) != adalid.Invalid {
		t.Errorf("%d feeds: %v", maxFeeds+1, err)
	}
}

// doer answers by host.
type doer struct {
	hosts map[string]func(*http.Request) *http.Response
	now   *time.Time
}

func (d doer) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer := d.hosts[r.URL.Host](r)
	return answer, Definition().Limits.Refused(answer, *d.now)
}

func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func made(t testing.TB, d collectors.Doer, now *time.Time, urls ...string) collectors.Collector {
	t.Helper()
	settings := `{"urls":["` + strings.Join(urls, `","`) + `"]}`
	c, err := Definition().New(collectors.Setup{
		Decode: func(into any) error { return Definition().Decode([]byte(settings), into) }, HTTP: d, Now: func() time.Time { return *now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestConditional reads a feed three times: with nothing known, with what the
// server gave to ask by, and after a change.
func TestConditional(t *testing.T) {
	const modified = "Tue, 20 Oct 2026 08:31:00 GMT"
	var asked []string
	version := `"1"`
	now := collectortest.Now
	d := doer{now: &now, hosts: map[string]func(*http.Request) *http.Response{"blog.example": func(r *http.Request) *http.Response {
		asked = append(asked, r.Header.Get("If-None-Match")+" "+r.Header.Get("If-Modified-Since"))
		if r.Header.Get("If-None-Match") == version {
			return reply(http.StatusNotModified, "")
		}
		item := "<item><guid>1</guid><title>Acme " + version + "</title></item>"
		return reply(200, "<rss><channel><title>t</title>"+item+"</channel></rss>", "ETag: "+version, "Last-Modified: "+modified)
	}}}
	var cursor collectors.Cursor
	var mentions []int
	for n := range 4 {
		if n == 2 {
			version = `"2"`
		}
		p, err := made(t, d, &now, "https://blog.example").Collect(t.Context(), collectors.Query{}, cursor)
		if err != nil || p.More {
			t.Fatal(err, p.More)
		}
		mentions = append(mentions, len(p.Mentions))
		cursor, now = p.Next, now.Add(time.Hour)
	}
	want := []string{" ", `"1" ` + modified, `"1" ` + modified, `"2" ` + modified}
	if fmt.Sprint(asked) != fmt.Sprint(want) || fmt.Sprint(mentions) != "[1 0 1 0]" {
		t.Errorf("asked %q, got %v mentions", asked, mentions)
	}
}

func TestCharsets(t *testing.T) {
	feed := func(declaration, word string) string {
		return declaration + "<rss><channel><title>t</title><item><guid>1</guid><title>" + word + "</title></item></channel></rss>"
	}
	utf16 := func(s string) string {
		out := []byte{0xff, 0xfe}
		for _, r := range s {
			out = append(out, byte(r), byte(r>>8))
		}
		return string(out)
	}
	for _, c := range []struct{ what, body, contentType, want, from string }{
		{"nothing said", feed("", "café €"), "", "café €", ""},
		{"declared UTF-8", feed(`<?xml version="1.0" encoding="UTF-8"?>`, "café"), "text/xml", "café", ""},
		{"declared Latin-1", feed(`<?xml version="1.0" encoding="ISO-8859-1"?>`, "caf\xe9"), "text/xml", "café", "windows-1252"},
		{"declared windows-1252", feed(`<?xml version='1.0' encoding='windows-1252'?>`, "\x80 5"), "", "€ 5", "windows-1252"},
		{"said by the server", feed("", "caf\xe9"), "text/xml; charset=iso-8859-1", "café", "windows-1252"},
		{"declared wins over the server", feed(`<?xml version="1.0" encoding="koi8-r"?>`, "\xc1"), "text/xml; charset=utf-8", "а", "koi8-r"},
		{"UTF-8 called Latin-1", feed(`<?xml version="1.0" encoding="ISO-8859-1"?>`, "café"), "", "café", ""},
		{"Latin-1 that nobody declares", feed("", "caf\xe9"), "", "café", "windows-1252"},
		{"broken UTF-8", feed(`<?xml version="1.0" encoding="utf-8"?>`, "caf\xe9 ñ"), "", "caf\ufffd ñ", ""},
		{"marked UTF-8", "\xef\xbb\xbf" + feed(`<?xml version="1.0" encoding="utf-8"?>`, "ñ"), "", "ñ", ""},
		{"marked UTF-16", utf16(feed(`<?xml version="1.0" encoding="utf-16"?>`, "ñ")), "", "ñ", "utf-16le"},
		{"Japanese in seven bits", feed(`<?xml version="1.0" encoding="iso-2022-jp"?>`, "\x1b$B$\"\x1b(B"), "", "あ", "iso-2022-jp"},
	} {
		f, err := decode([]byte(c.body), c.contentType, url.URL{})
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
		} else if f.items[0].title != c.want || f.encoding != c.from {
			t.Errorf("%s: %q from %q, want %q from %q", c.what, f.items[0].title, f.encoding, c.want, c.from)
		}
	}
	if _, err := decode([]byte(feed(`<?xml version="1.0" encoding="x-none"?>`, "\xe9")), "", url.URL{}); err == nil {
		t.Error("an unknown charset was read")
	}
}

// TestBombs shows that what is made to grow does not.
func TestBombs(t *testing.T) {
	names := strings.Builder{}
	for n := range 300 {
		fmt.Fprintf(&names, ` xmlns:n%d="u"`, n)
	}
	for what, body := range map[string]string{
		"elements inside elements": `<rss><channel><title>t</title>` + strings.Repeat("<a>", 1<<20),
		"modules inside modules":   `<rss xmlns:m="urn:m"><channel><title>t</title><item>` + strings.Repeat("<m:a>", 1<<20),
		"markup inside an entry":   `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml">` + strings.Repeat("<a>", 1<<20),
		"names of namespaces":      `<rss` + names.String() + `><channel/></rss>`,
	} {
		if _, err := decode([]byte(body), "", url.URL{}); err == nil || !strings.Contains(err.Error(), "nested") {
			t.Errorf("%s: %v", what, err)
		}
	}
	var lol strings.Builder
	lol.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "acme">`)
	for n := range 9 {
		fmt.Fprintf(&lol, `<!ENTITY l%d "%s">`, n+1, strings.Repeat(fmt.Sprintf("&l%d;", n), 10))
	}
	lol.WriteString(`]><rss><channel><title>t</title><item><guid>1</guid><title>&l9;</title></item></channel></rss>`)
	if f, err := decode([]byte(lol.String()), "", url.URL{}); err != nil || f.items[0].title != "&l9;" {
		t.Errorf("entities: %v %+v", err, f)
	}
}

func TestUnwrapped(t *testing.T) {
	for link, want := range map[string]string{
		"https://www.google.com/url?rct=j&url=https://a.example/x%3Fy%3D1%26z&ct=ga": "https://a.example/x?y=1&z",
		"https://www.google.es/url?q=http://a.example/&sa=U":                         "http://a.example/",
		"https://google.co.uk/url?url=https://a.example":                             "https://a.example",
		"https://www.google.com/url?url=javascript:alert(1)":                         "",
		"https://www.google.com/url?url=//a.example":                                 "",
		"https://www.google.com/search?url=https://a.example":                        "",
		"https://google.com.evil.example/url?url=https://a.example":                  "",
		"https://notgoogle.com/url?url=https://a.example":                            "",
		"": "",
	} {
		got, wrapped := unwrapped(link)
		if wrapped != (want != "") || wrapped && got != want || !wrapped && got != link {
			t.Errorf("%s: %q, %v", link, got, wrapped)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range [][3]string{
		{"Title", "<p>Body</p>", "Title\n\nBody"},
		{"Hello wor…", "Hello world, again", "Hello world, again"},
		{"Hello", "Hello! And more", "Hello! And more"},
		{"A", "Apples", "A\n\nApples"},
		{"", "Only this", "Only this"},
		{"Only <b>this</b> &amp; that", "  ", "Only this & that"},
		{"…", "Body", "…\n\nBody"},
	} {
		if got := (item{title: c[0], body: c[1]}).text(); got != c[2] {
			t.Errorf("%q, %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// FuzzFeed shows that no answer breaks the decoder or makes a mention without
// identity, author or text.
func FuzzFeed(f *testing.F) {
	for _, s := range []string{
		"<rss><channel><title>t</title><item><guid>1</guid><title>x</title><author>a@b (c)</author></item></channel></rss>",
		`<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id><content type="xhtml"><div>x<p>y</div></content></entry></feed>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><link>x</link></item></rdf:RDF>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"content_text":"x","authors":[null]},null]}`,
		`<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/x">`,
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00",
		`<?xml version="1.0" encoding="shift_jis"?><rss>`,
	} {
		f.Add([]byte(s), "text/xml; charset=latin1")
	}
	from, _ := feedURL("https://blog.example/feed")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		in, err := decode(bytes.Clone(body), contentType, from)
		if err != nil {
			return
		}
		p := in.page(source{from, "key", 1}, collectortest.Now)
		for _, m := range p.Mentions {
			if m.ID == "" || m.ID == "key/" || m.Author.Key == "" || m.Text == "" || strings.ContainsRune(m.Text, 0) {
				t.Errorf("%+v", m)
			}
			if m.URL != "" && !strings.HasPrefix(m.URL, "http") {
				t.Errorf("link %q", m.URL)
			}
		}
		if len(p.Mentions)+len(p.Rejects) != len(in.items) {
			t.Errorf("%d items, %d mentions, %d rejects", len(in.items), len(p.Mentions), len(p.Rejects))
		}
	})
}
