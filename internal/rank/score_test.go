package rank_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

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
	computes(t)
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
