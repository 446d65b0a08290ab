package store

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// TestTaskPages: by due, then number, whatever the size of the pages.
func TestTaskPages(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	yes := true
	for i := range 30 {
		n := workflow.NewTask{Text: fmt.Sprint(i)}
		if i%4 > 0 {
			n.Due = time.Date(2026, 4, 1+i%5, 0, 0, 0, 0, time.UTC)
		}
		if i%3 == 0 {
			n.Assignee = "eva"
		}
		task, err := m.AddTask(ctx, m.about([]string{m.ann, m.cat}[i%2], m.eva), n)
		must(t, err)
		if i%10 == 9 {
			_, err = m.ChangeTask(ctx, m.about([]string{m.ann, m.cat}[i%2], m.eva), task.ID, workflow.TaskPatch{Done: &yes})
			must(t, err)
		}
	}
	for _, q := range []workflow.TaskQuery{{}, {Done: true}, {Assignee: "eva"}} {
		var whole []workflow.Task
		for _, limit := range []int{100, 1, 7} {
			q.Limit, q.After = limit, ""
			var got []workflow.Task
			for {
				page, err := m.Tasks(ctx, "acme", q)
				must(t, err)
				got = append(got, page.Items...)
				if page.Total < len(got) {
					t.Errorf("%d of %d", len(got), page.Total)
				}
				if q.After = page.Next; page.Next == "" {
					break
				}
			}
			if whole == nil {
				whole = got
			}
			if d := cmp.Diff(whole, got); d != "" || !slices.IsSortedFunc(got, workflow.OpenFirst) || len(got) == 0 {
				t.Errorf("%+v, pages of %d: %s", q, limit, d)
			}
		}
	}
	_, err := m.Tasks(ctx, "acme", workflow.TaskQuery{Limit: 1, After: "x"})
	code(t, adalid.Invalid, err)
}

// TestSavedViews: who sees and changes which.
func TestSavedViews(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	eva, ida := m.about("", m.eva), m.about("", m.ida)
	own, err := m.SaveView(ctx, eva, workflow.SavedView{Name: " Quiet ", Query: map[string]string{"sort": "recent"}})
	must(t, err)
	_, err = m.SaveView(ctx, ida, workflow.SavedView{Name: "quiet"})
	must(t, err)
	_, err = m.SaveView(ctx, eva, workflow.SavedView{Name: "QUIET"})
	code(t, adalid.Conflict, err)
	shared, err := m.SaveView(ctx, eva, workflow.SavedView{Name: "quiet", Shared: true})
	must(t, err)
	_, err = m.SaveView(ctx, ida, workflow.SavedView{Name: "quiet", Shared: true})
	code(t, adalid.Conflict, err)
	names := func(by workflow.Actor) (out []string) {
		list, err := m.SavedViews(ctx, "acme", by)
		must(t, err)
		for _, v := range list {
			out = append(out, fmt.Sprint(v.Name, " ", v.Shared, " ", v.By.Name))
		}
		return out
	}
	want(t, "eva sees", names(m.eva), []string{"quiet true Eva", "Quiet false Eva"})
	want(t, "ida sees", names(m.ida), []string{"quiet true Eva", "quiet false Ida"})
	code(t, adalid.NotFound, m.RemoveView(ctx, ida, own.ID))
	code(t, adalid.Forbidden, m.RemoveView(ctx, ida, shared.ID))
	ida.Manages = true
	code(t, adalid.NotFound, m.RemoveView(ctx, ida, own.ID))
	shared.Name, shared.Query = "Loud", map[string]string{"status": "paused"}
	changed, err := m.SaveView(ctx, ida, shared)
	must(t, err)
	if changed.Name != "Loud" || changed.By != m.eva || !maps.Equal(changed.Query, shared.Query) {
		t.Errorf("%+v", changed)
	}

	// Who manages the brand does not learn what others call their own views.
	for _, name := range []string{"quiet", "no such"} {
		hers := shared
		hers.Name, hers.Shared = name, false
		_, err = m.SaveView(ctx, ida, hers)
		code(t, adalid.Forbidden, err)
	}
	want(t, "eva sees", names(m.eva), []string{"Loud true Eva", "Quiet false Eva"})

	// A view that is there takes a place where it was none before.
	for i := range workflow.MostSavedViews - 1 {
		_, err := m.SaveView(ctx, eva, workflow.SavedView{Name: fmt.Sprint("own ", i)})
		must(t, err)
	}
	shared.Shared = false
	_, err = m.SaveView(ctx, eva, shared)
	code(t, adalid.Conflict, err)
	own.Name = "Still"
	own, err = m.SaveView(ctx, eva, own)
	must(t, err)
	for i := range workflow.MostSavedViews - 1 {
		_, err := m.SaveView(ctx, ida, workflow.SavedView{Name: fmt.Sprint("ours ", i), Shared: true})
		must(t, err)
	}
	moved := own
	moved.Shared = true
	_, err = m.SaveView(ctx, eva, moved)
	code(t, adalid.Conflict, err)
	must(t, m.RemoveView(ctx, ida, shared.ID))
	moved, err = m.SaveView(ctx, eva, moved)
	must(t, err)
	moved.Shared = false
	_, err = m.SaveView(ctx, eva, moved)
	must(t, err)
	elsewhere := eva
	elsewhere.Brand = "other"
	code(t, adalid.NotFound, m.RemoveView(ctx, elsewhere, own.ID))
}

// TestOldDecisionsBeginTheHistory: what was decided before there was a history is in
// it when the schema is brought up.
func TestOldDecisionsBeginTheHistory(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir)
	save(t, s, note("x", "1", "ann", 1), note("x", "2", "bob", 2))
	ann, bob := personID("x", "ann"), personID("x", "bob")
	must(t, s.DecideRole(ctx, "acme", ann, new("staff"), "me"))
	must(t, s.DecideGenuine(ctx, "acme", ann, new(true), "person:eva"))
	must(t, s.SetInformed(ctx, "acme", ann, Informed{At: stamped(), Channel: "mail", By: "me"}))
	_, err := s.Decide(ctx, "acme", Link{A: ann, B: bob, Basis: []byte("{}"), By: "me"})
	must(t, err)
	db := sqlDB(t, s)
	for _, table := range []string{"workflow", "status", "owner", "tagged", "note", "task", "event", "batch", "saved_view", "ranking"} {
		_, err := db.ExecContext(ctx, "DROP TABLE "+table)
		must(t, err)
	}
	_, err = db.ExecContext(ctx, "DELETE FROM goose_db_version WHERE version_id >= 12")
	must(t, err)
	must(t, db.Close())
	must(t, s.Close())
	s = open(t, dir)
	m := &team{Store: s}
	defer func() { must(t, s.Close()) }()
	got := m.told(t, ann)
	slices.Sort(got)
	want(t, "history", got, []string{"me circle -→staff", "me identity -→rejected", "me notice -→mail//" + stamped().UTC().Format(time.RFC3339), "person:eva authenticity -→genuine"})
	want(t, "of the other", m.told(t, bob), []string{"me identity -→rejected"})
	must(t, s.SetStatus(ctx, workflow.About{Brand: "acme", Person: ann, By: workflow.Local()}, workflow.Stage{Status: workflow.Paused}))
	if after := m.told(t, ann); after[len(after)-1] != "local status candidate→paused" {
		t.Errorf("%q", after)
	}
}

// BenchmarkPipelines: what lists show of 5,000 people whom a team decided about.
func BenchmarkPipelines(b *testing.B) {
	ctx := b.Context()
	s, err := Open(ctx, Options{Dir: b.TempDir(), Key: testKey})
	must(b, err)
	defer s.Close()
	must(b, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	const people = 5000
	var list []string
	for i := 0; i < people; i += 1000 {
		page := newCrowd(people, people).page(0)[:0]
		for j := range 1000 {
			key := fmt.Sprint("k", i+j)
			page = append(page, said("x", key, key, key, "hello", 1))
			list = append(list, personID("x", key))
		}
		saveAll(b, s, "acme", page)
	}
	for part := range slices.Chunk(list, workflow.MostInBatch) {
		_, err := s.ChangeMany(ctx, workflow.About{Brand: "acme", By: workflow.Local()}, workflow.Order{People: part, Stage: &workflow.Stage{Status: workflow.Shortlisted}, AddTags: []string{"vip"}})
		must(b, err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			n := 0
			must(b, s.Pipelines(ctx, "acme", func(rank.Pipeline) error { n++; return nil }))
			if n != people {
				b.Fatal(n)
			}
		}
	})
	b.Run("a batch of 500 and back", func(b *testing.B) {
		for b.Loop() {
			a := workflow.About{Brand: "acme", By: workflow.Local()}
			done, err := s.ChangeMany(ctx, a, workflow.Order{People: list[:500], Stage: &workflow.Stage{Status: workflow.Paused}, AddTags: []string{"new"}})
			must(b, err)
			_, err = s.UndoBatch(ctx, a, done.ID)
			must(b, err)
		}
	})
}
