package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestServeAsksOnOpenAddresses in the real process: where others reach it, the
// server prints the link to the first account and answers nobody before.
func TestServeAsksOnOpenAddresses(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), nil, "--address", "0.0.0.0:0")
	link := regexp.MustCompile(`(?m)^  (http://localhost:\d+)/lite/setup\?token=[A-Z2-7]{26}$`).FindStringSubmatch(s.said())
	if link == nil {
		t.Fatalf("no link:\n%s", s.said())
	}
	s.base = link[1]
	for _, path := range []string{"/api/v1/me", "/api/v1/brands", "/metrics"} {
		if a, text := s.ask(http.MethodGet, path, nil, nil); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s %s", path, a.Status, text)
		}
	}
	s.stop()
}
