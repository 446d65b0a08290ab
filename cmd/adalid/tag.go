package main

import (
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
	"adalid/internal/workflow"
)

func (a *app) tagCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "tag BRAND PERSON [+TAG…] [-TAG…]",
		Short: "Tag a person, or take a tag away",
		Long: `Adds the tags with a plus and takes away those with a minus. Without either it
shows what there is. A brand spells a tag one way, whatever the case. Options come
before BRAND or begin with two dashes.`,
		Example: `  adalid tag Acme @ana +vip +"fair 2026" -new
  adalid rank Acme --where 'tag = vip'`,
		Args: args(cobra.MinimumNArgs(2), "a BRAND, a PERSON and tags like +vip or -vip"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			add, drop, rest := signedTags(given[2:])
			if err := cmd.Flags().Parse(rest); err != nil {
				return usageError{err}
			}
			if extra := cmd.Flags().Args(); len(extra) > 0 {
				return adalid.Errorf(adalid.Invalid, "a tag begins with + or -, such as +%s", extra[0])
			}
			add, drop, err := workflow.CheckTags(add, drop)
			if err != nil {
				return err
			}
			var do func(*store.Store, workflow.About) error
			if len(add)+len(drop) > 0 {
				do = func(s *store.Store, about workflow.About) error { return s.ChangeTags(cmd.Context(), about, add, drop) }
			}
			return a.handle(cmd.Context(), given[0], given[1], format, do)
		},
	}
	cmd.Flags().SetInterspersed(false) // -TAG is no option
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

// signedTags parts +TAG and -TAG from what else there is.
func signedTags(given []string) (add, drop, rest []string) {
	for _, word := range given {
		switch {
		case strings.HasPrefix(word, "--") || len(word) < 2:
			rest = append(rest, word)
		case word[0] == '+':
			add = append(add, word[1:])
		case word[0] == '-':
			drop = append(drop, word[1:])
		default:
			rest = append(rest, word)
		}
	}
	return add, drop, rest
}
