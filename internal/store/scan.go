package store

import (
	"context"
	"time"

	"adalid"
	"adalid/internal/scan"
)

// ScanKind says what a scan read from.
type ScanKind string

// The kinds.
const (
	ImportScan ScanKind = "import" // a file
	LiveScan   ScanKind = "scan"   // a live source: its end is an as-of
)

// ScanState says how a scan stands.
type ScanState string

// The states.
const (
	Running ScanState = "running"
	Done    ScanState = "done"
	Failed  ScanState = "failed"
	Stopped ScanState = "stopped" // by a person or by the end of the process; goes on from its cursor
)

// ScanRecord is one scan or import and what came of it.
type ScanRecord struct {
	ID       int64
	Brand    string // "" where rows name their own brand
	Kind     ScanKind
	Source   string
	State    ScanState
	Reason   string // why it failed or stopped; one sentence
	Rows     int64  // rows read
	Rejected int64  // rows that could not be used
	Saved    scan.Saved
	Started  time.Time
	Finished time.Time // zero while it runs
}

// StartScan records that a scan began, now unless r says when, and gives its
// id. Only Brand, Kind, Source and Started count.
func (s *Store) StartScan(ctx context.Context, r ScanRecord) (int64, error) {
	if r.Kind != ImportScan && r.Kind != LiveScan {
		return 0, adalid.Errorf(adalid.Invalid, "a scan is of kind %q or %q, not %q", ImportScan, LiveScan, r.Kind)
	}
	started := seconds(r.Started)
	if !started.ok {
		started = seconds(s.now())
	}
	var id int64
	err := s.write(ctx, "start scan", func(x *session) error {
		brand, err := cursorBrand(x, r.Brand)
		if err != nil {
			return err
		}
		_, err = x.one("scan.Start", func(r row) error {
			id = r.int(0)
			return nil
		}, brand, string(r.Kind), clean(r.Source), started.v, "", "", optional{})
		return err
	})
	return id, err
}

// FinishScan records how a scan ended, now unless r says when. Only State,
// Reason, the counts and Finished count.
func (s *Store) FinishScan(ctx context.Context, id int64, r ScanRecord) error {
	if r.State != Done && r.State != Failed && r.State != Stopped {
		return adalid.Errorf(adalid.Invalid, "a scan ends as %q, %q or %q, not %q", Done, Failed, Stopped, r.State)
	}
	finished := seconds(r.Finished)
	if !finished.ok {
		finished = seconds(s.now())
	}
	return s.write(ctx, "finish scan", func(x *session) error {
		n, err := x.exec("scan.Finish", string(r.State), clean(r.Reason), r.Rows, r.Rejected,
			r.Saved.New, r.Saved.Changed, r.Saved.Repeated, r.Saved.Suppressed, finished.v, id)
		if err == nil && n == 0 {
			err = adalid.Errorf(adalid.NotFound, "there is no scan %d", id)
		}
		return err
	})
}

// Scans lists the latest scans of a brand, the newest first; brand "" lists
// those whose rows named their own brand.
func (s *Store) Scans(ctx context.Context, brand string, limit int) ([]ScanRecord, error) {
	var list []ScanRecord
	err := s.read(ctx, "list scans", func(x *session) error {
		id, err := cursorBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("scan.List", func(r row) error {
			list = append(list, ScanRecord{
				ID: r.int(0), Brand: brand, Kind: ScanKind(r.text(2)), Source: r.text(3),
				State: ScanState(r.text(4)), Reason: r.text(5), Rows: r.int(6), Rejected: r.int(7),
				Saved:   scan.Saved{New: r.int(8), Changed: r.int(9), Repeated: r.int(10), Suppressed: r.int(13)},
				Started: r.opt(11).time(), Finished: r.opt(12).time(),
			})
			return nil
		}, id, limit)
	})
	return list, err
}
