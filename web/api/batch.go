package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/workflow"
)

// Batches changes many people at once.
type Batches interface {
	ChangeMany(ctx context.Context, a workflow.About, o workflow.Order) (workflow.Batch, error)
	UndoBatch(ctx context.Context, a workflow.About, id string) (workflow.Undone, error)
}

// NewBatch says what to change of many people at once.
type NewBatch struct {
	People     []string       `json:"people" minItems:"1" maxItems:"500" nullable:"false" doc:"Ids as in the ranking."`
	Status     *NewStatus     `json:"status,omitempty" doc:"Left out: as it is."`
	AddTags    []string       `json:"add_tags,omitempty" maxItems:"20" nullable:"false"`
	RemoveTags []string       `json:"remove_tags,omitempty" maxItems:"20" nullable:"false"`
	Owner      Sent[UserText] `json:"owner,omitempty" doc:"Id of a colleague; null: nobody. Left out: as it is."`
}

// Batch says what a change of many people did. The four counts sum to the people
// that were named.
type Batch struct {
	ID        string    `json:"id" doc:"By which it can be taken back."`
	Changed   int       `json:"changed"`
	Unchanged int       `json:"unchanged" doc:"They were like that already, or were named twice."`
	Refused   int       `json:"refused" doc:"They would have more than 20 tags; nothing of them was changed."`
	Unknown   int       `json:"unknown" doc:"Nobody has the id."`
	At        time.Time `json:"at"`
	Until     time.Time `json:"undo_until" doc:"Until then who made the change, and who manages the brand, can take it back."`
}

// BatchUndone says what taking a batch back did.
type BatchUndone struct {
	Restored int `json:"restored" doc:"People of whom everything that the batch changed is as before."`
	Kept     int `json:"kept" doc:"People of whom something stays, because it was changed since."`
}

type (
	newBatchInput struct {
		BrandPath
		Body NewBatch
	}
	batchAnswer struct {
		Location string `header:"Location"`
		Body     Batch
	}
	// BatchPath is the address of a change of many people.
	BatchPath struct {
		BrandPath
		Batch string `path:"batch" maxLength:"19" pattern:"^[0-9]+$"`
	}
	batchUndoneAnswer struct{ Body BatchUndone }
)

func (s *server) registerBatches(a huma.API) {
	const path = "/brands/{brand}/batches"
	register(a, described(created(op(http.MethodPost, path, "change-many", "Change the status, tags or owner of many people at once")),
		"All of it happens at once. 404 when nobody has any of the ids."), s.changeMany)
	register(a, described(op(http.MethodDelete, path+"/{batch}", "undo-batch", "Take a change of many people back"),
		"Within 24 hours, by who made it or who manages the brand. What was changed again since stays as it is. 409 when it was taken back before or is too old."), s.undoBatch)
}

func (s *server) changeMany(ctx context.Context, in *newBatchInput) (*batchAnswer, error) {
	a, err := s.about(ctx, DecidedPath{BrandPath: in.BrandPath})
	if err != nil {
		return nil, err
	}
	o := workflow.Order{People: in.Body.People, AddTags: in.Body.AddTags, DropTags: in.Body.RemoveTags}
	if in.Body.Status != nil {
		stage := in.Body.Status.stage()
		o.Stage = &stage
	}
	if in.Body.Owner.Given {
		user := ""
		if in.Body.Owner.V != nil {
			user = string(*in.Body.Owner.V)
		}
		o.Owner = &user
	}
	done, err := s.Workflow.ChangeMany(ctx, a, o)
	if err != nil {
		return nil, err
	}
	return &batchAnswer{brandURL(a.Brand) + "/batches/" + url.PathEscape(done.ID), Batch{
		ID: done.ID, Changed: done.Changed, Unchanged: done.Unchanged, Refused: done.Refused, Unknown: done.Unknown, At: done.At.UTC(), Until: done.Until.UTC(),
	}}, nil
}

func (s *server) undoBatch(ctx context.Context, in *BatchPath) (*batchUndoneAnswer, error) {
	a, err := s.about(ctx, DecidedPath{BrandPath: in.BrandPath})
	if err != nil {
		return nil, err
	}
	done, err := s.Workflow.UndoBatch(ctx, a, in.Batch)
	return &batchUndoneAnswer{BatchUndone(done)}, err
}
