package api

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestRequestID(t *testing.T) {
	s := serve(t, newFake(1))
	if resp, _ := s.do(t, "GET", "/api/v1/health", "", "X-Request-Id: trace-0123456789"); resp.Header.Get(RequestIDHeader) != "trace-0123456789" {
		t.Error("a well-formed id is not kept")
	}
	for _, bad := range []string{"short", "with space in it", "<script>alert(1)</script>", strings.Repeat("a", 65)} {
		if resp, _ := s.do(t, "GET", "/api/v1/health", "", "X-Request-Id: "+bad); resp.Header.Get(RequestIDHeader) == bad {
			t.Errorf("%q is kept", bad)
		}
	}
}

func TestAccessLogNamesNoAddresses(t *testing.T) {
	s := serve(t, newFake(1))
	s.do(t, "GET", cafe+"/advocates?lang=es&cursor=secret-in-query", "")
	s.do(t, "GET", "/api/v1/secret-in-path", "")
	s.Close()
	log := s.log.String()
	if !strings.Contains(log, `"route":"/api/v1/brands/:brand/advocates"`) || !strings.Contains(log, `"route":"none"`) {
		t.Errorf("routes are missing: %s", log)
	}
	if strings.Contains(log, "secret-in") || strings.Contains(log, "and%C3%BA") {
		t.Errorf("the log holds an address: %s", log)
	}
}

func TestOpenAPI(t *testing.T) {
	s := serve(t, newFake(1))
	resp, got := s.do(t, "GET", "/api/v1/openapi.json", "")
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/openapi+json" {
		t.Fatal(resp.StatusCode, resp.Header)
	}
	const golden = "testdata/openapi.golden.json"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the API is not as %s describes it; run the test with -update and look at the difference", golden)
	}
}

func TestEveryRouteIsDocumented(t *testing.T) {
	s := serve(t, newFake(1))
	_, body := s.do(t, "GET", "/api/v1/openapi.json", "")
	var d struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	documented := 0
	for _, p := range d.Paths {
		documented += len(p)
	}
	param := regexp.MustCompile(`:([a-z]+)`)
	for _, r := range s.engine.Routes() {
		path := param.ReplaceAllString(strings.TrimPrefix(r.Path, Prefix), "{$1}")
		if d.Paths[path][strings.ToLower(r.Method)] == nil {
			t.Errorf("%s %s is not in the description", r.Method, r.Path)
		}
	}
	if n := len(s.engine.Routes()); n != documented {
		t.Errorf("%d routes, %d documented", n, documented)
	}
}
