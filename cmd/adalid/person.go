package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
)

// withRights opens the database for a command about a brand's people and their
// rights.
func (a *app) withRights(ctx context.Context, brand string, do func(r rights, b adalid.Brand) error) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	return a.withBrand(ctx, brand, func(s *store.Store, b adalid.Brand) error {
		e := newEraser(ctx, s, a.vault(cfg), nil, a.logger(cfg))
		return do(a.newRights(cfg, e, a.ranker(cfg, s)), b)
	})
}

// withRightsOf is withRights for a command about one of them: names are the brand
// and what people call the person.
func (a *app) withRightsOf(ctx context.Context, names []string, do func(r rights, b adalid.Brand, id string) error) error {
	return a.withRights(ctx, names[0], func(r rights, b adalid.Brand) error {
		id, err := r.store.FindPerson(ctx, b.Name, names[1])
		if err != nil {
			return err
		}
		return do(r, b, id)
	})
}

func (a *app) personCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "person",
		Short: "What is stored about a person, for whoever asks for it",
		Long:  "Answers what people may ask for: see docs/privacy.md. To erase somebody: adalid erase.",
	}
	cmd.AddCommand(a.personExport())
	return cmd
}

func (a *app) personExport() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "export BRAND PERSON",
		Short: "Everything that is stored about a person, as JSON (GDPR Art. 15)",
		Long: `Writes every row of every table that is about the person, with what each column
is and how long it is kept, the score as it is now, where the posts come from,
what for and what rights there are. Posts of others that name the person are
among it, without who wrote them.`,
		Example:           `  adalid person export Acme x/ana_example --output ana.json`,
		Args:              args(cobra.ExactArgs(2), "a BRAND and a PERSON"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withRightsOf(cmd.Context(), names, func(r rights, b adalid.Brand, id string) error {
				d, err := r.Dossier(cmd.Context(), b.Name, id)
				if err != nil || output == "" {
					return errors.Join(err, a.printUnless(err, d))
				}
				raw, err := json.MarshalIndent(d, "", "  ")
				if err != nil {
					return err
				}
				return a.keepFile(output, raw)
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "", "write to this new file instead of the terminal")
	return cmd
}

func (a *app) printUnless(err error, v any) error {
	if err != nil {
		return nil
	}
	return a.printJSON(v)
}

// keepFile writes a new file that only its owner can read.
func (a *app) keepFile(path string, raw []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "cannot write --output %s: %v", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(append(raw, '\n')); err != nil {
		return adalid.Wrapf(adalid.Unavailable, err, "cannot write --output %s: %v", path, err)
	}
	return a.report(map[string]string{"written": path}, "Written to %s. It holds personal data: give it to the person and to nobody else.\n", path)
}
