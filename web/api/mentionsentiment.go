package api

import (
	"context"
	"math"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/sentiment"
)

// MentionSentiment says how a mention speaks of the brand, who says so, and what
// decided.
type MentionSentiment struct {
	Key      string  `json:"key"`
	Platform string  `json:"platform"`
	ID       string  `json:"id" doc:"The platform's own id."`
	Tone     *string `json:"tone" enum:"positive,neutral,negative" doc:"What counts: the team's own label, else the model's likeliest class; null: not scored."`
	By       *string `json:"by" enum:"model,residual,team" doc:"Who says so. residual: the model with what the team's corrections of other posts teach it. null: nobody."`
	Lang     *string `json:"lang" doc:"The post's language as its source or its words tell; null: not known."`
	Unknown  *string `json:"unknown" enum:"language,letters,nothing,repost,unscored" doc:"Why the model says nothing. language: none that it knows. letters: mostly letters of another. nothing: neither a word nor an emoji. repost: only the original is judged. unscored: imported without sentiment."`
	Current  bool    `json:"current" doc:"false: the stored sentiment is an earlier model's, another one than explained here, until the mentions are judged anew."`

	Model   Null[ModelSentiment] `json:"model" doc:"What the model says, with the brand's residual where one is in use, also where the team's label wins; null where unknown says why."`
	Reasons []SentimentReason    `json:"reasons" nullable:"false" doc:"What decided about the model's answer, strongest first."`
	Rest    Null[SentimentPush]  `json:"rest" doc:"All further reasons together; null where model is. With it toward sums to ln(positive/negative) and opinion to ln(positive·negative/neutral²)/2."`
}

// ModelSentiment is what the model says of a text.
type ModelSentiment struct {
	Tone     string  `json:"tone" enum:"positive,neutral,negative" doc:"The likeliest class."`
	Negative float64 `json:"negative" doc:"Probability; the three sum to 1."`
	Neutral  float64 `json:"neutral"`
	Positive float64 `json:"positive"`
	Residual bool    `json:"residual" doc:"What the team's corrections teach is part of it."`
}

// SentimentPush is how far something moves the model's answer, in logits.
type SentimentPush struct {
	For     string  `json:"for" enum:"positive,neutral,negative,opinion" doc:"The class it speaks for; opinion: for positive and negative about alike, against neutral."`
	Toward  float64 `json:"toward" doc:"Evidence for positive less evidence for negative."`
	Opinion float64 `json:"opinion" doc:"Evidence for an opinion against none."`
	Learned float64 `json:"learned" doc:"The part of toward that the team's corrections bring."`
}

// SentimentReason is something in a post that moved the model's answer.
type SentimentReason struct {
	Text    *string `json:"text" doc:"A piece of the post; null where code says what it is."`
	Kind    string  `json:"kind" enum:"words,form,phrase,brand" doc:"words: a word, an emoji or two words in a row. form: how the post is written. phrase: a turn of phrase. brand: what is said of the brand itself, around the text."`
	Code    *string `json:"code" enum:"common,no_opinion,capitals,stretched,exclamation,question,question_last,short,long,addressed,accounts,link,number,said_of_brand" doc:"common: what every post brings."`
	Negated bool    `json:"negated" doc:"A negator turns the word around."`
	SentimentPush
}

type (
	mentionSentimentInput struct {
		MentionPath
		Limit int `query:"limit" minimum:"1" maximum:"200" default:"20" doc:"How many reasons."`
	}
	mentionSentimentAnswer struct{ Body MentionSentiment }
)

func (s *server) registerMentionSentiment(a huma.API) {
	register(a, described(op(http.MethodGet, "/brands/{brand}/mentions/{id}/sentiment", "explain-mention", "Why a post counts as positive, neutral or negative"),
		"Who says so, the model, the model with what the team taught it, or the team, and the words that decided."), s.explainMention)
}

func (s *server) explainMention(ctx context.Context, in *mentionSentimentInput) (*mentionSentimentAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	e, err := s.Teacher.Explain(ctx, b.Name, in.named(), in.Limit)
	if err != nil {
		return nil, err
	}
	return &mentionSentimentAnswer{WireExplained(e)}, nil
}

// WireExplained gives an explanation as the API shows it; the terminal answers
// the same with --json.
func WireExplained(e Explained) MentionSentiment {
	out := MentionSentiment{
		Key: mentionKey(e.Platform, e.ID), Platform: string(e.Platform), ID: e.ID, Tone: some(string(e.Tone)), By: e.by(),
		Lang: some(e.Explanation.Tag), Unknown: e.unknown(), Current: e.current(), Reasons: []SentimentReason{},
	}
	if e.Team != "" {
		out.Tone = some(string(e.Team))
	}
	if s := e.Explanation.Sentiment; s != nil && out.Unknown == nil {
		out.Model.V = &ModelSentiment{string(s.Label()), s.Negative, s.Neutral, s.Positive, e.Residual}
		rest := wirePush(e.Explanation.Rest)
		out.Reasons, out.Rest.V = wireSentimentReasons(e.Explanation.Reasons), &rest
	}
	return out
}

func (e Explained) by() *string {
	switch {
	case e.Team != "":
		return some("team")
	case e.Net == nil:
		return nil
	case e.Residual:
		return some("residual")
	}
	return some("model")
}

// unknown says why the model says nothing; nil: it says something. Reposts and
// what was imported without sentiment were never asked about.
func (e Explained) unknown() *string {
	switch {
	case e.Net == nil && e.Repost:
		return some("repost")
	case e.Explanation.Unknown != "":
		return some(string(e.Explanation.Unknown))
	case e.Net == nil:
		return some("unscored")
	}
	return nil
}

// current tells whether the stored sentiment is the one that is explained.
func (e Explained) current() bool {
	s := e.Explanation.Sentiment
	if e.Net == nil || s == nil {
		return e.Net == nil
	}
	return math.Round(*e.Net*1e6) == math.Round(s.Net()*1e6) && e.Tone == s.Label()
}

func wireSentimentReasons(list []sentiment.Reason) []SentimentReason {
	out := make([]SentimentReason, len(list))
	for i, r := range list {
		out[i] = SentimentReason{Text: some(r.Text), Kind: r.Kind, Code: some(r.Code), Negated: r.Negated, SentimentPush: wirePush(r.Push)}
		if r.Code != "" {
			out[i].Text = nil
		}
	}
	return out
}

func wirePush(p sentiment.Push) SentimentPush {
	return SentimentPush{p.For(), p.Toward, p.Opinion, p.Learned}
}
