package youtube

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/collectors/collectortest"
)

func TestContract(t *testing.T) { collectortest.Run(t, Definition()) }

const accepted = `"key":"k","amendment_accepted_by":"Mara Vidal","amendment_accepted_on":"2026-09-01"`

// made makes a collector from settings, without a network of its own.
func made(settings string, d collectors.Doer, now func() time.Time, m collectors.Meter) (collectors.Collector, error) {
	return Definition().New(collectors.Setup{
		Decode: func(into any) error { return Definition().Decode([]byte(settings), into) },
		HTTP:   d, Now: now, Meter: m,
	})
}

// Nothing is read before the amendment was accepted by somebody on some day.
func TestSettings(t *testing.T) {
	now := func() time.Time { return collectortest.Now }
	for settings, want := range map[string]string{
		`{` + accepted + `}`: "",
		`{` + accepted + `,"videos":0,"server":"http://127.0.0.1/"}`: "",
		`{"key":"k"}`: `"amendment_accepted_by"`,
		`{"key":"k","amendment_accepted_on":"2026-09-01"}`:                             `"amendment_accepted_by"`,
		`{"key":"k","amendment_accepted_by":" ","amendment_accepted_on":"2026-09-01"}`: `"amendment_accepted_by"`,
		`{"key":"k","amendment_accepted_by":"M"}`:                                      `"amendment_accepted_on"`,
		`{"key":"k","amendment_accepted_by":"M","amendment_accepted_on":"soon"}`:       `"amendment_accepted_on"`,
		`{"key":"k","amendment_accepted_by":"M","amendment_accepted_on":"2027-01-01"}`: `"amendment_accepted_on"`,
		`{` + accepted + `,"days":0}`:                                                  `"days"`,
		`{` + accepted + `,"videos":-1}`:                                               `"videos"`,
		`{` + accepted + `,"follow_days":0}`:                                           `"follow_days"`,
		`{` + accepted + `,"comment_pages":0}`:                                         `"comment_pages"`,
		`{` + accepted + `,"server":"ftp://host"}`:                                     `"server"`,
		strings.Replace(`{`+accepted+`}`, `"k"`, `"k\n"`, 1) + " ":                     "",
		strings.Replace(`{`+accepted+`}`, `"k"`, `"a b"`, 1):                           `"key"`,
	} {
		_, err := made(settings, nil, now, collectors.Free{})
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
		term(collectors.Word, "café"), term(collectors.Phrase, `acme "best" coffee`), term(collectors.Handle, "acmecafe"), term(collectors.Tag, "acme"),
		term(collectors.Word, "café"), term(collectors.Prefix, "acm"), term(collectors.Word, "coca-cola"), term(collectors.From, "leo"), term(collectors.Phrase, strings.Repeat("x ", 300)),
	})
	want := []string{`café|"acme best coffee"|@acmecafe|#acme|acm|"coca-cola"`}
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
	if asked := strings.Split(strings.Join(list, "|"), "|"); len(asked) != len(many) {
		t.Errorf("%d of %d terms", len(asked), len(many))
	}
}

func TestHandles(t *testing.T) {
	for text, want := range map[string][]string{
		"@Acme.Cafe, and @leo-9! @acme.cafe": {"acme.cafe", "leo-9"}, "a@b.example": nil, "https://youtube.com/@leo": nil, "(@mara_v)": {"mara_v"}, "@": nil,
	} {
		if got := handles(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Every request that a case sends is one that the contract allows.
func TestRequestsKeepToTheContract(t *testing.T) {
	document := collectortest.Contract(t, "youtube.json")
	files, err := filepath.Glob("testdata/*/case.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	checked := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c struct{ Exchange []struct{ URI string } }
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		for _, e := range c.Exchange {
			r, err := http.NewRequest(http.MethodGet, e.URI, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := document.Check(r); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			checked[r.URL.Path]++
		}
	}
	t.Log(checked)
}

// answers gives one recorded answer.
type answers struct{ collectortest.Answer }

func (a answers) Do(*http.Request) (*http.Response, error) { return a.Response(), nil }

// Every recorded answer of an endpoint that is called decodes, to as many items
// as its JSON holds.
func TestRecordedAnswers(t *testing.T) {
	read := map[string]int{}
	for _, r := range collectortest.Wire(t, "youtube") {
		var want struct {
			Kind  string
			Items []json.RawMessage
			Error json.RawMessage
			Next  string `json:"nextPageToken"`
		}
		if err := json.Unmarshal(r.Body, &want); err != nil {
			t.Fatal(r.File, err)
		}
		kind := strings.TrimPrefix(want.Kind, "youtube#")
		ours := slices.Contains([]string{"searchListResponse", "videoListResponse", "commentThreadListResponse", "commentListResponse", "channelListResponse"}, kind)
		if !ours && want.Error == nil {
			t.Logf("not ours: %s", r.File)
			continue
		}
		c := &collector{settings: settings{Server: publicServer}, http: answers{r}, now: time.Now, meter: collectors.Free{}}
		a, err := c.get(t.Context(), quotaUnit, "x", kind, nil)
		if want.Error != nil {
			if err == nil {
				t.Errorf("%s: an error passes", r.File)
			}
			continue
		}
		if err != nil || len(a.Items) != len(want.Items) || a.Next != want.Next {
			t.Fatalf("%s: %v", r.File, err)
		}
		for i, raw := range a.Items {
			if why := decoded(kind, i, raw); why != "" {
				t.Logf("%s item %d: %s", r.File, i, why)
				if strings.HasPrefix(why, "!") {
					t.Errorf("%s: %s", r.File, why)
				}
			}
			read[kind]++
		}
	}
	t.Log(read)
	if len(read) != 5 {
		t.Error("not every kind of answer was read")
	}
}

// decoded says what an item lacks, with ! where that may not be.
func decoded(kind string, i int, raw json.RawMessage) string {
	switch kind {
	case "searchListResponse":
		var f found
		if json.Unmarshal(raw, &f) != nil {
			return "!no search result"
		}
		if f.ID.Video == "" {
			return "no video"
		}
	case "videoListResponse":
		_, v, field, why := videoOf(raw, collectortest.Now)
		if why != "" && v.Snippet != nil {
			return "!" + field + " " + why
		}
	case "commentThreadListResponse":
		var out collectors.Page
		if take(&out, i, raw, part{}, collectortest.Now); len(out.Rejects) > 0 {
			return "!" + out.Rejects[0].Field + " " + out.Rejects[0].Reason
		}
	case "commentListResponse":
		if _, field, why := commentOf(raw, "", collectortest.Now); why != "" {
			return "!" + field + " " + why
		}
	case "channelListResponse":
		var ch channel
		if json.Unmarshal(raw, &ch) != nil || ch.author().Key == "" {
			return "!no channel"
		}
	}
	return ""
}

func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		`{"kind":"youtube#videoListResponse","items":[{"id":"aaaaaaaaaa1","snippet":{"channelId":"UCmara_vidal_channel_001","publishedAt":"2026-10-20T09:00:00Z","title":"Acme"},"statistics":{"viewCount":"9","commentCount":1}}]}`,
		`{"items":[{"snippet":{"videoId":"aaaaaaaaaa1","topLevelComment":{"id":"Ugxxxxxxxxxxxxxx1","snippet":{"authorDisplayName":"@leo","textDisplay":"x","publishedAt":"1974-01-01T00:00:00Z"}}},"replies":{"comments":[{},null]}}]}`,
		`{"error":{"errors":[{"reason":"quotaExceeded"}]}}`, `{"items":[{"id":{"videoId":"x"}},null,3]}`, `null`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var a answer
		if json.Unmarshal(body, &a) != nil {
			return
		}
		for i, raw := range a.Items {
			var out collectors.Page
			take(&out, i, raw, part{}, collectortest.Now)
			if m, _, _, why := videoOf(raw, collectortest.Now); why == "" {
				out.Mentions = append(out.Mentions, m)
			}
			for _, m := range out.Mentions {
				if m.ID == "" || m.Author.Key == "" || m.Text == "" || m.CreatedAt.IsZero() {
					t.Fatalf("a post without id, author, text or time passes: %s", raw)
				}
			}
		}
	})
}
