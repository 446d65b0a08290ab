package scan_test

import (
	"testing"
	"time"

	"adalid"
	"adalid/internal/scan"
)

func schedule(t *testing.T, spec, zone string) scan.Schedule {
	t.Helper()
	s, err := scan.NewSchedule(spec, zone)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestScheduleChangesOfClocks counts the runs around the days on which clocks
// change: each wall time exactly once.
func TestScheduleChangesOfClocks(t *testing.T) {
	for _, c := range []struct{ spec, zone, from, to, want string }{
		{"30 2 * * *", "Europe/Madrid", "2027-03-27T00:00:00Z", "2027-03-29T12:00:00Z", "2027-03-27T01:30:00Z 2027-03-28T01:30:00Z 2027-03-29T00:30:00Z"},
		{"30 2 * * *", "Europe/Madrid", "2027-10-30T00:00:00Z", "2027-11-01T12:00:00Z", "2027-10-30T00:30:00Z 2027-10-31T00:30:00Z 2027-11-01T01:30:00Z"},
		{"45 1 * * *", "Australia/Lord_Howe", "2027-04-03T00:00:00Z", "2027-04-05T00:00:00Z", "2027-04-03T14:45:00Z 2027-04-04T15:15:00Z"},
		{"15 2 * * *", "Australia/Lord_Howe", "2027-10-02T00:00:00Z", "2027-10-04T00:00:00Z", "2027-10-02T15:45:00Z 2027-10-03T15:15:00Z"},
		{"0 0 * * *", "America/Sao_Paulo", "2026-05-01T00:00:00Z", "2026-05-02T12:00:00Z", "2026-05-01T03:00:00Z 2026-05-02T03:00:00Z"},
		{"0 * * * *", "Europe/Madrid", "2027-10-30T23:30:00Z", "2027-10-31T03:30:00Z", "2027-10-31T00:00:00Z 2027-10-31T01:00:00Z 2027-10-31T02:00:00Z 2027-10-31T03:00:00Z"},
		{"0 * * * *", "Europe/Madrid", "2027-03-27T23:30:00Z", "2027-03-28T02:30:00Z", "2027-03-28T00:00:00Z 2027-03-28T01:00:00Z 2027-03-28T02:00:00Z"},
		{"0 */6 * * *", "Europe/Madrid", "2027-10-30T21:00:00Z", "2027-10-31T23:30:00Z", "2027-10-30T22:00:00Z 2027-10-31T05:00:00Z 2027-10-31T11:00:00Z 2027-10-31T17:00:00Z 2027-10-31T23:00:00Z"},
		{"@every 90m", "Europe/Madrid", "2027-10-31T00:00:00Z", "2027-10-31T03:30:00Z", "2027-10-31T01:30:00Z 2027-10-31T03:00:00Z"},
		{"0 9 * * 1", "", "2026-11-22T00:00:00Z", "2026-12-01T00:00:00Z", "2026-11-23T09:00:00Z 2026-11-30T09:00:00Z"},
	} {
		s := schedule(t, c.spec, c.zone)
		at, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		end, err := time.Parse(time.RFC3339, c.to)
		if err != nil {
			t.Fatal(err)
		}
		got, names := "", map[string]bool{}
		for {
			next, name := s.Next(at)
			if next.After(end) {
				break
			}
			if names[name] {
				t.Errorf("%s in %s: run %s twice", c.spec, c.zone, name)
			}
			names[name] = true
			if got != "" {
				got += " "
			}
			got += next.UTC().Format(time.RFC3339)
			at = next
		}
		if got != c.want {
			t.Errorf("%s in %s runs at\n%s, want\n%s", c.spec, c.zone, got, c.want)
		}
	}
}

// TestScheduleFromAnywhere asks from every quarter of an hour around the
// changes: the answer is always the same next run.
func TestScheduleFromAnywhere(t *testing.T) {
	for _, zone := range []string{"Europe/Madrid", "Australia/Lord_Howe", "America/New_York", "Asia/Kolkata", "UTC"} {
		s := schedule(t, "30 2 * * *", zone)
		start := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
		for at := start; at.Before(start.AddDate(1, 0, 0)); {
			next, name := s.Next(at)
			for probe := at; probe.Before(next); probe = probe.Add(15 * time.Minute) {
				if again, same := s.Next(probe); !again.Equal(next) || same != name {
					t.Fatalf("%s: after %v comes %v (%s), after %v %v (%s)", zone, at, next, name, probe, again, same)
				}
			}
			if gap := next.Sub(at); at != start && (gap < 22*time.Hour || gap > 26*time.Hour) {
				t.Fatalf("%s: %v between %v and %v", zone, gap, at, next)
			}
			at = next
		}
	}
}

func TestScheduleRefused(t *testing.T) {
	for _, c := range [][2]string{{"", ""}, {"every day", ""}, {"61 * * * *", ""}, {"0 0 30 2 *", ""}, {"CRON_TZ=UTC 0 0 * * *", ""}, {"TZ=UTC @daily", ""}, {"@daily", "Mars/Olympus"}, {"@daily", "Local"}} {
		if _, err := scan.NewSchedule(c[0], c[1]); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%q in %q: %v", c[0], c[1], err)
		}
	}
}
