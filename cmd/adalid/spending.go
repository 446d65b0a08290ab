package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/collectors"
	"adalid/internal/store"
	"adalid/web/api"
)

func (a *app) spendingCommand() *cobra.Command {
	var month string
	cmd := &cobra.Command{
		Use:   "spending BRAND",
		Short: "What has reading cost this month, and what did each advocate found cost?",
		Long: `Lists what the brand has spent at paid sources in a UTC month, and sets it
against the people whom the ranking of that month's mentions on the platform
lists as advocates.`,
		Example: `  adalid spending "Café Lumbre"
  adalid spending "Café Lumbre" --month 2026-03 --json`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			at := a.now()
			if month != "" {
				var err error
				if at, err = api.ParseMonth(month); err != nil {
					return fmt.Errorf("--month: %w", err)
				}
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				r, err := a.spending(cmd.Context(), s, b.Name, at)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(r)
				}
				return a.printSpending(r)
			})
		},
	}
	cmd.Flags().StringVar(&month, "month", "", "a UTC month such as 2026-03 (default: the present one)")
	return cmd
}

func (a *app) spending(ctx context.Context, s *store.Store, brand string, month time.Time) (api.SpendingReport, error) {
	cfg, err := a.settings()
	if err != nil {
		return api.SpendingReport{}, err
	}
	spent, err := spentOf(ctx, s, a.kinds, brand, month)
	if err != nil {
		return api.SpendingReport{}, err
	}
	p, _, err := planOf(ctx, s, brand)
	if err != nil {
		return api.SpendingReport{}, err
	}
	r, err := api.ReportSpending(ctx, a.ranker(cfg, s), brand, month, a.now(), spent)
	r.Monthly = dollars(p.Monthly)
	return r, err
}

// spentOf tells what a brand has spent in a month, with the platform of each source.
func spentOf(ctx context.Context, s *store.Store, kinds []collectors.Definition, brand string, month time.Time) ([]api.Spending, error) {
	spent, err := s.Spent(ctx, brand, month)
	if err != nil {
		return nil, err
	}
	stored, err := s.Sources(ctx)
	if err != nil {
		return nil, err
	}
	ofSource := make(map[string]adalid.Platform, len(stored))
	for _, x := range stored {
		ofSource[x.Name] = platformOf(kinds, x.Collector)
	}
	list := make([]api.Spending, len(spent))
	for i, x := range spent {
		list[i] = api.Spending{Source: x.Source, Platform: ofSource[x.Source], Unit: x.Unit, Units: x.Units, Micros: x.Micros}
	}
	return list, nil
}

func (a *app) printSpending(r api.SpendingReport) error {
	if len(r.Items) == 0 {
		fmt.Fprintf(a.out, "Nothing was spent for %s in %s.\n", r.Brand, r.Month)
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "source\tunit\tunits\tUSD\t")
	for _, x := range r.Items {
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t\n", x.Source, x.Unit, group(x.Units), x.USD)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(a.out, total(r))
	for _, line := range perAdvocate(r) {
		fmt.Fprintln(a.out, line)
	}
	return nil
}

func total(r api.SpendingReport) string {
	limit := ""
	if r.Monthly != nil {
		limit = fmt.Sprintf(" of US$ %.2f", *r.Monthly)
	}
	return fmt.Sprintf("%s in %s: US$ %.2f%s.", r.Brand, r.Month, r.TotalUSD, limit)
}

// perAdvocate tells what each advocate found on a platform cost.
func perAdvocate(r api.SpendingReport) []string {
	var lines []string
	for _, p := range r.Platforms {
		switch {
		case p.PerAdvocate == nil:
			lines = append(lines, fmt.Sprintf("%s: no advocate found yet for US$ %.2f.", p.Platform, p.USD))
		case p.Advocates == 1:
			lines = append(lines, fmt.Sprintf("%s: 1 advocate found for US$ %.2f.", p.Platform, p.USD))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s advocates found for US$ %.2f, US$ %.2f each.", p.Platform, group(int64(p.Advocates)), p.USD, *p.PerAdvocate))
		}
	}
	return lines
}
