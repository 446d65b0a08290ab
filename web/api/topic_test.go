package api

import (
	"errors"
	"strings"
	"testing"
)

// TestTopicsETag: an answer keeps its tag while question and data do, and texts
// are not read again for whoever has it.
func TestTopicsETag(t *testing.T) {
	s := serve(t, newFake(10))
	resp, _ := s.do(t, "GET", cafe+"/topics?lang=es", "")
	tag := resp.Header.Get("ETag")
	if resp.StatusCode != 200 || tag == "" || len(s.topics) != 1 || s.topics[0].Lang != "es" || s.topics[0].Limit != 15 || s.topics[0].Brand.Query != "café" {
		t.Fatalf("%d, tag %q, asked %+v", resp.StatusCode, tag, s.topics)
	}
	if resp, _ := s.do(t, "GET", cafe+"/topics?lang=es", "", "If-None-Match: "+tag); resp.StatusCode != 304 || len(s.topics) != 1 {
		t.Errorf("%d after %d readings, want 304 after one", resp.StatusCode, len(s.topics))
	}
	for _, other := range []string{"?lang=en", "?lang=es&limit=3", "?lang=es&author=p001", "?lang=es&platform=x", "?lang=es&since=2026-01-01", ""} {
		if resp, _ := s.do(t, "GET", cafe+"/topics"+other, "", "If-None-Match: "+tag); resp.StatusCode != 200 {
			t.Errorf("topics%s: %d", other, resp.StatusCode)
		}
	}
	s.mu.Lock()
	s.version++
	s.mu.Unlock()
	if resp, _ := s.do(t, "GET", cafe+"/topics?lang=es", "", "If-None-Match: "+tag); resp.StatusCode != 200 {
		t.Errorf("%d after the data changed", resp.StatusCode)
	}
}

func TestTopicsKeepsInternalsInside(t *testing.T) {
	s := serve(t, newFake(10))
	s.fail = errors.New(canary)
	if resp, body := s.do(t, "GET", cafe+"/topics", ""); resp.StatusCode != 500 || strings.Contains(body, "canary") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}
