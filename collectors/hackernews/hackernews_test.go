package hackernews

import (
	"bytes"
	"encoding/json"
	"io"
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
		`{}`:                                    "",
		`{"server":"http://127.0.0.1:8080/hn"}`: "",
		`{"days":0}`:                            "days",
		`{"server":"hn.algolia.com"}`:           "server",
		`{"server":"https://u:p@hn.example"}`:   "server",
		`{"item_server":"https://?x"}`:          "item_server",
		`{"item_server":"ftp://hn.example"}`:    "item_server",
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

// answered is a Doer that gives one answer to everything.
type answered []byte

func (a answered) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(bytes.NewReader(a))}, nil
}

func made(t testing.TB, d collectors.Doer, now *time.Time) collectors.Collector {
	t.Helper()
	c, err := Definition().New(collectors.Setup{
		Decode: func(into any) error { return Definition().Decode(nil, into) }, HTTP: d, Now: func() time.Time { return *now }, Meter: collectors.Free{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// FuzzAnswer shows that no answer breaks the decoder or makes a mention without
// id, author, time or text.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"hits":[{"objectID":"1","created_at_i":1790000000,"author":"a","comment_text":"x<p>y","parent_id":2,"story_id":2}],"nbHits":1}`))
	f.Add([]byte(`{"hits":[{"objectID":1,"created_at_i":"x","author":null,"title":"&amp;"}],"nbHits":1,"hitsPerPage":-1}`))
	f.Add([]byte(`{"hits":[],"nbHits":0}`))
	f.Add([]byte(`{"hits":null}`))
	now := collectortest.Now
	f.Fuzz(func(t *testing.T, body []byte) {
		q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}, Since: time.Unix(1, 0)}
		pages, err := collectortest.Collect(t.Context(), made(t, answered(body), &now), q, nil, 20)
		if len(pages) == 20 {
			t.Fatal("no end")
		}
		for _, p := range pages {
			for _, m := range p.Mentions {
				if m.ID == "" || m.Author.Key == "" || m.CreatedAt.IsZero() || m.Text == "" || strings.ContainsRune(m.Text, 0) {
					t.Errorf("%+v", m)
				}
			}
			if int64(len(p.Mentions)+len(p.Rejects)) > p.Rows {
				t.Errorf("%d rows, %d mentions, %d rejects", p.Rows, len(p.Mentions), len(p.Rejects))
			}
		}
		if err == nil && !json.Valid(body) {
			t.Error("what is no JSON was read as a page")
		}
	})
}
