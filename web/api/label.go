package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/sentiment"
)

// NewLabel is a team's judgement of a mention.
type NewLabel struct {
	Label string `json:"label" enum:"positive,neutral,negative" doc:"How the post speaks of the brand."`
}

// LabelEffect says what a label changed.
type LabelEffect struct {
	Changed  int64    `json:"changed" doc:"1 when the mention's label is another one now."`
	Rescored int64    `json:"rescored" doc:"Mentions whose sentiment, as the model sees it, is another one now, be it by little."`
	Turned   int64    `json:"turned" doc:"Of these: of another class now, such as negative instead of neutral."`
	Pending  bool     `json:"pending" doc:"The brand has many mentions: they are still being judged anew."`
	Learned  Learning `json:"learned"`
}

// Learning is what the brand's labels teach, as cross-validation on them shows.
type Learning struct {
	InUse    bool      `json:"in_use" doc:"What was learned is used; false until it helps."`
	Why      string    `json:"why"`
	Labels   int       `json:"labels" doc:"Labels that can be learned from."`
	Unknown  int       `json:"unknown" doc:"Labels of texts that the model cannot judge, such as those in a language it does not know."`
	Agreed   int       `json:"agreed" doc:"Labels that the model alone gives as well."`
	Accuracy *Compared `json:"accuracy" doc:"null with too few labels to tell."`
	MacroF1  *Compared `json:"macro_f1"`
}

// Compared is a figure without and with what was learned.
type Compared struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Low    float64 `json:"gain_low" doc:"Lower end of the gain's 95 % interval."`
	High   float64 `json:"gain_high"`
}

type (
	// MentionPath is the address of a mention.
	MentionPath struct {
		BrandPath
		Mention string `path:"id" maxLength:"2000" doc:"key of the mention; also its id where only one platform has it, or platform/id."`
	}
	newLabelInput struct {
		MentionPath
		Body NewLabel
	}
	labelAnswer struct{ Body LabelEffect }
)

func (s *server) registerLabels(a huma.API) {
	const path = "/brands/{brand}/mentions/{id}/label"
	register(a, described(op(http.MethodPut, path, "label-mention", "Say how a post speaks of the brand"),
		"A team's own label wins over the model in every count, and the model learns from it: what was learned is used once cross-validation shows that it helps."), s.setLabel)
	register(a, described(op(http.MethodDelete, path, "unlabel-mention", "Take a label back"),
		"The model's judgement counts again, and what was learned from the label goes."), s.removeLabel)
}

func (s *server) setLabel(ctx context.Context, in *newLabelInput) (*labelAnswer, error) {
	return s.correct(ctx, in.MentionPath, adalid.Label(in.Body.Label))
}

func (s *server) removeLabel(ctx context.Context, in *MentionPath) (*labelAnswer, error) {
	return s.correct(ctx, *in, "")
}

func (s *server) correct(ctx context.Context, at MentionPath, label adalid.Label) (*labelAnswer, error) {
	b, err := s.Brands.Brand(ctx, at.Brand)
	if err != nil {
		return nil, err
	}
	m := at.named()
	taught, err := s.Teacher.Correct(ctx, b.Name, []Correction{{m.Platform, m.ID, label}}, account.From(ctx).Mark())
	if err != nil {
		return nil, err
	}
	return &labelAnswer{LabelEffect{Changed: taught.Changed, Rescored: taught.Rescored, Turned: taught.Turned, Pending: taught.Pending, Learned: WireLearning(taught.Effect)}}, nil
}

// WireLearning gives an effect as answers have it: figures that were not measured
// are null.
func WireLearning(e sentiment.Effect) Learning {
	l := Learning{InUse: e.Helps, Why: e.Why, Labels: e.Labels, Unknown: e.Unknown, Agreed: e.Agreed}
	if e.Tested {
		l.Accuracy, l.MacroF1 = wireCompared(e.Accuracy), wireCompared(e.MacroF1)
	}
	return l
}

func wireCompared(c sentiment.Compared) *Compared {
	out := Compared(c)
	return &out
}

// named reads the path's key or id.
func (p MentionPath) named() (m NamedMention) {
	m.Platform, m.ID = namedMention(p.Mention)
	return m
}

// mentionKey names a mention in addresses; parseMentionKey reads it. The mark
// at its beginning tells it from a platform's own id.
func mentionKey(platform adalid.Platform, id string) string {
	return keyMark + base64.RawURLEncoding.EncodeToString([]byte(string(platform)+"/"+id))
}

const keyMark = "~"

// MentionName reads what names a mention, the key that the API gives or plain
// words, and gives it in plain words: platform/id, or what was given.
func MentionName(name string) string {
	platform, id := namedMention(name)
	if platform == "" {
		return id
	}
	return string(platform) + "/" + id
}

// namedMention is MentionName in parts; plain words come back without a platform.
func namedMention(name string) (adalid.Platform, string) {
	if platform, id, ok := parseMentionKey(name); ok {
		return platform, id
	}
	return "", name
}

func parseMentionKey(key string) (adalid.Platform, string, bool) {
	text, ok := strings.CutPrefix(key, keyMark)
	if !ok {
		return "", "", false
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	platform, id, found := strings.Cut(string(b), "/")
	return adalid.Platform(platform), id, err == nil && found && platform != "" && id != ""
}
