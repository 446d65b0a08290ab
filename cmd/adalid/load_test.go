package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/fetch"
	"adalid/internal/scan"
	"adalid/internal/store"
)

// crowded are platforms on loopback that answer after 20 ms with what was
// posted since the cursor, and note when they were asked.
type crowded struct {
	*httptest.Server
	mu    sync.Mutex
	clock time.Time
	asked map[string][]time.Time // by platform
}

const (
	loadPosts = 3 // about a brand at a platform in a minute
	tight     = 4 // of the platforms: it allows fewer requests than there are brands
)

func (c *crowded) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock
}

func (c *crowded) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock = c.clock.Add(d)
}

func (c *crowded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	platform, brand := strings.Trim(r.URL.Path, "/"), r.URL.Query().Get("brand")
	c.mu.Lock()
	now := c.clock
	c.asked[platform] = append(c.asked[platform], now)
	c.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	from, _ := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	var posts []adalid.Mention
	for at := max(from, now.Unix()-3600); at < now.Unix(); at += 60 / loadPosts {
		posts = append(posts, adalid.Mention{
			Platform: adalid.Platform(platform), ID: fmt.Sprintf("%s-%d", brand, at), Lang: "en", CreatedAt: time.Unix(at, 0).UTC(),
			Text:   fmt.Sprintf("I tried %s at %d today and it was really good, the queue was long though", brand, at),
			Author: adalid.Author{Key: fmt.Sprint(at % 509), Handle: fmt.Sprint("h", at%509)},
		})
	}
	_ = json.NewEncoder(w).Encode(struct {
		Posts []adalid.Mention
		Next  int64
	}{posts, now.Unix()}) // who went away does not wait for it
}

// crowdedReader reads one of them.
type crowdedReader struct {
	url  string
	http collectors.Doer
}

func (c crowdedReader) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"?brand="+q.Brand.Name+"&from="+string(from), nil)
	if err != nil {
		return collectors.Page{}, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return collectors.Page{}, err
	}
	var told struct {
		Posts []adalid.Mention
		Next  int64
	}
	if err := collectors.JSON(answer, &told); err != nil {
		return collectors.Page{}, err
	}
	return collectors.Page{Mentions: told.Posts, Rows: int64(len(told.Posts)), Next: collectors.Cursor(fmt.Sprint(told.Next))}, nil
}

func (c *crowded) definition(name string, requests int) collectors.Definition {
	return collectors.Definition{
		Name: name, Platform: adalid.Platform(name), Title: collectors.Label{"en": name, "es": name}, Can: []collectors.Capability{collectors.Keyless},
		Limits: collectors.Limits{Rates: []collectors.Rate{{Requests: requests, Per: 5 * time.Minute}}},
		New: func(s collectors.Setup) (collectors.Collector, error) {
			return crowdedReader{c.URL + "/" + name, s.HTTP}, nil
		},
	}
}

// TestKeepsUp scans brands at six platforms every minute through the real
// client, and compares what each minute took with a minute, the memory with
// 300 MB, and the requests of each platform with what it allows.
func TestKeepsUp(t *testing.T) {
	brands, minutes := 6, 7
	if os.Getenv("ADALID_SLOW") == "1" {
		brands, minutes = 50, 12
	}
	c := &crowded{clock: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), asked: map[string][]time.Time{}}
	c.Server = httptest.NewServer(c)
	defer c.Close()
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client, err := fetch.New(fetch.Options{UserAgent: "Adalid/test", AllowHosts: []string{strings.TrimPrefix(c.URL, "http://")}, Now: c.now, MaxWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	learned, err := newLearner(s)
	if err != nil {
		t.Fatal(err)
	}
	var definitions []collectors.Definition
	for i := range 6 {
		requests := 10 * brands
		if i == tight {
			requests = 3 * brands // of five in five minutes
		}
		definitions = append(definitions, c.definition(fmt.Sprint("platform", i), requests))
	}
	schedule, err := scan.NewSchedule("* * * * *", "UTC")
	if err != nil {
		t.Fatal(err)
	}
	for i := range brands {
		name := fmt.Sprint("brand", i)
		at, run := schedule.Next(c.now())
		if err := s.CreateBrand(t.Context(), adalid.Brand{Name: name}); err != nil {
			t.Fatal(err)
		}
		if err := s.SetSchedule(t.Context(), scan.Plan{Brand: name, Spec: schedule.Spec, At: at, Run: run}); err != nil {
			t.Fatal(err)
		}
	}
	live := scan.NewLive(scan.LiveOptions{
		Store: s, Legs: s, Sources: s, Purse: s, Remover: s, Definitions: definitions, HTTP: client.Doer,
		Sentiment: learned.model, Learner: learned, Now: c.now, Log: slog.New(slog.DiscardHandler), Owner: "load",
	})
	var slowest time.Duration
	goroutines := 0
	for minute := range minutes {
		c.step(time.Minute)
		begun := time.Now()
		var work sync.WaitGroup
		if err := live.Tick(t.Context(), s, &work); err != nil {
			t.Fatal(err)
		}
		work.Wait()
		slowest = max(slowest, time.Since(begun))
		if n := runtime.NumGoroutine(); minute == 1 {
			goroutines = n
		} else if minute > 1 && n > goroutines+8 {
			t.Errorf("%d goroutines after minute %d, %d before", n, minute, goroutines)
		}
	}
	if slowest > time.Minute {
		t.Errorf("a minute's scans took %v", slowest)
	}
	resident := peakMemory()
	if resident > 300<<20 && os.Getenv("ADALID_SLOW") == "1" && !testing.Short() {
		t.Errorf("%d MB of memory", resident>>20)
	}
	total := 0
	for i, d := range definitions {
		times := c.asked[d.Name]
		total += len(times)
		most := busiest(times, 5*time.Minute)
		if allowed := d.Limits.Rates[0].Requests; most > allowed || i == tight && most != allowed {
			t.Errorf("%s was asked %d times in five minutes, allowed are %d", d.Name, most, allowed)
		}
		if i != tight && len(times) != brands*minutes {
			t.Errorf("%s was asked %d times, want once a minute for each brand", d.Name, len(times))
		}
	}
	t.Logf("%d brands at 6 platforms: the slowest of %d minutes took %v, %d MB at most, %d requests; the tight one was asked %d times, %d in five minutes of %d allowed",
		brands, minutes, slowest.Round(time.Millisecond), resident>>20, total, len(c.asked["platform4"]), busiest(c.asked["platform4"], 5*time.Minute), 3*brands)
}

// busiest is how many of the times lie within a period at most.
func busiest(times []time.Time, period time.Duration) (most int) {
	slices.SortFunc(times, time.Time.Compare)
	for i, from := 0, 0; i < len(times); i++ {
		for !times[i].Before(times[from].Add(period)) {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMemory is what the process took of memory at most; what Go took where the
// system does not tell.
func peakMemory() int64 {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if m := peak.FindSubmatch(status); m != nil {
			kB, _ := strconv.ParseInt(string(m[1]), 10, 64)
			return kB << 10
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
