package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/scan"
	"adalid/internal/store"
)

type scheduleFlags struct {
	cron, zone string
	monthly    float64
	off        bool
}

func (a *app) brandSchedule() *cobra.Command {
	var f scheduleFlags
	cmd := &cobra.Command{
		Use:   "schedule NAME",
		Short: "Show or change when a brand is scanned by itself (adalid serve runs it)",
		Example: `  adalid brand schedule "Café Lumbre" --cron "0 7 * * *" --zone Europe/Madrid
  adalid brand schedule "Café Lumbre" --off`,
		Args:              args(cobra.ExactArgs(1), "one NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				switch {
				case f.off:
					if err := s.RemoveSchedule(cmd.Context(), b.Name); err != nil {
						return err
					}
				case cmd.Flags().NFlag() > 0 && (cmd.Flags().Changed("cron") || cmd.Flags().Changed("zone") || cmd.Flags().Changed("monthly-usd")):
					if err := a.setSchedule(cmd, s, b.Name, f); err != nil {
						return err
					}
				}
				return a.showSchedule(cmd.Context(), s, b.Name)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.cron, "cron", "", "five fields (minute hour day month weekday), or @hourly, @daily, @every 6h")
	flags.StringVar(&f.zone, "zone", "", "time zone of the schedule, such as Europe/Madrid (default: UTC)")
	flags.Float64Var(&f.monthly, "monthly-usd", 0, "what the brand may cost in a calendar month over all sources")
	flags.BoolVar(&f.off, "off", false, "scan it only on request")
	return cmd
}

func (a *app) setSchedule(cmd *cobra.Command, s *store.Store, brand string, f scheduleFlags) error {
	p, _, err := planOf(cmd.Context(), s, brand)
	if err != nil {
		return err
	}
	if cmd.Flags().Changed("cron") {
		p.Spec = f.cron
	}
	if cmd.Flags().Changed("zone") {
		p.Zone = f.zone
	}
	if p.Spec == "" {
		return adalid.Errorf(adalid.Invalid, "say when: --cron \"0 7 * * *\" is every day at 7:00")
	}
	if cmd.Flags().Changed("monthly-usd") {
		micros := int64(f.monthly*1e6 + .5)
		p.Monthly = &micros
	}
	schedule, err := scan.NewSchedule(p.Spec, p.Zone)
	if err != nil {
		return err
	}
	p.Brand, p.Spec = brand, schedule.Spec
	p.At, p.Run = schedule.Next(a.now())
	return s.SetSchedule(cmd.Context(), p)
}

// planOf gives a brand's schedule, false when it has none.
func planOf(ctx context.Context, s *store.Store, brand string) (scan.Plan, bool, error) {
	plans, err := s.Plans(ctx, time.Time{})
	if err != nil {
		return scan.Plan{}, false, err
	}
	for _, p := range plans {
		if p.Brand == brand {
			return p, true, nil
		}
	}
	return scan.Plan{}, false, nil
}

type shownSchedule struct {
	Brand   string      `json:"brand"`
	Cron    *string     `json:"cron"`
	Zone    string      `json:"zone,omitempty"`
	Monthly *float64    `json:"monthly_usd"`
	Next    []time.Time `json:"next"`
}

// shownRuns is how many of the next runs are told.
const shownRuns = 5

func (a *app) showSchedule(ctx context.Context, s *store.Store, brand string) error {
	p, scheduled, err := planOf(ctx, s, brand)
	if err != nil {
		return err
	}
	out := shownSchedule{Brand: brand, Next: []time.Time{}}
	zone := time.UTC
	if scheduled {
		schedule, err := scan.NewSchedule(p.Spec, p.Zone)
		if err != nil {
			return err
		}
		if zone, err = time.LoadLocation(p.Zone); err != nil {
			return fmt.Errorf("time zone of brand %q: %w", brand, err)
		}
		out.Cron, out.Zone, out.Monthly = &p.Spec, zone.String(), dollars(p.Monthly)
		for at := p.At; len(out.Next) < shownRuns; at, _ = schedule.Next(at) {
			out.Next = append(out.Next, at)
		}
	}
	if a.json {
		return a.printJSON(out)
	}
	if !scheduled {
		fmt.Fprintf(a.out, "%s is scanned only on request. Every day at 7:00: adalid brand schedule %q --cron \"0 7 * * *\"\n", brand, brand)
		return nil
	}
	fmt.Fprintf(a.out, "%s is scanned at %q in %s while adalid serve runs. The next times:\n", brand, p.Spec, out.Zone)
	for _, at := range out.Next {
		fmt.Fprintf(a.out, "  %s\n", at.In(zone).Format("Mon 2006-01-02 15:04 MST"))
	}
	return nil
}
