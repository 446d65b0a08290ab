//go:build linux || darwin || freebsd

package main

import (
	"errors"
	"os"
	"syscall"
)

// lock takes an open file for this process, false when another has it. It ends
// with the file or the process, whatever comes first.
func lock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
