package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	"adalid/collectors"
	"adalid/internal/scan"
)

// checked is a platform that tells which posts are gone.
type checked struct {
	*platform
	gone   map[string]bool
	refuse func(call int) error
	asked  *[]string
	calls  *int
}

const checkBatch = 10

func (c checked) definition(name string) collectors.Definition {
	d := c.platform.definition(name, collectors.Check)
	d.New = func(s collectors.Setup) (collectors.Collector, error) {
		return checkedReader{c, &platformReader{c.platform, s}}, nil
	}
	return d
}

type checkedReader struct {
	checked
	*platformReader
}

func (c checkedReader) Collect(ctx context.Context, q collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	return c.platformReader.Collect(ctx, q, from)
}

func (c checkedReader) CheckBatch() int { return checkBatch }

func (c checkedReader) Check(_ context.Context, ids []string) (gone []string, err error) {
	*c.calls++
	if len(ids) > checkBatch {
		return nil, fmt.Errorf("%d ids at once", len(ids))
	}
	if c.refuse != nil {
		if err := c.refuse(*c.calls); err != nil {
			return nil, err
		}
	}
	*c.asked = append(*c.asked, ids...)
	for _, id := range ids {
		if c.gone[id] {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

func wantSound(t *testing.T, s *Store) {
	t.Helper()
	report, err := s.Rebuild(t.Context(), "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("rebuild found %+v", report)
	}
}

// TestSweepTakesOutWhatIsGone looks every stored post up again within a day,
// goes on where a refusal left it, takes out with all that was counted what is
// gone, and keeps a line about it that says nothing of anybody.
func TestSweepTakesOutWhatIsGone(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	c := checked{platform: newPlatform("one", clock, 95, time.Hour), gone: map[string]bool{}, asked: new([]string), calls: new(int)}
	for i := 3; i < 95; i += 7 {
		c.gone[c.posts[i].ID] = true
	}
	c.refuse = func(call int) error {
		if call == 5 {
			return &collectors.Error{Kind: collectors.RateLimited, Message: "wait", Until: clock.now().Add(time.Hour)}
		}
		return nil
	}
	clock.step(2 * time.Hour)
	live := liveScanner(s, clock, c.definition("one"))
	_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	var removed int64
	for range 100 { // every quarter of an hour for a day and a bit, as a server does
		live = liveScanner(s, clock, c.definition("one")) // a process of its own every time
		n, err := live.Sweep(t.Context(), "acme", s, nil)
		must(t, err)
		removed += n
		clock.step(15 * time.Minute)
		if len(*c.asked) == 95 && *c.calls == 11 && n > 0 {
			wantSound(t, s)
		}
	}
	if first := (*c.asked)[:95]; !slices.IsSorted(first) || len(slices.Compact(first)) != 95 {
		t.Errorf("the first look asked for %v", first)
	}
	if second := len(*c.asked) - 95; second != 95-len(c.gone) {
		t.Errorf("the second look, a day later, asked for %d posts", second)
	}
	if removed != int64(len(c.gone)) || count(t, s, "mention") != 95-len(c.gone) {
		t.Errorf("%d of %d taken out, %d left", removed, len(c.gone), count(t, s, "mention"))
	}
	wantSound(t, s)
	lines, err := s.Removals(t.Context(), "acme", 100)
	must(t, err)
	sum := int64(0)
	for _, l := range lines {
		sum += l.Posts
		if l.Source != "one" || l.Reason != scan.RemovedGone {
			t.Errorf("noted %+v", l)
		}
	}
	if sum != removed {
		t.Errorf("%d noted", sum)
	}
	var columns string
	must(t, sqlDB(t, s).QueryRowContext(t.Context(), "SELECT group_concat(name) FROM pragma_table_info('removal')").Scan(&columns))
	if columns != "id,brand,source,reason,posts,removed_at" {
		t.Errorf("a line of what was taken out holds %s", columns)
	}
	t.Logf("%d of 95 taken out in %d lines, %d look-ups, two looks", removed, len(lines), *c.calls)
}

// TestRetention takes out posts of a platform that were not read again for
// thirty days, and no others.
func TestRetention(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	var definitions []collectors.Definition
	for _, name := range []string{"youtube", "mastodon"} {
		p := newPlatform(name, clock, 40, time.Hour)
		for i := range p.posts {
			p.posts[i].ObservedAt = clock.now().Add(2 * time.Hour)
		}
		definitions = append(definitions, p.definition(name))
	}
	clock.step(2 * time.Hour)
	live := liveScanner(s, clock, definitions...)
	_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	clock.step(20 * 24 * time.Hour)
	again := newPlatform("youtube", clock, 0, time.Hour)
	for i := range 15 {
		m := adalid.Mention{Platform: adalid.YouTube, ID: fmt.Sprintf("youtube-%06d", i), Text: fmt.Sprintf("acme is fine %d", i), CreatedAt: clock.now().Add(-20 * 24 * time.Hour), ObservedAt: clock.now(), Author: adalid.Author{Key: fmt.Sprint(i % 17)}}
		again.posts = append(again.posts, m)
	}
	_, err = liveScanner(s, clock, again.definition("again")).Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	keep := scan.Retention{adalid.YouTube: 30 * 24 * time.Hour}
	for _, step := range []struct {
		days    int
		removed int64
	}{{9, 0}, {2, 25}, {1, 0}, {19, 15}} {
		clock.step(time.Duration(step.days) * 24 * time.Hour)
		n, err := live.Sweep(t.Context(), "acme", s, keep)
		must(t, err)
		if n != step.removed {
			t.Errorf("on %s %d taken out, want %d", clock.now().Format("Jan 2"), n, step.removed)
		}
		wantSound(t, s)
	}
	if n := count(t, s, "mention WHERE platform = 'mastodon'"); n != 40 {
		t.Errorf("%d posts of the other platform", n)
	}
	lines, err := s.Removals(t.Context(), "acme", 10)
	must(t, err)
	if len(lines) != 2 || lines[0].Reason != scan.RemovedOld || lines[0].Source != "youtube" || lines[0].Posts+lines[1].Posts != 40 {
		t.Errorf("noted %+v", lines)
	}
}

// stream is a platform whose posts and deletions come as they appear.
type stream struct {
	*platformReader
	pages []collectors.Page
}

func (s stream) Stream(ctx context.Context, _ collectors.Query, from collectors.Cursor, save func(collectors.Page) error) error {
	at := 0
	_, _ = fmt.Sscan(string(from), &at)
	for i, page := range s.pages {
		page.Next = collectors.Cursor(fmt.Sprint(at + i + 1))
		if err := save(page); err != nil {
			return err
		}
	}
	now := s.clock.now()
	return save(collectors.Page{Next: collectors.Cursor(fmt.Sprint(at + len(s.pages))), Observed: []collectors.Period{{From: now.Add(-time.Hour), To: now}}})
}

// TestStreamDeletes takes out what a stream says is gone, whatever comes first,
// the post or its end.
func TestStreamDeletes(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	p := newPlatform("one", clock, 30, time.Hour)
	clock.step(2 * time.Hour)
	end := func(names ...string) (list []collectors.PostID) {
		for _, n := range names {
			list = append(list, collectors.PostID{Platform: "one", ID: n})
		}
		return list
	}
	post := func(name string) adalid.Mention {
		m := p.posts[0]
		m.ID = name
		return m
	}
	d := p.definition("one", collectors.Stream)
	d.New = func(setup collectors.Setup) (collectors.Collector, error) {
		return stream{&platformReader{p, setup}, []collectors.Page{
			{Mentions: []adalid.Mention{post("a"), post("b"), post("c")}},
			{Gone: end("a", "one-000003", "never seen")},
			{Gone: end("d"), Mentions: []adalid.Mention{post("d"), post("e")}},
			{Gone: end("f")},
			{Mentions: []adalid.Mention{post("f"), post("g")}},
		}}, nil
	}
	var work sync.WaitGroup
	defer work.Wait()
	r, err := liveScanner(s, clock, d).Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	if r.State != scan.Done || r.Standings[0].Report.Gone != 2 {
		t.Errorf("%+v", r)
	}
	var left []string
	rows, err := sqlDB(t, s).QueryContext(t.Context(), "SELECT id FROM mention WHERE id NOT LIKE 'one-%' ORDER BY id")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id string
		must(t, rows.Scan(&id))
		left = append(left, id)
	}
	must(t, rows.Err())
	if got := strings.Join(left, " "); got != "b c e g" || count(t, s, "mention") != 29+4 {
		t.Errorf("left are %s and %d of those before", got, count(t, s, "mention")-len(left))
	}
	wantSound(t, s)
}

// paidCheck is a paid platform where looking posts up again costs as much as
// reading them.
type paidCheck struct {
	collectors.Collector
	meter collectors.Meter
	asked *int
}

func (p paidCheck) CheckBatch() int { return 100 }

func (p paidCheck) Check(ctx context.Context, ids []string) ([]string, error) {
	booked, err := p.meter.Reserve(ctx, "post_read", int64(len(ids)), int64(len(ids)))
	if err != nil {
		return nil, err
	}
	*p.asked += len(ids)
	return nil, booked.Settle(ctx, 0, ids)
}

// TestSweepLeavesMoneyToRead looks posts up again for a quarter of a day's money
// at most: the rest reads new ones.
func TestSweepLeavesMoneyToRead(t *testing.T) {
	clock := &steppedClock{t: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	s := openAt(t, t.TempDir(), clock)
	defer s.Close()
	setPaid(t, s, "paid", 30*1000*postMicros)
	p := paidPlatform{platform: newPlatform("paid", clock, 400, time.Hour)}
	asked := 0
	d := p.definition("paid")
	made := d.New
	d.New = func(setup collectors.Setup) (collectors.Collector, error) {
		c, err := made(setup)
		return paidCheck{c, setup.Meter, &asked}, err
	}
	clock.step(2 * time.Hour)
	live := liveScanner(s, clock, d)
	_, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
	must(t, err)
	setPaid(t, s, "paid", (400+29*40)*postMicros) // forty posts on each day that is left
	for range 3 {
		clock.step(24 * time.Hour)
		asked = 0
		for range 5 {
			_, err := live.Sweep(t.Context(), "acme", s, nil)
			must(t, err)
		}
		if asked < 8 || asked > 10 {
			t.Errorf("%d posts looked up of which ten are a quarter of the day's money", asked)
		}
		r, err := live.Scan(t.Context(), scan.Order{Brand: "acme"})
		must(t, err)
		if r.State != scan.Done {
			t.Errorf("after the look nothing is left to read: %+v", r)
		}
	}
}
