package rank_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/rank"
)

// keptWorld is a world with what a team keeps of its people.
type keptWorld struct {
	*memory
	kept     map[string]rank.Pipeline
	version  int64
	unfit    int64
	answered int
}

func (k *keptWorld) State(ctx context.Context, brand string) (rank.State, error) {
	s, err := k.memory.State(ctx, brand)
	s.Pipeline, s.Unfit = k.version, k.unfit
	return s, err
}

func (k *keptWorld) Pipelines(_ context.Context, _ string, yield func(rank.Pipeline) error) error {
	k.answered++
	for _, p := range k.kept {
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

// inventKept gives a third of a world's people a status, tags, an owner or a task.
func inventKept(seed uint64) *keptWorld {
	k := &keptWorld{memory: invent(seed, scope{people: 150, posts: 1800, days: 150, merged: true}), kept: map[string]rank.Pipeline{}, version: 1, unfit: 1}
	r := rand.New(rand.NewPCG(seed, 12))
	seen := map[string]bool{}
	for _, p := range k.posts {
		if seen[p.person] {
			continue
		}
		if seen[p.person] = true; r.IntN(3) > 0 {
			continue
		}
		has := rank.Pipeline{Person: p.person, Status: rank.Statuses()[r.IntN(7)], Since: time.Unix(1e9, 0)}
		for _, tag := range []string{"Madrid", "VIP"} {
			if r.IntN(2) == 0 {
				has.Tags = append(has.Tags, tag)
			}
		}
		if r.IntN(2) == 0 {
			has.Owner, has.OwnerName = fmt.Sprint("u", r.IntN(2)), "Ana"
		}
		has.OpenTasks = r.IntN(3)
		k.kept[p.person] = has
	}
	k.kept["gone"] = rank.Pipeline{Person: "gone", Status: "ambassador"}
	return k
}

// everybody gives the whole list, with nobody left out.
func (k *keptWorld) everybody(t *testing.T, r *rank.Ranker) []rank.Entry {
	t.Helper()
	all, err := r.Rank(t.Context(), "b", rank.Query{All: true, Include: rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true, Unfit: true}})
	if err != nil {
		t.Fatal(err)
	}
	return all.Entries
}

func personIDs(list []rank.Entry) (out []string) {
	for _, e := range list {
		out = append(out, e.Person.ID)
	}
	return out
}

// TestKeptEqualsBruteForce: what a question for status, tags, owner or tasks lists
// is what a filter of the whole list leaves, in the same order, and an expression
// says the same.
func TestKeptEqualsBruteForce(t *testing.T) {
	for seed := range uint64(3) {
		k := inventKept(seed)
		r := rank.New(rank.Options{Store: k, Pipeline: k})
		whole := k.everybody(t, r)
		status := func(e rank.Entry) string { return e.Pipeline.Status }
		has := func(e rank.Entry, tag string) bool {
			return slices.ContainsFunc(e.Pipeline.Tags, func(x string) bool { return strings.EqualFold(x, tag) })
		}
		for _, c := range []struct {
			name  string
			kept  rank.Kept
			where string
			keeps func(rank.Entry) bool
		}{
			{"one status", rank.Kept{Statuses: "shortlisted"}, "status = shortlisted", func(e rank.Entry) bool { return status(e) == "shortlisted" }},
			{"two", rank.Kept{Statuses: "contacted,not_a_fit"}, "status in (contacted, not_a_fit)", func(e rank.Entry) bool { return status(e) == "contacted" || status(e) == "not_a_fit" }},
			{"candidates", rank.Kept{Statuses: "candidate"}, "status = candidate", func(e rank.Entry) bool { return status(e) == "candidate" }},
			{"a tag", rank.Kept{Tags: "vip"}, "tag = VIP", func(e rank.Entry) bool { return has(e, "VIP") && status(e) != "not_a_fit" }},
			{"both tags", rank.Kept{Tags: "VIP,madrid"}, "tag = vip and tag = madrid", func(e rank.Entry) bool {
				return has(e, "VIP") && has(e, "Madrid") && status(e) != "not_a_fit"
			}},
			{"owner", rank.Kept{Owner: "u1"}, "owner = u1", func(e rank.Entry) bool { return e.Pipeline.Owner == "u1" && status(e) != "not_a_fit" }},
			{"nobody's", rank.Kept{Owner: rank.NoOwner}, "owner = none", func(e rank.Entry) bool { return e.Pipeline.Owner == "" && status(e) != "not_a_fit" }},
			{"tasks", rank.Kept{Tasks: rank.OpenTask}, "tasks > 0", func(e rank.Entry) bool { return e.Pipeline.OpenTasks > 0 && status(e) != "not_a_fit" }},
			{"no tasks", rank.Kept{Tasks: rank.NoTask}, "tasks = 0", func(e rank.Entry) bool { return e.Pipeline.OpenTasks == 0 && status(e) != "not_a_fit" }},
			{"no tags", rank.Kept{}, `tag = "" and status in (candidate)`, func(e rank.Entry) bool { return len(e.Pipeline.Tags) == 0 && status(e) == "candidate" }},
			{"not a tag", rank.Kept{}, "not tag = vip", func(e rank.Entry) bool { return !has(e, "VIP") && status(e) != "not_a_fit" }},
			{"all of it", rank.Kept{Statuses: "shortlisted,ambassador", Tags: "vip", Owner: "u0", Tasks: rank.OpenTask}, "status in (shortlisted, ambassador) and tag = vip and owner = u0 and tasks > 0", func(e rank.Entry) bool {
				return (status(e) == "shortlisted" || status(e) == "ambassador") && has(e, "vip") && e.Pipeline.Owner == "u0" && e.Pipeline.OpenTasks > 0
			}},
		} {
			var want []string
			for _, e := range whole {
				if c.keeps(e) {
					want = append(want, e.Person.ID)
				}
			}
			others := rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true}
			for _, q := range []rank.Query{{All: true, Include: others, Kept: c.kept}, {All: true, Include: others, Where: c.where}} {
				if q.Kept == (rank.Kept{}) && q.Where == "" {
					continue
				}
				got, err := r.Rank(t.Context(), "b", q)
				if err != nil {
					t.Fatal(c.name, err)
				}
				if !slices.Equal(personIDs(got.Entries), want) || got.Total != len(want) {
					t.Errorf("seed %d, %s: %d people, want %d", seed, c.name, got.Total, len(want))
				}
				if left := got.Filtered + got.Absent.Unfit + got.Total; left != len(whole) {
					t.Errorf("seed %d, %s: %d filtered and %d unfit of %d, %d listed", seed, c.name, got.Filtered, got.Absent.Unfit, len(whole), got.Total)
				}
				page := q
				page.Offset, page.Limit, page.Intervals = 1, 3, true
				part, err := r.Rank(t.Context(), "b", page)
				if err != nil || !slices.Equal(personIDs(part.Entries), want[min(1, len(want)):min(4, len(want))]) {
					t.Errorf("seed %d, %s: a page is %v, %v", seed, c.name, personIDs(part.Entries), err)
				}
				for _, e := range part.Entries {
					if p := e.Sure; p != nil && p.Place != nil && p.Place.Last > part.Total {
						t.Errorf("%s: place up to %d of %d", c.name, p.Place.Last, part.Total)
					}
				}
			}
		}
	}
}

// TestUnfitAreLeftOut: by default, counted, and listed when asked for.
func TestUnfitAreLeftOut(t *testing.T) {
	k := inventKept(1)
	r := rank.New(rank.Options{Store: k, Pipeline: k})
	unfit := 0
	for _, e := range k.everybody(t, r) {
		if e.Pipeline.Status == "not_a_fit" {
			unfit++
		}
	}
	whole := len(k.everybody(t, r))
	list, err := r.Rank(t.Context(), "b", rank.Query{All: true, Include: rank.Include{Repeaters: true}})
	if err != nil || unfit == 0 || list.Absent.Unfit != unfit || list.Total != whole-unfit {
		t.Fatalf("%d of %d are no fit: %+v, %d listed, %v", unfit, whole, list.Absent, list.Total, err)
	}
	quick, err := r.Rank(t.Context(), "b", rank.Query{Limit: 5})
	if err != nil || quick.Absent.Unfit == 0 {
		t.Errorf("the quick way counts %d, %v", quick.Absent.Unfit, err)
	}
	for _, e := range quick.Entries {
		if e.Pipeline.Status == "not_a_fit" {
			t.Error("somebody who is no fit is listed")
		}
	}
	for _, view := range []rank.ViewName{rank.Positive, rank.Answers} {
		v, err := r.View(t.Context(), "b", rank.ViewQuery{Name: view})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range v.Entries {
			if e.Pipeline.Status == "not_a_fit" {
				t.Errorf("%s lists somebody who is no fit", view)
			}
		}
	}
}

// TestKeptViews: the named views of the pipeline are the filter by status, by score,
// with who has it and since when.
func TestKeptViews(t *testing.T) {
	k := inventKept(2)
	r := rank.New(rank.Options{Store: k, Pipeline: k})
	for view, status := range map[rank.ViewName]string{rank.Shortlist: "shortlisted", rank.Ambassadors: "ambassador"} {
		v, err := r.View(t.Context(), "b", rank.ViewQuery{Name: view})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, e := range k.everybody(t, r) {
			if e.Pipeline.Status == status {
				want = append(want, e.Person.ID)
			}
		}
		got := personIDs(v.Entries)
		slices.Sort(want)
		if slices.Sort(got); len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", view, got, want)
		}
		for i, m := range v.Members {
			if len(m.Reasons) != 1 || !strings.Contains(m.Reasons[0].Say("es"), "9 sept 2001") || i > 0 && v.Entries[i].Score.Total > v.Entries[i-1].Score.Total {
				t.Errorf("%s: %+v", view, m)
			}
		}
	}
}

// TestKeptShowsAtOnce: a change shows with the next question, and is read only then.
func TestKeptShowsAtOnce(t *testing.T) {
	k := inventKept(1)
	r := rank.New(rank.Options{Store: k, Pipeline: k})
	first := func() rank.Entry {
		list, err := r.Rank(t.Context(), "b", rank.Query{Limit: 1, Intervals: true})
		if err != nil {
			t.Fatal(err)
		}
		return list.Entries[0]
	}
	top := first()
	first()
	if k.answered != 1 {
		t.Errorf("read %d times without a change", k.answered)
	}
	k.kept[top.Person.ID] = rank.Pipeline{Person: top.Person.ID, Status: "contacted", Tags: []string{"New"}}
	k.version++
	if e := first(); e.Person.ID != top.Person.ID || e.Pipeline.Status != "contacted" || len(e.Pipeline.Tags) != 1 {
		t.Errorf("%+v", e.Pipeline)
	}
	k.kept[top.Person.ID] = rank.Pipeline{Person: top.Person.ID, Status: "not_a_fit"}
	k.version++
	k.unfit = k.version
	second := first()
	if second.Person.ID == top.Person.ID {
		t.Error("who is no fit stays first")
	}
	d, err := r.Person(t.Context(), "b", top.Person.ID, rank.Query{})
	if err != nil || d.Entry.Rank != 0 || d.Entry.Pipeline.Status != "not_a_fit" {
		t.Errorf("%+v, %v", d.Entry, err)
	}
	if second.Sure.Place != nil && second.Sure.Place.First != 1 {
		t.Errorf("%+v", second.Sure.Place)
	}
}

func TestKeptIsChecked(t *testing.T) {
	k := inventKept(1)
	r := rank.New(rank.Options{Store: k, Pipeline: k})
	for _, q := range []rank.Query{{Kept: rank.Kept{Statuses: "hunter2"}}, {Kept: rank.Kept{Tasks: "some"}}, {Where: "status = hunter2"}, {Where: "tasks = many"}} {
		if _, err := r.Rank(t.Context(), "b", q); adalid.CodeOf(err) != adalid.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if !(rank.Query{Where: "not (tag = a or score > 1)"}).AsksPipeline() || (rank.Query{Where: "score > 1"}).AsksPipeline() || !(rank.Query{Kept: rank.Kept{Tags: "a"}}).AsksPipeline() {
		t.Error("what a question depends on is not seen")
	}
}

// keptBulk is a large world of whom every twentieth has a status.
type keptBulk struct {
	*bulk
	list    []rank.Pipeline
	version int64
}

func newKeptBulk(n int) *keptBulk {
	k := &keptBulk{bulk: newBulk(n), version: 1}
	for i := 0; i < len(k.accounts); i += 20 {
		k.list = append(k.list, rank.Pipeline{Person: k.accounts[i].Person, Status: rank.Statuses()[1+i/20%5], Tags: []string{"vip"}})
	}
	return k
}

func (k *keptBulk) State(ctx context.Context, brand string) (rank.State, error) {
	s, err := k.bulk.State(ctx, brand)
	s.Pipeline, s.Unfit = k.version, 1
	return s, err
}

func (k *keptBulk) Pipelines(_ context.Context, _ string, yield func(rank.Pipeline) error) error {
	for _, p := range k.list {
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkKept: a list of 50 of 100,000 people, with nothing kept, with 5,000
// decisions, narrowed by status, and after each change.
func BenchmarkKept(b *testing.B) {
	k := newKeptBulk(300_000)
	for _, c := range []struct {
		name    string
		kept    bool
		q       rank.Query
		changes bool
	}{
		{"nothing kept", false, rank.Query{Limit: 50, Intervals: true}, false},
		{"kept", true, rank.Query{Limit: 50, Intervals: true}, false},
		{"by status", true, rank.Query{Limit: 50, Intervals: true, Kept: rank.Kept{Statuses: "shortlisted"}}, false},
		{"after a change", true, rank.Query{Limit: 50, Intervals: true}, true},
		{"by status after a change", true, rank.Query{Limit: 50, Intervals: true, Kept: rank.Kept{Statuses: "shortlisted"}}, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			o := rank.Options{Store: k}
			if c.kept {
				o.Pipeline = k
			}
			r := rank.New(o)
			if _, err := r.Rank(b.Context(), "b", c.q); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if c.changes {
					k.version++
				}
				if _, err := r.Rank(b.Context(), "b", c.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// chosenWorld is judged people of whom the team took some up.
type chosenWorld struct {
	*judgedWorld
	kept []rank.Pipeline
}

func (c *chosenWorld) State(ctx context.Context, brand string) (rank.State, error) {
	s, err := c.judgedWorld.State(ctx, brand)
	s.Pipeline, s.Unfit = 1, 1
	return s, err
}

func (c *chosenWorld) Pipelines(_ context.Context, _ string, yield func(rank.Pipeline) error) error {
	for _, p := range c.kept {
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

// TestTheChosenAreShown: whom the team made an ambassador is among the ambassadors,
// also if the rules take the account for an organisation's or an automated one; in
// the list of candidates both stay left out.
func TestTheChosenAreShown(t *testing.T) {
	c := &chosenWorld{judgedWorld: crowd()}
	c.of["k01"] = rank.Standing{Judged: true, Organisation: .9}
	c.of["k02"] = rank.Standing{Judged: true, Automated: .9}
	c.of["k03"] = rank.Standing{Judged: true, Organisation: .9}
	c.kept = []rank.Pipeline{{Person: "p-k01", Status: "ambassador"}, {Person: "p-k02", Status: "ambassador"}, {Person: "p-k03", Status: "candidate"}}
	r := rank.New(rank.Options{Store: c, Standing: c, Pipeline: c})
	ask := func(q rank.Query) rank.Ranking {
		t.Helper()
		list, err := r.Rank(t.Context(), "b", q)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	want := []string{"p-k01", "p-k02"}
	for _, q := range []rank.Query{{Kept: rank.Kept{Statuses: "ambassador"}}, {Where: "status = ambassador"}} {
		got := personIDs(ask(q).Entries)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%+v lists %v", q, got)
		}
	}
	v, err := r.View(t.Context(), "b", rank.ViewQuery{Name: rank.Ambassadors})
	if err != nil {
		t.Fatal(err)
	}
	got := personIDs(v.Entries)
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("the view of ambassadors lists %v", got)
	}
	if list := ask(rank.Query{}); list.Absent.Organisations != 2 || list.Absent.Automated != 1 || list.Total != 37 {
		t.Errorf("the default list leaves out %+v of %d", list.Absent, list.Total)
	}
	if list := ask(rank.Query{Kept: rank.Kept{Statuses: "candidate"}}); slices.Contains(personIDs(list.Entries), "p-k03") {
		t.Error("a candidate whom nobody chose is listed although it is an organisation")
	}
}
