package rank

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"adalid"
)

// mostNamed is how many people an ambiguous name lists.
const mostNamed = 10

// FindPerson gives the id of the person whom a name means in the window of a query: a
// person's id, a handle with or without @, platform:handle, or platform:key.
// Handles are those borne last; where nobody bears it, those borne before.
// NotFound when nobody is called so, Invalid when several are, with their ids.
func (r *Ranker) FindPerson(ctx context.Context, brand, name string, q Query) (string, error) {
	if err := CheckName(name); err != nil {
		return "", err
	}
	q, err := r.complete(ctx, brand, q)
	if err != nil {
		return "", err
	}
	q.Offset, q.Limit = 0, 0
	var all []found
	platforms := []adalid.Platform{q.Platform}
	if q.Platform == "" {
		platforms = append(platforms, adalid.YouTube)
	}
	for _, p := range platforms {
		q.Platform = p
		w, err := r.window(ctx, brand, q)
		if err != nil {
			return "", fmt.Errorf("rank: find: %w", err)
		}
		if i, ok := w.find(name); ok {
			return w.index.people.at(w.people[i]), nil
		}
		all = append(all, w.called(name)...)
		if p == "" && w.apart == 0 {
			break
		}
	}
	best := 0
	for _, f := range all {
		best = max(best, f.how)
	}
	all = slices.DeleteFunc(all, func(f found) bool { return f.how < best })
	slices.SortFunc(all, func(a, b found) int { return strings.Compare(a.id+a.shown, b.id+b.shown) })
	all = slices.CompactFunc(all, func(a, b found) bool { return a.id == b.id })
	switch len(all) {
	case 0:
		return "", adalid.Errorf(adalid.NotFound, "there is no such person with a mention of the brand in this window; a person is named by id (rank --json has it), by @handle, by the name shown, or by platform:handle")
	case 1:
		return all[0].id, nil
	}
	named := make([]Namesake, len(all))
	for i, f := range all {
		named[i] = Namesake{f.id, f.shown}
	}
	return "", SeveralCalled(named)
}

// CheckName refuses a name that names nobody, such as "", "@" or "x:": it would
// fit whoever has no display name.
func CheckName(name string) error {
	rest := strings.TrimRight(strings.TrimSpace(name), "@ ")
	if rest == "" || strings.HasSuffix(rest, ":") || strings.HasSuffix(rest, "/") {
		return adalid.Errorf(adalid.Invalid, "%q names nobody; name a person by id, by @handle or by platform:handle", name)
	}
	return nil
}

// found is somebody who is called by a name.
type found struct {
	id, shown string
	how       int
}

// Namesake is one of several people who are called by one name.
type Namesake struct {
	ID    string // the person's
	Shown string // platform:handle, which names one of them
}

// SeveralCalled is the Invalid error of a name that means several people: whoever
// asked has to see whom to choose from.
func SeveralCalled(list []Namesake) error {
	var texts []string
	for i, n := range list {
		if i == mostNamed {
			texts = append(texts, "…")
			break
		}
		texts = append(texts, n.Shown+" (id "+n.ID+")")
	}
	return adalid.Errorf(adalid.Invalid, "%d people are called so: %s; name one of them by platform:handle or id", len(list), strings.Join(texts, ", "))
}

// called lists the candidates with an account of that name.
func (w *window) called(name string) (list []found) {
	platform, rest := "", name
	if at := strings.IndexAny(name, ":/"); at > 0 && slices.Contains(w.index.platforms, adalid.Platform(strings.ToLower(name[:at]))) {
		platform, rest = name[:at], name[at+1:]
	}
	rest = strings.TrimPrefix(rest, "@")
	for i := range w.people {
		for _, t := range w.accounts[w.start[i]:w.start[i+1]] {
			on := string(w.index.platformOf(t.account))
			if platform != "" && !strings.EqualFold(platform, on) {
				continue
			}
			if how := w.calls(t.account, rest, platform != ""); how > 0 {
				a := w.names.author(w.index, t.account)
				list = append(list, found{w.index.people.at(w.people[i]), on + ":" + cmp.Or(a.Handle, a.Key), how})
			}
		}
	}
	return list
}

// calls tells how well a name fits an account; 0: not at all.
func (w *window) calls(account int32, name string, byKey bool) int {
	x := w.index
	if byKey && string(x.keys.bytes(account)) == name {
		return byHandle
	}
	first, how := x.profileStart[account], 0
	for p := first; p < x.profileStart[account+1]; p++ {
		shown, now := x.shownHandles.at(p), p-first == w.names.profile[account]
		local, _, hosted := strings.Cut(shown, "@")
		switch {
		case shown != "" && now && strings.EqualFold(shown, name):
			return byHandle
		case shown != "" && strings.EqualFold(shown, name):
			how = max(how, byOldHandle)
		case hosted && local != "" && now && strings.EqualFold(local, name):
			how = max(how, byLocalPart)
		case now && strings.EqualFold(x.shownNames.at(p), name):
			how = max(how, byShownName)
		}
	}
	return how
}

// How well a name fits: the handle borne last or the account's key, a handle
// borne before, the part of a handle before its host, the name shown.
const (
	byShownName = 1 + iota
	byLocalPart
	byOldHandle
	byHandle
)
