package apitest

import (
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

// StormOptions say which requests to send.
type StormOptions struct {
	Description []byte // OpenAPI of the API
	Target      Target
	Requests    int
	Seed        uint64 // same seed, same requests
}

// Storm sends malformed requests over every operation. No answer may be a 5xx,
// leak or delete anything; it logs how often each status came.
func Storm(t testing.TB, client *http.Client, o StormOptions) {
	t.Helper()
	ops, err := Operations(o.Description)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(o.Seed, 0))
	statuses := map[int]int{}
	for i := range o.Requests {
		req, err := ops[i%len(ops)].Malformed(r, o.Target)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatalf("%s %s: %v", req.Method, req.URL, err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close() // read to its end
		if err != nil {
			t.Fatal(err)
		}
		statuses[resp.StatusCode]++
		if resp.StatusCode >= 500 {
			t.Errorf("%s %s: %d %s", req.Method, req.URL, resp.StatusCode, body)
		}
		if resp.Header.Get("X-Injected") != "" {
			t.Errorf("%s %s: header injected", req.Method, req.URL)
		}
		if fromServer := resp.StatusCode == 400 && resp.Header.Get(requestID) == ""; fromServer {
			continue // net/http itself refused the Host header before anything of ours ran
		}
		if req.Method != http.MethodHead {
			CheckAnswer(t, resp, string(body))
		}
		if req.Method == http.MethodDelete && resp.StatusCode == http.StatusNoContent && !strings.HasSuffix(req.URL.Path, "/session") { // signing out takes nothing but one's own session
			t.Errorf("%s %s deleted something", req.Method, req.URL)
		}
	}
	t.Logf("seed %d: %v", o.Seed, statuses)
	if statuses[422] < o.Requests/10 || statuses[405] == 0 || statuses[415] == 0 || statuses[421] == 0 {
		t.Errorf("the requests reach too little: %v", statuses)
	}
}
