package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/secret"
	"adalid/internal/store"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy of the database, also while it is in use",
		Args:  args(cobra.ExactArgs(1), "one FILE"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			err := a.withData(cmd.Context(), func(s *store.Store) error {
				if err := s.Backup(cmd.Context(), paths[0]); err != nil {
					return err
				}
				return a.report(map[string]string{"backup": paths[0]}, "Backup written to %s. Bring it back with: adalid restore %s\nKeys of platforms are encrypted in it; keep a copy of "+secret.FileName+" elsewhere, or they have to be set again on another machine, and of the file "+store.SuppressedName+", if there is one, with which people who are erased later are erased from it too.\n", paths[0], paths[0])
			})
			return stopped(cmd.Context(), err, "stopped; no backup was written")
		},
	}
}

func (a *app) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in place of the database; the replaced one is kept beside it",
		Args:  args(cobra.ExactArgs(1), "one FILE"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			cfg, err := a.settings()
			if err != nil {
				return err
			}
			kept, err := store.Restore(cmd.Context(), cfg.Data.Dir, paths[0], store.Options{Now: a.now, Logger: a.logger(cfg), Key: a.vault(cfg).suppression})
			if err != nil {
				return err
			}
			if err := a.withStore(cmd.Context(), func(*store.Store) error { return nil }); err != nil { // for the audit log
				return err
			}
			if a.json {
				return a.printJSON(map[string]string{"restored": paths[0], "replaced": kept})
			}
			fmt.Fprintf(a.err, "Restored %s.\n", paths[0])
			if kept != "" {
				fmt.Fprintf(a.err, "The database that was there is kept as %s.\n", kept)
			}
			return nil
		},
	}
}

func (a *app) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "rebuild [BRAND]",
		Short:             "Recompute every roll-up from the mentions and prove that nothing changed",
		Args:              args(cobra.MaximumNArgs(1), "at most one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			rebuild := func(s *store.Store, brand adalid.Brand) error {
				report, err := s.Rebuild(cmd.Context(), brand.Name, nil)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(map[string]int64{
						"brands": int64(report.Brands), "mentions": report.Mentions, "different": report.Differ(),
						"rollups_mended": report.Rollups, "edges_mended": report.Edges, "copies_mended": report.Copies, "persons_mended": report.Persons,
					})
				}
				fmt.Fprintf(a.out, "%s of %s read and every roll-up recomputed: ", counted(report.Mentions, "mention"), counted(report.Brands, "brand"))
				if report.Differ() == 0 {
					fmt.Fprintln(a.out, "all equal to what was stored.")
					return nil
				}
				fmt.Fprintf(a.out, "%s differed and mended (%s, %s, %s, %s).\n",
					counted(report.Differ(), "row"), counted(report.Rollups, "roll-up"), counted(report.Edges, "edge"), counted(report.Copies, "copy number"), counted(report.Persons, "person"))
				return nil
			}
			var err error
			if len(names) > 0 {
				err = a.withBrand(cmd.Context(), names[0], rebuild)
			} else {
				err = a.withData(cmd.Context(), func(s *store.Store) error { return rebuild(s, adalid.Brand{}) })
			}
			return stopped(cmd.Context(), err, "stopped; what was compared until then is mended, the same command begins anew")
		},
	}
}
