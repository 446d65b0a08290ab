package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/scan"
)

// TestEraseCutHandles: sources that read a handle up to its first letter beyond
// ASCII leave a part of it in the posts of others. That goes too, unless somebody
// else is named so.
func TestEraseCutHandles(t *testing.T) {
	const handle, cut = "Zorrilla_Peláez9", "zorrilla_pel"
	ctx := context.Background()
	dir := t.TempDir()
	s := openKeyed(t, dir)
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	about := func(prefix string) (list []scan.Mention) {
		for i := range 10 {
			m := said("x", fmt.Sprintf("%s-%d", prefix, i), fmt.Sprintf("k%d", i%3), fmt.Sprintf("bob%d", i%3), fmt.Sprintf("thanks @%s and @carol, %d", handle, i), i)
			m.Mentions, m.ReplyTo = []string{cut, "carol", "zorrilla"}, cut
			list = append(list, m)
		}
		return list
	}
	kept := said("x", "kept", "k1", "bob1", "@"+handle+" is not @"+cut, 3)
	kept.Mentions = []string{cut}
	list := append(about("other"), kept, said("x", "own", "k-4711", handle, "I love it", 2))
	saveAll(t, s, "acme", list)
	targets := func() (list []string) {
		must(t, s.read(ctx, "", func(x *session) error {
			return x.plain("SELECT DISTINCT target FROM edge WHERE source IN (SELECT id FROM author WHERE key <> 'k1') ORDER BY target", func(r row) error {
				list = append(list, r.text(0))
				return nil
			})
		}))
		return list
	}
	if !slices.Contains(targets(), cut) {
		t.Fatal("no edge leads to the cut handle: this proves nothing")
	}
	_, err := s.Erase(ctx, Erasure{Person: "x/" + handle})
	must(t, err)
	saveAll(t, s, "acme", append(about("later"), kept)) // what comes in is treated the same
	if got := targets(); !slices.Equal(got, []string{"carol", "zorrilla"}) {
		t.Errorf("edges lead to %v", got)
	}
	posts := 0
	must(t, s.read(ctx, "", func(x *session) error {
		return x.plain("SELECT id, handles, reply_to, text FROM mention ORDER BY id", func(r row) error {
			posts++
			want, text := "carol\nzorrilla", "thanks @… and @carol, "
			if r.text(0) == "kept" {
				want, text = cut, "@… is not @"+cut
			}
			if r.text(1) != want || r.text(2) != "" || !strings.HasPrefix(r.text(3), text) {
				t.Errorf("%s names %q, answers %q: %s", r.text(0), r.text(1), r.text(2), r.text(3))
			}
			return nil
		})
	}))
	if posts != 21 {
		t.Errorf("%d posts", posts)
	}
	report, err := s.Rebuild(ctx, "", nil)
	must(t, err)
	if report.Differ() != 0 {
		t.Errorf("roll-ups differ: %+v", report)
	}
}

func TestCutFrom(t *testing.T) {
	for _, c := range []struct {
		word, handle string
		want         bool
	}{
		{"zorrilla_peláez9", "zorrilla_pel", true},
		{"zorrilla_peláez9", "zorrilla", false}, // no source ends there
		{"zorrilla_peláez9", "zorrilla_peláez9", false},
		{"ana.example.social", "ana", true},
		{"ana", "ana", false},
		{"ana", "", false},
		{strings.Repeat("a", 40), strings.Repeat("a", 30), true},
		{strings.Repeat("a", 12), strings.Repeat("a", 10), false},
	} {
		if got := cutFrom(c.word, c.handle); got != c.want {
			t.Errorf("%s from %s: %v", c.handle, c.word, got)
		}
	}
}
