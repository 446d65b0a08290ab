package reddit

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

func TestContract(t *testing.T) { collectortest.Run(t, Definition()) }

const access = `"client_id":"i","client_secret":"s","user_agent":"server:example.acme:v1 (by /u/acme_cafe)"`

// made makes a collector from settings, without a network of its own.
func made(settings string, d collectors.Doer, now func() time.Time) (collectors.Collector, error) {
	return Definition().New(collectors.Setup{
		Decode: func(into any) error { return Definition().Decode([]byte(settings), into) },
		HTTP:   d, Now: now, Meter: collectors.Free{},
	})
}

func TestSettings(t *testing.T) {
	for settings, want := range map[string]string{
		`{` + access + `}`: "",
		`{` + access + `,"everywhere":false,"subreddits":["r/Coffee/","/r/madrid"]}`: "",
		`{"client_secret":"s","user_agent":"a:b:c (by /u/acme)"}`:                    `"client_id"`,
		`{"client_id":"i","user_agent":"a:b:c (by /u/acme)"}`:                        `"client_secret"`,
		`{"client_id":"i","client_secret":"s"}`:                                      `"user_agent"`,
		`{"client_id":"i","client_secret":"s","user_agent":"Mozilla/5.0"}`:           `"user_agent"`,
		`{"client_id":"i i","client_secret":"s","user_agent":"a:b:c (by /u/acme)"}`:  `"client_id"`,
		`{` + access + `,"everywhere":false}`:                                        `"subreddits"`,
		`{` + access + `,"subreddits":["a/b"]}`:                                      `"subreddits"`,
		`{` + access + `,"days":0}`:                                                  `"days"`,
		`{` + access + `,"server":"ftp://h"}`:                                        `"server"`,
		`{` + access + `,"login_server":"h"}`:                                        `"login_server"`,
	} {
		_, err := made(settings, nil, time.Now)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
}

func TestQueries(t *testing.T) {
	term := func(kind collectors.TermKind, text string) collectors.Term {
		return collectors.Term{Kind: kind, Text: text}
	}
	got, warnings := queries([]collectors.Term{
		term(collectors.Word, "café"), term(collectors.Phrase, `acme "best" coffee`), term(collectors.Handle, "acme_cafe"), term(collectors.Tag, "acme"),
		term(collectors.Word, "café"), term(collectors.Word, "or"), term(collectors.Inside, "cme"), term(collectors.From, "leo"), term(collectors.Phrase, strings.Repeat("x ", 300)),
	})
	want := []string{`café OR "acme best coffee" OR acme_cafe OR acme OR "or" OR cme`}
	if !slices.Equal(got, want) || len(warnings) != 2 {
		t.Errorf("%q, want %q\n%q", got, want, warnings)
	}
	var many []collectors.Term
	for i := range 200 {
		many = append(many, term(collectors.Word, "brand"+strings.Repeat("ñ", i)))
	}
	list, _ := queries(many)
	for _, q := range list {
		if n := len([]rune(q)); n > maxQuery {
			t.Errorf("%d characters", n)
		}
	}
	if asked := strings.Split(strings.Join(list, " OR "), " OR "); len(asked) != len(many) {
		t.Errorf("%d of %d terms", len(asked), len(many))
	}
}

func TestHandles(t *testing.T) {
	for text, want := range map[string][]string{
		"u/Leo_9 and /u/mara-v, U/leo_9": {"leo_9", "mara-v"}, "https://www.reddit.com/u/leo_9": nil, "menu/leo": nil, "(u/acme_cafe)": {"acme_cafe"}, "u/": nil,
	} {
		if got := handles(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Once there is a token, no refusal of the API ends as a page either, and no
// error tells the token.
func TestRefusalsWithToken(t *testing.T) {
	const secret = "token-that-nobody-may-see"
	for _, f := range collectortest.Faults(limits()) {
		t.Run(f.Name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					_, _ = w.Write([]byte(`{"access_token":"` + secret + `","expires_in":86400}`))
					return
				}
				f.Answer(w, r)
			}))
			defer server.Close()
			c, err := made(`{`+access+`,"server":"`+server.URL+`","login_server":"`+server.URL+`"}`, polite{}, func() time.Time { return collectortest.Now })
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Collect(t.Context(), collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}, nil)
			var e *collectors.Error
			if !errors.As(err, &e) || !slices.Contains(f.Kinds, e.Kind) || f.Waits && !e.Until.After(collectortest.Now) || strings.Contains(err.Error(), secret) {
				t.Errorf("%v of kind %v, want one of %q", err, e, f.Kinds)
			}
		})
	}
}

// polite sends requests as they are.
type polite struct{}

func (polite) Do(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, &collectors.Error{Kind: collectors.Transient, Message: "no answer", Err: err}
	}
	return answer, limits().Refused(answer, collectortest.Now)
}

// Every recorded list of posts or comments decodes, to as many of them as its
// JSON holds.
func TestRecordedAnswers(t *testing.T) {
	read, gone := 0, 0
	for _, r := range collectortest.Wire(t, "reddit") {
		path, _, _ := strings.Cut(strings.TrimPrefix(r.URI, publicServer), "?")
		ours := r.Method == http.MethodGet && (strings.HasPrefix(path, "/r/") || strings.HasPrefix(path, "/user/") || strings.HasPrefix(path, "/comments/") || strings.HasPrefix(path, "/api/info"))
		if !ours {
			t.Logf("not ours: %s %s", r.Method, r.URI)
			continue
		}
		lists := []listing{{}}
		into := any(&lists[0])
		if strings.HasPrefix(path, "/comments/") {
			into = &lists
		}
		if err := collectors.JSON(r.Response(), into); err != nil {
			t.Fatalf("%s: %v", r.URI, err)
		}
		var out collectors.Page
		for _, l := range lists {
			if err := l.check(); err != nil {
				t.Fatalf("%s: %v", r.URI, err)
			}
			tree(&out, l.Data.Children, "", collectortest.Now, 0)
		}
		want := strings.Count(string(r.Body), `"body_html"`) + strings.Count(string(r.Body), `"selftext_html"`)
		if len(out.Rejects) > 0 || int64(want) != out.Rows || len(out.Mentions)+len(out.Gone) != want {
			t.Errorf("%s: %d mentions, %d gone, %d rejects of %d: %+v", r.URI, len(out.Mentions), len(out.Gone), len(out.Rejects), want, out.Rejects)
		}
		read, gone = read+len(out.Mentions), gone+len(out.Gone)
	}
	t.Logf("%d posts and comments, %d gone", read, gone)
	if read == 0 {
		t.Error("nothing was read")
	}
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"kind":"Listing","data":{"after":"t3_a","children":[{"kind":"t3","data":{"name":"t3_a1","author":"leo_9","title":"Acme","created_utc":1467590690.0,"score":1}}]}}`,
		`{"kind":"Listing","data":{"children":[{"kind":"t1","data":{"name":"t1_a1","author":"leo_9","body":"x","created_utc":1e9,"replies":{"kind":"Listing","data":{"children":[{"kind":"more"}]}}}}]}}`,
		`{"kind":"Listing","data":{"children":[{"kind":"t1","data":{"name":"t1_a1","author":"[deleted]","body":"[deleted]","replies":""}},{},null]}}`, `{"kind":"t5"}`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var l listing
		if json.Unmarshal(body, &l) != nil || l.check() != nil {
			return
		}
		var out collectors.Page
		tree(&out, l.Data.Children, "acme", collectortest.Now, 0)
		for _, m := range out.Mentions {
			if m.ID == "" || m.Author.Key == "" || m.Text == "" || m.CreatedAt.IsZero() || strings.Contains(m.Author.Handle, "[") {
				t.Fatalf("a post without id, author, text or time passes: %+v", m)
			}
		}
	})
}
