package store

import (
	"context"
	"fmt"
	"strings"

	"adalid/internal/rank"
	"adalid/scoring"
)

// keptChoices is how many choices of how to weigh a brand's people are kept.
const keptChoices = 200

// RankingChoice implements rank.Choices.
func (s *Store) RankingChoice(ctx context.Context, brand string) (rank.Choice, error) {
	list, err := s.RankingChoices(ctx, brand, 1)
	if err != nil || len(list) == 0 {
		return rank.Choice{}, err
	}
	return list[0], nil
}

// RankingChoices lists how a brand's people were to be weighed, the choice in
// force first; none where nobody ever chose.
func (s *Store) RankingChoices(ctx context.Context, brand string, limit int) ([]rank.Choice, error) {
	var list []rank.Choice
	err := s.read(ctx, "read how a brand is weighed", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		return x.query("ranking.List", func(r row) error {
			c := rank.Choice{Blend: scoring.Blend(r.text(2)), Reason: r.text(3), By: r.text(4), At: r.opt(5).time()}
			if text := r.text(1); text != "" {
				if c.Weights, err = scoring.ParseWeights(text); err != nil {
					return fmt.Errorf("store: weights of %q: %w", brand, err)
				}
			}
			list = append(list, c)
			return nil
		}, b.id, limit)
	})
	return list, err
}

// ChooseRanking records how a brand's people are weighed from now on where a
// question does not say; what is left zero is the server's. Rankings made before
// are out of date then. Invalid for what cannot be used.
func (s *Store) ChooseRanking(ctx context.Context, brand string, c rank.Choice) error {
	if err := c.Check(); err != nil {
		return err
	}
	return s.write(ctx, "choose how a brand is weighed", func(x *session) error {
		b, err := findBrand(x, brand)
		if err != nil {
			return err
		}
		if _, err := x.exec("ranking.Add", b.id, weightsText(c.Weights), string(c.Blend), clean(c.Reason), clipped(c.By), s.now().Unix()); err != nil {
			return err
		}
		if _, err := x.exec("ranking.Prune", b.id, int64(keptChoices)); err != nil {
			return err
		}
		return raiseStanding(x, b.id)
	})
}

// weightsText writes weights as scoring.ParseWeights reads them; "" for none. No
// bit of them is lost.
func weightsText(w scoring.Weights) string {
	if w == (scoring.Weights{}) {
		return ""
	}
	parts := make([]string, len(w))
	for i, f := range w {
		parts[i] = fmt.Sprintf("%s=%v", scoring.Names[i], f)
	}
	return strings.Join(parts, ",")
}
