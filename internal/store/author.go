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

// account is an author with all of its profiles.
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

// cacheSize bounds each of the two halves of an authorCache: 20 MB.
const cacheSize = 400_000

// authorCache remembers the authors met last, each with the profile met last.
// It holds no pointers, so that its size costs the garbage collector nothing.
// Ids and profile numbers only become wrong when some are removed, which raises
// the brand's epoch.
type authorCache struct {
	young, old map[authorHash]cachedAuthor
	epochs     map[int64]int64
	seeds      [2]maphash.Seed
}

// authorHash stands for an accountKey; at 128 bits two never meet.
type authorHash [2]uint64

type cachedAuthor struct {
	id, n   int64
	profile uint64 // hash of profile n
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
		c.young, c.old, c.epochs = map[authorHash]cachedAuthor{}, map[authorHash]cachedAuthor{}, map[int64]int64{}
		c.seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	}
	c.epochs[brand] = epoch
}

func (c *authorCache) hash(k accountKey) authorHash {
	return authorHash{maphash.Comparable(c.seeds[0], k), maphash.Comparable(c.seeds[1], k)}
}

func (c *authorCache) profileHash(as identity) uint64 { return maphash.Comparable(c.seeds[0], as) }

// get gives an author whose profile met last is the one asked for.
func (c *authorCache) get(k authorHash, profile uint64) (cachedAuthor, bool) {
	a, ok := c.young[k]
	if !ok {
		if a, ok = c.old[k]; ok {
			c.put(k, a)
		}
	}
	return a, ok && a.profile == profile
}

func (c *authorCache) put(k authorHash, a cachedAuthor) {
	if len(c.young) >= cacheSize {
		c.young, c.old = map[authorHash]cachedAuthor{}, c.young
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

// unresolved is a post whose author or profile the cache does not know.
type unresolved struct {
	*post
	key     accountKey
	hash    authorHash
	profile uint64
}

// resolve sets author and profile of every post and writes those that are new.
func (r *resolver) resolve(posts []*post) error {
	var open []unresolved
	for _, p := range posts {
		u := unresolved{post: p, key: accountKey{r.brand, p.platform, p.key}, profile: r.cache.profileHash(p.as)}
		u.hash = r.cache.hash(u.key)
		if a, ok := r.cache.get(u.hash, u.profile); ok {
			p.author, p.fact.profile = a.id, a.n
			continue
		}
		open = append(open, u)
	}
	found, err := r.load(open)
	if err != nil {
		return err
	}
	for _, u := range open {
		a := found[u.key]
		if a == nil {
			a = &account{id: r.next}
			r.next++
			found[u.key] = a
			r.added = append(r.added, newAuthor{a.id, u.platform, u.post.key})
		}
		n, ok := a.profile(u.profile)
		if !ok {
			n = a.freeProfile()
			a.profiles = append(a.profiles, profileRef{u.profile, n})
			r.shown = append(r.shown, newProfile{a.id, n, u.as})
		}
		u.author, u.fact.profile = a.id, n
		r.cache.put(u.hash, cachedAuthor{a.id, n, u.profile})
	}
	return r.write()
}

// load reads the authors of the posts that the database knows.
func (r *resolver) load(posts []unresolved) (map[accountKey]*account, error) {
	found := map[accountKey]*account{}
	asked := make([]accountKey, 0, len(posts))
	for _, p := range posts {
		if _, ok := found[p.key]; ok {
			continue
		}
		found[p.key] = nil
		if r.known.author(p.key) {
			asked = append(asked, p.key)
		}
	}
	err := r.x.lookup(lookup{
		name: "author.ByKeys", n: len(asked), width: 1, rest: []any{r.brand},
		key: func(i int) { r.x.text(personID(asked[i].platform, asked[i].key)) },
	}, func(row row) error {
		k := accountKey{r.brand, row.text(0), row.text(1)}
		a := found[k]
		if a == nil {
			a = &account{id: row.int(2)}
			found[k] = a
		}
		a.profiles = append(a.profiles, profileRef{r.cache.profileHash(scanIdentity(row.after(4))), row.int(3)})
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
	err := r.x.insert("author.Insert", len(r.added), func(i int) {
		a := r.added[i]
		r.x.int(r.brand)
		r.x.int(a.id)
		r.x.text(personID(a.platform, a.key))
		r.x.text(a.platform)
		r.x.text(a.key)
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
