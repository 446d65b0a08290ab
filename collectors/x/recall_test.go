package x

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

// platform is X with invented posts, its paging and its limits: posts appear as
// its clock goes on, a request takes a minute.
type platform struct {
	t        *testing.T
	now      time.Time
	posts    []invented // the oldest first
	requests int
	longest  int           // page
	stale    time.Duration // page tokens are refused after so long
	shown    int           // how many mentions a timeline shows; 0: all
}

type invented struct {
	id   int64
	at   time.Time
	text string
}

// month invents posts over thirty days; some name the account, some the word,
// some both, in bursts.
func month(n int, from time.Time) (list []invented) {
	r := rand.New(rand.NewPCG(7, 11))
	texts := []string{"a cup at acme", "@AcmeCafe where are you", "acme! @AcmeCafe", "Acme, of course"}
	for range n {
		at := from.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour))))
		if r.IntN(3) == 0 { // one evening that everybody writes
			at = from.Add(12*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour))))
		}
		list = append(list, invented{(at.UnixMilli()-firstID)<<22 + r.Int64N(1<<22), at, texts[r.IntN(len(texts))]})
	}
	slices.SortFunc(list, func(a, b invented) int { return a.at.Compare(b.at) })
	return list
}

func (p *platform) Do(r *http.Request) (*http.Response, error) {
	p.requests++
	p.now = p.now.Add(time.Minute)
	if p.requests%11 == 0 {
		return p.answer(r, http.StatusTooManyRequests, map[string]any{"title": "Too Many Requests"})
	}
	v := r.URL.Query()
	switch {
	case r.URL.Path == "/2/users/by":
		return p.answer(r, 200, map[string]any{"data": []any{map[string]any{"id": "77", "username": "AcmeCafe", "name": "Acme"}}})
	case r.URL.Path == "/2/users/77/mentions":
		return p.page(r, v, time.Time{}, func(s string) bool { return strings.Contains(s, "@AcmeCafe") })
	case r.URL.Path == "/2/tweets/search/recent":
		without := strings.Contains(v.Get("query"), "-@acmecafe")
		return p.page(r, v, p.now.AddDate(0, 0, -7), func(s string) bool {
			own := strings.Contains(s, "@AcmeCafe")
			return (strings.Contains(strings.ToLower(strings.ReplaceAll(s, "@AcmeCafe", "")), "acme") || own) && !(own && without)
		})
	case r.URL.Path == "/1.1/search/tweets.json":
		return p.statuses(r, v)
	}
	return p.answer(r, 404, nil)
}

func (p *platform) answer(r *http.Request, status int, body any) (*http.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text))), Request: r, ContentLength: int64(len(text))}
	return response, limits().Refused(response, p.now)
}

func (p *platform) refuse(r *http.Request, parameter string) (*http.Response, error) {
	return p.answer(r, 400, map[string]any{"title": "Invalid Request", "errors": []any{map[string]any{"parameters": map[string]any{parameter: []string{"x"}}}}})
}

func whole(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// page answers as API v2 does.
func (p *platform) page(r *http.Request, v url.Values, oldest time.Time, matches func(string) bool) (*http.Response, error) {
	size, start := int(whole(v.Get("max_results"))), time.Time{}
	p.longest = max(p.longest, size)
	if s := v.Get("start_time"); s != "" {
		start, _ = time.Parse(time.RFC3339, s)
		if v.Has("since_id") || v.Has("until_id") || start.Before(oldest) || start.After(p.now.Add(-10*time.Second)) {
			return p.refuse(r, "start_time")
		}
	}
	since, until := whole(v.Get("since_id")), whole(v.Get("until_id"))
	if size < 10 || size > 100 || since != 0 && idTime(v.Get("since_id")).Before(oldest) {
		return p.refuse(r, "since_id")
	}
	below := int64(1<<63 - 1)
	if token := v.Get("pagination_token"); token != "" {
		given, id, _ := strings.Cut(token, "-")
		if p.stale > 0 && p.now.Sub(time.Unix(whole(given), 0)) > p.stale {
			return p.refuse(r, "pagination_token")
		}
		below = whole(id)
	}
	var data []any
	next, seen := "", 0
	for _, made := range slices.Backward(p.posts) {
		if matches(made.text) {
			seen++
		}
		if p.shown > 0 && oldest.IsZero() && seen > p.shown {
			break
		}
		if made.at.After(p.now.Add(-settled)) || made.id >= below || made.id <= since || until != 0 && made.id >= until || made.at.Before(start) || made.at.Before(oldest) || !matches(made.text) {
			continue
		}
		if len(data) == size {
			next = fmt.Sprintf("%d-%d", p.now.Unix(), below)
			break
		}
		below = made.id
		data = append(data, map[string]any{"id": fmt.Sprint(made.id), "text": made.text, "author_id": fmt.Sprint(5 + made.id%40), "created_at": made.at.Format("2006-01-02T15:04:05.000Z")})
		if next = ""; len(data) == size {
			next = fmt.Sprintf("%d-%d", p.now.Unix(), below)
		}
	}
	meta := map[string]any{"result_count": len(data)}
	if next != "" {
		meta["next_token"] = next
	}
	body := map[string]any{"meta": meta}
	if data != nil {
		body["data"] = data
	}
	return p.answer(r, 200, body)
}

// statuses answers as v1.1 does.
func (p *platform) statuses(r *http.Request, v url.Values) (*http.Response, error) {
	list := []any{}
	for _, made := range slices.Backward(p.posts) {
		if made.at.After(p.now) || made.id <= whole(v.Get("since_id")) || v.Has("max_id") && made.id > whole(v.Get("max_id")) || len(list) == 100 {
			continue
		}
		list = append(list, map[string]any{
			"id": made.id, "id_str": fmt.Sprint(made.id), "full_text": made.text, "created_at": made.at.Format(time.RubyDate),
			"user": map[string]any{"id": 5, "id_str": "5", "screen_name": "mara_v"},
		})
	}
	return p.answer(r, 200, map[string]any{"statuses": list})
}

// tight is a meter that every fifth time is used up and else gives little.
type tight struct{ asked, reserved, read int64 }

func (m *tight) Reserve(_ context.Context, unit string, least, most int64) (collectors.Reservation, error) {
	if m.asked++; m.asked%5 == 0 {
		return nil, collectors.Errorf(collectors.Budget, "the budget is used up")
	}
	granted := max(least, min(most, 10+m.asked%90))
	m.reserved += granted
	return &slip{m, granted}, nil
}

type slip struct {
	m       *tight
	granted int64
}

func (s *slip) Granted() int64 { return s.granted }

func (s *slip) Settle(_ context.Context, n int64, ids []string) error {
	if got := n + int64(len(ids)); got > s.granted {
		return fmt.Errorf("%d read, %d granted", got, s.granted)
	}
	s.m.read += n + int64(len(ids))
	return nil
}

// Over a month with a scan every three days, every post is found, whatever
// interrupts: new posts while a walk goes on, calls repeated after a crash, rate
// limits, small budgets, page tokens that go stale.
func TestNothingIsMissed(t *testing.T) {
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		settings string
		stale    time.Duration
	}{
		"posts":           {`{"token":"t","account":"acmecafe"}`, 0},
		"tweets":          {`{"token":"t","dialect":"tweets"}`, 0},
		"expanded":        {`{"token":"t","dialect":"tweets","authors":"expand","account":"77"}`, 0},
		"tokens go stale": {`{"token":"t","dialect":"tweets"}`, 2 * time.Minute},
		"v1.1":            {`{"token":"t","api":"v1.1","server":"http://compatible.example"}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := &platform{t: t, now: from.Add(6 * 24 * time.Hour), posts: month(700, from), stale: c.stale}
			m := &tight{}
			collector, err := made(t, c.settings, p, func() time.Time { return p.now }, m)
			if err != nil {
				t.Fatal(err)
			}
			q := collectors.Query{
				Brand: adalid.Brand{Name: "Acme", Own: []adalid.OwnAccount{{Platform: adalid.X, Handle: "acmecafe"}}},
				Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}, {Kind: collectors.Handle, Text: "acmecafe"}},
			}
			found := map[string]int{}
			var cursor collectors.Cursor
			var observed []collectors.Period
			for end := from.Add(31 * 24 * time.Hour); p.now.Before(end); p.now = p.now.Add(3 * 24 * time.Hour) {
				cursor, observed = scanOnce(t, collector, q, cursor, found, observed)
			}
			checkFound(t, p, found)
			for i := 1; i < len(observed); i++ {
				if observed[i].From.After(observed[i-1].To) {
					t.Errorf("a gap between %v and %v", observed[i-1].To, observed[i].From)
				}
			}
			t.Logf("%d of %d posts, %d requests, pages of up to %d, %d units read", len(found), len(p.posts), p.requests, p.longest, m.read)
		})
	}
}

func checkFound(t *testing.T, p *platform, found map[string]int) {
	t.Helper()
	for _, post := range p.posts {
		if found[fmt.Sprint(post.id)] == 0 {
			t.Errorf("missed: %d of %v: %s", post.id, post.at, post.text)
		}
	}
	if len(found) != len(p.posts) {
		t.Errorf("found %d, there are %d", len(found), len(p.posts))
	}
}

// scanOnce reads until nothing is left, each page twice, as after a crash
// before it was stored; of the first reading only the second's cursor is kept.
func scanOnce(t *testing.T, c collectors.Collector, q collectors.Query, cursor collectors.Cursor, found map[string]int, observed []collectors.Period) (collectors.Cursor, []collectors.Period) {
	t.Helper()
	for tries := 0; tries < 2000; tries++ {
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
		if len(page.Rejects) > 0 || !json.Valid(page.Next) {
			t.Fatal(page.Rejects)
		}
		cursor = page.Next
		if observed = append(observed, page.Observed...); !page.More {
			return cursor, observed
		}
	}
	t.Fatal("no end")
	return nil, nil
}

// X shows the newest 800 mentions of an account: where they do not reach back
// to the scan before, the search does not leave them out.
func TestLongTimeline(t *testing.T) {
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	p := &platform{t: t, now: from.Add(6 * 24 * time.Hour), shown: 800}
	for i := range 1000 {
		at := from.Add(time.Duration(i) * 7 * time.Minute)
		p.posts = append(p.posts, invented{(at.UnixMilli()-firstID)<<22 + int64(i), at, "@AcmeCafe hello"})
	}
	collector, err := made(t, `{"token":"t","account":"acmecafe"}`, p, func() time.Time { return p.now }, collectors.Free{})
	if err != nil {
		t.Fatal(err)
	}
	q := collectors.Query{
		Brand: adalid.Brand{Own: []adalid.OwnAccount{{Handle: "acmecafe"}}},
		Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}, {Kind: collectors.Handle, Text: "acmecafe"}},
	}
	found := map[string]int{}
	cursor, observed := scanOnce(t, collector, q, nil, found, nil)
	checkFound(t, p, found)
	if len(observed) != 1 || !observed[0].From.After(from) {
		t.Errorf("observed %v although the timeline was cut off", observed)
	}
	before := p.requests
	p.now = p.now.Add(time.Hour)
	if scanOnce(t, collector, q, cursor, found, nil); p.requests-before > 8 {
		t.Errorf("%d requests for nothing new", p.requests-before)
	}
}

// One scan without interruptions reads no post twice.
func TestNothingIsReadTwice(t *testing.T) {
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	p := &platform{t: t, now: from.Add(33 * 24 * time.Hour), posts: month(700, from.Add(3*24*time.Hour))}
	p.posts = p.posts[len(p.posts)-200:]
	p.requests = -1000 // far from any rate limit
	collector, err := made(t, `{"token":"t","account":"acmecafe","days":7}`, p, func() time.Time { return p.now }, collectors.Free{})
	if err != nil {
		t.Fatal(err)
	}
	q := collectors.Query{Brand: adalid.Brand{Own: []adalid.OwnAccount{{Handle: "acmecafe"}}}, Terms: []collectors.Term{{Kind: collectors.Word, Text: "acme"}, {Kind: collectors.Handle, Text: "acmecafe"}}}
	found := map[string]int{}
	var cursor collectors.Cursor
	for range 2 {
		for more := true; more; {
			page, err := collector.Collect(t.Context(), q, cursor)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page.Mentions {
				found[m.ID]++
			}
			cursor, more = page.Next, page.More
		}
	}
	if most := slices.Max(slices.Collect(maps.Values(found))); most != 1 || len(found) < 100 {
		t.Errorf("%d posts, one of them %d times", len(found), most)
	}
}
