package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/relevance"
)

// NewRelevance is a team's word on whether a mention is about the brand.
type NewRelevance struct {
	About bool `json:"about" doc:"false: the post means something else of the same name."`
}

// NewRelevanceRule switches the rule that leaves mentions out.
type NewRelevanceRule struct {
	Enabled bool `json:"enabled" doc:"false: nothing is left out but what is marked."`
}

// RelevanceEffect says what a mark or the switch changed.
type RelevanceEffect struct {
	Changed    int64            `json:"changed" doc:"Mentions whose mark is another one now."`
	MarkedOut  int64            `json:"marked_out" doc:"Of these, counted before and left out now by the mark itself."`
	MarkedBack int64            `json:"marked_back" doc:"Of these, left out before; they count again by the mark, or as it was taken back."`
	LeftOut    int64            `json:"left_out" doc:"Other mentions, that the rule leaves out now and that counted before."`
	Returned   int64            `json:"returned" doc:"Other mentions, that the rule left out before and that count again."`
	Pending    bool             `json:"pending" doc:"The brand has many mentions: they are still being judged anew."`
	InUse      bool             `json:"in_use"`
	Learned    RelevanceLearned `json:"learned"`
}

// RelevanceLearned is what the marks teach, as ten-fold cross-validation on
// them shows.
type RelevanceLearned struct {
	Marks    int    `json:"marks"`
	About    int    `json:"about" doc:"Marks that are about the brand."`
	NotAbout int    `json:"not_about"`
	Caught   int    `json:"caught" doc:"Of not_about, how many a model that had not seen the mark leaves out."`
	Lost     int    `json:"lost" doc:"Of about, how many such a model leaves out."`
	Helps    bool   `json:"helps"`
	Why      string `json:"why"`
}

// RelevanceStatus is what was learned and what would teach more.
type RelevanceStatus struct {
	Enabled bool             `json:"enabled" doc:"The team lets the rule leave mentions out."`
	InUse   bool             `json:"in_use"`
	Learned RelevanceLearned `json:"learned"`
	Next    []MentionToJudge `json:"next" doc:"Marking these would teach most."`
	Exclude []Exclusion      `json:"exclude" doc:"What the brand's query might leave out; each counts what those before it leave."`
}

// Exclusion is a word or phrase the query might exclude.
type Exclusion struct {
	Query       string `json:"query" doc:"As the query takes it."`
	MarkedNot   int    `json:"marked_not" doc:"Mentions marked as not about the brand that it would remove."`
	MarkedAbout int    `json:"marked_about"`
	Unmarked    int    `json:"unmarked" doc:"Mentions without a mark that it would remove, of those looked at (3,000 at most)."`
	Wrong       int    `json:"wrong" doc:"Of unmarked: the model takes them for the brand's."`
}

// MentionToJudge is a mention without what the model says of it, which would
// sway the answer.
type MentionToJudge struct {
	Key      string `json:"key" doc:"Names the mention in addresses, as in the list of mentions."`
	Platform string `json:"platform"`
	ID       string `json:"id" doc:"The platform's own id."`
	URL      string `json:"url"`
	Author   string `json:"author" doc:"handle"`
	Lang     string `json:"lang"`
	Text     string `json:"text"`
}

type (
	newRelevanceInput struct {
		MentionPath
		Body NewRelevance
	}
	newRelevanceRuleInput struct {
		BrandPath
		Body NewRelevanceRule
	}
	relevanceEffectAnswer struct{ Body RelevanceEffect }
	relevanceStatusAnswer struct{ Body RelevanceStatus }
)

func (s *server) registerRelevance(a huma.API) {
	const mention, brand = "/brands/{brand}/mentions/{id}/relevance", "/brands/{brand}/relevance"
	register(a, described(op(http.MethodPut, mention, "mark-mention", "Say whether a post is about the brand"),
		"A post marked as not about the brand stays stored and counts nowhere. A model learns from the marks and, once cross-validation shows that it helps, leaves out others like it."), s.markMention)
	register(a, op(http.MethodDelete, mention, "unmark-mention", "Take a mark back"), s.unmarkMention)
	register(a, op(http.MethodGet, brand, "get-relevance", "What was learned from marks, and what to mark or exclude next"), s.relevance)
	register(a, described(op(http.MethodPut, brand, "switch-relevance", "Switch the rule that leaves mentions out on or off"),
		"Switching it off brings everything back but what is marked."), s.switchRelevance)
}

func (s *server) markMention(ctx context.Context, in *newRelevanceInput) (*relevanceEffectAnswer, error) {
	return s.mark(ctx, in.MentionPath, &in.Body.About)
}

func (s *server) unmarkMention(ctx context.Context, in *MentionPath) (*relevanceEffectAnswer, error) {
	return s.mark(ctx, *in, nil)
}

func (s *server) mark(ctx context.Context, at MentionPath, about *bool) (*relevanceEffectAnswer, error) {
	b, err := s.Brands.Brand(ctx, at.Brand)
	if err != nil {
		return nil, err
	}
	m := at.named()
	return wireMarked(s.Relevance.Mark(ctx, b.Name, []RelevanceMark{{m.Platform, m.ID, about}}, account.From(ctx).Mark()))
}

func (s *server) switchRelevance(ctx context.Context, in *newRelevanceRuleInput) (*relevanceEffectAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return wireMarked(s.Relevance.SwitchRelevance(ctx, b.Name, in.Body.Enabled))
}

func (s *server) relevance(ctx context.Context, in *BrandPath) (*relevanceStatusAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	state, err := s.Relevance.RelevanceState(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	out := RelevanceStatus{
		Enabled: !state.Off, InUse: state.InUse, Learned: wireRelevance(state.Effect),
		Next: wireToJudge(state.Next), Exclude: []Exclusion{},
	}
	for _, e := range state.Exclude {
		out.Exclude = append(out.Exclude, Exclusion(e))
	}
	return &relevanceStatusAnswer{out}, nil
}

func wireMarked(m Marked, err error) (*relevanceEffectAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &relevanceEffectAnswer{RelevanceEffect{
		Changed: m.Changed, MarkedOut: m.MarkedOut, MarkedBack: m.MarkedBack, LeftOut: m.LeftOut, Returned: m.Returned, Pending: m.Pending, InUse: m.InUse, Learned: wireRelevance(m.Effect),
	}}, nil
}

func wireRelevance(e relevance.Effect) RelevanceLearned {
	return RelevanceLearned{e.Marks, e.About, e.NotAbout, e.Caught, e.Lost, e.Helps, e.Why}
}

func wireToJudge(items []AuditItem) []MentionToJudge {
	out := []MentionToJudge{}
	for _, m := range items {
		out = append(out, MentionToJudge{mentionKey(m.Platform, m.ID), string(m.Platform), m.ID, m.URL, m.Author, m.Lang, m.Text})
	}
	return out
}
