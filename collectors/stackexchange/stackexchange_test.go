package stackexchange

import (
	"encoding/json"
	"errors"
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
	for settings, fault := range map[string]string{
		`{}`: "",
		`{"sites":["stackoverflow","stackoverflow.com","https://stackoverflow.com/"],"key":"x(("}`: "",
		`{"sites":[]}`:                         "sites",
		`{"sites":["stack overflow"]}`:         "sites",
		`{"sites":["stackoverflow.com/tags"]}`: "sites",
		`{"sites":["../posts"]}`:               "sites",
		`{"key":"two words"}`:                  "key",
		`{"days":0}`:                           "days",
	} {
		_, err := d.New(collectors.Setup{Decode: func(into any) error { return d.Decode([]byte(settings), into) }})
		switch {
		case fault == "" && err != nil:
			t.Errorf("%s: %v", settings, err)
		case fault != "" && (adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), `"`+fault+`"`)):
			t.Errorf("%s: %v, want an error about %q", settings, err, fault)
		}
	}
}

func TestHosts(t *testing.T) {
	for site, want := range map[string]string{
		"stackoverflow": "stackoverflow.com", "StackOverflow.com": "stackoverflow.com", "https://www.stackoverflow.com/": "stackoverflow.com",
		"es.stackoverflow": "es.stackoverflow.com", "meta.serverfault": "meta.serverfault.com", "unix": "unix.stackexchange.com",
		"unix.meta": "unix.meta.stackexchange.com", "meta": "meta.stackexchange.com", "mathoverflow": "mathoverflow.net",
		"mathoverflow.net": "mathoverflow.net", "coffee.stackexchange.com": "coffee.stackexchange.com", "a b": "", "": "", "x/y": "", "-": "", "a..b": "", "u@h": "",
	} {
		if got := hostOf(site); got != want {
			t.Errorf("%q: %q, want %q", site, got, want)
		}
	}
}

// TestBackoff holds the definition to what the platform asks for in its
// answers, refusals among them, and its rates to waits for one method alone.
func TestBackoff(t *testing.T) {
	l, now := Definition().Limits, collectortest.Now
	for body, want := range map[string]time.Duration{
		`{"items":[],"has_more":false,"backoff":10,"quota_remaining":9}`: 10 * time.Second,
		`{"error_id":502,"backoff":30}`:                                  30 * time.Second,
		`{"items":[]}`:                                                   0,
	} {
		if at, ok := l.AskedToWait([]byte(body), now); ok != (want > 0) || ok && at.Sub(now) != want {
			t.Errorf("%s: %v, %v", body, at.Sub(now), ok)
		}
	}
	for _, path := range []string{searchPath, postsPath, infoPath} {
		found := 0
		for _, r := range l.Rates {
			if r.Path == path {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s has %d rates", path, found)
		}
	}
}

func TestCursors(t *testing.T) {
	now := collectortest.Now
	f := &fake{t: t, perDay: 300, now: now}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	for _, cursor := range []string{`{}`, `null`, `{"feeds":{"stackoverflow.com/acme":null}}`, `{"feeds":{"gone.example/x":{"done":false}}}`, `{"wait":1,"feeds":{"stackoverflow.com/acme":{"page":-7,"at":-1}}}`} {
		p, err := made(t, `{}`, f, &now).Collect(t.Context(), q, collectors.Cursor(cursor))
		if err != nil || p.More || !json.Valid(p.Next) {
			t.Errorf("cursor %s: %v, more %v", cursor, err, p.More)
		}
	}
	for _, cursor := range []string{`[]`, `{"feeds":3}`, `x`} {
		_, err := made(t, `{}`, f, &now).Collect(t.Context(), q, collectors.Cursor(cursor))
		if e := (*collectors.Error)(nil); !errors.As(err, &e) || e.Kind != collectors.Schema {
			t.Errorf("cursor %s: %v", cursor, err)
		}
	}
}

func TestSearches(t *testing.T) {
	for _, c := range []struct {
		term collectors.Term
		want string
	}{
		{collectors.Term{Kind: collectors.Word, Text: "acme"}, "acme"},
		{collectors.Term{Kind: collectors.Word, Text: "-acme"}, `"-acme"`},
		{collectors.Term{Kind: collectors.Phrase, Text: `acme "super" user:1`}, `"acme super user:1"`},
		{collectors.Term{Kind: collectors.Prefix, Text: "acm"}, "acm*"},
		{collectors.Term{Kind: collectors.Tag, Text: "café"}, "café"},
		{collectors.Term{Kind: collectors.From, Text: "ada"}, ""},
		{collectors.Term{Kind: collectors.Word, Text: "[]"}, ""},
	} {
		if got := search(c.term); got != c.want {
			t.Errorf("%+v: %q, want %q", c.term, got, c.want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"items":[{"item_type":"answer","question_id":1,"answer_id":2,"creation_date":1792584000,"title":"a &amp; b"}],"has_more":false}`),
		[]byte(`{"items":[{"post_id":2,"score":-3,"body":"<p>acme</p>","link":"https://stackoverflow.com/a/2","owner":{"account_id":5,"user_id":7,"display_name":"J&#246;rg"}}],"has_more":false}`))
	f.Add([]byte(`{"items":[null,{},{"item_type":"question","question_id":"9223372036854775808","creation_date":1}]}`), []byte(`{"items":[7]}`))
	f.Add([]byte(`{"error_id":502,"error_message":"more requests available in 99999999999 seconds"}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, found, whole []byte) {
		var a, b wrapper
		if json.Unmarshal(found, &a) != nil || json.Unmarshal(whole, &b) != nil {
			return
		}
		if s := a.seconds(); s < 0 {
			t.Fatalf("wait %v", s)
		}
		if a.Items == nil || b.Items == nil {
			return
		}
		items := readItems(*a.Items)
		p := pageOf(feed{host: "stackoverflow.com"}, items, readPosts(*b.Items), collectortest.Now)
		if int(p.Rows) != len(items) || len(p.Mentions)+len(p.Rejects)+len(p.Gone) > len(items) || len(wanted(items)) > pageSize {
			t.Fatalf("%d rows, %d mentions, %d rejects, %d gone of %d", p.Rows, len(p.Mentions), len(p.Rejects), len(p.Gone), len(items))
		}
		for _, m := range p.Mentions {
			if m.ID == "" || m.Author.Key == "" || m.CreatedAt.IsZero() || m.Text == "" || strings.Contains(m.Text, "\x00") {
				t.Fatalf("a mention without what it needs: %+v", m)
			}
		}
		w := walk{At: 1, From: 1}
		if err := w.advance(items, true); err == nil && w.At < 1 {
			t.Fatalf("the walk goes back to %d", w.At)
		}
	})
}
