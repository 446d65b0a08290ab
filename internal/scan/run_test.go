package scan_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
	"adalid/internal/sentiment"
)

func TestEveryRowCountsWithMatchAll(t *testing.T) {
	l := &ledger{brands: []adalid.Brand{{Name: "Acme", Query: "acme"}}}
	r := run(t, scan.Job{
		Brand: " ACME ", Matching: scan.MatchAll, Store: l,
		Collector: &shelf{pages: []collectors.Page{page(post("1", "acme"), post("2", "nothing about it")), page(post("2", "nothing about it"))}},
	})
	if got := l.stored(); got != "Acme 1, Acme 2, Acme 2" {
		t.Errorf("stored %s", got)
	}
	want := scan.Report{Pages: 2, Rows: 3, Saved: scan.Saved{New: 2, Repeated: 1}, Complete: true, Read: 20, Size: 20}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("report %+v, want %+v", r, want)
	}
}

func TestQueryKeepsWhatItMatches(t *testing.T) {
	l := &ledger{brands: []adalid.Brand{{Name: "Acme", Query: "acme -pacman"}, {Name: "Other", Query: "nothing"}}}
	r := run(t, scan.Job{
		Brand: "Acme", Matching: scan.MatchQuery, Store: l,
		Collector: &shelf{pages: []collectors.Page{page(post("1", "I love ACME"), post("2", "acme pacman"), post("3", "nothing"))}},
	})
	if got := l.stored(); got != "Acme 1" {
		t.Errorf("stored %s, want Acme 1", got)
	}
	if r.Rows != 3 || r.Unmatched != 2 || r.Saved.New != 1 {
		t.Errorf("report %+v", r)
	}
}

// TestOwnAccountsAreLearntAhead: an answer to the brand's own account belongs
// to the brand although the row that tells whose account it is comes later.
func TestOwnAccountsAreLearntAhead(t *testing.T) {
	answer := post("1", "thanks, works again")
	answer.ReplyTo = "acmehelp"
	own := post("2", "we are acme")
	own.Author.Handle, own.OwnAccount = "AcmeHelp", true
	pages := []collectors.Page{page(answer), page(own)}
	for _, ahead := range []bool{false, true} {
		l := &ledger{brands: []adalid.Brand{{Name: "Acme", Query: "acme"}}}
		job := scan.Job{Brand: "acme", Matching: scan.MatchQuery, Store: l, Collector: &shelf{pages: pages}}
		want := "Acme 2"
		if ahead {
			job.Ahead, want = &shelf{pages: pages}, "Acme 1, Acme 2"
		}
		run(t, job)
		if got := l.stored(); got != want {
			t.Errorf("with a look ahead %t: stored %s, want %s", ahead, got, want)
		}
	}

	reader := &shelf{pages: pages}
	run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: &ledger{}, Collector: &shelf{pages: pages}, Ahead: reader})
	if len(reader.asked) != 0 {
		t.Error("a source is read twice although every row counts")
	}
}

func TestBrandsAreCreatedOnce(t *testing.T) {
	l := &ledger{brands: []adalid.Brand{{Name: "Known"}}}
	r := run(t, scan.Job{
		Matching: scan.MatchAll, Store: l,
		Collector: &shelf{pages: []collectors.Page{
			page(named("New One", post("1", "")), named("known", post("2", ""))),
			page(named("NEW ONE ", post("3", "")), named("Third", post("4", ""))),
		}},
	})
	if got := strings.Join(l.log, ", "); got != "create New One, save 1, create Third, save 2" {
		t.Errorf("did %s", got)
	}
	if got := l.stored(); got != "New One 1, Known 2, New One 3, Third 4" {
		t.Errorf("stored %s", got)
	}
	if !slices.Equal(r.Created, []string{"New One", "Third"}) {
		t.Errorf("reports %q as created", r.Created)
	}
}

// TestBrandOfAnotherProcess: a brand that another process creates at the same
// moment is used and not reported as new.
func TestBrandOfAnotherProcess(t *testing.T) {
	l := &ledger{create: adalid.Errorf(adalid.Conflict, "taken")}
	r := run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: []collectors.Page{page(post("1", ""))}}})
	if len(r.Created) != 0 || l.stored() != "Acme 1" {
		t.Errorf("created %q, stored %s", r.Created, l.stored())
	}
	l = &ledger{create: errors.New("disk gone")}
	_, err := scan.Run(t.Context(), scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: threePages()}})
	if !errors.Is(err, l.create) || !strings.HasPrefix(err.Error(), "scan: create brand: ") {
		t.Errorf("got %v", err)
	}
}

// TestBrandOfAnUnreadableSource: a source whose first page cannot be read
// leaves nothing behind, one without a row that counts leaves its brand.
func TestBrandOfAnUnreadableSource(t *testing.T) {
	l := &ledger{}
	job := scan.Job{Brand: "Acme", Source: "s", Finite: true, Matching: scan.MatchAll, Store: l, Collector: &shelf{fail: map[int]error{0: errors.New("torn")}}}
	if _, err := scan.Run(t.Context(), job); err == nil || l.log != nil {
		t.Errorf("got %v, did %s", err, l.log)
	}
	job.Collector = &shelf{pages: []collectors.Page{{}}}
	if r := run(t, job); strings.Join(l.log, ", ") != "create Acme, save 1" || !slices.Equal(r.Created, []string{"Acme"}) {
		t.Errorf("did %s, report %+v", l.log, r)
	}
}

// TestBrandOfRejectedRows: a brand is not created for rows that are all
// rejected; one good row on a later page is enough.
func TestBrandOfRejectedRows(t *testing.T) {
	bad := func() collectors.Page {
		return collectors.Page{Rows: 1, Rejects: []collectors.Reject{{Row: 1, Reason: "no text"}}}
	}
	l := &ledger{}
	job := scan.Job{Brand: "Acme", Source: "s", Finite: true, Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: []collectors.Page{bad(), bad(), {}}}}
	if r := run(t, job); l.log != nil || r.Rejected != 2 || len(r.Created) != 0 {
		t.Errorf("did %s, report %+v", l.log, r)
	}
	job.Collector = &shelf{pages: []collectors.Page{bad(), page(post("1", "")), bad()}}
	if r := run(t, job); strings.Join(l.log, ", ") != "create Acme, save 1, save 2" || r.Rejected != 2 || r.Saved.New != 1 {
		t.Errorf("did %s, report %+v", l.log, r)
	}
}

// TestQueryNeedsAQuery: without a query nothing can be told apart, so the run
// is refused before anything is stored, and the message says what to do.
func TestQueryNeedsAQuery(t *testing.T) {
	cases := []struct {
		name, brand, row string
	}{
		{"unknown brand", "Acme", ""},
		{"brand without a query", "Bare", ""},
		{"row of an unknown brand", "", "Acme"},
		{"row of a brand without a query", "", "Bare"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := &ledger{brands: []adalid.Brand{{Name: "Bare"}, {Name: "Full", Query: "full"}}}
			_, err := scan.Run(t.Context(), scan.Job{
				Brand: c.brand, Matching: scan.MatchQuery, Store: l,
				Collector: &shelf{pages: []collectors.Page{page(named(c.row, post("1", "acme bare")))}},
			})
			if adalid.CodeOf(err) != adalid.Invalid || !strings.Contains(fmt.Sprint(err), "has no query yet") || !strings.Contains(fmt.Sprint(err), "adalid brand add") {
				t.Errorf("got %v", err)
			}
			if l.log != nil {
				t.Errorf("did %s", l.log)
			}
		})
	}
}

func TestBrokenQueryOfABrand(t *testing.T) {
	l := &ledger{brands: []adalid.Brand{{Name: "Acme", Query: "(acme"}}}
	_, err := scan.Run(t.Context(), scan.Job{Brand: "Acme", Matching: scan.MatchQuery, Store: l, Collector: &shelf{}})
	if err == nil || !strings.HasPrefix(err.Error(), "scan: compile brand queries: ") {
		t.Errorf("got %v", err)
	}
}

// TestRowsWithoutBrandAreRejected, and told before their page is saved: a
// crash in between repeats them, the other order would lose them.
func TestRowsWithoutBrandAreRejected(t *testing.T) {
	l := &ledger{}
	first := page(named("Acme", post("1", "")), post("2", ""), named("  ", post("3", "")), named("a\nb", post("5", "")), named("A\nB", post("6", "")))
	first.Rejects = []collectors.Reject{{Row: 9, Reason: "no text"}}
	r := run(t, scan.Job{
		Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: []collectors.Page{first, page(named("Acme", post("4", "")))}},
		OnReject: func(x collectors.Reject) error {
			l.log = append(l.log, x.Field+"/"+x.Reason)
			return nil
		},
	})
	want := "create Acme, /no text, brand/post 2 names no brand, brand/post 3 names no brand, " +
		"brand/post 5: a brand's name cannot hold line breaks, control characters or others that are not visible, " +
		"brand/post 6: a brand's name cannot hold line breaks, control characters or others that are not visible, save 1, save 2"
	if got := strings.Join(l.log, ", "); got != want {
		t.Errorf("did %s\nwant %s", got, want)
	}
	if r.Rows != 7 || r.Rejected != 5 || r.Saved.New != 2 {
		t.Errorf("report %+v", r)
	}
}

func TestRejectsThatCannotBeToldStopTheRun(t *testing.T) {
	l, full := &ledger{}, errors.New("no space")
	bad := page(post("2", ""))
	bad.Rejects = []collectors.Reject{{Row: 1}}
	_, err := scan.Run(t.Context(), scan.Job{
		Brand: "Acme", Matching: scan.MatchAll, Store: l, Collector: &shelf{pages: []collectors.Page{page(post("1", "")), bad}},
		OnReject: func(collectors.Reject) error { return full },
	})
	if !errors.Is(err, full) || l.stored() != "Acme 1" {
		t.Errorf("got %v, stored %s", err, l.stored())
	}
}

func TestNoticesAreSummed(t *testing.T) {
	with := func(notices ...collectors.Notice) collectors.Page { return collectors.Page{Notices: notices} }
	r := run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: &ledger{}, Collector: &shelf{pages: []collectors.Page{
		with(collectors.Notice{Code: collectors.RoundedIDs, Count: 2, Examples: []string{"a", "b"}}),
		with(
			collectors.Notice{Code: collectors.RepostCounters, Count: 3, Naive: 100, Counted: 7},
			collectors.Notice{Code: collectors.RoundedIDs, Count: 5, Examples: []string{"c", "d", "e"}},
		),
		with(
			collectors.Notice{Code: collectors.RepostCounters, Count: 4, Naive: 50, Counted: 1},
			collectors.Notice{Code: collectors.RoundedIDs, Count: 1, Examples: []string{"f"}},
		),
	}}})
	want := []collectors.Notice{
		{Code: collectors.RepostCounters, Count: 7, Naive: 150, Counted: 8},
		{Code: collectors.RoundedIDs, Count: 8, Examples: []string{"a", "b", "c"}},
	}
	if !reflect.DeepEqual(r.Notices, want) {
		t.Errorf("notices %+v\nwant %+v", r.Notices, want)
	}
}

func threePages() []collectors.Page {
	return []collectors.Page{page(post("1", "")), page(post("2", "")), page(post("3", ""))}
}

// TestCancelStopsBetweenPages: what was read before is stored with its cursor,
// and the next run goes on there.
func TestCancelStopsBetweenPages(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l := &ledger{}
	l.beforeSave = func(n int) error {
		if n == 1 {
			cancel()
		}
		return nil
	}
	job := scan.Job{Brand: "Acme", Matching: scan.MatchAll, Source: "s", Finite: true, Store: l, Collector: &shelf{pages: threePages()}}
	r, err := scan.Run(ctx, job)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it cancelled", err)
	}
	if l.stored() != "Acme 1" || l.cursors["Acme|s"+plain] != "1" || r.Saved.New != 1 || r.Complete {
		t.Errorf("stored %s, cursors %v, report %+v", l.stored(), l.cursors, r)
	}

	l.beforeSave = nil
	again := &shelf{pages: threePages()}
	job.Collector = again
	r = run(t, job)
	if !r.Resumed || !r.Complete || r.Rows != 2 || again.asked[0] != "1" {
		t.Errorf("report %+v, asked %q", r, again.asked)
	}
	if l.stored() != "Acme 1, Acme 2, Acme 3" {
		t.Errorf("stored %s", l.stored())
	}
}

// TestCancelAfterTheEnd: everything is stored, so the run did its work.
func TestCancelAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, err := scan.Run(ctx, scan.Job{
		Brand: "Acme", Matching: scan.MatchAll, Store: &ledger{}, Collector: &shelf{pages: threePages()},
		OnProgress: func(r scan.Report) {
			if r.Complete {
				cancel()
			}
		},
	})
	if err != nil || !r.Complete || r.Rows != 3 {
		t.Errorf("got %v, report %+v", err, r)
	}
}

// TestCollectorFails: the pages before the failure are stored, the error keeps
// its cause and code.
func TestCollectorFails(t *testing.T) {
	l, cause := &ledger{}, adalid.Errorf(adalid.Invalid, "damaged")
	_, err := scan.Run(t.Context(), scan.Job{
		Brand: "Acme", Matching: scan.MatchAll, Source: "s", Finite: true, Store: l,
		Collector: &shelf{pages: threePages(), fail: map[int]error{2: cause}},
	})
	if !errors.Is(err, cause) || adalid.CodeOf(err) != adalid.Invalid || !strings.HasPrefix(err.Error(), "scan: collect: ") {
		t.Errorf("got %v", err)
	}
	if l.stored() != "Acme 1, Acme 2" || l.cursors["Acme|s"+plain] != "2" {
		t.Errorf("stored %s, cursors %v", l.stored(), l.cursors)
	}

	_, err = scan.Run(t.Context(), scan.Job{
		Brand: "Acme", Matching: scan.MatchQuery, Store: &ledger{brands: []adalid.Brand{{Name: "Acme", Query: "acme"}}},
		Collector: &shelf{pages: threePages()}, Ahead: &shelf{pages: threePages(), fail: map[int]error{1: cause}},
	})
	if !errors.Is(err, cause) || !strings.Contains(err.Error(), "look ahead") {
		t.Errorf("got %v", err)
	}
}

// slow is a collector that needs a while after it was told to stop.
type slow struct {
	shelf
	reading chan struct{}
	ended   bool // without a lock: Run has to end after the last call
}

func (s *slow) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	if from == nil {
		return s.shelf.Collect(ctx, q, from)
	}
	close(s.reading)
	<-ctx.Done()
	for range 1000 {
		runtime.Gosched()
	}
	s.ended = true
	return collectors.Page{}, ctx.Err()
}

// TestStoreFails: Run ends only when nobody reads from the collector any more,
// so that its caller may close it.
func TestStoreFails(t *testing.T) {
	c := &slow{shelf: shelf{pages: threePages()}, reading: make(chan struct{})}
	full := errors.New("disk full")
	l := &ledger{beforeSave: func(int) error {
		<-c.reading
		return full
	}}
	_, err := scan.Run(t.Context(), scan.Job{Brand: "Acme", Matching: scan.MatchAll, Store: l, Collector: c})
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if !c.ended {
		t.Error("Run ended while the collector was still at work")
	}
}

// plain is what a finite source's key says of a run without query and
// sentiment.
const plain = " match=all sentiment=none"

func TestCursors(t *testing.T) {
	cases := []struct {
		name    string
		source  string
		finite  bool
		stored  string // "" none
		asked   string // first cursor the collector sees
		resumed bool
		after   string // the cursor stored in the end
	}{
		{name: "first run of a file", source: "s", finite: true, after: "null"},
		{name: "file cut short", source: "s", finite: true, stored: "1", asked: "1", resumed: true, after: "null"},
		{name: "file read to its end", source: "s", finite: true, stored: "null", after: "null"},
		{name: "first run of a live source", source: "s", after: "3"},
		{name: "live source goes on", source: "s", stored: "2", asked: "2", resumed: true, after: "3"},
		{name: "no source never resumes", stored: "1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := &ledger{brands: []adalid.Brand{{Name: "Acme"}}, cursors: map[string]string{}}
			key := c.source
			if c.finite {
				key += plain
			}
			if c.stored != "" {
				l.cursors["Acme|"+key] = c.stored
			}
			shelf := &shelf{pages: threePages()}
			r := run(t, scan.Job{Brand: "Acme", Matching: scan.MatchAll, Source: c.source, Finite: c.finite, Store: l, Collector: shelf})
			if shelf.asked[0] != c.asked || r.Resumed != c.resumed || !r.Complete {
				t.Errorf("asked %q, report %+v", shelf.asked, r)
			}
			last := l.pages[len(l.pages)-1]
			if string(last.Cursor) != c.after || last.Brand != "Acme" || last.Source != key {
				t.Errorf("last page: cursor %q of %q %q, want %q", last.Cursor, last.Brand, last.Source, c.after)
			}
			for i, p := range l.pages { // only what can be read again need not be on disk yet
				if want := c.finite && i < len(l.pages)-1; p.Replayed != want {
					t.Errorf("page %d of %d is replayed: %t, want %t", i+1, len(l.pages), p.Replayed, want)
				}
			}
		})
	}
}

// TestOtherSettingsStartAnew: a file that was cut short goes on only with the
// matching, the query and the sentiment it was begun with; else the rows before
// the cut would be missing or unscored.
func TestOtherSettingsStartAnew(t *testing.T) {
	brand := func(query string) *ledger {
		return &ledger{brands: []adalid.Brand{{Name: "Acme", Query: query}}, cursors: map[string]string{}}
	}
	cut := func(l *ledger, matching scan.Matching, sentiment scan.Scorer) bool {
		r := run(t, scan.Job{
			Brand: "Acme", Matching: matching, Source: "s", Finite: true, Store: l, Sentiment: sentiment,
			Collector: &shelf{pages: threePages()},
		})
		return r.Resumed
	}
	begun := brand("acme")
	stopped := &shelf{pages: threePages(), fail: map[int]error{2: errors.New("cut")}}
	job := scan.Job{Brand: "Acme", Matching: scan.MatchQuery, Source: "s", Finite: true, Store: begun, Collector: stopped}
	if _, err := scan.Run(t.Context(), job); err == nil {
		t.Fatal("the run was not cut short")
	}
	with := func(query string) *ledger {
		l := brand(query)
		l.cursors = maps.Clone(begun.cursors)
		return l
	}
	if !cut(with("acme"), scan.MatchQuery, nil) {
		t.Error("the same settings start anew")
	}
	if cut(with("acme"), scan.MatchAll, nil) || cut(with("acme OR other"), scan.MatchQuery, nil) || cut(with("acme"), scan.MatchQuery, happy{}) {
		t.Error("other settings go on where the first ones were cut")
	}
}

// happy finds every text positive.
type happy struct{}

func (happy) Version() string { return "happy" }

func (happy) Score(string, string, *sentiment.Terms) *adalid.Sentiment {
	return &adalid.Sentiment{Positive: 1}
}

func TestProgressOnlyGrows(t *testing.T) {
	var seen []scan.Report
	bad := page(post("2", ""))
	bad.Rejects = []collectors.Reject{{Row: 1}}
	bad.Notices = []collectors.Notice{{Code: collectors.DamagedIDs, Count: 1, Examples: []string{"x"}}}
	r := run(t, scan.Job{
		Brand: "Acme", Matching: scan.MatchAll, Store: &ledger{}, Collector: &shelf{pages: []collectors.Page{page(post("1", "")), bad, page(post("2", ""))}},
		OnProgress: func(r scan.Report) { seen = append(seen, r) },
	})
	if len(seen) != 3 || !reflect.DeepEqual(seen[2], r) {
		t.Fatalf("%d reports, the last is %+v, the result %+v", len(seen), seen[len(seen)-1], r)
	}
	for i, p := range seen {
		if p.Rows != p.Saved.New+p.Saved.Changed+p.Saved.Repeated+p.Rejected+p.Unmatched {
			t.Errorf("report %d does not add up: %+v", i, p)
		}
		if p.Complete != (i == 2) {
			t.Errorf("report %d says complete %t", i, p.Complete)
		}
		if i == 0 {
			continue
		}
		if q := seen[i-1]; p.Rows <= q.Rows || p.Read <= q.Read || p.Rejected < q.Rejected || p.Saved.New < q.Saved.New || len(p.Notices) < len(q.Notices) {
			t.Errorf("report %d is behind the one before: %+v, %+v", i, q, p)
		}
	}
	seen[1].Notices[0].Examples[0] = "changed by whoever got it"
	if r.Notices[0].Examples[0] != "x" {
		t.Error("reports share their notices")
	}
}
