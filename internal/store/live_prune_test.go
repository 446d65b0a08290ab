package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// TestOldScansAreForgotten scans weekly for seventy weeks: one source works, one
// costs money, one worked only once, one never did. Records of more than a year
// are forgotten and nothing else, and so are those beyond the most that a brand
// may have.
func TestOldScansAreForgotten(t *testing.T) {
	clock := &steppedClock{t: time.Date(2025, 6, 2, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	must(t, s.CreateBrand(t.Context(), adalid.Brand{Name: "other"}))
	good, bad, once := newPlatform("good", clock, 300, 480*24*time.Hour), newPlatform("bad", clock, 1, time.Hour), newPlatform("once", clock, 5, time.Hour)
	paid := paidPlatform{platform: newPlatform("paid", clock, 100, 480*24*time.Hour)}
	setPaid(t, s, "paid", 30*10_000_000)
	refuse := func(n int) error {
		return &collectors.Error{Kind: collectors.Auth, Message: fmt.Sprint("refused ", n), Fix: "a new key"}
	}
	bad.fail = refuse
	once.fail = func(n int) error {
		if n > 1 {
			return refuse(n)
		}
		return nil
	}
	live := liveScanner(s, clock, good.definition("good"), bad.definition("bad"), once.definition("once"), paid.definition("paid"))
	_, err := live.Scan(t.Context(), scan.Order{Brand: "other", Only: []string{"good"}})
	must(t, err)
	id, err := s.StartScan(t.Context(), ScanRecord{Brand: "acme", Kind: ImportScan, Source: "file:x"})
	must(t, err)
	must(t, s.FinishScan(t.Context(), id, ScanRecord{State: Done}))
	const weeks = 70
	for range weeks {
		clock.step(7 * 24 * time.Hour)
		_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
	}
	facts := func() string {
		t.Helper()
		standings, err := s.Standings(t.Context(), "acme")
		must(t, err)
		state, err := s.State(t.Context(), "acme")
		must(t, err)
		observed, err := s.Observed(t.Context(), "acme", "")
		must(t, err)
		spent, err := s.Spent(t.Context(), "acme", clock.now())
		must(t, err)
		perDay, known, err := s.Habit(t.Context(), "acme", "good", clock.now())
		must(t, err)
		people := (&week{clock: clock, s: s}).ranking(t)
		return fmt.Sprintf("%+v\n%+v\n%+v\n%+v\n%v %v\n%q %d", standings, state, observed, spent, perDay, known, people, count(t, s, "spend"))
	}
	before := facts()
	if !strings.Contains(before, "refused 70") {
		t.Fatal(before)
	}
	check := func(what string, wholes, legs int) {
		t.Helper()
		if n := count(t, s, "scan WHERE brand = 1 AND source = '' AND kind = 'scan'"); n != wholes {
			t.Errorf("%s: %d scans are left, want %d", what, n, wholes)
		}
		if n := count(t, s, "scan WHERE brand = 1 AND whole IS NOT NULL"); n != legs {
			t.Errorf("%s: %d readings of sources are left, want %d", what, n, legs)
		}
		if n := count(t, s, "scan WHERE brand = 2 OR kind = 'import'"); n != 3 {
			t.Errorf("%s: %d records of imports and of another brand are left, want 3", what, n)
		}
		if after := facts(); after != before {
			t.Errorf("%s: something else has changed:\n%s\nwas\n%s", what, after, before)
		}
		wantSound(t, s)
	}
	for range 2 {
		must(t, s.PruneScans(t.Context(), "acme"))
		check("a year", 53, 53*4+1) // and the one time that a source worked
	}
	must(t, s.pruneScans(t.Context(), "acme", 10))
	check("the latest ten", 10, 10*4+1)
	clock.step(3 * 366 * 24 * time.Hour)
	must(t, s.pruneScans(t.Context(), "acme", 10)) // nobody has scanned it for years
	if n := count(t, s, "scan WHERE brand = 1 AND source = ''"); n != 10 {
		t.Errorf("%d scans of a brand that nobody scans any more", n)
	}
}
