package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid/web/api/apitest"
)

func TestPushOnce(t *testing.T) {
	s := serve(t, newFake(1))
	const rows = `[{"text":"ok"},{}]`
	resp, first := s.do(t, "POST", cafe+"/mentions", rows, asJSON, "Idempotency-Key: k1")
	if resp.StatusCode != 200 || resp.Header.Get("Idempotent-Replay") != "" {
		t.Fatalf("%d %v %s", resp.StatusCode, resp.Header, first)
	}
	for _, header := range []string{"Idempotency-Key: k1", "webhook-id: k1"} {
		resp, again := s.do(t, "POST", cafe+"/mentions", rows, asJSON, header)
		if resp.StatusCode != 200 || resp.Header.Get("Idempotent-Replay") != "true" || again != first {
			t.Errorf("again: %d %v %s, want %s", resp.StatusCode, resp.Header, again, first)
		}
	}
	if s.live.received != 1 {
		t.Errorf("the work was done %d times", s.live.received)
	}
	for what, other := range map[string][2]string{"other body": {cafe + "/mentions", rows + " "}, "other options": {cafe + "/mentions?match=query", rows}} {
		if resp, body := s.do(t, "POST", other[0], other[1], asJSON, "Idempotency-Key: k1"); resp.StatusCode != 422 || !strings.Contains(body, "another body") {
			t.Errorf("%s: %d %s", what, resp.StatusCode, body)
		}
	}
	s.live.pushes["busy"] = fakePush{body: s.live.pushes["k1"].body}
	if resp, body := s.do(t, "POST", cafe+"/mentions", rows, asJSON, "Idempotency-Key: busy"); resp.StatusCode != 409 {
		t.Errorf("while its twin is at work: %d %s", resp.StatusCode, body)
	}
	s.do(t, "POST", cafe+"/mentions", `["`+canary+`"]`, asJSON, "Idempotency-Key: k2") // fails
	if _, kept := s.live.pushes["k2"]; kept {
		t.Error("the key of a request that failed is not given back")
	}
}

func TestEqualPushesAtOnce(t *testing.T) {
	s := serve(t, newFake(1))
	var mu sync.Mutex
	statuses := map[int]int{}
	var work sync.WaitGroup
	for range 16 {
		work.Go(func() {
			resp, _ := s.do(t, "POST", cafe+"/mentions", `[{"text":"ok"}]`, asJSON, "Idempotency-Key: k")
			mu.Lock()
			defer mu.Unlock()
			statuses[resp.StatusCode]++
		})
	}
	work.Wait()
	if s.live.received != 1 || statuses[200]+statuses[409] != 16 || statuses[200] == 0 {
		t.Errorf("the work was done %d times: %v", s.live.received, statuses)
	}
}

func signature(key, id, at, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(id + "." + at + "." + body))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// TestSignatureOfTheSpecification checks the example that the reference
// libraries of Standard Webhooks share.
func TestSignatureOfTheSpecification(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	in := &pushInput{ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp: "1614265330", Signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
	if err := checkSignature(key, in, []byte(`{"test": 2432232314}`), time.Unix(1614265330, 0)); err != nil {
		t.Error(err)
	}
}

func TestSignedPushes(t *testing.T) {
	const key, body, id = "invented-key-of-a-test-24", `[{"text":"ok"}]`, "msg_1"
	f := newFake(1)
	f.pushKey = []byte(key)
	s := serve(t, f)
	now := strconv.FormatInt(fakeNow.Unix(), 10)
	at := func(d time.Duration) string { return strconv.FormatInt(fakeNow.Add(d).Unix(), 10) }
	good := signature(key, id, now, body)
	for _, c := range []struct {
		name, id, at, signature, body string
		status                        int
	}{
		{"signed", id, now, good, body, 200},
		{"again with another time", id, at(time.Minute), signature(key, id, at(time.Minute), body), body, 200},
		{"one of several", id, now, "v1a,xx v1,AAAA " + signature("other", id, now, body) + " " + good + " v2,zz", body, 200},
		{"not signed", "", "", "", body, 401},
		{"no signature", id, now, "", body, 401},
		{"no id", "", now, signature(key, "", now, body), body, 401},
		{"another key", id, now, signature("other", id, now, body), body, 401},
		{"another body", id, now, good, body + " ", 401},
		{"another id", "msg_2", now, good, body, 401},
		{"another version", id, now, strings.Replace(good, "v1,", "v2,", 1), body, 401},
		{"cut short", id, now, good[:20], body, 401},
		{"nothing in it", id, now, "v1,", body, 401},
		{"old", id, at(-6 * time.Minute), signature(key, id, at(-6*time.Minute), body), body, 401},
		{"from the future", id, at(6 * time.Minute), signature(key, id, at(6*time.Minute), body), body, 401},
		{"at the limit", "msg_3", at(-5 * time.Minute), signature(key, "msg_3", at(-5*time.Minute), body), body, 200},
		{"no time", id, "x", signature(key, id, "x", body), body, 401},
		{"other brands look the same without a signature", id, now, "v1,AAAA", body, 401},
	} {
		path := cafe + "/mentions"
		if strings.HasPrefix(c.name, "other brands") {
			path = "/api/v1/brands/nobody/mentions"
		}
		var head []string
		for _, h := range []string{"webhook-id: " + c.id, "webhook-timestamp: " + c.at, "webhook-signature: " + c.signature} {
			if !strings.HasSuffix(h, ": ") {
				head = append(head, h)
			}
		}
		resp, answer := s.do(t, "POST", path, c.body, append(head, asJSON)...)
		if resp.StatusCode != c.status || c.status == 401 && !strings.Contains(answer, `"code":"unauthorized"`) {
			t.Errorf("%s: %d %s", c.name, resp.StatusCode, answer)
		}
		apitest.CheckAnswer(t, resp, answer)
		if strings.Contains(answer, good[3:]) {
			t.Errorf("%s: the answer tells the signature: %s", c.name, answer)
		}
	}
}

func FuzzRowLines(f *testing.F) {
	for _, seed := range []string{`[{"a":1},{}]`, "{\"a\":1}\n{\"b\"", "{\n\"a\": 1}", "[1, [2], \"x\\ny\"]", "\ufeff[{}]", "[", "{}{}", " \n "} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, err := rowLines(body)
		if (lines == nil) != (err != nil) {
			t.Fatalf("%q: %q %v", body, lines, err)
		}
		if err == nil && lines[len(lines)-1] != '\n' {
			t.Errorf("%q: the last line of %q has no end", body, lines)
		}
	})
}
