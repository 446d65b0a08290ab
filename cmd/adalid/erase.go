package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
)

func (a *app) eraseCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "erase [BRAND] PERSON",
		Short: "Erase a person for good: what is stored of them, and what others say of them",
		Long: `Removes everything about a person, rewrites what others wrote so that it no
longer names them, and keeps them from being collected again, also after a backup
made before is restored. PERSON is an id of the ranking, or platform/handle; all
accounts that were joined to it go. Without BRAND every brand forgets them.

It cannot be undone. It works while the server runs. Backups that you keep
elsewhere are erased when they are restored here. docs/privacy.md says more.`,
		Example: `  adalid erase x/ana_example
  adalid erase Acme mastodon/ana@example.social --yes --json`,
		Args:              args(cobra.RangeArgs(1, 2), "a PERSON, or a BRAND and a PERSON"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			order := store.Erasure{Person: names[len(names)-1]}
			do := func(s *store.Store) error { return a.erase(cmd.Context(), s, order, yes) }
			if len(names) == 1 {
				return a.withData(cmd.Context(), do)
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				order.Brand = b.Name
				return do(s)
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

func (a *app) erase(ctx context.Context, s *store.Store, order store.Erasure, yes bool) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	found, err := s.Erasable(ctx, order)
	if err != nil {
		return err
	}
	if !yes {
		if err := a.confirmErasure(found, order); err != nil {
			return err
		}
	}
	learned, err := newLearner(s)
	if err != nil {
		return err
	}
	e := newEraser(ctx, s, a.vault(cfg), learned, a.logger(cfg))
	out, err := e.erase(ctx, order)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(wireErased(out, true))
	}
	a.sayErased(out)
	return nil
}

func (a *app) confirmErasure(found store.Erased, order store.Erasure) error {
	where := "every brand"
	if order.Brand != "" {
		where = fmt.Sprintf("brand %q", order.Brand)
	}
	if len(found.Accounts) == 0 {
		fmt.Fprintf(a.err, "Nobody is stored under that name; the account would be kept out of %s.\n", where)
	}
	for _, x := range found.Accounts {
		fmt.Fprintf(a.err, "To be erased: %s, an account on %s (brand %s).\n", x.ID, x.Platform, printable(x.Brand))
	}
	fmt.Fprintf(a.err, "Erase this person from %s, for good? Type yes: ", where)
	answer, _ := bufio.NewReader(a.in).ReadString('\n') // what is not yes is no
	if strings.TrimSpace(strings.ToLower(answer)) != "yes" {
		return adalid.Errorf(adalid.Invalid, "nothing was erased: it was not confirmed (--yes does not ask)")
	}
	return nil
}

func (a *app) sayErased(out store.Erased) {
	for _, b := range out.Brands {
		fmt.Fprintf(a.out, "%s: %s account(s) with %s mention(s) erased, %s mention(s) of others no longer name them.\n",
			printable(b.Brand), group(b.Accounts), group(b.Mentions), group(b.Rewritten))
	}
	for _, t := range out.Texts {
		what := "rewritten"
		switch t.Table {
		case "own_account", "cursor":
			what = "removed"
		case "source":
			what = "rewritten and switched off: they read the person's account"
		case "segment", "brand":
			what = "rewritten: look whether they still say what they should"
		}
		fmt.Fprintf(a.out, "%s: %s row(s) %s.\n", t.Table, group(t.Rows), what)
	}
	for _, name := range out.Copies {
		fmt.Fprintf(a.out, "Removed %s: a copy of an older database that would have brought the person back.\n", name)
	}
	for _, x := range out.Namesakes {
		fmt.Fprintf(a.out, "Left: %s has the same handle on %s (brand %s). If it is the same person, erase it too.\n", x.ID, x.Platform, printable(x.Brand))
	}
	fmt.Fprintf(a.out, "The person is kept out from now on.\n")
}
