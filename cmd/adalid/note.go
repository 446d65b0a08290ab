package main

import (
	"github.com/spf13/cobra"

	"adalid/internal/store"
	"adalid/internal/workflow"
)

func (a *app) noteCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "note BRAND PERSON TEXT",
		Short: "Write a note about a person",
		Long: `Keeps a remark in plain text, up to 4,000 characters. adalid status shows the
notes about a person.`,
		Example: `  adalid note Acme @ana "Met at the fair in May, would like to visit us."`,
		Args:    args(cobra.ExactArgs(3), "a BRAND, a PERSON and a TEXT"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.handle(cmd.Context(), given[0], given[1], format, func(s *store.Store, about workflow.About) error {
				_, err := s.AddNote(cmd.Context(), about, given[2])
				return err
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}
