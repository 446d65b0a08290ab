package rank_test

import (
	"bytes"
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
)

// counted is a bulk store that counts how often it was read and can change.
type counted struct {
	*bulk
	state rank.State
	loads int
}

func (c *counted) State(context.Context, string) (rank.State, error) { return c.state, nil }

func (c *counted) Accounts(ctx context.Context, brand string, yield func(rank.Account) error) error {
	c.loads++
	return c.bulk.Accounts(ctx, brand, yield)
}

func saved(t *testing.T) (*counted, string) {
	t.Helper()
	s := &counted{bulk: newBulk(60_000), state: rank.State{DataVersion: 1, Mark: 11, Newest: newest}}
	for i := range s.accounts { // names of several lengths, people with two accounts
		s.accounts[i].Profiles = append(s.accounts[i].Profiles, rank.Profile{Handle: strings.Repeat("ñ", i%5), Name: "Name"})
		if i%50 == 1 {
			s.accounts[i].Person = s.accounts[i-1].Person
		}
	}
	return s, filepath.Join(t.TempDir(), "index")
}

func onlyFile(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v", files, err)
	}
	return files[0]
}

// What is ranked from a snapshot is what is ranked from the roll-ups, and they
// are not read.
func TestSnapshotIsTheIndex(t *testing.T) {
	s, dir := saved(t)
	q := rank.Query{Limit: 200, All: true}
	first, err := rank.New(rank.Options{Store: s, Dir: dir}).Rank(ctx, "brand", q)
	if err != nil || first.TooFew {
		t.Fatal(err)
	}
	again, err := rank.New(rank.Options{Store: s, Dir: dir}).Rank(ctx, "Brand", q)
	if err != nil || s.loads != 1 {
		t.Fatal(s.loads, err)
	}
	again.Brand = first.Brand
	if d := cmp.Diff(first, again); d != "" {
		t.Error(d)
	}
	if info, err := os.Stat(onlyFile(t, dir)); err != nil || info.Mode().Perm() != 0o600 {
		t.Error("names of people in a file for all to read:", info.Mode(), err)
	}
}

// A snapshot of other data, or of the same version of a database that was put
// back, is not used.
func TestSnapshotOfOtherData(t *testing.T) {
	computes(t)
	for name, change := range map[string]func(*rank.State){
		"version": func(s *rank.State) { s.DataVersion++ },
		"mark":    func(s *rank.State) { s.Mark++ },
		"own":     func(s *rank.State) { s.Own = []adalid.OwnAccount{{Platform: "x", Handle: "h7"}} },
	} {
		s, dir := saved(t)
		if _, err := rank.New(rank.Options{Store: s, Dir: dir}).Rank(ctx, "brand", rank.Query{}); err != nil {
			t.Fatal(err)
		}
		change(&s.state)
		for range 2 { // the second finds the new one
			if _, err := rank.New(rank.Options{Store: s, Dir: dir}).Rank(ctx, "brand", rank.Query{}); err != nil {
				t.Fatal(err)
			}
		}
		if s.loads != 2 {
			t.Errorf("%s: loaded %d times", name, s.loads)
		}
		onlyFile(t, dir)
	}
}

// A damaged file is built again, whatever is damaged, and says so in the log.
func TestDamagedSnapshot(t *testing.T) {
	computes(t)
	s, dir := saved(t)
	want, err := rank.New(rank.Options{Store: s, Dir: dir}).Rank(ctx, "brand", rank.Query{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	path := onlyFile(t, dir)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 1 << r.IntN(8)
		return b
	}
	damaged := [][]byte{nil, whole[:10], whole[:len(whole)/2], whole[:len(whole)-8], append(bytes.Clone(whole), 0, 0, 0, 0, 0, 0, 0, 0)}
	for _, at := range []int{0, 7, 8, 14, 17, r.IntN(len(whole)), r.IntN(len(whole)), len(whole) - 1} {
		damaged = append(damaged, flip(at))
	}
	for i, b := range damaged {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		s.loads = 0
		got, err := rank.New(rank.Options{Store: s, Dir: dir, Logger: slog.New(slog.NewTextHandler(&log, nil))}).Rank(ctx, "brand", rank.Query{Limit: 50})
		if err != nil || s.loads != 1 || !strings.Contains(log.String(), "cannot be used") {
			t.Fatalf("%d: loaded %d times, %v, %s", i, s.loads, err, &log)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	}
}

// A folder that cannot be written costs the file, not the answer.
func TestSnapshotWithoutAPlace(t *testing.T) {
	s, dir := saved(t)
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	r := rank.New(rank.Options{Store: s, Dir: dir, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if got, err := r.Rank(ctx, "brand", rank.Query{Limit: 5}); err != nil || len(got.Entries) != 5 {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "was not saved") {
		t.Error(log.String())
	}
}

// The memory of all indexes is bounded; the one in use stays.
func TestMemoryIsBounded(t *testing.T) {
	s, _ := saved(t)
	ask := func(r *rank.Ranker, brands ...string) int {
		s.loads = 0
		for _, b := range brands {
			if _, err := r.Rank(ctx, b, rank.Query{Limit: 1}); err != nil {
				t.Fatal(err)
			}
		}
		return s.loads
	}
	if n := ask(rank.New(rank.Options{Store: s}), "a", "b", "a", "b"); n != 2 {
		t.Errorf("with room for both: %d loads", n)
	}
	if n := ask(rank.New(rank.Options{Store: s, Memory: 1}), "a", "a", "b", "b", "a"); n != 3 {
		t.Errorf("with room for one: %d loads", n)
	}
}

// What an index remembers counts as memory too, and the answers asked for longest
// ago go first.
func TestAnswersAreBounded(t *testing.T) {
	s, _ := saved(t)
	held := map[int64]int64{}
	for memory, want := range map[int64]int{0: 3, 1: 1} {
		r := rank.New(rank.Options{Store: s, Memory: memory})
		for days := range 3 {
			if _, err := r.Rank(ctx, "a", rank.Query{Limit: 1, Until: newest.AddDate(0, 0, -days)}); err != nil {
				t.Fatal(err)
			}
		}
		n, size := r.Windows("a")
		if n != want {
			t.Errorf("with memory %d: %d answers, want %d", memory, n, want)
		}
		held[memory] = size
	}
	if held[0] <= held[1] {
		t.Errorf("three answers count %d bytes, one %d", held[0], held[1])
	}
}

// BenchmarkSnapshot starts from a snapshot.
func BenchmarkSnapshot(b *testing.B) {
	eachSize(b, func(b *testing.B, store *bulk) {
		dir := b.TempDir()
		q := rank.Query{Limit: 1, Until: newest.AddDate(-1, 0, 0)} // an empty window: the start, not the ranking
		start := func() {
			if _, err := rank.New(rank.Options{Store: store, Dir: dir}).Rank(ctx, "brand", q); err != nil {
				b.Fatal(err)
			}
		}
		start()
		for b.Loop() {
			start()
		}
	})
}
