package main

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/authenticity"
	"adalid/internal/dedupe"
	"adalid/internal/demo"
	"adalid/internal/rank"
	"adalid/internal/scan"
	"adalid/internal/store"
)

var trialUntil = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// trial is a stored world that says of everybody what the ranking has to find out.
type trial struct {
	demo.World
	listed []string                             // role keys by the default ranking, critics left out
	critic map[string]bool                      // role keys
	mean   map[string]float64                   // shrunk mean sentiment
	circle map[string][]authenticity.Suggestion // suggested
	out    map[string]string                    // why the default view leaves an account out
	simple map[string][]string                  // lists to compare with
}

// tried stores a world as an import would and ranks it.
func tried(t *testing.T, o demo.TrialOptions) trial {
	t.Helper()
	o.Until = trialUntil
	world, err := demo.Trial(o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range world.Mentions { // as collectors do
		m := &world.Mentions[i]
		m.Sponsored = m.Sponsored || collectors.Sponsored(m.Text)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.CreateBrand(t.Context(), world.Brand); err != nil {
		t.Fatal(err)
	}
	learned, err := newLearner(s)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return trialUntil }
	if _, err := runImport(t.Context(), s, now, scan.Job{
		Brand: world.Brand.Name, Matching: scan.MatchAll,
		Collector: invented(world.Mentions), Store: s, Sentiment: learned.model, Learner: learned,
	}); err != nil {
		t.Fatal(err)
	}
	ranker := rank.New(rank.Options{Store: s, Now: now})
	w := trial{World: world, critic: map[string]bool{}, mean: map[string]float64{}, simple: map[string][]string{}}
	list := func(q rank.Query) []rank.Entry {
		r, err := ranker.Rank(t.Context(), world.Brand.Name, q)
		if err != nil {
			t.Fatal(err)
		}
		if r.TooFew {
			t.Fatal("too few to rank")
		}
		return r.Entries
	}
	w.judge()
	all := list(rank.Query{All: true})
	for _, e := range all {
		if e.Segment == rank.Critic {
			w.critic[roleKey(e)] = true
		}
		if e.Score.Mean != nil {
			w.mean[roleKey(e)] = *e.Score.Mean
		}
	}
	for _, e := range list(rank.Query{}) {
		w.listed = append(w.listed, roleKey(e))
	}
	for name, most := range map[string]func(rank.Evidence) int64{
		"followers": func(e rank.Evidence) int64 { return deref(e.Followers) },
		"volume":    func(e rank.Evidence) int64 { return e.Mentions },
	} {
		sorted := slices.Clone(all)
		slices.SortStableFunc(sorted, func(a, b rank.Entry) int { return cmp.Compare(most(b.Evidence), most(a.Evidence)) })
		for _, e := range sorted {
			w.simple[name] = append(w.simple[name], roleKey(e))
		}
	}
	return w
}

func deref(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func roleKey(e rank.Entry) string {
	a := e.Person.Accounts[0]
	return demo.RoleKey(a.Platform, a.Key)
}

var linked = regexp.MustCompile(`https?://([^/\s]+)`)

// judge looks at everybody's profile and posts as the product does.
func (w *trial) judge() {
	evidence, posts := map[string]*authenticity.Evidence{}, map[string][]authenticity.Post{}
	handles := map[string]bool{}
	for _, m := range w.Mentions {
		if m.OwnAccount {
			handles[strings.ToLower(m.Author.Handle)] = true
		}
	}
	for i := range w.Mentions {
		m := &w.Mentions[i]
		key := demo.RoleKey(m.Platform, m.Author.Key)
		e := evidence[key]
		if e == nil {
			e = &authenticity.Evidence{Links: map[string]int{}}
			evidence[key] = e
		}
		a := m.Author
		e.Profile = authenticity.Profile{
			Platform: a.Platform, Handle: a.Handle, Name: a.Name, Bio: told(a.Bio), URL: told(a.URL),
			Created: a.Created, Followers: a.Followers, Following: a.Following, Verified: a.Verified,
		}
		if m.Repost {
			e.Reposts++
			if handles[m.RepostOf] {
				e.RepostsOfBrand++
			}
			continue
		}
		e.Posts++
		if m.Sponsored {
			e.Sponsored++
		}
		for _, host := range linked.FindAllStringSubmatch(m.Text, -1) {
			e.Links[host[1]]++
		}
		posts[key] = append(posts[key], authenticity.Post{At: m.CreatedAt, Text: dedupe.TextHash(m.Text), Near: dedupe.NearHash(m.Text)})
	}
	shared := authenticity.Shared(posts)
	ours := authenticity.Brand{Name: w.Brand.Name, Domains: []string{demo.Site}, Handles: slices.Sorted(maps.Keys(handles))}
	w.circle, w.out = map[string][]authenticity.Suggestion{}, map[string]string{}
	for key, e := range evidence {
		if w.Roles[key] == demo.OwnAccount {
			continue
		}
		b := authenticity.Measure(posts[key])
		b.Copies = shared[key]
		a := authenticity.Assess(e.Profile, b, trialUntil)
		if s := authenticity.Circle(*e, ours); len(s) > 0 {
			w.circle[key], w.out[key] = s, "circle"
		}
		switch {
		case a.Probability >= authenticity.LeaveOut:
			w.out[key] = "automated"
		case b.Repetition != nil && b.Repetition.Repeater():
			w.out[key] = "repeater"
		}
	}
}

func told(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// first gives the first n of a list that the default view does not leave out.
func (w *trial) first(n int, list []string) []string {
	var out []string
	for _, key := range list {
		if len(out) < n && w.out[key] == "" {
			out = append(out, key)
		}
	}
	return out
}

// true advocates are those invented to speak well and often, and genuine.
func trueAdvocate(r demo.Role) bool {
	return r == demo.Advocate || r == demo.Connector || r == demo.Defender
}

// precision is the part of a list that is true advocates.
func (w *trial) precision(list []string) float64 {
	n := 0.0
	for _, key := range list {
		if trueAdvocate(w.Roles[key]) {
			n++
		}
	}
	return n / float64(len(list))
}

// captured is what a list brings in of what the best list of its length would.
func (w *trial) captured(list []string) float64 {
	var ideal []float64
	for key, views := range w.NetViews {
		if !strings.HasPrefix(key, "youtube/") { // ranked apart
			ideal = append(ideal, views)
		}
	}
	slices.SortFunc(ideal, func(a, b float64) int { return cmp.Compare(b, a) })
	got, best := 0.0, 0.0
	for i, key := range list {
		got, best = got+w.NetViews[key], best+ideal[i]
	}
	return got / best
}

// spread is the mean and the worst of a figure over worlds.
type spread []float64

func (s spread) mean() float64 {
	sum := 0.0
	for _, x := range s {
		sum += x
	}
	return sum / float64(len(s))
}

func (s spread) worst() float64 { return slices.Min(s) }

// trialSeeds are the worlds that a trial is held in.
func trialSeeds() []int64 {
	seeds := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}
	if raceDetector || testing.Short() {
		return seeds[:1]
	}
	return seeds
}

// inCircle are those whom the brand pays or employs, or who sell it.
func inCircle(r demo.Role) bool {
	return r == demo.Staff || r == demo.Agency || r == demo.Reseller || r == demo.Creator
}

// TestTrial holds the default ranking, and the suggestions of the brand's
// circle, against worlds in which it is known who is what. Beside it stand the
// lists by followers and by volume.
func TestTrial(t *testing.T) {
	t.Parallel()
	precision, captured := map[string]spread{}, map[string]spread{}
	wrong, missed, falsely := map[demo.Role]int{}, map[demo.Role]int{}, map[demo.Role]int{}
	var right, suggested, planted float64
	for _, seed := range trialSeeds() {
		w := tried(t, demo.TrialOptions{Seed: seed})
		lists := map[string][]string{"default": w.first(20, w.listed), "nobody left out": w.listed[:20]}
		for name, list := range w.simple {
			lists[name] = list[:20]
		}
		for name, list := range lists {
			precision[name] = append(precision[name], w.precision(list))
			captured[name] = append(captured[name], w.captured(list))
		}
		for _, key := range lists["default"] {
			if role := w.Roles[key]; !trueAdvocate(role) {
				wrong[role]++
			}
		}
		for key, role := range w.Roles {
			switch tied := w.circle[key] != nil; {
			case inCircle(role) && tied:
				right, suggested, planted = right+1, suggested+1, planted+1
			case inCircle(role):
				missed[role]++
				planted++
			case tied:
				falsely[role]++
				suggested++
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(precision)) {
		p, c := precision[name], captured[name]
		t.Logf("%-15s precision@20 %.3f (worst %.2f), captured %.3f (worst %.2f)", name, p.mean(), p.worst(), c.mean(), c.worst())
	}
	t.Logf("first 20 of all worlds, no true advocates: %v", wrong)
	t.Logf("circle: recall %.3f, precision %.3f; missed %v, falsely suggested %v", right/planted, right/suggested, missed, falsely)
	p, c := precision["default"], captured["default"]
	if p.mean() < .9 || p.worst() < .8 || c.mean() < .8 {
		t.Errorf("precision@20 %.3f (worst %.2f), captured %.3f", p.mean(), p.worst(), c.mean())
	}
	for _, name := range []string{"followers", "volume"} {
		if p.mean() < precision[name].mean()+.2 || c.mean() < captured[name].mean()+.1 {
			t.Errorf("a list by %s does as well", name)
		}
	}
	if len(p) == 20 && (right/planted < .9 || right/suggested < .8) { // a single world is too small to tell
		t.Errorf("circle: recall %.3f, precision %.3f", right/planted, right/suggested)
	}
}

// TestTrialCrisis: a week in which most of those who pass by are angry makes no
// critic of who defends the brand or speaks well of it, and who finds fans
// still finds them.
func TestTrialCrisis(t *testing.T) {
	t.Parallel()
	var precision spread
	people, turned, before := map[demo.Role]int{}, map[demo.Role]int{}, map[demo.Role]int{}
	complained, complainedTurned := 0, 0
	seeds := trialSeeds()
	for _, seed := range seeds[:min(len(seeds), 8)] { // what is counted are people, and these are enough
		calm, crisis := tried(t, demo.TrialOptions{Seed: seed}), tried(t, demo.TrialOptions{Seed: seed, Crisis: true})
		precision = append(precision, crisis.precision(crisis.first(20, crisis.listed)))
		for key, role := range calm.Roles {
			switch {
			case role == demo.SmallFan && calm.NetViews[key] <= 0:
				continue // invented as a fan, but the posts that came of it are not kind
			case role == demo.SmallFan && crisis.NetViews[key] < calm.NetViews[key]: // complained too
				complained++
				if crisis.critic[key] && !calm.critic[key] {
					complainedTurned++
				}
				continue
			}
			people[role]++
			if calm.critic[key] {
				before[role]++
			} else if crisis.critic[key] {
				turned[role]++
			}
		}
	}
	t.Logf("precision@20 %.3f (worst %.2f)", precision.mean(), precision.worst())
	for _, role := range []demo.Role{demo.Defender, demo.SmallFan, demo.Advocate, demo.Connector, demo.Critic, demo.RivalFan, demo.Talker, demo.PasserBy} {
		t.Logf("%s: %d of %d critics in calm, %d more in the crisis", role, before[role], people[role], turned[role])
	}
	t.Logf("of %d small fans who complained once themselves, %d became critics", complained, complainedTurned)
	if precision.mean() < .9 || precision.worst() < .8 {
		t.Errorf("precision@20 %.3f (worst %.2f)", precision.mean(), precision.worst())
	}
	if turned[demo.Defender] > 0 || 50*turned[demo.Advocate] > people[demo.Advocate] || 20*turned[demo.SmallFan] > people[demo.SmallFan] {
		t.Errorf("the crisis made critics of %d defenders, %d advocates and %d small fans", turned[demo.Defender], turned[demo.Advocate], turned[demo.SmallFan])
	}
	if seen := before[demo.Critic] + turned[demo.Critic]; 10*seen < 8*people[demo.Critic] {
		t.Errorf("only %d of %d critics are seen", seen, people[demo.Critic])
	}
}
