package instagram

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

const access = `"token":"t","account":"17841400000000000"`

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
		`{` + access + `,"login":"instagram","posts":0}`:  "",
		`{` + access + `,"server":"http://127.0.0.1:1/"}`: "",
		`{"account":"1"}`:                                       `"token"`,
		`{"token":"a b","account":"1"}`:                         `"token"`,
		`{"token":"t"}`:                                         `"account"`,
		`{"token":"t","account":"acmecafe"}`:                    `"account"`,
		`{` + access + `,"login":"x"}`:                          `"login"`,
		`{` + access + `,"login":"instagram","followers":true}`: `"followers"`,
		`{` + access + `,"days":0}`:                             `"days"`,
		`{` + access + `,"posts":-1}`:                           `"posts"`,
		`{` + access + `,"comment_pages":0}`:                    `"comment_pages"`,
		`{` + access + `,"version":"25"}`:                       `"version"`,
		`{` + access + `,"server":"ftp://h"}`:                   `"server"`,
	} {
		_, err := made(settings, nil, time.Now)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
}

func TestHandles(t *testing.T) {
	for text, want := range map[string][]string{
		"@Acme.Cafe, @leo_9. @acme.cafe": {"acme.cafe", "leo_9"}, "a@b.example": nil, "https://x.example/@leo": nil, "(@mara.v)": {"mara.v"}, "@": nil,
	} {
		if got := handles(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// No refusal of a list ends as a page either, where the account is known.
func TestRefusalsOfLists(t *testing.T) {
	for _, stage := range []string{
		`{"name":"acmecafe","walk":{"at":1,"stage":"tags"}}`, `{"name":"acmecafe","walk":{"at":1,"stage":"media"}}`,
		`{"name":"acmecafe","walk":{"at":1,"stage":"comments","open":[{"id":"1","count":1}]}}`,
	} {
		for _, f := range collectortest.Faults(limits()) {
			if strings.Contains(stage, "comments") && f.Name == "404" {
				continue // the post is gone
			}
			server := httptest.NewServer(f.Answer)
			c, err := made(`{`+access+`,"server":"`+server.URL+`"}`, polite{}, func() time.Time { return collectortest.Now })
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Collect(t.Context(), collectors.Query{}, collectors.Cursor(stage))
			server.Close()
			var e *collectors.Error
			if !errors.As(err, &e) || !slices.Contains(f.Kinds, e.Kind) || f.Waits && !e.Until.After(collectortest.Now) {
				t.Errorf("%s: %s: %v, want one of %q", stage, f.Name, err, f.Kinds)
			}
		}
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

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"id":"17900000000000003","username":"leo_9","timestamp":"2026-10-20T09:00:00+0000","caption":"Acme","like_count":3}],"paging":{"cursors":{"after":"x"}}}`,
		`{"data":[{"id":"18000000000000001","from":{"username":"leo_9"},"timestamp":"1974-01-01T00:00:00+0000","text":"x","replies":{"data":[{},null,3]}}]}`,
		`{"error":{"code":190}}`, `{"data":[null,{"id":3}]}`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var l list
		if json.Unmarshal(body, &l) != nil {
			return
		}
		c := &collector{now: func() time.Time { return collectortest.Now }}
		var out collectors.Page
		for i, raw := range l.Data {
			c.thread(&out, i, raw, "", "acmecafe")
			m, _, field, why := postOf(raw, collectortest.Now)
			take(&out, i, m, field, why, raw)
		}
		if int(out.Rows) != len(out.Mentions)+len(out.Rejects) {
			t.Fatalf("%d rows, %d mentions, %d rejects", out.Rows, len(out.Mentions), len(out.Rejects))
		}
		for _, m := range out.Mentions {
			if m.ID == "" || m.Author.Key == "" || m.CreatedAt.IsZero() || m.ReplyTo == m.Author.Key {
				t.Fatalf("a post without id, author or time passes: %+v", m)
			}
		}
	})
}
