package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/store"
	"adalid/web/api"
)

func (a *app) keyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Keys with which programs use the API",
		Long: `Makes, lists and ends API keys. A key has a role on one brand or on all, is
shown once, and is sent as "Authorization: Bearer adk_…"; see docs/access.md.`,
	}
	cmd.AddCommand(a.keyAdd(), a.keyList(), a.keyRevoke())
	return cmd
}

func (a *app) keyAdd() *cobra.Command {
	var brand, role, name, expires string
	var every bool
	cmd := &cobra.Command{
		Use:   "add --name N --role R (--brand B | --every-brand) [--expires 90d]",
		Short: "Make a key and show it, this once",
		Example: `  adalid key add --name dashboard --role viewer --brand Acme --expires 90d
  adalid key add --name backup --role manager --every-brand`,
		Args: args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (brand == "") == !every {
				return adalid.Errorf(adalid.Invalid, "for what is the key? Give --brand NAME, or --every-brand")
			}
			r, err := account.ParseRole(role)
			if err != nil {
				return err
			}
			end, err := keyEnd(expires, a.now())
			if err != nil {
				return err
			}
			return a.withStore(cmd.Context(), func(s *store.Store) error {
				made, text, err := makeKey(cmd.Context(), s, account.APIKey{Name: name, Brand: brand, Role: r, MadeBy: account.Local().Mark(), Expires: end})
				if err != nil {
					return err
				}
				a.doing.object = made.ID
				if a.json {
					return a.printJSON(api.APIKeyMade{APIKey: api.WireKey(made, a.now()), Key: text})
				}
				fmt.Fprintln(a.out, text)
				fmt.Fprintf(a.err, "This is shown once. It ends with: adalid key revoke %s\n", made.ID)
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&brand, "brand", "", "the only brand that the key is for")
	flags.BoolVar(&every, "every-brand", false, "for all brands, those to come too")
	flags.StringVar(&role, "role", "", "viewer, analyst, manager or owner")
	flags.StringVar(&name, "name", "", "what the key is for")
	flags.StringVar(&expires, "expires", "", "how long it opens, such as 90d or 12h, or the date on which it ends (default: for ever)")
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions([]string{"viewer", "analyst", "manager", "owner"}, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	return cmd
}

// mostKeyDays bounds how long a key may be asked to open.
const mostKeyDays = 3650

// keyEnd reads when a key ends; "" is never.
func keyEnd(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(text, "d")); err == nil && strings.HasSuffix(text, "d") && n > 0 && n <= mostKeyDays {
		return now.UTC().Truncate(time.Second).AddDate(0, 0, n), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 && d <= mostKeyDays*24*time.Hour {
		return now.UTC().Truncate(time.Second).Add(d), nil
	}
	return time.Time{}, adalid.Errorf(adalid.Invalid, "--expires %q is neither a time such as 90d or 12h, ten years at most, nor a date such as 2027-01-31", text)
}

func (a *app) keyList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The keys, the newest first, with their last use",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			return a.withData(cmd.Context(), func(s *store.Store) error {
				list, err := s.APIKeys(cmd.Context())
				if err != nil {
					return err
				}
				if len(list) == 0 && format == "table" {
					fmt.Fprintln(a.err, "No key yet. Make one: adalid key add --name dashboard --role viewer --every-brand")
					return nil
				}
				rows := newRows(a.out, format, []string{"id", "name", "brand", "role", "made_by", "made", "expires", "used", "revoked", "alive"})
				for _, k := range list {
					if err := rows.write([]cellValue{k.ID, k.Name, k.Brand, k.Role.String(), k.MadeBy, k.Made, k.Expires, k.Used, k.Revoked, k.Alive(a.now())}); err != nil {
						return err
					}
				}
				return rows.close()
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) keyRevoke() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID",
		Short: "End a key at once, and those that were made with it",
		Args:  args(cobra.ExactArgs(1), "the ID of a key, the part between its underscores"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			id := ids[0]
			if part, ok := account.KeyID(id); ok {
				id = part // the key itself
			}
			return a.withData(cmd.Context(), func(s *store.Store) error {
				if err := s.RevokeKey(cmd.Context(), id); err != nil {
					return err
				}
				a.doing.object = id
				return a.report(map[string]string{"revoked": id}, "Key %s does not open any more.\n", id)
			})
		},
	}
}
