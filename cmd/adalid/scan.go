package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/scan"
	"adalid/internal/store"
	"adalid/web/api"
)

type scanFlags struct {
	platforms []string
	since     string
	watch     bool
	estimate  bool
}

func (a *app) scanCommand() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan BRAND",
		Short: "Read new mentions of a brand from its live sources now",
		Long: `Reads what is new at every source of the brand: those that need no key, and
those added with "adalid source add". Each goes on where the last scan left it;
Ctrl-C loses nothing. A source that refuses stops none of the others.`,
		Example: `  adalid scan "Café Lumbre"
  adalid scan "Café Lumbre" --platform mastodon --since 30d
  adalid scan "Café Lumbre" --estimate`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			since, err := a.sinceFlag(f.since)
			if err != nil {
				return err
			}
			err = a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				o := scan.Order{Brand: b.Name, Only: f.platforms, Since: since, Stream: f.watch}
				if f.estimate {
					return a.estimate(cmd.Context(), s, o)
				}
				return a.scan(cmd.Context(), s, o)
			})
			if f.estimate {
				return err
			}
			return stopped(cmd.Context(), err, goesOn)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.platforms, "platform", nil, "only these platforms or sources")
	flags.StringVar(&f.since, "since", "", "how far back the first scan of a source reaches: a date, a time, or 30d (default: what the source says)")
	flags.BoolVar(&f.estimate, "estimate", false, "tell what a scan would read and cost at most, and read nothing")
	flags.BoolVar(&f.watch, "watch", false, "go on with what appears, where a source can, until Ctrl-C")
	return cmd
}

// scan reads a brand's sources with one line for each.
func (a *app) scan(ctx context.Context, s *store.Store, o scan.Order) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	board := a.newBoard()
	live, client, err := a.live(cfg, s, listener{progress: board.show})
	if err != nil {
		return err
	}
	defer client.Close()
	result, err := live.Scan(ctx, o)
	board.done(result)
	if err != nil {
		return err
	}
	if err := a.reportScan(ctx, s, result); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case result.State == scan.Failed:
		return adalid.Errorf(adalid.Unavailable, "%s", result.Reason)
	}
	return nil
}

// reportScan tells what the month cost so far and answers scripts. It does so
// for a scan that was stopped too.
func (a *app) reportScan(ctx context.Context, s *store.Store, result scan.Result) error {
	spent, err := a.spending(context.WithoutCancel(ctx), s, result.Brand, a.now())
	if err != nil {
		return err
	}
	records, err := s.Wholes(context.WithoutCancel(ctx), result.Brand, result.ID, 1)
	if err != nil {
		return err
	}
	for _, l := range records[0].Legs {
		if l.EstimatedPosts != nil {
			fmt.Fprintln(a.err, foreseenLine(l))
		}
	}
	if len(spent.Platforms) > 0 {
		fmt.Fprintln(a.err, total(spent))
		for _, line := range perAdvocate(spent) {
			fmt.Fprintln(a.err, line)
		}
	}
	if !a.json {
		return nil
	}
	answer := scanAnswer(result, records[0].Legs)
	answer.Spending = spent
	return a.printJSON(answer)
}

// sinceFlag reads a date, a time, or a number of days.
func (a *app) sinceFlag(text string) (time.Time, error) {
	var days int
	if n, err := fmt.Sscanf(text, "%dd", &days); n == 1 && err == nil && strings.HasSuffix(text, "d") && days > 0 {
		return a.now().UTC().AddDate(0, 0, -days), nil
	}
	return parseTime("--since", text, 0)
}

type scannedSource struct {
	Source     string     `json:"source"`
	State      scan.State `json:"state"`
	Reason     string     `json:"reason,omitempty"`
	Fix        string     `json:"fix,omitempty"`
	Until      *time.Time `json:"until,omitempty"`
	Pages      int64      `json:"pages"`
	Read       int64      `json:"read"`
	New        int64      `json:"new"`
	Changed    int64      `json:"changed"`
	Repeated   int64      `json:"repeated"`
	Suppressed int64      `json:"suppressed"`
	Other      int64      `json:"other"` // not about the brand
	Gone       int64      `json:"gone"`
	Warnings   []string   `json:"warnings,omitempty"`
	SpentUSD   float64    `json:"spent_usd"`

	EstimatedPosts *int64   `json:"estimated_posts"` // at most, by its own word beforehand; null: it was not asked
	EstimatedUSD   *float64 `json:"estimated_usd"`
}

type scanned struct {
	ID      int64           `json:"id"`
	Brand   string          `json:"brand"`
	State   scan.State      `json:"state"`
	Reason  string          `json:"reason,omitempty"`
	Sources []scannedSource `json:"sources"`

	Spending api.SpendingReport `json:"spending"` // of the brand's month so far
}

func scanAnswer(r scan.Result, legs []scan.LegRecord) scanned {
	out := scanned{ID: r.ID, Brand: r.Brand, State: r.State, Reason: r.Reason, Sources: []scannedSource{}}
	for _, s := range r.Standings {
		x := scannedSource{
			Source: s.Source, State: s.State, Reason: s.Reason, Fix: s.Fix, Pages: s.Report.Pages, Read: s.Report.Rows,
			New: s.Report.Saved.New, Changed: s.Report.Saved.Changed, Repeated: s.Report.Saved.Repeated, Suppressed: s.Report.Saved.Suppressed,
			Other: s.Report.Unmatched, Gone: s.Report.Gone, Warnings: s.Report.Warnings,
		}
		if !s.Until.IsZero() {
			x.Until = &s.Until
		}
		for _, l := range legs {
			if l.Source == s.Source {
				x.SpentUSD = float64(l.Micros) / 1e6
				x.EstimatedPosts, x.EstimatedUSD = l.EstimatedPosts, dollars(l.EstimatedMicros)
			}
		}
		out.Sources = append(out.Sources, x)
	}
	return out
}

// foreseenLine sets what a source said beforehand against what was read.
func foreseenLine(l scan.LegRecord) string {
	cost := ""
	if l.EstimatedMicros != nil {
		cost = fmt.Sprintf(" for US$ %.2f", float64(*l.EstimatedMicros)/1e6)
	}
	return fmt.Sprintf("%s: at most %s posts%s were to be expected; %s were read for US$ %.2f.",
		l.Source, group(*l.EstimatedPosts), cost, group(l.Rows), float64(l.Micros)/1e6)
}

// scanLine tells in one line how a source stands.
func scanLine(s scan.Standing) string {
	r := s.Report
	line := fmt.Sprintf("%-14s ", s.Source)
	switch s.State {
	case scan.Running:
		line += "reading"
		if e := s.Estimate; e != nil && e.Posts != nil {
			line += fmt.Sprintf(" at most %s posts", group(*e.Posts))
		}
		line += ": "
	case scan.Done:
		line += "done: "
	case scan.Paused:
		line += fmt.Sprintf("waits until %s (%s): ", s.Until.UTC().Format("2006-01-02 15:04 UTC"), s.Reason)
	default:
		line += string(s.State) + ": " + s.Reason
		if s.Fix != "" {
			line += "; " + s.Fix
		}
		if r.Pages == 0 {
			return line
		}
		line += ": "
	}
	line += fmt.Sprintf("%s new, %s known, %s about something else", group(r.Saved.New), group(r.Saved.Changed+r.Saved.Repeated), group(r.Unmatched))
	if r.Saved.Suppressed > 0 {
		line += fmt.Sprintf(", %s of people who were erased: not stored", group(r.Saved.Suppressed))
	}
	if r.Gone > 0 {
		line += fmt.Sprintf(", %s taken out because they are gone", group(r.Gone))
	}
	return line
}
