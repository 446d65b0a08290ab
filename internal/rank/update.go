package rank

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Changer is a Store that knows what it changed lately, so that an index can
// follow without reading everything again.
type Changer interface {
	// Changes tells what is different between two data versions of a brand; false
	// when it does not know.
	Changes(ctx context.Context, brand string, from, to int64) (Changes, bool, error)
}

// Changes are the present state of what changed: accounts that are new or were
// seen under another name, and everything that was done on days on which an
// account did anything else than before.
type Changes struct {
	Accounts []Account
	Days     []AccountDay // without a row and an edge below: nothing is left of it
	Rows     []Row        // by day, account, language
	Edges    []Edge       // by day
}

// AccountDay is a day of an account.
type AccountDay struct {
	Day     int32
	Account int64 // Account.ID
}

// updated gives the index of the next data version; the old one stays as it is.
func (x *index) updated(state State, c Changes) (*index, error) {
	next := newIndex(x.brand, state)
	a := arrival{pointed: []int32{}}
	for _, is := range c.Accounts {
		if err := a.add(is); err != nil {
			return nil, err
		}
	}
	moved := next.mergeAccounts(x, &a)
	if err := next.mergeRows(x, c, moved); err != nil {
		return nil, err
	}
	next.mergeEdges(x, c, moved)
	return next, nil
}

// mergeAccounts takes over the accounts of an index with those that changed,
// and tells where each of the old ones is now.
func (next *index) mergeAccounts(x *index, a *arrival) (moved []int32) {
	if len(a.ids) == 0 {
		return next.sameAccounts(x)
	}
	both := arrival{pointed: []int32{}}
	changed := make(map[int64]int32, len(a.ids))
	for i, id := range a.ids {
		changed[id] = int32(i)
	}
	place := make([]int64, len(x.accounts)) // the store's number by place
	for id, p := range x.stored {
		if p >= 0 {
			place[p] = int64(id)
		}
	}
	for p := range x.accounts {
		if i, ok := changed[place[p]]; ok {
			both.take(a, i)
			delete(changed, place[p])
			continue
		}
		both.takeStored(x, int32(p), place[p])
	}
	for i, id := range a.ids {
		if _, left := changed[id]; left {
			both.take(a, int32(i))
		}
	}
	next.arrange(&both)
	moved = make([]int32, len(x.accounts))
	for p := range moved {
		moved[p] = next.stored[place[p]]
	}
	return moved
}

// sameAccounts takes over the accounts of an index of which none changed.
func (next *index) sameAccounts(x *index) (moved []int32) {
	next.platforms, next.accounts, next.keys, next.stored = x.platforms, x.accounts, x.keys, x.stored
	next.platformStart, next.profileStart = x.platformStart, x.profileStart
	next.profiles, next.shownHandles, next.shownNames = slices.Clone(x.profiles), x.shownHandles, x.shownNames
	next.people, next.personStart, next.personHas = x.people, x.personStart, x.personHas
	moved = make([]int32, len(x.accounts))
	for i := range moved {
		moved[i] = int32(i)
	}
	return moved
}

// lookUp stands for the target of a profile that nobody looked up yet.
const lookUp = -2

// take adds an account of another arrival.
func (a *arrival) take(from *arrival, i int32) {
	a.ids, a.flagged = append(a.ids, from.ids[i]), append(a.flagged, from.flagged[i])
	a.platform = append(a.platform, a.platforms.number(from.platforms.at(from.platform[i])))
	a.keys.addBytes(from.keys.bytes(i))
	a.persons.addBytes(from.persons.bytes(i))
	for p, to := from.profilesOf(i); p < to; p++ {
		a.handles.addBytes(from.handles.bytes(p))
		a.names.addBytes(from.names.bytes(p))
		a.pointed = append(a.pointed, lookUp)
	}
	a.profileEnd = append(a.profileEnd, int32(a.handles.len()))
}

// takeStored adds an account of an index.
func (a *arrival) takeStored(x *index, p int32, id int64) {
	is := &x.accounts[p]
	a.ids, a.flagged = append(a.ids, id), append(a.flagged, is.flagged)
	a.platform = append(a.platform, a.platforms.number(string(x.platforms[is.platform])))
	a.keys.addBytes(x.keys.bytes(p))
	a.persons.addBytes(x.people.bytes(is.person))
	for i := x.profileStart[p]; i < x.profileStart[p+1]; i++ {
		a.handles.addBytes(x.shownHandles.bytes(i))
		a.names.addBytes(x.shownNames.bytes(i))
		a.pointed = append(a.pointed, x.profiles[i].handle)
	}
	a.profileEnd = append(a.profileEnd, int32(a.handles.len()))
}

// mergeRows takes over the rows of an index but for the days that changed.
func (next *index) mergeRows(x *index, c Changes, moved []int32) error {
	next.langs = slices.Clone(x.langs)
	next.numberLangs()
	var fresh rows
	for i := range c.Rows {
		r := &c.Rows[i]
		if next.lang(r.Lang) < 0 {
			next.langs = append(next.langs, r.Lang)
			next.langOf[r.Lang] = int32(len(next.langs) - 1)
		}
		if err := fresh.add(r, next.lang(r.Lang)); err != nil {
			return err
		}
	}
	fresh.number(next)
	gone := x.changedDays(c)
	places := mergeDays(x.rows.day, fresh.day, func(i int) bool { return gone[dayOfAccount{x.rows.day[i], x.rows.account[i]}] })
	next.rows = x.rows.picked(&fresh, places)
	for i, p := range places {
		if p >= 0 {
			next.rows.account[i] = moved[next.rows.account[i]]
		}
	}
	return nil
}

// dayOfAccount is an AccountDay by the account's place.
type dayOfAccount struct{ day, account int32 }

func (x *index) changedDays(c Changes) map[dayOfAccount]bool {
	gone := make(map[dayOfAccount]bool, len(c.Days))
	for _, d := range c.Days {
		if a := x.accountOf(d.Account); a >= 0 {
			gone[dayOfAccount{d.Day, a}] = true
		}
	}
	return gone
}

// mergeDays gives the places of what stays of old and, as −1 − place, of all
// that is fresh, by day; both are.
func mergeDays(old, fresh []int32, gone func(int) bool) []int32 {
	places := make([]int32, 0, len(old)+len(fresh))
	next := 0
	for i, day := range old {
		for ; next < len(fresh) && fresh[next] < day; next++ {
			places = append(places, ^int32(next))
		}
		if !gone(i) {
			places = append(places, int32(i))
		}
	}
	for ; next < len(fresh); next++ {
		places = append(places, ^int32(next))
	}
	return places
}

// mergeEdges takes over the edges of an index but for the days that changed,
// and the names that they point at.
func (next *index) mergeEdges(x *index, c Changes, moved []int32) {
	added := make([]interner, len(next.platforms))
	for _, e := range c.Edges {
		if source := next.accountOf(e.Source); source >= 0 && e.Day != NoDay {
			added[next.accounts[source].platform].number(e.Target)
		}
	}
	targets := next.mergeHandles(x, added)
	var list []tie
	for _, e := range c.Edges {
		if t, ok := next.tie(e); ok && e.Day != NoDay {
			list = append(list, t)
		}
	}
	fresh := combine(list)
	gone := x.changedDays(c)
	places := mergeDays(x.edges.day, fresh.day, func(i int) bool { return gone[dayOfAccount{x.edges.day[i], x.edges.source[i]}] })
	next.edges = x.edges.picked(&fresh, places)
	for i, p := range places {
		if p >= 0 {
			next.edges.source[i], next.edges.target[i] = moved[next.edges.source[i]], targets[next.edges.target[i]]
		}
	}
}

// mergeHandles takes over the names that edges of an index point at with those
// that are added by platform, and tells where each of the old ones is now.
func (next *index) mergeHandles(x *index, added []interner) (moved []int32) {
	moved = make([]int32, x.handles.len())
	for p, platform := range next.platforms {
		next.handleStart = append(next.handleStart, int32(next.handles.len()))
		from, to := int32(0), int32(0)
		if old := slices.Index(x.platforms, platform); old >= 0 {
			from, to = x.handleStart[old], x.handleStart[old+1]
		}
		fresh := added[p].sorted()
		for from < to || len(fresh) > 0 {
			order := -1
			switch {
			case from == to:
				order = 1
			case len(fresh) > 0:
				order = cmp.Compare(string(x.handles.bytes(from)), string(added[p].bytes(fresh[0])))
			}
			if order <= 0 {
				moved[from] = int32(next.handles.len())
				next.handles.addBytes(x.handles.bytes(from))
				from++
			}
			if order > 0 {
				next.handles.addBytes(added[p].bytes(fresh[0]))
			}
			if order >= 0 {
				fresh = fresh[1:]
			}
		}
	}
	next.handleStart = append(next.handleStart, int32(next.handles.len()))
	next.pointAgain(moved, added)
	return moved
}

// pointAgain tells the profiles where the names that edges point at are now.
func (next *index) pointAgain(moved []int32, added []interner) {
	for i := range next.accounts {
		platform := next.accounts[i].platform
		for p := next.profileStart[i]; p < next.profileStart[i+1]; p++ {
			at := &next.profiles[p].handle
			if *at >= 0 {
				*at = moved[*at]
				continue
			}
			if *at == lookUp || added[platform].len() > 0 {
				name := strings.ToLower(string(next.shownHandles.bytes(p)))
				if _, named := added[platform].find(name); *at == lookUp || named {
					*at = next.handle(platform, name)
				}
			}
		}
	}
}
