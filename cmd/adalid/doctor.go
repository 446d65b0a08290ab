package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/config"
	"adalid/internal/store"
)

// finding is one line of doctor's answer.
type finding struct {
	Check    string         `json:"check"`
	Severity store.Severity `json:"severity"` // ok, warning, error
	Message  string         `json:"message"`
}

func (a *app) doctorCommand() *cobra.Command {
	var full, platforms bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check configuration, database, disk and clock",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := a.examine(cmd.Context(), full, platforms)
			if err := a.printFindings(findings); err != nil {
				return err
			}
			bad := 0
			for _, f := range findings {
				if f.Severity == store.Broken {
					bad++
				}
			}
			if bad > 0 {
				return adalid.Errorf(adalid.Unavailable, "%d of %d checks failed", bad, len(findings))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "compare every roll-up with the mentions (slow on a large database)")
	cmd.Flags().BoolVar(&platforms, "platforms", false, "ask every live source whether it answers and its keys are good")
	return cmd
}

func (a *app) examine(ctx context.Context, full, platforms bool) []finding {
	cfg, err := a.settings()
	if err != nil {
		return []finding{{"configuration", store.Broken, describe(err)}}
	}
	findings := []finding{{"configuration", store.Fine, "valid"}, a.clock()}
	if err := anythingIn(cfg.Data.Dir); err != nil { // no fault before the first import, and none is made of it
		return append(findings, finding{"database", store.Warning, describe(err)})
	}
	err = a.withStore(ctx, func(s *store.Store) error {
		found, err := s.Check(ctx, store.CheckOptions{Whole: full})
		findings = append(findings, asFindings(found)...)
		if err == nil {
			var locked []finding
			locked, err = a.lockedSources(ctx, cfg, s)
			findings = append(findings, locked...)
		}
		if err == nil && platforms {
			var probed []finding
			probed, err = a.probe(ctx, s, nil)
			findings = append(findings, probed...)
		}
		return err
	})
	if err != nil {
		findings = append(findings, finding{"database", store.Broken, cfg.Data.Dir + ": " + describe(err)})
		if found, err := store.Inspect(ctx, cfg.Data.Dir); err == nil { // else the line above says all there is
			findings = append(findings, asFindings(found)...)
		}
	}
	return findings
}

func asFindings(found []store.Finding) []finding {
	out := make([]finding, len(found))
	for i, f := range found {
		out[i] = finding(f)
	}
	return out
}

// clock tells a machine that woke up in 1970 from one whose clock was set.
func (a *app) clock() finding {
	now := a.now().UTC()
	if now.Year() < released {
		return finding{"clock", store.Broken, fmt.Sprintf("%s is before this program was written (%d); set the clock", now.Format(time.RFC3339), released)}
	}
	return finding{"clock", store.Fine, now.Format(time.RFC3339)}
}

const released = 2026

func (a *app) printFindings(findings []finding) error {
	if a.json {
		return a.printJSON(findings)
	}
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	for _, f := range findings {
		mark := map[store.Severity]string{
			store.Fine: p.in(green, "ok     "), store.Warning: p.in(bold, "warning"), store.Broken: p.in(red, "ERROR  "),
		}[f.Severity]
		fmt.Fprintf(a.out, "%s %s: %s\n", mark, f.Check, f.Message)
	}
	return nil
}

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Show and check the configuration"}
	cmd.AddCommand(a.configCheck(), &cobra.Command{
		Use:   "show",
		Short: "Print the commented defaults: the start of a file of your own",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(_ *cobra.Command, _ []string) error {
			if a.json {
				return a.printJSON(map[string]string{"file": "default.yaml", "text": string(config.Default())})
			}
			_, err := a.out.Write(config.Default())
			return err
		},
	})
	return cmd
}

func (a *app) configCheck() *cobra.Command {
	var kind string
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a configuration file: every problem with file, line and column",
		Example: `  adalid config check adalid.yaml
  adalid config check --source youtube youtube.yaml`,
		Args: args(cobra.ExactArgs(1), "one FILE"),
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := a.checkFile(paths[0], kind); err != nil {
				return err
			}
			return a.report(map[string]any{"file": paths[0], "valid": true}, "%s is valid.\n", paths[0])
		},
	}
	cmd.Flags().StringVar(&kind, "source", "", "the file holds the settings of a source of this kind")
	return cmd
}

// checkFile checks the settings of the process, or of a kind of source.
func (a *app) checkFile(path, kind string) error {
	if kind == "" {
		if err := config.Check(path); err != nil {
			return adalid.Errorf(adalid.Invalid, "%v", err)
		}
		return nil
	}
	d, err := a.kindOf(kind)
	if err != nil {
		return err
	}
	settings, err := sourceFile(path)
	if err != nil {
		return err
	}
	if err := d.Check(settings); err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "%s: %v", path, err)
	}
	return nil
}
