package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/audit"
)

// AuditSample is what people are asked to judge.
type AuditSample struct {
	N        int              `json:"n"`
	Seed     uint64           `json:"seed"`
	Mentions []MentionToJudge `json:"mentions"`
}

// NewAudit are the answers to a sample.
type NewAudit struct {
	N       int              `json:"n" minimum:"1" maximum:"1000" doc:"As asked for in the sample."`
	Seed    uint64           `json:"seed" maximum:"9007199254740991" doc:"As asked for in the sample."`
	Answers []NewAuditAnswer `json:"answers" maxItems:"1000"`
}

// NewAuditAnswer is the judgement of one mention; leave out what was skipped.
type NewAuditAnswer struct {
	Key    string `json:"key" maxLength:"2000" doc:"As in the sample; also platform/id."`
	Answer string `json:"answer" enum:"negative,neutral,positive,not_ours"`
}

// AuditReport is what answers tell of all mentions.
type AuditReport struct {
	Total     int              `json:"total" doc:"Mentions the sample was drawn from."`
	Sampled   int              `json:"sampled"`
	Answered  int              `json:"answered"`
	NotOurs   int              `json:"not_ours"`
	Accuracy  *Interval        `json:"accuracy" doc:"How often the model's class is right, on what it scored and is about the brand; null when the answers do not tell."`
	Precision *Interval        `json:"precision" doc:"Part of the mentions that is about the brand."`
	Scored    float64          `json:"scored" doc:"Part of the mentions that the model gave a class."`
	Shares    []AuditShare     `json:"shares"`
	Confusion []AuditConfusion `json:"confusion" doc:"Answers on scored mentions about the brand."`
}

// Interval is a figure with its 95 % interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// AuditShare is the part of a class in the mentions about the brand.
type AuditShare struct {
	Class    string    `json:"class"`
	Counted  float64   `json:"counted" doc:"As the model counts, among what it scored."`
	True     *Interval `json:"true" doc:"As the answers correct it."`
	Mentions *Interval `json:"mentions" doc:"How many mentions that is."`
}

// AuditConfusion is one cell of the confusion matrix.
type AuditConfusion struct {
	Model  string  `json:"model"`
	Person string  `json:"person"`
	Count  int     `json:"count"`
	Share  float64 `json:"share" doc:"Of all scored mentions about the brand, weighted by strata."`
}

type (
	auditSampleInput struct {
		BrandPath
		N    int    `query:"n" default:"60" minimum:"1" maximum:"1000" doc:"Mentions to judge."`
		Seed uint64 `query:"seed" default:"1" maximum:"9007199254740991" doc:"Another seed draws another sample."`
	}
	auditSampleAnswer struct{ Body AuditSample }
	newAuditInput     struct {
		BrandPath
		Body NewAudit
	}
	auditReportAnswer struct{ Body AuditReport }
)

func (s *server) registerAudit(a huma.API) {
	const path = "/brands/{brand}/sentiment/audit"
	register(a, described(op(http.MethodGet, path, "draw-audit", "Draw a sample of mentions to judge"),
		"Stratified by what the model says, language and confidence. The same n and seed draw the same sample as long as nothing is stored."), s.drawAudit)
	o := described(op(http.MethodPost, path, "assess-audit", "What the answers to a sample tell"),
		"Nothing is stored. The sample is drawn again from n and seed: an answer to a mention that is not in it is refused.")
	o.DefaultStatus = http.StatusOK
	register(a, o, s.assessAudit)
}

func (s *server) drawAudit(ctx context.Context, in *auditSampleInput) (*auditSampleAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	items, err := s.Auditor.AuditSample(ctx, b.Name, in.N, in.Seed)
	if err != nil {
		return nil, err
	}
	return &auditSampleAnswer{AuditSample{in.N, in.Seed, wireToJudge(items)}}, nil
}

func (s *server) assessAudit(ctx context.Context, in *newAuditInput) (*auditReportAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	var answers []audit.Answer
	for _, a := range in.Body.Answers {
		answer := audit.Answer{Key: MentionName(a.Key), Ours: a.Answer != "not_ours"}
		if answer.Ours {
			answer.Label = adalid.Label(a.Answer)
		}
		answers = append(answers, answer)
	}
	r, err := s.Auditor.Audit(ctx, b.Name, in.Body.N, in.Body.Seed, answers)
	if err != nil {
		return nil, err
	}
	return &auditReportAnswer{wireAudit(r)}, nil
}

func wireAudit(r audit.Report) AuditReport {
	out := AuditReport{
		Total: r.Total, Sampled: r.Sampled, Answered: r.Answered, NotOurs: r.NotOurs,
		Accuracy: (*Interval)(r.Accuracy), Precision: (*Interval)(r.Precision), Scored: r.Scored,
		Shares: []AuditShare{}, Confusion: []AuditConfusion{},
	}
	for _, s := range r.Shares {
		out.Shares = append(out.Shares, AuditShare{string(s.Class), s.Counted, (*Interval)(s.True), (*Interval)(s.Count)})
	}
	for _, c := range r.Confusion {
		out.Confusion = append(out.Confusion, AuditConfusion{string(c.Model), string(c.Person), c.Count, c.Share})
	}
	return out
}
