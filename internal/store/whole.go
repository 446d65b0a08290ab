package store

import (
	"context"
	"encoding/json"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// StartWhole records that a scan of a brand began, and what it was asked for.
func (s *Store) StartWhole(ctx context.Context, o scan.Order) (int64, error) {
	var id int64
	err := s.write(ctx, "start scan", func(x *session) error {
		b, err := findBrand(x, o.Brand)
		if err != nil {
			return err
		}
		id, err = s.startScan(x, b.id, o)
		return err
	})
	return id, err
}

func (s *Store) startScan(x *session, brand int64, o scan.Order) (int64, error) {
	asked := ""
	if len(o.Only) > 0 {
		names, err := json.Marshal(o.Only)
		if err != nil {
			return 0, err
		}
		asked = string(names)
	}
	left, err := s.left(x, optional{brand, true})
	if err != nil {
		return 0, err
	}
	for _, w := range left {
		if err := s.abandon(x, w); err != nil {
			return 0, err
		}
	}
	var id int64
	_, err = x.one("scan.Start", func(r row) error {
		id = r.int(0)
		return nil
	}, brand, string(LiveScan), "", s.now().Unix(), s.mark(), asked, seconds(o.Since))
	return id, err
}

// askedFor reads the names of sources that a scan was asked for.
func askedFor(text string) (names []string, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &names)
	}
	return names, err
}

// leftScan is a scan whose process has ended.
type leftScan struct {
	id     int64
	brand  string
	reader string
	only   []string // none: all sources
	since  time.Time
}

// left lists the scans of one brand, or of all, that nobody runs any more.
func (s *Store) left(x *session, brand optional) (list []leftScan, err error) {
	err = x.query("scan.Open", func(r row) error {
		if !s.gone(r.text(2)) {
			return nil
		}
		only, err := askedFor(r.text(3))
		list = append(list, leftScan{r.int(0), r.text(1), r.text(2), only, r.opt(4).time()})
		return err
	}, brand)
	return list, err
}

func (s *Store) abandon(x *session, w leftScan) error {
	_, err := x.exec("scan.EndWhole", string(scan.Stopped), "the process that ran it ended; what it left went on with the next scan", s.now().Unix(), w.id)
	return err
}

// EndWhole records how a scan ended, with the sums of what it did at its
// sources.
func (s *Store) EndWhole(ctx context.Context, id int64, state scan.State, reason string) error {
	return s.write(ctx, "end scan", func(x *session) error {
		_, err := x.exec("scan.EndWhole", string(state), clean(reason), s.now().Unix(), id)
		return err
	})
}

// Wholes lists the latest scans of a brand, the newest first; with id only that
// one, NotFound when the brand has none of it.
func (s *Store) Wholes(ctx context.Context, brand string, id int64, limit int) ([]scan.Record, error) {
	var list []scan.Record
	err := s.read(ctx, "list scans", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		err = x.query("scan.Wholes", func(r row) error {
			only, err := askedFor(r.text(5))
			list = append(list, scan.Record{
				ID: r.int(0), Brand: b.Name, State: scan.State(r.text(1)), Reason: r.text(2), Started: r.opt(3).time(), Finished: r.opt(4).time(),
				Only: only, Since: r.opt(6).time(),
			})
			return err
		}, b.id, optional{id, id != 0}, limit)
		if err == nil && id != 0 && len(list) == 0 {
			err = adalid.Errorf(adalid.NotFound, "brand %q has no scan %d", brand, id)
		}
		for i := range list {
			if err == nil {
				list[i].Legs, err = legs(x, b.id, list[i].ID)
			}
		}
		return err
	})
	return list, err
}

// RunningScan gives the brand's scan that is under way in whatever process, 0
// when there is none. Records of scans whose process ended are closed on the
// way; mine is one that the caller runs itself, 0 for none.
func (s *Store) RunningScan(ctx context.Context, brand string, mine int64) (id int64, err error) {
	if id, err = s.running(ctx, brand); err != nil || id == 0 {
		return id, err
	}
	if err := s.StopAbandoned(ctx, brand, mine); err != nil {
		return 0, err
	}
	return s.running(ctx, brand)
}

func (s *Store) running(ctx context.Context, brand string) (id int64, err error) {
	err = s.read(ctx, "find the scan under way", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("scan.Running", func(r row) error {
			id = r.int(0)
			return nil
		}, b.id)
		return err
	})
	return id, err
}

// StopAbandoned marks scans of a brand as stopped that no process works on any
// more, except mine.
func (s *Store) StopAbandoned(ctx context.Context, brand string, mine int64) error {
	return s.write(ctx, "close abandoned scans", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		now := s.now()
		_, err = x.exec("scan.StopAbandoned", "the process that ran it ended; what it left goes on by itself", now.Unix(), b.id, mine, now.Add(-abandonedAfter).Unix())
		return err
	})
}

// pruneBatch is how many records are removed in one transaction.
const pruneBatch = 5_000

// PruneScans forgets old scans of a brand. Nothing else is lost: mentions,
// observed periods and spending stand for themselves, and of each source the
// records stay that tell how it stands.
func (s *Store) PruneScans(ctx context.Context, brand string) error {
	return s.pruneScans(ctx, brand, mostScans)
}

func (s *Store) pruneScans(ctx context.Context, brand string, most int) error {
	for removed := int64(pruneBatch); removed == pruneBatch; {
		err := s.write(ctx, "forget old scans", func(x *session) error {
			b, err := findBrand(x, brand)
			if err != nil {
				return err
			}
			first := optional{} // of those that are kept; none where nobody has scanned for so long
			_, err = x.one("scan.KeptFrom", func(r row) error {
				first = r.opt(0)
				return nil
			}, b.id, s.now().Add(-scansKept).Unix(), most)
			if err == nil {
				removed, err = x.exec("scan.Prune", b.id, first, pruneBatch)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func legs(x *session, brand, whole int64) ([]scan.LegRecord, error) {
	var list []scan.LegRecord
	err := x.query("scan.Legs", func(r row) error {
		list = append(list, scan.LegRecord{
			ID: r.int(0), Source: r.text(1), State: scan.State(r.text(2)), Reason: r.text(3), Kind: collectors.Kind(r.text(4)), Fix: r.text(5), Until: r.opt(6).time(),
			Pages: r.int(7), Rows: r.int(8), Rejected: r.int(9), Saved: scan.Saved{New: r.int(10), Changed: r.int(11), Repeated: r.int(12), Suppressed: r.int(19)},
			Gone: r.int(13), Micros: r.int(14), Started: r.opt(15).time(), Finished: r.opt(16).time(),
			EstimatedPosts: r.opt(17).pointer(), EstimatedMicros: r.opt(18).pointer(),
		})
		return nil
	}, brand, whole)
	return list, err
}
