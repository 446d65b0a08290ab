package store

import (
	"cmp"
	"context"
	"slices"

	"adalid/collectors"
	"adalid/internal/scan"
)

// Delete removes mentions with their labels and everything counted from them,
// and authors of whom nothing is left. It gives how many there were; unknown
// keys are no error.
func (s *Store) Delete(ctx context.Context, brand string, keys []Key) (int64, error) {
	return s.remove(ctx, brand, keys, func(*session, brandRow, int64) error { return nil })
}

// remove is Delete with something to note in the same transaction.
func (s *Store) remove(ctx context.Context, brand string, keys []Key, note func(*session, brandRow, int64) error) (int64, error) {
	var deleted int64
	err := s.write(ctx, "delete mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		asked := make([]*post, len(keys))
		for i, k := range keys {
			asked[i] = &post{fact: fact{platform: clean(string(k.Platform)), id: clean(k.ID)}}
		}
		stored, err := storedPosts(x, b.id, asked)
		if err != nil {
			return err
		}
		rows := make([]rowChange, 0, len(stored))
		for _, p := range sortedPosts(stored) {
			if _, err := x.exec("label.Remove", b.id, p.platform, p.id); err != nil {
				return err
			}
			rows = append(rows, rowChange{old: p})
		}
		if deleted = int64(len(rows)); deleted == 0 {
			return nil
		}
		s.cache.use(b.id, b.epoch)
		if err := s.apply(x, newCopier(target{brand: b.id, firstNew: noNewAuthors}, rows), rows); err != nil {
			return err
		}
		if err := note(x, b, deleted); err != nil {
			return err
		}
		return touch(x, b.id)
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

// Forget is Remove for posts of which a source says that they no longer exist
// while it is being read.
func (s *Store) Forget(ctx context.Context, brand string, posts []collectors.PostID) (int64, error) {
	source := ""
	if len(posts) > 0 {
		source = string(posts[0].Platform)
	}
	return s.Remove(ctx, brand, source, scan.RemovedGone, posts)
}

// noNewAuthors says that every author may have older posts.
const noNewAuthors = 1 << 62

func sortedPosts(byKey map[mentionKey]*post) []*post {
	posts := make([]*post, 0, len(byKey))
	for _, p := range byKey {
		posts = append(posts, p)
	}
	slices.SortFunc(posts, func(a, b *post) int {
		return cmp.Or(cmp.Compare(a.platform, b.platform), cmp.Compare(a.id, b.id))
	})
	return posts
}

// sweep removes the authors and profiles that no row needs any more.
func (s *Store) sweep(x *session, brand int64, rows []rowChange) error {
	type profile struct{ author, n int64 }
	left := map[profile]bool{}
	var order []profile
	for _, c := range rows {
		if c.old == nil || c.now != nil && c.old.author == c.now.author && c.old.profile == c.now.profile {
			continue
		}
		if k := (profile{c.old.author, c.old.profile}); !left[k] {
			left[k] = true
			order = append(order, k)
		}
	}
	removed, heirs := false, map[int64]string{}
	for _, k := range order {
		used, err := exists(x, "mention.HasProfile", brand, k.author, k.n)
		if err != nil {
			return err
		}
		if used {
			continue
		}
		removed = true
		if _, known := heirs[k.author]; !known { // while its handles are known
			if heirs[k.author], err = s.heir(x, brand, k.author); err != nil {
				return err
			}
		}
		if _, err := x.exec("profile.Delete", brand, k.author, k.n); err != nil {
			return err
		}
		if used, err = exists(x, "mention.HasAuthor", brand, k.author); err != nil {
			return err
		}
		if !used {
			if err := passOn(x, brand, k.author, heirs[k.author]); err != nil {
				return err
			}
			if err := removeAuthor(x, brand, k.author); err != nil {
				return err
			}
		}
	}
	if !removed {
		return nil
	}
	s.cache.drop()
	x.newsOf(brand).all = true
	_, err := x.exec("brand.RaiseEpoch", brand)
	return err
}

func removeAuthor(x *session, brand, author int64) error {
	account, err := accountOf(x, brand, author)
	if err != nil || account == "" { // it is gone already
		return err
	}
	if err := unlinkAuthor(x, brand, author); err != nil {
		return err
	}
	for _, name := range [...]string{"profile.DeleteAuthor", "assessment.DeleteAuthor", "decision.DeleteAuthor"} {
		if _, err := x.exec(name, brand, author); err != nil {
			return err
		}
	}
	if _, err := x.exec("notice.Remove", brand, account); err != nil {
		return err
	}
	if err := forgetKept(x, brand, account); err != nil {
		return err
	}
	_, err = x.exec("author.Delete", brand, author)
	return err
}

func exists(x *session, name string, args ...any) (bool, error) {
	found := false
	_, err := x.one(name, func(r row) error {
		found = r.int(0) != 0
		return nil
	}, args...)
	return found, err
}
