package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"adalid"
	"adalid/internal/privacy"
)

// SuppressedName is the file beside the database that says who was erased, in
// HMACs only: a database that is put back from a copy learns it from there.
const SuppressedName = "suppressed"

func (s *Store) suppressedFile() string {
	return filepath.Join(filepath.Dir(s.path), SuppressedName)
}

// hash gives what makes entries, Unavailable without the key of the installation.
func (s *Store) hash() (*privacy.Hasher, error) {
	s.hashing.Lock()
	defer s.hashing.Unlock()
	if s.hasher != nil {
		return s.hasher, nil
	}
	if s.key == nil {
		return nil, adalid.Errorf(adalid.Unavailable, "the key of this installation is needed: without it people who were erased are not recognised")
	}
	key, err := s.key()
	if err != nil {
		return nil, err
	}
	s.hasher = privacy.NewHasher(key)
	return s.hasher, nil
}

// errOtherKey says that the key is not the one that people were erased with.
func errOtherKey() error {
	return adalid.Errorf(adalid.Unavailable, "the key of this installation is another one than that with which people were erased here, so they would not be recognised; put the former key back (instance.key in the data folder, or privacy.key)")
}

// suppressing gives who was erased, as the transaction sees it; nil nobody.
func (s *Store) suppressing(x *session) (*privacy.List, error) {
	n := int64(0)
	if _, err := x.one("suppression.Count", func(r row) error { n = r.int(0); return nil }); err != nil {
		return nil, err
	}
	if list := s.suppressed.Load(); int64(list.Len()) == n {
		return list, nil
	}
	h, err := s.hash()
	if err != nil {
		return nil, err
	}
	entries, err := suppressions(x)
	if err != nil {
		return nil, err
	}
	all := make([]privacy.Entry, len(entries))
	for i, e := range entries {
		all[i] = e.Entry
	}
	list := privacy.NewList(h, all)
	if !list.Has(h.Check()) {
		return nil, errOtherKey()
	}
	s.suppressed.Store(list)
	return list, nil
}

// suppression is an entry with whether what is stored agrees with it.
type suppression struct {
	privacy.Line
	applied bool
}

func suppressions(x *session) (list []suppression, err error) {
	err = x.query("suppression.List", func(r row) error {
		e := suppression{applied: r.int(2) != 0}
		if b := r.bytes(0); len(b) == len(e.Entry) {
			copy(e.Entry[:], b)
		}
		e.At = time.Unix(r.int(1), 0).UTC()
		list = append(list, e)
		return nil
	})
	return list, err
}

// Redacted gives what may be kept of a text that is written down elsewhere, about
// one brand or, with "", about any: without the handles of people who were erased.
func (s *Store) Redacted(ctx context.Context, brand, text string) (string, error) {
	err := s.read(ctx, "take names out of a text", func(x *session) error {
		list, err := s.suppressing(x)
		if err != nil || list.Empty() {
			return err
		}
		names := []string{brand}
		if brand == "" {
			brands, err := listBrands(x)
			if err != nil {
				return err
			}
			names = nil
			for _, b := range brands {
				names = append(names, b.Name)
			}
		}
		text = newRedactor(list, names...).text("", text)
		return nil
	})
	return text, err
}

// Suppressions counts the entries that keep people who were erased from coming
// back, and those of them that are being carried out: with each erasure, whichever
// process does it, one of the two changes when it begins and when it ends.
func (s *Store) Suppressions(ctx context.Context) (all, due int64, err error) {
	err = s.read(ctx, "count who was erased", func(x *session) error {
		if _, err := x.one("suppression.Count", func(r row) error { all = r.int(0); return nil }); err != nil {
			return err
		}
		return x.query("suppression.Due", func(row) error { due++; return nil })
	})
	return all, due, err
}

// ErasedEverywhere tells whether an account was erased for every brand, to the end.
func (s *Store) ErasedEverywhere(ctx context.Context, account string) (done bool, err error) {
	h, err := s.hash()
	if err != nil {
		return false, err
	}
	err = s.read(ctx, "see whether somebody was erased", func(x *session) error {
		_, err := x.one("suppression.Get", func(r row) error { done = r.int(0) != 0; return nil }, entryBytes(h.Account(privacy.Everywhere, account)))
		return err
	})
	return done, err
}

// suppress adds entries, which have to be applied then. They are on disk in the
// file before the database has them: nothing that happens between leaves one
// behind.
func (s *Store) suppress(ctx context.Context, entries []privacy.Entry) error {
	h, err := s.hash()
	if err != nil {
		return err
	}
	return s.write(ctx, "suppress", func(x *session) error {
		list, err := s.suppressing(x)
		if err != nil {
			return err
		}
		now := s.now().UTC().Truncate(time.Second)
		if list.Empty() {
			if _, err := x.exec("suppression.Add", entryBytes(h.Check()), now.Unix(), 1); err != nil {
				return err
			}
		}
		for _, e := range entries {
			if _, err := x.exec("suppression.Add", entryBytes(e), now.Unix(), 0); err != nil {
				return err
			}
		}
		all, err := suppressions(x)
		if err != nil || s.copied {
			return err // the file is the database's
		}
		return s.writeSuppressed(h, all)
	})
}

func entryBytes(e privacy.Entry) []byte { return e[:] }

// writeSuppressed puts the entries into the file, durably. The caller holds the
// database's write lock, so that no other process does the same.
func (s *Store) writeSuppressed(h *privacy.Hasher, entries []suppression) (err error) {
	path := s.suppressedFile()
	var text bytes.Buffer
	text.WriteString(privacy.EncodeHead(h))
	for _, e := range entries {
		if e.Entry != h.Check() {
			text.WriteString(e.Line.Encode())
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), SuppressedName+".new-*") // mode 0600
	if err != nil {
		return fileFailure(path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(text.Bytes())
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fileFailure(path, err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fileFailure(path, err)
	}
	return syncDir(filepath.Dir(path))
}

// readSuppressed gives the lines of the file; none where there is no file.
func (s *Store) readSuppressed() (check privacy.Entry, lines []privacy.Line, err error) {
	text, err := os.ReadFile(s.suppressedFile())
	if errors.Is(err, fs.ErrNotExist) {
		return check, nil, nil
	}
	if err != nil {
		return check, nil, fileFailure(s.suppressedFile(), err)
	}
	return privacy.DecodeList(string(text))
}

// resuppress brings the file and the database together and, where the database
// does not agree with the file yet because it was put back from a copy or an
// erasure was cut short, erases again. It comes before anybody reads.
func (s *Store) resuppress(ctx context.Context) error {
	check, lines, err := s.readSuppressed()
	if err != nil {
		return err
	}
	have := map[privacy.Entry]bool{}
	due := false
	err = s.read(ctx, "read who was erased", func(x *session) error {
		all, err := suppressions(x)
		for _, e := range all {
			have[e.Entry], due = true, due || !e.applied
		}
		return err
	})
	if err != nil || len(lines) == 0 && len(have) == 0 {
		return err
	}
	h, err := s.hash()
	if err != nil && !due {
		s.logger.Warn("store: people were erased here, and without the key of this installation nothing can be stored", "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	if lines != nil && check != h.Check() || len(have) > 0 && !have[h.Check()] {
		return errOtherKey()
	}
	var missing []privacy.Entry
	for _, l := range lines {
		if !have[l.Entry] {
			missing = append(missing, l.Entry)
		}
	}
	if len(missing) > 0 || !s.copied && len(have) > len(lines)+1 {
		if err := s.suppress(ctx, missing); err != nil {
			return err
		}
	}
	if len(missing) == 0 && !due {
		return s.read(ctx, "read who was erased", func(x *session) error {
			_, err := s.suppressing(x)
			return err
		})
	}
	_, err = s.purge(ctx)
	return err
}
