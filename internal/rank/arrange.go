package rank

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"adalid"
)

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
	a.ids, a.flagged = append(roomy(a.ids), is.ID), append(roomy(a.flagged), is.Own)
	a.platform = append(roomy(a.platform), a.platforms.number(string(is.Platform)))
	a.keys.add(is.Key)
	a.persons.add(is.Person)
	for _, p := range is.Profiles {
		a.handles.add(p.Handle)
		a.names.add(p.Name)
	}
	a.profileEnd = append(roomy(a.profileEnd), int32(a.handles.len()))
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
	var order []int32    // of accounts, by their arrival
	var byPerson []int32 // accounts by their arrival, too
	beside(func() {
		order = x.orderAccounts(a)
	}, func() {
		byPerson = a.persons.sorted()
		x.numberPeople(a, byPerson)
	})
	x.accounts = make([]account, len(order))
	at := make([]int32, len(order)) // arrival → place
	for place, i := range order {
		at[i] = int32(place)
	}
	beside(func() {
		x.keys = a.keys.ordered(order)
		x.placeAccounts(a, order)
	}, func() {
		x.placeProfiles(a, order)
	}, func() {
		x.placePeople(byPerson, at)
	})
	x.markOwn(a)
}

// placeAccounts fills in all of the accounts but the person.
func (x *index) placeAccounts(a *arrival, order []int32) {
	if len(a.ids) > 0 {
		x.stored = filled(int(slices.Max(a.ids))+1, -1)
	}
	for p := range x.platforms {
		for place := x.platformStart[p]; place < x.platformStart[p+1]; place++ {
			i := order[place]
			x.stored[a.ids[i]] = place
			x.accounts[place].platform, x.accounts[place].flagged = uint16(p), a.flagged[i]
		}
	}
}

// placeProfiles puts the profiles in the order of their accounts.
func (x *index) placeProfiles(a *arrival, order []int32) {
	x.profileStart = append(make([]int32, 0, len(order)+1), 0)
	profiles := make([]int32, 0, a.handles.len())
	for _, i := range order {
		for p, to := a.profilesOf(i); p < to; p++ {
			profiles = append(profiles, p)
		}
		x.profileStart = append(x.profileStart, int32(len(profiles)))
	}
	x.shownHandles, x.shownNames = a.handles.ordered(profiles), a.names.ordered(profiles)
	x.profiles = make([]profile, len(profiles))
	for i, p := range profiles {
		x.profiles[i].handle = -1
		if a.pointed != nil {
			x.profiles[i].handle = a.pointed[p]
		}
	}
}

// markOwn marks the brand's own accounts and profiles.
func (x *index) markOwn(a *arrival) {
	rules := rulesOf(x.rules)
	for place := range x.accounts {
		is := &x.accounts[place]
		if is.own = is.flagged; len(rules) == 0 {
			continue
		}
		platform := x.platforms[is.platform]
		is.own = is.own || rules.key(platform, x.keys.at(int32(place)))
		for p := x.profileStart[place]; p < x.profileStart[place+1]; p++ {
			if name := x.shownHandles.bytes(p); len(name) > 0 && rules.handle(platform, strings.ToLower(string(name))) {
				x.profiles[p].own = 1
			}
		}
	}
}

// orderAccounts gives the accounts by platform and key, by their arrival, and
// sets platforms and where each begins.
func (x *index) orderAccounts(a *arrival) []int32 {
	next := make([]int32, a.platforms.len()) // where the next account of a platform belongs
	for _, p := range a.platform {
		next[p]++
	}
	x.platformStart = append(x.platformStart, 0)
	start := int32(0)
	for _, p := range a.platforms.sorted() {
		x.platforms = append(x.platforms, adalid.Platform(a.platforms.at(p)))
		start, next[p] = start+next[p], start
		x.platformStart = append(x.platformStart, start)
	}
	order := make([]int32, len(a.ids))
	for i, p := range a.platform {
		order[next[p]] = int32(i)
		next[p]++
	}
	for p := range x.platforms {
		a.keys.sort(order[x.platformStart[p]:x.platformStart[p+1]])
	}
	return order
}

// numberPeople numbers the people by id; accounts are in order of person.
func (x *index) numberPeople(a *arrival, accounts []int32) {
	x.people = texts{ends: make([]int64, 0, len(accounts)), block: make([]byte, 0, len(a.persons.block))}
	x.personStart = make([]int32, 0, len(accounts)+1)
	var last []byte
	for n, i := range accounts {
		if id := a.persons.bytes(i); n == 0 || string(id) != string(last) {
			x.personStart = append(x.personStart, int32(n))
			x.people.addBytes(id)
			last = id
		}
	}
	x.personStart = append(x.personStart, int32(len(accounts)))
}

// placePeople gives every person its accounts, in the order of their places.
func (x *index) placePeople(accounts, at []int32) {
	x.personHas = make([]int32, len(accounts))
	for n, i := range accounts {
		x.personHas[n] = at[i]
	}
	for person := range x.people.len() {
		has := x.personHas[x.personStart[person]:x.personStart[person+1]]
		if len(has) > 1 {
			slices.Sort(has)
		}
		for _, place := range has {
			x.accounts[place].person = int32(person)
		}
	}
}
