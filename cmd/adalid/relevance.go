package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/relevance"
	"adalid/internal/store"
	"adalid/web/api"
)

func (a *app) relevanceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "relevance",
		Short: "Say which mentions are not about the brand; the rest is learned from it",
		Long: `For brands whose name means other things too. Mark some mentions as about the
brand or not; once cross-validation on the marks shows that it helps, a model
leaves out what is not about the brand. Nothing is deleted, and off brings
everything back.`,
	}
	cmd.AddCommand(a.relevanceMark(), a.relevanceSuggest(), a.relevanceStatus(), a.relevanceSwitch(true), a.relevanceSwitch(false))
	return cmd
}

func (a *app) relevanceMark() *cobra.Command {
	var platform string
	var undo bool
	cmd := &cobra.Command{
		Use:   "mark BRAND [ID yes|no]",
		Short: "Say whether mentions are about the brand",
		Long: `Marks one mention, or many: without ID it reads lines of ID and yes or no from
standard input. A mark wins over the model; --undo takes marks back.`,
		Example: `  adalid relevance mark Mango 1764312345678901248 no
  adalid relevance mark Mango --platform x < marks.txt`,
		Args:              args(cobra.RangeArgs(1, 3), "a BRAND, and an ID with yes or no or lines of them on standard input"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			words, err := a.readJudged(given[1:], undo, "yes or no")
			if err != nil {
				return err
			}
			marks := make([]*bool, len(words))
			for i, w := range words {
				about := w.word == "yes"
				if marks[i] = &about; undo {
					marks[i] = nil
				} else if w.word != "yes" && w.word != "no" {
					return adalid.Errorf(adalid.Invalid, "a mark is yes (about the brand) or no, not %q", w.word)
				}
			}
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				keys, err := locate(cmd.Context(), s, b.Name, adalid.Platform(strings.ToLower(platform)), words)
				if err != nil {
					return err
				}
				of := make([]store.MarkOf, len(keys))
				for i, k := range keys {
					of[i] = store.MarkOf{Key: k, About: marks[i]}
				}
				marked, err := s.SetMarks(cmd.Context(), b.Name, of, a.whoever())
				if err != nil {
					return err
				}
				return a.relearnRelevance(cmd.Context(), s, b.Name, marked, nil)
			})
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "platform of the mentions, where their ids do not say it")
	cmd.Flags().BoolVar(&undo, "undo", false, "take marks back; needs no yes or no")
	return cmd
}

// relevanceAnswer is what mark, on and off answer.
type relevanceAnswer struct {
	Brand      string           `json:"brand"`
	Changed    int64            `json:"changed"`
	MarkedOut  int64            `json:"marked_out"`  // by the marks themselves
	MarkedBack int64            `json:"marked_back"` // the same
	LeftOut    int64            `json:"left_out"`    // by the rule
	Returned   int64            `json:"returned"`    // the same
	Off        bool             `json:"off"`
	InUse      bool             `json:"in_use"`
	Effect     relevance.Effect `json:"effect"`
}

// relearnRelevance trains anew, brings the mentions in line and reports.
func (a *app) relearnRelevance(ctx context.Context, s *store.Store, brand string, marked store.Marked, change func(*relevanceReport)) error {
	l, err := newLearner(s)
	if err != nil {
		return err
	}
	report, err := l.refitRelevance(ctx, brand, change)
	if err != nil {
		return err
	}
	n, err := l.apply(ctx, brand)
	if err != nil {
		return err
	}
	out := relevanceAnswer{brand, marked.Changed, marked.LeftOut, marked.Returned, n.LeftOut, n.Returned, report.Off, report.Helps && !report.Off, report.Effect}
	if a.json {
		return a.printJSON(out)
	}
	if change == nil {
		fmt.Fprintf(a.out, "%s changed: %s left out by that, %s back.\n", counted(int(marked.Changed), "mark"), counted(int(marked.LeftOut), "mention"), group(marked.Returned))
	}
	a.printEffect(report)
	fmt.Fprintf(a.out, "The rule leaves out %s now, %s back.\n", counted(int(n.LeftOut), "more mention"), group(n.Returned))
	return nil
}

func (a *app) printEffect(r relevanceReport) {
	fmt.Fprintf(a.out, "%s: %d about the brand, %d not.\n", counted(r.Marks, "mark"), r.About, r.NotAbout)
	if r.Caught+r.Lost > 0 {
		fmt.Fprintf(a.out, "Cross-validated: of the marks that are not about the brand %d of %d would be left out, of the others %d of %d.\n", r.Caught, r.NotAbout, r.Lost, r.About)
	}
	switch {
	case r.Off:
		fmt.Fprintln(a.out, "Switched off: nothing is left out but what is marked.")
	case r.Helps:
		fmt.Fprintf(a.out, "In use: %s.\n", r.Why)
	default:
		fmt.Fprintf(a.out, "Not in use: %s.\n", r.Why)
	}
}

func (a *app) relevanceSwitch(on bool) *cobra.Command {
	use, short := "off", "Leave nothing out but what is marked"
	if on {
		use, short = "on", "Leave out what the model takes for something else, once it helps"
	}
	return &cobra.Command{
		Use: use + " BRAND", Short: short,
		Args: args(cobra.ExactArgs(1), "a BRAND"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				return a.relearnRelevance(cmd.Context(), s, b.Name, store.Marked{}, func(r *relevanceReport) { r.Off = !on })
			})
		},
	}
}

func (a *app) relevanceStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status BRAND", Short: "What was learned from the marks, and whether it is used",
		Args: args(cobra.ExactArgs(1), "a BRAND"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				stored, err := s.Lessons(cmd.Context(), b.Name)
				if err != nil {
					return err
				}
				m := stored.Kind(store.LearnedRelevance)
				report, err := readReport(m)
				if err != nil {
					return err
				}
				if report.Why == "" {
					report.Why = "nothing is marked yet"
				}
				if a.json {
					return a.printJSON(relevanceAnswer{Brand: b.Name, Off: report.Off, InUse: m != nil && m.InUse, Effect: report.Effect})
				}
				a.printEffect(report)
				return nil
			})
		},
	}
}

// suggestions are what suggest answers.
type suggestions struct {
	Brand   string                `json:"brand"`
	Exclude []relevance.Exclusion `json:"exclude"`
	Next    []askedMention        `json:"next"`
}

// askedMention is a mention that a person is asked about.
type askedMention struct {
	Key    string `json:"key"` // platform/id
	URL    string `json:"url"`
	Author string `json:"author"`
	Lang   string `json:"lang"`
	Text   string `json:"text"`
}

func (a *app) relevanceSuggest() *cobra.Command {
	var n int
	cmd := &cobra.Command{
		Use:   "suggest BRAND",
		Short: "Words that the query might exclude, and the mentions worth marking next",
		Args:  args(cobra.ExactArgs(1), "a BRAND"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				l, err := newLearner(s)
				if err != nil {
					return err
				}
				state, err := l.relevanceState(cmd.Context(), b.Name, n)
				if err != nil {
					return err
				}
				out := suggestions{b.Name, state.Exclude, []askedMention{}}
				for _, m := range state.Next {
					out.Next = append(out.Next, askedMention{string(m.Platform) + "/" + m.ID, m.URL, m.Author, m.Lang, m.Text})
				}
				if a.json {
					return a.printJSON(out)
				}
				a.printSuggestions(out)
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&n, "limit", proposed, "mentions to mark next")
	return cmd
}

func (a *app) printSuggestions(s suggestions) {
	for i, e := range s.Exclude {
		if i == 0 {
			fmt.Fprintln(a.out, "The query might exclude:")
		}
		fmt.Fprintf(a.out, "  %-24s removes %d marked as not about the brand and %s without a mark, of which the model takes %d for the brand's\n", e.Query, e.MarkedNot, group(int64(e.Unmarked)), e.Wrong)
	}
	for i, m := range s.Next {
		if i == 0 {
			fmt.Fprintf(a.out, "Marking these teaches most (adalid relevance mark %q ID yes|no):\n", s.Brand)
		}
		fmt.Fprintf(a.out, "  %s\n    %s\n", printable(m.Key), printable(m.Text))
	}
	if len(s.Exclude)+len(s.Next) == 0 {
		fmt.Fprintln(a.out, "There is nothing to mark.")
	}
}

// suggested is how many exclusions are shown; proposed how many mentions to
// mark next, few since asking again after each few teaches more.
const (
	suggested = 8
	proposed  = 4
)

// relevanceState tells what was learned about a brand and what would teach
// more.
func (l *learner) relevanceState(ctx context.Context, brand string, n int) (state api.RelevanceState, err error) {
	b, err := l.store.Brand(ctx, brand)
	if err != nil {
		return state, err
	}
	stored, err := l.store.Lessons(ctx, b.Name)
	if err != nil {
		return state, err
	}
	m := stored.Kind(store.LearnedRelevance)
	report, err := readReport(m)
	if err != nil {
		return state, err
	}
	state.Off, state.InUse = report.Off, m != nil && m.InUse
	e, err := l.evidence(ctx, b)
	if err != nil {
		return state, err
	}
	model, effect := relevance.Train(e.marks, e.pool)
	state.Effect, state.Exclude = effect, relevance.Exclusions(model, e.marks, e.pool, suggested)
	for _, i := range relevance.Propose(e.marks, e.pool, n) {
		state.Next = append(state.Next, shownItem(e.of[i]))
	}
	return state, nil
}

func shownItem(m *store.Judged) api.AuditItem {
	return api.AuditItem{Platform: m.Platform, ID: m.ID, URL: m.URL, Author: m.Author.Handle, Lang: m.Lang, Text: m.Text}
}
