package store

import (
	"context"
	"encoding/hex"
	"time"

	"adalid"
)

// pushKept is how long the answer to a sender's key is kept, and pushHeld how
// long a key without an answer counts as being worked on: after that its
// process has ended.
const (
	pushKept = 7 * 24 * time.Hour
	pushHeld = 2 * time.Minute
)

// BeginPush takes a sender's key for the body that the hash is of. It gives the
// stored answer where this was answered before, nil where the caller is to do
// the work and then to call EndPush. Invalid when the key came with another
// body, Conflict while the same request is being worked on.
func (s *Store) BeginPush(ctx context.Context, brand, key string, body []byte) (answer []byte, err error) {
	err = s.write(ctx, "take a sender's key", func(x *session) error {
		answer = nil
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		if key, err = s.pushKey(x, b, key); err != nil {
			return err
		}
		now := s.now()
		mine, err := x.exec("pushed.Begin", b.id, key, body, now.Unix(), now.Add(-pushHeld).Unix())
		if err != nil || mine > 0 {
			return err
		}
		same, done := false, ""
		if _, err = x.one("pushed.Get", func(r row) error {
			done, same = r.text(0), r.int(1) != 0
			return nil
		}, b.id, key, body); err != nil {
			return err
		}
		switch {
		case !same:
			return adalid.Errorf(adalid.Invalid, "this key was used for another body; a key belongs to one request")
		case done == "":
			return adalid.Errorf(adalid.Conflict, "the same request is being worked on; ask again in a moment")
		}
		answer = []byte(done)
		return nil
	})
	return answer, err
}

// pushKey is the key as it is stored: one that names somebody who was erased only
// as what it is recognised by.
func (s *Store) pushKey(x *session, b brandRow, key string) (string, error) {
	list, err := s.suppressing(x)
	if err != nil || newRedactor(list, b.Name).text("", key) == key {
		return key, err
	}
	h, err := s.hash()
	if err != nil {
		return "", err
	}
	e := h.Name("pushed", key)
	return hex.EncodeToString(e[:]), nil
}

// EndPush keeps the answer for repetitions; nil gives the key back, for a
// request that failed.
func (s *Store) EndPush(ctx context.Context, brand, key string, answer []byte) error {
	return s.write(ctx, "keep the answer to a sender's key", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		if key, err = s.pushKey(x, b, key); err != nil {
			return err
		}
		if answer == nil {
			_, err = x.exec("pushed.Drop", b.id, key)
		} else {
			list, listed := s.suppressing(x)
			if listed != nil {
				return listed
			}
			_, err = x.exec("pushed.End", newRedactor(list, b.Name).text("", string(answer)), s.now().Unix(), b.id, key)
		}
		return err
	})
}

// PrunePushed forgets answers that are older than a week.
func (s *Store) PrunePushed(ctx context.Context) error {
	return s.write(ctx, "forget old answers", func(x *session) error {
		_, err := x.exec("pushed.Prune", s.now().Add(-pushKept).Unix())
		return err
	})
}
