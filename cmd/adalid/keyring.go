package main

import (
	"context"
	"sync"
	"time"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/store"
	"adalid/web/api"
)

// keyring opens API keys. When a key was used is written once a minute, beside the
// requests.
type keyring struct {
	store *store.Store
	now   func() time.Time

	mu   sync.Mutex
	used map[string]time.Time // since it was last written

	work sync.WaitGroup
}

var _ api.Keys = (*keyring)(nil)

// noteUse is how often the use of keys is written.
const noteUse = time.Minute

// newKeyring works until ctx ends.
func newKeyring(ctx context.Context, s *store.Store, now func() time.Time, log func(string, error)) *keyring {
	k := &keyring{store: s, now: now, used: map[string]time.Time{}}
	k.work.Go(func() {
		every(ctx, noteUse, func() {
			if err := k.write(ctx); err != nil && ctx.Err() == nil {
				log("note the use of keys", err)
			}
		})
		if err := k.write(context.WithoutCancel(ctx)); err != nil {
			log("note the use of keys", err)
		}
	})
	return k
}

// wait returns when the last use is written; the context of newKeyring ends it.
func (k *keyring) wait() { k.work.Wait() }

func (k *keyring) write(ctx context.Context) error {
	k.mu.Lock()
	used := k.used
	k.used = map[string]time.Time{}
	k.mu.Unlock()
	if len(used) == 0 {
		return nil
	}
	return k.store.UseKeys(ctx, used)
}

// OpenKey implements api.Keys. The database is asked each time: a key that is
// revoked, by whichever process, does not open from then on.
func (k *keyring) OpenKey(ctx context.Context, text string) (account.Actor, error) {
	id, ok := account.KeyID(text)
	if !ok {
		return account.Actor{}, account.ErrKey()
	}
	key, hash, err := k.store.APIKey(ctx, id)
	if adalid.CodeOf(err) == adalid.NotFound {
		return account.Actor{}, account.ErrKey()
	}
	if err != nil {
		return account.Actor{}, err
	}
	now := k.now()
	actor, err := key.Open(text, hash, now)
	if err == nil {
		k.mu.Lock()
		k.used[id] = now
		k.mu.Unlock()
	}
	return actor, err
}

// APIKeys implements api.Keys.
func (k *keyring) APIKeys(ctx context.Context) ([]account.APIKey, error) {
	return k.store.APIKeys(ctx)
}

// RevokeKey implements api.Keys.
func (k *keyring) RevokeKey(ctx context.Context, id string) error { return k.store.RevokeKey(ctx, id) }

// MakeKey implements api.Keys.
func (k *keyring) MakeKey(ctx context.Context, key account.APIKey) (account.APIKey, string, error) {
	return makeKey(ctx, k.store, key)
}

func makeKey(ctx context.Context, s *store.Store, key account.APIKey) (account.APIKey, string, error) {
	id, text := account.NewKey()
	key.ID = id
	if err := s.AddKey(ctx, key, account.HashKey(text)); err != nil {
		return account.APIKey{}, "", err
	}
	made, _, err := s.APIKey(ctx, id)
	return made, text, err
}
