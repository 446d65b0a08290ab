package main

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/language"
)

// languageCommand is for those who work on the identifier and is not listed.
func (a *app) languageCommand() *cobra.Command {
	group := &cobra.Command{
		Use:    "language",
		Short:  "Tell the language of short posts; train and measure how it is told",
		Hidden: true,
	}
	group.AddCommand(a.languageIdentify(), a.languageEval(), a.languageTrain())
	return group
}

func (a *app) languageIdentify() *cobra.Command {
	var tag string
	cmd := &cobra.Command{
		Use:     "identify < LINES",
		Short:   "Language of every line of standard input: language, confidence, text",
		Long:    "Prints language, confidence and text with tabs between them; the language is empty when it is unknown.",
		Example: `  printf 'me encanta\nich liebe es\n' | adalid language identify`,
		Args:    args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := bufio.NewWriter(a.out)
			for text, err := range lines(a.in) {
				if err != nil {
					return err
				}
				lang, confidence := language.Identify(tag, text)
				fmt.Fprintf(out, "%s\t%.3f\t%s\n", lang, confidence, text)
			}
			return out.Flush()
		},
	}
	cmd.Flags().StringVar(&tag, "tag", "", "BCP 47 tag the texts came with")
	return cmd
}

// codes are the languages as the files of labelled texts name them.
var codes = map[string]string{
	"arabic": "ar", "english": "en", "french": "fr", "german": "de", "hindi": "hi", "italian": "it",
	"portuguese": "pt", "spanish": "es",
}

// codeOf gives the language a file's name holds ("umsab_spanish_val.tsv"), or
// "".
func codeOf(path string) string {
	for part := range strings.FieldsFuncSeq(filepath.Base(path), func(r rune) bool { return r == '_' || r == '.' }) {
		if code := codes[part]; code != "" {
			return code
		}
	}
	return ""
}

// fared is how the texts of one file were told.
type fared struct {
	File     string         `json:"file"`
	Lang     string         `json:"lang"`
	Texts    int            `json:"texts"`
	Accuracy float64        `json:"accuracy"`
	Low      float64        `json:"low"`
	High     float64        `json:"high"`
	Told     map[string]int `json:"told"`
}

func (a *app) languageEval() *cobra.Command {
	return &cobra.Command{
		Use:   "eval FILE.tsv…",
		Short: "How many texts of files (label, tab, text) are told right; unknown is wrong",
		Long:  "The language is taken from the file's name: umsab_spanish_val.tsv. The interval is Wilson's, 95 %.",
		Args:  args(cobra.MinimumNArgs(1), "one FILE.tsv or more"),
		RunE: func(cmd *cobra.Command, files []string) error {
			var all []fared
			for _, path := range files {
				f := fared{File: filepath.Base(path), Lang: codeOf(path), Told: map[string]int{}}
				if f.Lang == "" {
					return adalid.Errorf(adalid.Invalid, "%s: the file's name says no language (such as umsab_spanish_val.tsv)", path)
				}
				for text, err := range labelledTexts(path) {
					if err != nil {
						return err
					}
					lang, _ := language.Identify("", text)
					f.Texts++
					f.Told[lang]++
				}
				f.Accuracy, f.Low, f.High = wilson(f.Told[f.Lang], f.Texts)
				all = append(all, f)
			}
			if a.json {
				return a.printJSON(all)
			}
			a.printFared(all)
			return nil
		},
	}
}

func (a *app) printFared(all []fared) {
	for _, f := range all {
		fmt.Fprintf(a.out, "%-2s  %5d texts  %5.1f %%  (%.1f to %.1f)  %s\n", f.Lang, f.Texts, 100*f.Accuracy, 100*f.Low, 100*f.High, mistaken(f))
	}
	mean := 0.
	for _, f := range all {
		mean += f.Accuracy
	}
	fmt.Fprintf(a.out, "mean of %d files: %.2f %%\n", len(all), 100*mean/float64(len(all)))
}

// mistaken lists what texts were taken for, the commonest first.
func mistaken(f fared) string {
	var langs []string
	for lang := range f.Told {
		if lang != f.Lang {
			langs = append(langs, lang)
		}
	}
	slices.SortFunc(langs, func(x, y string) int {
		if d := f.Told[y] - f.Told[x]; d != 0 {
			return d
		}
		return strings.Compare(x, y)
	})
	var parts []string
	for _, lang := range langs {
		name := lang
		if name == "" {
			name = "unknown"
		}
		parts = append(parts, fmt.Sprintf("%s %d", name, f.Told[lang]))
	}
	return strings.Join(parts, ", ")
}

// wilson gives a share with its 95 % interval: Wilson, "Probable Inference, the
// Law of Succession, and Statistical Inference" (1927).
func wilson(hits, n int) (share, low, high float64) {
	if n == 0 {
		return 0, 0, 1
	}
	const z = 1.959964
	p, m := float64(hits)/float64(n), float64(n)
	centre, spread := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return p, (centre - spread) / (1 + z*z/m), (centre + spread) / (1 + z*z/m)
}

func (a *app) languageTrain() *cobra.Command {
	var data, out string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "train --data DIR --out FILE",
		Short: "Make the model from umsab_*_train.tsv and semeval*english_train.tsv of a folder",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if data == "" || out == "" {
				return usageError{fmt.Errorf("say where the texts are and where the model goes; see: %s --help", cmd.CommandPath())}
			}
			samples, err := trainingTexts(data)
			if err != nil {
				return err
			}
			var model strings.Builder
			if err := language.Train(&model, slices.Values(samples), language.Options{Seed: seed}); err != nil {
				return err
			}
			if err := os.WriteFile(out, []byte(model.String()), 0o644); err != nil {
				return err
			}
			return a.report(map[string]any{"model": out, "texts": len(samples), "bytes": model.Len()},
				"%s: %d bytes from %s texts\n", out, model.Len(), group(int64(len(samples))))
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "folder of the labelled texts")
	cmd.Flags().StringVar(&out, "out", "", "file of the model")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of what is random")
	return cmd
}

// trainingTexts reads the files a model may be made from, in the order of their
// names.
func trainingTexts(dir string) (samples []language.Sample, err error) {
	for _, pattern := range []string{"semeval*_english_train.tsv", "umsab_*_train.tsv"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern)) // sorted
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, adalid.Errorf(adalid.Invalid, "no %s in %s", pattern, dir)
		}
		for _, path := range files {
			for text, err := range labelledTexts(path) {
				if err != nil {
					return nil, err
				}
				samples = append(samples, language.Sample{Lang: codeOf(path), Text: text})
			}
		}
	}
	return samples, nil
}

// labelledTexts reads the texts of a file of lines "label, tab, text".
func labelledTexts(path string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield("", adalid.Errorf(adalid.Invalid, "%v", err))
			return
		}
		defer f.Close()
		n := 0
		for line, err := range lines(f) {
			n++
			_, text, found := strings.Cut(line, "\t")
			if err == nil && !found {
				err = adalid.Errorf(adalid.Invalid, "%s: line %d: no tab between label and text", path, n)
			}
			if !yield(text, err) || err != nil {
				return
			}
		}
	}
}

// lines reads line by line, of any length.
func lines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		in := bufio.NewReader(r)
		for {
			line, err := in.ReadString('\n')
			if err == io.EOF && line == "" {
				return
			}
			if err != nil && err != io.EOF {
				yield("", err)
				return
			}
			if !yield(strings.TrimRight(line, "\r\n"), nil) {
				return
			}
		}
	}
}
