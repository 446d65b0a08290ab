package store

import (
	"crypto/sha256"
	"encoding/base32"
	"hash/maphash"
	"slices"

	"adalid"
)

// personID gives the id of the person that an account is by itself: the same
// in every database.
func personID(platform, key string) string {
	h := sha256.Sum256([]byte(platform + "\x00" + key))
	return personEncoding.EncodeToString(h[:10])
}

var personEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// accountKey names an author across the brands of a database.
type accountKey struct {
	brand         int64
	platform, key string
}

// account is what the writer remembers of an author.
type account struct {
	id       int64
	profiles []profileRef
}

type profileRef struct {
	hash uint64 // of the identity
	n    int64
}

func (a *account) profile(hash uint64) (int64, bool) {
	for _, p := range a.profiles {
		if p.hash == hash {
			return p.n, true
		}
	}
	return 0, false
}

// freeProfile gives the smallest number not in use.
func (a *account) freeProfile() int64 {
	for n := int64(0); ; n++ {
		if !slices.ContainsFunc(a.profiles, func(p profileRef) bool { return p.n == n }) {
			return n
		}
	}
}

// cacheSize bounds each of the two halves of an authorCache.
const cacheSize = 100_000

// authorCache remembers the authors met last. Ids and profile numbers only
// become wrong when some are removed, which raises the brand's epoch.
type authorCache struct {
	young, old map[accountKey]*account
	epochs     map[int64]int64
	seed       maphash.Seed
}

func (c *authorCache) drop() {
	c.young, c.old, c.epochs = nil, nil, nil
}

// use prepares the cache for a transaction on a brand of this epoch.
func (c *authorCache) use(brand, epoch int64) {
	if known, ok := c.epochs[brand]; ok && known != epoch {
		c.drop()
	}
	if c.epochs == nil {
		c.young, c.old, c.epochs = map[accountKey]*account{}, map[accountKey]*account{}, map[int64]int64{}
	}
	if c.seed == (maphash.Seed{}) {
		c.seed = maphash.MakeSeed()
	}
	c.epochs[brand] = epoch
}

func (c *authorCache) get(k accountKey) *account {
	if a := c.young[k]; a != nil {
		return a
	}
	a := c.old[k]
	if a != nil {
		c.put(k, a)
	}
	return a
}

func (c *authorCache) put(k accountKey, a *account) {
	if len(c.young) >= cacheSize {
		c.young, c.old = map[accountKey]*account{}, c.young
	}
	c.young[k] = a
}

// resolver finds or makes the authors and profiles of incoming posts.
type resolver struct {
	x     *session
	brand int64
	cache *authorCache
	known *brandSeen
	first int64 // authors from this id on are made in this transaction
	next  int64
	added []newAuthor
	shown []newProfile
}

type newAuthor struct {
	id            int64
	platform, key string
}

type newProfile struct {
	author, n int64
	as        identity
}

func newResolver(x *session, brand int64, cache *authorCache, known *brandSeen) (*resolver, error) {
	r := &resolver{x: x, brand: brand, cache: cache, known: known}
	_, err := x.one("author.MaxID", func(row row) error {
		r.next = row.int(0) + 1
		return nil
	}, brand)
	r.first = r.next
	return r, err
}

// resolve sets author and profile of every post and writes those that are new.
func (r *resolver) resolve(posts []*post) error {
	var open []*post
	for _, p := range posts {
		a := r.cache.get(accountKey{r.brand, p.platform, p.key})
		if a == nil {
			open = append(open, p)
			continue
		}
		n, ok := a.profile(r.hash(p.as))
		if !ok {
			open = append(open, p)
			continue
		}
		p.author, p.profile = a.id, n
	}
	found, err := r.load(open)
	if err != nil {
		return err
	}
	for _, p := range open {
		k := accountKey{r.brand, p.platform, p.key}
		a := found[k]
		if a == nil {
			a = &account{id: r.next}
			r.next++
			found[k] = a
			r.added = append(r.added, newAuthor{a.id, p.platform, p.key})
		}
		h := r.hash(p.as)
		n, ok := a.profile(h)
		if !ok {
			n = a.freeProfile()
			a.profiles = append(a.profiles, profileRef{h, n})
			r.shown = append(r.shown, newProfile{a.id, n, p.as})
		}
		p.author, p.profile = a.id, n
		r.cache.put(k, a)
	}
	return r.write()
}

func (r *resolver) hash(as identity) uint64 { return maphash.Comparable(r.cache.seed, as) }

// load reads the authors of the posts that the database knows.
func (r *resolver) load(posts []*post) (map[accountKey]*account, error) {
	found := map[accountKey]*account{}
	asked := make([]accountKey, 0, len(posts))
	for _, p := range posts {
		k := accountKey{r.brand, p.platform, p.key}
		if _, ok := found[k]; !ok {
			found[k] = nil
			if r.known.author(k) {
				asked = append(asked, k)
			}
		}
	}
	err := r.x.lookup(lookup{
		name: "author.ByKeys", n: len(asked), width: 2, rest: []any{r.brand},
		key: func(i int) {
			r.x.text(asked[i].platform)
			r.x.text(asked[i].key)
		},
	}, func(row row) error {
		k := accountKey{r.brand, row.text(0), row.text(1)}
		a := found[k]
		if a == nil {
			a = &account{id: row.int(2)}
			found[k] = a
		}
		a.profiles = append(a.profiles, profileRef{r.hash(scanIdentity(row.after(4))), row.int(3)})
		return nil
	})
	return found, err
}

// scanIdentity reads handle, name, bio, url, verified, created_at.
func scanIdentity(r row) identity {
	as := identity{handle: r.text(0), name: r.text(1), bio: r.text(2), url: r.text(3), verified: -1, created: r.opt(5)}
	if v := r.opt(4); v.ok {
		as.verified = int8(v.v)
	}
	return as
}

func (r *resolver) write() error {
	if len(r.added) == 0 && len(r.shown) == 0 {
		return nil
	}
	moved, err := aliases(r.x, r.brand)
	if err != nil {
		return err
	}
	err = r.x.insert("author.Insert", len(r.added), func(i int) {
		a := r.added[i]
		person := personID(a.platform, a.key)
		if to, ok := moved[person]; ok {
			person = to
		}
		r.x.int(r.brand)
		r.x.int(a.id)
		r.x.text(a.platform)
		r.x.text(a.key)
		r.x.text(person)
	})
	if err != nil {
		return err
	}
	err = r.x.insert("profile.Insert", len(r.shown), func(i int) {
		p := r.shown[i]
		r.x.int(r.brand)
		r.x.int(p.author)
		r.x.int(p.n)
		for _, s := range [...]string{p.as.handle, p.as.name, p.as.bio, p.as.url} {
			r.x.text(s)
		}
		r.x.opt(optional{int64(p.as.verified), p.as.verified >= 0})
		r.x.opt(p.as.created)
	})
	r.added, r.shown = nil, nil
	return err
}

// aliases gives the persons merged into others.
func aliases(x *session, brand int64) (map[string]string, error) {
	moved := map[string]string{}
	err := x.query("alias.List", func(r row) error {
		moved[r.text(0)] = r.text(1)
		return nil
	}, brand)
	return moved, err
}

// author gives the vocabulary's form of an identity.
func (as identity) author(platform, key string) adalid.Author {
	a := adalid.Author{
		Platform: adalid.Platform(platform), Key: key, Handle: as.handle, Name: as.name,
		Bio: as.bio, URL: as.url, Created: as.created.time(),
	}
	if as.verified >= 0 {
		v := as.verified == 1
		a.Verified = &v
	}
	return a
}
