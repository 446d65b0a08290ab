package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/scoring"
)

// BrandSettings are what the settings of a brand are answered from.
type BrandSettings struct {
	Choices     RankingChoices
	Formula     Formula // what is meant where neither a question nor a brand says
	QueryTester QueryTester
	Alarms      Alarms
	AlarmWays   AlarmWays
}

// RankingChoices keep how teams want their brands' people weighed.
type RankingChoices interface {
	// RankingChoices lists a brand's choices, the one in force first.
	RankingChoices(ctx context.Context, brand string, limit int) ([]rank.Choice, error)
	// ChooseRanking records a choice; what of it is zero is the server's. Invalid
	// for what cannot be used.
	ChooseRanking(ctx context.Context, brand string, c rank.Choice) error
}

// Formula is how people are weighed where neither a question nor the brand says.
type Formula struct {
	Weights  scoring.Weights
	Blend    scoring.Blend
	HalfLife time.Duration // after which a mention counts half
}

// RankingSettings is how a brand's people are weighed where a question does not
// say, and how they were.
type RankingSettings struct {
	Brand    string            `json:"brand"`
	Weights  Weights           `json:"weights" doc:"In force."`
	Blend    string            `json:"blend" enum:"geometric,arithmetic"`
	Preset   *string           `json:"preset" doc:"The preset that has these weights; null: none."`
	Own      bool              `json:"own" doc:"The team chose something; false: all is the server's."`
	HalfLife float64           `json:"half_life_days" doc:"After how many days a mention counts half: a setting of the server."`
	Server   ServerRanking     `json:"server" doc:"What the server's settings say."`
	Presets  []RankingPreset   `json:"presets" nullable:"false" doc:"Named weights, the product's default first."`
	History  []RankingDecision `json:"history" nullable:"false" doc:"What was chosen, the newest first, 50 at most."`
}

// ServerRanking is what the server's settings say.
type ServerRanking struct {
	Weights Weights `json:"weights"`
	Blend   string  `json:"blend" enum:"geometric,arithmetic"`
}

// RankingPreset is weights with a name, for a question that teams ask.
type RankingPreset struct {
	Name    string  `json:"name"`
	Weights Weights `json:"weights"`
}

// RankingDecision is one choice of how to weigh.
type RankingDecision struct {
	Weights *Weights   `json:"weights" doc:"null: the server's."`
	Blend   *string    `json:"blend" doc:"null: the server's."`
	Preset  *string    `json:"preset" doc:"The preset that has these weights; null: none, or the server's."`
	Reason  *string    `json:"reason"`
	By      string     `json:"by" doc:"person:ID or key:ID; local: somebody at the server."`
	Name    *string    `json:"by_name" doc:"Of a person with an account; else null."`
	At      *time.Time `json:"at"`
}

// NewWeights are weights of the components: numbers from 0 up, not all 0. Their
// proportions count.
type NewWeights struct {
	Affinity float64 `json:"affinity" minimum:"0" maximum:"1000000"`
	Volume   float64 `json:"volume" minimum:"0" maximum:"1000000"`
	Reach    float64 `json:"reach" minimum:"0" maximum:"1000000"`
	Network  float64 `json:"network" minimum:"0" maximum:"1000000"`
}

// NewRanking says how to weigh from now on; what is left out is the server's.
type NewRanking struct {
	Preset  string      `json:"preset,omitempty" enum:"balanced,true-fans,far-reach,connectors,steady" doc:"Named weights, instead of weights."`
	Weights *NewWeights `json:"weights,omitempty"`
	Blend   string      `json:"blend,omitempty" enum:"geometric,arithmetic"`
	Reason  string      `json:"reason,omitempty" maxLength:"500" doc:"For the history: one line."`
}

type (
	rankingAnswer   struct{ Body RankingSettings }
	newRankingInput struct {
		BrandPath
		Body NewRanking
	}
)

// shownDecisions is how many choices an answer lists.
const shownDecisions = 50

func (s *server) registerRankings(a huma.API) {
	const path = "/brands/{brand}/ranking"
	register(a, op(http.MethodGet, path, "get-ranking", "How the brand's people are weighed"), s.getRanking)
	register(a, described(op(http.MethodPut, path, "choose-ranking", "Choose how the brand's people are weighed"),
		"It holds for every list, view, group, explanation and export of the brand whose question names no weights, preset or blend. What is left out is as the server's settings say; the history keeps what was chosen before, so that it can be chosen again."), s.chooseRanking)
}

func (s *server) getRanking(ctx context.Context, in *BrandPath) (*rankingAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	list, err := s.Choices.RankingChoices(ctx, b.Name, shownDecisions)
	if err != nil {
		return nil, err
	}
	out := WireRanking(b.Name, s.Formula, list)
	for i := range out.History {
		out.History[i].Name = s.nameOf(ctx, list[i].By)
	}
	return &rankingAnswer{out}, nil
}

// nameOf gives the name of who made a mark, null where it is not somebody who has
// an account.
func (s *server) nameOf(ctx context.Context, mark string) *string {
	id, person := strings.CutPrefix(mark, string(account.Person)+":")
	if !person || s.Accounts == nil {
		return nil
	}
	u, err := s.Accounts.Store.User(ctx, id)
	if err != nil {
		return nil // removed since: the history stays
	}
	return some(u.Name)
}

func (s *server) chooseRanking(ctx context.Context, in *newRankingInput) (*rankingAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	c := rank.Choice{Blend: scoring.Blend(in.Body.Blend), Reason: strings.TrimSpace(in.Body.Reason), By: account.From(ctx).Mark()}
	if c.Weights, err = in.Body.weights(); err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, invalid("body.reason", err.Error())
	}
	if err := s.Choices.ChooseRanking(ctx, b.Name, c); err != nil {
		return nil, err
	}
	return s.getRanking(ctx, &in.BrandPath)
}

// weights are what was asked for, summing to 1; zero for the server's.
func (n NewRanking) weights() (w scoring.Weights, err error) {
	switch {
	case n.Preset != "" && n.Weights != nil:
		return w, invalid("body.weights", "give a preset or weights, not both")
	case n.Preset != "":
		w, _ = scoring.Preset(n.Preset) // its name was checked against the description
	case n.Weights != nil:
		x := n.Weights
		if w, err = scoring.ParseWeights(fmt.Sprintf("affinity=%v,volume=%v,reach=%v,network=%v", x.Affinity, x.Volume, x.Reach, x.Network)); err != nil {
			err = invalid("body.weights", "weights are numbers from 0 up, not all 0")
		}
	}
	return w, err
}

// WireRanking gives how a brand is weighed as the API shows it; the terminal
// answers the same with --json.
func WireRanking(brand string, f Formula, list []rank.Choice) RankingSettings {
	var now rank.Choice
	if len(list) > 0 {
		now = list[0]
	}
	out := RankingSettings{
		Brand: brand, Own: !now.Same(rank.Choice{}), HalfLife: f.HalfLife.Hours() / 24,
		Server: ServerRanking{wireWeights(f.Weights), string(f.Blend)}, History: make([]RankingDecision, len(list)),
	}
	for _, name := range scoring.Presets() {
		w, _ := scoring.Preset(name)
		out.Presets = append(out.Presets, RankingPreset{name, wireWeights(w)})
	}
	for i, c := range list {
		d := RankingDecision{Blend: some(string(c.Blend)), Reason: some(c.Reason), By: c.By, At: known(c.At)}
		if c.Weights != (scoring.Weights{}) {
			d.Weights, d.Preset = new(wireWeights(c.Weights)), presetOf(c.Weights)
		}
		out.History[i] = d
	}
	if now.Weights == (scoring.Weights{}) {
		now.Weights = f.Weights
	}
	if now.Blend == "" {
		now.Blend = f.Blend
	}
	out.Weights, out.Preset, out.Blend = wireWeights(now.Weights), presetOf(now.Weights), string(now.Blend)
	return out
}

// presetOf names the preset that has these weights.
func presetOf(w scoring.Weights) *string {
	for _, name := range scoring.Presets() {
		if p, _ := scoring.Preset(name); p == w {
			return &name
		}
	}
	return nil
}

func wireWeights(w scoring.Weights) Weights {
	return Weights{w[scoring.Affinity], w[scoring.Volume], w[scoring.Reach], w[scoring.Network]}
}
