package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/privacy"
	"adalid/internal/scan"
)

// Purged counts what an erasure took out of one brand.
type Purged struct {
	Brand     string
	Accounts  int64
	Mentions  int64
	Rewritten int64 // mentions of others that named them
}

// Cleared is what an erasure found besides the mentions.
type Cleared struct {
	Brands []Purged // those of which anything was taken out
	Texts  []Text   // rows of which a text was rewritten, by table
	Copies []string // files beside the database that were removed: they held what it no longer does
}

// Text says how many rows of a table had a text rewritten, or were removed
// because they were about nothing else.
type Text struct {
	Table string
	Rows  int64
}

// purge takes out of the database, its log and the copies beside it whatever the
// suppression list names. It may be cut short and done again: what is left to do
// follows from what is stored. Nobody has to be named for it, so a copy that is
// put back is erased by the list alone.
func (s *Store) purge(ctx context.Context) (Cleared, error) {
	var out Cleared
	var list *privacy.List
	var due [][]byte
	var brands []brandRow
	err := s.read(ctx, "begin to erase", func(x *session) (err error) {
		if list, err = s.suppressing(x); err != nil {
			return err
		}
		if brands, err = listBrands(x); err != nil {
			return err
		}
		return x.query("suppression.Due", func(r row) error {
			due = append(due, r.bytes(0))
			return nil
		})
	})
	if err != nil || list.Empty() {
		return out, err
	}
	for _, b := range brands {
		p, err := s.purgeBrand(ctx, b, newRedactor(list, b.Name))
		if err != nil {
			return out, err
		}
		if p != (Purged{Brand: b.Name}) {
			out.Brands = append(out.Brands, p)
		}
	}
	if out.Texts, err = s.purgeTexts(ctx, list, brands); err != nil {
		return out, err
	}
	if err := s.scrub(ctx); err != nil {
		return out, err
	}
	if !s.copied {
		if err := dropIndexes(filepath.Dir(s.path)); err != nil {
			return out, err
		}
		if out.Copies, err = s.purgeCopies(ctx); err != nil {
			return out, err
		}
	}
	return out, s.write(ctx, "end erasing", func(x *session) error {
		for _, e := range due {
			if _, err := x.exec("suppression.Applied", e); err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	purgePage = 1000 // mentions removed or rewritten in a transaction

	// removedErased is the reason that is kept with the number of posts.
	removedErased = "erased"
)

func (s *Store) purgeBrand(ctx context.Context, b brandRow, g redactor) (Purged, error) {
	out := Purged{Brand: b.Name}
	doomed, err := s.doomed(ctx, b.id, g)
	if err != nil {
		return out, err
	}
	for _, a := range doomed {
		n, err := s.purgeAuthor(ctx, b, a)
		out.Mentions += n
		if err != nil {
			return out, err
		}
		out.Accounts++
	}
	out.Rewritten, err = s.purgeNames(ctx, b.Name, g)
	return out, err
}

// doomed gives the accounts of a brand that are on the list.
func (s *Store) doomed(ctx context.Context, brand int64, g redactor) ([]accountID, error) {
	var list []accountID
	err := s.read(ctx, "find whom to erase", func(x *session) (err error) {
		list, err = doomedOf(x, brand, g)
		return err
	})
	return list, err
}

func doomedOf(x *session, brand int64, g redactor) (list []accountID, err error) {
	handles := map[int64][]string{}
	err = x.query("profile.Known", func(r row) error {
		handles[r.int(0)] = append(handles[r.int(0)], r.text(1))
		return nil
	}, brand)
	if err != nil {
		return nil, err
	}
	err = x.query("author.Plain", func(r row) error {
		a := accountID{r.int(0), r.text(1), r.text(2)}
		if slices.ContainsFunc(append(handles[a.id], ""), func(h string) bool { return g.erased(a.platform, a.key, h) }) {
			list = append(list, a)
		}
		return nil
	}, brand)
	return list, err
}

// purgeAuthor removes an account with everything that is only about it.
func (s *Store) purgeAuthor(ctx context.Context, b brandRow, a accountID) (removed int64, err error) {
	err = s.write(ctx, "erase what the team keeps of an account", func(x *session) error { // before it could be passed on
		return forgetKept(x, b.id, personID(a.platform, a.key))
	})
	if err != nil {
		return 0, err
	}
	for {
		var posts []collectors.PostID
		err := s.read(ctx, "list posts to erase", func(x *session) error {
			return x.query("mention.KeysOfAuthor", func(r row) error {
				posts = append(posts, collectors.PostID{Platform: adalid.Platform(r.text(0)), ID: r.text(1)})
				return nil
			}, b.id, a.id, purgePage)
		})
		if err != nil {
			return removed, err
		}
		if len(posts) == 0 {
			break
		}
		n, err := s.Remove(ctx, b.Name, a.platform, removedErased, posts)
		if err == nil && n == 0 {
			err = errors.New("store: posts to be erased stay")
		}
		if err != nil {
			return removed, err
		}
		removed += n
		if err := s.forgetCharged(ctx, posts); err != nil {
			return removed, err
		}
	}
	return removed, s.write(ctx, "erase an account", func(x *session) error {
		account := personID(a.platform, a.key)
		for _, step := range [...]func() error{
			func() error { return removeAuthor(x, b.id, a.id) },
			func() error { _, err := x.exec("alias.RemoveOf", b.id, account); return err },
			func() error { _, err := x.exec("charged.Forget", a.key); return err },
			func() error { _, err := x.exec("brand.RaiseEpoch", b.id); return err },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		s.cache.drop()
		x.newsOf(b.id).all = true
		return touch(x, b.id)
	})
}

func (s *Store) forgetCharged(ctx context.Context, posts []collectors.PostID) error {
	return s.write(ctx, "erase what was charged", func(x *session) error {
		for _, p := range posts {
			if _, err := x.exec("charged.Forget", p.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// purgeNames rewrites mentions of others that name somebody on the list, with
// the edges that lead there.
func (s *Store) purgeNames(ctx context.Context, brand string, g redactor) (rewritten int64, err error) {
	for at := (Key{}); ; {
		page, err := s.walk(ctx, brand, at, rescorePage)
		if err != nil {
			return rewritten, err
		}
		var found []*post
		for i := range page {
			m := &page[i].Mention
			p := new(post)
			p.set(&scan.Mention{Mention: *m})
			if g.post(p) {
				found = append(found, &post{fact: fact{platform: string(m.Platform), id: m.ID}})
			}
		}
		for part := range slices.Chunk(found, purgePage) {
			n, err := s.rewriteNames(ctx, brand, part, g)
			if err != nil {
				return rewritten, err
			}
			rewritten += n
		}
		if len(page) < rescorePage {
			return rewritten, nil
		}
		at = Key{page[len(page)-1].Platform, page[len(page)-1].ID}
	}
}

func (s *Store) rewriteNames(ctx context.Context, brand string, asked []*post, g redactor) (n int64, err error) {
	err = s.write(ctx, "take names out of mentions", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		stored, err := storedPosts(x, b.id, asked)
		if err != nil {
			return err
		}
		var rows []rowChange
		for _, old := range sortedPosts(stored) {
			now := *old
			if !g.post(&now) {
				continue
			}
			if now.id == old.id {
				rows = append(rows, rowChange{old: old, now: &now, visible: true})
				continue
			}
			// Its id names them: it goes on under another one, that of the same
			// row when it comes in again.
			if _, err := x.exec("label.Remove", b.id, old.platform, old.id); err != nil {
				return err
			}
			s.seen.drop() // it does not know the new one
			again := now
			again.label, again.about, again.copy = optional{}, optional{}, 1
			rows = append(rows, rowChange{old: old}, rowChange{now: &again})
		}
		if n = int64(len(rows)); n == 0 {
			return nil
		}
		s.cache.use(b.id, b.epoch)
		if err := s.apply(x, newCopier(target{brand: b.id, firstNew: noNewAuthors}, rows), rows); err != nil {
			return err
		}
		return touch(x, b.id)
	})
	return n, err
}

// emptyWithin is how long readers may keep the log from being emptied.
const emptyWithin = 30 * time.Second

// inMemory is the size of a database up to which it is written anew by way of
// memory instead of a temporary file.
const inMemory = 64 << 20

var errOlder = errors.New("a database of an older schema")
