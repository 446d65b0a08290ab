package main

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/scan"
	"adalid/internal/sentiment"
	"adalid/internal/store"
	"adalid/web/api"
)

// reasonsShown is how many reasons explain prints.
const reasonsShown = 12

func (a *app) sentimentExplain() *cobra.Command {
	var f judgeFlags
	var brand, platform string
	limit := reasonsShown
	cmd := &cobra.Command{
		Use:   "explain TEXT|ID",
		Short: "What decided about a text or a stored mention",
		Long: `Judges one text and lists what moved the answer, strongest first. "toward" is
the evidence for positive less that for negative, in logits; with the line for
the rest it sums to the logarithm of their odds.

With --brand it explains a stored mention as it was judged: how it speaks of
the brand, with what the team's corrections teach where that is in use, and it
says first if the team corrected it. An ID is the one that the platform gave the
post; where several platforms have it, write platform/ID or name the platform
with --platform. What is no ID and has more than one word is judged as a text
about the brand.`,
		Example: `  adalid sentiment explain --lang es "no está nada mal"
  adalid sentiment explain --brand Acme x/1764312345678901248
  adalid sentiment explain --brand Acme "left Acme and never looked back"`,
		Args: args(cobra.ExactArgs(1), "a TEXT, or with --brand the ID of a mention"),
		RunE: func(cmd *cobra.Command, given []string) error {
			if limit < 1 {
				return adalid.Errorf(adalid.Invalid, "--limit is %d; it must be at least 1", limit)
			}
			if brand == "" && platform != "" {
				return adalid.Errorf(adalid.Invalid, "--platform is of a stored mention: name its brand with --brand")
			}
			if brand == "" {
				m, err := f.load()
				if err != nil {
					return err
				}
				return a.printExplainedText(m.Explain(given[0], f.lang, f.about(), limit), given[0])
			}
			if f.terms != "" || f.model != "" {
				return adalid.Errorf(adalid.Invalid, "--brand judges by the brand's own terms and model: leave --brand-terms and --model out")
			}
			return a.withBrand(cmd.Context(), brand, func(s *store.Store, b adalid.Brand) error {
				name := api.NamedMention{Platform: adalid.Platform(strings.ToLower(platform)), ID: given[0]}
				return a.explainOfBrand(cmd.Context(), s, b, explaining{name, f.lang, limit})
			})
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&brand, "brand", "", "brand whose stored mention is explained, or towards which a text is judged")
	cmd.Flags().StringVar(&platform, "platform", "", "platform of the mention, where its id does not say it")
	cmd.Flags().IntVar(&limit, "limit", limit, "how many reasons")
	return cmd
}

// explaining is what is to be explained of a brand: a mention, or a text that
// stands in place of its id.
type explaining struct {
	api.NamedMention
	lang  string // of the text
	limit int
}

func (a *app) explainOfBrand(ctx context.Context, s *store.Store, b adalid.Brand, of explaining) error {
	l, err := newLearner(s)
	if err != nil {
		return err
	}
	m, err := s.JudgedMention(ctx, b.Name, of.Platform, of.ID)
	isText := of.Platform == "" && strings.ContainsFunc(strings.TrimSpace(of.ID), unicode.IsSpace)
	if adalid.CodeOf(err) == adalid.NotFound && isText {
		x, err := l.explainer(ctx, b)
		if err != nil {
			return err
		}
		return a.printExplainedText(x.explain(of.ID, of.lang, of.limit), of.ID)
	}
	if err != nil {
		return err
	}
	if of.lang != "" {
		return adalid.Errorf(adalid.Invalid, "--lang is of a text: a stored mention is judged in the language it came with; leave --lang out")
	}
	e, err := l.explain(ctx, b, m, of.limit)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(api.WireExplained(e))
	}
	a.printExplained(b, m, e)
	return nil
}

// brandExplainer explains texts as a brand's mentions are judged.
type brandExplainer struct {
	explain  func(text, lang string, limit int) sentiment.Explanation
	residual bool // what the team's corrections teach is in use
}

func (l *learner) explainer(ctx context.Context, b adalid.Brand) (brandExplainer, error) {
	stored, err := l.store.Lessons(ctx, b.Name)
	if err != nil {
		return brandExplainer{}, err
	}
	adapted, err := l.adapted(stored)
	if err != nil {
		return brandExplainer{}, err
	}
	about, explain := scan.TermsOf(b), l.model.Explain
	if adapted != nil {
		explain = adapted.Explain
	}
	return brandExplainer{func(text, lang string, limit int) sentiment.Explanation {
		return explain(text, lang, about, limit)
	}, adapted != nil}, nil
}

// explain tells what decided about a stored mention.
func (l *learner) explain(ctx context.Context, b adalid.Brand, m *store.Judged, limit int) (api.Explained, error) {
	x, err := l.explainer(ctx, b)
	if err != nil {
		return api.Explained{}, err
	}
	return api.Explained{
		Platform: m.Platform, ID: m.ID, Repost: m.Repost, Net: m.Sentiment, Tone: m.Tone, Team: m.Team,
		Residual: x.residual, Explanation: x.explain(m.Text, m.Lang, limit),
	}, nil
}

// Explain implements api.Teacher.
func (t *teacher) Explain(ctx context.Context, brand string, name api.NamedMention, limit int) (api.Explained, error) {
	b, err := t.store.Brand(ctx, brand)
	if err != nil {
		return api.Explained{}, err
	}
	m, err := t.store.JudgedMention(ctx, brand, name.Platform, name.ID)
	if err != nil {
		return api.Explained{}, err
	}
	return t.explain(ctx, b, m, limit)
}

// unknownWhy says to people why a text has no sentiment.
func unknownWhy(unknown, tag string) string {
	switch unknown {
	case string(sentiment.UnknownLanguage):
		if tag == "" {
			return "its language was not recognised"
		}
		return "its language, " + printable(tag) + ", is not one the model knows"
	case string(sentiment.ForeignLetters):
		return "most of it is in other letters than its language, " + printable(tag)
	case "repost":
		return "it is a repost, and only the original is judged"
	case "unscored":
		return "it was imported without sentiment"
	}
	return "there is nothing to judge, neither a word nor an emoji"
}

func (a *app) printExplained(b adalid.Brand, m *store.Judged, e api.Explained) {
	w := api.WireExplained(e)
	if m.Team != "" {
		fmt.Fprintf(a.out, "corrected by hand: %s, by %s on %s. This wins; what the model says:\n", m.Team, printable(m.TeamBy), m.TeamAt.UTC().Format("2006-01-02"))
	}
	if w.Unknown != nil {
		fmt.Fprintf(a.out, "unknown: %s.\n", unknownWhy(*w.Unknown, e.Explanation.Tag))
	} else {
		a.printReasons(e.Explanation)
		if e.Residual {
			fmt.Fprintln(a.out, "What the team's corrections teach is in use: in brackets, its part.")
		}
	}
	if !w.Current {
		fmt.Fprintf(a.out, "The stored sentiment is an earlier model's: adalid sentiment rescore %q brings it up to date.\n", b.Name)
	}
}

// printReasons prints an answer and what decided.
func (a *app) printReasons(e sentiment.Explanation) {
	s := e.Sentiment
	fmt.Fprintf(a.out, "%s (%s): negative %.2f, neutral %.2f, positive %.2f\n", sentiment.Label(*s), e.Lang, s.Negative, s.Neutral, s.Positive)
	for _, r := range e.Reasons {
		a.printReason(r)
	}
	if e.Rest != (sentiment.Push{}) {
		a.printReason(sentiment.Reason{Text: "everything else", Kind: "rest", Push: e.Rest})
	}
}

func (a *app) printReason(r sentiment.Reason) {
	learned := ""
	if r.Learned != 0 {
		learned = fmt.Sprintf("  (%+.2f)", r.Learned)
	}
	not := ""
	if r.Negated {
		not = "not … "
	}
	fmt.Fprintf(a.out, "  %+6.2f  %-8s  %-7s %s%s%s\n", r.Toward, r.For(), r.Kind, not, printable(r.Text), learned)
}

// printExplainedText prints the explanation of a text that is not stored.
func (a *app) printExplainedText(e sentiment.Explanation, text string) error {
	j := asJudged(sentiment.Judgement{Lang: e.Lang}, text)
	if e.Sentiment != nil {
		j = asJudged(sentiment.Judgement{Sentiment: *e.Sentiment, Known: true, Lang: e.Lang}, text)
	}
	switch {
	case a.json:
		return a.printJSON(struct {
			judged
			Unknown *sentiment.Unknown `json:"unknown"` // why; null: it is known
			Reasons []sentiment.Reason `json:"reasons"`
			Rest    sentiment.Push     `json:"rest"`
		}{j, unknownOf(e), e.Reasons, e.Rest})
	case e.Sentiment == nil:
		hint := ""
		if e.Unknown == sentiment.UnknownLanguage && e.Tag == "" {
			hint = " Give the language with --lang"
		}
		fmt.Fprintf(a.out, "unknown: %s.%s\n", unknownWhy(string(e.Unknown), e.Tag), hint)
	default:
		a.printReasons(e)
	}
	return nil
}

func unknownOf(e sentiment.Explanation) *sentiment.Unknown {
	if e.Unknown == "" {
		return nil
	}
	return &e.Unknown
}
