package api

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/internal/scan"
)

// fakeLive is an invented set of sources and scans in memory.
type fakeLive struct {
	brands *fake

	mu       sync.Mutex
	sources  map[string]scan.Source
	plan     map[string]scan.Plan
	scans    []scan.Record // by id, from 1
	wake     map[chan struct{}]bool
	started  []scan.Order
	pushes   map[string]fakePush
	received int
}

type fakePush struct {
	body   string
	answer []byte
}

const secretCanary = "hunter2-token"

func newFakeLive(f *fake) *fakeLive {
	legs := []scan.LegRecord{
		{Source: "forum", State: scan.Done, Pages: 2, Rows: 9, Saved: scan.Saved{New: 4, Repeated: 5}, Started: fakeNow, Finished: fakeNow},
		{Source: "paid", State: scan.Paused, Kind: "budget", Reason: "the budget is used up", Fix: "raise it", Until: fakeNow.Add(time.Hour), Micros: 1_500_000, EstimatedPosts: ptr(int64(900)), EstimatedMicros: ptr(int64(4_500_000))},
	}
	return &fakeLive{
		brands: f, plan: map[string]scan.Plan{}, wake: map[chan struct{}]bool{}, pushes: map[string]fakePush{},
		sources: map[string]scan.Source{"paid": {
			Name: "paid", Collector: "paid", Enabled: true, Monthly: ptr(int64(20_000_000)),
			Settings: json.RawMessage(`{"token":"` + secretCanary + `","server":"https://one.example","days":3}`),
		}},
		scans: []scan.Record{{ID: 1, Brand: "Café Ñandú", State: scan.Done, Reason: "0 of 2 sources failed, 1 wait", Started: fakeNow, Finished: fakeNow, Legs: legs}},
	}
}

func (f *fakeLive) SourceKinds() []SourceKind {
	return []SourceKind{
		{Name: "forum", Platform: "forum", Title: Words{"Foro", "Forum"}, Keyless: true, Can: []string{"keyless"}, Fields: []SourceField{}, Costs: []SourceCost{}},
		{Name: "paid", Platform: "paid", Title: Words{"De pago", "Paid"}, Can: []string{}, Fields: []SourceField{
			{Key: "token", Kind: "text", Secret: true, Required: true, Options: []string{}},
			{Key: "server", Kind: "url", Default: ptr("https://one.example"), Options: []string{}},
			{Key: "servers", Kind: "list", Options: []string{}},
			{Key: "days", Kind: "number", Options: []string{}},
		}, Costs: []SourceCost{{Unit: "post", USD: .005}}},
	}
}

func (f *fakeLive) Sources(context.Context) ([]ListedSource, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []ListedSource{}
	names := map[string]bool{"forum": true}
	for name := range f.sources {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if s, ok := f.sources[name]; ok {
			list = append(list, ListedSource{s, true})
		} else if name == "forum" {
			list = append(list, ListedSource{Source: scan.Source{Name: name, Collector: name, Enabled: true, Settings: json.RawMessage("{}")}})
		}
	}
	return list, f.brands.fail
}

func (f *fakeLive) SetSource(_ context.Context, s scan.Source) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s.Collector == "paid" && !strings.Contains(string(s.Settings), `"token"`) {
		return adalid.Errorf(adalid.Invalid, `paid: setting "token" is missing`)
	}
	f.sources[s.Name] = s
	return nil
}

func (f *fakeLive) RemoveSource(_ context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.sources[name]; !ok {
		return adalid.Errorf(adalid.NotFound, "there is no source of that name")
	}
	delete(f.sources, name)
	return nil
}

// StartScan starts a scan that somebody has to end; of the brand "Invented" one
// is under way.
func (f *fakeLive) StartScan(_ context.Context, o scan.Order) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.Brand == "Invented" {
		return 0, scan.Busy(o.Brand, 77)
	}
	f.started = append(f.started, o)
	id := int64(len(f.scans) + 1)
	f.scans = append(f.scans, scan.Record{ID: id, Brand: o.Brand, State: scan.Running, Started: fakeNow, Only: o.Only, Since: o.Since})
	return id, f.brands.fail
}

// change changes a scan and wakes those who watch.
func (f *fakeLive) change(id int64, how func(*scan.Record)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how(&f.scans[id-1])
	for w := range f.wake {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

func (f *fakeLive) watching() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.wake)
}

func (f *fakeLive) shutDown() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for w := range f.wake {
		close(w)
		delete(f.wake, w)
	}
}

func (f *fakeLive) ScanRecords(ctx context.Context, brand string, id int64, limit int) ([]scan.Record, error) {
	b, err := f.brands.Brand(ctx, brand)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []scan.Record
	for i := len(f.scans) - 1; i >= 0 && len(list) < limit; i-- {
		if r := f.scans[i]; r.Brand == b.Name && (id == 0 || r.ID == id) {
			list = append(list, r)
		}
	}
	return list, nil
}

func (f *fakeLive) WatchScan(int64) (<-chan struct{}, func(), error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.wake) >= 2 {
		return nil, nil, adalid.Errorf(adalid.RateLimited, "too many follow scans")
	}
	w := make(chan struct{}, 1)
	f.wake[w] = true
	return w, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.wake, w)
	}, nil
}

func (f *fakeLive) ProbeSource(_ context.Context, name string) (scan.Standing, error) {
	switch name {
	case "forum":
		return scan.Standing{Source: name, State: scan.Done, Reason: "answers"}, nil
	case "paid":
		return scan.Standing{Source: name, State: scan.Failed, Kind: "auth", Reason: "the key was revoked", Fix: "get a new one"}, nil
	}
	return scan.Standing{}, adalid.Errorf(adalid.NotFound, "there is no source of that name")
}

func (f *fakeLive) Standings(context.Context, string) ([]SourceStanding, error) {
	day := func(n int) time.Time { return fakeNow.AddDate(0, 0, n-10) }
	return []SourceStanding{
		{
			Source:  scan.Source{Name: "forum", Collector: "forum"},
			Health:  scan.Health{State: scan.Failed, Kind: "schema", Reason: "odd answer", Succeeded: day(4), Failing: day(5)},
			Watched: []Watched{{day(1), day(2)}, {day(3), day(4)}, {day(6), day(7)}},
		},
		{Source: scan.Source{Name: "paid", Collector: "paid"}},
	}, f.brands.fail
}

func (f *fakeLive) Spent(_ context.Context, _ string, month time.Time) ([]Spending, error) {
	if month.Month() == time.February {
		return nil, nil
	}
	return []Spending{{"paid", "post", adalid.X, 300, 1_500_000}, {"paid", "user", adalid.X, 10, 100_000}}, nil
}

func (f *fakeLive) Schedule(_ context.Context, brand string) (scan.Plan, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.plan[brand]
	return p, ok, nil
}

func (f *fakeLive) SetSchedule(_ context.Context, p scan.Plan) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan[p.Brand] = p
	return nil
}

func (f *fakeLive) RemoveSchedule(ctx context.Context, brand string) error {
	b, err := f.brands.Brand(ctx, brand)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.plan, b.Name)
	return err
}

// Receive takes every line that holds "ok".
func (f *fakeLive) Receive(_ context.Context, _ string, lines []byte, o PushOptions) (Received, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.received++
	if strings.Contains(string(lines), canary) {
		return Received{}, adalid.Wrapf(adalid.Unavailable, context.DeadlineExceeded, "the disk is full")
	}
	var out Received
	for line := range strings.Lines(string(lines)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		out.Rows++
		if strings.Contains(line, "ok") {
			out.New++
			continue
		}
		out.Rejected++
		out.Rejects = append(out.Rejects, RejectedRow{out.Rows, "text", `there is no text in "` + strings.Repeat("x", 500) + `"; say --platform x`, ""})
	}
	return out, nil
}

func (f *fakeLive) BeginPush(_ context.Context, _, key string, body []byte) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, known := f.pushes[key]
	switch {
	case !known:
		f.pushes[key] = fakePush{body: string(body)}
		return nil, nil
	case p.body != string(body):
		return nil, adalid.Errorf(adalid.Invalid, "this key was used for another body")
	case p.answer == nil:
		return nil, adalid.Errorf(adalid.Conflict, "the same request is being worked on")
	}
	return p.answer, nil
}

func (f *fakeLive) EndPush(_ context.Context, _, key string, answer []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if answer == nil {
		delete(f.pushes, key)
		return nil
	}
	f.pushes[key] = fakePush{f.pushes[key].body, answer}
	return nil
}

func (f *fakeLive) SourceFigures(context.Context) ([]SourceFigures, error) {
	return []SourceFigures{{Source: "forum", Pages: 3, Mentions: 7, Micros: 2_500_000, Errors: map[string]int64{"auth": 2}, Succeeded: fakeNow.Add(-time.Minute)}}, nil
}
