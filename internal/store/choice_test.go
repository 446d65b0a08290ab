package store

import (
	"context"
	"strings"
	"testing"

	"adalid"
	"adalid/internal/rank"
	"adalid/scoring"
)

func TestRankingChoices(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "Other"}))
	if got, err := s.RankingChoice(ctx, "acme"); err != nil || got != (rank.Choice{}) {
		t.Errorf("before anybody chose: %+v: %v", got, err)
	}
	before, err := s.State(ctx, "acme")
	must(t, err)
	third := scoring.Weights{1.0 / 3, 1.0 / 3, 1.0 / 3, 0}
	must(t, s.ChooseRanking(ctx, "acme", rank.Choice{Weights: third, Blend: scoring.Arithmetic, Reason: "a try", By: "local"}))
	after, err := s.State(ctx, "ACME")
	must(t, err)
	if after.Standing <= before.Standing || after.DataVersion != before.DataVersion {
		t.Errorf("standing %d → %d, data version %d → %d", before.Standing, after.Standing, before.DataVersion, after.DataVersion)
	}
	got, err := s.RankingChoice(ctx, "acme")
	must(t, err)
	if got.Weights != third || got.Blend != scoring.Arithmetic || got.Reason != "a try" || got.By != "local" || got.At.IsZero() {
		t.Errorf("%+v", got)
	}
	for range keptChoices {
		must(t, s.ChooseRanking(ctx, "acme", rank.Choice{}))
	}
	list, err := s.RankingChoices(ctx, "acme", 1000)
	must(t, err)
	if len(list) != keptChoices || !list[0].Same(rank.Choice{}) || list[len(list)-1].Reason != "" {
		t.Errorf("%d choices, the last %+v", len(list), list[0])
	}
	if other, err := s.RankingChoices(ctx, "other", 10); err != nil || len(other) != 0 {
		t.Errorf("%v: %v", other, err)
	}
	code(t, adalid.NotFound, s.ChooseRanking(ctx, "nobody", rank.Choice{}))
	code(t, adalid.Invalid, s.ChooseRanking(ctx, "acme", rank.Choice{Weights: scoring.Weights{-1, 2, 0, 0}}))
	code(t, adalid.Invalid, s.ChooseRanking(ctx, "acme", rank.Choice{Blend: "mixed"}))
	code(t, adalid.Invalid, s.ChooseRanking(ctx, "acme", rank.Choice{Reason: strings.Repeat("ñ", 501)}))
	code(t, adalid.Invalid, s.ChooseRanking(ctx, "acme", rank.Choice{Reason: "two\nlines"}))
	must(t, s.RemoveBrand(ctx, "acme"))
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "acme"}))
	if list, err := s.RankingChoices(ctx, "acme", 10); err != nil || len(list) != 0 {
		t.Errorf("of the removed brand: %v: %v", list, err)
	}
}
