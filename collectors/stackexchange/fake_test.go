package stackexchange

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

// written is a question or an answer, found by searches a little later.
type written struct {
	n       int
	created time.Time
	found   time.Time
	deleted time.Time
}

// fake is the platform with its paging, its daily quota and its waits.
type fake struct {
	t        *testing.T
	all      []written // from old to new
	now      time.Time
	perDay   int
	rand     *rand.Rand // asks to wait now and then; nil: never
	day      string
	left     int
	requests int
	waits    map[string]time.Time // by method
}

func (f *fake) Do(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	f.ServeHTTP(rec, r)
	answer := rec.Result()
	answer.Body = io.NopCloser(rec.Body)
	return answer, Definition().Limits.Refused(answer, f.now)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.requests++
	if today := f.now.UTC().Format(time.DateOnly); today != f.day {
		f.day, f.left = today, f.perDay
	}
	method := searchPath
	if strings.HasPrefix(r.URL.Path, postsPath) {
		method = postsPath
	}
	if f.now.Before(f.waits[method]) {
		f.t.Errorf("%s is asked %v before the end of its wait", method, f.waits[method].Sub(f.now))
	}
	if f.left == 0 {
		midnight := f.now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error_id":502,"error_message":"too many requests from this IP, more requests available in %d seconds","error_name":"throttle_violation"}`, int(midnight.Sub(f.now).Seconds())+1)
		return
	}
	f.left--
	var items []json.RawMessage
	more := false
	if method == postsPath {
		items = f.posts(strings.TrimPrefix(r.URL.Path, postsPath))
	} else {
		items, more = f.search(r)
	}
	out := map[string]any{"items": items, "has_more": more, "quota_max": f.perDay, "quota_remaining": f.left}
	if f.rand != nil && f.rand.IntN(4) == 0 {
		wait := 1 + f.rand.IntN(40)
		out["backoff"] = wait
		if f.waits == nil {
			f.waits = map[string]time.Time{}
		}
		f.waits[method] = f.now.Add(time.Duration(wait) * time.Second)
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (f *fake) there(x written) bool { return x.deleted.IsZero() || x.deleted.After(f.now) }

func (f *fake) search(r *http.Request) (items []json.RawMessage, more bool) {
	q := r.URL.Query()
	from, _ := strconv.ParseInt(q.Get("fromdate"), 10, 64)
	page, _ := strconv.Atoi(q.Get("page"))
	size, _ := strconv.Atoi(q.Get("pagesize"))
	items = []json.RawMessage{}
	for _, x := range f.all {
		if x.created.Unix() >= from && !x.found.After(f.now) && f.there(x) {
			items = append(items, json.RawMessage(fmt.Sprintf(`{"item_type":"question","question_id":%d,"creation_date":%d,"title":"acme %d"}`, x.n+1, x.created.Unix(), x.n)))
		}
	}
	if q.Get("order") == "desc" {
		slices.Reverse(items)
	}
	items = items[min(len(items), (page-1)*size):]
	return items[:min(len(items), size)], len(items) > size
}

func (f *fake) posts(ids string) []json.RawMessage {
	list := []json.RawMessage{}
	for id := range strings.SplitSeq(ids, ";") {
		n, _ := strconv.Atoi(id)
		if i := slices.IndexFunc(f.all, func(x written) bool { return x.n+1 == n }); i >= 0 && f.there(f.all[i]) {
			list = append(list, json.RawMessage(fmt.Sprintf(`{"post_id":%d,"post_type":"question","score":1,"body":"<p>acme</p>","link":"https://stackoverflow.com/q/%d","owner":{"account_id":%d,"user_id":%d,"display_name":"p%d"}}`, n, n, n, n, n)))
		}
	}
	return list
}

func made(t *testing.T, settings string, d collectors.Doer, now *time.Time) collectors.Collector {
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

// month is a month of posts with quiet days and storms, those that count and
// others that are deleted again. Searches find some an hour and a half late.
func month(r *rand.Rand, begin time.Time) (list []written) {
	for n := range written700 + 200 {
		at := begin.Add(time.Duration(r.Int64N(int64(30 * 24 * time.Hour))))
		if n%3 == 0 { // an evening of every tenth day
			at = begin.Add(time.Duration(r.IntN(3)*10+9)*24*time.Hour + time.Duration(r.Int64N(int64(20*time.Minute))))
		}
		at = at.Truncate(time.Second)
		x := written{n: n, created: at, found: at}
		if r.IntN(4) == 0 {
			x.found = at.Add(time.Duration(r.Int64N(int64(90 * time.Minute))))
		}
		if n >= written700 {
			x.deleted = at.Add(time.Duration(r.Int64N(int64(20 * 24 * time.Hour))))
		}
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b written) int { return a.created.Compare(b.created) })
	return list
}
