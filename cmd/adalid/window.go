package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/langtag"
	"adalid/internal/sentiment"
	"adalid/internal/store"
)

// window are the flags that cut a brand's data by time, platform and language.
type window struct {
	since, until   string
	platform, lang string
}

func (w *window) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.since, "since", "", "from this time on: 2026-01-31 or 2026-01-31T15:04:05Z")
	cmd.Flags().StringVar(&w.until, "until", "", "up to and including this time; a date alone means its last second")
	cmd.Flags().StringVar(&w.platform, "platform", "", "only this platform, like x, mastodon, reddit")
	cmd.Flags().StringVar(&w.lang, "lang", "", "only this language, like es, en or Spanish")
}

func (w *window) times() (since, until time.Time, err error) {
	if since, err = parseTime("--since", w.since, 0); err != nil {
		return since, until, err
	}
	if until, err = parseTime("--until", w.until, 24*time.Hour-time.Second); err != nil {
		return since, until, err
	}
	if !since.IsZero() && !until.IsZero() && until.Before(since) {
		err = adalid.Errorf(adalid.Invalid, "--until %s lies before --since %s", w.until, w.since)
	}
	return since, until, err
}

// parseTime reads a date or a time; a date alone is moved by dayPart.
func parseTime(flag, text string, dayPart time.Duration) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.Add(dayPart), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, adalid.Errorf(adalid.Invalid, "%s is %q; write a date like 2026-01-31 or a time like 2026-01-31T15:04:05Z", flag, text)
}

func (w *window) span() (store.Span, error) {
	since, until, err := w.times()
	if err != nil {
		return store.Span{}, err
	}
	lang, err := languageFlag(w.lang)
	return store.Span{Since: since, Until: until, Platform: adalid.Platform(strings.ToLower(w.platform)), Lang: lang}, err
}

// languageFlag reads a --lang that says which mentions are wanted.
func languageFlag(written string) (string, error) {
	tag, known := langtag.Asked(written)
	if known {
		return tag, nil
	}
	return "", adalid.Errorf(adalid.Invalid, "--lang is %q, which is no language that is known here; write its code or its name, such as %s, ca, gl, eu, ja, nl, ru or zh", written, strings.Join(sentiment.Languages(), ", "))
}

// format picks the output format: --json wins over --format.
func (a *app) format(asked string, allowed ...string) (string, error) {
	if a.json {
		return "json", nil
	}
	if !slices.Contains(allowed, asked) {
		return "", adalid.Errorf(adalid.Invalid, "--format is %q; it can be %s", asked, strings.Join(allowed, ", "))
	}
	return asked, nil
}
