package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"adalid"
	"adalid/internal/rank"
	"adalid/internal/store"
	"adalid/web/api"
)

// hiddenCodes are the reasons why the default list leaves a person out.
func hiddenCodes(w api.Why) (codes []string) {
	for _, c := range w.Claims {
		if _, is := rank.HiddenBy(c.Code); is {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// listing gives the flags with which somebody is listed all the same.
func listing(hidden []string) string {
	var include []string
	for _, code := range hidden {
		word, _ := rank.HiddenBy(code)
		if word == "" {
			return "--all" // which also lists whom --include names
		}
		include = append(include, word)
	}
	return "--include " + strings.Join(include, ",")
}

// cleared is somebody whom the team has just cleared of one reason to be left out.
type cleared struct {
	brand          adalid.Brand
	person, called string // the id, and how whoever decided named them
}

// reportCleared reports a decision that brings somebody back into the default list,
// with what keeps them out all the same: one word does not overrule every reason.
func (a *app) reportCleared(ctx context.Context, s *store.Store, c cleared, result map[string]any, what string) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	ranker, err := a.rankerOf(ctx, cfg, s, c.brand.Name)
	if err != nil {
		return err
	}
	why, err := ranker.Hidden(ctx, c.brand.Name, c.person, rank.Query{})
	if err != nil && adalid.CodeOf(err) != adalid.NotFound { // without a mention they are in no list at all
		return err
	}
	words, text := []string{}, ""
	var steps []string
	for _, r := range why {
		word, _ := rank.HiddenBy(r.Code)
		words = append(words, cmp.Or(word, "critics"))
		text += "Still left" + strings.TrimPrefix(r.Say("en"), "Left") + "\n"
		if step := c.step(word); step != "" && !slices.Contains(steps, step) {
			steps = append(steps, step)
		}
	}
	if len(steps) > 0 {
		text += "To bring them back: " + strings.Join(steps, "; ") + "\n"
	}
	result["left_out"] = words
	return a.report(result, "%s %s.\n%s", printable(c.called), what, text)
}

// step is the command that takes a reason away, by the word that lists whom it
// leaves out; "" where no command does.
func (c cleared) step(include string) string {
	about := fmt.Sprintf("%q %q", c.brand.Name, printable(c.called))
	switch include {
	case "automated", "repeaters", "organisations":
		return "adalid authenticity mark " + about + " genuine"
	case "circle":
		return "adalid circle dismiss " + about
	case "not_a_fit":
		return "adalid status " + about + " candidate"
	}
	return ""
}
