package scan

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"adalid"
)

// Schedule says when a brand is scanned: a cron specification, read on the
// clocks of a time zone.
type Schedule struct {
	Spec string // five fields, or @hourly, @daily, @every 6h, …
	Zone string // IANA name; "" UTC

	cron cron.Schedule
	zone *time.Location
	real bool // runs by elapsed time: every hour, or every so often
}

// everyHour is the hour field of a specification that names all of them.
const everyHour = 1<<24 - 1

// NewSchedule reads a specification; Invalid says what is wrong with it.
func NewSchedule(spec, zone string) (Schedule, error) {
	s := Schedule{Spec: strings.Join(strings.Fields(spec), " "), Zone: zone}
	var err error
	if s.zone, err = time.LoadLocation(zone); err != nil || zone == "Local" {
		return s, adalid.Errorf(adalid.Invalid, "there is no time zone %q; use a name such as Europe/Madrid, America/Mexico_City or UTC", zone)
	}
	if strings.Contains(spec, "TZ=") {
		return s, adalid.Errorf(adalid.Invalid, "the time zone of a schedule is a setting of its own, not part of %q", spec)
	}
	if s.cron, err = cron.ParseStandard(s.Spec); err != nil {
		return s, adalid.Errorf(adalid.Invalid, "the schedule %q is no cron specification (%v); examples: \"0 7 * * *\" every day at 7:00, \"*/30 * * * *\" every half hour, \"0 9 * * 1\" Mondays at 9:00", spec, err)
	}
	fields, ok := s.cron.(*cron.SpecSchedule)
	s.real = !ok || fields.Hour&everyHour == everyHour
	if at, _ := s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); at.IsZero() {
		return s, adalid.Errorf(adalid.Invalid, "the schedule %q names a day that never comes", spec)
	}
	return s, nil
}

// Next gives the first run after a time, and the name of that run: the same
// run has the same name whoever computes it. A run at a wall time that the
// clocks skip happens when they have moved on by the gap, one at a wall time
// that comes twice happens the first time.
func (s Schedule) Next(after time.Time) (at time.Time, run string) {
	if s.real {
		at = s.cron.Next(after.In(s.zone)).UTC()
		return at, at.Format(time.RFC3339)
	}
	for wall := asUTC(after.In(s.zone)).Add(-24 * time.Hour); ; { // whatever the clocks did, not before that
		if wall = s.cron.Next(wall); wall.IsZero() {
			return wall, ""
		}
		if at = s.onClock(wall); at.After(after) {
			return at, wall.Format("2006-01-02T15:04:05")
		}
	}
}

// asUTC reads a time's wall clock as if it were UTC, where no hour is missing.
func asUTC(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// onClock gives the moment at which the zone's clocks first show a wall time,
// that many minutes later where they skip it.
func (s Schedule) onClock(wall time.Time) time.Time {
	y, m, d := wall.Date()
	at := time.Date(y, m, d, wall.Hour(), wall.Minute(), wall.Second(), 0, s.zone)
	// Where a time comes twice or not at all, Go does not promise which offset
	// it takes: try those of the day before and of the day after.
	_, before := at.Add(-24 * time.Hour).Zone()
	_, later := at.Add(24 * time.Hour).Zone()
	first := wall.Add(-time.Duration(max(before, later)) * time.Second)
	second := wall.Add(-time.Duration(min(before, later)) * time.Second)
	if asUTC(first.In(s.zone)).Equal(wall) {
		return first
	}
	if asUTC(second.In(s.zone)).Equal(wall) {
		return second
	}
	return wall.Add(-time.Duration(before) * time.Second).UTC() // skipped: the old offset moves it by the gap
}
