package api

import (
	"context"
	"slices"
	"strings"
	"sync"

	"adalid"
	"adalid/internal/workflow"
)

// fakeWorkflow keeps what a team decides of the fake's people; notes, tasks,
// batches and views have the id 1.
type fakeWorkflow struct {
	*fake
	mu     sync.Mutex
	people map[string]workflow.Person
	views  map[string]workflow.SavedView
}

func newFakeWorkflow(f *fake) *fakeWorkflow {
	return &fakeWorkflow{fake: f, people: map[string]workflow.Person{}, views: map[string]workflow.SavedView{}}
}

var fakeActor = workflow.Actor{Mark: "person:u1", Name: hostile}

func (f *fakeWorkflow) known(brand, person string) error {
	f.fake.mu.Lock()
	defer f.fake.mu.Unlock()
	return f.knows(brand, person)
}

// Workflow implements Pipeline.
func (f *fakeWorkflow) Workflow(_ context.Context, brand, person string) (workflow.Person, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.known(brand, person); err != nil {
		return workflow.Person{}, err
	}
	p, ok := f.people[person]
	if !ok {
		p = workflow.Person{ID: person, Stage: workflow.Stage{Status: workflow.Candidate}}
	}
	return p, nil
}

func (f *fakeWorkflow) change(a workflow.About, do func(*workflow.Person)) error {
	p, err := f.Workflow(context.Background(), a.Brand, a.Person)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	do(&p)
	f.people[a.Person] = p
	return nil
}

// SetStatus implements Pipeline.
func (f *fakeWorkflow) SetStatus(_ context.Context, a workflow.About, to workflow.Stage) error {
	return f.change(a, func(p *workflow.Person) { p.Stage, p.Since, p.By = to, fakeNow, a.By })
}

// SetOwner knows one user.
func (f *fakeWorkflow) SetOwner(_ context.Context, a workflow.About, user string) error {
	if user != "" && user != "u1" {
		return adalid.Errorf(adalid.Invalid, "nobody with that id")
	}
	return f.change(a, func(p *workflow.Person) {
		p.Owner = nil
		if user != "" {
			p.Owner = &workflow.Colleague{ID: user, Name: hostile}
		}
	})
}

// ChangeTags implements Pipeline.
func (f *fakeWorkflow) ChangeTags(_ context.Context, a workflow.About, add, drop []string) error {
	add, drop, err := workflow.CheckTags(add, drop)
	if err != nil {
		return err
	}
	return f.change(a, func(p *workflow.Person) {
		p.Tags = slices.DeleteFunc(append(p.Tags, add...), func(t string) bool { return slices.Contains(drop, t) })
	})
}

// History has one of each kind.
func (f *fakeWorkflow) History(_ context.Context, brand, person string, before int64, limit int) (list []workflow.Change, next int64, err error) {
	if err := f.known(brand, person); err != nil {
		return nil, 0, err
	}
	for i, k := range []workflow.Kind{
		workflow.OfStatus, workflow.OfOwner, workflow.OfNote, workflow.OfTag, workflow.OfTask, workflow.OfTaskDue,
		workflow.OfTaskAssignee, workflow.OfTaskDone, workflow.OfIdentity, workflow.OfCircle, workflow.OfAuthenticity, workflow.OfNotice,
	} {
		if n := int64(100 - i); before == 0 || n < before {
			list = append(list, workflow.Change{N: n, At: fakeNow, By: fakeActor, Kind: k, Item: "1", To: &workflow.Value{Value: hostile}, Batch: "1"})
		}
	}
	if len(list) > limit {
		list, next = list[:limit], list[limit-1].N
	}
	return list, next, nil
}

// Tags has one.
func (f *fakeWorkflow) Tags(context.Context, string) ([]workflow.TagCount, error) {
	return []workflow.TagCount{{Name: hostile, People: 2}}, f.fail
}

// Colleagues has one.
func (f *fakeWorkflow) Colleagues(context.Context, string) ([]workflow.Colleague, error) {
	return []workflow.Colleague{{ID: "u1", Name: hostile}}, f.fail
}

var fakeNote = workflow.Note{ID: "1", Text: hostile, By: fakeActor, At: fakeNow}

func one(what, id string) error {
	if id != "1" {
		return adalid.Errorf(adalid.NotFound, "there is no such %s", what)
	}
	return nil
}

// AddNote implements Notes.
func (f *fakeWorkflow) AddNote(_ context.Context, a workflow.About, text string) (workflow.Note, error) {
	n := fakeNote
	var err error
	if n.Text, err = workflow.CheckNote(text); err != nil {
		return n, err
	}
	n.By = a.By
	return n, f.known(a.Brand, a.Person)
}

// ChangeNote knows one of u1.
func (f *fakeWorkflow) ChangeNote(ctx context.Context, a workflow.About, id, text string) (workflow.Note, error) {
	n, err := f.AddNote(ctx, a, text)
	if err == nil {
		err = one("note", id)
	}
	if err == nil {
		err = a.MayEdit(fakeActor)
	}
	n.ChangedAt, n.ChangedBy = fakeNow, a.By
	return n, err
}

// RemoveNote is as ChangeNote.
func (f *fakeWorkflow) RemoveNote(ctx context.Context, a workflow.About, id string) error {
	_, err := f.ChangeNote(ctx, a, id, "x")
	return err
}

// AddTask implements Tasks.
func (f *fakeWorkflow) AddTask(_ context.Context, a workflow.About, n workflow.NewTask) (workflow.Task, error) {
	text, err := workflow.CheckTask(n.Text)
	if err == nil {
		err = f.known(a.Brand, a.Person)
	}
	return workflow.Task{ID: "1", Person: a.Person, Text: text, Due: workflow.Day(n.Due), By: a.By, At: fakeNow}, err
}

// ChangeTask knows one task.
func (f *fakeWorkflow) ChangeTask(ctx context.Context, a workflow.About, id string, p workflow.TaskPatch) (workflow.Task, error) {
	t, err := f.AddTask(ctx, a, workflow.NewTask{Text: "x"})
	if err == nil {
		err = one("task", id)
	}
	if p.Text != nil {
		t.Text = *p.Text
	}
	if p.Due != nil {
		t.Due = *p.Due
	}
	if p.Done != nil && *p.Done {
		t.DoneAt, t.DoneBy = fakeNow, a.By
	}
	return t, err
}

// RemoveTask is as ChangeTask.
func (f *fakeWorkflow) RemoveTask(ctx context.Context, a workflow.About, id string) error {
	_, err := f.ChangeTask(ctx, a, id, workflow.TaskPatch{})
	return err
}

// Tasks has two.
func (f *fakeWorkflow) Tasks(_ context.Context, _ string, q workflow.TaskQuery) (workflow.TaskPage, error) {
	page := workflow.TaskPage{Total: 2, People: map[string][]adalid.Author{"p001": fakeEntry(1).Person.Accounts}}
	for _, id := range []string{"1", "2"} {
		if id > q.After && len(page.Items) < q.Limit {
			page.Items = append(page.Items, workflow.Task{ID: id, Person: "p001", Text: hostile, By: fakeActor, At: fakeNow})
		}
	}
	if n := len(page.Items); n == 1 && page.Items[0].ID == "1" {
		page.Next = "1"
	}
	return page, f.fail
}

// SavedViews implements SavedViews.
func (f *fakeWorkflow) SavedViews(_ context.Context, _ string, by workflow.Actor) (list []workflow.SavedView, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range f.views {
		if v.Shared || v.By == by {
			list = append(list, v)
		}
	}
	return list, f.fail
}

// SaveView knows one view.
func (f *fakeWorkflow) SaveView(_ context.Context, a workflow.About, v workflow.SavedView) (workflow.SavedView, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, err := v.Check()
	if v.ID != "" && err == nil {
		err = one("view", v.ID)
	}
	if err != nil {
		return v, err
	}
	v.ID, v.By, v.Created, v.Updated = "1", a.By, fakeNow, fakeNow
	f.views[strings.ToLower(v.Name)] = v
	return v, nil
}

// RemoveView knows one view.
func (f *fakeWorkflow) RemoveView(_ context.Context, _ workflow.About, id string) error {
	return one("view", id)
}

// ChangeMany implements Batches.
func (f *fakeWorkflow) ChangeMany(_ context.Context, a workflow.About, o workflow.Order) (workflow.Batch, error) {
	o, err := o.Check()
	out := workflow.Batch{ID: "1", At: fakeNow, Until: fakeNow.Add(workflow.UndoWithin)}
	for _, p := range o.People {
		if err == nil && f.known(a.Brand, p) == nil {
			out.Changed++
		} else {
			out.Unknown++
		}
	}
	if err == nil && out.Changed == 0 {
		err = adalid.Errorf(adalid.NotFound, "none of these people")
	}
	return out, err
}

// UndoBatch knows one batch.
func (f *fakeWorkflow) UndoBatch(_ context.Context, a workflow.About, id string) (workflow.Undone, error) {
	if err := one("batch", id); err != nil {
		return workflow.Undone{}, err
	}
	return workflow.Undone{Restored: 1}, workflow.Batch{At: fakeNow}.MayUndo(a, a.By, false, fakeNow)
}
