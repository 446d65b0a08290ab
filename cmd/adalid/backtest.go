package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/backtest"
	"adalid/internal/store"
	"adalid/web/api"
)

// backtestFlags are the command line of backtest.
type backtestFlags struct {
	rankFlags
	at string
	k  int
}

func (a *app) backtestCommand() *cobra.Command {
	var f backtestFlags
	cmd := &cobra.Command{
		Use:   "backtest BRAND",
		Short: "How good is the ranking?",
		Long: `Ranks people by what was known at a moment in the past and looks at what they
did next: who posted again, who recommended the brand again, who got most
engagement and most people to react. Beside it stand lists by followers, by
mentions, by engagement and by chance, with 95 % intervals. Where a brand has
too little history, all brands are tested together.`,
		Example: `  adalid backtest "Café Lumbre"
  adalid backtest "Café Lumbre" --at 2026-03-01 --k 20
  adalid backtest "Café Lumbre" --preset steady --json`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			cfg, err := a.settings()
			if err != nil {
				return err
			}
			q, err := f.query()
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				all, err := s.Brands(cmd.Context())
				if err != nil {
					return err
				}
				t, err := api.RunBacktest(cmd.Context(), a.ranker(cfg, s), b, all, q)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(t)
				}
				return a.printBacktest(t)
			})
		},
	}
	f.registerFormula(cmd)
	cmd.Flags().StringVar(&f.at, "at", "", "the moment up to which the ranking may know anything; a date alone means its last second (default: where half of the mentions had been written)")
	cmd.Flags().IntVar(&f.k, "k", 50, "length of the list that is judged")
	return cmd
}

func (f *backtestFlags) query() (backtest.Query, error) {
	q := backtest.Query{K: f.k}
	if f.k < 1 {
		return q, adalid.Errorf(adalid.Invalid, "--k is a number from 1 up")
	}
	var err error
	if q.At, err = parseTime("--at", f.at, 24*time.Hour-time.Second); err != nil {
		return q, err
	}
	q.Rank, err = f.rankFlags.query()
	return q, err
}

func (a *app) printBacktest(t api.Backtest) error {
	if t.Demo {
		fmt.Fprintln(a.err, "Invented brand: nobody in it exists.")
	}
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintln(a.out, p.in(bold, t.Brand)+period(t))
	if err := a.printTargets(t.Words, t.Targets, t.K, t.Candidates); err != nil || t.Pooled.V == nil {
		return err
	}
	all := t.Pooled.V
	fmt.Fprintf(a.out, "\n%s\n", p.in(bold, "Brands with enough people to rank, together: "+strings.Join(all.Brands, ", ")))
	return a.printTargets(all.Words, all.Targets, all.K, all.Candidates)
}

func period(t api.Backtest) string {
	if t.At == nil || t.End == nil {
		return ""
	}
	return fmt.Sprintf("  ranked as of %s, compared with what came until %s", t.At.Format("2006-01-02 15:04 UTC"), t.End.Format("2006-01-02 15:04 UTC"))
}

// headings say what was looked at.
var headings = map[string]string{
	backtest.Returned:    "posted again",
	backtest.Recommended: "recommended the brand again",
	backtest.Engaged:     "engagement in the top tenth",
	backtest.Listened:    "people reacting, in the top tenth",
}

func (a *app) printTargets(words []api.Said, targets []api.BacktestTarget, k, candidates int) error {
	for _, w := range words {
		fmt.Fprintln(a.out, w.EN)
	}
	for _, t := range targets {
		fmt.Fprintf(a.out, "\n%s: %s of %s people\n", headings[t.Name], group(int64(t.Achieved)), group(int64(candidates)))
		if t.Achieved == 0 {
			continue
		}
		w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintf(w, "order\tof %d\tprecision\t95 %%\tnDCG\t95 %%\tranking ahead by\t\n", min(k, candidates))
		for _, o := range t.Orders {
			fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f–%.2f\t%.2f\t%.2f–%.2f\t%s\t\n", o.Order, o.Hits,
				o.Precision.Value, o.Precision.Low, o.Precision.High, o.NDCG.Value, o.NDCG.Low, o.NDCG.High, ahead(o))
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func ahead(o api.BacktestOrder) string {
	if o.Ahead.V == nil {
		return ""
	}
	return fmt.Sprintf("%+.2f (%+.2f to %+.2f)", o.Ahead.V.Value, o.Ahead.V.Low, o.Ahead.V.High)
}
