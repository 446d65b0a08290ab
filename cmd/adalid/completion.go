package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid/internal/store"
	"adalid/scoring"
)

// choices gives what the shell offers for a flag of a command, nil where that
// is not a list.
func choices(command, flag string) []string {
	switch {
	case flag == "format" && command == "import":
		return []string{"auto", "canonical", "csv", "tweets-v1", "tweets-v2", "x-archive", "mastodon"}
	case flag == "format":
		return []string{"table", "csv", "json"}
	case flag == "match":
		return []string{"all", "query"}
	case flag == "date-order":
		return []string{"auto", "dmy", "mdy", "ymd"}
	case flag == "kind":
		return []string{"mention", "repost", "reply", "quote"}
	case flag == "preset":
		return scoring.Presets()
	case flag == "blend":
		return []string{string(scoring.Geometric), string(scoring.Arithmetic)}
	}
	return nil
}

// complete teaches the shell the values of the flags of cmd and all below it.
func (a *app) complete(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		a.complete(sub)
	}
	for _, f := range gather(cmd.LocalNonPersistentFlags().VisitAll) {
		offer := choices(cmd.Name(), f.Name)
		switch {
		case offer != nil:
			_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(offer, cobra.ShellCompDirectiveNoFileComp)) // fails for a second time only
		case f.Name == "brand":
			_ = cmd.RegisterFlagCompletionFunc(f.Name, func(cmd *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
				return a.completeBrands(cmd, nil, prefix)
			})
		}
	}
}

// completeBrands offers the stored brands to the shell. It never makes a
// database: no completion is better than an error in the prompt.
func (a *app) completeBrands(cmd *cobra.Command, given []string, prefix string) ([]string, cobra.ShellCompDirective) {
	const nothingElse = cobra.ShellCompDirectiveNoFileComp
	cfg, err := a.settings()
	if err != nil || len(given) > 0 {
		return nil, nothingElse
	}
	if _, err := os.Stat(filepath.Join(cfg.Data.Dir, store.FileName)); err != nil {
		return nil, nothingElse
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Second)
	defer cancel()
	var names []string
	_ = a.withStore(ctx, func(s *store.Store) error {
		brands, err := s.Brands(ctx)
		for _, b := range brands {
			if strings.HasPrefix(strings.ToLower(b.Name), strings.ToLower(prefix)) {
				names = append(names, b.Name)
			}
		}
		return err
	})
	return names, nothingElse
}
