package x

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

func TestContract(t *testing.T) { collectortest.Run(t, Definition()) }

// made makes a collector from settings, without a network of its own.
func made(t *testing.T, settings string, d collectors.Doer, now func() time.Time, m collectors.Meter) (collectors.Collector, error) {
	t.Helper()
	return Definition().New(collectors.Setup{
		Decode: func(into any) error { return Definition().Decode([]byte(settings), into) },
		HTTP:   d, Now: now, Meter: m,
	})
}

func TestSettings(t *testing.T) {
	for settings, want := range map[string]string{
		`{"token":"a"}`:                                  "",
		`{"token":"Bearer a","account":"@Acme"}`:         "",
		`{"token":"a","account":"12345678901234567"}`:    "",
		`{"token":"a","languages":["es","pt-BR"]}`:       "",
		`{"token":"a","api":"v1.1","server":"http://h"}`: "",
		`{}`:                                                `"token"`,
		`{"token":"a\nb"}`:                                  `"token"`,
		`{"token":"a","api":"v1.1"}`:                        `"server"`,
		`{"token":"a","server":"ftp://h"}`:                  `"server"`,
		`{"token":"a","account":"not a name"}`:              `"account"`,
		`{"token":"a","days":0}`:                            `"days"`,
		`{"token":"a","dialect":"2.162"}`:                   `"dialect"`,
		`{"token":"a","languages":["es OR from:somebody"]}`: `"languages"`,
	} {
		_, err := made(t, settings, nil, time.Now, collectors.Free{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
}

func TestQueries(t *testing.T) {
	term := func(kind collectors.TermKind, text string) collectors.Term {
		return collectors.Term{Kind: kind, Text: text}
	}
	all := []collectors.Term{
		term(collectors.Word, "café"), term(collectors.Phrase, `acme "best" coffee`), term(collectors.Handle, "acmecafe"),
		term(collectors.Tag, "acme"), term(collectors.Word, "café"), term(collectors.Prefix, "acm"), term(collectors.Inside, "cme"),
	}
	b := base{settings: settings{API: apiV2, Languages: []string{"es", "en"}}}
	got, warnings := b.queries(all, []string{"acmecafe"})
	want := []string{`("café" OR "acme best coffee" OR #acme OR "acm" OR "cme") -is:retweet -@acmecafe (lang:es OR lang:en)`}
	if !slices.Equal(got, want) || len(warnings) != 2 {
		t.Errorf("%q\nwant %q\n%q", got, want, warnings)
	}
	var many []collectors.Term
	for i := range 400 {
		many = append(many, term(collectors.Word, "brand"+strings.Repeat("ñ", i%7)+string(rune('a'+i%26))+string(rune('a'+i/26))))
	}
	many = append(many, term(collectors.Phrase, strings.Repeat("long ", 300)))
	for _, b := range []base{{settings: settings{API: apiV2}}, {settings: settings{API: apiV2, Archive: true}}, {settings: settings{API: apiV1}}} {
		list, warnings := b.queries(many, nil)
		_, most := b.tail(nil)
		if len(warnings) != 1 {
			t.Errorf("%q", warnings)
		}
		joined := strings.Join(list, " ")
		for _, m := range many[:400] {
			if !strings.Contains(joined, `"`+m.Text+`"`) {
				t.Fatalf("%q is not asked for", m.Text)
			}
		}
		for _, q := range list {
			if n := len([]rune(q)); n > most || n < most/2 && q != list[len(list)-1] {
				t.Errorf("%d characters of %d: %s", n, most, q)
			}
		}
	}
}

func TestScan(t *testing.T) {
	for text, want := range map[string][]string{
		"@Acme and ＠Leo_9, @acme": {"acme", "leo_9"}, "a@b.example": nil, "@sixteen_letters_": nil, "@cut…": nil, "@@x": nil, "(@x)": {"x"}, "@": nil, "é@x": {"x"},
	} {
		if got := scan(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestIDsAndTimes(t *testing.T) {
	if at := idTime("1212092628029698048"); at.Format(time.RFC3339) != "2019-12-31T19:26:16Z" {
		t.Error(at)
	}
	at := time.Date(2026, 10, 21, 12, 0, 0, 0, time.UTC)
	if got := idTime(idBefore(at)); !got.Equal(at.Add(-time.Millisecond)) {
		t.Error(got)
	}
	if !idTime("20").IsZero() || !idTime("x").IsZero() || idBefore(time.Time{}) != "4194303" {
		t.Error("ids without a time")
	}
	if !after("10", "9") || after("9007199254740993", "9007199254740993") || !after("9007199254740993", "9007199254740992") || after("", "1") {
		t.Error("order of ids")
	}
}

func TestWhatAFailureCosts(t *testing.T) {
	failed := func(kind collectors.Kind, status int, cause error) error {
		return fmt.Errorf("x: %w", &collectors.Error{Kind: kind, Status: status, Err: cause})
	}
	for i, c := range []struct {
		err  error
		free bool
	}{
		{failed(collectors.RateLimited, 429, nil), true},
		{failed(collectors.RateLimited, 0, nil), true}, // by our own limiter, before it was sent
		{failed(collectors.Budget, 0, nil), true},
		{failed(collectors.Transient, 503, nil), true},
		{failed(collectors.Forbidden, 200, nil), true},
		{failed(collectors.Transient, 0, &net.OpError{Op: "dial", Err: errors.New("refused")}), true},
		{failed(collectors.Transient, 0, &net.OpError{Op: "read", Err: errors.New("reset")}), false},
		{failed(collectors.Transient, 200, nil), false}, // broke off
		{failed(collectors.Schema, 200, nil), false},
		{context.Canceled, false},
	} {
		if free(c.err) != c.free {
			t.Errorf("%d: %v", i, c.err)
		}
	}
}

// Every answer of an endpoint that is called decodes to as many posts as its
// JSON holds, ids digit by digit.
func TestRecordedAnswersV2(t *testing.T) {
	read := 0
	for _, r := range collectortest.Wire(t, "x_v2") {
		path, _, _ := strings.Cut(strings.TrimPrefix(r.URI, "https://api.twitter.com"), "?")
		var want struct {
			Data json.RawMessage
			Meta struct {
				Count int64 `json:"result_count"`
				Total int64 `json:"total_tweet_count"`
			}
		}
		if err := json.Unmarshal(r.Body, &want); err != nil {
			t.Fatal(err)
		}
		c := &collector{base{settings: settings{Server: publicServer}, http: answers{r}, now: time.Now}}
		a, err := c.get(t.Context(), path, nil)
		if err != nil {
			t.Fatalf("%s: %v", r.URI, err)
		}
		switch {
		case strings.HasPrefix(path, "/2/tweets/counts/"):
			if n, _, err := c.total(a); err != nil || n != want.Meta.Total || n == 0 {
				t.Errorf("%s: %d, %v, want %d", r.URI, n, err, want.Meta.Total)
			}
		case strings.HasSuffix(path, "/mentions"), strings.HasSuffix(path, "/tweets"), strings.HasSuffix(path, "/quote_tweets"):
			if !strings.HasSuffix(path, "/mentions") {
				t.Logf("not called, decoded all the same: %s", r.URI)
			}
			rows, err := c.list(a)
			if err != nil || int64(len(rows)) != want.Meta.Count {
				t.Fatalf("%s: %d rows, %v, want %d", r.URI, len(rows), err, want.Meta.Count)
			}
			for _, raw := range rows {
				var p struct{ ID string }
				_ = json.Unmarshal(raw, &p)
				// Recorded without asking for authors: put one in.
				raw = append([]byte(`{"author_id":"1",`), raw[1:]...)
				if _, m, field, why := newPage(a, collectortest.Now).decode(raw); why != "" || m.ID != p.ID || m.Text == "" {
					t.Errorf("%s: %s %s", p.ID, field, why)
				}
				read++
			}
		case strings.HasPrefix(path, "/2/users/by"), strings.HasSuffix(path, "/following"), strings.HasSuffix(path, "/liking_users"):
			t.Logf("accounts, decoded as in Hydrate: %s", r.URI)
			rows, err := c.list(a)
			if strings.Contains(path, "/username/") {
				rows, err = []json.RawMessage{a.Data}, nil
			}
			for _, raw := range rows {
				var u user
				if json.Unmarshal(raw, &u) != nil || u.author().Key == "" || u.author().Followers != nil {
					t.Errorf("%s: %s", r.URI, raw)
				}
			}
			if err != nil || len(rows) == 0 {
				t.Error(r.URI, err)
			}
		default:
			t.Logf("not ours: %s", r.URI)
		}
	}
	if read == 0 {
		t.Error("no post was read")
	}
	t.Logf("%d posts", read)
}

func TestRecordedAnswersV1(t *testing.T) {
	read := 0
	for _, r := range collectortest.Wire(t, "x_v11") {
		var body struct{ Statuses []json.RawMessage }
		list := []json.RawMessage{}
		switch {
		case strings.Contains(r.URI, "/search/tweets.json"):
			if err := json.Unmarshal(r.Body, &body); err != nil || len(body.Statuses) == 0 {
				t.Fatal(err)
			}
			list = body.Statuses
		case strings.Contains(r.URI, "/statuses/") && !strings.Contains(r.URI, "retweeters") && json.Unmarshal(r.Body, &list) == nil:
			t.Logf("not called, decoded all the same: %s", r.URI)
		default:
			t.Logf("not ours: %s", r.URI)
			continue
		}
		for _, raw := range list {
			var p struct {
				IDStr string `json:"id_str"`
			}
			_ = json.Unmarshal(raw, &p)
			if m, field, why := statusOf(raw, collectortest.Now); why != "" || m.ID != p.IDStr || m.CreatedAt.IsZero() || m.Author.Followers == nil {
				t.Errorf("%s: %s %s", p.IDStr, field, why)
			}
			read++
		}
	}
	if read == 0 {
		t.Error("no post was read")
	}
	t.Logf("%d posts", read)
}

// answers gives one recorded answer.
type answers struct{ collectortest.Answer }

func (a answers) Do(*http.Request) (*http.Response, error) { return a.Response(), nil }

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"id":"9007199254740993","text":"Acme","author_id":"7"}],"meta":{"result_count":1,"next_token":"a"}}`,
		`{"data":[{"id":9007199254740993,"text":"RT @a: b","author_id":7,"created_at":"1974-01-01T00:00:00Z"}],"includes":{"users":[{"id":"7"}],"posts":[{}]}}`,
		`{"errors":[{"type":"https://api.x.com/2/problems/usage-capped"}]}`, `{"meta":{"result_count":0}}`, `{"data":{"id":"1"}}`, `{"statuses":[{"id":1,"user":{"id":2},"text":"x"}]}`, `null`,
	} {
		f.Add([]byte(s))
	}
	c := &collector{base{now: time.Now}}
	f.Fuzz(func(t *testing.T, body []byte) {
		var old searchV1
		if json.Unmarshal(body, &old) == nil {
			for _, raw := range old.Statuses {
				if m, _, why := statusOf(raw, collectortest.Now); why == "" && (m.ID == "" || m.Author.Key == "") {
					t.Fatalf("a post without id or author passes: %s", raw)
				}
			}
		}
		var a answer
		if json.Unmarshal(body, &a) != nil {
			return
		}
		rows, err := c.list(&a)
		if err != nil {
			return
		}
		pg := newPage(&a, collectortest.Now)
		ids, spent := named(&a, rows)
		w := &walk{}
		fresh, _ := w.see(ids)
		if len(ids) != len(rows) || len(fresh) != len(rows) || len(spent.posts)+int(spent.unnamed) < len(rows) {
			t.Fatalf("%d rows, %d ids, %d charged", len(rows), len(ids), len(spent.posts))
		}
		for _, raw := range rows {
			if _, m, _, why := pg.decode(raw); why == "" && (m.ID == "" || m.Author.Key == "" || m.Text == "" && !m.Repost) {
				t.Fatalf("a post without id, author or text passes: %s", raw)
			}
		}
	})
}
