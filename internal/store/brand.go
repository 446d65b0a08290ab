package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"adalid"
)

// brandRow is a brand as stored.
type brandRow struct {
	id, version, epoch int64
	learned, rescored  int64 // generations of the learned models
	mark               int64 // of the version
	adalid.Brand             // without own accounts
}

func scanBrand(r row) brandRow {
	return brandRow{
		id: r.int(0), version: r.int(5), epoch: r.int(6), learned: r.int(7), rescored: r.int(8), mark: r.int(9),
		Brand: adalid.Brand{Name: r.text(1), Query: r.text(2), Demo: r.int(3) != 0, Created: r.opt(4).time()},
	}
}

func folded(name string) string { return strings.ToLower(clean(name)) }

// findBrand gives the brand of a name, compared without regard to case.
func findBrand(x *session, name string) (brandRow, error) {
	var b brandRow
	found, err := x.one("brand.Get", func(r row) error {
		b = scanBrand(r)
		return nil
	}, folded(name))
	if err == nil && !found {
		err = adalid.Errorf(adalid.NotFound, "there is no brand %q", name)
	}
	return b, err
}

// touch raises a brand's data version. What changed is known where only rows
// of mention did, and all that follows from them.
func touch(x *session, brand int64) error {
	if x.told[brand] == nil {
		x.newsOf(brand).all = true
	}
	return x.raise(brand)
}

// touchState raises a brand's data version where nothing changed that is kept
// by author.
func touchState(x *session, brand int64) error {
	x.newsOf(brand)
	return x.raise(brand)
}

func (x *session) raise(brand int64) error {
	n, err := nextVersion(x)
	if err != nil {
		return err
	}
	told := x.newsOf(brand)
	if told.after == 0 {
		_, err = x.one("brand.Version", func(r row) error {
			told.before = r.int(0)
			return nil
		}, brand)
	}
	told.after = n
	if err == nil {
		_, err = x.exec("brand.SetVersion", n, brand)
	}
	return err
}

func nextVersion(x *session) (int64, error) {
	var n int64
	_, err := x.one("version.Next", func(r row) error {
		n = r.int(0)
		return nil
	})
	return n, err
}

// Brands lists the brands with their queries and own accounts, by name.
func (s *Store) Brands(ctx context.Context) ([]adalid.Brand, error) {
	var brands []adalid.Brand
	err := s.read(ctx, "list brands", func(x *session) error {
		rows, err := listBrands(x)
		if err != nil {
			return err
		}
		for _, b := range rows {
			if b.Own, err = ownAccounts(x, b.id); err != nil {
				return err
			}
			if b.Rivals, err = rivalsOf(x, b.id); err != nil {
				return err
			}
			brands = append(brands, b.Brand)
		}
		return nil
	})
	return brands, err
}

func listBrands(x *session) ([]brandRow, error) {
	var rows []brandRow
	err := x.query("brand.List", func(r row) error {
		rows = append(rows, scanBrand(r))
		return nil
	})
	return rows, err
}

// Brand gives the brand of a name, compared without regard to case; NotFound
// when there is none. Its own accounts are those named by the team and those
// that rows flagged.
func (s *Store) Brand(ctx context.Context, name string) (adalid.Brand, error) {
	var b brandRow
	err := s.read(ctx, "read brand", func(x *session) (err error) {
		if b, err = findBrand(x, name); err == nil {
			b.Own, err = ownAccounts(x, b.id)
		}
		if err == nil {
			b.Rivals, err = rivalsOf(x, b.id)
		}
		return err
	})
	return b.Brand, err
}

// CreateBrand adds a brand with its own accounts; Conflict when the name is
// taken, Invalid when it could not be addressed or read. A zero Created becomes now.
func (s *Store) CreateBrand(ctx context.Context, b adalid.Brand) error {
	if err := adalid.CheckBrandName(b.Name); err != nil {
		return err
	}
	created := seconds(b.Created)
	if !created.ok {
		created = seconds(s.now())
	}
	return s.write(ctx, "create brand", func(x *session) error {
		_, err := findBrand(x, b.Name)
		if err == nil {
			return adalid.Errorf(adalid.Conflict, "there is already a brand %q", b.Name)
		}
		if adalid.CodeOf(err) != adalid.NotFound {
			return err
		}
		n, err := nextVersion(x)
		if err != nil {
			return err
		}
		if _, err := x.exec("brand.Create", clean(b.Name), folded(b.Name), clean(b.Query), bit(b.Demo), created.v, n); err != nil {
			return err
		}
		row, err := findBrand(x, b.Name)
		if err != nil {
			return err
		}
		_, err = addOwn(x, row.id, b.Own)
		return err
	})
}

// UpdateBrand changes the spelling, query and demo mark of the brand of that
// name; own accounts have methods of their own.
func (s *Store) UpdateBrand(ctx context.Context, b adalid.Brand) error {
	return s.write(ctx, "update brand", func(x *session) error {
		row, err := findBrand(x, b.Name)
		if err != nil {
			return err
		}
		if _, err := x.exec("brand.Update", clean(b.Name), clean(b.Query), bit(b.Demo), row.id); err != nil {
			return err
		}
		return touch(x, row.id)
	})
}

// RemoveBrand removes a brand and everything stored for it. Cursors of imports
// whose rows name their own brand start again, so that such a file can bring
// the brand back.
func (s *Store) RemoveBrand(ctx context.Context, name string) error {
	err := s.write(ctx, "remove brand", func(x *session) error {
		b, err := findBrand(x, name)
		if err != nil {
			return err
		}
		for _, table := range [...]string{
			"own_account", "link", "alias", "label", "learned", "mention", "profile", "author",
			"rollup", "edge", "cursor", "observed", "scan", "source", "schedule", "started", "standing",
			"spend", "removal", "sweep", "alarm", "pushed", "assessment", "assessed", "decision", "segment", "rival", "notice", "retention",
			"workflow", "status", "owner", "tagged", "note", "task", "event", "batch", "saved_view", "ranking", "role", "api_key", "ticket",
		} {
			if _, err := x.exec(table+".RemoveBrand", b.id); err != nil {
				return err
			}
		}
		if _, err := x.exec("cursor.RemoveBrand", int64(0)); err != nil {
			return err
		}
		s.cache.drop()
		_, err = x.exec("brand.Delete", b.id)
		return err
	})
	if err != nil {
		return err
	}
	return dropIndexes(filepath.Dir(s.path))
}

// IndexDir names the folder of saved rankings beside the database: they hold
// names of people and can be made again.
func (s *Store) IndexDir() string { return filepath.Join(filepath.Dir(s.path), indexDir) }

const indexDir = "index"

// dropIndexes removes the saved rankings of all brands.
func dropIndexes(dir string) error {
	if err := os.RemoveAll(filepath.Join(dir, indexDir)); err != nil {
		return fmt.Errorf("store: remove saved rankings: %w", err)
	}
	return nil
}

// AddOwnAccounts marks accounts as the brand's own or its staff.
func (s *Store) AddOwnAccounts(ctx context.Context, brand string, accounts []adalid.OwnAccount) error {
	return s.changeOwn(ctx, brand, accounts, addOwn)
}

// RemoveOwnAccounts takes marks away; rows that flag an account mark it again.
func (s *Store) RemoveOwnAccounts(ctx context.Context, brand string, accounts []adalid.OwnAccount) error {
	return s.changeOwn(ctx, brand, accounts, func(x *session, id int64, accounts []adalid.OwnAccount) (bool, error) {
		return eachOwn(x, "own_account.Remove", id, accounts)
	})
}

func (s *Store) changeOwn(ctx context.Context, brand string, accounts []adalid.OwnAccount, change func(*session, int64, []adalid.OwnAccount) (bool, error)) error {
	return s.write(ctx, "change own accounts", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		changed, err := change(x, b.id, accounts)
		if err != nil || !changed {
			return err
		}
		return touch(x, b.id)
	})
}

func addOwn(x *session, brand int64, accounts []adalid.OwnAccount) (bool, error) {
	for _, a := range accounts {
		if (a.Handle == "") == (a.Key == "") {
			return false, adalid.Errorf(adalid.Invalid, "an own account is named by its handle or by its author key, one of the two")
		}
	}
	return eachOwn(x, "own_account.Add", brand, accounts)
}

func eachOwn(x *session, name string, brand int64, accounts []adalid.OwnAccount) (bool, error) {
	changed := int64(0)
	for _, a := range accounts {
		handle := strings.ToLower(strings.TrimPrefix(clean(a.Handle), "@"))
		n, err := x.exec(name, brand, clean(string(a.Platform)), handle, clean(a.Key))
		if err != nil {
			return false, err
		}
		changed += n
	}
	return changed > 0, nil
}

// markOwn marks the accounts that rows flag, each once.
func markOwn(x *session, brand int64, flagged []adalid.OwnAccount) (bool, error) {
	if len(flagged) == 0 {
		return false, nil
	}
	seen := map[adalid.OwnAccount]bool{}
	var distinct []adalid.OwnAccount
	for _, a := range flagged {
		if !seen[a] {
			seen[a] = true
			distinct = append(distinct, a)
		}
	}
	return addOwn(x, brand, distinct)
}

func ownAccounts(x *session, brand int64) ([]adalid.OwnAccount, error) {
	var own []adalid.OwnAccount
	err := x.query("own_account.List", func(r row) error {
		own = append(own, adalid.OwnAccount{Platform: adalid.Platform(r.text(0)), Handle: r.text(1), Key: r.text(2)})
		return nil
	}, brand)
	return own, err
}

// DataVersion gives the brand's data version: it rises with every change and
// never repeats, not even when the brand is removed and made again.
func (s *Store) DataVersion(ctx context.Context, brand string) (int64, error) {
	var b brandRow
	err := s.read(ctx, "read data version", func(x *session) (err error) {
		b, err = findBrand(x, brand)
		return err
	})
	return b.version, err
}
