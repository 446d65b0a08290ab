package main

import (
	"context"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/config"
	"adalid/internal/rank"
	"adalid/internal/store"
)

// question is what the flags of a ranking ask, read before anything is opened.
type question struct {
	app    *app
	cfg    *config.Config
	query  rank.Query
	format string
}

// question reads the flags.
func (a *app) question(f *rankFlags) (question, error) {
	format, err := a.format(f.format, "table", "csv", "json")
	if err != nil {
		return question{}, err
	}
	cfg, err := a.settings()
	if err != nil {
		return question{}, err
	}
	q, err := f.query()
	return question{a, cfg, q, format}, err
}

// of opens the brand, looks at its accounts and lets do answer.
func (q question) of(cmd *cobra.Command, brand string, do func(context.Context, ranker, *store.Store, adalid.Brand) error) error {
	ctx := cmd.Context()
	return q.app.withBrand(ctx, brand, func(s *store.Store, b adalid.Brand) error {
		r, err := q.app.rankerOf(ctx, q.cfg, s, b.Name)
		if err != nil {
			return err
		}
		return do(ctx, r, s, b)
	})
}
