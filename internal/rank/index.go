package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"adalid"
)

// index is a brand's data of one version as columns. It never changes, but for
// the windows that it remembers.
type index struct {
	brand     string
	version   int64
	rules     []adalid.OwnAccount
	platforms []adalid.Platform // in alphabetical order
	langs     []string          // tags as stored, by number
	langOf    map[string]int32
	loaded    bool // nothing new gets a number any more

	// Accounts by platform and key, so that nothing depends on the store's
	// numbers; those of a platform are neighbours.
	accountOf     map[int64]int32
	accounts      []account
	platformStart []int32 // accounts of platform p are [platformStart[p], platformStart[p+1])

	// People by id, each with its accounts.
	people      []string
	personStart []int32
	personHas   []int32

	handles  []handle // targets of edges, by platform and name
	handleOf map[handle]int32

	rows  rows
	edges edges

	mu       sync.Mutex
	busy     chan struct{} // holds one token; who has it computes a window
	windows  []*window     // most recently used first
	nets     []*network    // the same
	names    []*naming     // the same
	standing *standing     // of its people, the newest; nil: not read
}

// account is an Account in its place.
type account struct {
	platform uint16
	own      bool // by flag or by a rule on its key
	person   int32
	key      string
	profiles []profile
}

type profile struct {
	Profile
	handle int32 // in index.handles, −1 where no edge names it
	own    bool  // by a rule on its handle
}

// handle is a name on a platform, lower case.
type handle struct {
	platform uint16
	name     string
}

// load reads a brand's data.
func load(ctx context.Context, store Store, brand string, state State) (*index, error) {
	x := &index{
		brand: brand, version: state.DataVersion, rules: slices.Clone(state.Own), busy: make(chan struct{}, 1),
		langOf: map[string]int32{}, accountOf: map[int64]int32{}, handleOf: map[handle]int32{},
	}
	x.busy <- struct{}{}
	if err := x.loadAccounts(ctx, store, brand); err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	err := store.Days(ctx, brand, func(r Row) error { return x.rows.add(x, r) })
	if err != nil {
		return nil, fmt.Errorf("days: %w", err)
	}
	var raw []Edge
	err = store.Edges(ctx, brand, func(e Edge) error {
		if e.Day != NoDay {
			raw = append(raw, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("edges: %w", err)
	}
	x.numberHandles(raw)
	x.edges = x.combine(raw)
	x.loaded = true
	return x, nil
}

// loadAccounts puts accounts, platforms and people in order.
func (x *index) loadAccounts(ctx context.Context, store Store, brand string) error {
	var all []Account
	err := store.Accounts(ctx, brand, func(a Account) error {
		all = append(all, a)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b Account) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
	})
	persons := make([]string, len(all))
	for i, a := range all {
		persons[i] = a.Person
	}
	slices.Sort(persons)
	x.people = slices.Compact(persons)

	rules := rulesOf(x.rules)
	x.accounts = make([]account, len(all))
	x.personStart = make([]int32, len(x.people)+1)
	for i, a := range all {
		if n := len(x.platforms); n == 0 || x.platforms[n-1] != a.Platform {
			x.platforms = append(x.platforms, a.Platform)
			x.platformStart = append(x.platformStart, int32(i))
		}
		person, _ := slices.BinarySearch(x.people, a.Person)
		x.personStart[person+1]++
		x.accountOf[a.ID] = int32(i)
		x.accounts[i] = account{
			platform: uint16(len(x.platforms) - 1), own: a.Own || rules.key(a.Platform, a.Key),
			person: int32(person), key: a.Key, profiles: rules.profiles(a),
		}
	}
	x.platformStart = append(x.platformStart, int32(len(all)))
	for i := range x.people {
		x.personStart[i+1] += x.personStart[i]
	}
	x.personHas = make([]int32, len(all))
	at := slices.Clone(x.personStart)
	for i, a := range x.accounts {
		x.personHas[at[a.person]] = int32(i)
		at[a.person]++
	}
	return nil
}

// ownRules are the own accounts by what names them.
type ownRules map[adalid.OwnAccount]bool

func rulesOf(own []adalid.OwnAccount) ownRules {
	rules := ownRules{}
	for _, o := range own {
		if o.Handle != "" {
			rules[adalid.OwnAccount{Platform: o.Platform, Handle: strings.ToLower(o.Handle)}] = true
		}
		if o.Key != "" {
			rules[adalid.OwnAccount{Platform: o.Platform, Key: o.Key}] = true
		}
	}
	return rules
}

func (o ownRules) key(p adalid.Platform, key string) bool {
	return o[adalid.OwnAccount{Platform: p, Key: key}] || o[adalid.OwnAccount{Key: key}]
}

func (o ownRules) handle(p adalid.Platform, name string) bool {
	return o[adalid.OwnAccount{Platform: p, Handle: name}] || o[adalid.OwnAccount{Handle: name}]
}

func (o ownRules) profiles(a Account) []profile {
	ps := make([]profile, len(a.Profiles))
	for i, p := range a.Profiles {
		ps[i] = profile{Profile: p, handle: -1}
		if p.Handle != "" && len(o) > 0 {
			ps[i].own = o.handle(a.Platform, strings.ToLower(p.Handle))
		}
	}
	return ps
}

// platform gives the number of a platform; false when nobody wrote there.
func (x *index) platform(name adalid.Platform) (uint16, bool) {
	i, ok := slices.BinarySearch(x.platforms, name)
	return uint16(i), ok
}

// lang numbers a language tag; false when the index is loaded without it.
func (x *index) lang(tag string) (int32, bool) {
	n, ok := x.langOf[tag]
	if !ok && !x.loaded {
		n, ok = int32(len(x.langs)), true
		x.langOf[tag] = n
		x.langs = append(x.langs, tag)
	}
	return n, ok
}

// numberHandles numbers the targets of edges in order, so that nothing depends
// on the order in which the store names them, and points profiles at them.
func (x *index) numberHandles(raw []Edge) {
	for _, e := range raw {
		if p, ok := x.platform(e.Platform); ok {
			x.handleOf[handle{p, e.Target}] = 0
		}
	}
	x.handles = make([]handle, 0, len(x.handleOf))
	for h := range x.handleOf {
		x.handles = append(x.handles, h)
	}
	slices.SortFunc(x.handles, func(a, b handle) int {
		return cmp.Or(cmp.Compare(a.platform, b.platform), cmp.Compare(a.name, b.name))
	})
	for i, h := range x.handles {
		x.handleOf[h] = int32(i)
	}
	for i := range x.accounts {
		a := &x.accounts[i]
		for j := range a.profiles {
			if n, ok := x.handleOf[handle{a.platform, strings.ToLower(a.profiles[j].Handle)}]; ok {
				a.profiles[j].handle = n
			}
		}
	}
}
