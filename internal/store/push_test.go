package store

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"adalid"
	"adalid/internal/scan"
)

// TestPushedKeys follows a sender's key from the first request to the day on
// which it is forgotten.
func TestPushedKeys(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	ctx := t.Context()
	begin := func(key, body string) (string, adalid.Code) {
		t.Helper()
		answer, err := s.BeginPush(ctx, "ACME", key, []byte(body))
		if err != nil && adalid.CodeOf(err) == "" {
			t.Fatal(err)
		}
		return string(answer), adalid.CodeOf(err)
	}
	expect := func(what, key, body, answer string, code adalid.Code) {
		t.Helper()
		if a, c := begin(key, body); a != answer || c != code {
			t.Errorf("%s: %q %q, want %q %q", what, a, c, answer, code)
		}
	}
	expect("first", "k", "one", "", "")
	expect("twin", "k", "one", "", adalid.Conflict)
	expect("other body", "k", "two", "", adalid.Invalid)
	must(t, s.EndPush(ctx, "acme", "k", []byte(`{"new":1}`)))
	expect("again", "k", "one", `{"new":1}`, "")
	expect("answered, other body", "k", "two", "", adalid.Invalid)
	must(t, s.EndPush(ctx, "acme", "k", nil)) // too late: there is an answer
	expect("kept", "k", "one", `{"new":1}`, "")

	expect("failing", "f", "one", "", "")
	must(t, s.EndPush(ctx, "acme", "f", nil))
	expect("given back", "f", "two", "", "")
	clock.step(pushHeld)
	expect("left behind, other body", "f", "one", "", adalid.Invalid)
	expect("left behind", "f", "two", "", "")

	_, err := s.BeginPush(ctx, "nobody", "k", nil)
	code(t, adalid.NotFound, err)
	clock.step(pushKept - time.Minute)
	must(t, s.PrunePushed(ctx))
	if n := count(t, s, "pushed"); n != 1 {
		t.Errorf("%d keys after nearly a week, want the one used last", n)
	}
	clock.step(2 * time.Minute)
	must(t, s.PrunePushed(ctx))
	if n := count(t, s, "pushed"); n != 0 {
		t.Errorf("%d keys after a week", n)
	}
}

// TestEqualKeysAtOnce: of sixteen requests with one key one does the work.
func TestEqualKeysAtOnce(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	rounds := 200
	if testing.Short() {
		rounds = 20
	}
	for round := range rounds {
		var won, refused atomic.Int64
		var work sync.WaitGroup
		for range 16 {
			work.Go(func() {
				answer, err := s.BeginPush(context.Background(), "acme", strconv.Itoa(round), []byte("body"))
				switch {
				case err == nil && answer == nil:
					won.Add(1)
				case adalid.CodeOf(err) == adalid.Conflict:
					refused.Add(1)
				}
			})
		}
		work.Wait()
		if won.Load() != 1 || refused.Load() != 15 {
			t.Fatalf("round %d: %d won, %d were told to wait", round, won.Load(), refused.Load())
		}
	}
}

// TestAbandonedScans: a scan whose process was killed is not under way for
// ever; one that holds a lease, or has only begun, is.
func TestAbandonedScans(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	ctx := t.Context()
	running := func(mine int64) int64 {
		t.Helper()
		id, err := s.RunningScan(ctx, "acme", mine)
		must(t, err)
		return id
	}
	if id := running(0); id != 0 {
		t.Fatalf("scan %d runs in an empty database", id)
	}
	killed, err := s.StartWhole(ctx, scan.Order{Brand: "acme"})
	must(t, err)
	if id := running(0); id != killed {
		t.Errorf("scan %d runs, want the one that has just begun", id)
	}
	clock.step(abandonedAfter)
	if id := running(killed); id != killed {
		t.Errorf("one's own scan is abandoned while it waits: %d", id)
	}
	if id := running(0); id != 0 {
		t.Errorf("scan %d still runs without a process", id)
	}
	records, err := s.Wholes(ctx, "acme", killed, 1)
	must(t, err)
	if records[0].State != scan.Stopped || records[0].Reason == "" || records[0].Finished.IsZero() {
		t.Errorf("recorded %+v", records[0])
	}

	held, err := s.StartWhole(ctx, scan.Order{Brand: "acme"})
	must(t, err)
	ok, err := s.TakeLease(ctx, "acme", "one", "host:1/"+strconv.FormatInt(held, 10), clock.now().Add(time.Hour))
	if must(t, err); !ok {
		t.Fatal("no lease")
	}
	clock.step(30 * time.Minute)
	if id := running(0); id != held {
		t.Errorf("scan %d runs, want the one with a lease", id)
	}
	must(t, s.EndWhole(ctx, killed, scan.Done, "")) // whoever ran it was only slow
	if records, err = s.Wholes(ctx, "acme", killed, 1); err != nil || records[0].State != scan.Done {
		t.Errorf("a scan that ended after all: %+v, %v", records, err)
	}
}
