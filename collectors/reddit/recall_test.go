package reddit

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

	"adalid"
	"adalid/collectors"
)

// site is Reddit with invented posts and comments, its paging and its limits:
// they appear as its clock goes on, a request takes a minute.
type site struct {
	t        *testing.T
	now      time.Time
	posts    []invented // the oldest first
	requests int
}

type invented struct {
	name, list string
	at         time.Time
	late       time.Duration // until the search finds it
}

// month invents posts and comments over thirty days.
func month(n int, from time.Time) (list []invented) {
	r := rand.New(rand.NewPCG(7, 11))
	lists := []string{"search", "new", "comments", "own"}
	for i := range n {
		at := from.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour)))).Truncate(time.Second)
		if r.IntN(3) == 0 { // one evening
			at = from.Add(12*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour)))).Truncate(time.Second)
		}
		one := invented{list: lists[i%4], at: at}
		one.name = fmt.Sprintf("t3_%04d", i)
		switch one.list {
		case "search":
			one.late = time.Duration(r.Int64N(int64(50 * time.Minute)))
		case "comments", "own":
			one.name = fmt.Sprintf("t1_%04d", i)
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b invented) int { return a.at.Compare(b.at) })
	return list
}

func (s *site) Do(r *http.Request) (*http.Response, error) {
	s.requests++
	s.now = s.now.Add(time.Minute)
	if r.Method == http.MethodPost {
		return s.answer(r, 200, map[string]any{"access_token": fmt.Sprint("t", s.now.Unix()), "expires_in": 3600})
	}
	var given int64
	if _, err := fmt.Sscanf(r.Header.Get("Authorization"), "Bearer t%d", &given); err != nil || s.now.Unix()-given > 3600 {
		return s.answer(r, 401, nil)
	}
	if s.requests%11 == 0 {
		return s.answer(r, 429, nil)
	}
	switch r.URL.Path {
	case "/search":
		return s.page(r, "search")
	case "/r/coffee/search":
		return s.page(r, "nothing")
	case "/r/coffee/new", "/r/coffee/comments":
		return s.page(r, strings.TrimPrefix(r.URL.Path, "/r/coffee/"))
	case "/user/acme_cafe/submitted":
		first := s.posts[0].at
		return s.answer(r, 200, listingOf([]any{s.thing("t3_own", first, map[string]any{"title": "Welcome", "num_comments": len(s.visible("own"))})}, nil))
	case "/comments/own":
		var tree []any
		for _, c := range s.visible("own") {
			tree = append(tree, s.thing(c.name, c.at, map[string]any{"body": "acme"}))
		}
		return s.answer(r, 200, []any{listingOf([]any{s.thing("t3_own", s.now, map[string]any{"title": "Welcome"})}, nil), listingOf(tree, nil)})
	}
	return s.answer(r, 404, nil)
}

func (s *site) answer(r *http.Request, status int, body any) (*http.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text))), Request: r, ContentLength: int64(len(text))}
	return response, limits().Refused(response, s.now)
}

func listingOf(things []any, after any) map[string]any {
	if things == nil {
		things = []any{}
	}
	return map[string]any{"kind": "Listing", "data": map[string]any{"after": after, "children": things}}
}

func (s *site) thing(name string, at time.Time, more map[string]any) any {
	more["name"], more["author"], more["created_utc"] = name, "leo_9", float64(at.Unix())
	return map[string]any{"kind": name[:2], "data": more}
}

// visible lists what can be seen now, the newest first.
func (s *site) visible(list string) (found []invented) {
	for _, one := range slices.Backward(s.posts) {
		if one.list == list && !one.at.Add(one.late).After(s.now) {
			found = append(found, one)
		}
	}
	return found
}

// shown is how many items of a list the site shows, to make it come into play.
const shown = 950

func (s *site) page(r *http.Request, list string) (*http.Response, error) {
	found := s.visible(list)
	found = found[:min(len(found), shown)]
	start := 0
	if after := r.URL.Query().Get("after"); after != "" {
		start = slices.IndexFunc(found, func(i invented) bool { return i.name == after }) + 1
	}
	var things []any
	var next any
	for i, one := range found[start:] {
		if len(things) == 25 { // less than was asked for
			next = found[start+i-1].name
			break
		}
		things = append(things, s.thing(one.name, one.at, map[string]any{"title": "acme", "body": ""}))
	}
	return s.answer(r, 200, listingOf(things, next))
}

// Over a month with scans seven hours apart, every post and comment is found,
// whatever interrupts: what appears while a walk goes on, late entries in the
// search, calls repeated after a crash, rate limits, tokens that end.
func TestNothingIsMissed(t *testing.T) {
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	s := &site{t: t, now: from.Add(3 * 24 * time.Hour), posts: month(700, from)}
	c, err := made(`{`+access+`,"subreddits":["coffee"],"days":40}`, s, func() time.Time { return s.now })
	if err != nil {
		t.Fatal(err)
	}
	q := collectors.Query{
		Brand: adalid.Brand{Own: []adalid.OwnAccount{{Platform: platform, Handle: "acme_cafe"}}},
		Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}},
	}
	found := map[string]int{}
	var cursor collectors.Cursor
	var observed []collectors.Period
	for end := from.Add(35 * 24 * time.Hour); s.now.Before(end); s.now = s.now.Add(7 * time.Hour) {
		cursor, observed = scanOnce(t, c, q, cursor, found, observed)
	}
	for _, one := range s.posts {
		if found[one.name] == 0 {
			t.Errorf("missed: %s in %s of %v", one.name, one.list, one.at)
		}
	}
	for i := 1; i < len(observed); i++ {
		if observed[i].From.After(observed[i-1].To) {
			t.Errorf("a gap between %v and %v", observed[i-1].To, observed[i].From)
		}
	}
	t.Logf("%d of %d posts and comments and one own post, %d requests", len(found)-1, len(s.posts), s.requests)
}

// scanOnce reads until nothing is left, each page twice, as after a crash
// before it was stored.
func scanOnce(t *testing.T, c collectors.Collector, q collectors.Query, cursor collectors.Cursor, found map[string]int, observed []collectors.Period) (collectors.Cursor, []collectors.Period) {
	t.Helper()
	for range 3000 {
		_, _ = c.Collect(t.Context(), q, cursor)
		page, err := c.Collect(t.Context(), q, slices.Clone(cursor))
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
		cursor = page.Next
		if observed = append(observed, page.Observed...); !page.More {
			return cursor, observed
		}
	}
	t.Fatal("no end")
	return nil, nil
}
