package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

// inStore opens the database of a server that does not run.
func inStore(t *testing.T, dir string, do func(*store.Store)) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	do(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func (s *server) send(method, path, body string, want int) (http.Header, string) {
	s.t.Helper()
	change := asJSON
	if body == "" {
		change = nil
	}
	answer, text := s.ask(method, path, strings.NewReader(body), change)
	if answer.StatusCode != want {
		s.t.Fatalf("%s %s: %s, want %d\n%s", method, path, answer.Status, want, text)
	}
	return answer.Header, text
}

// follow calls see with every event of a scan until the stream ends, and gives
// the last one's name and scan.
func (s *server) follow(path string, see func(api.Scan)) (name string, last api.Scan) {
	s.t.Helper()
	answer, err := http.Get(s.base + path)
	if err != nil {
		s.t.Error(err)
		return "", last
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = text
		}
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			last = api.Scan{}
			if err := json.Unmarshal([]byte(text), &last); err != nil {
				s.t.Error(err)
			}
			see(last)
		}
	}
	return name, last
}

// TestScanOverHTTP adds a source, tests it, scans with it and follows that.
func TestScanOverHTTP(t *testing.T) {
	t.Parallel()
	slow, bad := newForum(3), newForum(1).open()
	bad.failing(&collectors.Error{Kind: collectors.NotEntitled, Message: "the plan does not cover it", Fix: "take another plan"})
	dir := t.TempDir()
	s, stop := serveKinds(t, dir, nil, slow.definition("slow"), bad.definition("bad", collectors.Keyless))
	s.addBrand("Tea")

	kinds := decode[api.SourceKindList](t, s.get("/api/v1/source-kinds"))
	if len(kinds.Items) != 2 || kinds.Items[1].Name != "slow" || kinds.Items[1].Title != (api.Words{ES: "Foro slow", EN: "Forum slow"}) || !kinds.Items[1].Fields[0].Secret || *kinds.Items[1].KeysAt != "https://keys.example" {
		t.Errorf("kinds %+v", kinds)
	}
	s.send("PUT", "/api/v1/sources/slow", `{"kind":"slow","settings":{"token":"canary-bad"},"monthly_usd":50}`, 201)
	if _, text := s.send("PUT", "/api/v1/sources/slow", `{"kind":"slow","settings":{"secrt":1}}`, 422); !strings.Contains(text, `no setting`) {
		t.Errorf("a setting that there is not: %s", text)
	}
	if p := decode[api.Probe](t, second(s.send("POST", "/api/v1/sources/slow/probe", "", 200))); p.Works || *p.Kind != "auth" || !strings.Contains(*p.Fix, "keys.example") {
		t.Errorf("probe with a bad token: %+v", p)
	}
	s.send("PUT", "/api/v1/sources/slow", `{"kind":"slow","settings":{"token":"good"},"monthly_usd":50}`, 200)
	s.send("PUT", "/api/v1/sources/slow", `{"kind":"slow","monthly_usd":40}`, 200) // the token stays
	if p := decode[api.Probe](t, second(s.send("POST", "/api/v1/sources/slow/probe", "", 200))); !p.Works {
		t.Errorf("probe: %+v", p)
	}
	if text := s.get("/api/v1/sources"); strings.Contains(text, "good") || !strings.Contains(text, `"secrets":["token"]`) {
		t.Errorf("sources: %s", text)
	}

	head, text := s.send("POST", "/api/v1/brands/tea/scans", "", 202)
	at := head.Get("Location")
	begun := decode[api.Scan](t, text)
	if begun.State != "running" || begun.Brand != "Tea" || at != "/api/v1/brands/Tea/scans/"+begun.ID {
		t.Fatalf("%q %+v", at, begun)
	}
	head, _ = s.send("POST", "/api/v1/brands/Tea/scans", `{}`, 409)
	if head.Get("Location") != at {
		t.Errorf("the scan under way is %q, want %q", head.Get("Location"), at)
	}
	pages, failed, provisional := int64(0), false, true
	name, last := s.follow(at+"/events", func(x api.Scan) {
		for _, l := range x.Legs {
			switch {
			case l.Source == "bad" && l.State == "failed":
				failed = true
			case l.Source == "slow" && l.State == "running" && l.Pages == pages && pages < 3:
				pages++ // what is seen is stored: the next page may come
				provisional = decode[api.AdvocateList](t, s.get("/api/v1/brands/Tea/advocates")).Provisional && provisional
				slow.gate <- struct{}{}
			}
		}
	})
	if name != "end" || last.State != "done" || last.New != 6 || len(last.Legs) != 2 || !failed || pages != 3 {
		t.Errorf("%d pages seen, failure seen: %t, then %s %+v", pages, failed, name, last)
	}
	if after := decode[api.AdvocateList](t, s.get("/api/v1/brands/Tea/advocates")).Provisional; !provisional || after {
		t.Errorf("the ranking was provisional while the scan ran: %t, afterwards: %t", provisional, after)
	}
	if l := last.Legs[0]; *l.Kind != "not_entitled" || *l.Reason != "the plan does not cover it" || *l.Fix != "take another plan" {
		t.Errorf("the source that refuses: %+v", l)
	}
	if l := last.Legs[1]; l.SpentUSD != .003 || l.Pages != 3 || l.New != 6 {
		t.Errorf("the source that works: %+v", l)
	}
	if again := decode[api.Scan](t, s.get(at)); again.State != "done" || again.New != 6 {
		t.Errorf("asked again: %+v", again)
	}
	if name, _ := s.follow(at+"/events", func(api.Scan) {}); name != "end" {
		t.Errorf("of a scan that has ended: %q", name)
	}
	if scans := decode[api.ScanList](t, s.get("/api/v1/brands/Tea/scans")); len(scans.Items) != 1 {
		t.Errorf("scans %+v", scans)
	}

	health := decode[api.BrandSourceList](t, s.get("/api/v1/brands/Tea/sources"))
	if len(health.Items) != 2 || *health.Items[0].State != "failed" || health.Items[0].FailingSince == nil || *health.Items[1].State != "done" || health.Items[1].Succeeded == nil || health.Items[1].WatchedSince == nil {
		t.Errorf("health %+v", health)
	}
	if spent := decode[api.SpendingReport](t, s.get("/api/v1/brands/Tea/spending")); spent.TotalUSD != .003 || len(spent.Items) != 1 || spent.Items[0].Units != 3 {
		t.Errorf("spending %+v", spent)
	}
	metrics := s.get("/metrics")
	for _, want := range []string{
		`adalid_scan_pages_total{platform="slow",source="slow"} 3`, `adalid_scan_mentions_total{platform="slow",source="slow"} 6`, `adalid_scan_spent_usd_total{platform="slow",source="slow"} 0.003`,
		`adalid_scan_errors_total{kind="not_entitled",platform="bad",source="bad"} 1`, `adalid_scan_pages_total{platform="bad",source="bad"} 0`, `adalid_scan_lag_seconds{platform="slow",source="slow"} `,
		`adalid_scan_budget_usd{platform="slow",source="slow"} 40`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}

	head, text = s.send("POST", "/api/v1/brands/Tea/scans?wait=true", `{"sources":["slow"]}`, 200)
	if waited := decode[api.Scan](t, text); waited.State != "done" || len(waited.Legs) != 1 || head.Get("Location") == at {
		t.Errorf("waited for %+v", waited)
	}
	if _, text := s.send("POST", "/api/v1/brands/Tea/scans", `{"sources":["nothing"]}`, 404); strings.Contains(text, "canary") {
		t.Error(text)
	}
	s.send("DELETE", "/api/v1/sources/slow", "", 204)
	s.send("DELETE", "/api/v1/sources/slow", "", 404)
	stop()
	if strings.Contains(s.said(), "canary") || strings.Contains(s.said(), `"good"`) {
		t.Errorf("the log tells a secret:\n%s", s.said())
	}
}

func second[A, B any](_ A, b B) B { return b }

// TestScheduledScansAreSeen: who follows a scan that the schedule started sees
// what one sees of one's own.
func TestScheduledScansAreSeen(t *testing.T) {
	t.Parallel()
	slow, dir := newForum(2), t.TempDir()
	inStore(t, dir, func(s *store.Store) {
		at := time.Now().Add(-time.Minute)
		if err := errors.Join(s.CreateBrand(t.Context(), adalid.Brand{Name: "Tea"}),
			s.SetSchedule(t.Context(), scan.Plan{Brand: "Tea", Spec: "@every 6h", At: at, Run: "due"})); err != nil {
			t.Fatal(err)
		}
	})
	s, stop := serveKinds(t, dir, nil, slow.definition("slow", collectors.Keyless))
	var scans api.ScanList
	eventually(t, "scheduled scan", func() bool {
		scans = decode[api.ScanList](t, s.get("/api/v1/brands/Tea/scans"))
		return len(scans.Items) == 1
	})
	s.send("POST", "/api/v1/brands/Tea/scans", "", 409)
	var seen []int64
	let := int64(0)
	name, last := s.follow("/api/v1/brands/Tea/scans/"+scans.Items[0].ID+"/events", func(x api.Scan) {
		if len(x.Legs) == 1 {
			seen = append(seen, x.Legs[0].Pages)
			if x.Legs[0].State == "running" && x.Legs[0].Pages == let && let < 2 {
				let++
				slow.gate <- struct{}{}
			}
		}
	})
	if name != "end" || last.New != 4 || let != 2 {
		t.Errorf("pages %v, then %s %+v", seen, name, last)
	}
	schedule := decode[api.Schedule](t, s.get("/api/v1/brands/Tea/schedule"))
	if *schedule.Cron != "@every 6h" || len(schedule.Next) != 5 || !schedule.Next[0].After(time.Now()) {
		t.Errorf("schedule %+v", schedule)
	}
	stop()
}

// TestStoppedScansGoOn: a server that is told to stop in the middle of a scan
// answers those who wait for it and leaves none running; the next one reads on.
func TestStoppedScansGoOn(t *testing.T) {
	t.Parallel()
	slow, dir := newForum(3), t.TempDir()
	inStore(t, dir, func(s *store.Store) {
		if err := s.CreateBrand(t.Context(), adalid.Brand{Name: "Tea"}); err != nil {
			t.Fatal(err)
		}
	})
	s, stop := serveKinds(t, dir, nil, slow.definition("slow", collectors.Keyless))
	var work sync.WaitGroup
	work.Go(func() {
		answer, err := http.Post(s.base+"/api/v1/brands/Tea/scans?wait=true", "", nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		var x api.Scan
		if err := json.NewDecoder(answer.Body).Decode(&x); err != nil || answer.StatusCode != 200 || x.State != "stopped" {
			t.Errorf("who waited got %s %+v %v", answer.Status, x, err)
		}
	})
	slow.gate <- struct{}{}
	following := make(chan struct{})
	once := sync.OnceFunc(func() { close(following) })
	work.Go(func() {
		if name, last := s.follow("/api/v1/brands/Tea/scans/1/events", func(x api.Scan) {
			if x.State == "running" {
				once()
			}
		}); name != "end" || last.State != "stopped" {
			t.Errorf("who followed saw %s %+v", name, last)
		}
	})
	eventually(t, "first page", func() bool {
		x := decode[api.Scan](t, s.get("/api/v1/brands/Tea/scans/1"))
		return len(x.Legs) == 1 && x.Legs[0].Pages == 1
	})
	<-following
	stop()
	work.Wait()
	inStore(t, dir, func(s *store.Store) {
		records, err := s.Wholes(t.Context(), "Tea", 0, 10)
		if err != nil || len(records) != 1 || records[0].State != scan.Stopped || records[0].Legs[0].State != scan.Stopped {
			t.Errorf("left behind: %+v %v", records, err)
		}
	})

	close(slow.gate)
	next, stop := serveKinds(t, dir, nil, slow.definition("slow", collectors.Keyless))
	eventually(t, "the rest", func() bool {
		scans := decode[api.ScanList](t, next.get("/api/v1/brands/Tea/scans"))
		return scans.Items[0].ID != "1" && scans.Items[0].State == "done"
	})
	scans := decode[api.ScanList](t, next.get("/api/v1/brands/Tea/scans"))
	if scans.Items[0].New != 4 || scans.Items[1].New != 2 {
		t.Errorf("scans %+v", scans)
	}
	stop()
}

// TestPushOverHTTP sends mentions in: the good rows are stored, the others
// explained, and a repeated request repeats the answer, also after a restart.
func TestPushOverHTTP(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, stop := serveKinds(t, dir, nil)
	s.addBrand("Tea")
	const rows = `[
		{"post_id":"1","author":"ann","text":"tea is fine","platform":"mastodon","created_at":"2026-03-01T10:00:00Z","followers":12},
		{"post_id":"2","text":"who wrote this?"},
		{"post_id":"3","author":"bob","text":"I love this tea","created_at":"some day"},
		{"post_id":"4","author":"bob","text":"I love this tea","likes":3}
	]`
	push := func(s *server, body string, change ...func(*http.Request)) (*http.Response, string) {
		return s.ask(http.MethodPost, "/api/v1/brands/tea/mentions", strings.NewReader(body), func(r *http.Request) {
			asJSON(r)
			for _, c := range change {
				c(r)
			}
		})
	}
	key := header("Idempotency-Key", "k-1")
	answer, first := push(s, rows, key)
	got := decode[api.Pushed](t, first)
	if answer.StatusCode != 200 || got.Rows != 4 || got.New != 2 || got.Rejected != 2 || len(got.Rejects) != 2 {
		t.Fatalf("%s %s", answer.Status, first)
	}
	for i, want := range []string{"2 author", "3 created_at"} {
		if r := got.Rejects[i]; r.Row == nil || r.Field == nil || fmt.Sprint(*r.Row, " ", *r.Field) != want || r.Reason == "" {
			t.Errorf("reject %+v, want %s", r, want)
		}
	}
	list := decode[api.MentionList](t, s.get("/api/v1/brands/Tea/mentions"))
	if len(list.Items) != 2 || list.Items[0].Platform != "mastodon" || list.Items[1].Platform != "x" || list.Items[0].Sentiment == nil && list.Items[0].Lang != nil {
		t.Errorf("stored %+v", list.Items)
	}
	if answer, text := push(s, rows); answer.StatusCode != 200 || decode[api.Pushed](t, text).Repeated != 2 {
		t.Errorf("the same without a key: %s %s", answer.Status, text)
	}
	if answer, text := push(s, rows+" ", key); answer.StatusCode != 422 {
		t.Errorf("another body: %s %s", answer.Status, text)
	}
	if answer, text := push(s, "{\"post_id\":\"5\",\"author\":\"eve\",\"text\":\"tea\"}\n{\"post_id\":\"6\",\"aut", header("Content-Type", "application/x-ndjson")); answer.StatusCode != 200 || decode[api.Pushed](t, text).New != 1 || decode[api.Pushed](t, text).Rejected != 1 {
		t.Errorf("lines, the last of them cut: %s %s", answer.Status, text)
	}
	stop()

	const secret = "invented-secret-of-a-test.."
	s, stop = serveKinds(t, dir, []string{"ADALID_PUSH_SECRET=whsec_" + base64.StdEncoding.EncodeToString([]byte(secret))})
	if answer, text := push(s, rows, key); answer.StatusCode != 401 {
		t.Errorf("not signed: %s %s", answer.Status, text)
	}
	answer, text := push(s, rows, func(r *http.Request) {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte("k-1." + at + "." + rows))
		r.Header.Set("webhook-id", "k-1")
		r.Header.Set("webhook-timestamp", at)
		r.Header.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	})
	if answer.StatusCode != 200 || answer.Header.Get("Idempotent-Replay") != "true" || text != first {
		t.Errorf("signed, the same key after a restart: %s %v %s", answer.Status, answer.Header, text)
	}
	stop()
}

// TestConcurrentScansOfOneBrand: of many requests at once one starts a scan, and
// the others learn which.
func TestConcurrentScansOfOneBrand(t *testing.T) {
	t.Parallel()
	slow := newForum(1)
	s, stop := serveKinds(t, t.TempDir(), nil, slow.definition("slow", collectors.Keyless))
	s.addBrand("Tea")
	var mu sync.Mutex
	statuses := map[int]int{}
	var work sync.WaitGroup
	for range 16 {
		work.Go(func() {
			answer, err := http.Post(s.base+"/api/v1/brands/Tea/scans", "", nil)
			if err != nil {
				t.Error(err)
				return
			}
			_ = answer.Body.Close() // only its status counts
			mu.Lock()
			defer mu.Unlock()
			statuses[answer.StatusCode]++
		})
	}
	work.Wait()
	close(slow.gate)
	if statuses[202] != 1 || statuses[409] != 15 {
		t.Errorf("answers %v", statuses)
	}
	stop()
}
