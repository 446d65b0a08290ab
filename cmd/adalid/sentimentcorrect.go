package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
	"adalid/web/api"
)

func (a *app) sentimentCorrect() *cobra.Command {
	var platform string
	var undo bool
	cmd := &cobra.Command{
		Use:   "correct BRAND [ID LABEL]",
		Short: "Say how mentions really speak of a brand; the model learns from it",
		Long: `Labels one mention as positive, neutral or negative, or many: without ID and
LABEL it reads lines of ID and LABEL from standard input. An ID is the one that
the platform gave the post; where several platforms have it, write platform/ID
or name the platform with --platform.

A label wins over the model in every count. Once cross-validation on the labels
shows that they help, the brand's other mentions are judged anew with what they
teach, and so is everything imported later. --undo takes labels back, and what
was learned from them goes too.`,
		Example: `  adalid sentiment correct Acme 1764312345678901248 negative
  adalid sentiment correct Acme --platform x < labels.txt
  adalid sentiment correct Acme --undo x/1764312345678901248`,
		Args: args(cobra.RangeArgs(1, 3), "a BRAND, and an ID with its LABEL or lines of them on standard input"),
		RunE: func(cmd *cobra.Command, given []string) error {
			words, err := a.readJudged(given[1:], undo, "LABEL")
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), given[0], func(s *store.Store, b adalid.Brand) error {
				return a.correct(cmd.Context(), s, b, adalid.Platform(strings.ToLower(platform)), words)
			})
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "platform of the mentions, where their ids do not say it")
	cmd.Flags().BoolVar(&undo, "undo", false, "take labels back; needs no LABEL")
	return cmd
}

// judgedWord is what somebody says of a mention; word "" takes it back.
type judgedWord struct{ id, word string }

// readJudged reads an ID and a word from the command line, else lines of them
// from standard input. With undo there are only IDs.
func (a *app) readJudged(given []string, undo bool, name string) ([]judgedWord, error) {
	split := func(fields []string) (judgedWord, bool) {
		n := len(fields)
		switch {
		case undo && n >= 1:
			return judgedWord{id: fields[0]}, n == 1
		case !undo && n >= 2:
			return judgedWord{strings.Join(fields[:n-1], " "), strings.ToLower(fields[n-1])}, true
		}
		return judgedWord{}, false
	}
	want := "an ID and a " + name
	if undo {
		want = "an ID"
	}
	if len(given) > 0 {
		one, ok := split(given)
		if !ok {
			return nil, adalid.Errorf(adalid.Invalid, "give %s, or lines of them on standard input", want)
		}
		return []judgedWord{one}, nil
	}
	var words []judgedWord
	in := bufio.NewScanner(a.in)
	in.Buffer(nil, longestLine)
	for n := 1; in.Scan(); n++ {
		fields := strings.Fields(in.Text())
		if len(fields) == 0 {
			continue
		}
		one, ok := split(fields)
		if !ok {
			return nil, adalid.Errorf(adalid.Invalid, "line %d of standard input is not %s: %q", n, want, in.Text())
		}
		words = append(words, one)
	}
	if err := in.Err(); err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "standard input cannot be read: %v", err)
	}
	if len(words) == 0 {
		return nil, adalid.Errorf(adalid.Invalid, "standard input is empty: give %s, or lines of them", want)
	}
	return words, nil
}

// locate gives the mentions that words are about; an id may also be the key that
// the API gives.
func locate(ctx context.Context, s *store.Store, brand string, platform adalid.Platform, words []judgedWord) ([]store.Key, error) {
	ids := make([]string, len(words))
	for i, w := range words {
		if ids[i] = w.id; platform == "" {
			ids[i] = api.MentionName(w.id)
		}
	}
	return s.Locate(ctx, brand, platform, ids)
}

// whoever is noted beside what the command line says of mentions.
func (a *app) whoever() string {
	if user := a.getenv("USER"); user != "" {
		return user
	}
	return "cli"
}

// corrected is what correct answers: what the API does for one label, of all that
// were given.
type corrected struct {
	Brand string `json:"brand"`
	Given int    `json:"given"`
	api.LabelEffect
}

func (a *app) correct(ctx context.Context, s *store.Store, b adalid.Brand, platform adalid.Platform, words []judgedWord) error {
	keys, err := locate(ctx, s, b.Name, platform, words)
	if err != nil {
		return err
	}
	labels := make([]store.LabelOf, len(words))
	for i, w := range words {
		labels[i] = store.LabelOf{Key: keys[i], Label: adalid.Label(w.word)}
	}
	return a.relabel(ctx, s, b, labels)
}

// relabel stores labels, learns anew, brings the mentions in line and reports.
func (a *app) relabel(ctx context.Context, s *store.Store, b adalid.Brand, labels []store.LabelOf) error {
	l, err := newLearner(s)
	if err != nil {
		return err
	}
	out := corrected{Brand: b.Name, Given: len(labels)}
	if out.Changed, err = s.SetLabels(ctx, b.Name, labels, a.whoever()); err != nil {
		return err
	}
	effect, err := l.refit(ctx, b.Name)
	if err != nil {
		return err
	}
	n, err := l.apply(ctx, b.Name)
	if err != nil {
		return err
	}
	out.Learned, out.Rescored, out.Turned = api.WireLearning(effect), n.Changed, n.Turned
	if a.json {
		return a.printJSON(out)
	}
	printCorrected(a.out, out)
	return nil
}

func printCorrected(w io.Writer, c corrected) {
	fmt.Fprintf(w, "%s given, %s changed.\n", counted(c.Given, "label"), group(c.Changed))
	printLearning(w, c.Learned)
	fmt.Fprintf(w, "%s judged anew, %s of another class now.\n", counted(int(c.Rescored), "mention"), group(c.Turned))
}

// printLearning says what labels teach and whether it is used.
func printLearning(w io.Writer, e api.Learning) {
	if e.Labels > 0 {
		fmt.Fprintf(w, "%s to learn from; the model alone agrees with %s of them.\n", counted(e.Labels, "label"), group(int64(e.Agreed)))
	}
	if e.Unknown > 0 {
		fmt.Fprintf(w, "%s cannot be learned from: the model does not know the language.\n", counted(e.Unknown, "label"))
	}
	if e.Accuracy != nil && e.MacroF1 != nil {
		fmt.Fprintf(w, "Cross-validated: macro-F1 %.3f before, %.3f after (gain %+.3f to %+.3f); accuracy %.3f before, %.3f after (gain %+.3f to %+.3f).\n",
			e.MacroF1.Before, e.MacroF1.After, e.MacroF1.Low, e.MacroF1.High,
			e.Accuracy.Before, e.Accuracy.After, e.Accuracy.Low, e.Accuracy.High)
	}
	state := "Not in use"
	if e.InUse {
		state = "In use"
	}
	fmt.Fprintf(w, "%s: %s.\n", state, e.Why)
}
