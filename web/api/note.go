package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/workflow"
)

// Notes keeps remarks on people. What somebody else wrote is Forbidden to change,
// but to who manages the brand.
type Notes interface {
	AddNote(ctx context.Context, a workflow.About, text string) (workflow.Note, error)
	ChangeNote(ctx context.Context, a workflow.About, id, text string) (workflow.Note, error)
	RemoveNote(ctx context.Context, a workflow.About, id string) error
}

// TeamNote is a remark on a person, in plain text.
type TeamNote struct {
	ID        string      `json:"id"`
	Text      string      `json:"text" doc:"Plain text, as a colleague wrote it."`
	By        Actor       `json:"by"`
	At        time.Time   `json:"at"`
	ChangedBy Null[Actor] `json:"changed_by" doc:"null: it is as it was written."`
	ChangedAt *time.Time  `json:"changed_at"`
}

// NewNote is what a note says.
type NewNote struct {
	Text string `json:"text" minLength:"1" maxLength:"4000" doc:"Plain text; line breaks stay."`
}

// NotePath is the address of a note.
type NotePath struct {
	DecidedPath
	Note string `path:"note" maxLength:"19" pattern:"^[0-9]+$"`
}

type (
	newNoteInput struct {
		DecidedPath
		Body NewNote
	}
	noteChangeInput struct {
		NotePath
		Body NewNote
	}
	teamNoteAnswer struct{ Body TeamNote }
)

func (s *server) registerNotes(a huma.API) {
	const path = "/brands/{brand}/advocates/{id}/notes"
	register(a, created(op(http.MethodPost, path, "add-note", "Write a note about a person")), s.addNote)
	register(a, described(op(http.MethodPut, path+"/{note}", "change-note", "Change what a note says"),
		"Who wrote it, and who manages the brand."), s.changeNote)
	register(a, described(op(http.MethodDelete, path+"/{note}", "remove-note", "Remove a note"),
		"Who wrote it, and who manages the brand. Its texts go from the history too, which says only that there was one."), s.removeNote)
}

func wireNote(n workflow.Note) TeamNote {
	out := TeamNote{ID: n.ID, Text: n.Text, By: wireActor(n.By), At: n.At.UTC(), ChangedAt: known(n.ChangedAt)}
	if !n.ChangedAt.IsZero() {
		by := wireActor(n.ChangedBy)
		out.ChangedBy.V = &by
	}
	return out
}

func (s *server) addNote(ctx context.Context, in *newNoteInput) (*teamNoteAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	n, err := s.Workflow.AddNote(ctx, a, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &teamNoteAnswer{wireNote(n)}, nil
}

func (s *server) changeNote(ctx context.Context, in *noteChangeInput) (*teamNoteAnswer, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	n, err := s.Workflow.ChangeNote(ctx, a, in.Note, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &teamNoteAnswer{wireNote(n)}, nil
}

func (s *server) removeNote(ctx context.Context, in *NotePath) (*empty, error) {
	a, err := s.about(ctx, in.DecidedPath)
	if err != nil {
		return nil, err
	}
	return nil, s.Workflow.RemoveNote(ctx, a, in.Note)
}
