package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"adalid"
	access "adalid/internal/account"
	"adalid/internal/privacy"
	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// TestMergedPeopleLoseNothing: what was kept of two is kept of the one they become,
// the later decision counts, and taking that back gives each their own again.
func TestMergedPeopleLoseNothing(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a, b := m.ann, m.cat
	keep := func(person, tag, text string, status workflow.Status, owner string) {
		about := m.about(person, m.eva)
		must(t, m.SetStatus(ctx, about, workflow.Stage{Status: status}))
		must(t, m.SetOwner(ctx, about, owner))
		must(t, m.ChangeTags(ctx, about, []string{tag, "shared"}, nil))
		_, err := m.AddNote(ctx, about, text)
		must(t, err)
		_, err = m.AddTask(ctx, about, workflow.NewTask{Text: text})
		must(t, err)
	}
	keep(a, "one", "of ann", workflow.Contacted, "eva")
	keep(b, "two", "of cat", workflow.Ambassador, "ida")
	wasA, wasB, toldA, toldB := m.of(t, a), m.of(t, b), m.told(t, a), m.told(t, b)

	join := func() { accept(t, m.Store, a, b) }
	join()
	p := m.of(t, b)
	if p.ID != min(a, b) || p.Stage.Status != workflow.Ambassador || p.Owner.ID != "ida" || !slices.Equal(p.Tags, []string{"one", "shared", "two"}) || len(p.Notes) != 2 || len(p.Tasks) != 2 {
		t.Errorf("%+v", p)
	}
	both := m.told(t, a)
	if len(both) != len(toldA)+len(toldB)+1 || both[len(both)-1] != "local identity -→accepted" {
		t.Errorf("%q", both)
	}
	listed := 0
	must(t, m.Pipelines(ctx, "acme", func(l rank.Pipeline) error {
		listed++
		if l.Person != p.ID || l.Status != "ambassador" || l.Owner != "ida" || l.OwnerName != "Ida" || !slices.Equal(l.Tags, p.Tags) || l.OpenTasks != 2 {
			t.Errorf("%+v", l)
		}
		return nil
	}))
	counts, err := m.Tags(ctx, "acme")
	must(t, err)
	if listed != 1 || !slices.Contains(counts, workflow.TagCount{Name: "shared", People: 1}) {
		t.Errorf("%d people, %+v", listed, counts)
	}
	page, err := m.Tasks(ctx, "acme", workflow.TaskQuery{Limit: 9})
	must(t, err)
	if len(page.Items) != 2 || page.Items[0].Person != p.ID || len(page.People[p.ID]) != 2 {
		t.Errorf("%+v", page)
	}

	must(t, m.Undo(ctx, "acme", a, b))
	if d := cmp.Diff([]workflow.Person{wasA, wasB}, []workflow.Person{m.of(t, a), m.of(t, b)}); d != "" {
		t.Errorf("apart again (-want +got):\n%s", d)
	}
	want(t, "history of one", m.told(t, a), append(toldA, "local identity -→accepted", "local identity accepted→-"))
	want(t, "history of the other", m.told(t, b), append(toldB, "local identity -→accepted", "local identity accepted→-"))

	// A batch while they are one, taken back when they are two again.
	join()
	done, err := m.ChangeMany(ctx, m.about("", m.eva), workflow.Order{People: []string{a, b}, Stage: &workflow.Stage{Status: workflow.Paused}, AddTags: []string{"three"}, DropTags: []string{"shared", "one"}})
	must(t, err)
	if done.Changed != 1 || done.Unchanged != 1 {
		t.Errorf("%+v", done)
	}
	if p := m.of(t, a); p.Stage.Status != workflow.Paused || !slices.Equal(p.Tags, []string{"three", "two"}) {
		t.Errorf("%+v", p)
	}
	must(t, m.Undo(ctx, "acme", a, b))
	back, err := m.UndoBatch(ctx, m.about("", m.eva), done.ID)
	must(t, err)
	if back.Restored != 1 || back.Kept != 0 {
		t.Errorf("%+v", back)
	}
	if d := cmp.Diff([]workflow.Person{wasA, wasB}, []workflow.Person{m.of(t, a), m.of(t, b)}); d != "" {
		t.Errorf("after the batch (-want +got):\n%s", d)
	}
}

// TestNotesStayWithTheirAccount: what is changed about a note or a task while two
// are joined is the history of that one of them whose it is.
func TestNotesStayWithTheirAccount(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a, b := min(m.ann, m.cat), max(m.ann, m.cat) // a names both
	n, err := m.AddNote(ctx, m.about(b, m.eva), "one")
	must(t, err)
	doomed, err := m.AddNote(ctx, m.about(b, m.eva), "three")
	must(t, err)
	task, err := m.AddTask(ctx, m.about(b, m.eva), workflow.NewTask{Text: "four"})
	must(t, err)
	accept(t, m.Store, a, b)
	both, yes, five := m.about(a, m.eva), true, "five"
	_, err = m.ChangeNote(ctx, both, n.ID, "two")
	must(t, err)
	_, err = m.ChangeNote(ctx, both, doomed.ID, "six")
	must(t, err)
	_, err = m.ChangeTask(ctx, both, task.ID, workflow.TaskPatch{Text: &five, Done: &yes, Due: &m.now})
	must(t, err)
	must(t, m.RemoveNote(ctx, both, doomed.ID))
	must(t, m.Undo(ctx, "acme", a, b))
	want(t, "history of the other", m.told(t, a), []string{"local identity -→accepted", "local identity accepted→-"})
	want(t, "history", m.told(t, b), []string{
		"Eva note -→one", "Eva note -→", "Eva task -→four", "local identity -→accepted", "Eva note one→two", "Eva note →",
		"Eva task four→five", "Eva task_due -→2026-05-06", "Eva task_done open→done", "Eva note →-", "local identity accepted→-",
	})

	// Wherever a text is in the history, it goes with its note.
	must(t, m.write(ctx, "", func(x *session) error {
		return x.plain("UPDATE event SET account = '"+a+"' WHERE kind = 'note' AND item = '"+n.ID+"'", nil)
	}))
	must(t, m.RemoveNote(ctx, m.about(b, m.eva), n.ID))
	want(t, "history of the other", m.told(t, a), []string{"Eva note -→", "local identity -→accepted", "Eva note →", "local identity accepted→-"})
	must(t, m.write(ctx, "", func(x *session) error {
		return x.plain("DELETE FROM event WHERE kind = 'note' AND account = '"+a+"'", nil)
	}))
	_, err = m.Erase(ctx, Erasure{Brand: "acme", Person: b})
	must(t, err)
	var left int
	must(t, sqlDB(t, m.Store).QueryRowContext(ctx, "SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM task) + (SELECT count(*) FROM event)").Scan(&left))
	if left != 0 {
		t.Errorf("%d rows are left of somebody who was erased", left)
	}
}

// TestTwoAtOnce: many change the same person at the same time; all of it is there.
func TestTwoAtOnce(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	const each = 20
	var wait sync.WaitGroup
	for _, by := range []workflow.Actor{m.eva, m.ida} {
		wait.Go(func() {
			a := m.about(m.ann, by)
			for i := range each {
				status := []workflow.Status{workflow.Contacted, workflow.Paused}[i%2]
				_, errNote := m.AddNote(ctx, a, fmt.Sprint(by.Name, i))
				_, errTask := m.AddTask(ctx, a, workflow.NewTask{Text: fmt.Sprint(by.Name, i)})
				errTag := m.ChangeTags(ctx, a, []string{fmt.Sprint(by.Name, i%5)}, nil)
				for _, err := range []error{m.SetStatus(ctx, a, workflow.Stage{Status: status}), errNote, errTask, errTag} {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wait.Wait()
	p := m.of(t, m.ann)
	if len(p.Notes) != 2*each || len(p.Tasks) != 2*each || len(p.Tags) != 10 {
		t.Errorf("%d notes, %d tasks, %d tags", len(p.Notes), len(p.Tasks), len(p.Tags))
	}
	last, kinds := "candidate", map[workflow.Kind]int{}
	list, _, err := m.History(ctx, "acme", m.ann, 0, 1000)
	must(t, err)
	slices.Reverse(list)
	for _, c := range list {
		kinds[c.Kind]++
		if c.Kind == workflow.OfStatus {
			if c.From.Value != last {
				t.Fatalf("a change from %s follows one to %s", c.From.Value, last)
			}
			last = c.To.Value
		}
	}
	if last != string(p.Stage.Status) || kinds[workflow.OfNote] != 2*each || kinds[workflow.OfTask] != 2*each || kinds[workflow.OfTag] != 10 {
		t.Errorf("%s, %v", last, kinds)
	}
}

// TestLeavingColleagues: what they looked after is nobody's, and the history keeps
// who they were.
func TestLeavingColleagues(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	a := m.about(m.ann, m.eva)
	must(t, m.SetOwner(ctx, a, "eva"))
	_, err := m.AddNote(ctx, a, "mine")
	must(t, err)
	_, err = m.AddTask(ctx, a, workflow.NewTask{Text: "do", Assignee: "eva"})
	must(t, err)
	for _, v := range []workflow.SavedView{{Name: "own"}, {Name: "ours", Shared: true}} {
		_, err := m.SaveView(ctx, a, v)
		must(t, err)
	}
	state, err := m.State(ctx, "acme")
	must(t, err)
	_, err = m.ChangeUser(ctx, "eva", "", func(u *access.User) error { u.Name = "Eva María"; return nil })
	must(t, err)
	renamed, err := m.State(ctx, "acme")
	must(t, err)
	if renamed.Pipeline <= state.Pipeline || m.of(t, m.ann).Owner.Name != "Eva María" {
		t.Error("a new name does not show")
	}
	must(t, m.RemoveUser(access.With(ctx, access.Actor{Kind: access.Person, ID: "boss", Name: "Boss"}), "eva"))
	p := m.of(t, m.ann)
	if p.Owner != nil || p.Tasks[0].Assignee != nil || p.Notes[0].By != m.eva {
		t.Errorf("%+v", p)
	}
	got := m.told(t, m.ann)
	want(t, "history", got[len(got)-2:], []string{"Boss owner eva//Eva María→-", "Boss task_assignee eva//Eva María→-"})
	views, err := m.SavedViews(ctx, "acme", m.eva)
	must(t, err)
	if len(views) != 1 || views[0].Name != "ours" {
		t.Errorf("%+v", views)
	}
	colleagues, err := m.Colleagues(ctx, "acme")
	must(t, err)
	if d := cmp.Diff([]workflow.Colleague{{ID: "boss", Name: "Boss"}, {ID: "ida", Name: "Ida"}}, colleagues); d != "" {
		t.Error(d)
	}
}

// TestErasedPeopleLeaveNothingKept: nothing that the team kept of somebody is left,
// nor their handle in what it kept of others.
func TestErasedPeopleLeaveNothingKept(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := openKeyed(t, dir)
	defer func() { must(t, s.Close()) }()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", crowdWith(gone))
	person, err := s.FindPerson(ctx, "acme", "x/"+gone)
	must(t, err)
	bob, err := s.FindPerson(ctx, "acme", "x/bob1")
	must(t, err)
	of := func(p string) workflow.About { return workflow.About{Brand: "acme", Person: p, By: workflow.Local()} }
	keepAll(t, s, of(person))
	must(t, s.SetStatus(ctx, of(bob), workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "quarrels with @" + gone}))
	must(t, s.ChangeTags(ctx, of(bob), []string{"friend of " + gone}, nil))
	_, err = s.AddNote(ctx, of(bob), "knows @"+gone)
	must(t, err)
	_, err = s.AddTask(ctx, of(bob), workflow.NewTask{Text: "ask about " + gone})
	must(t, err)
	_, err = s.SaveView(ctx, of(""), workflow.SavedView{Name: "near " + gone, Query: map[string]string{"where": "handle = " + strings.ToLower(gone)}, Shared: true})
	must(t, err)
	done, err := s.ChangeMany(ctx, of(""), workflow.Order{People: []string{person, bob}, DropTags: []string{"VIP", "friend of " + gone}, AddTags: []string{"late"}})
	must(t, err)
	// Somebody who was never stored, in what a batch replaced; and a batch that
	// has nothing to do with either.
	const never = "Quiroga_Perales88"
	carl, err := s.FindPerson(ctx, "acme", "x/bob2")
	must(t, err)
	must(t, s.SetStatus(ctx, of(carl), workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "works for " + never}))
	must(t, s.ChangeTags(ctx, of(carl), []string{"met " + never}, nil))
	replaced, err := s.ChangeMany(ctx, of(""), workflow.Order{People: []string{carl}, Stage: &workflow.Stage{Status: workflow.Paused}, DropTags: []string{"met " + never}})
	must(t, err)
	dana, err := s.FindPerson(ctx, "acme", "x/bob3")
	must(t, err)
	must(t, s.SetStatus(ctx, of(dana), workflow.Stage{Status: workflow.Shortlisted}))
	apart, err := s.ChangeMany(ctx, of(""), workflow.Order{People: []string{dana}, Stage: &workflow.Stage{Status: workflow.Paused}})
	must(t, err)
	_, err = s.Decide(ctx, "acme", Link{A: person, B: bob, Basis: []byte("{}")})
	must(t, err)
	if found := traces(t, dir, gone); len(found) < 3 {
		t.Fatalf("the control finds %v: this test proves nothing", found)
	}
	_, err = s.Erase(ctx, Erasure{Brand: "acme", Person: person})
	must(t, err)
	_, err = s.Erase(ctx, Erasure{Brand: "acme", Person: "x/" + never})
	must(t, err)
	for _, handle := range []string{gone, never} {
		if found := traces(t, dir, handle); len(found) != 0 {
			t.Errorf("left: %v", found)
		}
	}
	for _, id := range []string{apart.ID, replaced.ID} {
		back, err := s.UndoBatch(ctx, of(""), id)
		must(t, err)
		if back != (workflow.Undone{Restored: 1}) {
			t.Errorf("a batch that names nobody who is stored: %+v", back)
		}
	}
	if p, err := s.Workflow(ctx, "acme", carl); err != nil || p.Stage.Text != "works for …" || !slices.Equal(p.Tags, []string{"met …"}) {
		t.Errorf("%+v, %v", p, err)
	}
	must(t, s.read(ctx, "", func(x *session) error {
		for _, table := range []string{"status", "owner", "tagged", "note", "task", "event"} {
			if err := x.plain("SELECT * FROM "+table+" WHERE account = '"+person+"'", func(row) error {
				t.Errorf("a row of %s is left", table)
				return nil
			}); err != nil {
				return err
			}
		}
		return x.plain("SELECT 1 FROM event WHERE item = '"+person+"' OR instr(former, '"+person+"') > 0", func(row) error {
			t.Error("the history of others names the account")
			return nil
		})
	}))
	p, err := s.Workflow(ctx, "acme", bob)
	must(t, err)
	if len(p.Notes) != 1 || p.Notes[0].Text != "knows @…" || p.Tasks[0].Text != "ask about …" || !slices.Contains(p.Tags, "late") {
		t.Errorf("%+v", p)
	}
	if _, err := s.UndoBatch(ctx, of(""), done.ID); err != nil {
		t.Error(err)
	}
	must(t, s.RemoveBrand(ctx, "acme"))
	for _, table := range []string{"workflow", "status", "owner", "tagged", "note", "task", "event", "batch", "saved_view"} {
		var left int
		must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&left))
		if left != 0 {
			t.Errorf("%d rows of %s outlive the brand", left, table)
		}
	}
}

// TestErasedBehindEscapes: what JSON writes another way hides no handle.
func TestErasedBehindEscapes(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := openKeyed(t, dir)
	defer func() { must(t, s.Close()) }()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	saveAll(t, s, "acme", crowdWith("Bystander_1"))
	bob, err := s.FindPerson(ctx, "acme", "x/bob1")
	must(t, err)
	a := workflow.About{Brand: "acme", Person: bob, By: workflow.Local()}
	_, err = s.AddNote(ctx, a, "asked:\n"+gone+"\tsaid \"no\"")
	must(t, err)
	_, err = s.AddNote(ctx, a, "mail <"+gone+"> & co")
	must(t, err)
	_, err = s.AddTask(ctx, a, workflow.NewTask{Text: "call\n" + gone})
	must(t, err)
	must(t, s.ChangeTags(ctx, a, []string{"<" + gone + ">"}, nil))
	must(t, s.SetStatus(ctx, a, workflow.Stage{Status: workflow.NotAFit, Reason: workflow.Other, Text: "<" + gone + "> asked"}))
	done, err := s.ChangeMany(ctx, a, workflow.Order{People: []string{bob}, Stage: &workflow.Stage{Status: workflow.Paused}, DropTags: []string{"<" + gone + ">"}})
	must(t, err)
	_, err = s.SaveView(ctx, a, workflow.SavedView{Name: "near", Query: map[string]string{"where": "likes > 3 and handle<" + gone, "text": "a\n" + gone}})
	must(t, err)
	_, err = s.Erase(ctx, Erasure{Brand: "acme", Person: "x/" + gone})
	must(t, err)
	if found := traces(t, dir, gone); len(found) != 0 {
		t.Errorf("left: %v", found)
	}
	var empty int
	must(t, sqlDB(t, s).QueryRowContext(ctx, "SELECT count(*) FROM event WHERE was = '' OR now = '' OR former = ''").Scan(&empty))
	if empty != 0 {
		t.Errorf("%d changes hold an empty text where there was nothing", empty)
	}
	_, err = s.UndoBatch(ctx, a, done.ID)
	must(t, err)
	var texts []string
	list, _, err := s.History(ctx, "acme", bob, 0, 99)
	must(t, err)
	for _, c := range slices.Backward(list) {
		if c.To != nil {
			texts = append(texts, strings.TrimSpace(c.To.Value+" "+c.To.Text))
		}
		if c.Kind == workflow.OfNote && c.From != nil {
			t.Errorf("a note that was added has a text before it: %+v", c.From)
		}
	}
	want(t, "history", texts, []string{"asked:\n…\tsaid \"no\"", "mail <…> & co", "call\n…", "<…>", "not_a_fit <…> asked", "paused", "not_a_fit <…> asked", "<…>"})
	views, err := s.SavedViews(ctx, "acme", a.By)
	must(t, err)
	if len(views) != 1 || !maps.Equal(views[0].Query, map[string]string{"where": "likes > 3 and handle<…", "text": "a\n…"}) {
		t.Errorf("%+v", views)
	}
}

// TestKeptIsPassedOn: when one account of a person goes because its posts did, the
// other has what the team kept; when the last goes, nothing is left.
func TestKeptIsPassedOn(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	keepAll(t, m.Store, m.about(m.ann, m.eva))
	keepAll(t, m.Store, m.about(m.bob, m.eva))
	must(t, m.ChangeTags(ctx, m.about(m.bob, m.eva), []string{"only"}, nil))
	accept(t, m.Store, m.ann, m.bob)
	was := m.of(t, m.ann)
	first, second := Key{"x", "1"}, Key{"mastodon", "2"}
	left := m.bob
	if was.ID == m.bob {
		first, second, left = second, first, m.ann
	}
	_, err := m.Delete(ctx, "acme", []Key{first})
	must(t, err)
	now := m.of(t, left)
	if d := cmp.Diff(was, now, cmpopts.IgnoreFields(workflow.Person{}, "ID"), cmpopts.IgnoreFields(workflow.Task{}, "Person")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	_, err = m.Delete(ctx, "acme", []Key{second})
	must(t, err)
	var rows int
	must(t, sqlDB(t, m.Store).QueryRowContext(ctx, "SELECT (SELECT count(*) FROM status) + (SELECT count(*) FROM tagged) + (SELECT count(*) FROM note) + (SELECT count(*) FROM task) + (SELECT count(*) FROM event)").Scan(&rows))
	if rows != 0 {
		t.Errorf("%d rows about nobody", rows)
	}
}

// TestErasedBequeathNothing: what the team kept of an account that is being erased
// goes with it, whoever takes its posts out first.
func TestErasedBequeathNothing(t *testing.T) {
	ctx, m := t.Context(), newTeam(t)
	keepAll(t, m.Store, m.about(m.ann, m.eva))
	accept(t, m.Store, m.ann, m.bob)
	h, err := m.hash()
	must(t, err)
	must(t, m.suppress(ctx, []privacy.Entry{h.Account("acme", m.ann)}))
	_, err = m.Delete(ctx, "acme", []Key{{"x", "1"}})
	must(t, err)
	if p := m.of(t, m.bob); len(p.Notes)+len(p.Tasks)+len(p.Tags) != 0 || p.Stage.Status != workflow.Candidate {
		t.Errorf("%+v", p)
	}
}
