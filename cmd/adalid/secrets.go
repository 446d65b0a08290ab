package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/collectors"
	"adalid/config"
	"adalid/internal/secret"
	"adalid/internal/store"
)

func (a *app) secretsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "secrets", Short: "The key that keys of platforms are encrypted with"}
	cmd.AddCommand(&cobra.Command{
		Use:   "rotate",
		Short: "Make a new key and encrypt the keys of platforms with it",
		Long: `Makes a new key in instance.key of the data folder and encrypts the keys and
tokens of all sources again. The older keys stay in the file, so that backups made
before can still be used; remove their lines, never the first one, when those
backups are gone. Where privacy.key is configured, add a new key behind the
others there first: the last one encrypts.`,
		Args: args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.rotateSecrets(cmd.Context()) },
	})
	return cmd
}

func (a *app) rotateSecrets(ctx context.Context) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	v := a.vault(cfg)
	if _, err := v.held(false); err != nil {
		return err
	}
	return a.withVault(ctx, v, func(s *store.Store) error {
		done := false
		n, err := s.Reseal(ctx, func() error {
			if cfg.Privacy.Key != "" || done {
				return nil
			}
			done = true
			if _, err := secret.Rotate(cfg.Data.Dir); err != nil {
				return err
			}
			_, err := v.held(true)
			return err
		})
		if err != nil {
			return err
		}
		made := "A new key was made"
		if cfg.Privacy.Key != "" {
			made = "The last key of privacy.key is used"
		}
		return a.report(map[string]any{"sources": n, "made": cfg.Privacy.Key == ""},
			"%s; the secret settings of %s are encrypted with it. Keep a copy of the key elsewhere than your backups.\n", made, counted(n, "source"))
	})
}

// lockedSources tells which sources have settings that the installation's key
// cannot open, and whether the key itself can be used.
func (a *app) lockedSources(ctx context.Context, cfg *config.Config, s *store.Store) ([]finding, error) {
	const check = "secrets"
	stored, err := s.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var locked []string
	for _, x := range stored {
		values := map[string]json.RawMessage{}
		if json.Unmarshal(x.Settings, &values) != nil {
			continue
		}
		for _, value := range values {
			if collectors.Sealed(value) {
				locked = append(locked, fmt.Sprintf("%q", x.Name))
				break
			}
		}
	}
	if len(locked) == 0 {
		return []finding{{check, store.Fine, "the keys of sources are encrypted and can be read"}}, nil
	}
	message := fmt.Sprintf("the keys of %s cannot be read: they were encrypted with another key; set them again (adalid source edit SOURCE --set KEY=…), or bring back the key they were stored with (%s in the data folder, or privacy.key)",
		strings.Join(locked, ", "), secret.FileName)
	if _, err := secret.Load(secret.Options{Given: cfg.Privacy.Key.Reveal(), Dir: cfg.Data.Dir}); adalid.CodeOf(err) != "" {
		message = fmt.Sprintf("the keys of %s cannot be read: %s", strings.Join(locked, ", "), describe(err))
	}
	return []finding{{check, store.Broken, message}}, nil
}
