package rank_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

var ctx = context.Background()

func rankOf(t *testing.T, m *memory, q rank.Query) rank.Ranking {
	t.Helper()
	got, err := rank.New(rank.Options{Store: m}).Rank(ctx, "brand", q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func ids(r rank.Ranking) []string {
	list := []string{}
	for _, e := range r.Entries {
		list = append(list, e.Person.ID)
	}
	return list
}

// queries cover the filters, the cut days and both blends.
func queries() map[string]rank.Query {
	noon := morning.Add(20*24*time.Hour + 5*time.Hour + 7*time.Second)
	balanced, _ := scoring.Preset("balanced")
	connectors, _ := scoring.Preset("connectors")
	return map[string]rank.Query{
		"all":      {Weights: balanced},
		"critics":  {Weights: balanced, All: true},
		"window":   {Weights: balanced, Since: noon.Add(-9 * 24 * time.Hour), Until: noon, All: true},
		"one day":  {Weights: balanced, Since: noon.Add(-5 * time.Hour), Until: noon, All: true},
		"x":        {Weights: balanced, Platform: "x", All: true, Until: noon},
		"youtube":  {Weights: balanced, Platform: "youtube", All: true},
		"english":  {Weights: connectors, Lang: "en", All: true},
		"catalan":  {Weights: balanced, Lang: "ca"},
		"repeated": {Weights: balanced, MinMentions: 5},
		"added":    {Weights: scoring.Weights{1, 2, 3, 4}, Blend: scoring.Arithmetic, All: true},
	}
}

func TestEqualsSlowReference(t *testing.T) {
	for seed := range uint64(6) {
		m := invent(seed, scope{people: 40 + 60*int(seed), posts: 700, days: 40, merged: seed%2 == 1})
		if seed == 4 {
			m.scan = time.Unix(m.posts[500].at, 0).UTC()
		}
		for name, q := range queries() {
			t.Run(fmt.Sprintf("%d/%s", seed, name), func(t *testing.T) {
				got := rankOf(t, m, q)
				if n := int64(len(m.undated)); n == 0 || got.NoTime != n {
					t.Errorf("%d mentions without a time are reported, want %d", got.NoTime, n)
				}
				wantIDs, scores, evidence := slowRank(m, q, got.AsOf)
				if diff := cmp.Diff(wantIDs, ids(got)); diff != "" && len(wantIDs)+len(got.Entries) > 0 {
					t.Fatalf("order (-reference +got):\n%s", diff)
				}
				for _, e := range got.Entries {
					compareEntry(t, e, scores, evidence[e.Person.ID])
				}
			})
		}
	}
}

func compareEntry(t *testing.T, e rank.Entry, scores map[string]scoring.Score, want rank.Evidence) {
	t.Helper()
	score, ok := scores[e.Person.ID]
	if ok != (e.Score != nil) {
		t.Fatalf("%s has a score: %v, want %v", e.Person.ID, e.Score != nil, ok)
	}
	if ok && math.Abs(score.Total-e.Score.Total) > 1e-5 {
		t.Errorf("%s has score %v, want %v", e.Person.ID, e.Score.Total, score.Total)
	}
	g := e.Evidence
	got := rank.Evidence{
		Mentions: g.Mentions, Reposts: g.Reposts, Sponsored: g.Sponsored, Conversation: g.Conversation,
		Scored: g.Scored, Last: g.Last, ActiveDays: g.ActiveDays,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-reference +got):\n%s", e.Person.ID, diff)
	}
}

func TestArrivalOrderChangesNothing(t *testing.T) {
	m := invent(2, scope{people: 150, posts: 900, days: 60, merged: true})
	for name, q := range queries() {
		want := rankOf(t, m, q)
		got := rankOf(t, m.shuffled(8), q)
		got.DataVersion = want.DataVersion
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-in order +shuffled):\n%s", name, diff)
		}
	}
}

func TestUntilEqualsTheWorldOfThatMoment(t *testing.T) {
	m := invent(3, scope{people: 120, posts: 900, days: 45, merged: true})
	for _, i := range []int{5, 300, 301, 555, 800, 899} {
		until := time.Unix(m.posts[i].at, 0).UTC()
		past := m.upTo(until.Unix())
		for name, q := range queries() {
			q.Until = until
			if !q.Since.IsZero() {
				q.Since = until.Add(-200 * time.Hour)
			}
			got, want := rankOf(t, m, q), rankOf(t, past, q)
			want.DataVersion = got.DataVersion
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s until post %d (-past +until):\n%s", name, i, diff)
			}
		}
	}
}

func TestTooFewToRank(t *testing.T) {
	tests := []struct {
		name   string
		people int
		posts  int
		tooFew bool
	}{
		{"five mentions", 5, 5, true},
		{"many mentions of few people", 20, 600, true},
		{"few mentions of many people", 2000, 99, true},
		{"enough", 60, 600, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := invent(1, scope{people: tt.people, posts: tt.posts, days: 30, platforms: []adalid.Platform{"x"}})
			for _, all := range []bool{false, true} {
				got := rankOf(t, m, rank.Query{All: all})
				if got.TooFew != tt.tooFew || len(got.Entries) == 0 {
					t.Fatalf("too few: %v with %d entries, want %v", got.TooFew, len(got.Entries), tt.tooFew)
				}
				for i, e := range got.Entries {
					if (e.Score == nil) != tt.tooFew || (e.Segment == rank.Unranked) != tt.tooFew || e.Evidence.Mentions == 0 || e.Rank != i+1 {
						t.Errorf("entry %d: score %v, segment %s, mentions %d", i, e.Score, e.Segment, e.Evidence.Mentions)
					}
				}
				if tt.tooFew && got.Total != got.People {
					t.Errorf("%d of %d people are listed", got.Total, got.People)
				}
			}
		})
	}
}

func TestYouTubeIsApart(t *testing.T) {
	m := invent(5, scope{people: 200, posts: 2000, days: 30, merged: true})
	rest, apart := rankOf(t, m, rank.Query{All: true}), rankOf(t, m, rank.Query{All: true, Platform: adalid.YouTube})
	if !slices.Equal(rest.Platforms, apart.Platforms) || !slices.IsSorted(rest.Platforms) || !slices.Contains(rest.Platforms, adalid.YouTube) {
		t.Errorf("platforms to choose from: %q and %q", rest.Platforms, apart.Platforms)
	}
	if rest.Apart == 0 || rest.Apart != apart.People {
		t.Errorf("%d people are apart, and their list has %d", rest.Apart, apart.People)
	}
	for list, want := range map[*rank.Ranking]bool{&rest: false, &apart: true} {
		for _, e := range list.Entries {
			for _, a := range e.Person.Accounts {
				if (a.Platform == adalid.YouTube) != want {
					t.Fatalf("an account of %s in the wrong list", a.Platform)
				}
			}
		}
	}
}

func TestOwnAccountsAreNoCandidates(t *testing.T) {
	m := invent(6, scope{people: 60, posts: 1500, days: 60, platforms: []adalid.Platform{"x"}})
	got := rankOf(t, m, rank.Query{All: true})
	if got.Own != 3 { // @Brand, key k7, and H9 who is now h9new
		t.Errorf("%d own accounts left out, want 3", got.Own)
	}
	for _, e := range got.Entries {
		for _, a := range e.Person.Accounts {
			if a.Handle == "Brand" || a.Key == "k7" || a.Key == "k9" {
				t.Errorf("%s (%s) is listed", a.Handle, a.Key)
			}
		}
	}
}

func TestUnknownIsLeftOut(t *testing.T) {
	m := invent(7, scope{people: 120, posts: 1500, days: 30})
	for i := range m.posts {
		m.posts[i].sentiment = nil
		if m.posts[i].platform == "lemmy" {
			m.posts[i].likes = nil
		}
	}
	got := rankOf(t, m, rank.Query{All: true})
	if got.Critics != 0 {
		t.Errorf("%d critics without any sentiment", got.Critics)
	}
	best := map[adalid.Platform]int{}
	for _, e := range got.Entries {
		p := e.Person.Accounts[0].Platform
		parts := e.Score.Parts
		if parts[scoring.Affinity].Value != nil || (parts[scoring.Network].Value == nil) != (p == "lemmy") || (parts[scoring.Reach].Value == nil) != (p == "lemmy") {
			t.Fatalf("%s: parts %+v", p, parts)
		}
		if _, ok := best[p]; !ok {
			best[p] = e.Rank
		}
	}
	if best["lemmy"] == 0 || best["lemmy"] > 20 {
		t.Errorf("the best person of the platform that tells nothing is at %d of %d", best["lemmy"], got.Total)
	}
}

func TestPagesAndSorts(t *testing.T) {
	m := invent(8, scope{people: 150, posts: 1500, days: 30})
	r := rank.New(rank.Options{Store: m})
	for _, by := range []rank.Sort{"", rank.ByAffinity, rank.ByVolume, rank.ByReach, rank.ByNetwork, rank.ByMentions, rank.ByEngagement, rank.ByRecent} {
		whole, err := r.Rank(ctx, "brand", rank.Query{Sort: by, All: true})
		if err != nil {
			t.Fatal(err)
		}
		var pages []rank.Entry
		for at := 0; at < whole.Total+7; at += 7 {
			page, err := r.Rank(ctx, "brand", rank.Query{Sort: by, All: true, Offset: at, Limit: 7})
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page.Entries...)
		}
		if diff := cmp.Diff(whole.Entries, pages); diff != "" {
			t.Errorf("%s: pages differ from the whole (-whole +pages):\n%s", by, diff)
		}
		critics := whole.Entries[whole.Total-whole.Critics:]
		if whole.Critics == 0 || !slices.IsSortedFunc(critics, func(a, b rank.Entry) int {
			return int(math.Copysign(1, b.Score.Total-a.Score.Total))
		}) {
			t.Errorf("%s: %d critics are not at the end by score", by, whole.Critics)
		}
		for i, e := range whole.Entries {
			if (e.Segment == rank.Critic) != (i >= whole.Total-whole.Critics) {
				t.Fatalf("%s: entry %d is a %s", by, i, e.Segment)
			}
		}
	}
}

func TestPerson(t *testing.T) {
	m := invent(9, scope{people: 150, posts: 1500, days: 30, merged: true})
	r := rank.New(rank.Options{Store: m})
	q := rank.Query{All: true, Since: morning.Add(50 * time.Hour)}
	whole, err := r.Rank(ctx, "brand", q)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range whole.Entries {
		d, err := r.Person(ctx, "brand", want.Person.ID, q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Entry); diff != "" {
			t.Fatalf("entry (-list +person):\n%s", diff)
		}
		if d.Receipt.Recompute() != want.Score.Total || d.Receipt.Score != want.Score.Total {
			t.Fatalf("the receipt gives %v, the score is %v", d.Receipt.Recompute(), want.Score.Total)
		}
		mentions, reposts := int64(0), int64(0)
		for i, w := range d.Weeks {
			if w.Start.Weekday() != time.Monday || i > 0 && w.Start.Sub(d.Weeks[i-1].Start) != 7*24*time.Hour {
				t.Fatalf("week %d starts %s", i, w.Start)
			}
			mentions, reposts = mentions+w.Mentions, reposts+w.Reposts
		}
		if mentions != want.Evidence.Mentions || reposts != want.Evidence.Reposts {
			t.Fatalf("weeks add up to %d mentions and %d reposts, evidence %+v", mentions, reposts, want.Evidence)
		}
		for _, p := range d.Platforms {
			mentions -= p.Evidence.Mentions
		}
		if mentions != 0 {
			t.Fatalf("platforms miss %d mentions", mentions)
		}
	}
}

func TestPersonElsewhere(t *testing.T) {
	m := invent(9, scope{people: 150, posts: 1500, days: 30})
	r := rank.New(rank.Options{Store: m})
	tube, err := r.Rank(ctx, "brand", rank.Query{Platform: adalid.YouTube, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	d, err := r.Person(ctx, "brand", tube.Entries[0].Person.ID, rank.Query{})
	if err != nil || d.Platform != adalid.YouTube || d.Entry.Rank != 1 {
		t.Errorf("platform %q, rank %d, error %v", d.Platform, d.Entry.Rank, err)
	}
	if _, err := r.Person(ctx, "brand", "nobody", rank.Query{}); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("an unknown person gives %v", err)
	}
}

func TestWrongQueries(t *testing.T) {
	m := invent(1, scope{people: 10, posts: 10, days: 3})
	r := rank.New(rank.Options{Store: m})
	for name, q := range map[string]rank.Query{
		"sort":    {Sort: "luck"},
		"blend":   {Blend: "harmonic"},
		"weights": {Weights: scoring.Weights{-1, 1}},
		"offset":  {Offset: -1},
		"limit":   {Limit: -1},
		"least":   {MinMentions: -2},
		"window":  {Since: morning, Until: morning.Add(-time.Second)},
	} {
		if _, err := r.Rank(ctx, "brand", q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := r.Person(ctx, "brand", "p0001", q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("person with wrong %s: %v", name, err)
		}
	}
}

func TestEmptyBrand(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := rank.New(rank.Options{Store: &memory{}, Now: func() time.Time { return now }})
	got, err := r.Rank(ctx, "brand", rank.Query{})
	if err != nil || !got.TooFew || len(got.Entries) != 0 || !got.AsOf.Equal(now) {
		t.Errorf("%+v, %v", got, err)
	}
}

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

func TestMentionsAfterTheLastScanAreCounted(t *testing.T) {
	m := invent(4, scope{people: 100, posts: 800, days: 30})
	m.scan = time.Unix(m.posts[600].at, 0).UTC()
	got := rankOf(t, m, rank.Query{})
	if !got.AsOf.Equal(m.scan) || got.Later != 199 {
		t.Errorf("as of %s, want %s; %d later mentions, want 199", got.AsOf, m.scan, got.Later)
	}
	until := rankOf(t, m, rank.Query{Until: m.scan})
	if until.Later != 0 || until.Mentions != got.Mentions {
		t.Errorf("asked until then: %d later, %d mentions, want %d", until.Later, until.Mentions, got.Mentions)
	}
}

// More posts which nobody can score never cost points, whatever they get, with
// the scale fitted again. Their texts are new and they tell what the person's
// others tell.
func TestUnscoredPostsNeverLowerAScore(t *testing.T) {
	for seed := range uint64(4) {
		m := invent(seed, scope{people: 90, posts: 700, days: 40})
		until := time.Unix(m.posts[len(m.posts)-1].at, 0).UTC()
		before := rankOf(t, m, rank.Query{All: true, Until: until})
		for at := 0; at < len(before.Entries); at += 9 {
			id := before.Entries[at].Person.ID
			for _, gets := range []func(int64) int64{
				func(int64) int64 { return 0 },
				func(like int64) int64 { return like },
				func(like int64) int64 { return 1000 * like },
			} {
				compareTotals(t, fmt.Sprintf("seed %d, %s", seed, id), m, m.with(id, gets), id, until)
			}
		}
	}
}

// with gives the world in which every own post of a person comes twice more, in
// a language nobody scores, with the counters that gets makes of its own.
func (m *memory) with(person string, gets func(int64) int64) *memory {
	more := &memory{own: m.own, version: 2, posts: slices.Clone(m.posts), undated: m.undated}
	counter := func(c *int64) *int64 {
		if c == nil {
			return nil
		}
		return new(gets(*c))
	}
	for i, p := range m.posts {
		if p.person != person || p.repost {
			continue
		}
		for _, twin := range []string{"one", "two"} {
			p.sentiment, p.ties, p.copy, p.id = nil, nil, 1, fmt.Sprint(twin, i)
			p.likes, p.views = counter(m.posts[i].likes), counter(m.posts[i].views)
			more.posts = append(more.posts, p)
		}
	}
	return more
}

// compareTotals ranks a person before and after by every preset and blend.
func compareTotals(t *testing.T, what string, before, after *memory, id string, until time.Time) {
	t.Helper()
	was, is := rank.New(rank.Options{Store: before}), rank.New(rank.Options{Store: after})
	for _, preset := range scoring.Presets() {
		for _, blend := range []scoring.Blend{scoring.Geometric, scoring.Arithmetic} {
			q := rank.Query{All: true, Until: until, Blend: blend}
			q.Weights, _ = scoring.Preset(preset)
			x, err := was.Person(ctx, "brand", id, q)
			if err != nil {
				t.Fatal(err)
			}
			y, err := is.Person(ctx, "brand", id, q)
			if err != nil {
				t.Fatal(err)
			}
			if y.Entry.Score.Total < x.Entry.Score.Total-1e-9 || x.Entry.Segment != y.Entry.Segment {
				t.Errorf("%s, %s, %s: fell from %v (%s) to %v (%s)", what, preset, blend,
					x.Entry.Score.Total, x.Entry.Segment, y.Entry.Score.Total, y.Entry.Segment)
			}
		}
	}
}

// A post more whose text stood already adds little to the days it is on.
func TestDaysOfCopiesCountLittle(t *testing.T) {
	world := func(copies bool) *memory {
		m := invent(2, scope{people: 90, posts: 700, days: 40, platforms: []adalid.Platform{"x"}})
		last := m.posts[len(m.posts)-1]
		for k := range 30 {
			p := post{
				platform: "x", person: "repeater", key: "repeater", handle: "repeater",
				id: fmt.Sprint("again", k), lang: "en", at: last.at - int64(30-k)*86400, copy: 1,
			}
			if copies {
				p.copy = k + 1
			}
			m.posts = append(m.posts, p)
		}
		return m
	}
	until := morning.Add(40 * 24 * time.Hour)
	volume := map[bool]float64{}
	for _, copies := range []bool{false, true} {
		d, err := rank.New(rank.Options{Store: world(copies)}).Person(ctx, "brand", "repeater", rank.Query{Until: until})
		if err != nil {
			t.Fatal(err)
		}
		volume[copies] = *d.Entry.Score.Parts[scoring.Volume].Value
		if d.Entry.Evidence.ActiveDays != 30 {
			t.Errorf("%d days are shown, want 30", d.Entry.Evidence.ActiveDays)
		}
	}
	// Σ 1/k² is under 1.65 both for v and for d, half of it long ago.
	if volume[true] > .4*volume[false] {
		t.Errorf("thirty copies on thirty days have volume %v, thirty texts %v", volume[true], volume[false])
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
