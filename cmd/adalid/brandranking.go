package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/scoring"
	"adalid/web/api"
)

// shownChoices is how many earlier choices the terminal lists.
const shownChoices = 10

func (a *app) brandRanking() *cobra.Command {
	var f rankFlags
	var reason string
	var undo, standard bool
	cmd := &cobra.Command{
		Use:   "ranking NAME [--preset P | --weights W] [--blend B] [--reason R]",
		Short: "Show or choose how a brand's people are weighed",
		Long: `What is chosen holds for every list, view, group, explanation and export of the
brand that names no weights, preset or blend itself, in the terminal, the API and the
web app. What is left out is as the settings ranking.preset and ranking.blend say.`,
		Example: `  adalid brand ranking Acme --preset true-fans --reason "We look for people who love it"
  adalid brand ranking Acme --weights affinity=.4,volume=.3,reach=.2,network=.1
  adalid brand ranking Acme --undo`,
		Args:              args(cobra.ExactArgs(1), "one NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			cfg, err := a.settings()
			if err != nil {
				return err
			}
			c := rank.Choice{Reason: strings.TrimSpace(reason), By: account.Local().Mark()}
			chosen := f.preset != "" || f.weights != "" || f.blend != ""
			switch n := count(chosen, undo, standard); {
			case n > 1:
				return adalid.Errorf(adalid.Invalid, "choose weights, --undo or --standard, not several of them")
			case n == 0 && reason != "":
				return adalid.Errorf(adalid.Invalid, "--reason says why something is chosen: give --preset, --weights or --blend too")
			case chosen:
				if c.Weights, err = f.chosenWeights(); err != nil {
					return err
				}
				if f.blend != "" {
					if c.Blend, err = scoring.ParseBlend(f.blend); err != nil {
						return err
					}
				}
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				if undo {
					list, err := s.RankingChoices(cmd.Context(), b.Name, 2)
					if err != nil {
						return err
					}
					switch len(list) {
					case 0:
						return adalid.Errorf(adalid.NotFound, "nothing was chosen for %q that could be undone", b.Name)
					case 2:
						c.Weights, c.Blend = list[1].Weights, list[1].Blend
					}
				}
				if chosen || undo || standard {
					if err := s.ChooseRanking(cmd.Context(), b.Name, c); err != nil {
						return err
					}
				}
				list, err := s.RankingChoices(cmd.Context(), b.Name, shownChoices)
				if err != nil {
					return err
				}
				return a.printChoices(api.WireRanking(b.Name, formulaOf(cfg), list))
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.preset, "preset", "", "balanced, true-fans, far-reach, connectors or steady")
	flags.StringVar(&f.weights, "weights", "", "your own weights, like affinity=.4,volume=.2,reach=.2,network=.2")
	flags.StringVar(&f.blend, "blend", "", "geometric or arithmetic")
	flags.StringVar(&reason, "reason", "", "why, for the history")
	flags.BoolVar(&undo, "undo", false, "put back what stood before the last choice")
	flags.BoolVar(&standard, "standard", false, "go by the server's settings again")
	return cmd
}

func count(all ...bool) (n int) {
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}

func (a *app) printChoices(r api.RankingSettings) error {
	if a.json {
		return a.printJSON(r)
	}
	whose := "the server's settings"
	if r.Own {
		whose = "chosen for the brand"
	}
	fmt.Fprintf(a.out, "weights    %s\nblend      %s\nhalf-life  %v days\n           (%s)\n", weightsLine(r.Weights, r.Preset), r.Blend, r.HalfLife, whose)
	for _, d := range r.History {
		line := "the server's weights"
		if d.Weights != nil {
			line = weightsLine(*d.Weights, d.Preset)
		}
		if d.Blend != nil {
			line += ", " + *d.Blend
		}
		fmt.Fprintf(a.out, "%s  %s  %s", cellText(d.At), printable(d.By), line)
		if d.Reason != nil {
			fmt.Fprintf(a.out, "  %s", printable(*d.Reason))
		}
		fmt.Fprintln(a.out)
	}
	return nil
}

func weightsLine(w api.Weights, preset *string) string {
	line := fmt.Sprintf("affinity %.3g, volume %.3g, reach %.3g, network %.3g", w.Affinity, w.Volume, w.Reach, w.Network)
	if preset != nil {
		line += " (" + *preset + ")"
	}
	return line
}
