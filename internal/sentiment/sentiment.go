// Package sentiment tells how a text speaks of a brand, and says so when it
// cannot tell.
//
// A hashed linear model of words and letters in eight languages, trained by
// Train and embedded, gives calibrated probabilities; patterns for English and
// Spanish add what a text says of one brand beside another. docs/sentiment.md
// holds its data, figures and known failures.
package sentiment

import "adalid"

// Scorer gives the sentiment of a text. It may be used by several goroutines at
// once.
type Scorer interface {
	// Score gives how text speaks, or nil when that is unknown: the language is
	// not one the scorer knows, or there is nothing to judge. lang is the BCP 47
	// tag that came with the text, "" when none did.
	Score(text, lang string, about *Terms) *adalid.Sentiment
}
