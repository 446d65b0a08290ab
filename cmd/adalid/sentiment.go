package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/langtag"
	"adalid/internal/language"
	"adalid/internal/sentiment"
)

func (a *app) sentimentCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "sentiment", Short: "Judge texts, explain a judgement, measure and train the model"}
	cmd.AddCommand(a.sentimentLabel(), a.sentimentEval(), a.sentimentExplain(), a.sentimentTrain(), a.sentimentCorrect(), a.sentimentCorrections(), a.sentimentRescore(), a.sentimentAudit())
	return cmd
}

// judgeFlags say how texts are to be judged.
type judgeFlags struct {
	lang, terms, model string
}

func (f *judgeFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.lang, "lang", "", "language of the texts, such as es or Spanish (default: recognised for each text)")
	cmd.Flags().StringVar(&f.terms, "brand-terms", "", "names of the brand, separated by commas: judge how the texts speak of it")
	cmd.Flags().StringVar(&f.model, "model", "", "model file made by sentiment train (default: the one inside the program)")
}

func (f *judgeFlags) about() *sentiment.Terms {
	if strings.TrimSpace(f.terms) == "" {
		return nil
	}
	return sentiment.NewTerms(strings.Split(f.terms, ",")...)
}

// load reads the model, once the language is one.
func (f *judgeFlags) load() (*sentiment.Model, error) {
	var known bool
	if f.lang, known = langtag.Read(f.lang); !known && f.lang != "" {
		return nil, adalid.Errorf(adalid.Invalid, "--lang is %q, which is no language that is known here. The model judges %s; write one of these or its name, or leave --lang out to have it recognised for each text", f.lang, strings.Join(sentiment.Languages(), ", "))
	}
	if f.model == "" {
		return newModel()
	}
	data, err := os.ReadFile(f.model)
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "cannot read --model %s: %v", f.model, err)
	}
	return sentiment.Load(data, modelOptions())
}

// newModel is the model that imports use.
func newModel() (*sentiment.Model, error) { return sentiment.New(modelOptions()) }

func modelOptions() sentiment.Options {
	return sentiment.Options{Identify: func(text string) string {
		lang, _ := language.Identify("", text)
		return lang
	}}
}

func (a *app) sentimentLabel() *cobra.Command {
	var f judgeFlags
	var format string
	cmd := &cobra.Command{
		Use:   "label < LINES",
		Short: "Judge each line of standard input",
		Long: `Reads one text per line and writes one line for each.

--format tsv    label, p(negative), p(neutral), p(positive), language and text,
                separated by tabs
--format label  negative, neutral or positive

A text in a language the model does not know, or one without anything to judge,
has the label "unknown" and empty probabilities in tsv and json, and the word
neutral in --format label, which holds three words only.`,
		Example: `  adalid sentiment label --lang es < posts.txt
  adalid sentiment label --format label --brand-terms "acme,@acmecoffee" < posts.txt`,
		Args: args(cobra.NoArgs, "no arguments: the texts come from standard input"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.json {
				format = "json"
			}
			if format != "tsv" && format != "label" && format != "json" {
				return adalid.Errorf(adalid.Invalid, "--format is %q; it can be tsv, label or json", format)
			}
			m, err := f.load()
			if err != nil {
				return err
			}
			return a.labelLines(cmd.Context(), m, &f, format)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&format, "format", "tsv", "tsv, label or json (one object per line)")
	return cmd
}

// longestLine bounds a line of standard input, in bytes.
const longestLine = 16 << 20

func (a *app) labelLines(ctx context.Context, m *sentiment.Model, f *judgeFlags, format string) error {
	about := f.about()
	in := bufio.NewScanner(a.in)
	in.Buffer(nil, longestLine)
	out := bufio.NewWriterSize(a.out, 1<<16)
	for n := 1; in.Scan(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), out.Flush())
		}
		text := strings.TrimSuffix(in.Text(), "\r")
		if err := writeJudged(out, m.Judge(text, f.lang, about), text, format); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "standard input cannot be read: %v", err)
	}
	return out.Flush()
}

// judged is a text and how it speaks; without probabilities it is unknown.
type judged struct {
	Label    string   `json:"label"`
	Negative *float64 `json:"p_neg"`
	Neutral  *float64 `json:"p_neu"`
	Positive *float64 `json:"p_pos"`
	Lang     *string  `json:"lang"`
	Text     string   `json:"text"`
}

const unknownLabel = "unknown"

func asJudged(j sentiment.Judgement, text string) judged {
	out := judged{Label: unknownLabel, Text: text}
	if j.Known {
		out.Label = string(sentiment.Label(j.Sentiment))
		out.Negative, out.Neutral, out.Positive = &j.Negative, &j.Neutral, &j.Positive
	}
	if j.Lang != "" {
		out.Lang = &j.Lang
	}
	return out
}

func writeJudged(out *bufio.Writer, j sentiment.Judgement, text, format string) error {
	var err error
	switch {
	case format == "json":
		var line []byte
		if line, err = json.Marshal(asJudged(j, text)); err == nil {
			_, err = out.Write(append(line, '\n'))
		}
	case format == "label":
		_, err = out.WriteString(string(sentiment.Label(j.Sentiment)) + "\n") // of nothing: neutral
	case !j.Known:
		_, err = fmt.Fprintf(out, "%s\t\t\t\t%s\t%s\n", unknownLabel, j.Lang, text)
	default:
		_, err = fmt.Fprintf(out, "%s\t%.4f\t%.4f\t%.4f\t%s\t%s\n", sentiment.Label(j.Sentiment), j.Negative, j.Neutral, j.Positive, j.Lang, text)
	}
	return err
}
