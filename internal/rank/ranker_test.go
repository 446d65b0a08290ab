package rank_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
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
