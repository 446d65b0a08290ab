package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/identity"
	"adalid/internal/store"
	"adalid/web/api"
)

// The columns are a stable contract; new ones go to the end.
var (
	identityColumns     = []string{"brand", "a", "b", "a_name", "b_name", "confidence", "level", "reasons", "a_id", "b_id"}
	identityLinkColumns = []string{"brand", "a", "b", "decision", "confidence", "reasons", "by", "at", "a_id", "b_id"}
)

// identityFlags say what of identities is shown and how.
type identityFlags struct {
	format, lang string
	least        float64
	limit        int
}

func (f *identityFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.format, "format", "table", "table, csv or json")
	cmd.Flags().StringVar(&f.lang, "lang", "en", "language of the reasons: en or es")
}

func (a *app) identityCommand() *cobra.Command {
	var f identityFlags
	cmd := &cobra.Command{
		Use:   "identity BRAND",
		Short: "Which accounts on different platforms are one person's?",
		Long: `Suggests pairs of accounts that are likely one person's, with reasons, from
public profiles alone: links, handles, names and biographies. Nothing is joined
before somebody accepts; who is joined is ranked as one person, and undo takes
it back. It is a suspicion with reasons, not a verdict: see docs/identity.md.`,
		Example: `  adalid identity Acme
  adalid identity Acme --min-confidence 0.75 --lang es
  adalid identity accept Acme x/ann mastodon/ann@example.social
  adalid identity links Acme`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			if !(f.least >= 0 && f.least <= 1) { // NaN is neither
				return adalid.Errorf(adalid.Invalid, "--min-confidence is %v; it is a chance from 0 to 1", f.least)
			}
			if f.limit < 1 {
				return adalid.Errorf(adalid.Invalid, "--limit is %d; a list has at least one line", f.limit)
			}
			return a.identityRows(cmd.Context(), names[0], f, identityColumns, suggestedRows)
		},
	}
	f.register(cmd)
	cmd.Flags().Float64Var(&f.least, "min-confidence", identity.Least, "least chance of being one person's; nothing below 0.1 is suggested")
	cmd.Flags().IntVar(&f.limit, "limit", 100, "most suggestions")
	cmd.AddCommand(
		a.identityDecide("accept", "Say that two accounts are one person's", true),
		a.identityDecide("reject", "Say that two accounts are not one person's; they are not suggested again", false),
		a.identityUndo(), a.identityLinks(),
	)
	return cmd
}

// identityRows opens the brand and writes what make gives.
func (a *app) identityRows(ctx context.Context, brand string, f identityFlags, columns []string,
	write func(context.Context, *identities, string, identityFlags, func([]cellValue) error) error,
) error {
	format, err := a.format(f.format, "table", "csv", "json")
	if err != nil {
		return err
	}
	if f.lang != "en" && f.lang != "es" {
		return adalid.Errorf(adalid.Invalid, "--lang is %q; it can be en or es", f.lang)
	}
	return a.withBrand(ctx, brand, func(s *store.Store, b adalid.Brand) error {
		a.noteDemo(b.Demo, f.lang)
		shown, n := columns, 0
		shape := func(cells []cellValue) []cellValue { return cells }
		switch format {
		case "csv":
			shape = joinReasons
		case "table":
			shown = slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(underPair, c) })
			shape = func(cells []cellValue) []cellValue { return pairCells(columns, cells) }
		}
		rows := newRows(a.out, format, shown)
		err := write(ctx, newIdentities(s), b.Name, f, func(cells []cellValue) error {
			n++
			return rows.write(shape(cells))
		})
		if err != nil {
			return err
		}
		if n == 0 {
			fmt.Fprintln(a.err, "There is nothing to list.")
		}
		return rows.close()
	})
}

func suggestedRows(ctx context.Context, i *identities, brand string, f identityFlags, row func([]cellValue) error) error {
	found, err := i.SuggestIdentities(ctx, brand, f.least)
	if err != nil {
		return err
	}
	for _, s := range found[:min(f.limit, len(found))] {
		err := row([]cellValue{
			brand, accountName(s.A), accountName(s.B), s.A.Name, s.B.Name, hundredths(s.Confidence), string(identity.LevelOf(s.Confidence)),
			said(s.Reasons, f.lang), s.A.ID, s.B.ID,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// hundredths rounds a confidence for a table: more is more than anybody knows.
func hundredths(confidence float64) float64 { return math.Round(confidence*100) / 100 }

// confidenceOf is how sure a link was when it was decided; nothing where nobody
// reckoned it.
func confidenceOf(c *float64) cellValue {
	if c == nil {
		return ""
	}
	return hundredths(*c)
}

func linkRows(ctx context.Context, i *identities, brand string, f identityFlags, row func([]cellValue) error) error {
	list, err := i.Identities(ctx, brand, "")
	if err != nil {
		return err
	}
	for _, d := range list {
		err := row([]cellValue{
			brand, accountName(d.A), accountName(d.B), api.WireDecision(&d).Decision, confidenceOf(d.Confidence), said(d.Reasons, f.lang),
			d.By, d.At, d.A.ID, d.B.ID,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// accountName names an account so that accept, reject and undo understand it.
func accountName(a identity.Account) string {
	name := a.Handle
	if name == "" {
		name = a.Key
	}
	return string(a.Platform) + "/" + name
}

// saidReason is a reason with its sentence.
type saidReason struct {
	identity.Reason
	Text string `json:"text"`
}

func said(reasons []identity.Reason, lang string) []saidReason {
	list := make([]saidReason, len(reasons))
	for i, r := range reasons {
		list[i] = saidReason{r, r.Say(lang)}
	}
	return list
}

// weighedReasons are reasons one by one, each with its weight.
func weighedReasons(reasons []saidReason) sentences {
	texts := make(sentences, len(reasons))
	for i, r := range reasons {
		texts[i] = fmt.Sprintf("%s (%+.2f)", r.Text, r.Weight)
	}
	return texts
}

// joinReasons makes a text of the reasons among the cells of a row.
func joinReasons(cells []cellValue) []cellValue {
	for i, c := range cells {
		if reasons, is := c.([]saidReason); is {
			cells[i] = weighedReasons(reasons)
		}
	}
	return cells
}

// underPair are the columns that a table shows under the row, as names, ids and
// reasons in full make no row that fits on a screen; the brand is what was asked
// for.
var underPair = []string{"brand", "a_name", "b_name", "a_id", "b_id"}

// pairCells are the cells of a row with what stands under it in one of them.
func pairCells(columns []string, cells []cellValue) []cellValue {
	var row []cellValue
	var why sentences
	under, place := map[string]string{}, 0
	for i, c := range cells {
		reasons, is := c.([]saidReason)
		switch {
		case is:
			why, place = weighedReasons(reasons), len(row)
			row = append(row, nil)
		case slices.Contains(underPair, columns[i]):
			under[columns[i]] = cellText(c)
		default:
			row = append(row, c)
		}
	}
	row[place] = append(sentences{byID(under["a_name"], under["a_id"]) + " and " + byID(under["b_name"], under["b_id"])}, why...)
	return row
}

// byID names somebody by name, where there is one, and id.
func byID(name, id string) string {
	if name == "" {
		return id
	}
	return name + " (" + id + ")"
}

func (a *app) identityDecide(use, short string, accepted bool) *cobra.Command {
	return &cobra.Command{
		Use:   use + " BRAND ACCOUNT ACCOUNT",
		Short: short,
		Long: short + `.

An account is named by its id in the suggestions, or as platform/handle or
platform:handle. Who
decided, when, the reasons and the confidence of this moment are kept beside
the decision. An account of X is joined with one elsewhere only where public
profiles give a reason.`,
		Example:           "  adalid identity " + use + " Acme x/ann mastodon/ann@example.social",
		Args:              args(cobra.ExactArgs(3), "a BRAND and two accounts"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				d, err := newIdentities(s).DecideIdentity(cmd.Context(), b.Name, [2]string(names[1:]), accepted, a.whoever())
				if err != nil {
					return err
				}
				verb := "are"
				if !accepted {
					verb = "are not"
				}
				return a.report(api.WireDecision(&d), "%s and %s %s one person's, says %s; adalid identity undo takes it back.\n",
					printable(accountName(d.A)), printable(accountName(d.B)), verb, printable(d.By))
			})
		},
	}
}

func (a *app) identityUndo() *cobra.Command {
	return &cobra.Command{
		Use:               "undo BRAND ACCOUNT ACCOUNT",
		Short:             "Take a decision about two accounts back",
		Example:           "  adalid identity undo Acme x/ann mastodon/ann@example.social",
		Args:              args(cobra.ExactArgs(3), "a BRAND and two accounts"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				if err := newIdentities(s).UndoIdentity(cmd.Context(), b.Name, [2]string(names[1:])); err != nil {
					return err
				}
				return a.report(map[string]any{"brand": b.Name, "undone": slices.Clone(names[1:])}, "Nothing is decided about %s and %s any more.\n", printable(names[1]), printable(names[2]))
			})
		},
	}
}

func (a *app) identityLinks() *cobra.Command {
	var f identityFlags
	cmd := &cobra.Command{
		Use:               "links BRAND",
		Short:             "What was decided about accounts: by whom, when and on what basis",
		Example:           "  adalid identity links Acme --format csv",
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			return a.identityRows(cmd.Context(), names[0], f, identityLinkColumns, linkRows)
		},
	}
	f.register(cmd)
	return cmd
}
