package store

import (
	"context"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// Unread lists authors of a brand at a platform, each by the latest mention,
// who wrote since a time and can enter the ranking, and whose followers were
// not read since another time: the most active first. There are none while too
// few people speak about the brand to rank anybody; its own accounts are none.
func (s *Store) Unread(ctx context.Context, brand string, platform adalid.Platform, active, read time.Time, limit int) ([]adalid.Mention, error) {
	var list []adalid.Mention
	err := s.read(ctx, "list profiles to read", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		from, to := active.Unix()/secondsADay, s.now().Unix()/secondsADay
		enough := false
		_, err = x.one("rollup.Population", func(r row) error {
			enough = r.int(0) >= rank.LeastPeople && r.int(1) >= rank.LeastMentions
			return nil
		}, b.id, from, to)
		if err != nil || !enough {
			return err
		}
		var authors []int64
		err = x.query("author.Unread", func(r row) error {
			authors = append(authors, r.int(0))
			return nil
		}, b.id, from, to, string(platform), read.Unix(), limit)
		if err != nil {
			return err
		}
		own, err := ownHandles(x, b.id)
		if err != nil {
			return err
		}
		for _, author := range authors {
			_, err := x.one("mention.LatestOwn", func(r row) error {
				m := shownMention(b.Name, scanPost(r), r)
				if !own.key(string(platform), m.Author.Key) && !own.handle(string(platform), m.Author.Handle) {
					list = append(list, m)
				}
				return nil
			}, b.id, author)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}
