//go:build linux || darwin || freebsd

package store

import "syscall"

// freeBytes gives the space that this user may still fill on dir's disk.
func freeBytes(dir string) (int64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
