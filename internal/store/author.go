package store

import (
	"cmp"
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

// accountKey names an author inside a brand.
type accountKey struct{ platform, key string }

// account is an author with all of its profiles.
type account struct {
	accountKey
	person   string // which the author is by itself: the index's key
	id       int64  // 0: not stored yet
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
	young, old map[cacheKey]cachedAuthor
	epochs     map[int64]int64
	seeds      [2]maphash.Seed // made once: what keeps hashes outlives a drop
}

// cacheKey stands for an accountKey of a brand: at 128 bits two never meet.
type cacheKey struct {
	brand   int64
	account [2]uint64
}

type cachedAuthor struct {
	id, n   int64
	profile uint64 // hash of profile n
}

// hashes stand for a post, whose it is and how the author presented itself.
type hashes struct {
	mention uint64
	account [2]uint64
	profile uint64
}

func newAuthorCache() authorCache {
	return authorCache{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
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
		c.young, c.old, c.epochs = map[cacheKey]cachedAuthor{}, map[cacheKey]cachedAuthor{}, map[int64]int64{}
	}
	c.epochs[brand] = epoch
}

// hash may be called by any goroutine.
func (c *authorCache) hash(p *post) hashes {
	return hashes{
		mention: maphash.Comparable(c.seeds[0], p.mentionKey()),
		account: c.account(accountKey{p.platform, p.key}),
		profile: c.profileHash(p.as),
	}
}

func (c *authorCache) account(k accountKey) [2]uint64 {
	return [2]uint64{maphash.Comparable(c.seeds[0], k), maphash.Comparable(c.seeds[1], k)}
}

func (c *authorCache) profileHash(as identity) uint64 { return maphash.Comparable(c.seeds[0], as) }

// get gives an author whose profile met last is the one asked for.
func (c *authorCache) get(k cacheKey, profile uint64) (cachedAuthor, bool) {
	a, ok := c.young[k]
	if !ok {
		if a, ok = c.old[k]; ok {
			c.put(k, a)
		}
	}
	return a, ok && a.profile == profile
}

func (c *authorCache) put(k cacheKey, a cachedAuthor) {
	if len(c.young) >= cacheSize {
		c.young, c.old = map[cacheKey]cachedAuthor{}, c.young
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
	now   int64 // unix seconds
	added []*account
	shown []newProfile
}

type newProfile struct {
	author, n int64
	as        identity
}

func (s *Store) newResolver(x *session, brand int64, known *brandSeen) (*resolver, error) {
	r := &resolver{x: x, brand: brand, cache: &s.cache, known: known, now: s.now().Unix()}
	_, err := x.one("author.MaxID", func(row row) error {
		r.next = row.int(0) + 1
		return nil
	}, brand)
	r.first = r.next
	return r, err
}

// resolve sets author and profile of every post; write makes those that are new.
func (r *resolver) resolve(posts []*post) error {
	var open []*post
	for _, p := range posts {
		if a, ok := r.cache.get(r.cacheKey(p), p.hashes.profile); ok {
			p.author, p.profile = a.id, a.n
			continue
		}
		open = append(open, p)
	}
	accounts, err := r.load(open)
	if err != nil {
		return err
	}
	r.add()
	for _, p := range open {
		a := accounts[p.hashes.account]
		n, ok := a.profile(p.hashes.profile)
		if !ok {
			n = a.freeProfile()
			a.profiles = append(a.profiles, profileRef{p.hashes.profile, n})
			r.shown = append(r.shown, newProfile{a.id, n, p.as})
		}
		p.author, p.profile = a.id, n
		r.cache.put(r.cacheKey(p), cachedAuthor{a.id, n, p.hashes.profile})
	}
	return nil
}

func (r *resolver) cacheKey(p *post) cacheKey { return cacheKey{r.brand, p.hashes.account} }

// load gives the authors of the posts by their hashes and notes those that the
// database does not know.
func (r *resolver) load(posts []*post) (map[[2]uint64]*account, error) {
	accounts := make(map[[2]uint64]*account, len(posts))
	asked := make([]*account, 0, len(posts))
	for _, p := range posts {
		if accounts[p.hashes.account] != nil {
			continue
		}
		a := &account{accountKey: accountKey{p.platform, p.key}, person: personID(p.platform, p.key)}
		accounts[p.hashes.account] = a
		if r.known.author(p.hashes.account) {
			asked = append(asked, a)
		} else {
			r.added = append(r.added, a)
		}
	}
	err := r.x.lookup(lookup{
		name: "author.ByKeys", n: len(asked), width: 1, rest: []any{r.brand},
		key: func(i int) { r.x.text(asked[i].person) },
	}, func(row row) error {
		a := accounts[r.cache.account(accountKey{row.text(0), row.text(1)})]
		a.id = row.int(2)
		a.profiles = append(a.profiles, profileRef{r.cache.profileHash(scanIdentity(row.after(4))), row.int(3)})
		return nil
	})
	for _, a := range asked {
		if a.id == 0 {
			r.added = append(r.added, a)
		}
	}
	return accounts, err
}

// add numbers the authors that are new. Their ids follow the order of the
// index over accounts, so that writing them walks through it once.
func (r *resolver) add() {
	slices.SortFunc(r.added, func(a, b *account) int { return cmp.Compare(a.person, b.person) })
	for _, a := range r.added {
		a.id = r.next
		r.next++
	}
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
	told := r.x.newsOf(r.brand)
	if told.all = told.all || len(r.added)+len(r.shown) > tellMost; !told.all {
		for _, p := range r.shown { // who is new is shown for the first time
			told.authors[p.author] = true
		}
	}
	err := r.x.insert("author.Insert", len(r.added), func(i int) {
		a := r.added[i]
		r.x.int(r.brand)
		r.x.int(a.id)
		r.x.text(a.person)
		r.x.text(a.platform)
		r.x.text(a.key)
		r.x.int(r.now)
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
