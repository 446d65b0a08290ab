package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
)

func (a *app) sentimentRescore() *cobra.Command {
	return &cobra.Command{
		Use:   "rescore BRAND",
		Short: "Judge a brand's stored mentions anew, as after an update with another model",
		Long: `Asks the model of this program, with what the team's corrections teach it, how
every stored mention speaks of the brand, and brings sentiment and every figure
that rests on it in line. Labels of the team still win. Mentions that were
imported without sentiment stay so. One that is cut short, also with Ctrl-C,
loses nothing: the next one goes on where it was.`,
		Example: `  adalid sentiment rescore Acme`,
		Args:    args(cobra.ExactArgs(1), "a BRAND"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				return a.rescore(cmd.Context(), s, b)
			})
		},
	}
}

// rescored is what rescore answers.
type rescored struct {
	Brand    string `json:"brand"`
	Mentions int64  `json:"mentions"` // looked at, by this call
	Changed  int64  `json:"changed"`  // whose sentiment is another one now
	Turned   int64  `json:"turned"`   // of these: of another class
}

// rescoreTold is after how many mentions it is told how far it is.
const rescoreTold = 100_000

func (a *app) rescore(ctx context.Context, s *store.Store, b adalid.Brand) error {
	l, err := newLearner(s)
	if err != nil {
		return err
	}
	if _, err := l.refit(ctx, b.Name); err != nil { // what was learned holds for one model
		return err
	}
	told := int64(0)
	n, err := l.rescore(ctx, b.Name, func(done int64) {
		if done-told >= rescoreTold {
			told = done
			fmt.Fprintf(a.err, "%s mentions judged anew\n", group(done))
		}
	})
	if err != nil {
		return err
	}
	out := rescored{Brand: b.Name, Mentions: n.Mentions, Changed: n.Changed, Turned: n.Turned}
	if a.json {
		return a.printJSON(out)
	}
	fmt.Fprintf(a.out, "%s looked at, %s of another sentiment now, %s of another class.\n", counted(int(out.Mentions), "mention"), group(out.Changed), group(out.Turned))
	return nil
}
