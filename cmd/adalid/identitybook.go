package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"adalid"
	"adalid/internal/identity"
	"adalid/internal/store"
	"adalid/web/api"
)

// identities suggests and keeps which accounts are one person's, for the
// terminal and the API.
type identities struct {
	store *store.Store

	mu      sync.Mutex
	brand   string // of what was found last
	version int64
	found   []identity.Suggestion
}

func newIdentities(s *store.Store) *identities { return &identities{store: s} }

// forget drops what was found last.
func (i *identities) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.brand, i.version, i.found = "", 0, nil
}

// basis is what a decision rests on, as it is stored.
type basis struct {
	Confidence *float64          `json:"confidence"`
	Reasons    []identity.Reason `json:"reasons"`
}

// accounts reads the brand's public profiles.
func (i *identities) accounts(ctx context.Context, brand string) ([]identity.Account, error) {
	var list []identity.Account
	err := i.store.Shown(ctx, brand, func(id string, a adalid.Author) error {
		list = append(list, identity.Account{ID: id, Author: a})
		return nil
	})
	return list, err
}

// all gives every pair worth showing, decided or not, found once per version of
// the data. Whoever comes while somebody looks waits and gets the same.
func (i *identities) all(ctx context.Context, brand string) ([]identity.Suggestion, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	version, err := i.store.DataVersion(ctx, brand)
	if err != nil {
		return nil, err
	}
	if i.brand == brand && i.version == version {
		return i.found, nil
	}
	accounts, err := i.accounts(ctx, brand)
	if err != nil {
		return nil, err
	}
	i.brand, i.version, i.found = brand, version, identity.Find(accounts, identity.LeastShown)
	return i.found, nil
}

// SuggestIdentities leaves out what was decided and what would contradict it,
// and of two persons shows the likeliest pair of accounts only.
func (i *identities) SuggestIdentities(ctx context.Context, brand string, least float64) ([]identity.Suggestion, error) {
	found, err := i.all(ctx, brand)
	if err != nil {
		return nil, err
	}
	links, err := i.store.Links(ctx, brand, "")
	if err != nil {
		return nil, err
	}
	person := personsOf(links)
	closed := map[[2]string]bool{} // persons of whom it is known, or shown already
	for _, l := range links {
		closed[unordered(person(l.A), person(l.B))] = true
	}
	list := []identity.Suggestion{}
	for _, s := range found {
		pair := unordered(person(s.A.ID), person(s.B.ID))
		if s.Confidence < least || pair[0] == pair[1] || closed[pair] {
			continue
		}
		closed[pair] = true
		list = append(list, s)
	}
	return list, nil
}

func unordered(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// personsOf tells which account stands for another's person by accepted links.
func personsOf(links []store.Link) func(string) string {
	of := map[string]string{}
	root := func(a string) string {
		for of[a] != "" {
			a = of[a]
		}
		return a
	}
	for _, l := range links {
		if a, b := root(l.A), root(l.B); l.Accepted && a != b {
			of[max(a, b)] = min(a, b)
		}
	}
	return root
}

// Identities lists what was decided.
func (i *identities) Identities(ctx context.Context, brand, person string) ([]api.IdentityDecision, error) {
	links, err := i.store.Links(ctx, brand, person)
	if err != nil {
		return nil, err
	}
	list := make([]api.IdentityDecision, len(links))
	for n, l := range links {
		if list[n], err = decision(l); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func decision(l store.Link) (api.IdentityDecision, error) {
	var b basis
	if err := json.Unmarshal(l.Basis, &b); err != nil {
		return api.IdentityDecision{}, fmt.Errorf("basis of a link: %w", err)
	}
	return api.IdentityDecision{
		A: identity.Account{ID: l.A, Author: l.AuthorA}, B: identity.Account{ID: l.B, Author: l.AuthorB},
		Accepted: l.Accepted, Confidence: b.Confidence, Reasons: b.Reasons, By: l.By, At: l.At,
	}, nil
}

// DecideIdentity weighs the two accounts as they are now and records that beside
// the decision.
func (i *identities) DecideIdentity(ctx context.Context, brand string, names [2]string, accepted bool, by string) (api.IdentityDecision, error) {
	accounts, err := i.accounts(ctx, brand)
	if err != nil {
		return api.IdentityDecision{}, err
	}
	at, err := places(accounts, names)
	if err != nil {
		return api.IdentityDecision{}, err
	}
	if at[0] == at[1] {
		return api.IdentityDecision{}, adalid.Errorf(adalid.Invalid, "both names are those of the same account; name two")
	}
	s := identity.Compare(accounts, at[0], at[1])
	if accepted && identity.MatchingX(s.A.Platform, s.B.Platform) && !s.ForEvidence() {
		return api.IdentityDecision{}, adalid.Errorf(adalid.Conflict, "nothing on the two public profiles says that they are one person's, and X's terms allow an account of X to be matched with one elsewhere on public profile data only; see docs/identity.md")
	}
	text, err := json.Marshal(basis{&s.Confidence, s.Reasons})
	if err != nil {
		return api.IdentityDecision{}, fmt.Errorf("basis of a link: %w", err)
	}
	l, err := i.store.Decide(ctx, brand, store.Link{A: s.A.ID, B: s.B.ID, Accepted: accepted, Basis: text, By: by})
	if err != nil {
		return api.IdentityDecision{}, err
	}
	a, b := accounts[at[0]], accounts[at[1]]
	if a.ID != l.A {
		a, b = b, a
	}
	l.AuthorA, l.AuthorB = a.Author, b.Author
	return decision(l)
}

// UndoIdentity takes a decision back.
func (i *identities) UndoIdentity(ctx context.Context, brand string, names [2]string) error {
	accounts, err := i.accounts(ctx, brand)
	if err != nil {
		return err
	}
	at, err := places(accounts, names)
	if err != nil {
		return err
	}
	return i.store.Undo(ctx, brand, accounts[at[0]].ID, accounts[at[1]].ID)
}

// places finds two accounts by what names them: an id, platform/handle or
// platform/key, also with a colon. Keys win over handles, which several may have had.
func places(accounts []identity.Account, names [2]string) (at [2]int, err error) {
	for n, name := range names {
		platform, rest := name, ""
		if at := strings.IndexAny(name, "/:"); at >= 0 {
			platform, rest = name[:at], name[at+1:]
		}
		platform, rest = strings.ToLower(platform), strings.TrimPrefix(rest, "@")
		by := [...]func(identity.Account) bool{
			func(a identity.Account) bool { return a.ID == name },
			func(a identity.Account) bool { return string(a.Platform) == platform && a.Key == rest },
			func(a identity.Account) bool {
				return string(a.Platform) == platform && rest != "" && strings.EqualFold(a.Handle, rest)
			},
		}
		at[n] = -1
		for _, is := range by {
			if at[n] = slices.IndexFunc(accounts, is); at[n] >= 0 {
				break
			}
		}
		if at[n] < 0 {
			return at, adalid.Errorf(adalid.NotFound, "the brand knows no account %q; name it by its id in the suggestions or as platform/handle, such as mastodon/ann@example.social", name)
		}
		is := by[2]
		if a := accounts[at[n]]; a.ID != name && a.Key != rest && slices.IndexFunc(accounts[at[n]+1:], is) >= 0 {
			return at, adalid.Errorf(adalid.Conflict, "several accounts of %s have shown the handle %q; name the one meant by its id or as platform/key", platform, rest)
		}
	}
	return at, nil
}
