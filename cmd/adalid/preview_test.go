package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/collectors/hackernews"
	"adalid/collectors/mastodon"
	"adalid/internal/demo"
	"adalid/internal/relevance"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

// searched answers as the search of Hacker News does, with posts of this hour.
type searched struct {
	asked atomic.Int64
	texts []string
}

func (s *searched) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	hits := []map[string]any{}
	for i, text := range s.texts {
		hits = append(hits, map[string]any{
			"objectID": fmt.Sprint(9000 - i), "created_at_i": time.Now().Unix() - int64(60*i) - 60, "author": fmt.Sprint("u", i), "comment_text": text,
			"story_id": 1, "parent_id": 1, "_tags": []string{"comment"},
		})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"hits": hits, "nbHits": len(hits), "hitsPerPage": 100})
}

// closedPort is an address where nobody answers.
func closedPort(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	return s.URL
}

// TestPreviewOverHTTP: words find posts of what can be read, and what cannot be
// read is said and never counted as none; nothing is stored, and the same words
// are not asked for again.
func TestPreviewOverHTTP(t *testing.T) {
	t.Parallel()
	fake := &searched{texts: []string{"I buy my coffee at Lumbre", "Lumbre again, it is great", "a lumbre and a hoguera by night", "the guitarra beside the lumbre"}}
	platform := httptest.NewServer(fake)
	defer platform.Close()
	nobody := closedPort(t)
	dir := t.TempDir()
	allow := "ADALID_FETCH_ALLOW_HOSTS=" + strings.TrimPrefix(platform.URL, "http://") + "," + strings.TrimPrefix(nobody, "http://")
	ok(t, dir, "source", "add", "hackernews", "--set", "server="+platform.URL, "--set", "item_server="+platform.URL)
	ok(t, dir, "source", "add", "mastodon", "--set", "servers="+nobody)
	s, stop := serveKinds(t, dir, []string{allow}, hackernews.Definition(), mastodon.Definition())
	defer stop()
	preview := func(body string) api.Preview {
		t.Helper()
		_, text := s.send("POST", "/api/v1/brand-preview", body, 200)
		return decode[api.Preview](t, text)
	}
	p := preview(`{"name":"Lumbre","ignore":["hoguera"]}`)
	if p.Query != `"Lumbre" -"hoguera"` || p.Read == nil || *p.Read != 4 || *p.Matched != 3 || *p.Ignored != 1 || len(p.Posts) != 3 {
		t.Errorf("%+v", p)
	}
	for _, x := range p.Sources {
		switch {
		case x.Source == "hackernews" && x.Read != nil && x.Kind == nil:
		case x.Source == "mastodon" && x.Read == nil && x.Kind != nil && *x.Kind == "transient":
		default:
			t.Errorf("%+v", x)
		}
	}
	asked := fake.asked.Load()
	p = preview(`{"name":"Lumbre","ignore":["hoguera"],"marks":[{"text":"the guitarra beside the lumbre","about":false}]}`)
	if len(p.Exclude) == 0 || p.Exclude[0].Word != "guitarra" && p.Exclude[0].Word != "beside" {
		t.Errorf("%+v", p.Exclude)
	}
	if fake.asked.Load() != asked || asked == 0 {
		t.Errorf("asked %d times, then %d", asked, fake.asked.Load())
	}
	if list := s.get("/api/v1/brands"); strings.Contains(list, "Lumbre") {
		t.Error(list)
	}
	s.send("POST", "/api/v1/brand-preview", `{"name":"-","also":["*"]}`, 422)
	if _, text := s.send("POST", "/api/v1/brand-preview", `{"name":"!!!"}`, 422); !strings.Contains(text, "no letter or digit") || strings.Contains(text, "nil") {
		t.Error(text)
	}

	// What is stored of the brand is looked at too.
	s.send("POST", "/api/v1/brands", `{"name":"Lumbre","query":"lumbre"}`, 201)
	s.send("POST", "/api/v1/brands/Lumbre/mentions", `[{"text":"my lumbre from the file","author":"ann","created_at":"2026-01-01T00:00:00Z","post_id":"1","platform":"x"}]`, 200)
	if p = preview(`{"name":"Lumbre","brand":"lumbre"}`); *p.Read != 5 || p.Taken {
		t.Errorf("%+v", p)
	}
	if p = preview(`{"name":"lumbre"}`); !p.Taken || *p.Read != 4 {
		t.Errorf("%+v", p)
	}
}

// TestPreviewWithoutNetwork: where nothing can be reached, nothing is counted.
func TestPreviewWithoutNetwork(t *testing.T) {
	t.Parallel()
	nobody := closedPort(t)
	dir := t.TempDir()
	ok(t, dir, "source", "add", "hackernews", "--set", "server="+nobody)
	s, stop := serveKinds(t, dir, []string{"ADALID_FETCH_ALLOW_HOSTS=" + strings.TrimPrefix(nobody, "http://")}, hackernews.Definition())
	defer stop()
	_, text := s.send("POST", "/api/v1/brand-preview", `{"name":"Lumbre"}`, 200)
	p := decode[api.Preview](t, text)
	if p.Read != nil || p.Matched != nil || p.Ignored != nil || len(p.Sources) != 1 || p.Sources[0].Read != nil || p.Sources[0].Reason == nil {
		t.Error(text)
	}
}

// stumbler panics over every answer.
type stumbler struct{}

func (stumbler) Collect(context.Context, collectors.Query, collectors.Cursor) (collectors.Page, error) {
	var none []string
	return collectors.Page{}, errors.New(none[len(none)])
}

// TestPreviewOutlivesCollectors: a collector that panics costs its own part of a
// sample.
func TestPreviewOutlivesCollectors(t *testing.T) {
	t.Parallel()
	fake := &searched{texts: []string{"Lumbre again, it is great"}}
	platform := httptest.NewServer(fake)
	defer platform.Close()
	dir := t.TempDir()
	broken := hackernews.Definition()
	broken.Name, broken.New = "broken", func(collectors.Setup) (collectors.Collector, error) { return stumbler{}, nil }
	ok(t, dir, "source", "add", "hackernews", "--set", "server="+platform.URL, "--set", "item_server="+platform.URL)
	s, stop := serveKinds(t, dir, []string{"ADALID_FETCH_ALLOW_HOSTS=" + strings.TrimPrefix(platform.URL, "http://")}, hackernews.Definition(), broken)
	defer stop()
	_, text := s.send("POST", "/api/v1/brand-preview", `{"name":"Lumbre"}`, 200)
	p := decode[api.Preview](t, text)
	if p.Read == nil || *p.Read != 1 || len(p.Sources) != 2 {
		t.Fatal(text)
	}
	for _, x := range p.Sources {
		if bad := x.Source == "broken"; bad != (x.Kind != nil && *x.Kind == "schema") || bad != (x.Read == nil) {
			t.Errorf("%+v", x)
		}
	}
}

// TestSamplesForgetTheErased: a sample that is kept, or was only being read,
// when somebody is erased is neither shown with them nor answered again.
func TestSamplesForgetTheErased(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Key: func() ([]byte, error) { return make([]byte, 32), nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := &previewer{keeper: &keeper{sourceBook: sourceBook{store: s}, now: time.Now}}
	read := make(chan struct{})
	close(read)
	p.kept = map[string]*liveSample{`"lumbre"`: {done: read, at: time.Now(), sources: []api.SampledSource{{Standing: scan.Standing{State: scan.Done}}}, posts: []adalid.Mention{
		{Platform: "x", ID: "1", Text: "lumbre", Author: adalid.Author{Platform: "x", Key: "1", Handle: "ann"}},
		{Platform: "x", ID: "2", Text: "good lumbre", Author: adalid.Author{Platform: "x", Key: "2", Handle: "ben"}},
	}}, "under way": {done: make(chan struct{}), at: time.Now()}}
	matched := func() int64 {
		t.Helper()
		out, err := p.PreviewBrand(t.Context(), api.Draft{Name: "Lumbre"})
		if err != nil {
			t.Fatal(err)
		}
		return out.Matched
	}
	if n := matched(); n != 2 {
		t.Fatal(n, "posts before")
	}
	if _, err := s.Erase(t.Context(), store.Erasure{Person: "x/ann"}); err != nil {
		t.Fatal(err)
	}
	if n := matched(); n != 1 {
		t.Error(n, "posts after the erasure")
	}
	if p.forget(); len(p.kept) != 0 {
		t.Errorf("%d samples are kept", len(p.kept))
	}
}

// TestPreviewsAreFew: no more than 20 samples are read in a minute; what was read a
// moment ago is still answered.
func TestPreviewsAreFew(t *testing.T) {
	t.Parallel()
	fake := &searched{texts: []string{"a brand"}}
	platform := httptest.NewServer(fake)
	defer platform.Close()
	dir := t.TempDir()
	ok(t, dir, "source", "add", "hackernews", "--set", "server="+platform.URL)
	s, stop := serveKinds(t, dir, []string{"ADALID_FETCH_ALLOW_HOSTS=" + strings.TrimPrefix(platform.URL, "http://")}, hackernews.Definition())
	defer stop()
	refused := 0
	for i := range samplesMinute + 3 {
		_, text := s.send("POST", "/api/v1/brand-preview", fmt.Sprintf(`{"name":"Brand number %d"}`, i), 200)
		if p := decode[api.Preview](t, text); p.Read == nil && *p.Sources[0].Kind == "rate_limited" && p.Query != "" {
			refused++
		}
	}
	if refused != 3 {
		t.Errorf("%d of %d were refused", refused, samplesMinute+3)
	}
	if _, text := s.send("POST", "/api/v1/brand-preview", `{"name":"BRAND number 3","ignore":["something"]}`, 200); decode[api.Preview](t, text).Read == nil {
		t.Error(text)
	}
}

// TestDemoOverHTTP: the invented brand is loaded into a running server once, can
// be removed, and never takes the place of a real brand of its name.
func TestDemoOverHTTP(t *testing.T) {
	t.Parallel()
	s, stop := serveKinds(t, t.TempDir(), nil)
	defer stop()
	began := time.Now()
	_, text := s.send("POST", "/api/v1/demo", "", 201)
	t.Log("loaded in", time.Since(began).Round(time.Millisecond))
	b := decode[api.Brand](t, text)
	s.send("POST", "/api/v1/demo", "", 200)
	if list := decode[api.AdvocateList](t, s.get("/api/v1/brands/"+b.Name+"/advocates?limit=5")); !b.Demo || len(list.Items) != 5 {
		t.Error(text)
	}
	s.send("DELETE", "/api/v1/brands/"+b.Name, "", 204)
	s.send("POST", "/api/v1/brands", `{"name":"`+b.Name+`"}`, 201)
	s.send("POST", "/api/v1/demo", "", 409)
}

// TestDemoIsNotTakenForHalf: an invented brand that was loaded once is never
// removed by loading it again, whatever its newest scan says; one that was never
// loaded is loaded anew, but not while somebody is at it.
func TestDemoIsNotTakenForHalf(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	v := &inventor{app: &app{now: time.Now}, store: s}
	load := func(why string, created bool, code adalid.Code) {
		t.Helper()
		if _, made, err := v.LoadDemo(t.Context()); made != created || adalid.CodeOf(err) != code {
			t.Fatalf("%s: made %t, %v", why, made, err)
		}
	}
	begin := func(kind store.ScanKind, started time.Time) int64 {
		t.Helper()
		id, err := s.StartScan(t.Context(), store.ScanRecord{Brand: demo.Brand, Kind: kind, Started: started})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	end := func(id int64) {
		t.Helper()
		if err := s.FinishScan(t.Context(), id, store.ScanRecord{State: store.Failed, Reason: "it was no CSV"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.CreateBrand(t.Context(), adalid.Brand{Name: demo.Brand, Query: "nova", Demo: true}); err != nil {
		t.Fatal(err)
	}
	first := begin(store.ImportScan, time.Now())
	load("while it is loaded", false, adalid.Conflict)
	end(first)
	scan := begin(store.LiveScan, time.Now().Add(-time.Hour))
	load("while it is scanned", false, adalid.Conflict)
	end(scan)
	begin(store.ImportScan, time.Now().Add(-time.Hour)) // its process was killed
	load("never loaded", true, "")
	end(begin(store.ImportScan, time.Now()))
	load("after a failed upload", false, "")
	begin(store.LiveScan, time.Now())
	load("while a scan runs", false, "")
	if list, err := s.Scans(t.Context(), demo.Brand, 10); err != nil || len(list) != 3 {
		t.Errorf("%+v: %v", list, err)
	}
}

// TestImportTellsItsRejects: the first rows of an upload that could not be used
// are told with row and column.
func TestImportTellsItsRejects(t *testing.T) {
	t.Parallel()
	s, stop := serveKinds(t, t.TempDir(), nil)
	defer stop()
	s.addBrand("Tea")
	rows := "id,text,author,date\n1,I like tea,ann,2026-01-01T00:00:00Z\n"
	for i := range 14 {
		rows += fmt.Sprintf("%d,tea,ben,no date at all\n", i+2)
	}
	head, _ := s.send("POST", "/api/v1/brands/Tea/imports?name=tea.csv", rows, 202)
	var i api.Import
	eventually(t, "the end of the import", func() bool {
		i = decode[api.Import](t, s.get(head.Get("Location")))
		return i.State != "running"
	})
	t.Logf("%+v", i)
	if i.Rejected == 0 || len(i.Rejects) != 10 || i.Rejects[0].Row == nil || *i.Rejects[0].Row != 2 || i.Rejects[0].Column == nil || *i.Rejects[0].Column != "date" {
		t.Errorf("%+v", i.Rejects)
	}
}

// TestMixed: what is shown comes from all platforms in turn.
func TestMixed(t *testing.T) {
	var posts []api.DraftedPost
	for i := range 30 {
		platform := adalid.Platform("x")
		if i >= 27 {
			platform = "mastodon"
		}
		posts = append(posts, api.DraftedPost{Mention: adalid.Mention{Platform: platform, ID: fmt.Sprint(i), CreatedAt: time.Unix(int64(i), 0)}, Hits: []relevance.Span{{Start: 0, End: 1}}})
	}
	shown := mixed(posts)
	if len(shown) != sampleShown || shown[0].ID != "29" || shown[1].ID != "26" || shown[2].ID != "28" || shown[9].Platform != "x" {
		t.Errorf("%+v", shown)
	}
}
