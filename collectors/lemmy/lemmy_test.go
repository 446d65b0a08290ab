package lemmy

import (
	"encoding/json"
	"errors"
	"net/http"
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
		`{}`:                          "",
		`{"servers":["lemmy.world"]}`: "",
		`{"servers":["HTTPS://Lemmy.World/","https://lemmy.world"],"token":"x"}`:       "",
		`{"servers":["a.example","b.example"],"token":"x","token_server":"b.example"}`: "",
		`{"servers":["a.example"],"token":"x","token_server":"b.example"}`:             "",
		`{"servers":["a.example","b.example"],"token":"x"}`:                            "token_server",
		`{"servers":[]}`: "servers",
		`{"servers":["https://a.example/c/coffee"]}`: "servers",
		`{"servers":["ftp://a.example"]}`:            "servers",
		`{"servers":["https://u:p@a.example"]}`:      "servers",
		`{"token_server":"?"}`:                       "token_server",
		`{"token":"two words"}`:                      "token",
		`{"days":0}`:                                 "days",
	} {
		_, err := d.New(collectors.Setup{Decode: func(into any) error { return d.Decode([]byte(settings), into) }})
		switch {
		case fault == "" && err != nil:
			t.Errorf("%s: %v", settings, err)
		case fault != "" && (adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(err.Error(), `"`+fault+`"`)):
			t.Errorf("%s: %v, want an error about %q", settings, err, fault)
		case err != nil && strings.Contains(err.Error(), "two words"):
			t.Errorf("the error shows the token: %v", err)
		}
	}
}

func TestTokenStaysAtHome(t *testing.T) {
	now := collectortest.Now
	home, far := &fake{perWindow: 100, now: now}, &fake{perWindow: 100, now: now}
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/v3/user/"):
			_, _ = w.Write([]byte(`{"replies":[],"mentions":[]}`))
		case r.URL.Path == "/api/v3/site":
			_, _ = w.Write([]byte(`{"site_view":{},"my_user":{}}`))
		case r.URL.Path == "/post/1":
			_, _ = w.Write([]byte(`{"type":"Page"}`))
		case r.Host == "home.example" || r.URL.Host == "home.example":
			home.ServeHTTP(w, r)
		default:
			far.ServeHTTP(w, r)
		}
	})
	shown, checked := 0, false
	d := doer{t: t, now: &now, hosts: map[string]http.Handler{"home.example": answers, "far.example": answers}, seen: func(r *http.Request) {
		got := r.Header.Get("Authorization")
		switch {
		case r.URL.Path == "/post/1":
			checked = got == ""
		case r.URL.Host == "home.example" && got == "Bearer secret":
			shown++
		case got != "" || r.URL.Host == "home.example" || strings.Contains(r.URL.String(), "secret"):
			t.Errorf("%s is sent %q", r.URL, got)
		}
	}}
	c := made(t, `{"servers":["far.example","home.example"],"token":"secret","token_server":"home.example"}`, d, &now)
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	if _, err := collectortest.Collect(t.Context(), c, q, nil, 50); err != nil {
		t.Fatal(err)
	}
	if err := c.(collectors.Prober).Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.(collectors.Checker).Check(t.Context(), []string{"https://home.example/post/1"}); err != nil {
		t.Fatal(err)
	}
	if shown != 5 || !checked {
		t.Errorf("the token is shown %d times, want 5; to a post's own address: %v", shown, !checked)
	}
}

func TestCursors(t *testing.T) {
	now := collectortest.Now
	d := doer{t: t, now: &now, hosts: map[string]http.Handler{"lemmy.world": &fake{perWindow: 300, now: now}}}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	for _, cursor := range []string{
		`{}`, `null`, `{"feeds":{"lemmy.world/posts/acme":null}}`, `{"feeds":{"lemmy.world/posts/acme":{"offset":-5,"last":-1,"gaps":-1}}}`,
		`{"feeds":{"gone.example/posts/x":{"done":true}},"failed":{"gone.example":{"kind":"auth"}},"ended":1792584000}`,
	} {
		pages, err := collectortest.Collect(t.Context(), made(t, `{}`, d, &now), q, collectors.Cursor(cursor), 10)
		if err != nil || len(pages) != 2 {
			t.Errorf("cursor %s: %v, %d pages", cursor, err, len(pages))
		}
	}
	for _, cursor := range []string{`[]`, `{"feeds":3}`, `x`} {
		_, err := made(t, `{}`, d, &now).Collect(t.Context(), q, collectors.Cursor(cursor))
		if e := (*collectors.Error)(nil); !errors.As(err, &e) || e.Kind != collectors.Schema {
			t.Errorf("cursor %s: %v", cursor, err)
		}
	}
}

// TestDeepWalk ends where paging ends, says so and does not claim the rest.
func TestDeepWalk(t *testing.T) {
	now := collectortest.Now
	f := fake{perWindow: 10_000, now: now}
	for n := range deepest + 500 {
		at := now.Add(-time.Duration(n) * time.Minute)
		f.all = append(f.all, written{n: n, created: at, arrived: at})
	}
	d := doer{t: t, now: &now, hosts: map[string]http.Handler{"lemmy.world": &f}}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}, Since: now.AddDate(-1, 0, 0)}
	cursor := `{"start":1792584000,"feeds":{"lemmy.world/comments/acme":{"from":1,"done":true},"lemmy.world/posts/acme":{"began":1792584000,"from":1,"offset":9960}}}`
	pages, err := collectortest.Collect(t.Context(), made(t, `{}`, d, &now), q, collectors.Cursor(cursor), 10)
	if err != nil {
		t.Fatal(err)
	}
	last := pages[len(pages)-1]
	if len(last.Warnings) != 1 || len(last.Observed) != 1 || last.Observed[0].From.Before(now.AddDate(0, 0, -8)) {
		t.Errorf("%d pages, warnings %q, observed %v", len(pages), last.Warnings, last.Observed)
	}
}

func TestLanguages(t *testing.T) {
	for id, want := range map[int]string{-1: "", 0: "", 1: "aa", 32: "de", 37: "en", 39: "es", 47: "fr", 183: "zu", 184: "", 1 << 40: ""} {
		if got := language(id); got != want {
			t.Errorf("language %d: %q, want %q", id, got, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"posts":[{"post":{"name":"acme","ap_id":"https://a.example/post/1","published":"2026-10-20T09:00:00Z"},"creator":{"name":"ada","actor_id":"https://a.example/u/ada"}}]}`,
		`{"comments":[{"comment":{"content":"acme @bo@b.example","ap_id":"https://a.example/comment/1","published":"2026-10-20T09:00:00.1"},"creator":{"name":"ada","actor_id":"https://a.example/u/ada"},"counts":{"child_count":1}}]}`,
		`{"posts":[null,7,{}],"comments":null}`,
	} {
		f.Add([]byte(seed))
	}
	now := collectortest.Now
	f.Fuzz(func(t *testing.T, body []byte) {
		var a answer
		if json.Unmarshal(body, &a) != nil {
			return
		}
		for _, k := range []kind{posts, comments, replies, mentions} {
			items, err := a.read(k)
			if err != nil {
				continue
			}
			p := pageOf(feed{kind: k}, items, now)
			if int(p.Rows) != len(items) || len(p.Mentions)+len(p.Rejects)+len(p.Gone) > len(items) {
				t.Fatalf("%d rows, %d mentions, %d rejects of %d", p.Rows, len(p.Mentions), len(p.Rejects), len(items))
			}
			for _, m := range p.Mentions {
				if m.ID == "" || m.Author.Key == "" || m.CreatedAt.IsZero() || m.Text == "" || strings.Contains(m.Text, "\x00") {
					t.Fatalf("a mention without what it needs: %+v", m)
				}
			}
			w := walk{Offset: 50, Last: now.UnixMicro()}
			_, _ = w.advance(feed{kind: k}, items, 2, 49)
			if w.Offset < 0 {
				t.Fatalf("offset %d", w.Offset)
			}
		}
	})
}
