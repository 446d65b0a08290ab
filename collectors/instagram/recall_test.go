package instagram

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
)

// site is Instagram with invented posts and comments, its paging and its limits:
// they appear as its clock goes on, a request takes a minute.
type site struct {
	t        *testing.T
	now      time.Time
	items    []invented // the oldest first
	requests int
}

type invented struct {
	id, under string    // "tags", "media" or an own post
	at        time.Time // when it appeared
	made      time.Time // what it says; a tag may be put on an old picture
}

// month invents tags, own posts and comments over thirty days.
func month(n int, from time.Time) (list []invented) {
	r := rand.New(rand.NewPCG(7, 11))
	var own []invented
	for i := range n {
		at := from.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour)))).Truncate(time.Second)
		if r.IntN(3) == 0 { // one evening
			at = from.Add(12*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour)))).Truncate(time.Second)
		}
		one := invented{id: fmt.Sprint(17900000000000000 + i), under: "tags", at: at, made: at}
		switch {
		case i < 40:
			one.under = "media"
			own = append(own, one)
		case i%2 == 0:
			p := own[r.IntN(len(own))]
			one.under, one.at = p.id, p.at.Add(time.Duration(r.Int64N(int64(6*24*time.Hour)))).Truncate(time.Second)
			one.made = one.at
		case i%7 == 0:
			one.made = at.AddDate(-1, 0, 0)
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b invented) int { return a.at.Compare(b.at) })
	return list
}

func (s *site) Do(r *http.Request) (*http.Response, error) {
	s.requests++
	s.now = s.now.Add(time.Minute)
	if s.requests%11 == 0 {
		return s.answer(r, 403, map[string]any{"error": map[string]any{"code": 4}})
	}
	path := strings.Split(r.URL.Path, "/")[2:]
	if len(path) == 1 {
		return s.answer(r, 200, map[string]any{"id": path[0], "username": "acmecafe"})
	}
	under := path[1]
	if under == "comments" {
		under = path[0]
	}
	list := s.visible(under)
	start := 0
	if after := r.URL.Query().Get("after"); after != "" {
		start = slices.IndexFunc(list, func(i invented) bool { return i.id == after }) + 1
	}
	data := []any{}
	body := map[string]any{}
	for _, i := range list[start:min(start+20, len(list))] { // less than was asked for
		data = append(data, map[string]any{
			"id": i.id, "username": "leo_9", "timestamp": i.made.Format("2006-01-02T15:04:05-0700"), "text": "acme", "caption": "acme", "comments_count": len(s.visible(i.id)),
		})
		body["paging"] = map[string]any{"cursors": map[string]any{"after": i.id}}
	}
	body["data"] = data
	return s.answer(r, 200, body)
}

// visible lists what can be seen now, the newest first.
func (s *site) visible(under string) (found []invented) {
	for _, one := range slices.Backward(s.items) {
		if one.under == under && !one.at.After(s.now) {
			found = append(found, one)
		}
	}
	return found
}

func (s *site) answer(r *http.Request, status int, body any) (*http.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text))), Request: r, ContentLength: int64(len(text))}
	return response, limits().Refused(response, s.now)
}

// Over a month with a scan every three days, every tag, own post and comment is
// found, whatever interrupts: what appears while a walk goes on, tags on old
// pictures, calls repeated after a crash, rate limits.
func TestNothingIsMissed(t *testing.T) {
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	s := &site{t: t, now: from.Add(3 * 24 * time.Hour), items: month(700, from)}
	c, err := made(`{`+access+`}`, s, func() time.Time { return s.now })
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	var cursor collectors.Cursor
	for end := from.Add(42 * 24 * time.Hour); s.now.Before(end); s.now = s.now.Add(3 * 24 * time.Hour) {
		cursor = scanOnce(t, c, cursor, found)
	}
	for _, one := range s.items {
		if found[one.id] == 0 {
			t.Errorf("missed: %s under %s of %v", one.id, one.under, one.at)
		}
	}
	if len(found) != len(s.items) {
		t.Errorf("found %d, there are %d", len(found), len(s.items))
	}
	t.Logf("%d of %d, %d requests", len(found), len(s.items), s.requests)
}

// scanOnce reads until nothing is left, each page twice, as after a crash
// before it was stored.
func scanOnce(t *testing.T, c collectors.Collector, cursor collectors.Cursor, found map[string]int) collectors.Cursor {
	t.Helper()
	for range 3000 {
		_, _ = c.Collect(t.Context(), collectors.Query{}, cursor)
		page, err := c.Collect(t.Context(), collectors.Query{}, slices.Clone(cursor))
		var e *collectors.Error
		if errors.As(err, &e) && e.Kind == collectors.RateLimited {
			continue // paused; the cursor stays
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Mentions {
			found[m.ID]++
		}
		if len(page.Rejects) > 0 || len(page.Warnings) > 0 || !json.Valid(page.Next) {
			t.Fatal(page.Rejects, page.Warnings)
		}
		if cursor = page.Next; !page.More {
			return cursor
		}
	}
	t.Fatal("no end")
	return nil
}
