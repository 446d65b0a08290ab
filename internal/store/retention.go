package store

import (
	"context"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// Retention says how long posts of a platform are kept.
type Retention struct {
	Platform adalid.Platform // "": every platform without one of its own
	Days     int64           // 0: without limit
	By       string
	At       time.Time
}

// mostDays bounds a retention: a hundred years.
const mostDays = 36500

// SetRetention records how long a brand's posts are kept; Days 0 keeps those of
// a platform without limit although there is a rule for all. Invalid for less
// than a day or more than 36,500 days.
func (s *Store) SetRetention(ctx context.Context, brand string, r Retention) error {
	if r.Days < 0 || r.Days > mostDays {
		return adalid.Errorf(adalid.Invalid, "posts are kept for 1 to %d days, or off for no limit", mostDays)
	}
	return s.write(ctx, "set retention", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		platform := strings.ToLower(clean(string(r.Platform)))
		if platform == "" && r.Days == 0 {
			_, err = x.exec("retention.Remove", b.id, platform)
			return err
		}
		_, err = x.exec("retention.Set", b.id, platform, optional{r.Days, r.Days > 0}, clipped(r.By), s.now().Unix())
		return err
	})
}

// DropRetention takes a rule back; that there is none is no error.
func (s *Store) DropRetention(ctx context.Context, brand string, platform adalid.Platform) error {
	return s.write(ctx, "drop retention", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		_, err = x.exec("retention.Remove", b.id, strings.ToLower(clean(string(platform))))
		return err
	})
}

// Retentions lists a brand's rules, that for all platforms first.
func (s *Store) Retentions(ctx context.Context, brand string) ([]Retention, error) {
	var list []Retention
	err := s.read(ctx, "list retention", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("retention.List", func(r row) error {
			list = append(list, Retention{adalid.Platform(r.text(0)), r.opt(1).v, r.text(2), r.opt(3).time()})
			return nil
		}, b.id)
	})
	return list, err
}

// Expired is how many posts of a platform a retention took out.
type Expired struct {
	Platform adalid.Platform
	Posts    int64
}

// expirePage is how many posts one transaction of ApplyRetention takes out.
const expirePage = 500

// ApplyRetention removes posts that are older than their brand's rules allow,
// with their roll-ups and authors of whom nothing is left, and tells how many of
// which platform. A post is as old as its time says; where that is unknown, as
// the time at which its figures were read; of unknown age it stays. A file that
// holds older posts brings them back until the next time. With or without rules,
// what a change of many people replaced goes once that cannot be taken back.
func (s *Store) ApplyRetention(ctx context.Context, brand string) ([]Expired, error) {
	rules, err := s.Retentions(ctx, brand)
	if err == nil {
		err = s.write(ctx, "forget what cannot be put back any more", func(x *session) error {
			b, err := findBrand(x, brand)
			if err == nil {
				err = s.expireFormer(x, b.id)
			}
			return err
		})
	}
	if err != nil || len(rules) == 0 {
		return nil, err
	}
	days := map[string]int64{}
	for _, r := range rules {
		days[string(r.Platform)] = r.Days
	}
	var platforms []string
	err = s.read(ctx, "list platforms", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("author.Platforms", func(r row) error {
			platforms = append(platforms, r.text(0))
			return nil
		}, b.id)
	})
	var out []Expired
	for _, platform := range platforms {
		keep, own := days[platform]
		if !own {
			keep = days[""]
		}
		if keep == 0 {
			continue
		}
		n, err := s.expire(ctx, brand, platform, s.now().Add(-time.Duration(keep)*24*time.Hour))
		if n > 0 {
			out = append(out, Expired{adalid.Platform(platform), n})
		}
		if err != nil {
			return out, err
		}
	}
	return out, err
}

func (s *Store) expire(ctx context.Context, brand, platform string, before time.Time) (removed int64, err error) {
	for {
		ids, err := s.ids(ctx, "mention.OlderThan", brand, platform, before.Unix(), expirePage)
		if err != nil || len(ids) == 0 {
			return removed, err
		}
		posts := make([]collectors.PostID, len(ids))
		for i, id := range ids {
			posts[i] = collectors.PostID{Platform: adalid.Platform(platform), ID: id}
		}
		n, err := s.Remove(ctx, brand, platform, scan.RemovedOld, posts)
		if removed += n; err != nil || n == 0 {
			return removed, err
		}
	}
}
