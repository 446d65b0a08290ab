package api

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"adalid/internal/scan"
)

// event is one server-sent event.
type event struct {
	name string
	scan Scan
}

// listen follows a scan until its stream ends.
func (s *testServer) listen(t *testing.T, path string) (*http.Response, <-chan event) {
	t.Helper()
	resp, err := s.client.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	events := make(chan event)
	go func() {
		defer close(events)
		defer resp.Body.Close()
		var e event
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "event":
				e.name = value
			case "data":
				if err := json.Unmarshal([]byte(value), &e.scan); err != nil {
					t.Errorf("%q: %v", value, err)
				}
			case "":
				if e.name != "" {
					events <- e
				}
				e = event{}
			}
		}
	}()
	return resp, events
}

// next gives the next event, one without a name when the stream has ended.
func next(t *testing.T, events <-chan event) event {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(30 * time.Second):
		t.Fatal("no event")
	}
	return event{}
}

func page(source string, pages int64) func(*scan.Record) {
	return func(r *scan.Record) {
		r.Legs = []scan.LegRecord{{Source: source, State: scan.Running, Pages: pages, Saved: scan.Saved{New: pages * 10}}}
	}
}

func ended(r *scan.Record) { r.State, r.Finished = scan.Done, fakeNow }

func TestScanEvents(t *testing.T) {
	s := serve(t, newFake(1))
	resp, body := s.do(t, "POST", cafe+"/scans", "")
	at := resp.Header.Get("Location")
	if resp.StatusCode != 202 || at != cafe+"/scans/2" {
		t.Fatalf("%d %q %s", resp.StatusCode, at, body)
	}
	resp, events := s.listen(t, at+"/events")
	if resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Cache-Control") != "private, no-cache" || resp.Header.Get(RequestIDHeader) == "" {
		t.Errorf("header %v", resp.Header)
	}
	if e := next(t, events); e.name != "progress" || e.scan.State != "running" || len(e.scan.Legs) != 0 {
		t.Errorf("at once: %+v", e)
	}
	for n := range int64(3) {
		s.live.change(2, page("forum", n+1))
		e := next(t, events)
		if e.name != "progress" || len(e.scan.Legs) != 1 || e.scan.Legs[0].Pages != n+1 || e.scan.New != 10*(n+1) {
			t.Errorf("page %d: %+v", n+1, e)
		}
		_, body := s.do(t, "GET", at, "")
		var polled Scan
		if err := json.Unmarshal([]byte(body), &polled); err != nil || polled.Legs[0] != e.scan.Legs[0] {
			t.Errorf("the event is not what polling answers: %s", body)
		}
	}
	s.live.change(2, func(*scan.Record) {}) // nothing new: no event
	s.live.change(2, ended)
	if e := next(t, events); e.name != "end" || e.scan.State != "done" || e.scan.Finished == nil {
		t.Errorf("at the end: %+v", e)
	}
	if e := next(t, events); e.name != "" {
		t.Errorf("after the end: %+v", e)
	}
	_, events = s.listen(t, at+"/events")
	if e := next(t, events); e.name != "end" || e.scan.New != 30 {
		t.Errorf("of a scan that has ended: %+v", e)
	}
	if e := next(t, events); e.name != "" {
		t.Errorf("after the end: %+v", e)
	}
	if n := s.live.watching(); n != 0 {
		t.Errorf("%d still watch", n)
	}
}

func TestScanEventsAreBounded(t *testing.T) {
	s := serve(t, newFake(1))
	s.do(t, "POST", cafe+"/scans", "")
	var all []<-chan event
	for range 2 {
		_, events := s.listen(t, cafe+"/scans/2/events")
		next(t, events)
		all = append(all, events)
	}
	if resp, body := s.do(t, "GET", cafe+"/scans/2/events", ""); resp.StatusCode != 429 || !strings.Contains(body, "rate_limited") {
		t.Errorf("a third: %d %s", resp.StatusCode, body)
	}
	s.live.shutDown()
	for _, events := range all {
		if e := next(t, events); e.name != "" {
			t.Errorf("after the server was told to stop: %+v", e)
		}
	}
}

// TestLongAnswersOutliveTheTimeouts: the limits for requests and answers are
// shorter than the scan.
func TestLongAnswersOutliveTheTimeouts(t *testing.T) {
	const limit = 150 * time.Millisecond
	e, err := NewEngine(EngineOptions{Timeout: limit})
	if err != nil {
		t.Fatal(err)
	}
	f := newFake(1)
	live := newFakeLive(f)
	if _, err := Mount(e, Options{Brands: f, Scanner: live, Now: func() time.Time { return fakeNow }}); err != nil {
		t.Fatal(err)
	}
	s := &testServer{Server: httptest.NewUnstartedServer(e), fake: f, live: live, client: &http.Client{Transport: &http.Transport{}}}
	s.Config.ReadTimeout, s.Config.WriteTimeout = limit, limit
	s.Server.Start()
	defer s.Close()
	defer s.client.CloseIdleConnections()

	s.do(t, "POST", cafe+"/scans", "")
	_, events := s.listen(t, cafe+"/scans/2/events")
	next(t, events)
	later := time.AfterFunc(4*limit, func() { live.change(2, ended) })
	defer later.Stop()
	if e := next(t, events); e.name != "end" {
		t.Errorf("the stream ended with %+v", e)
	}

	time.AfterFunc(4*limit, func() { live.change(3, ended) })
	resp, body := s.do(t, "POST", cafe+"/scans?wait=true", `{}`, asJSON)
	if resp.StatusCode != 200 || !strings.Contains(body, `"state":"done"`) || resp.Header.Get("Location") != cafe+"/scans/3" {
		t.Errorf("wait: %d %s", resp.StatusCode, body)
	}
}

// TestWaitEndsWithTheServer: who waits for a scan does not hold up the end.
func TestWaitEndsWithTheServer(t *testing.T) {
	s := serve(t, newFake(1))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if resp, body := s.do(t, "POST", cafe+"/scans?wait=true", ""); resp.StatusCode != 202 || !strings.Contains(body, `"running"`) {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	}()
	for deadline := time.Now().Add(30 * time.Second); s.live.watching() == 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond) // there is nothing to wait on
	}
	s.live.shutDown()
	<-done
}

func TestScanUnderWayIsNamed(t *testing.T) {
	s := serve(t, newFake(1))
	if resp, body := s.do(t, "POST", invented+"/scans", ""); resp.StatusCode != 409 || resp.Header.Get("Location") != invented+"/scans/77" {
		t.Errorf("%d %q %s", resp.StatusCode, resp.Header.Get("Location"), body)
	}
}

// TestHeadOfAStreamEnds: a stream without an end has a head that ends.
func TestHeadOfAStreamEnds(t *testing.T) {
	s := serve(t, newFake(1))
	s.do(t, "POST", cafe+"/scans", "")
	r := httptest.NewRequest("GET", cafe+"/scans/2/events", nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	s.engine.ServeHTTP(w, r.WithContext(ForHead(t.Context())))
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/event-stream" || w.Body.Len() > 0 || s.live.watching() > 0 {
		t.Errorf("%d %v %s, %d watch", w.Code, w.Header(), w.Body, s.live.watching())
	}
}
