package api

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"adalid"
	"adalid/internal/account"
)

// fakeAccess is invented sessions, keys and an audit log in memory.
type fakeAccess struct {
	fakePeople
	brands *fake

	mu      sync.Mutex
	actors  map[string]account.Actor // by the value of the cookie "as"
	keys    []account.APIKey
	texts   map[string]string // of keys, by id
	entries []account.Entry
}

// fakeKey is the id of a key that is there from the start.
const fakeKey = "aaaabbbbcccc"

func newFakeAccess(f *fake) *fakeAccess {
	return &fakeAccess{brands: f, actors: map[string]account.Actor{}, texts: map[string]string{}, keys: []account.APIKey{{ID: fakeKey, Name: "old", Role: account.Viewer}}}
}

func (f *fakeAccess) Actor(r *http.Request) (account.Actor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, err := r.Cookie("as")
	if err != nil {
		return account.Actor{}, nil
	}
	return f.actors[c.Value], nil
}

func (f *fakeAccess) OpenKey(_ context.Context, text string) (account.Actor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, _ := account.KeyID(text)
	for _, k := range f.keys {
		if k.ID == id {
			return k.Open(text, account.HashKey(f.texts[id]), fakeNow)
		}
	}
	return account.Actor{}, account.ErrKey()
}

func (f *fakeAccess) APIKeys(context.Context) ([]account.APIKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.keys), nil
}

func (f *fakeAccess) MakeKey(ctx context.Context, k account.APIKey) (account.APIKey, string, error) {
	if err := k.Check(fakeNow); err != nil {
		return k, "", err
	}
	if k.Brand != "" {
		if _, err := f.brands.Brand(ctx, k.Brand); err != nil {
			return k, "", err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id, text := account.NewKey()
	k.ID, k.Made = id, fakeNow
	f.keys, f.texts[id] = append(f.keys, k), text
	return k, text, nil
}

func (f *fakeAccess) RevokeKey(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.keys {
		if f.keys[i].ID == id {
			f.keys[i].Revoked = fakeNow
			return nil
		}
	}
	return adalid.Errorf(adalid.NotFound, "there is no such key")
}

func (f *fakeAccess) AppendAudit(_ context.Context, e account.Entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	e.N, e.At = int64(len(f.entries)+1), fakeNow
	f.entries = append(f.entries, e)
	return nil
}

func (f *fakeAccess) AuditLog(_ context.Context, q account.LogQuery) ([]account.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []account.Entry
	for _, e := range slices.Backward(f.entries) {
		if (q.Brand == "" || account.Fold(q.Brand) == account.Fold(e.Brand)) && (q.Before == 0 || e.N < q.Before) && len(list) < q.Limit {
			list = append(list, e)
		}
	}
	return list, nil
}

func (f *fakeAccess) take() []account.Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken := f.entries
	f.entries = nil
	return taken
}

func (f *fakeAccess) set(name string, a account.Actor) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actors[name] = a
}
