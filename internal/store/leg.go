package store

import (
	"context"
	"time"

	"adalid/collectors"
	"adalid/internal/scan"
)

// TakeLease gives a brand's source to whoever calls itself lease, false while
// another holds it. What a process left unfinished that held it before is
// marked as stopped.
func (s *Store) TakeLease(ctx context.Context, brand, source, lease string, until time.Time) (bool, error) {
	held := false
	err := s.write(ctx, "take lease", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		mine := s.signed(lease)
		n, err := x.exec("standing.Take", b.id, clean(source), mine, until.Unix(), s.now().Unix())
		if err == nil && n == 0 {
			n, err = s.seize(x, b.id, clean(source), mine, until)
		}
		if held = n > 0; err != nil || !held {
			return err
		}
		_, err = x.exec("scan.Abandoned", "the process that read it ended; the scan went on where it was", s.now().Unix(), b.id, clean(source))
		return err
	})
	return held, err
}

// seize takes a lease whose process has ended.
func (s *Store) seize(x *session, brand int64, source, lease string, until time.Time) (int64, error) {
	holder := ""
	_, err := x.one("standing.Lease", func(r row) error {
		holder = r.text(0)
		return nil
	}, brand, source)
	if err != nil || !s.gone(holder) {
		return 0, err
	}
	return x.exec("standing.Seize", lease, until.Unix(), brand, source, holder)
}

// StartLeg records that a source is being read for a scan.
func (s *Store) StartLeg(ctx context.Context, brand, source string, whole int64) (int64, error) {
	var id int64
	err := s.write(ctx, "start reading a source", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("scan.StartLeg", func(r row) error {
			id = r.int(0)
			return nil
		}, b.id, clean(source), s.now().Unix(), whole)
		if err != nil {
			return err
		}
		_, err = x.exec("standing.Begin", id, b.id, clean(source))
		return err
	})
	return id, err
}

// RefuseLeg records why a source was not read for a scan at all. How the source
// stands is not touched: somebody else may be reading it.
func (s *Store) RefuseLeg(ctx context.Context, brand string, whole int64, now scan.Standing) error {
	return s.write(ctx, "record why a source was not read", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.exec("scan.RefuseLeg", b.id, clean(now.Source), string(now.State), clean(now.Reason), string(now.Kind), clean(now.Fix), seconds(now.Until), s.now().Unix(), whole)
		return err
	})
}

// Estimated tells when a source was last asked how much there is to read for a
// brand; zero never.
func (s *Store) Estimated(ctx context.Context, brand, source string) (at time.Time, err error) {
	err = s.read(ctx, "find the last estimate", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("scan.Estimated", func(r row) error {
			at = r.opt(0).time()
			return nil
		}, b.id, clean(source))
		return err
	})
	return at, err
}

// KeepEstimate notes what a source said before it was read.
func (s *Store) KeepEstimate(ctx context.Context, leg int64, e scan.Estimate) error {
	return s.write(ctx, "keep an estimate", func(x *session) error {
		_, err := x.exec("scan.KeepEstimate", s.now().Unix(), maybe(e.Posts), maybe(e.Micros), leg)
		return err
	})
}

// saveLeg stores what a live page brought beside its mentions; ErrLease when
// somebody else reads the source by now.
func (s *Store) saveLeg(x *session, brand int64, source string, l *scan.Leg, saved scan.Saved) error {
	found := optional{}
	if saved.New > 0 {
		found = seconds(s.now())
	}
	n, err := x.exec("standing.Hold", l.Until.Unix(), found, string(l.Platform), brand, clean(source), s.signed(l.Lease))
	if err == nil && n == 0 {
		err = scan.ErrLease
	}
	if err != nil {
		return err
	}
	if _, err := x.exec("scan.Progress", l.Pages, l.Rows, l.Rejected, saved.New, saved.Changed, saved.Repeated, saved.Suppressed, l.ID); err != nil {
		return err
	}
	changed := false
	for _, p := range l.Observed {
		if p.From.Before(p.To) {
			changed = true
			if err := observe(x, brand, clean(source), p.From.Unix(), ceilSecond(p.To)); err != nil {
				return err
			}
		}
	}
	if changed && saved.New+saved.Changed == 0 {
		return touchState(x, brand)
	}
	return nil
}

// EndLeg records what came of a source and gives its lease back.
func (s *Store) EndLeg(ctx context.Context, brand string, leg int64, lease string, now scan.Standing) error {
	return s.write(ctx, "end reading a source", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		until, done, failing := optional{}, optional{}, optional{}
		switch now.State {
		case scan.Done:
			done = seconds(s.now())
		case scan.Paused:
			until = seconds(now.Until)
			failing = seconds(s.now())
		case scan.Failed:
			failing = seconds(s.now())
		case scan.Stopped:
			until = seconds(s.now()) // whoever looks next goes on with it
		}
		if _, err := x.exec("scan.EndLeg", string(now.State), clean(now.Reason), string(now.Kind), clean(now.Fix), seconds(now.Until), now.Report.Gone, s.now().Unix(), leg); err != nil {
			return err
		}
		_, err = x.exec("standing.End", until, done, failing, b.id, clean(now.Source), s.signed(lease))
		return err
	})
}

// Unfinished lists whole scans that were left behind by a process that ended,
// the latest first; they are this process's from then on. After them, by brand,
// the sources that were paused until now or earlier, and those left behind: who
// asks at the same time gets none of the former.
func (s *Store) Unfinished(ctx context.Context, now time.Time) (list []scan.Unfinished, err error) {
	var waiting []waitingSource
	var left []leftScan
	err = s.read(ctx, "list unfinished scans", func(x *session) (err error) {
		waiting, err = s.waiting(x, now)
		if err == nil {
			left, err = s.left(x, optional{})
		}
		return err
	})
	if err != nil || len(waiting)+len(left) == 0 {
		return nil, err
	}
	err = s.write(ctx, "take over scans that were left", func(x *session) (err error) {
		if list, err = s.adopt(x, left); err != nil {
			return err
		}
		resumed, err := deferred(x, waiting, now)
		list = append(list, resumed...)
		return err
	})
	return list, err
}

// waitingSource is a source that goes on by now.
type waitingSource struct {
	brandID int64
	brand   string
	source  string
	since   time.Time
	left    bool // by a process that ended; else it was paused
}

// waiting lists the sources that go on by now, by brand and by how far back
// the scan that left them was to reach.
func (s *Store) waiting(x *session, now time.Time) (list []waitingSource, err error) {
	err = x.query("standing.Resume", func(r row) error {
		lease := r.text(2)
		if lease == "" || r.int(3) <= now.Unix() || s.gone(lease) {
			list = append(list, waitingSource{r.int(5), r.text(0), r.text(1), r.opt(4).time(), lease != ""})
		}
		return nil
	}, now.Unix())
	return list, err
}

// resumeWithin is how long whoever was told of a paused source has to begin
// with it before others are told.
const resumeWithin = 2 * time.Minute

// deferred lists those that no other process was told of.
func deferred(x *session, waiting []waitingSource, now time.Time) (list []scan.Unfinished, err error) {
	for _, w := range waiting {
		if !w.left {
			n, err := x.exec("standing.Defer", now.Add(resumeWithin).Unix(), w.brandID, w.source, now.Unix())
			if err != nil {
				return nil, err
			}
			if n == 0 {
				continue
			}
		}
		if n := len(list); n == 0 || list[n-1].Brand != w.brand || !list[n-1].Since.Equal(w.since) {
			list = append(list, scan.Unfinished{Brand: w.brand, Since: w.since})
		}
		last := &list[len(list)-1]
		last.Sources = append(last.Sources, w.source)
	}
	return list, nil
}

// adopt takes over scans that were left, as far as no other process was faster.
func (s *Store) adopt(x *session, left []leftScan) (list []scan.Unfinished, err error) {
	for _, w := range left {
		n, err := x.exec("scan.Adopt", s.mark(), w.id, w.reader)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			list = append(list, scan.Unfinished{Brand: w.brand, Whole: w.id, Sources: w.only, Since: w.since})
		}
	}
	return list, nil
}

// Standings tells how a brand stands at each of its sources, by source. While
// one that fails is tried again, or a try was told to stop, the reason is still
// that of the last one that came to an end.
func (s *Store) Standings(ctx context.Context, brand string) ([]scan.Health, error) {
	var list []scan.Health
	err := s.read(ctx, "read how sources stand", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("standing.List", func(r row) error {
			h := scan.Health{
				Source: r.text(0), Resumes: r.opt(3).time(), Succeeded: r.opt(4).time(), Found: r.opt(5).time(), Failing: r.opt(6).time(),
				State: scan.State(r.text(7)), Reason: r.text(8), Kind: collectors.Kind(r.text(9)), Fix: r.text(10), Until: r.opt(11).time(), Tried: r.opt(12).time(),
			}
			if r.text(1) != "" && r.int(2) > s.now().Unix() {
				h.State = scan.Running
			}
			list = append(list, h)
			return nil
		}, b.id)
	})
	return list, err
}

// abandonedAfter is how long a scan may be without a lease, at its beginning
// or while it waits for its turn, before it counts as abandoned.
const abandonedAfter = 2 * time.Minute

// Succeeded tells when each source was last read to its end for any brand.
func (s *Store) Succeeded(ctx context.Context) (map[string]time.Time, error) {
	at := map[string]time.Time{}
	err := s.read(ctx, "read how sources stand", func(x *session) error {
		return x.query("standing.Succeeded", func(r row) error {
			at[r.text(0)] = r.opt(1).time()
			return nil
		})
	})
	return at, err
}

// scansKept is how long the record of a scan is kept, and mostScans how many of
// a brand: five weeks of one every minute, which is more than Habit looks back.
const (
	scansKept = 366 * 24 * time.Hour
	mostScans = 50_000
)
