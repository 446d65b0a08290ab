package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/sentiment"
	"adalid/internal/store"
	"adalid/web/api"
)

// correctionsFlags are the command line of corrections.
type correctionsFlags struct {
	limit      int
	format     string
	clear, yes bool
}

func (a *app) sentimentCorrections() *cobra.Command {
	var f correctionsFlags
	cmd := &cobra.Command{
		Use:   "corrections BRAND",
		Short: "What the team has labelled, and what the model learned from it",
		Long: `Tells how many labels of each class there are, whether what they teach is used,
how much it helps as cross-validation on them shows, and lists the labelled
mentions, the newest first.

--format lines writes an ID and a LABEL a line, as correct reads them. --clear
takes all labels back and forgets what was learned from them: every figure is
what it was before the first one. Nothing brings them back but such lines or a
backup, so write them to a file first.`,
		Example: `  adalid sentiment corrections Acme
  adalid sentiment corrections Acme --format lines > labels.txt
  adalid sentiment corrections Acme --clear --yes
  adalid sentiment correct Acme < labels.txt`,
		Args:              args(cobra.ExactArgs(1), "a BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			format, err := a.format(f.format, "table", "lines", "json")
			if err != nil {
				return err
			}
			if f.limit < 0 {
				return adalid.Errorf(adalid.Invalid, "--limit is %d; it cannot be negative, and 0 lists all", f.limit)
			}
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				if f.clear {
					a.doing.name = "sentiment correct" // for the audit log: that is what it does to each
					return a.clearLabels(cmd.Context(), s, b, f.yes)
				}
				return a.corrections(cmd.Context(), s, b, f.limit, format)
			})
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.limit, "limit", 20, "labelled mentions in the table, 0 for all; lines and json hold all")
	flags.StringVar(&f.format, "format", "table", "table, lines or json")
	flags.BoolVar(&f.clear, "clear", false, "take all labels of the brand back; asks for --yes")
	flags.BoolVar(&f.yes, "yes", false, "really take them back")
	return cmd
}

func (a *app) corrections(ctx context.Context, s *store.Store, b adalid.Brand, limit int, format string) error {
	l, err := newLearner(s)
	if err != nil {
		return err
	}
	if format != "table" {
		limit = 0
	}
	c, err := l.Corrections(ctx, b.Name, api.CorrectionQuery{Limit: limit})
	if err != nil {
		return err
	}
	switch format {
	case "json":
		return a.printJSON(api.WireCorrections(b.Name, c))
	case "lines":
		for _, m := range c.Items {
			fmt.Fprintf(a.out, "%s/%s %s\n", m.Platform, m.ID, m.Label)
		}
		return nil
	}
	a.printCorrections(b.Name, c)
	return nil
}

func (a *app) printCorrections(brand string, c api.Corrections) {
	fmt.Fprintf(a.out, "%s: %s, %d positive, %d neutral, %d negative. Model %s.\n", printable(brand), counted(c.Positive+c.Neutral+c.Negative, "label"), c.Positive, c.Neutral, c.Negative, c.Model)
	printLearning(a.out, api.WireCorrections(brand, c).Learned)
	if c.Resting {
		fmt.Fprintf(a.out, "It was learned with another version of the model and rests until the next label, or: adalid sentiment rescore %q\n", brand)
	}
	for _, m := range c.Items {
		model, out := cmp.Or(string(m.Model), unknownLabel), ""
		if m.LeftOut {
			out = " (not about the brand)"
		}
		fmt.Fprintf(a.out, "\n%s  %s/%s  %s, the model says %s%s\n    %s\n", m.At.UTC().Format("2006-01-02 15:04"), m.Platform, printable(m.ID), m.Label, model, out, printable(m.Text))
	}
	if c.Next != "" {
		fmt.Fprintf(a.out, "\nOlder labels are not shown; --limit 0 lists all.\n")
	}
}

// clearLabels takes every label of a brand back, by the way that takes one back.
func (a *app) clearLabels(ctx context.Context, s *store.Store, b adalid.Brand, sure bool) error {
	var labels []store.LabelOf
	err := s.Judged(ctx, b.Name, func(m *store.Judged) error {
		if m.Team != "" {
			labels = append(labels, store.LabelOf{Key: store.Key{Platform: m.Platform, ID: m.ID}})
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(labels) > 0 && !sure:
		return adalid.Errorf(adalid.Invalid, "this takes back %s of %q, which cannot be undone; add --yes to do it (adalid sentiment corrections %q --format lines > labels.txt first keeps them, and adalid sentiment correct reads them again)", counted(len(labels), "label"), b.Name, b.Name)
	}
	return a.relabel(ctx, s, b, labels)
}

// Corrections implements api.Teacher.
func (l *learner) Corrections(ctx context.Context, brand string, q api.CorrectionQuery) (c api.Corrections, err error) {
	c.Model = l.model.Version()
	if err = l.learned(ctx, brand, &c); err != nil {
		return c, err
	}
	err = l.store.Judged(ctx, brand, func(m *store.Judged) error {
		if m.Team != "" {
			c.Items = append(c.Items, api.CorrectedMention{AuditItem: shownItem(m), Label: m.Team, Model: m.Tone, By: m.TeamBy, At: m.TeamAt, LeftOut: m.LeftOut})
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	for _, m := range c.Items {
		switch m.Label {
		case adalid.Positive:
			c.Positive++
		case adalid.Negative:
			c.Negative++
		default:
			c.Neutral++
		}
	}
	slices.SortFunc(c.Items, newerLabel)
	return c, cutCorrections(&c, q)
}

// learned adds what was learned from a brand's labels and whether it is used.
func (l *learner) learned(ctx context.Context, brand string, c *api.Corrections) error {
	stored, err := l.store.Lessons(ctx, brand)
	if err != nil {
		return err
	}
	m := stored.Kind(store.LearnedSentiment)
	if m == nil {
		c.Effect = sentiment.Effect{Why: nothingLabelled}
		return nil
	}
	if err := json.Unmarshal(m.Report, &c.Effect); err != nil {
		return fmt.Errorf("read the effect of corrections: %w", err)
	}
	c.Learned = m.Made
	_, c.Resting, err = l.residual(m)
	c.InUse = m.InUse && !c.Resting
	return err
}

// newerLabel orders labels by time, the newest first, then by platform and id.
func newerLabel(a, b api.CorrectedMention) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.ID, b.ID))
}

// cutCorrections leaves the page that is asked for. A page begins behind a label,
// so that labels given or taken back meanwhile move nothing.
func cutCorrections(c *api.Corrections, q api.CorrectionQuery) error {
	if q.After != "" {
		last, err := placeOf(q.After)
		if err != nil {
			return err
		}
		from, _ := slices.BinarySearchFunc(c.Items, last, func(m, last api.CorrectedMention) int {
			return cmp.Or(newerLabel(m, last), -1) // behind it
		})
		c.Items = c.Items[from:]
	}
	if q.Limit > 0 && len(c.Items) > q.Limit {
		c.Items = c.Items[:q.Limit]
		last := c.Items[q.Limit-1]
		c.Next = fmt.Sprintf("%d/%s/%q", last.At.Unix(), last.Platform, last.ID)
	}
	return nil
}

func placeOf(next string) (m api.CorrectedMention, err error) {
	if parts := strings.SplitN(next, "/", 3); len(parts) == 3 {
		at, notTime := strconv.ParseInt(parts[0], 10, 64)
		id, notID := strconv.Unquote(parts[2]) // quoted: an id may hold anything, a cursor no control characters
		if notTime == nil && notID == nil {
			m.At, m.Platform, m.ID = time.Unix(at, 0), adalid.Platform(parts[1]), id
			return m, nil
		}
	}
	return m, adalid.Errorf(adalid.Invalid, "no page ended at %q; begin with the first", next)
}
