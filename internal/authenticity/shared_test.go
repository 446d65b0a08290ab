package authenticity

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// slowShared compares every post with every other.
func slowShared(list []Indexed, authors int) []Copies {
	out, partners := make([]Copies, authors), map[[2]int32]bool{}
	for _, p := range list {
		shared, inStep := false, false
		for _, q := range list {
			if q.Author == p.Author || q.Text != p.Text {
				continue
			}
			shared = true
			if away := q.At - p.At; p.At != math.MinInt64 && q.At != math.MinInt64 && -60 <= away && away <= 60 {
				inStep = true
				partners[[2]int32{p.Author, q.Author}] = true
			}
		}
		c := &out[p.Author]
		c.Posts++
		if shared {
			c.Shared++
		}
		if inStep {
			c.InStep++
		}
	}
	for pair := range partners {
		out[pair[0]].Partners++
	}
	return out
}

func TestSharedTextsEqualSlowReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for round := range 50 {
		var list []Indexed
		authors := 2 + rng.IntN(8)
		for a := range authors {
			for range 1 + rng.IntN(30) {
				p := Indexed{Text: rng.Uint64N(30) + 1, At: math.MinInt64, Author: int32(a)}
				if rng.IntN(9) > 0 {
					p.At = 1_700_000_000 + rng.Int64N(1500)
				}
				list = append(list, p)
			}
		}
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if want, got := slowShared(list, authors), SharedTexts(list, authors, nil); !slices.Equal(got, want) {
			t.Fatalf("round %d: %+v, want %+v", round, got, want)
		}
	}
}

func TestShortTextsAreNobodysCopies(t *testing.T) {
	var list []Indexed
	for a := range int32(4) {
		for n := range int64(4) {
			list = append(list, Indexed{Text: uint64(n) + 1, At: 1000 * n, Author: a})
		}
	}
	all := SharedTexts(list, 4, nil)
	if want := (Copies{Posts: 4, Shared: 4, InStep: 4, Partners: 3}); all[0] != want || !all[0].Telling() {
		t.Errorf("%+v", all[0])
	}
	some := SharedTexts(list, 4, func(text uint64) bool { return text > 2 })
	if want := (Copies{Posts: 4, Shared: 2, InStep: 2, Partners: 3}); some[0] != want || some[0].Telling() {
		t.Errorf("%+v", some[0])
	}
}

func TestHosts(t *testing.T) {
	for text, want := range map[string]string{
		"see https://www.Nova.example/a?b=c, and http://nova.example.": "nova.example",
		"(https://a.example) https://b.example:8080/x":                 "a.example b.example",
		"https://t.co/abc https://linktr.ee/x nothing else":            "",
		"ftp://a.example file://b http://":                             "",
		"HTTPS://CAFE.example…":                                        "cafe.example",
		"no links at a.example":                                        "",
	} {
		if got := strings.Join(Hosts(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzHosts(f *testing.F) {
	for _, text := range []string{"https://a.example/x", "://", "http://[::1]", "https://\xff.example", "https://a.example https://a.example"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		hosts := Hosts(text)
		if len(hosts) > strings.Count(text, "://") {
			t.Errorf("%d hosts in %q", len(hosts), text)
		}
		for i, h := range hosts {
			if h == "" || isShared(h) || slices.Contains(hosts[:i], h) || strings.ContainsAny(h, " /\n") {
				t.Errorf("host %q of %q", h, text)
			}
		}
		_ = ProfileLink(text, text, text)
	})
}

func TestProfileLink(t *testing.T) {
	for _, c := range []struct{ link, handle, key, want string }{
		{"https://nova.example", "ana", "1", "https://nova.example"},
		{"nova.example/team", "ana", "1", "https://nova.example/team"},
		{"https://social.example/@Ana", "ana@social.example", "1", ""},
		{"https://social.example/users/ana/", "Ana", "1", ""},
		{"https://news.example/user?id=ana", "ana", "ana", ""},
		{"https://video.example/channel/UC1", "", "UC1", ""},
		{"https://ana.example", "ana", "1", "https://ana.example"},
		{"", "ana", "1", ""},
		{"://", "ana", "1", ""},
	} {
		if got := ProfileLink(c.link, c.handle, c.key); got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.link, c.handle, got, c.want)
		}
	}
}

func TestDomains(t *testing.T) {
	got := Domains([]string{"https://www.nova.example/es", "https://t.co/x", ""}, []LinkCount{{"shop.example", 6}, {"news.example", 5}, {"rare.example", 4}}, 12)
	if want := []string{"nova.example", "shop.example"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
