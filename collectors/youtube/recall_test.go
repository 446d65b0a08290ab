package youtube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

// platform is YouTube with invented videos and comments, its paging and its
// limits: they appear as its clock goes on, a request takes a minute.
type platform struct {
	t        *testing.T
	now      time.Time
	videos   []invented // the oldest first
	comments []invented
	requests int
	forgets  bool // page tokens of searches after a minute and a half
}

type invented struct {
	id, under string // the video of a comment
	at        time.Time
	late      time.Duration // until the search finds it
}

const ownChannel = "UCacme_cafe_channel_0001"

// month invents videos and comments over thirty days.
func month(n int, from time.Time) *platform {
	r := rand.New(rand.NewPCG(7, 11))
	p := &platform{}
	for i := range n {
		at := from.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour)))).Truncate(time.Second)
		if r.IntN(3) == 0 { // one evening
			at = from.Add(12*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour)))).Truncate(time.Second)
		}
		switch {
		case i < 350 || n < 400:
			p.videos = append(p.videos, invented{id: fmt.Sprintf("video_%05d", i), at: at, late: time.Duration(r.Int64N(int64(20 * time.Hour)))})
		case i < 450:
			p.comments = append(p.comments, invented{id: fmt.Sprintf("Ugown_comment_%05d", i), at: at})
		default:
			v := p.videos[r.IntN(len(p.videos))]
			p.comments = append(p.comments, invented{id: fmt.Sprintf("Ug_comment_%08d", i), under: v.id, at: v.at.Add(time.Duration(r.Int64N(int64(5 * 24 * time.Hour)))).Truncate(time.Second)})
		}
	}
	order := func(a, b invented) int { return a.at.Compare(b.at) }
	slices.SortFunc(p.videos, order)
	slices.SortFunc(p.comments, order)
	return p
}

func (p *platform) Do(r *http.Request) (*http.Response, error) {
	p.requests++
	p.now = p.now.Add(time.Minute)
	v := r.URL.Query()
	if p.requests%11 == 0 {
		return p.refuse(r, 403, "rateLimitExceeded")
	}
	if at, err := strconv.ParseInt(strings.Split(v.Get("pageToken"), "-")[0], 10, 64); err == nil && p.forgets && r.URL.Path == "/youtube/v3/search" && p.now.Unix()-at > 90 {
		return p.refuse(r, 400, "invalidPageToken")
	}
	switch r.URL.Path {
	case "/youtube/v3/search":
		return p.search(r, v)
	case "/youtube/v3/videos":
		return p.look(r, v)
	case "/youtube/v3/commentThreads":
		return p.threads(r, v)
	}
	return p.refuse(r, 404, "notFound")
}

func (p *platform) answer(r *http.Request, status int, body any) (*http.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text))), Request: r, ContentLength: int64(len(text))}
	return response, limits().Refused(response, p.now)
}

func (p *platform) refuse(r *http.Request, status int, why string) (*http.Response, error) {
	return p.answer(r, status, map[string]any{"error": map[string]any{"code": status, "errors": []any{map[string]any{"reason": why}}}})
}

// page gives a slice of a list that is newest first; a token names the item
// before the page, so that new ones do not shift it.
func (p *platform) page(r *http.Request, kind string, list []invented, most int, item func(invented) any) (*http.Response, error) {
	v := r.URL.Query()
	size, _ := strconv.Atoi(v.Get("maxResults"))
	start := 0
	if _, after, ok := strings.Cut(v.Get("pageToken"), "-"); ok {
		start = slices.IndexFunc(list, func(i invented) bool { return i.id == after }) + 1
	}
	end := min(start+size, len(list), most)
	items := []any{}
	for _, i := range list[min(start, end):end] {
		items = append(items, item(i))
	}
	body := map[string]any{"kind": "youtube#" + kind, "pageInfo": map[string]any{}, "items": items}
	if end < min(len(list), most) {
		body["nextPageToken"] = fmt.Sprintf("%d-%s", p.now.Unix(), list[end-1].id)
	}
	return p.answer(r, 200, body)
}

func (p *platform) search(r *http.Request, v url.Values) (*http.Response, error) {
	after, _ := time.Parse(time.RFC3339, v.Get("publishedAfter"))
	before, err := time.Parse(time.RFC3339, v.Get("publishedBefore"))
	if err != nil {
		before = p.now
	}
	var list []invented
	for _, i := range slices.Backward(p.videos) {
		if !i.at.Add(i.late).After(p.now) && !i.at.Before(after) && !i.at.After(before) {
			list = append(list, i)
		}
	}
	return p.page(r, "searchListResponse", list, 300, func(i invented) any {
		return map[string]any{"id": map[string]any{"videoId": i.id}, "snippet": map[string]any{"publishedAt": i.at.Format(time.RFC3339)}}
	})
}

func (p *platform) under(video string) (list []invented) {
	for _, c := range slices.Backward(p.comments) {
		if c.under == video && !c.at.After(p.now) {
			list = append(list, c)
		}
	}
	return list
}

func (p *platform) look(r *http.Request, v url.Values) (*http.Response, error) {
	items := []any{}
	for _, i := range p.videos {
		if slices.Contains(strings.Split(v.Get("id"), ","), i.id) {
			items = append(items, map[string]any{
				"id": i.id, "statistics": map[string]any{"commentCount": fmt.Sprint(len(p.under(i.id)))},
				"snippet": map[string]any{"channelId": "UCleo_tastes_channel_001", "title": "acme", "publishedAt": i.at.Format(time.RFC3339)},
			})
		}
	}
	return p.answer(r, 200, map[string]any{"kind": "youtube#videoListResponse", "pageInfo": map[string]any{}, "items": items})
}

func (p *platform) threads(r *http.Request, v url.Values) (*http.Response, error) {
	if c := v.Get("allThreadsRelatedToChannelId"); c != "" && c != ownChannel {
		p.t.Errorf("asked for channel %s", c)
	}
	return p.page(r, "commentThreadListResponse", p.under(v.Get("videoId")), 1<<30, func(i invented) any {
		return map[string]any{"snippet": map[string]any{"videoId": i.under, "topLevelComment": map[string]any{"id": i.id, "snippet": map[string]any{
			"authorDisplayName": "@leo_9", "textDisplay": "acme", "publishedAt": i.at.Format(time.RFC3339),
		}}}}
	})
}

// tight is a meter that every fifth time is used up.
type tight struct{ asked int64 }

func (m *tight) Reserve(ctx context.Context, unit string, least, most int64) (collectors.Reservation, error) {
	if m.asked++; m.asked%5 == 0 {
		return nil, collectors.Errorf(collectors.Budget, "the budget is used up")
	}
	return collectors.Free{}.Reserve(ctx, unit, least, most)
}

// scanOnce reads until nothing is left, each page twice, as after a crash
// before it was stored.
func scanOnce(t *testing.T, c collectors.Collector, q collectors.Query, cursor collectors.Cursor, found map[string]int) collectors.Cursor {
	t.Helper()
	for range 3000 {
		_, _ = c.Collect(t.Context(), q, cursor)
		page, err := c.Collect(t.Context(), q, slices.Clone(cursor))
		var e *collectors.Error
		if errors.As(err, &e) && (e.Kind == collectors.RateLimited || e.Kind == collectors.Budget) {
			continue // paused; the cursor stays
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Mentions {
			found[m.ID]++
		}
		if len(page.Rejects) > 0 || len(page.Gone) > 0 || len(page.Warnings) > 0 || !json.Valid(page.Next) {
			t.Fatal(page.Rejects, page.Gone, page.Warnings)
		}
		if cursor = page.Next; !page.More {
			return cursor
		}
	}
	t.Fatal("no end")
	return nil
}

// Over a month with scans in between, every video and comment is found, whatever
// interrupts: what appears while a walk goes on, late entries in the search,
// calls repeated after a crash, refusals, small budgets, page tokens that are
// forgotten, searches that show only 300 videos.
func TestNothingIsMissed(t *testing.T) {
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	q := collectors.Query{
		Brand: adalid.Brand{Name: "Acme", Own: []adalid.OwnAccount{{Platform: adalid.YouTube, Key: ownChannel}}},
		Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}},
	}
	for name, c := range map[string]struct {
		posts   int
		every   time.Duration
		forgets bool
	}{
		"each three days": {700, 3 * 24 * time.Hour, false},
		"tokens go stale": {700, 3 * 24 * time.Hour, true},
		"one long scan":   {390, 40 * 24 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := month(c.posts, from)
			p.t, p.forgets, p.now = t, c.forgets, from.Add(min(c.every+3*24*time.Hour, 31*24*time.Hour))
			collector, err := made(`{`+accepted+`,"videos":2000,"days":40}`, p, func() time.Time { return p.now }, &tight{})
			if err != nil {
				t.Fatal(err)
			}
			found := map[string]int{}
			var cursor collectors.Cursor
			for end := from.Add(38 * 24 * time.Hour); p.now.Before(end); p.now = p.now.Add(c.every) {
				cursor = scanOnce(t, collector, q, cursor, found)
			}
			all := slices.Concat(p.videos, p.comments)
			for _, one := range all {
				if found[one.id] == 0 {
					t.Errorf("missed: %s of %v", one.id, one.at)
				}
			}
			if len(found) != len(all) {
				t.Errorf("found %d, there are %d", len(found), len(all))
			}
			t.Logf("%d of %d videos and comments, %d requests", len(found), len(all), p.requests)
		})
	}
}

// real sends requests to a server on this machine. The contract document knows
// the key only as a parameter, so it is moved there.
type real struct {
	t      *testing.T
	client http.Client
	sent   []string
}

func (r *real) Do(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	q.URL.RawQuery += "&key=" + q.Header.Get("X-Goog-Api-Key")
	answer, err := r.client.Do(q)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 != 2 {
		r.t.Errorf("outside the contract: %s", q.URL)
	}
	r.t.Log(q.URL.Path, answer.StatusCode)
	r.sent = append(r.sent, strings.TrimPrefix(q.URL.Path, "/youtube/v3/"))
	return answer, limits().Refused(answer, time.Now())
}

// A server that answers from the contract document takes every kind of request.
// What it invents as answers is not looked at.
func TestMock(t *testing.T) {
	server := os.Getenv("ADALID_TEST_YOUTUBE")
	if server == "" {
		t.Skip("no mock server: set ADALID_TEST_YOUTUBE")
	}
	mock := &real{t: t}
	collector, err := made(`{`+accepted+`,"server":"`+server+`"}`, mock, time.Now, collectors.Free{})
	if err != nil {
		t.Fatal(err)
	}
	q := collectors.Query{Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}}}
	for _, cursor := range []string{
		"", `{"walk":{"at":1792583970,"part":"","found":["jNQXAC9IVRw"]}}`,
		`{"watched":[{"id":"jNQXAC9IVRw","count":1}],"walk":{"at":1792583970,"part":""}}`,
	} {
		_, err = collector.Collect(t.Context(), q, collectors.Cursor(cursor))
		t.Log(err)
	}
	q.Brand.Own = []adalid.OwnAccount{{Platform: adalid.YouTube, Handle: "acmecafe"}}
	_, err = collector.Collect(t.Context(), q, nil)
	t.Log(err)
	q.Brand.Own = []adalid.OwnAccount{{Platform: adalid.YouTube, Key: ownChannel}}
	_, err = collector.Collect(t.Context(), q, nil)
	t.Log(err)
	for _, id := range []string{"jNQXAC9IVRw", "Ugxxxxxxxxxxxxxx1"} {
		_, err = collector.(collectors.Checker).Check(t.Context(), []string{id})
		t.Log(err)
	}
	_, err = collector.(collectors.Hydrator).Hydrate(t.Context(), []string{ownChannel})
	t.Log(err)
	t.Log(collector.(collectors.Prober).Probe(t.Context()))
	for _, method := range []string{"search", "videos", "commentThreads", "comments", "channels"} {
		if !slices.Contains(mock.sent, method) {
			t.Errorf("%s was not asked for, or gave no answer; answered were %q", method, mock.sent)
		}
	}
}
