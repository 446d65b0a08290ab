package identity

import (
	"cmp"
	"hash/fnv"
	"slices"
	"sort"
	"strings"
)

// How many accounts may share something for it to still tell who is who, and so
// how many pairs one block gives at most.
const (
	mostSharing = 8
	mostNamed   = 4
)

// use says in which way an account has a key.
type use uint8

const (
	owns   use = iota // the address is the account's own
	shows             // its profile links there
	called            // it has that handle
	bears             // it has that name
)

// entry is one key of one account.
type entry struct {
	key     uint64
	use     use
	account int32
}

// census counts who shares what. Equal hashes of different texts only bring
// more pairs to look at, or make something look more usual than it is.
type census struct {
	accounts []Account
	entries  []entry          // sorted
	servers  map[address]bool // hosts of which somebody federated is among the accounts
}

type pair struct{ a, b int32 }

func newCensus(accounts []Account) *census {
	c := &census{accounts: accounts, entries: make([]entry, 0, 4*len(accounts)), servers: map[address]bool{}}
	for i := range accounts {
		a := &accounts[i]
		for _, at := range own(a) {
			c.add(addressKey(at), owns, i)
			if server, federated := serverOf(at); federated {
				c.servers[server] = true
			}
		}
		for _, at := range links(a) {
			c.add(addressKey(at), shows, i)
		}
		if h := foldHandle(a); h != "" {
			c.add(textKey("handle", h), called, i)
		}
		if n := nameWords(a.Name); len(n) > 1 {
			c.add(textKey("name", strings.Join(n, " ")), bears, i)
		}
	}
	slices.SortFunc(c.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.use, b.use), cmp.Compare(a.account, b.account))
	})
	c.entries = slices.Compact(c.entries)
	return c
}

func (c *census) add(key uint64, u use, account int) {
	c.entries = append(c.entries, entry{key, u, int32(account)})
}

func addressKey(at address) uint64 { return textKey("at", string(at.platform), at.name) }

func textKey(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// count tells how many accounts have a key in a way.
func (c *census) count(key uint64, u use) int {
	from := sort.Search(len(c.entries), func(i int) bool { e := c.entries[i]; return e.key > key || e.key == key && e.use >= u })
	n := 0
	for from+n < len(c.entries) && c.entries[from+n].key == key && c.entries[from+n].use == u {
		n++
	}
	return n
}

// candidates gives the pairs of accounts of different platforms that share a
// key which few have, each once.
func (c *census) candidates() []pair {
	var pairs []pair
	for from := 0; from < len(c.entries); {
		to := from + 1
		for to < len(c.entries) && c.entries[to].key == c.entries[from].key {
			to++
		}
		pairs = c.block(pairs, c.entries[from:to])
		from = to
	}
	slices.SortFunc(pairs, func(x, y pair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return slices.Compact(pairs)
}

// block adds the pairs of those who share a key.
func (c *census) block(pairs []pair, of []entry) []pair {
	most := mostSharing
	if of[0].use == bears {
		most = mostNamed
	}
	if len(of) > most {
		return pairs
	}
	for i := range of {
		for _, other := range of[i+1:] {
			a, b := of[i].account, other.account
			if c.accounts[a].Platform != c.accounts[b].Platform {
				pairs = append(pairs, pair{min(a, b), max(a, b)})
			}
		}
	}
	return pairs
}
