package rank

import (
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
	mark      int64 // State.Mark of the version
	rules     []adalid.OwnAccount
	platforms []adalid.Platform // in alphabetical order
	langs     []string          // tags as stored, by number
	langOf    map[string]int32

	// Accounts by platform and key, so that nothing depends on the store's
	// numbers; those of a platform are neighbours.
	accounts      []account
	keys          texts
	stored        []int32 // place of the account with a number of the store, −1: none
	platformStart []int32 // accounts of platform p are [platformStart[p], platformStart[p+1])

	// Profiles of account a are [profileStart[a], profileStart[a+1]).
	profileStart []int32
	profiles     []profile
	shownHandles texts // by profile, as written
	shownNames   texts

	// People by id, each with its accounts.
	people      texts
	personStart []int32
	personHas   []int32

	// Targets of edges by platform and name; those of platform p are
	// [handleStart[p], handleStart[p+1]).
	handles     texts // lower case
	handleStart []int32

	rows  rows
	edges edges

	mu       sync.Mutex
	busy     chan struct{} // holds one token; who has it computes a window
	windows  []*window     // most recently used first
	nets     []*network    // the same
	names    []*naming     // the same
	settled  int64         // bytes of the index, nets and names, as last settled; 0: nobody asked yet
	drawing  chan struct{} // holds one token; who has it measures a graph of people
	socials  []*social     // most recently used first
	standing *standing     // of its people, the newest; nil: not read
	pipeline *pipeline     // the same
}

// account is an Account in its place.
type account struct {
	person   int32
	platform uint16
	flagged  bool // the brand's own by the row that the store keeps
	own      bool // by flag or by a rule on its key
}

// profile is one of the ways in which an account was seen.
type profile struct {
	handle int32 // in index.handles, −1 where no edge names it
	own    int32 // 1: by a rule on its handle
}

func newIndex(brand string, state State) *index {
	x := &index{
		brand: brand, version: state.DataVersion, mark: state.Mark, rules: slices.Clone(state.Own),
		busy: make(chan struct{}, 1), drawing: make(chan struct{}, 1),
	}
	x.busy <- struct{}{}
	x.drawing <- struct{}{}
	return x
}

// columns are all of the index that a snapshot keeps as it is.
func (x *index) columns() []column {
	list := []column{
		vector[account]{&x.accounts},
		vector[int32]{&x.stored},
		vector[int32]{&x.platformStart},
		vector[int32]{&x.profileStart},
		vector[profile]{&x.profiles},
		vector[int32]{&x.personStart},
		vector[int32]{&x.personHas},
		vector[int32]{&x.handleStart},
	}
	for _, t := range []*texts{&x.keys, &x.shownHandles, &x.shownNames, &x.people, &x.handles} {
		list = append(list, t.columns()...)
	}
	return append(append(list, x.rows.columns()...), x.edges.columns()...)
}

// accountOf gives the place of an account by the store's number, −1: none.
func (x *index) accountOf(id int64) int32 {
	if id < 0 || id >= int64(len(x.stored)) {
		return -1
	}
	return x.stored[id]
}

// platform gives the number of a platform; false when nobody wrote there.
func (x *index) platform(name adalid.Platform) (uint16, bool) {
	p, ok := slices.BinarySearch(x.platforms, name)
	return uint16(p), ok
}

// lang gives the number of a language tag, −1: none.
func (x *index) lang(tag string) int32 {
	if n, ok := x.langOf[tag]; ok {
		return n
	}
	return -1
}

// handle gives the place of a target of edges, −1: none.
func (x *index) handle(platform uint16, name string) int32 {
	i, ok := x.handles.find(name, int(x.handleStart[platform]), int(x.handleStart[platform+1]))
	if !ok {
		return -1
	}
	return int32(i)
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
