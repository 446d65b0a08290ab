package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/workflow"
)

// Workflow keeps what a team decides about people. Unknown people are NotFound, so
// are unknown notes, tasks, batches and views.
type Workflow interface {
	Pipeline
	Notes
	Tasks
	SavedViews
	Batches
}

// Pipeline keeps where people stand, whose they are, and their tags.
type Pipeline interface {
	Workflow(ctx context.Context, brand, person string) (workflow.Person, error)
	SetStatus(ctx context.Context, a workflow.About, to workflow.Stage) error
	SetOwner(ctx context.Context, a workflow.About, user string) error
	ChangeTags(ctx context.Context, a workflow.About, add, drop []string) error
	// History gives changes before a number, 0 for the newest, and the number before
	// which the next page begins, 0 after the last.
	History(ctx context.Context, brand, person string, before int64, limit int) ([]workflow.Change, int64, error)
	Tags(ctx context.Context, brand string) ([]workflow.TagCount, error)
	// Colleagues lists who can sign in and sees a brand.
	Colleagues(ctx context.Context, brand string) ([]workflow.Colleague, error)
}

// WorkflowState is what the team keeps of a person.
type WorkflowState struct {
	Person   string          `json:"person" doc:"As in the ranking; another id than the one asked for where the person was merged."`
	Status   StatusHeld      `json:"status"`
	Owner    Null[Colleague] `json:"owner" doc:"Who of the team looks after the person; null: nobody."`
	Tags     []string        `json:"tags" nullable:"false" doc:"By name."`
	Notes    []TeamNote      `json:"notes" nullable:"false" doc:"Newest first."`
	Tasks    []Task          `json:"tasks" nullable:"false" doc:"Open ones first, those due first before others."`
	Statuses []string        `json:"statuses" nullable:"false" doc:"All statuses in their order; any may follow any other."`
}

// StatusHeld is where somebody stands.
type StatusHeld struct {
	Status string      `json:"status" enum:"candidate,shortlisted,contacted,in_conversation,ambassador,paused,not_a_fit" doc:"candidate where nothing was decided."`
	Reason *string     `json:"reason" enum:"on_our_team,not_about_us,automated,other" doc:"Of not_a_fit; null of others."`
	Text   *string     `json:"text" doc:"The reason in the team's own words."`
	Since  *time.Time  `json:"since" doc:"null: nothing was ever decided."`
	By     Null[Actor] `json:"by"`
}

// Actor is who did something.
type Actor struct {
	Kind string  `json:"kind" enum:"person,key,local,service" doc:"local: the command line, or single-user mode."`
	ID   *string `json:"id" doc:"Of the user or key; null for others."`
	Name string  `json:"name" doc:"As it was then."`
}

// NewStatus says where somebody stands from now on.
type NewStatus struct {
	Status string `json:"status" enum:"candidate,shortlisted,contacted,in_conversation,ambassador,paused,not_a_fit"`
	Reason string `json:"reason,omitempty" enum:"on_our_team,not_about_us,automated,other" doc:"Needed for not_a_fit, and for it alone."`
	Text   string `json:"text,omitempty" maxLength:"500" doc:"The reason in your own words."`
}

func (n NewStatus) stage() workflow.Stage {
	return workflow.Stage{Status: workflow.Status(n.Status), Reason: workflow.Reason(n.Reason), Text: n.Text}
}

// NewPersonOwner says who looks after somebody.
type NewPersonOwner struct {
	User *string `json:"user" nullable:"true" maxLength:"100" doc:"Id of a colleague; null: nobody."`
}

// TagChange says which tags to add to somebody and which to take away.
type TagChange struct {
	Add    []string `json:"add,omitempty" maxItems:"20" nullable:"false" doc:"1 to 40 characters each, without commas and quotation marks. A brand spells a tag one way, whatever the case."`
	Remove []string `json:"remove,omitempty" maxItems:"20" nullable:"false"`
}

// ChangeList is a page of a person's history.
type ChangeList struct {
	Person     string        `json:"person"`
	Items      []HistoryItem `json:"items" nullable:"false" doc:"Newest first."`
	NextCursor *string       `json:"next_cursor" doc:"null on the last page."`
}

// HistoryItem is one change of what is kept of a person.
type HistoryItem struct {
	ID    string            `json:"id"`
	At    time.Time         `json:"at"`
	By    Actor             `json:"by"`
	Kind  string            `json:"kind" enum:"status,owner,note,tag,task,task_due,task_assignee,task_done,identity,circle,authenticity,notice"`
	Item  *string           `json:"item" doc:"The note or task, the tag, or the id of the other account."`
	From  Null[ChangeValue] `json:"from" doc:"null: there was nothing."`
	To    Null[ChangeValue] `json:"to" doc:"null: there is nothing any more."`
	Batch *string           `json:"batch" doc:"The change of many people that this is part of."`
	Undo  bool              `json:"undo" doc:"It takes back what the batch did."`
}

// ChangeValue is what something was, or is from then on.
type ChangeValue struct {
	Value  string  `json:"value" doc:"A status, the id of a user, the text of a note or task (empty when it was removed since), a tag, a date, open or done, accepted or rejected, a role, genuine or automated, a channel."`
	Reason *string `json:"reason" doc:"Of a status."`
	Text   *string `json:"text" doc:"Of a status the team's own words, of an owner or assignee the name then, of a notice the time."`
}

// TagList is a brand's tags.
type TagList struct {
	Items []TagCount `json:"items" nullable:"false" doc:"By name."`
}

// TagCount is a tag with how many people have it.
type TagCount struct {
	Name   string `json:"name"`
	People int    `json:"people"`
}

// ColleagueList is who sees a brand.
type ColleagueList struct {
	Items []Colleague `json:"items" nullable:"false" doc:"Users who can sign in and see the brand: who can be an owner or have a task. Empty in single-user mode."`
}

type (
	workflowAnswer struct{ Body WorkflowState }
	newStatusInput struct {
		DecidedPath
		Body NewStatus
	}
	newPersonOwnerInput struct {
		DecidedPath
		Body NewPersonOwner
	}
	tagChangeInput struct {
		DecidedPath
		Body TagChange
	}
	historyInput struct {
		DecidedPath
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before; it stays valid."`
	}
	historyAnswer    struct{ Body ChangeList }
	tagsAnswer       struct{ Body TagList }
	colleaguesAnswer struct{ Body ColleagueList }
)

func (s *server) registerWorkflow(a huma.API) {
	const person = "/brands/{brand}/advocates/{id}"
	register(a, op(http.MethodGet, person+"/workflow", "get-workflow", "What the team keeps of a person: status, owner, tags, notes, tasks"), s.getWorkflow)
	register(a, described(op(http.MethodPut, person+"/status", "set-status", "Say where a person stands on the way to an ambassador"),
		"Any status may follow any other. People who are not a fit leave the lists unless they are asked for; lists say how many."), s.setStatus)
	register(a, op(http.MethodPut, person+"/owner", "set-owner", "Say who of the team looks after a person"), s.setOwner)
	register(a, op(http.MethodPatch, person+"/tags", "change-tags", "Add tags to a person and take tags away"), s.changeTags)
	register(a, described(op(http.MethodGet, person+"/history", "list-history", "Every change of a person, the newest first"),
		"Status, owner, notes, tags and tasks, and what was decided about identity, circle, authenticity and notice: who, when, from what to what."), s.listHistory)
	register(a, op(http.MethodGet, "/brands/{brand}/tags", "list-tags", "The brand's tags, with how many people have each"), s.listTags)
	register(a, op(http.MethodGet, "/brands/{brand}/colleagues", "list-colleagues", "Who of the team sees the brand"), s.listColleagues)
	s.registerNotes(a)
	s.registerTasks(a)
	s.registerBatches(a)
	s.registerSavedViews(a)
}

// about says whom a change is about and who makes it.
func (s *server) about(ctx context.Context, in DecidedPath) (workflow.About, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return workflow.About{}, err
	}
	a := account.From(ctx)
	return workflow.About{Brand: b.Name, Person: in.ID, By: workflow.Actor{Mark: a.Mark(), Name: a.Name}, Manages: a.On(b.Name) >= account.Manager}, nil
}

func (s *server) getWorkflow(ctx context.Context, in *DecidedPath) (*workflowAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return s.workflowOf(ctx, b.Name, in.ID)
}

func (s *server) workflowOf(ctx context.Context, brand, person string) (*workflowAnswer, error) {
	p, err := s.Workflow.Workflow(ctx, brand, person)
	if err != nil {
		return nil, err
	}
	return &workflowAnswer{WireWorkflow(p)}, nil
}

// WireWorkflow gives what the team keeps of a person as the API shows it; the
// terminal answers the same with --json.
func WireWorkflow(p workflow.Person) WorkflowState {
	out := WorkflowState{
		Person: p.ID, Tags: append([]string{}, p.Tags...), Notes: make([]TeamNote, len(p.Notes)), Tasks: make([]Task, len(p.Tasks)), Owner: wireColleague(p.Owner),
		Status: StatusHeld{Status: string(p.Stage.Status), Reason: some(string(p.Stage.Reason)), Text: some(p.Stage.Text), Since: known(p.Since)},
	}
	if !p.Since.IsZero() {
		by := wireActor(p.By)
		out.Status.By.V = &by
	}
	for i, n := range p.Notes {
		out.Notes[i] = wireNote(n)
	}
	for i, t := range p.Tasks {
		out.Tasks[i] = wireTask(t)
	}
	for _, status := range workflow.Statuses() {
		out.Statuses = append(out.Statuses, string(status))
	}
	return out
}

func wireColleague(c *workflow.Colleague) Null[Colleague] {
	if c == nil {
		return Null[Colleague]{}
	}
	return Null[Colleague]{&Colleague{c.ID, c.Name}}
}

// wireActor parts a mark: see account.Actor.Mark.
func wireActor(a workflow.Actor) Actor {
	kind, id, found := strings.Cut(a.Mark, ":")
	switch account.Kind(kind) {
	case account.Person, account.Key:
		if found {
			return Actor{kind, &id, a.Name}
		}
	case account.Service, account.Subject:
		return Actor{string(account.Service), nil, a.Name}
	}
	return Actor{"local", nil, a.Name}
}

func (s *server) setStatus(ctx context.Context, in *newStatusInput) (*workflowAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	stage, err := in.Body.stage().Check()
	if err != nil {
		return nil, invalid("body.reason", err.Error())
	}
	if err := s.Workflow.SetStatus(ctx, a, stage); err != nil {
		return nil, err
	}
	return s.workflowOf(ctx, a.Brand, a.Person)
}

func (s *server) setOwner(ctx context.Context, in *newPersonOwnerInput) (*workflowAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	user := ""
	if in.Body.User != nil {
		if user = *in.Body.User; user == "" {
			return nil, invalid("body.user", "the id of a colleague, or null for nobody")
		}
	}
	if err := s.Workflow.SetOwner(ctx, a, user); err != nil {
		return nil, err
	}
	return s.workflowOf(ctx, a.Brand, a.Person)
}

func (s *server) changeTags(ctx context.Context, in *tagChangeInput) (*workflowAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	if err := s.Workflow.ChangeTags(ctx, a, in.Body.Add, in.Body.Remove); err != nil {
		return nil, err
	}
	return s.workflowOf(ctx, a.Brand, a.Person)
}

func (s *server) listHistory(ctx context.Context, in *historyInput) (*historyAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	question := digest("history", b.Name, in.ID)
	at, err := parseCursor(in.Cursor, question, 0)
	if err != nil {
		return nil, err
	}
	before := int64(0)
	if at != "" {
		if before, err = strconv.ParseInt(at, 10, 64); err != nil || before == 0 {
			return nil, foreignCursor()
		}
	}
	list, next, err := s.Workflow.History(ctx, b.Name, in.ID, before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := ChangeList{Person: in.ID, Items: make([]HistoryItem, len(list))}
	for i, c := range list {
		out.Items[i] = WireChange(c)
	}
	if next != 0 {
		out.NextCursor = some(cursor{question, 0, strconv.FormatInt(next, 10)}.String())
	}
	return &historyAnswer{out}, nil
}

// WireChange gives an entry of a history as the API shows it.
func WireChange(c workflow.Change) HistoryItem {
	return HistoryItem{
		ID: strconv.FormatInt(c.N, 10), At: c.At.UTC(), By: wireActor(c.By), Kind: string(c.Kind), Item: some(c.Item),
		From: wireValue(c.From), To: wireValue(c.To), Batch: some(c.Batch), Undo: c.Undo,
	}
}

func wireValue(v *workflow.Value) Null[ChangeValue] {
	if v == nil {
		return Null[ChangeValue]{}
	}
	return Null[ChangeValue]{&ChangeValue{v.Value, some(v.Reason), some(v.Text)}}
}

func (s *server) listTags(ctx context.Context, in *BrandPath) (*tagsAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	list, err := s.Workflow.Tags(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	out := TagList{Items: make([]TagCount, len(list))}
	for i, t := range list {
		out.Items[i] = TagCount(t)
	}
	return &tagsAnswer{out}, nil
}

func (s *server) listColleagues(ctx context.Context, in *BrandPath) (*colleaguesAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	list, err := s.Workflow.Colleagues(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	out := ColleagueList{Items: make([]Colleague, len(list))}
	for i, c := range list {
		out.Items[i] = Colleague(c)
	}
	return &colleaguesAnswer{out}, nil
}
