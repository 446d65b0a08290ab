package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// CorrectionList is what a team has said of single mentions, and what was learned
// from it.
type CorrectionList struct {
	Brand     string      `json:"brand"`
	Labels    LabelCounts `json:"labels"`
	Learned   Learning    `json:"learned"`
	LearnedAt *time.Time  `json:"learned_at" doc:"null: nothing was learned yet."`
	Model     string      `json:"model" doc:"Version of the model."`
	Resting   bool        `json:"resting" doc:"What was learned belongs to another version of the model: it is not used until the next label, or until adalid sentiment rescore."`

	Items      []LabelledMention `json:"items" nullable:"false" doc:"The newest label first."`
	NextCursor *string           `json:"next_cursor" doc:"null on the last page."`
}

// LabelCounts are the labels of each class.
type LabelCounts struct {
	Positive int `json:"positive"`
	Neutral  int `json:"neutral"`
	Negative int `json:"negative"`
}

// LabelledMention is a mention with the team's label and the model's own word.
type LabelledMention struct {
	MentionToJudge
	Label      string     `json:"label" enum:"positive,neutral,negative" doc:"The team's."`
	Model      *string    `json:"model_label" enum:"positive,neutral,negative" doc:"What the model says of it now, with what it learned where that is in use; null: it was not scored."`
	By         *string    `json:"by" doc:"Who labelled it."`
	LabelledAt *time.Time `json:"labelled_at"`
	LeftOut    bool       `json:"left_out" doc:"It counts nowhere, as not about the brand, and nothing is learned from it."`
}

type (
	correctionsInput struct {
		BrandPath
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Cursor string `query:"cursor" maxLength:"8000" doc:"next_cursor of the page before."`
	}
	correctionsAnswer struct{ Body CorrectionList }
)

func (s *server) registerCorrections(a huma.API) {
	register(a, described(op(http.MethodGet, "/brands/{brand}/corrections", "list-corrections", "The labels of a team, and what was learned from them"),
		"How many labels of each class there are, whether what they teach is used, how much it helps as cross-validation on them shows, and the labelled mentions. A label is taken back with DELETE on its mention."), s.listCorrections)
}

func (s *server) listCorrections(ctx context.Context, in *correctionsInput) (*correctionsAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	question := digest("corrections", b.Name)
	after, err := parseCursor(in.Cursor, question, 0)
	if err != nil {
		return nil, err
	}
	c, err := s.Teacher.Corrections(ctx, b.Name, CorrectionQuery{After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	list := WireCorrections(b.Name, c)
	if c.Next != "" {
		list.NextCursor = some(cursor{question, 0, c.Next}.String())
	}
	return &correctionsAnswer{list}, nil
}

// WireCorrections gives labels as answers have them, without a cursor.
func WireCorrections(brand string, c Corrections) CorrectionList {
	out := CorrectionList{
		Brand: brand, Labels: LabelCounts{c.Positive, c.Neutral, c.Negative}, Learned: WireLearning(c.Effect), LearnedAt: known(c.Learned),
		Model: c.Model, Resting: c.Resting, Items: make([]LabelledMention, len(c.Items)),
	}
	out.Learned.InUse = c.InUse
	for i, m := range c.Items {
		out.Items[i] = LabelledMention{
			MentionToJudge: wireToJudge([]AuditItem{m.AuditItem})[0], Label: string(m.Label), Model: some(string(m.Model)),
			By: some(m.By), LabelledAt: known(m.At), LeftOut: m.LeftOut,
		}
	}
	return out
}
