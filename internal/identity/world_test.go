package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
)

// world is invented people with accounts on several platforms, and who is who.
type world struct {
	accounts []Account
	person   map[string]int  // by account id
	told     map[[2]int]bool // pairs of accounts of one person whose profiles say so
}

var syllables = strings.Fields("ba bri co dra el fi gon hul ir jas ke lu mor nu ol pra qui ros su ta ul ven wi xo yor zan")

func word(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(syllables[r.IntN(len(syllables))])
	}
	return b.String()
}

var (
	givenNames  = strings.Fields("Juan María Ana Luis James Mary David Laura Carlos Emma Pedro Sara")
	familyNames = strings.Fields("García Smith López Pérez Jones Martín Brown Ruiz Gómez Taylor")
	interests   = strings.Fields("coffee trains maps music knitting chess gardens rivers pottery bread films cycling history stars birds")
)

// inventWorld makes people of every kind: who tells of the other account in the
// way of one of the rules, who does not, namesakes, fans and impostors.
func inventWorld(seed uint64, people int) world {
	r := rand.New(rand.NewPCG(seed, 5))
	w := world{person: map[string]int{}, told: map[[2]int]bool{}}
	add := func(person int, p adalid.Platform, handle, name, bio, url string) int {
		switch p {
		case "mastodon":
			handle += "@tuba.example"
		case "bluesky":
			handle += ".bsky.social"
		}
		a := account(p, handle, name, bio, url)
		a.ID = fmt.Sprintf("%s %d", a.ID, len(w.accounts))
		w.accounts = append(w.accounts, a)
		w.person[a.ID] = person
		return len(w.accounts) - 1
	}
	platforms := []adalid.Platform{"x", "bluesky", "mastodon", "reddit"}
	star := add(people, "x", "mirlasongs", "Mirla Tenebro", "singer", "https://mirla.example")
	for n := range people {
		given, family := givenNames[r.IntN(len(givenNames))], familyNames[r.IntN(len(familyNames))]
		name := given + " " + family
		handle := squeeze(name)
		if r.IntN(2) == 0 {
			name, handle = given+" "+"V"+word(r, 3), word(r, 2+r.IntN(3))
		}
		bio := ""
		for range 7 {
			bio += interests[r.IntN(len(interests))] + " "
		}
		first := platforms[r.IntN(4)]
		second := platforms[(slices.Index(platforms, first)+1+r.IntN(3))%4]
		other := word(r, 3)
		page := map[adalid.Platform]string{"x": "https://x.com/%s", "bluesky": "https://bsky.app/profile/%s.bsky.social", "mastodon": "https://tuba.example/@%s", "reddit": "https://reddit.com/user/%s"}
		a, b, told := -1, -1, true
		switch kind := r.IntN(12); {
		case kind == 0: // each links to the other
			a = add(n, first, handle+other, name, bio+fmt.Sprintf(page[second], other), "")
			b = add(n, second, other, given, fmt.Sprintf(page[first], handle+other), "")
		case kind == 1: // an own site
			site := squeeze(name) + other + ".example"
			a = add(n, first, handle+"1", name, bio, "https://"+site)
			b = add(n, second, other, name, "see "+site, "")
		case kind == 2: // one link, an uncommon handle
			a = add(n, first, other+"zz", name, fmt.Sprintf(page[second], other+"zz"), "")
			b = add(n, second, other+"zz", given, "", "")
		case kind == 3: // uncommon handle, same name and words
			a = add(n, first, other+"zzz", name, bio, "")
			b = add(n, second, other+"zzz", name, bio, "")
		case kind == 4: // two accounts that nothing ties together
			a = add(n, first, handle, name, bio, "")
			b = add(n, second, other, "", "", "")
			told = false
		case kind == 5: // a fan
			add(n, second, other, "Mirla fan", "https://x.com/mirlasongs", "")
		case kind == 6 && r.IntN(4) == 0: // an impostor who copies all
			add(n, "bluesky", "mirlasongs"+strings.Repeat("s", r.IntN(3)), "Mirla Tenebro", "singer https://x.com/mirlasongs", "https://mirla.example")
		default: // one account, often of a namesake
			add(n, first, handle, name, bio, "")
		}
		if a >= 0 && told {
			w.told[[2]int{a, b}] = true
		}
	}
	_ = star
	return w
}

// TestInventedWorlds counts over twenty worlds how many of the suggestions are
// right, and how many of the pairs that profiles tell of are suggested.
func TestInventedWorlds(t *testing.T) {
	right, wrong, told, found, certain, falselyCertain := 0, 0, 0, 0, 0, 0
	namesakes := 0
	for seed := range uint64(20) {
		w := inventWorld(seed, 600)
		at := map[string]int{}
		for i, a := range w.accounts {
			at[a.ID] = i
		}
		told += len(w.told)
		for _, s := range Find(w.accounts, Least) {
			one := w.person[s.A.ID] == w.person[s.B.ID]
			if one {
				right++
			} else {
				wrong++
			}
			if LevelOf(s.Confidence) == VeryLikely {
				certain++
				if !one {
					falselyCertain++
				}
			}
			i, j := at[s.A.ID], at[s.B.ID]
			if w.told[[2]int{i, j}] || w.told[[2]int{j, i}] {
				found++
			}
		}
		byName := map[string]int{}
		for _, a := range w.accounts {
			byName[a.Name]++
		}
		for _, n := range byName {
			namesakes += n * (n - 1) / 2
		}
	}
	precision, recall := float64(right)/float64(right+wrong), float64(found)/float64(told)
	t.Logf("20 worlds: %d suggestions, precision %.3f, recall %.3f of %d told pairs, %d very likely; %d pairs have the same name",
		right+wrong, precision, recall, told, certain, namesakes)
	if precision < .95 || recall < .9 {
		t.Errorf("precision %.3f, want at least .95; recall %.3f, want at least .9", precision, recall)
	}
	if falselyCertain > 0 || certain == 0 {
		t.Errorf("%d of %d very likely pairs are wrong", falselyCertain, certain)
	}
}

// TestOrderChangesNothing shuffles the accounts.
func TestOrderChangesNothing(t *testing.T) {
	w := inventWorld(1, 300)
	want := Find(w.accounts, 0)
	r := rand.New(rand.NewPCG(1, 1))
	r.Shuffle(len(w.accounts), func(i, j int) { w.accounts[i], w.accounts[j] = w.accounts[j], w.accounts[i] })
	got := Find(w.accounts, 0)
	if !slices.EqualFunc(want, got, func(a, b Suggestion) bool {
		return a.A.ID == b.A.ID && a.B.ID == b.B.ID && a.Confidence == b.Confidence && slices.EqualFunc(a.Reasons, b.Reasons, func(x, y Reason) bool {
			return x.Code == y.Code && x.Weight == y.Weight && slices.Equal(x.Values, y.Values)
		})
	}) || len(want) < 20 {
		t.Errorf("%d suggestions, shuffled %d", len(want), len(got))
	}
}

// TestCrowdsStayLinear gives everybody the same handle, name and link: nobody is
// compared with everybody.
func TestCrowdsStayLinear(t *testing.T) {
	var all []Account
	for i := range 40_000 {
		a := account([]adalid.Platform{"x", "bluesky", "mastodon", "reddit"}[i%4], "everybody", "Every Body", "shop.example x.com/everybody", "")
		a.Key = fmt.Sprint(i)
		all = append(all, a)
	}
	start := time.Now()
	if found := Find(all, 0); len(found) > 0 {
		t.Errorf("%d pairs of a crowd are suggested", len(found))
	}
	t.Logf("a crowd of %d in %v", len(all), time.Since(start))
	c := newCensus(all)
	if n := len(c.candidates()); n > len(all) {
		t.Errorf("%d pairs are looked at among %d accounts", n, len(all))
	}
}

func BenchmarkFind(b *testing.B) {
	w := inventWorld(1, 100_000)
	for b.Loop() {
		Find(w.accounts, Least)
	}
	b.ReportMetric(float64(len(w.accounts)), "accounts")
}
