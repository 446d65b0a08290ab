package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"adalid/internal/relevance"
)

func TestPreview(t *testing.T) {
	s := serve(t, newFake(3))
	ask := func(body string, want int) (p Preview, text string) {
		t.Helper()
		resp, text := s.do(t, http.MethodPost, Prefix+"/brand-preview", body, asJSON)
		if resp.StatusCode != want {
			t.Fatalf("%s: %d %s", body, resp.StatusCode, text)
		}
		if want == http.StatusOK {
			if err := json.Unmarshal([]byte(text), &p); err != nil {
				t.Fatal(err)
			}
		}
		return p, text
	}
	p, _ := ask(`{"name":" Lumbre ","ignore":["hoguera"],"marks":[{"text":"Guitarra y lumbre","about":false}]}`, 200)
	if p.Query != `"Lumbre"` || *p.Read != 12 || *p.Matched != 1 || *p.Ignored != 1 || len(p.Posts) != 1 || p.Posts[0].URL != nil || p.Posts[0].Key != mentionKey("forum", "a/1") {
		t.Errorf("%+v", p)
	}
	if got := p.Posts[0].Text; len(got) != 3 || got[1] != (TextPart{"Lumbre", true}) || got[0].Hit || got[0].Text != "Día de " {
		t.Errorf("%+v", got)
	}
	if len(p.Exclude) != 1 || p.Exclude[0] != (PreviewWord{"guitarra", 1, 0}) {
		t.Errorf("%+v", p.Exclude)
	}
	if p.Sources[0].Read != nil || *p.Sources[0].Kind != "transient" || *p.Sources[1].Read != 12 {
		t.Errorf("%+v", p.Sources)
	}
	// What could not be read is not none.
	if p, text := ask(`{"name":"Offline"}`, 200); p.Read != nil || p.Matched != nil || p.Ignored != nil || strings.Contains(text, `"read":0`) {
		t.Error(text)
	}
	ask(`{"name":"no ("}`, 422)
	ask(`{"name":""}`, 422)
	ask(`{"name":"a","brand":"nobody follows this"}`, 404)
	ask(`{"name":"a","marks":[{"text":"","about":false}]}`, 422)
}

// TestTextParts: the pieces make the text again, whatever the places.
func TestTextParts(t *testing.T) {
	long := strings.Repeat("día ", 600)
	for _, c := range []struct {
		text  string
		hits  []relevance.Span
		parts int
	}{
		{"", nil, 0},
		{"abc", nil, 1},
		{"abc", []relevance.Span{{Start: 0, End: 3}}, 1},
		{"abc def", []relevance.Span{{Start: 0, End: 3}, {Start: 1, End: 3}, {Start: 2, End: 5}}, 3},
		{long, []relevance.Span{{Start: 5, End: 8}, {Start: 2000, End: 2004}}, 3},
	} {
		var all string
		parts := textParts(c.text, c.hits)
		for _, p := range parts {
			all += p.Text
		}
		if len(parts) != c.parts || all != cut(c.text, longestSample) {
			t.Errorf("%.20q: %d parts, %.40q", c.text, len(parts), all)
		}
	}
}

func TestLoadDemo(t *testing.T) {
	f := newFake(3)
	delete(f.brands, "invented")
	s := serve(t, f)
	for _, want := range []int{http.StatusCreated, http.StatusOK} {
		resp, text := s.do(t, http.MethodPost, Prefix+"/demo", "")
		if resp.StatusCode != want || !strings.Contains(text, `"demo":true`) || resp.Header.Get("Location") != Prefix+"/brands/Invented" {
			t.Errorf("%s %s", resp.Status, text)
		}
	}
}
