package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/audit"
	"adalid/internal/store"
	"adalid/web/api"
)

// draw samples the mentions of a brand that count and were written by others:
// no reposts, nothing of its own accounts.
func (l *learner) draw(ctx context.Context, brand string, n int, seed uint64) (audit.Sample, []api.AuditItem, error) {
	var all []audit.Item
	err := l.store.Walk(ctx, brand, func(m *store.Judged) error {
		if m.LeftOut || m.Repost || m.OwnAccount || strings.TrimSpace(m.Text) == "" {
			return nil
		}
		it := audit.Item{Key: string(m.Platform) + "/" + m.ID, Class: m.Tone, Lang: m.Lang}
		if m.Sentiment != nil {
			if it.Confidence = math.Abs(*m.Sentiment); m.Tone == adalid.Neutral {
				it.Confidence = 1 - it.Confidence
			}
		}
		all = append(all, it)
		return nil
	})
	if err != nil {
		return audit.Sample{}, nil, err
	}
	s := audit.Draw(all, n, seed)
	at := map[string]int{}
	for i, d := range s.Drawn {
		at[d.Key] = i
	}
	items := make([]api.AuditItem, len(s.Drawn))
	err = l.store.Walk(ctx, brand, func(m *store.Judged) error {
		if i, drawn := at[string(m.Platform)+"/"+m.ID]; drawn {
			items[i] = shownItem(m)
		}
		return nil
	})
	return s, items, err
}

func (a *app) sentimentAudit() *cobra.Command {
	var n int
	var seed uint64
	var sampleFile, answersFile string
	cmd := &cobra.Command{
		Use:   "audit BRAND",
		Short: "Judge a small sample yourself: how far can the brand's figures be trusted?",
		Long: `Shows a sample of the brand's mentions one after the other; answer each with
n (negative), u (neutral), p (positive), x (not about the brand), s (skip) or
q (that is enough). Then it says how often the model is right, what part of the
mentions is really positive and what part of them is about the brand, each with
a 95 % interval. Answers change nothing that is stored.

Without a terminal: --sample FILE writes the sample as lines of JSON, --answers
FILE reads lines of {"key": …, "answer": "p"} to a sample of the same --n and
--seed. "-" is standard output or input.`,
		Example: `  adalid sentiment audit Acme --n 60
  adalid sentiment audit Acme --sample sample.jsonl
  adalid sentiment audit Acme --answers answers.jsonl --json`,
		Args: args(cobra.ExactArgs(1), "a BRAND"), ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, given []string) error {
			if n < 1 || n > 10000 {
				return adalid.Errorf(adalid.Invalid, "--n is %d; a sample has 1 to 10000 mentions", n)
			}
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				l, err := newLearner(s)
				if err != nil {
					return err
				}
				sample, items, err := l.draw(cmd.Context(), b.Name, n, seed)
				if err != nil {
					return err
				}
				if len(items) == 0 {
					return adalid.Errorf(adalid.NotFound, "brand %q has no mentions to judge", b.Name)
				}
				if sampleFile != "" {
					return a.writeSample(sampleFile, items)
				}
				answers, err := a.auditAnswers(answersFile, items)
				if err != nil {
					return err
				}
				report, err := audit.Assess(sample, answers)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(report)
				}
				a.printAudit(report)
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&n, "n", audit.DefaultSize, "mentions to judge")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "another seed draws another sample")
	cmd.Flags().StringVar(&sampleFile, "sample", "", "write the sample to this file instead of asking")
	cmd.Flags().StringVar(&answersFile, "answers", "", "read the answers from this file instead of asking")
	cmd.MarkFlagsMutuallyExclusive("sample", "answers")
	return cmd
}

func (a *app) writeSample(path string, items []api.AuditItem) (err error) {
	out := a.out
	if path != "-" {
		f, err := os.Create(path)
		if err != nil {
			return adalid.Wrapf(adalid.Invalid, err, "cannot write --sample %s: %v", path, err)
		}
		defer func() {
			if e := f.Close(); err == nil {
				err = e
			}
		}()
		out = f
	}
	w := json.NewEncoder(out)
	w.SetEscapeHTML(false)
	for _, m := range items {
		if err := w.Encode(askedMention{string(m.Platform) + "/" + m.ID, m.URL, m.Author, m.Lang, m.Text}); err != nil {
			return fmt.Errorf("write sample: %w", err)
		}
	}
	return nil
}

// auditAnswers reads answers from a file, or asks for them on a terminal.
func (a *app) auditAnswers(path string, items []api.AuditItem) ([]audit.Answer, error) {
	switch {
	case path == "" && !a.terminal(a.out):
		return nil, adalid.Errorf(adalid.Invalid, "there is no terminal to ask on: write the sample with --sample FILE and give the answers with --answers FILE")
	case path == "":
		return a.ask(items)
	case path == "-":
		return readAnswers(a.in, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "cannot read --answers %s: %v", path, err)
	}
	defer f.Close()
	return readAnswers(f, path)
}

// auditAnswer understands n, u, p, x and the words they stand for; known is
// false for anything else, and given for a skipped one.
func auditAnswer(word string) (answer audit.Answer, given, known bool) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "n", "negative":
		return audit.Answer{Label: adalid.Negative, Ours: true}, true, true
	case "u", "neutral":
		return audit.Answer{Label: adalid.Neutral, Ours: true}, true, true
	case "p", "positive":
		return audit.Answer{Label: adalid.Positive, Ours: true}, true, true
	case "x", "not ours":
		return audit.Answer{}, true, true
	case "s", "skip":
		return audit.Answer{}, false, true
	}
	return audit.Answer{}, false, false
}

func readAnswers(r io.Reader, name string) (out []audit.Answer, err error) {
	n := 0
	for line, err := range lines(r) {
		if err != nil {
			return nil, err
		}
		if n++; strings.TrimSpace(line) == "" {
			continue
		}
		var row struct{ Key, Answer string }
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			return nil, adalid.Wrapf(adalid.Invalid, err, "%s: line %d is no JSON with key and answer: %v", name, n, err)
		}
		answer, given, known := auditAnswer(row.Answer)
		if !known || row.Key == "" {
			return nil, adalid.Errorf(adalid.Invalid, "%s: line %d: an answer has a key and is n, u, p, x or s, not %q", name, n, row.Answer)
		}
		if answer.Key = api.MentionName(row.Key); given {
			out = append(out, answer)
		}
	}
	return out, nil
}

// ask shows one text after the other.
func (a *app) ask(items []api.AuditItem) (out []audit.Answer, err error) {
	p := paint(a.getenv("NO_COLOR") == "")
	in := bufio.NewScanner(a.in)
	in.Buffer(nil, longestLine)
	fmt.Fprintln(a.out, "n negative · u neutral · p positive · x not about the brand · s skip · q enough")
	for i, m := range items {
		fmt.Fprintf(a.out, "\n%s\n%s\n", p.in(faint, fmt.Sprintf("%d of %d  %s  @%s  %s", i+1, len(items), m.Platform, printable(m.Author), m.Lang)), printable(m.Text))
		for {
			fmt.Fprint(a.out, "> ")
			if !in.Scan() || strings.TrimSpace(in.Text()) == "q" {
				return out, in.Err()
			}
			if answer, given, known := auditAnswer(in.Text()); known {
				if answer.Key = string(m.Platform) + "/" + m.ID; given {
					out = append(out, answer)
				}
				break
			}
			fmt.Fprintln(a.out, "n, u, p, x, s or q")
		}
	}
	return out, nil
}

func (a *app) printAudit(r audit.Report) {
	fmt.Fprintf(a.out, "%d of %d answered, drawn from %s mentions; intervals are 95 %%.\n\n", r.Answered, r.Sampled, group(int64(r.Total)))
	fmt.Fprintf(a.out, "about the brand   %s\n", r.Precision)
	fmt.Fprintf(a.out, "model is right    %s\n", r.Accuracy)
	fmt.Fprintf(a.out, "model gives class %.1f %%\n\n", 100*r.Scored)
	for _, s := range r.Shares {
		fmt.Fprintf(a.out, "%-9s counted %5.1f %%, really %s", s.Class, 100*s.Counted, s.True)
		if s.Count != nil {
			fmt.Fprintf(a.out, ": about %s mentions (%s to %s)", group(int64(s.Count.Value+0.5)), group(int64(s.Count.Low)), group(int64(s.Count.High+0.5)))
		}
		fmt.Fprintln(a.out)
	}
	fmt.Fprintln(a.out, "\nmodel \\ you   negative  neutral positive")
	for i := 0; i+2 < len(r.Confusion); i += 3 {
		fmt.Fprintf(a.out, "%-12s %9d %8d %8d\n", r.Confusion[i].Model, r.Confusion[i].Count, r.Confusion[i+1].Count, r.Confusion[i+2].Count)
	}
}
