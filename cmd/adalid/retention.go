package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
)

func (a *app) retentionCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "retention BRAND [[PLATFORM] DAYS|off|default]",
		Short: "How long posts are kept",
		Long: `Shows or changes how long a brand's posts are kept, on one platform or on all
that have no rule of their own. "off" keeps them without limit, "default" takes a
rule back. The server removes older posts, with the people of whom nothing is
left, within a day; adalid retention apply does it at once. Without a rule posts
stay, but for platforms whose terms say otherwise.`,
		Example: `  adalid retention Acme
  adalid retention Acme 365
  adalid retention Acme mastodon 90
  adalid retention apply`,
		Args:              args(cobra.RangeArgs(1, 3), "a BRAND, and what to change"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			return a.withRights(cmd.Context(), names[0], func(r rights, b adalid.Brand) error {
				if len(names) > 1 {
					if err := r.change(cmd, b.Name, names[1:]); err != nil {
						return err
					}
				}
				list, err := r.Retention(cmd.Context(), b.Name)
				if err != nil {
					return err
				}
				rows := newRows(a.out, format, []string{"platform", "days", "fixed", "by", "at"})
				for _, x := range list {
					days := "off"
					if x.Days != nil {
						days = strconv.FormatInt(*x.Days, 10)
					}
					if err := rows.write([]cellValue{x.Platform, days, x.Fixed, x.SetBy, x.SetAt}); err != nil {
						return err
					}
				}
				return rows.close()
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.AddCommand(a.retentionApply())
	return cmd
}

func (r rights) change(cmd *cobra.Command, brand string, words []string) error {
	platform, value := "", strings.ToLower(words[len(words)-1])
	if len(words) == 2 {
		platform = strings.ToLower(words[0])
	}
	var days *int64
	switch value {
	case "default":
	case "off":
		days = new(int64(0))
	default:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 1 {
			return adalid.Errorf(adalid.Invalid, "%q is no number of days; write one, or off, or default", value)
		}
		days = &n
	}
	return r.SetRetention(cmd.Context(), brand, platform, days, "cli")
}

func (a *app) retentionApply() *cobra.Command {
	return &cobra.Command{
		Use:   "apply",
		Short: "Remove what is older than the rules allow, now",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withData(cmd.Context(), func(s *store.Store) error {
				brands, err := s.Brands(cmd.Context())
				if err != nil {
					return err
				}
				removed := map[string]map[string]int64{}
				total := int64(0)
				for _, b := range brands {
					out, err := s.ApplyRetention(cmd.Context(), b.Name)
					if err != nil {
						return err
					}
					for _, x := range out {
						if removed[b.Name] == nil {
							removed[b.Name] = map[string]int64{}
						}
						removed[b.Name][string(x.Platform)] = x.Posts
						total += x.Posts
						if !a.json {
							fmt.Fprintf(a.out, "%s: %s of %s removed.\n", printable(b.Name), counted(x.Posts, "post"), x.Platform)
						}
					}
				}
				return a.report(map[string]any{"removed": total, "brands": removed}, "%s older than the rules allow.\n", counted(total, "post"))
			})
		},
	}
}
