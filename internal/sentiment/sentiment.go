// Package sentiment tells how a text speaks of a brand, and says so when it
// cannot tell.
//
// This is the first version: the English lexicon and rules of VADER. It knows
// words, not meaning, and leaves every other language unknown. On 11,741 human
// labels of complaints to airlines it reaches a macro-F1 of 0.49 (0.42 as VADER
// comes, which takes @united for praise), calls 30 of 100 negative texts
// positive, and only 30 of 100 texts it calls positive are; on 8,935 labels of
// posts from a technology fair it reaches 0.46. A classifier trained in several
// languages takes its place behind the same interface.
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
