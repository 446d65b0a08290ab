package rank_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

func TestLeastRecentlyUsedBrandIsDropped(t *testing.T) {
	m := invent(1, scope{people: 10, posts: 30, days: 3})
	r := rank.New(rank.Options{Store: m, Brands: 2})
	for i, step := range []struct {
		brand string
		loads int32
	}{{"a", 1}, {"A", 1}, {"b", 2}, {"a", 2}, {"c", 3}, {"a", 3}, {"b", 4}, {"a", 4}, {"c", 5}} {
		if _, err := r.Rank(ctx, step.brand, rank.Query{}); err != nil {
			t.Fatal(err)
		}
		if n := m.loads.Load(); n != step.loads {
			t.Errorf("step %d (%s): loaded %d times, want %d", i, step.brand, n, step.loads)
		}
	}
}

func TestNewDataNewAnswer(t *testing.T) {
	m := invent(1, scope{people: 100, posts: 500, days: 9})
	r := rank.New(rank.Options{Store: m})
	before, err := r.Rank(ctx, "brand", rank.Query{All: true})
	if err != nil {
		t.Fatal(err)
	}
	m.posts, m.version = m.posts[:300], 2
	after, err := r.Rank(ctx, "brand", rank.Query{All: true})
	if err != nil || after.DataVersion != 2 || after.Mentions >= before.Mentions {
		t.Errorf("version %d with %d mentions after %d, error %v", after.DataVersion, after.Mentions, before.Mentions, err)
	}
	if diff := cmp.Diff(rankOf(t, m, rank.Query{All: true}), after); diff != "" {
		t.Errorf("(-fresh +kept):\n%s", diff)
	}
}

func TestConcurrentReaders(t *testing.T) {
	m := invent(4, scope{people: 100, posts: 800, days: 30})
	r := rank.New(rank.Options{Store: m})
	qs := queries()
	want := map[string]rank.Ranking{}
	for name, q := range qs {
		want[name] = rankOf(t, m, q)
	}
	var wg sync.WaitGroup
	for range 4 {
		for name, q := range qs {
			wg.Go(func() {
				got, err := r.Rank(ctx, "brand", q)
				if err != nil || !cmp.Equal(want[name], got) {
					t.Errorf("%s: another answer among others, error %v", name, err)
				}
			})
		}
	}
	wg.Wait()
	if n := m.loads.Load() - int32(len(qs)); n != 1 {
		t.Errorf("the index was loaded %d times", n)
	}
}

func TestCancelled(t *testing.T) {
	m := invent(4, scope{people: 100, posts: 800, days: 30})
	r := rank.New(rank.Options{Store: m})
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := r.Rank(ctx, "brand", rank.Query{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Rank(stopped, "brand", rank.Query{}); err != nil {
		t.Errorf("what is in memory needs no waiting: %v", err)
	}
}

// moving is a store whose data change while they are read.
type moving struct {
	*memory
	states atomic.Int64
	still  int64 // version at which the changes end
}

func (m *moving) State(ctx context.Context, brand string) (rank.State, error) {
	s, err := m.memory.State(ctx, brand)
	s.DataVersion = min(m.states.Add(1), m.still)
	return s, err
}

func TestDataThatChangeWhileRead(t *testing.T) {
	for _, still := range []int64{2, 4, 1000} {
		m := &moving{memory: invent(1, scope{people: 80, posts: 500, days: 9}), still: still}
		r := rank.New(rank.Options{Store: m})
		got, err := r.Rank(ctx, "brand", rank.Query{Until: morning.Add(100 * time.Hour)})
		if err != nil || len(got.Entries) == 0 {
			t.Fatalf("%d entries, %v", len(got.Entries), err)
		}
		if still < 5 && got.DataVersion != still {
			t.Errorf("the answer is of version %d, want %d", got.DataVersion, still)
		}
	}
}

// failing fails where it is told to.
type failing struct {
	*memory
	at string
}

func (f *failing) fail(at string) error {
	if f.at == at {
		return adalid.Errorf(adalid.NotFound, "no %s", at)
	}
	return nil
}

func (f *failing) State(ctx context.Context, brand string) (rank.State, error) {
	s, err := f.memory.State(ctx, brand)
	return s, cmpErr(f.fail("state"), err)
}

func (f *failing) Accounts(ctx context.Context, b string, yield func(rank.Account) error) error {
	return cmpErr(f.fail("accounts"), f.memory.Accounts(ctx, b, yield))
}

func (f *failing) Days(ctx context.Context, b string, yield func(rank.Row) error) error {
	return cmpErr(f.fail("days"), f.memory.Days(ctx, b, yield))
}

func (f *failing) DayPart(ctx context.Context, b string, from, to time.Time, yield func(rank.Row) error) error {
	return cmpErr(f.fail("day part"), f.memory.DayPart(ctx, b, from, to, yield))
}

func (f *failing) Edges(ctx context.Context, b string, yield func(rank.Edge) error) error {
	return cmpErr(f.fail("edges"), f.memory.Edges(ctx, b, yield))
}

func (f *failing) EdgesPart(ctx context.Context, b string, from, to time.Time, yield func(rank.Edge) error) error {
	return cmpErr(f.fail("edges part"), f.memory.EdgesPart(ctx, b, from, to, yield))
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

func TestStoreErrorsKeepTheirCode(t *testing.T) {
	for _, at := range []string{"state", "accounts", "days", "day part", "edges", "edges part"} {
		f := &failing{invent(1, scope{people: 80, posts: 500, days: 9}), at}
		r := rank.New(rank.Options{Store: f})
		q := rank.Query{Until: morning.Add(100 * time.Hour)}
		if _, err := r.Rank(ctx, "brand", q); adalid.CodeOf(err) != adalid.NotFound {
			t.Errorf("%s: %v", at, err)
		}
		f.at = ""
		if got, err := r.Rank(ctx, "brand", q); err != nil || len(got.Entries) == 0 {
			t.Errorf("%s: after an error %d entries, %v", at, len(got.Entries), err)
		}
	}
}

// heap is how much memory is in use, in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what was only freed by the first one's finalizers
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestGraphsCountAsMemory: graphs of people, pictures, rhythms and fields are
// made after the window that they belong to, and are counted all the same.
func TestGraphsCountAsMemory(t *testing.T) {
	r := rank.New(rank.Options{Store: invent(1, scope{people: 3000, posts: 30000, days: 90, platforms: []adalid.Platform{"mastodon"}})})
	list := func(q rank.Query) {
		t.Helper()
		q.Limit = 5
		if _, err := r.Rank(ctx, "brand", q); err != nil {
			t.Fatal(err)
		}
	}
	list(rank.Query{Intervals: true}) // what is uncertain about people is counted before it is worked out
	_, counted := r.Windows("brand")
	used := heap()
	if _, err := r.Network(ctx, "brand", rank.Query{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.View(ctx, "brand", rank.ViewQuery{Name: rank.Rising}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []float64{.1, .2, .3} {
		list(rank.Query{Safe: true, Weights: scoring.Weights{w, 1, 1, 1}})
	}
	list(rank.Query{})
	used = heap() - used
	_, now := r.Windows("brand")
	if counted = now - counted; counted < used/2 || counted > 2*used {
		t.Errorf("the heap grew by %d kB, of which %d kB are counted", used>>10, counted>>10)
	}
	runtime.KeepAlive(r)
}

// TestGraphsAreBounded: beyond the limit only the newest graph stays.
func TestGraphsAreBounded(t *testing.T) {
	store := invent(1, scope{people: 60, posts: 600, days: 30, platforms: []adalid.Platform{"mastodon"}})
	for memory, want := range map[int64]int{0: 2, 1: 1} {
		r := rank.New(rank.Options{Store: store, Memory: memory})
		for days := range 2 {
			if _, err := r.Network(ctx, "brand", rank.Query{Until: morning.AddDate(0, 0, 20-days)}); err != nil {
				t.Fatal(err)
			}
		}
		if n := r.Socials("brand"); n != want {
			t.Errorf("with memory %d: %d graphs of people, want %d", memory, n, want)
		}
	}
}
