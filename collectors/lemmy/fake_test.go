package lemmy

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
)

// written is a post or comment: made somewhere, known to a server later, and
// perhaps deleted.
type written struct {
	n       int
	comment bool
	created time.Time
	arrived time.Time
	deleted time.Time
}

func (w written) id() string { return fmt.Sprintf("https://far.example/comment/%d", w.n) }

// fake is a server with Lemmy's paging and limits.
type fake struct {
	all       []written // the newest first
	now       time.Time
	pinned    bool // one old post stands on top of everything
	perWindow int  // searches in 10 minutes
	window    time.Time
	left      int
	requests  int
	refuses   bool
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.requests++
	w.Header().Set("Content-Type", "application/json")
	q := r.URL.Query()
	if !f.now.Before(f.window.Add(10 * time.Minute)) {
		f.window, f.left = f.now, f.perWindow
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	page, _ := strconv.Atoi(q.Get("page"))
	switch {
	case f.refuses:
		w.WriteHeader(http.StatusBadGateway)
		return
	case f.left == 0:
		w.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(w, `{"error":"rate_limit_error","message":"unknown"}`)
		return
	case limit < 1 || limit > 50 || page < 1 || q.Get("sort") != "New":
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"couldnt_get_posts"}`)
		return
	}
	f.left--
	list := []json.RawMessage{}
	if f.pinned && q.Get("type_") == "Posts" {
		old := written{n: 9999, created: f.now.AddDate(-2, 0, 0)}
		list = append(list, old.json(true))
	}
	for _, x := range f.all {
		if x.comment == (q.Get("type_") == "Comments") && !x.arrived.After(f.now) && (x.deleted.IsZero() || x.deleted.After(f.now)) {
			list = append(list, x.json(false))
		}
	}
	list = list[min(len(list), (page-1)*limit):]
	list = list[:min(len(list), limit)]
	out := map[string]any{"type_": q.Get("type_"), "posts": []int{}, "comments": []int{}, "communities": []int{}, "users": []int{}}
	out[strings.ToLower(q.Get("type_"))] = list
	_ = json.NewEncoder(w).Encode(out)
}

func (w written) json(pinned bool) json.RawMessage {
	at := w.created.Format("2006-01-02T15:04:05.000000Z")
	who := fmt.Sprintf(`{"name":"p%d","actor_id":"https://far.example/u/p%d","published":"2023-06-11T08:00:00Z","bot_account":false}`, w.n, w.n)
	if w.comment {
		return json.RawMessage(fmt.Sprintf(`{"comment":{"content":"acme %d","ap_id":%q,"published":%q},"creator":%s,"counts":{"upvotes":1,"child_count":0}}`, w.n, w.id(), at, who))
	}
	return json.RawMessage(fmt.Sprintf(`{"post":{"name":"acme %d","ap_id":%q,"published":%q,"featured_local":%v},"creator":%s,"counts":{"upvotes":1,"comments":0}}`, w.n, w.id(), at, pinned, who))
}

// doer sends requests to handlers by host.
type doer struct {
	t     *testing.T
	hosts map[string]http.Handler
	now   *time.Time
	seen  func(*http.Request)
}

func (d doer) Do(r *http.Request) (*http.Response, error) {
	if d.seen != nil {
		d.seen(r)
	}
	h := d.hosts[r.URL.Host]
	if h == nil {
		d.t.Errorf("a request to %s", r.URL)
		h = http.NotFoundHandler()
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	answer := rec.Result()
	answer.Body = io.NopCloser(rec.Body)
	return answer, Definition().Limits.Refused(answer, *d.now)
}

func made(t *testing.T, settings string, d doer, now *time.Time) collectors.Collector {
	t.Helper()
	def := Definition()
	c, err := def.New(collectors.Setup{
		Decode: func(into any) error { return def.Decode([]byte(settings), into) },
		HTTP:   d, Now: func() time.Time { return *now }, Meter: collectors.Free{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const written700 = 700

// month is a month of posts and comments with quiet days and storms, those that
// count and others that are deleted again. Some reach a server late and are then
// sorted in where they were written.
func month(r *rand.Rand, begin time.Time) (a, b []written) {
	for n := range written700 + 200 {
		at := begin.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour))))
		if n%3 == 0 { // an evening of every tenth day
			at = begin.Add(time.Duration(r.IntN(3)*10+9)*24*time.Hour + time.Duration(r.Int64N(int64(2*time.Hour))))
		}
		at = at.Truncate(time.Microsecond)
		w := written{n: n, comment: r.IntN(3) > 0, created: at, arrived: at}
		if r.IntN(4) == 0 {
			w.arrived = at.Add(time.Duration(r.Int64N(int64(20 * time.Hour))))
		}
		if n >= written700 {
			w.deleted = at.Add(time.Duration(r.Int64N(int64(20 * 24 * time.Hour))))
		}
		where := r.IntN(3)
		if where != 0 {
			a = append(a, w)
		}
		if where != 1 {
			b = append(b, w)
		}
	}
	newest := func(x, y written) int { return y.created.Compare(x.created) }
	slices.SortFunc(a, newest)
	slices.SortFunc(b, newest)
	return a, b
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }
