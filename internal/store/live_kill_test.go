package store

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// readerDir and readerURL tell the child process that gets killed where its
// database and its platforms are.
const (
	readerDir = "ADALID_STORE_READER"
	readerURL = "ADALID_STORE_READER_URL"
)

// webPlatforms are what the child reads.
var webPlatforms = []string{"one", "two"}

// webPage is what the fake platforms answer.
type webPage struct {
	Posts []adalid.Mention `json:"posts"`
	Next  int              `json:"next"`
	More  bool             `json:"more"`
}

const webPageSize = 20

// web serves platforms on loopback and notes which pages are asked for.
type web struct {
	*httptest.Server
	pages int

	mu    sync.Mutex
	pause time.Duration
	asked map[string][]int // by platform, in order
}

func newWeb(pages int) *web {
	w := &web{pages: pages, asked: map[string][]int{}}
	w.Server = httptest.NewServer(http.HandlerFunc(w.page))
	return w
}

func (w *web) page(out http.ResponseWriter, r *http.Request) {
	platform, page := strings.TrimPrefix(r.URL.Path, "/"), 0
	if _, err := fmt.Sscan(r.URL.Query().Get("page"), &page); err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	w.asked[platform] = append(w.asked[platform], page)
	pause := w.pause
	w.mu.Unlock()
	select {
	case <-time.After(pause):
	case <-r.Context().Done():
	}
	answer := webPage{Next: min(page+1, w.pages), More: page+1 < w.pages}
	if page < w.pages {
		for i := range webPageSize {
			n := page*webPageSize + i
			answer.Posts = append(answer.Posts, adalid.Mention{
				Platform: adalid.Platform(platform), ID: fmt.Sprint(n), Text: fmt.Sprintf("acme number %d", n%700), Lang: "en",
				CreatedAt: time.Unix(1_790_000_000+int64(n)*60, 0).UTC(), Author: adalid.Author{Key: fmt.Sprint(n % 97), Handle: fmt.Sprint("h", n%97)},
			})
		}
	}
	_ = json.NewEncoder(out).Encode(answer) // a reader that was killed does not wait for it
}

// take gives what a platform was asked for since the last call.
func (w *web) take(platform string) []int {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked[platform]
	delete(w.asked, platform)
	return asked
}

func (w *web) anyAsked() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked) > 0
}

func (w *web) slow(pause time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pause = pause
}

// webReader is the collector of a fake platform.
type webReader struct {
	name, url string
	http      collectors.Doer
}

func webDefinition(name, url string) collectors.Definition {
	return collectors.Definition{
		Name: name, Platform: adalid.Platform(name), Title: collectors.Label{"en": name, "es": name}, Can: []collectors.Capability{collectors.Keyless},
		New: func(s collectors.Setup) (collectors.Collector, error) { return webReader{name, url, s.HTTP}, nil },
	}
}

func (w webReader) Collect(ctx context.Context, _ collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	at := "0"
	if from != nil {
		at = string(from)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/"+w.name+"?page="+at, nil)
	if err != nil {
		return collectors.Page{}, err
	}
	answer, err := w.http.Do(r)
	if err != nil {
		return collectors.Page{}, err
	}
	defer answer.Body.Close()
	var page webPage
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil {
		return collectors.Page{}, err
	}
	return collectors.Page{Mentions: page.Posts, Rows: int64(len(page.Posts)), More: page.More, Next: collectors.Cursor(fmt.Sprint(page.Next))}, nil
}

// readerMain does what adalid serve does until every platform is read.
func readerMain(dir, url string) int {
	if err := readAll(context.Background(), dir, url); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func readAll(ctx context.Context, dir, url string) error {
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	o := scan.LiveOptions{
		Store: s, Legs: s, Sources: s, Purse: s, Remover: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), Owner: "reader",
		HTTP: func(string, collectors.Limits) collectors.Doer { return http.DefaultClient },
	}
	for _, p := range webPlatforms {
		o.Definitions = append(o.Definitions, webDefinition(p, url))
	}
	live := scan.NewLive(o)
	var work sync.WaitGroup
	for done := 0; done < len(webPlatforms); time.Sleep(10 * time.Millisecond) {
		if err := live.Tick(ctx, s, &work); err != nil {
			return err
		}
		standings, err := s.Standings(ctx, "acme")
		if err != nil {
			return err
		}
		done = 0
		for _, h := range standings {
			if !h.Succeeded.IsZero() {
				done++
			}
		}
	}
	work.Wait()
	return s.Close()
}

// due makes the brand due now and then not for a long time: what goes on after
// a kill goes on because it was left.
func due(t *testing.T, dir string) {
	t.Helper()
	s := openAt(t, dir, &steppedClock{t: time.Now()})
	must(t, s.SetSchedule(t.Context(), scan.Plan{Brand: "acme", Spec: "@every 999h", At: time.Now().Add(-time.Second), Run: "1"}))
	must(t, s.Close())
}

// TestKilledScanGoesOn kills a scanning process at random moments and starts it
// again: it ends with what an undisturbed scan brings, goes on without waiting
// for the dead one's leases, and asks for no page again but the one that was in
// flight.
func TestKilledScanGoesOn(t *testing.T) {
	kills, pages := 8, 150
	if os.Getenv("ADALID_SLOW") == "1" {
		kills, pages = 30, 500
	}
	if raced {
		kills, pages = 2, 40
	}
	w := newWeb(pages)
	defer w.Close()
	calm := t.TempDir()
	due(t, calm)
	must(t, readAll(t.Context(), calm, w.URL))
	http.DefaultClient.CloseIdleConnections()
	for _, p := range webPlatforms {
		w.take(p)
	}

	dir := t.TempDir()
	due(t, dir)
	exe, err := os.Executable()
	must(t, err)
	start := func() (*exec.Cmd, *strings.Builder) {
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), readerDir+"="+dir, readerURL+"="+w.URL)
		complaints := new(strings.Builder)
		cmd.Stderr = complaints
		must(t, cmd.Start())
		return cmd, complaints
	}
	next := map[string]int{} // the page after the last one asked for
	again, reached := 0, 0
	follow := func() {
		for _, p := range webPlatforms {
			for i, page := range w.take(p) {
				if i == 0 && page == next[p]-1 {
					again++
				} else if page != next[p] {
					t.Errorf("platform %s: page %d was asked for where %d came next", p, page, next[p])
				}
				next[p] = page + 1
				reached = max(reached, page)
			}
		}
	}
	w.slow(3 * time.Millisecond)
	for range kills {
		cmd, complaints := start()
		begun := time.Now()
		for !w.anyAsked() && time.Since(begun) < time.Minute {
			time.Sleep(time.Millisecond)
			if rand.IntN(400) == 0 {
				break // also before anything was asked for
			}
		}
		time.Sleep(time.Duration(rand.IntN(250)) * time.Millisecond)
		must(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		if complaints.Len() > 0 {
			t.Fatalf("the child complained: %s", complaints)
		}
		if follow(); t.Failed() {
			return
		}
	}
	killed := reached
	w.slow(0)
	begun := time.Now()
	cmd, complaints := start()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, complaints)
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("the last start took %v: it waited for leases of processes that are gone", took)
	}
	follow()
	got, want := dumpScan(t, dir), dumpScan(t, calm)
	if !slices.Equal(got, want) {
		t.Errorf("%d mentions, an undisturbed scan has %d, or they differ", len(got), len(want))
	}
	if len(want) != pages*webPageSize*len(webPlatforms) {
		t.Errorf("an undisturbed scan has %d mentions", len(want))
	}
	t.Logf("%d kills up to page %d of %d: %d mentions as undisturbed, %d pages in flight asked for again", kills, killed, pages, len(got), again)
}

// dumpScan lists the mentions of a database that is sound and where nothing is
// left running.
func dumpScan(t *testing.T, dir string) (rows []string) {
	t.Helper()
	s := openAt(t, dir, &steppedClock{t: time.Now()})
	defer s.Close()
	findings, err := s.Check(t.Context(), CheckOptions{})
	must(t, err)
	for _, f := range findings {
		if f.Severity == Broken {
			t.Error(f.Message)
		}
	}
	report, err := s.Rebuild(t.Context(), "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild found %+v", report)
	}
	if n := count(t, s, "scan WHERE state = 'running'"); n != 0 {
		t.Errorf("%d records say that they run", n)
	}
	list, err := sqlDB(t, s).QueryContext(t.Context(), `SELECT m.platform || ' ' || m.id || ' ' || m.created_at || ' ' || m.copy || ' ' || a.key || ' ' || m.text
		FROM mention m JOIN author a ON a.brand = m.brand AND a.id = m.author ORDER BY m.platform, m.id`)
	must(t, err)
	defer list.Close()
	for list.Next() {
		var row string
		must(t, list.Scan(&row))
		rows = append(rows, row)
	}
	must(t, list.Err())
	return rows
}
