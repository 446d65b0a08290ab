package store

import (
	"context"
	"time"

	"adalid"
	access "adalid/internal/account"
)

func scanKey(r row) (k access.APIKey, hash string, err error) {
	k = access.APIKey{
		ID: r.text(0), Name: r.text(1), Brand: r.text(2), MadeBy: r.text(4), Made: r.opt(5).time(),
		Expires: r.opt(6).time(), Used: r.opt(7).time(), Revoked: r.opt(8).time(),
	}
	k.Role, err = access.ParseRole(r.text(3))
	return k, r.text(9), err
}

// AddKey keeps a new key with the hash of its text; NotFound when its brand is not
// stored, Invalid when it cannot be made.
func (s *Store) AddKey(ctx context.Context, k access.APIKey, hash string) error {
	now := s.now()
	if err := k.Check(now); err != nil {
		return err
	}
	return s.write(ctx, "add key", func(x *session) error {
		brand := int64(0)
		if k.Brand != access.EveryBrand {
			b, err := findBrand(x, k.Brand)
			if err != nil {
				return err
			}
			brand = b.id
		}
		_, err := x.exec("api_key.Add", k.ID, clean(k.Name), hash, brand, k.Role.String(), k.MadeBy, seconds(now), seconds(k.Expires))
		return err
	})
}

// APIKeys lists every key that was made, also those that do not open any more, the
// newest first.
func (s *Store) APIKeys(ctx context.Context) ([]access.APIKey, error) {
	var list []access.APIKey
	err := s.read(ctx, "list keys", func(x *session) error {
		return x.query("api_key.List", func(r row) error {
			k, _, err := scanKey(r)
			list = append(list, k)
			return err
		})
	})
	return list, err
}

// APIKey gives the key of an id with the hash of its text; NotFound when there is
// none.
func (s *Store) APIKey(ctx context.Context, id string) (k access.APIKey, hash string, err error) {
	err = s.read(ctx, "read key", func(x *session) error {
		found, err := x.one("api_key.Get", func(r row) (err error) {
			k, hash, err = scanKey(r)
			return err
		}, id)
		if err == nil && !found {
			err = adalid.Errorf(adalid.NotFound, "there is no such key")
		}
		return err
	})
	return k, hash, err
}

// RevokeKey ends a key and the keys that were made with it, and so on; NotFound
// when there is none of that id. Revoking one again changes nothing.
func (s *Store) RevokeKey(ctx context.Context, id string) error {
	if _, _, err := s.APIKey(ctx, id); err != nil {
		return err
	}
	return s.write(ctx, "revoke key", func(x *session) error {
		_, err := x.exec("api_key.Revoke", id, seconds(s.now()))
		return err
	})
}

// UseKeys records when keys were last used.
func (s *Store) UseKeys(ctx context.Context, used map[string]time.Time) error {
	return s.writeSynced(ctx, "note the use of keys", false, func(x *session) error {
		for id, at := range used {
			if _, err := x.exec("api_key.Use", id, seconds(at)); err != nil {
				return err
			}
		}
		return nil
	})
}
