package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/scan"
)

// loading counts how often a ranking read everything.
type loading struct {
	*Store
	loads int
}

func (l *loading) Accounts(ctx context.Context, brand string, yield func(rank.Account) error) error {
	l.loads++
	return l.Store.Accounts(ctx, brand, yield)
}

// A ranking that follows page after page, posts that are read again, deleted
// and labelled answers as one that reads the database anew, and reads nothing
// anew itself unless authors go.
func TestRankingFollowsTheDatabase(t *testing.T) {
	s := open(t, t.TempDir())
	r := rand.New(rand.NewPCG(4, 4))
	l := &loading{Store: s}
	follower := rank.New(rank.Options{Store: l})
	var posts []scan.Mention
	for step := range 40 {
		page := scan.Page{Source: "s", Cursor: []byte(fmt.Sprint(step)), Batches: []scan.Batch{{Brand: "acme"}}}
		for range 20 {
			if len(posts) > 50 && r.IntN(4) == 0 { // read again, later, with other counters
				m := posts[r.IntN(len(posts))]
				likes := int64(r.IntN(100))
				m.Likes, m.ObservedAt = &likes, refStart.AddDate(1, 0, step)
				page.Batches[0].Mentions = append(page.Batches[0].Mentions, m)
				continue
			}
			m := inventedPost(r, len(posts))
			posts = append(posts, m)
			page.Batches[0].Mentions = append(page.Batches[0].Mentions, m)
		}
		_, err := s.Save(t.Context(), page)
		must(t, err)
		if step%7 == 6 {
			must(t, s.Observe(t.Context(), "acme", "s", refStart.AddDate(0, 0, step), refStart.AddDate(0, 0, step+1)))
		}
		before := l.loads
		compareRankings(t, s, follower, fmt.Sprint("step ", step))
		if step > 0 && l.loads != before {
			t.Fatalf("step %d: everything was read again", step)
		}
	}
}

func inventedPost(r *rand.Rand, n int) scan.Mention {
	person := r.IntN(60)
	at := refStart.Add(time.Duration(r.IntN(40*24)) * time.Hour)
	text := r.IntN(200)
	score := float64(r.IntN(200)-100) / 100
	m := scan.Mention{Mention: adalid.Mention{
		Brand: "acme", Platform: []adalid.Platform{"x", "mastodon"}[person%2], ID: fmt.Sprintf("post%05d", n),
		Author:    adalid.Author{Platform: []adalid.Platform{"x", "mastodon"}[person%2], Key: fmt.Sprint("k", person), Handle: fmt.Sprintf("H%d_%d", person, r.IntN(20)/19)},
		CreatedAt: at, Lang: []string{"en", "es"}[r.IntN(2)], Text: fmt.Sprint("post ", text),
		Mentions: []string{fmt.Sprint("h", r.IntN(60), "_0"), fmt.Sprint("nobody", r.IntN(500))},
	}, TextHash: uint64(text + 1), RowHash: uint64(n)}
	m.Sentiment = &adalid.Sentiment{Positive: max(score, 0), Negative: max(-score, 0), Neutral: 1 - max(score, -score)}
	return m
}

func compareRankings(t *testing.T, s *Store, follower *rank.Ranker, what string) {
	t.Helper()
	for _, q := range []rank.Query{{All: true}, {All: true, Since: refStart.AddDate(0, 0, 10), Lang: "es"}} {
		got, err := follower.Rank(t.Context(), "acme", q)
		must(t, err)
		want, err := rank.New(rank.Options{Store: s}).Rank(t.Context(), "acme", q)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s: %s", what, d)
		}
	}
}

// What another process wrote, what failed and what is too much is not told.
func TestChangesThatAreNotKnown(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	r := rand.New(rand.NewPCG(5, 5))
	save := func(s *Store, n int) (from, to int64) {
		t.Helper()
		before, err := s.State(t.Context(), "acme")
		must(t, err)
		page := scan.Page{Batches: []scan.Batch{{Brand: "acme"}}}
		for range n {
			page.Batches[0].Mentions = append(page.Batches[0].Mentions, inventedPost(r, r.IntN(1e9)))
		}
		_, err = s.Save(t.Context(), page)
		must(t, err)
		after, err := s.State(t.Context(), "acme")
		must(t, err)
		if before.Mark == after.Mark {
			t.Error("two versions have the same mark")
		}
		return before.DataVersion, after.DataVersion
	}
	known := func(from, to int64) bool {
		_, ok, err := s.Changes(t.Context(), "acme", from, to)
		must(t, err)
		return ok
	}
	from, mid := save(s, 5)
	_, to := save(s, 5)
	if !known(from, to) || !known(mid, to) || !known(to, to) {
		t.Error("its own changes are not known")
	}
	if known(from, mid) {
		t.Error("told of a version that is not the present one")
	}
	other, err := Open(t.Context(), Options{Dir: dir})
	must(t, err)
	defer other.Close()
	_, theirs := save(other, 5)
	if known(from, theirs) || known(to, theirs) {
		t.Error("told of what another process wrote")
	}
	_, to = save(s, 5)
	if known(from, to) || !known(theirs, to) {
		t.Error("a gap in between was not seen")
	}
	_, large := save(s, tellMost+1)
	if known(to, large) {
		t.Error("told of an import")
	}
	must(t, s.AddOwnAccounts(t.Context(), "acme", []adalid.OwnAccount{{Platform: "x", Handle: "h1_0"}}))
	st, err := s.State(t.Context(), "acme")
	must(t, err)
	if known(large, st.DataVersion) {
		t.Error("told of own accounts as if nothing changed")
	}
}
