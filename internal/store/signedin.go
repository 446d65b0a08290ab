package store

import (
	"context"
	"time"
)

// SignedIn gives what is kept of a session and its end, by the hash of its
// token; false where it is over.
func (s *Store) SignedIn(ctx context.Context, hash string) (data []byte, until time.Time, found bool, err error) {
	err = s.read(ctx, "read session", func(x *session) error {
		found, err = x.one("session.Get", func(r row) error {
			data, until = r.bytes(0), r.opt(1).time()
			return nil
		}, hash, s.now().Unix())
		return err
	})
	return data, until, found, err
}

// KeepSignedIn stores a session until a time, and forgets those that are over.
func (s *Store) KeepSignedIn(ctx context.Context, hash string, data []byte, until time.Time) error {
	return s.write(ctx, "store session", func(x *session) error {
		if _, err := x.exec("session.Sweep", s.now().Unix()); err != nil {
			return err
		}
		_, err := x.exec("session.Set", hash, data, seconds(until))
		return err
	})
}

// ExtendSignedIn moves the end of a session that is still there. What a power cut
// takes of it costs somebody another sign-in at most.
func (s *Store) ExtendSignedIn(ctx context.Context, hash string, until time.Time) error {
	return s.writeSynced(ctx, "extend session", false, func(x *session) error {
		_, err := x.exec("session.Extend", seconds(until), hash, s.now().Unix())
		return err
	})
}

// SignOut forgets a session, if there is one.
func (s *Store) SignOut(ctx context.Context, hash string) error {
	return s.write(ctx, "remove session", func(x *session) error {
		_, err := x.exec("session.Remove", hash)
		return err
	})
}
