package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/scoring"
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
				if adalid.CodeOf(err) == adalid.NotFound {
					err = errors.Join(ownOf(ctx, s, b, names[1], f.versus), err)
				}
				if err != nil {
					return err
				}
				if err := a.noteFiltered(ctx, ranker, b, q.query, w.Advocate.ID); err != nil {
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

// ownOf is the error of names of which one is the brand's own account: nobody who
// is not in the window, but no candidate.
func ownOf(ctx context.Context, s *store.Store, b adalid.Brand, names ...string) error {
	for _, name := range names {
		id, err := s.FindPerson(ctx, b.Name, name)
		if err != nil {
			continue // that nobody is called so is told already
		}
		own := false
		err = s.Accounts(ctx, b.Name, func(x rank.Account) error {
			own = own || x.Own && x.Person == id
			return nil
		})
		if err != nil {
			return err
		}
		if own {
			return adalid.Errorf(adalid.NotFound, "%s is an account of the brand's own, which is no candidate and has no score; adalid brand own-account --remove takes the mark away", printable(name))
		}
	}
	return nil
}

// noteFiltered says on stderr that the filter expression leaves a person out, whose
// score does not depend on it.
func (a *app) noteFiltered(ctx context.Context, ranker ranker, b adalid.Brand, q rank.Query, id string) error {
	if q.Where == "" {
		return nil
	}
	q.All, q.Limit, q.MinMentions = true, 0, 0
	q.Include = rank.Include{Automated: true, Repeaters: true, Circle: true, Organisations: true, Unfit: true}
	r, err := ranker.Rank(ctx, b.Name, q)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(r.Entries, func(e rank.Entry) bool { return e.Person.ID == id }) {
		fmt.Fprintln(a.err, "The filter expression leaves this person out of the list; the score is the same with and without it.")
	}
	return nil
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

// phrase is a sentence of the ranking's in the language asked for.
func phrase(words, code string, values ...any) string {
	return rank.Reason{Code: code, Values: values}.Say(words)
}

// noteDemo says on stderr that people are invented.
func (a *app) noteDemo(demo bool, words string) {
	if demo {
		fmt.Fprintln(a.err, phrase(words, "demo"))
	}
}

func (a *app) printWhy(w api.Why, format, words string) error {
	a.noteDemo(w.Demo, words)
	switch format {
	case "json":
		return a.printJSON(w)
	case "csv":
		return a.whyCSV(w, words)
	}
	p := paint(a.terminal(a.out) && a.getenv("NO_COLOR") == "")
	fmt.Fprintf(a.out, "%s  %s  %s %s\n", p.in(bold, printable(named(w.Advocate))), w.Advocate.ID, phrase(words, "as_of"), asOf(w.Receipt))
	hidden := hiddenCodes(w)
	for _, c := range w.Claims {
		indent, last := "", ""
		if c.Component != nil && c.Code != "share" && c.Code != "left_out" {
			indent = "    "
		}
		if len(hidden) > 0 && c.Code == hidden[len(hidden)-1] {
			last = " (" + listing(hidden) + ")"
		}
		fmt.Fprintln(a.out, indent+printable(in(c.Words, words))+last)
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
	fmt.Fprintln(a.out, p.in(faint, "\n"+receiptLines(w, words)))
	return nil
}

// receiptLines say what a score rests on, and the score by hand.
func receiptLines(w api.Why, words string) string {
	text := phrase(words, "receipt", w.Receipt.Blend, w.Receipt.Formula, w.Receipt.DataVersion)
	sc := w.Advocate.Score.V
	if sc == nil {
		return text
	}
	s := scoring.Score{Total: sc.Total, Blend: scoring.Blend(w.Receipt.Blend)}
	for i, p := range sc.Parts {
		s.Parts[i] = scoring.Part{Name: p.Name, Value: p.Value, Weight: p.Weight}
	}
	return rank.SayFormula(s, words) + "\n" + text
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
