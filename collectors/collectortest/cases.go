package collectortest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
)

// testCase is testdata/NAME/case.json: what a source answered, invented in the
// shape of its real answers, and what was asked of the collector.
type testCase struct {
	About    string         `json:"about"`    // one sentence
	Call     string         `json:"call"`     // collect (the default), check, start_job, end_job, hydrate, probe, estimate
	IDs      []string       `json:"ids"`      // of check, start_job and hydrate
	Now      time.Time      `json:"now"`      // zero: Now
	Settings map[string]any `json:"settings"` // in place of those of sample.yaml
	Brand    string         `json:"brand"`    // "" Acme
	Own      []adalid.OwnAccount
	Terms    []collectors.Term `json:"terms"` // none: the word acme
	Since    time.Time         `json:"since"`
	Cursor   json.RawMessage   `json:"cursor"` // none: the beginning; of end_job the job
	Pages    int               `json:"pages"`  // at most; 0: 20
	Budget   map[string]int64  `json:"budget"` // units by name; none: no limit
	Exchange []exchange        `json:"exchange"`
}

// exchange is one request that is expected and its answer.
type exchange struct {
	Method  string            `json:"method"` // "" GET
	URI     string            `json:"uri"`    // the whole address, its parameters in alphabetical order
	Sent    string            `json:"sent"`   // the request's body; "" is not compared
	Status  int               `json:"status"` // 0: 200
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"` // of a JSON answer
	Text    string            `json:"text"` // of any other
}

// outcome is want.golden.json.
type outcome struct {
	Pages    []collectors.Page `json:"pages,omitempty"`
	Gone     []string          `json:"gone,omitempty"`
	Job      collectors.Cursor `json:"job,omitempty"`
	Done     *bool             `json:"done,omitempty"`
	Authors  []adalid.Author   `json:"authors,omitempty"`
	Estimate int64             `json:"estimate,omitempty"`
	Spent    map[string]int64  `json:"spent,omitempty"`
	Error    *failure          `json:"error,omitempty"`
}

type failure struct {
	Kind    collectors.Kind `json:"kind"`
	Until   time.Time       `json:"until"`
	Message string          `json:"message"`
	Fix     string          `json:"fix"`
}

// cases replays every folder of testdata and compares with its golden file.
func cases(t *testing.T, d collectors.Definition) {
	folders, err := filepath.Glob("testdata/*/case.json")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no testdata/*/case.json: %v", err)
	}
	for _, path := range folders {
		folder := filepath.Dir(path)
		t.Run(filepath.Base(folder), func(t *testing.T) { replay(t, d, folder) })
	}
}

func replay(t *testing.T, d collectors.Definition, folder string) {
	c := readCase(t, folder)
	p := &player{t: t, limits: d.Limits, now: c.Now, exchange: c.Exchange}
	got, m := c.run(t, d, p)
	if p.next < len(p.exchange) {
		t.Errorf("%d of %d requests were never sent, the next is %s", len(p.exchange)-p.next, len(p.exchange), p.exchange[p.next].URI)
	}
	got.Spent = maps.Clone(m.spent)
	if c.Budget == nil {
		m.spent = map[string]int64{}
		c.again(t, p, got.Pages)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(got); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(folder, "want.golden.json")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("got\n%s\nwant\n%s", out.Bytes(), want)
	}
}

func readCase(t *testing.T, folder string) testCase {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := testCase{Call: "collect", Brand: "Acme", Now: Now, Pages: 20}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	if c.About == "" {
		t.Errorf("%s: say in \"about\" what the case shows", folder)
	}
	if c.Settings == nil {
		c.Settings = SampleIn(t, filepath.Join(folder, "..", ".."))
	}
	if c.Terms == nil {
		c.Terms = []collectors.Term{{Kind: collectors.Word, Text: "acme"}}
	}
	return c
}

func (c testCase) query() collectors.Query {
	return collectors.Query{Brand: adalid.Brand{Name: c.Brand, Own: c.Own}, Terms: c.Terms, Since: c.Since}
}

// again shows that replaying any cursor gives the same page: what was read twice
// is stored once, and nothing is skipped after a crash.
func (c testCase) again(t *testing.T, p *player, pages []collectors.Page) {
	t.Helper()
	from := collectors.Cursor(c.Cursor)
	for i, want := range pages {
		end := len(p.exchange)
		if i+1 < len(p.begins) {
			end = p.begins[i+1]
		}
		c := p.reader
		answers := &memory{player: p, exchange: p.exchange[p.begins[i]:end]}
		p.instead = answers
		got, err := c.Collect(t.Context(), p.query, from)
		p.instead = nil
		var refused *collectors.Error
		if errors.As(err, &refused) && refused.Kind == collectors.RateLimited && refused.Status == 0 {
			return // it was asked to wait, and remembers
		}
		if err != nil {
			t.Errorf("page %d, read again from its cursor, ends with %v", i+1, err)
			return
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		if !bytes.Equal(a, b) {
			t.Errorf("page %d, read again from its cursor, is\n%s\nnot\n%s", i+1, b, a)
		}
		from = want.Next
	}
}

// memory answers the requests of one page again, whichever of them come.
type memory struct {
	*player
	exchange []exchange
	used     map[int]bool
}

func (m *memory) Do(r *http.Request, line string) (*http.Response, error) {
	if m.used == nil {
		m.used = map[int]bool{}
	}
	found := -1
	for i, e := range m.exchange {
		if cmp.Or(e.Method, "GET")+" "+e.URI == line && (found < 0 || !m.used[i] && m.used[found]) {
			found = i
		}
	}
	if found < 0 {
		m.t.Errorf("reading a page again asks for something else: %s", line)
		return nil, collectors.Errorf(collectors.Transient, "no answer is recorded for %s", line)
	}
	m.used[found] = true
	answer := m.exchange[found].answer(r)
	return answer, m.limits.Refused(answer, m.now)
}

// reading tells the player where each page begins.
type reading struct {
	collectors.Collector
	player *player
}

func (r reading) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	r.player.begins = append(r.player.begins, r.player.next)
	r.player.reader, r.player.query = r.Collector, q
	return r.Collector.Collect(ctx, q, from)
}

// run makes the call.
func (c testCase) run(t *testing.T, d collectors.Definition, http collectors.Doer) (outcome, *meter) {
	t.Helper()
	s := Setup(d, c.Settings, http)
	m := &meter{budget: c.Budget, spent: map[string]int64{}, read: map[string]bool{}}
	s.Now, s.Meter = func() time.Time { return c.Now }, m
	collector, err := d.New(s)
	if err != nil {
		t.Fatal(err)
	}
	var out outcome
	switch c.Call {
	case "check":
		out.Gone, err = collector.(collectors.Checker).Check(t.Context(), c.IDs)
	case "start_job":
		out.Job, err = collector.(collectors.JobChecker).StartJob(t.Context(), c.IDs)
	case "end_job":
		done := false
		out.Gone, done, err = collector.(collectors.JobChecker).EndJob(t.Context(), collectors.Cursor(c.Cursor))
		out.Done = &done
	case "hydrate":
		out.Authors, err = collector.(collectors.Hydrator).Hydrate(t.Context(), c.IDs)
	case "probe":
		err = collector.(collectors.Prober).Probe(t.Context())
	case "estimate":
		out.Estimate, err = collector.(collectors.Estimator).Estimate(t.Context(), c.query(), collectors.Cursor(c.Cursor))
	default:
		if p, ok := http.(*player); ok {
			collector = reading{collector, p}
		}
		out.Pages, err = Collect(t.Context(), collector, c.query(), collectors.Cursor(c.Cursor), c.Pages)
	}
	out.Error = failureOf(t, err)
	return out, m
}

func failureOf(t *testing.T, err error) *failure {
	t.Helper()
	if err == nil {
		return nil
	}
	var e *collectors.Error
	if !errors.As(err, &e) {
		t.Fatalf("a source's failure is a *collectors.Error: %v", err)
	}
	return &failure{e.Kind, e.Until, e.Message, e.Fix}
}

// Collect reads pages until there are no more, an error, or so many pages.
func Collect(ctx context.Context, c collectors.Collector, q collectors.Query, from collectors.Cursor, most int) (pages []collectors.Page, err error) {
	for more := true; more && len(pages) < most; {
		page, err := c.Collect(ctx, q, from)
		if err != nil {
			return pages, err
		}
		if !json.Valid(page.Next) {
			return pages, fmt.Errorf("page %d: the cursor %q is no JSON", len(pages)+1, page.Next)
		}
		pages = append(pages, page)
		from, more = page.Next, page.More
	}
	return pages, nil
}

// player answers requests in the order of a case.
type player struct {
	t        *testing.T
	limits   collectors.Limits
	now      time.Time
	exchange []exchange
	next     int

	begins  []int // the exchange with which each page begins
	reader  collectors.Collector
	query   collectors.Query
	instead *memory // answers while pages are read again
}

func (p *player) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	sent := ""
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		sent = string(body)
	}
	u := *r.URL
	u.RawQuery = u.Query().Encode()
	line := cmp.Or(r.Method, "GET") + " " + u.String()
	if p.instead != nil {
		return p.instead.Do(r, line)
	}
	if p.next == len(p.exchange) {
		p.t.Errorf("request %d was not expected: %s %s", p.next+1, line, sent)
		return nil, collectors.Errorf(collectors.Transient, "no answer is recorded for %s", line)
	}
	e := p.exchange[p.next]
	p.next++
	if want := cmp.Or(e.Method, "GET") + " " + e.URI; line != want {
		p.t.Errorf("request %d is %s\nwant %s", p.next, line, want)
	}
	if e.Sent != "" && e.Sent != sent {
		p.t.Errorf("request %d sends %s\nwant %s", p.next, sent, e.Sent)
	}
	answer := e.answer(r)
	return answer, p.limits.Refused(answer, p.now)
}

func (e exchange) answer(r *http.Request) *http.Response {
	body := e.Text
	h := http.Header{}
	h.Set("Content-Type", "text/plain")
	if e.Body != nil {
		body = string(e.Body)
		h.Set("Content-Type", "application/json")
	}
	for k, v := range e.Headers {
		h.Set(k, v)
	}
	return &http.Response{
		StatusCode: cmp.Or(e.Status, http.StatusOK), Header: h, Request: r,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// meter is a collectors.Meter over a case's budget.
type meter struct {
	budget, spent map[string]int64
	read          map[string]bool
}

type reservation struct {
	m       *meter
	unit    string
	granted int64
}

func (m *meter) Reserve(_ context.Context, unit string, least, most int64) (collectors.Reservation, error) {
	granted := most
	if m.budget != nil {
		granted = min(most, m.budget[unit]-m.spent[unit])
	}
	if granted < least {
		e := collectors.Errorf(collectors.Budget, "the budget of this case is used up")
		e.Until = Now.Add(24 * time.Hour)
		return nil, e
	}
	m.spent[unit] += granted
	return &reservation{m, unit, granted}, nil
}

func (r *reservation) Granted() int64 { return r.granted }

func (r *reservation) Settle(_ context.Context, n int64, ids []string) error {
	for _, id := range ids {
		if key := r.unit + " " + id; !r.m.read[key] {
			r.m.read[key] = true
			n++
		}
	}
	r.m.spent[r.unit] += n - r.granted
	return nil
}
