package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/authenticity"
)

// authenticityColumns are a stable contract; new ones go to the end.
var authenticityColumns = []string{"id", "authenticity", "reasons", "organisation", "organisation_reasons"}

// authenticityFlags say how profiles are to be judged and shown.
type authenticityFlags struct {
	format, lang, asOf string
}

func (a *app) authenticityCommand() *cobra.Command {
	var f authenticityFlags
	cmd := &cobra.Command{
		Use:   "authenticity < PROFILES",
		Short: "How likely accounts are genuine, with reasons",
		Long: `Reads one JSON object with a profile per line from standard input and writes
one row for each, in the same order:

  id                    as it came
  authenticity          chance that the account is neither automated nor
                        otherwise inauthentic, from 0 to 1 = genuine
  reasons               the rules that hold, each with what it adds to the
                        log-odds of being inauthentic
  organisation          chance that it speaks for an organisation, from 0 to 1
  organisation_reasons  the rules that hold, alike

Read are id (needed), handle, name, description, url, location, created_at,
as_of (when the profile was read), followers, following, listed, verified,
default_image, bot (the platform's own mark) and platform. What is null or
missing is unknown and counts nothing. How much an account posts or likes is not
read. A line that cannot be read is named on standard error and left out.

It is a suspicion with reasons, not a verdict: see docs/authenticity.md.`,
		Example: `  adalid authenticity --format csv < profiles.jsonl
  adalid authenticity --lang es < profiles.jsonl`,
		Args: args(cobra.NoArgs, "no arguments: the profiles come from standard input"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.authenticity(cmd.Context(), f)
		},
	}
	cmd.AddCommand(a.authenticityMark())
	cmd.Flags().StringVar(&f.format, "format", "table", "table, csv or json")
	cmd.Flags().StringVar(&f.lang, "lang", "en", "language of the reasons: en or es")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "when profiles without as_of were read (default: now)")
	return cmd
}

func (a *app) authenticity(ctx context.Context, f authenticityFlags) error {
	format, err := a.format(f.format, "table", "csv", "json")
	if err != nil {
		return err
	}
	if f.lang != "en" && f.lang != "es" {
		return adalid.Errorf(adalid.Invalid, "--lang is %q; it can be en or es", f.lang)
	}
	asOf, err := parseTime("--as-of", f.asOf, 0)
	if err != nil {
		return err
	}
	if asOf.IsZero() {
		asOf = a.now()
	}
	j := profileJudge{rows: newRows(a.out, format, authenticityColumns), lang: f.lang, said: format != "json", asOf: asOf, errs: a.err}
	// Rows that are done are written in any case, and JSON stays JSON.
	return errors.Join(j.all(ctx, a.in), j.rows.close())
}

// profileJudge writes one row for each profile.
type profileJudge struct {
	rows       rowWriter
	lang       string
	said       bool // reasons as one text instead of a list
	asOf       time.Time
	errs       io.Writer
	good, poor int // lines that could be read and that could not
}

func (j *profileJudge) all(ctx context.Context, in io.Reader) error {
	n := 0
	for l := range linesUntil(ctx, in) {
		n++
		switch {
		case errors.Is(l.err, bufio.ErrTooLong):
			return adalid.Errorf(adalid.Invalid, "line %d is longer than %d MB; nothing after it was read", n, longestLine>>20)
		case l.err != nil:
			return adalid.Wrapf(adalid.Invalid, l.err, "standard input cannot be read: %v", l.err)
		}
		if err := j.line(n, l.text); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return adalid.Wrapf(adalid.Unavailable, context.Cause(ctx), "stopped after %d profiles, which are written", j.good)
	}
	if j.poor > 0 {
		fmt.Fprintf(j.errs, "%d of %d lines could not be read and are left out\n", j.poor, j.poor+j.good)
	}
	if j.good == 0 {
		return adalid.Errorf(adalid.Invalid, "there is no profile on standard input; see: adalid authenticity --help")
	}
	return nil
}

// linesNamed is how many lines that cannot be read are named one by one.
const linesNamed = 20

func (j *profileJudge) line(n int, text string) error {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if text == "" {
		return nil
	}
	row, err := authenticity.ParseRow([]byte(text))
	if err != nil {
		if j.poor++; j.poor <= linesNamed {
			fmt.Fprintf(j.errs, "line %d: %v\n", n, err)
		}
		return nil
	}
	j.good++
	asOf := row.AsOf
	if asOf.IsZero() {
		asOf = j.asOf
	}
	judged := authenticity.Assess(row.Profile, authenticity.Behaviour{}, asOf)
	nature := authenticity.NatureOf(row.Profile, authenticity.Behaviour{})
	return j.rows.write([]cellValue{
		row.ID, 1 - judged.Probability, j.reasons(judged.Reasons), nature.Probability, j.reasons(nature.Reasons),
	})
}

// spoken is a reason with its sentence.
type spoken struct {
	authenticity.Reason
	Text string `json:"text"`
}

// reasons gives a list for JSON and sentences for people:
// "nobody follows it after 400 days (+1.75); its profile links to a page (-1.00)".
func (j *profileJudge) reasons(list []authenticity.Reason) cellValue {
	if j.said {
		parts := make(sentences, len(list))
		for i, r := range list {
			parts[i] = fmt.Sprintf("%s (%+.2f)", r.Say(j.lang), r.Weight)
		}
		return parts
	}
	out := make([]spoken, len(list))
	for i, r := range list {
		out[i] = spoken{r, r.Say(j.lang)}
	}
	return out
}

// inputLine is a line of standard input, or why there are no more.
type inputLine struct {
	text string
	err  error
}

// linesUntil gives the lines of a stream until the context ends, also while it
// waits for one: whoever types at a terminal can stop it. The read that waits
// ends with the stream or the process.
func linesUntil(ctx context.Context, in io.Reader) iter.Seq[inputLine] {
	return func(yield func(inputLine) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		read := make(chan inputLine, 256)
		go sendLines(ctx, in, read)
		for ctx.Err() == nil {
			select {
			case l, more := <-read:
				if !more || !yield(l) {
					return
				}
			case <-ctx.Done():
			}
		}
	}
}

// sendLines sends lines, and at the end what went wrong, and closes the channel.
func sendLines(ctx context.Context, in io.Reader, read chan<- inputLine) {
	defer close(read)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	for {
		more := lines.Scan()
		l := inputLine{lines.Text(), lines.Err()}
		if !more && l.err == nil {
			return
		}
		select {
		case read <- l:
		case <-ctx.Done():
			return
		}
		if !more {
			return
		}
	}
}
