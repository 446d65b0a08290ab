//go:build !linux

package store

// ReserveCache does nothing here.
func ReserveCache() {}
