package demo

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jonreiter/govader"

	"adalid"
)

var until = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func invent(t testing.TB, seed int64) World {
	t.Helper()
	w, err := Invent(Options{Seed: seed, Until: until})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w World) role(m adalid.Mention) Role { return w.Roles[RoleKey(m.Platform, m.Author.Key)] }

func TestSameSeedSameBytes(t *testing.T) {
	bytesOf := func(seed int64) []byte {
		b, err := json.Marshal(invent(t, seed))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	first := bytesOf(1)
	if !bytes.Equal(first, bytesOf(1)) {
		t.Error("same seed, other bytes")
	}
	if bytes.Equal(first, bytesOf(2)) {
		t.Error("other seed, same bytes")
	}
}

func TestEverybodyOfTheCastIsThere(t *testing.T) {
	w := invent(t, 1)
	people, posts := map[Role]int{}, map[Role]int{}
	for _, r := range w.Roles {
		people[r]++
	}
	for _, m := range w.Mentions {
		posts[w.role(m)]++
	}
	total := 0
	for _, p := range cast {
		total += p.people
		if people[p.role] != p.people {
			t.Errorf("%d of role %s, want %d", people[p.role], p.role, p.people)
		}
		if lo, hi := p.people*p.posts[0], p.people*p.posts[1]; posts[p.role] < lo || posts[p.role] > hi {
			t.Errorf("role %s wrote %d posts, want %d to %d", p.role, posts[p.role], lo, hi)
		}
	}
	if total < 600 || total > 900 || len(w.Mentions) < 6000 || len(w.Mentions) > 8000 {
		t.Errorf("%d people, %d posts", total, len(w.Mentions))
	}
	if len(people) != len(cast) || people[""] != 0 || posts[""] != 0 {
		t.Errorf("roles %v, posts %v", people, posts)
	}
}

func TestEveryMentionIsValid(t *testing.T) {
	for seed := range int64(3) {
		w := invent(t, seed)
		ids, handles := map[string]bool{}, map[string]string{}
		for _, m := range w.Mentions {
			handles[RoleKey(m.Platform, strings.ToLower(m.Author.Handle))] = m.Author.Key
		}
		own := map[string]bool{}
		for _, o := range w.Brand.Own {
			own[RoleKey(o.Platform, o.Handle)] = true
			if handles[RoleKey(o.Platform, o.Handle)] == "" {
				t.Fatalf("own account %v never wrote", o)
			}
		}
		last := time.Time{}
		for _, m := range w.Mentions {
			if fault := faultOf(m, handles, own, w); fault != "" {
				t.Fatalf("seed %d: %s: %+v", seed, fault, m)
			}
			if ids[RoleKey(m.Platform, m.ID)] || m.CreatedAt.Before(last) {
				t.Fatalf("seed %d: repeated id or out of order: %+v", seed, m)
			}
			ids[RoleKey(m.Platform, m.ID)], last = true, m.CreatedAt
		}
		if last.Before(until.AddDate(0, 0, -1)) {
			t.Errorf("seed %d: the last post is at %v", seed, last)
		}
	}
}

var xHandle = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)

// faultOf says what is wrong with a mention, or "".
func faultOf(m adalid.Mention, handles map[string]string, own map[string]bool, w World) string {
	self := strings.ToLower(m.Author.Handle)
	known := func(h string) bool { return h == strings.ToLower(h) && handles[RoleKey(m.Platform, h)] != "" }
	switch {
	case m.Platform == "" || m.ID == "" || m.Author.Key == "" || self == "" || m.Author.Platform != m.Platform || m.Text == "":
		return "incomplete"
	case handles[RoleKey(m.Platform, self)] != m.Author.Key:
		return "two people with one handle"
	case m.Platform == adalid.X && !xHandle.MatchString(m.Author.Handle):
		return "no handle of x"
	case m.CreatedAt.Location() != time.UTC || m.CreatedAt.Nanosecond() != 0 || m.CreatedAt.After(until) || m.CreatedAt.Before(until.AddDate(0, 0, -days)):
		return "time"
	case m.Repost != (m.RepostOf != "") || m.RepostOf != "" && !known(m.RepostOf) || m.RepostOf == self:
		return "repost"
	case m.ReplyTo != "" && !known(m.ReplyTo) || m.QuoteOf != "" && !known(m.QuoteOf):
		return "answers nobody"
	case slices.Contains(m.Mentions, self) || slices.ContainsFunc(m.Mentions, func(h string) bool { return !known(h) }):
		return "names nobody"
	case len(slices.Compact(slices.Sorted(slices.Values(m.Mentions)))) != len(m.Mentions):
		return "names twice"
	case !strings.Contains(strings.ToLower(m.Text), "tostalba") && !own[RoleKey(m.Platform, m.ReplyTo)]:
		return "not about the brand"
	case m.OwnAccount != (w.role(m) == OwnAccount):
		return "own account"
	case (w.role(m) == OwnAccount || w.role(m) == Staff) != own[RoleKey(m.Platform, self)]:
		return "own accounts of the brand"
	case w.role(m) == Creator && !m.Sponsored:
		return "hidden advertising"
	case strings.ContainsAny(m.Text, "{}"):
		return "grammar"
	}
	for _, c := range []*int64{m.Likes, m.Reposts, m.Replies, m.Quotes, m.Views, m.Author.Followers, m.Author.Following} {
		if c != nil && *c < 0 {
			return "counter"
		}
	}
	return ""
}

func TestUnknownWherePlatformsDoNotTell(t *testing.T) {
	told := map[adalid.Platform]map[string]int{}
	for _, m := range invent(t, 1).Mentions {
		n := told[m.Platform]
		if n == nil {
			n = map[string]int{}
			told[m.Platform] = n
		}
		if m.Repost {
			continue
		}
		n["posts"]++
		for name, v := range map[string]*int64{"followers": m.Author.Followers, "likes": m.Likes, "reposts": m.Reposts, "quotes": m.Quotes, "views": m.Views} {
			if v != nil {
				n[name]++
			}
		}
		if m.Lang != "" {
			n["lang"]++
		}
	}
	for _, c := range []struct {
		platform adalid.Platform
		field    string
		lo, hi   float64
	}{
		{"x", "followers", 1, 1},
		{"x", "views", .8, .9},
		{"x", "quotes", 1, 1},
		{"mastodon", "views", 0, 0},
		{"mastodon", "quotes", 0, 0},
		{"mastodon", "reposts", 1, 1},
		{"bluesky", "quotes", 1, 1},
		{"reddit", "followers", 0, 0},
		{"reddit", "views", 0, 0},
		{"reddit", "likes", 1, 1},
		{"instagram", "followers", .3, .8},
		{"instagram", "reposts", 0, 0},
		{"instagram", "lang", .6, .9},
		{"youtube", "views", 1, 1},
	} {
		n := told[c.platform]
		if share := float64(n[c.field]) / float64(n["posts"]); n["posts"] < 50 || share < c.lo || share > c.hi {
			t.Errorf("%s tells %s for %.2f of %d posts, want %.2f to %.2f", c.platform, c.field, share, n["posts"], c.lo, c.hi)
		}
	}
}

func TestTextsAreDistinct(t *testing.T) {
	seen, langs := map[string]bool{}, map[string]int{}
	posts, repeats := 0, 0
	for w, i := invent(t, 1), 0; i < len(w.Mentions); i++ {
		m := w.Mentions[i]
		if r := w.role(m); m.Repost || r == Repeater || r == Bot {
			continue
		}
		posts++
		b := bare(m.Text)
		if seen[b] {
			repeats++
		} else {
			langs[m.Lang]++
		}
		seen[b] = true
	}
	if share := float64(repeats) / float64(posts); share >= .05 {
		t.Errorf("%.3f of %d posts repeat an earlier one", share, posts)
	}
	if langs["en"] < 1500 || langs["es"] < 1200 {
		t.Errorf("distinct texts per language: %v", langs)
	}
}

func TestRepeatersAndBotsRepeat(t *testing.T) {
	w := invent(t, 1)
	own, repeats, seen := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, m := range w.Mentions {
		key := RoleKey(m.Platform, m.Author.Key)
		if r := w.Roles[key]; m.Repost || r != Repeater && r != Bot {
			continue
		}
		own[key]++
		if seen[key+bare(m.Text)] {
			repeats[key]++
		}
		seen[key+bare(m.Text)] = true
	}
	for key, n := range own {
		if n < 5 || float64(repeats[key])/float64(n) < .6 {
			t.Errorf("%s %s: %d of %d posts repeat", w.Roles[key], key, repeats[key], n)
		}
	}
}

// TestEnglishMoodsAreHeard holds the wording against the scorer of English.
func TestEnglishMoodsAreHeard(t *testing.T) {
	scorer := govader.NewSentimentIntensityAnalyzer()
	sum, n := map[string]float64{}, map[string]float64{}
	w := invent(t, 1)
	for _, m := range w.Mentions {
		if m.Lang != "en" || m.Repost {
			continue
		}
		key := RoleKey(m.Platform, m.Author.Key)
		sum[key] += scorer.PolarityScores(m.Text).Compound
		n[key]++
	}
	checked := 0
	for key, of := range n {
		mean := sum[key] / of
		switch r := w.Roles[key]; {
		case of < 5:
			continue
		case r == Advocate && mean < .4, r == Critic && mean > -.25, r == RivalFan && mean > 0:
			t.Errorf("%s %s sounds like %.2f over %.0f posts", r, key, mean, of)
		case r == Advocate || r == Critic:
			checked++
		}
	}
	if checked < 25 {
		t.Errorf("only %d people checked", checked)
	}
}

// TestPeopleTalkToEachOther counts ties between people, the brand left out.
func TestPeopleTalkToEachOther(t *testing.T) {
	w := invent(t, 1)
	kinds, peers := map[string]int{}, map[string]map[string]bool{}
	for _, m := range w.Mentions {
		for kind, handles := range map[string][]string{"mention": m.Mentions, "reply": {m.ReplyTo}, "repost": {m.RepostOf}, "quote": {m.QuoteOf}} {
			for _, h := range handles {
				if h == "" || strings.HasPrefix(h, "tostalba") {
					continue
				}
				kinds[kind]++
				key := RoleKey(m.Platform, m.Author.Key)
				if peers[key] == nil {
					peers[key] = map[string]bool{}
				}
				peers[key][h] = true
			}
		}
	}
	for kind, least := range map[string]int{"mention": 1000, "reply": 1000, "repost": 300, "quote": 100} {
		if kinds[kind] < least {
			t.Errorf("%d ties by %s, want %d", kinds[kind], kind, least)
		}
	}
	mean := func(role Role) float64 {
		sum, n := 0, 0
		for key, r := range w.Roles {
			if r == role {
				sum, n = sum+len(peers[key]), n+1
			}
		}
		return float64(sum) / float64(n)
	}
	if c, a, p := mean(Connector), mean(Advocate), mean(PasserBy); c < 1.3*a || a < 3*p {
		t.Errorf("distinct counterparts: connectors %.1f, advocates %.1f, passers-by %.1f", c, a, p)
	}
}

func TestCountersHaveATail(t *testing.T) {
	w := invent(t, 1)
	var likes []int64
	for _, m := range w.Mentions {
		if m.Likes != nil && !m.Repost {
			likes = append(likes, *m.Likes)
		}
	}
	slices.Sort(likes)
	median, top := likes[len(likes)/2], likes[len(likes)-1]
	if median > 20 || top < 5_000 {
		t.Errorf("median %d, most %d", median, top)
	}
}

var reference = regexp.MustCompile(`\{([^}]*)\}`)

func TestGrammarsHoldTogether(t *testing.T) {
	// Sections that code asks for by name.
	asked := strings.Fields(`praise plain question complaint help agree chat doubt quote.good quote.bad tobrand.good tobrand.bad tobrand.ask
		deal sponsored rivalfan bot greeting celebrity.good celebrity.bad announce brand.thanks brand.sorry staff agency
		cheer frown tag code habit bio bio.staff bio.agency bio.celebrity bio.creator`)
	for i, lang := range languages {
		g, err := readGrammar(lang)
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for _, name := range asked {
			used[name] = true
		}
		for _, c := range communities {
			used[c.scene] = used[c.scene] || c.lang == i
		}
		for name, lines := range g.sections {
			for _, line := range lines {
				for _, ref := range reference.FindAllStringSubmatch(line, -1) {
					used[ref[1]] = true
				}
			}
			if len(lines) != len(slices.Compact(slices.Sorted(slices.Values(lines)))) {
				t.Errorf("%s: section %s says something twice", lang, name)
			}
		}
		given := []string{"brand", "rival", "o", "name", "scene"}
		for name, need := range used {
			if need && len(g.sections[name]) == 0 && !slices.Contains(given, name) {
				t.Errorf("%s: no section %s", lang, name)
			}
		}
		for name := range g.sections {
			if !used[name] {
				t.Errorf("%s: nobody uses section %s", lang, name)
			}
		}
	}
	if _, err := readGrammar("tlh"); err == nil {
		t.Error("a language without a file must be an error")
	}
}

func BenchmarkInvent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		invent(b, 1)
	}
}
