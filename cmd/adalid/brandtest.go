package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/match"
	"adalid/internal/store"
)

// tested is one text and what the query made of it.
type tested struct {
	Text string `json:"text"`
	match.Explanation
}

func (a *app) brandTest() *cobra.Command {
	var query, platform, lang, author, replyTo string
	var files []string
	var why bool
	cmd := &cobra.Command{
		Use:   "test NAME [TEXT…]",
		Short: "Which of the given texts are about the brand, and why",
		Long: `Tests a brand's query, or the one given by --query, on texts: the arguments,
the lines of --file, or the lines of standard input. What matched is marked.`,
		Example: `  adalid brand test Acme "I love Acme" "pacmen forever"
  adalid brand test Mango --query 'mango -fruit lang:en' --lang en --file texts.txt`,
		Args:              args(cobra.MinimumNArgs(1), "a brand's NAME"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			if err := checkQuery(query); err != nil {
				return err
			}
			var err error
			if lang, err = languageFlag(lang); err != nil {
				return err
			}
			texts, err := a.texts(files, given[1:])
			if err != nil {
				return err
			}
			var brand adalid.Brand
			err = a.withStore(cmd.Context(), func(s *store.Store) error {
				brand, err = brandToTest(cmd.Context(), s, given[0], query)
				return err
			})
			if err != nil {
				return err
			}
			a.showHints(brand.Query)
			results, err := testTexts(brand, texts, match.Doc{
				Lang: lang, Platform: adalid.Platform(platform), Author: author, ReplyTo: strings.ToLower(strings.TrimPrefix(replyTo, "@")),
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(results)
			}
			a.printTested(results, why)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&query, "query", "", "test this query instead of the stored one")
	flags.StringArrayVar(&files, "file", nil, "file with one text per line; may be repeated")
	flags.StringVar(&platform, "platform", "", "platform of the texts")
	flags.StringVar(&lang, "lang", "", "language of the texts")
	flags.StringVar(&author, "from", "", "handle of their author")
	flags.StringVar(&replyTo, "reply-to", "", "handle of the account they answer")
	flags.BoolVar(&why, "why", false, "show how each part of the query fared")
	return cmd
}

// queryError shows where a query is wrong.
func queryError(query string, err error) error {
	syntax := match.AsSyntaxError(err)
	if syntax == nil {
		return err
	}
	return adalid.Errorf(adalid.Invalid, "the query is not understood\n%s", strings.TrimRight(syntax.Render(query), "\n"))
}

func (a *app) showHints(query string) {
	q, err := match.Parse(query)
	if err != nil {
		return // reported by whoever uses the query
	}
	for _, h := range q.Hints() {
		fmt.Fprint(a.err, h.Render(query))
	}
}

func testTexts(brand adalid.Brand, texts []string, about match.Doc) ([]tested, error) {
	matcher, err := match.Compile([]adalid.Brand{brand})
	if err != nil {
		return nil, err
	}
	out := []tested{}
	for _, text := range texts {
		doc := about
		doc.Text = text
		out = append(out, tested{text, matcher.Explain(0, doc)})
	}
	return out, nil
}

func (a *app) printTested(results []tested, why bool) {
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	matched := 0
	for _, r := range results {
		verdict := p.in(faint, "no  ")
		if r.Matched {
			matched++
			verdict = p.in(green, "yes ")
		}
		fmt.Fprintf(a.out, "%s %s\n     %s\n", verdict, marked(p, r.Text, r.Spans), p.in(faint, r.Because))
		if why {
			for _, part := range r.Parts {
				fmt.Fprintf(a.out, "     %s%s %s\n", strings.Repeat("  ", part.Depth), map[bool]string{true: "✓", false: "✗"}[part.Matched],
					strings.TrimSpace(part.Query+"  "+p.in(faint, part.Note)))
			}
		}
	}
	fmt.Fprintf(a.out, "%d of %d texts match.\n", matched, len(results))
}

// marked puts what matched in bold, or in brackets where there are no colours.
func marked(p paint, text string, spans []match.Span) string {
	var out strings.Builder
	at := 0
	for _, s := range spans {
		if s.Start < at {
			continue
		}
		out.WriteString(printable(text[at:s.Start]))
		if p {
			out.WriteString(p.in(bold, printable(text[s.Start:s.End])))
		} else {
			out.WriteString("[" + printable(text[s.Start:s.End]) + "]")
		}
		at = s.End
	}
	out.WriteString(printable(text[at:]))
	return out.String()
}
