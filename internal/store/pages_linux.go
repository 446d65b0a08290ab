package store

import (
	"syscall"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// slotSize is a page of the database with what SQLite keeps beside it, which
// SQLITE_CONFIG_PCACHE_HDRSZ tells is well under 512 bytes.
const slotSize = pageSize + 512

// ReserveCache puts the page cache of the writer into huge pages of memory, for
// the rest of the process: an import looks at pages all over the database, and
// with pages of 4 KiB the processor spends a sixteenth of it on finding out
// where they lie. It costs 68 MiB at once, so it is for large imports only. It
// has to come before the first Open; later, and where the system gives no such
// memory, it does nothing. On other systems than Linux it never does anything.
func ReserveCache() {
	const slots = writerCache * 1024 / pageSize * 17 / 16 // a few for the readers
	memory, err := syscall.Mmap(-1, 0, slotSize*slots, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return
	}
	reserved := syscall.Madvise(memory, syscall.MADV_HUGEPAGE) == nil && pageCache(uintptr(unsafe.Pointer(&memory[0])), slots)
	if !reserved {
		_ = syscall.Munmap(memory) // nobody uses it
	}
}

// pageCache tells SQLite to keep pages at an address; false when it runs
// already.
func pageCache(at uintptr, slots int32) bool {
	tls := libc.NewTLS()
	defer tls.Close()
	arguments := libc.NewVaList(at, int32(slotSize), slots)
	if arguments == 0 {
		return false
	}
	defer libc.Xfree(tls, arguments)
	return sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_PAGECACHE, arguments) == sqlite3.SQLITE_OK
}
