package store

import (
	"context"
	"encoding/json"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// Sweep gives where the look through a source's stored posts was left; zero
// times when there was none.
func (s *Store) Sweep(ctx context.Context, brand, source string) (scan.SweepState, error) {
	var at scan.SweepState
	err := s.read(ctx, "read sweep", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.one("sweep.Get", func(r row) error {
			at = scan.SweepState{After: r.text(0), Started: r.opt(1).time(), Ended: r.opt(2).time()}
			if text := r.text(3); text != "" {
				return json.Unmarshal([]byte(text), &at.Job)
			}
			return nil
		}, b.id, clean(source))
		return err
	})
	return at, err
}

// SetSweep stores where the look stands.
func (s *Store) SetSweep(ctx context.Context, brand, source string, at scan.SweepState) error {
	return s.write(ctx, "store sweep", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		job := ""
		if at.Job != nil {
			text, err := json.Marshal(at.Job)
			if err != nil {
				return err
			}
			job = string(text)
		}
		_, err = x.exec("sweep.Set", b.id, clean(source), at.After, at.Started.Unix(), seconds(at.Ended), job)
		return err
	})
}

// PostIDs lists ids of a platform's posts after one, in order.
func (s *Store) PostIDs(ctx context.Context, brand string, platform adalid.Platform, after string, limit int) ([]string, error) {
	return s.ids(ctx, "mention.IDsAfter", brand, string(platform), after, limit)
}

// OldPostIDs lists posts of a platform that were last read before a time.
func (s *Store) OldPostIDs(ctx context.Context, brand string, platform adalid.Platform, before time.Time, limit int) ([]string, error) {
	return s.ids(ctx, "mention.Stale", brand, string(platform), before.Unix(), limit)
}

func (s *Store) ids(ctx context.Context, query, brand, platform string, bound any, limit int) ([]string, error) {
	var ids []string
	err := s.read(ctx, "list posts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query(query, func(r row) error {
			ids = append(ids, r.text(0))
			return nil
		}, b.id, platform, bound, limit)
	})
	return ids, err
}

// Remove takes posts out with everything counted from them and keeps a line of
// how many and why, without their content.
func (s *Store) Remove(ctx context.Context, brand, source, reason string, posts []collectors.PostID) (int64, error) {
	keys := make([]Key, len(posts))
	for i, p := range posts {
		keys[i] = Key(p)
	}
	return s.remove(ctx, brand, keys, func(x *session, b brandRow, n int64) error {
		_, err := x.exec("removal.Add", b.id, clean(source), reason, n, s.now().Unix())
		return err
	})
}

// Removal is a line of what was taken out.
type Removal struct {
	Source string // or platform
	Reason string // see scan.RemovedGone
	Posts  int64
	At     time.Time
}

// Removals lists the latest of a brand, the newest first.
func (s *Store) Removals(ctx context.Context, brand string, limit int) ([]Removal, error) {
	var list []Removal
	err := s.read(ctx, "list removals", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("removal.List", func(r row) error {
			list = append(list, Removal{r.text(0), r.text(1), r.int(2), r.opt(3).time()})
			return nil
		}, b.id, limit)
	})
	return list, err
}
