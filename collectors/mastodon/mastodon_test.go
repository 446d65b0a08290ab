package mastodon

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
		`{}`:                              "",
		`{"servers":["mastodon.social"]}`: "",
		`{"servers":["HTTPS://Mastodon.Social/","https://mastodon.social"],"token":"x"}`: "",
		`{"servers":["a.example","b.example"],"token":"x","token_server":"b.example"}`:   "",
		`{"servers":["a.example"],"token":"x","token_server":"b.example"}`:               "",
		`{"servers":["a.example","b.example"],"token":"x"}`:                              "token_server",
		`{"servers":[]}`: "servers",
		`{"servers":["https://a.example/@acme"]}`: "servers",
		`{"servers":["ftp://a.example"]}`:         "servers",
		`{"servers":["a b"]}`:                     "servers",
		`{"servers":["https://u:p@a.example"]}`:   "servers",
		`{"token_server":"?"}`:                    "token_server",
		`{"token":"two words"}`:                   "token",
		`{"days":0}`:                              "days",
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

// everyRequest makes the collector send all that it can and shows each request.
func everyRequest(t *testing.T, seen func(*http.Request)) {
	t.Helper()
	now := collectortest.Now
	home, other := fake{perWindow: 1000, now: now}, fake{perWindow: 1000, now: now}
	home.posts, other.posts = month(newRand(1), now.AddDate(0, 0, -30))
	closed := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	d := doer{t: t, now: &now, hosts: map[string]http.Handler{"home.example": &home, "other.example": &other, "far.example": closed}, seen: seen}
	c := made(t, `{"servers":["other.example","home.example"],"token":"secret","token_server":"home.example"}`, d, &now)
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Phrase, Text: "acme coffee"}, {Kind: collectors.Word, Text: "acmé"}}}
	pages, err := collectortest.Collect(t.Context(), c, q, nil, 500)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if _, err := collectortest.Collect(t.Context(), c, q, pages[len(pages)-1].Next, 500); err != nil {
		t.Fatal(err)
	}
	ids := []string{"https://home.example/users/a/statuses/1", "https://home.example/users/a/statuses/2", "https://far.example/users/b/statuses/3"}
	_, _ = c.(collectors.Checker).Check(t.Context(), ids)
	_ = c.(collectors.Prober).Probe(t.Context())
}

func TestTokenStaysAtHome(t *testing.T) {
	shown := 0
	everyRequest(t, func(r *http.Request) {
		switch got := r.Header.Get("Authorization"); {
		case r.URL.Host == "home.example" && got == "Bearer secret":
			shown++
		case got != "" || r.URL.Host == "home.example":
			t.Errorf("%s is sent %q", r.URL, got)
		case strings.Contains(r.URL.String(), "secret"):
			t.Errorf("the token is in the address %s", r.URL)
		}
	})
	if shown == 0 {
		t.Error("the token is never used")
	}
}

func TestCursors(t *testing.T) {
	now := collectortest.Now
	d := doer{t: t, now: &now, hosts: map[string]http.Handler{"mastodon.social": &fake{perWindow: 300, now: now}}}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Tag, Text: "acme"}}}
	for _, cursor := range []string{`{}`, `null`, `{"feeds":{"mastodon.social/tag/acme":null}}`, `{"feeds":{"gone.example/tag/x":{"done":true}},"failed":{"gone.example":{"kind":"auth"}},"ended":1792584000}`} {
		p, err := made(t, `{}`, d, &now).Collect(t.Context(), q, collectors.Cursor(cursor))
		if err != nil || p.More || !json.Valid(p.Next) {
			t.Errorf("cursor %s: %v, more %v", cursor, err, p.More)
		}
	}
	for _, cursor := range []string{`[]`, `{"feeds":3}`, `x`} {
		_, err := made(t, `{}`, d, &now).Collect(t.Context(), q, collectors.Cursor(cursor))
		if e := (*collectors.Error)(nil); !errors.As(err, &e) || e.Kind != collectors.Schema {
			t.Errorf("cursor %s: %v", cursor, err)
		}
	}
}

func TestHandles(t *testing.T) {
	home, err := baseOf("home.example:8443")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		in   named
		want string
	}{
		{named{Username: "Kai", Acct: "Kai", URL: "https://home.example/@Kai"}, "Kai@home.example"},
		{named{Username: "Kai", Acct: "Kai@far.example", URL: "https://far.example/@Kai"}, "Kai@far.example"},
		{named{Username: "Kai", Acct: "Kai@example.com", URL: "https://social.example.com/@Kai"}, "Kai@social.example.com"}, // the domain of names is another
		{named{Acct: "Kai@far.example"}, "Kai@far.example"},
		{named{Acct: "kai"}, "kai@home.example"},
		{named{Username: "kai", Acct: "kai", URL: "not an address"}, "kai@home.example"},
		{named{URL: "https://home.example/@kai"}, ""},
		{named{Username: "k i", URL: "https://home.example/@kai"}, ""},
	} {
		if got := c.in.handle(server{base: home}); got != c.want {
			t.Errorf("%+v: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNewer(t *testing.T) {
	order := []string{"", "9", "10", "99", "100", "9007199254740992", "9007199254740993", "117020580518794573", "01K3ZQ0000000000000000000A", "01K3ZQ0000000000000000000B"}
	for i, a := range order {
		for j, b := range order {
			if newer(a, b) != (i > j) {
				t.Errorf("newer(%q, %q) = %v", a, b, newer(a, b))
			}
		}
	}
}

// TestDeepSearch ends where offsets end and says that there is more.
func TestDeepSearch(t *testing.T) {
	now := collectortest.Now
	busy := fake{perWindow: 1000, now: now, only: "/api/v2/search"}
	for n := range deepest + 500 {
		at := now.Add(-time.Duration(deepest+500-n) * time.Second)
		busy.posts = append(busy.posts, post{id: idOf(at, n), n: n, created: at, arrived: at})
	}
	d := doer{t: t, now: &now, hosts: map[string]http.Handler{"home.example": &busy}}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	cursor := `{"start":1792584000,"feeds":{"home.example/tag/acme":{"done":true},"home.example/mentions":{"done":true},"home.example/search/acme":{"began":1792584000,"from":1,"offset":9920}}}`
	pages, err := collectortest.Collect(t.Context(), made(t, `{"servers":["home.example"],"token":"x"}`, d, &now), q, collectors.Cursor(cursor), 10)
	if err != nil {
		t.Fatal(err)
	}
	read, told := 0, 0
	for _, p := range pages {
		read, told = read+len(p.Mentions), told+len(p.Warnings)
	}
	if read != 80 || told != 1 {
		t.Errorf("%d posts and %d warnings, want 80 and 1", read, told)
	}
}
