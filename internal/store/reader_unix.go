//go:build linux || darwin || freebsd

package store

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes an open file for this process, false when another has it.
func lockFile(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// freeFile tells whether no process holds the file, or it does not exist.
func freeFile(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	defer f.Close()
	held, err := lockFile(f)
	return held && err == nil
}
