package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid/internal/store"
	"adalid/web/api"
)

// TestServe is a newcomer's first minutes: an empty folder, the invented brand,
// then an export of one's own.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	s := serve(t, dir, nil, "--demo")
	if !strings.Contains(s.said(), "nobody in it exists") {
		t.Errorf("the demo is not said to be invented:\n%s", s.said())
	}
	brands := decode[api.BrandList](t, s.get("/api/v1/brands"))
	if len(brands.Items) != 1 || !brands.Items[0].Demo {
		t.Fatalf("brands %+v", brands)
	}
	demo := "/api/v1/brands/" + url.PathEscape(brands.Items[0].Name)

	t.Run("pages", func(t *testing.T) {
		page := s.get("/lite")
		if !strings.Contains(page, brands.Items[0].Name) || !strings.Contains(page, "</html>") || strings.Contains(page, "<script") ||
			!strings.Contains(page, `<option value="">All</option><option>bluesky</option><option>instagram</option><option>mastodon</option>`) {
			t.Errorf("/lite:\n%.500s", page)
		}
		if answer, _ := s.ask(http.MethodGet, "/", nil, nil); answer.StatusCode != http.StatusOK && answer.Header.Get("Location") != "/lite" {
			t.Errorf("/ answers %s and leads to %q", answer.Status, answer.Header.Get("Location"))
		}
		for _, path := range []string{"/api/v1/health", "/api/v1/version", "/api/v1/openapi.json"} {
			if !json.Valid([]byte(s.get(path))) {
				t.Errorf("%s is not JSON", path)
			}
		}
		if metrics := s.get("/metrics"); !strings.Contains(metrics, `adalid_http_requests_total{method="GET",route="/lite",status="200"} 1`) || !strings.Contains(metrics, "process_resident_memory_bytes") {
			t.Errorf("/metrics:\n%.500s", metrics)
		}
	})

	t.Run("advocates", func(t *testing.T) {
		answer, text := s.ask(http.MethodGet, demo+"/advocates?limit=3", nil, nil)
		list := decode[api.AdvocateList](t, text)
		tag := answer.Header.Get("ETag")
		if len(list.Items) != 3 || tag == "" {
			t.Fatalf("%d people, ETag %q", len(list.Items), tag)
		}
		if again, body := s.ask(http.MethodGet, demo+"/advocates?limit=3", nil, header("If-None-Match", tag)); again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("the same again: %s\n%s", again.Status, body)
		}
		id := list.Items[0].ID
		person := decode[api.AdvocateDetail](t, s.get(demo+"/advocates/"+id))
		if person.Advocate.ID != id || len(person.TopPosts) == 0 || len(person.Weeks) == 0 || len(person.Platforms) == 0 {
			t.Errorf("asked for %s, got %+v", id, person)
		}
		if answer, text := s.ask(http.MethodGet, demo+"/advocates/nobody", nil, nil); answer.StatusCode != http.StatusNotFound || !strings.HasPrefix(answer.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("a person nobody knows: %s\n%s", answer.Status, text)
		}
		mentions := decode[api.MentionList](t, s.get(demo+"/mentions?limit=2&person="+url.QueryEscape(id)))
		if len(mentions.Items) == 0 || mentions.Items[0].Text == "" {
			t.Errorf("mentions of %s: %+v", id, mentions)
		}
		ranked := decode[api.AdvocateList](t, ok(t, dir, "rank", brands.Items[0].Name, "--limit", "3", "--json"))
		list.NextCursor = nil // the terminal has no pages
		if diff := cmp.Diff(list, ranked); diff != "" {
			t.Errorf("the terminal answers otherwise than the API (-API +terminal):\n%s", diff)
		}
		if last := ranked.Items[0].Evidence.Last; last == nil || last.Location() != time.UTC {
			t.Errorf("the last mention was at %v, want a time in UTC", last)
		}
	})

	t.Run("uploads", func(t *testing.T) {
		s.addBrand("Tea / Té")
		raw := s.done(s.upload("Tea / Té", "?name=few.jsonl", strings.NewReader(strings.Join(fewRows, "")), nil))
		if raw.State != "done" || raw.Rows != 5 || raw.New != 5 || *raw.Name != "few.jsonl" || *raw.Progress != 1 || raw.Finished == nil {
			t.Errorf("raw upload: %+v", raw)
		}

		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreateFormFile("file", "polls.csv")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(part, "id,username,date,text,likes\n1,ann,03/04/2026,tea,8\n9,eve,03/04/2026,RT @ann: tea,99\n9,eve,03/04/2026,RT @ann: tea,99\n8,eve,some day,t\xe9,0\n")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		status := s.done(s.upload("tea / té", "?date_order=dmy&map=handle%3Dusername", &form, header("Content-Type", w.FormDataContentType())))
		if status.State != "done" || status.Rows != 4 || status.New+status.Changed+status.Repeated != 3 || status.Rejected != 1 || *status.Name != "polls.csv" {
			t.Errorf("form: %+v", status)
		}
		traps := map[string]api.ImportTrap{}
		for _, n := range status.Notices {
			traps[n.Code] = n
		}
		if traps["repost_counters"].Count != 2 || !slices.Equal(traps["encoding"].Examples, []string{"polls.csv: Windows-1252"}) {
			t.Errorf("the notices, under the file's own name: %+v", status.Notices)
		}

		ok(t, dir, "brand", "add", "Matcha", "--query", "matcha")
		two := "id,username,date,text\n1,ann,2026-01-01,matcha please\n2,ann,2026-01-01,coffee please\n"
		if part := s.done(s.upload("Matcha", "?match=query&name=two.csv", strings.NewReader(two), nil)); part.Rows != 2 || part.New != 1 || part.Unmatched != 1 {
			t.Errorf("rows that are not about the brand: %+v", part)
		}

		failed := s.done(s.upload("Tea / Té", "?name=notes.csv", strings.NewReader("a,b\n1,2\n"), nil))
		if failed.State != "failed" || failed.Error == nil || !strings.HasPrefix(*failed.Error, "notes.csv: ") || !strings.Contains(*failed.Error, "text") {
			t.Errorf("unusable upload: %+v, %s", failed, *failed.Error)
		}
		if answer, text := s.ask(http.MethodPost, "/api/v1/brands/Tea%20%2F%20T%C3%A9/imports?timezone=Mars/Base", strings.NewReader("a"), nil); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "Europe/Madrid") {
			t.Errorf("options that cannot be: %s\n%s", answer.Status, text)
		}
		eventually(t, "end of the uploaded files", func() bool {
			left, err := filepath.Glob(filepath.Join(dir, "uploads", "*.data"))
			return err == nil && len(left) == 0
		})
		if list := decode[api.ImportList](t, s.get("/api/v1/brands/Tea%20%2F%20T%C3%A9/imports")); len(list.Items) != 3 || list.Items[0].ID != failed.ID {
			t.Errorf("imports: %+v", list)
		}
		if out := ok(t, dir, "authors", "Tea / Té", "--format", "csv"); !strings.Contains(out, ",eve,") {
			t.Errorf("another process does not see the upload:\n%s", out)
		}
	})

	t.Run("refusals", func(t *testing.T) {
		if answer, text := s.ask(http.MethodGet, "/api/v1/brands", nil, func(r *http.Request) { r.Host = "evil.example" }); answer.StatusCode != http.StatusMisdirectedRequest || strings.Contains(text, "items") {
			t.Errorf("a foreign Host: %s\n%s", answer.Status, text)
		}
		body := strings.NewReader(`{"name":"Planted"}`)
		answer, text := s.ask(http.MethodPost, "/api/v1/brands", body, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Origin", "https://evil.example")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		})
		if answer.StatusCode != http.StatusForbidden || strings.Contains(s.get("/api/v1/brands"), "Planted") {
			t.Errorf("a foreign page's request: %s\n%s", answer.Status, text)
		}
		if answer, _ := s.ask(http.MethodPost, "/api/v1/brands/nothing/imports", strings.NewReader("a"), nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("upload to an unknown brand: %s", answer.Status)
		}
	})

	s.stop()
	for _, word := range []string{"panic", "goroutine ", "DATA RACE"} {
		if strings.Contains(s.said(), word) {
			t.Errorf("the log says %q:\n%s", word, s.said())
		}
	}
}

// TestServeStopsWithARequestInFlight: a request that is under way when the
// server is told to stop is answered, and what it brought is imported by the
// next one.
func TestServeStopsWithARequestInFlight(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ok(t, dir, "brand", "add", "Tea")
	s := serve(t, dir, nil)
	body, rest := io.Pipe()
	answered := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/api/v1/brands/Tea/imports", body)
		if err != nil {
			answered <- err
			return
		}
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			err = answer.Body.Close()
			if answer.StatusCode != http.StatusAccepted {
				err = errors.New(answer.Status)
			}
		}
		answered <- err
	}()
	if _, err := io.WriteString(rest, fewRows[0]); err != nil {
		t.Fatal(err)
	}
	eventually(t, "upload on disk", func() bool {
		files, err := filepath.Glob(filepath.Join(dir, "uploads", "*.data"))
		return err == nil && len(files) == 1
	})
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "closed door", func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err == nil {
			_ = c.Close() // it was still open
		}
		return err != nil
	})
	if _, err := io.WriteString(rest, strings.Join(fewRows[1:], "")); err != nil {
		t.Fatal(err)
	}
	if err := rest.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("the request under way was answered with %v", err)
	}
	s.ended()

	next := serve(t, dir, nil)
	list := decode[api.ImportList](t, next.get("/api/v1/brands/Tea/imports"))
	if len(list.Items) != 1 {
		t.Fatalf("imports %+v", list)
	}
	if status := next.done("/api/v1/brands/Tea/imports/" + list.Items[0].ID); status.State != "done" || status.New != 5 {
		t.Errorf("import %+v", status)
	}
	next.stop()
}

// TestServeContinuesAnUpload: a server killed with -9 in the middle of an
// import goes on with it at its next start, and its counts cover both parts.
func TestServeContinuesAnUpload(t *testing.T) {
	t.Parallel()
	source := generated(t, sized(20_000), sized(4_000))
	calm := t.TempDir()
	want := importJSON(t, calm, "--brand", "B", source)

	dir := t.TempDir()
	ok(t, dir, "brand", "add", "B")
	pages := []string{"ADALID_IMPORT_PAGE_SIZE=500"}
	s := serve(t, dir, pages)
	location := s.upload("B", "?name=export.jsonl", opened(t, source), nil)
	eventually(t, "first page of the import", func() bool { return decode[api.Import](t, s.get(location)).Rows > 0 })
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.ends
	if differences(t, dir) != 0 {
		t.Error("the roll-ups differ from the mentions after the kill")
	}
	if out := ok(t, dir, "authors", "B", "--format", "csv"); strings.Count(out, "\n") < 2 {
		t.Error("nothing was stored before the kill")
	}

	s = serve(t, dir, pages)
	status := s.done(location)
	if status.State != "done" || status.Rows != want.Rows || status.New != want.New || status.Rejected != 0 || *status.Progress != 1 ||
		status.Rows != status.New+status.Changed+status.Repeated+status.Rejected {
		t.Errorf("status %+v\nwant %+v", status, want)
	}
	s.stop()
	same(t, "killed and continued", everything(t, calm, "B"), everything(t, dir, "B"))
}

// TestTwoServersOnOneFolder: unfinished uploads are imported by one of two
// servers that start at the same time, and both tell how it went.
func TestTwoServersOnOneFolder(t *testing.T) {
	t.Parallel()
	source := generated(t, sized(6_000), sized(1_500))
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	calm, dir := t.TempDir(), t.TempDir()
	ok(t, calm, "import", "--brand", "B", source)
	ok(t, dir, "brand", "add", "B")
	if err := os.Mkdir(filepath.Join(dir, "uploads"), 0o700); err != nil {
		t.Fatal(err)
	}
	ids := []string{"one", "two", "three"}
	lines := slices.Collect(strings.Lines(string(text)))
	third := len(lines) / len(ids)
	for i, id := range ids {
		part := strings.Join(lines[i*third:(i+1)*third], "")
		note, err := json.Marshal(upload{Status: api.ImportStatus{ID: id, Brand: "B", State: api.ImportRunning, Started: time.Unix(int64(i), 0)}})
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{id + ".json": note, id + ".data": []byte(part)} {
			if err := os.WriteFile(filepath.Join(dir, "uploads", name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	pages := []string{"ADALID_IMPORT_PAGE_SIZE=500"}
	servers := []*server{serve(t, dir, pages), serve(t, dir, pages)}
	for _, s := range servers {
		for _, id := range ids {
			if status := s.done("/api/v1/brands/B/imports/" + id); status.State != "done" || status.Rows != int64(third) {
				t.Errorf("import %s: %+v", id, status)
			}
		}
	}
	for _, s := range servers {
		s.stop()
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if scans, err := s.Scans(t.Context(), "B", 10); err != nil || len(scans) != len(ids) {
		t.Errorf("%d imports ran for %d uploads: %+v, %v", len(scans), len(ids), scans, err)
	}
	same(t, "two servers", everything(t, calm, "B"), everything(t, dir, "B"))
}

// TestClaim: of two servers one has an upload, and the other learns how it
// ended.
func TestClaim(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	servers := [2]*uploads{}
	for i := range servers {
		servers[i] = &uploads{dir: dir, log: slog.New(slog.DiscardHandler)}
	}
	one := upload{Status: api.ImportStatus{ID: "one", State: api.ImportRunning}}
	if err := errors.Join(os.WriteFile(servers[0].path("one"), []byte("x"), 0o600), servers[0].note(&one)); err != nil {
		t.Fatal(err)
	}
	other := one
	release, mine := servers[0].claim(&one)
	if !mine {
		t.Fatal("a free upload cannot be claimed")
	}
	if _, mine := servers[1].claim(&other); mine {
		t.Error("an upload is claimed twice")
	}
	one.Status.Rows = 7
	if err := servers[0].note(&one); err != nil {
		t.Fatal(err)
	}
	if got := servers[1].status(&other); got.Rows != 7 {
		t.Errorf("the other server shows %d rows", got.Rows)
	}
	release() // as the end of the process does
	release, mine = servers[1].claim(&other)
	if !mine || other.Status.Rows != 7 {
		t.Errorf("claimed %t with %d rows after the first server is gone", mine, other.Status.Rows)
	}
	other.Status.State = api.ImportDone
	if err := servers[1].note(&other); err != nil {
		t.Fatal(err)
	}
	release()
	if _, mine := servers[0].claim(&one); mine || one.Status.State != api.ImportDone {
		t.Errorf("claimed %t in state %s what the other server has finished", mine, one.Status.State)
	}
	if err := os.Remove(servers[0].path("one")); err != nil {
		t.Fatal(err)
	}
	if _, mine := servers[0].claim(&one); mine {
		t.Error("claimed what is gone")
	}
}

// TestUploadsThatAreGone: an upload waiting for its import does not bring back
// a brand that was removed meanwhile, and what a crash left of uploads that
// never arrived is swept up.
func TestUploadsThatAreGone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	uploads := filepath.Join(dir, "uploads")
	if err := os.MkdirAll(uploads, 0o700); err != nil {
		t.Fatal(err)
	}
	note := upload{Status: api.ImportStatus{ID: "one", Brand: "Gone", State: api.ImportRunning, Started: time.Now()}}
	raw, err := json.Marshal(note)
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-48 * time.Hour)
	for name, text := range map[string]string{
		"one.json": string(raw), "one.data": strings.Join(fewRows, ""), "torn.json": "{",
		"cut.data": "half a fi", "young.data": "still com", "two.json.new": "{",
	} {
		path := filepath.Join(uploads, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if name != "young.data" {
			if err := os.Chtimes(path, long, long); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := serve(t, dir, nil)
	eventually(t, "end of the import", func() bool {
		raw, err := os.ReadFile(filepath.Join(uploads, "one.json"))
		return err == nil && strings.Contains(string(raw), `"failed"`)
	})
	if list := decode[api.BrandList](t, s.get("/api/v1/brands")); len(list.Items) != 0 {
		t.Errorf("brands %+v", list)
	}
	s.stop()
	files, err := filepath.Glob(filepath.Join(uploads, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	if got := strings.Join(files, " "); got != "one.json torn.json young.data" {
		t.Errorf("left: %s", got)
	}
}

// TestServeRefusesOpenAddresses in the real process, where a mistake would
// listen.
func TestServeRefusesOpenAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0"} {
		cmd := child(t.Context(), t.TempDir(), "serve", "--address", address)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); code != 2 || len(out) > 0 || !strings.Contains(errs.String(), "refusing to listen on "+address) {
			t.Errorf("%s: exit %d, %v\n%s%s", address, code, err, out, errs.String())
		}
	}
}
