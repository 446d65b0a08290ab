package apitest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

const requestID = "X-Request-Id"

// problem is an answer that says what went wrong, as RFC 9457 and docs/api.md
// have it.
type problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
	RequestID string `json:"request_id"`
}

// internals is text that belongs in the log only.
var internals = regexp.MustCompile(`(?i)\.go\b|\bsql|panic|goroutine|runtime\.|0x[0-9a-f]{6}|\*?api\.[A-Z]|rank\.[A-Z]|json: |struct field|huma|gin-gonic|canary|no such table`)

// CheckAnswer holds every answer of the API to what it promises.
func CheckAnswer(t testing.TB, resp *http.Response, body string) {
	t.Helper()
	if resp.StatusCode >= 400 {
		var p problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || p.Status != resp.StatusCode || p.Title == "" || p.Code == "" || p.Detail == "" {
			t.Errorf("%s %s: not a problem: %v %.300s", resp.Request.Method, resp.Request.URL, err, body)
		}
		if ct := resp.Header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s %s: content type %q", resp.Request.Method, resp.Request.URL, ct)
		}
		if m := internals.FindString(strings.Replace(body, p.RequestID, "", 1)); m != "" {
			t.Errorf("%s %s: internal text %q: %.300s", resp.Request.Method, resp.Request.URL, m, body)
		}
		if p.RequestID != resp.Header.Get(requestID) {
			t.Errorf("request id %q, header %q", p.RequestID, resp.Header.Get(requestID))
		}
	}
	if cc := resp.Header.Values("Cache-Control"); len(cc) != 1 || cc[0] != "private, no-cache" && cc[0] != "private, no-store" {
		t.Errorf("%s %s: Cache-Control %q", resp.Request.Method, resp.Request.URL, cc)
	}
	if allow := resp.Header.Get("Allow"); resp.StatusCode == 405 && strings.Contains(allow, "GET") && !strings.Contains(allow, "HEAD") {
		t.Errorf("%s %s: Allow %q", resp.Request.Method, resp.Request.URL, allow)
	}
	for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", requestID} {
		if resp.Header.Get(h) == "" {
			t.Errorf("%s %s: no %s", resp.Request.Method, resp.Request.URL, h)
		}
	}
	if strings.Contains(body, "$schema") || resp.Header.Get("Link") != "" {
		t.Error("schema links are added")
	}
}
