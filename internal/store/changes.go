package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"adalid"
	"adalid/internal/rank"
)

// news is what a transaction changed of a brand that a ranking is made of.
type news struct {
	before, after int64 // data versions
	days          map[authorDay]bool
	authors       map[int64]bool // new, or seen in a new way
	all           bool           // too much or too much of a kind to tell
}

// tellMost is how much is told of one transaction, and tellInAll of the last
// ones together: an import is read as a whole.
const (
	tellMost  = 5_000
	tellInAll = 20_000
)

func (n *news) size() int { return len(n.days) + len(n.authors) + 1 }

// newsOf gives what the transaction notes of a brand.
func (x *session) newsOf(brand int64) *news {
	n := x.told[brand]
	if n == nil {
		n = &news{days: map[authorDay]bool{}, authors: map[int64]bool{}}
		if x.told == nil {
			x.told = map[int64]*news{}
		}
		x.told[brand] = n
	}
	return n
}

// noteDays notes on which authors' days roll-ups or edges change.
func (n *news) noteDays(t total) {
	if n.all = n.all || len(t.rows)+len(t.dirty)+len(t.edges) > tellMost; n.all {
		return
	}
	for _, r := range t.rows {
		n.days[authorDay{r.Account, r.Day}] = true
	}
	for _, d := range t.dirty {
		n.days[d] = true
	}
	for _, e := range t.edges {
		n.days[authorDay{e.source, e.day}] = true
	}
}

// chronicle remembers the last changes that this process made to brands, so
// that what was read before them can follow.
type chronicle struct {
	mu     sync.Mutex
	brands map[int64][]*news
	sizes  map[int64]int
}

// add comes before the transaction ends: whoever sees the new version finds
// what led to it.
func (c *chronicle) add(told map[int64]*news) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.brands == nil {
		c.brands, c.sizes = map[int64][]*news{}, map[int64]int{}
	}
	for brand, n := range told {
		if n.after == 0 {
			continue // nothing that anybody sees
		}
		c.brands[brand] = append(c.brands[brand], n)
		c.sizes[brand] += n.size()
		for c.sizes[brand] > tellInAll {
			c.sizes[brand] -= c.brands[brand][0].size()
			c.brands[brand] = c.brands[brand][1:]
		}
	}
}

// drop takes back what was added for a transaction that failed.
func (c *chronicle) drop(told map[int64]*news) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for brand, n := range told {
		if i := slices.Index(c.brands[brand], n); i >= 0 {
			c.sizes[brand] -= n.size()
			c.brands[brand] = slices.Delete(c.brands[brand], i, i+1)
		}
	}
}

// between gives what changed from one version to another, false when that is
// not known: another process may have written in between.
func (c *chronicle) between(brand, from, to int64) (days map[authorDay]bool, authors map[int64]bool, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	days, authors = map[authorDay]bool{}, map[int64]bool{}
	for _, n := range c.brands[brand] {
		if n.before != from {
			continue
		}
		if n.all {
			return nil, nil, false
		}
		maps.Copy(days, n.days)
		maps.Copy(authors, n.authors)
		from = n.after
	}
	return days, authors, from == to
}

// Changes tells what is different between two data versions of a brand, as far
// as this process brought about the later one; it implements rank.Changer.
func (s *Store) Changes(ctx context.Context, brand string, from, to int64) (c rank.Changes, known bool, err error) {
	err = s.read(ctx, "read changes", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil || b.version != to {
			return err
		}
		var days map[authorDay]bool
		var authors map[int64]bool
		if days, authors, known = s.chronicle.between(b.id, from, to); !known {
			return nil
		}
		if c.Accounts, err = accountsByID(x, b.id, slices.Sorted(maps.Keys(authors))); err != nil {
			return err
		}
		for _, d := range slices.SortedFunc(maps.Keys(days), authorDay.compare) {
			if err := readDay(x, b.id, d, &c); err != nil {
				return err
			}
		}
		return nil
	})
	return c, known && err == nil, err
}

// readDay adds what there is of an author's day.
func readDay(x *session, brand int64, d authorDay, c *rank.Changes) error {
	c.Days = append(c.Days, rank.AccountDay{Day: d.day, Account: d.author})
	err := x.query("rollup.AuthorDay", func(r row) error {
		c.Rows = append(c.Rows, scanRollup(r))
		return nil
	}, brand, d.day, d.author)
	if err != nil {
		return err
	}
	return x.query("edge.AuthorDay", func(r row) error {
		c.Edges = append(c.Edges, scanEdge(r))
		return nil
	}, brand, d.day, d.author)
}

// compare orders by day and author.
func (d authorDay) compare(o authorDay) int {
	return cmp.Or(cmp.Compare(d.day, o.day), cmp.Compare(d.author, o.author))
}

// accountsByID gives some accounts as Accounts does.
func accountsByID(x *session, brand int64, ids []int64) ([]rank.Account, error) {
	accounts, err := ownAccounts(x, brand)
	if err != nil {
		return nil, err
	}
	own := newOwnRules(accounts)
	list := make([]rank.Account, 0, len(ids))
	for _, id := range ids {
		var shown []profileRow
		err := x.query("profile.OfAuthor", func(r row) error {
			shown = append(shown, profileRow{id, r.int(0), r.text(1), r.text(2)})
			return nil
		}, brand, id)
		if err != nil {
			return nil, err
		}
		_, err = x.one("author.Listed", func(r row) error {
			a := rank.Account{ID: r.int(0), Platform: adalid.Platform(r.text(1)), Key: r.text(2), Person: r.text(3)}
			list = append(list, own.completed(a, shown))
			return nil
		}, brand, id)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// completed adds its profiles to an account, and whether it is the brand's own.
func (o ownRules) completed(a rank.Account, shown []profileRow) rank.Account {
	a.Own = o.key(string(a.Platform), a.Key)
	for _, p := range shown {
		for int64(len(a.Profiles)) < p.n {
			a.Profiles = append(a.Profiles, rank.Profile{})
		}
		a.Profiles = append(a.Profiles, rank.Profile{Handle: p.handle, Name: p.name})
		a.Own = a.Own || o.handle(string(a.Platform), p.handle)
	}
	return a
}
