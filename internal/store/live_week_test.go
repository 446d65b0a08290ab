package store

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/alarm"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// bell is an alarm.Channel that notes when it was told what.
type bell struct {
	clock *steppedClock
	told  []string
	at    map[string]time.Time
}

func (b *bell) Send(_ context.Context, m alarm.Message) error {
	what := m.Source + " " + string(m.Kind)
	if m.Ended {
		what += " over"
	}
	b.told = append(b.told, what)
	b.at[what] = b.clock.now()
	return nil
}

// week is a week of a brand at three platforms.
type week struct {
	clock            *steppedClock
	dir              string
	s                *Store
	live             *scan.Live
	keyed, web, paid *platform
	hold             func() // in the middle of a request to web
	bell             *bell
	work             sync.WaitGroup
}

func newWeek(t *testing.T, start time.Time, days int, spec string) *week {
	t.Helper()
	w := &week{clock: &steppedClock{t: start}, dir: t.TempDir(), hold: func() {}}
	w.bell = &bell{clock: w.clock, at: map[string]time.Time{}}
	whole := time.Duration(days) * 24 * time.Hour
	w.keyed, w.web, w.paid = newPlatform("keyed", w.clock, days*40, whole), newPlatform("web", w.clock, days*40, whole), newPlatform("paid", w.clock, days*24, whole)
	w.paid.whole = true                                                                         // what the budget reaches late is no gap
	for i, burst := 0, start.Add(time.Duration(2*days/7*24+8)*time.Hour); i < 450*days/7; i++ { // more than the budget of a day allows
		m := w.paid.posts[0]
		m.ID, m.CreatedAt, m.Author = fmt.Sprint("burst", i), burst.Add(time.Duration(i)*7*time.Second), adalid.Author{Key: fmt.Sprint("b", i%40), Handle: fmt.Sprint("b", i%40)}
		w.paid.posts = append(w.paid.posts, m)
	}
	slices.SortStableFunc(w.paid.posts, func(a, b adalid.Mention) int { return a.CreatedAt.Compare(b.CreatedAt) })
	w.restart(t)
	setPaid(t, w.s, "paid", 30*100*postMicros)
	schedule, err := scan.NewSchedule(spec, "Europe/Madrid")
	must(t, err)
	at, run := schedule.Next(start)
	must(t, w.s.SetSchedule(t.Context(), scan.Plan{Brand: "acme", Spec: schedule.Spec, Zone: schedule.Zone, At: at, Run: run}))
	return w
}

// restart opens the database as a new process does.
func (w *week) restart(t *testing.T) {
	t.Helper()
	w.s = openAt(t, w.dir, w.clock)
	web := w.web.definition("web")
	web.New = func(setup collectors.Setup) (collectors.Collector, error) {
		return waiting{&platformReader{w.web, setup}, func() { w.hold() }}, nil
	}
	w.live = liveScanner(w.s, w.clock, w.keyed.definition("keyed"), web, paidPlatform{platform: w.paid}.definition("paid"))
}

// crash lets go of what the kernel takes from a process that is killed.
func (w *week) crash(t *testing.T) {
	t.Helper()
	w.s.writing <- struct{}{}
	must(t, w.s.marked.file.Close())
	<-w.s.writing
}

// minute is what a server does in a minute.
func (w *week) minute(t *testing.T, wait bool) {
	t.Helper()
	w.clock.step(time.Minute)
	must(t, w.live.Tick(t.Context(), w.s, &w.work))
	if wait {
		w.work.Wait()
	}
	watcher := alarm.Watcher{Store: w.s, Sources: w.s, Channels: []alarm.Channel{w.bell}, Now: w.clock.now, Log: slog.New(slog.DiscardHandler)}
	must(t, watcher.Look(t.Context()))
}

func (w *week) ranking(t *testing.T) (people []string) {
	t.Helper()
	r, err := rank.New(rank.Options{Store: w.s, Now: w.clock.now}).Rank(t.Context(), "acme", rank.Query{Limit: 500})
	must(t, err)
	for _, e := range r.Entries {
		people = append(people, fmt.Sprintf("%d %s %s %.9f", e.Rank, e.Person.ID, e.Segment, e.Score.Total))
	}
	return people
}

// TestUnattendedWeek keeps a week, or two days that are as full, of
// scans every ten minutes through a revoked key, an outage, a burst that the
// budget does not cover, a rate limit, a hiccup and a process that is killed
// while it reads. Every failure is told within a
// quarter of an hour, once, and so is its end; nothing else is told; in the end
// all is as after a week in which nothing happened.
func TestUnattendedWeek(t *testing.T) {
	days := 2 // the same in less time
	if os.Getenv("ADALID_SLOW") == "1" {
		days = 7
	}
	if raced {
		t.Skip("thousands of minutes: make test runs this without the race detector")
	}
	start := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	calm, w := newWeek(t, start, days, "0 * * * *"), newWeek(t, start, days, "*/10 * * * *")
	defer calm.s.Close()
	setPaid(t, calm.s, "paid", 1_000_000_000)
	at := func(day, hour, minute int) time.Time {
		return start.Add(time.Duration(day*days/7*24+hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	between := func(from, to time.Time) bool { return !w.clock.now().Before(from) && w.clock.now().Before(to) }
	revoked, outage := []time.Time{at(0, 10, 2), at(0, 16, 2)}, []time.Time{at(1, 3, 1), at(1, 5, 31)}
	w.keyed.fail = func(int) error {
		switch {
		case between(revoked[0], revoked[1]):
			return &collectors.Error{Kind: collectors.Auth, Message: "the key was revoked"}
		case between(at(5, 8, 0), at(5, 8, 40)):
			return &collectors.Error{Kind: collectors.RateLimited, Message: "wait", Until: at(5, 8, 40)}
		}
		return nil
	}
	w.web.fail = func(int) error {
		if between(outage[0], outage[1]) || between(at(5, 6, 59), at(5, 7, 2)) {
			return &collectors.Error{Kind: collectors.Transient, Message: "it is down"}
		}
		return nil
	}
	budget := []time.Time{{}, {}}
	hung, release := make(chan struct{}), make(chan struct{})
	var dead *Store
	for w.clock.now().Before(at(7, 0, 0)) {
		now := w.clock.now()
		if now.Equal(at(3, 12, 9)) { // the next minute reads, and hangs
			first := true
			w.hold = func() {
				if first {
					first = false
					close(hung)
					<-release
				}
			}
			w.minute(t, false)
			<-hung
			w.crash(t)
			dead = w.s
			w.restart(t)
			w.minute(t, false)
			close(release) // what it read comes too late
			w.work.Wait()
			continue
		}
		w.minute(t, true)
		if budget[0].IsZero() && !failingSince(t, w.s, "paid").IsZero() {
			budget[0] = now
		}
	}
	for calm.clock.now().Before(w.clock.now()) {
		calm.clock.step(time.Hour - time.Minute)
		calm.minute(t, true)
	}
	want := "keyed auth, keyed auth over, paid budget, paid budget over, web transient, web transient over"
	if got := strings.Join(slices.Sorted(slices.Values(w.bell.told)), ", "); got != want {
		t.Errorf("told %s; want %s", got, want)
	}
	if len(calm.bell.told) != 0 {
		t.Errorf("a week in which nothing happened told %v", calm.bell.told)
	}
	slowest := time.Duration(0)
	for what, since := range map[string]time.Time{
		"keyed auth": revoked[0], "keyed auth over": revoked[1], "web transient": outage[0], "web transient over": outage[1], "paid budget": budget[0],
	} {
		late := w.bell.at[what].Sub(since)
		slowest = max(slowest, late)
		if late < 0 || late > 15*time.Minute {
			t.Errorf("%s was told %v after it happened", what, late)
		}
	}
	got, quiet := w.ranking(t), calm.ranking(t)
	if len(got) == 0 || !slices.Equal(got, quiet) {
		t.Errorf("%d people are ranked otherwise than the %d after a week in which nothing happened", len(got), len(quiet))
	}
	seen, err := w.s.Observed(t.Context(), "acme", "keyed") // the gap has its name: no silence is taken for silence of people
	must(t, err)
	if len(seen) != 2 || seen[0].To.After(revoked[0]) || seen[1].From.Before(revoked[1].Add(-time.Hour)) {
		t.Errorf("the platform without a key was watched %v", seen)
	}
	if n, all := count(t, w.s, "mention"), len(w.keyed.posts)+len(w.web.posts)+len(w.paid.posts); n < all-3 {
		t.Errorf("%d of %d posts", n, all)
	}
	if n := count(t, w.s, "scan WHERE state = 'running'"); n != 0 {
		t.Errorf("%d records say that they run", n)
	}
	t.Logf("told %v, the slowest after %v; %d people ranked as in a calm week", w.bell.told, slowest, len(got))
	must(t, w.s.Close())
	dead.marked = nil
	must(t, dead.Close())
}

func failingSince(t *testing.T, s *Store, source string) time.Time {
	t.Helper()
	standings, err := s.Standings(t.Context(), "acme")
	must(t, err)
	for _, h := range standings {
		if h.Source == source {
			return h.Failing
		}
	}
	return time.Time{}
}
