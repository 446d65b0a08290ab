package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/workflow"
)

// Tasks keeps what is to be done about people.
type Tasks interface {
	AddTask(ctx context.Context, a workflow.About, n workflow.NewTask) (workflow.Task, error)
	ChangeTask(ctx context.Context, a workflow.About, id string, p workflow.TaskPatch) (workflow.Task, error)
	RemoveTask(ctx context.Context, a workflow.About, id string) error
	Tasks(ctx context.Context, brand string, q workflow.TaskQuery) (workflow.TaskPage, error)
}

// Task is something to do about a person.
type Task struct {
	ID       string          `json:"id"`
	Text     string          `json:"text" doc:"Plain text, as a colleague wrote it."`
	Due      *string         `json:"due" format:"date" doc:"The day until which it is to be done; null: none."`
	Assignee Null[Colleague] `json:"assignee" doc:"null: nobody."`
	Done     bool            `json:"done"`
	DoneAt   *time.Time      `json:"done_at"`
	DoneBy   Null[Actor]     `json:"done_by"`
	By       Actor           `json:"by" doc:"Who wrote it."`
	At       time.Time       `json:"at"`
}

// BrandTask is a task with the person it is about.
type BrandTask struct {
	Task
	Person TaskPerson `json:"person"`
}

// TaskPerson is whom a task is about.
type TaskPerson struct {
	ID       string    `json:"id"`
	Accounts []Account `json:"accounts" nullable:"false"`
}

// TaskList is a page of a brand's tasks.
type TaskList struct {
	Items      []BrandTask `json:"items" nullable:"false" doc:"Those first that are due first, those without a day last, then the older first."`
	Total      int         `json:"total" doc:"Of all pages."`
	NextCursor *string     `json:"next_cursor" doc:"null on the last page."`
}

// NewTask says what is to be done.
type NewTask struct {
	Text     string  `json:"text" minLength:"1" maxLength:"500"`
	Due      *string `json:"due,omitempty" nullable:"true" format:"date" maxLength:"10" doc:"Left out or null: no day."`
	Assignee *string `json:"assignee,omitempty" nullable:"true" maxLength:"100" doc:"Id of a colleague; left out or null: nobody."`
}

// TaskChange says what to change of a task; what is left out stays.
type TaskChange struct {
	Text     *string        `json:"text,omitempty" minLength:"1" maxLength:"500"`
	Due      Sent[DateText] `json:"due,omitempty" doc:"null: no day."`
	Assignee Sent[UserText] `json:"assignee,omitempty" doc:"null: nobody."`
	Done     *bool          `json:"done,omitempty"`
}

// DateText is a day.
type DateText string

// Schema describes it.
func (DateText) Schema(huma.Registry) *huma.Schema {
	most := 10
	return &huma.Schema{Type: huma.TypeString, Format: "date", MaxLength: &most}
}

// UserText is the id of a user.
type UserText string

// Schema describes it.
func (UserText) Schema(huma.Registry) *huma.Schema {
	least, most := 1, 100
	return &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most}
}

// Sent is a field of a change that may be left out, null, or have a value.
type Sent[T ~string] struct {
	Given bool
	V     *T // nil: null
}

// UnmarshalJSON reads a value or null; it is not called for what is left out.
func (s *Sent[T]) UnmarshalJSON(b []byte) error {
	s.Given = true
	return json.Unmarshal(b, &s.V)
}

// MarshalJSON writes the value or null.
func (s Sent[T]) MarshalJSON() ([]byte, error) { return json.Marshal(s.V) }

// Schema says that null is possible.
func (Sent[T]) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{r.Schema(reflect.TypeFor[T](), false, ""), {Type: "null"}}}
}

// TaskPath is the address of a task.
type TaskPath struct {
	DecidedPath
	Task string `path:"task" maxLength:"19" pattern:"^[0-9]+$"`
}

type (
	newTaskInput struct {
		DecidedPath
		Body NewTask
	}
	taskChangeInput struct {
		TaskPath
		Body TaskChange
	}
	taskAnswer struct{ Body Task }
	tasksInput struct {
		BrandPath
		State    string `query:"state" enum:"open,done" default:"open"`
		Assignee string `query:"assignee" maxLength:"100" doc:"Only those of this user: an id, or me."`
		Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor   string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before; it stays valid."`
	}
	tasksAnswer struct{ Body TaskList }
)

func (s *server) registerTasks(a huma.API) {
	const path = "/brands/{brand}/advocates/{id}/tasks"
	register(a, created(op(http.MethodPost, path, "add-task", "Add something to do about a person")), s.addTask)
	register(a, op(http.MethodPatch, path+"/{task}", "change-task", "Change a task, or say that it is done"), s.changeTask)
	register(a, described(op(http.MethodDelete, path+"/{task}", "remove-task", "Remove a task"),
		"Its texts go from the history too, which says only that there was one."), s.removeTask)
	register(a, op(http.MethodGet, "/brands/{brand}/tasks", "list-tasks", "What is to be done about the brand's people"), s.listTasks)
}

func wireTask(t workflow.Task) Task {
	out := Task{ID: t.ID, Text: t.Text, Assignee: wireColleague(t.Assignee), Done: !t.DoneAt.IsZero(), DoneAt: known(t.DoneAt), By: wireActor(t.By), At: t.At.UTC()}
	if !t.Due.IsZero() {
		out.Due = some(t.Due.UTC().Format(time.DateOnly))
	}
	if out.Done {
		by := wireActor(t.DoneBy)
		out.DoneBy.V = &by
	}
	return out
}

// readDay reads a day; nil is none.
func readDay[T ~string](text *T) (time.Time, error) {
	if text == nil {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, string(*text))
	if err != nil || day.Year() < 1970 {
		return day, invalid("body.due", "a day is written like 2026-01-31")
	}
	return day, nil
}

func (s *server) addTask(ctx context.Context, in *newTaskInput) (*taskAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	n := workflow.NewTask{Text: in.Body.Text}
	if n.Due, err = readDay(in.Body.Due); err != nil {
		return nil, err
	}
	if in.Body.Assignee != nil {
		n.Assignee = *in.Body.Assignee
	}
	t, err := s.Workflow.AddTask(ctx, a, n)
	if err != nil {
		return nil, err
	}
	return &taskAnswer{wireTask(t)}, nil
}

func (s *server) changeTask(ctx context.Context, in *taskChangeInput) (*taskAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	p := workflow.TaskPatch{Text: in.Body.Text, Done: in.Body.Done}
	if in.Body.Due.Given {
		day, err := readDay(in.Body.Due.V)
		if err != nil {
			return nil, err
		}
		p.Due = &day
	}
	if in.Body.Assignee.Given {
		user := ""
		if in.Body.Assignee.V != nil {
			user = string(*in.Body.Assignee.V)
		}
		p.Assignee = &user
	}
	if p == (workflow.TaskPatch{}) {
		return nil, adalid.Errorf(adalid.Invalid, "Nothing to change: give a text, due, assignee or done.")
	}
	t, err := s.Workflow.ChangeTask(ctx, a, in.Task, p)
	if err != nil {
		return nil, err
	}
	return &taskAnswer{wireTask(t)}, nil
}

func (s *server) removeTask(ctx context.Context, in *TaskPath) (*empty, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	return nil, s.Workflow.RemoveTask(ctx, a, in.Task)
}

func (s *server) listTasks(ctx context.Context, in *tasksInput) (*tasksAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	q := workflow.TaskQuery{Done: in.State == "done", Assignee: in.Assignee, Limit: in.Limit}
	if in.Assignee == me {
		q.Assignee = userOf(ctx, me)
	}
	question := digest("tasks", b.Name, in.State, q.Assignee)
	if q.After, err = parseCursor(in.Cursor, question, 0); err != nil {
		return nil, err
	}
	page, err := s.Workflow.Tasks(ctx, b.Name, q)
	if err != nil {
		return nil, err
	}
	out := WireTasks(page)
	if page.Next != "" {
		out.NextCursor = some(cursor{question, 0, page.Next}.String())
	}
	return &tasksAnswer{out}, nil
}

// WireTasks gives a page of tasks as the API shows it, without the cursor of the
// next; the terminal answers the same with --json.
func WireTasks(page workflow.TaskPage) TaskList {
	out := TaskList{Items: make([]BrandTask, len(page.Items)), Total: page.Total}
	for i, t := range page.Items {
		out.Items[i] = BrandTask{wireTask(t), TaskPerson{t.Person, wireAccounts(page.People[t.Person])}}
	}
	return out
}
