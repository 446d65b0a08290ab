package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

func (a *app) segmentsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "segments",
		Short: "People by recency, frequency and value; saved filters and who meets them",
		Long: `Keeps filter expressions under names and lists who meets them, and counts the
advocates by recency, frequency and value. docs/views.md has the grammar of
expressions and the cut points.`,
	}
	cmd.AddCommand(a.segmentsList(), a.segmentsShow(), a.segmentsSave(), a.segmentsRemove(), a.segmentsMembers(), a.segmentsGrid())
	return cmd
}

func (a *app) segmentsList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:               "list BRAND",
		Short:             "The saved segments",
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				list, err := s.Segments(cmd.Context(), b.Name)
				if err != nil {
					return err
				}
				if len(list) == 0 && format == "table" {
					fmt.Fprintf(a.err, "No segment yet. Save one: adalid segments save %q loyal 'recency >= 4 and frequency >= 4'\n", b.Name)
					return nil
				}
				rows := newRows(a.out, format, []string{"segment", "where", "created", "updated"})
				for _, x := range list {
					if err := rows.write([]cellValue{x.Name, x.Where, x.Created, x.Updated}); err != nil {
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

func (a *app) segmentsShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show BRAND NAME",
		Short:             "One saved segment",
		Args:              args(cobra.ExactArgs(2), "a BRAND and a NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				x, err := s.Segment(cmd.Context(), b.Name, names[1])
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(api.WireSegment(x))
				}
				fmt.Fprintf(a.out, "segment  %s\nwhere    %s\ncreated  %s\nupdated  %s\n", x.Name, x.Where, cellText(x.Created), cellText(x.Updated))
				return nil
			})
		},
	}
}

func (a *app) segmentsSave() *cobra.Command {
	return &cobra.Command{
		Use:   "save BRAND NAME EXPRESSION",
		Short: "Keep a filter expression under a name, in place of the one that has it",
		Example: `  adalid segments save Acme "quiet fans" 'affinity >= .6 and followers < 2000'
  adalid segments save Acme lapsing 'frequency >= 3 and recency <= 2 and lang in (es, ca)'`,
		Args:              args(cobra.ExactArgs(3), "a BRAND, a NAME and an EXPRESSION"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			saved := rank.Saved{Name: names[1], Where: names[2]}
			if err := saved.Check(); err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				made, err := s.SaveSegment(cmd.Context(), b.Name, saved)
				if err != nil {
					return err
				}
				x, err := s.Segment(cmd.Context(), b.Name, saved.Name)
				if err != nil {
					return err
				}
				done := "changed"
				if made {
					done = "saved"
				}
				return a.report(api.WireSegment(x), "Segment %q %s. Its members: adalid segments members %q %q\n", x.Name, done, b.Name, x.Name)
			})
		},
	}
}

func (a *app) segmentsRemove() *cobra.Command {
	return &cobra.Command{
		Use:               "remove BRAND NAME",
		Short:             "Forget a saved segment; people and posts stay",
		Args:              args(cobra.ExactArgs(2), "a BRAND and a NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				if err := s.RemoveSegment(cmd.Context(), b.Name, names[1]); err != nil {
					return err
				}
				return a.report(map[string]string{"removed": names[1]}, "Segment %q is forgotten.\n", names[1])
			})
		},
	}
}

func (a *app) segmentsMembers() *cobra.Command {
	var f rankFlags
	cmd := &cobra.Command{
		Use:               "members BRAND NAME",
		Short:             "Who is in a saved segment now",
		Long:              "Lists the people as rank does, critics too where the expression holds for them.",
		Args:              args(cobra.ExactArgs(2), "a BRAND and a NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			q, err := a.question(&f)
			if err != nil {
				return err
			}
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, s *store.Store, b adalid.Brand) error {
				x, err := s.Segment(ctx, b.Name, names[1])
				if err != nil {
					return err
				}
				q.query.All, q.query.Intervals, q.query.Segment = true, true, x.Where
				ranking, err := ranker.Rank(ctx, b.Name, q.query)
				if err != nil {
					return err
				}
				a.noteDemo(b.Demo, "en")
				return a.printRanking(ranking, api.Shown{Demo: b.Demo, All: true, YouTube: ranker.youTube}, q.format)
			})
		},
	}
	f.registerFormula(cmd)
	cmd.Flags().IntVar(&f.limit, "limit", 25, "how many people to list; 0 for everybody")
	cmd.Flags().StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

// gridFlags are the command line of segments rfv.
type gridFlags struct {
	rankFlags
	words string
}

func (a *app) segmentsGrid() *cobra.Command {
	var f gridFlags
	cmd := &cobra.Command{
		Use:               "rfv BRAND",
		Short:             "How many people of which recency, frequency and value",
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := checkWords(f.words); err != nil {
				return err
			}
			q, err := a.question(&f.rankFlags)
			if err != nil {
				return err
			}
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, _ *store.Store, b adalid.Brand) error {
				g, err := ranker.Grid(ctx, b.Name, q.query)
				if err != nil {
					return err
				}
				return a.printGrid(api.WireGrid(g, b), q.format, f.words)
			})
		},
	}
	f.registerFormula(cmd)
	registerWords(cmd, &f.words)
	cmd.Flags().BoolVar(&f.all, "all", false, "critics too")
	cmd.Flags().StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) printGrid(g api.Grid, format, words string) error {
	a.noteDemo(g.Demo, words)
	switch format {
	case "json":
		return a.printJSON(g)
	case "csv":
		rows := newRows(a.out, format, []string{"brand", "recency", "frequency", "group", "people", "value_1", "value_2", "value_3", "value_4", "value_5", "value_unknown"})
		for _, c := range g.Cells {
			v := c.Values
			if err := rows.write([]cellValue{g.Brand, c.Recency, c.Frequency, c.Group, c.People, v[0], v[1], v[2], v[3], v[4], c.Unknown}); err != nil {
				return err
			}
		}
		return rows.close()
	}
	fmt.Fprintf(a.out, "%s  %s %s\n\n", g.Brand, phrase(words, "as_of"), asOf(g.Receipt))
	fmt.Fprintf(a.out, "%-10s%s\n", "recency", "  frequency 5         4         3         2         1")
	for r := range 5 {
		var line strings.Builder
		fmt.Fprintf(&line, "%-10d", 5-r)
		for _, c := range g.Cells[5*r : 5*r+5] {
			fmt.Fprintf(&line, "  %8s", group(int64(c.People)))
		}
		fmt.Fprintln(a.out, line.String())
	}
	fmt.Fprintln(a.out)
	for _, x := range g.Groups {
		fmt.Fprintf(a.out, "%8s  %-10s %s\n", group(int64(x.People)), x.Name, in(x.Words, words))
	}
	return nil
}
