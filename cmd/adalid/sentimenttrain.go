package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/sentiment"
)

func (a *app) sentimentEval() *cobra.Command {
	var f judgeFlags
	resamples := 1000
	cmd := &cobra.Command{
		Use:   "eval FILE.tsv…",
		Short: "Measure the model on labelled texts",
		Long: `Judges the texts of files with lines of label, tab and text (labels 0, 1, 2 or
negative, neutral, positive) and compares. The language is that of --lang, else
the one in the file's name, such as umsab_spanish_val.tsv, else the one
recognised for each text. A text that cannot be judged counts as neutral.`,
		Example: `  adalid sentiment eval umsab_spanish_val.tsv umsab_french_val.tsv`,
		Args:    args(cobra.MinimumNArgs(1), "at least one FILE"),
		RunE: func(cmd *cobra.Command, paths []string) error {
			if resamples < 0 {
				return adalid.Errorf(adalid.Invalid, "--bootstrap is %d; it cannot be negative", resamples)
			}
			m, err := f.load()
			if err != nil {
				return err
			}
			return a.evaluate(cmd.Context(), m, &f, paths, resamples)
		},
	}
	f.add(cmd)
	cmd.Flags().IntVar(&resamples, "bootstrap", resamples, "samples behind the 95 % intervals, 0 for none")
	return cmd
}

// measured is what eval found of one file.
type measured struct {
	File string `json:"file"`
	Lang string `json:"lang"`
	sentiment.Figures

	// They hide those of the figures, which are 0 without samples; null says so.
	LowF1      *float64 `json:"macro_f1_low"`
	HighF1     *float64 `json:"macro_f1_high"`
	LowRecall  *float64 `json:"macro_recall_low"`
	HighRecall *float64 `json:"macro_recall_high"`

	Rate float64 `json:"texts_per_second"`
}

func (a *app) evaluate(ctx context.Context, m *sentiment.Model, f *judgeFlags, paths []string, resamples int) error {
	var all []measured
	for _, path := range paths {
		one, err := a.evaluateFile(ctx, m, f, path, resamples)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	sum := 0.
	for _, one := range all {
		sum += one.MacroF1 / float64(len(all))
	}
	if a.json {
		return a.printJSON(struct {
			Files []measured `json:"files"`
			Mean  float64    `json:"mean_macro_f1"`
			Model string     `json:"model"`
		}{all, sum, m.Version()})
	}
	for i, one := range all {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		a.printMeasured(one, len(all) > 1)
	}
	if len(all) > 1 {
		fmt.Fprintf(a.out, "\nmean_macro_f1 %.4f\n", sum)
	}
	return nil
}

func (a *app) evaluateFile(ctx context.Context, m *sentiment.Model, f *judgeFlags, path string, resamples int) (out measured, err error) {
	in, err := os.Open(path)
	if err != nil {
		return out, adalid.Wrapf(adalid.Invalid, err, "cannot read %s: %v", path, err)
	}
	defer in.Close()
	out.File, out.Lang = filepath.Base(path), f.lang
	if out.Lang == "" {
		out.Lang = sentiment.LangOfFile(path)
	}
	rows, err := sentiment.ReadRows(in, out.Lang)
	if adalid.CodeOf(err) != "" { // the terminal shows the messages of coded errors alone
		return out, adalid.Wrapf(adalid.Invalid, err, "%s", path)
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 {
		return out, adalid.Errorf(adalid.Invalid, "%s holds no labelled text", path)
	}
	var measure sentiment.Measure
	about, judged := f.about(), make([]sentiment.Judgement, len(rows))
	start := time.Now()
	for i, row := range rows {
		if i%1024 == 0 && ctx.Err() != nil {
			return out, context.Cause(ctx)
		}
		judged[i] = m.Judge(row.Text, row.Lang, about)
	}
	out.Rate = float64(len(rows)) / max(time.Since(start).Seconds(), 1e-9)
	for i, row := range rows {
		var s *adalid.Sentiment
		if judged[i].Known {
			s = &judged[i].Sentiment
		}
		measure.Add(row.Label, s)
	}
	out.Figures = measure.Figures(resamples)
	if f := &out.Figures; resamples > 0 {
		out.LowF1, out.HighF1, out.LowRecall, out.HighRecall = &f.F1Low, &f.F1High, &f.RecallLow, &f.RecallHigh
	}
	return out, nil
}

func (a *app) printMeasured(m measured, named bool) {
	if named {
		fmt.Fprintf(a.out, "file %s\n", printable(m.File))
	}
	fmt.Fprintf(a.out, "macro_f1 %.4f\nmacro_recall %.4f\naccuracy %.4f\n", m.MacroF1, m.MacroRecall, m.Accuracy)
	if m.F1High > 0 {
		fmt.Fprintf(a.out, "macro_f1_95 %.4f %.4f\nmacro_recall_95 %.4f %.4f\n", m.F1Low, m.F1High, m.RecallLow, m.RecallHigh)
	}
	fmt.Fprintf(a.out, "texts %d\nunknown %d\n", m.Texts, m.Unknown)
	for _, c := range m.Classes {
		fmt.Fprintf(a.out, "%s precision %.4f recall %.4f f1 %.4f texts %d\n", c.Label, c.Precision, c.Recall, c.F1, c.Texts)
	}
	fmt.Fprintln(a.out, "confusion (rows: label, columns: answer) negative neutral positive")
	for i, row := range m.Confusion {
		fmt.Fprintf(a.out, "%-8s %6d %6d %6d\n", m.Classes[i].Label, row[0], row[1], row[2])
	}
	fmt.Fprintf(a.out, "expected_calibration_error %.4f\ntexts_per_second %.0f\n", m.Calibration, m.Rate)
}

func (a *app) sentimentTrain() *cobra.Command {
	var dir, out string
	seed := uint64(1)
	cmd := &cobra.Command{
		Use:   "train --data DIR --out FILE",
		Short: "Learn the model anew from labelled texts",
		Long: `Learns from the files umsab_LANGUAGE_train.tsv and
semeval2013_2016_english_train.tsv in DIR, and from no others, and writes a model
that --model reads. Texts that also stand in a umsab_LANGUAGE_val.tsv there are
left out. Prints the figures of five-fold cross-validation. The same files and
seed give the same bytes; Ctrl-C leaves FILE as it was.`,
		Example: `  adalid sentiment train --data research/sentiment --out model.bin`,
		Args:    args(cobra.NoArgs, "no arguments, but --data and --out"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" || out == "" {
				return adalid.Errorf(adalid.Invalid, "give the folder of the labelled texts with --data and the file to write with --out")
			}
			return a.train(cmd.Context(), sentiment.TrainOptions{Dir: dir, Seed: seed}, out)
		},
	}
	cmd.Flags().StringVar(&dir, "data", "", "folder with the labelled texts")
	cmd.Flags().StringVar(&out, "out", "", "model file to write")
	cmd.Flags().Uint64Var(&seed, "seed", seed, "what chance starts from")
	return cmd
}

// trained is the --json answer of train.
type trained struct {
	Out     string                       `json:"out"`
	Bytes   int                          `json:"bytes"`
	Version string                       `json:"version"`
	Files   []sentiment.TrainingFile     `json:"files"`
	Held    map[string]sentiment.Figures `json:"cross_validation"`
	Seconds float64                      `json:"seconds"`
}

func (a *app) train(ctx context.Context, o sentiment.TrainOptions, out string) error {
	started := a.now()
	o.Progress = func(what string, done, total int) {
		fmt.Fprintf(a.err, "run %d of %d: learnt from %s, %.0f s\n", done, total, what, a.now().Sub(started).Seconds())
	}
	t, err := sentiment.Train(ctx, o)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return adalid.Wrapf(adalid.Unavailable, err, "stopped; %s was not written", out)
		}
		return err
	}
	m, err := sentiment.Load(t.Model, modelOptions())
	if err != nil {
		return err
	}
	err = whole(out, 0o644, func(f *os.File) error {
		_, err := f.Write(t.Model)
		return err
	})
	if err != nil {
		return err
	}
	summary := trained{out, len(t.Model), m.Version(), t.Files, map[string]sentiment.Figures{}, a.now().Sub(started).Seconds()}
	for name, measure := range t.Held {
		summary.Held[name] = measure.Figures(1000)
	}
	if a.json {
		return a.printJSON(summary)
	}
	a.printTrained(summary)
	return nil
}

func (a *app) printTrained(t trained) {
	fmt.Fprintln(a.out, "five-fold cross-validation: macro-F1 with its 95 % interval, macro-recall, calibration error")
	var eight, seven float64
	for _, name := range slices.Sorted(maps.Keys(t.Held)) {
		f := t.Held[name]
		fmt.Fprintf(a.out, "%-8s %.4f [%.4f %.4f]  %.4f  %.4f  %d texts\n", name, f.MacroF1, f.F1Low, f.F1High, f.MacroRecall, f.Calibration, f.Texts)
		if len(name) == 2 {
			eight += f.MacroF1 / 8
			if name != "hi" {
				seven += f.MacroF1 / 7
			}
		}
	}
	if len(t.Held) == 9 {
		fmt.Fprintf(a.out, "mean     %.4f, without hi %.4f\n", eight, seven)
	}
	fmt.Fprintf(a.err, "%s: %s bytes, version %s, %.0f s\n", t.Out, group(int64(t.Bytes)), t.Version, t.Seconds)
}
