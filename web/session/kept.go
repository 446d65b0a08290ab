package session

import (
	"context"
	"time"
)

// kept is a Store as scs wants it. What is stored are hashes of tokens, and the
// end is counted by our own clock.
type kept struct {
	store Store
	now   func() time.Time
}

// CommitCtx stores a new session.
func (k kept) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	return k.store.KeepSignedIn(ctx, hash(token), data, k.now().Add(Idle))
}

// FindCtx finds a session that is not over.
func (k kept) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, _, found, err := k.store.SignedIn(ctx, hash(token))
	return data, found, err
}

// DeleteCtx forgets a session.
func (k kept) DeleteCtx(ctx context.Context, token string) error {
	return k.store.SignOut(ctx, hash(token))
}

// Commit, Find and Delete are for callers without a context, which there are
// none of.

// Commit is CommitCtx.
func (k kept) Commit(token string, data []byte, until time.Time) error {
	return k.CommitCtx(context.Background(), token, data, until)
}

// Find is FindCtx.
func (k kept) Find(token string) ([]byte, bool, error) { return k.FindCtx(context.Background(), token) }

// Delete is DeleteCtx.
func (k kept) Delete(token string) error { return k.DeleteCtx(context.Background(), token) }
