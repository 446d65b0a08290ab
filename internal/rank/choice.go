package rank

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"adalid"
	"adalid/scoring"
)

// Choice is how a team wants its brand's people weighed where a question does not
// say. The zero Choice leaves it to Options.
type Choice struct {
	Weights scoring.Weights // all zero: Options.Weights
	Blend   scoring.Blend   // "": Options.Blend
	Reason  string          // the team's words, at most 500 characters
	By      string          // who chose
	At      time.Time
}

// Choices tells what teams chose.
type Choices interface {
	// RankingChoice gives the choice in force for a brand, the zero one where
	// there is none. The data version does not rise with it, State.Standing does.
	RankingChoice(ctx context.Context, brand string) (Choice, error)
}

// mostReason is how many characters a reason may have.
const mostReason = 500

// Check refuses, as Invalid, weights, a blend or a reason that cannot be used.
func (c Choice) Check() error {
	if c.Weights != (scoring.Weights{}) {
		if err := c.Weights.Check(); err != nil {
			return err
		}
	}
	if _, err := scoring.ParseBlend(string(c.Blend)); err != nil {
		return err
	}
	switch {
	case len([]rune(c.Reason)) > mostReason:
		return adalid.Errorf(adalid.Invalid, "a reason has at most %d characters", mostReason)
	case strings.ContainsFunc(c.Reason, func(r rune) bool { return unicode.IsControl(r) }):
		return adalid.Errorf(adalid.Invalid, "a reason is one line of text")
	}
	return nil
}

// Same tells that two choices weigh alike, whoever made them and why.
func (c Choice) Same(d Choice) bool { return c.Weights == d.Weights && c.Blend == d.Blend }

// weigh fills in the weights and blend that a query leaves out: the brand's
// choice, then Options.
func (r *Ranker) weigh(ctx context.Context, brand string, q Query) (Query, error) {
	var own Choice
	if r.choices != nil && brand != "" && (q.Weights == (scoring.Weights{}) || q.Blend == "") {
		var err error
		if own, err = r.choices.RankingChoice(ctx, brand); err != nil {
			return q, fmt.Errorf("rank: how %q is weighed: %w", brand, err)
		}
	}
	for _, w := range []scoring.Weights{own.Weights, r.weights} {
		if q.Weights == (scoring.Weights{}) {
			q.Weights = w
		}
	}
	if err := q.Weights.Check(); err != nil {
		return q, err
	}
	blend, err := scoring.ParseBlend(string(cmp.Or(q.Blend, own.Blend, r.blend)))
	q.Blend = blend
	return q, err
}
