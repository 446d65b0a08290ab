package store

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
)

// readerMark is a locked file that says that this process is at work. The lock
// goes with the process, however that ends, also inside a container whose
// process numbers mean nothing outside: so a lease held by a process that is
// gone can be taken at once. Where no file can be locked leases end by time.
type readerMark struct {
	name string // "" where there is none
	file *os.File
}

// readersDir is the folder of the marks, beside the database.
const readersDir = "readers"

func (s *Store) readerFile(name string) string {
	return filepath.Join(filepath.Dir(s.path), readersDir, name)
}

// mark makes this process's mark with the first lease. The caller writes.
func (s *Store) mark() string {
	if s.marked == nil {
		s.marked = &readerMark{}
		if err := s.makeMark(); err != nil {
			s.logger.Warn("store: this process cannot be told from one that ended; what it leaves behind goes on after two minutes", "error", err)
		}
		s.clearMarks()
	}
	return s.marked.name
}

func (s *Store) makeMark() error {
	if err := os.MkdirAll(s.readerFile(""), 0o700); err != nil {
		return err
	}
	for range 3 {
		var id [8]byte
		if _, err := rand.Read(id[:]); err != nil {
			return err
		}
		name := hex.EncodeToString(id[:])
		f, err := os.OpenFile(s.readerFile(name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		held, err := lockFile(f)
		if err == nil && held && sameFile(f, s.readerFile(name)) {
			s.marked.name, s.marked.file = name, f
			return nil
		}
		f.Close() // somebody cleared it away before it was locked
		if err != nil {
			return err
		}
	}
	return os.ErrExist
}

func sameFile(f *os.File, path string) bool {
	mine, err := f.Stat()
	there, err2 := os.Stat(path)
	return err == nil && err2 == nil && os.SameFile(mine, there)
}

// unmark takes the mark away when the database is closed.
func (s *Store) unmark() error {
	if s.marked == nil || s.marked.file == nil {
		return nil
	}
	err := s.marked.file.Close()
	_ = os.Remove(s.readerFile(s.marked.name)) // an unlocked one says the same
	s.marked = nil
	return err
}

// signed is a lease with the mark of this process in front.
func (s *Store) signed(lease string) string {
	if name := s.mark(); name != "" {
		return name + " " + lease
	}
	return lease
}

// gone tells whether the process that signed a lease has ended for certain. Its
// own lock keeps a process from taking itself for one.
func (s *Store) gone(lease string) bool {
	name, _, _ := strings.Cut(lease, " ")
	if id, err := hex.DecodeString(name); err != nil || len(id) != 8 {
		return false
	}
	return freeFile(s.readerFile(name))
}

// clearMarks removes the marks of processes that ended.
func (s *Store) clearMarks() {
	list, _ := os.ReadDir(s.readerFile("")) // a mark too many harms nobody
	for _, e := range list {
		if s.gone(e.Name()) {
			_ = os.Remove(s.readerFile(e.Name()))
		}
	}
}
