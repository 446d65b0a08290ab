package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/portfolio"
	"adalid/internal/store"
	"adalid/web/api"
)

// portfolioFlags are the command line of portfolio.
type portfolioFlags struct {
	rankFlags
	options api.PortfolioOptions
}

func (a *app) portfolioCommand() *cobra.Command {
	var f portfolioFlags
	cmd := &cobra.Command{
		Use:   "portfolio BRAND",
		Short: "Which people together reach the most?",
		Long: `Chooses people of the ranking one after the other: always whoever adds most
people that nobody chosen before reaches. Reached are those who were seen to
reply to a person's posts about the brand, to repost, quote or name the person.
The best group is seldom the top of the list, for people who reach the same
audience add little.`,
		Example: `  adalid portfolio "Café Lumbre" --k 10
  adalid portfolio "Café Lumbre" --k 20 --min-score 30 --quota mastodon=5,lang:es=10
  adalid portfolio "Café Lumbre" --since 2026-01-01 --format csv`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			q, err := a.question(&f.rankFlags)
			if err != nil {
				return err
			}
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, _ *store.Store, b adalid.Brand) error {
				p, err := api.ChoosePortfolio(ctx, ranker, b, q.query, f.options)
				if err != nil {
					return err
				}
				return a.printPortfolio(p, q.format)
			})
		},
	}
	f.rankFlags.registerFormula(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.options.Size, "k", 10, "how many people to choose")
	flags.Float64Var(&f.options.Least, "min-score", 0, "only people with at least this score")
	flags.StringSliceVar(&f.options.Quotas, "quota", nil, "at most so many from a platform or with a language: mastodon=3,lang:es=5")
	flags.StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) printPortfolio(p api.Portfolio, format string) error {
	a.noteDemo(p.Demo, "en")
	switch format {
	case "json":
		return a.printJSON(p)
	case "csv":
		return a.portfolioCSV(p)
	}
	a.portfolioTable(p)
	return nil
}

func (a *app) portfolioCSV(p api.Portfolio) error {
	w := csv.NewWriter(a.out)
	if err := w.Write([]string{"pick", "brand", "author", "handle", "rank", "score", "score_low", "score_high", "adds", "already", "reached"}); err != nil {
		return err
	}
	for i, x := range p.Picks {
		account := x.Person.Accounts[0]
		row := []string{strconv.Itoa(i + 1), p.Brand, account.Key, text(account.Handle), strconv.Itoa(*x.Person.Rank), number(x.Person.Score.V.Total), "", ""}
		if s := x.Person.Sure.V; s != nil {
			row[6], row[7] = number(s.ScoreLow), number(s.ScoreHigh)
		}
		for _, n := range []int{x.Adds, x.Already, x.Reached} {
			row = append(row, strconv.Itoa(n))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (a *app) portfolioTable(out api.Portfolio) {
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintf(a.out, "%s  as of %s\n", p.in(bold, out.Brand), asOf(out.Receipt))
	switch {
	case out.TooFew:
		fmt.Fprintln(a.out, "Too few to rank (a ranking needs 30 people and 100 mentions), so nobody is chosen.")
		return
	case len(out.Picks) == 0:
		fmt.Fprintf(a.out, "Nobody of the %s people listed was seen to be replied to, reposted, quoted or named by anybody: there is no audience to choose by.\n", group(int64(out.Candidates)))
		return
	}
	fmt.Fprintf(a.out, "%s of %s people listed were replied to, reposted, quoted or named, by %s in all.\n\n",
		group(int64(out.Heard)), group(int64(out.Candidates)), counted(out.Reachable, "person"))
	fmt.Fprintln(a.out, p.in(faint, fmt.Sprintf("%4s  %-24s %-10s %6s %5s %-7s  %7s %8s %8s", "pick", "person", "platform", "rank", "score", "90 %", "adds", "already", "together")))
	for i, x := range out.Picks {
		fmt.Fprintf(a.out, "%4d  %s %s %6s %s  %7s %8s %8s\n", i+1, p.in(bold, fit(named(x.Person), 24)), fit(on(x.Person), 10),
			group(int64(*x.Person.Rank)), scored(p, x.Person), "+"+group(int64(x.Adds)), group(int64(x.Already)), group(int64(x.Reached)))
	}
	fmt.Fprintln(a.out)
	for _, line := range advice(out) {
		fmt.Fprintln(a.out, line)
	}
}

// advice says what the group is worth beside simpler choices, and where to stop.
func advice(p api.Portfolio) []string {
	lines := append(compared(p), stop(p))
	if p.Complete {
		lines = append(lines, "Nobody else who may be chosen adds anybody.")
	}
	return lines
}

// compared puts the group beside the first of the ranking and those with most
// followers, always as many of each: more people reach more by their number
// alone.
func compared(p api.Portfolio) []string {
	n, c := len(p.Picks), p.Curves
	line := fmt.Sprintf("These %d reach %s people; the first %d of the ranking reach %s", n, group(int64(p.Reached)), n, group(int64(c.First[n-1])))
	known := len(c.Followers)
	switch {
	case known == 0:
		return []string{line + "."}
	case known >= n:
		return []string{fmt.Sprintf("%s, the %d with most followers %s.", line, n, group(int64(c.Followers[n-1])))}
	}
	return []string{line + ".", fmt.Sprintf("Followers are known of only %d of the %s people listed: they reach %s, as many of this group %s.",
		known, group(int64(p.Candidates)), group(int64(c.Followers[known-1])), group(int64(c.Group[known-1])))}
}

// stop says after how many to stop, or what would tell.
func stop(p api.Portfolio) string {
	n := len(p.Picks)
	switch {
	case p.Enough != nil:
		return fmt.Sprintf("After %d people, each new one adds less than 2 %% of those reached already.", *p.Enough)
	case p.Complete:
		return fmt.Sprintf("Each of these %d adds 2 %% or more of those reached already.", n)
	}
	return fmt.Sprintf("Each of these %d adds 2 %% or more of those reached already, so a larger group reaches more. Where to stop: run the same with --k %d.", n, portfolio.Far)
}

// named is how a person of the API is shown.
func named(x api.Advocate) string {
	account := x.Accounts[0]
	return called(text(account.Handle), text(account.Name), account.Key)
}

// on lists where a person of the API has accounts.
func on(x api.Advocate) string {
	names := make([]string, len(x.Accounts))
	for i, account := range x.Accounts {
		names[i] = account.Platform
	}
	return strings.Join(slices.Compact(names), "+")
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func asOf(r api.Receipt) string {
	if r.AsOf == nil {
		return "unknown"
	}
	return r.AsOf.UTC().Format("2006-01-02 15:04 UTC")
}
