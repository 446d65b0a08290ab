package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
	"adalid/web/api/apitest"
)

// TestNothingOfAnotherBrand asks a server with two stored brands, as the owner of
// one, for everything of the other: no answer is unlike that about a brand, source,
// import, scan or key that does not exist.
func TestNothingOfAnotherBrand(t *testing.T) {
	t.Parallel()
	const mine, other, ghost = "Tea", "Otra zzyzx", "Nada zzyzx"
	dir := stored(t)
	ok(t, dir, "brand", "add", other)
	ok(t, dir, "brand", "edit", mine, "--rival", other)
	inStore(t, dir, func(s *store.Store) {
		if err := s.SetSource(t.Context(), scan.Source{Name: "zzyzx feed", Collector: "rss", Brand: other, Settings: []byte(`{"urls":["https://zzyzx.example/feed"]}`)}); err != nil {
			t.Fatal(err)
		}
	})
	key := func(brand string) string {
		return strings.TrimSpace(ok(t, dir, "key", "add", "--name", "key of "+brand, "--role", "owner", "--brand", brand))
	}
	keyMine, keyOther := key(mine), key(other)
	s := serve(t, dir, []string{"ADALID_SERVER_KEY_BURST=10000"})
	imported := s.upload(other, "?name=zzyzx.csv", strings.NewReader("id,created_at,author_id,handle,text\n1,2026-01-01,7,zzyzx,hello\n"), header("Authorization", "Bearer "+keyOther))
	eventually(t, "the import", func() bool {
		_, text := s.ask(http.MethodGet, imported, nil, header("Authorization", "Bearer "+keyOther))
		return decode[api.Import](t, text).State != "running"
	})
	ask := func(method, path string, body []byte) (int, string) {
		answer, text := s.ask(method, path, bytes.NewReader(body), func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+keyMine)
			r.Header.Set("Content-Type", "application/json")
		})
		if answer.StatusCode == http.StatusTooManyRequests {
			t.Fatal("the key's limit is reached")
		}
		text = regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(text, "")
		return answer.StatusCode, strings.NewReplacer(other, "BRAND", ghost, "BRAND").Replace(text)
	}
	operations, err := apitest.Operations([]byte(s.get("/api/v1/openapi.json")))
	if err != nil {
		t.Fatal(err)
	}
	same := func(method, a, b string, body []byte) {
		t.Helper()
		status, text := ask(method, a, body)
		without, control := ask(method, b, body)
		if status != http.StatusNotFound || without != status || text != control {
			t.Errorf("%s %s: %d %s\n%s: %d %s", method, a, status, text, b, without, control)
		}
	}
	asked := 0
	for _, o := range operations {
		if path, of := strings.CutPrefix(o.Path, "/brands/{brand}"); of {
			path = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "1")
			same(o.Method, "/api/v1/brands/"+url.PathEscape(other)+path, "/api/v1/brands/"+url.PathEscape(ghost)+path, []byte(`{}`))
			asked++
		} else if !strings.Contains(o.Path, "{") && o.Method == http.MethodGet {
			if _, text := ask(o.Method, "/api/v1"+o.Path, nil); strings.Contains(text, "zzyzx") || strings.Contains(text, "BRAND") {
				t.Errorf("%s tells of the other brand: %s", o.ID, text)
			}
			asked++
		}
	}
	if asked < 55 {
		t.Errorf("only %d operations were asked", asked)
	}
	id := imported[strings.LastIndexByte(imported, '/')+1:]
	otherID := strings.Split(keyOther, "_")[1]
	source, err := json.Marshal(api.SourceChange{Kind: "rss", Brand: mine, Settings: map[string]any{"urls": []string{"https://example.org/"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{id, strings.Repeat("a", len(id))} {
		if status, text := ask("GET", "/api/v1/brands/tea/imports/"+at, nil); status != 404 || !strings.Contains(text, `There is no import \"`+at+`\" of this brand.`) {
			t.Errorf("%d %s", status, text)
		}
	}
	same("DELETE", "/api/v1/keys/"+otherID, "/api/v1/keys/"+strings.Repeat("a", 12), nil)
	same("PUT", "/api/v1/sources/zzyzx%20feed", "/api/v1/sources/no%20feed", source)
	same("DELETE", "/api/v1/sources/zzyzx%20feed", "/api/v1/sources/no%20feed", nil)
	same("POST", "/api/v1/sources/zzyzx%20feed/probe", "/api/v1/sources/no%20feed/probe", nil)
	same("GET", "/api/v1/voice?brands="+url.QueryEscape(other), "/api/v1/voice?brands="+url.QueryEscape(ghost), nil)
	same("GET", "/api/v1/brands/tea/views/rivals?rivals="+url.QueryEscape(other), "/api/v1/brands/tea/views/rivals?rivals="+url.QueryEscape(ghost), nil)
	same("GET", "/api/v1/audit-log?brand="+url.QueryEscape(other), "/api/v1/audit-log?brand="+url.QueryEscape(ghost), nil)
	if status, text := ask("GET", "/api/v1/brands/tea", nil); status != 200 || !strings.Contains(text, `"rivals":[]`) {
		t.Errorf("%d %s", status, text)
	}
	if status, _ := ask("PATCH", "/api/v1/brands/tea", []byte(`{"rivals":[]}`)); status != 200 {
		t.Errorf("rivals: %d", status)
	}
	s.stop()
	inStore(t, dir, func(s *store.Store) {
		if b, err := s.Brand(t.Context(), mine); err != nil || len(b.Rivals) != 1 {
			t.Errorf("the rival that its owner does not see is gone: %v, %v", b.Rivals, err)
		}
		sources, err := s.Sources(t.Context())
		if err != nil || len(sources) != 1 || sources[0].Brand != other {
			t.Errorf("sources %+v, %v", sources, err)
		}
	})
}
