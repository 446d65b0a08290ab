package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

// viewFlags are the command line of views.
type viewFlags struct {
	rankFlags
	rivals []string
	words  string
}

func (a *app) viewsCommand() *cobra.Command {
	var f viewFlags
	cmd := &cobra.Command{
		Use:   "views BRAND [VIEW]",
		Short: "Who is rising, cooling down, defending, answering, new …?",
		Long: `Lists the people of a view with the reason why each is in it, and says why
nobody is in an empty one. Without VIEW, lists the views. docs/views.md says
how each is computed.`,
		Example: `  adalid views Acme
  adalid views Acme rising --words es
  adalid views Acme rivals --rival "Other brand"
  adalid views Acme critics --until 2026-03-01 --format csv`,
		Args:              args(cobra.RangeArgs(1, 2), "a BRAND and at most one VIEW"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := checkWords(f.words); err != nil {
				return err
			}
			q, err := a.question(&f.rankFlags)
			if err != nil {
				return err
			}
			if len(names) == 1 {
				return a.withBrand(cmd.Context(), names[0], func(*store.Store, adalid.Brand) error { return a.listViews(q.format, f.words) })
			}
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, s *store.Store, b adalid.Brand) error {
				v, _, err := api.Look(ctx, ranker, b, rank.ViewQuery{Query: q.query, Name: rank.ViewName(names[1]), Rivals: f.rivals, Posts: s})
				if err != nil {
					return err
				}
				return a.printView(v, q.format, f.words)
			})
		},
	}
	f.registerFormula(cmd)
	registerWords(cmd, &f.words)
	flags := cmd.Flags()
	flags.StringSliceVar(&f.rivals, "rival", nil, "a competing brand followed here, for the view rivals (default: those of brand edit --rival)")
	flags.IntVar(&f.limit, "limit", 25, "how many people to list; 0 for everybody")
	flags.StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) listViews(format, words string) error {
	list := api.Views()
	if format == "json" {
		return a.printJSON(list)
	}
	if format == "table" {
		for _, v := range list.Items {
			fmt.Fprintf(a.out, "%-11s %s\n", v.Name, in(v.Says, words))
		}
		return nil
	}
	rows := newRows(a.out, format, []string{"view", "shows"})
	for _, v := range list.Items {
		if err := rows.write([]cellValue{v.Name, in(v.Says, words)}); err != nil {
			return err
		}
	}
	return rows.close()
}

func (a *app) printView(v api.View, format, words string) error {
	a.noteDemo(v.Demo, words)
	switch format {
	case "json":
		return a.printJSON(v)
	case "csv":
		return a.viewCSV(v, words)
	}
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintf(a.out, "%s  %s  %s %s\n%s\n\n", p.in(bold, v.Brand), v.Name, phrase(words, "as_of"), asOf(v.Receipt), in(v.Says, words))
	if v.Empty != nil {
		fmt.Fprintln(a.out, in(*v.Empty, words))
	}
	for _, m := range v.Items {
		fmt.Fprintf(a.out, "%4d  %s %s %s  %s\n", *m.Person.Rank, p.in(bold, fit(named(m.Person), 24)), fit(on(m.Person), 10), scored(p, m.Person), m.Person.Segment)
		for _, r := range m.Reasons {
			fmt.Fprintln(a.out, "      "+printable(in(r, words)))
		}
	}
	var notes []string
	if more := v.Total - len(v.Items); more > 0 && len(v.Items) > 0 {
		notes = append(notes, phrase(words, "more", more))
	}
	for _, n := range v.Notes {
		notes = append(notes, in(n, words))
	}
	for _, g := range v.Gaps {
		notes = append(notes, phrase(words, "gap", g.Platform, g.From.Format("2006-01-02 15:04"), g.To.Format("2006-01-02 15:04 UTC")))
	}
	if len(notes) > 0 {
		fmt.Fprintln(a.out, "\n"+p.in(faint, strings.Join(notes, "\n")))
	}
	return nil
}

// scored shows a person's score with its interval.
func scored(p paint, x api.Advocate) string {
	score, between := "     ", ""
	if x.Score.V != nil {
		score = fmt.Sprintf("%5.1f", x.Score.V.Total)
	}
	if s := x.Sure.V; s != nil {
		between = fmt.Sprintf("%.0f–%.0f", s.ScoreLow, s.ScoreHigh)
	}
	return score + " " + p.in(faint, fit(between, 7))
}

func (a *app) viewCSV(v api.View, words string) error {
	w := csv.NewWriter(a.out)
	if err := w.Write([]string{"rank", "brand", "view", "author", "handle", "score", "score_low", "score_high", "segment", "figure", "value", "low", "high", "rival", "words"}); err != nil {
		return err
	}
	for _, m := range v.Items {
		account := m.Person.Accounts[0]
		row := []string{strconv.Itoa(*m.Person.Rank), v.Brand, v.Name, account.Key, text(account.Handle), "", "", "", m.Person.Segment, "", "", "", "", text(m.Rival)}
		if m.Person.Score.V != nil {
			row[5] = number(m.Person.Score.V.Total)
		}
		if s := m.Person.Sure.V; s != nil {
			row[6], row[7] = number(s.ScoreLow), number(s.ScoreHigh)
		}
		if len(m.Figures) > 0 {
			f := m.Figures[0]
			row[9], row[10], row[11], row[12] = f.Name, number(f.Value), optional(f.Low), optional(f.High)
		}
		var said []string
		for _, r := range m.Reasons {
			said = append(said, in(r, words))
		}
		if err := w.Write(append(row, strings.Join(said, " "))); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// voiceFlags are the command line of voice.
type voiceFlags struct {
	window
	format string
}

func (a *app) voiceCommand() *cobra.Command {
	var f voiceFlags
	cmd := &cobra.Command{
		Use:   "voice [BRAND…]",
		Short: "Share of voice and of advocates across brands",
		Long: `Compares brands in one window: mentions, the people who wrote them, and how
many of these are advocates, each with its share. Without BRAND, all that are
not invented. The window ends where the data of all brands reach and is 28 days
long, unless --since and --until say otherwise.`,
		Example: `  adalid voice
  adalid voice Acme "Other brand" --since 2026-01-01 --format csv`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(f.format, "table", "csv", "json")
			if err != nil {
				return err
			}
			cfg, err := a.settings()
			if err != nil {
				return err
			}
			span, err := f.span()
			if err != nil {
				return err
			}
			return a.withData(cmd.Context(), func(s *store.Store) error {
				all, err := s.Brands(cmd.Context())
				if err != nil {
					return err
				}
				v, err := api.CompareVoices(cmd.Context(), a.ranker(cfg, s), all, names, rank.Query{Since: span.Since, Until: span.Until, Platform: span.Platform, Lang: span.Lang})
				if err != nil {
					return err
				}
				return a.printVoice(v, format)
			})
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) printVoice(v api.Voice, format string) error {
	if format == "json" {
		return a.printJSON(v)
	}
	if format == "table" {
		fmt.Fprintf(a.out, "From %s to %s. Who speaks of several brands counts for each.\n\n", v.Since.Format("2006-01-02 15:04"), v.Until.Format("2006-01-02 15:04 UTC"))
	}
	rows := newRows(a.out, format, []string{"brand", "mentions", "mention_share", "people", "people_share", "advocates", "advocate_share"})
	for _, b := range v.Brands {
		var advocates *int64
		if b.Advocates != nil {
			n := int64(*b.Advocates)
			advocates = &n
		}
		if err := rows.write([]cellValue{b.Brand, b.Mentions, share(b.MentionShare, format), b.People, share(b.PeopleShare, format), advocates, share(b.AdvocateShare, format)}); err != nil {
			return err
		}
	}
	if err := rows.close(); err != nil {
		return err
	}
	for _, b := range v.Brands {
		for _, g := range b.Gaps {
			fmt.Fprintf(a.err, "%s, %s: no data from %s to %s\n", b.Brand, g.Platform, g.From.Format("2006-01-02 15:04"), g.To.Format("2006-01-02 15:04 UTC"))
		}
		if b.Advocates == nil {
			fmt.Fprintf(a.err, "%s: too few people or mentions to tell advocates (a ranking needs 30 people and 100 mentions)\n", b.Brand)
		}
	}
	return nil
}

// share writes a part of 1: as a percentage for people, in full for programs.
func share(v *float64, format string) string {
	switch {
	case v == nil:
		return ""
	case format == "csv":
		return number(*v)
	}
	return fmt.Sprintf("%.1f %%", 100**v)
}
