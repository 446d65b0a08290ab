package store

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
	"adalid/internal/workflow"
)

func taskID(n int64) string { return strconv.FormatInt(n, 10) }

func scanTask(r row) workflow.Task {
	return workflow.Task{
		ID: taskID(r.int(0)), Person: r.text(1), Text: r.text(2), Due: r.opt(3).time(), Assignee: colleague(r, 4, 5), DoneAt: r.opt(6).time(),
		DoneBy: workflow.Actor{Mark: r.text(7), Name: r.text(8)}, By: workflow.Actor{Mark: r.text(9), Name: r.text(10)}, At: r.opt(11).time(),
	}
}

func (k *kept) tasks() (list []workflow.Task, err error) {
	err = k.x.query("task.Of", func(r row) error {
		list = append(list, scanTask(r))
		return nil
	}, k.b.id, k.accounts)
	return sortedTasks(list), err
}

// task gives a task and the account that it was written to.
func (k *kept) task(id string) (t workflow.Task, account string, err error) {
	found, err := k.x.one("task.Get", func(r row) error {
		t, account = scanTask(r), r.text(12)
		return nil
	}, k.b.id, k.accounts, number(id))
	if err == nil && !found {
		err = adalid.Errorf(adalid.NotFound, "there is no such task about this person")
	}
	return t, account, err
}

// AddTask keeps something to do about a person and gives it with its id; Invalid
// as workflow.CheckTask and when the assignee does not see the brand, Conflict when
// there are too many, NotFound when nobody has the person's id.
func (s *Store) AddTask(ctx context.Context, a workflow.About, n workflow.NewTask) (t workflow.Task, err error) {
	text, err := workflow.CheckTask(n.Text)
	if err != nil {
		return t, err
	}
	err = s.keep(ctx, "add a task", a, func(k *kept) error {
		all, err := k.tasks()
		if err != nil {
			return err
		}
		if len(all) >= workflow.MostTasks {
			return adalid.Errorf(adalid.Conflict, "a person has at most %d tasks; remove one first", workflow.MostTasks)
		}
		who, err := k.colleague(n.Assignee)
		if err != nil {
			return err
		}
		id, err := nextVersion(k.x)
		if err != nil {
			return err
		}
		text = clean(text)
		if _, err := k.x.exec("task.Add", k.b.id, id, k.person, text, seconds(workflow.Day(n.Due)), userID(who), clipped(k.by.Mark), clipped(k.by.Name), k.at); err != nil {
			return err
		}
		k.shown = true
		if _, err := k.note(event{kind: workflow.OfTask, item: taskID(id), to: &workflow.Value{Value: text}}); err != nil {
			return err
		}
		if t, _, err = k.task(taskID(id)); err != nil {
			return err
		}
		return k.noteTask(k.person, workflow.Task{ID: t.ID, Text: t.Text}, t)
	})
	return t, err
}

// noteTask adds to the history of the task's account what is different about it.
func (k *kept) noteTask(account string, was, now workflow.Task) error {
	day := func(t workflow.Task) *workflow.Value {
		if t.Due.IsZero() {
			return nil
		}
		return &workflow.Value{Value: t.Due.Format(time.DateOnly)}
	}
	done := func(t workflow.Task) *workflow.Value {
		return &workflow.Value{Value: map[bool]string{true: "open", false: "done"}[t.DoneAt.IsZero()]}
	}
	for _, c := range [...]struct {
		differs bool
		event
	}{
		{was.Text != now.Text, event{kind: workflow.OfTask, from: &workflow.Value{Value: was.Text}, to: &workflow.Value{Value: now.Text}}},
		{!was.Due.Equal(now.Due), event{kind: workflow.OfTaskDue, from: day(was), to: day(now)}},
		{!sameColleague(was.Assignee, now.Assignee), event{kind: workflow.OfTaskAssignee, from: was.Assignee.Value(), to: now.Assignee.Value()}},
		{was.DoneAt.IsZero() != now.DoneAt.IsZero(), event{kind: workflow.OfTaskDone, from: done(was), to: done(now)}},
	} {
		if !c.differs {
			continue
		}
		c.account, c.item = account, now.ID
		if _, err := k.note(c.event); err != nil {
			return err
		}
	}
	return nil
}

// ChangeTask changes what the patch names and gives the task as it is then; the
// errors are those of AddTask, and NotFound for an unknown task.
func (s *Store) ChangeTask(ctx context.Context, a workflow.About, id string, p workflow.TaskPatch) (t workflow.Task, err error) {
	if p.Text != nil {
		text, err := workflow.CheckTask(*p.Text)
		if err != nil {
			return t, err
		}
		p.Text = &text
	}
	err = s.keep(ctx, "change a task", a, func(k *kept) error {
		was, account, err := k.task(id)
		if err != nil {
			return err
		}
		now := was
		if p.Text != nil {
			now.Text = clean(*p.Text)
		}
		if p.Due != nil {
			now.Due = workflow.Day(*p.Due)
		}
		if p.Assignee != nil && (was.Assignee == nil || was.Assignee.ID != *p.Assignee) {
			if now.Assignee, err = k.colleague(*p.Assignee); err != nil {
				return err
			}
		}
		if p.Done != nil && *p.Done == was.DoneAt.IsZero() {
			now.DoneAt, now.DoneBy = time.Time{}, workflow.Actor{}
			if *p.Done {
				now.DoneAt, now.DoneBy = time.Unix(k.at, 0).UTC(), k.by
			}
			k.shown = true
		}
		if _, err := k.x.exec("task.Change", k.b.id, number(id), now.Text, seconds(now.Due), userID(now.Assignee), seconds(now.DoneAt),
			clipped(now.DoneBy.Mark), clipped(now.DoneBy.Name)); err != nil {
			return err
		}
		t = now
		return k.noteTask(account, was, now)
	})
	return t, err
}

// RemoveTask removes a task, and its texts from the history; NotFound when there
// is none.
func (s *Store) RemoveTask(ctx context.Context, a workflow.About, id string) error {
	return s.keep(ctx, "remove a task", a, func(k *kept) error {
		_, account, err := k.task(id)
		if err != nil {
			return err
		}
		if _, err := k.x.exec("task.Remove", k.b.id, number(id)); err != nil {
			return err
		}
		k.shown = true
		return k.blank(account, workflow.OfTask, id)
	})
}

// Tasks lists tasks of a brand, those first that are due first. Invalid for an
// After that no page gave.
func (s *Store) Tasks(ctx context.Context, brand string, q workflow.TaskQuery) (page workflow.TaskPage, err error) {
	due, id, err := taskPlace(q.After)
	if err != nil {
		return page, err
	}
	list, count := "task.Open", "task.Count"
	if q.Done {
		list, count = "task.Done", "task.CountDone"
	}
	err = s.read(ctx, "list tasks", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		err = x.query(list, func(r row) error {
			page.Items = append(page.Items, scanTask(r))
			return nil
		}, b.id, clean(q.Assignee), due, id, q.Limit+1)
		if err != nil {
			return err
		}
		page.People = map[string][]adalid.Author{}
		for _, t := range page.Items {
			if _, known := page.People[t.Person]; known {
				continue
			}
			if page.People[t.Person], err = shownAccounts(x, b.id, t.Person); err != nil {
				return err
			}
		}
		_, err = x.one(count, func(r row) error {
			page.Total = int(r.int(0))
			return nil
		}, b.id, clean(q.Assignee))
		return err
	})
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		last := page.Items[q.Limit-1]
		due := int64(math.MaxInt64)
		if !last.Due.IsZero() {
			due = last.Due.Unix()
		}
		page.Next = strconv.FormatInt(due, 10) + "-" + last.ID
	}
	return page, err
}

// taskPlace reads where a page ended.
func taskPlace(after string) (due, id int64, err error) {
	if after == "" {
		return math.MinInt64, 0, nil
	}
	day, task, _ := strings.Cut(after, "-")
	due, err = strconv.ParseInt(day, 10, 64)
	if id = number(task); err != nil || id == 0 {
		return 0, 0, adalid.Errorf(adalid.Invalid, "the cursor cannot be read")
	}
	return due, id, nil
}

func sortedTasks(list []workflow.Task) []workflow.Task {
	slices.SortFunc(list, workflow.OpenFirst)
	return list
}
