package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"adalid/scoring"
)

func TestPaging(t *testing.T) {
	s := serve(t, newFake(120))
	seen := map[string]bool{}
	cursor := ""
	for pages := 0; ; pages++ {
		resp, body := s.do(t, "GET", cafe+"/advocates?limit=50&cursor="+cursor, "")
		var list AdvocateList
		if err := json.Unmarshal([]byte(body), &list); err != nil || resp.StatusCode != 200 {
			t.Fatal(resp.StatusCode, err, body)
		}
		for _, a := range list.Items {
			seen[a.ID] = true
		}
		if list.NextCursor == nil {
			if pages != 2 {
				t.Errorf("%d pages, want 3", pages+1)
			}
			break
		}
		cursor = *list.NextCursor
	}
	if len(seen) != 120 {
		t.Errorf("%d people, want 120", len(seen))
	}
	if resp, _ := s.do(t, "GET", cafe+"/advocates?lang=es&cursor="+cursor, ""); resp.StatusCode != 422 {
		t.Errorf("cursor of another question: %d", resp.StatusCode)
	}
	if resp, _ := s.do(t, "GET", "/api/v1/brands/a%2Fb%20c+d%25/advocates?cursor="+cursor, ""); resp.StatusCode != 422 {
		t.Errorf("cursor of another brand: %d", resp.StatusCode)
	}
	s.mu.Lock()
	s.version++
	s.mu.Unlock()
	if resp, body := s.do(t, "GET", cafe+"/advocates?cursor="+cursor, ""); resp.StatusCode != 409 {
		t.Errorf("cursor of other data: %d %s", resp.StatusCode, body)
	}
	resp, body := s.do(t, "GET", cafe+"/mentions?limit=100", "")
	var list MentionList
	if err := json.Unmarshal([]byte(body), &list); err != nil || list.NextCursor == nil {
		t.Fatal(resp.StatusCode, err)
	}
	if resp, body = s.do(t, "GET", cafe+"/mentions?limit=100&cursor="+*list.NextCursor, ""); resp.StatusCode != 200 || !strings.Contains(body, `"next_cursor":null`) {
		t.Errorf("second page: %d %.200s", resp.StatusCode, body)
	}
	if resp, _ = s.do(t, "GET", cafe+"/mentions?authored=true&cursor="+*list.NextCursor, ""); resp.StatusCode != 422 {
		t.Errorf("cursor of another question: %d", resp.StatusCode)
	}
}

func TestNotModified(t *testing.T) {
	s := serve(t, newFake(120))
	for _, path := range []string{cafe + "/advocates?limit=5", cafe + "/advocates/p003"} {
		resp, _ := s.do(t, "GET", path, "")
		tag := resp.Header.Get("ETag")
		if tag == "" || resp.Header.Get("Cache-Control") != "private, no-cache" {
			t.Fatalf("%s: ETag %q, Cache-Control %q", path, tag, resp.Header.Get("Cache-Control"))
		}
		before := s.ranked
		strong, weak := strings.CutPrefix(tag, "W/")
		if !weak {
			t.Errorf("%s: ETag %s of an answer that is sent plain and gzipped", path, tag)
		}
		if resp, _ := s.do(t, "GET", path, "", "If-None-Match: "+strong); resp.StatusCode != 304 {
			t.Errorf("%s: %d, the tag without W/", path, resp.StatusCode)
		}
		resp, body := s.do(t, "GET", path, "", `If-None-Match: "other", `+tag)
		if cc := resp.Header.Values("Cache-Control"); len(cc) != 1 {
			t.Errorf("%s: 304 with Cache-Control %q", path, cc)
		}
		if resp.StatusCode != 304 || body != "" || resp.Header.Get("ETag") != tag || s.ranked != before {
			t.Errorf("%s: %d %q, ranked %d times", path, resp.StatusCode, body, s.ranked-before)
		}
		other := strings.Replace(path, "limit=5", "limit=6", 1)
		if other == path {
			other += "?lang=es"
		}
		if resp, _ = s.do(t, "GET", other, "", "If-None-Match: "+tag); resp.StatusCode != 200 {
			t.Errorf("%s: another question answered %d", other, resp.StatusCode)
		}
		s.mu.Lock()
		s.version++
		s.mu.Unlock()
		if resp, _ = s.do(t, "GET", path, "", "If-None-Match: "+tag); resp.StatusCode != 200 {
			t.Errorf("%s: other data answered %d", path, resp.StatusCode)
		}
	}
}

// A page is ranked and encoded once for all who ask the same of the same data.
func TestPagesAreKept(t *testing.T) {
	s := serve(t, newFake(120))
	ask := func(path string) (string, int) {
		before := s.ranked
		resp, body := s.do(t, "GET", path, "")
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/json" || !strings.Contains(body, `"brand":"Café Ñandú"`) {
			t.Fatalf("%s: %d %q %s", path, resp.StatusCode, resp.Header.Get("Content-Type"), body)
		}
		return body, s.ranked - before
	}
	path := cafe + "/advocates?limit=5"
	first, ranked := ask(path)
	if again, n := ask(path); ranked != 1 || n != 0 || again != first {
		t.Errorf("ranked %d and %d times, the same: %t", ranked, n, again == first)
	}
	if other, n := ask(cafe + "/advocates?limit=6"); n != 1 || other == first {
		t.Errorf("another question was ranked %d times", n)
	}
	s.mu.Lock()
	s.version++
	s.mu.Unlock()
	if other, n := ask(path); n != 1 || other == first {
		t.Errorf("other data were ranked %d times", n)
	}
}

// TestETagHoldsForTheSettings asks servers of the same data with other
// settings.
func TestETagHoldsForTheSettings(t *testing.T) {
	tags := map[string]bool{}
	for _, f := range []*fake{{}, {settings: "half-life 7"}, {youTube: true}} {
		all := newFake(3)
		all.settings, all.youTube = f.settings, f.youTube
		s := serve(t, all)
		resp, _ := s.do(t, "GET", cafe+"/advocates", "")
		again, _ := s.do(t, "GET", cafe+"/advocates", "", "If-None-Match: "+resp.Header.Get("ETag"))
		if again.StatusCode != 304 {
			t.Errorf("%q: %d", all.settings, again.StatusCode)
		}
		tags[resp.Header.Get("ETag")] = true
	}
	if len(tags) != 3 {
		t.Errorf("three settings have the tags %v", tags)
	}
}

func TestYouTubeAccepted(t *testing.T) {
	f := newFake(3)
	f.youTube = true
	s := serve(t, f)
	if resp, body := s.do(t, "GET", cafe+"/advocates", ""); !strings.Contains(body, `"detail":"YouTube's people have a ranking of their own: platform=youtube."`) {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if resp, body := s.do(t, "GET", cafe+"/advocates?platform=youtube", ""); resp.StatusCode != 200 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestMergedPersonKeepsTheQuestion(t *testing.T) {
	s := serve(t, newFake(120))
	resp, _ := s.do(t, "GET", cafe+"/advocates/p-old?lang=es", "")
	if want := cafe + "/advocates/p001?lang=es"; resp.Header.Get("Location") != want {
		t.Errorf("Location %q, want %q", resp.Header.Get("Location"), want)
	}
}

func TestPresetsAreScorings(t *testing.T) {
	e, err := NewEngine(EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Mount(e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Paths["/brands/{brand}/advocates"].Get.Parameters {
		if p.Name != "preset" {
			continue
		}
		var got []string
		for _, v := range p.Schema.Enum {
			got = append(got, v.(string))
		}
		if !slices.Equal(got, scoring.Presets()) {
			t.Errorf("the API knows presets %v, scoring %v", got, scoring.Presets())
		}
		return
	}
	t.Error("no parameter preset")
}
