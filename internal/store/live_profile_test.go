package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// costly is a paid platform whose posts come without the followers of their
// authors; a profile costs a cent.
type costly struct {
	paidPlatform
	asked *[]string
}

const profileMicros = 10_000

func (c costly) definition(name string) collectors.Definition {
	d := c.paidPlatform.definition(name)
	d.Can = []collectors.Capability{collectors.Search, collectors.Hydrate}
	d.Costs[0].PerPost = true
	d.Costs = append(d.Costs, collectors.Cost{Unit: "user_read", Micros: profileMicros, PerPost: true})
	make := d.New
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		paid, err := make(s)
		return costlyReader{paid, c, s}, err
	}
	return d
}

type costlyReader struct {
	collectors.Collector
	costly
	setup collectors.Setup
}

func (c costlyReader) HydrateBatch() int { return 4 }

func (c costlyReader) Hydrate(ctx context.Context, keys []string) ([]adalid.Author, error) {
	booked, err := c.setup.Meter.Reserve(ctx, "user_read", int64(len(keys)), int64(len(keys)))
	if err != nil {
		return nil, err
	}
	*c.asked = append(*c.asked, keys...)
	var list []adalid.Author
	for _, k := range keys {
		if k == "9" {
			continue // the account does not exist
		}
		n := int64(1000)
		_, _ = fmt.Sscan(k, &n)
		followers := 1000 + n
		list = append(list, adalid.Author{Key: k, Handle: "h" + k, Followers: &followers})
	}
	return list, booked.Settle(ctx, int64(len(list)), nil)
}

func (c costlyReader) Estimate(ctx context.Context, _ collectors.Query, from collectors.Cursor) (int64, error) {
	at := 0
	_, _ = fmt.Sscan(string(from), &at)
	return int64(len(c.posts) - at), nil
}

// TestProfilesArePaidForOnce reads the profiles of those who can enter the
// ranking, the most active first, each once in thirty days, with a quarter of
// the day's money at most; the ranking knows their followers then.
func TestProfilesArePaidForOnce(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	c := costly{paidPlatform{platform: newPlatform("paid", clock, 400, 4*time.Hour)}, new([]string)}
	likes := int64(7)
	for i := range c.posts {
		author := i % 40
		if author >= 30 {
			author = i % 10 // ten write twice as often
		}
		m := &c.posts[i]
		m.Author, m.Likes, m.ObservedAt = adalid.Author{Key: fmt.Sprint(author), Handle: fmt.Sprint("h", author)}, &likes, m.CreatedAt
	}
	must(t, s.AddOwnAccounts(t.Context(), "acme", []adalid.OwnAccount{{Platform: "paid", Handle: "h5"}}))
	setPaid(t, s, "paid", 30*10_000_000)
	live := liveScanner(s, clock, c.definition("paid"))
	read := func() scan.Result {
		t.Helper()
		r, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
		if r.State != scan.Done {
			t.Fatalf("%+v", r)
		}
		return r
	}
	clock.step(10 * time.Minute)
	read() // too few to rank anybody
	if len(*c.asked) != 0 {
		t.Fatalf("%v were looked up although nobody can be ranked", *c.asked)
	}
	clock.step(4 * time.Hour)
	estimates, err := live.Estimate(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	if e := estimates[0]; len(estimates) != 1 || e.Posts == nil || *e.Posts != 383 || e.Micros == nil || *e.Micros != 383*(postMicros+profileMicros) {
		t.Errorf("estimated %+v", estimates)
	}
	if n := spent(t, s, "1"); n > 20*postMicros {
		t.Errorf("an estimate has spent %d", n)
	}
	c.asked = new([]string)
	live = liveScanner(s, clock, c.definition("paid"))
	r := read()
	first := slices.Clone(*c.asked)
	busy := slices.Sorted(slices.Values(first[:9]))
	if len(first) != 29 || !slices.Equal(busy, []string{"0", "1", "2", "3", "4", "6", "7", "8", "9"}) {
		t.Errorf("looked up %v", first)
	}
	if len(r.Standings[0].Report.Warnings) > 0 {
		t.Error(r.Standings[0].Report.Warnings)
	}
	ranking, err := rank.New(rank.Options{Store: s, Now: clock.now}).Rank(t.Context(), "acme", rank.Query{Limit: 50, Include: rank.Include{Repeaters: true}}) // all of them say the same
	must(t, err)
	known := 0
	for _, e := range ranking.Entries {
		if f := e.Evidence.Followers; f != nil && *f >= 1000 {
			known++
		}
		if e.Evidence.Engagement == nil || *e.Evidence.Engagement%7 != 0 {
			t.Errorf("the likes of %s are %v", e.Person.ID, e.Evidence.Engagement)
		}
	}
	if known != 28 || len(ranking.Entries) != 29 {
		t.Errorf("the ranking knows the followers of %d of %d", known, len(ranking.Entries))
	}
	wantSound(t, s)
	read()
	live = liveScanner(s, clock, c.definition("paid")) // a process that remembers nothing
	read()
	if again := (*c.asked)[len(first):]; !slices.Equal(again, []string{"9"}) {
		t.Errorf("looked up again %v, want only the one that is not known", again)
	}
	clock.step(31 * 24 * time.Hour)
	read()
	if n := len(*c.asked); n != 30+29 {
		t.Errorf("%d look-ups after a month, want %d", n, 30+29)
	}

	setPaid(t, s, "paid", 31*8*profileMicros) // a quarter of eight cents a day
	clock.step(31 * 24 * time.Hour)
	before := len(*c.asked)
	c.posts = append(c.posts, c.posts[399])
	c.posts[400].ID = "late"
	read()
	if n := len(*c.asked) - before; n != 2 { // half a cent of the two went for the post, and one account costs nothing: it does not exist
		t.Errorf("%d look-ups, want as many as their part of the budget is enough for", n)
	}
	t.Logf("%d profiles for %d posts, the most active first; %d in all over two months", len(first), 400, len(*c.asked))
}

// counted is a paid platform that charges for telling how much there is.
type counted struct {
	paidPlatform
	fail  *error // what it answers
	calls *int
}

const countMicros = 5_000

func (c counted) definition(name string) collectors.Definition {
	d := c.paidPlatform.definition(name)
	d.Costs[0].PerPost = true
	d.Costs = append(d.Costs, collectors.Cost{Unit: "count", Micros: countMicros})
	make := d.New
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		paid, err := make(s)
		return countedReader{paid, c, s}, err
	}
	return d
}

type countedReader struct {
	collectors.Collector
	counted
	setup collectors.Setup
}

func (c countedReader) Estimate(ctx context.Context, _ collectors.Query, from collectors.Cursor) (n int64, err error) {
	*c.calls++
	booked, err := c.setup.Meter.Reserve(ctx, "count", 1, 1)
	if err != nil {
		return 0, err
	}
	if *c.fail != nil {
		return 0, errors.Join(*c.fail, booked.Settle(ctx, 0, nil))
	}
	at := 0
	_, _ = fmt.Sscan(string(from), &at)
	for _, m := range c.posts[at:] {
		if !m.CreatedAt.After(c.clock.now()) {
			n++
		}
	}
	return n, booked.Settle(ctx, 1, nil)
}

// TestEstimateIsKept: before a paid source is read it is asked how much there
// is to read, once in twenty hours however often it is scanned; the answer
// stands in the scan's record beside what was read. Where it cannot tell, it
// is read all the same.
func TestEstimateIsKept(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	c := counted{paidPlatform{platform: newPlatform("paid", clock, 480, 48*time.Hour)}, new(error), new(int)}
	setPaid(t, s, "paid", 30*10_000_000)
	free := newPlatform("free", clock, 10, time.Hour)
	live := liveScanner(s, clock, c.definition("paid"), free.definition("free"))
	shown := func(n, micros *int64) string {
		if n == nil || micros == nil {
			return "nothing"
		}
		return fmt.Sprintf("%d for %d", *n, *micros)
	}
	scanned := func() string {
		t.Helper()
		r, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
		records, err := s.Wholes(t.Context(), "acme", r.ID, 1)
		must(t, err)
		told := "nothing"
		if e := r.Standings[1].Estimate; e != nil {
			told = shown(e.Posts, e.Micros)
		}
		l := records[0].Legs[1]
		if kept := shown(l.EstimatedPosts, l.EstimatedMicros); kept != told {
			t.Errorf("kept %s, told %s", kept, told)
		}
		if f := records[0].Legs[0]; f.EstimatedPosts != nil || f.EstimatedMicros != nil || r.Standings[0].Estimate != nil {
			t.Errorf("a free source: %+v", f)
		}
		return fmt.Sprintf("%s: %s, read %d for %d", l.Source, told, l.Rows, l.Micros)
	}
	for _, x := range []struct {
		after time.Duration
		fail  error
		want  string
		calls int
	}{
		{10 * time.Hour, nil, fmt.Sprintf("paid: 101 for %d, read 101 for %d", 101*postMicros, 101*postMicros+countMicros), 1},
		{10 * time.Minute, nil, fmt.Sprintf("paid: nothing, read 1 for %d", postMicros), 1},
		{19 * time.Hour, nil, fmt.Sprintf("paid: nothing, read 190 for %d", 190*postMicros), 1},
		{time.Hour, nil, fmt.Sprintf("paid: 10 for %d, read 10 for %d", 10*postMicros, 10*postMicros+countMicros), 2},
		{20 * time.Hour, &collectors.Error{Kind: collectors.Transient, Message: "no counts today"}, "paid: nothing, read 178 for 890000", 3},
		{time.Hour, nil, "paid: nothing, read 0 for 0", 3},
	} {
		clock.step(x.after)
		*c.fail = x.fail
		if got := scanned(); got != x.want || *c.calls != x.calls {
			t.Errorf("after %v: %s, asked %d times; want %s and %d", x.after, got, *c.calls, x.want, x.calls)
		}
	}
}
