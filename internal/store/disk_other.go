//go:build !(linux || darwin || freebsd)

package store

// freeBytes does not know the disks of this system.
func freeBytes(string) (int64, bool) { return 0, false }
