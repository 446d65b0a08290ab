package mastodon

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
)

// post is what was written somewhere and, later, became known to a server.
type post struct {
	id      uint64 // made of the time of writing, as Mastodon does
	n       int
	created time.Time
	arrived time.Time
}

// fake is a server with the paging and the limits of Mastodon; its quirks are
// those of other server software.
type fake struct {
	posts     []post // by id
	now       time.Time
	ignores   bool // min_id and since_id
	misreads  bool // min_id as since_id: the newest page above it
	linkless  bool
	only      string // addresses that give posts; "" all
	most      int    // posts a page at most; 0: 40
	perWindow int    // requests in 5 minutes
	window    time.Time
	left      int
	requests  int
	tokens    []string
}

// idOf gives the id of something written at t.
func idOf(t time.Time, n int) uint64 { return uint64(t.UnixMilli())<<16 | uint64(n&0xffff) }

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.requests++
	f.tokens = append(f.tokens, r.Header.Get("Authorization"))
	if !f.now.Before(f.window.Add(5 * time.Minute)) {
		f.window, f.left = f.now.Truncate(5*time.Minute), f.perWindow
	}
	w.Header().Set("X-RateLimit-Reset", f.window.Add(5*time.Minute).Format("2006-01-02T15:04:05.000000Z"))
	if f.left == 0 {
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, `{"error":"Too many requests"}`)
		return
	}
	f.left--
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(f.left))
	q := r.URL.Query()
	page := f.page(q)
	if !strings.HasPrefix(r.URL.Path, f.only) {
		page = nil
	}
	if len(page) > 0 && !f.linkless {
		link := func(key string, id uint64, rel string) string {
			return fmt.Sprintf(`<https://%s%s?limit=40&%s=%d>; rel=%q`, r.Host, r.URL.Path, key, id, rel)
		}
		w.Header().Set("Link", link("max_id", page[len(page)-1].id, "next")+", "+link("min_id", page[0].id, "prev"))
	}
	list := make([]json.RawMessage, 0, len(page))
	for _, p := range page {
		s := written(p)
		if strings.HasSuffix(r.URL.Path, "/notifications") {
			s = fmt.Sprintf(`{"id":"%d","type":"mention","created_at":%q,"status":%s}`, p.id, p.created.Format(time.RFC3339), s)
		}
		list = append(list, json.RawMessage(s))
	}
	var body any = list
	if strings.HasSuffix(r.URL.Path, "/search") {
		body = map[string]any{"accounts": []int{}, "hashtags": []int{}, "statuses": list}
	}
	_ = json.NewEncoder(w).Encode(body)
}

// page gives the posts that a request means, newest first.
func (f *fake) page(q url.Values) []post {
	number := func(key string) uint64 {
		n, _ := strconv.ParseUint(q.Get(key), 10, 64)
		return n
	}
	limit := min(int(number("limit")), cmp.Or(f.most, 40))
	low, high := max(number("since_id"), number("min_id")), number("max_id")
	if f.ignores {
		low = 0
	}
	var fit []post
	for _, p := range f.posts {
		if p.id > low && (high == 0 || p.id < high) && !p.arrived.After(f.now) {
			fit = append(fit, p)
		}
	}
	if q.Has("min_id") && !f.ignores && !f.misreads {
		fit = fit[:min(len(fit), limit)]
	}
	slices.Reverse(fit)
	fit = fit[min(len(fit), int(number("offset"))):]
	return fit[:min(len(fit), limit)]
}

func written(p post) string {
	return fmt.Sprintf(`{"id":"%d","uri":"https://far.example/users/p%d/statuses/%d","url":"https://far.example/@p%d/%d","created_at":%q,
		"visibility":"public","content":"<p>#acme %d</p>","account":{"id":"1","username":"p%d","acct":"p%d@far.example","url":"https://far.example/@p%d"}}`,
		p.id, p.n, p.n, p.n, p.n, p.created.Format("2006-01-02T15:04:05.000Z"), p.n, p.n, p.n, p.n)
}

// doer leads every host to its fake.
type doer struct {
	t     *testing.T
	hosts map[string]http.Handler
	now   *time.Time
	seen  func(*http.Request)
}

func (d doer) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if d.seen != nil {
		d.seen(r)
	}
	h, ok := d.hosts[r.URL.Host]
	if !ok {
		return nil, collectors.Errorf(collectors.Transient, "no host %s", r.URL.Host)
	}
	sent := httptest.NewRequest(r.Method, r.URL.String(), http.NoBody)
	sent.Header = r.Header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, sent)
	answer := w.Result()
	return answer, Definition().Limits.Refused(answer, *d.now)
}

// made makes a collector from settings, as the product does.
func made(t *testing.T, settings string, http collectors.Doer, now *time.Time) collectors.Collector {
	t.Helper()
	d := Definition()
	c, err := d.New(collectors.Setup{
		Decode: func(into any) error { return d.Decode([]byte(settings), into) },
		HTTP:   http, Now: func() time.Time { return *now }, Meter: collectors.Free{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answerOf(body string) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}
