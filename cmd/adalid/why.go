package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
	"adalid/web/api"
)

// whyFlags are the command line of why.
type whyFlags struct {
	rankFlags
	versus string
	words  string
}

func (a *app) whyCommand() *cobra.Command {
	var f whyFlags
	cmd := &cobra.Command{
		Use:   "why BRAND PERSON",
		Short: "Why does a person have this score?",
		Long: `Says what each component brings to a person's score, what it was made from,
and which stored posts show it. --versus another person says what makes the
difference: the ratios multiply to that of the scores.

PERSON is an id of a ranking, a handle with or without @, or platform:handle.`,
		Example: `  adalid why Acme @ana
  adalid why Acme mastodon:ana --versus @bob --words es
  adalid why Acme @ana --since 2026-01-01 --json`,
		Args:              args(cobra.ExactArgs(2), "a BRAND and a PERSON"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := checkWords(f.words); err != nil {
				return err
			}
			q, err := a.question(&f.rankFlags)
			if err != nil {
				return err
			}
			return q.of(cmd, names[0], func(ctx context.Context, ranker ranker, s *store.Store, b adalid.Brand) error {
				w, err := api.Explain(ctx, ranker, s, b, q.query, names[1], f.versus)
				if err != nil {
					return err
				}
				return a.printWhy(w, q.format, f.words)
			})
		},
	}
	f.registerFormula(cmd)
	registerWords(cmd, &f.words)
	cmd.Flags().StringVar(&f.versus, "versus", "", "another person to compare with, named alike")
	cmd.Flags().StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

// registerWords adds the flag for the language of sentences; --lang filters
// mentions.
func registerWords(cmd *cobra.Command, words *string) {
	cmd.Flags().StringVar(words, "words", "en", "language of the sentences: en or es")
}

func checkWords(words string) error {
	if words != "en" && words != "es" {
		return adalid.Errorf(adalid.Invalid, "--words is %q; it can be en or es", words)
	}
	return nil
}

// in gives a sentence in the language asked for.
func in(s api.Said, words string) string {
	if words == "es" {
		return s.ES
	}
	return s.EN
}

// noteDemo says on stderr that people are invented.
func (a *app) noteDemo(demo bool) {
	if demo {
		fmt.Fprintln(a.err, "Invented brand: nobody in this list exists.")
	}
}

func (a *app) printWhy(w api.Why, format, words string) error {
	a.noteDemo(w.Demo)
	switch format {
	case "json":
		return a.printJSON(w)
	case "csv":
		return a.whyCSV(w, words)
	}
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintf(a.out, "%s  %s  as of %s\n", p.in(bold, printable(named(w.Advocate))), w.Advocate.ID, asOf(w.Receipt))
	for _, c := range w.Claims {
		indent := ""
		if c.Component != nil && c.Code != "share" && c.Code != "left_out" {
			indent = "    "
		}
		fmt.Fprintln(a.out, indent+printable(in(c.Words, words)))
		for _, m := range c.Posts {
			fmt.Fprintln(a.out, p.in(faint, indent+"    "+postLine(m)))
		}
	}
	if v := w.Versus.V; v != nil {
		fmt.Fprintln(a.out)
		for _, s := range v.Words {
			fmt.Fprintln(a.out, printable(in(s, words)))
		}
	}
	fmt.Fprintln(a.out, p.in(faint, fmt.Sprintf("\nformula %s, %s, data version %s", w.Receipt.Formula, w.Receipt.Blend, w.Receipt.DataVersion)))
	return nil
}

// postLine names a post: where it is, its id, its address and how it begins.
func postLine(m api.Mention) string {
	at := ""
	if m.CreatedAt != nil {
		at = m.CreatedAt.Format("2006-01-02 ")
	}
	line := at + m.Platform + "/" + m.ID
	if m.URL != nil {
		line += " " + *m.URL
	}
	return printable(line + "  " + strings.TrimRight(fit(strings.Join(strings.Fields(m.Text), " "), 60), " "))
}

func (a *app) whyCSV(w api.Why, words string) error {
	out := csv.NewWriter(a.out)
	if err := out.Write([]string{"brand", "person", "code", "component", "words", "posts"}); err != nil {
		return err
	}
	for _, c := range w.Claims {
		var posts []string
		for _, m := range c.Posts {
			posts = append(posts, m.Platform+"/"+m.ID)
		}
		if err := out.Write([]string{w.Brand, w.Advocate.ID, c.Code, text(c.Component), in(c.Words, words), strings.Join(posts, " ")}); err != nil {
			return err
		}
	}
	if v := w.Versus.V; v != nil {
		for _, s := range v.Words {
			if err := out.Write([]string{w.Brand, w.Advocate.ID, "versus", "", in(s, words), ""}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
