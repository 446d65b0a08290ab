package rank_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
)

// Posts reads a memory as the store does, all on one page.
func (m *memory) Posts(_ context.Context, _ string, q rank.PostQuery) ([]rank.Post, string, error) {
	var list []rank.Post
	for _, p := range m.posts {
		at := time.Unix(p.at, 0).UTC()
		reply, quote := p.ties[rank.ReplyEdge], p.ties[rank.QuoteEdge]
		names := slices.Concat(reply, quote, p.ties[rank.MentionEdge], p.ties[rank.RepostEdge])
		switch {
		case q.Person != "" && p.person != q.Person, q.Platform != "" && p.platform != q.Platform,
			!q.Since.IsZero() && at.Before(q.Since), !q.Until.IsZero() && at.After(q.Until), q.Authored && p.repost,
			q.Sponsored && !p.sponsored, q.Answering && len(reply)+len(quote) == 0, q.Tied && len(names) == 0,
			q.Conversation && !slices.Contains(append(slices.Clone(reply), quote...), "brand"),
			q.Toward != "" && !slices.Contains(names, q.Toward),
			q.Lang != "" && !strings.HasPrefix(p.lang, q.Lang):
			continue
		}
		out := rank.Post{Mention: adalid.Mention{Platform: p.platform, ID: p.id, CreatedAt: at, Likes: p.likes, Views: p.views, Sponsored: p.sponsored}, Person: p.person, Sentiment: p.sentiment}
		if len(reply) > 0 {
			out.ReplyTo = reply[0]
		}
		if len(quote) > 0 {
			out.QuoteOf = quote[0]
		}
		if p.sentiment != nil && *p.sentiment > .2 {
			out.Tone = adalid.Positive
		}
		key, known := at.Unix(), true
		switch q.Sort {
		case rank.MostEngaged:
			key, known = valueOr0(p.likes), true
		case rank.MostViewed:
			key, known = valueOr0(p.views), p.views != nil
		case rank.MostPositive, rank.MostNegative:
			known = p.sentiment != nil
		}
		if known {
			out.Copy = int(key)
			list = append(list, out)
		}
	}
	slices.SortStableFunc(list, func(a, b rank.Post) int { return cmp.Compare(b.Copy, a.Copy) })
	return list[:min(len(list), q.Limit)], "", nil
}

func valueOr0(v *int64) int64 {
	if v == nil {
		return 0
	}
	return *v
}

func viewOf(t *testing.T, m *memory, q rank.ViewQuery) rank.View {
	t.Helper()
	q.Posts = m
	v, err := rank.New(rank.Options{Store: m}).View(ctx, "brand", q)
	if err != nil {
		t.Fatal(q.Name, err)
	}
	for i, member := range v.Members {
		if v.Entries[i].Rank != q.Offset+i+1 || len(member.Reasons) == 0 {
			t.Fatalf("%s: place %d, %d reasons", q.Name, v.Entries[i].Rank, len(member.Reasons))
		}
		for _, r := range member.Reasons {
			for _, lang := range []string{"en", "es"} {
				if said := r.Say(lang); said == "" || strings.ContainsAny(said, "{}") || strings.Contains(said, "NaN") {
					t.Fatalf("%s says %q in %s", q.Name, said, lang)
				}
			}
		}
	}
	if (v.Empty == nil) != (v.Total > 0) || v.Empty != nil && (v.Empty.Say("es") == "" || v.Empty.Say("en") == "") {
		t.Fatalf("%s: %d people, empty because %v", q.Name, v.Total, v.Empty)
	}
	return v
}

// allViews are those that follow from what was posted.
func allViews() (names []rank.ViewName) {
	for _, v := range rank.Views() {
		if v.Name == rank.Shortlist || v.Name == rank.Ambassadors {
			continue
		}
		names = append(names, v.Name)
	}
	return names
}

// TestViewsAsOf: a view of a moment equals that of a world that knows nothing
// later, whatever the order in which it arrived.
func TestViewsAsOf(t *testing.T) {
	computes(t)
	found := map[rank.ViewName]int{}
	for seed := range uint64(3) {
		m := invent(seed, scope{people: 150, posts: 1800, days: 150, merged: seed == 1})
		until := time.Unix(m.posts[1300].at, 0).UTC()
		for _, name := range allViews() {
			q := rank.ViewQuery{Query: rank.Query{Until: until}, Name: name}
			want := viewOf(t, m, q)
			found[name] += want.Total
			for what, other := range map[string]*memory{"the past": m.upTo(until.Unix()), "shuffled": m.shuffled(seed)} {
				got := viewOf(t, other, q)
				got.DataVersion, want.DataVersion = 0, 0
				got.Platforms, want.Platforms = nil, nil
				got.Later, want.Later = 0, 0
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("%s of %s, seed %d: %s", name, what, seed, diff)
				}
			}
			page := viewOf(t, m, rank.ViewQuery{Query: rank.Query{Until: until, Offset: 2, Limit: 3}, Name: name})
			if n := min(3, max(0, want.Total-2)); len(page.Entries) != n || page.Total != want.Total || n > 0 && page.Entries[0].Person.ID != want.Entries[2].Person.ID {
				t.Errorf("%s: page of %d of %d", name, len(page.Entries), page.Total)
			}
		}
	}
	for _, name := range allViews() {
		if found[name] == 0 && name != rank.RivalsFans && name != rank.Rising && name != rank.Cooling {
			t.Errorf("nobody was ever found by %s", name)
		}
	}
}

// daysOf gives the days of organic own posts by person, in order.
func (m *memory) daysOf(person string) (days []int64) {
	for _, p := range m.posts {
		if p.person == person && !p.repost && !p.sponsored {
			days = append(days, p.at/86400)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// habits is a world of people who post every so many days, enough to be ranked.
func habits(everyDays map[string][]int) *memory {
	m := &memory{version: 1}
	write := func(person string, day int) {
		m.posts = append(m.posts, post{
			platform: "x", person: person, key: "k" + person, handle: person, id: fmt.Sprintf("%06d", len(m.posts)),
			at: morning.AddDate(0, 0, day).Unix(), lang: "en", copy: 1, sentiment: new(.5), likes: new(int64(1)),
		})
	}
	for i := range 40 {
		for d := i % 10; d <= 200; d += 20 + i%7 {
			write(fmt.Sprintf("usual%02d", i), d)
		}
	}
	for _, person := range sortedKeys(everyDays) {
		for _, d := range everyDays[person] {
			write(person, d)
		}
	}
	write("usual00", 200)
	slices.SortStableFunc(m.posts, func(a, b post) int { return cmp.Compare(a.at, b.at) })
	return m
}

func every(from, to, step int) (days []int) {
	for d := from; d <= to; d += step {
		days = append(days, d)
	}
	return days
}

// TestRising: who posts every other day after posting once in three weeks
// rises; who always posted so, who posted once more, and who is new do not.
func TestRising(t *testing.T) {
	m := habits(map[string][]int{
		"riser": slices.Concat(every(0, 170, 21), every(174, 200, 2)), "steady": every(0, 200, 2),
		"lucky": slices.Concat(every(0, 170, 30), []int{180, 190, 199}), "fresh": every(180, 200, 1),
	})
	v := viewOf(t, m, rank.ViewQuery{Name: rank.Rising})
	if v.Total != 1 || v.Entries[0].Person.ID != "riser" {
		t.Fatalf("rising are %v", ids(v.Ranking))
	}
	f := v.Members[0].Figures[0]
	if before, now := 8.0/172, 14.0/28; f.Name != "momentum" || *f.Low <= 1 || f.Value < *f.Low || f.Value > *f.High || f.Value > now/before {
		t.Errorf("momentum %v (%v to %v), the bare ratio is %v", f.Value, *f.Low, *f.High, now/before)
	}
	if said := v.Members[0].Reasons[0].Say("en"); said != fmt.Sprintf("Posted on 14 of the last 28 days, up from 8 of the 172 before: very likely at least %.1f times as often.", math.Floor(10**f.Low)/10) {
		t.Errorf("%v is said so: %q", *f.Low, said)
	}
	none := viewOf(t, habits(map[string][]int{"returned": append([]int{0}, every(174, 200, 2)...), "steady": every(0, 200, 2)}), rank.ViewQuery{Name: rank.Rising})
	if said := none.Members[0].Reasons[0].Say("es"); said != "Publicó en 14 de los últimos 28 días; en los 172 anteriores, en ninguno." {
		t.Errorf("nothing before is said so: %q", said)
	}
	if len(v.Notes) != 1 || !strings.Contains(v.Notes[0].Say("en"), "1 person has less than 28") {
		t.Errorf("notes %v", v.Notes)
	}
	young := &memory{version: 1}
	for _, p := range m.posts {
		if p.at > morning.AddDate(0, 0, 175).Unix() {
			young.posts = append(young.posts, p)
		}
	}
	if v := viewOf(t, young, rank.ViewQuery{Name: rank.Rising}); v.Empty.Code != "empty_history" {
		t.Errorf("a short history says %v", v.Empty)
	}
}

// TestCooling: silence counts against the own rhythm, and only what was watched.
func TestCooling(t *testing.T) {
	people := map[string][]int{
		"lapsed": every(0, 150, 4), "slow": every(0, 180, 30), "paused": slices.Concat(every(0, 60, 4), every(130, 150, 4)), "there": every(0, 200, 4),
	}
	m := habits(people)
	v := viewOf(t, m, rank.ViewQuery{Name: rank.Cooling})
	if got := ids(v.Ranking); !slices.Contains(got, "lapsed") || slices.Contains(got, "slow") || slices.Contains(got, "paused") || slices.Contains(got, "there") {
		t.Fatalf("cooling are %v", got)
	}
	for i, e := range v.Entries {
		days := m.daysOf(e.Person.ID)
		last, at := days[len(days)-1], m.posts[len(m.posts)-1].at/86400
		longest := int64(0)
		for j := range days[1:] {
			longest = max(longest, days[j+1]-days[j])
		}
		span, silent := float64(last-days[0]), float64(at-last)
		chance := math.Pow(span/(span+silent), float64(len(days)-1))
		if silent <= float64(longest) || chance > .05 || v.Members[i].Figures[0].Value != silent || math.Abs(v.Members[i].Figures[1].Value-chance) > 1e-12 {
			t.Errorf("%s: silent for %v days after pauses up to %d, chance %v; figures %v", e.Person.ID, silent, longest, chance, v.Members[i].Figures)
		}
	}
	day := func(n int) time.Time { return morning.Truncate(24*time.Hour).AddDate(0, 0, n) }
	m.observed = []rank.Period{{Platform: "x", From: day(0), To: day(151)}, {Platform: "x", From: day(197), To: day(202)}}
	if v := viewOf(t, m, rank.ViewQuery{Name: rank.Cooling}); v.Total != 0 || len(v.Gaps) != 1 {
		t.Errorf("while nobody watched, %v fell silent; gaps %v", ids(v.Ranking), v.Gaps)
	}
}

// TestNewPeople compares with who has no own post up to seven days before.
func TestNewPeople(t *testing.T) {
	for seed := range uint64(4) {
		m := invent(seed, scope{people: 400, posts: 1500, days: 60, merged: seed%2 == 0})
		at := m.posts[1200].at
		cut := time.Unix(at, 0).UTC().AddDate(0, 0, -7).Unix()
		before := map[string]bool{}
		for _, p := range m.posts {
			if p.at <= cut && !p.repost {
				before[p.person] = true
			}
		}
		q := rank.Query{Until: time.Unix(at, 0).UTC(), All: true}
		want := []string{}
		for _, id := range ids(rankOf(t, m, q)) {
			if !before[id] {
				want = append(want, id)
			}
		}
		q.Since = time.Unix(cut, 0).UTC().Add(-48 * time.Hour) // "ever" looks further back than the window
		for _, q := range []rank.Query{{Until: q.Until}, q} {
			got := ids(viewOf(t, m, rank.ViewQuery{Query: q, Name: rank.NewPeople}).Ranking)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || len(want) == 0 {
				t.Errorf("seed %d: new are %v, want %v", seed, got, want)
			}
		}
	}
	m := invent(1, scope{people: 100, posts: 400, days: 5})
	if v := viewOf(t, m, rank.ViewQuery{Name: rank.NewPeople}); v.Empty == nil || v.Empty.Code != "empty_young" {
		t.Errorf("a history of five days says %v", v.Empty)
	}
}

// TestAnswersAndPositive compare with counts of posts.
func TestAnswersAndPositive(t *testing.T) {
	m := invent(3, scope{people: 150, posts: 1500, days: 60, platforms: []adalid.Platform{"x", "mastodon"}})
	counts := map[string]float64{}
	for _, p := range m.posts {
		if slices.Contains(p.ties[rank.ReplyEdge], "brand") {
			counts[p.person]++
		}
	}
	v := viewOf(t, m, rank.ViewQuery{Name: rank.Answers})
	last := math.Inf(1)
	for i, e := range v.Entries {
		if s := e.Sure; s == nil || s.Place != nil || !(s.Low <= e.Score.Total && e.Score.Total <= s.High && s.Low < s.High) {
			t.Errorf("%s with %v is as sure as %+v", e.Person.ID, e.Score.Total, s)
		}
		if n := v.Members[i].Figures[0].Value; n != counts[e.Person.ID] || n > last {
			t.Errorf("%s answered %v times, counted %v", e.Person.ID, n, counts[e.Person.ID])
		} else {
			last = n
		}
	}
	if v.Total < 10 {
		t.Errorf("%d people answered", v.Total)
	}
	last = 1
	for _, e := range viewOf(t, m, rank.ViewQuery{Name: rank.Positive}).Entries {
		if *e.Score.Mean > last || *e.Score.Mean <= 0 || e.Segment != rank.Advocate {
			t.Errorf("%s has the mean %v after %v", e.Person.ID, *e.Score.Mean, last)
		}
		last = *e.Score.Mean
	}
	for _, e := range viewOf(t, m, rank.ViewQuery{Name: rank.Critics}).Entries {
		if e.Segment != rank.Critic || *e.Evidence.Sentiment >= 0 || e.Evidence.Scored < 2 {
			t.Errorf("%s is among critics: %+v", e.Person.ID, e.Evidence)
		}
	}
	m.own = nil
	if v := viewOf(t, m, rank.ViewQuery{Name: rank.Answers}); v.Empty.Code != "empty_own" {
		t.Errorf("without own accounts: %v", v.Empty)
	}
}

// TestDefenders compares with a look at every post.
func TestDefenders(t *testing.T) {
	for seed := range uint64(3) {
		m := invent(seed, scope{people: 60, posts: 2500, days: 60, platforms: []adalid.Platform{"x", "mastodon"}})
		bearer, critics := map[string]string{}, map[string]bool{} // by platform and handle; who was negative by platform, handle bearer and day
		sums := map[string]float64{}
		for _, p := range m.posts {
			bearer[string(p.platform)+strings.ToLower(p.handle)] = p.key
			if p.sentiment != nil && !p.repost && !p.sponsored {
				sums[fmt.Sprint(p.platform, p.key, p.day(), p.lang)] += math.Round(1e9/float64(p.copy*p.copy)) * *p.sentiment
			}
		}
		for _, p := range m.posts {
			if sums[fmt.Sprint(p.platform, p.key, p.day(), p.lang)] < 0 {
				critics[fmt.Sprint(p.platform, p.key, p.day())] = true
			}
		}
		want := map[string]float64{}
		for _, p := range m.posts {
			if p.sentiment == nil || *p.sentiment <= .2 || p.repost || p.sponsored {
				continue
			}
			defends := false
			for _, name := range slices.Concat(p.ties[rank.ReplyEdge], p.ties[rank.QuoteEdge]) {
				key := bearer[string(p.platform)+name]
				for back := int32(0); back <= 6 && key != "" && key != p.key && name != "brand"; back++ {
					defends = defends || critics[fmt.Sprint(p.platform, key, p.day()-back)]
				}
			}
			if defends {
				want[p.person]++
			}
		}
		got := viewOf(t, m, rank.ViewQuery{Name: rank.Defenders})
		listed := map[string]bool{}
		for _, e := range rankOf(t, m, rank.Query{}).Entries {
			listed[e.Person.ID] = true
		}
		n := 0
		for i, e := range got.Entries {
			if v := got.Members[i].Figures[0].Value; v != want[e.Person.ID] || len(got.Members[i].Posts) != int(min(3, v)) {
				t.Errorf("seed %d: %s defended %v times, want %v", seed, e.Person.ID, v, want[e.Person.ID])
			}
		}
		for id := range want {
			if listed[id] {
				n++
			}
		}
		if n != got.Total || n == 0 {
			t.Errorf("seed %d: %d defenders, want %d", seed, got.Total, n)
		}
	}
}
