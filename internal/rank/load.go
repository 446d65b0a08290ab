package rank

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// load reads a brand's data: roll-ups, accounts and edges beside each other. The
// names of accounts are put in order while the others are still being read.
func load(ctx context.Context, store Store, brand string, state State) (*index, error) {
	x := newIndex(brand, state)
	days, ties := arrivedRows{}, ties{}
	err := together(ctx, func(ctx context.Context) error {
		return wrapped("days", store.Days(ctx, brand, days.add))
	}, func(ctx context.Context) error {
		return wrapped("accounts", x.loadAccounts(ctx, store))
	}, func(ctx context.Context) error {
		if err := store.Edges(ctx, brand, ties.add); err != nil {
			return wrapped("edges", err)
		}
		ties.byName = ties.names.sorted()
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.langs = days.langs.strings()
	x.numberLangs()
	beside(func() {
		x.rows = days.joined()
		x.rows.number(x)
	}, func() {
		x.numberHandles(&ties)
		x.edges = combine(ties.list)
	})
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

// beside does what cannot fail at once.
func beside(all ...func()) {
	var wait sync.WaitGroup
	for _, do := range all {
		wait.Go(do)
	}
	wait.Wait()
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

// ties are edges in the order in which the store gives them, by day. Until
// numberHandles a source is the store's number and a target that of a name.
type ties struct {
	list   []tie
	names  interner
	byName []int32 // the names in order
}

func (t *ties) add(e Edge) error {
	if e.Day == NoDay || e.Source < 0 || e.Source > maxAccount {
		return nil
	}
	t.list = append(roomy(t.list), tie{e.Day, int32(e.Source), t.names.number(e.Target), e.Weight, e.Kind})
	return nil
}

// numberHandles numbers the targets of edges by platform and in order, so that
// nothing depends on the order in which the store names them, points profiles at
// them, and leaves out edges of unknown accounts.
func (x *index) numberHandles(t *ties) {
	places := make([][]int32, len(x.platforms)) // by platform: number → place
	for p := range places {
		places[p] = filled(t.names.len(), -1)
	}
	known := t.list[:0]
	for _, e := range t.list {
		if e.source = x.accountOf(int64(e.source)); e.source >= 0 {
			places[x.accounts[e.source].platform][e.target] = 0
			known = append(known, e)
		}
	}
	t.list = known
	for p := range places {
		x.handleStart = append(x.handleStart, int32(x.handles.len()))
		for _, n := range t.byName {
			if places[p][n] >= 0 {
				places[p][n] = int32(x.handles.len())
				x.handles.addBytes(t.names.bytes(n))
			}
		}
	}
	x.handleStart = append(x.handleStart, int32(x.handles.len()))
	for i := range t.list {
		e := &t.list[i]
		e.target = places[x.accounts[e.source].platform][e.target]
	}
	for p := range places {
		x.pointProfiles(p, &t.names, places[p])
	}
}

// pointProfiles tells the profiles of a platform under which target they are
// named.
func (x *index) pointProfiles(platform int, in *interner, place []int32) {
	from, to := x.profileStart[x.platformStart[platform]], x.profileStart[x.platformStart[platform+1]]
	inParts(int(to-from), 1<<14, func(low, high int) {
		for p := from + int32(low); p < from+int32(high); p++ {
			name := x.shownHandles.bytes(p)
			n, named := int32(0), false
			if isLower(name) {
				n, named = in.find(string(name)) // which allocates nothing
			} else {
				n, named = in.find(strings.ToLower(string(name)))
			}
			if named {
				x.profiles[p].handle = place[n]
			}
		}
	})
}

// isLower tells whether a text is its own lower case for certain.
func isLower(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
