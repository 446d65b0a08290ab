package rank

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"adalid"
)

// load reads a brand's data: the roll-ups beside accounts and edges, for each
// takes about as long as the others.
func load(ctx context.Context, store Store, brand string, state State) (*index, error) {
	x := newIndex(brand, state)
	var langs interner
	ties := ties{x: x}
	err := together(ctx, func(ctx context.Context) error {
		err := store.Days(ctx, brand, func(r Row) error { return x.rows.add(&r, langs.number(r.Lang)) })
		return wrapped("days", err)
	}, func(ctx context.Context) error {
		if err := x.loadAccounts(ctx, store); err != nil {
			return wrapped("accounts", err)
		}
		if err := store.Edges(ctx, brand, ties.add); err != nil {
			return wrapped("edges", err)
		}
		x.numberHandles(&ties)
		x.edges = combine(ties.list)
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.langs = langs.strings()
	x.numberLangs()
	x.rows.number(x)
	return x, nil
}

// together does several things at once; the first that fails stops the others.
func together(ctx context.Context, all ...func(context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wait sync.WaitGroup
	var failed sync.Once
	var first error
	for _, do := range all {
		wait.Go(func() {
			if err := do(ctx); err != nil {
				failed.Do(func() { first = err; stop(err) })
			}
		})
	}
	wait.Wait()
	return first
}

func wrapped(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func (x *index) numberLangs() {
	x.langOf = make(map[string]int32, len(x.langs))
	for i, tag := range x.langs {
		x.langOf[tag] = int32(i)
	}
}

// arrival is accounts in the order in which the store gives them.
type arrival struct {
	ids           []int64
	flagged       []bool
	platform      []int32 // in platforms
	platforms     interner
	keys, persons texts
	profileEnd    []int32
	handles       texts
	names         texts
	pointed       []int32 // what the profiles point at already; none: nothing
}

func (a *arrival) add(is Account) error {
	if is.ID < 0 || is.ID > maxAccount {
		return fmt.Errorf("the number of an account is %d", is.ID)
	}
	a.ids, a.flagged = append(a.ids, is.ID), append(a.flagged, is.Own)
	a.platform = append(a.platform, a.platforms.number(string(is.Platform)))
	a.keys.add(is.Key)
	a.persons.add(is.Person)
	for _, p := range is.Profiles {
		a.handles.add(p.Handle)
		a.names.add(p.Name)
	}
	a.profileEnd = append(a.profileEnd, int32(a.handles.len()))
	return nil
}

// maxAccount bounds the store's numbers of accounts: rows keep them in 32 bits.
const maxAccount = 1<<31 - 2

// profilesOf gives the places of an account's profiles.
func (a *arrival) profilesOf(i int32) (from, to int32) {
	if i > 0 {
		from = a.profileEnd[i-1]
	}
	return from, a.profileEnd[i]
}

// loadAccounts puts accounts, platforms and people in order.
func (x *index) loadAccounts(ctx context.Context, store Store) error {
	var a arrival
	if err := store.Accounts(ctx, x.brand, a.add); err != nil {
		return err
	}
	x.arrange(&a)
	return nil
}

// arrange gives every account, profile and person its place.
func (x *index) arrange(a *arrival) {
	order := x.orderAccounts(a)
	rules := rulesOf(x.rules)
	x.keys = a.keys.ordered(order)
	x.accounts = make([]account, len(order))
	x.profileStart = append(make([]int32, 0, len(order)+1), 0)
	profiles := make([]int32, 0, a.handles.len())
	for place, i := range order {
		if id := a.ids[i]; id >= int64(len(x.stored)) {
			x.stored = append(x.stored, filled(int(id)+1-len(x.stored), -1)...)
		}
		x.stored[a.ids[i]] = int32(place)
		is := &x.accounts[place]
		is.platform, is.flagged = uint16(x.platformAt(place)), a.flagged[i]
		is.own = is.flagged || len(rules) > 0 && rules.key(x.platforms[is.platform], a.keys.at(i))
		for p, to := a.profilesOf(i); p < to; p++ {
			profiles = append(profiles, p)
		}
		x.profileStart = append(x.profileStart, int32(len(profiles)))
	}
	x.shownHandles, x.shownNames = a.handles.ordered(profiles), a.names.ordered(profiles)
	x.profiles = make([]profile, len(profiles))
	for place := range x.accounts {
		for p := x.profileStart[place]; p < x.profileStart[place+1]; p++ {
			x.profiles[p].handle = -1
			if a.pointed != nil {
				x.profiles[p].handle = a.pointed[profiles[p]]
			}
			name := x.shownHandles.bytes(p)
			if len(rules) > 0 && len(name) > 0 && rules.handle(x.platformOf(int32(place)), strings.ToLower(string(name))) {
				x.profiles[p].own = 1
			}
		}
	}
	x.orderPeople(a, order)
}

// orderAccounts gives the accounts by platform and key, by their arrival, and
// sets platforms and where each begins.
func (x *index) orderAccounts(a *arrival) []int32 {
	byName := make([]int32, a.platforms.len())
	for i := range byName {
		byName[i] = int32(i)
	}
	a.platforms.sort(byName)
	order := make([]int32, 0, len(a.ids))
	for _, p := range byName {
		x.platforms = append(x.platforms, adalid.Platform(a.platforms.at(p)))
		x.platformStart = append(x.platformStart, int32(len(order)))
		for i, of := range a.platform {
			if of == p {
				order = append(order, int32(i))
			}
		}
		a.keys.sort(order[x.platformStart[len(x.platformStart)-1]:])
	}
	x.platformStart = append(x.platformStart, int32(len(order)))
	return order
}

// platformAt gives the platform of a place among accounts.
func (x *index) platformAt(place int) int {
	p, exact := slices.BinarySearch(x.platformStart, int32(place))
	if !exact {
		return p - 1
	}
	for p+1 < len(x.platformStart) && x.platformStart[p+1] == int32(place) {
		p++
	}
	return p
}

// orderPeople numbers the people by id and gives each its accounts.
func (x *index) orderPeople(a *arrival, order []int32) {
	places := make([]int32, len(order)) // by person: places among accounts
	persons := a.persons.ordered(order)
	for i := range places {
		places[i] = int32(i)
	}
	persons.sort(places) // of the same person in order of places
	x.personHas, x.personStart = places, []int32{}
	var last []byte
	for i, place := range places {
		if id := persons.bytes(place); i == 0 || string(id) != string(last) {
			x.personStart = append(x.personStart, int32(i))
			x.people.add(string(id))
			last = id
		}
		x.accounts[place].person = int32(x.people.len() - 1)
	}
	x.personStart = append(x.personStart, int32(len(places)))
}

// ties are edges of known accounts in the order in which the store gives them,
// by day; targets are numbers of the platform's names.
type ties struct {
	x     *index
	list  []tie
	names []interner // by platform
}

func (t *ties) add(e Edge) error {
	source := t.x.accountOf(e.Source)
	if e.Day == NoDay || source < 0 {
		return nil
	}
	if t.names == nil {
		t.names = make([]interner, len(t.x.platforms))
	}
	target := t.names[t.x.accounts[source].platform].number(e.Target)
	t.list = append(t.list, tie{e.Day, source, target, e.Weight, e.Kind})
	return nil
}

// numberHandles numbers the targets of edges in order, so that nothing depends
// on the order in which the store names them, and points profiles at them.
func (x *index) numberHandles(t *ties) {
	places := make([][]int32, len(t.names)) // by platform: number → place
	for p := range x.platforms {
		x.handleStart = append(x.handleStart, int32(x.handles.len()))
		if t.names == nil {
			continue
		}
		names := &t.names[p]
		byName := make([]int32, names.len())
		for i := range byName {
			byName[i] = int32(i)
		}
		names.sort(byName)
		places[p] = make([]int32, names.len())
		for _, n := range byName {
			places[p][n] = int32(x.handles.len())
			x.handles.add(names.at(n))
		}
		x.pointProfiles(p, names, places[p])
	}
	x.handleStart = append(x.handleStart, int32(x.handles.len()))
	for i := range t.list {
		e := &t.list[i]
		e.target = places[x.accounts[e.source].platform][e.target]
	}
}

// pointProfiles tells the profiles of a platform under which target they are
// named.
func (x *index) pointProfiles(platform int, in *interner, place []int32) {
	from, to := x.platformStart[platform], x.platformStart[platform+1]
	for p := x.profileStart[from]; p < x.profileStart[to]; p++ {
		if n, ok := in.of[strings.ToLower(string(x.shownHandles.bytes(p)))]; ok {
			x.profiles[p].handle = place[n]
		}
	}
}
