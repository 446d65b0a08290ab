package scan

import (
	"time"

	"adalid/collectors"
)

// Plan is a brand's schedule with its next run.
type Plan struct {
	Brand   string
	Spec    string
	Zone    string
	Monthly *int64    // millionths of a US dollar that the brand may spend in a UTC month over all sources; nil: no limit beside theirs
	At      time.Time // of the next run
	Run     string    // its name, see Schedule.Next
}

// Unfinished is what goes on where it was left.
type Unfinished struct {
	Brand   string
	Sources []string  // names; none, of a whole scan: all of the brand's
	Whole   int64     // record of a scan whose process ended; 0: none
	Since   time.Time // how far back the scan was to reach; zero leaves it to the sources
}

// Health tells how a brand stands at a source.
type Health struct {
	Source    string
	State     State
	Kind      collectors.Kind // of what stopped the last one that came to an end; "" when nothing did
	Reason    string
	Fix       string
	Until     time.Time // when a paused one goes on
	Resumes   time.Time // the same, as the schedule sees it; zero: with the next scan
	Tried     time.Time // end of the latest scan
	Succeeded time.Time // last caught up; zero never
	Found     time.Time // last brought a new mention; zero never
	Failing   time.Time // since when; zero: it works
}

// Record is one scan of a brand.
type Record struct {
	ID       int64
	Brand    string
	State    State
	Reason   string
	Only     []string  // names of the sources that were asked for; none: all of the brand's
	Since    time.Time // how far back the first scan of a source was to reach; zero left it to the source
	Started  time.Time
	Finished time.Time // zero while it runs
	Legs     []LegRecord
}

// LegRecord is what a scan did at one source.
type LegRecord struct {
	ID       int64
	Source   string
	State    State
	Kind     collectors.Kind
	Reason   string
	Fix      string
	Until    time.Time
	Pages    int64
	Rows     int64
	Rejected int64
	Saved    Saved
	Gone     int64
	Micros   int64 // spent, millionths of a US dollar
	Started  time.Time
	Finished time.Time // zero while it runs

	EstimatedPosts  *int64 // to read at most, by the source's own word beforehand; nil: it was not asked, or does not tell
	EstimatedMicros *int64 // what they were to cost at most
}
