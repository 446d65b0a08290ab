package store

import (
	"os"
	"os/exec"
	"testing"

	"adalid/internal/scan"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// pagesInCache is how many pages lie in the memory that was reserved.
func pagesInCache(t *testing.T) int32 {
	t.Helper()
	tls := libc.NewTLS()
	defer tls.Close()
	at := tls.Alloc(8)
	defer tls.Free(8)
	if rc := sqlite3.Xsqlite3_status(tls, sqlite3.SQLITE_STATUS_PAGECACHE_USED, at, at+4, 0); rc != sqlite3.SQLITE_OK {
		t.Fatalf("sqlite3_status answered %d", rc)
	}
	return int32(memory(at, 4)[0]) | int32(memory(at, 4)[1])<<8
}

// TestReserveCache: pages lie in reserved memory, what is written with it is
// whole, and reserving again or too late changes nothing. The memory is the
// whole process's, so this happens in one of its own.
func TestReserveCache(t *testing.T) {
	if os.Getenv("ADALID_TEST_RESERVE") == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestReserveCache$", "-test.v")
		cmd.Env = append(os.Environ(), "ADALID_TEST_RESERVE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	ReserveCache()
	s := open(t, t.TempDir())
	const pages = 3
	for n := range pages {
		if n == 1 {
			ReserveCache()
		}
		_, err := s.Save(t.Context(), scan.Page{Brand: "acme", Batches: []scan.Batch{{Brand: "acme", Mentions: victimMentions(n)}}})
		must(t, err)
	}
	if n := pagesInCache(t); n == 0 {
		t.Error("no page lies in the reserved memory")
	}
	wantMentions(t, s, pages)
	r, err := s.Rebuild(t.Context(), "acme", nil)
	must(t, err)
	if r.Differ() > 0 {
		t.Errorf("%d sums differ", r.Differ())
	}
	must(t, s.Close())
}
